//! Whole programs, written without a thought of the macro.

mod bundle;
mod complex;
mod kalman;
mod mixture;
mod robot;
mod world;
