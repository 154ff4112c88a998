//! Literals in the partials of a generic function: nobody but the macro sees them, so `1.0` is one of
//! the function's own type.

use proc_macro2::Ident;
use syn::visit_mut::{VisitMut, visit_expr_call_mut, visit_expr_mut};
use syn::{Expr, ExprCall, ExprLit, Lit};

use super::{Partials, Rule};
use crate::lower::Signature;

/// A rule whose literals have the type that the function computes with.
pub(super) fn lifted(rule: Rule, signature: &Signature) -> Rule {
    let Rule::Partials(Partials { result, mut list }) = rule else { return rule };
    if let Some(float) = signature.only_float() {
        list.iter_mut().for_each(|partial| Lift { float }.visit_expr_mut(partial));
    }
    Rule::Partials(Partials { result, list })
}

struct Lift<'a> {
    float: &'a Ident,
}

impl VisitMut for Lift<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::Lit(ExprLit { lit: Lit::Float(literal), .. }) = expr
            && literal.suffix().is_empty()
        {
            let (float, site) = (self.float, literal.span());
            *expr = syn::parse_quote_spanned!(site=> #float::from_f64(#literal));
            return;
        }
        visit_expr_mut(self, expr);
    }

    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        // `T::from_f64(2.0)` and `f64::from(2.0)` take the literal as it is.
        let Expr::Path(path) = &*call.func else { return visit_expr_call_mut(self, call) };
        let last = path.path.segments.last().map(|last| last.ident.to_string());
        if !matches!(last.as_deref(), Some("from_f64" | "from")) {
            visit_expr_call_mut(self, call);
        }
    }
}
