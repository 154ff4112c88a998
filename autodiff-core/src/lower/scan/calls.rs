//! What operators, methods and functions do that are passed through.

use proc_macro2::Span;
use syn::Expr;
use syn::spanned::Spanned;

use super::Scan;
use crate::diagnostics::Refusal;
use crate::ir::{BindingId, Effect, Ty};
use crate::lower::methods::{INERT_METHODS, READING_METHODS, changes_receiver};
use crate::rules::Op;
use crate::structure::mentions::mentioned;

impl Scan<'_, '_> {
    /// What a part does, the whole does.
    pub(super) fn include(&mut self, part: Scan<'_, '_>) {
        for read in part.reads {
            if !self.reads.contains(&read) {
                self.reads.push(read);
            }
        }
        for write in part.writes {
            self.write(write);
        }
        self.active |= part.active;
        self.flows |= part.flows;
        if let Some((refusal, span)) = part.refusal {
            self.refuse(refusal, span);
        }
    }

    pub(super) fn exit(&mut self, what: &'static str, span: Span) {
        if self.closures == 0 {
            self.refuse(Refusal::Exit(what), span);
        }
    }

    pub(super) fn binary(&mut self, e: &syn::ExprBinary) {
        match crate::lower::expr::arithmetic(&e.op) {
            _ if crate::lower::is_compound(&e.op) => self.write_root(&e.left),
            Some(_) if self.is_float(&e.left) || self.is_float(&e.right) => {}
            // Integer arithmetic may overflow.
            Some(_) => self.add_effect(Effect::MayPanic),
            None => {}
        }
    }

    /// `v.len()` of an array, a slice or a `Vec`: nothing of what is in it is read.
    pub(super) fn counts_items(&self, call: &syn::ExprMethodCall) -> bool {
        matches!(call.method.to_string().as_str(), "len" | "is_empty")
            && self.is_sequence(&call.receiver)
    }

    /// A table method on what is known to be a float is pure; any other may do anything to a
    /// receiver that is `mut` or a `&mut`.
    pub(super) fn method(&mut self, e: &syn::ExprMethodCall) {
        let at_statement = std::mem::take(&mut self.at_statement);
        let name = e.method.to_string();
        // `from_bits` makes a float of them again.
        if name == "to_bits" && self.comparisons == 0 && self.is_active_expr(&e.receiver) {
            self.refuse(Refusal::Method(name.clone()), e.method.span());
        }
        if name == "parse" && self.parses_active(&e.receiver) {
            self.refuse(Refusal::Method(name.clone()), e.method.span());
        }
        if INERT_METHODS.contains(&name.as_str()) {
            if !self.is_sequence(&e.receiver) {
                self.add_effect(Effect::MayPanic);
            }
            return;
        }
        if Op::from_method(&name).is_some() || name == "sin_cos" {
            if name == "clamp" || !self.is_float(&e.receiver) {
                self.add_effect(Effect::MayPanic);
            }
            return;
        }
        if READING_METHODS.contains(&name.as_str()) {
            self.add_effect(Effect::MayPanic);
            return;
        }
        // What counts or finds items changes none of them.
        let changes = |word: &String| word.ends_with("_mut") || word == "drain";
        if crate::chain::is_inert_end(e) && !mentioned(&e.receiver).iter().any(changes) {
            self.add_effect(Effect::MayPanic);
            return;
        }
        self.effect = Effect::Any;
        if let Some(binding) = self.root(&e.receiver)
            && (self.lowerer.may_write_through(binding) || self.lowerer.is_container(binding))
            && (at_statement
                || !self.lowered
                || changes_receiver(&name)
                || self.lowerer.changes_alone(e)
                || !self.has_companions(binding))
        {
            self.write(binding);
        }
        // An iterator of `std` calls its closures, and keeps nothing of what they read; so does a
        // sort.
        if crate::chain::is_iterator(&e.receiver) || crate::lower::rearrange::reorders(&name) {
            return;
        }
        let flows =
            |arg: &Expr| !crate::lower::receiver::is_stopped(arg) && self.is_active_expr(arg);
        let carried = e.args.iter().any(flows);
        if carried && !self.is_active_expr(&e.receiver) {
            self.refuse(Refusal::Method(name), e.method.span());
        }
    }

    /// Whether what is read as a number may be the text of something active.
    fn parses_active(&self, text: &Expr) -> bool {
        let names = crate::structure::mentions::mentioned(text);
        let mut texts = self.lowerer.evidence().texts_in(&names);
        let is_active = |binding: BindingId| {
            let version = self.lowerer.scopes.version(self.lowerer.aliased(binding));
            version.is_some_and(|version| self.lowerer.is_active(version))
        };
        self.is_active_expr(text)
            || texts.any(|given| self.mentioned(given.clone()).into_iter().any(is_active))
    }

    /// Whether a method of this variable is called through its companions: only what is active is.
    fn has_companions(&self, binding: BindingId) -> bool {
        let version = self.lowerer.scopes.version(self.lowerer.aliased(binding));
        version.is_some_and(|version| {
            let ty = self.lowerer.ty(version).behind_refs();
            self.lowerer.is_active(version) && matches!(ty, Ty::Named(_) | Ty::Unknown)
        })
    }

    /// Whether an expression is a variable known to be an array, a slice or a `Vec`.
    fn is_sequence(&self, expr: &Expr) -> bool {
        let version = self.root(expr).and_then(|binding| self.lowerer.scopes.version(binding));
        matches!(expr, Expr::Path(_))
            && version.is_some_and(|version| {
                let ty = self.lowerer.ty(version).behind_refs();
                matches!(ty, Ty::Array(..) | Ty::Slice(_) | Ty::Vec(_))
            })
    }

    /// A callee may write through every `&mut` that it is given.
    pub(super) fn function_call(&mut self, e: &syn::ExprCall) {
        // What a value that a jump delivers is at first.
        if e.args.is_empty() && crate::lower::call::calls(e, "Default", &["default"]) {
            return;
        }
        if crate::lower::option::constructed(e).is_some() {
            return;
        }
        if let (Expr::Path(path), Some(text)) = (&*e.func, e.args.first())
            && path.path.segments.last().is_some_and(|last| last.ident == "from_str")
            && self.parses_active(text)
        {
            self.refuse(Refusal::Method("from_str".to_owned()), path.path.span());
        }
        self.effect = Effect::Any;
        for arg in &e.args {
            let place = match arg {
                Expr::Reference(borrow) => &*borrow.expr,
                arg => arg,
            };
            if let Some(binding) = self.root(place)
                && (self.lowerer.is_container(binding)
                    || matches!(arg, Expr::Path(_)) && self.lowerer.is_mut_reference(binding))
            {
                self.write(binding);
            }
        }
    }
}
