//! What `#[derive(Differentiable)]` makes.

use autodiff::{Differentiable, Tangent, grad};

use crate::{Meters, Vec3};

#[test]
fn floats_are_their_own_tangents() {
    let v = Vec3 { x: 1.0, y: 2.0, z: 3.0 };
    let mut bar: Vec3 = v.zero_tangent();
    bar.add_assign(&v);
    bar.scale(2.0);
    assert_eq!(bar, Vec3 { x: 2.0, y: 4.0, z: 6.0 });
    approx::assert_relative_eq!(bar.dot(&v), 28.0);
    assert_eq!(Meters(3.0).zero_tangent(), Meters(0.0));
}

/// With the operators of a vector space.
#[derive(Clone, Debug, PartialEq, Differentiable)]
#[differentiable(operators)]
struct Weights {
    w: Vec<f64>,
    b: f64,
}

#[grad]
fn fitted(of: &Weights, x: &[f64]) -> f64 {
    let mut y = of.b;
    for i in 0..x.len() {
        y += of.w[i] * x[i];
    }
    (y - 1.0) * (y - 1.0)
}

#[test]
fn a_struct_takes_a_step_along_its_gradient() {
    let mut weights = Weights { w: vec![0.5, -0.25], b: 0.0 };
    for _ in 0..100 {
        let (mut step, _) = fitted_grad(&weights, &[1.0, 0.5]);
        step *= -0.1;
        weights += step;
    }
    assert!(fitted(&weights, &[1.0, 0.5]) < 1e-12);
}

/// Something of which only a part has a derivative.
#[derive(Clone, Debug, Differentiable)]
struct Model<'a> {
    weights: Vec<f64>,
    data: &'a [f64],
    layers: usize,
    name: String,
    centre: Option<Vec3>,
    #[differentiable(skip)]
    rate: f64,
}

#[test]
fn the_tangent_has_the_differentiable_fields() {
    let data = [1.0, 2.0];
    let centre = Some(Vec3 { x: 1.0, y: 1.0, z: 1.0 });
    let name = "m".to_owned();
    let model = Model { weights: vec![3.0], data: &data, layers: 2, name, centre, rate: 0.1 };
    let mut bar = model.zero_tangent();
    assert_eq!(model.layers + model.name.len(), 3);
    approx::assert_relative_eq!(model.rate, 0.1);
    let same = ModelTangent {
        weights: vec![0.0],
        data: vec![0.0, 0.0],
        centre: Some(Vec3 { x: 0.0, y: 0.0, z: 0.0 }),
    };
    assert_eq!(bar, same);
    bar += ModelTangent { weights: vec![1.0], data: vec![0.5, 0.25], centre: None };
    bar *= 2.0;
    assert_eq!(bar.data, [1.0, 0.5]);
    approx::assert_relative_eq!(bar.dot(&bar), 4.0 + 1.0 + 0.25);
}

/// Generic over what it holds.
#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Pair<T> {
    first: T,
    second: [T; 2],
}

#[test]
fn generic_types_have_generic_tangents() {
    let pair = Pair { first: 1.0_f32, second: [2.0, 3.0] };
    let bar: PairTangent<f32> = pair.zero_tangent();
    assert_eq!(bar, PairTangent { first: 0.0, second: [0.0, 0.0] });
}

/// One of several.
#[derive(Clone, Debug, PartialEq, Differentiable)]
enum Shape {
    Circle { radius: f64 },
    Rectangle(f64, f64, u8),
    Nothing,
}

#[test]
fn the_tangent_of_an_enum_has_its_variants() {
    let mut bar = Shape::Circle { radius: 2.0 }.zero_tangent();
    bar += ShapeTangent::Circle { radius: 0.5 };
    assert_eq!(bar, ShapeTangent::Circle { radius: 0.5 });
    let rectangle = Shape::Rectangle(1.0, 2.0, 3).zero_tangent();
    assert_eq!(rectangle, ShapeTangent::Rectangle(0.0, 0.0, ()));
    approx::assert_relative_eq!(Shape::Nothing.zero_tangent().dot(&ShapeTangent::Nothing), 0.0);
}

#[test]
#[should_panic(expected = "tangents of different variants of `Shape`")]
fn variants_must_agree() {
    let mut bar = Shape::Nothing.zero_tangent();
    bar.add_assign(&ShapeTangent::Circle { radius: 1.0 });
}

#[grad(constant(n))]
fn constant_struct(n: &std::ops::Range<usize>, x: f64) -> f64 {
    x * n.len() as f64
}

#[test]
fn a_struct_can_be_left_out() {
    approx::assert_relative_eq!(constant_struct_grad(&(0..3), 2.0), 3.0);
}
