//! Forward and reverse mode against each other: ⟨ȳ, Jẋ⟩ = ⟨Jᵀȳ, ẋ⟩.

use std::fmt::{self, Display, Formatter};

use crate::Tangent;

/// Both sides of the identity ⟨ȳ, Jẋ⟩ = ⟨Jᵀȳ, ẋ⟩.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Products {
    /// ⟨ȳ, ẏ⟩ with ẏ = Jẋ from forward mode.
    pub forward: f64,
    /// ⟨x̄, ẋ⟩ with x̄ = Jᵀȳ from reverse mode.
    pub reverse: f64,
    /// ‖ȳ‖‖ẏ‖ + ‖x̄‖‖ẋ‖: what the sides would be without cancellation.
    pub scale: f64,
}

/// Checks that a `jvp` and a `vjp` of the same function at the same point belong together.
///
/// `y_dot` is what the `jvp` returned for `x_dot`, and `x_bar` what the `vjp` returned for
/// `y_bar`. The identity holds exactly, up to rounding: there is no step and no extrapolation in
/// it, so that it is the sharper test; but an error that both modes share escapes it.
///
/// # Errors
///
/// The two sides, if they differ by more than 10⁻⁹ of their scale.
///
/// ```
/// use autodiff_runtime::check;
///
/// // f(a, b) = (ab, a) at (3, 2): Jẋ = (2ȧ + 3ḃ, ȧ), Jᵀȳ = (2p̄ + q̄, 3p̄).
/// let (x_dot, y_bar) = ((0.3, -0.7), [1.1, 0.4]);
/// let y_dot = [2.0 * 0.3 - 3.0 * 0.7, 0.3];
/// let x_bar = (2.0 * 1.1 + 0.4, 3.0 * 1.1);
/// assert!(check::products(&y_bar, &y_dot, &x_bar, &x_dot).is_ok());
/// ```
pub fn products<X: Tangent, Y: Tangent>(
    y_bar: &Y,
    y_dot: &Y,
    x_bar: &X,
    x_dot: &X,
) -> Result<Products, Products> {
    products_within(1e-9, y_bar, y_dot, x_bar, x_dot)
}

/// [`products`] with a tolerance of one's own, for `f32` or long computations.
///
/// # Errors
///
/// The two sides, if they differ by more than `tolerance` times their scale.
pub fn products_within<X: Tangent, Y: Tangent>(
    tolerance: f64,
    y_bar: &Y,
    y_dot: &Y,
    x_bar: &X,
    x_dot: &X,
) -> Result<Products, Products> {
    let found = Products {
        forward: y_bar.dot(y_dot),
        reverse: x_bar.dot(x_dot),
        scale: norm(y_bar) * norm(y_dot) + norm(x_bar) * norm(x_dot),
    };
    let agree = (found.forward - found.reverse).abs() <= tolerance * found.scale;
    if agree { Ok(found) } else { Err(found) }
}

fn norm<T: Tangent>(x: &T) -> f64 {
    x.dot(x).sqrt()
}

impl Display for Products {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { forward, reverse, scale } = self;
        let apart = (forward - reverse).abs();
        let off = if apart == 0.0 { apart } else { apart / scale };
        write!(f, "forward {forward}, reverse {reverse}: {off:.1e} of their scale apart")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is a failed test")]
mod tests {
    use super::{products, products_within};

    #[test]
    fn a_wrong_side_is_reported() {
        let found = products(&1.0, &2.0, &[1.0, 1.0], &[1.0, 1.5]).unwrap_err();
        assert_eq!(found.forward.to_bits(), 2.0_f64.to_bits());
        assert!(found.to_string().starts_with("forward 2, reverse 2.5: "), "{found}");
        assert!(products(&f64::NAN, &1.0, &1.0, &1.0).is_err());
    }

    #[test]
    fn a_tolerance_of_ones_own() {
        assert!(products(&1.0, &1.0, &1.0, &1.0001).is_err());
        assert!(products_within(1e-3, &1.0, &1.0, &1.0, &1.0001).is_ok());
    }
}
