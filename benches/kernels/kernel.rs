//! What a kernel is: a function of a flat point, and its gradient by each way.

#[path = "../shared/random.rs"]
mod random;

pub(crate) use random::Random;

/// A way to evaluate a kernel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Way {
    /// The function itself.
    Primal,
    /// The companion that `#[grad]` emits.
    Ours,
    /// Written by hand: the adjoint of each statement, last first.
    Mechanical,
    /// Written by hand as fast as safe Rust allows: other loops, other sums.
    Expert,
}

impl Way {
    pub(crate) const ALL: [Self; 4] = [Self::Primal, Self::Ours, Self::Mechanical, Self::Expert];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Primal => "primal",
            Self::Ours => "ours",
            Self::Mechanical => "mechanical",
            Self::Expert => "expert",
        }
    }
}

pub(crate) trait Kernel {
    fn name(&self) -> &'static str;
    /// Where it is evaluated.
    fn point(&self, random: &mut Random) -> Vec<f64>;
    fn primal(&self, x: &[f64]) -> f64;
    /// The value; the gradient overwrites `bar`.
    fn ours(&self, x: &[f64], bar: &mut [f64]) -> f64;
    fn mechanical(&self, x: &[f64], bar: &mut [f64]) -> f64;
    /// What is mechanical, where that cannot be done better.
    fn expert(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        self.mechanical(x, bar)
    }
}

pub(crate) fn call(kernel: &dyn Kernel, way: Way, x: &[f64], bar: &mut [f64]) -> f64 {
    match way {
        Way::Primal => kernel.primal(x),
        Way::Ours => kernel.ours(x, bar),
        Way::Mechanical => kernel.mechanical(x, bar),
        Way::Expert => kernel.expert(x, bar),
    }
}

impl Random {
    pub(crate) fn vec(&mut self, count: usize, low: f64, high: f64) -> Vec<f64> {
        (0..count).map(|_| self.within(low, high)).collect()
    }
}
