//! Functions written in three ways: with indices, with `for` over iterators, and as chains. The
//! value is computed by the same operations in the same order.

pub mod chain;
pub mod index;
pub mod items;

/// A value, and the derivatives by both arguments.
pub type Gradient = (f64, (Vec<f64>, Vec<f64>));

/// A function and its gradient.
pub struct Way {
    pub primal: fn(&[f64], &[f64]) -> f64,
    pub gradient: fn(&[f64], &[f64]) -> Gradient,
}

/// A function in the three ways.
pub struct Function {
    pub name: &'static str,
    pub index: Way,
    pub items: Way,
    pub chain: Way,
}

macro_rules! gallery {
    ($($name:ident)*) => {
        pub const GALLERY: &[Function] = &[$(Function {
            name: stringify!($name),
            index: Way { primal: index::$name, gradient: index::$name::value_and_grad },
            items: Way { primal: items::$name, gradient: items::$name::value_and_grad },
            chain: Way { primal: chain::$name, gradient: chain::$name::value_and_grad },
        }),*];
    };
}

gallery! {
    dot variance log_sum_exp entropy horner rosenbrock huber smoothness layer logistic pairs
    smoothed fibonacci logs pooled length normalised convolution centroid prefix strided
}
