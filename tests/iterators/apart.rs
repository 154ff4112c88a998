//! Tuples of vectors that blocks and branches give, and vectors that iterators consume.

use crate::same::same;

mod super_of {
    use autodiff::grad;

    #[grad(jvp)]
    pub fn from_block(x: f64, v: &[f64]) -> f64 {
        let (one, other) = {
            let a: Vec<f64> = v.iter().map(|a| a * x).collect();
            let b: Vec<f64> = v.iter().map(|a| a + x).collect();
            (a, b)
        };
        one.iter().sum::<f64>() * other.iter().product::<f64>()
    }

    #[grad(jvp)]
    pub fn same_names(x: f64, v: &[f64]) -> f64 {
        let (one, other) = {
            let one: Vec<f64> = v.iter().map(|a| a * x).collect();
            let mut other: Vec<f64> = v.iter().map(|a| a + x).collect();
            other[0] *= x;
            (one, other)
        };
        one.iter().sum::<f64>() * other.iter().product::<f64>()
    }

    #[grad(jvp)]
    pub fn from_branch(x: f64, v: &[f64]) -> f64 {
        let (a, b): (Vec<f64>, Vec<f64>) = if x > 0.5 {
            v.iter().map(|a| (a * x, a + x)).unzip()
        } else {
            v.iter().map(|a| a * x).partition(|q| *q > 0.1)
        };
        a.iter().sum::<f64>() * 2.0 + b.iter().map(|b| b * b).sum::<f64>()
    }

    #[grad(jvp)]
    pub fn copied_in_one_arm(x: f64, v: &[f64]) -> f64 {
        let (one, other) = if x > 0.5 {
            (v.iter().map(|a| a * x).collect::<Vec<f64>>(), v.to_vec())
        } else {
            (vec![x], vec![x * x])
        };
        one.iter().sum::<f64>() * other.iter().product::<f64>()
    }

    #[grad(jvp)]
    pub fn from_match(x: f64, v: &[f64]) -> f64 {
        let mut s = 0.0;
        for k in 0..3 {
            let (a, b) = match k {
                0 => (v.to_vec(), vec![x; 2]),
                1 => {
                    let t: Vec<f64> = v.iter().rev().map(|q| q * x).collect();
                    (t, vec![x])
                }
                _ => v.iter().map(|q| (q * q, q * x)).unzip(),
            };
            s += a.iter().zip(&b).map(|(p, q)| p * q).sum::<f64>() + b.len() as f64 * x * s;
        }
        s
    }

    #[grad(jvp)]
    pub fn grown_afterwards(x: f64, v: &[f64]) -> f64 {
        let (mut one, n) = if x > 0.5 {
            (v.iter().map(|a| a * x).collect::<Vec<_>>(), 3)
        } else if x > 0.25 {
            (vec![x], 2)
        } else {
            (vec![x * x, x], 1)
        };
        one.push(x);
        one.iter().sum::<f64>() * f64::from(n)
    }

    #[grad(jvp)]
    pub fn consumed(x: f64, v: &[f64]) -> f64 {
        let (pos, neg): (Vec<f64>, Vec<f64>) = v.iter().map(|a| a * x).partition(|a| *a > 0.5);
        let mut s = 0.0;
        for a in neg {
            s = s * 0.5 + a * x;
        }
        pos.into_iter().map(|a| a.sin()).sum::<f64>() + s
    }

    #[grad(jvp)]
    pub fn consumed_pairs(x: f64, v: &[f64]) -> f64 {
        let pairs: Vec<(f64, f64)> = v.iter().map(|a| (a * x, a + x)).collect();
        let again = pairs.clone();
        let mut s = 0.0;
        for (a, b) in pairs.into_iter() {
            s += a * b;
        }
        again.into_iter().map(|(a, b)| a * b).product::<f64>() + s
    }

    #[grad(jvp)]
    pub fn consumed_rows(x: f64, v: &[f64]) -> f64 {
        let rows: Vec<Vec<f64>> = v.iter().map(|a| vec![*a, x * a]).collect();
        let mut s = 0.0;
        for row in rows {
            s += row[0] * row[1];
        }
        s
    }

    /// A `Vec` without a derivative, which is read again after a chain over it.
    #[grad(jvp)]
    pub fn read_again(x: f64, v: &[f64]) -> f64 {
        let at: Vec<usize> = vec![0, 1, 1];
        let s: f64 = at.iter().map(|&i| v[i] * x).sum();
        let block = {
            let kept: Vec<f64> = vec![0.5, 1.5];
            kept.iter().map(|q| q * x).sum::<f64>() * kept[..].iter().copied().sum::<f64>()
        };
        s * at.len() as f64 + block
    }
}

same! {
    from_block = |x, v| v.iter().map(|a| a * x).sum::<f64>() * v.iter().map(|a| a + x).product::<f64>();
    same_names = |x, v| {
        v.iter().map(|a| a * x).sum::<f64>() * v.iter().map(|a| a + x).product::<f64>() * x
    };
    from_branch = |x, v| {
        let mut s = 0.0;
        for a in v {
            let p = a * x;
            s += if x > 0.5 {
                2.0 * p + (a + x).powi(2)
            } else if p > 0.1 {
                2.0 * p
            } else {
                p * p
            };
        }
        s
    };
    copied_in_one_arm = |x, v| {
        if x > 0.5 {
            v.iter().map(|a| a * x).sum::<f64>() * v.iter().product::<f64>()
        } else {
            x * x * x
        }
    };
    from_match = |x, v| {
        let n = v.len();
        let mut s = v[0] * x + v[1] * x;
        s += v[n - 1] * x * x + x * s;
        s + v.iter().map(|q| q * q * q * x).sum::<f64>() + n as f64 * x * s
    };
    grown_afterwards = |x, v| {
        if x > 0.5 {
            3.0 * (v.iter().map(|a| a * x).sum::<f64>() + x)
        } else if x > 0.25 {
            4.0 * x
        } else {
            x * x + 2.0 * x
        }
    };
    consumed = |x, v| {
        let (mut s, mut t) = (0.0, 0.0);
        for a in v {
            if a * x > 0.5 { t += (a * x).sin() } else { s = s * 0.5 + a * x * x }
        }
        s + t
    };
    consumed_pairs = |x, v| {
        let of = |a: &f64| a * x * (a + x);
        v.iter().map(of).sum::<f64>() + v.iter().map(of).product::<f64>()
    };
    consumed_rows = |x, v| v.iter().map(|a| a * a * x).sum();
    read_again = |x, v| (v[0] + 2.0 * v[1]) * x * 3.0 + 4.0 * x;
}
