//! The interpreter on lowered primal functions, against the same Rust.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::indexing_slicing,
    clippy::many_single_char_names,
    clippy::panic,
    reason = "the functions are there to be evaluated, and a test fails by panicking"
)]

use super::{Derive, EvalError, Module, Value, eval};
use crate::diagnostics::Diagnostics;
use crate::ir::Function;
use crate::ir::verify::verify;
use crate::lower::{Signature, lower};
use crate::options::Options;

fn lowered(item: &syn::ItemFn) -> Function {
    let mut diagnostics = Diagnostics::default();
    let signature = Signature::read(&item.sig, &Options::default(), None, &mut diagnostics);
    let signature = signature.unwrap_or_else(|| panic!("{diagnostics:?}"));
    let function = lower(&signature, &item.block, &mut diagnostics);
    let function = function.unwrap_or_else(|| panic!("{diagnostics:?}"));
    assert_eq!(verify(&function), Ok(()), "{function}");
    function
}

fn module() -> Module {
    Module::new(Derive { adjoint: Clone::clone, tangent: Clone::clone })
}

/// Declares a function and asserts that the interpreter gives what it gives.
macro_rules! same {
    ($(#[$attribute:meta])* fn f($($param:ident: $ty:ty = $value:ident($arg:expr)),+) -> f64 $body:block) => {
        $(#[$attribute])* fn f($($param: $ty),+) -> f64 $body
        let function = lowered(&syn::parse_quote!(fn f($($param: $ty),+) -> f64 $body));
        let expected = Value::Float(f($($arg),+));
        let found = eval(&module(), &function, &[$(Value::$value($arg)),+]);
        assert_eq!(found, Ok(vec![expected]), "{function}");
    };
}

#[test]
fn arithmetic_and_methods() {
    same! { fn f(x: f64 = Float(1.5), y: f64 = Float(-0.5)) -> f64 {
        let z = x.sin() * y + 2.0_f64.sqrt() / (x - y).exp();
        z.powi(3).max(y) - f64::hypot(x, y) % 0.3
    } }
}

#[test]
fn integers_choose_and_count() {
    for n in 0..6 {
        same! { fn f(x: f64 = Float(0.7), n: i128 = Int(n)) -> f64 {
            let k = (n * 3 + 1) % 4;
            let (half, odd) = (n / 2, n % 2 == 1);
            match k {
                0 if odd => x * 2.0,
                0 | 1 => x.sin() + half as f64,
                m @ 2..=3 if m > 2 => x - m as f64,
                _ => x,
            }
        } }
    }
}

#[test]
fn variables_are_assigned_in_arms() {
    for x in [-1.0, 0.25, 2.0] {
        same! {
            #[allow(unused_assignments)]
            fn f(x: f64 = Float(x), n: i128 = Int(3)) -> f64 {
                const STEP: f64 = 0.5;
                let mut y = x;
                let count;
                if x > 1.0 && n > 2 {
                    y += STEP;
                    count = n + 1;
                } else if x < 0.0 {
                    y = y * y;
                    count = 2;
                } else {
                    count = n;
                }
                y * count as f64
            }
        }
    }
}

#[test]
fn tuples_and_arrays() {
    same! { fn f(x: f64 = Float(0.3), n: i128 = Int(1)) -> f64 {
        let a = [x, x * x, 3.0];
        let (p, (q, m)) = (a[(n + 1) as usize], (a[1], n));
        let b = [q; 2];
        { let q = p + b[0]; q * m as f64 }
    } }
}

#[test]
fn a_panic_is_the_programs_own() {
    let function = lowered(&syn::parse_quote! {
        fn f(a: [f64; 2], n: usize) -> f64 { a[n] }
    });
    let args = [Value::Array(vec![Value::Float(1.0), Value::Float(2.0)]), Value::Int(2)];
    let found = eval(&module(), &function, &args);
    assert!(matches!(found, Err(EvalError::Panic(_))), "{found:?}");
}

#[test]
fn calls_run_the_functions_of_the_module() {
    let mut module = module();
    module.add(lowered(&syn::parse_quote!(
        fn square(x: f64) -> f64 {
            x * x
        }
    )));
    let function = lowered(&syn::parse_quote! {
        fn f(x: f64) -> f64 { if square(x) > 1.0 { inner::square(x) } else { x } }
    });
    let at = |x| eval(&module, &function, &[Value::Float(x)]);
    assert_eq!(at(3.0), Ok(vec![Value::Float(9.0)]));
    assert_eq!(at(0.5), Ok(vec![Value::Float(0.5)]));
}

#[test]
fn the_text_of_a_function() {
    let function = lowered(&syn::parse_quote! {
        fn f(x: f64, n: usize) -> f64 {
            let mut y = x.sin();
            if n > 2 { y *= x; }
            y.cos()
        }
    });
    let expected = "\
fn f(%0* x: f64, %1 n: inert) {
  %2* sin_x = sin %0
  %3* y = bind %2
  %4 condition = opaque pure `n > 2` reads %1
  %7* y = branch if %4 -> merge y {
    %5* y = mul %3, %0
    %6* y = bind %5
    yield %6
  } {
    yield %3
  }
  %8* cos_y = cos %7
  return value %8
}
";
    assert_eq!(function.to_string(), expected);
}
