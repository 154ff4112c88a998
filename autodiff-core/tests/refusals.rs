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
