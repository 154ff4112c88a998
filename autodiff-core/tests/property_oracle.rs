//! The oracle of the random programs, without the compiler: its values are those of rustc, and its
//! derivatives those of differences.
#![allow(
    dead_code,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    clippy::indexing_slicing,
    clippy::many_single_char_names,
    clippy::panic,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test fails by panicking, and its modules are private anyway"
)]

mod support;

use std::path::Path;

use autodiff_core::ir::eval::Value;
use support::check::arguments;
use support::oracle::{Halt, Source};
use support::programs::features::{Feature, Features};
use support::programs::{Program, program};
use support::rng::Rng;
use support::settings::Settings;
use support::truth::Truth;

/// Programs of every size.
fn programs(settings: Settings) -> Vec<(Program, Vec<Value>)> {
    let sizes = [1, 2, 3, 4, 5, 8];
    let of_seed = |seed: u64| {
        let size = sizes[usize::try_from(seed).unwrap() % sizes.len()];
        let program = program(seed, size, settings.features);
        let args = arguments(&program.params, &mut Rng::new(seed));
        (program, args)
    };
    settings.seeds().map(of_seed).collect()
}

/// A value and the derivatives in a direction, if the program has any there.
fn truth(program: &Program, args: &[Value], direction: &[Value]) -> Option<Truth> {
    let source = Source::new(program.items().expect("Rust"));
    let active = vec![true; args.len()];
    match Truth::find(&source, args, direction.to_vec(), &active) {
        Ok(truth) => Some(truth),
        Err(Halt::Panic(_)) => None,
        Err(Halt::Unknown(what)) => panic!("the oracle does not know {what}:\n{}", program.text()),
    }
}

#[test]
fn values_are_those_of_rustc() {
    let mut all =
        programs(Settings { features: Features::NONE, ..Settings::or(150, Features::NONE) });
    all.extend(programs(Settings::or(300, Features::ALL)));
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let results = support::native::run(&all, directory);
    assert_eq!(results.len(), all.len());
    for ((program, args), expected) in all.iter().zip(results) {
        let zeros: Vec<Value> = args.iter().map(Value::zero_tangent).collect();
        let found = truth(program, args, &zeros).map(|truth| truth.value);
        let bits = |values: &Vec<f64>| values.iter().map(|x| x.to_bits()).collect::<Vec<u64>>();
        let nan = found.iter().flatten().any(|x| x.is_nan());
        let same = found.as_ref().map(bits) == expected.as_ref().map(bits);
        assert!(same || nan, "{found:?} instead of {expected:?} at {args:?}:\n{}", program.text());
    }
}

/// Where the differences of two steps do not agree, there is a kink or a jump in between.
#[test]
fn derivatives_are_those_of_differences() {
    let (mut compared, mut skipped) = (0, 0);
    for (program, args) in programs(Settings::or(400, Features::ALL)) {
        let mut rng = Rng::new(args.len() as u64);
        let direction: Vec<Value> = args.iter().map(|arg| moved(arg, &mut rng)).collect();
        let Some(truth) = truth(&program, &args, &direction) else { continue };
        if !truth.peak.is_finite() || truth.peak > 1e4 {
            continue;
        }
        let y_bar: Vec<f64> = truth.value.iter().map(|_| rng.float(-1.0, 1.0)).collect();
        let exact = [truth.tangent(), truth.second(&y_bar)].concat();
        // The value and the gradient a step further.
        let at = |step: f64| {
            let args: Vec<Value> =
                args.iter().zip(&direction).map(|(x, d)| sum(x, d, step)).collect();
            let there = self::truth(&program, &args, &direction)?;
            Some([there.value.clone(), there.cotangents(&y_bar)].concat())
        };
        let (Some(coarse), Some(fine)) = (difference(at, 1e-3), difference(at, 2e-4)) else {
            continue;
        };
        let near =
            |(a, b): (&f64, &f64), tolerance: f64| (a - b).abs() <= tolerance * (1.0 + b.abs());
        if !coarse.iter().zip(&fine).all(|pair| near(pair, 1e-7)) {
            skipped += 1;
            continue;
        }
        compared += 1;
        let same =
            fine.len() == exact.len() && fine.iter().zip(&exact).all(|pair| near(pair, 1e-6));
        assert!(same, "{exact:?} instead of {fine:?} at {args:?}:\n{}", program.text());
    }
    assert!(skipped * 5 <= compared, "{compared} compared, {skipped} skipped");
}

/// A random direction at a value.
fn moved(of: &Value, rng: &mut Rng) -> Value {
    match of {
        Value::Float(_) => Value::Float(rng.float(-1.0, 1.0)),
        Value::Tuple(parts) => Value::Tuple(parts.iter().map(|part| moved(part, rng)).collect()),
        Value::Array(parts) => Value::Array(parts.iter().map(|part| moved(part, rng)).collect()),
        other => other.zero_tangent(),
    }
}

/// x + step · d
fn sum(x: &Value, d: &Value, step: f64) -> Value {
    let parts = |x: &[Value], d: &[Value]| x.iter().zip(d).map(|(x, d)| sum(x, d, step)).collect();
    match (x, d) {
        (Value::Float(x), Value::Float(d)) => Value::Float(x + step * d),
        (Value::Tuple(x), Value::Tuple(d)) => Value::Tuple(parts(x, d)),
        (Value::Array(x), Value::Array(d)) => Value::Array(parts(x, d)),
        _ => x.clone(),
    }
}

/// The central difference of fourth order.
fn difference(f: impl Fn(f64) -> Option<Vec<f64>>, h: f64) -> Option<Vec<f64>> {
    let (a, b, c, d) = (f(-2.0 * h)?, f(-h)?, f(h)?, f(2.0 * h)?);
    Some((0..a.len()).map(|i| (a[i] - 8.0 * b[i] + 8.0 * c[i] - d[i]) / (12.0 * h)).collect())
}

/// What counts as a loop.
const LOOPS: [Feature; 6] = [
    Feature::Ranges,
    Feature::Whiles,
    Feature::Loops,
    Feature::BreakValues,
    Feature::Elements,
    Feature::ElementsMut,
];

#[test]
fn loop_programs_have_exits_aliases_and_nested_loops() {
    let mut programs = programs(Settings { first: 0, count: 2000, features: Features::ALL });
    programs.retain(|(program, _)| LOOPS.iter().any(|kind| program.used.has(*kind)));
    let percent = |features: &[Feature]| {
        let has = |program: &Program| features.iter().any(|feature| program.used.has(*feature));
        100 * programs.iter().filter(|(program, _)| has(program)).count() / programs.len()
    };
    assert!(programs.len() > 1000, "{} with loops", programs.len());
    let exits = percent(&[Feature::Breaks, Feature::Continues, Feature::Returns]);
    let aliases = percent(&[Feature::Aliases, Feature::Parts, Feature::References]);
    let nested = percent(&[Feature::Nesting]);
    let text = format!("exits {exits} %, aliases {aliases} %, nested loops {nested} %");
    assert!(exits >= 30 && aliases >= 30 && nested >= 30, "{text}");
}
