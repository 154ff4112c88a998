//! Parameters that are functions: in companions they are `DiffFn`s.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::Expr;

use super::attributes::is_attribute;
use super::companions::Context;
use super::shape;
use super::signature::{Mention, mentioned};
use crate::ir::{FloatTy, Kind, Region, Ty};
use crate::lower::{MOST_PASSED as MOST, Signature};
use crate::options::Options;

/// The signature as the companions have it: what is called with something active has a derivative.
pub(crate) fn with_functions(
    signature: &Signature,
    body: &Region,
    options: &Options,
) -> Option<Signature> {
    let mut called = Vec::new();
    collect(body, &mut called);
    if called.is_empty() {
        return None;
    }
    let facade = super::Facade::of(options).path(Span::mixed_site());
    Some(signature.with_passed(&called, &|function| {
        let (inputs, output) = (&function.inputs, &function.output);
        let syn::ReturnType::Type(_, output) = output else {
            return syn::parse_quote_spanned!(Span::mixed_site()=> #facade::DiffFn<()>);
        };
        let inputs = inputs.iter().map(|input| &input.ty);
        syn::parse_quote_spanned!(Span::mixed_site()=>
            #facade::DiffFn<(#(#inputs,)*), Output = #output>)
    }))
}

/// The parameters that are called with something active.
fn collect(region: &Region, called: &mut Vec<Ident>) {
    for inst in &region.insts {
        if let Kind::Call(call) = &inst.kind
            && let Some(name) = passed(&call.callee)
            && !called.contains(name)
        {
            called.push(name.clone());
        }
        inst.kind.regions().iter().for_each(|region| collect(region, called));
    }
}

/// The parameter that is called: it stands behind a `&`, so that no function is meant by its name.
pub(crate) fn passed(callee: &Expr) -> Option<&Ident> {
    let Expr::Reference(of) = callee else { return None };
    let Expr::Path(path) = &*of.expr else { return None };
    path.path.get_ident()
}

/// The name that the function itself has, beside the closure that the user's tokens call.
fn itself(name: &Ident) -> Ident {
    format_ident!("{}_fn", crate::lower::plain_name(name), span = Span::mixed_site())
}

/// `DiffFn::__fn_split(f_fn, (x,))`: the methods are not named as the companions of functions are, as
/// errors about these would speak of them.
pub(super) fn call(
    name: &Ident,
    method: &str,
    payload: &[TokenStream],
    private: &TokenStream,
) -> TokenStream {
    let (site, itself) = (Span::mixed_site(), itself(name));
    let method = Ident::new(&method.replacen("__", "__fn_", 1), site);
    quote_spanned!(site=> #private::DiffFn::#method(#itself, #(#payload),*))
}

impl Context<'_> {
    /// The body of a companion, after what its functions are called by.
    pub(super) fn with_passed(&self, body: TokenStream) -> TokenStream {
        let (site, private) = (Span::mixed_site(), self.facade.private());
        let mut before = TokenStream::new();
        for (name, arity) in self.functions() {
            let itself = itself(name);
            let is_read = |ident: &Ident| mentioned(&body, ident) != Mention::None;
            let (by_itself, by_name) = (is_read(&itself), is_read(name));
            if by_itself || by_name {
                before.extend(quote_spanned!(site=> let #itself = &#name;));
            }
            if by_name {
                let arguments = (0..arity).map(|n| format_ident!("a{n}", span = site));
                let arguments: Vec<Ident> = arguments.collect();
                before.extend(quote_spanned!(site=>
                    let #name = |#(#arguments),*| #private::DiffFn::call(#itself, (#(#arguments,)*));
                ));
            }
        }
        if before.is_empty() {
            return body;
        }
        before.extend(body);
        before
    }

    /// A function of floats is a `DiffFn`, by the type that has its companions.
    pub(super) fn as_function(&self, own: &Ident, cfgs: &TokenStream) -> TokenStream {
        let Some((floats, given)) = self.floats() else { return TokenStream::new() };
        let (site, private) = (Span::mixed_site(), self.facade.private());
        let generics = &self.signature.item.generics;
        let (start, arguments, clause) = generics.split_for_impl();
        let names: Vec<&Ident> = generics.type_params().map(|param| &param.ident).collect();
        let callee = (!names.is_empty()).then(|| arguments.as_turbofish());
        let primal = self.located("", &self.signature.item.ident);
        let all = quote_spanned!(site=> (#(#floats,)*));
        let each = (0..floats.len()).map(|n| format_ident!("a{n}", span = site));
        let each: Vec<Ident> = each.collect();
        let allowed = self.is_deprecated().then(|| quote_spanned!(site=> #[allow(deprecated)]));
        quote_spanned!(site=>
            #cfgs
            #allowed
            impl #start #private::DiffFn<#all> for #own #clause {
                type Output = #given;

                #[inline]
                fn call(&self, (#(#each,)*): #all) -> #given {
                    #primal(#(#each),*)
                }

                #[inline]
                fn __fn_split(&self, args: #all) -> (
                    #given,
                    impl for<'a> ::core::ops::FnOnce(
                        #all, #given, <#all as #private::Floats>::Slots<'a>,
                    ) -> #all + use<#(#names),*>,
                ) {
                    Self::__split(#primal #callee, args)
                }

                #[inline]
                fn __fn_jvp(
                    &self,
                    args: #all,
                    dots: <#all as #private::Floats>::Tangents,
                ) -> (#given, #given) {
                    Self::__jvp(#primal #callee, args, dots)
                }
            }
        )
    }

    /// The floats that the function takes and gives, if that is all it does and each is
    /// differentiated.
    fn floats(&self) -> Option<(Vec<TokenStream>, TokenStream)> {
        let signature = self.signature;
        let Some(Ty::Float(given)) = &signature.result else { return None };
        let floats = signature.params.iter().map(|param| match &param.ty {
            Ty::Float(float) if param.active && param.wanted => Some(shape::float_name(float)),
            _ => None,
        });
        let floats: Vec<TokenStream> = floats.collect::<Option<_>>()?;
        let is_named = |param: &syn::GenericParam| match param {
            syn::GenericParam::Type(of) => signature.params.iter().any(
                |param| matches!(&param.ty, Ty::Float(FloatTy::Param(name)) if *name == of.ident),
            ),
            syn::GenericParam::Lifetime(_) | syn::GenericParam::Const(_) => false,
        };
        let is_known = signature.item.generics.params.iter().all(is_named);
        let is_whole = self.rule.is_none_or(|rule| rule.has_pullback() && rule.has_pushforward());
        // What needs features of the processor is not called from everywhere.
        let features = |copied| is_attribute(copied, "target_feature");
        let is_plain = !self.attributes.iter().any(features);
        let fits = floats.len() <= MOST && is_plain && is_known && is_whole && !self.is_nested;
        fits.then(|| (floats, shape::float_name(given)))
    }

    fn functions(&self) -> impl Iterator<Item = (&Ident, usize)> {
        let params = self.signature.params.iter();
        params.filter_map(|param| Some((param.ident()?, param.arity?)))
    }
}
