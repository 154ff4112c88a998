//! The identities of derivatives, over the functions of the tests, in both widths.
//!
//! The build script writes the functions again, each asked for every companion that it can have,
//! in parts that are compiled one after the other: each is a file of `tests`.
//!
//! * ⟨w, J v⟩ = ⟨Jᵀ w, v⟩: forward mode against reverse mode, and against the Jacobian.
//! * H = Hᵀ, and its columns are the products with unit vectors.
//! * H v is the difference of gradients along v.

#![allow(
    missing_docs,
    missing_debug_implementations,
    clippy::missing_panics_doc,
    clippy::missing_errors_doc,
    clippy::must_use_candidate,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    reason = "as the formulas are written, for the tests beside it"
)]

mod exhibit;
mod identities;
mod point;

pub use exhibit::{Exhibit, flat, shaped};
pub use identities::confirm;

/// What an integer becomes before it is an `f32`.
pub type Wide = f64;

/// The tests of a part of the zoo. Lints are not for what is written by the build script.
#[macro_export]
macro_rules! part {
    ($part:literal) => {
        #[cfg(not(clippy))]
        #[allow(
            warnings,
            reason = "functions in every style that there is, and what is generated around them"
        )]
        mod functions {
            include!(concat!(env!("OUT_DIR"), "/", $part, ".rs"));
        }

        #[test]
        #[cfg(not(clippy))]
        fn in_double_width() {
            zoo::confirm(&functions::wide::zoo());
        }

        #[test]
        #[cfg(not(clippy))]
        fn in_single_width() {
            zoo::confirm(&functions::narrow::zoo());
        }
    };
}
