//! Operands: what a lowered expression is, before it is known whether anything active uses it.

use proc_macro2::{Delimiter, Span, TokenStream};
use quote::ToTokens;
use syn::Expr;
use syn::spanned::Spanned;

use super::{Lowered, Lowerer};
use crate::ir::Form;
use crate::ir::{Active, Effect, FloatTy, Kind, Literal, Piece, Syntax, Ty, ValueId};

/// A lowered expression.
pub(crate) enum Operand<'e> {
    /// Needs no derivative, and no instruction unless an active one uses it.
    Passive(Passive<'e>),
    /// A variable: its tokens are a complete expression.
    Read(ValueId, &'e Expr),
    /// The result of an instruction.
    Computed(ValueId, Wrap),
    /// A construct of type `()`.
    Nothing(Span),
}

/// An expression that is passed through as it is written.
pub(crate) struct Passive<'e> {
    pub(crate) expr: &'e Expr,
    pub(crate) reads: Vec<ValueId>,
    pub(crate) effect: Effect,
    pub(crate) ty: Ty,
}

/// Whether the user put parentheses around an expression.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrap {
    Bare,
    Parens,
}

/// Operands in order of evaluation, each with where its instructions would go.
pub(crate) type Marked<'e> = Vec<(Operand<'e>, usize)>;

impl Operand<'_> {
    pub(crate) fn is_passive(&self) -> bool {
        matches!(self, Operand::Passive(_))
    }
}

impl Lowerer<'_> {
    /// Lowers operands in order; all of them, so that each can report its errors.
    pub(crate) fn operands<'e>(
        &mut self,
        exprs: impl IntoIterator<Item = &'e Expr>,
    ) -> Lowered<Marked<'e>> {
        let mut marked = Vec::new();
        let mut refused = None;
        for expr in exprs {
            let mark = self.insts.len();
            match self.expr(expr) {
                Ok(operand) => marked.push((operand, mark)),
                Err(error) => refused = Some(error),
            }
        }
        refused.map_or(Ok(marked), Err)
    }

    /// Makes every operand a value, and gives the piece that prints it. A passive operand becomes
    /// an instruction at its place in the order of evaluation.
    pub(crate) fn settle(&mut self, marked: Marked<'_>) -> Vec<(ValueId, Piece)> {
        let mut settled = Vec::with_capacity(marked.len());
        for (operand, mark) in marked.into_iter().rev() {
            settled.push(self.settle_one(operand, mark));
        }
        settled.reverse();
        settled
    }

    fn settle_one(&mut self, operand: Operand<'_>, mark: usize) -> (ValueId, Piece) {
        match operand {
            Operand::Read(value, expr) => (value, Piece::Tokens(expr.to_token_stream())),
            Operand::Computed(value, Wrap::Bare) => (value, Piece::Value(value)),
            Operand::Computed(value, Wrap::Parens) => (value, Piece::Parens(value)),
            Operand::Nothing(span) => {
                let value = self.never(span);
                (value, Piece::Group(Delimiter::Parenthesis, Vec::new()))
            }
            Operand::Passive(passive) => {
                let value = self.opaque(passive, mark);
                (value, Piece::Value(value))
            }
        }
    }

    /// An index as a value: a variable is read as it is.
    pub(crate) fn settle_index(&mut self, operand: Operand<'_>, mark: usize) -> (ValueId, Piece) {
        if let Operand::Passive(passive) = &operand
            && let (Expr::Path(_), [read]) = (passive.expr, passive.reads.as_slice())
            // An integer that came with something active and may be marked as that is.
            && !self.is_active(*read)
        {
            return (*read, Piece::Tokens(passive.expr.to_token_stream()));
        }
        match self.settle_one(operand, mark) {
            (value, Piece::Parens(_)) => (value, Piece::Value(value)),
            settled => settled,
        }
    }

    /// One operand as a value, in a place where it needs no parentheses.
    pub(crate) fn settled(&mut self, operand: Operand<'_>) -> (ValueId, Piece) {
        let mark = self.insts.len();
        match self.settle_one(operand, mark) {
            (value, Piece::Parens(_)) => (value, Piece::Value(value)),
            settled => settled,
        }
    }

    /// The instruction of a passive expression, inserted at `mark`.
    fn opaque(&mut self, passive: Passive<'_>, mark: usize) -> ValueId {
        let span = passive.expr.span();
        let hint = passive_hint(passive.expr);
        let value = self.value(passive.ty, &hint, span, Active::No);
        let kind = self.constant(passive.expr).map_or_else(
            || Kind::Opaque {
                expr: Box::new(passive.expr.clone()),
                reads: passive.reads,
                effect: passive.effect,
            },
            |number| Kind::Const(Literal::Number(number)),
        );
        let syntax = Some(expression(vec![self.passed_through(passive.expr)]));
        let at = mark.min(self.insts.len());
        self.insts.insert(at, crate::ir::Inst { results: vec![value], kind, syntax, span });
        value
    }

    /// The number that an expression is, as far as it is written: `2.0`, `T::from_f64(2.0)`.
    fn constant(&self, expr: &Expr) -> Option<f64> {
        let Expr::Call(call) = expr else { return number(expr) };
        let Expr::Path(path) = &*call.func else { return None };
        let Some(FloatTy::Param(_)) = self.float_segment(path) else { return None };
        match (super::call::name_of_owned(path).as_str(), call.args.first()) {
            ("zero", None) => Some(0.0),
            ("one", None) => Some(1.0),
            ("from_f64", Some(literal)) => number(literal),
            _ => None,
        }
    }

    /// An `Opaque` for an integer constant that has no tokens: the index of an array pattern.
    pub(crate) fn constant_index(&mut self, n: usize, span: Span) -> ValueId {
        let literal = proc_macro2::Literal::usize_unsuffixed(n);
        let lit = syn::Lit::new(literal);
        let expr = Expr::Lit(syn::ExprLit { attrs: Vec::new(), lit });
        let kind = Kind::Opaque { expr: Box::new(expr), reads: Vec::new(), effect: Effect::Pure };
        self.push_value((Ty::Inert, &format!("index_{n}"), Active::No), kind, None, span)
    }

    /// A value that is never looked at: what an arm that panics yields.
    pub(crate) fn never(&mut self, span: Span) -> ValueId {
        let kind = Kind::Const(Literal::Number(0.0));
        self.push_value((Ty::Float(FloatTy::Inferred), "never", Active::No), kind, None, span)
    }
}

/// The syntax of an expression.
pub(crate) fn expression(pieces: Vec<Piece>) -> Syntax {
    Syntax { pieces, form: Form::Expr }
}

/// The syntax of a statement.
pub(crate) fn statement(pieces: Vec<Piece>) -> Syntax {
    Syntax { pieces, form: Form::Stmt }
}

/// A piece of tokens.
pub(crate) fn tokens(node: impl ToTokens) -> Piece {
    Piece::Tokens(node.to_token_stream())
}

/// Pieces with commas between them.
pub(crate) fn commas(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut list = Vec::with_capacity(2 * pieces.len());
    let one = pieces.len() == 1;
    for piece in pieces {
        if !list.is_empty() {
            list.push(comma());
        }
        list.push(piece);
    }
    if one {
        list.push(comma());
    }
    list
}

fn comma() -> Piece {
    Piece::Tokens(TokenStream::from(proc_macro2::TokenTree::from(proc_macro2::Punct::new(
        ',',
        proc_macro2::Spacing::Alone,
    ))))
}

/// The number that an unsuffixed float literal stands for, sign included.
fn number(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Float(float), .. })
            if float.suffix().is_empty() =>
        {
            float.base10_parse().ok()
        }
        Expr::Unary(syn::ExprUnary { op: syn::UnOp::Neg(_), expr, .. }) => {
            number(expr).map(|number| -number)
        }
        Expr::Paren(inner) => number(&inner.expr),
        Expr::Group(inner) => number(&inner.expr),
        _ => None,
    }
}

/// A name for a passive expression that has to be kept.
fn passive_hint(expr: &Expr) -> String {
    match expr {
        Expr::Paren(inner) => passive_hint(&inner.expr),
        Expr::Reference(inner) => passive_hint(&inner.expr),
        Expr::Path(path) => path.path.segments.last().map_or_else(
            || "value".to_owned(),
            |segment| super::plain_name(&segment.ident).to_lowercase(),
        ),
        Expr::Index(index) => match &*index.index {
            Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(n), .. }) => {
                format!("{}_{}", passive_hint(&index.expr), n.base10_digits())
            }
            _ => format!("{}_element", passive_hint(&index.expr)),
        },
        Expr::Field(field) => match &field.member {
            syn::Member::Named(name) => super::plain_name(name),
            syn::Member::Unnamed(n) => format!("{}_{}", passive_hint(&field.base), n.index),
        },
        Expr::MethodCall(call) => super::plain_name(&call.method),
        Expr::Call(call) => passive_hint(&call.func),
        Expr::Binary(binary) if is_condition(&binary.op) => "condition".to_owned(),
        _ => "constant".to_owned(),
    }
}

fn is_condition(op: &syn::BinOp) -> bool {
    matches!(op, syn::BinOp::And(_) | syn::BinOp::Or(_)) || is_comparison(op)
}

/// Whether an operator compares: a yes or no is left of its operands.
pub(crate) fn is_comparison(op: &syn::BinOp) -> bool {
    use syn::BinOp::{Eq, Ge, Gt, Le, Lt, Ne};
    matches!(op, Eq(_) | Ne(_) | Lt(_) | Le(_) | Gt(_) | Ge(_))
}
