//! Lowers Rust, differentiates it in both modes, and compares what the interpreter gives.

#![allow(dead_code, reason = "each test binary uses a part of it")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "small numbers")]
#![allow(clippy::needless_for_each, clippy::many_single_char_names, reason = "short")]

use autodiff_core::diagnostics::Diagnostics;
use autodiff_core::differentiate::{Seed, adjoint, tangent};
use autodiff_core::ir::eval::{Derive, Module, Value, eval};
use autodiff_core::ir::verify::verify;
use autodiff_core::ir::{Function, Output, Ty};
use autodiff_core::lower::{Signature, lower};
use autodiff_core::options::Options;
use autodiff_core::simplify::{drop_output, simplify};

/// The primal IR of a function.
pub(crate) fn lowered(source: &str) -> Function {
    let item: syn::ItemFn = syn::parse_str(source).unwrap();
    let mut diagnostics = Diagnostics::default();
    let signature = Signature::read(&item.sig, &Options::default(), None, &mut diagnostics);
    let signature = signature.unwrap_or_else(|| panic!("{diagnostics:?}"));
    let function = lower(&signature, &item.block, &mut diagnostics);
    verified(function.unwrap_or_else(|| panic!("{diagnostics:?}")))
}

pub(crate) fn verified(function: Function) -> Function {
    assert_eq!(verify(&function), Ok(()), "{function}");
    function
}

fn simplified(function: &Function) -> Function {
    verified(simplify(&verified(function.clone())))
}

/// What is printed from the gradient.
pub(crate) fn gradient(source: &str) -> Function {
    simplified(&drop_output(&adjoint(&lowered(source), Seed::One), Output::Value))
}

/// The gradient at a point of a function of floats.
pub(crate) fn gradient_at(source: &str, at: &[f64]) -> Vec<f64> {
    let args: Vec<Value> = at.iter().map(|&x| Value::Float(x)).collect();
    let mut out = Vec::new();
    let found = eval(&module(&[]), &gradient(source), &args).unwrap();
    found.iter().for_each(|value| floats(value, &mut out));
    out
}

fn module(others: &[&str]) -> Module {
    let mut module = Module::new(Derive {
        adjoint: |f| simplified(&adjoint(f, Seed::Parameter)),
        tangent: |f| simplified(&tangent(f)),
    });
    for source in others {
        module.add(lowered(source));
    }
    module
}

/// A value of the type from the next numbers.
fn filled(ty: &Ty, numbers: &mut impl Iterator<Item = f64>) -> Value {
    let mut next = || numbers.next().unwrap_or(0.5);
    match ty {
        Ty::Float(_) | Ty::Named(_) | Ty::Unknown => Value::Float(next()),
        Ty::Inert => Value::Int(next() as i128),
        Ty::Tuple(fields) => Value::Tuple(fields.iter().map(|ty| filled(ty, numbers)).collect()),
        Ty::Array(of, len) => {
            let len = match len {
                autodiff_core::ir::Len::Literal(len) => *len,
                autodiff_core::ir::Len::Named(_) => 3,
            };
            Value::Array((0..len).map(|_| filled(of, numbers)).collect())
        }
        Ty::Slice(of) | Ty::Vec(of) => Value::Array((0..4).map(|_| filled(of, numbers)).collect()),
        Ty::Ref(of) | Ty::Option(of) => filled(of, numbers),
    }
}

fn floats(value: &Value, out: &mut Vec<f64>) {
    match value {
        Value::Float(x) => out.push(*x),
        Value::Tuple(parts) | Value::Array(parts) => parts.iter().for_each(|p| floats(p, out)),
        _ => {}
    }
}

fn nudged(value: &Value, at: &mut i64, step: f64) -> Value {
    match value {
        Value::Float(x) => {
            *at -= 1;
            Value::Float(if *at == -1 { x + step } else { *x })
        }
        Value::Tuple(parts) => Value::Tuple(parts.iter().map(|p| nudged(p, at, step)).collect()),
        Value::Array(parts) => Value::Array(parts.iter().map(|p| nudged(p, at, step)).collect()),
        other => other.clone(),
    }
}

pub(crate) struct Case<'a> {
    pub(crate) source: &'a str,
    pub(crate) others: &'a [&'a str],
}

pub(crate) fn check(source: &str, numbers: &[f64]) {
    check_with(&Case { source, others: &[] }, numbers);
}

/// The same for a program with a `square` to call.
pub(crate) fn check_smooth(source: &str, numbers: &[f64]) {
    check_with(&Case { source, others: &["fn square(x: f64) -> f64 { x * x }"] }, numbers);
}

/// Every derivative of a function of one float against differences of what it is derived from.
pub(crate) fn check_with(case: &Case<'_>, numbers: &[f64]) {
    let module = module(case.others);
    let primal = lowered(case.source);
    let mut numbers = numbers.iter().copied();
    let args: Vec<Value> =
        primal.params.iter().map(|&p| filled(&primal.values[p].ty, &mut numbers)).collect();
    let active: Vec<bool> = primal.params.iter().map(|&p| primal.is_active(p)).collect();
    let run = |f: &Function, args: &[Value]| {
        let found = eval(&module, f, args).unwrap_or_else(|error| panic!("{error}\n{f}"));
        let mut out = Vec::new();
        found.iter().for_each(|value| floats(value, &mut out));
        out
    };
    let expected = differences(&args, &active, &|args| run(&primal, args), 1e-3);
    let finer = differences(&args, &active, &|args| run(&primal, args), 1e-4);
    if !agree(&expected, &finer) {
        // At a jump or a kink there is nothing to compare with.
        return;
    }
    let value = run(&primal, &args);
    for seed in [Seed::One, Seed::Parameter] {
        for reverse in [adjoint(&primal, seed), simplified(&adjoint(&primal, seed))] {
            let reverse = verified(reverse);
            let mut args = args.clone();
            if seed == Seed::Parameter {
                args.push(Value::Float(1.0));
            }
            let found = run(&reverse, &args);
            assert_eq!(found[0].to_bits(), value[0].to_bits(), "{reverse}");
            close(&found[1..], &expected, &reverse);
        }
    }
    let alone = simplified(&drop_output(&adjoint(&primal, Seed::One), Output::Value));
    close(&run(&alone, &args), &expected, &alone);
    // Forward, and forward over reverse: along each input.
    let both = adjoint(&primal, Seed::One);
    for (first, of) in [(1, primal.clone()), (1 + expected.len(), simplified(&both))] {
        let rows = differences(&args, &active, &|args| run(&of, args), 1e-3);
        for forward in [tangent(&of), simplified(&tangent(&of))] {
            let forward = verified(forward);
            let columns = along(&args, &active, &|args| run(&forward, args));
            let found: Vec<f64> = columns.iter().flat_map(|c| c[first..].to_vec()).collect();
            close(&found, &rows, &forward);
        }
    }
}

/// d out / d in, in order of the inputs.
fn differences(
    args: &[Value],
    active: &[bool],
    f: &dyn Fn(&[Value]) -> Vec<f64>,
    h: f64,
) -> Vec<f64> {
    let mut out = Vec::new();
    for (n, arg) in args.iter().enumerate().filter(|(n, _)| active[*n]) {
        let mut count = Vec::new();
        floats(arg, &mut count);
        for at in 0..count.len() {
            let moved = |step: f64| {
                let mut args = args.to_vec();
                args[n] = nudged(arg, &mut (at as i64), step);
                f(&args)
            };
            let (a, b, c, d) = (moved(-2.0 * h), moved(-h), moved(h), moved(2.0 * h));
            out.extend((0..a.len()).map(|i| (a[i] - 8.0 * b[i] + 8.0 * c[i] - d[i]) / (12.0 * h)));
        }
    }
    out
}

/// The tangent along each input in turn.
fn along(args: &[Value], active: &[bool], f: &dyn Fn(&[Value]) -> Vec<f64>) -> Vec<Vec<f64>> {
    let mut out = Vec::new();
    for n in (0..args.len()).filter(|n| active[*n]) {
        let mut count = Vec::new();
        floats(&args[n], &mut count);
        for at in 0..count.len() {
            let mut all = args.to_vec();
            for m in (0..args.len()).filter(|m| active[*m]) {
                let zero = args[m].zero_tangent();
                all.push(if m == n { nudged(&zero, &mut (at as i64), 1.0) } else { zero });
            }
            out.push(f(&all));
        }
    }
    out
}

fn agree(found: &[f64], expected: &[f64]) -> bool {
    let close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-6 * (1.0 + b.abs());
    found.len() == expected.len() && found.iter().zip(expected).all(close)
}

fn close(found: &[f64], expected: &[f64], f: &Function) {
    assert!(agree(found, expected), "{found:?}\n{expected:?}\n{f}");
}
