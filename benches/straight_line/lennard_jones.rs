//! The energy of a pair of atoms, by Lennard and Jones.

use autodiff::grad;

use crate::kernel::{Both, Input, Kernel, Random, kept};

#[grad]
#[inline]
fn lennard_jones(a: &[f64; 3], b: &[f64; 3], sigma: f64, depth: f64) -> f64 {
    let (x, y, z) = (a[0] - b[0], a[1] - b[1], a[2] - b[2]);
    let square = sigma * sigma / (x * x + y * y + z * z);
    let attraction = square * square * square;
    4.0 * depth * (attraction * attraction - attraction)
}

type Gradient = ([f64; 3], [f64; 3], f64, f64);

#[inline]
fn hand<const C: bool>(a: &[f64; 3], b: &[f64; 3], sigma: f64, depth: f64) -> (f64, Gradient) {
    let (x, y, z) = (a[0] - b[0], a[1] - b[1], a[2] - b[2]);
    let distance = x * x + y * y + z * z;
    let square = sigma * sigma / distance;
    let fourth = square * square;
    let attraction = fourth * square;
    let well = attraction * attraction - attraction;
    let scale = 4.0 * depth;
    let value = scale * well;

    let attraction_bar = scale * (2.0 * attraction - 1.0);
    let square_bar = 3.0 * attraction_bar * fourth;
    let sigma_bar = kept::<C>(square_bar, square_bar / distance);
    let twice = 2.0 * kept::<C>(sigma_bar, sigma_bar * square);
    let (fx, fy, fz) = (twice * x, twice * y, twice * z);
    (value, ([-fx, -fy, -fz], [fx, fy, fz], 2.0 * sigma_bar * sigma, 4.0 * well))
}

/// The force by the energy itself: σ⁶/r⁶ is not differentiated again.
#[inline]
fn expert(a: &[f64; 3], b: &[f64; 3], sigma: f64, depth: f64) -> (f64, Gradient) {
    let (x, y, z) = (a[0] - b[0], a[1] - b[1], a[2] - b[2]);
    let inverse = 1.0 / (x * x + y * y + z * z);
    let square = sigma * sigma * inverse;
    let attraction = square * square * square;
    let well = 4.0 * (attraction * attraction - attraction);
    let slope = 24.0 * depth * (2.0 * attraction * attraction - attraction);
    let twice = slope * inverse;
    let (fx, fy, fz) = (twice * x, twice * y, twice * z);
    (depth * well, ([-fx, -fy, -fz], [fx, fy, fz], slope / sigma, well))
}

pub(crate) struct LennardJones;

impl Kernel for LennardJones {
    const NAME: &'static str = "lennard_jones";
    type Point = Gradient;
    type Data = ();
    type Gradient = Gradient;
    const HAS_PLAIN: bool = true;
    const HAS_EXPERT: bool = true;

    fn input(random: &mut Random) -> Input<Self> {
        let (a, b) = (random.array(-1.0, 0.0), random.array(0.3, 1.0));
        ((a, b, random.within(0.8, 1.2), random.within(0.5, 2.0)), ())
    }

    #[inline]
    fn primal(((a, b, sigma, depth), ()): &Input<Self>) -> f64 {
        lennard_jones(a, b, *sigma, *depth)
    }

    #[inline]
    fn ours(((a, b, sigma, depth), ()): &Input<Self>) -> Both<Self> {
        lennard_jones_value_and_grad(a, b, *sigma, *depth)
    }

    #[inline]
    fn hand(((a, b, sigma, depth), ()): &Input<Self>) -> Both<Self> {
        hand::<true>(a, b, *sigma, *depth)
    }

    #[inline]
    fn plain(((a, b, sigma, depth), ()): &Input<Self>) -> Both<Self> {
        hand::<false>(a, b, *sigma, *depth)
    }

    #[inline]
    fn expert(((a, b, sigma, depth), ()): &Input<Self>) -> Both<Self> {
        expert(a, b, *sigma, *depth)
    }
}
