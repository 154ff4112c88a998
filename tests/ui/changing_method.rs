use autodiff::{Differentiable, grad};

#[derive(Clone, Debug, Differentiable)]
struct State {
    x: f64,
    steps: usize,
}

impl State {
    fn step(&mut self) -> usize {
        self.x *= 2.0;
        self.steps += 1;
        self.steps
    }
}

#[grad]
fn f(x: f64, table: &[f64]) -> f64 {
    let mut state = State { x, steps: 0 };
    let square = state.x * state.x;
    let step = state.step();
    square * table[step]
}

fn main() {}
