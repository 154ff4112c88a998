//! Refusals that rustc words better: it is left to say so, and nothing is computed if it does not.

use autodiff_core::grad;
use proc_macro2::TokenStream;
use quote::quote;

fn expanded(item: TokenStream) -> String {
    grad(TokenStream::new(), item).to_string()
}

/// rustc would accept `f` only if its parser, or the method, were other than the macro's.
#[test]
fn what_rustc_accepts_after_all_stops_the_build() {
    let unparsed = expanded(quote!(fn f(x: f64) -> f64 { x * }));
    let miscounted = expanded(quote!(
        fn f(x: f64) -> f64 {
            x.powf()
        }
    ));
    for (output, message) in [(unparsed, "expected an expression"), (miscounted, "takes 2")] {
        assert!(output.contains("const { :: core :: panic !"), "{output}");
        assert!(output.contains(message), "{output}");
        assert!(!output.contains("compile_error"), "{output}");
        assert!(!output.contains("unreachable"), "{output}");
    }
}

#[test]
fn what_the_macro_refuses_is_an_error_of_its_own() {
    let output = expanded(quote!(
        fn f(x: f64) -> f64 {
            g!(x)
        }
    ));
    assert_eq!(output.matches("compile_error").count(), 1, "{output}");
}

/// What a rule does not give is neither zero nor that of the body.
#[test]
fn the_half_that_a_rule_lacks_stops_the_build() {
    let of = |rule| {
        autodiff_core::rule(
            rule,
            quote!(
                fn f(x: f64) -> f64 {
                    x * x
                }
            ),
        )
        .to_string()
    };
    for (rule, message) in [
        (quote!(vjp = f_vjp), "`f` has no derivative in forward mode: its rule has no `jvp`"),
        (quote!(jvp = f_jvp), "`f` has no derivative in reverse mode: its rule has no `vjp`"),
    ] {
        let output = of(rule);
        assert!(output.contains(message), "{output}");
        assert_eq!(output.matches("lacking ::").count(), 1, "{output}");
        assert_eq!(output.matches("x * x").count(), 1, "the primal's: {output}");
        assert!(!output.contains("compile_error"), "{output}");
    }
}

/// What it gives later would have no derivative.
#[test]
fn what_is_kept_where_it_is_not_followed_is_refused() {
    let cell = expanded(quote!(
        fn f(x: f64) -> f64 {
            let kept = Cell::new(1.0);
            kept.set(x);
            kept.get() * x
        }
    ));
    let borrowed = expanded(quote!(
        fn f(x: f64) -> f64 {
            let mut kept = Rows::new(3);
            kept.row(0).set(x);
            kept.sum()
        }
    ));
    for output in [cell, borrowed] {
        assert!(output.contains("cannot differentiate a call to method `set`"), "{output}");
    }
}

/// What is emitted for functions whose parts are unusual parses as Rust.
#[test]
fn what_is_emitted_parses() {
    let functions = [
        // A result that nothing flows into, of a type without a literal zero.
        quote!(
            fn f(x: f64, n: usize) -> Vector {
                Vector::new(n)
            }
        ),
        quote!(
            fn f(x: f64, n: usize) -> Vec<f64> {
                vec![1.0; n]
            }
        ),
        // An index that is a tuple, and constant.
        quote!(
            fn f(m: &Grid, v: &[f64]) -> f64 {
                let n = v.len();
                v[n - 1] / m[(n - 1, n - 1)]
            }
        ),
        // A buffer of elements without a literal zero.
        quote!(
            fn f(scale: f64, all: &[Vector]) -> f64 {
                first(all) * scale
            }
        ),
    ];
    for function in functions {
        let output = grad(TokenStream::new(), function);
        assert!(syn::parse2::<syn::File>(output.clone()).is_ok(), "{output}");
    }
}
