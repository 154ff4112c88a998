//! Functions of hundreds of operations: one body, and every companion by means of it.

#![allow(missing_docs, clippy::indexing_slicing, reason = "numeric code as people write it")]

use approx::assert_relative_eq;
use autodiff::check::assert_gradient;
use autodiff::grad;

/// The same tokens a hundred times, in place: `#[grad]` sees them all.
macro_rules! long {
    ($(#[$($attribute:tt)*])* fn $name:ident $parameters:tt -> $result:ty { let mut $y:ident = $first:expr; $($step:tt)* }) => {
        long!(@ten [$(#[$($attribute)*])* fn $name $parameters -> $result, $y, $first] [$($step)*]);
    };
    (@ten $head:tt [$($s:tt)*]) => {
        long!(@all $head [$($s)* $($s)* $($s)* $($s)* $($s)* $($s)* $($s)* $($s)* $($s)* $($s)*]);
    };
    (@all [$(#[$($attribute:tt)*])* fn $name:ident $parameters:tt -> $result:ty, $y:ident, $first:expr] [$($s:tt)*]) => {
        $(#[$($attribute)*])*
        fn $name $parameters -> $result {
            let mut $y = $first;
            $($s)* $($s)* $($s)* $($s)* $($s)* $($s)* $($s)* $($s)* $($s)* $($s)*
            $y
        }
    };
}

long! {
    #[grad]
    fn scalars(x: f64, k: i32, z: f64) -> f64 {
        let mut y = x * f64::from(k);
        y = 0.9 * y * z + (y - z).sin();
    }
}

long! {
    #[grad(constant(z))]
    fn arrays(x: &[f64; 3], w: [f64; 2], z: f64) -> f64 {
        let mut y = x[0] * z;
        y = (x[1] * y).cos() - w[0] * y.tanh() + x[2] * w[1];
    }
}

long! {
    #[grad(jvp, vjp)]
    fn slices(x: &[f64], z: f64) -> f64 {
        let mut y = z;
        y = y.mul_add(x[1], x[0] / (1.0 + y * y));
    }
}

long! {
    #[grad(no_suffix)]
    fn narrow(x: f32, z: f32) -> f32 {
        let mut y = x;
        y = (y * z).sin() + 0.25 * y * x;
    }
}

/// Calls them: by what `#[grad]` emits for callers, in both modes.
#[grad(jvp)]
fn caller(x: &[f64], z: f64) -> f64 {
    let s = scalars(x[0] * z, 2, z);
    let a = arrays(&[x[1], s, z], [x[0], x[2]], 0.75);
    s * a + slices(x, a) * z
}

const X: [f64; 3] = [0.5, 0.25, 0.75];

#[test]
fn gradients() {
    let (value, gradient) = scalars_value_and_grad(0.3, 2, 0.8);
    assert_eq!(gradient, scalars_grad(0.3, 2, 0.8));
    assert_relative_eq!(value, scalars(0.3, 2, 0.8), max_relative = 1e-15);
    assert_gradient("scalars", &["x", "z"], |&(x, z)| scalars(x, 2, z), &(0.3, 0.8), &gradient);

    let gradient = arrays_grad(&X, [0.4, 0.2], 0.8);
    let f = |(x, w): &([f64; 3], [f64; 2])| arrays(x, *w, 0.8);
    assert_gradient("arrays", &["x", "w"], f, &(X, [0.4, 0.2]), &gradient);

    let gradient = slices_grad(&X, 0.8);
    let f = |(x, z): &(Vec<f64>, f64)| slices(x, *z);
    assert_gradient("slices", &["x", "z"], f, &(X.to_vec(), 0.8), &gradient);

    let (x_bar, z_bar) = narrow::grad(0.3, 0.8);
    let f = |x: f32, z: f32| f64::from(narrow(x, z));
    let h = 1e-2;
    let differences = [
        (f(0.3 + h, 0.8) - f(0.3 - h, 0.8)) / (2.0 * f64::from(h)),
        (f(0.3, 0.8 + h) - f(0.3, 0.8 - h)) / (2.0 * f64::from(h)),
    ];
    assert_relative_eq!(f64::from(x_bar), differences[0], max_relative = 2e-2, epsilon = 1e-4);
    assert_relative_eq!(f64::from(z_bar), differences[1], max_relative = 2e-2, epsilon = 1e-4);
}

#[test]
fn what_callers_use() {
    let (value, gradient) = caller_value_and_grad(&X, 0.8);
    assert_relative_eq!(value, caller(&X, 0.8), max_relative = 1e-15);
    let f = |(x, z): &(Vec<f64>, f64)| caller(x, *z);
    assert_gradient("caller", &["x", "z"], f, &(X.to_vec(), 0.8), &gradient);
    let (_, dot) = caller_jvp(&X, 0.8, &[0.3, -0.2, 0.9], 0.4);
    let along = 0.3 * gradient.0[0] - 0.2 * gradient.0[1] + 0.9 * gradient.0[2] + 0.4 * gradient.1;
    assert_relative_eq!(dot, along, max_relative = 1e-12);
}

#[test]
fn companions_asked_for_have_a_body_of_their_own() {
    let (x_bar, z_bar) = slices_grad(&X, 0.8);
    let (_, dot) = slices_jvp(&X, 0.8, &[0.3, -0.2, 0.9], 0.4);
    let along = 0.3 * x_bar[0] - 0.2 * x_bar[1] + 0.4 * z_bar;
    assert_relative_eq!(dot, along, max_relative = 1e-12);
    let (_, pull) = slices_vjp(&X, 0.8);
    let (x_bar_of_two, _) = pull(2.0);
    for (twice, once) in x_bar_of_two.iter().zip(&x_bar) {
        assert_relative_eq!(*twice, 2.0 * once, max_relative = 1e-12);
    }
}
