//! Points: a row of floats that parameters are read from.

use std::fmt::{Debug, Display};

/// A width of floats.
pub trait Float: autodiff::Real + Debug + Display {
    /// Of an identity, relative to the largest of its terms.
    const TOLERANCE: f64;

    /// Of a difference quotient, and how wrong that is at best.
    const STEP: f64;
    const ROUGH: f64;

    fn wide(self) -> f64;
}

impl Float for f32 {
    const TOLERANCE: f64 = 1e-3;
    const STEP: f64 = 4e-3;
    const ROUGH: f64 = 2e-2;

    fn wide(self) -> f64 {
        f64::from(self)
    }
}

impl Float for f64 {
    const TOLERANCE: f64 = 1e-11;
    const STEP: f64 = 1e-4;
    const ROUGH: f64 = 1e-6;

    fn wide(self) -> f64 {
        self
    }
}

/// Floats, how many of them a slice takes, and an integer.
#[derive(Clone, Debug)]
pub struct Point<F> {
    pub floats: Vec<F>,
    pub length: usize,
    pub integer: u8,
}

impl<F: Float> Point<F> {
    /// The same with other floats: a direction.
    pub fn with(&self, floats: Vec<F>) -> Self {
        Self { floats, ..*self }
    }

    pub fn read(&self) -> Reader<'_, F> {
        Reader { left: &self.floats, point: self }
    }

    /// The same number for all floats of a parameter.
    pub fn all(&self, number: u8, fixed: usize, rows: usize) -> Vec<F> {
        vec![F::from_f64(f64::from(number)); fixed + rows * self.length]
    }
}

/// Takes the floats of a point one parameter after the other.
pub struct Reader<'p, F> {
    left: &'p [F],
    point: &'p Point<F>,
}

impl<'p, F: Float> Reader<'p, F> {
    pub fn take(&mut self, count: usize) -> &'p [F] {
        let (taken, left) = self.left.split_at(count);
        self.left = left;
        taken
    }

    pub fn float(&mut self) -> F {
        self.take(1)[0]
    }

    pub fn array<const N: usize>(&mut self) -> [F; N] {
        let taken = self.take(N);
        std::array::from_fn(|at| taken[at])
    }

    pub fn slice(&mut self) -> &'p [F] {
        self.take(self.point.length)
    }

    pub fn integer(&self) -> u8 {
        self.point.integer
    }
}
