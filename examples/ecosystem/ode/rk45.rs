//! The model and a solver, as one would write them: plain Rust that `#[grad]` differentiates.

use autodiff::grad;

/// Prey and predators of Lotka and Volterra, in the order of arguments that diffsol takes.
#[grad(jvp, vjp, wrt(u, p))]
pub(crate) fn rhs(u: &[f64], p: &[f64], _t: f64, du: &mut [f64]) {
    du[0] = p[0] * u[0] - p[1] * u[0] * u[1];
    du[1] = p[2] * u[0] * u[1] - p[3] * u[1];
}

/// The stages of Fehlberg's pair of orders four and five (NASA TR R-315, 1969, table III), and
/// its weights.
const STAGES: [[f64; 5]; 6] = [
    [0.0; 5],
    [1.0 / 4.0, 0.0, 0.0, 0.0, 0.0],
    [3.0 / 32.0, 9.0 / 32.0, 0.0, 0.0, 0.0],
    [1932.0 / 2197.0, -7200.0 / 2197.0, 7296.0 / 2197.0, 0.0, 0.0],
    [439.0 / 216.0, -8.0, 3680.0 / 513.0, -845.0 / 4104.0, 0.0],
    [-8.0 / 27.0, 2.0, -3544.0 / 2565.0, 1859.0 / 4104.0, -11.0 / 40.0],
];
const FIFTH: [f64; 6] =
    [16.0 / 135.0, 0.0, 6656.0 / 12825.0, 28561.0 / 56430.0, -9.0 / 50.0, 2.0 / 55.0];
const FOURTH: [f64; 6] = [25.0 / 216.0, 0.0, 1408.0 / 2565.0, 2197.0 / 4104.0, -1.0 / 5.0, 0.0];

/// The squared distance of the solution from measurements at the times 1, 2, 3, …
#[grad(wrt(p))]
pub(crate) fn misfit(p: &[f64], u0: [f64; 2], measured: &[[f64; 2]], tolerance: f64) -> f64 {
    let mut u = u0;
    let mut total = 0.0;
    let mut h = 0.1_f64;
    for row in measured {
        let mut left = 1.0_f64;
        while left > 0.0 {
            let step = h.min(left);
            let mut k = [[0.0; 2]; 6];
            for i in 0..6 {
                let mut v = u;
                for j in 0..i {
                    v[0] += step * STAGES[i][j] * k[j][0];
                    v[1] += step * STAGES[i][j] * k[j][1];
                }
                rhs(&v, p, 0.0, &mut k[i]);
            }
            let (mut next, mut error) = (u, 0.0_f64);
            for c in 0..2 {
                let mut difference = 0.0;
                for i in 0..6 {
                    next[c] += step * FIFTH[i] * k[i][c];
                    difference += step * (FIFTH[i] - FOURTH[i]) * k[i][c];
                }
                error = error.max(difference.abs());
            }
            if error <= tolerance {
                u = next;
                left -= step;
            }
            h = step * (0.9 * (tolerance / error.max(1e-30)).powf(0.2)).clamp(0.2, 4.0);
        }
        total += (u[0] - row[0]).powi(2) + (u[1] - row[1]).powi(2);
    }
    total
}
