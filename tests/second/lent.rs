//! Second derivatives through calls with `&mut` arguments: the callee changes memory that it is
//! lent.
//!
//! Each function stands beside the same program without calls, whose Hessian is another one.

use autodiff::{Differentiable, grad};

use crate::twice_and_inline;

twice_and_inline! {
    a_result_in_a_loop: march as march_inline at [0.5, 0.8, -0.3], [1.5, -0.25, 0.7];
    in_place: relaxed as relaxed_inline at [0.5, 0.8, -0.3], [1.5, -0.25, 0.7];
    in_branches: chosen as chosen_inline at [0.5, 0.8, -0.3], [-1.5, -0.25, 0.7];
    twice_in_a_statement: both as both_inline at [0.5, 0.8], [1.5, -0.25];
    parts: of_parts as of_parts_inline at [0.5, 0.8, -0.3, 1.1], [1.5, -0.25, 0.7, 0.2];
    single_floats: of_floats as of_floats_inline at [0.5, 0.8, -0.3], [1.5, -0.25, 0.7];
    arrays: of_arrays as of_arrays_inline at [0.5, 0.8, -0.3], [1.5, -0.25, 0.7];
    what_grows: grown as grown_inline at [0.5, 0.8, -0.3], [1.5, -0.25, 0.7];
    structs: of_a_body as of_a_body_inline at [0.5, 0.8, -0.3], [1.5, -0.25, 0.7];
}

/// What comes in `du` counts, too.
#[grad(order = 2)]
fn rhs(u: &[f64], k: f64, du: &mut [f64]) {
    for i in 0..du.len() {
        du[i] = u[i].sin() * k - 0.25 * du[i] * u[0];
    }
}

#[grad(hvp, hessian)]
fn march(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    let mut du = vec![0.0; u.len()];
    for t in 0..4 {
        rhs(&u, x[1] * f64::from(t), &mut du);
        for i in 0..u.len() {
            u[i] += 0.1 * du[i] * u[i];
        }
    }
    u.iter().map(|u| u * u * u).sum()
}

#[grad(hvp, hessian)]
fn march_inline(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    let mut du = vec![0.0; u.len()];
    for t in 0..4 {
        let k = x[1] * f64::from(t);
        for i in 0..du.len() {
            du[i] = u[i].sin() * k - 0.25 * du[i] * u[0];
        }
        for i in 0..u.len() {
            u[i] += 0.1 * du[i] * u[i];
        }
    }
    u.iter().map(|u| u * u * u).sum()
}

/// Returns something beside what it changes.
#[grad(order = 2)]
fn relax(u: &mut [f64], dt: f64) -> f64 {
    let mut change = 0.0;
    for i in 1..u.len() {
        let step = dt * (u[i - 1] * u[i] - u[i]);
        u[i] += step;
        change += step * step;
    }
    change
}

#[grad(hvp, hessian)]
fn relaxed(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    relax(&mut u, 0.5);
    let mut total = relax(&mut u, x[0]);
    for _ in 0..3 {
        total += relax(&mut u, 0.25) * u[1];
    }
    total + u[2] * u[1]
}

#[grad(hvp, hessian)]
fn relaxed_inline(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    let mut total = 0.0;
    for n in 0..5 {
        let dt = if n == 0 {
            0.5
        } else if n == 1 {
            x[0]
        } else {
            0.25
        };
        let mut change = 0.0;
        for i in 1..u.len() {
            let step = dt * (u[i - 1] * u[i] - u[i]);
            u[i] += step;
            change += step * step;
        }
        if n == 1 {
            total += change;
        } else if n > 1 {
            total += change * u[1];
        }
    }
    total + u[2] * u[1]
}

#[grad(hvp, hessian)]
fn chosen(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    u[1] *= x[0];
    let mut sum = 0.0;
    if x[0] > 0.0 {
        sum += relax(&mut u, x[1]);
    } else {
        rhs(x, x[2], &mut u);
    }
    for i in 0..3 {
        if u[i] > 0.0 {
            sum += relax(&mut u[..2], x[i]).exp() * u[1];
        }
    }
    sum * sum + u[1]
}

#[grad(hvp, hessian)]
fn chosen_inline(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    u[1] *= x[0];
    let mut sum = 0.0;
    if x[0] > 0.0 {
        for i in 1..u.len() {
            let step = x[1] * (u[i - 1] * u[i] - u[i]);
            u[i] += step;
            sum += step * step;
        }
    } else {
        for i in 0..u.len() {
            u[i] = x[i].sin() * x[2] - 0.25 * u[i] * x[0];
        }
    }
    for i in 0..3 {
        if u[i] > 0.0 {
            let step = x[i] * (u[0] * u[1] - u[1]);
            u[1] += step;
            sum += (step * step).exp() * u[1];
        }
    }
    sum * sum + u[1]
}

#[grad(hvp, hessian)]
fn both(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    relax(&mut u, x[0]) * relax(&mut u, x[1]) + u[1]
}

#[grad(hvp, hessian)]
fn both_inline(x: &[f64]) -> f64 {
    let mut u = x[1];
    let first = x[0] * (x[0] * u - u);
    u += first;
    let second = x[1] * (x[0] * u - u);
    u += second;
    first * first * (second * second) + u
}

#[grad(hvp, hessian)]
fn of_parts(x: &[f64]) -> f64 {
    let n = x.len();
    let mut u = x.to_vec();
    let mut sum = 0.0;
    for lo in 0..n - 1 {
        sum += relax(&mut u[lo..], x[lo]);
        let pair = &mut u[lo..lo + 2];
        relax(pair, 0.5);
        pair[0] *= pair[1];
    }
    let (left, right) = u.split_at_mut(2);
    relax(left, x[2]);
    relax(right, x[3]);
    sum * u[n - 1] + u[0] * u[1] * u[2]
}

#[grad(hvp, hessian)]
fn of_parts_inline(x: &[f64]) -> f64 {
    let n = x.len();
    let mut u = x.to_vec();
    let mut sum = 0.0;
    for lo in 0..n - 1 {
        for i in lo + 1..n {
            let step = x[lo] * (u[i - 1] * u[i] - u[i]);
            u[i] += step;
            sum += step * step;
        }
        u[lo + 1] += 0.5 * (u[lo] * u[lo + 1] - u[lo + 1]);
        u[lo] *= u[lo + 1];
    }
    u[1] += x[2] * (u[0] * u[1] - u[1]);
    u[3] += x[3] * (u[2] * u[3] - u[3]);
    sum * u[n - 1] + u[0] * u[1] * u[2]
}

#[grad(order = 2)]
fn bump(x: &mut f64, by: f64) -> f64 {
    let before = *x;
    *x = before * by + by.sin();
    before * by * by
}

#[grad(hvp, hessian)]
fn of_floats(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    let mut y = x[0];
    let mut sum = bump(&mut y, x[1]);
    for i in 0..u.len() {
        sum += bump(&mut u[i], y) * sum;
        bump(&mut y, x[i]);
    }
    let mut pair = (y, u[1]);
    sum -= bump(&mut pair.1, pair.0);
    sum * pair.1 + u[0] * u[2]
}

#[grad(hvp, hessian)]
fn of_floats_inline(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    let mut y = x[0];
    let mut sum = y * x[1] * x[1];
    y = y * x[1] + x[1].sin();
    for i in 0..u.len() {
        sum += u[i] * y * y * sum;
        u[i] = u[i] * y + y.sin();
        y = y * x[i] + x[i].sin();
    }
    sum -= u[1] * y * y;
    let last = u[1] * y + y.sin();
    sum * last + u[0] * u[2]
}

#[grad(order = 2)]
fn turn(p: &mut [f64; 3], angle: f64) {
    let (s, c) = angle.sin_cos();
    *p = [c * p[0] - s * p[1], s * p[0] + c * p[1], p[2] * angle];
}

#[grad(hvp, hessian)]
fn of_arrays(x: &[f64]) -> f64 {
    let mut p = [x[0], x[1] * x[2], 1.0];
    let mut all = [[0.0; 3]; 2];
    for i in 0..2 {
        turn(&mut p, x[i]);
        all[i] = p;
        turn(&mut all[i], p[2] * x[2]);
    }
    p[0] * all[0][1] * all[1][2] + p[1] * all[1][0]
}

#[grad(hvp, hessian)]
fn of_arrays_inline(x: &[f64]) -> f64 {
    let mut p = [x[0], x[1] * x[2], 1.0];
    let mut all = [[0.0; 3]; 2];
    for i in 0..2 {
        let (s, c) = x[i].sin_cos();
        p = [c * p[0] - s * p[1], s * p[0] + c * p[1], p[2] * x[i]];
        let angle = p[2] * x[2];
        let (s, c) = angle.sin_cos();
        all[i] = [c * p[0] - s * p[1], s * p[0] + c * p[1], p[2] * angle];
    }
    p[0] * all[0][1] * all[1][2] + p[1] * all[1][0]
}

#[grad(order = 2)]
fn grow(v: &mut Vec<f64>, x: f64) {
    let last = v[v.len() - 1];
    v.push(last * x);
    v[0] += x * last;
}

#[grad(hvp, hessian)]
fn grown(x: &[f64]) -> f64 {
    let mut v = vec![x[0]];
    for &x in x {
        grow(&mut v, x);
    }
    v.truncate(3);
    grow(&mut v, x[2]);
    v.iter().map(|v| v * v).sum()
}

#[grad(hvp, hessian)]
fn grown_inline(x: &[f64]) -> f64 {
    let mut v = vec![x[0]];
    for i in 0..=x.len() {
        if i == x.len() {
            v.truncate(3);
        }
        let by = if i == x.len() { x[2] } else { x[i] };
        let last = v[v.len() - 1];
        v.push(last * by);
        v[0] += by * last;
    }
    v.iter().map(|v| v * v).sum()
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Body {
    at: [f64; 2],
    speed: Vec<f64>,
    #[differentiable(skip)]
    steps: usize,
}

#[grad(order = 2)]
fn moved(body: &mut Body, dt: f64) -> f64 {
    for i in 0..2 {
        body.at[i] += dt * body.speed[i];
    }
    body.speed[0] -= dt * body.at[0].sin();
    body.steps += 1;
    body.at[0] * body.speed[1]
}

#[grad(hvp, hessian)]
fn of_a_body(x: &[f64]) -> f64 {
    let mut body = Body { at: [x[0], x[1]], speed: vec![x[2], x[0] * x[1]], steps: 0 };
    let mut sum = 0.0;
    for _ in 0..3 {
        sum += moved(&mut body, 0.25 + x[1]);
        relax(&mut body.speed, sum);
    }
    bump(&mut body.at[1], x[2]);
    sum * body.at[1] + body.speed[0] * body.steps as f64
}

#[grad(hvp, hessian)]
fn of_a_body_inline(x: &[f64]) -> f64 {
    let (mut at, mut speed) = ([x[0], x[1]], [x[2], x[0] * x[1]]);
    let mut sum = 0.0;
    for _ in 0..3 {
        let dt = 0.25 + x[1];
        at[0] += dt * speed[0];
        at[1] += dt * speed[1];
        speed[0] -= dt * at[0].sin();
        sum += at[0] * speed[1];
        speed[1] += sum * (speed[0] * speed[1] - speed[1]);
    }
    let last = at[1] * x[2] + x[2].sin();
    sum * last + speed[0] * 3.0
}
