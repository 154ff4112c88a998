//! Sorting and rotating: the elements change places.

use crate::same::same;

mod super_of {
    use autodiff::grad;

    #[grad(jvp)]
    pub fn sorted(x: f64, v: &[f64]) -> f64 {
        let mut s: Vec<f64> = v.iter().map(|a| a * x).collect();
        s.sort_by(|a, b| a.total_cmp(b));
        let mut t = s.clone();
        t.sort_unstable_by(|a, b| b.partial_cmp(a).unwrap());
        s.iter().enumerate().map(|(i, a)| a * i as f64).sum::<f64>() + t[0] * s[1]
    }

    #[grad(jvp)]
    pub fn median(x: f64, v: &[f64]) -> f64 {
        let mut s = v.to_vec();
        let k = s.len() / 2;
        s.select_nth_unstable_by(k, f64::total_cmp);
        s[k] * x
    }

    #[grad(jvp)]
    pub fn rotated(x: f64, v: &[f64]) -> f64 {
        let mut s = v.to_vec();
        for k in 0..3 {
            s.rotate_left(k);
            s[0] *= x;
            s[1] += s[2];
        }
        s.rotate_right(1);
        s.iter().enumerate().map(|(i, a)| a * i as f64).sum()
    }

    #[grad(jvp)]
    pub fn by_key(x: f64, v: &[f64]) -> f64 {
        let mut s = [x, v[0], v[1], v[2]];
        s.sort_by_key(|a| (a * 100.0) as i64);
        s[0] * 3.0 + s[1] * s[2] - s[3]
    }
}

fn ascending(v: &[f64]) -> Vec<f64> {
    let mut sorted = v.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

same! {
    sorted = |x, v| {
        let s = ascending(v);
        s.iter().enumerate().map(|(i, a)| a * x * i as f64).sum::<f64>()
            + s[s.len() - 1] * x * (s[1] * x)
    };
    median = |x, v| ascending(v)[v.len() / 2] * x;
    rotated = |x, v| {
        let mut s = v.to_vec();
        let n = s.len();
        for k in 0..3 {
            s = (0..n).map(|i| s[(i + k) % n]).collect();
            s[0] *= x;
            s[1] += s[2];
        }
        (0..n).map(|i| s[(i + n - 1) % n] * i as f64).sum()
    };
    by_key = |x, v| {
        let s = ascending(&[x, v[0], v[1], v[2]]);
        s[0] * 3.0 + s[1] * s[2] - s[3]
    };
}
