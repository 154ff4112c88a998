//! A chain and a loop are one function: the same value, and the derivatives that differences give.

use autodiff::check::assert_gradient;

type Gradient = (f64, Vec<f64>);

/// A function and its derivatives.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) primal: fn(f64, &[f64]) -> f64,
    pub(crate) gradient: fn(f64, &[f64]) -> (f64, Gradient),
    pub(crate) tangent: fn(f64, &[f64], f64, &[f64]) -> (f64, f64),
}

/// `same!(chain, plain)`: `plain` is any function of the same signature.
macro_rules! same {
    ($($name:ident = $plain:expr;)*) => {$(
        #[test]
        fn $name() {
            let case = crate::same::Case {
                name: stringify!($name),
                primal: super_of::$name,
                gradient: super_of::$name::value_and_grad,
                tangent: super_of::$name::jvp,
            };
            crate::same::check(&case, $plain);
        }
    )*};
}
pub(crate) use same;

const LISTS: [&[f64]; 3] =
    [&[0.7, 0.31, 1.9], &[1.3, -0.4, 0.9, 2.1, 0.2], &[-0.3, 0.6, 0.8, 1.1, 2.4, -0.7, 0.05]];

pub(crate) fn check(case: &Case, plain: fn(f64, &[f64]) -> f64) {
    for (x, v) in [0.83, 0.37, 0.21].into_iter().flat_map(|x| LISTS.map(|v| (x, v))) {
        let (value, gradient) = (case.gradient)(x, v);
        assert_eq!(value.to_bits(), (case.primal)(x, v).to_bits(), "{}: value", case.name);
        approx::assert_relative_eq!(value, plain(x, v), max_relative = 1e-14);
        let at = (x, v.to_vec());
        assert_gradient(case.name, &["x", "v"], |(x, v)| (case.primal)(*x, v), &at, &gradient);
        let direction: Vec<f64> = (0..v.len()).map(|i| 0.5 - 0.3 * i as f64).collect();
        let (same, dot) = (case.tangent)(x, v, 0.6, &direction);
        let known: f64 = direction.iter().zip(&gradient.1).map(|(a, b)| a * b).sum();
        assert_eq!(same.to_bits(), value.to_bits(), "{}: value of jvp", case.name);
        let expected = 0.6 * gradient.0 + known;
        approx::assert_relative_eq!(dot, expected, max_relative = 1e-12, epsilon = 1e-13);
    }
}
