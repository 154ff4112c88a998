//! A charged particle that is to hit the origin: the `particle` of `GradBench`, a derivative of a
//! loop that calls a derivative.

use autodiff::grad;

use crate::kernel::{Kernel, Random};

const STEP: f64 = 0.1;

/// Of two charges, of which the first can be moved.
#[grad(order = 2)]
#[inline]
fn potential(x: f64, y: f64, w: f64) -> f64 {
    let near = ((x - 10.0) * (x - 10.0) + (y - (10.0 - w)) * (y - (10.0 - w))).sqrt();
    let far = ((x - 10.0) * (x - 10.0) + y * y).sqrt();
    1.0 / near + 1.0 / far
}

/// How far from the origin the particle crosses the axis, squared.
#[grad]
fn miss(w: f64) -> f64 {
    let (mut x, mut y) = (0.0, 8.0);
    let (mut x_dot, mut y_dot) = (0.75, 0.0);
    let (mut by_x, mut by_y, _): (f64, f64, f64) = potential_grad(x, y, w);
    x += STEP * x_dot;
    y += STEP * y_dot;
    while y > 0.0 {
        x_dot -= STEP * by_x;
        y_dot -= STEP * by_y;
        (by_x, by_y, _) = potential_grad(x, y, w);
        x += STEP * x_dot;
        y += STEP * y_dot;
    }
    let end = x - y / y_dot * x_dot;
    end * end
}

/// What the reverse of a step reads: differences to the charges, and inverse distances from them.
struct Step {
    x: f64,
    near_y: f64,
    far_y: f64,
    near: f64,
    far: f64,
}

fn mechanical(w: f64, bar: &mut [f64]) -> f64 {
    let (mut x, mut y) = (0.0, 8.0);
    let (mut x_dot, mut y_dot) = (0.75, 0.0);
    let mut tape = Vec::new();
    let value;
    let (mut x_bar, mut y_bar, mut x_dot_bar, mut y_dot_bar);
    loop {
        let (dx, near_y, far_y) = (x - 10.0, y - (10.0 - w), y);
        let near = 1.0 / (dx * dx + near_y * near_y).sqrt();
        let far = 1.0 / (dx * dx + far_y * far_y).sqrt();
        let (near_cube, far_cube) = (near * near * near, far * far * far);
        x += STEP * x_dot;
        y += STEP * y_dot;
        if y <= 0.0 {
            let rest = y / y_dot;
            let end = x - rest * x_dot;
            value = end * end;
            let end_bar = 2.0 * end;
            let rest_bar = -end_bar * x_dot;
            x_dot_bar = -end_bar * rest;
            y_dot_bar = -rest_bar * rest / y_dot;
            x_bar = end_bar;
            y_bar = rest_bar / y_dot;
            break;
        }
        tape.push(Step { x: dx, near_y, far_y, near, far });
        x_dot += STEP * (near_cube + far_cube) * dx;
        y_dot += STEP * (near_cube * near_y + far_cube * far_y);
    }
    // The last position is reached without a last change of the velocity.
    x_dot_bar += STEP * x_bar;
    y_dot_bar += STEP * y_bar;
    let mut w_bar = 0.0;
    for step in tape.iter().rev() {
        let Step { x, near_y, far_y, near, far } = *step;
        let (near_square, far_square) = (near * near, far * far);
        let (near_cube, far_cube) = (near_square * near, far_square * far);
        let (by_x, by_y) = (STEP * x_dot_bar, STEP * y_dot_bar);
        x_dot_bar += STEP * x_bar;
        y_dot_bar += STEP * y_bar;
        let near_bar = -3.0 * near_cube * near_square * (by_x * x + by_y * near_y);
        let far_bar = -3.0 * far_cube * far_square * (by_x * x + by_y * far_y);
        let near_y_bar = near_cube * by_y + near_bar * near_y;
        x_bar += (near_cube + far_cube) * by_x + (near_bar + far_bar) * x;
        y_bar += near_y_bar + far_cube * by_y + far_bar * far_y;
        w_bar += near_y_bar;
    }
    bar[0] = w_bar;
    value
}

pub(crate) struct Particle;

impl Kernel for Particle {
    fn name(&self) -> &'static str {
        "particle_rr"
    }

    fn point(&self, random: &mut Random) -> Vec<f64> {
        random.vec(1, 0.0, 0.5)
    }

    fn primal(&self, x: &[f64]) -> f64 {
        miss(x[0])
    }

    fn ours(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        let (value, w_bar) = miss_value_and_grad(x[0]);
        bar[0] = w_bar;
        value
    }

    fn mechanical(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        mechanical(x[0], bar)
    }
}
