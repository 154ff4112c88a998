//! Calls: of a function, its split, its pullback, and the tangents of these.

use std::rc::Rc;

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
        match &call.form {
            CallForm::Primal | CallForm::Split if call.is_tangent() => {
                self.call_tangent(&name, call)
            }
            CallForm::Primal | CallForm::Split => self.call_primal(&name, call),
            CallForm::Pullback { record, y_bar, y_bar_dots, targets } => {
                let Value::Record(args, dots) = self.get(*record)?.clone() else {
                    return Err(self.get(*record)?.is_not("a record"));
                };
                let seeds: Vec<_> =
                    std::iter::once(Some(*y_bar)).chain(y_bar_dots.iter().copied()).collect();
                self.call_pullback(&name, call, (args, dots), (&seeds, targets))
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

    /// The same, and then the tangents of `y` and the record, by component.
    fn call_tangent(&mut self, name: &str, call: &Call) -> Result<Vec<Value>, EvalError> {
        let times = call.components().ilog2();
        let derived = (Derived::Primal, Derived::Tangent as fn(u32) -> Derived);
        let functions = self.module.tangents(name, derived, times)?;
        let (Some(primal), Some(tangent)) = (functions.first(), functions.last()) else {
            return Err(missing(0));
        };
        let args = self.cloned(&call.args)?;
        let mut dots = Vec::new();
        for (at, dot) in call.dots.iter().enumerate() {
            let at = at % call.args.len();
            dots.push(match (write_place(call, at), dot, args.get(at)) {
                (Some(place), _, _) => self.load(place)?,
                (None, Some(dot), _) => self.get(*dot)?.clone(),
                (None, None, arg) => arg.map_or(Value::Default, Value::zero_tangent),
            });
        }
        let mut all = args.clone();
        dots.chunks(args.len()).for_each(|dots| all.extend(active_of(primal, dots)));
        let outputs = components(&functions, &eval(self.module, tangent, &all)?)?;
        let mut outputs = outputs.chunks(primal.outputs.len());
        let first = outputs.next().unwrap_or_default();
        let record = split(call).then_some(Value::Record(args, dots));
        let mut results = vec![value_of(primal, first)];
        results.extend(record.clone());
        results.extend(self.written(call, primal, first)?);
        for dots in outputs {
            results.push(value_of(primal, dots));
            results.extend(record.clone());
            for (write, place) in call.writes.iter().zip(&call.dot_places) {
                let dot = output(primal, dots, Output::Exit(write.arg)).cloned();
                self.store(place, &dot.ok_or_else(|| missing(write.arg))?)?;
            }
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

    /// The cotangents that are results, by component; the others are added to their places.
    fn call_pullback(
        &mut self,
        name: &str,
        call: &Call,
        (mut args, mut dots): (Vec<Value>, Vec<Value>),
        (seeds, targets): (&[Option<ValueId>], &[Target]),
    ) -> Result<Vec<Value>, EvalError> {
        let times = seeds.len().ilog2();
        let derived = (Derived::Adjoint, Derived::TangentOfAdjoint as fn(u32) -> Derived);
        let functions = self.module.tangents(name, derived, times)?;
        let (Some(adjoint), Some(tangent)) = (functions.first(), functions.last()) else {
            return Err(missing(0));
        };
        let returns = self.module.primal(name)?.outputs.contains(&Output::Value);
        let count = call.args.len();
        // The targets are those of each component; where there is only one list, no target is a
        // place, and it holds for all.
        let targets_of = |component: usize| {
            let own = targets.get(component * count..(component + 1) * count);
            own.unwrap_or(targets)
        };
        dots.resize_with((seeds.len() - 1) * count, || Value::Default);
        args.extend(dots);
        let first = seeds.first().copied().flatten().ok_or_else(|| missing(0))?;
        let mut first = self.get(first)?.clone();
        if returns && matches!(first, Value::Default) {
            first = self.zero_of_returned(name, args.get(..count).unwrap_or_default())?;
        }
        let mut all = Vec::new();
        for (component, seed) in seeds.iter().enumerate() {
            let mut own: Vec<Value> =
                args.iter().skip(component * count).take(count).cloned().collect();
            if returns && component == 0 {
                own.push(first.clone());
            } else if returns {
                let seed = seed.map(|seed| self.get(seed).cloned()).transpose()?;
                own.push(seed.unwrap_or_else(|| first.zero_tangent()));
            }
            own.extend(self.exchanged(targets_of(component))?);
            all.extend(if component == 0 { own } else { active_of(adjoint, &own) });
        }
        let outputs = components(&functions, &eval(self.module, tangent, &all)?)?;
        let mut results = Vec::new();
        for (component, outputs) in outputs.chunks(adjoint.outputs.len()).enumerate() {
            results.extend(self.distribute(adjoint, outputs, targets_of(component))?);
        }
        Ok(results)
    }

    /// The cotangent of a result that nothing reads.
    fn zero_of_returned(&self, name: &str, args: &[Value]) -> Result<Value, EvalError> {
        let primal = self.module.primal(name)?;
        let outputs = eval(self.module, &primal, args)?;
        Ok(value_of(&primal, &outputs).zero_tangent())
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

/// The outputs of the first of these functions and all their tangents, by component: from the
/// outputs of the last, where each is the tangent of the one before.
fn components(functions: &[Rc<Function>], outputs: &[Value]) -> Result<Vec<Value>, EvalError> {
    let [before @ .., of, tangent] = functions else { return Ok(outputs.to_vec()) };
    let lower = outputs.get(..of.outputs.len()).unwrap_or_default();
    let upper = tangents_of(of, tangent, outputs)?;
    let functions: Vec<Rc<Function>> = [before, &[Rc::clone(of)]].concat();
    Ok([components(&functions, lower)?, components(&functions, &upper)?].concat())
}

/// The tangents of the outputs of `of`, each in that output's place. A result that does not depend
/// on the arguments has no tangent there, and zero here.
fn tangents_of(
    of: &Function,
    tangent: &Function,
    outputs: &[Value],
) -> Result<Vec<Value>, EvalError> {
    let own = tangent.outputs.iter().zip(outputs).skip(of.outputs.len());
    let dot = |n| {
        let dot = own.clone().find(|(output, _)| **output == Output::Tangent(n));
        dot.map(|(_, dot)| dot.clone()).or_else(|| outputs.get(n).map(Value::zero_tangent))
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
