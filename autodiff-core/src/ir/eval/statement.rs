//! Statements and control flow in the user's own tokens.

use proc_macro2::TokenStream;
use syn::punctuated::Punctuated;
use syn::{Block, Expr, Stmt, Token};

use super::source::{Env, Local, field_path, last_segment, unsupported};
use super::{EvalError, Value, number};

impl Env<'_> {
    pub(super) fn block(&mut self, block: &Block) -> Result<Value, EvalError> {
        let mark = self.mark();
        let value = self.statements(&block.stmts);
        self.leave(mark);
        value
    }

    /// A closure called where it is written.
    pub(super) fn inline(
        &mut self,
        closure: &syn::ExprClosure,
        args: &[Value],
    ) -> Result<Value, EvalError> {
        let mark = self.mark();
        for (pattern, arg) in closure.inputs.iter().zip(args) {
            let bound = self.matches(pattern, arg)?;
            self.bind(bound.ok_or_else(|| unsupported(closure))?);
        }
        let value = self.expr(&closure.body);
        self.leave(mark);
        value
    }

    fn statements(&mut self, stmts: &[Stmt]) -> Result<Value, EvalError> {
        let mut last = Value::Unit;
        for stmt in stmts {
            last = self.stmt(stmt)?;
            if self.is_breaking() {
                break;
            }
        }
        Ok(last)
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result<Value, EvalError> {
        match stmt {
            Stmt::Expr(expr, None) => self.expr(expr),
            Stmt::Expr(expr, Some(_)) => self.expr(expr).map(|_| Value::Unit),
            Stmt::Macro(mac) => self.macro_call(&mac.mac),
            Stmt::Local(local) => self.local(local).map(|()| Value::Unit),
            Stmt::Item(syn::Item::Const(item)) => {
                let value = self.expr(&item.expr)?;
                self.bind(vec![Local::new(item.ident.to_string(), Vec::new(), value)]);
                Ok(Value::Unit)
            }
            Stmt::Item(_) => Ok(Value::Unit),
        }
    }

    fn local(&mut self, local: &syn::Local) -> Result<(), EvalError> {
        let Some(init) = &local.init else {
            return self.late(&local.pat);
        };
        if let Expr::Reference(of) = &*init.expr
            && of.mutability.is_some()
        {
            let syn::Pat::Ident(name) = &local.pat else { return Err(unsupported(&local.pat)) };
            let lent = self.lend(name.ident.to_string(), &of.expr);
            return lent.ok_or_else(|| unsupported(&local.pat));
        }
        let value = self.expr(&init.expr)?;
        match self.matches(&local.pat, &value)? {
            Some(bound) => self.bind(bound),
            None => return Err(unsupported(local)),
        }
        Ok(())
    }

    /// `let a;`
    fn late(&mut self, pattern: &syn::Pat) -> Result<(), EvalError> {
        let bound = self.matches(pattern, &Value::Unit)?;
        self.bind(bound.unwrap_or_default());
        Ok(())
    }

    /// A statement that the compiler keeps as tokens: an item, or `let … else`. What it binds
    /// stays bound.
    pub(super) fn verbatim(&mut self, tokens: &TokenStream) -> Result<Value, EvalError> {
        let stmt = syn::parse2::<Stmt>(tokens.clone()).map_err(|_| unsupported(tokens))?;
        self.stmt(&stmt)
    }

    pub(super) fn if_expr(&mut self, conditional: &syn::ExprIf) -> Result<Value, EvalError> {
        let mark = self.mark();
        let value = if self.condition(&conditional.cond)? {
            self.block(&conditional.then_branch)
        } else {
            self.leave(mark);
            let branch = conditional.else_branch.as_ref();
            branch.map_or(Ok(Value::Unit), |(_, branch)| self.expr(branch))
        };
        self.leave(mark);
        value
    }

    pub(super) fn match_expr(&mut self, matching: &syn::ExprMatch) -> Result<Value, EvalError> {
        let value = self.expr(&matching.expr)?;
        let choice = self.choose_arm(&matching.arms, &value)?;
        let arm = matching.arms.get(choice.arm).ok_or_else(|| unsupported(matching))?;
        let mark = self.mark();
        self.bind(choice.bound);
        let value = self.expr(&arm.body);
        self.leave(mark);
        value
    }

    pub(super) fn assign(&mut self, assign: &syn::ExprAssign) -> Result<Value, EvalError> {
        let value = self.expr(&assign.right)?;
        self.assign_to(&assign.left, value)?;
        Ok(Value::Unit)
    }

    fn assign_to(&mut self, left: &Expr, value: Value) -> Result<(), EvalError> {
        match (left, value) {
            (Expr::Infer(_), _) => Ok(()),
            (Expr::Tuple(places), Value::Tuple(parts)) => {
                let mut pairs = places.elems.iter().zip(parts);
                pairs.try_for_each(|(place, part)| self.assign_to(place, part))
            }
            (place, value) => match (self.place(place), field_path(place)) {
                (Ok(slot), _) => {
                    *slot = value;
                    Ok(())
                }
                (Err(_), Some((name, fields))) => {
                    self.assign_unread(name, fields, value);
                    Ok(())
                }
                (Err(error), None) => Err(error),
            },
        }
    }

    /// `place op= value`; numbers evaluate the right side first.
    pub(super) fn op_assign(&mut self, binary: &syn::ExprBinary) -> Result<Value, EvalError> {
        let right = self.expr(&binary.right)?;
        let slot = self.place(&binary.left)?;
        *slot = number::binary(&binary.op, slot, &right)?;
        Ok(Value::Unit)
    }

    /// Macros that panic or check; those that only print are left out.
    pub(super) fn macro_call(&mut self, mac: &syn::Macro) -> Result<Value, EvalError> {
        let name = last_segment(&mac.path);
        let tokens = &mac.tokens;
        let args = || mac.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated);
        match name.as_str() {
            "panic" | "unreachable" | "todo" | "unimplemented" => {
                Err(EvalError::Panic(format!("{name}!({})", mac.tokens)))
            }
            "assert" | "debug_assert" => {
                let args = args().map_err(|_| unsupported(mac))?;
                let holds = args.first().map_or(Ok(true), |cond| self.expr(cond)?.bool())?;
                let failed = || EvalError::Panic(format!("{name}!({})", mac.tokens));
                if holds { Ok(Value::Unit) } else { Err(failed()) }
            }
            "vec" => {
                if let Ok(repeat) = syn::parse2::<syn::ExprRepeat>(quote::quote!([#tokens])) {
                    return self.expr(&Expr::Repeat(repeat));
                }
                let args = args().map_err(|_| unsupported(mac))?;
                let elements = args.iter().map(|element| self.expr(element));
                Ok(Value::Array(elements.collect::<Result<_, EvalError>>()?))
            }
            "println" | "eprintln" | "print" | "eprint" | "dbg" => Ok(Value::Unit),
            _ => Err(unsupported(mac)),
        }
    }
}
