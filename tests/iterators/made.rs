//! Iterators that are made of a value or a closure, and those that go round.

use crate::same::same;

mod super_of {
    use autodiff::grad;

    #[grad(jvp)]
    pub fn cycled(x: f64, v: &[f64]) -> f64 {
        let round: f64 = v.iter().cycle().take(12).map(|a| a * x).sum();
        let none: f64 = v[..0].iter().cycle().take(3).map(|a| a * x).sum();
        let skipped: f64 = v.iter().copied().cycle().skip(1).zip(v).map(|(a, b)| a * b).sum();
        let beside: f64 =
            v.iter().filter(|a| **a > 0.0).zip(v[..2].iter().cycle()).map(|(a, b)| a * b).sum();
        round + none + skipped * x + beside
    }

    #[grad(jvp)]
    pub fn repeated(x: f64, v: &[f64]) -> f64 {
        let one: f64 = std::iter::repeat(x * x).take(4).zip(v).map(|(a, b)| a * b).sum();
        let two: f64 = v.iter().zip(std::iter::repeat(x)).map(|(a, b)| a / b).sum();
        let three: f64 = std::iter::repeat_n(x, 3).sum();
        let four: f64 = std::iter::repeat_with(|| x * v[0]).take(2).product();
        one + two * three + four
    }

    #[grad(jvp)]
    pub fn successors(x: f64, v: &[f64]) -> f64 {
        let halves: f64 = std::iter::successors(Some(x), |p| Some(p * v[0])).take(5).sum();
        let below: f64 =
            std::iter::successors(Some(x), |&p| (p < 10.0).then(|| p * 2.0)).map(|p| p.ln()).sum();
        halves * below
    }

    #[grad(jvp)]
    pub fn once(x: f64, v: &[f64]) -> f64 {
        std::iter::once(x).chain(v.iter().copied()).map(|a| a * a).sum()
    }

    #[grad(jvp)]
    pub fn from_behind(x: f64, v: &[f64]) -> f64 {
        let all: f64 = v.rchunks(2).map(|c| c[0] * x).sum();
        let whole: f64 = v.rchunks_exact(2).enumerate().map(|(i, c)| c[1] * i as f64).sum();
        all * whole
    }
}

same! {
    cycled = |x, v| {
        let n = v.len();
        let mut s = 0.0;
        for k in 0..12 {
            s += v[k % n] * x;
        }
        let skipped: f64 = (0..n).map(|i| v[(i + 1) % n] * v[i]).sum();
        let mut beside = 0.0;
        let mut k = 0;
        for a in v {
            if *a > 0.0 {
                beside += a * v[k % 2];
                k += 1;
            }
        }
        s + skipped * x + beside
    };
    repeated = |x, v| {
        let one: f64 = v.iter().take(4).map(|b| x * x * b).sum();
        let two: f64 = v.iter().map(|a| a / x).sum();
        one + two * (3.0 * x) + (x * v[0]).powi(2)
    };
    successors = |x, v| {
        let (mut halves, mut p) = (0.0, x);
        for _ in 0..5 {
            halves += p;
            p *= v[0];
        }
        let (mut below, mut p) = (0.0, x);
        loop {
            below += p.ln();
            if p >= 10.0 {
                break;
            }
            p *= 2.0;
        }
        halves * below
    };
    once = |x, v| x * x + v.iter().map(|a| a * a).sum::<f64>();
    from_behind = |x, v| {
        let n = v.len();
        let (mut all, mut whole, mut end, mut i) = (0.0, 0.0, n, 0);
        while end > 0 {
            let start = end.saturating_sub(2);
            all += v[start] * x;
            if end - start == 2 {
                whole += v[start + 1] * i as f64;
            }
            end = start;
            i += 1;
        }
        all * whole
    };
}
