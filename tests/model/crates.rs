//! A program over two crates of its own, one of which knows the facade by another name and re-exports
//! what it is built on.

use autodiff::grad;
use mechanics::geo::{self, Field, Rotation, Vec3};
use mechanics::{Body, Spring, run};

use crate::{confirmed, numbers};

#[grad(jvp)]
fn launched(p: &[f64]) -> f64 {
    let field = Spring { pull: Vec3::new(0.0, 0.1, -p[0]), stiffness: p[1] };
    let turn = Rotation::about(Vec3::new(0.0, 0.6, 0.8), p[2]);
    let turn = turn.then(Rotation::about(Vec3::new(1.0, 0.0, 0.0), p[3]));
    let speed = turn.apply(Vec3::new(p[4], 0.0, 0.0));
    let body = Body { at: Vec3::new(0.1, 0.2, 0.3), speed, mass: p[5] };
    let body = run(&field, body, 0.05 * p[6], 10);
    let ahead = body.ahead(p[2]);
    geo::dot(&ahead, &body.speed) + body.kinetic() + field.potential(&body.at) + ahead.norm()
}
confirmed!(across_crates: launched at numbers(7));

#[test]
fn what_is_re_exported_is_the_same() {
    use mechanics::ad::check::assert_gradient;

    let spring = Spring { pull: Vec3::new(0.0, 0.0, -1.0), stiffness: 2.0 };
    let at = Vec3::new(0.3, -0.2, 0.5);
    let (_, at_bar) = spring.potential_grad(&at);
    let potential = |(x, y, z): &(f64, f64, f64)| spring.potential(&Vec3::new(*x, *y, *z));
    let bar = (at_bar.x, at_bar.y, at_bar.z);
    assert_gradient("potential", &["x", "y", "z"], potential, &(at.x, at.y, at.z), &bar);
}
