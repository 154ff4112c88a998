//! What every program has to satisfy, whatever its derivatives are.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use autodiff_core::ir::eval::Value;

use super::case::{Case, Checked};
use super::programs::{Program, Ty};
use super::rng::Rng;

/// How a program fared.
#[derive(Clone, Debug)]
pub enum Verdict {
    Passed,
    /// The program panics there, or its numbers are too large to be compared.
    Skipped,
    /// The interpreter does not know a name that the user's own tokens mention: of a borrow.
    Unfollowed,
    Failed(String),
}

/// Checks the derivatives of a program at a point that the seed determines.
pub fn check(program: &Program, seed: u64) -> Verdict {
    let checked = catch_unwind(AssertUnwindSafe(|| checked(program, seed)));
    match checked.unwrap_or_else(|panic| Err(message(&*panic))) {
        Ok(true) => Verdict::Passed,
        Ok(false) => Verdict::Skipped,
        Err(failure) if is_unfollowed(&failure) => Verdict::Unfollowed,
        Err(failure) => Verdict::Failed(failure),
    }
}

/// Whether what the interpreter lacks is the value of one name.
fn is_unfollowed(failure: &str) -> bool {
    let name = failure.strip_prefix("not supported by the interpreter: `");
    let name = name.and_then(|rest| rest.split('`').next());
    name.is_some_and(|name| syn::parse_str::<syn::Ident>(name).is_ok())
}

/// Whether there was something to compare.
fn checked(program: &Program, seed: u64) -> Checked<bool> {
    let items = program.items().map_err(|error| format!("not Rust: {error}"))?;
    let mut rng = Rng::new(seed ^ 0xC0FF_EE00);
    let args = arguments(&program.params, &mut rng);
    Case { items: &items, args, rng }.run()
}

/// A value of each type, away from kinks.
pub fn arguments(params: &[Ty], rng: &mut Rng) -> Vec<Value> {
    params.iter().map(|ty| argument(*ty, rng)).collect()
}

fn argument(ty: Ty, rng: &mut Rng) -> Value {
    let mut floats = |n: usize| (0..n).map(|_| Value::Float(rng.float(-2.0, 2.0))).collect();
    match ty {
        Ty::Float | Ty::FloatRef | Ty::FloatMut => Value::Float(rng.float(-2.0, 2.0)),
        Ty::Int | Ty::Size => Value::Int(i128::try_from(rng.below(5)).unwrap_or(0)),
        Ty::Bool => Value::Bool(rng.chance(50)),
        Ty::Array | Ty::Slice | Ty::Quad | Ty::Vec | Ty::MutSlice | Ty::Part => {
            Value::Array(floats(ty.len()))
        }
        Ty::Pair => Value::Tuple(floats(2)),
        Ty::Nested => Value::Tuple(vec![argument(Ty::Float, rng), argument(Ty::Array, rng)]),
        Ty::Mixed => Value::Tuple(vec![argument(Ty::Float, rng), Value::Int(1)]),
    }
}

/// What the compiler said as it panicked.
fn message(panic: &dyn Any) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("panic: {}", text.unwrap_or("of unknown kind"))
}
