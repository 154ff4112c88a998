//! The squared error of a camera that sees a point: the term of a bundle adjustment.
//!
//! S. Agarwal, N. Snavely, S. M. Seitz and R. Szeliski, *Bundle Adjustment in the Large*, European
//! Conference on Computer Vision (2010).

use autodiff::grad;

use crate::kernel::{Both, Input, Kernel, Random, kept};

type Vector = [f64; 3];

/// The camera turns by `rotation` (axis times angle) and moves by `translation`; `lens` is its
/// focal length and two coefficients of radial distortion.
#[grad(constant(seen))]
#[inline]
fn reprojection(
    rotation: &[f64; 3],
    translation: &[f64; 3],
    lens: &[f64; 3],
    point: &[f64; 3],
    seen: [f64; 2],
) -> f64 {
    let [x, y, z] = *point;
    let [rx, ry, rz] = *rotation;
    let angle = (rx * rx + ry * ry + rz * rz).sqrt();
    let (sin, cos) = angle.sin_cos();
    let inverse = 1.0 / angle;
    let (wx, wy, wz) = (rx * inverse, ry * inverse, rz * inverse);
    let (cx, cy, cz) = (wy * z - wz * y, wz * x - wx * z, wx * y - wy * x);
    let along = (wx * x + wy * y + wz * z) * (1.0 - cos);
    let px = x * cos + cx * sin + wx * along + translation[0];
    let py = y * cos + cy * sin + wy * along + translation[1];
    let pz = z * cos + cz * sin + wz * along + translation[2];
    let (u, v) = (-px / pz, -py / pz);
    let square = u * u + v * v;
    let magnified = lens[0] * (1.0 + square * (lens[1] + lens[2] * square));
    let (du, dv) = (magnified * u - seen[0], magnified * v - seen[1]);
    0.5 * (du * du + dv * dv)
}

type Point = (Vector, Vector, Vector, Vector);

#[inline]
fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[inline]
fn cross(a: Vector, b: Vector) -> Vector {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// The sum of vectors with factors.
#[inline]
fn sum<const N: usize>(terms: [(f64, Vector); N], plus: Vector) -> Vector {
    let [mut x, mut y, mut z] = plus;
    for (factor, [a, b, c]) in terms {
        x += factor * a;
        y += factor * b;
        z += factor * c;
    }
    [x, y, z]
}

#[inline]
fn hand<const C: bool>(
    &(rotation, translation, [focal, k1, k2], point): &Point,
    seen: [f64; 2],
) -> (f64, Point) {
    let angle = dot(rotation, rotation).sqrt();
    let (sin, cos) = angle.sin_cos();
    let inverse = 1.0 / angle;
    let axis = rotation.map(|r| r * inverse);
    let turned = cross(axis, point);
    let projected = dot(axis, point);
    let versine = 1.0 - cos;
    let along = projected * versine;
    let [px, py, pz] = sum([(cos, point), (sin, turned), (along, axis)], translation);
    let (u, v) = (-px / pz, -py / pz);
    let square = u * u + v * v;
    let radial = k1 + k2 * square;
    let distortion = 1.0 + square * radial;
    let magnified = focal * distortion;
    let (du, dv) = (magnified * u - seen[0], magnified * v - seen[1]);
    let value = 0.5 * (du * du + dv * dv);

    let magnified_bar = du * u + dv * v;
    let distortion_bar = magnified_bar * focal;
    let k1_bar = distortion_bar * square;
    let square_bar = 2.0 * (distortion_bar * radial + k1_bar * k2);
    let u_bar = du * magnified + square_bar * u;
    let v_bar = dv * magnified + square_bar * v;
    let (qx, qy) = (kept::<C>(u_bar, u_bar / pz), kept::<C>(v_bar, v_bar / pz));
    let p_bar = [-qx, -qy, -(kept::<C>(qx, qx * u) + kept::<C>(qy, qy * v))];
    let sin_bar = dot(p_bar, turned);
    let along_bar = dot(p_bar, axis);
    let projected_bar = along_bar * versine;
    let cos_bar = dot(p_bar, point) - along_bar * projected;
    let turned_bar = p_bar.map(|p| p * sin);
    let axis_bar = sum([(along, p_bar), (projected_bar, point)], cross(point, turned_bar));
    let point_bar = sum([(cos, p_bar), (projected_bar, axis)], cross(turned_bar, axis));
    let inverse_bar = dot(axis_bar, rotation);
    let angle_bar =
        sin_bar * cos - cos_bar * sin - kept::<C>(inverse_bar, inverse_bar * (inverse * inverse));
    let rotation_bar = sum(
        [(kept::<C>(angle_bar, angle_bar * inverse), rotation), (inverse, axis_bar)],
        [-0.0; 3],
    );
    let lens_bar = [magnified_bar * distortion, k1_bar, k1_bar * square];
    (value, (rotation_bar, p_bar, lens_bar, point_bar))
}

pub(crate) struct Reprojection;

impl Kernel for Reprojection {
    const NAME: &'static str = "reprojection";
    type Point = Point;
    type Data = [f64; 2];
    type Gradient = Point;
    const HAS_PLAIN: bool = true;

    fn input(random: &mut Random) -> Input<Self> {
        let rotation = random.array(0.1, 0.5);
        let translation = [random.within(-0.5, 0.5), random.within(-0.5, 0.5), -4.0];
        let lens = [random.within(0.8, 1.2), random.within(-0.1, 0.1), random.within(-0.1, 0.1)];
        let point = random.array(-1.0, 1.0);
        ((rotation, translation, lens, point), random.array(-0.5, 0.5))
    }

    #[inline]
    fn primal(((rotation, translation, lens, point), seen): &Input<Self>) -> f64 {
        reprojection(rotation, translation, lens, point, *seen)
    }

    #[inline]
    fn ours(((rotation, translation, lens, point), seen): &Input<Self>) -> Both<Self> {
        reprojection_value_and_grad(rotation, translation, lens, point, *seen)
    }

    #[inline]
    fn hand((point, seen): &Input<Self>) -> Both<Self> {
        hand::<true>(point, *seen)
    }

    #[inline]
    fn plain((point, seen): &Input<Self>) -> Both<Self> {
        hand::<false>(point, *seen)
    }
}
