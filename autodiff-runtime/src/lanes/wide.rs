//! The lanes of the crate `wide`.
//!
//! What rounds once there and in `std` is the same to the last bit. `wide` approximates the elementary functions
//! for all lanes at once, to a few units in the last place on the ranges that are written here; where a lane is
//! outside, or where `wide` has no such function, the function of `std` is called for each lane.

use wide::{f32x4, f32x8, f32x16, f64x2, f64x4, f64x8};

use super::{Lanes, Mask};
use crate::batch::Load;
use crate::{Differentiable, Tangent};

/// Where the approximations of functions hold.
struct Ranges<T> {
    /// |x| for the exponential, which neither over- nor underflows there.
    exponent: T,
    /// |x| for sine, cosine and tangent: beyond, little is left of x less its multiple of π.
    angle: T,
    /// A sum of squares whose root is exact: none of them matters that underflows.
    squares: [T; 2],
    /// |x| and |y| of an angle: their quotient is a normal number.
    sides: [T; 2],
}

const OF_F64: Ranges<f64> =
    Ranges { exponent: 700.0, angle: 1e5, squares: [1e-290, 1e300], sides: [1e-150, 1e150] };
const OF_F32: Ranges<f32> =
    Ranges { exponent: 80.0, angle: 500.0, squares: [1e-30, 1e38], sides: [1e-18, 1e18] };

/// The bases and the exponents of powers: what is lost in the logarithm grows with their product.
const BASES: [f32; 2] = [0.0625, 16.0];
const POWERS: f32 = 8.0;

macro_rules! derivative {
    ($lanes:ident $float:ident) => {
        impl Differentiable for $lanes {
            type Tangent = Self;

            #[inline]
            fn zero_tangent(&self) -> Self {
                Self::ZERO
            }
        }

        /// What is a number here is that of all lanes.
        impl Tangent for $lanes {
            #[inline]
            fn add_assign(&mut self, other: &Self) {
                *self += *other;
            }

            #[inline]
            fn scale(&mut self, by: f64) {
                *self = Self::new(self.to_array().map(|mut lane| {
                    lane.scale(by);
                    lane
                }));
            }

            #[inline]
            fn set_zero(&mut self) {
                *self = Self::ZERO;
            }

            #[inline]
            fn dot(&self, other: &Self) -> f64 {
                self.to_array().dot(&other.to_array())
            }
        }

        crate::real_operators!($lanes);
    };
}

macro_rules! load {
    ($lanes:ident $float:ident $count:literal) => {
        impl Load for $lanes {
            type Element = $float;
            const COUNT: usize = $count;

            #[inline]
            fn read(elements: &[$float]) -> Self {
                Self::new(elements.first_chunk().map_or_else(|| padded(elements), |lanes| *lanes))
            }

            #[inline]
            fn write(self, elements: &mut [$float]) {
                let lanes = self.to_array();
                if let Some(whole) = elements.first_chunk_mut() {
                    *whole = lanes;
                } else {
                    write_some(elements, lanes);
                }
            }
        }
    };
}

/// Elements that do not fill the lanes, and the last of them again.
#[cold]
fn padded<T: Copy + Default, const N: usize>(elements: &[T]) -> [T; N] {
    let mut lanes = [elements.last().copied().unwrap_or_default(); N];
    lanes.iter_mut().zip(elements).for_each(|(lane, element)| *lane = *element);
    lanes
}

/// Lanes of which there are more than elements.
#[cold]
fn write_some<T, const N: usize>(elements: &mut [T], lanes: [T; N]) {
    elements.iter_mut().zip(lanes).for_each(|(element, lane)| *element = lane);
}

/// Functions of one argument: of all lanes at once where they are within a range.
macro_rules! within {
    ($float:ident; $($name:ident |$x:ident| $range:expr;)*) => {$(
        #[inline]
        fn $name(self) -> Self {
            let $x = self;
            if $range.all() {
                Self::$name(self)
            } else {
                Self::new(self.to_array().map($float::$name))
            }
        }
    )*};
}

/// The same in every lane.
macro_rules! everywhere {
    ($($name:ident)*) => {$(
        #[inline]
        fn $name(self) -> Self {
            Self::$name(self)
        }
    )*};
}

/// Lane by lane.
macro_rules! each {
    (@ $float:ident $name:ident $this:ident) => {
        Self::new($this.to_array().map($float::$name))
    };
    (@ $float:ident $name:ident $this:ident $other:ident) => {{
        let mut lanes = $this.to_array();
        let others = $other.to_array();
        lanes.iter_mut().zip(others).for_each(|(lane, other)| *lane = lane.$name(other));
        Self::new(lanes)
    }};
    ($float:ident; $($name:ident($($arg:ident)?);)*) => {$(
        #[inline]
        fn $name(self, $($arg: Self)?) -> Self {
            each!(@ $float $name self $($arg)?)
        }
    )*};
}

macro_rules! questions {
    ($lanes:ident $float:ident) => {
        type Mask = Self;

        #[inline]
        fn select(mask: Self, yes: Self, no: Self) -> Self {
            mask.select(yes, no)
        }

        #[inline]
        fn less(a: Self, b: Self) -> Self {
            a.simd_lt(b)
        }

        #[inline]
        fn less_or_equal(a: Self, b: Self) -> Self {
            a.simd_le(b)
        }

        #[inline]
        fn equal(a: Self, b: Self) -> Self {
            a.simd_eq(b)
        }

        #[inline]
        fn vanishing(this: Self) -> Self {
            this.simd_eq(Self::ZERO)
        }

        #[inline]
        fn is_finite(self) -> bool {
            Self::is_finite(self).all()
        }
    };
}

macro_rules! lanes {
    ($($lanes:ident $float:ident $count:literal $ranges:ident;)*) => {$(
        derivative!($lanes $float);
        load!($lanes $float $count);

        impl Mask for $lanes {
            #[inline]
            fn all(self) -> bool {
                Self::all(self)
            }
        }

        impl Lanes for $lanes {
            #[inline]
            #[allow(clippy::cast_possible_truncation, reason = "rounding is what this is for")]
            fn from_f64(x: f64) -> Self {
                Self::splat(x as $float)
            }

            #[inline]
            fn zero() -> Self {
                Self::ZERO
            }

            #[inline]
            fn one() -> Self {
                Self::ONE
            }

            questions!($lanes $float);

            everywhere! {
                abs signum to_degrees to_radians sqrt floor ceil round round_ties_even trunc fract
            }

            within! { $float;
                exp |x| x.abs().simd_lt(Self::splat($ranges.exponent));
                exp_m1 |x| x.abs().simd_lt(Self::splat($ranges.exponent));
                sinh |x| x.abs().simd_lt(Self::splat($ranges.exponent));
                cosh |x| x.abs().simd_lt(Self::splat($ranges.exponent));
                tanh |x| x.abs().simd_lt(Self::splat($ranges.exponent));
                sin |x| x.abs().simd_lt(Self::splat($ranges.angle));
                cos |x| x.abs().simd_lt(Self::splat($ranges.angle));
                tan |x| x.abs().simd_lt(Self::splat($ranges.angle));
                asin |x| x.abs().simd_le(Self::ONE);
                acos |x| x.abs().simd_le(Self::ONE);
                atan |x| x.abs().simd_lt(Self::splat($ranges.sides[1]));
                ln |x| within(x, [$float::MIN_POSITIVE, $float::MAX]);
                log2 |x| within(x, [$float::MIN_POSITIVE, $float::MAX]);
                log10 |x| within(x, [$float::MIN_POSITIVE, $float::MAX]);
                ln_1p |x| within(x, [-0.99, $ranges.sides[1]]);
                cbrt |x| within(x.abs(), [$float::MIN_POSITIVE, $float::MAX]);
            }

            each! { $float;
                exp2(); asinh(); acosh(); atanh(); div_euclid(other); rem_euclid(other);
            }

            /// Divided: the instruction for it gives twelve bits.
            #[inline]
            fn recip(self) -> Self {
                Self::ONE / self
            }

            #[inline]
            fn max(self, other: Self) -> Self {
                Self::max(self, other)
            }

            #[inline]
            fn min(self, other: Self) -> Self {
                Self::min(self, other)
            }

            #[inline]
            fn copysign(self, sign: Self) -> Self {
                Self::copysign(self, sign)
            }

            #[inline]
            fn clamp(self, low: Self, high: Self) -> Self {
                assert!(low.simd_le(high).all(), "clamp from {low:?} to {high:?}");
                let raised = self.simd_lt(low).select(low, self);
                raised.simd_gt(high).select(high, raised)
            }

            #[inline]
            fn hypot(self, other: Self) -> Self {
                let sum = self * self + other * other;
                if within(sum, $ranges.squares).all() {
                    return sum.sqrt();
                }
                each!(@ $float hypot self other)
            }

            #[inline]
            fn atan2(self, other: Self) -> Self {
                let sides = within(self.abs(), $ranges.sides) & within(other.abs(), $ranges.sides);
                if sides.all() {
                    return Self::atan2(self, other);
                }
                each!(@ $float atan2 self other)
            }

            #[inline]
            fn sin_cos(self) -> (Self, Self) {
                if self.abs().simd_lt(Self::splat($ranges.angle)).all() {
                    return Self::sin_cos(self);
                }
                (Lanes::sin(self), Lanes::cos(self))
            }

            #[inline]
            fn log(self, base: Self) -> Self {
                Lanes::ln(self) / Lanes::ln(base)
            }

            #[inline]
            fn powf(self, n: Self) -> Self {
                let bases = within(self, BASES.map($float::from));
                if (bases & n.abs().simd_le(Self::splat($float::from(POWERS)))).all() {
                    return self.powf_simd(n);
                }
                each!(@ $float powf self n)
            }

            /// The squares that a processor without such an instruction multiplies for a single float.
            #[inline]
            fn powi(self, n: i32) -> Self {
                let (mut power, mut square, mut left) = (Self::ONE, self, n.unsigned_abs());
                while left > 0 {
                    if left % 2 == 1 {
                        power *= square;
                    }
                    square *= square;
                    left /= 2;
                }
                if n < 0 { Self::ONE / power } else { power }
            }

            /// `wide` rounds twice where the processor has no instruction that rounds once.
            #[inline]
            fn mul_add(self, a: Self, b: Self) -> Self {
                if cfg!(target_feature = "fma") {
                    return Self::mul_add(self, a, b);
                }
                let (mut lanes, factors, terms) = (self.to_array(), a.to_array(), b.to_array());
                for ((lane, a), b) in lanes.iter_mut().zip(factors).zip(terms) {
                    *lane = lane.mul_add(a, b);
                }
                Self::new(lanes)
            }
        }
    )*};
}

/// Where lanes are in a range.
#[inline]
fn within<T: Lanes + From<E>, E>(x: T, [low, high]: [E; 2]) -> T::Mask {
    T::less_or_equal(low.into(), x) & T::less_or_equal(x, high.into())
}

lanes! {
    f64x2 f64 2 OF_F64;
    f64x4 f64 4 OF_F64;
    f64x8 f64 8 OF_F64;
    f32x4 f32 4 OF_F32;
    f32x8 f32 8 OF_F32;
    f32x16 f32 16 OF_F32;
}

#[cfg(test)]
mod tests;
