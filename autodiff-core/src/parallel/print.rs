//! The functions beside the annotated one: a part of a sum, and the sum with its rule.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::visit_mut::VisitMut;
use syn::{Expr, ExprMethodCall, Generics};

use super::chain::{self, Part, Source};
use super::mention::{is, mentioned_generics, occurrences};
use super::scope::Parameter;
use super::through::Through;
use super::{Built, Outline, conditions, imports, located};
use crate::diagnostics::Diagnostics;
use crate::emit::names::Names;
use crate::emit::{Facade, alone_or_tuple, gradient_type, tangent_type, too_many};
use crate::lower::signature::captured;
use crate::lower::{Signature, plain_name};
use crate::options::Options;

/// What both functions are printed from.
pub(super) struct Functions<'s> {
    sum: &'s ExprMethodCall,
    sources: Vec<Source<'s>>,
    parameters: Vec<Parameter>,
    /// The generics that the parameters mention.
    generics: Generics,
    float: TokenStream,
    part_name: String,
    sum_name: String,
    function: Ident,
    facade: TokenStream,
    /// What stands before the functions, and at the beginning of a part.
    cfgs: TokenStream,
    imports: TokenStream,
    rules: TokenStream,
    crate_option: TokenStream,
    names: Names,
}

/// The names that both functions use inside.
struct Local {
    range: Ident,
    first: Ident,
    end: Ident,
    value: Ident,
    /// For each parameter with a derivative.
    rates: Vec<Ident>,
    dots: Vec<Ident>,
}

impl<'s> Functions<'s> {
    pub(super) fn read(
        sum: &'s ExprMethodCall,
        parameters: Vec<Parameter>,
        float: TokenStream,
        outline: &Outline<'_>,
        number: usize,
    ) -> Built<Self> {
        let mut sources = Vec::new();
        chain::sources(&sum.receiver, &mut sources)?;
        let function = outline.function.signature.ident.clone();
        let name = plain_name(&function);
        let name = name.trim_start_matches('_');
        let site = Span::mixed_site();
        let (options, signature) = (outline.options, outline.signature);
        let facade = Facade::of(options).path(site);
        let rules = options.rules.iter().map(|rule| {
            let (foreign, rule) = (&rule.foreign, &rule.rule);
            quote_spanned!(site=> #foreign = #rule)
        });
        let rules = (!options.rules.is_empty()).then(|| quote_spanned!(site=> rules(#(#rules),*),));
        let crate_option =
            options.facade.as_ref().map(|path| quote_spanned!(site=> crate = #path,));
        let all = [signature.item.to_token_stream(), outline.function.tokens.to_token_stream()];
        Ok(Self {
            sum,
            sources,
            generics: mentioned_generics(&signature.item.generics, &parameters),
            parameters,
            float,
            part_name: format!("__{name}_part{number}"),
            sum_name: format!("__{name}_sum{number}"),
            function,
            facade,
            cfgs: conditions(outline.function),
            imports: imports(outline.function),
            rules: rules.unwrap_or_default(),
            crate_option: crate_option.unwrap_or_default(),
            names: Names::beside(all),
        })
    }

    /// `__f_sum0(w, &model)`
    pub(super) fn call(&self) -> Expr {
        let site = Span::mixed_site();
        let arguments = self.parameters.iter().map(|parameter| {
            let name = &parameter.name;
            let borrow = parameter.lent.then(|| quote_spanned!(site=> &));
            quote_spanned!(site=> #borrow #name)
        });
        let sum = self.located(&self.sum_name, "");
        syn::parse_quote_spanned!(site=> #sum(#(#arguments),*))
    }

    /// Both functions, with their companions.
    pub(super) fn print(mut self) -> Built<TokenStream> {
        let local = self.local();
        let body = self.body(&local)?;
        let positions = positions(&body, &local);
        let (cfgs, wrt) = (&self.cfgs, self.wrt());
        let (rules, crate_option) = (&self.rules, &self.crate_option);
        let site = Span::mixed_site();
        let part = self.part(&body, &positions);
        let part = crate::grad(quote_spanned!(site=> jvp, #rules #crate_option #wrt), part);
        let vjp = self.located(&self.sum_name, "_vjp");
        let jvp = self.located(&self.sum_name, "_jvp");
        let attribute = quote_spanned!(site=> vjp = #vjp, jvp = #jvp, #crate_option #wrt);
        let sum = crate::rule(attribute, self.total(&local, &positions));
        let (backward, forward) = (self.vjp(&local, &positions), self.jvp(&local, &positions));
        Ok(quote_spanned!(site=> #part #sum #cfgs #backward #cfgs #forward))
    }

    fn local(&mut self) -> Local {
        let active = self.parameters.iter().filter(|parameter| parameter.active);
        let hints: Vec<String> = active.map(|parameter| plain_name(&parameter.name)).collect();
        let names = &mut self.names;
        Local {
            range: names.fresh("part"),
            first: names.fresh("first"),
            end: names.fresh("end"),
            value: names.fresh("value"),
            rates: hints.iter().map(|hint| names.fresh(&format!("{hint}_bar"))).collect(),
            dots: hints.iter().map(|hint| names.fresh(&format!("{hint}_dot"))).collect(),
        }
    }

    fn located(&self, name: &str, suffix: &str) -> Ident {
        located(&format!("{name}{suffix}"), &self.function)
    }

    fn wrt(&self) -> TokenStream {
        let active = self.active().map(|parameter| &parameter.name);
        quote_spanned!(Span::mixed_site()=> wrt(#(#active),*))
    }

    fn active(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| parameter.active)
    }

    /// The source of whose items a part gets its own only: nothing else reads the variable.
    fn cut(&self, parameter: &Parameter) -> Option<&Source<'s>> {
        parameter.elements()?;
        let name = plain_name(&parameter.name);
        let source = self.sources.iter().find(|source| source.of().is_some_and(|of| is(of, &name)));
        source.filter(|_| occurrences(self.sum.to_token_stream(), &name) == 1)
    }

    /// The items of a part, and their sum.
    fn body(&self, local: &Local) -> Built<TokenStream> {
        let is_cut = |of: &Expr| {
            let mut cut = self.parameters.iter().filter(|parameter| self.cut(parameter).is_some());
            cut.any(|parameter| is(of, &plain_name(&parameter.name)))
        };
        let lent = |parameter: &&Parameter| parameter.lent && self.cut(parameter).is_none();
        let lent = self.parameters.iter().filter(lent);
        let mut through = Through(lent.map(|parameter| plain_name(&parameter.name)).collect());
        let mut items = (*self.sum.receiver).clone();
        through.visit_expr_mut(&mut items);
        let part = Part { first: &local.first, end: &local.end, is_cut: &is_cut };
        let items = chain::within(&items, &part)?;
        let (method, float) = (&self.sum.method, &self.float);
        Ok(quote_spanned!(method.span()=> #items.#method::<#float>()))
    }

    /// The function of a part.
    fn part(&self, body: &TokenStream, positions: &[Ident]) -> TokenStream {
        let site = Span::mixed_site();
        let parameters = self.parameters.iter().map(|parameter| {
            let (name, ty) = (&parameter.name, &parameter.ty);
            if let (Some(_), Some(element)) = (self.cut(parameter), parameter.elements()) {
                quote_spanned!(site=> #name: &[#element])
            } else {
                quote_spanned!(site=> #name: #ty)
            }
        });
        let positions = positions.iter().map(|at| quote_spanned!(site=> #at: usize));
        let (name, cfgs, imports) = (self.located(&self.part_name, ""), &self.cfgs, &self.imports);
        let (generics, bounds) = (&self.generics, &self.generics.where_clause);
        let float = &self.float;
        let too_many = too_many(self.parameters.len() + positions.len());
        quote_spanned!(site=>
            #cfgs
            #[doc(hidden)]
            #too_many
            fn #name #generics (#(#parameters,)* #(#positions),*) -> #float #bounds {
                #imports
                #body
            }
        )
    }

    /// What a part is called with: its own items, and all else as it is.
    fn arguments(&self, local: &Local, positions: &[Ident]) -> TokenStream {
        let site = Span::mixed_site();
        let arguments = self.parameters.iter().map(|parameter| {
            let name = parameter.name.to_token_stream();
            self.argument(local, parameter, name)
        });
        quote_spanned!(site=> #(#arguments,)* #(#positions,)*)
    }

    fn argument(&self, local: &Local, parameter: &Parameter, whole: TokenStream) -> TokenStream {
        let is_cut = |_: &Expr| false;
        let part = Part { first: &local.first, end: &local.end, is_cut: &is_cut };
        match self.cut(parameter) {
            Some(source) => {
                let cut = source.cut(&part, &whole);
                quote_spanned!(Span::mixed_site()=> &#cut)
            }
            None => whole,
        }
    }

    /// `parallel::joined(count, |part| one, |…| join)`
    fn joined(&self, local: &Local, one: &TokenStream, join: &TokenStream) -> TokenStream {
        let (site, facade, count) = (Span::mixed_site(), &self.facade, chain::count(&self.sources));
        let Local { range, first, end, .. } = local;
        quote_spanned!(site=>
            #facade::parallel::joined(
                #count,
                |#range| {
                    let (#first, #end) = (#range.start, #range.end);
                    #one
                },
                #join,
            )
        )
    }

    /// The header of one of the functions of the sum, after its name.
    fn parameters(&self) -> TokenStream {
        let site = Span::mixed_site();
        let parameters = self.parameters.iter().map(|parameter| {
            let (name, ty) = (&parameter.name, &parameter.ty);
            quote_spanned!(site=> #name: #ty)
        });
        quote_spanned!(site=> #(#parameters),*)
    }

    fn total(&self, local: &Local, positions: &[Ident]) -> TokenStream {
        let site = Span::mixed_site();
        let (part, arguments) =
            (self.located(&self.part_name, ""), self.arguments(local, positions));
        let sum = self.joined(
            local,
            &quote_spanned!(site=> #part(#arguments)),
            &quote_spanned!(site=> |one, other| one + other),
        );
        self.function("", &TokenStream::new(), &self.float, &sum)
    }

    /// One of the three functions of the sum.
    fn function(
        &self,
        suffix: &str,
        extra: &TokenStream,
        result: &TokenStream,
        body: &TokenStream,
    ) -> TokenStream {
        let (name, parameters) = (self.located(&self.sum_name, suffix), self.parameters());
        let (generics, bounds) = (&self.generics, &self.generics.where_clause);
        let cfgs = suffix.is_empty().then_some(&self.cfgs);
        let is_colon = |tree: &TokenTree| matches!(tree, TokenTree::Punct(p) if p.as_char() == ':');
        let others = extra.clone().into_iter().filter(is_colon).count();
        let too_many = too_many(self.parameters.len() + others);
        quote_spanned!(Span::mixed_site()=>
            #cfgs
            #[doc(hidden)]
            #too_many
            fn #name #generics (#parameters, #extra) -> #result #bounds {
                #body
            }
        )
    }

    /// The sum's signature as the rule sees it.
    fn signature(&self, local: &Local, positions: &[Ident]) -> Option<(Signature, Facade)> {
        let mut ignored = Diagnostics::default();
        let (wrt, crate_option) = (self.wrt(), &self.crate_option);
        let options = quote_spanned!(Span::mixed_site()=> #crate_option #wrt);
        let options = Options::read(options, &mut ignored);
        let item: syn::ItemFn = syn::parse2(self.total(local, positions)).ok()?;
        let signature = Signature::read(&item.sig, &options, None, &mut ignored)?;
        Some((signature, Facade::of(&options)))
    }

    /// Value and gradient of each part, added; the pullback scales the gradient.
    fn vjp(&self, local: &Local, positions: &[Ident]) -> TokenStream {
        let site = Span::mixed_site();
        let Some((signature, facade)) = self.signature(local, positions) else {
            return TokenStream::new();
        };
        let (Local { value, rates, .. }, float) = (local, &self.float);
        let part = self.located(&self.part_name, "_value_and_grad");
        let arguments = self.arguments(local, positions);
        let tokens: Vec<TokenStream> = rates.iter().map(ToTokens::to_token_stream).collect();
        let gradient = alone_or_tuple(&tokens);
        let one = quote_spanned!(site=> {
            let (#value, #gradient) = #part(#arguments);
            (#value, #(#rates),*)
        });
        let mut names = self.names.clone();
        let join = self.join(local, &mut names);
        let sum = self.joined(local, &one, &join);
        let (path, seed) = (&self.facade, names.fresh("seed"));
        let scaled: Vec<TokenStream> = rates
            .iter()
            .map(|rate| quote_spanned!(site=> #path::parallel::scaled(#rate, f64::from(#seed))))
            .collect();
        let (scaled, kept) = (alone_or_tuple(&scaled), captured(&self.generics));
        let result = gradient_type(&signature, &facade);
        let result =
            quote_spanned!(site=> (#float, impl FnOnce(#float) -> #result + use<#(#kept),*>));
        // What is not among the items has no cotangent.
        let rest = self.active().zip(rates).filter(|(parameter, _)| self.cut(parameter).is_some());
        let (rest, cut): (Vec<&Ident>, Vec<&Ident>) =
            rest.map(|(parameter, rate)| (&parameter.name, rate)).unzip();
        let body = quote_spanned!(site=>
            let (#value, #(#rates),*) = #sum;
            #(
                let mut #cut = #cut;
                #cut.extend(#path::Differentiable::zero_tangent(&#rest[#cut.len()..]));
            )*
            (#value, move |#seed: #float| #scaled)
        );
        self.function("_vjp", &TokenStream::new(), &result, &body)
    }

    /// How two parts are put together: values and gradients are added, those of items one after the
    /// other.
    fn join(&self, local: &Local, names: &mut Names) -> TokenStream {
        let (site, path) = (Span::mixed_site(), &self.facade);
        let Local { value, rates, .. } = local;
        let more: Vec<Ident> = rates.iter().map(|_| names.fresh("more")).collect();
        let added = names.fresh("added");
        let adds = self.active().zip(rates).zip(&more).map(|((parameter, rate), more)| {
            if self.cut(parameter).is_some() {
                quote_spanned!(site=> #rate.extend(#more);)
            } else {
                quote_spanned!(site=> #path::Tangent::add_assign(&mut #rate, &#more);)
            }
        });
        quote_spanned!(site=>
            |(mut #value, #(mut #rates),*), (#added, #(#more),*)| {
                #value += #added;
                #(#adds)*
                (#value, #(#rates),*)
            }
        )
    }

    /// Value and tangent of each part, added.
    fn jvp(&self, local: &Local, positions: &[Ident]) -> TokenStream {
        let site = Span::mixed_site();
        let Some((signature, facade)) = self.signature(local, positions) else {
            return TokenStream::new();
        };
        let part = self.located(&self.part_name, "_jvp");
        let mut arguments = self.arguments(local, positions);
        let mut extra = TokenStream::new();
        for (parameter, dot) in self.active().zip(&local.dots) {
            let ty = tangent_type(&parameter.meaning(&signature.known), &facade);
            extra.extend(quote_spanned!(site=> #dot: #ty,));
            let dot = self.argument(local, parameter, dot.to_token_stream());
            arguments.extend(quote_spanned!(site=> #dot,));
        }
        let float = &self.float;
        let sum = self.joined(
            local,
            &quote_spanned!(site=> #part(#arguments)),
            &quote_spanned!(site=> |one, other| (one.0 + other.0, one.1 + other.1)),
        );
        self.function("_jvp", &extra, &quote_spanned!(site=> (#float, #float)), &sum)
    }
}

/// Those of the ends of a part that its body reads.
fn positions(body: &TokenStream, local: &Local) -> Vec<Ident> {
    let read = |at: &&Ident| occurrences(body.clone(), &at.to_string()) > 0;
    [&local.first, &local.end].into_iter().filter(read).cloned().collect()
}
