//! A pullback is given the arguments again: not what its function made of their names.

use autodiff::grad;

#[grad]
fn shadowed(x: f64, i: usize, v: &[f64; 3]) -> f64 {
    let x = x * x;
    let i = i + 1;
    x * x * v[i]
}

#[grad]
fn overwritten(mut x: f64, mut v: [f64; 2], mut n: usize) -> f64 {
    x = x * x;
    v = [v[1] * x, v[0]];
    n += 1;
    x * x * v[n] + v[0] * x
}

#[grad]
fn taken_apart((mut a, b): (f64, f64), [x, y]: &[f64; 2]) -> f64 {
    a *= b;
    let (x, b) = (x * a, y * y);
    x * x * b
}

#[grad]
fn shadowed_inside(x: f64, n: i32) -> f64 {
    let y = {
        let x = x * x;
        let n = n + 1;
        x.powi(n) * x
    };
    let z = (|x: f64| x * x * y)(y);
    if let Some(n) = n.checked_sub(1) { z.powi(n) * x } else { x }
}

#[grad(jvp, vjp)]
fn calls_shadowed(x: f64, v: &[f64; 3]) -> f64 {
    shadowed(2.0 * x, 0, v) * x
}

#[grad(jvp, vjp)]
fn calls_overwritten(x: f64, v: [f64; 2]) -> f64 {
    overwritten(2.0 * x, v, 0) * x
}

#[grad(jvp, vjp)]
fn calls_taken_apart(p: (f64, f64), v: &[f64; 2]) -> f64 {
    taken_apart(p, v) * p.1
}

#[grad(jvp, vjp)]
fn calls_shadowed_inside(x: f64) -> f64 {
    shadowed_inside(x * x, 2) + x
}

#[test]
fn shadowed_parameters() {
    // (2x)⁴·v₁·x = 16x⁵v₁
    let (x, v) = (2.0, [3.0, 5.0, 7.0]);
    let gradient = (80.0 * 16.0 * 5.0, [0.0, 16.0 * 32.0, 0.0]);
    assert_eq!(calls_shadowed_value_and_grad(x, &v), (16.0 * 32.0 * 5.0, gradient));
    assert_eq!(calls_shadowed_vjp(x, &v).1(1.0), gradient);
    assert_eq!(calls_shadowed_jvp(x, &v, 1.0, &[0.0; 3]).1, gradient.0);
}

#[test]
fn overwritten_parameters() {
    // With s = (2x)²: s²·v₀ + v₁·s·s, times x, is 16x⁵(v₀ + v₁).
    let (x, v) = (2.0, [3.0, 5.0]);
    let gradient = (80.0 * 16.0 * 8.0, [512.0, 512.0]);
    assert_eq!(calls_overwritten_value_and_grad(x, v), (512.0 * 8.0, gradient));
    assert_eq!(calls_overwritten_vjp(x, v).1(1.0), gradient);
    assert_eq!(calls_overwritten_jvp(x, v, 1.0, [0.0; 2]).1, gradient.0);
}

#[test]
fn parameters_taken_apart() {
    // (v₀·a·b)²·v₁²·b = a²b³v₀²v₁²
    let (p, v) = ((2.0, 3.0), [5.0, 7.0]);
    let square = 25.0 * 49.0;
    let gradient = ((4.0 * 27.0 * square, 4.0 * 27.0 * square), [0.0; 2]);
    let v_bar = [4.0 * 27.0 * 10.0 * 49.0, 4.0 * 27.0 * 25.0 * 14.0];
    assert_eq!(calls_taken_apart_value_and_grad(p, &v), (4.0 * 27.0 * square, (gradient.0, v_bar)));
    assert_eq!(calls_taken_apart_vjp(p, &v).1(1.0), (gradient.0, v_bar));
    assert_eq!(calls_taken_apart_jvp(p, &v, (1.0, 0.0), &[0.0; 2]).1, gradient.0.0);
}

#[test]
fn parameters_shadowed_in_blocks_and_closures() {
    // y = (x²)⁴ = x⁸, z = y³ = x²⁴, z·x = x²⁵ at x² of the caller: x⁵⁰ + x.
    assert_eq!(calls_shadowed_inside_value_and_grad(1.0), (2.0, 51.0));
    assert_eq!(calls_shadowed_inside_grad(-1.0), -49.0);
    assert_eq!(calls_shadowed_inside_grad(2.0), 50.0 * 2.0_f64.powi(49) + 1.0);
    assert_eq!(calls_shadowed_inside_jvp(2.0, 1.0).1, calls_shadowed_inside_grad(2.0));
}

#[grad]
fn stepped(mut v: [f64; 3]) -> f64 {
    v[0] = v[1] * v[2];
    v[1] += v[0];
    v[0] * v[1]
}

#[grad]
fn swept(x: &[f64; 3]) -> f64 {
    let mut y = *x;
    for i in 1..3 {
        y[i] = y[i - 1] * y[i];
    }
    y[2] * y[1]
}

#[grad(jvp, vjp, value_and_grad_into)]
fn calls_in_place(v: [f64; 3], w: &[f64; 3]) -> f64 {
    stepped(v) + swept(&v) + swept(w) * swept(w)
}

/// What is updated in place has a shadow of its own: the caller's accumulator holds more than that.
#[test]
fn arguments_updated_in_place() {
    // v₁v₂(v₁ + v₁v₂) + v₀²v₁²v₂ + (w₀²w₁²w₂)²
    let (v, w) = ([2.0, 3.0, 5.0], [1.0, 2.0, 3.0]);
    let v_bar = [
        2.0 * 2.0 * 9.0 * 5.0,
        2.0 * 3.0 * 5.0 * 6.0 + 4.0 * 2.0 * 3.0 * 5.0,
        9.0 * 6.0 + 9.0 * 5.0 + 4.0 * 9.0,
    ];
    let w_bar = [24.0 * 24.0, 24.0 * 12.0, 24.0 * 4.0];
    let value = 15.0 * 18.0 + 180.0 + 144.0;
    assert_eq!(calls_in_place_value_and_grad(v, &w), (value, (v_bar, w_bar)));
    assert_eq!(calls_in_place_vjp(v, &w).1(1.0), (v_bar, w_bar));
    let mut buffers = ([9.0; 3], [9.0; 3]);
    let into = calls_in_place_value_and_grad_into(v, &w, &mut buffers.0, &mut buffers.1);
    assert_eq!((into, buffers), (value, (v_bar, w_bar)));
    let dot = calls_in_place_jvp(v, &w, [1.0, 10.0, 100.0], &[0.0, 0.0, 1.0]).1;
    assert_eq!(dot, v_bar[0] + 10.0 * v_bar[1] + 100.0 * v_bar[2] + w_bar[2]);
}

#[grad]
fn rotated(x: f64, v: [f64; 2]) -> [f64; 2] {
    [x * v[1], v[0] - x]
}

#[grad]
fn rows(x: f64) -> [[f64; 2]; 2] {
    [[x, 2.0 * x], [x * x, 1.0]]
}

#[grad]
fn product(a: f64, b: f64) -> f64 {
    a * b
}

#[grad]
fn first_row(row: &[f64; 2], a: f64) -> f64 {
    row[0] * row[1] * a
}

#[grad(jvp, vjp)]
fn calls_with_parts(x: f64, v: [f64; 2]) -> f64 {
    let turned = rotated(x, v);
    let m = rows(x);
    product(turned[0], turned[1]) + first_row(&m[0], turned[0])
}

/// Only rustc knows the types of what is taken out of the result of a call.
#[test]
fn parts_of_results_are_arguments() {
    // x·v₁(v₀ − x) + 2x²·x·v₁
    let (x, v) = (2.0, [3.0, 5.0]);
    let gradient = (5.0 * 3.0 - 2.0 * 2.0 * 5.0 + 6.0 * 4.0 * 5.0, [10.0, 2.0 * 1.0 + 16.0]);
    assert_eq!(calls_with_parts_value_and_grad(x, v), (10.0 + 80.0, gradient));
    assert_eq!(calls_with_parts_vjp(x, v).1(1.0), gradient);
    assert_eq!(calls_with_parts_jvp(x, v, 1.0, [0.0; 2]).1, gradient.0);
}

#[grad(jvp, constant(last))]
fn remembered(x: f64, last: &std::cell::Cell<f64>) -> f64 {
    let y = x * x;
    last.set(autodiff::stop_gradient(y));
    y * x
}

#[test]
fn a_cell_takes_what_is_stopped() {
    let last = std::cell::Cell::new(0.0);
    assert_eq!(remembered_grad(2.0, &last), 12.0);
    assert_eq!(last.get(), 4.0);
    assert_eq!(remembered_jvp(3.0, &last, 1.0), (27.0, 27.0));
    assert_eq!(last.get(), 9.0);
}
