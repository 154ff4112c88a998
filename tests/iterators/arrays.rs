//! Arrays that are made element by element.

use crate::same::same;

mod super_of {
    use autodiff::grad;

    #[grad(jvp)]
    pub fn from_fn(x: f64, v: &[f64]) -> f64 {
        let y: [f64; 3] = std::array::from_fn(|i| v[i] * x);
        let z = std::array::from_fn::<f64, 2, _>(|i| y[i].sin());
        y[0] * y[1] + y[2] * z[1] + z[0]
    }

    #[grad(jvp)]
    pub fn rows(x: f64, v: &[f64]) -> f64 {
        let y: [[f64; 2]; 3] = std::array::from_fn(|i| [v[i] * x, v[i] + x]);
        y[0][1] * y[2][0]
    }

    #[grad(vjp, jvp)]
    pub fn tail(x: f64, v: &[f64]) -> [f64; 3] {
        std::array::from_fn(|i| (v[i] * x).exp())
    }

    #[grad(vjp, jvp)]
    pub fn chosen(x: f64, v: &[f64]) -> ([f64; 2], f64) {
        if v[0] > 10.0 {
            return (std::array::from_fn(|i| v[i]), x);
        }
        match v.len() {
            0 => ([0.0; 2], x),
            _ => (std::array::from_fn(|i| v[i] * x), x.sin()),
        }
    }

    #[grad(vjp, jvp)]
    pub fn nested(x: f64, v: &[f64]) -> [[f64; 3]; 2] {
        std::array::from_fn(|i| core::array::from_fn(|j| v[i] * v[j] * x))
    }

    #[grad(jvp)]
    pub fn called_again(x: f64, v: &[f64]) -> f64 {
        let (pair, sine) = chosen(x, v);
        let rows = nested(x, v);
        pair[0] * pair[1] + sine * rows[1][2]
    }

    #[grad(jvp)]
    pub fn called(x: f64, v: &[f64]) -> f64 {
        let y = tail(x, v);
        y[0] * y[2]
    }

    #[grad(jvp)]
    pub fn mapped(x: f64, v: &[f64]) -> f64 {
        let y = [v[0], v[1], x].map(|a| a * x);
        let z = y.map(|a| a * a);
        y[0] + z[1] * y[2]
    }
}

same! {
    from_fn = |x, v| {
        v[0] * x * (v[1] * x) + v[2] * x * (v[1] * x).sin() + (v[0] * x).sin()
    };
    rows = |x, v| (v[0] + x) * (v[2] * x);
    called_again = |x, v| v[0] * x * (v[1] * x) + x.sin() * (v[1] * v[2] * x);
    called = |x, v| (v[0] * x).exp() * (v[2] * x).exp();
    mapped = |x, v| v[0] * x + (v[1] * x).powi(2) * (x * x);
}
