//! The user's tokens where a derivative runs them again: `i + 1`, `table[k]`, `n`.

use quote::ToTokens;
use syn::Expr;

use super::key::Key;
use super::rewrite::Rewriter;
use crate::ir::{Effect, Inst, Kind, ValueId};

impl Rewriter {
    /// Tokens that a transform lets run again: not where they give what is there already.
    pub(crate) fn run_again(&mut self, inst: Inst, result: ValueId) {
        // A variable of the user's is bound again, as the tokens that read it know it by its name.
        let is_variable = self.function.values[result].home.is_some();
        let known = self.variable(&inst.kind);
        let key = self.key_of_tokens(&inst.kind);
        let known = known.or_else(|| key.as_ref().and_then(|key| self.facts.known(key)));
        if let Some(known) = known.filter(|_| !is_variable) {
            self.replace(result, known);
        } else {
            self.push_generated(inst);
            key.into_iter().for_each(|key| self.facts.share(key, result));
        }
    }

    /// The variable that tokens are nothing but the name of.
    fn variable(&self, kind: &Kind) -> Option<ValueId> {
        let Kind::Opaque { expr, reads, .. } = kind else { return None };
        let (Expr::Path(path), &[read]) = (&**expr, reads.as_slice()) else { return None };
        let home = self.function.values[read].home.as_ref()?;
        let name = &self.function.bindings[home.binding].ident;
        (home.fields.is_empty() && path.path.get_ident() == Some(name)).then_some(read)
    }

    /// What tells tokens that give the same: they read the same, and may run twice.
    fn key_of_tokens(&self, kind: &Kind) -> Option<Key> {
        let Kind::Opaque { expr, reads, effect: Effect::Pure | Effect::MayPanic } = kind else {
            return None;
        };
        if reads.is_empty() || !is_arithmetic(expr) {
            return None;
        }
        let reads = reads.iter().map(|&read| self.facts.representative(read)).collect();
        Some(Key::Tokens(expr.to_token_stream().to_string(), reads))
    }
}

/// Whether tokens give a number or a `bool`, which can be read twice.
fn is_arithmetic(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) | Expr::Lit(_) => true,
        Expr::Paren(of) => is_arithmetic(&of.expr),
        Expr::Group(of) => is_arithmetic(&of.expr),
        Expr::Cast(of) => is_arithmetic(&of.expr),
        Expr::Field(of) => is_arithmetic(&of.base),
        Expr::Unary(of) => is_arithmetic(&of.expr),
        Expr::Index(of) => is_arithmetic(&of.expr) && is_arithmetic(&of.index),
        Expr::Binary(of) => is_arithmetic(&of.left) && is_arithmetic(&of.right),
        Expr::MethodCall(of) => {
            of.method == "len" && of.args.is_empty() && is_arithmetic(&of.receiver)
        }
        _ => false,
    }
}
