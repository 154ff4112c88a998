//! Calls: of a function, its split, its pullback, and the tangents of these.

use super::module::Derived;
use super::source::last_segment;
use super::{EvalError, Frame, Value, eval};
use crate::ir::{Call, CallForm, Function, Output, Target, ValueId};

impl Frame<'_> {
    pub(super) fn call(&mut self, call: &Call) -> Result<Vec<Value>, EvalError> {
        let name = callee_name(&call.callee)?;
        if !call.writes.is_empty() {
            return Err(EvalError::Unsupported("a call with `&mut` arguments".to_owned()));
        }
        let tangent = !call.dots.is_empty();
        match &call.form {
            CallForm::Primal if tangent => self.call_tangent(&name, call),
            CallForm::Primal => self.call_primal(&name, call),
            CallForm::Split if tangent => {
                let results = self.call_tangent(&name, call)?;
                let (primal, dots) = results.split_at(results.len() / 2);
                Ok([primal, &[Value::Record], dots, &[Value::Record]].concat())
            }
            CallForm::Split => {
                let mut results = self.call_primal(&name, call)?;
                results.push(Value::Record);
                Ok(results)
            }
            CallForm::Pullback { record, y_bar, y_bar_dot, targets } => {
                self.get(*record)?;
                let seed = (*y_bar, *y_bar_dot);
                self.call_pullback(&name, call, seed, targets)
            }
        }
    }

    /// `y`
    fn call_primal(&mut self, name: &str, call: &Call) -> Result<Vec<Value>, EvalError> {
        let primal = self.module.primal(name)?;
        eval(self.module, &primal, &self.cloned(&call.args)?)
    }

    /// `y, y_dot`
    fn call_tangent(&mut self, name: &str, call: &Call) -> Result<Vec<Value>, EvalError> {
        let primal = self.module.primal(name)?;
        let tangent = self.module.get(name, Derived::Tangent)?;
        let mut args = self.cloned(&call.args)?;
        let dots = self.tangents(&primal, &args, &call.dots)?;
        args.extend(dots);
        let mut outputs = eval(self.module, &tangent, &args)?;
        // A result that does not depend on the arguments has no tangent there, and zero here.
        let dots = tangents_of(&primal, &tangent, &outputs)?;
        outputs.truncate(primal.outputs.len());
        outputs.extend(dots);
        Ok(outputs)
    }

    /// The cotangents that are results; the others are added to their places.
    fn call_pullback(
        &mut self,
        name: &str,
        call: &Call,
        (y_bar, y_bar_dot): (ValueId, Option<ValueId>),
        targets: &[Target],
    ) -> Result<Vec<Value>, EvalError> {
        let adjoint = self.module.get(name, Derived::Adjoint)?;
        let mut args = self.cloned(&call.args)?;
        args.push(self.get(y_bar)?.clone());
        if call.dots.is_empty() {
            let outputs = eval(self.module, &adjoint, &args)?;
            return self.distribute(&adjoint, &outputs, targets);
        }
        let tangent = self.module.get(name, Derived::TangentOfAdjoint)?;
        let mut dots = call.dots.clone();
        dots.push(y_bar_dot);
        let dots = self.tangents(&adjoint, &args, &dots)?;
        args.extend(dots);
        let outputs = eval(self.module, &tangent, &args)?;
        // The targets of a tangent are those of the cotangents, then those of their tangents; where
        // there is only one list, no target is a place, and it holds for both.
        let (first, second) = if targets.len() == 2 * call.args.len() {
            targets.split_at(call.args.len())
        } else {
            (targets, targets)
        };
        let mut results = self.distribute(&adjoint, &outputs, first)?;
        let dots = tangents_of(&adjoint, &tangent, &outputs)?;
        results.extend(self.distribute(&adjoint, &dots, second)?);
        Ok(results)
    }

    /// The tangents of the active parameters; what the call leaves out is zero.
    fn tangents(
        &self,
        function: &Function,
        args: &[Value],
        dots: &[Option<ValueId>],
    ) -> Result<Vec<Value>, EvalError> {
        let params = function.params.iter().zip(args).zip(dots);
        let active = params.filter(|((param, _), _)| function.is_active(**param));
        let tangent = |((_, arg), dot): ((_, &Value), &Option<ValueId>)| match dot {
            Some(dot) => self.get(*dot).cloned(),
            None => Ok(arg.zero_tangent()),
        };
        active.map(tangent).collect()
    }

    fn distribute(
        &mut self,
        adjoint: &Function,
        outputs: &[Value],
        targets: &[Target],
    ) -> Result<Vec<Value>, EvalError> {
        let mut results = Vec::new();
        for (n, target) in targets.iter().enumerate() {
            let cotangent = output(adjoint, outputs, Output::Cotangent(n));
            let missing = || EvalError::Broken(format!("no cotangent of argument {n}"));
            match target {
                Target::Value => results.push(cotangent.ok_or_else(missing)?.clone()),
                Target::Place(place) => {
                    let cotangent = cotangent.ok_or_else(missing)?.clone();
                    self.change(place, &mut |part| part.add_tangent(&cotangent))?;
                }
                Target::Exchange(_) | Target::Ignore => {}
            }
        }
        Ok(results)
    }
}

/// The tangents of the outputs of `of`, each in that output's place.
fn tangents_of(
    of: &Function,
    tangent: &Function,
    outputs: &[Value],
) -> Result<Vec<Value>, EvalError> {
    let dot = |n| {
        let dot = output(tangent, outputs, Output::Tangent(n));
        dot.cloned().or_else(|| outputs.get(n).map(Value::zero_tangent))
    };
    let dots: Option<Vec<Value>> = (0..of.outputs.len()).map(dot).collect();
    dots.ok_or_else(|| EvalError::Broken("a tangent lacks outputs of its function".to_owned()))
}

fn output<'v>(function: &Function, outputs: &'v [Value], wanted: Output) -> Option<&'v Value> {
    let at = function.outputs.iter().position(|output| *output == wanted)?;
    outputs.get(at)
}

/// The name of a callee in its module: the last segment of its path.
fn callee_name(callee: &syn::Expr) -> Result<String, EvalError> {
    match callee {
        syn::Expr::Path(path) => Ok(last_segment(&path.path)),
        syn::Expr::Paren(inner) => callee_name(&inner.expr),
        syn::Expr::Group(inner) => callee_name(&inner.expr),
        _ => Err(super::source::unsupported(callee)),
    }
}
