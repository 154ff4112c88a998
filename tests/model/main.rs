//! Programs of many functions, methods and types, written without a thought of the macro.
//! Each against differences, and both modes against each other.

#![allow(
    clippy::assign_op_pattern,
    clippy::indexing_slicing,
    clippy::many_single_char_names,
    clippy::cast_precision_loss,
    clippy::needless_range_loop,
    clippy::suboptimal_flops,
    clippy::similar_names,
    clippy::trivially_copy_pass_by_ref,
    clippy::large_types_passed_by_value,
    clippy::op_ref,
    clippy::float_cmp,
    reason = "the functions are written as their authors would"
)]

mod crates;
mod fields;
mod owned;
mod physics;
mod traits;

use autodiff_tests::{confirmed, numbers};
