//! Differential equations, explicit and implicit, with a right-hand side that is called.

use autodiff::grad;

use crate::confirmed;

/// Van der Pol's oscillator.
#[grad(jvp, vjp)]
fn rhs(u: &[f64; 2], mu: f64, du: &mut [f64; 2]) {
    du[0] = u[1];
    du[1] = mu * (1.0 - u[0] * u[0]) * u[1] - u[0];
}

/// Dormand and Prince 1980, steps accepted or repeated by the error of the embedded formula.
#[grad(jvp)]
fn dormand_prince(p: &[f64]) -> f64 {
    const A: [[f64; 6]; 6] = [
        [0.2, 0.0, 0.0, 0.0, 0.0, 0.0],
        [3.0 / 40.0, 9.0 / 40.0, 0.0, 0.0, 0.0, 0.0],
        [44.0 / 45.0, -56.0 / 15.0, 32.0 / 9.0, 0.0, 0.0, 0.0],
        [19372.0 / 6561.0, -25360.0 / 2187.0, 64448.0 / 6561.0, -212.0 / 729.0, 0.0, 0.0],
        [9017.0 / 3168.0, -355.0 / 33.0, 46732.0 / 5247.0, 49.0 / 176.0, -5103.0 / 18656.0, 0.0],
        [35.0 / 384.0, 0.0, 500.0 / 1113.0, 125.0 / 192.0, -2187.0 / 6784.0, 11.0 / 84.0],
    ];
    const E: [f64; 7] = [
        71.0 / 57600.0,
        0.0,
        -71.0 / 16695.0,
        71.0 / 1920.0,
        -17253.0 / 339_200.0,
        22.0 / 525.0,
        -1.0 / 40.0,
    ];
    let mut u = [p[0], p[1]];
    let (mut t, mut h) = (0.0, 0.1);
    let mut k = [[0.0; 2]; 7];
    let mut steps = 0;
    while t < 2.0 && steps < 1000 {
        steps += 1;
        let last = t + h >= 2.0;
        if last {
            h = 2.0 - t;
        }
        rhs(&u, p[2], &mut k[0]);
        let mut v = u;
        for s in 0..6 {
            v = u;
            for r in 0..=s {
                for d in 0..2 {
                    v[d] += h * A[s][r] * k[r][d];
                }
            }
            rhs(&v, p[2], &mut k[s + 1]);
        }
        let mut err: f64 = 0.0;
        for d in 0..2 {
            let mut e = 0.0;
            for s in 0..7 {
                e += E[s] * k[s][d];
            }
            err = err.max((h * e).abs());
        }
        // The control of the step is no part of the derivative.
        let err = autodiff::stop_gradient(err);
        if err <= 1e-7 {
            u = v;
            t += h;
            if last {
                break;
            }
        }
        h *= (0.9 * (1e-7 / err.max(1e-12)).powf(0.2)).clamp(0.3, 3.0);
    }
    u[0] * u[0] + 0.5 * u[1]
}

#[test]
fn dormand_prince_with_step_acceptance() {
    let p = [1.5, -0.3, 0.8];
    let (value, gradient) = dormand_prince_value_and_grad(&p);
    approx::assert_relative_eq!(value, dormand_prince(&p), max_relative = 1e-15);
    // The flow itself, by the classical method with steps of one thousandth.
    for (i, got) in gradient.iter().enumerate() {
        let at = |d: f64| {
            let mut q = p;
            q[i] += d;
            reference(&q)
        };
        let slope = (at(1e-5) - at(-1e-5)) / 2e-5;
        approx::assert_relative_eq!(*got, slope, max_relative = 1e-5);
    }
    let (_, along) = dormand_prince_jvp(&p, &[1.0, 2.0, 3.0]);
    let product = gradient[0] + 2.0 * gradient[1] + 3.0 * gradient[2];
    approx::assert_relative_eq!(along, product, max_relative = 1e-10);
}

fn reference(p: &[f64; 3]) -> f64 {
    let f = |u: [f64; 2]| [u[1], p[2] * (1.0 - u[0] * u[0]) * u[1] - u[0]];
    let at = |u: [f64; 2], h: f64, k: [f64; 2]| [u[0] + h * k[0], u[1] + h * k[1]];
    let (mut u, h) = ([p[0], p[1]], 1e-3);
    for _ in 0..2000 {
        let a = f(u);
        let b = f(at(u, h / 2.0, a));
        let c = f(at(u, h / 2.0, b));
        let d = f(at(u, h, c));
        for i in 0..2 {
            u[i] += h / 6.0 * (a[i] + 2.0 * b[i] + 2.0 * c[i] + d[i]);
        }
    }
    u[0] * u[0] + 0.5 * u[1]
}

#[grad(jvp)]
fn implicit_step(u0: f64, k: f64, h: f64) -> Result<f64, &'static str> {
    let mut u = u0;
    for _ in 0..50 {
        let residual = u - u0 + h * k * u * u * u;
        let slope = 1.0 + 3.0 * h * k * u * u;
        let step = residual / slope;
        u -= step;
        if step.abs() < 1e-14 {
            return Ok(u);
        }
    }
    Err("Newton's method does not converge")
}

/// Euler's implicit method, each step by Newton's.
#[grad(jvp)]
fn implicit_euler(p: &[f64]) -> f64 {
    let mut u = p[0];
    let mut total = 0.0;
    for _ in 0..20 {
        u = match implicit_step(u, p[1], 0.1) {
            Ok(next) => next,
            Err(_) => return total,
        };
        total += 0.1 * u * u;
    }
    total + u
}
confirmed!(implicit_euler_by_newton: implicit_euler at [1.5, 0.7], [-2.0, 3.0]);

/// A leapfrog around two fixed masses.
#[grad(jvp)]
fn leapfrog(p: &[f64]) -> f64 {
    let (mut x, mut v) = ([p[0], p[1]], [p[2], p[3]]);
    let h = 0.05;
    for _ in 0..40 {
        for d in 0..2 {
            x[d] += 0.5 * h * v[d];
        }
        for (centre, mass) in [([0.0, 0.0], 1.0), ([2.0, 1.0], 0.3)] {
            let (a, b) = (x[0] - centre[0], x[1] - centre[1]);
            let r2 = a * a + b * b + 0.01;
            let pull = mass / (r2 * r2.sqrt());
            v[0] -= h * pull * a;
            v[1] -= h * pull * b;
        }
        for d in 0..2 {
            x[d] += 0.5 * h * v[d];
        }
    }
    x[0] * v[1] - x[1] * v[0]
}
confirmed!(a_leapfrog: leapfrog at [1.0, 0.2, -0.1, 0.9]);
