//! x·y + sin x.

use autodiff::grad;

use crate::kernel::{Both, Input, Kernel, Random};

#[grad]
#[inline]
fn xysin(x: f64, y: f64) -> f64 {
    x * y + x.sin()
}

#[inline]
fn hand(x: f64, y: f64) -> (f64, (f64, f64)) {
    (x * y + x.sin(), (y + x.cos(), x))
}

pub(crate) struct XySin;

impl Kernel for XySin {
    const NAME: &'static str = "xysin";
    type Point = (f64, f64);
    type Data = ();
    type Gradient = (f64, f64);

    fn input(random: &mut Random) -> Input<Self> {
        ((random.within(-3.0, 3.0), random.within(-3.0, 3.0)), ())
    }

    #[inline]
    fn primal(&((x, y), ()): &Input<Self>) -> f64 {
        xysin(x, y)
    }

    #[inline]
    fn ours(&((x, y), ()): &Input<Self>) -> Both<Self> {
        xysin_value_and_grad(x, y)
    }

    #[inline]
    fn hand(&((x, y), ()): &Input<Self>) -> Both<Self> {
        hand(x, y)
    }
}
