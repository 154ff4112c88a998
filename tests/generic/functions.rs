//! Straight-line code, branches, loops, calls: every companion.

use autodiff::{Dual, Real, grad};

use crate::{check, close, forward};

#[grad(jvp, vjp, hvp, hessian)]
fn logistic<T: Real>(x: T, k: T) -> T {
    T::one() / (T::one() + (-k * x).exp())
}

#[test]
fn one_source_has_the_gradient_of_both_widths() {
    let (x, k) = logistic_grad(0.5, 2.0);
    check([x, k], |[x, k]| logistic(x, k), |[x, k]| logistic(x, k), [0.5, 2.0]);
    let (single_x, single_k) = logistic_grad(0.5_f32, 2.0_f32);
    close([single_x, single_k], [x, k], 1e-6);
    assert_eq!(logistic::grad(0.5, 2.0), (x, k));
    assert_eq!(logistic_value_and_grad(0.5_f32, 2.0).0, logistic(0.5_f32, 2.0));
    let (value, pull) = logistic_vjp(0.5, 2.0);
    let (x_bar, k_bar) = pull(3.0);
    assert_eq!(value, logistic(0.5, 2.0));
    close([x_bar, k_bar], [3.0 * x, 3.0 * k], 1e-15);
    close([logistic_jvp(0.5, 2.0, 1.0, -1.0).1], [x - k], 1e-15);
}

#[test]
fn the_gradient_of_dual_numbers_is_a_column_of_the_hessian() {
    let hessian = logistic_hessian(0.5, 2.0);
    let along_x = logistic_grad(Dual::new(0.5, 1.0), Dual::constant(2.0));
    let along_k = logistic_grad(Dual::constant(0.5), Dual::new(2.0, 1.0));
    close([along_x.0.tangent, along_x.1.tangent], hessian[0], 1e-13);
    close([along_k.0.tangent, along_k.1.tangent], hessian[1], 1e-13);
    let (x, k) = logistic_hvp(0.5, 2.0, 1.0, 2.0);
    close(
        [x, k],
        [hessian[0][0] + 2.0 * hessian[0][1], hessian[1][0] + 2.0 * hessian[1][1]],
        1e-13,
    );
}

#[grad]
fn singular<T: Real>(x: T, y: T) -> T {
    // The cotangent of the root is zero at x = 0, and its tangent is not.
    (y * y + T::one()).sqrt() * x * x + (x * y).hypot(y) + x.powf(y) + y.powi(3) / x
}

#[test]
fn a_cotangent_that_only_changes_at_a_point_is_not_lost() {
    #[grad]
    fn f<T: Real>(x: T, y: T) -> T {
        (y * y + T::from_f64(2.0)).sqrt() * x * x
    }
    // ∂²f/∂x∂y = 2 x y / √(y² + 2) is zero at x = 0; ∂²f/∂x² = 2 √(y² + 2).
    let (x_bar, y_bar) = f_grad(Dual::new(0.0, 1.0), Dual::constant(1.0));
    close([x_bar.tangent, y_bar.tangent], [2.0 * 3.0_f64.sqrt(), 0.0], 1e-15);
    // ∂(x y)/∂y along x, through a division whose cotangent is zero.
    #[grad]
    fn g<T: Real>(x: T, y: T) -> T {
        x / y * T::from_f64(3.0)
    }
    let (_, y_bar) = g_grad(Dual::new(0.0, 1.0), Dual::constant(2.0));
    close([y_bar.tangent], [-0.75], 1e-15);
    let (x, y) = singular_grad(0.7, 1.3);
    check([x, y], |[x, y]| singular(x, y), |[x, y]| singular(x, y), [0.7, 1.3]);
}

/// Most rows of the rule table, of which some have constants in their partials.
#[grad]
fn rows<T>(x: T, y: T) -> T
where
    T: Real,
{
    let half = T::from_f64(0.5);
    let a = x.sin() * y.cos() + x.tan() - (x * half).asin() + (y * half).acos();
    let b =
        x.atan2(y) + x.sinh() * y.tanh() + x.asinh() + (y + T::one()).acosh() + (x * half).atanh();
    let c = x.exp2() + y.exp_m1() + x.ln_1p() + y.log2() + x.log10() + x.log(y + T::one());
    let d = x.cbrt() + x.recip() + y.to_degrees() * x.to_radians() + x.mul_add(y, half) + x % half;
    let e = x.abs() + x.max(y) * y.min(half) + y.clamp(half, T::from_f64(3.0)) + x.copysign(y);
    let (s, cosine) = (x * y).sin_cos();
    a * b + c * d + e + s * cosine + x.fract() + T::sqrt(y) + x.powi(3) - x.powf(y) + T::max(x, y)
}

#[test]
fn rows_of_the_table_lift_their_constants() {
    let at = [0.6, 1.3];
    let (x, y) = rows_grad(at[0], at[1]);
    check([x, y], |[x, y]| rows(x, y), |[x, y]| rows(x, y), at);
    let (x32, y32) = rows_grad(at[0] as f32, at[1] as f32);
    close([x32, y32], [x, y], 2e-5);
}

/// Branches, jumps and a loop whose number of rounds depends on the values.
#[grad(jvp)]
fn collatz<T: Real>(x: T, n: usize) -> T {
    let mut y = x;
    let mut sum = T::zero();
    for i in 0..n {
        if y > T::from_f64(4.0) {
            y *= T::from_f64(0.5);
            continue;
        }
        y = T::from_f64(3.0) * y + x.recip();
        sum += y.ln() / T::from_f64((i + 1) as f64);
        if sum > T::from_f64(9.0) {
            break;
        }
    }
    while sum > T::one() {
        sum /= y.max(T::from_f64(1.5));
    }
    sum * y
}

#[test]
fn control_flow_is_that_of_the_values() {
    for n in [0, 1, 5, 12] {
        let at = 1.37;
        let x = collatz_grad(at, n);
        check([x], |[x]| collatz(x, n), |[x]| collatz(x, n), [at]);
        close([collatz_grad(at as f32, n)], [x], 1e-4);
        close([collatz_jvp(at, n, 2.0).1], [2.0 * x], 1e-13);
    }
}

#[grad]
fn square<T: Real>(x: T) -> T {
    x * x
}

/// Calls with a type parameter, with a spelled width, and of itself.
#[grad]
fn power<T: Real>(x: T, n: u32) -> T {
    match n {
        0 => T::one(),
        1 => x,
        n if n % 2 == 0 => square(power(x, n / 2)),
        n => x * power::<T>(x, n - 1),
    }
}

#[grad]
fn of_double(x: f64, y: f64) -> f64 {
    square(x) * logistic::<f64>(y, x) + power(y, 5)
}

#[grad]
fn of_single(x: f32) -> f32 {
    square(x) * power(x, 3)
}

#[test]
fn generic_functions_are_called_at_any_type() {
    close([power_grad(1.1, 7)], forward(|[x]| power(x, 7), [1.1]), 1e-13);
    let (x, y) = of_double_grad(0.4, 0.9);
    let dual = |[x, y]: [Dual; 2]| square(x) * logistic(y, x) + power(y, 5);
    check([x, y], |[x, y]| of_double(x, y), dual, [0.4, 0.9]);
    close([of_single_grad(1.5)], [5.0 * 1.5_f64.powi(4)], 1e-6);
}

/// Of a function of order 2, the gradient of a gradient.
#[grad(order = 2)]
fn potential<T: Real>(x: T) -> T {
    (x * T::from_f64(2.0)).sin() / x
}

#[grad]
fn force<T: Real>(x: T) -> T {
    -potential_grad(x) * x
}

#[test]
fn gradients_are_called_in_generic_functions() {
    let second = potential_grad(Dual::new(0.7, 1.0)).tangent;
    close([force_grad(0.7)], [-second * 0.7 - potential_grad(0.7)], 1e-13);
}

#[grad(vjp)]
fn polar<T: Real>(r: T, phi: T) -> (T, [T; 2]) {
    (r * r, [r * phi.cos(), r * phi.sin()])
}

#[grad(jacobian)]
fn cartesian<T: Real>(x: [T; 2]) -> [T; 2] {
    [x[0].hypot(x[1]), x[1].atan2(x[0])]
}

#[test]
fn pullbacks_and_jacobians() {
    let (_, pull) = polar_vjp(2.0, 0.3);
    let (r, phi) = pull((1.0, [1.0, 0.0]));
    close([r, phi], [4.0 + 0.3_f64.cos(), -2.0 * 0.3_f64.sin()], 1e-15);
    let [by_r, by_phi] = cartesian_jacobian([3.0, 4.0]);
    close(by_r, [0.6, 0.8], 1e-15);
    close(by_phi, [-0.16, 0.12], 1e-15);
    close(cartesian_jacobian([3.0_f32, 4.0])[0], [0.6, 0.8], 1e-6);
}

/// The literals of a rule are those of the function's type.
#[autodiff::rule(y = softplus(x) => [1.0 / (1.0 + (-x).exp())], order = 2)]
fn softplus<T: Real>(x: T) -> T {
    x.exp().ln_1p()
}

#[grad(hvp)]
fn barrier<T: Real>(x: T) -> T {
    softplus(x) * softplus(-x)
}

#[test]
fn rules_of_generic_functions() {
    close([softplus_grad(0.3)], forward(|[x]| softplus(x), [0.3]), 1e-14);
    check([barrier_grad(0.3)], |[x]| barrier(x), |[x]| barrier(x), [0.3]);
    close([barrier_grad(0.3_f32)], [barrier_grad(0.3)], 1e-6);
    close([barrier_hvp(0.3, 1.0)], [barrier_grad(Dual::new(0.3, 1.0)).tangent], 1e-13);
}
