// errors: 3
use autodiff::{Differentiable, grad};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Arrow {
    x: f64,
}

#[grad]
impl Arrow {
    fn len(&self) -> f64 {
        self.x * self.x
    }

    fn reverse(&mut self) {
        self.x = 1.0 - self.x * self.x;
    }
}

#[grad]
fn length(arrow: Arrow) -> f64 {
    arrow.len()
}

#[grad]
fn of_all(arrows: &[Arrow]) -> f64 {
    arrows.iter().map(|a| a.len()).sum()
}

#[grad]
fn turned(arrow: Arrow) -> Arrow {
    let mut turned = arrow;
    turned.reverse();
    turned
}

fn main() {
    let arrow = Arrow { x: 1.0 };
    let _ = (length_grad(arrow), of_all_grad(&[arrow]), turned(arrow));
}
