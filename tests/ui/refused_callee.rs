use autodiff::grad;

macro_rules! square {
    ($x:expr) => {
        $x * $x
    };
}

#[grad(jvp, vjp)]
fn inner(x: f64, v: &[f64]) -> f64 {
    square!(x) + v[0]
}

#[grad(jvp, vjp)]
fn outer(x: f64, v: &[f64]) -> f64 {
    2.0 * inner(x * x, v)
}

fn main() {
    let (_, (_, _)) = inner_value_and_grad(1.0, &[2.0]);
    let _ = inner_value_and_grad_into(1.0, &[2.0], &mut 0.0, &mut [0.0]);
    let (_, _) = inner::jvp(1.0, &[2.0], 1.0, &[0.0]);
    let (_, pull) = inner_vjp(1.0, &[2.0]);
    let _ = pull(1.0);
    let _ = outer_grad(1.0, &[2.0]);
}
