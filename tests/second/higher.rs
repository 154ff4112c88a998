//! Third derivatives and beyond: companions called inside functions whose companions are called.

use approx::assert_relative_eq;
use autodiff::grad;

use crate::{cosine, difference};

#[grad(order = 4)]
fn tenth_power(x: f64) -> f64 {
    let mut y = 1.0;
    for _ in 0..10 {
        y *= x;
    }
    y
}

#[grad(order = 3)]
fn first(x: f64) -> f64 {
    tenth_power_grad(x)
}

#[grad(order = 2)]
fn second(x: f64) -> f64 {
    first_grad(x)
}

#[grad]
fn third(x: f64) -> f64 {
    second_grad(x)
}

/// As [Tangent](https://github.com/google/tangent) and Slang test them: exact derivatives.
#[test]
fn four_derivatives_of_a_power() {
    let found = [tenth_power_grad(1.5), first_grad(1.5), second_grad(1.5), third_grad(1.5)];
    let expected = [384.433_593_75, 2_306.601_562_5, 12_301.875, 57_408.75];
    for (found, expected) in found.into_iter().zip(expected) {
        assert_relative_eq!(found, expected, max_relative = 1e-12);
    }
}

#[grad(hvp, hessian)]
fn rosenbrock(x: f64, y: f64) -> f64 {
    (x - 1.0).powi(2) + 100.0 * (y - x * x).powi(2)
}

#[grad(hessian)]
fn cubic(x: f64, y: f64) -> f64 {
    x * x * y + y * y * y
}

/// Their numbers are exact.
#[test]
fn known_hessians() {
    for (row, expected) in
        rosenbrock_hessian(-1.2, 1.0).iter().zip([[1330.0, 480.0], [480.0, 200.0]])
    {
        assert_relative_eq!(row[0], expected[0], max_relative = 1e-12);
        assert_relative_eq!(row[1], expected[1], max_relative = 1e-12);
    }
    let (of_x, of_y) = rosenbrock_hvp(-1.2, 1.0, 1.0, 2.0);
    assert_relative_eq!(of_x, 2290.0, max_relative = 1e-12);
    assert_relative_eq!(of_y, 880.0, max_relative = 1e-12);
    assert_eq!(cubic_hessian(2.0, 3.0), [[6.0, 4.0], [4.0, 18.0]]);
}

mod confusion {
    use autodiff::grad;

    #[grad(jvp, order = 2)]
    pub(super) fn product(x: f64, y: f64) -> f64 {
        x * y
    }

    #[grad(jvp, order = 2)]
    pub(super) fn sum(x: f64, y: f64) -> f64 {
        x + y
    }

    /// Forward inside.
    #[grad(jvp)]
    pub(super) fn forward(x: f64, y: f64) -> f64 {
        x * product_jvp(x, y, 0.0, 1.0).1
    }

    /// Reverse inside.
    #[grad(jvp)]
    pub(super) fn reverse(x: f64, y: f64) -> f64 {
        x * product_grad(x, y).1
    }

    #[grad(jvp)]
    pub(super) fn of_a_sum(x: f64) -> f64 {
        x * sum_jvp(x, 1.0, 0.0, 1.0).1
    }

    #[grad(jvp)]
    pub(super) fn of_a_sum_in_reverse(x: f64) -> f64 {
        x * sum_grad(x, 1.0).1
    }
}

/// Siskind and Pearlmutter, *Perturbation Confusion and Referential Transparency*: x · d(xy)/dy is x².
#[test]
fn derivatives_of_different_variables_stay_apart() {
    use confusion::{
        forward_grad, forward_jvp, of_a_sum_grad, of_a_sum_in_reverse_grad,
        of_a_sum_in_reverse_jvp, of_a_sum_jvp, reverse_grad, reverse_jvp,
    };
    for (x, y, expected) in [(4.0, 1.0, 8.0), (5.0, 3.0, 10.0)] {
        assert_eq!(forward_grad(x, y), (expected, 0.0));
        assert_eq!(forward_jvp(x, y, 1.0, 0.0).1, expected);
        assert_eq!(reverse_grad(x, y), (expected, 0.0));
        assert_eq!(reverse_jvp(x, y, 1.0, 0.0).1, expected);
    }
    assert_eq!((of_a_sum_grad(5.0), of_a_sum_jvp(5.0, 1.0).1), (1.0, 1.0));
    assert_eq!((of_a_sum_in_reverse_grad(5.0), of_a_sum_in_reverse_jvp(5.0, 1.0).1), (1.0, 1.0));
}

mod network {
    use autodiff::grad;

    /// One hidden layer, of x and t.
    #[grad(jvp, hvp, order = 4, wrt(x, t, w))]
    pub(super) fn u(x: f64, n: usize, t: f64, w: &[f64]) -> f64 {
        let mut sum = 0.0;
        for i in 0..n {
            sum += w[3 * i] * (w[3 * i + 1] * x + w[3 * i + 2] * t).tanh();
        }
        sum
    }

    /// The second derivative by x.
    #[grad(order = 3, wrt(x, t, w))]
    pub(super) fn u_x(x: f64, n: usize, t: f64, w: &[f64]) -> f64 {
        let (x_bar, _, _) = u_grad(x, n, t, w);
        x_bar
    }

    #[grad(order = 2, wrt(x, t, w))]
    pub(super) fn u_xx(x: f64, n: usize, t: f64, w: &[f64]) -> f64 {
        let (x_bar, _, _) = u_x_grad(x, n, t, w);
        x_bar
    }
}

use network::{u_grad, u_hvp, u_jvp, u_value_and_grad, u_xx_grad};

/// A Korteweg–de Vries equation: the first derivative by t, the third by x.
#[grad]
fn residual(w: &[f64], points: &[f64]) -> f64 {
    let mut sum = 0.0;
    for &x in points {
        let (value, (u_x, u_t, _)) = u_value_and_grad(x, 2, 0.25, w);
        let (u_xxx, _, _) = u_xx_grad(x, 2, 0.25, w);
        let r = u_t + 6.0 * value * u_x + u_xxx;
        sum += r * r;
    }
    sum
}

/// The same derivatives in forward mode.
#[grad]
fn residual_forward(w: &[f64], points: &[f64]) -> f64 {
    let mut sum = 0.0;
    for &x in points {
        let zeros = [0.0; 6];
        let (value, u_x) = u_jvp(x, 2, 0.25, w, 1.0, 0.0, &zeros);
        let (u_xx, u_xt, of_w): (f64, f64, Vec<f64>) = u_hvp(x, 2, 0.25, w, 1.0, 0.5, &zeros);
        sum += value * u_x + u_xx * u_xt + of_w[1] * of_w[4];
    }
    sum
}

#[grad(hvp, hessian)]
fn of_gradients(x: &[f64]) -> f64 {
    let (x_bar, t_bar, w_bar) = u_grad(x[0], 1, x[1], &x[2..]);
    let (value, (again, _, _)) = u_value_and_grad(x_bar, 1, x[1], &x[2..]);
    let (v, dot) = u_jvp(t_bar, 1, value, &x[2..], x[0], again, &w_bar);
    x_bar * t_bar + w_bar[1] * value + v * dot
}

#[track_caller]
fn confirm(
    f: impl Fn(&[f64]) -> f64,
    gradient: impl Fn(&[f64]) -> Vec<f64>,
    p: &[f64],
    tolerance: f64,
) {
    for n in 0..3 {
        let v: Vec<f64> = (0..p.len()).map(|i| cosine(3 * i + n)).collect();
        let along = difference(|p| vec![f(p)], p, &v)[0];
        let product: f64 = gradient(p).iter().zip(&v).map(|(a, b)| a * b).sum();
        assert_relative_eq!(product, along, max_relative = tolerance, epsilon = tolerance);
    }
}

#[test]
fn a_differential_equation_in_a_loss() {
    let (w, points) = ([0.7, 1.3, -0.4, 0.6, -0.9, 0.2], [0.1, 0.5, 0.9]);
    let all = [w.as_slice(), &points].concat();
    confirm(
        |p| residual(&p[..6], &p[6..]),
        |p| {
            let (w_bar, points_bar) = residual_grad(&p[..6], &p[6..]);
            [w_bar, points_bar].concat()
        },
        &all,
        1e-8,
    );
    confirm(
        |p| residual_forward(&p[..6], &p[6..]),
        |p| {
            let (w_bar, points_bar) = residual_forward_grad(&p[..6], &p[6..]);
            [w_bar, points_bar].concat()
        },
        &all,
        1e-8,
    );
}

crate::twice! {
    through_gradients: of_gradients at [0.3, 0.7, 0.5, 1.1, -0.6];
}

#[grad(order = 3)]
fn owned(x: Vec<f64>, scale: f64, shift: [f64; 2]) -> f64 {
    let mut y = x;
    y[0] = y[0] * y[1] * shift[0] + scale;
    y[0] * y[0] * shift[1] * y[1]
}

#[grad(order = 2, hessian)]
fn of_owned(x: &[f64]) -> f64 {
    let (x_bar, scale_bar, shift_bar): (Vec<f64>, f64, [f64; 2]) =
        owned_grad(x[..2].to_vec(), 0.5, [x[2], x[3]]);
    x_bar[0] * x_bar[1] + scale_bar * shift_bar[1] * shift_bar[0]
}

#[grad(order = 3)]
fn product<const N: usize>(x: [f64; N], k: &[f64; 2]) -> f64 {
    let mut product = k[0] * k[1];
    for x in x {
        product *= x * x;
    }
    product
}

#[grad(hvp, hessian)]
fn of_a_product(x: &[f64]) -> f64 {
    let (x_bar, k_bar) = product_grad([x[0], x[1]], &[x[2], x[0]]);
    x_bar[0] * x_bar[1] + k_bar[0] * k_bar[1]
}

#[test]
fn whatever_the_parameters_are() {
    let p = [0.5, 1.25, 0.75, -0.5];
    let hessian = of_owned_hessian(&p);
    for n in 0..3 {
        let v: Vec<f64> = (0..4).map(|i| cosine(3 * i + n)).collect();
        let along = difference(of_owned_grad, &p, &v);
        for (row, along) in hessian.iter().zip(along) {
            let product: f64 = row.iter().zip(&v).map(|(a, b)| a * b).sum();
            assert_relative_eq!(product, along, max_relative = 1e-6, epsilon = 1e-7);
        }
    }
}

crate::twice! {
    of_a_generic_function: of_a_product at [0.3, 0.7, 0.5];
}

#[grad(order = 3, jvp)]
fn narrow(x: f32, y: &[f32]) -> f32 {
    x * x * x * y[0] * y[0]
}

#[grad(hessian, hvp)]
fn of_a_narrow(x: f32, y: f32) -> f32 {
    let (x_bar, y_bar): (f32, Vec<f32>) = narrow_grad(x, &[y]);
    x_bar + y_bar[0] + narrow_jvp(x, &[y], 0.0, &[1.0]).1
}

#[test]
fn in_the_width_of_the_function() {
    // 3x²y² + 2 · 2x³y
    let (x, y) = (0.5, 2.0);
    let expected = [
        [6.0 * y * y + 24.0 * x * y, 12.0 * x * y + 12.0 * x * x],
        [12.0 * x * y + 12.0 * x * x, 6.0 * x * x],
    ];
    assert_eq!(of_a_narrow_hessian(x, y), expected);
    assert_eq!(of_a_narrow_hvp(x, y, 1.0, 0.0), (expected[0][0], expected[1][0]));
}
