//! The angular acceleration of the upper arm of a double pendulum.

use autodiff::grad;

use crate::kernel::{Both, Input, Kernel, Random};

/// m/s²
const GRAVITY: f64 = 9.81;

#[grad]
#[inline]
fn acceleration(angle: [f64; 2], speed: [f64; 2], mass: [f64; 2], length: [f64; 2]) -> f64 {
    let [a, b] = angle;
    let [m, n] = mass;
    let both = 2.0 * m + n;
    let between = a - b;
    let pull = GRAVITY * (both * a.sin() + n * (between - b).sin());
    let swing = speed[1] * speed[1] * length[1] + speed[0] * speed[0] * length[0] * between.cos();
    let force = pull + 2.0 * n * between.sin() * swing;
    -force / (length[0] * (both - n * (2.0 * between).cos()))
}

type Gradient = ([f64; 2], [f64; 2], [f64; 2], [f64; 2]);

#[inline]
fn hand([a, b]: [f64; 2], [v, w]: [f64; 2], [m, n]: [f64; 2], [k, l]: [f64; 2]) -> (f64, Gradient) {
    let both = 2.0 * m + n;
    let between = a - b;
    let (sin_a, cos_a) = a.sin_cos();
    let (sin_d, cos_d) = (between - b).sin_cos();
    let (sin, cos) = between.sin_cos();
    let (sin_2, cos_2) = (2.0 * between).sin_cos();
    let pull = GRAVITY * (both * sin_a + n * sin_d);
    let (vv, ww) = (v * v, w * w);
    let vvk = vv * k;
    let swing = ww * l + vvk * cos;
    let weight = 2.0 * n * sin;
    let force = pull + weight * swing;
    let reduced = both - n * cos_2;
    let inertia = k * reduced;
    let y = -force / inertia;

    let force_bar = -1.0 / inertia;
    let inertia_bar = force_bar * y;
    let reduced_bar = inertia_bar * k;
    let swing_bar = force_bar * weight;
    let weight_bar = 2.0 * force_bar * swing;
    let pull_bar = GRAVITY * force_bar;
    let both_bar = pull_bar * sin_a + reduced_bar;
    let n_bar = pull_bar * sin_d + weight_bar * sin - reduced_bar * cos_2 + both_bar;
    let d_bar = pull_bar * n * cos_d;
    let between_bar =
        d_bar + weight_bar * n * cos - swing_bar * vvk * sin + 2.0 * reduced_bar * n * sin_2;
    let turn = swing_bar * cos;
    let gradient = (
        [between_bar + pull_bar * both * cos_a, -d_bar - between_bar],
        [2.0 * turn * k * v, 2.0 * swing_bar * l * w],
        [2.0 * both_bar, n_bar],
        [turn * vv + inertia_bar * reduced, swing_bar * ww],
    );
    (y, gradient)
}

pub(crate) struct Pendulum;

impl Kernel for Pendulum {
    const NAME: &'static str = "pendulum";
    type Point = Gradient;
    type Data = ();
    type Gradient = Gradient;

    fn input(random: &mut Random) -> Input<Self> {
        let (angle, speed) = (random.array(-3.0, 3.0), random.array(-2.0, 2.0));
        ((angle, speed, random.array(0.5, 2.0), random.array(0.5, 2.0)), ())
    }

    #[inline]
    fn primal(&((angle, speed, mass, length), ()): &Input<Self>) -> f64 {
        acceleration(angle, speed, mass, length)
    }

    #[inline]
    fn ours(&((angle, speed, mass, length), ()): &Input<Self>) -> Both<Self> {
        acceleration_value_and_grad(angle, speed, mass, length)
    }

    #[inline]
    fn hand(&((angle, speed, mass, length), ()): &Input<Self>) -> Both<Self> {
        hand(angle, speed, mass, length)
    }
}
