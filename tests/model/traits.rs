//! Traits of one's own: required methods declare their companions, each `impl` has them, and functions
//! that are generic over the trait call them.

use autodiff::{Differentiable, Real, grad};

use crate::{confirmed, numbers};

trait Loss {
    #[grad]
    fn loss(&self, predicted: f64, observed: f64) -> f64;

    fn name(&self) -> &'static str {
        "some loss"
    }
}

trait Model: Differentiable + Clone {
    #[grad(jvp)]
    fn predict(&self, x: &[f64]) -> f64;

    #[grad]
    fn decay(&mut self, by: f64);

    #[grad(vjp)]
    fn features(&self, x: &[f64]) -> [f64; 2];
}

trait Lookup {
    #[grad]
    fn at(&self, x: f64, order: impl Fn(usize) -> usize) -> f64;
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Square;

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Huber {
    delta: f64,
}

impl Lookup for Square {
    #[grad]
    fn at(&self, x: f64, order: impl Fn(usize) -> usize) -> f64 {
        x.powi(2) * [2.0, 3.0][order(0)]
    }
}

impl Loss for Square {
    #[grad]
    fn loss(&self, predicted: f64, observed: f64) -> f64 {
        (predicted - observed).powi(2)
    }
}

impl Loss for Huber {
    #[grad]
    fn loss(&self, predicted: f64, observed: f64) -> f64 {
        let r = (predicted - observed).abs();
        if r < self.delta { 0.5 * r * r } else { self.delta * (r - 0.5 * self.delta) }
    }

    fn name(&self) -> &'static str {
        "Huber"
    }
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Linear {
    weights: Vec<f64>,
    bias: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Bell {
    centre: f64,
    width: f64,
}

impl Model for Linear {
    #[grad(jvp)]
    fn predict(&self, x: &[f64]) -> f64 {
        self.weights.iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + self.bias
    }

    #[grad]
    fn decay(&mut self, by: f64) {
        for weight in &mut self.weights {
            *weight *= by;
        }
    }

    #[grad(vjp)]
    fn features(&self, x: &[f64]) -> [f64; 2] {
        [self.weights[0] * x[0], self.bias]
    }
}

impl Model for Bell {
    #[grad(jvp)]
    fn predict(&self, x: &[f64]) -> f64 {
        let z = (x[0] - self.centre) / self.width;
        (-0.5 * z * z).exp()
    }

    #[grad]
    fn decay(&mut self, by: f64) {
        self.width *= 1.0 + by;
    }

    #[grad(vjp)]
    fn features(&self, x: &[f64]) -> [f64; 2] {
        [x[0] - self.centre, self.width.ln()]
    }
}

/// The model has a derivative, by its bound; the loss has none here.
#[grad]
fn risk<M: Model + Differentiable, L: Loss + Differentiable>(
    model: &M,
    loss: &L,
    data: &[[f64; 2]],
) -> f64 {
    let mut total = 0.0;
    for pair in data {
        let predicted = model.predict(&pair[..1]);
        total += loss.loss(predicted, pair[1]);
    }
    total / data.len() as f64
}

#[grad]
fn decayed<M>(model: &M, by: f64, x: &[f64]) -> f64
where
    M: Model + Differentiable,
{
    let mut model = model.clone();
    model.decay(by);
    let [a, b] = model.features(x);
    model.predict(x) * a + b
}

/// A model whose bound here says nothing of derivatives: only x has one.
#[grad]
fn slope<M: Model>(model: &M, x: &[f64]) -> f64 {
    model.predict(x) * x[0]
}

#[grad(jvp)]
fn everything(p: &[f64]) -> f64 {
    let linear = Linear { weights: vec![p[0]], bias: p[1] };
    let bell = Bell { centre: p[2], width: p[3] };
    let data = [[p[4], 0.3], [p[5], 1.4]];
    let huber = Huber { delta: p[0] };
    let fixed = Linear { weights: vec![2.0], bias: 1.0 };
    let fits = risk(&linear, &huber, &data) + risk(&bell, &Square, &data);
    fits * decayed(&linear, p[2], &[p[1]]) + decayed(&bell, p[5], &[p[4]]) + slope(&fixed, &[p[3]])
}
confirmed!(generic_over_traits: everything at numbers(6), [0.4, 0.2, 1.0, 0.7, 2.0, 0.1]);

#[test]
fn companions_of_a_trait_are_methods_of_its_types() {
    let huber = Huber { delta: 1.0 };
    assert_eq!(huber.loss_grad(3.0, 1.0), (Huber { delta: 1.0 }, 1.0, -1.0));
    assert_eq!((Square.name(), huber.name()), ("some loss", "Huber"));
    assert_eq!(Square.at_grad(5.0, |n| n + 1).1, 30.0);
    let bell = Bell { centre: 0.0, width: 1.0 };
    let (value, pull) = bell.features_vjp(&[2.0]);
    assert_eq!(value, [2.0, 0.0]);
    assert_eq!(pull([1.0, 1.0]), (Bell { centre: -1.0, width: 1.0 }, vec![1.0]));
}

/// A trait that is generic over its float: a method says which of the trait's parameters is one.
trait Penalty<T: Real> {
    #[grad]
    fn penalty(&self, x: T, scale: T) -> T
    where
        T: Real;
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Ridge<T> {
    weight: T,
}

impl<T: Real> Penalty<T> for Ridge<T> {
    #[grad]
    fn penalty(&self, x: T, scale: T) -> T
    where
        T: Real,
    {
        self.weight * x * x / scale
    }
}

/// Methods that are annotated one by one.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Parabola<T> {
    a: T,
    b: T,
}

impl<T: Real> Parabola<T> {
    #[grad]
    fn at(&self, x: T) -> T
    where
        T: Real,
    {
        self.a * x + self.b * x * x
    }

    #[grad]
    fn lift(&mut self, by: T)
    where
        T: Real,
    {
        self.a = self.a + by * self.b;
    }
}

#[grad]
fn fitted<T: Real, P: Penalty<T> + Differentiable>(penalty: &P, of: &Parabola<T>, x: T) -> T {
    let mut sum = penalty.penalty(of.at(x), x);
    let mut of = *of;
    for _ in 0..2 {
        of.lift(x);
        sum = sum + penalty.penalty(of.at(x), T::one());
    }
    sum
}

#[grad(jvp)]
fn fitted_to(p: &[f64]) -> f64 {
    let (ridge, of) = (Ridge { weight: p[0] }, Parabola { a: p[1], b: p[2] });
    fitted(&ridge, &of, p[0])
}
confirmed!(generic_traits: fitted_to at numbers(3));

#[test]
fn gradients_of_generic_traits() {
    let (bar, x_bar, scale_bar) = Ridge { weight: 2.0_f32 }.penalty_grad(3.0, 1.0);
    assert_eq!((bar.weight, x_bar, scale_bar), (9.0, 12.0, -18.0));
}
