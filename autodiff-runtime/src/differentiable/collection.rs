//! What has run-time length or lives on the heap: slices, `Vec`, `Box`.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::{Differentiable, Tangent};

impl<T: Differentiable> Differentiable for [T] {
    type Tangent = Vec<T::Tangent>;

    fn zero_tangent(&self) -> Self::Tangent {
        self.iter().map(T::zero_tangent).collect()
    }
}

impl<T: Differentiable> Differentiable for Vec<T> {
    type Tangent = Vec<T::Tangent>;

    fn zero_tangent(&self) -> Self::Tangent {
        self.as_slice().zero_tangent()
    }
}

impl<T: Differentiable + ?Sized> Differentiable for Box<T> {
    type Tangent = T::Tangent;

    #[inline]
    fn zero_tangent(&self) -> T::Tangent {
        T::zero_tangent(self)
    }
}

impl<T: Tangent> Tangent for Vec<T> {
    fn add_assign(&mut self, other: &Self) {
        assert_same_length(self, other);
        for (a, b) in self.iter_mut().zip(other) {
            a.add_assign(b);
        }
    }

    fn scale(&mut self, by: f64) {
        for a in self {
            a.scale(by);
        }
    }

    fn set_zero(&mut self) {
        for a in self {
            a.set_zero();
        }
    }

    fn dot(&self, other: &Self) -> f64 {
        assert_same_length(self, other);
        self.iter().zip(other).map(|(a, b)| a.dot(b)).sum()
    }
}

fn assert_same_length<T>(a: &[T], b: &[T]) {
    let (a, b) = (a.len(), b.len());
    assert!(a == b, "tangents of different lengths: {a} and {b}");
}

#[cfg(test)]
mod tests {
    use super::{Box, Differentiable, Tangent, Vec};
    use alloc::vec;

    #[test]
    fn slices_have_vectors_as_tangents() {
        let rows: &[Vec<f64>] = &[vec![1.0], vec![2.0, 3.0]];
        assert_eq!(rows.zero_tangent(), [vec![0.0], vec![0.0, 0.0]]);
        let boxed: Box<[f64]> = Box::new([1.0, 2.0]);
        assert_eq!(boxed.zero_tangent(), [0.0, 0.0]);
        assert_eq!([1, 2].as_slice().zero_tangent(), [(), ()]);
    }

    #[test]
    #[should_panic(expected = "tangents of different lengths: 1 and 2")]
    fn lengths_must_agree() {
        vec![1.0].add_assign(&vec![1.0, 2.0]);
    }
}
