//! How long `#[grad]` takes, by pass and size of the function:
//! `cargo run -p autodiff-core --example expansion_time [-- OPERATIONS [SHAPE]]`.
//!
//! In a debug build, as a procedural macro is built for a debug build.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use autodiff_core::diagnostics::Diagnostics;
use autodiff_core::differentiate::{Seed, adjoint, tangent};
use autodiff_core::ir::verify::verify;
use autodiff_core::lower::{Signature, lower};
use autodiff_core::options::Options;
use autodiff_core::simplify::simplify;
use proc_macro2::TokenStream;

type Failure = Box<dyn std::error::Error>;
/// A function of so many operations.
type Source = fn(usize) -> String;

/// The best of so many runs is printed.
const RUNS: usize = 5;
/// Operations of the largest function where nothing else is said.
const OPERATIONS: usize = 1000;

/// Kinds of straight-line code, by the number of operations.
const SHAPES: [(&str, Source); 5] = [
    ("statements", statements),
    ("polynomial", polynomial),
    ("one sum", sum),
    ("one variable", reassigned),
    ("doubling", doubled),
];

/// Each variable from the three before it, five operations a statement.
fn statements(operations: usize) -> String {
    let mut body = String::new();
    for n in 0..operations / 5 {
        let (a, b, c) = (n, n + 1, n + 2);
        let _ = match n % 4 {
            0 => writeln!(body, "let t{n} = x{a} * x{b} + x{c} * x{c} - 0.5;"),
            1 => writeln!(body, "let t{n} = (x{a} - x{b}).sin() * x{c}.exp() / 2.0;"),
            2 => writeln!(body, "let t{n} = (x{a} / x{b} + x{c}).sqrt() * x{a};"),
            _ => writeln!(body, "let t{n} = 3.0 * x{a} - x{b} * x{c} * x{b};"),
        };
        let _ = writeln!(body, "let x{} = t{n};", n + 3);
    }
    format!("fn f(x0: f64, x1: f64, x2: f64) -> f64 {{ {body} x{} }}", operations / 5 + 2)
}

/// Horner's scheme.
fn polynomial(operations: usize) -> String {
    let mut body = "let y = 1.0;".to_owned();
    (0..operations / 2).for_each(|n| {
        let _ = writeln!(body, "let y = y * x + {n}.5 * z;");
    });
    format!("fn f(x: f64, z: f64) -> f64 {{ {body} y }}")
}

/// One expression over all lines.
fn sum(operations: usize) -> String {
    let terms: Vec<String> = (0..operations / 4)
        .map(|n| format!("x[{}] * x[{}] * {n}.5", n % 16, (n * 7 + 3) % 16))
        .collect();
    format!("fn f(x: [f64; 16]) -> f64 {{ {} }}", terms.join(" + "))
}

/// A variable that is assigned again and again.
fn reassigned(operations: usize) -> String {
    let mut body = "let mut y = x;".to_owned();
    (0..operations / 4).for_each(|n| {
        let _ = writeln!(body, "y = y * x + y.sin() * {n}.5;");
    });
    format!("fn f(x: f64) -> f64 {{ {body} y }}")
}

/// An expression that would be exponentially large.
fn doubled(operations: usize) -> String {
    let body = "t = t * t + t; ".repeat(operations / 2);
    format!("fn f(x: f64) -> f64 {{ let mut t = x; {body} t }}")
}

fn main() -> Result<(), Failure> {
    let most = match std::env::args().nth(1) {
        Some(number) => number.parse()?,
        None => OPERATIONS,
    };
    println!(
        "{:30}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}",
        "ms", "lower", "adjoint", "tangent", "simplify", "verify", "grad"
    );
    let wanted = std::env::args().nth(2);
    let is_wanted = |name: &str| wanted.as_ref().is_none_or(|wanted| wanted == name);
    for (name, source) in SHAPES.into_iter().filter(|(name, _)| is_wanted(name)) {
        for operations in [most / 4, most / 2, most] {
            let source = source(operations);
            print!("{:30}", format!("{name}, {operations} operations"));
            passes(&source)?;
            let tokens: TokenStream = source.parse()?;
            print(fastest(|| autodiff_core::grad(TokenStream::new(), tokens.clone())));
            println!();
        }
    }
    Ok(())
}

/// The passes, each by itself.
fn passes(source: &str) -> Result<(), Failure> {
    let item: syn::ItemFn = syn::parse_str(source)?;
    let mut diagnostics = Diagnostics::default();
    let options = Options::default();
    let signature =
        Signature::read(&item.sig, &options, None, &mut diagnostics).ok_or("refused")?;
    let primal = lower(&signature, &item.block, &mut diagnostics).ok_or("refused")?;
    print(fastest(|| lower(&signature, &item.block, &mut Diagnostics::default())));
    print(fastest(|| adjoint(&primal, Seed::One)));
    print(fastest(|| tangent(&primal)));
    let gradient = adjoint(&primal, Seed::One);
    print(fastest(|| simplify(&gradient)));
    print(fastest(|| verify(&gradient)));
    Ok(())
}

fn print(time: Duration) {
    print!("{:9.1}", time.as_secs_f64() * 1e3);
}

fn fastest<T>(run: impl Fn() -> T) -> Duration {
    let time = || {
        let start = Instant::now();
        let result = run();
        let elapsed = start.elapsed();
        drop(result);
        elapsed
    };
    (0..RUNS).map(|_| time()).min().unwrap_or_default()
}
