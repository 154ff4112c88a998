//! `#[grad(rules(libm::erf = my::erf))]`: calls of foreign functions, by the rules of others.

use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Expr, ExprCall, ExprPath, Path};

use super::call::{name_of_owned, unparenthesised};
use super::operand::Operand;
use super::{Lowered, Lowerer, plain_name};
use crate::diagnostics::{Diagnostics, Refusal};
use crate::options::ForeignRule;

impl Lowerer<'_> {
    /// The function whose rule stands for that of a foreign one.
    pub(super) fn rule_of(&self, path: &ExprPath) -> Option<Path> {
        let rule = self.rules.iter().find(|rule| is_of(path, &rule.foreign))?;
        Some(rule.rule.clone())
    }

    /// A call of a foreign function: its value, and the derivatives of the rule.
    pub(super) fn foreign_call<'e>(
        &mut self,
        expr: &'e Expr,
        call: &'e ExprCall,
        rule: Path,
    ) -> Lowered<Operand<'e>> {
        if let Some(arg) = call.args.iter().find(|arg| self.is_lent(arg)) {
            return self.refuse(&Refusal::RuleParameter, arg.span());
        }
        let name = match unparenthesised(&call.func) {
            Expr::Path(path) => name_of_owned(path),
            _ => String::new(),
        };
        let rule = Expr::Path(ExprPath { attrs: Vec::new(), qself: None, path: rule });
        self.call_by(expr, call, (Box::new(rule), Some(call.func.clone())), &name)
    }
}

/// Reports rules of functions that are not called.
pub(crate) fn check_rules(rules: &[ForeignRule], body: &syn::Block, diagnostics: &mut Diagnostics) {
    for rule in rules {
        let mut calls = Calls { of: &rule.foreign, found: false };
        calls.visit_block(body);
        if !calls.found {
            let refusal = Refusal::UnusedRule(spelled(&rule.foreign));
            diagnostics.refuse(&refusal, rule.foreign.span());
        }
    }
}

struct Calls<'r> {
    of: &'r Path,
    found: bool,
}

impl<'ast> Visit<'ast> for Calls<'_> {
    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        self.found |=
            matches!(unparenthesised(&call.func), Expr::Path(path) if is_of(path, self.of));
        syn::visit::visit_expr_call(self, call);
    }
}

/// Whether a call names a function as the rule does.
fn is_of(path: &ExprPath, foreign: &Path) -> bool {
    path.qself.is_none()
        && path.path.segments.len() == foreign.segments.len()
        && path.path.leading_colon.is_some() == foreign.leading_colon.is_some()
        && path
            .path
            .segments
            .iter()
            .zip(&foreign.segments)
            .all(|(one, other)| plain_name(&one.ident) == plain_name(&other.ident))
}

/// A path in a message.
pub(crate) fn spelled(path: &Path) -> String {
    let names: Vec<String> =
        path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let start = if path.leading_colon.is_some() { "::" } else { "" };
    format!("{start}{}", names.join("::"))
}
