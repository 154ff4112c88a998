//! A mixture of Gaussians in a model with methods.

use autodiff::{Differentiable, grad};

use crate::{confirmed, numbers};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Component {
    weight: f64,
    mean: [f64; 2],
    log_scale: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct Model {
    components: Vec<Component>,
    dimensions: usize,
}

#[grad]
impl Component {
    fn log_density(&self, x: &[f64]) -> f64 {
        let mut square = 0.0;
        for (a, b) in x.iter().zip(&self.mean) {
            square += (a - b) * (a - b);
        }
        self.weight - 0.5 * square * (-2.0 * self.log_scale).exp() - 2.0 * self.log_scale
    }
}

impl Model {
    fn empty(dimensions: usize) -> Self {
        Self { components: Vec::new(), dimensions }
    }

    #[grad]
    fn log_likelihood(&self, x: &[f64]) -> f64 {
        let mut largest = f64::NEG_INFINITY;
        for component in &self.components {
            largest = largest.max(component.log_density(x));
        }
        let mut sum = 0.0;
        for component in &self.components {
            sum += (component.log_density(x) - largest).exp();
        }
        largest + sum.ln()
    }

    #[grad]
    fn normaliser(&self) -> f64 {
        let mut sum = 0.0;
        for component in self.components.iter() {
            sum += component.weight.exp();
        }
        sum.ln() + self.dimensions as f64
    }
}

#[grad(jvp)]
fn fit(p: &[f64]) -> f64 {
    let mut model = Model::empty(2);
    for k in 0..3 {
        let mean = [p[4 * k + 1], p[4 * k + 2]];
        let component = Component { weight: p[4 * k], mean, log_scale: p[4 * k + 3] };
        model.components.push(component);
    }
    let data = [[0.4, 0.9], [1.1, 0.7], [0.8, 1.3]];
    let mut total = 0.0;
    for point in &data {
        total += model.log_likelihood(point);
    }
    total - 3.0 * model.normaliser()
}
confirmed!(gaussian_mixture: fit at numbers(12));

#[test]
fn the_gradient_of_a_model_is_a_model() {
    let component = |weight| Component { weight, mean: [0.5, 1.0], log_scale: 0.1 };
    let model = Model { components: vec![component(0.2), component(0.7)], dimensions: 2 };
    let bar = model.normaliser_grad();
    let sum: f64 = bar.components.iter().map(|component| component.weight).sum();
    approx::assert_relative_eq!(sum, 1.0, max_relative = 1e-15);
}
