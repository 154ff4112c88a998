//! Checks of derivatives, first and second: against finite differences, of the two modes against each
//! other, and of Hessians for symmetry.
//!
//! ```
//! use autodiff_runtime::check;
//!
//! let f = |&(x, y): &(f64, f64)| x * y + x.sin();
//! let gradient = |x: f64, y: f64| (y + x.cos(), x);
//!
//! let report = check::gradient(f, &(2.0, 3.0), &gradient(2.0, 3.0));
//! assert!(report.is_ok());
//!
//! let wrong = check::gradient(f, &(2.0, 3.0), &(3.0, 2.0));
//! assert!(wrong.is_err());
//! ```
//!
//! # How it decides
//!
//! Every component is differentiated numerically by Ridders' method: central differences with
//! a step that is halved again and again, extrapolated to step zero. The difference of two
//! neighbouring extrapolations estimates the error, to which the rounding error of f is added.
//! So the check knows how exact its own number is, and the verdict says which of four it is:
//!
//! | verdict | meaning |
//! |---|---|
//! | [`Agrees`](Verdict::Agrees) | the same within the estimated error and √ε |
//! | [`Kink`](Verdict::Kink) | the slopes on both sides differ, and the given one is between them |
//! | [`Differs`](Verdict::Differs) | not the same |
//! | [`Unclear`](Verdict::Unclear) | f jumps, is not finite near the point, or too noisy to tell |
//!
//! `Differs` and `Unclear` make a check fail: what could not be checked is not called right.
//!
//! C. J. F. Ridders, *Accurate computation of F′(x) and F′(x)F″(x)*, Advances in Engineering
//! Software 4 (1982) 75–76; W. H. Press et al., *Numerical Recipes*, section 5.7.

mod components;
mod product;
mod report;
mod ridders;
mod second;

use std::borrow::BorrowMut;

pub use components::{Components, Point, flatten, unflatten};
pub use product::{Products, products, products_within};
pub use report::{Component, Report, Verdict};
pub use second::{Second, direction, second};

use ridders::Estimate;

/// Compares a gradient of `f` at `point` with finite differences.
///
/// The gradient has one component for each float of the point, in the same order; the shapes are
/// otherwise free. So `&f_grad(x)` goes with the point `x` as well as with `(x,)`, and a point
/// may have inert parts: `(0.5, 3_usize)`. The result of `f` is one float.
///
/// # Errors
///
/// The report, if some component differs or cannot be checked.
///
/// ```
/// use autodiff_runtime::check;
///
/// let norm = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>();
/// let report = check::gradient(norm, [1.0, 2.0].as_slice(), &vec![2.0, 5.0]).unwrap_err();
/// assert!(report.to_string().contains("differs"), "{report}");
/// ```
pub fn gradient<X, Y, G>(f: impl Fn(&X) -> Y, point: &X, gradient: &G) -> Result<Report, Report>
where
    X: Point + ToOwned<Owned: BorrowMut<X>> + ?Sized,
    Y: Components,
    G: Components + ?Sized,
{
    let labels = components::labels(point);
    let x = flatten(point);
    let given = flatten(gradient);
    let epsilon = unit_roundoff::<X, Y>();
    if given.len() != x.len() {
        return Err(Report::mismatch("gradient", given.len(), x.len()));
    }
    let results = flatten(&f(point)).len();
    if results != 1 {
        return Err(Report::mismatch("result", results, 1));
    }
    let estimates = (0..x.len()).map(|i| partial(&f, point, &x, i, epsilon)).collect();
    Report::new(labels, &given, estimates, epsilon).into_result()
}

/// Compares a directional derivative of `f` at `point`, along `x_dot`, with finite differences.
///
/// This is what a `jvp` returns beside the value. The result may have any shape.
///
/// # Errors
///
/// The report, if some component of the result differs or cannot be checked.
///
/// ```
/// use autodiff_runtime::check;
///
/// let polar = |&(r, t): &(f64, f64)| [r * t.cos(), r * t.sin()];
/// // Along the angle: (−r sin t, r cos t).
/// let y_dot = [-2.0 * 0.5_f64.sin(), 2.0 * 0.5_f64.cos()];
/// assert!(check::tangent(polar, &(2.0, 0.5), &(0.0, 1.0), &y_dot).is_ok());
/// ```
pub fn tangent<X, Y, XDot, YDot>(
    f: impl Fn(&X) -> Y,
    point: &X,
    x_dot: &XDot,
    y_dot: &YDot,
) -> Result<Report, Report>
where
    X: Point + ToOwned<Owned: BorrowMut<X>> + ?Sized,
    Y: Components,
    XDot: Components + ?Sized,
    YDot: Components + ?Sized,
{
    let (x, direction, given) = (flatten(point), flatten(x_dot), flatten(y_dot));
    if direction.len() != x.len() {
        return Err(Report::mismatch("tangent", direction.len(), x.len()));
    }
    let epsilon = unit_roundoff::<X, Y>();
    let labels = components::labels(y_dot);
    let size = largest(&x).max(f64::MIN_POSITIVE) / largest(&direction).max(f64::MIN_POSITIVE);
    let estimates = ridders::derivative(first_step(size), epsilon, |t| {
        let moved: Vec<f64> = x.iter().zip(&direction).map(|(x, d)| x + t * d).collect();
        (t, flatten(&f(moved_to(point, &moved).borrow_mut())))
    });
    if given.len() != estimates.len() {
        return Err(Report::mismatch("tangent", given.len(), estimates.len()));
    }
    Report::new(labels, &given, estimates, epsilon).into_result()
}

/// Panics with the report if `gradient` is not the gradient of `f` at `point`.
///
/// `names` are those of the point's parts, if the point is a tuple; they may be fewer. This is
/// what `#[grad(test(..))]` calls.
///
/// # Panics
///
/// If [`gradient`] fails.
///
/// ```
/// use autodiff_runtime::check;
///
/// fn f(x: f64, y: f64) -> f64 { x * y }
/// fn f_grad(x: f64, y: f64) -> (f64, f64) { (y, x) }
/// check::assert_gradient("f", &["x", "y"], |(x, y)| f(*x, *y), &(0.5, 2.0), &f_grad(0.5, 2.0));
/// ```
///
/// ```should_panic
/// # use autodiff_runtime::check;
/// check::assert_gradient("f", &["x"], |(x,)| x * x, &(0.5_f64,), &0.5);
/// ```
#[track_caller]
#[expect(clippy::panic, reason = "an assertion")]
pub fn assert_gradient<X, Y, G>(
    function: &str,
    names: &[&str],
    f: impl Fn(&X) -> Y,
    point: &X,
    gradient: &G,
) where
    X: Point + ToOwned<Owned: BorrowMut<X>> + ?Sized,
    Y: Components,
    G: Components + ?Sized,
{
    if let Err(report) = self::gradient(f, point, gradient) {
        panic!("the gradient of `{function}` is not confirmed:\n{}", report.named(names));
    }
}

/// The derivative of the first component of `f` by the `i`-th component of the point.
fn partial<X, Y>(f: impl Fn(&X) -> Y, point: &X, x: &[f64], i: usize, epsilon: f64) -> Estimate
where
    X: Point + ToOwned<Owned: BorrowMut<X>> + ?Sized,
    Y: Components,
{
    let size = x.get(i).copied().unwrap_or_default();
    let along = |t: f64| {
        let mut moved = x.to_vec();
        if let Some(component) = moved.get_mut(i) {
            *component += t;
        }
        let mut owned = moved_to(point, &moved);
        // An `f32` does not move by t exactly.
        let reached = flatten(owned.borrow_mut()).get(i).copied().unwrap_or_default();
        (reached - size, flatten(&f(owned.borrow_mut())))
    };
    let estimates = ridders::derivative(first_step(size), epsilon, along);
    estimates.into_iter().next().unwrap_or_default()
}

fn moved_to<X: Point + ToOwned<Owned: BorrowMut<X>> + ?Sized>(point: &X, to: &[f64]) -> X::Owned {
    let mut owned = point.to_owned();
    unflatten(owned.borrow_mut(), to);
    owned
}

/// A power of two, so that `f64`s near `size` move by it exactly: about a twentieth of `size`.
fn first_step(size: f64) -> f64 {
    (size.abs().max(0.1) / 16.0).log2().floor().exp2()
}

fn largest(x: &[f64]) -> f64 {
    x.iter().fold(0.0, |largest, x| x.abs().max(largest))
}

/// Of the less exact of argument and result.
const fn unit_roundoff<X: Components + ?Sized, Y: Components>() -> f64 {
    X::EPSILON.max(Y::EPSILON)
}

#[cfg(test)]
#[path = "check/tests.rs"]
mod tests;
