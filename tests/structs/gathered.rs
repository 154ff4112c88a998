//! Structs that methods fill, results that nothing flows into, slices of structs.

use std::ops::{Index, IndexMut};

use autodiff::{Differentiable, grad};

use crate::{Vec3, confirmed, numbers};

/// What is gathered, one by one.
#[derive(Clone, Debug, Differentiable)]
struct Gathered {
    sums: Vec<f64>,
    count: usize,
}

#[grad]
impl Gathered {
    fn add(&mut self, at: usize, x: f64) {
        self.sums[at] += x * x;
        self.count += 1;
    }

    fn at(&self, at: usize) -> f64 {
        self.sums[at] * self.sums[at]
    }
}

fn empty() -> Gathered {
    Gathered { sums: vec![0.0; 2], count: 0 }
}

// Nothing is active in it at first: what the methods are given makes it so.
#[grad(jvp)]
fn filled(p: &[f64]) -> f64 {
    let mut all = empty();
    all.add(1, p[0]);
    all.add(0, p[1] * p[2]);
    all.add(1, p[2]);
    all.at(0) * all.at(1) + all.count as f64
}
confirmed!(filled_by_a_method: filled at numbers(3));

#[grad(jvp)]
fn filled_in_a_loop(p: &[f64]) -> f64 {
    let mut all = empty();
    for i in 0..p.len() {
        all.add(i % 2, p[i]);
    }
    all.at(0) * all.at(1)
}
confirmed!(filled_by_a_method_in_a_loop: filled_in_a_loop at numbers(5));

/// Indexed by row and column.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Grid {
    cells: [f64; 4],
}

impl Index<(usize, usize)> for Grid {
    type Output = f64;

    fn index(&self, (row, column): (usize, usize)) -> &f64 {
        &self.cells[2 * row + column]
    }
}

impl IndexMut<(usize, usize)> for Grid {
    fn index_mut(&mut self, (row, column): (usize, usize)) -> &mut f64 {
        &mut self.cells[2 * row + column]
    }
}

// The index is a constant of the function, and has a name.
#[grad(jvp)]
fn corner(p: &[f64]) -> f64 {
    let n = p.len();
    let grid = Grid { cells: [p[0], p[1], p[2], p[0] * p[1]] };
    p[n - 1] / grid[(n - 2, n - 2)]
}
confirmed!(an_index_that_is_a_pair: corner at numbers(3));

#[grad(jvp)]
fn of_none(x: f64, n: usize) -> Vec3 {
    Vec3 { x: (n + usize::from(x > 0.0)) as f64, y: 1.0, z: 2.0 }
}

#[grad(jvp)]
fn list_of_none(x: f64, n: usize) -> Vec<f64> {
    vec![1.0; n + usize::from(x > 0.0)]
}

#[test]
fn nothing_flows_into_the_result() {
    let zero = Vec3 { x: 0.0, y: 0.0, z: 0.0 };
    assert_eq!(of_none_jvp(0.5, 3, 1.0), (of_none(0.5, 3), zero));
    assert_eq!(list_of_none_jvp(0.5, 3, 1.0), (vec![1.0; 4], vec![0.0; 4]));
}

#[grad]
fn first(all: &[Vec3]) -> f64 {
    all[0].x * all[0].y
}

#[grad]
fn through(scale: f64, all: &[Vec3]) -> f64 {
    first(all) * scale
}

#[test]
fn the_buffer_of_a_slice_of_structs_is_overwritten() {
    let all = [Vec3 { x: 2.0, y: 3.0, z: 5.0 }, Vec3 { x: 7.0, y: 11.0, z: 13.0 }];
    let zero = Vec3 { x: 0.0, y: 0.0, z: 0.0 };
    let (mut scale_bar, mut all_bar) = (1.0, all);
    let value = through_value_and_grad_into(0.5, &all, &mut scale_bar, &mut all_bar);
    approx::assert_relative_eq!(value, 3.0);
    approx::assert_relative_eq!(scale_bar, 6.0);
    assert_eq!(all_bar, [Vec3 { x: 1.5, y: 1.0, z: 0.0 }, zero]);
}

#[grad(jvp)]
fn documented(p: &[f64]) -> f64 {
    //! Documentation, and attributes, inside of what they are of.
    #![allow(clippy::let_and_return)]
    let y = p[0] * p[0].sin();
    y
}
confirmed!(a_body_with_documentation: documented at numbers(1));
