//! Statements, and control flow.

use syn::{Block, Expr, Stmt};

use super::expression::label;
use super::{Machine, Run, Stop, Val, panic, text, unknown};
use crate::support::dual::Num;

impl<T: Num> Machine<'_, T> {
    pub(super) fn block(&mut self, block: &Block) -> Run<T> {
        self.scope(|machine| {
            let mut last = Val::Unit;
            for stmt in &block.stmts {
                last = machine.stmt(stmt)?;
            }
            Ok(last)
        })
    }

    /// Runs something whose variables go out of scope afterwards.
    pub(super) fn scope<V>(&mut self, run: impl FnOnce(&mut Self) -> Run<T, V>) -> Run<T, V> {
        let before = self.variables.len();
        let result = run(self);
        self.variables.truncate(before);
        result
    }

    fn stmt(&mut self, stmt: &Stmt) -> Run<T> {
        match stmt {
            Stmt::Expr(expr, None) => self.expr(expr),
            Stmt::Expr(expr, Some(_)) => self.expr(expr).map(|_| Val::Unit),
            Stmt::Macro(mac) => self.run_macro(&mac.mac),
            Stmt::Item(syn::Item::Const(item)) => {
                let value = self.expr(&item.expr)?;
                self.variables.push((item.ident.to_string(), value));
                Ok(Val::Unit)
            }
            Stmt::Item(item) => Err(unknown(&text(item))),
            Stmt::Local(local) => {
                if let (syn::Pat::Ident(name), Some(init)) = (&local.pat, &local.init)
                    && let Expr::Closure(closure) = &*init.expr
                {
                    self.closures.push((name.ident.to_string(), closure.clone()));
                    return Ok(Val::Unit);
                }
                let value = match &local.init {
                    Some(init) => self.expr(&init.expr)?,
                    None => Val::Unit,
                };
                if self.matches(&local.pat, &value)? {
                    return Ok(Val::Unit);
                }
                match local.init.as_ref().and_then(|init| init.diverge.as_ref()) {
                    Some((_, diverge)) => self.expr(diverge),
                    None => Err(unknown(&text(local))),
                }
            }
        }
    }

    pub(super) fn conditional(&mut self, e: &syn::ExprIf) -> Run<T> {
        let taken = self.scope(|machine| {
            if machine.holds(&e.cond)? { machine.block(&e.then_branch).map(Some) } else { Ok(None) }
        })?;
        match (taken, &e.else_branch) {
            (Some(value), _) => Ok(value),
            (None, Some((_, branch))) => self.expr(branch),
            (None, None) => Ok(Val::Unit),
        }
    }

    pub(super) fn matching(&mut self, e: &syn::ExprMatch) -> Run<T> {
        let value = self.value(&e.expr)?;
        for arm in &e.arms {
            let run = |machine: &mut Self| {
                let taken = machine.matches(&arm.pat, &value)?;
                if taken { machine.expr(&arm.body).map(Some) } else { Ok(None) }
            };
            if let Some(result) = self.scope(run)? {
                return Ok(result);
            }
        }
        Err(unknown("a value that no arm matches"))
    }

    pub(super) fn labelled_block(&mut self, e: &syn::ExprBlock) -> Run<T> {
        let name = e.label.as_ref().map(|name| label(&name.name));
        match self.block(&e.block) {
            Err(Stop::Break(Some(to), value)) if Some(&to) == name.as_ref() => Ok(value),
            other => other,
        }
    }

    pub(super) fn endless(&mut self, e: &syn::ExprLoop) -> Run<T> {
        loop {
            if let Some(value) = self.iteration(e.label.as_ref(), &e.body)? {
                return Ok(value);
            }
        }
    }

    pub(super) fn while_loop(&mut self, e: &syn::ExprWhile) -> Run<T> {
        loop {
            let run = |machine: &mut Self| {
                if !machine.holds(&e.cond)? {
                    return Ok(Some(Val::Unit));
                }
                machine.iteration(e.label.as_ref(), &e.body)
            };
            if let Some(value) = self.scope(run)? {
                return Ok(value);
            }
        }
    }

    pub(super) fn for_loop(&mut self, e: &syn::ExprForLoop) -> Run<T> {
        let of = self.expr(&e.expr)?;
        let items = self.items(of)?;
        for item in items {
            let run = |machine: &mut Self| {
                if !machine.matches(&e.pat, &item)? {
                    return Err(unknown(&text(&e.pat)));
                }
                machine.iteration(e.label.as_ref(), &e.body)
            };
            if let Some(value) = self.scope(run)? {
                return Ok(value);
            }
        }
        Ok(Val::Unit)
    }

    /// One iteration; the value of the loop if it ends here.
    fn iteration(&mut self, name: Option<&syn::Label>, body: &Block) -> Run<T, Option<Val<T>>> {
        self.fuel = self.fuel.checked_sub(1).ok_or_else(|| unknown("a long run"))?;
        let mine = |to: &Option<String>| match to {
            None => true,
            Some(to) => name.is_some_and(|name| label(&name.name) == *to),
        };
        match self.block(body) {
            Ok(_) => Ok(None),
            Err(Stop::Continue(to)) if mine(&to) => Ok(None),
            Err(Stop::Break(to, value)) if mine(&to) => Ok(Some(value)),
            Err(stop) => Err(stop),
        }
    }

    pub(super) fn run_macro(&mut self, mac: &syn::Macro) -> Run<T> {
        match text(&mac.path).as_str() {
            "panic" | "unreachable" => Err(panic(text(mac))),
            "assert" | "debug_assert" => {
                let args = mac.parse_body_with(
                    syn::punctuated::Punctuated::<Expr, syn::Token![,]>::parse_terminated,
                );
                let Some(cond) = args.ok().and_then(|args| args.first().cloned()) else {
                    return Err(unknown(&text(mac)));
                };
                if self.holds(&cond)? { Ok(Val::Unit) } else { Err(panic(text(mac))) }
            }
            "vec" => {
                let elements = &mac.tokens;
                let array = syn::parse2::<Expr>(quote::quote!([#elements]));
                self.expr(&array.map_err(|_| unknown(&text(mac)))?)
            }
            _ => Err(unknown(&text(mac))),
        }
    }
}
