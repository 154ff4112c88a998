//! Memory: arrays, slices and `Vec`s that are changed in place, as numeric code does it. Each
//! function against differences, and both modes against each other.

#![deny(warnings)]
#![allow(
    clippy::assigning_clones,
    clippy::many_single_char_names,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::manual_memcpy,
    clippy::manual_swap,
    clippy::cast_precision_loss,
    clippy::explicit_iter_loop,
    clippy::explicit_counter_loop,
    clippy::suboptimal_flops,
    clippy::similar_names,
    clippy::assign_op_pattern,
    clippy::unwrap_used,
    clippy::same_item_push,
    clippy::vec_init_then_push,
    clippy::useless_vec,
    clippy::extend_with_drain,
    clippy::slow_vector_initialization,
    clippy::redundant_slicing,
    clippy::ptr_arg,
    reason = "the functions are written in every way that is accepted"
)]

mod borrowed;
mod consumed;
mod growing;
mod numeric;
mod passed;
mod returned;
mod taken;
mod whole;

use autodiff_tests::{confirmed, numbers};
