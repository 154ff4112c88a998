//! Whole programs, written without a thought of the macro.

mod attitude;
mod book;
mod bundle;
mod complex;
mod kalman;
mod mixture;
mod robot;
mod springs;
mod world;
