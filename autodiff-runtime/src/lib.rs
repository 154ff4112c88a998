//! What the code emitted by `#[grad]` names: traits, elementary functions, gradient checks.
//!
//! Use the facade crate `autodiff`, which re-exports all of this.
//!
//! | feature | adds |
//! |---|---|
//! | none | [`Differentiable`], [`Tangent`], [`Real`] with what `core` offers, [`stop_gradient()`] |
//! | `alloc` | the tangents of slices, `Vec` and `Box`; computation graphs ([`Graph`]); colours of matrices with few elements ([`sparse`]) |
//! | `std` (default) | the elementary functions of [`Real`], graphs at a point, and the module [`check`] |
#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "alloc")]
extern crate alloc;

mod differentiable;
#[cfg(feature = "alloc")]
pub mod graph;
mod real;
pub mod sparse;
mod stop_gradient;

#[cfg(feature = "std")]
pub mod check;

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;

pub use differentiable::{Differentiable, Tangent};
#[cfg(feature = "alloc")]
pub use graph::Graph;
pub use real::Real;
pub use stop_gradient::stop_gradient;
