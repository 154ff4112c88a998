//! Floats, and what holds exactly one value: references, `Option`, `Result`, arrays.

use super::{Differentiable, Tangent};

impl Differentiable for f64 {
    type Tangent = Self;

    #[inline]
    fn zero_tangent(&self) -> Self {
        0.0
    }
}

impl Tangent for f64 {
    #[inline]
    fn add_assign(&mut self, other: &Self) {
        *self += other;
    }

    #[inline]
    fn scale(&mut self, by: f64) {
        *self *= by;
    }

    #[inline]
    fn set_zero(&mut self) {
        *self = 0.0;
    }

    #[inline]
    fn dot(&self, other: &Self) -> f64 {
        self * other
    }
}

impl Differentiable for f32 {
    type Tangent = Self;

    #[inline]
    fn zero_tangent(&self) -> Self {
        0.0
    }
}

impl Tangent for f32 {
    #[inline]
    fn add_assign(&mut self, other: &Self) {
        *self += other;
    }

    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the product in f64, rounded once to the precision of the tangent"
    )]
    fn scale(&mut self, by: f64) {
        *self = (f64::from(*self) * by) as Self;
    }

    #[inline]
    fn set_zero(&mut self) {
        *self = 0.0;
    }

    #[inline]
    fn dot(&self, other: &Self) -> f64 {
        f64::from(*self) * f64::from(*other)
    }
}

impl<T: Differentiable + ?Sized> Differentiable for &T {
    type Tangent = T::Tangent;

    #[inline]
    fn zero_tangent(&self) -> T::Tangent {
        T::zero_tangent(self)
    }
}

impl<T: Differentiable + ?Sized> Differentiable for &mut T {
    type Tangent = T::Tangent;

    #[inline]
    fn zero_tangent(&self) -> T::Tangent {
        T::zero_tangent(self)
    }
}

impl<T: Differentiable, const N: usize> Differentiable for [T; N] {
    type Tangent = [T::Tangent; N];

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.each_ref().map(T::zero_tangent)
    }
}

impl<T: Tangent, const N: usize> Tangent for [T; N] {
    #[inline]
    fn add_assign(&mut self, other: &Self) {
        for (a, b) in self.iter_mut().zip(other) {
            a.add_assign(b);
        }
    }

    #[inline]
    fn scale(&mut self, by: f64) {
        for a in self {
            a.scale(by);
        }
    }

    #[inline]
    fn set_zero(&mut self) {
        for a in self {
            a.set_zero();
        }
    }

    #[inline]
    fn dot(&self, other: &Self) -> f64 {
        self.iter().zip(other).map(|(a, b)| a.dot(b)).sum()
    }
}

impl<T: Differentiable> Differentiable for Option<T> {
    type Tangent = Option<T::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.as_ref().map(T::zero_tangent)
    }
}

/// The error has no tangent: a function that fails returns no derivative.
impl<T: Differentiable, E> Differentiable for Result<T, E> {
    type Tangent = Option<T::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.as_ref().ok().map(T::zero_tangent)
    }
}

/// `None` is a zero of any shape.
impl<T: Tangent> Tangent for Option<T> {
    #[inline]
    fn add_assign(&mut self, other: &Self) {
        match (self, other) {
            (Some(a), Some(b)) => a.add_assign(b),
            (this @ None, Some(b)) => *this = Some(b.clone()),
            (_, None) => {}
        }
    }

    #[inline]
    fn scale(&mut self, by: f64) {
        if let Some(a) = self {
            a.scale(by);
        }
    }

    #[inline]
    fn set_zero(&mut self) {
        if let Some(a) = self {
            a.set_zero();
        }
    }

    #[inline]
    fn dot(&self, other: &Self) -> f64 {
        match (self, other) {
            (Some(a), Some(b)) => a.dot(b),
            (None, _) | (_, None) => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Differentiable, Tangent};

    #[test]
    fn f32_is_scaled_in_f64() {
        let mut a = 3.0_f32;
        a.scale(1.0 / 3.0);
        assert_eq!(a.to_bits(), 1.0_f32.to_bits());
        assert_eq!(a.dot(&2.0).to_bits(), 2.0_f64.to_bits());
    }

    #[test]
    fn references_have_the_tangent_of_what_they_refer_to() {
        fn zero<T: Differentiable>(x: T) -> T::Tangent {
            x.zero_tangent()
        }
        let mut x = [1.0, 2.0];
        assert_eq!(zero(Some(&x)), Some([0.0, 0.0]));
        assert_eq!(zero(Some(&mut x)), Some([0.0, 0.0]));
    }

    #[test]
    fn none_is_a_zero_of_any_shape() {
        let mut a = None;
        a.add_assign(&Some([1.0, 2.0]));
        a.add_assign(&None);
        a.scale(3.0);
        assert_eq!(a, Some([3.0, 6.0]));
        assert_eq!(a.dot(&None).to_bits(), 0.0_f64.to_bits());
        assert_eq!(a.dot(&Some([1.0, 1.0])).to_bits(), 9.0_f64.to_bits());
    }

    #[test]
    fn the_variant_decides_the_zero() {
        assert_eq!(Some(2.0).zero_tangent(), Some(0.0));
        assert_eq!(None::<f64>.zero_tangent(), None);
        assert_eq!(Ok::<f64, &str>(2.0).zero_tangent(), Some(0.0));
        assert_eq!(Err::<f64, &str>("no").zero_tangent(), None);
    }
}
