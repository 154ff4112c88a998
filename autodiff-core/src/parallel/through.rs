//! What a sum captures and cannot be copied is lent to its functions: closures read it through a reference.

use syn::Expr;
use syn::visit_mut::{self, VisitMut};

use super::mention::is;

/// What was a variable is a reference to it: inside of closures `&v` becomes `v`, and an argument `v`
/// becomes `*v`. What reads a part of it does so through the reference.
pub(super) struct Through(pub(super) Vec<String>);

impl Through {
    fn is_lent(&self, expr: &Expr) -> bool {
        self.0.iter().any(|name| matches!(expr, Expr::Path(_)) && is(expr, name))
    }

    fn reach<'e>(&self, arguments: impl Iterator<Item = &'e mut Expr>) {
        for argument in arguments {
            if self.is_lent(argument) {
                *argument = syn::parse_quote!(*#argument);
            }
        }
    }
}

impl VisitMut for Through {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Closure(closure) => {
                visit_mut::visit_expr_mut(&mut Inside(self), &mut closure.body);
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }
}

/// Inside of a closure.
struct Inside<'t>(&'t Through);

impl VisitMut for Inside<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Reference(of) if self.0.is_lent(&of.expr) => *expr = (*of.expr).clone(),
            _ => {
                match expr {
                    Expr::Call(of) => self.0.reach(of.args.iter_mut()),
                    Expr::MethodCall(of) => self.0.reach(of.args.iter_mut()),
                    Expr::Tuple(of) => self.0.reach(of.elems.iter_mut()),
                    _ => {}
                }
                visit_mut::visit_expr_mut(self, expr);
            }
        }
    }
}
