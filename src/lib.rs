#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "std")]
pub mod implicit;
#[cfg(feature = "std")]
pub mod linear;
#[cfg(feature = "rayon-1")]
pub mod parallel;

#[doc = include_str!("../docs/custom-rules.md")]
pub use autodiff_macro::rule;
pub use autodiff_macro::{Differentiable, grad};
pub use autodiff_runtime::*;

/// The blocks of the tour are run as those of the README are.
#[cfg(doctest)]
#[doc = include_str!("../docs/tour.md")]
mod tour {}
