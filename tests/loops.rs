//! Loops: functions with known values and gradients, each in both modes and against differences.

#![deny(warnings)]
#![allow(
    clippy::many_single_char_names,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::manual_memcpy,
    clippy::manual_swap,
    clippy::cast_precision_loss,
    clippy::explicit_counter_loop,
    clippy::explicit_iter_loop,
    clippy::suboptimal_flops,
    clippy::similar_names,
    clippy::assign_op_pattern,
    clippy::approx_constant,
    reason = "the functions are loops, written in every way that is accepted"
)]

use autodiff::check::assert_gradient;
use autodiff::grad;

/// Asserts agreement to eleven digits with a known value and gradient.
fn close(got: (f64, &[f64]), value: f64, gradient: &[f64]) {
    approx::assert_relative_eq!(got.0, value, max_relative = 1e-11, epsilon = 1e-13);
    approx::assert_relative_eq!(got.1, gradient, max_relative = 1e-10, epsilon = 1e-12);
}

#[grad(jvp)]
fn sum_of_squares(p: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..p.len() {
        s += p[i] * p[i];
    }
    s
}

#[test]
fn a_reduction_over_a_slice() {
    let p = [1.0, 2.0, 3.0, 4.0];
    let (value, gradient) = sum_of_squares_value_and_grad(&p);
    close((value, &gradient), 30.0, &[2.0, 4.0, 6.0, 8.0]);
    assert_eq!(sum_of_squares_grad(&p), gradient);
    let (_, dot) = sum_of_squares_jvp(&p, &[1.0, 0.0, 0.0, -1.0]);
    close((dot, &[]), 2.0 - 8.0, &[]);
    assert!(sum_of_squares_grad(&[]).is_empty());
}

#[grad(jvp)]
fn serial(x: f64) -> f64 {
    let mut y = x;
    for _ in 0..2 {
        y = y * y;
    }
    y *= 2.0;
    for _ in 0..3 {
        y = 3.0 * y;
    }
    if y > 0.0 {
        y = y * y;
    }
    y
}

#[test]
fn loops_in_sequence_then_a_branch() {
    let (value, gradient) = serial_value_and_grad(1.2);
    close((value, &[gradient]), 12_538.266_255_421_85, &[83_588.441_702_812_33]);
    close((serial_jvp(1.2, 1.0).1, &[]), gradient, &[]);
}

#[grad(jvp)]
fn halve(x: f64) -> f64 {
    let mut a = x;
    while a.abs() > 0.1 {
        a *= 0.5;
    }
    a * a
}

#[test]
fn while_an_active_condition_holds() {
    let (value, gradient) = halve_value_and_grad(5.0);
    close((value, &[gradient]), 0.006_103_515_625, &[0.002_441_406_25]);
    close((halve_jvp(5.0, 1.0).1, &[]), gradient, &[]);
}

#[grad(jvp)]
fn pair(x: f64) -> f64 {
    let (mut a, mut b) = (x, 2.0 * x);
    let mut i = 0;
    while i < 3 {
        (a, b) = (b, 2.0 * a);
        i += 1;
    }
    a * b * b
}

#[test]
fn a_carried_pair() {
    let (value, gradient) = pair_value_and_grad(1.0);
    assert_gradient("pair", &["x"], |(x,)| pair(*x), &(1.0,), &gradient);
    close((pair_jvp(1.0, 1.0).1, &[]), gradient, &[]);
    close((value, &[]), pair(1.0), &[]);
}

#[grad(jvp)]
fn swapped(x: f64) -> f64 {
    let (mut a, mut b) = (x, x * x);
    for _ in 0..3 {
        let t = a;
        a = b;
        b = t;
    }
    a + 2.0 * b
}

#[test]
fn a_swap_is_a_parallel_copy() {
    let (value, gradient) = swapped_value_and_grad(3.0);
    close((value, &[gradient]), 9.0 + 6.0, &[6.0 + 2.0]);
}

#[grad(jvp)]
fn taylor_log(x: f64) -> f64 {
    let mut s = 0.0;
    for i in 1..=200 {
        s += x.powi(i) / f64::from(i);
    }
    s
}

#[grad(jvp)]
fn sines(x: f64) -> f64 {
    let mut y = x;
    for _ in 0..500 {
        y = y.sin();
    }
    y
}

#[test]
fn long_loops() {
    let (value, gradient) = taylor_log_value_and_grad(0.5);
    close((value, &[gradient]), 0.693_147_180_559_945_3, &[2.0]);
    let (value, gradient) = sines_value_and_grad(3.0);
    close((value, &[gradient]), 0.067_909_454_136_941, &[-0.109_981_649_410_25]);
    close((sines_jvp(3.0, 1.0).1, &[]), gradient, &[]);
}

#[grad(jvp)]
fn local_array(x: f64, y: f64) -> f64 {
    let mut s = 0.0;
    for k in 1..3 {
        let mut arr = [x, y * f64::from(k)];
        arr[0] *= arr[1];
        s += arr[0] + arr[1];
    }
    s
}

#[test]
fn a_local_array_is_fresh_in_each_iteration() {
    let (_, gradient) = local_array_value_and_grad(2.0, 0.5);
    let f = |(x, y): &(f64, f64)| local_array(*x, *y);
    assert_gradient("local_array", &["x", "y"], f, &(2.0, 0.5), &gradient);
}

#[grad(jvp)]
fn likelihood(mu: f64, sigma: f64, data: &[f64]) -> f64 {
    let mut total = 0.0;
    for x in data {
        let z = (x - mu) / sigma;
        let log_sigma = sigma.ln();
        let square = z * z;
        let term = 0.5 * square + log_sigma + 0.918_938_533_204_672_7;
        total += term;
    }
    total
}

#[test]
fn independent_iterations() {
    let data = [0.1, -0.4, 1.2, 0.7, -0.6];
    let (_, (mu, sigma, x)) = likelihood_value_and_grad(0.2, 1.3, &data);
    let f = |(m, s, d): &(f64, f64, Vec<f64>)| likelihood(*m, *s, d);
    let point = (0.2, 1.3, data.to_vec());
    assert_gradient("likelihood", &["mu", "sigma", "data"], f, &point, &(mu, sigma, x));
}

#[grad(jvp)]
fn manydiv(a: &[f64], start: f64) -> f64 {
    let mut s = start;
    for i in 0..a.len() {
        s = s / a[i];
    }
    s
}

#[test]
fn a_carried_scalar_through_all_elements() {
    let (value, (a, start)) = manydiv_value_and_grad(&[1.0, 2.0, 3.0, 4.0, 5.0], 3.14);
    let s = 3.14 / 120.0;
    close((value, &a), s, &[-s, -s / 2.0, -s / 3.0, -s / 4.0, -s / 5.0]);
    close((start, &[]), 1.0 / 120.0, &[]);
}

#[grad(jvp)]
fn heat(u0: &[f64], k: f64) -> f64 {
    let mut u = u0.to_vec();
    for _ in 0..7 {
        let mut left = u[0];
        for i in 1..u.len() - 1 {
            let c = u[i];
            u[i] = c + k * (left - 2.0 * c + u[i + 1]) + 0.3 * k * c * (1.0 - c);
            left = c;
        }
    }
    let mut s = 0.0;
    for v in &u {
        s += v * v;
    }
    s
}

#[test]
fn an_in_place_stencil_that_reads_ahead() {
    let u0: Vec<f64> = (0..12).map(|i| (f64::from(i) * 0.7).sin() + 0.2).collect();
    let gradient = heat_grad(&u0, 0.2);
    let f = |(u, k): &(Vec<f64>, f64)| heat(u, *k);
    assert_gradient("heat", &["u0", "k"], f, &(u0.clone(), 0.2), &gradient);
    let dot: Vec<f64> = u0.iter().map(|u| u * 0.3).collect();
    let (_, tangent) = heat_jvp(&u0, 0.2, &dot, 0.5);
    let product: f64 = gradient.0.iter().zip(&dot).map(|(a, b)| a * b).sum::<f64>();
    close((product + 0.5 * gradient.1, &[]), tangent, &[]);
}

#[grad(jvp)]
fn windows(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for w in x.windows(2) {
        s += (1.0 - w[0]).powi(2) + 100.0 * (w[1] - w[0] * w[0]).powi(2);
    }
    s
}

#[test]
fn sliding_windows() {
    let (value, gradient) = windows_value_and_grad(&[3.0, 5.0, 7.0]);
    close((value, &gradient), 34_020.0 - 0.0, &[4804.0, 35_208.0 - 0.0, -3600.0]);
}

#[grad(jvp)]
fn skips_three(x: f64) -> f64 {
    let mut s = 0.0;
    for i in 1..5 {
        if i == 3 {
            continue;
        }
        s += f64::from(i) * x;
    }
    s
}

#[test]
fn an_iteration_is_skipped() {
    let (value, gradient) = skips_three_value_and_grad(2.0);
    close((value, &[gradient]), 14.0, &[7.0]);
    close((skips_three_jvp(2.0, 1.0).1, &[]), 7.0, &[]);
}

#[grad(jvp)]
fn returns_inside(x: f64, y: f64) -> f64 {
    let mut s = 0.0;
    for k in 0..10 {
        s += x * y * (f64::from(k) + 1.0);
        if s > 20.0 {
            return s * s;
        }
    }
    s
}

#[test]
fn a_return_inside_a_loop() {
    let (value, gradient) = returns_inside_value_and_grad(2.0, 3.0);
    close((value, &[gradient.0, gradient.1]), 1296.0, &[1296.0, 864.0]);
    close((returns_inside_jvp(2.0, 3.0, 1.0, 1.0).1, &[]), 1296.0 + 864.0, &[]);
    let (value, gradient) = returns_inside_value_and_grad(0.1, 0.2);
    close((value, &[gradient.0, gradient.1]), 55.0 * 0.02, &[11.0, 5.5]);
}

#[grad(jvp)]
fn returns_early(x: f64, y: f64) -> f64 {
    if y == 0.0 {
        return 1.0;
    }
    let a = (y + x) * y;
    a + 2.0 * x
}

#[grad(jvp)]
fn returns_early_twice(x: f64, y: f64) -> f64 {
    if x > 10.0 {
        return x;
    }
    if y > 10.0 {
        return y * y;
    }
    x * y
}

#[test]
fn early_returns() {
    let (value, gradient) = returns_early_value_and_grad(3.0, 2.0);
    close((value, &[gradient.0, gradient.1]), 16.0, &[4.0, 7.0]);
    let (value, gradient) = returns_early_value_and_grad(3.0, 0.0);
    close((value, &[gradient.0, gradient.1]), 1.0, &[0.0, 0.0]);
    let (value, gradient) = returns_early_twice_value_and_grad(2.0, 12.0);
    close((value, &[gradient.0, gradient.1]), 144.0, &[0.0, 24.0]);
    close((returns_early_twice_jvp(2.0, 3.0, 1.0, 1.0).1, &[]), 5.0, &[]);
}

#[grad(jvp)]
fn two_levels(i: f64, j: f64) -> f64 {
    let mut res = 0.0;
    'outer: for a in 0..6i32 {
        for b in 0..6i32 {
            if b > a {
                break;
            }
            if (a + b) % 2 == 1 {
                continue;
            }
            if a * b > 8 {
                break 'outer;
            }
            res += i * f64::from(a) + j * f64::from(b) * i;
        }
    }
    res * res
}

#[test]
fn exits_across_levels() {
    let (value, gradient) = two_levels_value_and_grad(2.0, 3.0);
    close((value, &[gradient.0, gradient.1]), 1600.0, &[1600.0, 640.0]);
    close((two_levels_jvp(2.0, 3.0, 1.0, 1.0).1, &[]), 2240.0, &[]);
}

#[grad(jvp)]
fn sum_until(v: &[f64]) -> f64 {
    let mut v = v.to_vec();
    let mut ret = 0.0;
    for k in 0..v.len() {
        ret += v[k] * v[k];
        if ret > 30.0 {
            break;
        }
        ret += v[k] * v[k];
        v[k] = 0.0;
    }
    ret
}

#[test]
fn a_break_in_the_middle_of_an_iteration() {
    let (value, gradient) = sum_until_value_and_grad(&[1.0, 2.0, 3.0, 4.0, 5.0]);
    close((value, &gradient), 44.0, &[4.0, 8.0, 12.0, 8.0, 0.0]);
}

#[grad(jvp)]
fn insertion_sort(p: &[f64]) -> f64 {
    let mut a = p.to_vec();
    for i in 1..a.len() {
        let mut j = i;
        while j > 0 && a[j - 1] < a[j] {
            a.swap(j - 1, j);
            j -= 1;
        }
    }
    let mut s = 0.0;
    for i in 0..3 {
        s += (i as f64 + 1.0) * a[i];
    }
    s
}

#[test]
fn sorting_in_place() {
    let (value, gradient) = insertion_sort_value_and_grad(&[0.3, 0.9, 0.1, 0.7, 0.5, 0.2]);
    close((value, &gradient), 3.8, &[0.0, 1.0, 0.0, 2.0, 3.0, 0.0]);
}

#[grad(jvp)]
fn forward_substitution(l: &[f64; 6], b: &[f64; 3]) -> f64 {
    let mut x = [0.0; 3];
    for i in 0..3 {
        let mut s = b[i];
        for j in 0..i {
            s -= l[i * (i + 1) / 2 + j] * x[j];
        }
        x[i] = s / l[i * (i + 1) / 2 + i];
    }
    x[0] + x[1] + x[2] * x[2]
}

#[test]
fn a_triangular_solve() {
    let (l, b) = ([2.0, 1.0, 3.0, 0.5, -1.0, 4.0], [1.0, 2.0, 3.0]);
    let gradient = forward_substitution_grad(&l, &b);
    let f = |(l, b): &([f64; 6], [f64; 3])| forward_substitution(l, b);
    assert_gradient("forward_substitution", &["l", "b"], f, &(l, b), &gradient);
    let (_, dot) = forward_substitution_jvp(&l, &b, &[1.0; 6], &[0.5; 3]);
    let sum = gradient.0.iter().sum::<f64>() + 0.5 * gradient.1.iter().sum::<f64>();
    close((dot, &[]), sum, &[]);
}

#[grad(jvp)]
fn borrowed_row(m: &[f64], k: f64) -> f64 {
    let mut a = m.to_vec();
    let n = 3;
    for i in 0..n {
        let row = &mut a[i * n..(i + 1) * n];
        for x in row.iter_mut() {
            *x *= k;
        }
        row[0] += row[1] * row[2];
        row[1] *= row[0];
    }
    let mut s = 0.0;
    for (i, x) in a.iter().enumerate() {
        s += x * x * (i as f64 + 1.0);
    }
    s
}

#[test]
fn a_borrowed_part_is_updated() {
    let m: Vec<f64> = (0..9).map(|i| (f64::from(i) * 0.9).cos()).collect();
    let gradient = borrowed_row_grad(&m, 0.7);
    let f = |(m, k): &(Vec<f64>, f64)| borrowed_row(m, *k);
    assert_gradient("borrowed_row", &["m", "k"], f, &(m.clone(), 0.7), &gradient);
    let (_, dot) = borrowed_row_jvp(&m, 0.7, &[1.0; 9], 0.5);
    let sum = gradient.0.iter().sum::<f64>() + 0.5 * gradient.1;
    close((dot, &[]), sum, &[]);
}

#[grad(jvp)]
fn recurrent(x: [f64; 2], w: [f64; 2]) -> f64 {
    let mut h = [0.0, 0.0];
    let mut loss = 0.0;
    for t in 0..4 {
        let u = x[t % 2] * w[0];
        h = [(u + h[1]).tanh(), (u * w[1] + h[0]).tanh()];
        loss += h[0] + h[1] * h[1];
    }
    loss
}

#[test]
fn an_array_replaced_in_each_iteration() {
    let gradient = recurrent_grad([0.5, -0.3], [0.2, 0.8]);
    let f = |(x, w): &([f64; 2], [f64; 2])| recurrent(*x, *w);
    let point = ([0.5, -0.3], [0.2, 0.8]);
    assert_gradient("recurrent", &["x", "w"], f, &point, &gradient);
    let (_, dot) = recurrent_jvp([0.5, -0.3], [0.2, 0.8], [1.0, 1.0], [1.0, 1.0]);
    close((dot, &[]), gradient.0.iter().chain(&gradient.1).sum(), &[]);
}
