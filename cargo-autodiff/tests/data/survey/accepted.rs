//! Functions that have a derivative.

fn plain(x: f64) -> f64 {
    x.sin() * x
}

fn borrowed(v: &[f64], scale: &f32, n: usize) -> f64 {
    v.iter().sum::<f64>() * f64::from(*scale) * n as f64
}

fn owned(mut v: Vec<f64>, [a, b]: [f64; 2]) -> Vec<f64> {
    #[grad]
    fn inside(x: f64) -> f64 {
        2.0 * x
    }
    v[0] = inside(a) * b;
    v
}

fn in_place(v: &mut [f64], scale: f64) {
    for x in v.iter_mut() {
        *x *= scale;
    }
}

// What is called would be annotated, too.
fn calling(x: f64) -> f64 {
    plain(elsewhere::other(x))
}

// A type that has itself as a part.
fn along(x: f64, mut node: Node) -> f64 {
    let mut sum = x;
    for _ in 0..3 {
        node = node.next;
        sum += node.at * x;
    }
    sum
}

struct Lens<T> {
    focus: f64,
    other: T,
}

impl<T: Clone> Lens<T> {
    fn blur(&self, x: f64) -> f64 {
        (x - self.focus).abs()
    }
}

impl<T> Bends for Lens<T> {
    fn bend(&self, x: f64) -> Option<f64> {
        if x > 0.0 { Some(x.sqrt()) } else { None }
    }
}

// No float parameter: not counted at all.
fn count(n: usize, of: &str, f: impl Fn(f64) -> f64) -> f64 {
    f(n as f64) + of.len() as f64
}
