//! `?`, where the name of the return type says what it does.

use proc_macro2::Span;
use syn::{Expr, ExprTry, Pat, Stmt};

use super::Structurer;
use super::continuation::Cont;
use super::jumps::{Jump, JumpKind};
use super::mentions::holds;
use super::syntax;

/// What the function at hand returns.
#[derive(Clone, Copy)]
enum Outcome {
    Option,
    Result,
}

impl Outcome {
    /// The path of the variant that goes on, in `core`.
    fn success(self) -> [&'static str; 3] {
        match self {
            Outcome::Option => ["option", "Option", "Some"],
            Outcome::Result => ["result", "Result", "Ok"],
        }
    }
}

impl Structurer {
    /// `value?` in a function that returns an `Option` or a `Result`.
    pub(super) fn question(&mut self, expr: ExprTry, next: Cont) -> Vec<Stmt> {
        let jump = Jump { kind: JumpKind::Try, label: None, span: expr.question_token.span };
        let Some(outcome) = self.outcome() else {
            self.refused.push(jump.unstructured());
            return Vec::new();
        };
        if self.refuse_inside(&expr.expr) {
            return Vec::new();
        }
        match next {
            Cont::Then(then) if !then.is_free() && holds(&expr.expr) => {
                self.join(*then, |structurer, next| structurer.question(expr, next))
            }
            next => {
                self.site = syntax::site(jump.span);
                let (site, end) = (self.site, next.end());
                let value = self.names.fresh("value");
                let matched = self.nested(*expr.expr);
                let on = self.apply(syntax::variable(&value), next);
                let (failure, carried) = self.failure(outcome, site);
                let out = self.exit(&jump, Some(carried), end);
                let success = syntax::core_path(&outcome.success(), site);
                let success = syntax::variant_pattern(success, Some(value), site);
                let arms = vec![(success, on), (failure, out)];
                vec![Stmt::Expr(syntax::matching(matched, arms, site), None)]
            }
        }
    }

    /// The pattern of a failure, and what is returned then.
    fn failure(&mut self, outcome: Outcome, site: Span) -> (Pat, Expr) {
        match outcome {
            Outcome::Option => {
                let none = syntax::core_path(&["option", "Option", "None"], site);
                let value = syntax::path_expr(none.clone());
                (syntax::variant_pattern(none, None, site), value)
            }
            Outcome::Result => {
                let error = self.names.fresh("error");
                let err = syntax::core_path(&["result", "Result", "Err"], site);
                let from = syntax::core_path(&["convert", "From", "from"], site);
                let carried = syntax::call(from, Some(syntax::variable(&error)), site);
                let value = syntax::call(err.clone(), Some(carried), site);
                (syntax::variant_pattern(err, Some(error), site), value)
            }
        }
    }

    /// What the function at hand returns, by the name of its type.
    fn outcome(&self) -> Option<Outcome> {
        outcome(self.output.as_ref()?)
    }
}

/// Whether a type is a `Result`, by its name.
pub(super) fn is_result(ty: &syn::Type) -> bool {
    matches!(outcome(ty), Some(Outcome::Result))
}

fn outcome(ty: &syn::Type) -> Option<Outcome> {
    let syn::Type::Path(path) = ty else { return None };
    let name = &path.path.segments.last()?.ident;
    match () {
        () if name == "Option" => Some(Outcome::Option),
        () if name == "Result" => Some(Outcome::Result),
        () => None,
    }
}
