//! The index of an element as a sum: of the loop's index, a number, and what stays the same.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{BinOp, Expr, Lit};

use crate::ir::ValueId;
use crate::structure::mentions::mentioned;

/// What is added to the index of a loop and is no number: `i * n` in `i * n + j + 1`.
#[derive(Default)]
pub(super) struct Base {
    /// `None` where there is nothing.
    pub(super) expr: Option<Expr>,
    pub(super) reads: Vec<ValueId>,
    text: String,
}

impl PartialEq for Base {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text && self.reads == other.reads
    }
}

impl Base {
    /// Takes a sum apart that has the index of a loop as one of its parts.
    pub(super) fn of(
        sum: &Expr,
        reads: &[ValueId],
        (name, index): (&Ident, ValueId),
    ) -> Option<(Self, i64)> {
        let mut parts = Vec::new();
        collect(sum, false, &mut parts);
        let (mut by, mut indices, mut base) = (0, 0, None);
        for (negative, part) in parts {
            let is_index = matches!(part, Expr::Path(path) if path.path.is_ident(name));
            match (literal(part), negative) {
                (Some(number), false) => by += number,
                (Some(number), true) => by -= number,
                (None, false) if is_index => indices += 1,
                (None, false) if base.is_none() => base = Some(part.clone()),
                // Where numbers have no sign, another order could fail.
                (None, _) => return None,
            }
        }
        // Nothing else may move with it: `i * n + i`.
        let moves = |base: &Expr| mentioned(base).contains(&crate::lower::plain_name(name));
        if indices != 1 || base.as_ref().is_some_and(moves) {
            return None;
        }
        let reads: Vec<ValueId> = reads.iter().copied().filter(|&read| read != index).collect();
        let text = base.as_ref().map(|base| base.to_token_stream().to_string()).unwrap_or_default();
        Some((Self { expr: base, reads, text }, by))
    }
}

/// The parts of a sum, and whether they are taken away.
fn collect<'e>(sum: &'e Expr, negative: bool, parts: &mut Vec<(bool, &'e Expr)>) {
    match crate::lower::unparenthesised(sum) {
        Expr::Binary(of) if matches!(of.op, BinOp::Add(_) | BinOp::Sub(_)) => {
            collect(&of.left, negative, parts);
            collect(&of.right, negative != matches!(of.op, BinOp::Sub(_)), parts);
        }
        part => parts.push((negative, part)),
    }
}

/// The number that an expression is.
pub(super) fn literal(expr: &Expr) -> Option<i64> {
    match crate::lower::unparenthesised(expr) {
        Expr::Lit(of) => match &of.lit {
            Lit::Int(number) if number.suffix().is_empty() || number.suffix() == "usize" => {
                number.base10_parse().ok()
            }
            _ => None,
        },
        _ => None,
    }
}
