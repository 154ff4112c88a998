//! Types with another name, and a length that only the result tells.

use autodiff::check::assert_gradient;
use autodiff::grad;

type Scalar = f64;
type Row = Vec<Scalar>;

#[grad(alias(Scalar = f64))]
fn decay(b: Scalar, x: Scalar) -> Scalar {
    let largest: Scalar = x.max(b);
    let e = (b - largest).exp();
    e * largest.sqrt() * Scalar::max(x, 0.1)
}

#[grad(alias(Scalar = f64, Row = Vec<f64>))]
fn scaled(row: &Row, x: Scalar) -> Scalar {
    let mut scaled = Row::new();
    for v in row {
        scaled.push(v * x);
    }
    scaled.iter().sum::<Scalar>().powi(2)
}

/// Without saying so: what is built tells.
#[grad]
fn rearranged(x: f64) -> f64 {
    let mut row: Row = vec![x, x * x];
    row.push(x.sin());
    row.swap(0, 1);
    row.reverse();
    row[0] * row[1] * row[2] * row[2]
}

struct Model;

#[grad(alias(Scalar = f64))]
impl Model {
    fn sine(x: Scalar) -> Scalar {
        x.sin()
    }
}

#[test]
fn aliases_that_are_spelled_out() {
    let at = (0.5, 2.0);
    let gradient = decay_grad(at.0, at.1);
    assert_gradient("decay", &["b", "x"], |&(b, x)| decay(b, x), &at, &gradient);
    let at = (vec![1.0, 2.0], 2.0);
    let gradient = scaled_grad(&at.0, at.1);
    assert_gradient("scaled", &["row", "x"], |(row, x)| scaled(row, *x), &at, &gradient);
    let gradient = rearranged_grad(0.7);
    assert_gradient("rearranged", &["x"], |&(x,)| rearranged(x), &(0.7,), &gradient);
    assert_eq!(Model::sine_grad(0.3), 0.3_f64.cos());
}

#[grad(jacobian, vjp, jvp)]
fn powers<const N: usize>(x: f64) -> [f64; N] {
    std::array::from_fn(|i| x.powi(i as i32 + 1))
}

#[grad]
fn of_powers(x: f64) -> f64 {
    let p = powers::<3>(x);
    let q: [f64; 2] = powers(x);
    p[0] * p[1] + p[2] * q[1]
}

#[test]
fn a_length_that_the_result_tells() {
    let x = 0.5_f64;
    assert_eq!(powers_jacobian::<3>(x), [1.0, 2.0 * x, 3.0 * x * x]);
    let (value, tangent): ([f64; 2], [f64; 2]) = powers::jvp(x, 2.0);
    assert_eq!((value, tangent), ([x, x * x], [2.0, 4.0 * x]));
    assert_gradient("of_powers", &["x"], |&(x,)| of_powers(x), &(x,), &of_powers_grad(x));
}
