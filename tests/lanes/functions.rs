//! Straight code, kinks, loops, calls, second derivatives.

use autodiff::{Dual, Lanes, Real, grad, rule};
use wide::f64x4;

#[grad]
fn arithmetic<T: Lanes>(x: T, y: T) -> T {
    let half = T::from_f64(0.5);
    (x * y - half) / (y * y + T::one()) + x % half - (x - y).powi(3) + x.mul_add(y, half)
}

#[grad]
fn kinks<T: Lanes>(x: T, y: T) -> T {
    let third = T::from_f64(0.3);
    x.abs() + x.max(y) * y.min(third) + (x * y).max(T::zero()) + y.clamp(-third, x.abs() + third)
}

#[grad]
fn poles<T: Lanes>(x: T, y: T) -> T {
    x.abs().sqrt() * y + x.hypot(y) + x.abs().powf(y) * x.atan2(y) + y.abs().cbrt() * x
}

#[grad]
fn elementary<T: Lanes>(x: T, y: T) -> T {
    let half = T::from_f64(0.5);
    let a =
        x.sin() * y.cos() + x.tan() - (x * T::from_f64(0.3)).asin() + (y * T::from_f64(0.3)).acos();
    let b = x.sinh() * y.tanh()
        + x.asinh()
        + (y.abs() + T::one()).acosh()
        + (x * T::from_f64(0.3)).atanh();
    let c =
        x.exp2() + y.exp_m1() + (x * x).ln_1p() + (y * y + half).log2() + (x * x + half).log10();
    let (s, cosine) = (x * y).sin_cos();
    a * b
        + c
        + s * cosine
        + x.fract()
        + y.atan()
        + y.cosh()
        + (x * x + half).log(y * y + half + T::one())
}

#[grad]
fn looped<T: Lanes>(x: T, y: T) -> T {
    let mut state = [x, y];
    let mut history = Vec::new();
    for n in 0..6 {
        let step = T::from_f64(0.1 * f64::from(n));
        state = [state[0] + step * state[1], state[1] - step * state[0].sin()];
        if n % 2 == 0 {
            history.push(state[0] * state[1]);
        }
    }
    history.iter().map(|h| *h * *h).sum::<T>() + history[1].max(state[0])
}

/// The last of the loop's branches that counts, in which the maximum is carried.
#[grad]
fn largest<T: Lanes>(x: T, y: T) -> T {
    let values = [x, y * y, x * y, y.exp()];
    let mut largest = values[0];
    for value in &values {
        largest = largest.max(*value);
    }
    largest * values.iter().fold(T::one(), |a, b| a.min(*b))
}

#[grad]
fn called<T: Lanes>(x: T, y: T) -> T {
    kinks(x, y) * arithmetic(y, x) + softplus(x * y)
}

#[rule(y = softplus(x) => [1.0 / (1.0 + (-x).exp())])]
fn softplus<T: Lanes>(x: T) -> T {
    x.exp().ln_1p()
}

mod gradients {
    crate::checked! {
        arithmetic arithmetic_value_and_grad;
        kinks kinks_value_and_grad;
        poles poles_value_and_grad;
        elementary elementary_value_and_grad;
        looped looped_value_and_grad;
        largest largest_value_and_grad;
        called called_value_and_grad;
    }
}

/// A function of one number may branch, and call functions of lanes.
#[grad]
fn of_a_number<T: Real>(x: T) -> T {
    if x > T::one() { kinks(x, T::from_f64(0.5)) } else { softplus(x) }
}

#[test]
fn numbers_call_functions_of_lanes() {
    for x in [0.4, 1.7] {
        let expected = of_a_number(Dual::new(x, 1.0));
        let (value, slope) = of_a_number_value_and_grad(x);
        crate::close(value, expected.value, 1e-14, "value");
        crate::close(slope, expected.tangent, 1e-14, "slope");
    }
}

/// Two parameters, of which each may be lanes.
#[test]
fn pullbacks_of_two_parameters() {
    #[grad(vjp)]
    fn both<T: Lanes, U: Lanes>(x: T, k: U) -> (T, U) {
        (x.abs() * x, k.max(U::zero()) * k)
    }
    let x = f64x4::new([-1.0, 0.0, 2.0, 3.0]);
    let ((y, z), pull) = both_vjp(x, 1.5);
    let (x_bar, k_bar) = pull((f64x4::ONE, 2.0));
    assert_eq!(y.to_array(), [-1.0, 0.0, 4.0, 9.0]);
    assert_eq!((z, x_bar.to_array(), k_bar), (2.25, [2.0, 0.0, 4.0, 6.0], 6.0));
}

/// All matrices. The poles of some lanes are not those of others.
#[grad(jvp, vjp, hvp, hessian)]
fn curved<T: Lanes>(x: T, y: T) -> T {
    let square = (x * x) * (y * y + T::from_f64(2.0)).sqrt();
    square + x.max(y).powi(3) + (x.abs() * y.abs()).sqrt() * x
}

#[grad(order = 2)]
fn potential<T: Lanes>(x: T, y: T) -> T {
    (x * y).sin() + x.abs() * y
}

#[grad]
fn force<T: Lanes>(x: T, y: T) -> T {
    let (by_x, by_y) = potential_grad(x, y);
    by_x * y - by_y.max(x)
}

#[test]
fn second_derivatives() {
    fn all<T: Lanes>([x, y]: [T; 2]) -> [T; 10] {
        let [[a, b], [c, d]] = curved_hessian(x, y);
        let (e, f) = curved_hvp(x, y, T::one(), y);
        let (g, h) = curved_jvp(x, y, T::from_f64(2.0), x);
        let (_, pull) = curved_vjp(x, y);
        let (i, j) = pull(y);
        [a, b, c, d, e, f, g, h, i, j]
    }
    crate::agree("curved", all, all, all, all);
    fn nested<T: Lanes>([x, y]: [T; 2]) -> [T; 3] {
        let (value, (by_x, by_y)) = force_value_and_grad(x, y);
        [value, by_x, by_y]
    }
    crate::agree("force", nested, nested, nested, nested);
    // Along x, by dual numbers.
    for [x, y] in crate::SMOOTH {
        let (by_x, by_y) = curved_grad(Dual::new(x, 1.0), Dual::constant(y));
        let [column, _] = curved_hessian(x, y);
        crate::close(column[0], by_x.tangent, 1e-12, "∂²/∂x²");
        crate::close(column[1], by_y.tangent, 1e-12, "∂²/∂x∂y");
    }
}
