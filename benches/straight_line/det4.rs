//! The determinant of a 4×4 matrix, from the 2×2 minors of its upper and lower halves.

use autodiff::grad;

use crate::kernel::{Both, Input, Kernel, Random};

type Matrix = [[f64; 4]; 4];

#[grad]
#[inline]
fn det4(m: &[[f64; 4]; 4]) -> f64 {
    let [a, b, c, d] = m;
    let s0 = a[0] * b[1] - a[1] * b[0];
    let s1 = a[0] * b[2] - a[2] * b[0];
    let s2 = a[0] * b[3] - a[3] * b[0];
    let s3 = a[1] * b[2] - a[2] * b[1];
    let s4 = a[1] * b[3] - a[3] * b[1];
    let s5 = a[2] * b[3] - a[3] * b[2];
    let c0 = c[0] * d[1] - c[1] * d[0];
    let c1 = c[0] * d[2] - c[2] * d[0];
    let c2 = c[0] * d[3] - c[3] * d[0];
    let c3 = c[1] * d[2] - c[2] * d[1];
    let c4 = c[1] * d[3] - c[3] * d[1];
    let c5 = c[2] * d[3] - c[3] * d[2];
    s0 * c5 - s1 * c4 + s2 * c3 + s3 * c2 - s4 * c1 + s5 * c0
}

#[inline]
fn minors(a: &[f64; 4], b: &[f64; 4]) -> [f64; 6] {
    [
        a[0] * b[1] - a[1] * b[0],
        a[0] * b[2] - a[2] * b[0],
        a[0] * b[3] - a[3] * b[0],
        a[1] * b[2] - a[2] * b[1],
        a[1] * b[3] - a[3] * b[1],
        a[2] * b[3] - a[3] * b[2],
    ]
}

/// The cotangents of the rows `a` and `b`, from those of their minors.
#[inline]
fn minors_reverse(a: &[f64; 4], b: &[f64; 4], bar: &[f64; 6]) -> [[f64; 4]; 2] {
    [
        [
            bar[0] * b[1] + bar[1] * b[2] + bar[2] * b[3],
            bar[3] * b[2] - bar[0] * b[0] + bar[4] * b[3],
            bar[5] * b[3] - bar[1] * b[0] - bar[3] * b[1],
            -bar[2] * b[0] - bar[4] * b[1] - bar[5] * b[2],
        ],
        [
            -bar[0] * a[1] - bar[1] * a[2] - bar[2] * a[3],
            bar[0] * a[0] - bar[3] * a[2] - bar[4] * a[3],
            bar[1] * a[0] + bar[3] * a[1] - bar[5] * a[3],
            bar[2] * a[0] + bar[4] * a[1] + bar[5] * a[2],
        ],
    ]
}

#[inline]
fn hand([a, b, c, d]: &Matrix) -> (f64, Matrix) {
    let [s0, s1, s2, s3, s4, s5] = minors(a, b);
    let [c0, c1, c2, c3, c4, c5] = minors(c, d);
    let value = s0 * c5 - s1 * c4 + s2 * c3 + s3 * c2 - s4 * c1 + s5 * c0;

    let [a_bar, b_bar] = minors_reverse(a, b, &[c5, -c4, c3, c2, -c1, c0]);
    let [c_bar, d_bar] = minors_reverse(c, d, &[s5, -s4, s3, s2, -s1, s0]);
    (value, [a_bar, b_bar, c_bar, d_bar])
}

/// The value from the gradient's first row, by Laplace.
#[inline]
fn expert([a, b, c, d]: &Matrix) -> (f64, Matrix) {
    let [s0, s1, s2, s3, s4, s5] = minors(a, b);
    let [c0, c1, c2, c3, c4, c5] = minors(c, d);
    let [a_bar, b_bar] = minors_reverse(a, b, &[c5, -c4, c3, c2, -c1, c0]);
    let [c_bar, d_bar] = minors_reverse(c, d, &[s5, -s4, s3, s2, -s1, s0]);
    let value = a[0] * a_bar[0] + a[1] * a_bar[1] + a[2] * a_bar[2] + a[3] * a_bar[3];
    (value, [a_bar, b_bar, c_bar, d_bar])
}

pub(crate) struct Det4;

impl Kernel for Det4 {
    const NAME: &'static str = "det4";
    type Point = Matrix;
    type Data = ();
    type Gradient = Matrix;
    const HAS_EXPERT: bool = true;

    fn input(random: &mut Random) -> Input<Self> {
        (std::array::from_fn(|_| random.array(-2.0, 2.0)), ())
    }

    #[inline]
    fn primal((m, ()): &Input<Self>) -> f64 {
        det4(m)
    }

    #[inline]
    fn ours((m, ()): &Input<Self>) -> Both<Self> {
        det4_value_and_grad(m)
    }

    #[inline]
    fn hand((m, ()): &Input<Self>) -> Both<Self> {
        hand(m)
    }

    #[inline]
    fn expert((m, ()): &Input<Self>) -> Both<Self> {
        expert(m)
    }
}
