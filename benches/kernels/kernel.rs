//! What a kernel is: a function of a flat point, and its gradient by each way.

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

/// A generator of reproducible points: `SplitMix64` (Steele, Lea and Flood, 2014).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn within(&mut self, low: f64, high: f64) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        // The upper bits are the fraction of a float in 1..2.
        let unit = f64::from_bits((bits >> 12) | 1.0_f64.to_bits()) - 1.0;
        low + (high - low) * unit
    }

    pub(crate) fn vec(&mut self, count: usize, low: f64, high: f64) -> Vec<f64> {
        (0..count).map(|_| self.within(low, high)).collect()
    }
}
