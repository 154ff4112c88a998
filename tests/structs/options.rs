//! `Option`s and `Box`es in structs, parameters and slices: read, matched, stored and passed on.

use autodiff::{Differentiable, grad};

use crate::{confirmed, numbers};

/// A spring that may be damped, and may hold others.
#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Spring {
    stiffness: f64,
    damping: Option<f64>,
    /// How it hardens, if it does.
    hardening: Option<[f64; 2]>,
    /// Its length at rest.
    rest: Box<f64>,
    next: Option<Link>,
}

/// What a spring hangs on.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Link {
    length: f64,
    weight: f64,
}

#[grad]
impl Spring {
    fn force(&self, x: f64, v: f64) -> f64 {
        let mut force = self.stiffness * (x - *self.rest);
        if let Some(damping) = self.damping {
            force += damping * v;
        }
        match &self.hardening {
            Some(by) if x > 1.0 => force + by[0] * x * x + by[1] * x.powi(3),
            Some([quadratic, _]) => force + quadratic * x * x,
            None => force,
        }
    }

    fn power(&self, v: f64) -> f64 {
        self.damping.map_or(0.0, |damping| damping * v * v)
    }

    fn decay(&self, t: f64) -> f64 {
        let damping = self.damping.unwrap_or(self.stiffness);
        (-damping * t / self.damping.as_ref().map_or(t, |d| d + t)).exp()
    }

    fn held(&self, x: f64) -> f64 {
        let Some(damping) = self.damping else { return x * x };
        let rest = self.next.as_ref().map_or_else(|| *self.rest, |next| next.length * next.weight);
        damping * x * rest + self.damping.unwrap_or_default() * self.damping.unwrap_or_else(|| x)
    }
}

/// A spring of these numbers, damped or not.
#[grad]
fn spring(p: &[f64], damped: bool) -> Spring {
    let link = Link { length: p[0] * p[1], weight: p[2] };
    let damping = if damped { Some(p[0] * p[2]) } else { None };
    Spring {
        stiffness: p[0],
        damping,
        hardening: Some([p[1], p[0] * p[2]]),
        rest: Box::new(p[1]),
        next: Some(link),
    }
}

#[grad(jvp)]
fn all_of_one(p: &[f64]) -> f64 {
    let damped = spring(p, true);
    let free = spring(p, false);
    damped.force(p[0] * 3.0, p[1]) * free.force(p[1] * 0.1, p[0])
        + damped.power(p[2]) * free.decay(p[0])
        + (free.power(p[2]) + damped.decay(p[0])) * damped.held(p[1])
        + free.held(p[2])
}
confirmed!(options_of_a_struct: all_of_one at numbers(3));

#[grad(jvp)]
fn in_time(p: &[f64]) -> f64 {
    let spring = spring(p, true);
    let (mut x, mut v) = (p[0], p[1]);
    for _ in 0..5 {
        v -= 0.1 * spring.force(x, v);
        if let Some(damping) = &spring.damping {
            v *= 1.0 - 0.01 * damping * x;
        }
        x += 0.1 * v;
    }
    x * v
}
confirmed!(options_in_a_loop: in_time at numbers(3));

#[grad(jvp)]
fn by_parameter(x: Option<f64>, y: f64) -> f64 {
    match x {
        Some(x) => x * x * y,
        None => y.sin(),
    }
}

#[grad(jvp)]
fn passed(p: &[f64]) -> f64 {
    let chosen = if p[0] > 1.0 { Some(p[0] * p[1]) } else { None };
    by_parameter(Some(p[0] * p[2]), p[1]) * by_parameter(None, p[2]) + by_parameter(chosen, p[2])
}
confirmed!(options_are_passed: passed at [0.7, 1.2, 0.9], [1.3, 0.4, 0.8]);

#[grad(jvp)]
fn of_a_slice(weights: &[Option<f64>], y: f64) -> f64 {
    let mut sum = 0.0;
    for weight in weights {
        if let Some(weight) = weight {
            sum += weight * y;
        } else {
            sum += y * y;
        }
    }
    for i in 0..weights.len() {
        sum += weights[i].map_or(0.5, |weight| weight * weight * y);
    }
    sum
}

#[test]
fn the_gradient_is_absent_where_the_value_is() {
    assert_eq!(by_parameter_grad(Some(2.0), 3.0), (Some(12.0), 4.0));
    assert_eq!(by_parameter_grad(None, 0.0), (None, 1.0));
    assert_eq!(by_parameter_jvp(Some(2.0), 3.0, Some(1.0), 10.0), (12.0, 52.0));
    // 2y + y² + 4y + ½
    assert_eq!(of_a_slice_grad(&[None, Some(2.0)], 1.5), (vec![None, Some(7.5)], 9.0));
    let spring = Spring {
        stiffness: 2.0,
        damping: Some(3.0),
        hardening: None,
        rest: Box::new(0.5),
        next: None,
    };
    let (bar, x_bar, v_bar) = spring.force_grad(1.5, 4.0);
    assert_eq!((bar.stiffness, bar.damping, bar.hardening), (1.0, Some(4.0), None));
    assert_eq!((bar.rest, bar.next.is_none(), x_bar, v_bar), (-2.0, true, 2.0, 3.0));
}

/// What is stored in an `Option` comes from branches of which one reads another.
#[grad(jvp)]
fn stored(p: &[f64]) -> f64 {
    let mut spring = spring(p, true);
    let kept = if p[0] > 1.0 { spring.damping } else { Some(p[1] * p[1]) };
    if p[1] > 1.0 {
        spring.damping = Some(p[2].sin());
    }
    kept.unwrap_or(p[2]) * p[0] + spring.damping.unwrap() * p[1]
}
confirmed!(options_are_stored: stored at [0.7, 1.2, 0.9], [1.3, 0.4, 0.8]);

/// Memory that may be there.
#[grad(jvp)]
fn of_a_vec(weights: &Option<Vec<f64>>, y: f64) -> f64 {
    let mut sum = y;
    if let Some(weights) = weights {
        for weight in weights {
            sum += weight * y;
        }
    }
    sum + weights.as_ref().map_or(0.0, |weights| weights[0] * y)
}

#[test]
fn memory_that_may_be_there() {
    assert_eq!(of_a_vec_grad(&Some(vec![2.0, 3.0]), 1.5), (Some(vec![3.0, 1.5]), 8.0));
    assert_eq!(of_a_vec_grad(&None, 1.5), (None, 1.0));
}
