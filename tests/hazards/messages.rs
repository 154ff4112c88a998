//! Format strings capture variables: what is printed is what the primal prints.

use std::cell::RefCell;
use std::fmt::Write as _;

use autodiff::grad;

thread_local! {
    static LOG: RefCell<String> = const { RefCell::new(String::new()) };
}

fn note(text: &str) {
    LOG.with(|log| {
        let _ = writeln!(log.borrow_mut(), "{text}");
    });
}

fn logged<T>(run: impl FnOnce() -> T) -> String {
    LOG.with(|log| log.borrow_mut().clear());
    drop(run());
    LOG.with(|log| log.borrow().clone())
}

#[grad(jvp, vjp)]
fn talks(x: f64, n: usize) -> f64 {
    let width = n + 2;
    let precision = 3;
    let y = x * x;
    let unused = y + 1.0;
    note(&format!("{x} and {y:?}, {{x}}, {unused:>width$.precision$} {0:1$}", n, width));
    let x = y * x;
    note(&format!(r#"{x:?} "{y}""#));
    let mut sum = x;
    sum += y;
    debug_assert!(sum.is_finite(), "{sum} of {x} and {y} at {n:>4}");
    note(&format!("{sum:.0$}", 2 * n));
    sum = sum * 2.0;
    note(&format!("{sum:e}"));
    sum
}

#[test]
fn the_log_is_the_primals() {
    let primal = logged(|| talks(2.0, 1));
    assert!(primal.contains("2 and 4.0, {x}, 5.000 "), "{primal}");
    assert_eq!(primal.lines().count(), 4);
    assert_eq!(logged(|| talks_grad(2.0, 1)), primal);
    assert_eq!(logged(|| talks_value_and_grad(2.0, 1)), primal);
    assert_eq!(logged(|| talks_jvp(2.0, 1, 1.0)), primal);
    assert_eq!(logged(|| talks_vjp(2.0, 1).1(1.0)), primal);
    assert_eq!(talks_grad(2.0, 1), 2.0 * (12.0 + 4.0));
}

#[grad]
fn asserts(x: f64, limit: f64) -> f64 {
    let squared = x * x;
    assert!(squared < limit, "{squared} is not below {limit:.1} for {x:?}");
    assert_eq!(squared.to_bits(), (x * x).to_bits(), "{squared}");
    squared * limit
}

#[test]
fn assertions_read_what_is_differentiated() {
    assert_eq!(asserts_value_and_grad(2.0, 5.0), (20.0, (20.0, 4.0)));
}
