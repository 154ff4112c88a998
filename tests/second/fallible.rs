//! Second derivatives and Jacobians of functions that may fail, and through them.

use approx::assert_relative_eq;
use autodiff::grad;

use crate::twice;

#[grad(order = 2)]
fn root(x: f64) -> Option<f64> {
    if x > 0.0 { Some(x.sqrt()) } else { None }
}

#[grad(order = 2)]
fn quotient(a: f64, b: &[f64]) -> Result<f64, String> {
    let norm: f64 = b.iter().map(|b| b * b).sum();
    if norm < 1e-3 {
        return Err(format!("{norm} is too small"));
    }
    Ok(a * root(norm).ok_or("it is positive")? / norm)
}

/// Handles the failures of what it calls.
#[grad(hvp, hessian)]
fn handled(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for &x in x {
        match root(x) {
            Some(root) => sum += root * x,
            None => sum += x * x,
        }
    }
    match quotient(sum, x) {
        Ok(y) => y * sum,
        Err(_) => sum,
    }
}

twice! {
    failures_that_are_handled: handled at [0.5, 0.8], [1.5, -0.25, 2.0], [0.01, 0.01];
}

#[grad(hvp, hessian)]
fn passed_on(x: &[f64]) -> Result<f64, String> {
    let y = quotient(x[0], &x[1..])?;
    let root = root(x[0] * y).ok_or_else(|| "negative".to_owned())?;
    Ok(root * x[1] + y)
}

#[grad(hvp, hessian)]
fn of_two(x: f64, y: f64) -> Option<f64> {
    let r = root(x)?;
    Some(r * y * y)
}

#[grad(hvp, hessian)]
fn of_an_array(x: [f64; 3]) -> Result<f64, usize> {
    let mut product = 1.0;
    for i in 0..3 {
        if x[i] == 0.0 {
            return Err(i);
        }
        product *= x[i].ln();
    }
    Ok(product)
}

/// The same, which cannot fail.
mod plain {
    use autodiff::grad;

    #[grad(hessian)]
    pub(super) fn passed_on(x: &[f64]) -> f64 {
        let norm: f64 = x[1..].iter().map(|b| b * b).sum();
        let y = x[0] * norm.sqrt() / norm;
        (x[0] * y).sqrt() * x[1] + y
    }

    #[grad(hessian)]
    pub(super) fn of_an_array(x: [f64; 3]) -> f64 {
        x[0].ln() * x[1].ln() * x[2].ln()
    }
}

#[test]
fn a_hessian_where_nothing_fails() {
    let x = [0.5, 1.25, -0.75];
    let (own, other) = (passed_on_hessian(&x), plain::passed_on_hessian(&x));
    let own = own.expect("nothing fails here");
    assert_eq!(own.len(), 3);
    for (own, other) in own.iter().flatten().zip(other.iter().flatten()) {
        assert_relative_eq!(own, other, max_relative = 1e-12);
    }
    let product = passed_on_hvp(&x, &[0.0, 1.0, 0.0]).expect("nothing fails here");
    for (product, row) in product.iter().zip(&own) {
        assert_relative_eq!(*product, row[1], max_relative = 1e-14);
    }
    // r = √x: −x^(−3/2)/4 · y², y/√x, 2√x
    assert_eq!(of_two_hessian(4.0, 3.0), Some([[-9.0 / 32.0, 1.5], [1.5, 4.0]]));
    assert_eq!(of_two_hvp(4.0, 3.0, 0.0, 1.0), Some((1.5, 4.0)));
    let x = [0.5, 1.25, 3.0];
    let (own, other) = (of_an_array_hessian(x), plain::of_an_array_hessian(x));
    for (own, other) in own.expect("nothing fails here").iter().zip(&other) {
        for (own, other) in own.iter().zip(other) {
            assert_relative_eq!(own, other, max_relative = 1e-12);
        }
    }
}

#[test]
fn a_failure_is_returned() {
    assert_eq!(passed_on_hessian(&[1.0, 0.0, 0.01]), Err("0.0001 is too small".to_owned()));
    assert_eq!(passed_on_hvp(&[0.0, 1.0], &[1.0, 1.0]), Err("negative".to_owned()));
    assert_eq!(of_two_hessian(-1.0, 3.0), None);
    assert_eq!(of_two_hvp(0.0, 3.0, 1.0, 1.0), None);
    assert_eq!(of_an_array_hessian([1.0, 2.0, 0.0]), Err(2));
}

#[grad(jacobian)]
fn pair(x: [f64; 3]) -> Result<(f64, f64), &'static str> {
    if x[0] > 0.0 { Ok((x[0].sqrt() * x[1], x[2] * x[2])) } else { Err("negative") }
}

#[grad(jacobian)]
fn row(x: &[f64], a: f64) -> Option<Vec<f64>> {
    let first = x.first()?;
    Some(x.iter().map(|x| x * first * a).collect())
}

#[grad(jacobian)]
fn triple(x: &[f64; 2]) -> Option<[f64; 3]> {
    let inverse = if x[1] == 0.0 { None } else { Some(1.0 / x[1]) }?;
    Some([x[0] * inverse, 7.0, inverse])
}

/// Its columns are computed one by one.
#[grad(jacobian)]
fn long(x: &[f64; 20]) -> Result<(f64, f64), usize> {
    for i in 0..20 {
        if x[i] < 0.0 {
            return Err(i);
        }
    }
    Ok((x[3] * x[19], x[4]))
}

#[test]
fn a_jacobian() {
    assert_eq!(pair_jacobian([4.0, 3.0, 0.5]), Ok([[0.75, 2.0, 0.0], [0.0, 0.0, 1.0]]));
    assert_eq!(pair_jacobian([0.0, 3.0, 0.5]), Err("negative"));
    let (by_x, by_a) = row_jacobian(&[2.0, 3.0], 0.5).expect("there is a first");
    assert_eq!(by_x, [vec![2.0, 0.0], vec![1.5, 1.0]]);
    assert_eq!(by_a, [4.0, 6.0]);
    assert_eq!(row_jacobian(&[], 0.5), None);
    let expected = [[0.5, -0.75], [0.0, 0.0], [0.0, -0.25]];
    assert_eq!(triple_jacobian(&[3.0, 2.0]), Some(expected));
    assert_eq!(triple_jacobian(&[3.0, 0.0]), None);
    let mut x: [f64; 20] = std::array::from_fn(|i| i as f64);
    let (mut first, mut second) = ([0.0; 20], [0.0; 20]);
    (first[3], first[19], second[4]) = (19.0, 3.0, 1.0);
    assert_eq!(long_jacobian(&x), Ok([first, second]));
    x[7] = -1.0;
    assert_eq!(long_jacobian(&x), Err(7));
}

/// Without elements there are no directions, and still it fails.
#[grad(hvp, hessian)]
fn of_some(x: &[f64]) -> Result<f64, &'static str> {
    if x.is_empty() { Err("empty") } else { Ok(x.iter().map(|x| x * x).sum()) }
}

#[grad(jacobian, wrt(x))]
fn scaled(x: &[f64], k: f64) -> Option<[f64; 2]> {
    (k > 0.0).then_some(())?;
    Some([x.iter().sum::<f64>() * k, k])
}

#[test]
fn a_failure_without_directions() {
    assert_eq!(of_some_hessian(&[]), Err("empty"));
    assert_eq!(of_some_hvp(&[], &[]), Err("empty"));
    assert_eq!(of_some_hessian(&[3.0]), Ok(vec![vec![2.0]]));
    assert_eq!(scaled_jacobian(&[], -1.0), None);
    assert_eq!(scaled_jacobian(&[], 1.0), Some(Vec::new()));
}
