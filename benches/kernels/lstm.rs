//! A long short-term memory: the `lstm` of `ADBench`, at random points.

use autodiff::grad;

use crate::kernel::{Kernel, Random};

/// Width.
const D: usize = 14;
const LENGTH: usize = 1024;

#[grad]
#[inline]
fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// `main` has the weights of a layer's four gates, and their biases; `extra` those of the input
/// and of the output.
#[grad(constant(sequence))]
fn perplexity(main: &[f64], extra: &[f64], sequence: &[f64], d: usize) -> f64 {
    let layers = main.len() / (8 * d);
    let mut hidden = vec![0.0; layers * d];
    let mut cell = vec![0.0; layers * d];
    let mut x = vec![0.0; d];
    let mut total = 0.0;
    let steps = sequence.len() / d - 1;
    for t in 0..steps {
        for i in 0..d {
            x[i] = sequence[t * d + i] * extra[i];
        }
        for layer in 0..layers {
            let w = layer * 8 * d;
            let b = w + 4 * d;
            let s = layer * d;
            for i in 0..d {
                let forget = sigmoid(x[i] * main[w + i] + main[b + i]);
                let input = sigmoid(hidden[s + i] * main[w + d + i] + main[b + d + i]);
                let output = sigmoid(x[i] * main[w + 2 * d + i] + main[b + 2 * d + i]);
                let change = (hidden[s + i] * main[w + 3 * d + i] + main[b + 3 * d + i]).tanh();
                cell[s + i] = cell[s + i] * forget + input * change;
                hidden[s + i] = output * cell[s + i].tanh();
                x[i] = hidden[s + i];
            }
        }
        let mut sum = 2.0;
        for i in 0..d {
            x[i] = x[i] * extra[d + i] + extra[2 * d + i];
            sum += x[i].exp();
        }
        let norm = sum.ln();
        for i in 0..d {
            total += sequence[(t + 1) * d + i] * (x[i] - norm);
        }
    }
    -total / (steps * d) as f64
}

/// What a gate's reverse reads: the state before, the input, the gates and the cell's tanh.
#[derive(Clone, Copy)]
struct Record {
    x: f64,
    hidden: f64,
    cell: f64,
    forget: f64,
    input: f64,
    output: f64,
    change: f64,
    squashed: f64,
}

fn mechanical(
    main: &[f64],
    extra: &[f64],
    sequence: &[f64],
    d: usize,
    main_bar: &mut [f64],
    extra_bar: &mut [f64],
) -> f64 {
    let layers = main.len() / (8 * d);
    let steps = sequence.len() / d - 1;
    let mut hidden = vec![0.0; layers * d];
    let mut cell = vec![0.0; layers * d];
    let mut x = vec![0.0; d];
    let mut tape = Vec::with_capacity(steps * layers * d);
    // The last hidden state, and the softened output.
    let mut ends = Vec::with_capacity(steps * d);
    let mut total = 0.0;
    let scale = -1.0 / (steps * d) as f64;
    for t in 0..steps {
        for i in 0..d {
            x[i] = sequence[t * d + i] * extra[i];
        }
        for layer in 0..layers {
            let w = &main[layer * 8 * d..(layer + 1) * 8 * d];
            let rows = layer * d..(layer + 1) * d;
            let (hidden, cell) = (&mut hidden[rows.clone()], &mut cell[rows]);
            for i in 0..d {
                let forget = sigmoid(x[i] * w[i] + w[4 * d + i]);
                let input = sigmoid(hidden[i] * w[d + i] + w[5 * d + i]);
                let output = sigmoid(x[i] * w[2 * d + i] + w[6 * d + i]);
                let change = (hidden[i] * w[3 * d + i] + w[7 * d + i]).tanh();
                let after = cell[i] * forget + input * change;
                let squashed = after.tanh();
                tape.push(Record {
                    x: x[i],
                    hidden: hidden[i],
                    cell: cell[i],
                    forget,
                    input,
                    output,
                    change,
                    squashed,
                });
                cell[i] = after;
                hidden[i] = output * squashed;
                x[i] = hidden[i];
            }
        }
        let mut sum = 2.0;
        let first = ends.len();
        for i in 0..d {
            let end = x[i];
            x[i] = end * extra[d + i] + extra[2 * d + i];
            let e = x[i].exp();
            sum += e;
            ends.push([end, e]);
        }
        let norm = sum.ln();
        for i in 0..d {
            total += sequence[(t + 1) * d + i] * (x[i] - norm);
        }
        let inverse = 1.0 / sum;
        ends[first..].iter_mut().for_each(|[_, e]| *e *= inverse);
    }
    main_bar.fill(0.0);
    extra_bar.fill(0.0);
    let mut hidden_bar = vec![0.0; layers * d];
    let mut cell_bar = vec![0.0; layers * d];
    let mut x_bar = vec![0.0; d];
    for t in (0..steps).rev() {
        let gold = &sequence[(t + 1) * d..(t + 2) * d];
        let norm_bar = -gold.iter().map(|gold| scale * gold).sum::<f64>();
        let ends = &ends[t * d..(t + 1) * d];
        for i in 0..d {
            let [end, soft] = ends[i];
            let bar = scale * gold[i] + norm_bar * soft;
            extra_bar[2 * d + i] += bar;
            extra_bar[d + i] += bar * end;
            x_bar[i] = bar * extra[d + i];
        }
        for layer in (0..layers).rev() {
            let w = &main[layer * 8 * d..(layer + 1) * 8 * d];
            let w_bar = &mut main_bar[layer * 8 * d..(layer + 1) * 8 * d];
            let rows = layer * d..(layer + 1) * d;
            let (hidden_bar, cell_bar) = (&mut hidden_bar[rows.clone()], &mut cell_bar[rows]);
            let at = (t * layers + layer) * d;
            let tape = &tape[at..at + d];
            for i in (0..d).rev() {
                let Record { x, hidden, cell, forget, input, output, change, squashed } = tape[i];
                let bar = hidden_bar[i] + x_bar[i];
                let after = cell_bar[i] + bar * output * (1.0 - squashed * squashed);
                let f = after * cell * forget * (1.0 - forget);
                let p = after * change * input * (1.0 - input);
                let o = bar * squashed * output * (1.0 - output);
                let c = after * input * (1.0 - change * change);
                cell_bar[i] = after * forget;
                w_bar[i] += f * x;
                w_bar[4 * d + i] += f;
                w_bar[d + i] += p * hidden;
                w_bar[5 * d + i] += p;
                w_bar[2 * d + i] += o * x;
                w_bar[6 * d + i] += o;
                w_bar[3 * d + i] += c * hidden;
                w_bar[7 * d + i] += c;
                x_bar[i] = f * w[i] + o * w[2 * d + i];
                hidden_bar[i] = p * w[d + i] + c * w[3 * d + i];
            }
        }
        for i in 0..d {
            extra_bar[i] += x_bar[i] * sequence[t * d + i];
        }
    }
    total * scale
}

pub(crate) struct Lstm {
    name: &'static str,
    layers: usize,
    sequence: Vec<f64>,
}

impl Lstm {
    pub(crate) fn new(name: &'static str, layers: usize) -> Self {
        Self { name, layers, sequence: Random::new(6).vec(LENGTH * D, 0.0, 1.0) }
    }
}

impl Kernel for Lstm {
    fn name(&self) -> &'static str {
        self.name
    }

    fn point(&self, random: &mut Random) -> Vec<f64> {
        random.vec(self.layers * 8 * D + 3 * D, -1.0, 1.0)
    }

    fn primal(&self, x: &[f64]) -> f64 {
        let (main, extra) = x.split_at(self.layers * 8 * D);
        perplexity(main, extra, &self.sequence, D)
    }

    fn ours(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        let (main, extra) = x.split_at(self.layers * 8 * D);
        let (main_bar, extra_bar) = bar.split_at_mut(self.layers * 8 * D);
        perplexity_value_and_grad_into(main, extra, &self.sequence, D, main_bar, extra_bar)
    }

    fn mechanical(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        let (main, extra) = x.split_at(self.layers * 8 * D);
        let (main_bar, extra_bar) = bar.split_at_mut(self.layers * 8 * D);
        mechanical(main, extra, &self.sequence, D, main_bar, extra_bar)
    }
}
