//! Elements that are taken off a `Vec` if there are any, in every way in which that is asked.

use autodiff::grad;
use autodiff_tests::{confirmed, numbers};

/// A default, and what a closure makes of the element.
#[grad(jvp)]
fn with_a_default(p: &[f64]) -> f64 {
    let mut stack = vec![];
    for &x in p {
        if x > 1.0 {
            stack.push(x);
        } else {
            let last = stack.pop().unwrap_or(2.0 * p[0]);
            stack.push(last * x);
        }
    }
    stack.iter().sum::<f64>() + stack.pop().map_or(p[0], |x| x * x)
}
confirmed!(defaults: with_a_default at [0.5], [1.5, 0.5, 2.0, 0.25, 0.75, 0.8], numbers(7));

#[grad(jvp)]
fn matched(p: &[f64]) -> f64 {
    let mut stack = p.to_vec();
    let mut product = 1.0;
    loop {
        product *= match stack.pop() {
            Some(x) if stack.len() > 2 => x.sin(),
            Some(x) => x,
            None => break,
        };
    }
    product
}
confirmed!(in_a_match: matched at numbers(1), numbers(5));

#[grad(jvp)]
fn or_else(p: &[f64]) -> f64 {
    let mut stack: Vec<f64> = Vec::new();
    for &x in p {
        let Some(last) = stack.pop() else {
            stack.push(x * x);
            continue;
        };
        stack.push(last / (1.0 + x));
        if x > 1.2 {
            stack.push(x);
        }
    }
    stack.iter().sum()
}
confirmed!(or_something_else: or_else at numbers(1), numbers(6));

#[grad(vjp)]
fn reduced(p: &[f64]) -> Result<f64, String> {
    let mut stack = p.to_vec();
    let last = stack.pop().ok_or("empty")?;
    let before = stack.pop().ok_or_else(|| format!("{} alone", p.len()))?;
    Ok(match stack.pop() {
        Some(more) => last * before * more,
        None => last / before,
    })
}

#[test]
fn failures() {
    assert_eq!(reduced_grad(&[]), Err("empty".to_owned()));
    assert_eq!(reduced_grad(&[1.0]), Err("1 alone".to_owned()));
    assert_eq!(reduced_grad(&[2.0, 3.0]), Ok(vec![-0.75, 0.5]));
    assert_eq!(reduced_grad(&[9.0, 2.0, 3.0, 4.0]), Ok(vec![0.0, 12.0, 8.0, 6.0]));
}

/// The caller's.
#[grad]
fn lent(x: &mut Vec<f64>) -> Option<f64> {
    let last = x.pop()?;
    x.push(last * last);
    Some(x.iter().map(|x| x * last).sum())
}

#[test]
fn off_a_parameter() {
    let mut x = vec![2.0, 3.0];
    // x₀ x₁ + x₁³
    assert_eq!(lent_grad(&mut x), Some(vec![3.0, 29.0]));
    assert_eq!(x, [2.0, 9.0]);
    assert_eq!(lent_grad(&mut Vec::new()), None);
}

/// References change places as what they refer to does.
#[grad]
fn exchanged(x: &mut f64, y: &mut f64, rows: &mut [f64], others: &mut [f64]) -> f64 {
    *x *= *y;
    std::mem::swap(x, y);
    std::mem::swap(&mut rows[0], x);
    rows[1] *= others[0];
    *x * *x + *y * rows[0] + rows[1]
}

#[test]
fn references_in_a_swap() {
    let (mut x, mut y) = (2.0, 3.0);
    let (mut rows, mut others) = ([5.0, 7.0], [11.0]);
    // r₀² + x y · y + r₁ o₀
    let gradient = exchanged_grad(&mut x, &mut y, &mut rows, &mut others);
    assert_eq!(gradient, (9.0, 12.0, vec![10.0, 11.0], vec![7.0]));
    assert_eq!((x, y, rows), (5.0, 6.0, [3.0, 77.0]));
}
