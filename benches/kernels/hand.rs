//! A hand that is fitted to points: the `ht` of `GradBench`, `ADBench`'s `hand`, on a random hand
//! of its size.
//!
//! Half the sum of the squared residuals, with the place of each point on its triangle.

mod mechanical;

use autodiff::grad;

use crate::kernel::{Kernel, Random};

const BONES: usize = 22;
const VERTICES: usize = 544;
const TRIANGLES: usize = 1084;
const POINTS: usize = 100;
/// A rotation, a translation, and four angles for each finger.
const POSE: usize = 26;

/// A linear map beside a translation.
type Frame = [[f64; 4]; 3];

struct Hand {
    parents: Vec<Option<usize>>,
    relative: Vec<Frame>,
    inverse: Vec<Frame>,
    vertices: Vec<[f64; 3]>,
    /// How much a bone moves a vertex, bone by bone.
    weights: Vec<f64>,
    /// The corners of the triangle that a point is on.
    corners: Vec<[usize; 3]>,
    points: Vec<[f64; 3]>,
}

#[grad]
#[inline]
fn product(a: &Frame, b: &Frame) -> Frame {
    let mut c = [[0.0; 4]; 3];
    for i in 0..3 {
        for j in 0..4 {
            c[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j];
        }
        c[i][3] += a[i][3];
    }
    c
}

/// A rotation by the angles around x, z and y.
#[grad]
#[inline]
fn turned([x, z, y]: [f64; 3]) -> Frame {
    let (sx, cx) = x.sin_cos();
    let (sy, cy) = y.sin_cos();
    let (sz, cz) = z.sin_cos();
    [
        [cz * cy, cz * sy * sx - sz * cx, cz * sy * cx + sz * sx, 0.0],
        [sz * cy, sz * sy * sx + cz * cx, sz * sy * cx - cz * sx, 0.0],
        [-sy, cy * sx, cy * cx, 0.0],
    ]
}

/// A rotation around an axis, by its length.
#[grad]
#[inline]
fn around(axis: [f64; 3]) -> [[f64; 3]; 3] {
    let norm = (axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]).sqrt();
    if norm < 1e-4 {
        return [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    }
    let [x, y, z] = [axis[0] / norm, axis[1] / norm, axis[2] / norm];
    let (s, c) = norm.sin_cos();
    [
        [x * x + (1.0 - x * x) * c, x * y * (1.0 - c) - z * s, x * z * (1.0 - c) + y * s],
        [x * y * (1.0 - c) + z * s, y * y + (1.0 - y * y) * c, y * z * (1.0 - c) - x * s],
        [x * z * (1.0 - c) - y * s, z * y * (1.0 - c) + x * s, z * z + (1.0 - z * z) * c],
    ]
}

#[grad(wrt(pose, places))]
fn misfit(pose: &[f64], places: &[f64], hand: &Hand) -> f64 {
    let mut angles = [[0.0; 3]; BONES];
    let mut next = 6;
    for finger in 0..5 {
        for joint in 2..5 {
            angles[4 * finger + joint][0] = pose[next];
            next += 1;
            if joint == 2 {
                angles[4 * finger + joint][1] = pose[next];
                next += 1;
            }
        }
    }
    let mut absolute = [[[0.0; 4]; 3]; BONES];
    let mut skin = vec![[0.0; 3]; hand.vertices.len()];
    for bone in 0..BONES {
        let relative = product(&hand.relative[bone], &turned(angles[bone]));
        absolute[bone] = match hand.parents[bone] {
            Some(parent) => product(&absolute[parent], &relative),
            None => relative,
        };
        let moved = product(&absolute[bone], &hand.inverse[bone]);
        for v in 0..hand.vertices.len() {
            let (p, weight) = (hand.vertices[v], hand.weights[bone * hand.vertices.len() + v]);
            for i in 0..3 {
                skin[v][i] += weight
                    * (moved[i][0] * p[0] + moved[i][1] * p[1] + moved[i][2] * p[2] + moved[i][3]);
            }
        }
    }
    let rotation = around([pose[0], pose[1], pose[2]]);
    let mut sum = 0.0;
    for k in 0..hand.points.len() {
        let [a, b, c] = hand.corners[k];
        let (u, v) = (places[2 * k], places[2 * k + 1]);
        let mut p = [0.0; 3];
        for i in 0..3 {
            p[i] = u * skin[a][i] + v * skin[b][i] + (1.0 - u - v) * skin[c][i];
        }
        for i in 0..3 {
            let turned = rotation[i][0] * p[0] + rotation[i][1] * p[1] + rotation[i][2] * p[2];
            let residual = hand.points[k][i] - (turned + pose[3 + i]);
            sum += 0.5 * residual * residual;
        }
    }
    sum
}

pub(crate) struct Tracking {
    hand: Hand,
}

impl Tracking {
    pub(crate) fn new() -> Self {
        let mut random = Random::new(9);
        let mut frame = |_| {
            let mut frame = turned([0; 3].map(|_| random.within(-1.0, 1.0)));
            frame.iter_mut().for_each(|row| row[3] = random.within(-0.1, 0.1));
            frame
        };
        let relative: Vec<Frame> = (0..BONES).map(&mut frame).collect();
        let inverse: Vec<Frame> = (0..BONES).map(&mut frame).collect();
        let mut point = |_| [0; 3].map(|_| random.within(-1.0, 1.0));
        let vertices: Vec<[f64; 3]> = (0..VERTICES).map(&mut point).collect();
        let points: Vec<[f64; 3]> = (0..POINTS).map(&mut point).collect();
        let triangles: Vec<[usize; 3]> = (0..TRIANGLES)
            .map(|t| [t % VERTICES, (7 * t + 1) % VERTICES, (13 * t + 5) % VERTICES])
            .collect();
        // The wrist; five fingers of four bones, each on the one before; the forearm.
        let parent = |bone: usize| match bone {
            0 => None,
            _ if bone % 4 == 1 => Some(0),
            _ => Some(bone - 1),
        };
        let hand = Hand {
            parents: (0..BONES).map(parent).collect(),
            relative,
            inverse,
            vertices,
            weights: random.vec(BONES * VERTICES, 0.0, 1.0 / BONES as f64),
            corners: (0..POINTS).map(|k| triangles[(k * 11) % TRIANGLES]).collect(),
            points,
        };
        Self { hand }
    }
}

impl Kernel for Tracking {
    fn name(&self) -> &'static str {
        "ht_c100"
    }

    fn point(&self, random: &mut Random) -> Vec<f64> {
        let mut x = random.vec(POSE, -1.0, 1.0);
        x.extend(random.vec(2 * POINTS, 0.0, 0.5));
        x
    }

    fn primal(&self, x: &[f64]) -> f64 {
        let (pose, places) = x.split_at(POSE);
        misfit(pose, places, &self.hand)
    }

    fn ours(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        let (pose, places) = x.split_at(POSE);
        let (pose_bar, places_bar) = bar.split_at_mut(POSE);
        misfit_value_and_grad_into(pose, places, &self.hand, pose_bar, places_bar)
    }

    fn mechanical(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        let (pose, places) = x.split_at(POSE);
        let (pose_bar, places_bar) = bar.split_at_mut(POSE);
        mechanical::mechanical(pose, places, &self.hand, pose_bar, places_bar)
    }
}
