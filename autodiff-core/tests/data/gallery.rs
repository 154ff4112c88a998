//! Functions whose emitted code is reviewed: by clippy, all of them, and stage by stage, some.

/// Straight-line code with an intermediate of two uses.
#[must_use]
#[grad(jvp, vjp, test(x = 0.5, y = 2.0))]
pub fn straight(x: f64, y: f64) -> f64 {
    let product = x * y;
    product.exp() + product.sin() / y
}

/// A variable that is overwritten.
#[must_use]
#[grad(jvp, vjp)]
pub fn overwritten(x: f64, y: f64) -> f64 {
    let mut sum = x * y;
    sum += x;
    sum = sum * sum;
    sum.sqrt()
}

/// Arms that need different residuals.
#[must_use]
#[grad(jvp, vjp, graph)]
pub fn branching(x: f64, n: i32) -> f64 {
    let scale = if x > 0.0 { x.powi(n) } else { -x };
    scale * x
}

/// A `match` with guards, and an arm that panics.
///
/// # Panics
///
/// If `kind` is unknown.
#[must_use]
#[grad(jvp, vjp)]
pub fn matching(x: f64, kind: u8) -> f64 {
    match kind {
        0 => x.ln(),
        1 if x > 1.0 => x * x,
        1 | 2 => x.tanh(),
        _ => unreachable!("kind {kind}"),
    }
}

/// Arrays by value and by reference, and a result of several floats.
#[must_use]
#[grad(jvp, vjp, graph)]
pub fn rotated(angle: f64, v: [f64; 2], scale: &[f64; 2]) -> [f64; 2] {
    let (sin, cos) = angle.sin_cos();
    [(cos * v[0] - sin * v[1]) * scale[0], (sin * v[0] + cos * v[1]) * scale[1]]
}

/// Lengths known only at run time, and an index that may be out of bounds.
#[must_use]
#[grad(jvp, vjp)]
pub fn gathered(x: &[f64], at: usize, pair: (f64, i64)) -> f64 {
    x[at] * x[at + 1] + pair.0 * x[0]
}

/// The cosine similarity of two vectors.
#[must_use]
#[grad(jvp, vjp, test(u = [1.0, 2.0, 3.0], v = [0.5, -1.0, 2.0]))]
pub fn cosine(u: &[f64], v: &[f64]) -> f64 {
    let (mut product, mut left, mut right) = (0.0, 0.0, 0.0);
    for i in 0..u.len() {
        product += u[i] * v[i];
        left += u[i] * u[i];
        right += v[i] * v[i];
    }
    product / (left * right).sqrt()
}

/// A recurrence whose iterates the reverse sweep reads.
#[must_use]
#[grad(jvp, vjp, graph)]
pub fn recurrence(x: f64, steps: usize) -> f64 {
    let mut y = x;
    for _ in 0..steps {
        y += (y * x).sin();
    }
    y
}

/// A loop that stops on a value.
#[must_use]
#[grad(jvp, vjp)]
pub fn halved(x: f64) -> f64 {
    let mut y = x;
    while y.abs() > 0.5 {
        y *= 0.5 * y.cos();
    }
    y * y
}

/// An array that is updated in place.
#[must_use]
#[grad(jvp, vjp)]
pub fn smoothed(x: &[f64; 4]) -> f64 {
    let mut y = *x;
    for i in 1..4 {
        y[i] = y[i - 1] * x[3 - i];
    }
    y[3]
}

/// Calls of other functions, one of them twice.
#[must_use]
#[grad(jvp, vjp, graph)]
pub fn calling(x: f64, v: &[f64; 2]) -> f64 {
    let inner = straight(x, v[0]);
    let turned = rotated(inner, *v, v);
    straight(turned[0], turned[1]) + branching(inner, 3)
}

/// Kinks and singular points.
#[must_use]
#[grad(jvp, vjp)]
pub fn kinks(x: f64, y: f64) -> f64 {
    x.max(y) + x.abs().sqrt() + x.hypot(y) + y.clamp(-1.0, 1.0).powf(x) + (x % y).recip()
}

/// A block, and late initialisations.
#[must_use]
#[grad(jvp, vjp)]
pub fn scoped(x: f32, flag: bool) -> f32 {
    let first;
    let second;
    if flag {
        let inner = x.exp();
        first = inner * x;
        second = inner;
    } else {
        first = 2.0 * x;
        second = first.sin();
    }
    let sum = {
        let square = x * x;
        square + 1.0
    };
    sum * first + second
}

/// A check, a message and a value that the gradient does not need.
///
/// # Panics
///
/// If `x` is negative.
#[must_use]
#[grad(jvp, vjp)]
pub fn checked(x: f64, unused: f64) -> f64 {
    assert!(x >= 0.0, "{x} is negative");
    let shown = x * unused.floor();
    debug_assert!(shown.is_finite(), "{shown}");
    3.0 * x
}

/// A generic function with a lifetime.
#[must_use]
#[grad(jvp, vjp, wrt(x))]
pub fn generic<'a, T: Copy + 'a, const N: usize>(x: &'a [f64; N], weight: f64, at: &'a T) -> f64
where
    usize: From<T>,
{
    let at = usize::from(*at);
    x[at].cbrt() * weight
}
