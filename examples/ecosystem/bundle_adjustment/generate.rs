//! A scene whose truth is known, and the same scene disturbed.

use crate::model::reproject;
use crate::scene::Scene;

impl Scene {
    /// Five cameras on an arc, that look at 24 points around the origin.
    pub(crate) fn generated() -> Self {
        let mut noise = noise();
        let points: Vec<_> = (0..24).map(|_| [noise(), noise(), noise()]).collect();
        let cameras: Vec<_> = (0..5_u8)
            .map(|i| {
                let turn = 0.25 * (f64::from(i) - 2.0);
                [0.1 * noise(), turn, 0.1 * noise(), noise(), noise(), -6.0, 800.0, -0.1, 0.02]
            })
            .collect();
        let mut observations = vec![];
        for (c, camera) in cameras.iter().enumerate() {
            for (p, point) in points.iter().enumerate() {
                observations.push((c, p, reproject(camera, point)));
            }
        }
        Self { observations, cameras, points }
    }

    /// The same observations with everything else a little off, but for the first `known` points.
    pub(crate) fn disturbed(&self, known: usize) -> Self {
        let mut noise = noise();
        let mut scene = self.clone();
        for camera in &mut scene.cameras {
            camera[..6].iter_mut().for_each(|entry| *entry += 0.03 * noise());
            camera[6] *= 1.0 + 0.03 * noise();
            camera[7] = 0.0;
            camera[8] = 0.0;
        }
        for entry in scene.points[known..].as_flattened_mut() {
            *entry += 0.1 * noise();
        }
        scene
    }
}

/// Numbers between −1 and 1, the same ones every time: a linear congruential generator.
fn noise() -> impl FnMut() -> f64 {
    let mut state = 1_u64;
    move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / 2_f64.powi(52) - 1.0
    }
}
