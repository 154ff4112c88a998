//! Gradients of scalars and arrays without `std`, and of slices with `alloc`.
//!
//! The panic handler is the test: where anything brings `std`, there are two, and this does not
//! compile. `cargo test` in this directory compares the numbers.

#![no_std]

#[cfg(test)]
extern crate std;

// The companions of functions with lengths that are known at run time say `::std::vec::Vec`.
#[cfg(all(feature = "alloc", not(test)))]
extern crate alloc as std;

#[cfg(feature = "alloc")]
pub mod lengths;
pub mod scalars;

#[cfg(not(test))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
