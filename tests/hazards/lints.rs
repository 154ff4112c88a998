//! What a crate forbids, emitted code neither does nor allows.

#[forbid(
    unsafe_code,
    unused,
    nonstandard_style,
    rust_2018_idioms,
    let_underscore,
    missing_docs,
    missing_debug_implementations,
    missing_copy_implementations,
    trivial_casts,
    trivial_numeric_casts,
    unreachable_pub,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    unused_import_braces,
    single_use_lifetimes,
    redundant_lifetimes,
    unit_bindings,
    unnameable_types,
    variant_size_differences,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    meta_variable_misuse,
    clippy::all,
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::shadow_reuse,
    clippy::shadow_same,
    clippy::arithmetic_side_effects,
    clippy::default_numeric_fallback,
    clippy::missing_docs_in_private_items
)]
mod forbidden {
    //! Functions of every kind in a crate that forbids what can be forbidden.
    use autodiff::grad;

    /// Straight-line code in which some values are not needed by the gradient.
    #[grad(jvp, vjp, value_and_grad_into)]
    pub(super) fn straight(x: f64, y: f64, unused: f64) -> f64 {
        let mut sum = x.sin() * y;
        sum += x;
        let late = if y > 0.0_f64 { sum * sum } else { y };
        late + unused * 0.0_f64
    }

    /// A vector and a branch.
    #[grad(jvp, vjp)]
    pub(super) fn branching(x: &[f64; 2], (a, b): (f64, f64), take: bool) -> f64 {
        let [first, second] = *x;
        match take {
            true if a > 0.0_f64 => first * a,
            true => straight(first, second, a),
            false => (first + second) * b,
        }
    }

    /// A result that is not one float.
    #[grad(vjp)]
    pub(super) fn several(x: f64) -> [f64; 2] {
        [x * x, x.exp()]
    }

    /// Linear, so that nothing but the parameters' names is left.
    #[grad(jvp, vjp)]
    pub(super) fn linear(x: f64, v: &[f64]) -> f64 {
        if v.is_empty() { 2.0_f64 * x } else { 3.0_f64 * x }
    }
}

#[test]
fn forbidden_lints_stay_silent() {
    assert_eq!(forbidden::linear_grad(1.0, &[]), (2.0, vec![]));
    assert_eq!(forbidden::branching_grad(&[1.0, 2.0], (3.0, 4.0), false), ([4.0, 4.0], (0.0, 3.0)));
    assert_eq!(forbidden::several_vjp(0.0).1([1.0, 1.0]), 1.0);
    assert_eq!(forbidden::straight_grad(0.0, -2.0, 0.0), (0.0, 1.0, 0.0));
}

/// Attributes of the primal, before and after `#[grad]`.
mod attributes {
    use autodiff::grad;

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "to see it copied")]
    #[grad(jvp, vjp)]
    #[must_use = "a value"]
    #[track_caller]
    pub(super) fn inlined(x: &[f64], n: usize) -> f64 {
        x[n] * x[n]
    }

    #[deprecated = "as an example"]
    #[grad(jvp, vjp)]
    pub(super) fn old(x: f64) -> f64 {
        x * x
    }

    #[allow(deprecated, reason = "to see it copied")]
    #[grad(jvp, vjp, test(x = 0.5))]
    pub(super) fn of_old(x: f64) -> f64 {
        old(x) * x
    }

    #[expect(clippy::let_and_return, reason = "to see it relaxed")]
    #[grad(test(x = 0.5))]
    #[cfg(test)]
    #[cfg_attr(test, doc = "Documented.", inline)]
    pub(super) fn expecting(x: f64) -> f64 {
        let y = x * x;
        y
    }

    #[cfg(not(test))]
    #[grad]
    pub(super) fn absent(x: f64) -> f64 {
        no_such_function(x)
    }

    #[grad]
    #[cfg(not(test))]
    pub(super) fn absent_too(x: f64) -> f64 {
        no_such_function(x)
    }
}

#[test]
#[allow(deprecated, reason = "it is the subject")]
fn attributes_are_copied_or_left() {
    assert_eq!(attributes::inlined_grad(&[1.0, 2.0], 1), vec![0.0, 4.0]);
    assert_eq!((attributes::old_grad(2.0), attributes::old::grad(2.0)), (4.0, 4.0));
    assert_eq!(attributes::of_old_grad(2.0), 12.0);
    assert_eq!(attributes::expecting_grad(2.0), 4.0);
}
