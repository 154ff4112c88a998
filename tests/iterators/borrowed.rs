//! References to one of several things, kept by pullbacks as what they refer to.

use crate::same::same;

mod super_of {
    use autodiff::grad;

    #[grad]
    fn of_two(x: f64, v: &[f64]) -> f64 {
        let m = if x > 0.5 { &v[0] } else { &v[1] };
        m * m + *m
    }

    #[grad]
    fn parts(x: f64, v: &[f64]) -> f64 {
        let r = if x > 0.5 { &v[..2] } else { &v[1..] };
        r[0] * r[1] * x + (if x > 1.0 { &v[0] } else { &v[1] }) * x
    }

    #[grad(jvp)]
    pub fn called(x: f64, v: &[f64]) -> f64 {
        of_two(x, v) * x + parts(x * x, v)
    }
}

same! {
    called = |x, v| {
        let m = if x > 0.5 { v[0] } else { v[1] };
        let y = x * x;
        let (a, b) = if y > 0.5 { (v[0], v[1]) } else { (v[1], v[2]) };
        let c = if y > 1.0 { v[0] } else { v[1] };
        (m * m + m) * x + a * b * y + c * y
    };
}
