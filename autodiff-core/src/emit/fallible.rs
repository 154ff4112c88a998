//! Functions that may fail: the companions of `f -> Result<T, E>` return `Result<…, E>`, those of
//! `f -> Option<T>` return `Option<…>`. On failure there is no reverse sweep.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::{GenericArgument, PathArguments, ReturnType, Type};

use super::body::{Derivative, Gives};
use super::companions::Context;
use super::printer::Printer;
use crate::ir::{Len, Output, Ty};
use crate::lower::Signature;
use crate::lower::signature::Param;

/// How a function says that it failed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fallible {
    Option,
    Result,
}

impl Signature {
    /// Whether the function returns an `Option` or a `Result` of something differentiable.
    pub(crate) fn fallible(&self) -> Option<Fallible> {
        let (Some(Ty::Option(_)), ReturnType::Type(_, ty)) = (&self.result, &self.item.output)
        else {
            return None;
        };
        let Type::Path(path) = &**ty else { return None };
        let is_option = path.path.segments.last().is_some_and(|last| last.ident == "Option");
        Some(if is_option { Fallible::Option } else { Fallible::Result })
    }
}

/// The type of what a function returns where it does not fail.
pub(crate) fn payload_type(signature: &Signature) -> TokenStream {
    let ReturnType::Type(_, ty) = &signature.item.output else {
        return super::signature::result_type(signature);
    };
    let payload = signature.fallible().and_then(|_| first_argument(&mut (**ty).clone(), None));
    payload.unwrap_or_else(|| ty.to_token_stream())
}

/// The type of a companion's result, where it returns `payload` for the function's own.
pub(crate) fn returning(signature: &Signature, payload: TokenStream) -> TokenStream {
    let (ReturnType::Type(_, ty), Some(_)) = (&signature.item.output, signature.fallible()) else {
        return payload;
    };
    let mut ty = (**ty).clone();
    first_argument(&mut ty, Some(Type::Verbatim(payload)));
    ty.to_token_stream()
}

/// The first generic argument of a type, which is replaced where there is something to replace it.
fn first_argument(ty: &mut Type, new: Option<Type>) -> Option<TokenStream> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last_mut()?;
    let PathArguments::AngleBracketed(args) = &mut last.arguments else { return None };
    let first = args.args.iter_mut().find_map(|arg| match arg {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })?;
    let old = first.to_token_stream();
    if let Some(new) = new {
        *first = new;
    }
    Some(old)
}

impl Derivative<'_> {
    /// Prints the forward sweep, and leaves the companion where the function failed, after
    /// `on_failure`. Returns the name of what was returned.
    pub(crate) fn succeeded(
        &self,
        printer: &mut Printer<'_>,
        on_failure: &TokenStream,
        gives: Gives,
    ) -> Option<Ident> {
        let fallible = self.signature.fallible()?;
        let site = Span::mixed_site();
        let value = self.value(printer);
        let ty = super::signature::result_type(self.signature);
        let outcome = printer.names.fresh("outcome");
        let name = printer.names.fresh("value");
        // An opaque error type cannot be written.
        let spelled = (!ty.to_string().contains("impl ")).then(|| quote_spanned!(site=> : #ty));
        printer.push(quote_spanned!(site=> let #outcome #spelled = #value;));
        printer.push(match fallible {
            _ if gives == Gives::Gradient => quote_spanned!(site=> #outcome?;),
            _ if on_failure.is_empty() => quote_spanned!(site=> let #name = #outcome?;),
            Fallible::Option => quote_spanned!(site=>
                let ::core::option::Option::Some(#name) = #outcome else {
                    #on_failure
                    return ::core::option::Option::None;
                };
            ),
            Fallible::Result => quote_spanned!(site=>
                let #name = match #outcome {
                    ::core::result::Result::Ok(#name) => #name,
                    ::core::result::Result::Err(error) => {
                        #on_failure
                        return ::core::result::Result::Err(error);
                    }
                };
            ),
        });
        Some(name)
    }

    /// Prints the value of a function that is known not to have failed, for its type.
    pub(crate) fn typed(&self, printer: &mut Printer<'_>) {
        if self.signature.fallible().is_none() {
            return;
        }
        let (value, ty) = (self.value(printer), super::signature::result_type(self.signature));
        if !value.is_empty() {
            printer.push(quote_spanned!(Span::mixed_site()=> let _: #ty = #value;));
        }
    }

    /// The result of a companion of a function that did not fail.
    pub(crate) fn success(&self, result: TokenStream) -> TokenStream {
        let site = Span::mixed_site();
        match self.signature.fallible() {
            None => result,
            Some(Fallible::Option) => quote_spanned!(site=> ::core::option::Option::Some(#result)),
            Some(Fallible::Result) => quote_spanned!(site=> ::core::result::Result::Ok(#result)),
        }
    }

    /// The value, or what a function that did not fail returned.
    pub(crate) fn value_or(&self, printer: &mut Printer<'_>, name: Option<&Ident>) -> TokenStream {
        match name {
            Some(name) => name.to_token_stream(),
            None => self.value(printer),
        }
    }

    /// Zero in every buffer.
    pub(crate) fn cleared(&self, buffers: &[(usize, Ident)]) -> TokenStream {
        let site = Span::mixed_site();
        let mut all = TokenStream::new();
        for (at, buffer) in buffers {
            let Some(param) = self.signature.params.get(*at) else { continue };
            let like = param.ident().map(ToTokens::to_token_stream).unwrap_or_default();
            all.extend(match param.ty.behind_refs() {
                Ty::Slice(element) | Ty::Vec(element) if element.has_literal_zero() => {
                    let zero = super::shape::zero(element, &like, self.facade);
                    quote_spanned!(site=> #buffer.fill(#zero);)
                }
                Ty::Slice(_) | Ty::Vec(_) => {
                    let zero = super::shape::zero(&param.ty, &like, self.facade);
                    quote_spanned!(site=> #buffer.clone_from_slice(&#zero);)
                }
                other => {
                    let zero = super::shape::zero(other, &like, self.facade);
                    quote_spanned!(site=> *#buffer = #zero;)
                }
            });
        }
        all
    }

    /// Whether the value is asked for.
    pub(crate) fn gives_value(&self) -> bool {
        self.function.outputs.contains(&Output::Value)
    }
}

impl Context<'_> {
    /// What a closure returned that returns what the function does: where that failed, so does the
    /// companion.
    pub(super) fn tried(&self, returned: &TokenStream) -> TokenStream {
        let tried = self.signature.fallible().map(|_| quote_spanned!(Span::mixed_site()=> ?));
        quote_spanned!(Span::mixed_site()=> #returned #tried)
    }

    /// Where a parameter has no directions, nothing else would tell that the function fails, or do
    /// what it does to memory of the caller's.
    pub(super) fn tried_without_directions(
        &self,
        of: &Param,
        like: &TokenStream,
        along: &TokenStream,
    ) -> Option<TokenStream> {
        let has_some = matches!(of.ty.behind_refs(), Ty::Array(_, Len::Literal(1..)));
        let is_seen = self.signature.may_fail() || self.has_exits();
        (is_seen && !has_some).then(|| {
            let tried = self.tried(along);
            quote_spanned!(Span::mixed_site()=> if #like.is_empty() { #tried; })
        })
    }

    /// A body as the result of a function that did not fail: `Ok(result?)` is `result`.
    pub(super) fn successful(&self, body: &TokenStream, result: &TokenStream) -> TokenStream {
        let site = Span::mixed_site();
        let mut own: Vec<TokenTree> = result.clone().into_iter().collect();
        let is_tried = matches!(own.last(), Some(TokenTree::Punct(last)) if last.as_char() == '?');
        match self.signature.fallible() {
            None => quote_spanned!(site=> #body #result),
            Some(_) if is_tried => {
                own.pop();
                quote_spanned!(site=> #body #(#own)*)
            }
            Some(Fallible::Option) => {
                quote_spanned!(site=> #body ::core::option::Option::Some(#result))
            }
            Some(Fallible::Result) => {
                quote_spanned!(site=> #body ::core::result::Result::Ok(#result))
            }
        }
    }

    /// What a closure gives for each index, as an array or as a `Vec` of a length.
    pub(super) fn each(&self, closure: &TokenStream, len: Option<&TokenStream>) -> TokenStream {
        let (site, private) = (Span::mixed_site(), self.facade.private());
        let vec = quote_spanned!(site=> ::std::vec::Vec<_>);
        match (len, self.signature.fallible()) {
            (None, None) => quote_spanned!(site=> ::core::array::from_fn(#closure)),
            (None, Some(Fallible::Option)) => quote_spanned!(site=> #private::each_some(#closure)?),
            (None, Some(Fallible::Result)) => quote_spanned!(site=> #private::each_ok(#closure)?),
            (Some(len), fallible) => {
                let all = match fallible {
                    None => vec,
                    Some(Fallible::Option) => quote_spanned!(site=> ::core::option::Option<#vec>),
                    Some(Fallible::Result) => {
                        quote_spanned!(site=> ::core::result::Result<#vec, _>)
                    }
                };
                self.tried(&quote_spanned!(site=> (0..#len).map(#closure).collect::<#all>()))
            }
        }
    }
}
