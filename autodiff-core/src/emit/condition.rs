//! Prints conditions: comparisons, tests for zero, choices.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::printed::{Printed, Tightness};
use super::printer::Printer;
use crate::ir::{Kind, Literal, ValueId};

/// How something is compared with zero.
enum Sign {
    Equal,
    Unequal,
}

impl Printer<'_> {
    pub(super) fn selection(&mut self, cond: ValueId, yes: ValueId, no: ValueId) -> Printed {
        let cond = self.read(cond).tokens;
        let (yes, no) = (self.read(yes).tokens, self.read(no).tokens);
        let tokens = quote_spanned!(Span::mixed_site()=> if #cond { #yes } else { #no });
        Printed::new(tokens, Tightness::Statement)
    }

    fn comparison(&mut self, a: ValueId, sign: &TokenStream, b: ValueId) -> Printed {
        let (a, b) = (self.read(a).at_least(Tightness::Sum), self.read(b).at_least(Tightness::Sum));
        Printed::new(quote_spanned!(Span::mixed_site()=> #a #sign #b), Tightness::Compare)
    }

    fn is_float_zero(&self, value: ValueId) -> bool {
        let kind = self.definitions.get(&value).map(|inst| &inst.kind);
        matches!(kind, Some(Kind::Const(Literal::Number(zero))) if *zero == 0.0)
    }

    /// What is compared with zero by a condition that has no name.
    fn zero_test(&self, value: ValueId) -> Option<(ValueId, ValueId)> {
        let Kind::Equal(a, b) = self.definitions.get(&value)?.kind else { return None };
        let tests = !self.is_named(value) && (self.is_float_zero(a) || self.is_float_zero(b));
        tests.then_some((a, b))
    }

    /// Of a type parameter, what vanishes with all that it carries is zero.
    fn compared_with_zero(&mut self, a: ValueId, b: ValueId, sign: Sign) -> Printed {
        let site = Span::mixed_site();
        let other = if self.is_float_zero(a) { b } else { a };
        let float = self.function.values[other].ty.float();
        let Some(ty) = self.facade.lifted(&float) else {
            let sign = match sign {
                Sign::Equal => quote_spanned!(site=> ==),
                Sign::Unequal => quote_spanned!(site=> !=),
            };
            return self.comparison(a, &sign, b);
        };
        let other = self.read(other).tokens;
        match sign {
            Sign::Equal => Printed::atom(quote_spanned!(site=> #ty::vanishes(#other))),
            Sign::Unequal => {
                Printed::new(quote_spanned!(site=> !#ty::vanishes(#other)), Tightness::Unary)
            }
        }
    }

    /// What holds or does not.
    pub(super) fn condition(&mut self, kind: &Kind, value: ValueId) -> Printed {
        let site = Span::mixed_site();
        match kind {
            Kind::Less(a, b) => self.comparison(*a, &quote_spanned!(site=> <), *b),
            Kind::LessEq(a, b) => self.comparison(*a, &quote_spanned!(site=> <=), *b),
            Kind::Equal(a, b) => self.equality(*a, *b),
            Kind::And(a, b) => self.logic(*a, &quote_spanned!(site=> &&), *b, Tightness::And),
            Kind::Or(a, b) => self.logic(*a, &quote_spanned!(site=> ||), *b, Tightness::Or),
            Kind::Not(a) => {
                if let Some((a, b)) = self.zero_test(*a) {
                    return self.compared_with_zero(a, b, Sign::Unequal);
                }
                let a = self.read(*a).at_least(Tightness::Unary);
                Printed::new(quote_spanned!(site=> !#a), Tightness::Unary)
            }
            Kind::Finite(all) => {
                let several = all.len() > 1;
                let tightness = if several { Tightness::Product } else { Tightness::Atom };
                let all = all.iter().map(|&value| self.read(value).at_least(tightness));
                let all: Vec<TokenStream> = all.collect();
                let sum = if several {
                    quote_spanned!(site=> (#(#all)+*))
                } else {
                    quote_spanned!(site=> #(#all)*)
                };
                Printed::atom(quote_spanned!(site=> #sum.is_finite()))
            }
            _ => Printed::atom(self.missing(value)),
        }
    }

    /// Clippy takes `==` of floats for a mistake, but with zero; ties are meant.
    fn equality(&mut self, a: ValueId, b: ValueId) -> Printed {
        let site = Span::mixed_site();
        if self.is_float_zero(a) || self.is_float_zero(b) {
            return self.compared_with_zero(a, b, Sign::Equal);
        }
        let (a, b) = (self.read(a).tokens, self.read(b).tokens);
        let private = self.facade.private();
        Printed::atom(quote_spanned!(site=> #private::equal(#a, #b)))
    }

    fn logic(&mut self, a: ValueId, sign: &TokenStream, b: ValueId, at: Tightness) -> Printed {
        let (a, b) = (self.read(a).at_least(at), self.read(b).at_least(Tightness::Compare));
        Printed::new(quote_spanned!(Span::mixed_site()=> #a #sign #b), at)
    }
}
