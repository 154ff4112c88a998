//! Which programs are checked, as the environment says.
//!
//! `AUTODIFF_SEED` is the seed of the first program and `AUTODIFF_PROGRAMS` the number of them.
//! `AUTODIFF_FEATURES` says what may be in them, see [`Features::parse`].

use super::programs::features::Features;

/// Which programs.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub first: u64,
    pub count: u64,
    pub features: Features,
}

impl Settings {
    /// From the environment; what it does not say is as given here.
    pub fn or(count: u64, features: Features) -> Self {
        let number = |name, otherwise: u64| match std::env::var(name) {
            Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")),
            Err(_) => otherwise,
        };
        let features = match std::env::var("AUTODIFF_FEATURES") {
            Ok(text) => Features::parse(&text).unwrap_or_else(|error| panic!("{error}")),
            Err(_) => features,
        };
        let (first, count) = (number("AUTODIFF_SEED", 0), number("AUTODIFF_PROGRAMS", count));
        Self { first, count, features }
    }

    pub fn seeds(&self) -> std::ops::Range<u64> {
        self.first..self.first + self.count
    }
}
