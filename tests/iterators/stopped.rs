//! Scans that stop, and sums of numbers that depend on floats.

use autodiff::grad;
use autodiff_tests::{confirmed, numbers};

#[grad(jvp)]
fn until_negative(p: &[f64]) -> f64 {
    p.iter()
        .scan(1.0, |product, x| {
            if *x < 0.0 {
                return None;
            }
            *product *= x;
            Some(*product)
        })
        .sum()
}
confirmed!(a_scan_until_an_item: until_negative at numbers(4), [0.5, 2.0, -1.0, 3.0], [-1.0]);

#[grad(jvp)]
fn until_full(p: &[f64]) -> f64 {
    p.iter()
        .scan(0.0, |sum, x| {
            *sum += x;
            if *sum > 2.0 { None } else { Some(*sum * *sum) }
        })
        .sum()
}
confirmed!(a_scan_until_its_state: until_full at numbers(4), [0.5, 1.0, 1.0], [3.0]);

#[grad(jvp)]
fn places(p: &[f64]) -> f64 {
    let t = p[0];
    let of_indices: usize = (0..p.len()).filter(|&i| p[i] > t).sum();
    let of_ones: usize = p.iter().map(|x| if *x > t { 1 } else { 0 }).sum();
    let numbered: usize = p.iter().enumerate().map(|(i, x)| if *x > t { i } else { 0 }).sum();
    let product: u64 = p.iter().map(|x| if *x > t { 2 } else { 1 }).product();
    let n = p.len();
    p[of_indices % n] * p[of_ones % n] + p[numbered % n] * t * product as f64
}
confirmed!(sums_of_numbers: places at [0.5, 2.0, 3.0], [1.1, 0.3, 1.7, 2.5]);
