//! Second derivatives through calls with `&mut` arguments, wherever they stand: before a jump, in a
//! closure, in an arm, behind an index that acts.

use autodiff::{Differentiable, grad};

use crate::twice_and_inline;

twice_and_inline! {
    results_that_nobody_reads: of_unread as of_unread_inline at [0.5, 0.8, -0.3], [1.5, -0.25, 0.7];
    jumps: of_early as of_early_inline at [0.5, 0.8, -0.3], [1.5, -0.25, 0.7];
    closures: of_closures as of_closures_inline at [0.5, 0.8, -0.3], [1.5, -0.25, 0.7];
    an_index_that_acts: of_index as of_index_inline at [0.5, 0.8, -0.3], [1.5, -0.25, 0.7];
    arms_of_a_loop: of_while as of_while_inline at [0.5, 0.8, -0.3], [1.5, -0.25, 0.7];
}

#[grad(order = 2)]
fn pairs(u: &mut [f64], k: f64) -> (f64, [f64; 2]) {
    let before = u[0];
    u[0] = u[1] * k;
    (u[0] * k, [before, k])
}

#[grad(order = 2)]
fn relax(u: &mut [f64], dt: f64) -> f64 {
    let mut s = 0.0;
    for i in 1..u.len() {
        u[i] += dt * u[i - 1] * u[i];
        s += u[i];
    }
    s
}

#[grad(hvp, hessian)]
fn of_unread(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    pairs(&mut u, x[2]);
    let _ = pairs(&mut u, x[1]);
    let (a, _) = pairs(&mut u, x[1]);
    u[0] * u[1] * a
}

#[grad(hvp, hessian)]
fn of_unread_inline(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    u[0] = u[1] * x[2];
    u[0] = u[1] * x[1];
    u[0] = u[1] * x[1];
    u[0] * u[1] * u[0] * x[1]
}

#[grad(hvp, hessian)]
fn of_early(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    for i in 0..5 {
        let s = relax(&mut u, x[0]);
        if s > 1.0 {
            return s * u[1];
        }
        if i == 3 {
            break;
        }
        if s < 0.0 {
            continue;
        }
        relax(&mut u[1..], s);
    }
    u[0] * u[1] * u[2]
}

#[grad(hvp, hessian)]
fn of_early_inline(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    for i in 0..5 {
        let mut s = 0.0;
        for i in 1..3 {
            u[i] += x[0] * u[i - 1] * u[i];
            s += u[i];
        }
        if s > 1.0 {
            return s * u[1];
        }
        if i == 3 {
            break;
        }
        if s < 0.0 {
            continue;
        }
        u[2] += s * u[1] * u[2];
    }
    u[0] * u[1] * u[2]
}

#[grad(hvp, hessian)]
fn of_closures(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    let total: f64 = (0..3).map(|i| relax(&mut u, x[i]) * 0.5).sum();
    total * u[2]
}

#[grad(hvp, hessian)]
fn of_closures_inline(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    let mut total = 0.0;
    for n in 0..3 {
        let mut s = 0.0;
        for i in 1..3 {
            u[i] += x[n] * u[i - 1] * u[i];
            s += u[i];
        }
        total += s * 0.5;
    }
    total * u[2]
}

fn next(n: &mut usize) -> usize {
    *n += 1;
    *n - 1
}

#[grad(hvp, hessian)]
fn of_index(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    let mut n = 0;
    let mut rows = [[x[0], x[1], x[2]], [x[0], x[1], x[2]]];
    relax(&mut u[next(&mut n)..], x[0]);
    relax(&mut u[next(&mut n)..], x[1]);
    assert_eq!(n, 2);
    for r in 0..2 {
        relax(&mut rows[r], x[r]);
        relax(&mut rows[1 - r][r..], x[2]);
        let row = &mut rows[r];
        relax(row, u[2]);
        row[0] *= x[2];
        relax(&mut row[1..], x[0]);
    }
    u[0] * u[1] * u[2] + rows[0][2] * rows[1][1]
}

#[grad(hvp, hessian)]
fn of_index_inline(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    let mut rows = [[x[0], x[1], x[2]], [x[0], x[1], x[2]]];
    for i in 1..3 {
        u[i] += x[0] * u[i - 1] * u[i];
    }
    u[2] += x[1] * u[1] * u[2];
    for r in 0..2 {
        for i in 1..3 {
            rows[r][i] += x[r] * rows[r][i - 1] * rows[r][i];
        }
        for i in r + 1..3 {
            rows[1 - r][i] += x[2] * rows[1 - r][i - 1] * rows[1 - r][i];
        }
        for i in 1..3 {
            rows[r][i] += u[2] * rows[r][i - 1] * rows[r][i];
        }
        rows[r][0] *= x[2];
        rows[r][2] += x[0] * rows[r][1] * rows[r][2];
    }
    u[0] * u[1] * u[2] + rows[0][2] * rows[1][1]
}

#[grad(hvp, hessian)]
fn of_while(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    let mut t = 0.0;
    while t < 1.0 {
        t += 0.3;
        if u[0] > 0.6 {
            relax(&mut u, t * x[0]);
            continue;
        }
        let y = relax(&mut u, x[1]);
        if y > 0.4 {
            u[0] += relax(&mut u[..2], t);
        } else {
            u[1] = t * u[0];
        }
    }
    u[0] * u[1] + u[2]
}

#[grad(hvp, hessian)]
fn of_while_inline(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    let mut t = 0.0;
    while t < 1.0 {
        t += 0.3;
        if u[0] > 0.6 {
            for i in 1..3 {
                u[i] += t * x[0] * u[i - 1] * u[i];
            }
        } else {
            let mut s = 0.0;
            for i in 1..3 {
                u[i] += x[1] * u[i - 1] * u[i];
                s += u[i];
            }
            if s > 0.4 {
                u[1] += t * u[0] * u[1];
                u[0] += u[1];
            } else {
                u[1] = t * u[0];
            }
        }
    }
    u[0] * u[1] + u[2]
}
/// The product of a method's Hessian, by a struct.
#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Model {
    start: [f64; 3],
    #[differentiable(skip)]
    steps: usize,
}

impl Model {
    #[grad(hvp)]
    fn loss(&self, x: f64) -> f64 {
        let mut u = self.start;
        for _ in 0..self.steps {
            relax(&mut u, x);
            relax(&mut u[1..], self.start[0]);
        }
        u[2] * x
    }
}

#[test]
fn a_product_of_a_method() {
    let model = Model { start: [0.5, 0.8, -0.3], steps: 2 };
    let mut along = model.zero_tangent();
    along.start = [0.2, -0.4, 1.0];
    let (found, by_x) = model.loss_hvp(0.7, &along, 0.3);
    let flat = |p: &[f64]| {
        let start = [p[0], p[1], p[2]];
        let (bar, x_bar) = Model { start, ..model.clone() }.loss_grad(p[3]);
        [bar.start.as_slice(), &[x_bar]].concat()
    };
    let (at, v) = ([0.5, 0.8, -0.3, 0.7], [0.2, -0.4, 1.0, 0.3]);
    let expected = crate::difference(flat, &at, &v);
    for (found, expected) in found.start.iter().chain(&[by_x]).zip(expected) {
        approx::assert_relative_eq!(*found, expected, max_relative = 1e-6, epsilon = 1e-8);
    }
}

#[grad(order = 2)]
fn narrow(u: &mut [f32], k: f32) {
    for i in 0..u.len() {
        let before = u[i];
        u[i] = before * before * k;
    }
}

#[grad(hessian)]
fn of_narrow(x: [f32; 2]) -> f32 {
    let mut u = x;
    narrow(&mut u, x[1]);
    u[0] * u[1]
}

#[test]
fn f32_by_hand() {
    // x₀²x₁ · x₁³
    assert_eq!(of_narrow_hessian([2.0, 1.0]), [[2.0, 16.0], [16.0, 48.0]]);
}
