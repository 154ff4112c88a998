//! Tuples of up to eight parts.

use super::{Differentiable, Tangent};

macro_rules! tuple {
    ($($part:ident $index:tt),+) => {
        impl<$($part: Differentiable),+> Differentiable for ($($part,)+) {
            type Tangent = ($($part::Tangent,)+);

            #[inline]
            fn zero_tangent(&self) -> Self::Tangent {
                ($(self.$index.zero_tangent(),)+)
            }
        }

        impl<$($part: Tangent),+> Tangent for ($($part,)+) {
            #[inline]
            fn add_assign(&mut self, other: &Self) {
                $(self.$index.add_assign(&other.$index);)+
            }

            #[inline]
            fn scale(&mut self, by: f64) {
                $(self.$index.scale(by);)+
            }

            #[inline]
            fn set_zero(&mut self) {
                $(self.$index.set_zero();)+
            }

            #[inline]
            fn dot(&self, other: &Self) -> f64 {
                0.0 $(+ self.$index.dot(&other.$index))+
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

#[cfg(test)]
mod tests {
    use super::{Differentiable, Tangent};

    #[test]
    fn parts_keep_their_order() {
        let mut a = (1.0, 2_usize, [3.0_f32]).zero_tangent();
        a.add_assign(&(1.0, (), [2.0]));
        a.scale(3.0);
        assert_eq!(a, (3.0, (), [6.0]));
        assert_eq!(a.dot(&(1.0, (), [0.5])).to_bits(), 6.0_f64.to_bits());
    }
}
