//! Ranges whose length is known, numbers of items, pairs behind references, and names that a
//! closure captures and an item has too.

use crate::same::same;

mod super_of {
    use autodiff::grad;

    #[grad(jvp)]
    pub fn ranges(x: f64, v: &[f64]) -> f64 {
        let n = v.len();
        let back: f64 = (0..n).zip(v).rev().fold(0.0, |acc, (i, a)| acc * x + a * i as f64);
        let from_one: f64 =
            v.iter().zip(1..n).rev().fold(x, |acc, (a, i)| acc * 0.5 + a * i as f64);
        let whole: f64 = v.iter().zip(1..=3_i32).map(|(a, k)| a * f64::from(k) * x).sum();
        let few: f64 = v.iter().zip(-1..2_i32).rev().map(|(a, k)| a * a * f64::from(k)).sum();
        let mut strides = x;
        for i in (1..n).step_by(2).rev() {
            strides = strides * 0.9 + v[i] * i as f64;
        }
        for (k, i) in (2..n + 1).skip(1).enumerate() {
            strides *= v[k] + i as f64 * 0.1;
        }
        back + from_one + whole + few + strides
    }

    #[grad(jvp)]
    pub fn numbers(x: f64, v: &[f64]) -> f64 {
        let mut s = x;
        for (i, a) in v.iter().enumerate().rev() {
            let i = i + 1;
            s = s * 0.5 + a * i as f64;
        }
        for ((i, a), b) in v.iter().enumerate().rev().zip(v).skip(1) {
            s += a * b * v[i];
        }
        for (n, (i, a)) in v.iter().rev().enumerate().rev().enumerate().skip(1) {
            s += a * x * (n * i) as f64;
        }
        for (mut i, a) in v.iter().enumerate() {
            i *= 2;
            s += a * a * i as f64;
        }
        s
    }

    /// Items of several sources, one for one.
    #[grad(jvp)]
    pub fn lockstep(x: f64, v: &[f64]) -> f64 {
        let i = 3.0 * x;
        let squares = v.iter().map(|a| a * a).enumerate().map(|(i, a)| a * i as f64).sum::<f64>();
        let clash = v.iter().map(|a| a * i).enumerate().fold(x, |s, (i, a)| s * 0.5 + a * i as f64);
        let three: f64 = v
            .iter()
            .map(|a| a.sin())
            .zip(v.iter().map(|b| b + x).enumerate())
            .map(|(a, (n, b))| a * b * n as f64)
            .zip(&v[1..])
            .enumerate()
            .filter(|(n, (p, q))| *n != 1 && *p > -9.0 && **q < 9.0)
            .map(|(n, (p, q))| p - q * n as f64)
            .sum();
        let last = v
            .iter()
            .map(|a| a * x)
            .zip(v)
            .map(|pair| pair.0 * pair.1)
            .zip(v)
            .map(|(a, b)| a * b)
            .reduce(|_, b| b)
            .unwrap();
        squares + clash + three + last
    }

    /// How many bytes there are is not known: their numbers are kept.
    #[grad(jvp)]
    pub fn bytes(x: f64, v: &[f64]) -> f64 {
        let text = String::from("abc");
        let mut s = x;
        for (i, b) in text.bytes().enumerate().rev().skip(1) {
            s += v[i] * v[i] * f64::from(b) * x;
        }
        for (i, b) in text.bytes().enumerate() {
            s *= v[i] + f64::from(b) * 0.01;
        }
        s
    }

    #[grad(jvp)]
    pub fn behind(x: f64, v: &[f64]) -> f64 {
        let points: Vec<(f64, f64)> = v.iter().map(|a| (*a, a * x)).collect();
        let above = points.iter().filter(|(p, q)| p > q).map(|(p, q)| p * q).sum::<f64>();
        let odd = points
            .iter()
            .enumerate()
            .filter(|(i, (p, _))| i % 2 == 1 && *p < 2.0)
            .map(|(i, (p, q))| p * q * i as f64)
            .sum::<f64>();
        let until: f64 =
            points.iter().take_while(|&&(p, _)| p > -1.0).map(|&(p, q)| p - q * q).sum();
        let late: f64 = points.iter().skip_while(|(p, _)| *p > 0.5).map(|(p, q)| p.sin() * q).sum();
        let all: f64 = (0..2)
            .flat_map(|k| points[k..].iter())
            .filter(|(p, q)| p + q > 0.0)
            .map(|(p, q)| p / (1.0 + q * q))
            .sum();
        above + odd + until + late + all
    }

    #[grad(jvp)]
    pub fn captured(x: f64, v: &[f64]) -> f64 {
        let a = x * 1.5;
        let scaled = |z: f64| z * a;
        v.iter()
            .map(|a| scaled(*a) + a)
            .filter(|a| *a > -0.5)
            .map(|b| {
                let a = b * b;
                scaled(a)
            })
            .sum()
    }

    #[grad(jvp)]
    pub fn copied(x: f64, v: &[f64]) -> f64 {
        let (low, high): (Vec<f64>, Vec<f64>) = v.iter().partition(|a| **a < 0.75);
        let (left, right): (Vec<f64>, Vec<f64>) = v.iter().zip(v.iter().rev()).unzip();
        let mut more = vec![x];
        more.extend(v.iter().filter(|a| **a > 0.0));
        let crossed: f64 = left.iter().zip(&right).map(|(a, b)| a * b.sin()).sum();
        low.iter().sum::<f64>() * high.iter().product::<f64>() + crossed * more.iter().sum::<f64>()
    }

    /// A part of a local `Vec`, and elements round and round: nothing of them is lent to the
    /// pullback.
    #[grad(jvp)]
    pub fn parts(x: f64, v: &[f64]) -> f64 {
        let mut sorted: Vec<f64> = v.iter().zip(v.iter().cycle()).map(|(a, b)| a * b).collect();
        sorted.sort_by(|a, b| a.total_cmp(b));
        let kept = &sorted[1..sorted.len() - 1];
        let scales = vec![x, 2.0 * x];
        let around: f64 = v.iter().zip(scales.iter().cycle()).map(|(a, b)| a * b).sum();
        around * kept.iter().sum::<f64>() / kept.len() as f64
    }

    #[grad(jvp)]
    pub fn rows(x: f64, v: &[f64]) -> f64 {
        let rows: [[f64; 2]; 3] =
            std::array::from_fn(|i| std::array::from_fn(|j| v[(i + j) % v.len()] * x));
        rows.iter().map(|row| row.iter().product::<f64>()).sum::<f64>() + rows[2][1]
    }
}

same! {
    ranges = |x, v| {
        let n = v.len();
        let (mut back, mut from_one, mut whole, mut few) = (0.0, x, 0.0, 0.0);
        for i in (0..n).rev() {
            back = back * x + v[i] * i as f64;
        }
        for i in (0..n - 1).rev() {
            from_one = from_one * 0.5 + v[i] * (i + 1) as f64;
        }
        for i in 0..n.min(3) {
            whole += v[i] * (i + 1) as f64 * x;
            few += v[i] * v[i] * (i as f64 - 1.0);
        }
        let mut strides = x;
        for i in (0..n).rev().filter(|i| i % 2 == 1) {
            strides = strides * 0.9 + v[i] * i as f64;
        }
        for i in 3..=n {
            strides *= v[i - 3] + i as f64 * 0.1;
        }
        back + from_one + whole + few + strides
    };
    numbers = |x, v| {
        let n = v.len();
        let mut s = x;
        for i in (0..n).rev() {
            s = s * 0.5 + v[i] * (i + 1) as f64;
        }
        for k in 1..n {
            s += v[n - 1 - k] * v[k] * v[n - 1 - k];
        }
        for k in 1..n {
            s += v[k] * x * (k * (n - 1 - k)) as f64;
        }
        for i in 0..n {
            s += v[i] * v[i] * (2 * i) as f64;
        }
        s
    };
    lockstep = |x, v| {
        let (mut squares, mut clash, mut three) = (0.0, x, 0.0);
        for i in 0..v.len() {
            squares += v[i] * v[i] * i as f64;
            clash = clash * 0.5 + v[i] * (3.0 * x) * i as f64;
        }
        for i in (0..v.len() - 1).filter(|i| *i != 1) {
            three += v[i].sin() * (v[i] + x) * i as f64 - v[i + 1] * i as f64;
        }
        let last = v[v.len() - 1];
        squares + clash + three + last * x * last * last
    };
    bytes = |x, v| {
        let mut s = x + v[1] * v[1] * 98.0 * x + v[0] * v[0] * 97.0 * x;
        for i in 0..3 {
            s *= v[i] + (97 + i) as f64 * 0.01;
        }
        s
    };
    behind = |x, v| {
        let (mut above, mut odd, mut all) = (0.0, 0.0, 0.0);
        let (mut until, mut late, mut skips, mut takes) = (0.0, 0.0, true, true);
        for (i, &p) in v.iter().enumerate() {
            let q = p * x;
            above += if p > q { p * q } else { 0.0 };
            odd += if i % 2 == 1 && p < 2.0 { p * q * i as f64 } else { 0.0 };
            takes &= p > -1.0;
            until += if takes { p - q * q } else { 0.0 };
            skips &= p > 0.5;
            late += if skips { 0.0 } else { p.sin() * q };
            let times = i.min(1) as f64 + 1.0;
            all += if p + q > 0.0 { times * p / (1.0 + q * q) } else { 0.0 };
        }
        above + odd + until + late + all
    };
    captured = |x, v| {
        let mut s = 0.0;
        for &b in v {
            let b = b * (x * 1.5) + b;
            s += if b > -0.5 { b * b * (x * 1.5) } else { 0.0 };
        }
        s
    };
    copied = |x, v| {
        let n = v.len();
        let (mut low, mut high, mut crossed, mut more) = (0.0, 1.0, 0.0, x);
        for i in 0..n {
            low += if v[i] < 0.75 { v[i] } else { 0.0 };
            high *= if v[i] < 0.75 { 1.0 } else { v[i] };
            crossed += v[i] * v[n - 1 - i].sin();
            more += if v[i] > 0.0 { v[i] } else { 0.0 };
        }
        low * high + crossed * more
    };
    parts = |x, v| {
        let n = v.len();
        let mut sorted: Vec<f64> = (0..n).map(|i| v[i] * v[i]).collect();
        sorted.sort_by(|a, b| a.total_cmp(b));
        let around: f64 = (0..n).map(|i| v[i] * if i % 2 == 0 { x } else { 2.0 * x }).sum();
        around * sorted[1..n - 1].iter().sum::<f64>() / (n - 2) as f64
    };
    rows = |x, v| {
        let at = |i: usize| v[i % v.len()] * x;
        (0..3).map(|i| at(i) * at(i + 1)).sum::<f64>() + at(3)
    };
}
