//! The identity that has derivative zero.

/// Returns its argument, which counts as a constant for every derivative.
///
/// An active value may go through this function to code that has no derivative: what comes back
/// is not differentiated.
///
/// ```
/// # use autodiff_runtime::stop_gradient;
/// let scale = stop_gradient(2.5_f64);
/// assert_eq!(scale, 2.5);
/// ```
#[inline]
#[must_use]
pub fn stop_gradient<T>(x: T) -> T {
    x
}
