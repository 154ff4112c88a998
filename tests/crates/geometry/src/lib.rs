//! Vectors and rotations with derivatives.

#![allow(
    clippy::suboptimal_flops,
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "as an author writes them"
)]

pub mod pieces;
pub mod rotation;
mod vector;

pub use rotation::Rotation;
pub use vector::{Vec3, dot};

use autodiff::Differentiable;

/// Something that pulls at points.
pub trait Field: Differentiable {
    /// The force at a point.
    #[autodiff::grad(vjp)]
    fn force(&self, at: &Vec3) -> Vec3;

    /// The energy of a unit mass there.
    #[autodiff::grad]
    fn potential(&self, at: &Vec3) -> f64;
}
