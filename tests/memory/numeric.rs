//! Algorithms that work in place.

use autodiff::grad;

use crate::{confirmed, numbers};

/// A diagonally dominant matrix of order `n`, by rows.
fn matrix(n: usize) -> Vec<f64> {
    let mut a = numbers(n * n);
    for i in 0..n {
        a[i * n + i] += n as f64 + 1.0;
    }
    a
}

#[grad(jvp)]
fn cholesky(p: &[f64]) -> f64 {
    let n = 3;
    let mut a = p.to_vec();
    for j in 0..n {
        for k in 0..j {
            for i in j..n {
                a[i * n + j] -= a[i * n + k] * a[j * n + k];
            }
        }
        let d = a[j * n + j].sqrt();
        for i in j..n {
            a[i * n + j] /= d;
        }
    }
    let mut s = 0.0;
    for i in 0..n {
        s += a[i * n + i].ln() + a[(n - 1) * n + i];
    }
    s
}
confirmed!(cholesky_in_place: cholesky at matrix(3));

#[grad(jvp)]
fn lu(p: &[f64]) -> f64 {
    let n = 3;
    let mut a = vec![vec![0.0; n]; n];
    let mut b = vec![0.0; n];
    for i in 0..n {
        for j in 0..n {
            a[i][j] = p[((i + 1) % n) * n + j];
        }
        b[i] = p[i] * 0.3;
    }
    let mut sign = 1.0;
    for k in 0..n {
        let mut pivot = k;
        for i in k + 1..n {
            if a[i][k].abs() > a[pivot][k].abs() {
                pivot = i;
            }
        }
        if pivot != k {
            a.swap(k, pivot);
            b.swap(k, pivot);
            sign = -sign;
        }
        for i in k + 1..n {
            a[i][k] /= a[k][k];
            let factor = a[i][k];
            for j in k + 1..n {
                a[i][j] -= factor * a[k][j];
            }
            b[i] -= factor * b[k];
        }
    }
    for i in (0..n).rev() {
        for j in i + 1..n {
            b[i] -= a[i][j] * b[j];
        }
        b[i] /= a[i][i];
    }
    let mut determinant = sign;
    for i in 0..n {
        determinant *= a[i][i];
    }
    determinant.abs().ln() + b[0] * b[1] - b[2]
}
confirmed!(lu_with_pivoting: lu at matrix(3));

#[grad(jvp)]
fn fft(p: &[f64]) -> f64 {
    let n = p.len() / 2;
    let mut re = vec![0.0; n];
    let mut im = vec![0.0; n];
    for i in 0..n {
        re[i] = p[i];
        im[i] = p[n + i];
    }
    let mut j = 0;
    for i in 1..n {
        let mut bit = n >> 1;
        while j & bit != 0 {
            j ^= bit;
            bit >>= 1;
        }
        j |= bit;
        if i < j {
            re.swap(i, j);
            im.swap(i, j);
        }
    }
    let mut len = 2;
    while len <= n {
        let angle = -2.0 * std::f64::consts::PI / len as f64;
        for start in (0..n).step_by(len) {
            for k in 0..len / 2 {
                let (sin, cos) = (angle * k as f64).sin_cos();
                let (a, b) = (start + k, start + k + len / 2);
                let (u, v) = (re[b] * cos - im[b] * sin, re[b] * sin + im[b] * cos);
                re[b] = re[a] - u;
                im[b] = im[a] - v;
                re[a] += u;
                im[a] += v;
            }
        }
        len *= 2;
    }
    let mut power = 0.0;
    for i in 0..n {
        power += (re[i] * re[i] + im[i] * im[i]) * (i as f64 + 1.0);
    }
    power
}
confirmed!(radix_two_fft: fft at numbers(2), numbers(16));

#[grad(jvp)]
fn thomas(p: &[f64]) -> f64 {
    let n = p.len() / 4;
    let (a, b) = (&p[0..n], &p[n..2 * n]);
    let mut c = p[2 * n..3 * n].to_vec();
    let mut d = p[3 * n..].to_vec();
    c[0] /= b[0] + 3.0;
    d[0] /= b[0] + 3.0;
    for i in 1..n {
        let m = 1.0 / (b[i] + 3.0 - a[i] * c[i - 1]);
        c[i] *= m;
        d[i] = (d[i] - a[i] * d[i - 1]) * m;
    }
    for i in (0..n - 1).rev() {
        d[i] -= c[i] * d[i + 1];
    }
    let mut s = 0.0;
    for x in &d {
        s += x * x * x;
    }
    s
}
confirmed!(tridiagonal_solver: thomas at numbers(4), numbers(20));

#[grad(jvp)]
fn gauss_seidel(p: &[f64]) -> f64 {
    let n = 3;
    let a = &p[..n * n];
    let b = &p[n * n..];
    let mut x = vec![0.0; n];
    for _ in 0..6 {
        for i in 0..n {
            let mut sigma = b[i];
            for j in 0..n {
                if j != i {
                    sigma -= a[i * n + j] * x[j];
                }
            }
            x[i] = sigma / a[i * n + i];
        }
    }
    x[0] * x[1] + x[2]
}
confirmed!(gauss_seidel_sweeps: gauss_seidel at [matrix(3), numbers(3)].concat());

#[grad(jvp)]
fn prefix(p: &[f64]) -> f64 {
    let mut a = p.to_vec();
    for i in 1..a.len() {
        a[i] += a[i - 1] * a[i];
    }
    let mut products = vec![1.0; p.len() + 1];
    for i in 0..p.len() {
        products[i + 1] = products[i] * a[i];
    }
    products[p.len()] + a[p.len() - 1]
}
confirmed!(prefix_sums: prefix at numbers(1), numbers(6));

#[grad(jvp)]
fn alignment(p: &[f64]) -> f64 {
    let n = p.len() / 2;
    let (a, b) = (&p[..n], &p[n..]);
    let mut cost = vec![vec![0.0; n + 1]; n + 1];
    for i in 1..=n {
        cost[i][0] = cost[i - 1][0] + a[i - 1] * 0.4;
        cost[0][i] = cost[0][i - 1] + b[i - 1] * 0.4;
    }
    for i in 1..=n {
        for j in 1..=n {
            let change = a[i - 1] - b[j - 1];
            let best = (cost[i - 1][j] + 0.4 * a[i - 1]).min(cost[i][j - 1] + 0.4 * b[j - 1]);
            cost[i][j] = best.min(cost[i - 1][j - 1] + change * change);
        }
    }
    cost[n][n]
}
confirmed!(dynamic_programming: alignment at numbers(2), numbers(8));

#[grad(jvp)]
fn sorted(p: &[f64]) -> f64 {
    let mut a = p.to_vec();
    let n = a.len();
    for i in 0..n {
        for j in 0..n - 1 - i {
            if a[j] > a[j + 1] {
                a.swap(j, j + 1);
            }
        }
    }
    let mut s = 0.0;
    for (i, x) in a.iter().enumerate() {
        s += x * x * (i as f64 + 1.0);
    }
    s
}
confirmed!(bubble_sort: sorted at numbers(1), numbers(6));

#[grad(jvp)]
fn products(p: &[f64]) -> f64 {
    let n = 3;
    let mut a = vec![vec![0.0; n]; n];
    let mut b = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..n {
            a[i][j] = p[i * n + j];
            b[j][i] = p[i * n + j] * p[j];
        }
    }
    let mut c = vec![vec![0.0; n]; n];
    let mut flat = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..n {
            for k in 0..n {
                c[i][j] += a[i][k] * b[k][j];
                flat[i * n + j] += c[i][j] * a[k][i];
            }
        }
    }
    let mut trace = 0.0;
    for i in 0..n {
        trace += c[i][i] * flat[i * n + (i + 1) % n];
    }
    trace
}
confirmed!(matrix_products: products at numbers(9));

#[grad(jvp)]
fn heat(p: &[f64]) -> f64 {
    let mut u = p.to_vec();
    for _ in 0..4 {
        for i in 1..u.len() - 1 {
            u[i] += 0.2 * (u[i - 1] - 2.0 * u[i] + u[i + 1]);
        }
    }
    let mut s = 0.0;
    for x in &u {
        s += x * x;
    }
    s
}
confirmed!(heat_in_place: heat at numbers(2), numbers(7));

#[grad(jvp)]
fn fisher(p: &[f64]) -> f64 {
    let n = p.len();
    let mut u = p.to_vec();
    let mut next = vec![0.0; n];
    for _ in 0..3 {
        for i in 0..n {
            let (left, right) = (u[(i + n - 1) % n], u[(i + 1) % n]);
            next[i] = u[i] + 0.1 * (left - 2.0 * u[i] + right) + 0.3 * u[i] * (1.0 - u[i]);
        }
        u.copy_from_slice(&next);
    }
    for i in 0..n {
        u[i] = u[i] * u[(i + 1) % n] * (1.0 - u[i]);
    }
    let mut s = 0.0;
    for x in u.iter() {
        s += x;
    }
    s
}
confirmed!(fisher_reads_ahead: fisher at numbers(1), numbers(6));

#[grad(jvp)]
fn ring(p: &[f64]) -> f64 {
    let n = 4;
    let mut a = [0.0; 4];
    let mut s = 0.0;
    for (k, x) in p.iter().enumerate() {
        a[k % n] = x * x;
        s += a[(k + 1) % n] * a[k % n] + a[(k + n - 1) % n].sin();
    }
    s
}
confirmed!(a_ring_buffer: ring at numbers(3), numbers(11));
