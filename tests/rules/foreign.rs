//! `rules(path = path)`: the value of a foreign function, and the derivatives of another.

use std::cell::Cell;

use approx::assert_relative_eq;
use autodiff::grad;

use crate::confirm;

/// A crate without derivatives.
mod library {
    use std::cell::Cell;

    thread_local! {
        pub(super) static RUNS: Cell<u32> = const { Cell::new(0) };
    }

    pub(super) fn logistic(x: f64) -> f64 {
        RUNS.set(RUNS.get() + 1);
        1.0 / (1.0 + (-x).exp())
    }

    pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }
}

mod my {
    #[autodiff::rule(y = logistic(x) => [y * (1.0 - y)], order = 2)]
    pub(super) fn logistic(x: f64) -> f64 {
        super::library::logistic(x)
    }

    /// Neither the value nor the derivative of a logistic function.
    #[autodiff::rule(y = marked(x) => [100.0 * y])]
    pub(super) fn marked(x: f64) -> f64 {
        x + 1.0
    }

    #[autodiff::grad]
    pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
        let mut sum = 0.0;
        for i in 0..a.len() {
            sum += a[i] * b[i];
        }
        sum
    }
}

#[grad(jvp, order = 2, hessian, rules(library::logistic = my::logistic))]
fn loss(p: &[f64]) -> f64 {
    let squash = |x: f64| library::logistic(x * p[0]);
    let mut sum = 0.0;
    for i in 1..p.len() {
        if p[i] > 0.0 {
            sum += squash(p[i]) * library::logistic(sum);
        }
    }
    sum + p.iter().map(|&x| library::logistic(x)).sum::<f64>()
}

#[grad(jvp, rules(library::dot = my::dot))]
fn of_slices(p: &[f64]) -> f64 {
    let n = p.len() / 2;
    library::dot(&p[..n], &p[n..]) * library::dot(p, p)
}

#[test]
fn derivatives_are_those_of_the_rule() {
    let p = [0.5, 0.8, -0.3, 1.2];
    confirm(of_slices, of_slices_grad, of_slices_jvp, &p);
    confirm(loss, loss_grad, loss_jvp, &p);
    let hessian = loss_hessian(&p);
    for i in 0..4 {
        let at = |h: f64| {
            let mut q = p;
            q[i] += h;
            loss_grad(&q)
        };
        for (j, (more, less)) in at(1e-5).into_iter().zip(at(-1e-5)).enumerate() {
            assert_relative_eq!(hessian[i][j], (more - less) / 2e-5, epsilon = 1e-7);
            assert_relative_eq!(hessian[i][j], hessian[j][i], epsilon = 1e-13);
        }
    }
}

#[grad(jvp, vjp, rules(library::logistic = my::marked))]
fn mismatched(x: f64) -> f64 {
    library::logistic(x) * 2.0
}

/// A wrong rule is a wrong derivative, of the right value.
#[test]
fn the_value_is_that_of_the_foreign_function() {
    let value = 2.0 * library::logistic(0.5);
    assert_eq!(mismatched_value_and_grad(0.5), (value, 300.0));
    assert_eq!(mismatched_jvp(0.5, 1.0), (value, 300.0));
    assert_eq!(mismatched_vjp(0.5).0, value);
    library::RUNS.set(0);
    let _ = mismatched_grad(0.5);
    assert_eq!(library::RUNS.get(), 1);
}

thread_local! {
    static ARGUMENTS: Cell<u32> = const { Cell::new(0) };
}

fn counted() -> f64 {
    ARGUMENTS.set(ARGUMENTS.get() + 1);
    2.0
}

#[grad(rules(library::logistic = my::logistic))]
fn of_counted(x: f64) -> f64 {
    library::logistic(x * counted())
}

#[test]
fn arguments_are_evaluated_once() {
    ARGUMENTS.set(0);
    let y = library::logistic(1.0);
    assert_relative_eq!(of_counted_grad(0.5), 2.0 * y * (1.0 - y), max_relative = 1e-15);
    assert_eq!(ARGUMENTS.get(), 1);
}

/// A row of the rule table gives way.
mod table {
    #[autodiff::rule(y = sin(x) => [7.0])]
    pub(super) fn sin(x: f64) -> f64 {
        x.sin()
    }
}

#[grad(rules(f64::sin = table::sin))]
fn by_another_table(x: f64) -> f64 {
    f64::sin(x) + x.sin()
}

#[test]
fn a_function_of_the_table_can_have_another_rule() {
    assert_eq!(by_another_table_grad(0.0), 8.0);
}
