//! What does something else when it runs again, as far as tokens show it.
//!
//! The variables that a loop assigns are part of its state, so assigning them is none of that. What
//! a function does that is called, its author knows: the documentation of the option says what is
//! asked of it.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{Visit, visit_expr, visit_macro};
use syn::{Expr, ExprForLoop, Macro, Path};

use crate::lower::is_compound;

/// Macros that do nothing but look at their arguments, or make something of them.
const QUIET: [&str; 13] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "panic",
    "unreachable",
    "todo",
    "unimplemented",
    "vec",
    "matches",
    "format",
];

/// Functions of the standard library and of `rand` that never give the same twice.
const EVER_NEW: [&str; 4] = ["now", "random", "rng", "thread_rng"];

/// Methods by which a static changes that is no `static mut`: of atomics, cells, locks, thread-locals.
const CHANGES: [&str; 12] = [
    "borrow_mut",
    "compare_exchange",
    "compare_exchange_weak",
    "lock",
    "replace",
    "set",
    "store",
    "swap",
    "take",
    "update",
    "with",
    "write",
];

/// The first token in a loop that shows an effect.
pub(super) fn effect(of: &ExprForLoop) -> Option<Span> {
    let mut search = Search { found: None };
    search.visit_expr_for_loop(of);
    search.found
}

struct Search {
    found: Option<Span>,
}

impl Search {
    fn note(&mut self, span: Span) {
        self.found.get_or_insert(span);
    }
}

impl Visit<'_> for Search {
    fn visit_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Call(call) => {
                if let Expr::Path(of) = &*call.func
                    && of.path.segments.last().is_some_and(|last| is_one(&last.ident, &EVER_NEW))
                {
                    self.note(of.span());
                }
            }
            // A static can change through a shared reference.
            Expr::MethodCall(call) => {
                if let Expr::Path(of) = &*call.receiver
                    && is_static(&of.path)
                    && (is_one(&call.method, &CHANGES)
                        || call.method.to_string().starts_with("fetch_"))
                {
                    self.note(of.span());
                }
            }
            Expr::Assign(assign) => self.assigned(&assign.left),
            Expr::Binary(binary) if is_compound(&binary.op) => self.assigned(&binary.left),
            Expr::Unsafe(of) => self.note(of.unsafe_token.span()),
            _ => {}
        }
        visit_expr(self, expr);
    }

    fn visit_macro(&mut self, of: &Macro) {
        if !of.path.segments.last().is_some_and(|last| is_one(&last.ident, &QUIET)) {
            self.note(of.path.span());
        }
        visit_macro(self, of);
    }
}

impl Search {
    /// A static, by its name, belongs to no state.
    fn assigned(&mut self, place: &Expr) {
        match place {
            Expr::Path(of) if is_static(&of.path) => self.note(of.span()),
            Expr::Field(of) => self.assigned(&of.base),
            Expr::Index(of) => self.assigned(&of.expr),
            Expr::Paren(of) => self.assigned(&of.expr),
            Expr::Unary(of) => self.assigned(&of.expr),
            _ => {}
        }
    }
}

fn is_one(ident: &syn::Ident, of: &[&str]) -> bool {
    of.iter().any(|name| ident == name)
}

fn is_static(path: &Path) -> bool {
    let Some(last) = path.segments.last() else { return false };
    let name = last.ident.to_string();
    path.segments.len() > 1 || !name.chars().any(char::is_lowercase) && name.len() > 1
}
