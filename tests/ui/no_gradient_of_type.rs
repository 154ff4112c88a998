use autodiff::grad;

mod model {
    #[super::grad]
    pub fn f<const N: usize>(x: &[f64; N], y: f64) -> (f64, f64) {
        (x[0] * y, y)
    }
}

fn main() {
    let (_, (dx, _)) = model::f::value_and_grad(&[1.0], 2.0);
    let _: f64 = dx[0];
}
