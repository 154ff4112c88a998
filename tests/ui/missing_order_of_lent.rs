use autodiff::grad;

#[grad]
fn scale(x: &mut [f64], k: f64) {
    for x in x {
        *x *= k;
    }
}

#[grad(hessian)]
fn total(x: &[f64]) -> f64 {
    let mut y = x.to_vec();
    scale(&mut y, 2.0);
    y.iter().map(|y| y * y).sum()
}

fn main() {}
