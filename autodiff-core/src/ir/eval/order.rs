//! Orders that the user's own sorting finds, and rotating.

use quote::ToTokens;
use syn::{Expr, ExprClosure, ExprMethodCall, Stmt};

use super::call::split;
use super::source::{Env, Local, last_segment, unsupported};
use super::{EvalError, Frame, Value, number};
use crate::ir::{Call, CallForm};

/// Methods that sort by a comparison. What is sorted as a whole has each element at its place.
const SORTS: [&str; 3] = ["sort_by", "sort_unstable_by", "select_nth_unstable_by"];

impl Frame<'_> {
    /// A call of the runtime's `order` or `moved`: the places that the elements come from; nothing
    /// if it is one of another function.
    pub(super) fn order(
        &mut self,
        name: &str,
        call: &Call,
    ) -> Result<Option<Vec<Value>>, EvalError> {
        if !matches!(name, "order" | "moved") || matches!(call.form, CallForm::Pullback { .. }) {
            return Ok(None);
        }
        let args = self.cloned(&call.args)?;
        let [of, Value::Closure(text, known)] = args.as_slice() else { return Ok(None) };
        let locals = known.iter().cloned();
        let locals = locals.map(|(name, fields, value)| Local::new(name, fields, value)).collect();
        let found = Env::new(self.module, locals).order(name, of, text)?;
        let dot = found.zero_tangent();
        let record = split(call).then_some(Value::Record(args, Vec::new()));
        let mut results = vec![found];
        results.extend(record.clone());
        for _ in 1..call.components() {
            results.push(dot.clone());
            results.extend(record.clone());
        }
        Ok(Some(results))
    }
}

impl Env<'_> {
    /// Such a call that is passed through as tokens.
    pub(super) fn order_of(&mut self, call: &syn::ExprCall) -> Result<Option<Value>, EvalError> {
        let (Expr::Path(path), Some(of), Some(Expr::Closure(closure))) =
            (&*call.func, call.args.first(), call.args.last())
        else {
            return Ok(None);
        };
        let name = last_segment(&path.path);
        if !matches!(name.as_str(), "order" | "moved") {
            return Ok(None);
        }
        let of = self.expr(of)?;
        self.order(&name, &of, &closure.to_token_stream().to_string()).map(Some)
    }

    /// `order(&xs[..], |it| { it.sort_by(f); })` and `moved(n, |it| it.rotate_left(k))`.
    fn order(&mut self, name: &str, of: &Value, closure: &str) -> Result<Value, EvalError> {
        let parsed = syn::parse_str::<ExprClosure>(closure);
        let parsed = parsed.map_err(|_| EvalError::Unsupported(closure.to_owned()))?;
        let moves = only_call(&parsed.body).ok_or_else(|| unsupported(&parsed))?;
        let order = match (name, of) {
            ("order", Value::Array(elements)) => self.sorted(elements, moves)?,
            _ => self.moved(number::len(of)?, moves)?,
        };
        Ok(Value::Array(order.into_iter().map(number::int).collect()))
    }

    /// A variable without a derivative that the user's tokens sort or rotate; nothing if a call
    /// does something else.
    pub(super) fn rearranged(&mut self, call: &ExprMethodCall) -> Result<Option<Value>, EvalError> {
        let by = ["rotate_left", "rotate_right"].contains(&call.method.to_string().as_str());
        if !by && !SORTS.contains(&call.method.to_string().as_str()) {
            return Ok(None);
        }
        let Value::Array(elements) = self.place(&call.receiver)?.clone() else {
            return Ok(None);
        };
        let order =
            if by { self.moved(elements.len(), call)? } else { self.sorted(&elements, call)? };
        let moved = order.iter().filter_map(|&at| elements.get(at).cloned()).collect();
        *self.place(&call.receiver)? = Value::Array(moved);
        Ok(Some(Value::Unit))
    }

    /// Sorted by insertion: equal elements stay as they are.
    fn sorted(
        &mut self,
        elements: &[Value],
        call: &ExprMethodCall,
    ) -> Result<Vec<usize>, EvalError> {
        let sorts = SORTS.contains(&call.method.to_string().as_str());
        let Some(f) = call.args.last().filter(|_| sorts) else { return Err(unsupported(call)) };
        let mut order: Vec<usize> = Vec::new();
        for (n, element) in elements.iter().enumerate() {
            let mut at = order.len();
            while let Some(before) = at.checked_sub(1)
                && let Some(other) = order.get(before).and_then(|&other| elements.get(other))
                && self.apply(f, &[other.clone(), element.clone()])?.int()? > 0
            {
                at = before;
            }
            order.insert(at, n);
        }
        Ok(order)
    }

    fn moved(&mut self, len: usize, call: &ExprMethodCall) -> Result<Vec<usize>, EvalError> {
        let by = call.args.first().ok_or_else(|| unsupported(call))?;
        let by = number::len(&self.expr(by)?)?;
        if by > len {
            return Err(EvalError::Panic(call.to_token_stream().to_string()));
        }
        let mut order: Vec<usize> = (0..len).collect();
        match call.method.to_string().as_str() {
            "rotate_left" => order.rotate_left(by),
            "rotate_right" => order.rotate_right(by),
            _ => return Err(unsupported(call)),
        }
        Ok(order)
    }
}

/// The method call that a closure's body is.
fn only_call(body: &Expr) -> Option<&ExprMethodCall> {
    match body {
        Expr::MethodCall(call) => Some(call),
        Expr::Block(of) => match of.block.stmts.as_slice() {
            [Stmt::Expr(Expr::MethodCall(call), _)] => Some(call),
            _ => None,
        },
        _ => None,
    }
}
