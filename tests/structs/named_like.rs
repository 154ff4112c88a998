//! Methods of the user's that have the names of `std`'s, and structures that are not `Copy`.

use autodiff::{Differentiable, grad};

use crate::confirmed;

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Arrow {
    x: f64,
    y: f64,
}

#[grad]
impl Arrow {
    fn len(&self) -> f64 {
        (self.x * self.x + self.y * self.y).sqrt()
    }

    fn push(&mut self, by: f64) {
        self.x *= by;
        self.y += by;
    }

    fn swap(&self, by: f64) -> f64 {
        self.x * by - self.y
    }

    fn reverse(&mut self) {
        self.x = 1.0 - self.x * self.x;
    }
}

/// How long, where arithmetic with floats tells that it is no count.
#[grad(jvp)]
fn lengths(p: &[f64]) -> f64 {
    let arrow = Arrow { x: p[0], y: p[1] };
    if arrow.len() > 1e3 {
        return 0.0;
    }
    let spelled: f64 = arrow.len();
    let all = [arrow, Arrow { x: p[1], y: p[0] * p[1] }];
    let mut sum = 0.0;
    for a in &all {
        sum += a.len();
    }
    let by_chain: f64 = all.iter().map(|a| 0.5 * a.len()).sum();
    spelled * 2.0 + arrow.len() * p[0] + sum * by_chain + autodiff::stop_gradient(0.0 * arrow.len())
}
confirmed!(a_length_that_is_a_float: lengths at [0.7, 1.2], [1.3, 0.4]);

/// Changes, where a structure is built or has fields.
#[grad(jvp)]
fn changed(p: &[f64]) -> f64 {
    let mut arrows = [Arrow { x: p[0], y: p[1] }, Arrow { x: p[1], y: p[0] }];
    arrows[0].push(p[1]);
    arrows[1].push(p[0] * p[1]);
    arrows[1].reverse();
    arrows[0].swap(p[0]) * arrows[1].x + arrows[1].y
}
confirmed!(changes_of_elements: changed at [0.7, 1.2], [1.3, 0.4]);

#[grad]
fn turned(arrow: Arrow) -> f64 {
    let mut arrow = arrow;
    arrow.reverse();
    arrow.x * arrow.y
}

#[grad(jvp)]
fn of_turned(p: &[f64]) -> f64 {
    turned(Arrow { x: p[0], y: p[1] })
}
confirmed!(a_change_of_what_has_fields: of_turned at [0.7, 1.2], [1.3, 0.4]);

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Tank {
    level: f64,
    marks: Vec<f64>,
}

#[grad(jvp)]
fn in_a_vec(p: &[f64]) -> f64 {
    let a = Tank { level: p[0], marks: vec![p[1]] };
    let b = Tank { level: p[1], marks: vec![p[0]] };
    let mut tanks = vec![a];
    tanks.push(b);
    for tank in tanks.iter_mut() {
        tank.level *= p[1];
        tank.marks[0] *= tank.level;
    }
    tanks[0].level * tanks[1].marks[0] * tanks[0].marks.len() as f64
}
confirmed!(moved_into_a_vec: in_a_vec at [0.7, 1.2], [1.3, 0.4]);

/// A type and a field whose names are words of the language.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
#[allow(non_camel_case_types, reason = "the word is lower case")]
struct r#loop {
    x: f64,
    r#type: f64,
}

#[grad]
fn raw(of: &r#loop, w: f64) -> f64 {
    of.x * of.r#type * w
}

#[test]
fn raw_names() {
    let of = r#loop { x: 2.0, r#type: 3.0 };
    assert_eq!(raw_grad(&of, 5.0), (r#loop { x: 15.0, r#type: 10.0 }, 6.0));
}
