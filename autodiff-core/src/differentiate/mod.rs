//! Forward and reverse mode, each a transform from function to function.
//!
//! * [`tangent()`] : (x ↦ y) → (x, ẋ ↦ y, ẏ), ẏ = Σ ∂y/∂xᵢ · ẋᵢ
//! * [`adjoint()`] : (x ↦ y) → (x, ȳ ↦ y, x̄), x̄ᵢ = ȳ · ∂y/∂xᵢ
//!
//! Both keep the primal's instructions, with the user's tokens, and add their own, which have
//! none. Forward mode takes several directions in one sweep: [`jacobian`] and [`hessian`] are
//! that. A tangent or cotangent that does not exist is a structural zero: no value at all rather
//! than 0.0. Second order is a composition: `tangent(adjoint_again(f))`.

mod adjoint;
mod branch;
mod builder;
mod call;
mod cotangent;
mod counts;
mod directions;
mod fuse;
mod given;
mod invariant;
mod late;
mod length;
mod memory;
mod merge;
mod movable;
mod origin;
mod outlived;
mod part;
mod partials;
mod payload;
mod private;
mod repeat;
mod replay;
mod reverse;
mod running;
mod symbol;
mod tangent;
mod tape;

pub use adjoint::{adjoint, adjoint_again};
pub(crate) use branch::substitute;
pub(crate) use call::without_records;
pub use directions::{hessian, jacobian};
pub(crate) use given::given;
pub(crate) use origin::literal_index;
pub(crate) use outlived::outlived;
pub(crate) use partials::by_partials;
pub use tangent::tangent;

/// What the cotangent of the result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seed {
    /// The constant 1: the gradient of a function that gives one float.
    One,
    /// A parameter, added after the others.
    Parameter,
}
