//! Real spherical harmonics to degree 3: the light from a direction, by 16 coefficients.

use autodiff::grad;

use crate::kernel::{Both, Input, Kernel, Random};

/// √(1/4π), √(3/4π); then by order: √(15/4π), √(5/16π), √(15/16π).
const D0: f64 = 0.282_094_791_773_878_14;
const D1: f64 = 0.488_602_511_902_919_9;
const D2: [f64; 3] = [1.092_548_430_592_079_2, 0.315_391_565_252_520_05, 0.546_274_215_296_039_6];
/// √(35/32π), √(105/4π), √(21/32π), √(7/16π), √(105/16π).
const D3: [f64; 5] = [
    0.590_043_589_926_643_5,
    2.890_611_442_640_554,
    0.457_045_799_464_465_8,
    0.373_176_332_590_115_4,
    1.445_305_721_320_277,
];

#[grad]
#[inline]
fn harmonics(direction: &[f64; 3], c: &[f64; 16]) -> f64 {
    let [x, y, z] = *direction;
    let (xx, yy, zz, xy, yz, xz) = (x * x, y * y, z * z, x * y, y * z, x * z);
    D0 * c[0] - D1 * y * c[1] + D1 * z * c[2] - D1 * x * c[3] + D2[0] * xy * c[4]
        - D2[0] * yz * c[5]
        + D2[1] * (2.0 * zz - xx - yy) * c[6]
        - D2[0] * xz * c[7]
        + D2[2] * (xx - yy) * c[8]
        - D3[0] * y * (3.0 * xx - yy) * c[9]
        + D3[1] * xy * z * c[10]
        - D3[2] * y * (4.0 * zz - xx - yy) * c[11]
        + D3[3] * z * (2.0 * zz - 3.0 * xx - 3.0 * yy) * c[12]
        - D3[2] * x * (4.0 * zz - xx - yy) * c[13]
        + D3[4] * z * (xx - yy) * c[14]
        - D3[0] * x * (xx - 3.0 * yy) * c[15]
}

type Gradient = ([f64; 3], [f64; 16]);

/// The value of each basis function is the cotangent of its coefficient, so it is computed once.
#[inline]
fn hand(direction: &[f64; 3], c: &[f64; 16]) -> (f64, Gradient) {
    let [x, y, z] = *direction;
    let (xx, yy, zz, xy, yz, xz) = (x * x, y * y, z * z, x * y, y * z, x * z);
    let p6 = 2.0 * zz - xx - yy;
    let p8 = xx - yy;
    let p9 = 3.0 * xx - yy;
    let p11 = 4.0 * zz - xx - yy;
    let p12 = 2.0 * zz - 3.0 * xx - 3.0 * yy;
    let p15 = xx - 3.0 * yy;
    let (w9, w10, w11) = (D3[0] * y, D3[1] * xy, D3[2] * y);
    let (w12, w13, w14, w15) = (D3[3] * z, D3[2] * x, D3[4] * z, D3[0] * x);
    let (b1, b2, b3, b4) = (D1 * y, D1 * z, D1 * x, D2[0] * xy);
    let (b5, b6, b7, b8) = (D2[0] * yz, D2[1] * p6, D2[0] * xz, D2[2] * p8);
    let (b9, b10, b11, b12) = (w9 * p9, w10 * z, w11 * p11, w12 * p12);
    let (b13, b14, b15) = (w13 * p11, w14 * p8, w15 * p15);
    let value = D0 * c[0] - b1 * c[1] + b2 * c[2] - b3 * c[3] + b4 * c[4] - b5 * c[5] + b6 * c[6]
        - b7 * c[7]
        + b8 * c[8]
        - b9 * c[9]
        + b10 * c[10]
        - b11 * c[11]
        + b12 * c[12]
        - b13 * c[13]
        + b14 * c[14]
        - b15 * c[15];

    let p6_bar = D2[1] * c[6];
    let p8_bar = w14 * c[14] + D2[2] * c[8];
    let p9_bar = -w9 * c[9];
    let p11_bar = -w13 * c[13] - w11 * c[11];
    let p12_bar = w12 * c[12];
    let p15_bar = -w15 * c[15];
    let (w10_bar, yz_bar, xz_bar) = (z * c[10], -D2[0] * c[5], -D2[0] * c[7]);
    let xy_bar = D3[1] * w10_bar + D2[0] * c[4];
    let (both, apart) = (p6_bar + p11_bar, 3.0 * p12_bar);
    let xx_bar = p15_bar + p8_bar - both - apart + 3.0 * p9_bar;
    let yy_bar = -3.0 * p15_bar - p8_bar - both - apart - p9_bar;
    let zz_bar = 4.0 * p11_bar + 2.0 * (p12_bar + p6_bar);
    let x_bar = xy_bar * y + xz_bar * z + 2.0 * xx_bar * x
        - D1 * c[3]
        - D3[0] * (p15 * c[15])
        - D3[2] * (p11 * c[13]);
    let y_bar = xy_bar * x + yz_bar * z + 2.0 * yy_bar * y
        - D1 * c[1]
        - D3[0] * (p9 * c[9])
        - D3[2] * (p11 * c[11]);
    let z_bar = yz_bar * y
        + xz_bar * x
        + 2.0 * zz_bar * z
        + D1 * c[2]
        + w10 * c[10]
        + D3[3] * (p12 * c[12])
        + D3[4] * (p8 * c[14]);
    let basis = [D0, -b1, b2, -b3, b4, -b5, b6, -b7, b8, -b9, b10, -b11, b12, -b13, b14, -b15];
    (value, ([x_bar, y_bar, z_bar], basis))
}

/// The partial derivatives of the basis, with what they have in common taken out.
#[inline]
fn expert(direction: &[f64; 3], c: &[f64; 16]) -> (f64, Gradient) {
    let [x, y, z] = *direction;
    let (xx, yy, zz, xy) = (x * x, y * y, z * z, x * y);
    let (minus, plus) = (xx - yy, xx + yy);
    let f = D3[2] * (4.0 * zz - plus);
    let (u, v, w) = (D2[0] * z, D3[3] * z, D3[1] * xy);
    let basis = [
        D0,
        -D1 * y,
        D1 * z,
        -D1 * x,
        D2[0] * xy,
        -u * y,
        D2[1] * (2.0 * zz - plus),
        -u * x,
        D2[2] * minus,
        -D3[0] * y * (3.0 * xx - yy),
        w * z,
        -f * y,
        v * (2.0 * zz - 3.0 * plus),
        -f * x,
        D3[4] * z * minus,
        -D3[0] * x * (xx - 3.0 * yy),
    ];
    let value = (basis[0] * c[0] + basis[1] * c[1] + basis[2] * c[2] + basis[3] * c[3])
        + (basis[4] * c[4] + basis[5] * c[5] + basis[6] * c[6] + basis[7] * c[7])
        + (basis[8] * c[8] + basis[9] * c[9] + basis[10] * c[10] + basis[11] * c[11])
        + (basis[12] * c[12] + basis[13] * c[13] + basis[14] * c[14] + basis[15] * c[15]);

    let (t6, t9, t10) = (D2[1] * c[6], 3.0 * D3[0] * c[9], D3[1] * c[10]);
    let (t12, t15) = (D3[3] * c[12], 3.0 * D3[0] * c[15]);
    let ring = D3[2] * (c[11] * y + c[13] * x);
    let both = 2.0 * (ring - t6 - 3.0 * t12 * z);
    let apart = 2.0 * (D2[2] * c[8] + D3[4] * c[14] * z);
    let o = D2[0] * c[4] + t10 * z;
    let x_bar =
        o * y - D1 * c[3] - u * c[7] + (both + apart) * x - 2.0 * t9 * xy - f * c[13] - t15 * minus;
    let y_bar =
        o * x - D1 * c[1] - u * c[5] + (both - apart) * y - t9 * minus - f * c[11] + 2.0 * t15 * xy;
    let z_bar = D1 * c[2] - D2[0] * (c[5] * y + c[7] * x)
        + (4.0 * t6 - 8.0 * ring) * z
        + t10 * xy
        + t12 * (6.0 * zz - 3.0 * plus)
        + D3[4] * c[14] * minus;
    (value, ([x_bar, y_bar, z_bar], basis))
}

pub(crate) struct Harmonics;

impl Kernel for Harmonics {
    const NAME: &'static str = "harmonics";
    type Point = ([f64; 3], [f64; 16]);
    type Data = ();
    type Gradient = Gradient;
    const HAS_EXPERT: bool = true;

    fn input(random: &mut Random) -> Input<Self> {
        ((random.array(-1.0, 1.0), random.array(-1.0, 1.0)), ())
    }

    #[inline]
    fn primal(((direction, c), ()): &Input<Self>) -> f64 {
        harmonics(direction, c)
    }

    #[inline]
    fn ours(((direction, c), ()): &Input<Self>) -> Both<Self> {
        harmonics_value_and_grad(direction, c)
    }

    #[inline]
    fn hand(((direction, c), ()): &Input<Self>) -> Both<Self> {
        hand(direction, c)
    }

    #[inline]
    fn expert(((direction, c), ()): &Input<Self>) -> Both<Self> {
        expert(direction, c)
    }
}
