//! Rotations by quaternions.

use autodiff::{Differentiable, grad};

use crate::Vec3;

/// A quaternion: a scalar and a vector.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Rotation {
    /// The scalar part.
    pub w: f64,
    /// The vector part.
    pub v: Vec3,
}

#[grad]
impl Rotation {
    /// About an axis of length 1.
    pub fn about(axis: Vec3, angle: f64) -> Self {
        let (s, c) = (0.5 * angle).sin_cos();
        Self { w: c, v: axis * s }
    }

    /// One after the other.
    pub fn then(self, first: Rotation) -> Rotation {
        Rotation {
            w: first.w * self.w - crate::dot(&first.v, &self.v),
            v: self.v * first.w + first.v * self.w + first.v.cross(self.v),
        }
    }

    /// The rotated vector.
    pub fn apply(&self, p: Vec3) -> Vec3 {
        let t = 2.0 * self.v.cross(p);
        p + t * self.w + self.v.cross(t)
    }
}
