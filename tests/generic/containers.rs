//! Slices, arrays, `Vec`s, chains of iterators, `&mut` parameters.

use autodiff::{Dual, Real, grad};

use crate::{check, close, forward};

#[grad(hvp, hessian)]
fn rosenbrock<T: Real>(x: &[T]) -> T {
    let mut sum = T::zero();
    for i in 0..x.len() - 1 {
        let (a, b) = (T::one() - x[i], x[i + 1] - x[i] * x[i]);
        sum += a * a + T::from_f64(100.0) * b.powi(2);
    }
    sum
}

#[test]
fn slices() {
    let at = [0.3, -0.4, 1.1];
    let gradient = rosenbrock_grad(&at);
    let array = [gradient[0], gradient[1], gradient[2]];
    check(array, |x| rosenbrock(&x), |x| rosenbrock(&x), at);
    let mut buffer = [0.0; 3];
    rosenbrock_value_and_grad_into(&at, &mut buffer);
    assert_eq!(buffer, array);
    let hessian = rosenbrock_hessian(&at);
    let duals = [Dual::new(at[0], 1.0), Dual::constant(at[1]), Dual::constant(at[2])];
    let column: Vec<f64> = rosenbrock_grad(&duals).iter().map(|of| of.tangent).collect();
    close([column[0], column[1], column[2]], [hessian[0][0], hessian[0][1], hessian[0][2]], 1e-13);
    let product = rosenbrock_hvp(&at, &[1.0, 0.0, 0.0]);
    close([product[0], product[1], product[2]], [column[0], column[1], column[2]], 1e-13);
}

#[grad]
fn quadratic<T: Real, const N: usize>(a: &[[T; N]; N], x: &[T; N]) -> T {
    let mut sum = T::zero();
    for (row, y) in a.iter().zip(x) {
        for (entry, z) in row.iter().zip(x) {
            sum += *entry * *y * *z;
        }
    }
    sum
}

#[test]
fn arrays_of_any_length() {
    let (a, x) = ([[2.0, 1.0], [1.0, 3.0]], [0.5, -1.5]);
    let (a_bar, x_bar) = quadratic_grad(&a, &x);
    close(x_bar, [2.0 * (2.0 * 0.5 - 1.5), 2.0 * (0.5 - 4.5)], 1e-15);
    close(a_bar[0], [0.25, -0.75], 1e-15);
    let constant = a.map(|row| row.map(Dual::constant));
    close(x_bar, forward(|x| quadratic(&constant, &x), x), 1e-14);
}

#[grad]
fn moments<T: Real>(x: &[T], w: &Vec<T>) -> T {
    let n = T::from_f64(x.len() as f64);
    let mean = x.iter().copied().sum::<T>() / n;
    let weighted: Vec<T> = x.iter().zip(w).map(|(x, w)| (*x - mean).powi(2) * *w).collect();
    let largest = weighted.iter().fold(T::zero(), |a, &b| a.max(b));
    let product: T = w.iter().map(|w| w.sqrt()).product();
    weighted.iter().sum::<T>() / n + largest * product
}

#[test]
fn chains_of_iterators() {
    let f = |[a, b, c, d]: [f64; 4]| moments(&[a, b], &vec![c, d]);
    let dual = |[a, b, c, d]: [Dual; 4]| moments(&[a, b], &vec![c, d]);
    let at = [0.3, 1.4, 0.6, 0.9];
    let (x, w) = moments_grad(&at[..2], &at[2..].to_vec());
    check([x[0], x[1], w[0], w[1]], f, dual, at);
    let single = at.map(|x| x as f32);
    let (x32, w32) = moments_grad(&single[..2], &single[2..].to_vec());
    close([x32[0], x32[1], w32[0], w32[1]], [x[0], x[1], w[0], w[1]], 1e-5);
}

#[grad]
fn mapped<T: Real>(x: [T; 3]) -> T {
    let squares: [T; 3] = std::array::from_fn(|i| x[i] * x[(i + 1) % 3]);
    let roots = squares.map(|s| (s + T::one()).sqrt());
    let mut stack = Vec::new();
    for root in roots {
        stack.push(root);
    }
    let last = stack.pop().unwrap();
    stack.resize(4, last);
    let mut table = vec![T::one(); 2];
    table[1] = stack[3] * stack[0];
    table.iter().map(|x| x.ln_1p()).sum::<T>() + stack[1]
}

#[test]
fn arrays_that_are_made_and_vecs_that_grow() {
    let at = [0.4, 1.2, 0.8];
    check(mapped_grad(at), mapped, mapped, at);
}

#[grad(jvp, vjp, jacobian, wrt(u, k))]
fn rate<T: Real>(u: &[T], k: T, du: &mut [T]) {
    for i in 0..u.len() {
        du[i] = -k * u[i] * u[u.len() - 1 - i] + T::from_f64(0.5);
    }
}

#[grad]
fn stepped<T: Real>(u: &[T; 2], k: T) -> T {
    let mut u = *u;
    for _ in 0..10 {
        let mut du = [T::zero(); 2];
        rate(&u, k, &mut du);
        for (u, du) in u.iter_mut().zip(&du) {
            *u += *du * T::from_f64(0.05);
        }
    }
    u[0] * u[1]
}

#[test]
fn what_is_written_through_a_reference() {
    let (mut du, mut u_jac, mut k_jac) = ([0.0; 2], [0.0; 4], [0.0; 2]);
    rate_jacobian(&[1.0, 3.0], 0.5, &mut du, &mut u_jac, &mut k_jac, &mut [0.0; 6]);
    assert_eq!((u_jac, k_jac), ([-1.5, -0.5, -1.5, -0.5], [-3.0, -3.0]));
    let (mut du, mut u_bar, mut k_bar, mut du_bar) = ([0.0; 2], [0.0; 2], 0.0, [1.0, 10.0]);
    rate_vjp(&[1.0, 3.0], 0.5, &mut du, &mut u_bar, &mut k_bar, &mut du_bar);
    close(u_bar, [-16.5, -5.5], 1e-15);
    let f = |[a, b, k]: [f64; 3]| stepped(&[a, b], k);
    let dual = |[a, b, k]: [Dual; 3]| stepped(&[a, b], k);
    let (u, k) = stepped_grad(&[0.7, 1.2], 0.4);
    check([u[0], u[1], k], f, dual, [0.7, 1.2, 0.4]);
}

#[grad]
fn safe_root<T: Real>(x: T, low: T) -> Result<T, String> {
    if x < low {
        return Err(format!("{x} is below {low}"));
    }
    Ok((x - low).sqrt())
}

#[grad]
fn twice<T: Real>(x: T) -> Option<T> {
    let once = safe_root(x, T::from_f64(0.5)).ok()?;
    Some(once * x)
}

#[test]
fn functions_that_may_fail() {
    assert_eq!(safe_root_grad(1.5, 0.5), Ok((0.5, -0.5)));
    assert_eq!(safe_root_grad(0.0, 0.5_f32), Err("0 is below 0.5".to_owned()));
    assert_eq!(twice_grad(0.25), None);
    close([twice_grad(1.5).unwrap()], [1.0 + 0.75], 1e-15);
}
