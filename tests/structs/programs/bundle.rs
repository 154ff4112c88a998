//! Bundle adjustment: the errors of projections over a camera.

use autodiff::{Differentiable, grad};

use crate::{Vec3, confirmed, numbers};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Camera {
    rotation: Vec3,
    translation: Vec3,
    focal: f64,
    distortion: [f64; 2],
}

/// Rotates by an axis whose length is the angle (Rodrigues).
#[grad]
fn rotate(r: Vec3, v: Vec3) -> Vec3 {
    let angle = (r.x * r.x + r.y * r.y + r.z * r.z).sqrt();
    let axis = Vec3 { x: r.x / angle, y: r.y / angle, z: r.z / angle };
    let (s, c) = angle.sin_cos();
    let along = (axis.x * v.x + axis.y * v.y + axis.z * v.z) * (1.0 - c);
    Vec3 {
        x: v.x * c + (axis.y * v.z - axis.z * v.y) * s + axis.x * along,
        y: v.y * c + (axis.z * v.x - axis.x * v.z) * s + axis.y * along,
        z: v.z * c + (axis.x * v.y - axis.y * v.x) * s + axis.z * along,
    }
}

impl Camera {
    #[grad]
    fn project(&self, point: Vec3) -> [f64; 2] {
        let mut p = rotate(self.rotation, point);
        p.x += self.translation.x;
        p.y += self.translation.y;
        p.z += self.translation.z + 3.0;
        let (u, v) = (p.x / p.z, p.y / p.z);
        let square = u * u + v * v;
        let [k1, k2] = self.distortion;
        let radial = 1.0 + square * (k1 + square * k2);
        [self.focal * radial * u, self.focal * radial * v]
    }

    #[grad]
    fn error(&self, point: &Vec3, observed: [f64; 2]) -> f64 {
        let [u, v] = self.project(*point);
        (u - observed[0]).powi(2) + (v - observed[1]).powi(2)
    }
}

#[grad(jvp)]
fn adjust(p: &[f64]) -> f64 {
    let camera = Camera {
        rotation: Vec3 { x: p[0], y: p[1], z: p[2] },
        translation: Vec3 { x: p[3], y: p[4], z: p[5] },
        focal: p[6],
        distortion: [p[7] * 0.1, p[8] * 0.01],
    };
    let mut points = Vec::new();
    for i in 0..3 {
        points.push(Vec3 { x: p[9 + 3 * i], y: p[10 + 3 * i], z: p[11 + 3 * i] });
    }
    let mut total = 0.0;
    for (i, point) in points.iter().enumerate() {
        total += camera.error(point, [0.1 * i as f64, 0.2]);
    }
    total
}
confirmed!(bundle_adjustment: adjust at numbers(18));
