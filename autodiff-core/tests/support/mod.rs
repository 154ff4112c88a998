//! The independent oracle, and the programs that it is asked about.

pub mod case;
pub mod check;
pub mod dual;
pub mod native;
pub mod oracle;
pub mod programs;
pub mod rng;
pub mod settings;
pub mod shrink;
mod slopes;
pub mod truth;
