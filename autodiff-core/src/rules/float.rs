//! Floats as scalars. An exponent of `powi` travels as an integral float.

use super::table::{f32_value, f64_value};
use super::{Const, Op, Scalar};

/// What formulas do with the exponent of `powi`, named as in the table.
pub(super) trait Exponent {
    /// `n` as a float.
    fn from_int(n: i32) -> Self;
    /// `n - 1`, saturating: the partial of `powi(i32::MIN)` must not panic.
    fn decrement(n: i32) -> Self;
}

macro_rules! float {
    ($float:ident, $value:ident) => {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_lossless,
            clippy::float_cmp,
            reason = "one macro for both floats; a formula compares exactly, and rounds constants"
        )]
        mod $float {
            use super::{Const, Exponent, Op, Scalar, $value};

            impl Exponent for $float {
                fn from_int(n: i32) -> Self {
                    n as $float
                }
                fn decrement(n: i32) -> Self {
                    n.saturating_sub(1) as $float
                }
            }

            impl Scalar for $float {
                type Bool = bool;

                fn constant(value: Const) -> Self {
                    match value {
                        Const::Lit(literal) => literal as $float,
                        Const::Ln2 => std::$float::consts::LN_2,
                        Const::Ln10 => std::$float::consts::LN_10,
                    }
                }
                fn apply(op: Op, args: &[Self]) -> Self {
                    $value(op, args)
                }
                fn less(&self, other: &Self) -> bool {
                    self < other
                }
                fn less_eq(&self, other: &Self) -> bool {
                    self <= other
                }
                fn equal(&self, other: &Self) -> bool {
                    self == other
                }
                fn and(a: bool, b: bool) -> bool {
                    a && b
                }
                fn select(condition: bool, yes: Self, no: Self) -> Self {
                    if condition { yes } else { no }
                }
            }
        }
    };
}
float!(f64, f64_value);
float!(f32, f32_value);
