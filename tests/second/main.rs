//! Hessians, their products with a vector, and Jacobians: against differences of first derivatives
//! and against each other.

#![allow(
    missing_docs,
    clippy::indexing_slicing,
    clippy::float_cmp,
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::many_single_char_names,
    clippy::needless_range_loop,
    clippy::suboptimal_flops,
    reason = "numeric code as people write it"
)]

mod calls;
mod columns;
mod fallible;
mod hessian;
mod higher;
mod jacobian;
mod lent;
mod lent_calls;
mod lent_control;
mod lent_methods;
mod lent_more;
mod lent_own;
mod methods;
mod operators;
mod scalars;
mod sparse;
mod widths;

use approx::assert_relative_eq;

/// A function of a slice with what is checked of it.
pub(crate) struct Twice {
    pub(crate) gradient: fn(&[f64]) -> Vec<f64>,
    pub(crate) product: fn(&[f64], &[f64]) -> Vec<f64>,
    pub(crate) hessian: fn(&[f64]) -> Vec<Vec<f64>>,
}

impl Twice {
    /// The Hessian is symmetric, its product with a vector is both that of its rows and the
    /// difference of gradients along it.
    #[track_caller]
    pub(crate) fn confirm(&self, p: &[f64]) {
        let hessian = (self.hessian)(p);
        assert_eq!(hessian.len(), p.len());
        for i in 0..p.len() {
            for j in 0..p.len() {
                assert_relative_eq!(
                    hessian[i][j],
                    hessian[j][i],
                    max_relative = 1e-9,
                    epsilon = 1e-10
                );
            }
        }
        for direction in 0..3 {
            let v: Vec<f64> = (0..p.len()).map(|i| cosine(3 * i + direction)).collect();
            let product = (self.product)(p, &v);
            let differences = difference(|p| (self.gradient)(p), p, &v);
            for i in 0..p.len() {
                let row: f64 = hessian[i].iter().zip(&v).map(|(a, b)| a * b).sum();
                assert_relative_eq!(product[i], row, max_relative = 1e-9, epsilon = 1e-10);
                assert_relative_eq!(
                    product[i],
                    differences[i],
                    max_relative = 1e-6,
                    epsilon = 1e-7
                );
            }
        }
    }
}

/// The derivative of `f` at `p` along `v`, by central differences extrapolated once.
pub(crate) fn difference(f: impl Fn(&[f64]) -> Vec<f64>, p: &[f64], v: &[f64]) -> Vec<f64> {
    let at = |h: f64| f(&p.iter().zip(v).map(|(p, v)| p + h * v).collect::<Vec<_>>());
    let central = |h: f64| -> Vec<f64> {
        at(h).iter().zip(at(-h)).map(|(more, less)| (more - less) / (2.0 * h)).collect()
    };
    let (coarse, fine) = (central(1e-4), central(5e-5));
    coarse.iter().zip(fine).map(|(coarse, fine)| (4.0 * fine - coarse) / 3.0).collect()
}

#[allow(clippy::cast_precision_loss, reason = "small counts")]
pub(crate) fn cosine(n: usize) -> f64 {
    (n as f64).cos()
}

/// Tests of functions of `&[f64]` that have `#[grad(hvp, hessian)]`.
macro_rules! twice {
    ($($test:ident: $f:ident at $($point:expr),+;)*) => {
        $(
            #[test]
            fn $test() {
                let all = $crate::Twice {
                    gradient: |p| $f::grad(p),
                    product: |p, v| $f::hvp(p, v),
                    hessian: |p| $f::hessian(p),
                };
                $(all.confirm(&$point);)+
            }
        )*
    };
}
pub(crate) use twice;

/// The same, and that Hessians are those of the functions without calls.
macro_rules! twice_and_inline {
    ($($test:ident: $f:ident as $inline:ident at $($point:expr),+;)*) => {
        $crate::twice! { $($test: $f at $($point),+;)* }

        #[test]
        fn hessians_are_those_without_calls() {
            $($(
                let (found, expected) = ($f::hessian(&$point), $inline::hessian(&$point));
                approx::assert_relative_eq!($f(&$point), $inline(&$point), max_relative = 1e-14);
                for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
                    let name = stringify!($test);
                    assert!(
                        (found - expected).abs() <= 1e-11 * (1.0 + expected.abs()),
                        "{name}: {found} for {expected}"
                    );
                }
            )+)*
        }
    };
}
pub(crate) use twice_and_inline;
