//! Functions whose graphs are drawn.

/// x·y + sin x
#[grad(graph)]
fn f(x: f64, y: f64) -> f64 {
    x * y + x.sin()
}

#[grad]
fn diamond(x: f64, y: f64) -> f64 {
    let a = x + y;
    let b = x - y;
    let c = a * b;
    c
}

#[grad]
fn arms(x: f64, y: f64) -> f64 {
    let scale = if x > y { (x - y).sqrt() } else { y.exp() * x };
    scale.max(0.1) * y / (1.0 + x.powi(2))
}

#[grad]
fn recurrence(x: f64, steps: usize) -> f64 {
    let mut s = x;
    for _ in 0..steps {
        if s > 1.0 {
            s = (s * x).sin();
        } else {
            s += x;
        }
    }
    s * x
}

#[grad]
fn calling(x: f64, v: [f64; 2]) -> f64 {
    let inner = f(x, v[0]);
    inner * v[1].tanh()
}

struct Lens {
    strength: f64,
}

impl Lens {
    #[grad]
    fn blur(&self, x: f64) -> f64 {
        self.strength * x
    }
}

fn refused(x: f64) -> f64 {
    x.unknown()
}

/// Many of the rule table's functions.
#[grad]
fn everything(x: f64, y: f64) -> f64 {
    let a = x.sin() * x.cos() - x.tan() + x.asin() * x.acos() + x.atan2(y) + x.atan();
    let b = y.exp().ln_1p() + y.exp2().log2() + y.exp_m1().sqrt() * y.cbrt() + y.ln() * y.log10();
    let c = x.sinh() + y.cosh() - x.tanh() + x.asinh() + (1.0 + y).acosh() + x.atanh();
    let d = x.hypot(y).powf(x) + y.powi(-3) + x.powi(0) + y.log(3.0) + x.recip();
    let e = x.abs().max(y) - x.min(y) + x.clamp(-0.35, 0.35) + x.copysign(y) + x.signum() * y;
    let g = x.floor() * y + y.ceil() + (3.7 * x).round() + x.fract() * x.trunc() + y % 0.7;
    let h = x.rem_euclid(0.3) + x.mul_add(y, 0.5) + x.to_degrees().to_radians();
    a * b + c * d - e * g / h + (2.5 * y).round_ties_even()
}
