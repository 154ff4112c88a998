//! Second derivatives through methods and associated functions.

use autodiff::{Differentiable, grad};

use crate::twice;

/// Weights that are not known to be floats where methods are called.
#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Net {
    weights: [f64; 3],
    bias: f64,
    #[differentiable(skip)]
    depth: usize,
}

impl Net {
    #[grad(order = 2)]
    fn layer(&self, x: f64) -> f64 {
        (self.weights[0] * x + self.weights[1] * x * x + self.bias).tanh()
    }

    /// A receiver that is used up, and a method inside.
    #[grad(order = 2)]
    fn scaled(self, x: f64) -> f64 {
        self.layer(x) * self.bias
    }

    #[grad(order = 2)]
    fn deep(&self, x: f64) -> f64 {
        let mut y = x;
        for _ in 0..self.depth {
            y = self.layer(y) + self.weights[2] * y;
        }
        y
    }

    #[grad(order = 2, associated)]
    fn ridge(weights: &[f64; 3], scale: f64) -> f64 {
        weights[0] * scale * weights[1] + weights[2].sin()
    }
}

fn net(x: &[f64]) -> [f64; 3] {
    [x[0], x[1], x[0] * x[1]]
}

#[grad(hvp, hessian)]
fn through_a_method(x: &[f64]) -> f64 {
    let net = Net { weights: [x[0], x[1], x[0] * x[1]], bias: x[1], depth: 2 };
    net.layer(x[0]) * Net::ridge(&net.weights, x[1]) + net.clone().scaled(x[1])
}

#[grad(hvp, hessian)]
fn through_loops(x: &[f64]) -> f64 {
    let net = Net { weights: [x[0], 0.25, x[1]], bias: 0.5, depth: 3 };
    let mut sum = 0.0;
    for &at in x {
        if at > 0.0 {
            sum += net.deep(at) * at;
        } else {
            sum -= net.layer(at).powi(2);
        }
    }
    sum
}

twice! {
    methods: through_a_method at [0.5, 0.8], [1.5, -0.25];
    methods_in_loops: through_loops at [0.5, 0.8, -0.3], [0.25, -0.5, 1.0];
}

/// The product with a vector of structs is that of the function of their fields.
#[grad(hvp)]
fn of_a_struct(net: &Net, x: f64) -> f64 {
    net.deep(x) * net.layer(x)
}

#[grad(hvp)]
fn of_its_fields(w: [f64; 3], b: f64, x: f64) -> f64 {
    let layer = |x: f64| (w[0] * x + w[1] * x * x + b).tanh();
    let mut y = x;
    for _ in 0..2 {
        y = layer(y) + w[2] * y;
    }
    y * layer(x)
}

#[test]
fn a_product_by_field() {
    let (w, v) = ([0.3, -0.7, 1.25], [0.5, 2.0, -1.0]);
    let net = Net { weights: w, bias: 0.2, depth: 2 };
    let mut net_dot = net.zero_tangent();
    (net_dot.weights, net_dot.bias) = (v, -0.5);
    let (net_bar, x_bar) = of_a_struct_hvp(&net, 0.8, &net_dot, 0.75);
    let (w_bar, b_bar, at_bar) = of_its_fields_hvp(w, 0.2, 0.8, v, -0.5, 0.75);
    for (own, other) in net_bar.weights.iter().zip(&w_bar) {
        approx::assert_relative_eq!(own, other, max_relative = 1e-12);
    }
    approx::assert_relative_eq!(net_bar.bias, b_bar, max_relative = 1e-12);
    approx::assert_relative_eq!(x_bar, at_bar, max_relative = 1e-12);
}

impl Net {
    /// A Hessian of a method, by the parameter that it is asked for.
    #[grad(wrt(x), hessian, hvp)]
    fn curved(&self, x: &[f64]) -> f64 {
        x[0] * self.weights[0] * x[1].exp() + self.bias * x[0].powi(3)
    }
}

#[test]
fn a_hessian_of_a_method() {
    let net = Net { weights: net(&[2.0, 0.5]), bias: 1.5, depth: 1 };
    let (x, e) = ([0.5, 0.25], 0.25f64.exp());
    let expected = [[6.0 * 1.5 * 0.5, 2.0 * e], [2.0 * e, 0.5 * 2.0 * e]];
    for (row, expected) in net.curved_hessian(&x).iter().zip(expected) {
        for (own, expected) in row.iter().zip(expected) {
            approx::assert_relative_eq!(*own, expected, max_relative = 1e-14);
        }
    }
}

/// A trait, whose method declares its second derivatives, too.
trait Potential {
    #[grad(order = 2)]
    fn energy(&self, x: f64) -> f64;
}

impl Potential for Net {
    #[grad(order = 2)]
    fn energy(&self, x: f64) -> f64 {
        self.layer(x) * x * self.weights[1]
    }
}

#[grad(hvp, hessian, wrt(x))]
fn of_any<P: Potential + Differentiable>(potential: &P, x: &[f64]) -> f64 {
    potential.energy(x[0]) * potential.energy(x[1] * x[0])
}

#[grad(hvp, hessian)]
fn through_a_trait(x: &[f64]) -> f64 {
    let net = Net { weights: [x[0], x[1], 0.5], bias: x[1], depth: 1 };
    let mut sum = 0.0;
    for &at in x {
        sum += net.energy(at) * x[0];
    }
    sum
}

mod of_a_net {
    use super::{Net, of_any, of_any_grad, of_any_hessian, of_any_hvp, of_any_value_and_grad};

    #[test]
    fn the_value() {
        assert_eq!(of_any(&NET, &[0.5, 1.5]), of_any_value_and_grad(&NET, &[0.5, 1.5]).0);
    }

    const NET: Net = Net { weights: [0.5, -0.25, 0.125], bias: 0.75, depth: 1 };

    pub(super) fn grad(x: &[f64]) -> Vec<f64> {
        of_any_grad(&NET, x)
    }

    pub(super) fn hvp(x: &[f64], v: &[f64]) -> Vec<f64> {
        of_any_hvp(&NET, x, v)
    }

    pub(super) fn hessian(x: &[f64]) -> Vec<Vec<f64>> {
        of_any_hessian(&NET, x)
    }
}

twice! {
    any_type: of_a_net at [0.5, -0.75];
    traits: through_a_trait at [0.5, -0.75], [1.25, 0.5, -0.3];
}
