use autodiff::rule;

struct Model(f64);

impl Model {
    #[rule(y = scaled(x) => [2.0])]
    fn scaled(&self, x: f64) -> f64 {
        self.0 * x
    }
}

fn main() {
    Model(1.0).scaled(1.0);
}
