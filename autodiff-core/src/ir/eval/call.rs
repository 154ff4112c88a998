//! Calls: of a function, its split, its pullback, and the tangents of these.

use super::module::Derived;
use super::source::last_segment;
use super::{EvalError, Frame, Value, eval};
use crate::ir::{Call, CallForm, Function, Output, Place, Target, ValueId};

impl Frame<'_> {
    pub(super) fn call(&mut self, call: &Call) -> Result<Vec<Value>, EvalError> {
        let name = callee_name(&call.callee)?;
        if let Some(order) = self.order(&name, call)? {
            return Ok(order);
        }
        if call.components() > 2 {
            return Err(EvalError::Unsupported(format!("third derivatives through `{name}`")));
        }
        match &call.form {
            CallForm::Primal | CallForm::Split if call.is_tangent() => {
                self.call_tangent(&name, call)
            }
            CallForm::Primal | CallForm::Split => self.call_primal(&name, call),
            CallForm::Pullback { record, y_bar, y_bar_dots, targets } => {
                let Value::Record(args, dots) = self.get(*record)?.clone() else {
                    return Err(self.get(*record)?.is_not("a record"));
                };
                let seed = (*y_bar, y_bar_dots.first().copied().flatten());
                self.call_pullback(&name, call, (args, dots), (seed, targets))
            }
        }
    }

    /// `y`, what the pullback needs, and the variables that are written.
    fn call_primal(&mut self, name: &str, call: &Call) -> Result<Vec<Value>, EvalError> {
        let primal = self.module.primal(name)?;
        let args = self.cloned(&call.args)?;
        let outputs = eval(self.module, &primal, &args)?;
        let mut results = vec![value_of(&primal, &outputs)];
        results.extend(split(call).then_some(Value::Record(args, Vec::new())));
        results.extend(self.written(call, &primal, &outputs)?);
        Ok(results)
    }

    /// The same, and then the tangents of `y` and the record.
    fn call_tangent(&mut self, name: &str, call: &Call) -> Result<Vec<Value>, EvalError> {
        let primal = self.module.primal(name)?;
        let tangent = self.module.get(name, Derived::Tangent)?;
        let args = self.cloned(&call.args)?;
        let mut dots = Vec::new();
        for ((at, arg), dot) in args.iter().enumerate().zip(&call.dots) {
            dots.push(match (write_place(call, at), dot) {
                (Some(place), _) => self.load(place)?,
                (None, Some(dot)) => self.get(*dot)?.clone(),
                (None, None) => arg.zero_tangent(),
            });
        }
        let all = [args.as_slice(), &active_of(&primal, &dots)].concat();
        let outputs = eval(self.module, &tangent, &all)?;
        // A result that does not depend on the arguments has no tangent there, and zero here.
        let output_dots = tangents_of(&primal, &tangent, &outputs)?;
        let record = split(call).then_some(Value::Record(args, dots));
        let mut results = vec![value_of(&primal, &outputs)];
        results.extend(record.clone());
        results.extend(self.written(call, &primal, &outputs)?);
        results.push(value_of(&primal, &output_dots));
        results.extend(record);
        for (write, place) in call.writes.iter().zip(&call.dot_places) {
            let dot = output(&primal, &output_dots, Output::Exit(write.arg)).cloned();
            self.store(place, &dot.ok_or_else(|| missing(write.arg))?)?;
        }
        Ok(results)
    }

    /// The variables of the `&mut` arguments after a call.
    fn written(
        &mut self,
        call: &Call,
        primal: &Function,
        outputs: &[Value],
    ) -> Result<Vec<Value>, EvalError> {
        let mut versions = Vec::new();
        for write in &call.writes {
            let exit = output(primal, outputs, Output::Exit(write.arg)).cloned();
            let exit = exit.ok_or_else(|| missing(write.arg))?;
            versions.push(self.replaced(write.of, &write.path, exit)?);
        }
        Ok(versions)
    }

    /// The cotangents that are results; the others are added to their places.
    fn call_pullback(
        &mut self,
        name: &str,
        call: &Call,
        (mut args, mut dots): (Vec<Value>, Vec<Value>),
        ((y_bar, y_bar_dot), targets): ((ValueId, Option<ValueId>), &[Target]),
    ) -> Result<Vec<Value>, EvalError> {
        let primal = self.module.primal(name)?;
        let adjoint = self.module.get(name, Derived::Adjoint)?;
        let returns = primal.outputs.contains(&Output::Value);
        // The targets of a tangent are those of the cotangents, then those of their tangents; where
        // there is only one list, no target is a place, and it holds for both.
        let twice = targets.len() == 2 * call.args.len();
        let (first, second) =
            if twice { targets.split_at(call.args.len()) } else { (targets, targets) };
        if returns {
            args.push(self.get(y_bar)?.clone());
        }
        args.extend(self.exchanged(first)?);
        if !call.is_tangent() && y_bar_dot.is_none() {
            let outputs = eval(self.module, &adjoint, &args)?;
            return self.distribute(&adjoint, &outputs, first);
        }
        let tangent = self.module.get(name, Derived::TangentOfAdjoint)?;
        dots.resize_with(call.args.len(), || Value::Default);
        if returns {
            let dot = y_bar_dot.map(|dot| self.get(dot).cloned()).transpose()?;
            dots.push(dot.unwrap_or(self.get(y_bar)?.zero_tangent()));
        }
        if twice {
            dots.extend(self.exchanged(second)?);
        }
        args.extend(active_of(&adjoint, &dots));
        let outputs = eval(self.module, &tangent, &args)?;
        let mut results = self.distribute(&adjoint, &outputs, first)?;
        let dots = tangents_of(&adjoint, &tangent, &outputs)?;
        results.extend(self.distribute(&adjoint, &dots, second)?);
        Ok(results)
    }

    /// What the places of the `&mut` arguments hold.
    fn exchanged(&mut self, targets: &[Target]) -> Result<Vec<Value>, EvalError> {
        let mut held = Vec::new();
        for target in targets {
            if let Target::Exchange(place) = target {
                held.push(self.load(place)?);
            }
        }
        Ok(held)
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
            let cotangent = cotangent.cloned().ok_or_else(|| missing(n));
            match target {
                Target::Value => results.push(cotangent?),
                Target::Place(place) => {
                    let cotangent = cotangent?;
                    self.change(place, &mut |part| part.add_tangent(&cotangent))?;
                }
                Target::Exchange(place) => self.store(place, &cotangent?)?,
                Target::Ignore => {}
            }
        }
        Ok(results)
    }
}

pub(super) fn split(call: &Call) -> bool {
    matches!(call.form, CallForm::Split)
}

/// The place of the tangent of an argument that is a `&mut`.
fn write_place(call: &Call, arg: usize) -> Option<&Place> {
    let at = call.writes.iter().position(|write| write.arg == arg)?;
    call.dot_places.get(at)
}

/// What a function returns.
fn value_of(function: &Function, outputs: &[Value]) -> Value {
    output(function, outputs, Output::Value).cloned().unwrap_or(Value::Unit)
}

/// Those that belong to active parameters.
fn active_of(function: &Function, dots: &[Value]) -> Vec<Value> {
    let params = function.params.iter().zip(dots);
    params.filter(|(param, _)| function.is_active(**param)).map(|(_, dot)| dot.clone()).collect()
}

fn missing(n: usize) -> EvalError {
    EvalError::Broken(format!("a call gives nothing for argument {n}"))
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
