//! The checks of one program at one point.

use autodiff_core::diagnostics::Diagnostics;
use autodiff_core::differentiate::{Seed, adjoint, tangent};
use autodiff_core::ir::eval::{Derive, EvalError, Module, Value, eval};
use autodiff_core::ir::verify::verify;
use autodiff_core::ir::{Function, Kind, Output, Region};
use autodiff_core::lower::{Signature, lower};
use autodiff_core::options::Options;
use autodiff_core::simplify::simplify;
use autodiff_core::structure::structured;

use super::oracle::{Halt, Source};
use super::rng::Rng;
use super::truth::{Truth, floats};

/// Greater numbers than this are not compared.
const GREATEST: f64 = 1e6;

/// The percentage of programs that are differentiated two and three times, which costs as much as
/// all else.
const SECOND_ORDER: usize = 12;

pub struct Case<'p> {
    pub items: &'p [syn::ItemFn],
    pub args: Vec<Value>,
    pub rng: Rng,
}

pub type Checked<T = ()> = Result<T, String>;

/// Where the reverse sweep starts: a cotangent of each output.
struct Seeds {
    kind: Seed,
    bars: Vec<Value>,
}

impl Case<'_> {
    /// Whether there was something to compare.
    pub fn run(mut self) -> Checked<bool> {
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
        let seeds = self.seeds(&value);
        let reverse = verified(adjoint(&primal, seeds.kind))?;
        let forward = verified(tangent(&primal))?;
        self.derivatives(&raw, (&primal, &reverse, &forward), &seeds, &truth)?;
        let short_reverse = verified(simplify(&reverse))?;
        let short_forward = verified(simplify(&forward))?;
        self.derivatives(&short, (&primal, &short_reverse, &short_forward), &seeds, &truth)?;
        if self.rng.chance(SECOND_ORDER) {
            let second = verified(tangent(&reverse))?;
            self.second(&raw, (&reverse, &second), &seeds, &truth)?;
            let second = verified(simplify(&verified(tangent(&short_reverse))?))?;
            self.second(&short, (&short_reverse, &second), &seeds, &truth)?;
            if !lends(&primal.body) {
                let raw_functions = (&primal, &forward, &reverse);
                self.third(&raw, raw_functions, (tangent, &seeds), &truth)?;
                let shortened = |f: &Function| simplify(&tangent(f));
                let short_functions = (&primal, &short_forward, &short_reverse);
                self.third(&short, short_functions, (shortened, &seeds), &truth)?;
            }
        }
        Ok(true)
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

    /// A float's cotangent may be the constant one; those of the exits are zero then.
    fn seeds(&mut self, outputs: &[Value]) -> Seeds {
        let mut zeros: Vec<Value> = outputs.iter().map(Value::zero_tangent).collect();
        if let [Value::Float(y_bar), ..] = zeros.as_mut_slice()
            && self.rng.chance(50)
        {
            *y_bar = 1.0;
            return Seeds { kind: Seed::One, bars: zeros };
        }
        let bars = zeros.iter().map(|zero| self.random(zero)).collect();
        Seeds { kind: Seed::Parameter, bars }
    }

    fn derivatives(
        &self,
        module: &Module,
        (primal, reverse, forward): (&Function, &Function, &Function),
        seeds: &Seeds,
        truth: &Truth,
    ) -> Checked {
        self.reverse(module, (primal, reverse), seeds, truth)?;
        self.forward(module, (primal, forward), truth)
    }

    fn reverse(
        &self,
        module: &Module,
        (primal, reverse): (&Function, &Function),
        seeds: &Seeds,
        truth: &Truth,
    ) -> Checked {
        let outputs = run(module, reverse, &self.reverse_args(seeds))?;
        same(&outputs[..primal.outputs.len()], &truth.value, reverse)?;
        let labelled = reverse.outputs.iter().zip(&outputs);
        let x_bars = labelled.filter(|(label, _)| is_cotangent(label));
        let x_bar = floats(x_bars.map(|(_, x_bar)| x_bar));
        let y_bar = floats(&seeds.bars);
        close("gradient", &x_bar, &truth.cotangents(&y_bar), truth, reverse)?;
        // ⟨ȳ, Jẋ⟩ = ⟨x̄, ẋ⟩
        let left = dot(&y_bar, &truth.tangent());
        let right = dot(&x_bar, &truth.direction());
        close("product", &[right], &[left], truth, reverse)
    }

    fn reverse_args(&self, seeds: &Seeds) -> Vec<Value> {
        match seeds.kind {
            Seed::One => self.args.clone(),
            Seed::Parameter => [self.args.as_slice(), &seeds.bars].concat(),
        }
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
        same(&outputs[..primal.outputs.len()], &truth.value, forward)?;
        let y_dot = tangents(primal, forward, &outputs, |_| true);
        close("tangent", &y_dot, &truth.tangent(), truth, forward)
    }

    /// The tangent of the gradient: ∇²(ȳ·f) ẋ.
    fn second(
        &self,
        module: &Module,
        (reverse, second): (&Function, &Function),
        seeds: &Seeds,
        truth: &Truth,
    ) -> Checked {
        let mut args = self.reverse_args(seeds);
        let fixed = seeds.bars.iter().map(Value::zero_tangent);
        let direction: Vec<Value> = truth.direction.iter().cloned().chain(fixed).collect();
        args.extend(dots(reverse, &direction));
        let outputs = run(module, second, &args)?;
        let found = tangents(reverse, second, &outputs, is_cotangent);
        let expected = truth.second(&floats(&seeds.bars));
        close("second derivative", &found, &expected, truth, second)
    }

    /// ⟨∇³(ȳ·f)[u, v], ẋ⟩ from two tangents of the gradient, the other way round, and from three of
    /// the function: there is no oracle for it, but the three have little in common.
    fn third(
        &mut self,
        module: &Module,
        (primal, forward, reverse): (&Function, &Function, &Function),
        (tangent, seeds): (impl Fn(&Function) -> Function, &Seeds),
        truth: &Truth,
    ) -> Checked {
        let zeros: Vec<Value> = truth.direction.iter().map(Value::zero_tangent).collect();
        let mut other = || zeros.iter().map(|zero| self.random(zero)).collect::<Vec<Value>>();
        let (u, v, x_dot) = (other(), other(), &truth.direction);
        let second = verified(tangent(reverse))?;
        let third = verified(tangent(&second))?;
        let in_reverse = |u: &[Value], v: &[Value]| -> Checked<f64> {
            let fixed: Vec<Value> = seeds.bars.iter().map(Value::zero_tangent).collect();
            let mut args = self.reverse_args(seeds);
            for along in [u, v, &zeros] {
                args.extend(dots(reverse, &[along, &fixed].concat()));
            }
            let outputs = run(module, &third, &args)?;
            let is_second = |output: &Output| match output {
                Output::Tangent(n) => reverse.outputs.get(*n).is_some_and(is_cotangent),
                _ => false,
            };
            let found = tangents(&second, &third, &outputs, is_second);
            Ok(dot(&found, &truth.direction()))
        };
        let (one, exchanged) = (in_reverse(&u, &v)?, in_reverse(&v, &u)?);
        let twice = verified(tangent(forward))?;
        let thrice = verified(tangent(&twice))?;
        let mut args = self.args.clone();
        for along in [&u, &v, &zeros, x_dot, &zeros, &zeros, &zeros] {
            args.extend(dots(primal, along));
        }
        let outputs = run(module, &thrice, &args)?;
        let of = [primal, forward, &twice, &thrice];
        let y_dots = last_component(&of, &outputs);
        let y_bar = floats(&seeds.bars);
        let by_forward = dot(&y_bar, &floats(&y_dots));
        let scale = one.abs() + exchanged.abs() + by_forward.abs() + truth.peak.powi(3);
        if !scale.is_finite() || scale > GREATEST {
            return Ok(());
        }
        for found in [exchanged, by_forward] {
            if (one - found).abs() > 1e-9 * scale {
                return Err(format!("third derivatives {one}, {exchanged}, {by_forward}\n{third}"));
            }
        }
        Ok(())
    }
}

/// Whether a call lends memory to be written: such are differentiated once.
fn lends(region: &Region) -> bool {
    region.insts.iter().any(|inst| {
        matches!(&inst.kind, Kind::Call(call) if !call.writes.is_empty())
            || inst.kind.regions().iter().any(lends)
    })
}

fn lowered(item: &syn::ItemFn, constant: Option<syn::Ident>) -> Checked<Function> {
    let mut diagnostics = Diagnostics::default();
    let options = Options { constant: constant.into_iter().collect(), ..Options::default() };
    let signature = Signature::read(&item.sig, &options, None, &mut diagnostics);
    let body = structured(&item.block, &item.sig.output).unwrap_or_else(|_| *item.block.clone());
    let primal = signature.and_then(|s| lower(&s, &body, &mut diagnostics));
    primal.ok_or_else(|| format!("refused: {}", diagnostics.to_compile_errors()))
}

/// A parameter other than the first, to be left out of the gradient.
fn constant(item: &syn::ItemFn) -> Option<syn::Ident> {
    let syn::FnArg::Typed(param) = item.sig.inputs.iter().nth(1)? else { return None };
    let syn::Pat::Ident(ident) = &*param.pat else { return None };
    let inert = match &*param.ty {
        syn::Type::Path(ty) => ty.path.is_ident("i32") || ty.path.is_ident("usize"),
        // An output all the same.
        syn::Type::Reference(ty) => ty.mutability.is_some(),
        _ => false,
    };
    (!inert).then(|| ident.ident.clone())
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

/// The tangents of some outputs of a function: zero for what has none.
fn tangents(
    of: &Function,
    tangent: &Function,
    outputs: &[Value],
    wanted: impl Fn(&Output) -> bool,
) -> Vec<f64> {
    let dot = |(n, value): (usize, &Value)| {
        // What `of` is a tangent of has tangents of that number, too.
        let labelled = tangent.outputs.iter().zip(outputs).skip(of.outputs.len());
        let dot = labelled.clone().find(|(output, _)| **output == Output::Tangent(n));
        dot.map_or_else(|| value.zero_tangent(), |(_, dot)| dot.clone())
    };
    let wanted = |(n, _): &(usize, &Value)| of.outputs.get(*n).is_some_and(&wanted);
    let dots: Vec<Value> = outputs.iter().enumerate().filter(wanted).map(dot).collect();
    floats(&dots)
}

/// The derivative along all directions of each output of the first of these functions, where each is
/// the tangent of the one before, from what the last gives.
fn last_component(of: &[&Function], outputs: &[Value]) -> Vec<Value> {
    let [before @ .., last] = of else { return outputs.to_vec() };
    let Some(own) = before.last() else { return outputs.to_vec() };
    let upper = (0..own.outputs.len()).map(|n| {
        let labelled = last.outputs.iter().zip(outputs).skip(own.outputs.len());
        let dot = labelled.clone().find(|(output, _)| **output == Output::Tangent(n));
        dot.map_or_else(|| outputs[n].zero_tangent(), |(_, dot)| dot.clone())
    });
    last_component(before, &upper.collect::<Vec<_>>())
}

fn is_cotangent(output: &Output) -> bool {
    matches!(output, Output::Cotangent(_))
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Bit for bit, but for what a NaN carries.
fn same(found: &[Value], expected: &[f64], f: &Function) -> Checked {
    let found = floats(found);
    let equal = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
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
