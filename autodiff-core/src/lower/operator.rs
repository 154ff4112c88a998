//! Operators of the user's types: calls of what `#[grad]` on their `impl` block has made.

use proc_macro2::{Delimiter, Span};
use syn::{BinOp, Expr};

use super::operand::{Marked, Operand, Wrap, commas, expression, statement, tokens};
use super::place::Part;
use super::told::Untold;
use super::{Lowered, Lowerer};
use crate::ir::{Active, Call, CallForm, Kind, Piece, Step, Ty, ValueId};

impl Lowerer<'_> {
    /// Whether an operator with these operands may be one of the user's: one of them is of a type
    /// of the user's. (Of an alias of a float, the operator of floats is found.)
    pub(crate) fn is_users_operator(&self, syntax: usize, marked: &Marked<'_>) -> bool {
        let is_named = |operand: &Operand<'_>| {
            matches!(self.ty_of(operand).behind_refs(), Ty::Named(_))
                && !matches!(operand, Operand::Nothing(_))
        };
        let is_users = self.facts.is_users(syntax);
        self.users_operators && (is_users || marked.iter().any(|(operand, _)| is_named(operand)))
    }

    /// Notes an operator, or a method, that is taken for one of floats.
    pub(crate) fn note_untold(&mut self, syntax: usize, operands: Vec<(ValueId, Vec<Step>)>) {
        if !self.users_operators {
            return;
        }
        self.found.guesses |= operands.iter().any(|(value, path)| {
            let ty = self.function.part_ty(self.ty(*value), path);
            self.is_assumed_part(*value, &ty)
        });
        self.found.operators.push(Untold { syntax, operands });
    }

    /// Whether an operator is the user's, by where its syntax is kept or by an operand.
    pub(crate) fn is_users_value(&self, syntax: usize, value: ValueId) -> bool {
        let is_named = matches!(self.ty(value).behind_refs(), Ty::Named(_));
        self.users_operators && (is_named || self.facts.is_users(syntax))
    }

    /// The operator of `place op= value`, where it may be one of the user's.
    pub(super) fn users_assignment(
        &self,
        binary: &syn::ExprBinary,
        part: &Part,
        value: ValueId,
    ) -> Option<&'static str> {
        let version = self.scopes.version(part.root)?;
        let ty = self.function.part_ty(self.ty(version), &part.path);
        let is_named = match ty.behind_refs() {
            Ty::Named(_) => self.users_operators,
            Ty::Unknown => self.is_users_value(place(binary), value),
            _ => false,
        };
        is_named.then(|| operator_name(&binary.op)).flatten()
    }

    /// `place = place op value;`
    pub(super) fn assign_operated(
        &mut self,
        stmt: &syn::Stmt,
        (name, syntax, span): (&str, usize, Span),
        part: &Part,
        right: (ValueId, Piece),
    ) -> Lowered<()> {
        if self.has_effects(part) {
            return self.refuse(&crate::diagnostics::Refusal::Assignment, span);
        }
        let old = self.read_part(part, Some(expression(part.pieces.clone())), span);
        let operands = vec![(old, Piece::Value(old)), right];
        let result = self.operator_call((name, syntax, span), operands);
        let mut pieces = part.pieces.clone();
        let sign = tokens(syn::token::Eq(span));
        pieces.extend([sign, Piece::Value(result), super::assign::semicolon(stmt)]);
        self.write(part, (crate::ir::Assignment::Set, result), Some(statement(pieces)), span);
        Ok(())
    }

    /// `a * b`, with the operands borrowed: a call of `operators::Mul`.
    pub(crate) fn users_operator<'e>(
        &mut self,
        operator: (&str, usize, Span),
        marked: Marked<'_>,
    ) -> Lowered<Operand<'e>> {
        let settled = self.settle(marked);
        let result = self.operator_call(operator, settled);
        Ok(Operand::Computed(result, Wrap::Bare))
    }

    /// The same of operands that are values.
    pub(crate) fn operator_call(
        &mut self,
        (name, syntax, span): (&str, usize, Span),
        settled: Vec<(ValueId, Piece)>,
    ) -> ValueId {
        let (mut args, pieces): (Vec<ValueId>, Vec<Piece>) = settled.into_iter().unzip();
        let site = Span::mixed_site().located_at(span);
        let mut borrowed: Vec<Piece> = args
            .iter()
            .zip(pieces)
            .map(|(&arg, piece)| {
                if self.ty(arg).ref_depth() > 0 {
                    return piece;
                }
                let ampersand = tokens(quote::quote_spanned!(site=> &));
                let piece = match piece {
                    Piece::Value(value) => Piece::Parens(value),
                    piece => piece,
                };
                Piece::Group(Delimiter::None, vec![ampersand, piece])
            })
            .collect();
        if let &[of] = args.as_slice() {
            // A unary operator has nothing on its right.
            let nothing: Expr = syn::parse_quote_spanned!(site=> ());
            let kind = Kind::Opaque {
                expr: Box::new(nothing.clone()),
                reads: Vec::new(),
                effect: crate::ir::Effect::Pure,
            };
            let syntax = Some(expression(vec![tokens(&nothing)]));
            let right = self.push_value((Ty::Inert, "nothing", Active::No), kind, syntax, span);
            borrowed.push(tokens(quote::quote_spanned!(site=> &())));
            args = vec![of, right];
        }
        let private = &self.private;
        let op = syn::Ident::new(name, site);
        let callee: Expr = syn::parse_quote_spanned!(site=> #private::operators::#op);
        let list = Piece::Group(Delimiter::Parenthesis, commas(borrowed));
        let printed = Some(expression(vec![tokens(&callee), list]));
        let kind = Kind::from(Call {
            callee: Box::new(callee),
            foreign: None,
            form: CallForm::Primal,
            references: vec![true; args.len()],
            args,
            dots: Vec::new(),
            writes: Vec::new(),
            dot_places: Vec::new(),
        });
        // Of a type that only rustc knows, unless its use tells: of the user's, or a float again.
        let ty = self.facts.given(syntax);
        let result = self.push_value((ty, &name.to_lowercase(), Active::Yes), kind, printed, span);
        self.found.results.push((result, syntax));
        result
    }
}

/// Where syntax is kept, which tells operators apart from one round of lowering to the next.
pub(crate) fn place<T>(syntax: &T) -> usize {
    std::ptr::from_ref(syntax).addr()
}

/// The trait of an operator.
pub(crate) fn operator_name(op: &BinOp) -> Option<&'static str> {
    Some(match op {
        BinOp::Add(_) => "Add",
        BinOp::Sub(_) => "Sub",
        BinOp::Mul(_) => "Mul",
        BinOp::Div(_) => "Div",
        BinOp::Rem(_) => "Rem",
        BinOp::AddAssign(_) => "AddAssign",
        BinOp::SubAssign(_) => "SubAssign",
        BinOp::MulAssign(_) => "MulAssign",
        BinOp::DivAssign(_) => "DivAssign",
        _ => return None,
    })
}
