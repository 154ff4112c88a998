//! What must hold of every function.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::exhibit::Exhibit;
use crate::point::{Float, Point};

/// Lengths of slices and integers that are tried.
const LENGTHS: [usize; 13] = [4, 6, 3, 9, 8, 5, 2, 1, 12, 16, 10, 7, 18];
const INTEGERS: [u8; 6] = [3, 2, 1, 4, 0, 5];

/// Between which numbers the floats of a point are, and what is added to the diagonal of the square
/// matrix that they may be: positive definite ones have large numbers there.
const RANGES: [((f64, f64), f64); 4] =
    [((0.5, 1.5), 0.0), ((0.1, 0.9), 0.0), ((-1.5, 2.0), 0.0), ((0.5, 1.5), 4.0)];

/// Asserts the identities of all of them, and says of all what does not hold.
pub fn confirm<F: Float>(zoo: &[Exhibit<F>]) {
    let mut report = Report::default();
    for exhibit in zoo {
        // The last one that is named is one that does not end.
        println!("{}", exhibit.name);
        let points = exhibit.points();
        if points.is_empty() {
            report.wrong.push(format!("{} has no derivative anywhere", exhibit.name));
        }
        for point in points {
            let mut at = At { exhibit, point: &point, report: &mut report };
            at.both_modes();
            at.jacobian();
            at.second_order();
        }
    }
    println!("{} functions, {} with second derivatives", zoo.len(), report.twice);
    assert!(report.wrong.is_empty(), "of {}:\n{}", zoo.len(), report.wrong.join("\n"));
}

#[derive(Default)]
struct Report {
    wrong: Vec<String>,
    /// Points with second derivatives, and at how many of them differences say what they are.
    twice: usize,
    compared: usize,
}

impl<F: Float> Exhibit<F> {
    /// A point in each range where the function is defined, and has a derivative that is not zero
    /// if there is such a point.
    fn points(&self) -> Vec<Point<F>> {
        let in_range = |range| {
            let sizes =
                LENGTHS.iter().flat_map(|&length| INTEGERS.map(|integer| (length, integer)));
            let points = sizes.map(|(length, integer)| self.point(range, length, integer));
            let defined: Vec<(Point<F>, bool)> =
                points.filter_map(|point| Some((point.clone(), self.is_steep(&point)?))).collect();
            let steep = defined.iter().find(|(_, is_steep)| *is_steep);
            steep.or(defined.first()).map(|(point, _)| point.clone())
        };
        RANGES.into_iter().filter_map(in_range).collect()
    }

    fn point(&self, (range, diagonal): ((f64, f64), f64), length: usize, integer: u8) -> Point<F> {
        let (fixed, rows) = self.floats;
        let mut floats: Vec<F> = numbers(fixed + rows * length, 0, range);
        let step = floats.len().isqrt() + 1;
        floats.iter_mut().step_by(step).for_each(|x| *x += F::from_f64(diagonal));
        Point { floats, length, integer }
    }

    /// Whether there is a derivative that is not zero: `None` if there is none, or no value.
    fn is_steep(&self, point: &Point<F>) -> Option<bool> {
        let row = catch_unwind(AssertUnwindSafe(|| {
            let value = (self.value)(point);
            let bars = (self.cotangent)(point, &vec![F::one(); value.len()]);
            [value, bars]
        }));
        let [value, bars] = row.ok()?;
        let is_finite = |row: &[F]| row.iter().all(|number| number.wide().is_finite());
        (is_finite(&value) && is_finite(&bars)).then(|| bars.iter().any(|bar| bar.wide() != 0.0))
    }
}

/// A function at a point.
struct At<'a, F> {
    exhibit: &'a Exhibit<F>,
    point: &'a Point<F>,
    report: &'a mut Report,
}

impl<F: Float> At<'_, F> {
    /// ⟨w, J v⟩ = ⟨Jᵀ w, v⟩, and the value is the same in both.
    fn both_modes(&mut self) {
        let (exhibit, point) = (self.exhibit, self.point);
        let value = (exhibit.value)(point);
        for n in 1..3 {
            let (v, w) = (self.direction(n), numbers(value.len(), n + 3, (-1.0, 1.0)));
            let (y, y_dot) = (exhibit.tangent)(point, &v);
            self.expect(&format!("the value of `jvp`: {y:?} and {value:?}"), y == value);
            let bars = (exhibit.cotangent)(point, &w);
            self.same("⟨w, J v⟩ and ⟨Jᵀ w, v⟩", dot(&w, &y_dot), dot(&bars, &v.floats));
        }
        if let Some(gradient) = exhibit.gradient {
            let (found, bars) = (gradient(point), (exhibit.cotangent)(point, &[F::one()]));
            self.all_same("the gradient and the pullback of 1", &found, &bars);
        }
    }

    /// The rows of the Jacobian, times a direction, are the tangent in it.
    fn jacobian(&mut self) {
        let Some(jacobian) = self.exhibit.jacobian else { return };
        let (v, blocks) = (self.direction(1), jacobian(self.point));
        let (y, y_dot) = (self.exhibit.tangent)(self.point, &v);
        let mut rows = vec![Vec::new(); y.len()];
        for block in blocks.iter().filter(|block| !block.is_empty()) {
            let width = block.len() / y.len();
            for (row, part) in rows.iter_mut().zip(block.chunks(width)) {
                row.extend_from_slice(part);
            }
        }
        let active = (self.exhibit.active)(self.point);
        let along = v.floats.iter().zip(active).filter(|(_, active)| active.wide() > 0.5);
        let along: Vec<F> = along.map(|(v, _)| *v).collect();
        for (row, y_dot) in rows.iter().zip(&y_dot) {
            self.same(
                "a row of J, times v, and J v",
                dot(row, &along),
                dot(&[*y_dot], &[F::one()]),
            );
        }
    }

    /// H = Hᵀ, H v is that of its columns, and the difference of gradients.
    fn second_order(&mut self) {
        let Some(product) = self.exhibit.product else { return };
        let (point, n, v) = (self.point, self.point.floats.len(), self.direction(2));
        let units = (0..n).map(|at| {
            let floats = (0..n).map(|i| if i == at { F::one() } else { F::zero() }).collect();
            point.with(floats)
        });
        let columns: Vec<Vec<F>> = units.map(|unit| product(point, &unit)).collect();
        if columns.iter().flatten().any(|element| !element.wide().is_finite()) {
            return;
        }
        self.report.twice += 1;
        let size = largest(columns.iter().flatten());
        for i in 0..n {
            for j in 0..i {
                let pair = [columns[i][j], columns[j][i]].map(|x| (x.wide(), size));
                self.same(&format!("elements {i}, {j} and {j}, {i} of H"), pair[0], pair[1]);
            }
        }
        if let Some(hessian) = self.exhibit.hessian {
            let (found, columns) = (hessian(point).concat(), columns.concat());
            self.all_same("H and its columns", &found, &columns);
        }
        let along = product(point, &v);
        for (i, along) in along.iter().enumerate() {
            let row: Vec<F> = columns.iter().map(|column| column[i]).collect();
            let (row, size) = dot(&row, &v.floats);
            self.same("H v and that of its columns", (row, size), (along.wide(), size));
        }
        self.differences(&along, &v);
    }

    /// H v as the difference of gradients along v, where differences converge.
    fn differences(&mut self, product: &[F], v: &Point<F>) {
        let central = |h: f64| -> Option<Vec<f64>> {
            let at = |h: f64| {
                let moved = self.point.floats.iter().zip(&v.floats);
                let moved = moved.map(|(p, v)| F::from_f64(p.wide() + h * v.wide())).collect();
                let point = self.point.with(moved);
                let row = AssertUnwindSafe(|| (self.exhibit.cotangent)(&point, &[F::one()]));
                catch_unwind(row).ok()
            };
            let pairs = at(h)?.into_iter().zip(at(-h)?);
            Some(pairs.map(|(more, less)| (more.wide() - less.wide()) / (2.0 * h)).collect())
        };
        let (Some(coarse), Some(fine)) = (central(F::STEP), central(F::STEP / 2.0)) else { return };
        let size = largest(product).max(coarse.iter().fold(0.0, |size, x| x.abs().max(size)));
        let apart = coarse.iter().zip(&fine).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        if apart > 1e-2 * size {
            return;
        }
        self.report.compared += 1;
        for ((coarse, fine), product) in coarse.iter().zip(&fine).zip(product) {
            let expected = (4.0 * fine - coarse) / 3.0;
            let is_close = (product.wide() - expected).abs() <= 2.0 * apart + F::ROUGH * size;
            self.expect(&format!("H v: {product} and the difference {expected}"), is_close);
        }
    }

    /// A direction in what is differentiated.
    fn direction(&self, n: usize) -> Point<F> {
        let numbers = numbers::<F>(self.point.floats.len(), n, (-1.0, 1.0));
        let active = (self.exhibit.active)(self.point);
        self.point.with(numbers.iter().zip(active).map(|(&v, active)| v * active).collect())
    }

    /// Two numbers, each with the size of what it was summed from.
    fn same(&mut self, what: &str, (a, of_a): (f64, f64), (b, of_b): (f64, f64)) {
        let size = of_a.max(of_b);
        let is_same = (a - b).abs() <= F::TOLERANCE * size || a.to_bits() == b.to_bits();
        self.expect(&format!("{what}: {a} and {b}, of size {size}"), is_same);
    }

    fn all_same(&mut self, what: &str, a: &[F], b: &[F]) {
        self.expect(&format!("the lengths of {what}"), a.len() == b.len());
        let size = largest(a.iter().chain(b));
        for (a, b) in a.iter().zip(b) {
            self.same(what, (a.wide(), size), (b.wide(), size));
        }
    }

    fn expect(&mut self, what: &str, holds: bool) {
        if !holds {
            self.report.wrong.push(format!("{}: {what} at {:?}", self.exhibit.name, self.point));
        }
    }
}

fn largest<'f, F: Float>(row: impl IntoIterator<Item = &'f F>) -> f64 {
    row.into_iter().fold(0.0, |size, x| x.wide().abs().max(size))
}

/// A product, and the sum of the sizes of its terms.
fn dot<F: Float>(a: &[F], b: &[F]) -> (f64, f64) {
    let terms = || a.iter().zip(b).map(|(a, b)| a.wide() * b.wide());
    (terms().sum(), terms().map(f64::abs).sum())
}

/// Numbers in a range, without a pattern.
#[allow(clippy::cast_precision_loss, reason = "small counts")]
fn numbers<F: Float>(count: usize, seed: usize, (low, high): (f64, f64)) -> Vec<F> {
    let part = |i: usize| ((i + 1) as f64 * 0.618_033_988_749 + seed as f64 * 0.414).fract();
    (0..count).map(|i| F::from_f64(low + (high - low) * part(i))).collect()
}
