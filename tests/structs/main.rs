//! Structs and methods, as programs use them. Each function against differences, and both modes
//! against each other.

#![deny(warnings)]
#![allow(
    clippy::assign_op_pattern,
    clippy::many_single_char_names,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::single_match,
    clippy::unnecessary_lazy_evaluations,
    clippy::unwrap_used,
    clippy::explicit_iter_loop,
    clippy::suboptimal_flops,
    clippy::similar_names,
    clippy::trivially_copy_pass_by_ref,
    clippy::large_types_passed_by_value,
    clippy::should_implement_trait,
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    clippy::cast_lossless,
    clippy::assigning_clones,
    clippy::ptr_arg,
    clippy::ref_option,
    reason = "the functions are written in every way that is accepted"
)]

mod derived;
mod enums;
mod fields;
mod gathered;
mod methods;
mod named_like;
mod operators;
mod options;
mod overwritten;
mod programs;
mod references;
mod stepped;
mod through;

use autodiff::Differentiable;
use autodiff_tests::{confirmed, numbers};

/// Three coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Vec3 {
    /// East.
    pub x: f64,
    /// North.
    pub y: f64,
    /// Up.
    pub z: f64,
}

/// A length, as a tuple struct.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Meters(pub f64);

/// Something with a part that is a struct, a count, and memory.
#[derive(Clone, Debug, Differentiable)]
pub struct Camera {
    /// Where it is.
    pub pos: Vec3,
    /// Its focal length.
    pub focal: f64,
    /// How many pictures it took.
    pub count: usize,
    /// The weights of its lenses.
    pub weights: Vec<f64>,
    /// Not differentiated.
    #[differentiable(skip)]
    pub exposure: f64,
}
