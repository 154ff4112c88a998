//! Chains that end in one of their items.

use crate::same::same;

mod super_of {
    use autodiff::grad;

    #[grad(jvp)]
    pub fn keys(x: f64, v: &[f64]) -> f64 {
        let most = v.iter().max_by_key(|a| (**a * 10.0) as i64).unwrap();
        let least = v.iter().map(|a| a * x).min_by_key(|a| (a * 10.0) as i64).unwrap();
        most * most + least
    }

    #[grad(jvp)]
    pub fn numbered(x: f64, v: &[f64]) -> f64 {
        let (i, top) = v.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        let at = v.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1)).map(|(i, _)| i).unwrap();
        top * x * (i + 1) as f64 + v[at] * x
    }

    #[grad(jvp)]
    pub fn nth(x: f64, v: &[f64]) -> f64 {
        v.iter().map(|a| a * x).nth(2).unwrap() * v.iter().nth(1).unwrap()
            + v.iter().nth(100).copied().unwrap_or(x)
    }

    #[grad(jvp)]
    pub fn mapped(x: f64, v: &[f64]) -> f64 {
        let a = v.iter().copied().max_by(f64::total_cmp).map_or(0.0, |m| m * x);
        let b = v.iter().find(|a| **a > 100.0).map(|a| a * x).unwrap_or(x * x);
        a + b
    }

    #[grad(jvp)]
    pub fn places(x: f64, v: &[f64]) -> f64 {
        let i = v.iter().position(|a| *a > x).unwrap_or(0);
        let j = (0..v.len()).max_by(|&i, &j| v[i].total_cmp(&v[j])).unwrap();
        let mut order: Vec<usize> = (0..v.len()).collect();
        order.sort_by(|&i, &j| v[i].total_cmp(&v[j]));
        let sorted: Vec<f64> = order.iter().map(|&i| v[i]).collect();
        let k = sorted.partition_point(|a| *a < x);
        let l = sorted.binary_search_by(|a| a.total_cmp(&x)).unwrap_or_else(|l| l);
        v[i] * x + v[j] * sorted[1] + sorted[k.min(l)]
    }
}

fn sorted(v: &[f64]) -> Vec<f64> {
    let mut sorted = v.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

same! {
    keys = |x, v| {
        let s = sorted(v);
        s[s.len() - 1].powi(2) + s[0] * x
    };
    numbered = |x, v| {
        let s = sorted(v);
        let i = v.iter().position(|a| *a == s[s.len() - 1]).unwrap();
        s[s.len() - 1] * x * (i + 1) as f64 + s[0] * x
    };
    nth = |x, v| v[2] * x * v[1] + x;
    mapped = |x, v| sorted(v)[v.len() - 1] * x + x * x;
    places = |x, v| {
        let s = sorted(v);
        let i = v.iter().position(|a| *a > x).unwrap_or(0);
        let k = s.iter().position(|a| *a >= x).unwrap();
        v[i] * x + s[s.len() - 1] * s[1] + s[k]
    };
}
