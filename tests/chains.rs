//! Iterator chains: each as a chain and as a loop, with the same value bit for bit and the same
//! gradient, in both modes and against differences.

#![deny(warnings)]
#![allow(
    clippy::filter_map_bool_then,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::explicit_counter_loop,
    clippy::explicit_iter_loop,
    clippy::suboptimal_flops,
    clippy::assign_op_pattern,
    clippy::redundant_closure,
    clippy::unwrap_used,
    clippy::needless_for_each,
    clippy::unnecessary_fold,
    clippy::redundant_closure_for_method_calls,
    clippy::manual_inspect,
    clippy::many_single_char_names,
    clippy::float_cmp,
    reason = "the functions are chains and loops, written in every way that is accepted"
)]

use autodiff::check::assert_gradient;
use autodiff::grad;

type Gradient = (f64, Vec<f64>);
type Case = (
    &'static str,
    fn(f64, &[f64]) -> f64,
    fn(f64, &[f64]) -> (f64, Gradient),
    fn(f64, &[f64], f64, &[f64]) -> (f64, f64),
);

/// A function and its derivatives.
macro_rules! case {
    ($name:ident) => {
        (stringify!($name), $name, $name::value_and_grad, $name::jvp)
    };
}

const LISTS: [&[f64]; 4] = [&[], &[0.7], &[1.3, -0.4, 0.9, 2.1, 0.2], &[-0.3, 0.6, 0.8, 1.1]];

/// Asserts that two functions are one, with the derivatives that differences give.
fn same(chain: &Case, index: &Case, lists: &[&[f64]]) {
    for &v in lists {
        let x = 0.83;
        let (value, gradient) = (chain.2)(x, v);
        let (expected, other) = (index.2)(x, v);
        assert_eq!(value.to_bits(), (chain.1)(x, v).to_bits(), "{}: value at {v:?}", chain.0);
        assert_eq!(value.to_bits(), expected.to_bits(), "{}: {value} at {v:?}", chain.0);
        approx::assert_relative_eq!(gradient.0, other.0, max_relative = 1e-12, epsilon = 1e-13);
        approx::assert_relative_eq!(
            gradient.1.as_slice(),
            other.1.as_slice(),
            max_relative = 1e-12,
            epsilon = 1e-13
        );
        let at = (x, v.to_vec());
        assert_gradient(chain.0, &["x", "v"], |(x, v)| (chain.1)(*x, v), &at, &gradient);
        let direction: Vec<f64> = (0..v.len()).map(|i| 0.5 - 0.3 * i as f64).collect();
        let (same, dot) = (chain.3)(x, v, 0.6, &direction);
        let known: f64 = direction.iter().zip(&gradient.1).map(|(a, b)| a * b).sum();
        assert_eq!(same.to_bits(), value.to_bits(), "{}: value of jvp", chain.0);
        approx::assert_relative_eq!(
            dot,
            0.6 * gradient.0 + known,
            max_relative = 1e-12,
            epsilon = 1e-13
        );
    }
}

#[grad(jvp)]
fn map_sum(x: f64, v: &[f64]) -> f64 {
    v.iter().map(|a| a * x).sum::<f64>().sin()
}

#[grad(jvp)]
fn map_sum_loop(x: f64, v: &[f64]) -> f64 {
    let mut sum: f64 = -0.0;
    for a in v.iter() {
        sum += a * x;
    }
    sum.sin()
}

#[test]
fn sums_of_mapped_items() {
    same(&case!(map_sum), &case!(map_sum_loop), &LISTS);
}

#[grad(jvp)]
fn dot(x: f64, v: &[f64]) -> f64 {
    let dot: f64 = v.iter().zip(v.iter().skip(1)).map(|(a, b)| a * b).sum();
    x * dot
}

#[grad(jvp)]
fn dot_loop(x: f64, v: &[f64]) -> f64 {
    let mut dot = -0.0;
    for i in 1..v.len() {
        dot += v[i - 1] * v[i];
    }
    x * dot
}

#[test]
fn products_of_neighbours() {
    same(&case!(dot), &case!(dot_loop), &LISTS);
}

#[grad(jvp)]
fn horner(x: f64, v: &[f64]) -> f64 {
    v.iter().rev().fold(0.0, |acc, c| acc * x + c)
}

#[grad(jvp)]
fn horner_loop(x: f64, v: &[f64]) -> f64 {
    let mut acc = 0.0;
    for i in (0..v.len()).rev() {
        acc = acc * x + v[i];
    }
    acc
}

#[test]
fn folds_from_the_end() {
    same(&case!(horner), &case!(horner_loop), &LISTS);
}

#[grad(jvp)]
fn filtered(x: f64, v: &[f64]) -> f64 {
    v.iter()
        .enumerate()
        .filter(|(i, a)| i % 2 == 0 && **a > 0.1)
        .map(|(i, a)| a.powi(i as i32) * x)
        .sum()
}

#[grad(jvp)]
fn filtered_loop(x: f64, v: &[f64]) -> f64 {
    let mut sum = -0.0;
    for i in 0..v.len() {
        if i % 2 == 0 && v[i] > 0.1 {
            sum += v[i].powi(i as i32) * x;
        }
    }
    sum
}

#[test]
fn filters_of_pairs() {
    same(&case!(filtered), &case!(filtered_loop), &LISTS);
}

#[grad(jvp)]
fn log_sum_exp(x: f64, v: &[f64]) -> f64 {
    let top = v.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    top + v.iter().map(|a| (x * (a - top)).exp()).sum::<f64>().ln()
}

#[grad(jvp)]
fn log_sum_exp_loop(x: f64, v: &[f64]) -> f64 {
    let mut top = f64::NEG_INFINITY;
    for i in 0..v.len() {
        top = top.max(v[i]);
    }
    let mut sum = -0.0;
    for i in 0..v.len() {
        sum += (x * (v[i] - top)).exp();
    }
    top + sum.ln()
}

#[test]
fn the_largest_by_fold() {
    same(&case!(log_sum_exp), &case!(log_sum_exp_loop), &LISTS[1..]);
}

#[grad(jvp)]
fn product(x: f64, v: &[f64]) -> f64 {
    v.iter().map(|a| a + x).filter(|&b| b > 0.5).product()
}

#[grad(jvp)]
fn product_loop(x: f64, v: &[f64]) -> f64 {
    let mut product = 1.0;
    for i in 0..v.len() {
        let b = v[i] + x;
        if b > 0.5 {
            product *= b;
        }
    }
    product
}

#[test]
fn products_of_filtered_items() {
    same(&case!(product), &case!(product_loop), &LISTS);
}

#[grad(jvp)]
fn backwards(x: f64, v: &[f64]) -> f64 {
    let mut s = x;
    for y in v.iter().rev() {
        if *y > 0.5 && y.abs() < 100.0 {
            s = s * y.ln() + y;
        }
    }
    s
}

#[grad(jvp)]
fn backwards_loop(x: f64, v: &[f64]) -> f64 {
    let mut s = x;
    for i in (0..v.len()).rev() {
        if v[i] > 0.5 && v[i].abs() < 100.0 {
            s = s * v[i].ln() + v[i];
        }
    }
    s
}

#[test]
fn loops_from_the_end() {
    same(&case!(backwards), &case!(backwards_loop), &LISTS);
}

#[grad(jvp)]
fn largest(x: f64, v: &[f64]) -> f64 {
    let top = *v.iter().max_by(|a, b| a.total_cmp(b)).unwrap();
    let low = v.iter().map(|a| a * x).min_by(|a, b| a.partial_cmp(b).unwrap()).unwrap_or(x);
    let mid = v.iter().copied().reduce(f64::min).unwrap_or(2.0);
    top * top + low + mid * x
}

#[grad(jvp)]
fn largest_loop(x: f64, v: &[f64]) -> f64 {
    let (mut top, mut low, mut mid) = (v[0], v[0] * x, v[0]);
    for i in 1..v.len() {
        if v[i] >= top {
            top = v[i];
        }
        if v[i] * x < low {
            low = v[i] * x;
        }
        mid = mid.min(v[i]);
    }
    top * top + low + mid * x
}

#[test]
fn extremes() {
    same(&case!(largest), &case!(largest_loop), &LISTS[1..]);
    assert_eq!(std::panic::catch_unwind(|| largest(1.0, &[])).is_err(), {
        std::panic::catch_unwind(|| largest_grad(1.0, &[])).is_err()
    });
}

#[grad(jvp)]
fn whiles(x: f64, v: &[f64]) -> f64 {
    let first: f64 = v.iter().map(|a| a * x).take_while(|&y| y < 1.0).sum();
    let rest: f64 = v.iter().map(|a| a + x).skip_while(|y| *y > 0.5).map(|y| y * y).sum();
    let third: f64 = v.iter().map_while(|a| if *a > 0.0 { Some(a.sqrt() * x) } else { None }).sum();
    first * rest + third
}

#[grad(jvp)]
fn whiles_loop(x: f64, v: &[f64]) -> f64 {
    let mut first = -0.0;
    let mut i = 0;
    while i < v.len() && v[i] * x < 1.0 {
        first += v[i] * x;
        i += 1;
    }
    let mut rest = -0.0;
    let mut skipping = true;
    for i in 0..v.len() {
        let y = v[i] + x;
        if skipping && y > 0.5 {
            continue;
        }
        skipping = false;
        rest += y * y;
    }
    let mut third = -0.0;
    for i in 0..v.len() {
        if v[i] <= 0.0 {
            break;
        }
        third += v[i].sqrt() * x;
    }
    first * rest + third
}

#[test]
fn chains_that_end_early() {
    same(&case!(whiles), &case!(whiles_loop), &LISTS);
}

#[grad(jvp)]
fn triangle(x: f64, v: &[f64]) -> f64 {
    (0..v.len())
        .flat_map(|i| (0..i).map(move |j| (i, j)))
        .filter(|(i, j)| (i + j) % 2 == 1)
        .map(|(i, j)| v[i] * v[j] * x)
        .sum()
}

#[grad(jvp)]
fn triangle_loop(x: f64, v: &[f64]) -> f64 {
    let mut sum = -0.0;
    for i in 0..v.len() {
        for j in 0..i {
            if (i + j) % 2 == 1 {
                sum += v[i] * v[j] * x;
            }
        }
    }
    sum
}

#[test]
fn nested_ranges() {
    same(&case!(triangle), &case!(triangle_loop), &LISTS);
}

#[grad(jvp)]
fn beside(x: f64, v: &[f64]) -> f64 {
    let mean = v.iter().sum::<f64>() / (v.len() as f64 + x);
    let covariance: f64 =
        v.iter().map(|a| a - mean).zip(v.iter().map(|a| a * x)).map(|(a, b)| a * b).sum();
    let weighted: f64 = v.iter().map(|a| a.sin()).zip(1..).map(|(a, n)| a / f64::from(n)).sum();
    covariance + weighted
}

#[grad(jvp)]
fn beside_loop(x: f64, v: &[f64]) -> f64 {
    let mut mean = -0.0;
    for i in 0..v.len() {
        mean += v[i];
    }
    mean /= v.len() as f64 + x;
    let mut covariance = -0.0;
    let mut weighted = -0.0;
    for i in 0..v.len() {
        covariance += (v[i] - mean) * (v[i] * x);
        weighted += v[i].sin() / (i as f64 + 1.0);
    }
    covariance + weighted
}

#[test]
fn mapped_items_side_by_side() {
    same(&case!(beside), &case!(beside_loop), &LISTS);
}

#[grad(jvp)]
fn counted(x: f64, v: &[f64]) -> f64 {
    let some: f64 =
        v.iter().filter(|a| **a > 0.0).skip(1).take(2).enumerate().map(|(i, a)| a * i as f64).sum();
    let others: f64 = v.iter().map(|a| a * x).step_by(2).chain(v.iter().map(|a| a - x)).sum();
    let none: f64 = v.iter().filter(|a| **a > 0.0).take(0).sum();
    some + others * x + none
}

#[grad(jvp)]
fn counted_loop(x: f64, v: &[f64]) -> f64 {
    let mut some = -0.0;
    let mut seen = 0;
    for i in 0..v.len() {
        if v[i] > 0.0 {
            seen += 1;
            if seen > 1 && seen < 4 {
                some += v[i] * (f64::from(seen) - 2.0);
            }
        }
    }
    let mut others = -0.0;
    for i in 0..v.len() {
        if i % 2 == 0 {
            others += v[i] * x;
        }
    }
    for i in 0..v.len() {
        others += v[i] - x;
    }
    some + others * x - 0.0
}

#[test]
fn items_that_are_counted() {
    same(&case!(counted), &case!(counted_loop), &LISTS);
}

#[grad(jvp)]
fn running(x: f64, v: &[f64]) -> f64 {
    let mut total = x;
    v.iter().skip(1).for_each(|y| total += y * x);
    let scanned: f64 = v
        .iter()
        .scan(1.0, |state, y| {
            *state *= y + x;
            Some(*state)
        })
        .sum();
    let logs: f64 = v.iter().filter_map(|y| (*y > 0.5).then(|| y.ln())).sum();
    total + scanned * logs
}

#[grad(jvp)]
fn running_loop(x: f64, v: &[f64]) -> f64 {
    let mut total = x;
    for i in 1..v.len() {
        total += v[i] * x;
    }
    let (mut state, mut scanned) = (1.0, -0.0);
    for i in 0..v.len() {
        state *= v[i] + x;
        scanned += state;
    }
    let mut logs = -0.0;
    for i in 0..v.len() {
        if v[i] > 0.5 {
            logs += v[i].ln();
        }
    }
    total + scanned * logs
}

#[test]
fn state_that_is_carried() {
    same(&case!(running), &case!(running_loop), &LISTS);
}

#[grad(jvp)]
fn moments(x: f64, v: &[f64]) -> f64 {
    let (s, q) = v.iter().map(|a| a * x).fold((0.0, 0.0), |(s, q), y| (s + y, q + y * y));
    let n = v.iter().filter(|a| **a > x).count();
    q - s * s * n as f64
}

#[grad(jvp)]
fn moments_loop(x: f64, v: &[f64]) -> f64 {
    let (mut s, mut q) = (0.0, 0.0);
    let mut n = 0;
    for i in 0..v.len() {
        let y = v[i] * x;
        s += y;
        q += y * y;
        if v[i] > x {
            n += 1;
        }
    }
    q - s * s * f64::from(n)
}

#[test]
fn folds_of_pairs() {
    same(&case!(moments), &case!(moments_loop), &LISTS);
}

#[grad(jvp)]
fn named(x: f64, v: &[f64]) -> f64 {
    let f = |z: f64| x * z + z * z;
    let square = |z: f64| z * z;
    let above = move |z: f64| if square(z) > 1.0 { square(z) * x } else { z };
    let mut total = 0.0;
    let mut add = |a: f64| total += a * x;
    add(f(x));
    add(f(f(1.0)));
    for &a in v {
        add(a.sin());
    }
    total + v.iter().copied().map(above).sum::<f64>() + square(2.0) * x
}

#[grad(jvp)]
fn named_loop(x: f64, v: &[f64]) -> f64 {
    let mut total = 0.0;
    total += (x * x + x * x) * x;
    let y = x * 1.0 + 1.0 * 1.0;
    total += (x * y + y * y) * x;
    for i in 0..v.len() {
        total += v[i].sin() * x;
    }
    let mut sum: f64 = -0.0;
    for i in 0..v.len() {
        sum += if v[i] * v[i] > 1.0 { v[i] * v[i] * x } else { v[i] };
    }
    total + sum + 4.0 * x
}

#[test]
fn closures_that_have_names() {
    same(&case!(named), &case!(named_loop), &LISTS);
}

#[grad(jvp)]
fn conditions(x: f64, v: &[f64]) -> f64 {
    let scale = |z: f64| {
        let w = z * x;
        w.sin()
    };
    let mut s = x;
    for i in 0..v.len() {
        if scale(v[i]) > 0.1 {
            s += scale(v[i] * s);
        }
    }
    if v.iter().any(|a| *a > 2.0) && (0..v.len()).all(|i| v[i] < 3.0) { s * x } else { s }
}

#[grad(jvp)]
fn conditions_loop(x: f64, v: &[f64]) -> f64 {
    let mut s = x;
    let (mut any, mut all) = (false, true);
    for i in 0..v.len() {
        if (v[i] * x).sin() > 0.1 {
            s += (v[i] * s * x).sin();
        }
        any |= v[i] > 2.0;
        all &= v[i] < 3.0;
    }
    if any && all { s * x } else { s }
}

#[test]
fn closures_in_conditions() {
    same(&case!(conditions), &case!(conditions_loop), &LISTS);
}

#[grad(jvp)]
fn over_chains(x: f64, v: &[f64]) -> f64 {
    let mut s = x;
    for (i, y) in v.iter().map(|a| a * x).enumerate().filter(|(i, _)| *i != 1) {
        if y > 1.5 {
            break;
        }
        s = s * y + i as f64;
    }
    for y in v.iter().rev().filter(|a| **a > 0.0).map(|a| a.sqrt()).take_while(|a| *a < 1.2) {
        s += y * s;
    }
    s
}

#[grad(jvp)]
fn over_chains_loop(x: f64, v: &[f64]) -> f64 {
    let mut s = x;
    for i in 0..v.len() {
        if i == 1 {
            continue;
        }
        if v[i] * x > 1.5 {
            break;
        }
        s = s * (v[i] * x) + i as f64;
    }
    for i in (0..v.len()).rev() {
        if v[i] > 0.0 {
            if v[i].sqrt() >= 1.2 {
                break;
            }
            s += v[i].sqrt() * s;
        }
    }
    s
}

#[test]
fn loops_over_chains() {
    same(&case!(over_chains), &case!(over_chains_loop), &LISTS);
}

/// Names of the items on one side of a `zip`, which closures on the other side do not see.
#[grad(jvp)]
fn names_of_one_side(x: f64, v: &[f64]) -> f64 {
    let a = 2.0 * x;
    let once: f64 = v.iter().zip(v.iter().map(|w| w * a)).map(|(a, w)| a * w).sum();
    let twice: f64 =
        v.iter().map(|a| a.sin()).zip(v.iter().map(|w| w + a)).map(|(a, w)| a * w).sum();
    let mut last = 0.0;
    for (v, w) in v.iter().zip(v.iter().map(|w| w * a)) {
        last = v * w - 0.5 * last;
    }
    once + twice * last
}

#[grad(jvp)]
fn names_of_one_side_loop(x: f64, v: &[f64]) -> f64 {
    let a = 2.0 * x;
    let (mut once, mut twice, mut last) = (-0.0, -0.0, 0.0);
    for i in 0..v.len() {
        once += v[i] * (v[i] * a);
    }
    for i in 0..v.len() {
        twice += v[i].sin() * (v[i] + a);
    }
    for i in 0..v.len() {
        last = v[i] * (v[i] * a) - 0.5 * last;
    }
    once + twice * last
}

#[test]
fn names_of_one_side_of_a_zip() {
    same(&case!(names_of_one_side), &case!(names_of_one_side_loop), &LISTS);
}

/// Counted from either end, where the length is that of something.
#[grad(jvp)]
#[allow(clippy::range_zip_with_len, reason = "the other way round is another function")]
fn numbered(x: f64, v: &[f64]) -> f64 {
    let mut s = x;
    for (a, i) in v.iter().zip(0..v.len()).rev() {
        s = s * 0.5 + a * i as f64;
    }
    for (i, a) in v.iter().enumerate().skip(1) {
        s = s.sin() + a * i as f64;
    }
    s
}

#[grad(jvp)]
fn numbered_loop(x: f64, v: &[f64]) -> f64 {
    let mut s = x;
    for i in (0..v.len()).rev() {
        s = s * 0.5 + v[i] * i as f64;
    }
    for i in 1..v.len() {
        s = s.sin() + v[i] * i as f64;
    }
    s
}

#[test]
fn numbered_items_from_the_end() {
    same(&case!(numbered), &case!(numbered_loop), &LISTS);
}
