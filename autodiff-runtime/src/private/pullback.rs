//! What the `vjp` of a rule gives beside the value.

/// From the cotangent of the value to those of the parameters.
#[diagnostic::on_unimplemented(
    message = "the `vjp` of a rule gives the value and its pullback",
    label = "this is not a pullback: a closure from `{YBar}` to `{Bars}`",
    note = "a rule's `vjp` returns `(value, impl FnOnce({YBar}) -> {Bars} + use<>)`"
)]
pub trait Pullback<YBar, Bars>: FnOnce(YBar) -> Bars {}

impl<YBar, Bars, F: FnOnce(YBar) -> Bars> Pullback<YBar, Bars> for F {}

/// Checks that a pullback is one.
///
/// ```
/// # use autodiff_runtime::__private::pullback;
/// assert_eq!(pullback::<f64, (f64, f64), _>(|y_bar| (y_bar, 2.0 * y_bar))(1.0), (1.0, 2.0));
/// ```
#[inline]
pub fn pullback<YBar, Bars, F: Pullback<YBar, Bars>>(pullback: F) -> impl FnOnce(YBar) -> Bars {
    pullback
}

/// The same, of one that owns what it keeps: `impl FnOnce(f64) -> Vec<f64> + use<>`.
///
/// ```
/// # use autodiff_runtime::__private::owned_pullback;
/// let factor = 2.0;
/// assert_eq!(owned_pullback::<f64, f64, _>(move |y_bar: f64| factor * y_bar)(1.0), 2.0);
/// ```
#[inline]
pub fn owned_pullback<YBar, Bars, F: Pullback<YBar, Bars> + 'static>(
    pullback: F,
) -> impl FnOnce(YBar) -> Bars {
    pullback
}
