#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

pub use autodiff_macro::{Differentiable, grad};
pub use autodiff_runtime::*;
