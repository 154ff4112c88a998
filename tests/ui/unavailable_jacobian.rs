// errors: 4
use autodiff::grad;

#[derive(Clone, Debug, autodiff::Differentiable)]
enum Shape {
    Circle(f64),
    Square(f64),
}

#[grad(jacobian)]
fn of_an_enum(shape: &Shape) -> [f64; 2] {
    match shape {
        Shape::Circle(r) => [*r, r * r],
        Shape::Square(a) => [*a, 4.0 * a],
    }
}

#[grad(hessian)]
fn of_several_results(x: [f64; 2]) -> [f64; 2] {
    [x[0] * x[1], x[0]]
}

#[grad(jacobian)]
fn of_two_buffers(x: &[f64], scratch: &mut [f64], out: &mut [f64]) {
    scratch[0] = x[0];
    out[0] = scratch[0];
}

#[grad(jacobian, mode = reverse)]
fn by_rows(x: &[f64], out: &mut [f64]) {
    out[0] = x[0];
}

fn main() {}
