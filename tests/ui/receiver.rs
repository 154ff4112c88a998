use autodiff::{Differentiable, grad};

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Point {
    x: f64,
}

impl Point {
    #[grad]
    fn f(self: std::rc::Rc<Self>) -> f64 {
        self.x
    }
}

fn main() {}
