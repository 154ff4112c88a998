//! Scenes in the text format of *Bundle Adjustment in the Large* (Agarwal et al., 2010): numbers of
//! cameras, points and observations; camera, point, x and y of each observation; nine parameters
//! of each camera; three coordinates of each point.

use std::fmt::Write;

use crate::model::reproject;

#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) observations: Vec<(usize, usize, [f64; 2])>,
    pub(crate) cameras: Vec<[f64; 9]>,
    pub(crate) points: Vec<[f64; 3]>,
}

impl Scene {
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let mut count = || words.next()?.parse().ok();
        let [cameras, points, observations] = [count()?, count()?, count()?];
        let mut number = || words.next()?.parse::<f64>().ok();
        let mut scene = Self { observations: vec![], cameras: vec![], points: vec![] };
        for _ in 0..observations {
            let [camera, point, x, y] = [number()?, number()?, number()?, number()?];
            scene.observations.push((camera as usize, point as usize, [x, y]));
        }
        scene.cameras = vec![[0.0; 9]; cameras];
        scene.points = vec![[0.0; 3]; points];
        for entry in scene.cameras.as_flattened_mut().iter_mut() {
            *entry = number()?;
        }
        for entry in scene.points.as_flattened_mut().iter_mut() {
            *entry = number()?;
        }
        Some(scene)
    }

    pub(crate) fn write(&self) -> String {
        let Self { observations, cameras, points } = self;
        let mut text = format!("{} {} {}\n", cameras.len(), points.len(), observations.len());
        for (camera, point, [x, y]) in observations {
            let _ = writeln!(text, "{camera} {point} {x:.12e} {y:.12e}");
        }
        for entry in cameras.as_flattened().iter().chain(points.as_flattened()) {
            let _ = writeln!(text, "{entry:.12e}");
        }
        text
    }

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
