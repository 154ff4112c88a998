//! What the code emitted by `#[grad]` names: traits, elementary functions, gradient checks.
//!
//! Use the facade crate `autodiff`, which re-exports all of this.
//!
//! | feature | adds |
//! |---|---|
//! | none | [`Differentiable`], [`Tangent`], [`Real`] and [`Dual`] with what `core` offers, [`stop_gradient()`] |
//! | `alloc` | the tangents of slices, `Vec` and `Box`; computation graphs ([`Graph`]); loops reversed from a few states ([`checkpoint`]); colours of matrices with few elements ([`sparse`]); memory that is kept between gradients ([`Workspace`]) |
//! | `wide-1` | [`Lanes`] for the types of the crate `wide`: several points at once |
//! | `std` (default) | the elementary functions of [`Real`], graphs at a point, and the module [`check`] |
#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod batch;
#[cfg(feature = "alloc")]
pub mod checkpoint;
mod diff_fn;
mod differentiable;
mod dual;
mod elementary;
#[cfg(feature = "alloc")]
pub mod graph;
mod lanes;
mod real;
pub mod sparse;
mod stop_gradient;
#[cfg(feature = "alloc")]
mod workspace;

#[cfg(feature = "std")]
pub mod check;

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;

pub use diff_fn::{DiffFn, Floats};
pub use differentiable::{Differentiable, Tangent};
pub use dual::Dual;
#[cfg(feature = "alloc")]
pub use graph::Graph;
pub use lanes::{Lanes, Mask};
pub use real::{Arithmetic, Real};
pub use stop_gradient::stop_gradient;
#[cfg(feature = "alloc")]
pub use workspace::Workspace;
