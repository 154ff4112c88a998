//! Prints conditions: comparisons, tests for zero, choices.
//!
//! Of a type parameter that may be several floats side by side (`T: Lanes`), what is compared holds of some lanes and
//! not of others: a comparison gives a mask there, a choice chooses for each lane, and a branch asks whether it
//! holds of all of them.

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
        let lanes = self.mask(cond);
        let cond = self.read(cond).tokens;
        let (yes, no) = (self.read(yes).tokens, self.read(no).tokens);
        if let Some(ty) = lanes {
            let site = Span::mixed_site();
            return Printed::atom(quote_spanned!(site=> #ty::select(#cond, #yes, #no)));
        }
        let tokens = quote_spanned!(Span::mixed_site()=> if #cond { #yes } else { #no });
        Printed::new(tokens, Tightness::Statement)
    }

    /// The type of which a condition is a mask, if it is one.
    pub(super) fn mask(&self, condition: ValueId) -> Option<TokenStream> {
        match self.definitions.get(&condition)?.kind {
            Kind::Less(a, b) | Kind::LessEq(a, b) | Kind::Equal(a, b) => self.lanes_of(a, b),
            Kind::And(a, b) | Kind::Or(a, b) => self.mask(a).filter(|_| self.mask(b).is_some()),
            Kind::Not(a) => self.mask(a),
            _ => None,
        }
    }

    /// The type of two values that are compared, if it may be several floats.
    fn lanes_of(&self, a: ValueId, b: ValueId) -> Option<TokenStream> {
        let lanes = |value: ValueId| self.facade.lanes(&self.function.values[value].ty.float());
        lanes(a).and_then(|ty| lanes(b).map(|_| ty))
    }

    /// A condition that decides for all lanes at once.
    pub(super) fn holds(&mut self, condition: ValueId) -> Printed {
        if self.mask(condition).is_none() {
            return self.read(condition);
        }
        let (mask, private) = (self.read(condition).tokens, self.facade.private());
        Printed::atom(quote_spanned!(Span::mixed_site()=> #private::Mask::all(#mask)))
    }

    /// What holds of some lanes and not of others.
    fn masked(&mut self, ty: &TokenStream, kind: &Kind) -> Option<Printed> {
        let site = Span::mixed_site();
        let sides = match kind {
            Kind::Not(a) => {
                let a = self.read(*a).at_least(Tightness::Unary);
                return Some(Printed::new(quote_spanned!(site=> !#a), Tightness::Unary));
            }
            Kind::Equal(a, zero) | Kind::Equal(zero, a) if self.is_float_zero(*zero) => {
                let a = self.read(*a).tokens;
                return Some(Printed::atom(quote_spanned!(site=> #ty::vanishing(#a))));
            }
            Kind::Less(a, b)
            | Kind::LessEq(a, b)
            | Kind::Equal(a, b)
            | Kind::And(a, b)
            | Kind::Or(a, b) => (*a, *b),
            _ => return None,
        };
        let (a, b) = (self.read(sides.0), self.read(sides.1));
        let tokens = match kind {
            Kind::Less(..) => {
                let (a, b) = (a.tokens, b.tokens);
                quote_spanned!(site=> #ty::less(#a, #b))
            }
            Kind::LessEq(..) => {
                let (a, b) = (a.tokens, b.tokens);
                quote_spanned!(site=> #ty::less_or_equal(#a, #b))
            }
            Kind::Equal(..) => {
                let (a, b) = (a.tokens, b.tokens);
                quote_spanned!(site=> #ty::equal(#a, #b))
            }
            _ => {
                let (a, b) = (a.at_least(Tightness::Unary), b.at_least(Tightness::Unary));
                let and = matches!(kind, Kind::And(..));
                let sign = if and { quote_spanned!(site=> &) } else { quote_spanned!(site=> |) };
                return Some(Printed::new(quote_spanned!(site=> #a #sign #b), Tightness::Or));
            }
        };
        Some(Printed::atom(tokens))
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
        if let Some(ty) = self.mask(value)
            && let Some(mask) = self.masked(&ty, kind)
        {
            return mask;
        }
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
        let (a, b) = (self.holds(a).at_least(at), self.holds(b).at_least(Tightness::Compare));
        Printed::new(quote_spanned!(Span::mixed_site()=> #a #sign #b), at)
    }
}
