//! The table: every function with its partial derivatives, one row each.

use super::Const::{Ln2, Ln10};
use super::define::rules;
use super::kinks::{capped, tie, tie_high, tie_low, tied};
use super::row::{Mark, Row};
use super::scalar::Scalar;
use super::term::{IntoPartial, Term, Zero, when};

/// Degrees in a radian.
const DEGREES: f64 = 180.0 / std::f64::consts::PI;
/// Radians in a degree.
const RADIANS: f64 = std::f64::consts::PI / 180.0;

rules! { |active|
    // Operators. The quotient of a remainder is found from the remainder, which is exact:
    // trunc(a / b) itself is one too many where a / b rounds up to an integer, as 1.0 / 0.1 does.
    Neg "-": y = neg(a)    => [-1.0]                       on -3.0..3.0;
    Add "+": y = add(a, b) => [1.0, 1.0]                   on -3.0..3.0, -3.0..3.0;
    Sub "-": y = sub(a, b) => [1.0, -1.0]                  on -3.0..3.0, -3.0..3.0;
    Mul "*": y = mul(a, b) => [b, a]                       on -3.0..3.0, -3.0..3.0;
    Div "/": y = div(a, b) => [r, -(y * r)] on -3.0..3.0, 0.2..3.0, singular where r = 1.0 / b;
    Rem "%": y = rem(a, b) => [1.0, ((y - a) / b).round()] on -9.0..9.0, 0.7..3.0;

    MulAdd:    y = mul_add(a, b, c) => [b, a, 1.0]         on -3.0..3.0, -3.0..3.0, -3.0..3.0;
    Recip:     y = recip(x)         => [-(y * y)]          on 0.2..3.0, singular;
    RemEuclid: y = rem_euclid(a, b) => [1.0, ((y - a) / b).round()] on -9.0..9.0, 0.7..3.0;
    DivEuclid: y = div_euclid(a, b) => [Zero, Zero]        on -9.0..9.0, 0.7..3.0;

    // Trigonometry. At (0, 0), which has no angle, the derivative is zero by convention.
    Sin:  y = sin(x)  => [x.cos()]                               on -6.0..6.0;
    Cos:  y = cos(x)  => [-x.sin()]                              on -6.0..6.0;
    Tan:  y = tan(x)  => [1.0 + y * y]                           on -1.4..1.4;
    Asin: y = asin(x) => [1.0 / ((1.0 - x) * (1.0 + x)).sqrt()]  on -0.9..0.9, singular;
    Acos: y = acos(x) => [-1.0 / ((1.0 - x) * (1.0 + x)).sqrt()] on -0.9..0.9, singular;
    Atan: y = atan(x) => [1.0 / (1.0 + x * x)]                   on -6.0..6.0;
    Atan2: y = atan2(a, b) => [b * r, -(a * r)] on -3.0..3.0, 0.2..3.0, singular
        where r = when(a.eq(0.0) & b.eq(0.0), 0.0, 1.0 / (a * a + b * b));
    ToDegrees: y = to_degrees(x) => [DEGREES]                    on -6.0..6.0;
    ToRadians: y = to_radians(x) => [RADIANS]                    on -360.0..360.0;

    // Hyperbolic functions. Two roots in acosh: it has no derivative below -1.
    Sinh:  y = sinh(x)  => [x.cosh()]                                    on -3.0..3.0;
    Cosh:  y = cosh(x)  => [x.sinh()]                                    on -3.0..3.0;
    Tanh:  y = tanh(x)  => [1.0 - y * y]                                 on -3.0..3.0;
    Asinh: y = asinh(x) => [1.0 / x.hypot(1.0)]                          on -6.0..6.0;
    Acosh: y = acosh(x) => [1.0 / ((x - 1.0).sqrt() * (x + 1.0).sqrt())] on 1.1..6.0, singular;
    Atanh: y = atanh(x) => [1.0 / ((1.0 - x) * (1.0 + x))]               on -0.9..0.9, singular;

    // Exponentials and logarithms.
    Exp:   y = exp(x)    => [y]               on -3.0..3.0;
    Exp2:  y = exp2(x)   => [y * Ln2]         on -3.0..3.0;
    ExpM1: y = exp_m1(x) => [y + 1.0]         on -3.0..3.0;
    Ln:    y = ln(x)     => [1.0 / x]         on 0.2..6.0, singular;
    Ln1p:  y = ln_1p(x)  => [1.0 / (1.0 + x)] on -0.8..6.0, singular;
    Log2:  y = log2(x)   => [1.0 / (x * Ln2)] on 0.2..6.0, singular;
    Log10: y = log10(x)  => [1.0 / (x * Ln10)] on 0.2..6.0, singular;
    Log:   y = log(x, b) => [1.0 / (x * l), -(y / (b * l))]
        on 0.2..6.0, 1.5..9.0, singular where l = b.ln();

    // Roots and powers. p · xᵖ⁻¹ is right at x = 0 and where y over- or underflows; elsewhere
    // p · y / x is the same without another power. The exponent 0 is apart, for 0 · 0⁻¹.
    Sqrt:  y = sqrt(x)     => [0.5 / y]             on 0.2..6.0, singular;
    Cbrt:  y = cbrt(x)     => [1.0 / (3.0 * (y * y))] on 0.2..6.0, singular;
    Hypot: y = hypot(a, b) => [when(y.eq(0.0), 0.0, a / y), when(y.eq(0.0), 0.0, b / y)]
        on -3.0..3.0, 0.2..3.0, singular;
    Powi:  y = powi(x, n: i32) => [
        when(n.from_int().eq(0.0), 0.0, n.from_int() * x.powi(n.decrement())),
        Zero,
    ] on 0.2..3.0, -4.0..6.0, singular;
    Powf:  y = powf(x, p) => [
        when(p.eq(0.0), 0.0, when(
            y.ge(1e-30) & (1e-30 * y).le(1.0), p * (y / x), p * x.powf(p - 1.0),
        )),
        when(x.eq(0.0) & p.ge(0.0), 0.0, y * x.ln()),
    ] on 0.2..3.0, -3.0..3.0, singular;

    // Kinks. `max` and `min` have the same partials: both follow the operand that was returned.
    Abs:      y = abs(x)         => [when(x.eq(0.0), 0.0, x.signum())]  on -3.0..3.0;
    Copysign: y = copysign(a, b) => [a.signum() * y.signum(), Zero]     on -3.0..3.0, -3.0..3.0;
    Max:      y = max(a, b)      => [
        when(y.eq(b), tied(a, b, tie(active), 0.0), 1.0),
        when(y.eq(b), tied(a, b, tie(active), 1.0), 0.0),
    ] on -3.0..3.0, -3.0..3.0;
    Min:      y = min(a, b)      => [
        when(y.eq(b), tied(a, b, tie(active), 0.0), 1.0),
        when(y.eq(b), tied(a, b, tie(active), 1.0), 0.0),
    ] on -3.0..3.0, -3.0..3.0;
    Clamp:    y = clamp(x, lo, hi) => [
        capped(x, hi, y, tie_high(active), when(x.le(lo), tied(x, lo, tie_low(active), 0.0), 1.0)),
        capped(x, hi, y, tie_high(active), when(x.lt(lo), 1.0, tied(x, lo, tie_low(active), 0.0))),
        when(hi.lt(x), 1.0, tied(y, hi, tie_high(active), 0.0)),
    ] on -3.0..3.0, -2.0..-0.5, 0.5..2.0;

    // Piecewise constant, but for `fract`.
    Signum: y = signum(x) => [Zero] on -3.0..3.0;
    Floor:  y = floor(x)  => [Zero] on -9.0..9.0;
    Ceil:   y = ceil(x)   => [Zero] on -9.0..9.0;
    Round:  y = round(x)  => [Zero] on -9.0..9.0;
    Trunc:  y = trunc(x)  => [Zero] on -9.0..9.0;
    Fract:  y = fract(x)  => [1.0]  on -9.0..9.0;
    RoundTiesEven: y = round_ties_even(x) => [Zero] on -9.0..9.0;

    // For powi's exponent, which is no float: n as a float, and n - 1 (saturating).
    FromInt:   y = from_int(n: i32)  => [Zero] on -9.0..9.0, internal;
    Decrement: y = decrement(n: i32) => [Zero] on -9.0..9.0, internal;
}
