//! Rules: what the user gives is used, and the body is not.

#![deny(warnings)]
#![allow(
    clippy::float_cmp,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::many_single_char_names,
    clippy::cast_precision_loss,
    clippy::needless_range_loop,
    clippy::trivially_copy_pass_by_ref,
    clippy::type_complexity,
    reason = "exact arithmetic, and numeric code as people write it"
)]

mod foreign;
mod functions;
mod implicit;
mod partials;

pub(crate) use autodiff_tests::confirm;
