//! A robot arm: a chain of 4×4 matrices.

use autodiff::{Differentiable, grad};

use crate::{confirmed, numbers};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Transform {
    m: [[f64; 4]; 4],
}

#[grad]
impl Transform {
    fn rotation_z(angle: f64) -> Self {
        let (s, c) = angle.sin_cos();
        let m = [[c, -s, 0.0, 0.0], [s, c, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]];
        Transform { m }
    }

    fn rotation_x(angle: f64) -> Self {
        let (s, c) = angle.sin_cos();
        let m = [[1.0, 0.0, 0.0, 0.0], [0.0, c, -s, 0.0], [0.0, s, c, 0.0], [0.0, 0.0, 0.0, 1.0]];
        Self { m }
    }

    fn translation(x: f64, y: f64, z: f64) -> Self {
        let m = [[1.0, 0.0, 0.0, x], [0.0, 1.0, 0.0, y], [0.0, 0.0, 1.0, z], [0.0, 0.0, 0.0, 1.0]];
        Self { m }
    }

    fn then(&self, other: &Self) -> Self {
        let mut m = [[0.0; 4]; 4];
        for i in 0..4 {
            for j in 0..4 {
                for k in 0..4 {
                    m[i][j] += self.m[i][k] * other.m[k][j];
                }
            }
        }
        Self { m }
    }

    fn tip(&self) -> [f64; 3] {
        [self.m[0][3], self.m[1][3], self.m[2][3]]
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Joint {
    angle: f64,
    length: f64,
    twist: f64,
}

#[grad]
fn link(joint: &Joint) -> Transform {
    let turn = Transform::rotation_z(joint.angle);
    let along = Transform::translation(joint.length, 0.0, 0.0);
    turn.then(&along).then(&Transform::rotation_x(joint.twist))
}

#[grad(jvp)]
fn reach(p: &[f64]) -> f64 {
    let mut arm = Transform::translation(0.0, 0.0, 1.0);
    for j in 0..p.len() / 3 {
        let joint = Joint { angle: p[3 * j], length: p[3 * j + 1], twist: p[3 * j + 2] };
        arm = arm.then(&link(&joint));
    }
    let tip = arm.tip();
    (tip[0] - 1.0).powi(2) + (tip[1] - 0.5).powi(2) + tip[2] * tip[0]
}
confirmed!(robot_arm: reach at numbers(12));
