//! The independent oracle, and the programs that it is asked about.

pub mod check;
pub mod dual;
pub mod oracle;
pub mod programs;
pub mod rng;
pub mod shrink;
mod slopes;
pub mod truth;
