//! Functions with known values and gradients, from straight-line code to branches and calls.

#![deny(warnings)]
#![allow(
    clippy::many_single_char_names,
    clippy::float_cmp,
    clippy::indexing_slicing,
    clippy::redundant_closure_call,
    clippy::assign_op_pattern,
    clippy::diverging_sub_expression,
    clippy::cast_lossless,
    clippy::cast_possible_truncation,
    reason = "the functions are formulas, written in every way that is accepted"
)]

use approx::assert_relative_eq;
use autodiff::grad;

/// Asserts agreement to twelve digits.
macro_rules! close {
    ($left:expr, $right:expr) => {
        assert_relative_eq!($left, $right, max_relative = 1e-11, epsilon = 1e-13)
    };
}

#[grad]
fn overwrite(a: f64, b: f64, c: f64) -> f64 {
    let mut t = a * b;
    t += c;
    t = t * t;
    t
}

#[test]
fn an_overwritten_variable() {
    let (value, gradient) = overwrite_value_and_grad(2.0, 3.0, 5.0);
    close!(value, 121.0);
    assert_eq!(gradient, (66.0, 44.0, 22.0));
    assert_eq!(overwrite::grad(2.0, 3.0, 5.0), gradient);
}

#[grad]
fn dead_path(x: f64, y: f64) -> f64 {
    let _unused = x.sin();
    let p = y.cos();
    let q = p.sin().cos();
    let r = q.sin().cos();
    p + r
}

#[test]
fn a_dead_path_contributes_exactly_zero() {
    let (value, (x_bar, y_bar)) = dead_path_value_and_grad(5.0, 4.0);
    close!(value, 0.090_426_979_464_9);
    assert_eq!(x_bar.to_bits(), 0.0_f64.to_bits());
    close!(y_bar, 0.600_482_390_393);
}

#[grad(jvp, vjp, test(x = -1.2, y = 1.0))]
fn rosenbrock(x: f64, y: f64) -> f64 {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

#[test]
fn rosenbrock_in_every_mode() {
    let (value, gradient) = rosenbrock_value_and_grad(-1.2, 1.0);
    close!(value, 24.2);
    close!(gradient.0, -215.6);
    close!(gradient.1, -88.0);
    let (_, dot) = rosenbrock_jvp(-1.2, 1.0, 1.0, 2.0);
    close!(dot, -215.6 - 176.0);
    let (_, pull) = rosenbrock_vjp(-1.2, 1.0);
    close!(pull(0.5).0, -107.8);
}

#[grad(vjp)]
fn through_references(m: &[[f64; 2]; 2]) -> f64 {
    let [a, b] = m;
    let (first, row) = (&a[0], &m[1]);
    let product = [first * b[1], 3.0];
    let kept = &product;
    kept[0] * kept[1] - a[1] * row[0]
}

#[grad]
fn calls_through_references(m: &[[f64; 2]; 2]) -> f64 {
    through_references(m).sin()
}

#[test]
fn a_pullback_borrows_nothing() {
    let m = [[1.0, 2.0], [3.0, 4.0]];
    let (value, pull) = through_references_vjp(&m);
    assert_eq!((value, pull(1.0)), (6.0, [[12.0, -3.0], [-2.0, 3.0]]));
    close!(calls_through_references_grad(&m)[1][0], -2.0 * 6.0_f64.cos());
}

#[grad]
fn polar(x: f64, y: f64) -> f64 {
    let r = (x * x + y * y).sqrt();
    let theta = f64::atan2(y, x);
    r + 2.0 * theta
}

#[test]
fn polar_coordinates() {
    let (value, (x_bar, y_bar)) = polar_value_and_grad(3.0, 4.0);
    close!(value, 6.854_590_436_003_224);
    close!(x_bar, 0.28);
    close!(y_bar, 1.04);
}

#[grad]
fn mixed(x: f64, y: f64) -> f64 {
    x.powf(y) + (x * y).exp() / (1.0 + x) + y.ln() * x.tanh() - (x * y).cosh() * y.atan()
}

#[test]
fn mixed_intrinsics() {
    let (value, (x_bar, y_bar)) = mixed_value_and_grad(0.7, 1.3);
    assert_relative_eq!(value, 0.928_019_367_621, max_relative = 1e-11);
    assert_relative_eq!(x_bar, 1.136_476_531_4, max_relative = 1e-9);
    assert_relative_eq!(y_bar, 0.060_160_170_031_6, max_relative = 1e-9);
}

#[grad]
fn leaky(x: f64) -> f64 {
    if x >= 0.0 { x } else { 0.1 * x }
}

#[grad]
fn kinks(x: f64) -> f64 {
    x.abs() + x.max(0.0) + x.clamp(0.0, 1.0)
}

#[grad]
fn larger(x: f64, y: f64) -> f64 {
    x.max(y)
}

#[test]
fn kinks_have_the_documented_derivatives() {
    assert_eq!([leaky_grad(-1.0), leaky_grad(0.0), leaky_grad(1.0)], [0.1, 1.0, 1.0]);
    assert_eq!([kinks_grad(-1.0), kinks_grad(0.0), kinks_grad(0.5)], [-1.0, 0.0, 3.0]);
    assert_eq!(larger_grad(2.0, 2.0), (0.5, 0.5));
    assert_eq!(larger_grad(2.0, f64::NAN), (1.0, 0.0));
}

#[grad]
fn norm(x: f64, y: f64) -> f64 {
    x.hypot(y)
}

#[grad]
fn root(x: f64) -> f64 {
    x.sqrt()
}

#[grad]
fn unused_root(x: f64, take: bool) -> f64 {
    let root = x.sqrt();
    if take { root } else { 3.0 * x }
}

#[test]
fn singular_points() {
    assert_eq!(norm_grad(0.0, 0.0), (0.0, 0.0));
    assert_eq!(root_grad(0.0), f64::INFINITY);
    assert_eq!(unused_root_grad(0.0, false), 3.0);
}

#[grad(wrt(x))]
fn power(x: f64, y: f64) -> f64 {
    x.powf(y)
}

#[test]
fn corners_of_powers() {
    let at = |x: f64, y: f64| power_grad(x, y);
    assert_eq!([at(0.0, 0.0), at(0.0, 1.0), at(0.0, 2.5)], [0.0, 1.0, 0.0]);
    assert_eq!(at(0.0, 0.5), f64::INFINITY);
    close!(at(-2.0, 3.0), 12.0);
}

#[grad]
fn overwrite_if(x: f64) -> f64 {
    let mut a = x;
    if a > 0.0 {
        a = 3.0 * a;
    } else {
        a *= 2.0;
    }
    a * a
}

#[grad]
fn selects(x: f64, y: f64) -> f64 {
    (if x > y { x * x } else { 7.0 }) + if y > x { 0.0 } else { x * y }
}

#[test]
fn branches() {
    assert_eq!(overwrite_if_value_and_grad(2.0), (36.0, 36.0));
    assert_eq!(overwrite_if_grad(-1.0), -8.0);
    assert_eq!(selects_value_and_grad(3.0, 2.0), (15.0, (8.0, 3.0)));
}

#[grad(jvp)]
fn by_match(x: f64, n: i32, pair: (f64, u8)) -> f64 {
    let (a, _) = pair;
    match (n, x) {
        (0, _) => a,
        (1 | 2, z) if z > 0.0 => z * a,
        (k @ 3..=5, z) => z.powi(k) * f64::from(k),
        _ => unreachable!("n = {n}"),
    }
}

#[test]
fn matches_bind_parts() {
    assert_eq!(by_match_value_and_grad(2.0, 1, (3.0, 0)), (6.0, (3.0, (2.0, ()))));
    assert_eq!(by_match_value_and_grad(2.0, 3, (3.0, 0)), (24.0, (36.0, (0.0, ()))));
    assert_eq!(by_match_jvp(2.0, 0, (3.0, 0), 1.0, (5.0, ())), (3.0, 5.0));
}

#[grad]
fn closure(x: f64, y: f64) -> f64 {
    (|z: f64| x * z + z * z)(y) + (|a, b| a * b)(x, y)
}

#[test]
fn a_closure_called_in_place() {
    assert_eq!(closure_value_and_grad(2.0, 3.0), (21.0, (6.0, 10.0)));
}

#[grad(vjp)]
fn rotated(angle: f64, v: [f64; 2]) -> [f64; 2] {
    let (s, c) = angle.sin_cos();
    [c * v[0] - s * v[1], s * v[0] + c * v[1]]
}

#[grad]
fn half(x: f32) -> f32 {
    x.sqrt() * 0.5 + (x as f64).exp() as f32
}

#[grad]
fn slices(x: &[f64], i: usize, w: &[[f64; 2]; 2]) -> f64 {
    let row = w[1];
    x[i] * x[i + 1] * row[0] + w[0][1].sin()
}

#[grad]
fn calls(x: f64, y: f64) -> f64 {
    let twice = overwrite(x, y, 1.0);
    inner::scaled(twice, &[x, y]) + polar(x, y)
}

mod inner {
    use autodiff::grad;

    #[grad]
    pub(super) fn scaled(x: f64, v: &[f64; 2]) -> f64 {
        x * v[0] + v[1]
    }
}

#[test]
fn aggregates_and_widths() {
    let (y, pull) = rotated_vjp(0.0, [1.0, 2.0]);
    assert_eq!(y, [1.0, 2.0]);
    assert_eq!(pull([1.0, 0.0]), (-2.0, [1.0, 0.0]));
    assert_relative_eq!(half_grad(0.25), 0.5 + 0.25_f32.exp(), max_relative = 1e-6);
    let (value, (x_bar, w_bar)) = slices_value_and_grad(&[2.0, 3.0, 5.0], 1, &[[0.0; 2], [4.0; 2]]);
    assert_eq!(value, 60.0);
    assert_eq!(x_bar, vec![0.0, 20.0, 12.0]);
    assert_eq!(w_bar, [[0.0, 1.0], [15.0, 0.0]]);
}

#[test]
fn calls_between_functions() {
    let (x, y, h) = (3.0, 4.0, 1e-5);
    let (x_bar, y_bar) = calls_grad(x, y);
    let numeric = (calls(x + h, y) - calls(x - h, y)) / (2.0 * h);
    assert_relative_eq!(x_bar, numeric, max_relative = 1e-8);
    let numeric = (calls(x, y + h) - calls(x, y - h)) / (2.0 * h);
    assert_relative_eq!(y_bar, numeric, max_relative = 1e-8);
}

#[grad]
fn sum_of_two(v: &[f64]) -> f64 {
    v[0] + v[1]
}

/// The call has no cotangent but what it adds to memory.
#[grad(jvp)]
fn sum_if(v: &[f64], take: bool) -> f64 {
    if take { sum_of_two(v) } else { 0.5 }
}

#[test]
fn a_call_in_a_branch_adds_to_a_slice() {
    assert_eq!(sum_if_grad(&[2.0, 3.0], true), vec![1.0, 1.0]);
    assert_eq!(sum_if_grad(&[2.0, 3.0], false), vec![0.0, 0.0]);
    assert_eq!(sum_if_jvp(&[2.0, 3.0], true, &[0.5, 7.0]), (5.0, 7.5));
}

/// What is written with an active variable may be inert all the same.
#[grad(jvp)]
fn inert_parts(x: f64, y: f64) -> f64 {
    let pair = ((|_: f64| 2.0)(x), 3);
    let steps = ((x * 3.0) as i32).rem_euclid(4);
    let half = (if y > 0.5 { 4 } else { 6 }).min(5) / 2 * steps;
    pair.0 * x + f64::from(half) * y
}

#[test]
fn inert_parts_have_no_derivative() {
    assert_eq!(inert_parts_value_and_grad(1.25, 0.75), (2.5 + 4.5, (2.0, 6.0)));
    assert_eq!(inert_parts_jvp(1.25, 0.75, 1.0, 0.5), (7.0, 5.0));
}

#[grad]
fn compared_sine(x: f64) -> f64 {
    let mut angle = x;
    angle *= 2.0;
    if angle.sin_cos().0 > 0.0 { angle * angle } else { angle }
}

#[test]
fn a_pair_of_results_is_compared() {
    assert_eq!(compared_sine_grad(0.5), 4.0);
    assert_eq!(compared_sine_grad(-0.5), 2.0);
}

#[grad(jvp)]
fn constant_function(x: f64) -> f64 {
    let _ = x;
    2.0
}

#[grad(jvp)]
fn calls_a_constant(x: f64) -> f64 {
    constant_function(x) * x
}

#[test]
fn a_callee_that_does_not_depend_on_its_argument() {
    assert_eq!(calls_a_constant_value_and_grad(3.0), (6.0, 2.0));
    assert_eq!(calls_a_constant_jvp(3.0, 1.0), (6.0, 2.0));
}

/// Where the index is needed again, its variable holds another number.
#[grad]
fn index_of_a_branch(x: f64, v: &[f64], n: usize) -> f64 {
    let mut k: usize = 0;
    let y = if n > 3 {
        x
    } else {
        {
            k = k + 1;
        }
        if x > 0.5 { v[k % 3] } else { x }
    };
    k = 0;
    y * v[k]
}

#[test]
fn an_index_is_that_of_its_time() {
    assert_eq!(index_of_a_branch_grad(2.0, &[3.0, 5.0, 7.0], 1), (0.0, vec![5.0, 3.0, 0.0]));
}
