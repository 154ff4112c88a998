//! What `cargo autodiff` shows of a function: as a library, for tests and other tools.

pub mod arguments;
pub mod check;
pub mod layout;
mod modes;
pub mod page;
mod script;
pub mod source;
pub mod survey;
pub mod svg;
