//! The derivatives of a function at a point, each compared with another way to have it.

use autodiff_core::differentiate::{Seed, adjoint, tangent};
use autodiff_core::ir::eval::{EvalError, Module, Value, eval};
use autodiff_core::ir::{Function, Output, Ty};
use autodiff_core::lower::Signature;
use autodiff_runtime::check;

use crate::check::{floats, put};

/// A function that the interpreter runs, and where its derivatives are checked.
pub(crate) struct Checkpoint<'a> {
    module: &'a Module,
    primal: &'a Function,
    signature: &'a Signature,
    arguments: Vec<Value>,
    /// The primal and its gradient.
    adjoint: Function,
}

/// What was compared, and what came out: an error is a difference.
pub(crate) struct Part {
    pub(crate) title: &'static str,
    pub(crate) found: Result<String, String>,
}

impl<'a> Checkpoint<'a> {
    pub(crate) fn new(
        module: &'a Module,
        (primal, signature): (&'a Function, &'a Signature),
        arguments: Vec<Value>,
    ) -> Self {
        Self { module, primal, signature, arguments, adjoint: adjoint(primal, Seed::One) }
    }

    /// The gradient, against differences of the value.
    pub(crate) fn gradient(&self) -> Result<Part, EvalError> {
        let gradient = self.gradient_at(&self.arguments)?;
        // What can be run once can be run near by, unless the program panics there.
        self.run(self.primal, &self.arguments)?;
        let f = |x: &[f64]| {
            let result = self.run(self.primal, &self.moved(x)).ok();
            result.and_then(|values| values.first()?.float().ok()).unwrap_or(f64::NAN)
        };
        let found = match check::gradient(f, self.numbers().as_slice(), &gradient) {
            Ok(report) => Ok(report.to_string()),
            Err(report) => Err(report.to_string()),
        };
        Ok(Part { title: "gradient, against differences of the value", found })
    }

    /// The derivative in one direction, in both modes.
    pub(crate) fn modes(&self) -> Part {
        let v = check::direction(self.numbers().len(), 0);
        let pushforward = tangent(self.primal);
        let both = self.along(&pushforward, &self.arguments, &v).and_then(|values| {
            let labelled = pushforward.outputs.iter().zip(values);
            let mut dot = Vec::new();
            let mut tangents = labelled.filter(|(output, _)| self.is_tangent(**output));
            tangents.by_ref().for_each(|(_, value)| floats(&value, &mut dot));
            Ok((dot.first().copied().unwrap_or_default(), self.gradient_at(&self.arguments)?))
        });
        let found = match both {
            Ok((y_dot, gradient)) => match check::products(&1.0, &y_dot, &gradient, &v) {
                Ok(found) => Ok(format!("  {found}")),
                Err(found) => Err(format!("  {found}  <--")),
            },
            Err(error) => Ok(format!("  not checked: {error}")),
        };
        Part { title: "forward mode, against reverse mode", found }
    }

    /// Whether an output of the pushforward is the tangent of the value.
    fn is_tangent(&self, output: Output) -> bool {
        let Output::Tangent(n) = output else { return false };
        self.primal.outputs.get(n) == Some(&Output::Value)
    }

    /// A product with the Hessian, against differences of the gradient; and its symmetry.
    pub(crate) fn second(&self) -> Part {
        let title = "second derivatives in one direction, against differences of the gradient";
        let part = |found| Part { title, found };
        if self.signature.params.iter().any(|param| param.exit) {
            return part(Ok("  not checked: it writes through a `&mut` parameter".to_owned()));
        }
        if !matches!(self.signature.result, Some(Ty::Float(_))) {
            return part(Ok("  not checked: it may fail".to_owned()));
        }
        let gradient = &self.adjoint;
        let product = tangent(gradient);
        let product_at = |x: &[f64], v: &[f64]| {
            let values = self.along(&product, &self.moved(x), v)?;
            let labelled = product.outputs.iter().zip(values);
            let mut found = Vec::new();
            for (output, value) in labelled {
                if let Output::Tangent(n) = output
                    && matches!(gradient.outputs.get(*n), Some(Output::Cotangent(_)))
                {
                    floats(&value, &mut found);
                }
            }
            Ok::<_, EvalError>(found)
        };
        let x = self.numbers();
        if let Err(error) = product_at(&x, &x) {
            return part(Ok(format!("  not checked: {error}")));
        }
        let nothing = || vec![f64::NAN; x.len()];
        let checked = check::second(
            |x: &[f64]| self.gradient_at(&self.moved(x)).unwrap_or_else(|_| nothing()),
            |x: &[f64], v: &[f64]| product_at(x, v).unwrap_or_else(|_| nothing()),
            x.as_slice(),
        );
        part(match checked {
            Ok(found) => Ok(found.to_string()),
            // At a kink of the gradient there is no second derivative to compare with.
            Err(found) if found.symmetry.is_ok() && !differs(&found.product) => {
                Ok(found.to_string())
            }
            Err(found) => Err(found.to_string()),
        })
    }

    fn run(&self, function: &Function, arguments: &[Value]) -> Result<Vec<Value>, EvalError> {
        eval(self.module, function, arguments)
    }

    fn gradient_at(&self, arguments: &[Value]) -> Result<Vec<f64>, EvalError> {
        let results = self.run(&self.adjoint, arguments)?;
        let mut gradient = Vec::new();
        for (output, value) in self.adjoint.outputs.iter().zip(&results) {
            if let Output::Cotangent(n) = output
                && self.signature.params.get(*n).is_some_and(|param| param.wanted)
            {
                floats(value, &mut gradient);
            }
        }
        Ok(gradient)
    }

    /// A function that also takes tangents of the active parameters, in this direction.
    fn along(&self, function: &Function, at: &[Value], v: &[f64]) -> Result<Vec<Value>, EvalError> {
        let active = self.signature.params.iter().zip(self.moved(v));
        let dots = active.filter(|(param, _)| param.active).map(|(_, dot)| dot);
        let all: Vec<Value> = at.iter().cloned().chain(dots).collect();
        self.run(function, &all)
    }

    /// The floats that the gradient is by.
    fn numbers(&self) -> Vec<f64> {
        let mut found = Vec::new();
        let wanted = self.arguments.iter().zip(&self.signature.params);
        let wanted = wanted.filter(|(_, param)| param.wanted);
        wanted.for_each(|(value, _)| floats(value, &mut found));
        found
    }

    /// The arguments with other floats.
    fn moved(&self, to: &[f64]) -> Vec<Value> {
        let mut moved = self.arguments.clone();
        let mut numbers = to.iter().copied();
        let wanted = moved.iter_mut().zip(&self.signature.params);
        let wanted = wanted.filter(|(_, param)| param.wanted);
        wanted.for_each(|(value, _)| put(value, &mut numbers));
        moved
    }
}

fn differs(report: &check::Report) -> bool {
    report.components().iter().any(|component| component.verdict == check::Verdict::Differs)
}
