//! The traits by which callers find an operator, implemented by the companions of its function.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Type;

use super::{Operator, behind};
use crate::emit::Facade;
use crate::input::Input;
use crate::ir::Ty;
use crate::lower::TypeParams;
use crate::options::Options;

impl Operator<'_> {
    /// `impl Operation<Mul, f64> for Vec3`, and that of second order where it is asked for.
    pub(super) fn operations(&self, input: &Input, options: &Options) -> TokenStream {
        let operation = Operation::of(self, input, Facade::of(options).private());
        let second = (options.order() > 1).then(|| operation.second());
        let first = operation.first();
        quote_spanned!(Span::mixed_site()=> #first #second)
    }
}

/// What the implementations are made of.
struct Operation<'a> {
    operator: &'a Operator<'a>,
    private: TokenStream,
    /// The function with the companions.
    callee: &'a Ident,
    sides: Vec<Side>,
    /// The types of the operands, without references.
    types: [Type; 2],
    /// Those of their cotangents, and of the result's.
    bars: [TokenStream; 2],
    bar: TokenStream,
}

impl<'a> Operation<'a> {
    fn of(operator: &'a Operator<'a>, input: &'a Input, private: TokenStream) -> Self {
        let site = Span::mixed_site();
        let known = TypeParams::of(&operator.block.generics);
        let left = Side::of(&operator.block.self_ty, "left", &known);
        let right = operator.right.as_ref().map(|ty| Side::of(ty, "right", &known));
        let types = [
            behind(&operator.block.self_ty),
            operator.right.as_ref().map_or_else(|| syn::parse_quote!(()), behind),
        ];
        let tangent = |ty: &Type| quote_spanned!(site=> <#ty as #private::Differentiable>::Tangent);
        let (bars, bar) = (types.each_ref().map(tangent), tangent(&operator.output()));
        let sides = std::iter::once(left).chain(right).collect();
        Self { operator, callee: &input.signature.ident, sides, types, bars, bar, private }
    }

    /// `impl #trait<Mul, f64> for Vec3 { #items }`
    fn implementation(&self, name: &str, items: &TokenStream) -> TokenStream {
        let (site, private) = (Span::mixed_site(), &self.private);
        let (of, op) = (Ident::new(name, site), self.op());
        let generics = self.operator.generics();
        let (generics, _, clause) = generics.split_for_impl();
        let [own, right] = &self.types;
        quote_spanned!(site=>
            impl #generics #private::operators::#of<#op, #right> for #own #clause {
                #items
            }
        )
    }

    /// `operators::Mul`
    fn op(&self) -> TokenStream {
        let (site, private) = (Span::mixed_site(), &self.private);
        let name = Ident::new(&self.operator.name.to_string(), site);
        quote_spanned!(site=> #private::operators::#name)
    }

    /// A name for something of the right operand, which a unary operator does not have.
    fn right(&self, suffix: &str) -> TokenStream {
        let site = Span::mixed_site();
        if self.operator.right.is_none() {
            return quote_spanned!(site=> _);
        }
        Ident::new(&format!("right{suffix}"), site).into_token_stream()
    }

    fn each(&self, of: impl Fn(&Side) -> TokenStream) -> TokenStream {
        let each = self.sides.iter().map(of);
        quote_spanned!(Span::mixed_site()=> (#(#each,)*))
    }

    /// The operands as arguments of the function.
    fn args(&self) -> TokenStream {
        self.each(|side| side.argument(&self.private))
    }

    /// The value, the pullback and the tangent.
    fn first(&self) -> TokenStream {
        let site = Span::mixed_site();
        let (callee, output, bar) = (self.callee, self.operator.output(), &self.bar);
        let ([_, right], [own_bar, right_bar]) = (&self.types, &self.bars);
        let (rhs, rhs_bar, rhs_dot) = (self.right(""), self.right("_bar"), self.right("_dot"));
        let captured = crate::lower::signature::captured(&self.operator.block.generics);
        let captured = quote_spanned!(site=> use<#(#captured),*>);
        let (args, dots) = (self.args(), self.each(Side::dot));
        let (returned, slots) =
            (self.each(|side| side.returned("")), self.each(|side| side.slot("")));
        let adds = self.sides.iter().map(|side| side.add(""));
        let (op, private) = (self.op(), &self.private);
        let items = quote_spanned!(site=>
            type Output = #output;
            type Derived = #private::operators::Derived<#op, Self, #right>;

            #[inline]
            #[allow(clippy::type_complexity)]
            fn split(left: &Self, #rhs: &#right) -> (
                #output,
                impl ::core::ops::FnOnce(
                    &Self, &#right, #bar,
                    ::core::option::Option<&mut #own_bar>,
                    ::core::option::Option<&mut #right_bar>,
                ) + #captured,
            ) {
                let (value, pull) = #callee::__split(#callee, #args);
                let pull = move |
                    left: &Self, #rhs: &#right, bar: #bar,
                    left_bar: ::core::option::Option<&mut #own_bar>,
                    #rhs_bar: ::core::option::Option<&mut #right_bar>,
                | {
                    let #returned = pull(#args, bar, #slots);
                    #(#adds)*
                };
                (value, pull)
            }

            #[inline]
            fn jvp(
                left: &Self, #rhs: &#right,
                left_dot: ::core::option::Option<&#own_bar>,
                #rhs_dot: ::core::option::Option<&#right_bar>,
            ) -> (#output, #bar) {
                #callee::__jvp(#callee, #args, #dots)
            }
        );
        self.implementation("Operation", &items)
    }

    /// The tangents of the pullback and of the tangent.
    fn second(&self) -> TokenStream {
        let site = Span::mixed_site();
        let (callee, output, bar) = (self.callee, self.operator.output(), &self.bar);
        let ([_, right], [own_bar, right_bar]) = (&self.types, &self.bars);
        let (rhs, rhs_dot) = (self.right(""), self.right("_dot"));
        let (rhs_bar, rhs_bar_dot) = (self.right("_bar"), self.right("_bar_dot"));
        let both = |prefix: TokenStream| {
            quote_spanned!(site=>
                (::core::option::Option<#prefix #own_bar>, ::core::option::Option<#prefix #right_bar>)
            )
        };
        let (dot, sum) = (both(quote_spanned!(site=> &)), both(quote_spanned!(site=> &mut)));
        let (args, dots) = (self.args(), self.each(Side::dot));
        let [returned, returned_dot] =
            ["", "_dot"].map(|suffix| self.each(|side| side.returned(suffix)));
        let [slots, slots_dot] = ["", "_dot"].map(|suffix| self.each(|side| side.slot(suffix)));
        let adds = ["", "_dot"]
            .into_iter()
            .flat_map(|suffix| self.sides.iter().map(move |side| side.add(suffix)));
        let items = quote_spanned!(site=>
            #[inline]
            fn pull_2(
                (left, #rhs): (&Self, &#right),
                (left_dot, #rhs_dot): #dot,
                (bar, bar_dot): (#bar, #bar),
                ((left_bar, #rhs_bar), (left_bar_dot, #rhs_bar_dot)): (#sum, #sum),
            ) {
                let (#returned, #returned_dot) = #callee::__needs_order_2(
                    #callee, #args, (#dots,), (bar, bar_dot), (#slots, #slots_dot),
                );
                #(#adds)*
            }

            #[inline]
            #[allow(clippy::type_complexity)]
            fn jvp_2(
                (left, #rhs): (&Self, &#right),
                dots: [#dot; 3],
            ) -> (#output, #bar, #bar, #bar) {
                let [one, two, both] = dots.map(|(left_dot, #rhs_dot)| #dots);
                #callee::__jvp_of_order_2(#callee, #args, (one, two, both))
            }
        );
        self.implementation("OperationOfOrder2", &items)
    }
}

/// One operand: how it, its tangent and its cotangent are handed on.
struct Side {
    name: &'static str,
    by_reference: bool,
    is_float: bool,
    is_run_time: bool,
}

impl Side {
    fn of(ty: &Type, name: &'static str, known: &TypeParams) -> Self {
        let known = crate::lower::spelled(ty, known);
        Self {
            name,
            by_reference: matches!(ty, Type::Reference(_)),
            is_float: matches!(known.behind_refs(), Ty::Float(_)),
            is_run_time: matches!(known.behind_refs(), Ty::Vec(_)),
        }
    }

    fn ident(&self, suffix: &str) -> Ident {
        Ident::new(&format!("{}{suffix}", self.name), Span::mixed_site())
    }

    fn argument(&self, private: &TokenStream) -> TokenStream {
        let (name, site) = (self.ident(""), Span::mixed_site());
        if self.by_reference {
            return name.into_token_stream();
        }
        quote_spanned!(site=> #private::kept(#name))
    }

    /// What the function's pullback adds to, in a component.
    fn slot(&self, component: &str) -> TokenStream {
        let (name, site) = (self.ident(&format!("_bar{component}")), Span::mixed_site());
        match (self.is_float, self.is_run_time) {
            (true, _) => quote_spanned!(site=> ::core::option::Option::None),
            (_, true) => quote_spanned!(site=> #name.map(|bar| &mut bar[..])),
            _ => name.into_token_stream(),
        }
    }

    fn returned(&self, component: &str) -> TokenStream {
        let (name, site) = (self.ident(&format!("_returned{component}")), Span::mixed_site());
        if self.is_float { name.into_token_stream() } else { quote_spanned!(site=> ()) }
    }

    fn add(&self, component: &str) -> TokenStream {
        let site = Span::mixed_site();
        let bar = self.ident(&format!("_bar{component}"));
        let returned = self.ident(&format!("_returned{component}"));
        if !self.is_float {
            return TokenStream::new();
        }
        quote_spanned!(site=>
            if let ::core::option::Option::Some(bar) = #bar {
                *bar += #returned;
            }
        )
    }

    fn dot(&self) -> TokenStream {
        let (name, site) = (self.ident("_dot"), Span::mixed_site());
        match (self.by_reference, self.is_run_time) {
            (true, true) => quote_spanned!(site=> #name),
            (true, false) => name.into_token_stream(),
            (false, _) => quote_spanned!(site=> #name.cloned()),
        }
    }
}
