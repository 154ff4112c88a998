//! Prints rows of the rule table, and constants.

use proc_macro2::{Punct, Spacing, Span, TokenStream, TokenTree};
use quote::quote_spanned;

use super::number;
use super::printed::{Printed, Tightness, signed};
use super::printer::Printer;
use super::shown::invented_at;
use crate::ir::{FloatTy, Kind, Literal, Ty, ValueId};
use crate::rules::Op;

impl Printer<'_> {
    /// A row of the rule table.
    pub(super) fn operation(&mut self, op: Op, args: &[ValueId], value: ValueId) -> Printed {
        let symbol = op.operator().and_then(|symbol| symbol.chars().next());
        match (op, args) {
            (Op::Neg, [a]) => {
                let a = self.arithmetic(*a, Tightness::Unary);
                Printed::new(quote_spanned!(Span::mixed_site()=> -#a), Tightness::Unary)
            }
            (Op::FromInt, [n]) => self.from_int(*n, value),
            (Op::Decrement, [n]) => {
                let n = self.read(*n).tokens;
                Printed::atom(quote_spanned!(Span::mixed_site()=> i32::saturating_sub(#n, 1)))
            }
            _ => match (symbol, args) {
                (Some(symbol), [a, b]) => self.binary((op, symbol), (*a, *b), value),
                _ => self.method(op, args, value),
            },
        }
    }

    fn from_int(&mut self, n: ValueId, value: ValueId) -> Printed {
        let n = self.read(n).tokens;
        let site = Span::mixed_site();
        let float = self.function.values[value].ty.float();
        if let Some(ty) = self.facade.lifted(&float) {
            return Printed::atom(quote_spanned!(site=> #ty::from_f64(f64::from(#n))));
        }
        let private = self.facade.private();
        // Of which width it is must not be a question of who multiplies with it: operators of the
        // user's do, too.
        Printed::atom(match float {
            FloatTy::F64 => quote_spanned!(site=> f64::from(#n)),
            FloatTy::F32 => quote_spanned!(site=> #private::from_int::<f32>(#n)),
            _ => quote_spanned!(site=> #private::from_int(#n)),
        })
    }

    /// An operator, shown where the user's is: what cannot be multiplied is an error there.
    fn binary(
        &mut self,
        (op, symbol): (Op, char),
        (a, b): (ValueId, ValueId),
        value: ValueId,
    ) -> Printed {
        // The operations are those of the instructions: `a * (b * c)` is not `(a * b) * c`.
        let (left, right) = match op {
            Op::Add | Op::Sub => (Tightness::Sum, Tightness::Product),
            _ => (Tightness::Product, Tightness::Unary),
        };
        // What the user computes from constants alone stands first: rustc can compute it, too.
        let turned = op == Op::Mul && self.is_constant(b) && !self.is_constant(a);
        let (a, b) = if turned { (b, a) } else { (a, b) };
        let mut tokens = self.arithmetic(a, left);
        let mut sign = Punct::new(symbol, Spacing::Alone);
        let of = self.definitions.get(&value).map_or_else(Span::mixed_site, |inst| inst.span);
        sign.set_span(invented_at(of));
        tokens.extend([TokenTree::Punct(sign)]);
        tokens.extend([self.arithmetic(b, right)]);
        Printed::new(tokens, left)
    }

    /// Whether a value is the user's tokens, without a derivative.
    fn is_constant(&self, value: ValueId) -> bool {
        let inst = self.definitions.get(&value);
        inst.is_some_and(|inst| matches!(inst.kind, Kind::Opaque { .. }))
    }

    pub(super) fn method(&mut self, op: Op, args: &[ValueId], value: ValueId) -> Printed {
        let site = Span::mixed_site();
        let name = proc_macro2::Ident::new(op.name(), site);
        let Some((&receiver, rest)) = args.split_first() else {
            return Printed::atom(self.missing(value));
        };
        let rest: Vec<TokenStream> = rest.iter().map(|&arg| self.read(arg).tokens).collect();
        let receiver = self.receiver(receiver, value);
        Printed::atom(quote_spanned!(site=> #receiver.#name(#(#rest),*)))
    }

    /// A receiver: a literal says which float it is.
    fn receiver(&mut self, receiver: ValueId, value: ValueId) -> TokenStream {
        if let Some(inst) = self.definitions.get(&receiver)
            && let Kind::Const(Literal::Number(number)) = inst.kind
        {
            let float = match (
                self.function.values[receiver].ty.behind_refs(),
                self.function.values[value].ty.behind_refs(),
            ) {
                (Ty::Float(float), _) if *float != FloatTy::Inferred => float,
                (_, Ty::Float(float)) => float,
                _ => &FloatTy::F64,
            };
            if self.facade.lifted(float).is_some() {
                return self.facade.number(number, float);
            }
            let float = if *float == FloatTy::F32 { float } else { &FloatTy::F64 };
            let literal = number::float(number, Some(float));
            return signed(number, literal).at_least(Tightness::Atom);
        }
        self.base(receiver)
    }

    /// A constant of the width of its value.
    pub(super) fn constant_of(&self, literal: &Literal, value: ValueId) -> Printed {
        let float = match &self.meets {
            FloatTy::Inferred => self.function.values[value].ty.float(),
            known => known.clone(),
        };
        let tokens = self.facade.constant(literal, &float);
        match literal {
            Literal::Number(number) if self.facade.lifted(&float).is_none() => {
                signed(*number, tokens)
            }
            Literal::Number(_) | Literal::Ln2 | Literal::Ln10 => Printed::atom(tokens),
        }
    }
}
