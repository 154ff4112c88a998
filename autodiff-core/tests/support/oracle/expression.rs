//! Expressions.

use syn::punctuated::Punctuated;
use syn::{BinOp, Expr, Lit, Member, Token, UnOp};

use super::operator::cast;
use super::{Machine, Run, Stop, Val, index, text, unknown};
use crate::support::dual::{Num, Unary};

impl<T: Num> Machine<'_, T> {
    pub(super) fn expr(&mut self, expr: &Expr) -> Run<T> {
        match expr {
            Expr::Paren(e) => self.expr(&e.expr),
            Expr::Group(e) => self.expr(&e.expr),
            Expr::Reference(e) if e.mutability.is_none() => self.value(&e.expr),
            Expr::Reference(e) => self.borrow(&e.expr),
            Expr::Lit(e) => literal(&e.lit),
            Expr::Path(e) => self.variable(&e.path),
            Expr::Unary(e) => self.unary(e),
            Expr::Binary(e) => self.binary(e),
            Expr::Cast(e) => cast(&self.value(&e.expr)?, &text(&e.ty)),
            Expr::Tuple(e) if e.elems.is_empty() => Ok(Val::Unit),
            Expr::Tuple(e) => self.exprs(&e.elems).map(Val::Tuple),
            Expr::Array(e) => self.values(&e.elems).map(Val::Array),
            Expr::Repeat(e) => self.repeated(&e.expr, &e.len),
            Expr::Index(_) | Expr::Field(_) => self.part(expr),
            Expr::MethodCall(e) => self.method_call(e),
            Expr::Call(e) => self.call_expr(e),
            Expr::Range(e) => self.range(e),
            Expr::Assign(e) => {
                let value = self.expr(&e.right)?;
                self.assign(&e.left, value)?;
                Ok(Val::Unit)
            }
            Expr::If(e) => self.conditional(e),
            Expr::Match(e) => self.matching(e),
            Expr::Let(e) => {
                let value = self.expr(&e.expr)?;
                self.matches(&e.pat, &value).map(Val::Bool)
            }
            Expr::Block(e) => self.labelled_block(e),
            Expr::Loop(e) => self.endless(e),
            Expr::While(e) => self.while_loop(e),
            Expr::ForLoop(e) => self.for_loop(e),
            Expr::Break(e) => {
                let value = e.expr.as_ref().map_or(Ok(Val::Unit), |value| self.expr(value))?;
                Err(Stop::Break(e.label.as_ref().map(label), value))
            }
            Expr::Continue(e) => Err(Stop::Continue(e.label.as_ref().map(label))),
            Expr::Return(e) => {
                let value = e.expr.as_ref().map_or(Ok(Val::Unit), |value| self.expr(value))?;
                Err(Stop::Return(value))
            }
            Expr::Macro(e) => self.run_macro(&e.mac),
            other => Err(unknown(&text(other))),
        }
    }

    pub(super) fn exprs(&mut self, exprs: &Punctuated<Expr, Token![,]>) -> Run<T, Vec<Val<T>>> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    /// Evaluates an expression whose value is read.
    pub(super) fn value(&mut self, expr: &Expr) -> Run<T> {
        let value = self.expr(expr)?;
        self.read(value)
    }

    pub(super) fn values(&mut self, exprs: &Punctuated<Expr, Token![,]>) -> Run<T, Vec<Val<T>>> {
        exprs.iter().map(|expr| self.value(expr)).collect()
    }

    pub(super) fn int(&mut self, expr: &Expr) -> Run<T, i128> {
        match self.value(expr)? {
            Val::Int(n) => Ok(n),
            _ => Err(unknown(&format!("integer `{}`", text(expr)))),
        }
    }

    /// A condition; what its `let`s bind stays in scope.
    pub(super) fn holds(&mut self, cond: &Expr) -> Run<T, bool> {
        match self.value(cond)? {
            Val::Bool(holds) => Ok(holds),
            _ => Err(unknown(&format!("condition `{}`", text(cond)))),
        }
    }

    fn variable(&mut self, path: &syn::Path) -> Run<T> {
        use std::f64::consts;
        let slot = path.get_ident().and_then(|ident| self.slot(&ident.to_string()));
        if let Some((_, value)) = slot.and_then(|slot| self.variables.get(slot)) {
            return Ok(value.clone());
        }
        let name = text(path).replace(' ', "");
        if name == "None" {
            return Ok(Val::Items(Vec::new()));
        }
        let constant = match name.as_str() {
            "f64::NEG_INFINITY" => f64::NEG_INFINITY,
            "f64::INFINITY" => f64::INFINITY,
            "std::f64::consts::PI" => consts::PI,
            "std::f64::consts::E" => consts::E,
            "std::f64::consts::LN_2" => consts::LN_2,
            other => return Err(unknown(&format!("variable `{other}`"))),
        };
        Ok(Val::Float(T::from_f64(constant)))
    }

    fn unary(&mut self, e: &syn::ExprUnary) -> Run<T> {
        let value = self.value(&e.expr)?;
        match (&e.op, value) {
            (UnOp::Deref(_), value) => Ok(value),
            (UnOp::Neg(_), Val::Float(x)) => Ok(self.computed(x.unary(Unary::Neg))),
            (UnOp::Neg(_), Val::Int(n)) => Ok(Val::Int(-n)),
            (UnOp::Not(_), Val::Bool(b)) => Ok(Val::Bool(!b)),
            _ => Err(unknown(&text(e))),
        }
    }

    fn binary(&mut self, e: &syn::ExprBinary) -> Run<T> {
        match e.op {
            BinOp::And(_) => Ok(Val::Bool(self.holds(&e.left)? && self.holds(&e.right)?)),
            BinOp::Or(_) => Ok(Val::Bool(self.holds(&e.left)? || self.holds(&e.right)?)),
            BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::MulAssign(_)
            | BinOp::DivAssign(_)
            | BinOp::RemAssign(_) => {
                // Of two primitive numbers, the right side is evaluated first.
                let right = self.value(&e.right)?;
                let Some(place) = self.place_of(&e.left)? else { return Err(unknown(&text(e))) };
                let left = self.load(&place)?;
                let result = self.operate(&e.op, &left, &right)?;
                self.store(&place, result)?;
                Ok(Val::Unit)
            }
            _ => {
                let left = self.value(&e.left)?;
                let right = self.value(&e.right)?;
                self.operate(&e.op, &left, &right)
            }
        }
    }

    /// `[element; len]`
    pub(super) fn repeated(&mut self, element: &Expr, len: &Expr) -> Run<T> {
        let element = self.value(element)?;
        let len = index(self.int(len)?, usize::MAX)?;
        Ok(Val::Array(vec![element; len]))
    }

    /// A part of an aggregate: where it is, or of a temporary.
    fn part(&mut self, expr: &Expr) -> Run<T> {
        if let Some(place) = self.place_of(expr)? {
            return self.load(&place);
        }
        match expr {
            Expr::Index(e) => self.pick(&e.expr, &e.index),
            Expr::Field(e) => match (self.value(&e.base)?, &e.member) {
                (Val::Tuple(fields), Member::Unnamed(n)) => {
                    fields.get(n.index as usize).cloned().ok_or_else(|| unknown(&text(e)))
                }
                _ => Err(unknown(&text(e))),
            },
            other => Err(unknown(&text(other))),
        }
    }

    fn method_call(&mut self, e: &syn::ExprMethodCall) -> Run<T> {
        if let Some(result) = self.place_method(e)? {
            return Ok(result);
        }
        if let Some(result) = self.chain_method(e)? {
            return Ok(result);
        }
        let of = self.value(&e.receiver)?;
        let args = self.values(&e.args)?;
        self.method(&e.method.to_string(), &of, &args)
    }

    fn call_expr(&mut self, e: &syn::ExprCall) -> Run<T> {
        if let Expr::Path(path) = &*e.func {
            let name = text(&path.path).replace(' ', "");
            if name == "Some" || name.starts_with("std::iter::") {
                let last = e.args.last().filter(|last| matches!(last, Expr::Closure(_)));
                let values = e.args.iter().filter(|arg| !matches!(arg, Expr::Closure(_)));
                let values = values.map(|arg| self.value(arg)).collect::<Run<T, Vec<_>>>()?;
                let made = self.made(&name, &values, last)?;
                return made.ok_or_else(|| unknown(&name));
            }
            if let Some(shape) = name.strip_prefix("std::array::from_fn::<") {
                return self.from_fn(shape, &e.args[0]);
            }
            let known = self.closures.iter().rev().find(|(known, _)| *known == name);
            if let Some((_, closure)) = known.cloned() {
                let args = self.exprs(&e.args)?;
                return self.inline(&closure, args);
            }
        }
        let args = self.exprs(&e.args)?;
        if let Some(closure) = closure(&e.func) {
            return self.inline(closure, args);
        }
        let path = match &*e.func {
            Expr::Path(path) => text(&path.path).replace(' ', ""),
            other => return Err(unknown(&text(other))),
        };
        match (path.as_str(), args.as_slice()) {
            ("f64::from", [value]) => cast(&self.read(value.clone())?, "f64"),
            ("Vec::new", []) => Ok(Val::Array(Vec::new())),
            (method, [of, rest @ ..]) if method.starts_with("f64::") => {
                let rest = rest.iter().map(|arg| self.read(arg.clone()));
                let rest = rest.collect::<Run<T, Vec<Val<T>>>>()?;
                let of = self.read(of.clone())?;
                self.method(&method["f64::".len()..], &of, &rest)
            }
            _ => {
                self.fuel = self.fuel.checked_sub(1).ok_or_else(|| unknown("a long run"))?;
                self.call(path.rsplit("::").next().unwrap_or_default(), args)
            }
        }
    }

    /// A closure called where it is written.
    pub(super) fn inline(&mut self, closure: &syn::ExprClosure, args: Vec<Val<T>>) -> Run<T> {
        self.scope(|machine| {
            for (pattern, arg) in closure.inputs.iter().zip(args) {
                if !machine.matches(pattern, &arg)? {
                    return Err(unknown(&text(pattern)));
                }
            }
            machine.expr(&closure.body)
        })
    }

    fn range(&mut self, e: &syn::ExprRange) -> Run<T> {
        let start = e.start.as_ref().map(|start| self.int(start)).transpose()?;
        let end = e.end.as_ref().map(|end| self.int(end)).transpose()?;
        Ok(match e.limits {
            syn::RangeLimits::HalfOpen(_) => Val::Range(start, end),
            syn::RangeLimits::Closed(_) => Val::Range(start, end.map(|end| end + 1)),
        })
    }
}

fn literal<T: Num>(lit: &Lit) -> Run<T> {
    let value = match lit {
        Lit::Bool(b) => Some(Val::Bool(b.value)),
        Lit::Float(x) => x.base10_parse::<f64>().ok().map(|x| Val::Float(T::from_f64(x))),
        Lit::Int(n) if n.suffix() == "f64" => {
            n.base10_digits().parse::<f64>().ok().map(|x| Val::Float(T::from_f64(x)))
        }
        Lit::Int(n) => n.base10_digits().parse().ok().map(Val::Int),
        _ => None,
    };
    value.ok_or_else(|| unknown(&text(lit)))
}

fn closure(callee: &Expr) -> Option<&syn::ExprClosure> {
    match callee {
        Expr::Paren(inner) => closure(&inner.expr),
        Expr::Closure(closure) => Some(closure),
        _ => None,
    }
}

pub(super) fn label(lifetime: &syn::Lifetime) -> String {
    lifetime.ident.to_string()
}
