use autodiff::grad;

#[grad]
fn product(x: f64) -> f64 {
    let mut m = x;
    {
        let r = &mut m;
        *r *= 2.0;
    }
    let pair = [m, { m *= x; m }];
    pair[0] * pair[1]
}

fn main() {}
