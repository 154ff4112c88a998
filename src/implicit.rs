//! Derivatives of what is defined by an equation, and found in any way.
//!
//! Where F(x, p) = 0 defines x, dx/dp = −(∂F/∂x)⁻¹ ∂F/∂p: what found x need not be differentiated.
//! A fixed point x = g(x, p) is a root of g(x, p) − x. With a [`rule`](macro@crate::rule), the
//! solver is a function like any other.
//!
//! ```
//! use autodiff::{grad, implicit, rule};
//!
//! /// Where two curves meet: F = 0.
//! #[grad(vjp, jvp)]
//! fn residual(x: &[f64], p: &[f64]) -> [f64; 2] {
//!     [x[0] * x[0] + x[1] - p[0], x[0] - x[1].cos() * p[1]]
//! }
//!
//! #[rule(vjp = meet_vjp, jvp = meet_jvp)]
//! fn meet(p: &[f64]) -> Vec<f64> {
//!     let (mut x, mut y) = (0.5_f64, 0.5_f64);
//!     for _ in 0..200 {
//!         (x, y) = (0.5 * (x + y.cos() * p[1]), 0.5 * (y + p[0] - x * x));
//!     }
//!     vec![x, y]
//! }
//!
//! fn meet_vjp(p: &[f64]) -> (Vec<f64>, impl FnOnce(Vec<f64>) -> Vec<f64> + use<>) {
//!     let (x, p) = (meet(p), p.to_vec());
//!     (x.clone(), move |x_bar| {
//!         implicit::root(&x_bar, |f_bar| residual_vjp(&x, &p).1([f_bar[0], f_bar[1]]))
//!     })
//! }
//!
//! fn meet_jvp(p: &[f64], p_dot: &[f64]) -> (Vec<f64>, Vec<f64>) {
//!     let x = meet(p);
//!     let still = [0.0; 2];
//!     let f_dot = residual_jvp(&x, p, &still, p_dot).1;
//!     let x_dot = implicit::root_tangent(&f_dot, |x_dot| {
//!         residual_jvp(&x, p, x_dot, &[0.0; 2]).1.to_vec()
//!     });
//!     (x, x_dot)
//! }
//!
//! #[grad]
//! fn distance(p: &[f64]) -> f64 {
//!     let x = meet(p);
//!     x[0] * x[0] + x[1] * x[1]
//! }
//!
//! let at = |p0: f64| distance(&[p0, 0.7]);
//! let difference = (at(0.9 + 1e-6) - at(0.9 - 1e-6)) / 2e-6;
//! assert!((distance_grad(&[0.9, 0.7])[0] - difference).abs() < 1e-8);
//! ```
//!
//! (Griewank and Walther, *Evaluating Derivatives*, chapter 15; Blondel and others, *Efficient and
//! modular implicit differentiation*.)

use crate::linear::Factors;

/// The cotangent of p, from that of the root x of F(x, p) = 0.
///
/// `pullback` is that of F at the root: from the cotangent of F to those of x and p. It is called
/// once for each element of x, for the rows of ∂F/∂x, and once more for
/// p̄ = −(∂F/∂p)ᵀ (∂F/∂x)⁻ᵀ x̄.
///
/// ```
/// use autodiff::{grad, implicit};
///
/// #[grad(vjp)]
/// fn residual(x: &[f64], p: f64) -> [f64; 1] {
///     [x[0] * x[0] - p]
/// }
///
/// // x = √p at p = 4
/// let p_bar = implicit::root(&[1.0], |f_bar| residual_vjp(&[2.0], 4.0).1([f_bar[0]]));
/// assert_eq!(p_bar, 0.25);
/// ```
///
/// Where ∂F/∂x is singular, F does not define x, and the result is infinite or NaN.
///
/// # Panics
///
/// If a cotangent of x is not as long as `x_bar`.
#[track_caller]
pub fn root<P>(x_bar: &[f64], pullback: impl Fn(&[f64]) -> (Vec<f64>, P)) -> P {
    let rows = by_unit_vectors(x_bar.len(), |unit| pullback(unit).0);
    let factors = Factors::of(&rows, x_bar.len());
    let f_bar: Vec<f64> = factors.solve_transposed(x_bar).iter().map(|y| -y).collect();
    pullback(&f_bar).1
}

/// The tangent of the root x of F(x, p) = 0, where `f_dot` = ∂F/∂p · ṗ.
///
/// `pushforward` gives ∂F/∂x · ẋ. It is called once for each element of x, for the columns of
/// ∂F/∂x; then ẋ = −(∂F/∂x)⁻¹ ∂F/∂p ṗ.
///
/// ```
/// use autodiff::implicit;
///
/// // x² = p at x = 2: ∂F/∂p · ṗ = −1, ∂F/∂x · ẋ = 4 ẋ
/// let x_dot = implicit::root_tangent(&[-1.0], |x_dot| vec![4.0 * x_dot[0]]);
/// assert_eq!(x_dot, [0.25]);
/// ```
///
/// # Panics
///
/// If a tangent of F is not as long as `f_dot`.
#[track_caller]
#[must_use]
pub fn root_tangent(f_dot: &[f64], pushforward: impl Fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
    let columns = by_unit_vectors(f_dot.len(), pushforward);
    let factors = Factors::of(&columns, f_dot.len());
    factors.solve_transposed(f_dot).iter().map(|x_dot| -x_dot).collect()
}

/// What `of` makes of each unit vector, one after the other.
#[track_caller]
fn by_unit_vectors(n: usize, of: impl Fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
    let mut all = Vec::with_capacity(n * n);
    for at in 0..n {
        let unit: Vec<f64> = (0..n).map(|i| if i == at { 1.0 } else { 0.0 }).collect();
        let part = of(&unit);
        assert!(part.len() == n, "{} derivatives for {n} unknowns", part.len());
        all.extend(part);
    }
    all
}
