//! Arithmetic on fields: every operator between operands of which none has a spelled type.

use std::ops::{Add, Div, Mul, Neg, Sub};

use autodiff::{Differentiable, grad};

use crate::{confirmed, numbers};

/// Complex numbers, which have methods that floats have.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Complex {
    re: f64,
    im: f64,
}

#[grad]
impl Add for Complex {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { re: self.re + other.re, im: self.im + other.im }
    }
}

#[grad]
impl Sub for Complex {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { re: self.re - other.re, im: self.im - other.im }
    }
}

#[grad]
impl Mul for Complex {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self {
            re: self.re * other.re - self.im * other.im,
            im: self.re * other.im + self.im * other.re,
        }
    }
}

#[grad]
impl Mul<f64> for Complex {
    type Output = Self;

    fn mul(self, k: f64) -> Self {
        Self { re: self.re * k, im: self.im * k }
    }
}

#[grad]
impl Div for Complex {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        let n = other.square_norm();
        let top = self * other.conj();
        Self { re: top.re / n, im: top.im / n }
    }
}

#[grad]
impl Neg for Complex {
    type Output = Self;

    fn neg(self) -> Self {
        Self { re: -self.re, im: -self.im }
    }
}

#[grad]
impl Complex {
    fn square_norm(self) -> f64 {
        self.re * self.re + self.im * self.im
    }

    fn abs(self) -> f64 {
        self.re.hypot(self.im)
    }

    fn conj(self) -> Self {
        Self { im: -self.im, ..self }
    }

    fn exp(self) -> Self {
        let (s, c) = self.im.sin_cos();
        let r = self.re.exp();
        Self { re: r * c, im: r * s }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Mobius {
    a: Complex,
    b: Complex,
    c: Complex,
    gain: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct Filter {
    stages: Vec<Mobius>,
    poles: [Complex; 2],
    order: usize,
    rate: f64,
}

#[grad]
impl Mobius {
    fn apply(&self, z: Complex) -> Complex {
        (self.a * z + self.b) / (self.c * z - self.b * self.gain)
    }

    fn between(&self) -> Complex {
        -(self.a - self.b) * (self.b + self.c) / self.c
    }

    fn response(&self) -> f64 {
        (self.a * self.b).abs() + (self.c - self.a).exp().re
    }
}

#[grad]
impl Filter {
    fn run(&self, z: Complex) -> Complex {
        let mut z = z;
        for stage in &self.stages {
            z = stage.apply(z) * stage.gain;
            z = z + self.poles[0] * self.poles[1];
        }
        z
    }

    fn weight(&self) -> f64 {
        let n = self.order + 1;
        let total = self.order * self.stages.len();
        self.rate * n as f64 + total as f64
    }

    fn spread(&self) -> f64 {
        let mut sum = 0.0;
        for i in 0..self.stages.len() {
            let apart: Complex = self.stages[i].a - self.poles[i % 2];
            sum += apart.abs() * self.stages[i].gain / self.rate;
        }
        sum
    }
}

#[grad(jvp)]
fn filtered(p: &[f64]) -> f64 {
    let at = |i: usize| -> f64 { p[i] };
    let a = Complex { re: at(0), im: at(1) };
    let b = Complex { re: p[2], im: p[3] };
    let c = Complex { re: p[4], im: p[5] };
    let first = Mobius { a, b, c, gain: p[6] };
    let second = Mobius { a: first.between(), b: c, c: a, gain: 0.5 };
    let filter = Filter { stages: vec![first, second], poles: [a, b - c], order: 3, rate: p[7] };
    let z = filter.run(Complex { re: 0.3, im: p[7] });
    z.square_norm() + filter.weight() + filter.spread() + first.response()
}
confirmed!(operators_on_fields: filtered at numbers(8));

/// Only rustc knows what `scale` is.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Layer {
    scale: f64,
    shift: f64,
}

#[grad]
fn composed(a: &Layer, b: &Layer) -> Layer {
    Layer { scale: a.scale * b.scale, shift: b.scale * a.shift + b.shift }
}

#[grad]
fn changed(layer: &mut Layer, k: f64) {
    layer.scale *= k;
    layer.shift -= layer.scale / k;
    layer.shift += 2.0 * k;
}

#[grad(jvp)]
fn layers(p: &[f64]) -> f64 {
    let mut all = Layer { scale: 1.0, shift: 0.0 };
    for i in 0..p.len() / 2 {
        all = composed(&all, &Layer { scale: p[2 * i], shift: p[2 * i + 1] });
        changed(&mut all, p[0]);
    }
    all.scale * 0.5 + all.shift
}
confirmed!(fields_that_are_floats: layers at numbers(6));
