//! What surrounds a function, or stands in it, and must change neither its value nor its derivative.

#![deny(warnings)]
#![allow(
    clippy::float_cmp,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::assign_op_pattern,
    clippy::clone_on_copy,
    clippy::collapsible_if,
    clippy::many_single_char_names,
    clippy::needless_range_loop,
    clippy::redundant_closure_call,
    clippy::semicolon_if_nothing_returned,
    clippy::uninlined_format_args,
    reason = "exact arithmetic, panics on purpose, and code as it comes"
)]

#[path = "hazards/calls.rs"]
mod calls;
#[path = "hazards/forms.rs"]
mod forms;
#[path = "hazards/hygiene.rs"]
mod hygiene;
#[path = "hazards/lints.rs"]
mod lints;
#[path = "hazards/messages.rs"]
mod messages;
#[path = "hazards/names.rs"]
mod names;
#[path = "hazards/panics.rs"]
mod panics;
#[path = "hazards/paths.rs"]
mod paths;
