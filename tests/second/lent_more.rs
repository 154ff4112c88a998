//! Second derivatives through what else is lent: rows of a loop, memory of memory, results that may
//! be missing; and third ones.

use approx::assert_relative_eq;
use autodiff::grad;

use crate::twice_and_inline;

twice_and_inline! {
    rows_of_a_loop: of_rows as of_rows_inline at [0.5, 0.8, -0.3, 1.1], [1.5, -0.25, 0.7, 0.2];
    memory_of_memory: of_tables as of_tables_inline at [0.5, 0.8, -0.3], [1.5, -0.25, 0.7];
    what_may_be_missing: of_results as of_results_inline at [0.5, 0.8, -0.3], [1.5, 0.25, 0.7];
    parameters_left_out: of_constants as of_constants_inline at [0.5, 0.8], [1.5, -0.25];
    recursion: of_halves as of_halves_inline at [0.5, 0.8, -0.3, 1.1], [1.5, -0.25, 0.7, 0.2];
    aggregates_returned: of_pairs as of_pairs_inline at [0.5, 0.8], [1.5, -0.25];
}

#[grad(order = 2)]
fn spread(row: &mut [f64], k: f64) {
    row[0] *= k;
    row[1] += row[0] * row[0];
}

#[grad(order = 2)]
fn square(x: &mut f64) {
    *x *= *x;
}

#[grad(hvp, hessian)]
fn of_rows(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    for n in 0..2 {
        for row in u.chunks_exact_mut(2) {
            spread(row, x[n]);
        }
        for v in &mut u {
            square(v);
        }
    }
    u[1] * u[3] + u[0]
}

#[grad(hvp, hessian)]
fn of_rows_inline(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    for n in 0..2 {
        for i in 0..2 {
            u[2 * i] *= x[n];
            u[2 * i + 1] += u[2 * i] * u[2 * i];
        }
        for i in 0..4 {
            u[i] *= u[i];
        }
    }
    u[1] * u[3] + u[0]
}

#[grad(order = 2)]
fn eliminate(table: &mut [Vec<f64>], by: &[[f64; 2]; 2]) -> f64 {
    let mut sum = 0.0;
    for i in 0..2 {
        table[i][0] = table[i][0] * by[i][0] + table[1 - i][1];
        table[i][1] *= by[1 - i][1];
        sum += table[i][1];
    }
    sum
}

#[grad(order = 2)]
fn rotate(matrix: &mut [[f64; 2]; 2], pair: &mut (f64, f64), angle: f64) {
    let (s, c) = angle.sin_cos();
    for i in 0..2 {
        let [a, b] = matrix[i];
        matrix[i] = [c * a - s * b, s * a + c * b];
    }
    pair.0 += matrix[0][1] * pair.1;
}

#[grad(hvp, hessian)]
fn of_tables(x: &[f64]) -> f64 {
    let mut table = vec![vec![x[0], x[1]], vec![x[2], 1.0]];
    let mut matrix = [[1.0, x[0]], [x[1], x[2]]];
    let mut pair = (x[1], x[0]);
    let mut sum = 0.0;
    for i in 0..2 {
        rotate(&mut matrix, &mut pair, x[i]);
        sum += eliminate(&mut table, &matrix) * pair.0;
    }
    sum * table[0][0] + table[1][0]
}

#[grad(hvp, hessian)]
fn of_tables_inline(x: &[f64]) -> f64 {
    let mut table = [[x[0], x[1]], [x[2], 1.0]];
    let mut matrix = [[1.0, x[0]], [x[1], x[2]]];
    let (mut first, second) = (x[1], x[0]);
    let mut sum = 0.0;
    for n in 0..2 {
        let (s, c) = x[n].sin_cos();
        for i in 0..2 {
            let [a, b] = matrix[i];
            matrix[i] = [c * a - s * b, s * a + c * b];
        }
        first += matrix[0][1] * second;
        let mut part = 0.0;
        for i in 0..2 {
            table[i][0] = table[i][0] * matrix[i][0] + table[1 - i][1];
            table[i][1] *= matrix[1 - i][1];
            part += table[i][1];
        }
        sum += part * first;
    }
    sum * table[0][0] + table[1][0]
}

#[grad(order = 2)]
fn root(u: &mut [f64], k: f64) -> Option<f64> {
    u[1] += u[0] * k;
    if u[0] < 0.0 {
        return None;
    }
    u[0] = u[0].sqrt();
    Some(u[0] * k)
}

#[grad(hvp, hessian)]
fn of_results(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    let mut sum = 0.0;
    if let Some(y) = root(&mut u, x[1]) {
        sum += y * x[2];
    }
    sum * u[0] * u[1] + u[2]
}

#[grad(hvp, hessian)]
fn of_results_inline(x: &[f64]) -> f64 {
    let root = x[0].sqrt();
    root * x[1] * x[2] * root * (x[1] + x[0] * x[1]) + x[2]
}

#[grad(order = 2, constant(k))]
fn scaled(u: &mut [f64], k: f64) {
    for i in 0..u.len() {
        let before = u[i];
        u[i] = before * before * k;
    }
}

#[grad(order = 2, wrt(k))]
fn shifted(u: &mut [f64], k: f64) -> f64 {
    for i in 0..u.len() {
        u[i] += u[i] * k;
    }
    u[0] * k
}

#[grad(hvp, hessian)]
fn of_constants(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    scaled(&mut u, 0.75);
    let y = shifted(&mut u, x[0]);
    y * u[1]
}

#[grad(hvp, hessian)]
fn of_constants_inline(x: &[f64]) -> f64 {
    let (mut a, mut b) = (x[0] * x[0] * 0.75, x[1] * x[1] * 0.75);
    a += a * x[0];
    b += b * x[0];
    a * x[0] * b
}

#[grad(order = 2)]
fn halves(u: &mut [f64], k: f64) {
    if u.len() < 2 {
        u[0] *= k;
        return;
    }
    let middle = u.len() / 2;
    halves(&mut u[..middle], k);
    let last = u[middle - 1];
    halves(&mut u[middle..], k * last);
}

#[grad(hvp, hessian)]
fn of_halves(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    halves(&mut u, x[1]);
    u[0] * u[3] + u[1] * u[2]
}

#[grad(hvp, hessian)]
fn of_halves_inline(x: &[f64]) -> f64 {
    let k = x[1];
    let a = x[0] * k;
    let b = x[1] * k * a;
    let c = x[2] * (k * b);
    let d = x[3] * (k * b * c);
    a * d + b * c
}

#[grad(order = 2)]
fn pairs(u: &mut [f64], k: f64) -> ([f64; 2], Vec<f64>) {
    let before = u.to_vec();
    u[0] = u[1] * k;
    ([u[0] * k, k * k], before)
}

#[grad(hvp, hessian)]
fn of_pairs(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    let (pair, before) = pairs(&mut u, x[0]);
    pair[0] * before[0] * u[0] + pair[1] * before[1]
}

#[grad(hvp, hessian)]
fn of_pairs_inline(x: &[f64]) -> f64 {
    let first = x[1] * x[0];
    first * x[0] * x[0] * first + x[0] * x[0] * x[1]
}

#[grad(order = 3)]
fn bump(x: &mut f64, by: f64) -> f64 {
    let before = *x;
    *x = before * by + by.sin();
    before * by * by
}

#[grad(order = 3)]
fn advance(u: &mut [f64], k: f64) {
    for i in 1..u.len() {
        u[i] += k * u[i - 1] * u[i];
        bump(&mut u[i], k);
    }
}

#[grad(order = 3)]
fn zeroth(x: f64) -> f64 {
    let mut u = [x, x * x, 1.0];
    let mut sum = 0.0;
    for _ in 0..2 {
        sum += bump(&mut u[0], x);
        advance(&mut u, sum);
    }
    sum * u[2] + u[1]
}

#[grad(order = 2)]
fn first(x: f64) -> f64 {
    zeroth_grad(x)
}

#[grad]
fn second(x: f64) -> f64 {
    first_grad(x)
}

#[grad(order = 3)]
fn zeroth_inline(x: f64) -> f64 {
    let mut u = [x, x * x, 1.0];
    let mut sum = 0.0;
    for _ in 0..2 {
        sum += u[0] * x * x;
        u[0] = u[0] * x + x.sin();
        for i in 1..3 {
            u[i] += sum * u[i - 1] * u[i];
            u[i] = u[i] * sum + sum.sin();
        }
    }
    sum * u[2] + u[1]
}

#[grad(order = 2)]
fn first_inline(x: f64) -> f64 {
    zeroth_inline_grad(x)
}

#[grad]
fn second_inline(x: f64) -> f64 {
    first_inline_grad(x)
}

#[test]
fn third_derivatives() {
    for x in [0.5, -0.25, 0.8] {
        assert_relative_eq!(first(x), first_inline(x), max_relative = 1e-12);
        assert_relative_eq!(second(x), second_inline(x), max_relative = 1e-12);
        assert_relative_eq!(second_grad(x), second_inline_grad(x), max_relative = 1e-11);
        let h = 1e-4;
        let difference = (second(x + h) - second(x - h)) / (2.0 * h);
        assert_relative_eq!(second_grad(x), difference, max_relative = 1e-5);
    }
}
