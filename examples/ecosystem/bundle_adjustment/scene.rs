//! Scenes in the text format of *Bundle Adjustment in the Large* (Agarwal et al., 2010): numbers of
//! cameras, points and observations; camera, point, x and y of each observation; nine parameters
//! of each camera; three coordinates of each point.

use std::fmt::Write;

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
}
