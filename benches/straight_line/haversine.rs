//! The distance of two points on the Earth, by the haversine formula.

use autodiff::grad;

use crate::kernel::{Both, Input, Kernel, Random, kept};

/// The diameter of the Earth in km.
const DIAMETER: f64 = 12_742.0;

#[grad]
#[inline]
fn haversine(latitude: [f64; 2], longitude: [f64; 2]) -> f64 {
    let north = (0.5 * (latitude[1] - latitude[0])).sin();
    let east = (0.5 * (longitude[1] - longitude[0])).sin();
    let h = north * north + latitude[0].cos() * latitude[1].cos() * east * east;
    DIAMETER * h.sqrt().asin()
}

type Gradient = ([f64; 2], [f64; 2]);

#[inline]
fn hand<const C: bool>(latitude: [f64; 2], longitude: [f64; 2]) -> (f64, Gradient) {
    let (north, north_cos) = (0.5 * (latitude[1] - latitude[0])).sin_cos();
    let (east, east_cos) = (0.5 * (longitude[1] - longitude[0])).sin_cos();
    let (sin0, cos0) = latitude[0].sin_cos();
    let (sin1, cos1) = latitude[1].sin_cos();
    let both = cos0 * cos1;
    let scaled = both * east;
    let h = north * north + scaled * east;
    let root = h.sqrt();
    let value = DIAMETER * root.asin();

    let root_bar = DIAMETER / ((1.0 - root) * (1.0 + root)).sqrt();
    let h_bar = 0.5 * kept::<C>(root_bar, root_bar / root);
    let north_bar = h_bar * north * north_cos;
    let east_bar = h_bar * scaled * east_cos;
    let both_bar = h_bar * (east * east);
    let gradient = (
        [-(both_bar * cos1 * sin0 + north_bar), north_bar - both_bar * cos0 * sin1],
        [-east_bar, east_bar],
    );
    (value, gradient)
}

pub(crate) struct Haversine;

impl Kernel for Haversine {
    const NAME: &'static str = "haversine";
    type Point = ([f64; 2], [f64; 2]);
    type Data = ();
    type Gradient = Gradient;
    const HAS_PLAIN: bool = true;

    fn input(random: &mut Random) -> Input<Self> {
        ((random.array(-1.5, 1.5), random.array(-3.0, 3.0)), ())
    }

    #[inline]
    fn primal(&((latitude, longitude), ()): &Input<Self>) -> f64 {
        haversine(latitude, longitude)
    }

    #[inline]
    fn ours(&((latitude, longitude), ()): &Input<Self>) -> Both<Self> {
        haversine_value_and_grad(latitude, longitude)
    }

    #[inline]
    fn hand(&((latitude, longitude), ()): &Input<Self>) -> Both<Self> {
        hand::<true>(latitude, longitude)
    }

    #[inline]
    fn plain(&((latitude, longitude), ()): &Input<Self>) -> Both<Self> {
        hand::<false>(latitude, longitude)
    }
}
