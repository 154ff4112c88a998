//! Functions that other tools are tested with, at known values and gradients.

#![deny(warnings)]
#![allow(
    clippy::approx_constant,
    clippy::indexing_slicing,
    clippy::many_single_char_names,
    clippy::suboptimal_flops,
    reason = "as they are published"
)]

use autodiff::grad;

/// Asserts agreement with what is known, which is given to ten digits or more.
fn close(got: f64, value: f64, gradient: &[f64], known: &[f64]) {
    approx::assert_relative_eq!(got, value, max_relative = 1e-10);
    approx::assert_relative_eq!(gradient, known, max_relative = 1e-10);
}

#[grad]
fn unused_path(x: f64, y: f64) -> f64 {
    let _q = x.sin();
    let p = y.cos();
    let q = p.sin().cos();
    let r = q.sin().cos();
    p + r
}

#[grad]
fn mixed_intrinsics(x: f64, y: f64) -> f64 {
    x.powf(y) + (x * y).exp() / (1.0 + x) + y.ln() * x.tanh() - (x * y).cosh() * y.atan()
}

#[test]
fn straight_lines() {
    let (value, (dx, dy)) = unused_path_value_and_grad(5.0, 4.0);
    close(value, 0.090_426_979_464_9, &[dy], &[0.600_482_390_393]);
    assert_eq!(dx.to_bits(), 0);
    let (value, (dx, dy)) = mixed_intrinsics_value_and_grad(0.7, 1.3);
    close(value, 0.928_019_367_621, &[dx, dy], &[1.136_476_531_4, 0.060_160_170_031_6]);
}

#[grad]
fn halved(x: f64) -> f64 {
    let mut a = x;
    while a.abs() > 0.1 {
        a *= 0.5;
    }
    a * a
}

#[grad]
fn taylor(x: f64) -> f64 {
    let mut sum = 0.0;
    let mut power = 1.0;
    for i in 1..=200 {
        power *= x;
        sum += power / f64::from(i);
    }
    sum
}

#[grad]
fn five_hundred_sines(x: f64) -> f64 {
    let mut y = x;
    for _ in 0..500 {
        y = y.sin();
    }
    y
}

#[grad]
fn divided(a: &[f64; 5], start: f64) -> f64 {
    let mut s = start;
    for x in a {
        s /= x;
    }
    s
}

#[grad]
fn windows(x: &[f64]) -> f64 {
    x.windows(2).map(|w| (1.0 - w[0]).powi(2) + 100.0 * (w[1] - w[0] * w[0]).powi(2)).sum()
}

#[grad]
fn reused_buffer(p: &[f64; 3]) -> f64 {
    let mut e = 0.0;
    for _ in 0..20 {
        let t = *p;
        for x in t {
            e += x * x;
        }
    }
    e
}

#[test]
fn loops() {
    let (value, slope) = halved_value_and_grad(5.0);
    close(value, 0.006_103_515_625, &[slope], &[0.002_441_406_25]);
    let (value, slope) = taylor_value_and_grad(0.5);
    close(value, 0.693_147_180_56, &[slope], &[2.0]);
    let (value, slope) = five_hundred_sines_value_and_grad(3.0);
    close(value, 0.067_909_454_136_9, &[slope], &[-0.109_981_649_41]);
    let (value, (a, start)) = divided_value_and_grad(&[1.0, 2.0, 3.0, 4.0, 5.0], 3.14);
    let known = [
        -0.026_166_666_666_7,
        -0.013_083_333_333_3,
        -0.008_722_222_222_22,
        -0.006_541_666_666_67,
        -0.005_233_333_333_33,
        0.008_333_333_333_33,
    ];
    close(value, 0.026_166_666_666_7, &[&a[..], &[start]].concat(), &known);
    let (value, gradient) = windows_value_and_grad(&[3.0, 5.0, 7.0]);
    close(value, 34020.0, &gradient, &[4804.0, 35208.0, -3600.0]);
    let (value, gradient) = reused_buffer_value_and_grad(&[1.0, 2.0, 3.0]);
    close(value, 280.0, &gradient, &[40.0, 80.0, 120.0]);
}

#[grad]
fn update(a: &mut f64, b: &mut f64) {
    *a += *b;
    *b *= *a;
}

#[grad]
fn updated(x: f64, y: f64) -> f64 {
    let (mut a, mut b) = (x, y);
    for _ in 0..3 {
        update(&mut a, &mut b);
    }
    a * b
}

#[grad]
fn captured(x: f64, y: f64) -> f64 {
    let f = |z: f64| x * z + z * z;
    f(y) + f(f(1.0))
}

/// Ten steps of a Runge-Kutta method to t = 1.
#[grad]
fn runge_kutta(a: f64, y0: f64) -> f64 {
    let f = |y: f64| -a * y + 0.1 * y * y;
    let h = 0.1;
    let mut y = y0;
    for _ in 0..10 {
        let k1 = f(y);
        let k2 = f(y + 0.5 * h * k1);
        let k3 = f(y + 0.5 * h * k2);
        let k4 = f(y + h * k3);
        y += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
    }
    y
}

#[test]
fn calls_and_closures() {
    let (value, (dx, dy)) = updated_value_and_grad(1.5, 0.5);
    close(value, 108.0, &[dx, dy], &[270.0, 918.0]);
    let (value, (dx, dy)) = captured_value_and_grad(2.0, 3.0);
    close(value, 30.0, &[dx, dy], &[14.0, 8.0]);
    let (value, (da, dy)) = runge_kutta_value_and_grad(1.2, 1.0);
    close(value, 0.319_819_010_314, &[da, dy], &[-0.327_772_721_582, 0.339_594_751_296]);
}
