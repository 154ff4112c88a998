//! One function for each mistake that a reverse sweep over loops and memory can make. What is
//! wrong with the gradient then is large: no tolerance hides it.

#![deny(warnings)]
#![allow(
    clippy::explicit_iter_loop,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::suboptimal_flops,
    clippy::assign_op_pattern,
    clippy::cast_lossless,
    clippy::cast_precision_loss,
    clippy::explicit_counter_loop,
    reason = "the functions are written in every way that is accepted"
)]

use approx::assert_relative_eq;
use autodiff::check::assert_gradient;
use autodiff::grad;

/// Compares the gradient with differences, and the tangent with the gradient.
macro_rules! agree {
    ($f:ident, $grad:ident, $jvp:ident, $x:expr $(, $more:expr)*) => {
        let x: &[f64] = &$x;
        let gradient = $grad(x $(, $more)*);
        let point = (x.to_vec(),);
        assert_gradient(stringify!($f), &["x"], |(x,)| $f(x $(, $more)*), &point, &gradient);
        for n in 0..x.len() {
            let mut dot = vec![0.0; x.len()];
            dot[n] = 1.0;
            let (value, dot) = $jvp(x $(, $more)*, &dot);
            assert_eq!(value.to_bits(), $f(x $(, $more)*).to_bits());
            assert_relative_eq!(dot, gradient[n], max_relative = 1e-12, epsilon = 1e-14);
        }
    };
}

/// Nothing saved: each product reads what the next statement overwrites.
#[grad(jvp)]
fn nothing_saved(x: &[f64]) -> f64 {
    let (mut a, mut b) = (x[0], x[1]);
    for _ in 0..4 {
        a = a * b;
        b = b.sin() + a;
    }
    a * b
}

/// A statement that reads what it overwrites needs the value before.
#[grad(jvp)]
fn read_by_its_own_overwriting(x: &[f64]) -> f64 {
    let mut a = [x[0], x[1]];
    for i in 0..3 {
        a[i % 2] = a[i % 2] * a[i % 2] * a[1 - i % 2];
    }
    a[0] + a[1]
}

/// An element that is overwritten leaves the others needed.
#[grad(jvp)]
fn an_element_is_not_the_array(x: &[f64]) -> f64 {
    let mut a = [x[0], x[1], x[2]];
    let y = a[0].sin() * a[1].sin() * a[2].sin();
    a[1] = y * 2.0;
    let z = a[0].exp() * a[1].exp() * a[2].exp();
    a[0] = z;
    a[2] = a[0] * a[1];
    a[0] + a[1] * a[2]
}

/// The result of `exp` is read by its derivative as it was right after.
#[grad(jvp)]
fn a_result_is_read_before_it_is_undone(x: &[f64]) -> f64 {
    let mut a = x[0];
    for i in 0..3 {
        a = (0.3 * a).exp() - 0.1 * i as f64;
    }
    a
}

/// What an `exp` gave is overwritten before its derivative reads it.
#[grad(jvp)]
fn a_result_is_needed_after_it_is_overwritten(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    let mut a = [0.0; 2];
    for i in 0..x.len() {
        a[0] = x[i].exp();
        a[1] = a[0].sqrt();
        sum += a[1] * x[i];
        a[0] = 1.0;
        a[1] = a[0];
    }
    sum + a[1]
}

/// What the first statement of an iteration needs is overwritten by the last of the one before.
#[grad(jvp)]
fn needed_by_the_next_iteration(x: &[f64]) -> f64 {
    let (mut a, mut b, mut c) = (x[0], x[1], x[0] - x[1]);
    for _ in 0..4 {
        c = c * a;
        a = b;
        b = c.cos();
    }
    a + b * c
}

/// What is needed on the way through `continue` only.
#[grad(jvp)]
fn needed_after_continue(x: &[f64]) -> f64 {
    let (mut a, mut sum) = (x[0], 0.0);
    for i in 0..5 {
        let y = a * a;
        if i % 2 == 0 {
            sum += y;
            a = x[1] + a;
            continue;
        }
        a = 1.0;
        sum += a * x[1];
    }
    sum * a
}

/// What is needed on the way through `break` only.
#[grad(jvp)]
fn needed_after_break(x: &[f64]) -> f64 {
    let (mut a, mut b) = (x[0], x[1]);
    for i in 0..5 {
        b = b * a;
        if i == 3 {
            b = b * b.sin();
            break;
        }
        a = 1.5;
    }
    a = a * b;
    b = 0.25;
    a * b
}

/// The element of an index that is another by then.
#[grad(jvp)]
fn an_index_of_its_time(x: &[f64], mut k: usize) -> f64 {
    let mut a = [0.0; 4];
    for &v in x {
        a[k] = a[k] * v + v;
        k = (3 * k + 1) % 4;
        a[k] += v * v;
        k = (k + 1) % 4;
    }
    a[0] * a[1] + a[2] * a[3] + a[k]
}

/// Adding to an element keeps what was there.
#[grad(jvp)]
fn adding_keeps_what_was_there(x: &[f64]) -> f64 {
    let mut a = [x[0] * x[1], x[1]];
    for i in 0..3 {
        a[0] += x[0] * x[i % 2];
        a[1] += a[0];
        a[0] += a[0];
    }
    a[0] * a[1]
}

/// Which of several exits was taken.
#[grad(jvp)]
fn the_exit_that_was_taken(x: &[f64], way: usize) -> f64 {
    let mut a = x[0];
    'outer: for i in 0..3 {
        for j in 0..3 {
            a = a * x[1] + 0.1;
            if way == 1 && i + j == 2 {
                break 'outer;
            }
            a = a.sin();
            if way == 2 && j == 1 {
                continue 'outer;
            }
            if way == 3 && i == 1 {
                return a * a * x[0];
            }
            if way == 4 && j == 1 {
                break;
            }
            a = a * a;
        }
        a += x[1] * x[1];
    }
    a
}

/// What is overwritten by a constant carries nothing further.
#[grad(jvp)]
fn what_is_overwritten_is_gone(x: &[f64]) -> f64 {
    let mut a = [x[0], x[1]];
    let mut b = x[0] * x[1];
    for i in 0..3 {
        b += a[i % 2] * a[i % 2];
        a[i % 2] = 0.5;
        b = b * a[(i + 1) % 2];
        if i == 1 {
            b = x[1] + 0.25;
        }
    }
    b * a[0] + a[1]
}

#[test]
fn each_mistake_would_show() {
    agree!(nothing_saved, nothing_saved_grad, nothing_saved_jvp, [0.7, 1.3]);
    agree!(
        read_by_its_own_overwriting,
        read_by_its_own_overwriting_grad,
        read_by_its_own_overwriting_jvp,
        [0.7, 1.3]
    );
    agree!(
        an_element_is_not_the_array,
        an_element_is_not_the_array_grad,
        an_element_is_not_the_array_jvp,
        [0.7, 0.4, -0.6]
    );
    agree!(
        a_result_is_read_before_it_is_undone,
        a_result_is_read_before_it_is_undone_grad,
        a_result_is_read_before_it_is_undone_jvp,
        [0.7]
    );
    agree!(
        a_result_is_needed_after_it_is_overwritten,
        a_result_is_needed_after_it_is_overwritten_grad,
        a_result_is_needed_after_it_is_overwritten_jvp,
        [0.7, 0.4, -0.6]
    );
    agree!(
        needed_by_the_next_iteration,
        needed_by_the_next_iteration_grad,
        needed_by_the_next_iteration_jvp,
        [0.7, 1.3]
    );
    agree!(
        adding_keeps_what_was_there,
        adding_keeps_what_was_there_grad,
        adding_keeps_what_was_there_jvp,
        [0.7, 1.3]
    );
    agree!(
        what_is_overwritten_is_gone,
        what_is_overwritten_is_gone_grad,
        what_is_overwritten_is_gone_jvp,
        [0.7, 1.3]
    );
}

#[test]
fn each_mistake_of_exits_and_indices_would_show() {
    agree!(
        needed_after_continue,
        needed_after_continue_grad,
        needed_after_continue_jvp,
        [0.7, 1.3]
    );
    agree!(needed_after_break, needed_after_break_grad, needed_after_break_jvp, [0.7, 1.3]);
    for k in 0..4 {
        agree!(
            an_index_of_its_time,
            an_index_of_its_time_grad,
            an_index_of_its_time_jvp,
            [0.7, 1.3, -0.4],
            k
        );
    }
    for way in 0..5 {
        agree!(
            the_exit_that_was_taken,
            the_exit_that_was_taken_grad,
            the_exit_that_was_taken_jvp,
            [0.7, 1.3],
            way
        );
    }
}
