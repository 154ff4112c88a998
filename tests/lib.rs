//! What the integration tests share: functions of a slice, checked in both modes.

use autodiff::check::assert_gradient;

/// A function of floats, its gradient and its pushforward.
#[derive(Debug)]
pub struct Derived {
    /// The function.
    pub f: fn(&[f64]) -> f64,
    /// Its value and gradient.
    pub gradient: fn(&[f64]) -> (f64, Vec<f64>),
    /// Its value and tangent.
    pub pushforward: fn(&[f64], &[f64]) -> (f64, f64),
}

impl Derived {
    /// Asserts that both modes agree with differences and with each other.
    ///
    /// # Panics
    ///
    /// If they do not.
    #[track_caller]
    pub fn confirm(&self, name: &str, p: &[f64]) {
        let (value, gradient) = (self.gradient)(p);
        approx::assert_relative_eq!(value, (self.f)(p), max_relative = 1e-15);
        assert_gradient(name, &["p"], |(p,): &(Vec<f64>,)| (self.f)(p), &(p.to_vec(),), &gradient);
        for direction in 0..3 {
            let dot: Vec<f64> = (0..p.len()).map(|i| cosine(i * 7 + direction)).collect();
            let (value, along) = (self.pushforward)(p, &dot);
            let product: f64 = gradient.iter().zip(&dot).map(|(a, b)| a * b).sum();
            approx::assert_relative_eq!(value, (self.f)(p), max_relative = 1e-15);
            approx::assert_relative_eq!(along, product, max_relative = 1e-10, epsilon = 1e-11);
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "small counts")]
fn cosine(n: usize) -> f64 {
    (n as f64).cos()
}

/// Asserts that a gradient agrees with finite differences, and both modes with each other:
/// ẏ = ⟨x̄, ẋ⟩, with the value to the last bit.
///
/// # Panics
///
/// If they do not.
#[track_caller]
#[allow(clippy::cast_precision_loss, clippy::float_cmp, reason = "small counts, the same value")]
pub fn confirm(
    f: impl Fn(&[f64]) -> f64,
    gradient: impl Fn(&[f64]) -> Vec<f64>,
    jvp: impl Fn(&[f64], &[f64]) -> (f64, f64),
    p: &[f64],
) {
    let found = gradient(p);
    assert_gradient("f", &["p"], |(p,): &(Vec<f64>,)| f(p), &(p.to_vec(),), &found);
    let v: Vec<f64> = (0..p.len()).map(|i| (1.0 + 2.0 * i as f64).cos()).collect();
    let (value, along) = jvp(p, &v);
    assert_eq!(value, f(p));
    let product: f64 = found.iter().zip(&v).map(|(a, b)| a * b).sum();
    approx::assert_relative_eq!(along, product, max_relative = 1e-12, epsilon = 1e-14);
}

/// A test of a function of `&[f64]`, annotated with `#[grad(jvp)]`, at some points.
#[macro_export]
macro_rules! confirmed {
    ($test:ident: $f:ident at $($point:expr),+) => {
        #[test]
        fn $test() {
            let derived = $crate::Derived {
                f: $f,
                gradient: |p| $f::value_and_grad(p),
                pushforward: |p, dot| $f::jvp(p, dot),
            };
            $(derived.confirm(stringify!($f), &$point);)+
        }
    };
}

/// `n` numbers between 0.5 and 1.5.
#[allow(clippy::cast_precision_loss, reason = "small counts")]
#[must_use]
pub fn numbers(n: usize) -> Vec<f64> {
    (0..n).map(|i| 1.0 + 0.5 * (i as f64 * 1.7 + 0.3).sin()).collect()
}
