//! What every program has to satisfy, whatever its derivatives are.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use autodiff_core::diagnostics::Diagnostics;
use autodiff_core::differentiate::{Seed, adjoint, tangent};
use autodiff_core::ir::eval::{Derive, EvalError, Module, Value, eval};
use autodiff_core::ir::verify::verify;
use autodiff_core::ir::{Function, Output};
use autodiff_core::lower::{Signature, lower};
use autodiff_core::options::Options;
use autodiff_core::simplify::simplify;
use autodiff_core::structure::structured;

use super::oracle::{Halt, Source};
use super::programs::{Program, Ty};
use super::rng::Rng;
use super::truth::{Truth, floats};

/// How a program fared.
#[derive(Clone, Debug)]
pub enum Verdict {
    Passed,
    /// The program panics there, or its numbers are too large to be compared.
    Skipped,
    Failed(String),
}

/// Greater numbers than this are not compared.
const GREATEST: f64 = 1e6;

/// The percentage of programs that are differentiated twice, which costs as much as all else.
const SECOND_ORDER: usize = 12;

/// Checks the derivatives of a program at a point that the seed determines.
pub fn check(program: &Program, seed: u64) -> Verdict {
    let checked = catch_unwind(AssertUnwindSafe(|| checked(program, seed)));
    match checked.unwrap_or_else(|panic| Err(message(&*panic))) {
        Ok(true) => Verdict::Passed,
        Ok(false) => Verdict::Skipped,
        Err(failure) => Verdict::Failed(failure),
    }
}

/// Whether there was something to compare.
fn checked(program: &Program, seed: u64) -> Checked<bool> {
    let parsed = program.functions.iter().map(|source| syn::parse_str::<syn::ItemFn>(source));
    let items: Result<Vec<syn::ItemFn>, syn::Error> = parsed.collect();
    let items = items.map_err(|error| format!("not Rust: {error}"))?;
    let mut rng = Rng::new(seed ^ 0xC0FF_EE00);
    let args = arguments(&program.params, &mut rng);
    Case { items: &items, args, rng }.run()
}

/// What the compiler said as it panicked.
fn message(panic: &dyn Any) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("panic: {}", text.unwrap_or("of unknown kind"))
}

/// A value of each type, away from kinks.
pub fn arguments(params: &[Ty], rng: &mut Rng) -> Vec<Value> {
    let float = |rng: &mut Rng| Value::Float(rng.float(-2.0, 2.0));
    let floats = |n: usize, rng: &mut Rng| (0..n).map(|_| float(rng)).collect::<Vec<_>>();
    let mut value = |ty: &Ty| match ty {
        Ty::Float | Ty::FloatRef => floats(1, rng).remove(0),
        Ty::Int | Ty::Size => Value::Int(i128::try_from(rng.below(5)).unwrap_or(0)),
        Ty::Bool => Value::Bool(rng.chance(50)),
        Ty::Array | Ty::Slice => Value::Array(floats(3, rng)),
        Ty::Pair => Value::Tuple(floats(2, rng)),
        Ty::Nested => {
            let first = floats(1, rng).remove(0);
            Value::Tuple(vec![first, Value::Array(floats(3, rng))])
        }
        Ty::Mixed => Value::Tuple(vec![floats(1, rng).remove(0), Value::Int(1)]),
    };
    params.iter().map(&mut value).collect()
}

struct Case<'p> {
    items: &'p [syn::ItemFn],
    args: Vec<Value>,
    rng: Rng,
}

type Checked<T = ()> = Result<T, String>;

impl Case<'_> {
    fn run(mut self) -> Checked<bool> {
        let (primal, raw, short) = self.modules()?;
        let active: Vec<bool> = primal.params.iter().map(|&p| primal.is_active(p)).collect();
        let truth = match self.truth(&active)? {
            Ok(truth) => truth,
            Err(panic) => return self.panics(&primal, &raw, &panic).map(|()| false),
        };
        let value = run(&raw, &primal, &self.args)?;
        same(&value, &truth.value, &primal)?;
        if truth.peak.is_nan() || truth.peak > GREATEST {
            return Ok(false);
        }
        let seed = self.seed(&value);
        let reverse = verified(adjoint(&primal, seed.0))?;
        let forward = verified(tangent(&primal))?;
        self.derivatives(&raw, (&primal, &reverse, &forward), &seed, &truth)?;
        let short_reverse = verified(simplify(&reverse))?;
        let short_forward = verified(simplify(&forward))?;
        self.derivatives(&short, (&primal, &short_reverse, &short_forward), &seed, &truth)?;
        if self.rng.chance(SECOND_ORDER) {
            let second = verified(tangent(&reverse))?;
            self.second(&raw, (&reverse, &second), &seed, &truth)?;
            let second = verified(simplify(&verified(tangent(&short_reverse))?))?;
            self.second(&short, (&short_reverse, &second), &seed, &truth)?;
        }
        Ok(true)
    }

    fn derivatives(
        &self,
        module: &Module,
        (primal, reverse, forward): (&Function, &Function, &Function),
        seed: &(Seed, Value),
        truth: &Truth,
    ) -> Checked {
        self.reverse(module, reverse, seed, truth)?;
        self.forward(module, (primal, forward), truth)
    }

    /// Where the reverse sweep starts: a float's cotangent may be the constant one.
    fn seed(&mut self, value: &[Value]) -> (Seed, Value) {
        match value {
            [Value::Float(_)] if self.rng.chance(50) => (Seed::One, Value::Float(1.0)),
            [value, ..] => (Seed::Parameter, self.random(&value.zero_tangent())),
            [] => (Seed::Parameter, Value::Unit),
        }
    }

    /// The lowered function, and two modules of those that it calls: in one, transforms are
    /// followed by simplification.
    fn modules(&mut self) -> Checked<(Function, Module, Module)> {
        let mut raw = Module::new(Derive { adjoint: |f| adjoint(f, Seed::Parameter), tangent });
        let mut short = Module::new(Derive {
            adjoint: |f| simplify(&adjoint(f, Seed::Parameter)),
            tangent: |f| simplify(&tangent(f)),
        });
        let mut last = None;
        for (at, item) in self.items.iter().enumerate() {
            let is_last = at + 1 == self.items.len();
            let constant = if is_last && self.rng.chance(15) { constant(item) } else { None };
            let primal = verified(lowered(item, constant)?)?;
            raw.add(primal.clone());
            short.add(primal.clone());
            last = Some(primal);
        }
        Ok((last.ok_or("no function")?, raw, short))
    }

    /// What the oracle says, or why the program panics.
    fn truth(&mut self, active: &[bool]) -> Checked<Result<Truth, String>> {
        let direction: Vec<Value> = self.args.iter().map(Value::zero_tangent).collect();
        let direction = direction.iter().map(|zero| self.random(zero)).collect();
        let source = Source::new(self.items.iter().cloned());
        match Truth::find(&source, &self.args, direction, active) {
            Ok(truth) => Ok(Ok(truth)),
            Err(Halt::Panic(why)) => Ok(Err(why)),
            Err(Halt::Unknown(what)) => Err(format!("the oracle does not know {what}")),
        }
    }

    fn panics(&self, primal: &Function, module: &Module, why: &str) -> Checked {
        match eval(module, primal, &self.args) {
            Err(EvalError::Panic(_)) => Ok(()),
            other => Err(format!("the program panics ({why}), but: {other:?}\n{primal}")),
        }
    }

    /// A random tangent of the shape of this one.
    fn random(&mut self, zero: &Value) -> Value {
        match zero {
            Value::Float(_) => Value::Float(self.rng.float(-1.5, 1.5)),
            Value::Tuple(parts) => Value::Tuple(parts.iter().map(|p| self.random(p)).collect()),
            Value::Array(parts) => Value::Array(parts.iter().map(|p| self.random(p)).collect()),
            other => other.clone(),
        }
    }

    fn reverse(
        &self,
        module: &Module,
        reverse: &Function,
        (kind, seed): &(Seed, Value),
        truth: &Truth,
    ) -> Checked {
        let outputs = run(module, reverse, &self.reverse_args(*kind, seed))?;
        same(&outputs[..1], &truth.value, reverse)?;
        let x_bar = labelled(reverse, &outputs, |output| matches!(output, Output::Cotangent(_)));
        let seed = floats(std::slice::from_ref(seed));
        close("gradient", &x_bar, &truth.cotangents(&seed), truth, reverse)?;
        // ⟨ȳ, Jẋ⟩ = ⟨x̄, ẋ⟩
        let left = dot(&seed, &truth.tangent());
        let right = dot(&x_bar, &truth.direction());
        close("product", &[right], &[left], truth, reverse)
    }

    fn reverse_args(&self, kind: Seed, seed: &Value) -> Vec<Value> {
        let mut args = self.args.clone();
        if kind == Seed::Parameter {
            args.push(seed.clone());
        }
        args
    }

    fn forward(
        &self,
        module: &Module,
        (primal, forward): (&Function, &Function),
        truth: &Truth,
    ) -> Checked {
        let mut args = self.args.clone();
        args.extend(dots(primal, &truth.direction));
        let outputs = run(module, forward, &args)?;
        same(&outputs[..1], &truth.value, forward)?;
        let y_dot = labelled(forward, &outputs, |output| matches!(output, Output::Tangent(0)));
        // A result that does not depend on the parameters may have no tangent.
        let expected = if y_dot.is_empty() { Vec::new() } else { truth.tangent() };
        close("tangent", &y_dot, &expected, truth, forward)
    }

    /// The tangent of the gradient: ∇²(ȳ·f) ẋ.
    fn second(
        &self,
        module: &Module,
        (reverse, second): (&Function, &Function),
        (kind, seed): &(Seed, Value),
        truth: &Truth,
    ) -> Checked {
        let mut args = self.reverse_args(*kind, seed);
        let mut direction = truth.direction.clone();
        direction.push(seed.zero_tangent());
        args.extend(dots(reverse, &direction));
        let outputs = run(module, second, &args)?;
        let of_gradient = |output: &Output| match output {
            Output::Tangent(n) => matches!(reverse.outputs.get(*n), Some(Output::Cotangent(_))),
            Output::Value | Output::Exit(_) | Output::Cotangent(_) => false,
        };
        let found = labelled(second, &outputs, of_gradient);
        let expected = truth.second(&floats(std::slice::from_ref(seed)));
        close("second derivative", &found, &expected, truth, second)
    }
}

fn lowered(item: &syn::ItemFn, constant: Option<syn::Ident>) -> Checked<Function> {
    let mut diagnostics = Diagnostics::default();
    let options = Options { constant: constant.into_iter().collect(), ..Options::default() };
    let signature = Signature::read(&item.sig, &options, &mut diagnostics);
    let body = structured(&item.block, &item.sig.output).unwrap_or_else(|_| *item.block.clone());
    let primal = signature.and_then(|s| lower(&s, &body, &mut diagnostics));
    primal.ok_or_else(|| format!("refused: {}", diagnostics.to_compile_errors()))
}

/// A parameter other than the first, to be left out of the gradient.
fn constant(item: &syn::ItemFn) -> Option<syn::Ident> {
    let syn::FnArg::Typed(param) = item.sig.inputs.iter().nth(1)? else { return None };
    let syn::Pat::Ident(ident) = &*param.pat else { return None };
    let integer = matches!(&*param.ty, syn::Type::Path(ty)
        if ty.path.is_ident("i32") || ty.path.is_ident("usize"));
    (!integer).then(|| ident.ident.clone())
}

fn verified(function: Function) -> Checked<Function> {
    match verify(&function) {
        Ok(()) => Ok(function),
        Err(violation) => Err(format!("{violation}\n{function}")),
    }
}

fn run(module: &Module, function: &Function, args: &[Value]) -> Checked<Vec<Value>> {
    eval(module, function, args).map_err(|error| format!("{error}\n{function}"))
}

/// The tangents that a tangent of `function` takes.
fn dots(function: &Function, direction: &[Value]) -> Vec<Value> {
    let params = function.params.iter().zip(direction);
    let active = params.filter(|(param, _)| function.is_active(**param));
    active.map(|(_, dot)| dot.clone()).collect()
}

fn labelled(f: &Function, outputs: &[Value], wanted: impl Fn(&Output) -> bool) -> Vec<f64> {
    let labelled = f.outputs.iter().zip(outputs).filter(|(label, _)| wanted(label));
    labelled.flat_map(|(_, output)| floats(std::slice::from_ref(output))).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Bit for bit, but for the sign of zero.
#[allow(clippy::float_cmp, reason = "the value is computed by the same operations")]
fn same(found: &[Value], expected: &[f64], f: &Function) -> Checked {
    let found = floats(found);
    let equal = |(a, b): (&f64, &f64)| a == b || (a.is_nan() && b.is_nan());
    if found.len() == expected.len() && found.iter().zip(expected).all(equal) {
        return Ok(());
    }
    Err(format!("value {found:?} instead of {expected:?}\n{f}"))
}

/// Up to the rounding errors that numbers of this size have.
fn close(what: &str, found: &[f64], expected: &[f64], truth: &Truth, f: &Function) -> Checked {
    let tolerance = 1e-9 * truth.peak;
    let agrees = |(a, b): (&f64, &f64)| (a - b).abs() <= tolerance;
    if found.len() == expected.len() && found.iter().zip(expected).all(agrees) {
        return Ok(());
    }
    Err(format!("{what} {found:?} instead of {expected:?}\n{f}"))
}
