//! What the examples share: Fisher's measurements. And the guide, whose blocks are tests here.

use std::path::Path;

/// Four measurements and the species: 0, 1 or 2.
pub type Flower = [f64; 5];

/// Fisher's 150 irises; `data/README.md` says where they are from.
///
/// # Errors
///
/// If the file cannot be read.
pub fn irises() -> Result<Vec<Flower>, csv::Error> {
    csv::Reader::from_path(data("iris.csv"))?.deserialize().collect()
}

/// The path of a file in the folder of data.
#[must_use]
pub fn data(name: &str) -> impl AsRef<Path> {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

// The blocks of the guide.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/src/start.md")]
mod start {}
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/src/accepted.md")]
mod accepted {}
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/src/errors.md")]
mod errors {}
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/src/types.md")]
mod types {}
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/src/rules.md")]
mod rules {}
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/src/performance.md")]
mod performance {}
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/src/second.md")]
mod second {}
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/src/threads.md")]
mod threads {}
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/src/batches.md")]
mod batches {}
