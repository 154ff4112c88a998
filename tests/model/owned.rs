//! Methods that use their receiver up, of a type that is not `Copy`.

use autodiff::{Differentiable, grad};

use crate::{confirmed, numbers};

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Polynomial {
    coefficients: Vec<f64>,
}

#[grad]
impl Polynomial {
    fn at(&self, x: f64) -> f64 {
        let mut y = 0.0;
        for c in self.coefficients.iter().rev() {
            y = y * x + c;
        }
        y
    }

    fn scaled(mut self, k: f64) -> Self {
        for c in &mut self.coefficients {
            *c *= k;
        }
        self
    }

    fn shifted(self, k: f64) -> Polynomial {
        let mut coefficients = self.coefficients;
        coefficients[0] += k;
        Polynomial { coefficients }
    }

    fn consumed(self, x: f64) -> f64 {
        self.at(x) * self.coefficients[1]
    }
}

#[grad(jvp)]
fn chained(p: &[f64]) -> f64 {
    let polynomial = Polynomial { coefficients: p[1..].to_vec() };
    let moved = polynomial.scaled(p[0]).shifted(p[0] * p[1]);
    moved.at(p[2]) + moved.consumed(p[0])
}
confirmed!(methods_that_use_up: chained at numbers(5));
