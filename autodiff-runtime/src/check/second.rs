//! Second derivatives: against differences of the gradient, and for symmetry.

use std::borrow::{Borrow, BorrowMut};
use std::fmt::{self, Display, Formatter};

use super::{Components, Point, Products, Report, flatten, moved_to, products_within, tangent};

/// What a check of second derivatives has found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Second {
    /// The product of the Hessian with a direction, against differences of the gradient along it.
    pub product: Report,
    /// ⟨u, Hv⟩ and ⟨Hu, v⟩, which are the same.
    pub symmetry: Result<Products, Products>,
}

/// Checks products with the Hessian at `point`, in directions that have nothing special about them.
///
/// `product` is given the point and a direction: `|x, v| f_hvp(x, v)`. What it gives is compared
/// with finite differences of `gradient` along the direction, and with the product with another
/// direction, as Hessians are symmetric.
///
/// # Errors
///
/// What was found, if a component differs or cannot be checked, or the Hessian is not symmetric.
///
/// ```
/// use autodiff_runtime::check;
///
/// // x³y: the gradient is (3x²y, x³).
/// let gradient = |&[x, y]: &[f64; 2]| [3.0 * x * x * y, x * x * x];
/// let product = |&[x, y]: &[f64; 2], &[a, b]: &[f64; 2]| {
///     [6.0 * x * y * a + 3.0 * x * x * b, 3.0 * x * x * a]
/// };
/// assert!(check::second(gradient, product, &[0.5, 2.0]).is_ok());
///
/// let wrong = |x: &[f64; 2], v: &[f64; 2]| [product(x, v)[0], 0.0];
/// let found = check::second(gradient, wrong, &[0.5, 2.0]).unwrap_err();
/// assert!(found.to_string().contains("differs"), "{found}");
/// ```
pub fn second<X, G, H>(
    gradient: impl Fn(&X) -> G,
    product: impl Fn(&X, &X) -> H,
    point: &X,
) -> Result<Second, Second>
where
    X: Point + ToOwned<Owned: BorrowMut<X>> + ?Sized,
    G: Components,
    H: Components,
{
    let count = flatten(point).len();
    let (v, u) = (direction(count, 0), direction(count, 1));
    let along = |v: &[f64]| product(point, moved_to(point, v).borrow());
    let (of_v, of_u) = (along(&v), flatten(&along(&u)));
    let found = Second {
        product: tangent(gradient, point, &v, &of_v).unwrap_or_else(|report| report),
        symmetry: products_within(
            super::unit_roundoff::<X, G>().sqrt(),
            &u,
            &flatten(&of_v),
            &of_u,
            &v,
        ),
    };
    if found.product.passes() && found.symmetry.is_ok() { Ok(found) } else { Err(found) }
}

/// Numbers between −1 and 1 that look like chance and are the same on every run.
#[must_use]
pub fn direction(count: usize, number: usize) -> Vec<f64> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(number as u64 + 1);
    let mut next = || {
        // Marsaglia, *Xorshift RNGs*, Journal of Statistical Software 8 (2003).
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        f64::from((state >> 40) as u32) / f64::from(1_u32 << 23) - 1.0
    };
    (0..count).map(|_| next()).collect()
}

impl Display for Second {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (Ok(symmetry) | Err(symmetry)) = &self.symmetry;
        let verdict = if self.symmetry.is_ok() { "symmetric" } else { "not symmetric  <--" };
        let Products { forward, reverse, .. } = symmetry;
        write!(f, "{}\n  ⟨u, Hv⟩ = {forward}, ⟨Hu, v⟩ = {reverse}: {verdict}", self.product)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is a failed test")]
mod tests {
    use super::{direction, second};

    #[test]
    fn what_is_not_symmetric_is_reported() {
        // The tangent of something that is no gradient.
        let (field, along) = (|x: &[f64; 2]| [x[1], 0.0], |_: &[f64; 2], v: &[f64; 2]| [v[1], 0.0]);
        let found = second(field, along, &[0.5, 2.0]).unwrap_err();
        assert!(found.product.passes(), "{found}");
        assert!(found.to_string().ends_with("not symmetric  <--"), "{found}");
    }

    #[test]
    fn directions_are_apart() {
        let (v, u) = (direction(3, 0), direction(3, 1));
        assert!(v.iter().chain(&u).all(|x| x.abs() <= 1.0 && x.abs() > 1e-3), "{v:?}, {u:?}");
        let dot: f64 = v.iter().zip(&u).map(|(a, b)| a * b).sum();
        let norm = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>().sqrt();
        assert!(dot.abs() < 0.95 * norm(&v) * norm(&u), "{v:?}, {u:?}");
    }
}
