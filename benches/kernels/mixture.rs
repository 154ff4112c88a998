//! A mixture of Gaussians: the `gmm` of `ADBench`, at random points.

use autodiff::grad;

use crate::kernel::{Kernel, Random};

const POINTS: usize = 1000;
/// Wishart's prior.
const GAMMA: f64 = 1.0;

#[grad(constant(points))]
fn likelihood(alphas: &[f64], means: &[f64], icf: &[f64], points: &[f64], d: usize) -> f64 {
    let k = alphas.len();
    let width = d * (d + 1) / 2;
    let mut diagonals = vec![0.0; k * d];
    let mut sums = vec![0.0; k];
    for c in 0..k {
        for i in 0..d {
            let q = icf[c * width + i];
            sums[c] += q;
            diagonals[c * d + i] = q.exp();
        }
    }
    let mut centred = vec![0.0; d];
    let mut turned = vec![0.0; d];
    let mut terms = vec![0.0; k];
    let mut total = 0.0;
    for p in points.chunks(d) {
        for c in 0..k {
            for i in 0..d {
                centred[i] = p[i] - means[c * d + i];
                turned[i] = diagonals[c * d + i] * centred[i];
            }
            let mut at = c * width + d;
            for i in 0..d {
                for j in i + 1..d {
                    turned[j] += icf[at] * centred[i];
                    at += 1;
                }
            }
            let mut square = 0.0;
            for i in 0..d {
                square += turned[i] * turned[i];
            }
            terms[c] = alphas[c] + sums[c] - 0.5 * square;
        }
        total += log_sum_exp(&terms);
    }
    let mut prior = 0.0;
    for c in 0..k {
        let mut square = 0.0;
        for i in 0..d {
            square += diagonals[c * d + i] * diagonals[c * d + i];
        }
        for i in d..width {
            square += icf[c * width + i] * icf[c * width + i];
        }
        prior += 0.5 * GAMMA * GAMMA * square - sums[c];
    }
    total - (points.len() / d) as f64 * log_sum_exp(alphas) + prior
}

#[grad]
fn log_sum_exp(x: &[f64]) -> f64 {
    let mut largest = x[0];
    for &v in x {
        if v > largest {
            largest = v;
        }
    }
    let mut sum = 0.0;
    for &v in x {
        sum += (v - largest).exp();
    }
    largest + sum.ln()
}

/// `x` becomes the gradient of its `log_sum_exp`.
fn soften(x: &mut [f64]) -> f64 {
    let largest = x.iter().fold(x[0], |a, &b| if b > a { b } else { a });
    let mut sum = 0.0;
    for v in &mut *x {
        *v = (*v - largest).exp();
        sum += *v;
    }
    let scale = 1.0 / sum;
    x.iter_mut().for_each(|v| *v *= scale);
    largest + sum.ln()
}

/// Each point is finished before the next; what its components keep is written over. `STRIDED`
/// walks the triangle by an index of its own, as the primal does.
fn by_hand<const STRIDED: bool>(
    [alphas, means, icf]: [&[f64]; 3],
    points: &[f64],
    d: usize,
    [alphas_bar, means_bar, icf_bar]: [&mut [f64]; 3],
) -> f64 {
    let k = alphas.len();
    let width = d * (d + 1) / 2;
    let mut diagonals = vec![0.0; k * d];
    let mut sums = vec![0.0; k];
    for c in 0..k {
        for i in 0..d {
            sums[c] += icf[c * width + i];
            diagonals[c * d + i] = icf[c * width + i].exp();
        }
    }
    alphas_bar.fill(0.0);
    means_bar.fill(0.0);
    icf_bar.fill(0.0);
    let (mut centred, mut turned) = (vec![0.0; k * d], vec![0.0; k * d]);
    let mut terms = vec![0.0; k];
    let mut diagonals_bar = vec![0.0; k * d];
    let mut centred_bar = vec![0.0; d];
    let mut turned_bar = vec![0.0; d];
    let mut total = 0.0;
    for p in points.chunks(d) {
        for c in 0..k {
            let row = c * d..(c + 1) * d;
            let (x, y) = (&mut centred[row.clone()], &mut turned[row.clone()]);
            let (q, mu) = (&diagonals[row.clone()], &means[row]);
            for i in 0..d {
                x[i] = p[i] - mu[i];
                y[i] = q[i] * x[i];
            }
            let mut at = c * width + d;
            for i in 0..d {
                if STRIDED {
                    for j in i + 1..d {
                        y[j] += icf[at] * x[i];
                        at += 1;
                    }
                } else {
                    let count = d - i - 1;
                    let z = x[i];
                    y[i + 1..].iter_mut().zip(&icf[at..at + count]).for_each(|(y, l)| *y += l * z);
                    at += count;
                }
            }
            let mut square = 0.0;
            for y in &*y {
                square += y * y;
            }
            terms[c] = alphas[c] + sums[c] - 0.5 * square;
        }
        total += soften(&mut terms);
        for c in 0..k {
            let bar = terms[c];
            alphas_bar[c] += bar;
            let row = c * d..(c + 1) * d;
            let (x, y, q) = (&centred[row.clone()], &turned[row.clone()], &diagonals[row.clone()]);
            for i in 0..d {
                turned_bar[i] = -bar * y[i];
                centred_bar[i] = turned_bar[i] * q[i];
            }
            let mut at = c * width + d;
            for i in 0..d {
                let count = d - i - 1;
                let mut sum = 0.0;
                if STRIDED {
                    for j in i + 1..d {
                        icf_bar[at] += turned_bar[j] * x[i];
                        sum += turned_bar[j] * icf[at];
                        at += 1;
                    }
                } else {
                    let part = at..at + count;
                    let z = x[i];
                    let rows = icf_bar[part.clone()].iter_mut().zip(&turned_bar[i + 1..]);
                    rows.for_each(|(bar, y)| *bar += y * z);
                    // Four chains of additions.
                    let (l, y) = (&icf[part], &turned_bar[i + 1..]);
                    let (ls, ys) = (l.chunks_exact(4), y.chunks_exact(4));
                    let rest = ls.remainder().iter().zip(ys.remainder());
                    sum += rest.map(|(l, y)| l * y).sum::<f64>();
                    let mut four = [0.0; 4];
                    for (l, y) in ls.zip(ys) {
                        for lane in 0..4 {
                            four[lane] += l[lane] * y[lane];
                        }
                    }
                    sum += (four[0] + four[1]) + (four[2] + four[3]);
                    at += count;
                }
                centred_bar[i] += sum;
            }
            let (mu, q) = (&mut means_bar[row.clone()], &mut diagonals_bar[row]);
            for i in 0..d {
                q[i] += turned_bar[i] * x[i];
                mu[i] -= centred_bar[i];
            }
        }
    }
    let count = (points.len() / d) as f64;
    // That of `sums` is that of `alphas`, from the points, and -1, from the prior.
    let mut prior = 0.0;
    for c in 0..k {
        let mut square = 0.0;
        for i in 0..d {
            let q = diagonals[c * d + i];
            square += q * q;
            icf_bar[c * width + i] +=
                alphas_bar[c] - 1.0 + (diagonals_bar[c * d + i] + GAMMA * GAMMA * q) * q;
        }
        for i in d..width {
            let l = icf[c * width + i];
            square += l * l;
            icf_bar[c * width + i] += GAMMA * GAMMA * l;
        }
        prior += 0.5 * GAMMA * GAMMA * square - sums[c];
    }
    let mut soft = alphas.to_vec();
    let of_alphas = soften(&mut soft);
    alphas_bar.iter_mut().zip(&soft).for_each(|(bar, soft)| *bar -= count * soft);
    total - count * of_alphas + prior
}

pub(crate) struct Mixture {
    name: &'static str,
    d: usize,
    k: usize,
    points: Vec<f64>,
}

impl Mixture {
    pub(crate) fn new(name: &'static str, d: usize, k: usize) -> Self {
        Self { name, d, k, points: Random::new(5).vec(POINTS * d, -1.0, 1.0) }
    }

    fn parts<'a>(&self, x: &'a [f64]) -> [&'a [f64]; 3] {
        let (alphas, rest) = x.split_at(self.k);
        let (means, icf) = rest.split_at(self.k * self.d);
        [alphas, means, icf]
    }

    fn bars<'a>(&self, x: &'a mut [f64]) -> [&'a mut [f64]; 3] {
        let (alphas, rest) = x.split_at_mut(self.k);
        let (means, icf) = rest.split_at_mut(self.k * self.d);
        [alphas, means, icf]
    }
}

impl Kernel for Mixture {
    fn name(&self) -> &'static str {
        self.name
    }

    fn point(&self, random: &mut Random) -> Vec<f64> {
        random.vec(self.k * (1 + self.d + self.d * (self.d + 1) / 2), -0.5, 0.5)
    }

    fn primal(&self, x: &[f64]) -> f64 {
        let [alphas, means, icf] = self.parts(x);
        likelihood(alphas, means, icf, &self.points, self.d)
    }

    fn ours(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        let ([alphas, means, icf], [a, m, i]) = (self.parts(x), self.bars(bar));
        likelihood_value_and_grad_into(alphas, means, icf, &self.points, self.d, a, m, i)
    }

    fn mechanical(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        by_hand::<true>(self.parts(x), &self.points, self.d, self.bars(bar))
    }

    fn expert(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        by_hand::<false>(self.parts(x), &self.points, self.d, self.bars(bar))
    }
}
