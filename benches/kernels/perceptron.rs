//! The mean squared error of a network with one hidden layer.

use autodiff::grad;

use crate::kernel::{Kernel, Random};

/// Width of the input and of the hidden layer.
const N: usize = 64;

#[grad(constant(xs, ys))]
fn loss(w1: &[f64], b1: &[f64], w2: &[f64], b2: f64, xs: &[f64], ys: &[f64]) -> f64 {
    let n = b1.len();
    let mut sum = 0.0;
    for (x, &y) in xs.chunks(n).zip(ys) {
        let mut out = b2;
        for j in 0..n {
            let mut a = b1[j];
            for (w, v) in w1[j * n..(j + 1) * n].iter().zip(x) {
                a += w * v;
            }
            out += w2[j] * a.tanh();
        }
        let e = out - y;
        sum += 0.5 * e * e;
    }
    sum / ys.len() as f64
}

/// The cotangents of the parameters.
struct Bars<'a> {
    w1: &'a mut [f64],
    b1: &'a mut [f64],
    w2: &'a mut [f64],
    b2: &'a mut f64,
}

fn mechanical(p: &Parts, xs: &[f64], ys: &[f64], bars: Bars) -> f64 {
    let (n, scale) = (p.b1.len(), 1.0 / ys.len() as f64);
    let Bars { w1, b1, w2, b2 } = bars;
    [&mut *w1, &mut *b1, &mut *w2].into_iter().for_each(|bar| bar.fill(0.0));
    *b2 = 0.0;
    let mut hidden = vec![0.0; n];
    let mut sum = 0.0;
    for (x, y) in xs.chunks(n).zip(ys) {
        let mut out = p.b2;
        for j in 0..n {
            let mut a = p.b1[j];
            for (w, v) in p.w1[j * n..(j + 1) * n].iter().zip(x) {
                a += w * v;
            }
            hidden[j] = a.tanh();
            out += p.w2[j] * hidden[j];
        }
        let e = out - y;
        sum += 0.5 * e * e;
        let out_bar = e * scale;
        for j in 0..n {
            let h = hidden[j];
            w2[j] += out_bar * h;
            let a_bar = out_bar * p.w2[j] * (1.0 - h * h);
            for (bar, v) in w1[j * n..(j + 1) * n].iter_mut().zip(x) {
                *bar += a_bar * v;
            }
            b1[j] += a_bar;
        }
        *b2 += out_bar;
    }
    sum * scale
}

/// Four rows at a time, so that four chains of additions run side by side.
fn expert(p: &Parts, xs: &[f64], ys: &[f64], bars: Bars) -> f64 {
    let (n, scale) = (p.b1.len(), 1.0 / ys.len() as f64);
    let Bars { w1, b1, w2, b2 } = bars;
    [&mut *w1, &mut *b1, &mut *w2].into_iter().for_each(|bar| bar.fill(0.0));
    *b2 = 0.0;
    let mut hidden = vec![0.0; n];
    let mut sum = 0.0;
    for (x, y) in xs.chunks(n).zip(ys) {
        for (h, (rows, b)) in hidden.chunks_mut(4).zip(p.w1.chunks(4 * n).zip(p.b1.chunks(4))) {
            let (r0, rest) = rows.split_at(n);
            let (r1, rest) = rest.split_at(n);
            let (r2, r3) = rest.split_at(n);
            let mut a = [b[0], b[1], b[2], b[3]];
            for ((((v, w0), w1), w2), w3) in x.iter().zip(r0).zip(r1).zip(r2).zip(r3) {
                a[0] += w0 * v;
                a[1] += w1 * v;
                a[2] += w2 * v;
                a[3] += w3 * v;
            }
            h.iter_mut().zip(a).for_each(|(h, a)| *h = a.tanh());
        }
        let out = p.w2.iter().zip(&hidden).fold(p.b2, |out, (w, h)| out + w * h);
        let e = out - y;
        sum += 0.5 * e * e;
        let out_bar = e * scale;
        for (j, h) in hidden.iter().enumerate() {
            w2[j] += out_bar * h;
            let a_bar = out_bar * p.w2[j] * (1.0 - h * h);
            for (bar, v) in w1[j * n..(j + 1) * n].iter_mut().zip(x) {
                *bar += a_bar * v;
            }
            b1[j] += a_bar;
        }
        *b2 += out_bar;
    }
    sum * scale
}

struct Parts<'a> {
    w1: &'a [f64],
    b1: &'a [f64],
    w2: &'a [f64],
    b2: f64,
}

fn parts(x: &[f64]) -> Parts<'_> {
    let (w1, rest) = x.split_at(N * N);
    let (b1, rest) = rest.split_at(N);
    let (w2, rest) = rest.split_at(N);
    Parts { w1, b1, w2, b2: rest[0] }
}

fn bars(x: &mut [f64]) -> Bars<'_> {
    let (w1, rest) = x.split_at_mut(N * N);
    let (b1, rest) = rest.split_at_mut(N);
    let (w2, rest) = rest.split_at_mut(N);
    Bars { w1, b1, w2, b2: &mut rest[0] }
}

pub(crate) struct Perceptron {
    name: &'static str,
    xs: Vec<f64>,
    ys: Vec<f64>,
}

impl Perceptron {
    pub(crate) fn new(name: &'static str, batch: usize) -> Self {
        let mut random = Random::new(2);
        Self { name, xs: random.vec(batch * N, -1.0, 1.0), ys: random.vec(batch, -1.0, 1.0) }
    }
}

impl Kernel for Perceptron {
    fn name(&self) -> &'static str {
        self.name
    }

    fn point(&self, random: &mut Random) -> Vec<f64> {
        random.vec(N * N + 2 * N + 1, -0.3, 0.3)
    }

    fn primal(&self, x: &[f64]) -> f64 {
        let p = parts(x);
        loss(p.w1, p.b1, p.w2, p.b2, &self.xs, &self.ys)
    }

    fn ours(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        let (p, bars) = (parts(x), bars(bar));
        loss_value_and_grad_into(
            p.w1, p.b1, p.w2, p.b2, &self.xs, &self.ys, bars.w1, bars.b1, bars.w2, bars.b2,
        )
    }

    fn mechanical(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        mechanical(&parts(x), &self.xs, &self.ys, bars(bar))
    }

    fn expert(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        expert(&parts(x), &self.xs, &self.ys, bars(bar))
    }
}
