//! Functions of lanes, `T: Lanes`: what they give for four points at once is what they give for each of these, also
//! at kinks and poles of some lanes; and that is what forward mode gives.

#![allow(
    missing_docs,
    dead_code,
    clippy::pedantic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "zoo of functions"
)]

mod functions;
mod structures;

use std::array::from_fn;

use autodiff::Dual;
use wide::{f32x8, f64x4};

/// Points at which lanes take different sides of kinks, in the order of `f64x4` lanes: poles, ties, zeros.
pub const POINTS: [[f64; 2]; 12] = [
    [0.6, 1.3],
    [1.3, 0.6],
    [0.7, 0.7],
    [0.3, 2.9],
    [0.0, 1.1],
    [0.4, 0.0],
    [0.0, 0.0],
    [-0.5, 0.8],
    [-0.2, -0.9],
    [0.5, 0.25],
    [2.5, 1.0],
    [-1.5, -1.5],
];

/// Points off the kinks, where forward mode and reverse mode agree by the chain rule alone.
pub const SMOOTH: [[f64; 2]; 4] = [[0.6, 1.3], [1.3, 0.6], [0.3, 2.9], [0.5, 0.25]];

#[track_caller]
pub fn close(found: f64, expected: f64, tolerance: f64, at: &str) {
    let same = found == expected || (found.is_nan() && expected.is_nan());
    let near = (found - expected).abs() <= tolerance * (1.0 + expected.abs());
    assert!(same || near, "{at}: {found:e}, not {expected:e}");
}

/// What lanes give, lane by lane beside single floats.
#[track_caller]
pub fn agree<const M: usize>(
    name: &str,
    lanes: impl Fn([f64x4; 2]) -> [f64x4; M],
    narrow: impl Fn([f32x8; 2]) -> [f32x8; M],
    single: impl Fn([f64; 2]) -> [f64; M],
    single_narrow: impl Fn([f32; 2]) -> [f32; M],
) {
    for shift in 0..POINTS.len() {
        let point = |lane: usize| POINTS[(shift + lane) % POINTS.len()];
        let results = lanes([0, 1].map(|n| f64x4::new(from_fn(|lane| point(lane)[n]))));
        for (n, result) in results.into_iter().enumerate() {
            for lane in 0..4 {
                let expected = single(point(lane))[n];
                close(
                    result.to_array()[lane],
                    expected,
                    1e-13,
                    &format!("{name}, {n} at {:?}", point(lane)),
                );
            }
        }
        let results = narrow([0, 1].map(|n| f32x8::new(from_fn(|lane| point(lane)[n] as f32))));
        for (n, result) in results.into_iter().enumerate() {
            for lane in 0..8 {
                let expected = single_narrow(point(lane).map(|x| x as f32))[n];
                let (found, expected) = (f64::from(result.to_array()[lane]), f64::from(expected));
                close(found, expected, 1e-5, &format!("{name}, {n} at {:?} in f32", point(lane)));
            }
        }
    }
}

/// The gradient of a function of two lanes, by all three oracles.
macro_rules! checked {
    ($($function:ident $value_and_grad:ident;)*) => {$(
        #[test]
        fn $function() {
            fn all<T: autodiff::Lanes>([x, y]: [T; 2]) -> [T; 3] {
                let (value, (by_x, by_y)) = super::$value_and_grad(x, y);
                [value, by_x, by_y]
            }
            crate::agree(stringify!($function), all, all, all, all);
            crate::forward_agrees(all::<f64>, |[x, y]| super::$function(x, y));
        }
    )*};
}
pub(crate) use checked;

#[track_caller]
pub fn forward_agrees(all: impl Fn([f64; 2]) -> [f64; 3], dual: impl Fn([Dual; 2]) -> Dual) {
    for [x, y] in SMOOTH {
        let by_x = dual([Dual::new(x, 1.0), Dual::constant(y)]);
        let by_y = dual([Dual::constant(x), Dual::new(y, 1.0)]);
        let expected = [by_x.value, by_x.tangent, by_y.tangent];
        for (found, expected) in all([x, y]).into_iter().zip(expected) {
            close(found, expected, 1e-12, "forward mode");
        }
    }
}
