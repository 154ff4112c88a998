//! The torsion energy of four atoms in a chain.

use autodiff::grad;

use crate::kernel::{Both, Input, Kernel, Random, kept};

#[grad]
#[inline]
fn dihedral(a: &[f64; 3], b: &[f64; 3], c: &[f64; 3], d: &[f64; 3], strength: f64) -> f64 {
    let (ux, uy, uz) = (b[0] - a[0], b[1] - a[1], b[2] - a[2]);
    let (vx, vy, vz) = (c[0] - b[0], c[1] - b[1], c[2] - b[2]);
    let (wx, wy, wz) = (d[0] - c[0], d[1] - c[1], d[2] - c[2]);
    let (mx, my, mz) = (uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx);
    let (nx, ny, nz) = (vy * wz - vz * wy, vz * wx - vx * wz, vx * wy - vy * wx);
    let length = (vx * vx + vy * vy + vz * vz).sqrt();
    let sine = length * (ux * nx + uy * ny + uz * nz);
    let cosine = mx * nx + my * ny + mz * nz;
    strength * (1.0 + (3.0 * sine.atan2(cosine)).cos())
}

type Vector = [f64; 3];
type Gradient = (Vector, Vector, Vector, Vector, f64);

#[inline]
fn difference(a: &Vector, b: &Vector) -> Vector {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

#[inline]
fn cross(a: &Vector, b: &Vector) -> Vector {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

#[inline]
fn dot(a: &Vector, b: &Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[inline]
fn scaled(a: f64, b: &Vector) -> Vector {
    [a * b[0], a * b[1], a * b[2]]
}

#[inline]
fn sum(a: &Vector, b: &Vector) -> Vector {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

#[inline]
fn negated(a: &Vector) -> Vector {
    [-a[0], -a[1], -a[2]]
}

#[inline]
fn hand<const C: bool>(
    a: &Vector,
    b: &Vector,
    c: &Vector,
    d: &Vector,
    strength: f64,
) -> (f64, Gradient) {
    let (u, v, w) = (difference(b, a), difference(c, b), difference(d, c));
    let (m, n) = (cross(&u, &v), cross(&v, &w));
    let length = dot(&v, &v).sqrt();
    let triple = dot(&u, &n);
    let sine = length * triple;
    let cosine = dot(&m, &n);
    let (sin, cos) = (3.0 * sine.atan2(cosine)).sin_cos();
    let shape = 1.0 + cos;
    let value = strength * shape;

    let angle_bar = -3.0 * strength * sin;
    let square = sine * sine + cosine * cosine;
    let at_origin = C && sine == 0.0 && cosine == 0.0;
    let per_square = if at_origin { 0.0 } else { kept::<C>(angle_bar, angle_bar / square) };
    let sine_bar = kept::<C>(angle_bar, per_square * cosine);
    let cosine_bar = kept::<C>(angle_bar, -per_square * sine);
    let length_bar = sine_bar * triple;
    let triple_bar = sine_bar * length;
    let squares_bar = kept::<C>(length_bar, length_bar / length);
    let n_bar = sum(&scaled(triple_bar, &u), &scaled(cosine_bar, &m));
    let m_bar = scaled(cosine_bar, &n);
    let w_bar = cross(&n_bar, &v);
    let u_bar = sum(&scaled(triple_bar, &n), &cross(&v, &m_bar));
    let v_bar = sum(&scaled(squares_bar, &v), &sum(&cross(&w, &n_bar), &cross(&m_bar, &u)));
    let gradient =
        (negated(&u_bar), difference(&u_bar, &v_bar), difference(&v_bar, &w_bar), w_bar, shape);
    (value, gradient)
}

/// The gradient of the angle by what it does not change: A. Blondel and M. Karplus, *New
/// formulation for derivatives of torsion angles and improper torsion angles in molecular
/// mechanics*, Journal of Computational Chemistry 17 (1996) 1132–1141.
#[inline]
fn expert(a: &Vector, b: &Vector, c: &Vector, d: &Vector, strength: f64) -> (f64, Gradient) {
    let (u, v, w) = (difference(b, a), difference(c, b), difference(d, c));
    let (m, n) = (cross(&u, &v), cross(&v, &w));
    let square = dot(&v, &v);
    let length = square.sqrt();
    let (sin, cos) = (3.0 * (length * dot(&u, &n)).atan2(dot(&m, &n))).sin_cos();
    let shape = 1.0 + cos;

    let angle_bar = -3.0 * strength * sin;
    let turn = angle_bar * length;
    let a_bar = scaled(-turn / dot(&m, &m), &m);
    let d_bar = scaled(turn / dot(&n, &n), &n);
    let inverse = 1.0 / square;
    let (p, q) = (dot(&u, &v) * inverse, dot(&w, &v) * inverse);
    let moved = difference(&scaled(p, &a_bar), &scaled(q, &d_bar));
    let gradient = (a_bar, negated(&sum(&a_bar, &moved)), difference(&moved, &d_bar), d_bar, shape);
    (strength * shape, gradient)
}

pub(crate) struct Dihedral;

impl Kernel for Dihedral {
    const NAME: &'static str = "dihedral";
    type Point = Gradient;
    type Data = ();
    type Gradient = Gradient;
    const HAS_PLAIN: bool = true;
    const HAS_EXPERT: bool = true;

    fn input(random: &mut Random) -> Input<Self> {
        let mut atom = |at: Vector| at.map(|at| at + random.within(-0.3, 0.3));
        let (a, b) = (atom([-1.2, 1.0, 0.0]), atom([-0.7, 0.0, 0.0]));
        let (c, d) = (atom([0.7, 0.0, 0.0]), atom([1.2, 0.3, 0.9]));
        ((a, b, c, d, random.within(0.5, 2.0)), ())
    }

    #[inline]
    fn primal(((a, b, c, d, strength), ()): &Input<Self>) -> f64 {
        dihedral(a, b, c, d, *strength)
    }

    #[inline]
    fn ours(((a, b, c, d, strength), ()): &Input<Self>) -> Both<Self> {
        dihedral_value_and_grad(a, b, c, d, *strength)
    }

    #[inline]
    fn hand(((a, b, c, d, strength), ()): &Input<Self>) -> Both<Self> {
        hand::<true>(a, b, c, d, *strength)
    }

    #[inline]
    fn plain(((a, b, c, d, strength), ()): &Input<Self>) -> Both<Self> {
        hand::<false>(a, b, c, d, *strength)
    }

    #[inline]
    fn expert(((a, b, c, d, strength), ()): &Input<Self>) -> Both<Self> {
        expert(a, b, c, d, *strength)
    }
}
