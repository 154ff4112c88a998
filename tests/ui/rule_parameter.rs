use autodiff::rule;

#[rule(vjp = step_vjp, jvp = step_jvp)]
fn step(x: &mut [f64]) {
    x[0] *= 2.0;
}

fn main() {
    step(&mut [1.0]);
}
