//! Sorting by hand: what moves carries its derivative along.

use autodiff::grad;

use crate::{confirmed, numbers};

/// The sorted numbers, each weighted by its place.
#[grad(jvp)]
fn heap_sort(p: &[f64]) -> f64 {
    let mut a = p.to_vec();
    let n = a.len();
    let mut start = n / 2;
    let mut end = n;
    while end > 1 {
        if start > 0 {
            start -= 1;
        } else {
            end -= 1;
            a.swap(0, end);
        }
        let mut root = start;
        loop {
            let mut child = 2 * root + 1;
            if child >= end {
                break;
            }
            if child + 1 < end && a[child] < a[child + 1] {
                child += 1;
            }
            if a[root] >= a[child] {
                break;
            }
            let held = a[root];
            a[root] = a[child];
            a[child] = held;
            root = child;
        }
    }
    let mut s = 0.0;
    for i in 0..n {
        s += (i + 1) as f64 * a[i] * a[i];
    }
    s
}
confirmed!(a_heap_sort: heap_sort at numbers(1), numbers(2), numbers(9), numbers(16));

#[grad(jvp)]
fn quick_sort(p: &[f64]) -> f64 {
    let mut a = p.to_vec();
    let mut stack = vec![(0, a.len())];
    while let Some((lo, hi)) = stack.pop() {
        if hi - lo < 2 {
            continue;
        }
        let pivot = a[hi - 1];
        let mut split = lo;
        for j in lo..hi - 1 {
            if a[j] < pivot {
                a.swap(split, j);
                split += 1;
            }
        }
        a.swap(split, hi - 1);
        stack.push((lo, split));
        stack.push((split + 1, hi));
    }
    let mut s = 0.0;
    for i in 0..a.len() {
        s = s * 0.9 + a[i] * a[i];
    }
    s
}
confirmed!(a_quick_sort: quick_sort at numbers(1), numbers(7), numbers(12));

/// The median by insertion into a sorted prefix.
#[grad(jvp)]
fn median(p: &[f64]) -> f64 {
    let mut sorted: Vec<f64> = Vec::new();
    for &x in p {
        sorted.push(x);
        let mut j = sorted.len() - 1;
        while j > 0 && sorted[j - 1] > sorted[j] {
            sorted.swap(j - 1, j);
            j -= 1;
        }
    }
    let n = sorted.len();
    if n % 2 == 1 { sorted[n / 2] } else { 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]) }
}
confirmed!(a_median: median at numbers(1), numbers(6), numbers(9));
