//! A Kalman filter of position and speed: the log-likelihood of measurements.

use autodiff::{Differentiable, grad};

use crate::{confirmed, numbers};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct State {
    mean: [f64; 2],
    cov: [[f64; 2]; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Noise {
    process: f64,
    measurement: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct Filter {
    state: State,
    noise: Noise,
    log_likelihood: f64,
    steps: u32,
}

#[grad]
impl Filter {
    fn predict(&mut self, dt: f64) {
        let State { mean, cov } = self.state;
        let q = self.noise.process * dt;
        self.state.mean = [mean[0] + dt * mean[1], mean[1]];
        let cross = cov[0][1] + dt * cov[1][1];
        self.state.cov = [
            [cov[0][0] + dt * (cov[0][1] + cov[1][0] + dt * cov[1][1]) + q * dt * dt / 3.0, cross],
            [cross, cov[1][1] + q],
        ];
    }

    fn update(&mut self, z: f64) {
        let s = self.state.cov[0][0] + self.noise.measurement;
        let gain = [self.state.cov[0][0] / s, self.state.cov[1][0] / s];
        let innovation = z - self.state.mean[0];
        self.log_likelihood -= 0.5 * (innovation * innovation / s + s.ln());
        let old = self.state.cov;
        for i in 0..2 {
            self.state.mean[i] += gain[i] * innovation;
            for j in 0..2 {
                self.state.cov[i][j] = old[i][j] - gain[i] * old[0][j];
            }
        }
        self.steps += 1;
    }
}

#[grad(jvp)]
fn log_likelihood(p: &[f64]) -> f64 {
    let state = State { mean: [p[0], p[1]], cov: [[p[2], 0.0], [0.0, p[3]]] };
    let noise = Noise { process: p[4], measurement: p[5] };
    let mut filter = Filter { state, noise, log_likelihood: 0.0, steps: 0 };
    for i in 6..p.len() {
        filter.predict(0.5);
        filter.update(p[i]);
    }
    filter.log_likelihood
}
confirmed!(kalman_filter: log_likelihood at numbers(14));
