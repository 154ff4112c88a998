//! `let (a, b) = (x, y);` of values without a derivative: each variable is given its own, so that
//! it can be computed again, or moved, without the others.

use proc_macro2::Delimiter;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Expr, ExprTuple, Local, Pat, PatTuple};

use super::operand::{commas, statement, tokens};
use super::pattern::Bound;

use super::{Lowered, Lowerer};
use crate::ir::Piece;

impl Lowerer<'_> {
    /// Lowers such a `let`; `None` where it is another.
    pub(crate) fn let_each(&mut self, local: &Local, init: &Expr) -> Option<Lowered<()>> {
        let (Pat::Tuple(pattern), Expr::Tuple(values)) = (&local.pat, init) else { return None };
        let is_name = |part: &Pat| matches!(part, Pat::Ident(part) if part.by_ref.is_none() && part.subpat.is_none());
        let fits = pattern.elems.len() == values.elems.len() && pattern.elems.iter().all(is_name);
        if !fits || self.scan(|scan| scan.visit_expr(init)).active {
            return None;
        }
        Some(self.each(local, pattern, values))
    }

    fn each(&mut self, local: &Local, pattern: &PatTuple, values: &ExprTuple) -> Lowered<()> {
        let mut given = Vec::new();
        for value in &values.elems {
            let operand = self.expr(value)?;
            given.push(self.settled(operand));
        }
        let (mut bound, mut binders, mut pieces) = (Bound::default(), Vec::new(), Vec::new());
        for (part, (value, piece)) in pattern.elems.iter().zip(given) {
            binders.push(self.destructure(part, value, &mut bound)?);
            pieces.push(piece);
        }
        let list = |parts| Piece::Group(Delimiter::Parenthesis, commas(parts));
        let syntax = vec![
            tokens(local.let_token),
            list(binders),
            Piece::Tokens(local.init.as_ref().map(|init| init.eq_token).into_token_stream()),
            list(pieces),
            tokens(local.semi_token),
        ];
        self.bind(bound, statement(syntax), local.span());
        Ok(())
    }
}
