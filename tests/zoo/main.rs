//! The identities of derivatives, over all functions of floats in the galleries, in both widths.
//!
//! `build.rs` writes the functions again, each asked for every companion that it can have.
//!
//! * ⟨w, J v⟩ = ⟨Jᵀ w, v⟩: forward mode against reverse mode, and against the Jacobian.
//! * H = Hᵀ, and its columns are the products with unit vectors.
//! * H v is the difference of gradients along v.

#![allow(
    missing_docs,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    reason = "as the formulas are written"
)]

mod exhibit;
mod identities;
mod point;

pub(crate) use exhibit::{Exhibit, flat, shaped};

/// What an integer becomes before it is an `f32`.
pub(crate) type Wide = f64;

#[allow(
    warnings,
    clippy::all,
    clippy::pedantic,
    reason = "functions in every style that there is, and what is generated around them"
)]
mod zoo {
    include!(concat!(env!("OUT_DIR"), "/zoo.rs"));
}

#[test]
fn in_double_width() {
    identities::confirm(&zoo::wide::zoo());
}

#[test]
fn in_single_width() {
    identities::confirm(&zoo::narrow::zoo());
}
