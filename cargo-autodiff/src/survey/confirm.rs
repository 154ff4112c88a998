//! The gradient of a function that is accepted, against differences, where the interpreter can
//! run both.

use autodiff_core::differentiate::{Seed, adjoint, tangent};
use autodiff_core::ir::eval::{EvalError, Module, Value, eval};
use autodiff_core::ir::{Function, Output};
use autodiff_core::lower::Signature;
use autodiff_core::simplify::simplify;
use autodiff_runtime::check::{self, Verdict};

use super::point::{Draw, POINTS};
use super::{Confirmation, Outcome};
use crate::check::{floats, put};

/// The steps after which a program is taken for one that does not end, for all of its points.
const STEPS: u64 = 1_000_000;

/// A function whose derivative is in question, at a point.
struct Question<'a> {
    known: &'a Module,
    primal: &'a Function,
    signature: &'a Signature,
    arguments: Vec<Value>,
    /// The cotangent of each result: no two numbers in them are weighed alike.
    bars: Vec<Value>,
}

/// Compares the gradient of a function with differences, at every point where it can be run.
pub(super) fn confirm(known: &Module, primal: &Function, signature: &Signature) -> Outcome {
    let reverse = adjoint(primal, Seed::Parameter);
    let emitted = simplify(&reverse);
    let (mut agrees, mut reason) = (0, "differences do not tell at the points tried".to_owned());
    known.limit(STEPS);
    for number in 0..POINTS {
        let mut draw = Draw::new(number);
        let Some(arguments) = arguments(signature, &mut draw) else {
            return not_run("a parameter of which the type does not say what it can be".to_owned());
        };
        let asked = Question::new(known, (primal, signature), arguments, &mut draw)
            .and_then(|question| question.answer([&reverse, &emitted]));
        match asked {
            Ok(Answer::Agrees) => agrees += 1,
            Ok(Answer::Unclear) => {}
            Ok(Answer::Differs(how)) => return Outcome::Wrong(how),
            Ok(Answer::Disputed(how)) => {
                return Outcome::Accepted(Confirmation::Disputed(how));
            }
            // The next point may be one of the function's domain.
            Err(EvalError::Panic(what)) => reason = format!("it panics: {what}"),
            Err(EvalError::Unsupported(what) | EvalError::Broken(what)) => {
                reason = what;
                break;
            }
        }
    }
    if agrees == 0 { not_run(reason) } else { Outcome::Accepted(Confirmation::Agrees(agrees)) }
}

fn not_run(why: String) -> Outcome {
    Outcome::Accepted(Confirmation::NotRun(why))
}

fn arguments(signature: &Signature, draw: &mut Draw) -> Option<Vec<Value>> {
    let value = |param: &autodiff_core::lower::signature::Param| draw.value(&param.item.ty);
    signature.params.iter().map(value).collect()
}

/// What came of a comparison.
enum Answer {
    Agrees,
    /// Differences do not tell.
    Unclear,
    Differs(String),
    /// The same, and forward mode says what reverse mode says.
    Disputed(String),
}

impl<'a> Question<'a> {
    fn new(
        known: &'a Module,
        (primal, signature): (&'a Function, &'a Signature),
        arguments: Vec<Value>,
        draw: &mut Draw,
    ) -> Result<Self, EvalError> {
        let results = eval(known, primal, &arguments)?;
        let mut bars: Vec<Value> = results.iter().map(Value::zero_tangent).collect();
        let mut weights = std::iter::repeat_with(|| 0.5 + draw.unit());
        bars.iter_mut().for_each(|bar| put(bar, &mut weights));
        Ok(Self { known, primal, signature, arguments, bars })
    }

    /// Each of these adjoints, against differences.
    fn answer(&self, adjoints: [&Function; 2]) -> Result<Answer, EvalError> {
        let mut answer = Answer::Unclear;
        for reverse in adjoints {
            let (point, gradient) = self.gradient(reverse)?;
            if point.is_empty() {
                return Ok(Answer::Unclear);
            }
            let along = |x: &[f64]| self.weighed(reverse, x).unwrap_or(f64::NAN);
            let Err(report) = check::gradient(along, point.as_slice(), &gradient) else {
                answer = Answer::Agrees;
                continue;
            };
            let differs = |of: &check::Component| of.verdict == Verdict::Differs;
            if report.components().iter().any(differs) {
                let how = format!("at {:?}\n{report}", self.arguments);
                let agrees = self.forward_agrees(&gradient)?;
                return Ok(if agrees { Answer::Disputed(how) } else { Answer::Differs(how) });
            }
            return Ok(Answer::Unclear);
        }
        Ok(answer)
    }

    /// ⟨ȳ, Jẋ⟩ = ⟨x̄, ẋ⟩, whatever differences say.
    fn forward_agrees(&self, gradient: &[f64]) -> Result<bool, EvalError> {
        let direction = check::direction(gradient.len(), 0);
        let mut numbers = direction.iter().copied();
        let active = self.arguments.iter().zip(&self.signature.params);
        let dots = active.filter(|(_, param)| param.active).map(|(argument, _)| {
            let mut dot = argument.zero_tangent();
            put(&mut dot, &mut numbers);
            dot
        });
        let all: Vec<Value> = self.arguments.iter().cloned().chain(dots).collect();
        let forward = tangent(self.primal);
        let results = eval(self.known, &forward, &all)?;
        let mut left = 0.0;
        for (output, value) in forward.outputs.iter().zip(&results) {
            if let Output::Tangent(n) = output
                && let Some(bar) = self.bars.get(*n)
            {
                let (mut dots, mut weights) = (Vec::new(), Vec::new());
                floats(value, &mut dots);
                floats(bar, &mut weights);
                left += dots.iter().zip(&weights).map(|(dot, bar)| dot * bar).sum::<f64>();
            }
        }
        let parts = gradient.iter().zip(&direction).map(|(bar, dot)| bar * dot);
        let (right, size) = parts
            .fold((0.0, 0.0), |(sum, size): (f64, f64), part: f64| (sum + part, size + part.abs()));
        // Zero times infinity is NaN in both.
        Ok((left - right).abs() <= 1e-9 * size || left.is_nan() && right.is_nan())
    }

    /// The floats of the active parameters, and the cotangents of these.
    fn gradient(&self, reverse: &Function) -> Result<(Vec<f64>, Vec<f64>), EvalError> {
        let all = [self.arguments.as_slice(), &self.bars].concat();
        let results = eval(self.known, reverse, &all)?;
        let (mut point, mut gradient) = (Vec::new(), Vec::new());
        for (output, value) in reverse.outputs.iter().zip(&results) {
            if let Output::Cotangent(n) = output
                && let Some(argument) = self.arguments.get(*n)
            {
                floats(argument, &mut point);
                floats(value, &mut gradient);
            }
        }
        Ok((point, gradient))
    }

    /// The sum of the results, weighed, where the active parameters are elsewhere.
    fn weighed(&self, reverse: &Function, x: &[f64]) -> Result<f64, EvalError> {
        let mut arguments = self.arguments.clone();
        let mut numbers = x.iter().copied();
        for output in &reverse.outputs {
            if let Output::Cotangent(n) = output
                && let Some(argument) = arguments.get_mut(*n)
            {
                put(argument, &mut numbers);
            }
        }
        let results = eval(self.known, self.primal, &arguments)?;
        let (mut values, mut weights) = (Vec::new(), Vec::new());
        results.iter().for_each(|value| floats(value, &mut values));
        self.bars.iter().for_each(|bar| floats(bar, &mut weights));
        Ok(values.iter().zip(&weights).map(|(value, weight)| value * weight).sum())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use autodiff_core::differentiate::tangent;
    use autodiff_core::inspect;
    use autodiff_core::ir::eval::Derive;
    use quote::quote;

    use super::*;

    /// What is said of this function where its adjoint is that of the other.
    fn said(of: proc_macro2::TokenStream, other: proc_macro2::TokenStream) -> Answer {
        let (primal, signature) = inspect::primal(quote!(), of).unwrap();
        let (other, _) = inspect::primal(quote!(), other).unwrap();
        let reverse = adjoint(&other, Seed::Parameter);
        let known = Module::new(Derive { adjoint: |f| adjoint(f, Seed::Parameter), tangent });
        let mut draw = Draw::new(0);
        let arguments = arguments(&signature, &mut draw).unwrap();
        let question = Question::new(&known, (&primal, &signature), arguments, &mut draw).unwrap();
        question.answer([&reverse, &reverse]).unwrap()
    }

    #[test]
    fn another_derivative_is_noticed() {
        let square = || {
            quote!(
                fn f(x: &[f64]) -> f64 {
                    x[0] * x[1]
                }
            )
        };
        assert!(matches!(said(square(), square()), Answer::Agrees));
        let other = quote!(
            fn f(x: &[f64]) -> f64 {
                x[0] * x[1] * 1.001
            }
        );
        assert!(matches!(said(square(), other), Answer::Differs(_)));
    }

    #[test]
    fn a_bisection_is_disputed() {
        // The root of y² = x: each step is constant where it is, and all of them together are not.
        let root = || {
            quote!(
                fn f(x: f64) -> f64 {
                    let (mut y, mut step) = (x, 1.0);
                    while step > 1e-15 {
                        y += step * (x - y * y).signum();
                        step /= 2.0;
                    }
                    y
                }
            )
        };
        assert!(matches!(said(root(), root()), Answer::Disputed(_)));
    }

    #[test]
    fn what_is_written_through_a_parameter_is_weighed_too() {
        let scaled = |by: f64| quote!(fn f(x: &mut [f64; 2], k: f64) { x[1] *= #by * k; });
        assert!(matches!(said(scaled(1.0), scaled(1.0)), Answer::Agrees));
        assert!(matches!(said(scaled(1.0), scaled(1.001)), Answer::Differs(_)));
    }
}
