//! Where a camera sees a point.

use autodiff::grad;

#[grad]
fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Turns `x` about the axis `w` by the angle |w| (Rodrigues' formula).
#[grad]
fn rotate(w: [f64; 3], x: [f64; 3]) -> [f64; 3] {
    let squared = w[0] * w[0] + w[1] * w[1] + w[2] * w[2];
    let around = cross(w, x);
    if squared < 1e-30 {
        return [x[0] + around[0], x[1] + around[1], x[2] + around[2]];
    }
    let angle = squared.sqrt();
    let (sine, cosine) = (angle.sin() / angle, angle.cos());
    let along = (1.0 - cosine) * (w[0] * x[0] + w[1] * x[1] + w[2] * x[2]) / squared;
    let mut turned = [0.0; 3];
    for i in 0..3 {
        turned[i] = cosine * x[i] + sine * around[i] + along * w[i];
    }
    turned
}

/// The camera is its rotation, translation, focal length and two coefficients of distortion.
#[grad(jacobian)]
pub(crate) fn reproject(camera: &[f64; 9], point: &[f64; 3]) -> [f64; 2] {
    let turned = rotate([camera[0], camera[1], camera[2]], *point);
    let depth = -(turned[2] + camera[5]);
    let (x, y) = ((turned[0] + camera[3]) / depth, (turned[1] + camera[4]) / depth);
    let squared = x * x + y * y;
    let scale = camera[6] * (1.0 + camera[7] * squared + camera[8] * squared * squared);
    [scale * x, scale * y]
}
