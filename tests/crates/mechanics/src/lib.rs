//! Bodies in fields, over the vectors of another crate and by a facade of another name.

#![allow(
    clippy::suboptimal_flops,
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "as an author writes them"
)]

pub mod body;

pub use ad;
pub use body::{Body, simulate as run};
pub use geometry as geo;

use geo::{Field, Vec3};

/// The same pull everywhere, and a spring to the origin.
#[derive(Clone, Copy, Debug, PartialEq, ad::Differentiable)]
#[differentiable(crate = ad)]
pub struct Spring {
    /// What everything feels.
    pub pull: Vec3,
    /// How stiff the spring is.
    pub stiffness: f64,
}

impl Field for Spring {
    #[ad::grad(vjp, crate = ad)]
    fn force(&self, at: &Vec3) -> Vec3 {
        self.pull - *at * self.stiffness
    }

    #[ad::grad(crate = ad)]
    fn potential(&self, at: &Vec3) -> f64 {
        0.5 * self.stiffness * geo::dot(at, at) - geo::dot(&self.pull, at)
    }
}
