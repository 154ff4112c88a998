use autodiff::Differentiable;

#[derive(Differentiable)]
union Bits {
    float: f64,
    int: u64,
}

fn main() {}
