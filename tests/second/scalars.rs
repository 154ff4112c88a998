//! Functions of numbers, against closed forms.

use approx::assert_relative_eq;
use autodiff::grad;

#[grad(hvp, hessian)]
fn f(x: f64, y: f64) -> f64 {
    x * y + x.sin()
}

#[grad(hessian)]
fn narrow(x: f32) -> f32 {
    x * x * x
}

#[grad(hvp, hessian, constant(k))]
fn three(x: f64, k: f64, y: f64, n: i32, z: f64) -> f64 {
    k * x.powi(n) * y.ln() / z
}

#[test]
fn closed_forms() {
    assert_eq!(f_hessian(2.0, 3.0), [[-2.0_f64.sin(), 1.0], [1.0, 0.0]]);
    let (x_bar_dot, y_bar_dot) = f_hvp(2.0, 3.0, 0.5, 0.25);
    assert_eq!((x_bar_dot, y_bar_dot), (0.25 - 0.5 * 2.0_f64.sin(), 0.5));
    assert_eq!(narrow_hessian(2.0), [[12.0]]);
    let [x, y, z] = [1.5, 2.5, 0.75_f64];
    let hessian = three_hessian(x, 3.0, y, 4, z);
    let g = |n: i32| x.powi(n);
    let expected = [
        [36.0 * g(2) * y.ln() / z, 12.0 * g(3) / (y * z), -12.0 * g(3) * y.ln() / (z * z)],
        [12.0 * g(3) / (y * z), -3.0 * g(4) / (y * y * z), -3.0 * g(4) / (y * z * z)],
        [
            -12.0 * g(3) * y.ln() / (z * z),
            -3.0 * g(4) / (y * z * z),
            6.0 * g(4) * y.ln() / z.powi(3),
        ],
    ];
    for (row, expected) in hessian.iter().zip(expected) {
        for (a, b) in row.iter().zip(expected) {
            assert_relative_eq!(*a, b, max_relative = 1e-13);
        }
    }
    let (a, b, c) = three_hvp(x, 3.0, y, 4, z, 1.0, 2.0, 3.0);
    for (product, row) in [a, b, c].iter().zip(hessian) {
        assert_relative_eq!(*product, row[0] + 2.0 * row[1] + 3.0 * row[2], max_relative = 1e-13);
    }
}

/// Every function of the rule table, twice.
macro_rules! second_derivatives {
    ($($test:ident: |$x:ident| $body:expr, $at:expr => $expected:expr;)*) => {
        $(
            #[test]
            fn $test() {
                #[grad(hessian)]
                fn function($x: f64) -> f64 { $body }
                let $x: f64 = $at;
                let expected: f64 = $expected;
                assert_relative_eq!(function_hessian($x)[0][0], expected, max_relative = 1e-12, epsilon = 1e-15);
            }
        )*
    };
}

second_derivatives! {
    of_sin: |x| x.sin(), 0.7 => -x.sin();
    of_cos: |x| x.cos(), 0.7 => -x.cos();
    of_tan: |x| x.tan(), 0.7 => 2.0 * x.tan() / x.cos().powi(2);
    of_asin: |x| x.asin(), 0.3 => x / (1.0 - x * x).powf(1.5);
    of_acos: |x| x.acos(), 0.3 => -x / (1.0 - x * x).powf(1.5);
    of_atan: |x| x.atan(), 0.7 => -2.0 * x / (1.0 + x * x).powi(2);
    of_sinh: |x| x.sinh(), 0.7 => x.sinh();
    of_cosh: |x| x.cosh(), 0.7 => x.cosh();
    of_tanh: |x| x.tanh(), 0.7 => -2.0 * x.tanh() / x.cosh().powi(2);
    of_asinh: |x| x.asinh(), 0.7 => -x / (1.0 + x * x).powf(1.5);
    of_acosh: |x| x.acosh(), 1.7 => -x / (x * x - 1.0).powf(1.5);
    of_atanh: |x| x.atanh(), 0.4 => 2.0 * x / (1.0 - x * x).powi(2);
    of_exp: |x| x.exp(), 0.7 => x.exp();
    of_exp2: |x| x.exp2(), 0.7 => x.exp2() * 2.0_f64.ln().powi(2);
    of_exp_m1: |x| x.exp_m1(), 0.7 => x.exp();
    of_ln: |x| x.ln(), 0.7 => -1.0 / (x * x);
    of_ln_1p: |x| x.ln_1p(), 0.7 => -1.0 / (1.0 + x).powi(2);
    of_log2: |x| x.log2(), 0.7 => -1.0 / (x * x * 2.0_f64.ln());
    of_log10: |x| x.log10(), 0.7 => -1.0 / (x * x * 10.0_f64.ln());
    of_log: |x| x.log(3.0), 0.7 => -1.0 / (x * x * 3.0_f64.ln());
    of_sqrt: |x| x.sqrt(), 0.7 => -0.25 / x.powf(1.5);
    of_cbrt: |x| x.cbrt(), 0.7 => -2.0 / 9.0 / x.powf(5.0 / 3.0);
    of_powi: |x| x.powi(5), 0.7 => 20.0 * x.powi(3);
    of_powf: |x| x.powf(2.5), 0.7 => 3.75 * x.sqrt();
    of_power: |x| x.powf(x), 0.7 => x.powf(x) * ((x.ln() + 1.0).powi(2) + 1.0 / x);
    of_hypot: |x| x.hypot(2.0), 0.7 => 4.0 / (x * x + 4.0).powf(1.5);
    of_atan2: |x| x.atan2(2.0), 0.7 => -4.0 * x / (x * x + 4.0).powi(2);
    of_recip: |x| x.recip(), 0.7 => 2.0 / x.powi(3);
    of_abs: |x| x.abs() * x, -0.7 => -2.0;
    of_mul_add: |x| x.mul_add(x, x), 0.7 => 2.0;
    of_max: |x| (x * x).max(x), 1.7 => 2.0;
    of_clamp: |x| (x * x).clamp(0.0, 9.0), 1.7 => 2.0;
    of_sin_cos: |x| { let (s, c) = x.sin_cos(); s * c }, 0.7 => -2.0 * (2.0 * x).sin();
    of_division: |x| x / (1.0 + x), 0.7 => -2.0 / (1.0 + x).powi(3);
}
