//! The same functions in both widths: the identities hold in each, and the wide one checks the narrow.

use approx::assert_relative_eq;

/// Functions of a slice, once with `f32` and once with `f64`.
macro_rules! in_both_widths {
    ($($name:ident($x:ident: $float:ident) { $($body:tt)* })*) => {
        mod narrow {
            $(
                mod $name {
                    #[allow(dead_code, reason = "not every function says its width")]
                    type $float = f32;
                    #[autodiff::grad(jvp, hvp, hessian)]
                    pub(super) fn f($x: &[f32]) -> f32 {
                        $($body)*
                    }
                }
            )*
            in_both_widths!(@all f32; $($name)*);
        }
        mod wide {
            $(
                mod $name {
                    #[allow(dead_code, reason = "not every function says its width")]
                    type $float = f64;
                    #[autodiff::grad(jvp, hvp, hessian)]
                    pub(super) fn f($x: &[f64]) -> f64 {
                        $($body)*
                    }
                }
            )*
            in_both_widths!(@all f64; $($name)*);
        }
    };
    (@all $width:ident; $($name:ident)*) => {
        pub(super) fn all() -> Vec<super::Function<$width>> {
            vec![$(super::Function {
                name: stringify!($name),
                gradient: $name::f::grad,
                tangent: |x, v| $name::f::jvp(x, v).1,
                product: |x, v| $name::f::hvp(x, v),
                hessian: |x| $name::f::hessian(x),
            }),*]
        }
    };
}

/// A function of a slice, by its derivatives.
struct Function<T> {
    name: &'static str,
    gradient: fn(&[T]) -> Vec<T>,
    tangent: fn(&[T], &[T]) -> T,
    product: fn(&[T], &[T]) -> Vec<T>,
    hessian: fn(&[T]) -> Vec<Vec<T>>,
}

in_both_widths! {
    rosenbrock(x: Float) {
        let mut sum = 0.0;
        for i in 0..x.len() - 1 {
            let t = x[i + 1] - x[i] * x[i];
            sum += 100.0 * t * t + (1.0 - x[i]).powi(2);
        }
        sum
    }
    branches(x: Float) {
        let mut sum = 0.0;
        for (i, &x) in x.iter().enumerate() {
            sum += if x > 0.6 {
                x * x * x
            } else if i % 2 == 0 {
                x.exp()
            } else {
                x * sum
            };
        }
        sum * sum
    }
    in_place(x: Float) {
        let mut u = x.to_vec();
        for _ in 0..3 {
            for i in 1..u.len() {
                u[i] = u[i] * 0.5 + u[i - 1] * u[i - 1];
            }
        }
        u[u.len() - 1] * u[0]
    }
    newton(x: Float) {
        let mut y = x[0];
        for _ in 0..5 {
            y = 0.5 * (y + x[1] / y);
        }
        y * x[2] * x[3].sqrt()
    }
    matrix(x: Float) {
        let a = [[x[0], x[1]], [x[2], x[3]]];
        let mut b = [[0.0; 2]; 2];
        for i in 0..2 {
            for j in 0..2 {
                for k in 0..2 {
                    b[i][j] += a[i][k] * a[k][j].tanh();
                }
            }
        }
        b[0][0] * b[1][1] - b[0][1] * b[1][0]
    }
    chain(x: Float) {
        let mean = x.iter().sum::<Float>() / 4.0;
        x.iter().zip(&x[1..]).map(|(a, b)| (a - mean) * (b - mean).exp()).sum::<Float>()
    }
    stack(x: Float) {
        let mut stack = Vec::new();
        for &x in x {
            stack.push(x * x);
            if let (3, Some(top)) = (stack.len(), stack.last().copied()) {
                stack[0] *= top;
                stack.truncate(2);
            }
        }
        stack[0] * stack[1]
    }
}

const POINT: [f64; 4] = [0.5, 0.75, 0.25, 1.125];

/// ⟨1, Jv⟩ = ⟨Jᵀ1, v⟩, H = Hᵀ, and Hv is the product.
macro_rules! identities {
    ($test:ident: $width:ident, $all:path, $tolerance:expr) => {
        #[test]
        #[allow(clippy::cast_possible_truncation, reason = "of numbers that are few bits long")]
        fn $test() {
            let (x, v) = (POINT.map(|x| x as $width), [0.5, -0.25, 1.0, 0.75]);
            for of in $all() {
                let dot = |a: &[$width]| a.iter().zip(&v).map(|(a, b)| a * b).sum::<$width>();
                let tangent = (of.tangent)(&x, &v);
                assert_relative_eq!(tangent, dot(&(of.gradient)(&x)), max_relative = $tolerance);
                let (hessian, product) = ((of.hessian)(&x), (of.product)(&x, &v));
                let size = hessian.iter().flatten().fold(0.0, |size: $width, h| size.max(h.abs()));
                assert!(size > 0.0, "{}", of.name);
                for i in 0..4 {
                    let row = dot(&hessian[i]);
                    assert!((product[i] - row).abs() <= $tolerance * size, "{}", of.name);
                    for j in 0..i {
                        let apart = (hessian[i][j] - hessian[j][i]).abs();
                        assert!(apart <= $tolerance * size, "{}: {hessian:?}", of.name);
                    }
                }
            }
        }
    };
}

identities!(identities_in_f32: f32, narrow::all, 2e-5);
identities!(identities_in_f64: f64, wide::all, 1e-13);

#[test]
#[allow(clippy::cast_possible_truncation, reason = "of numbers that are few bits long")]
fn the_widths_agree() {
    let x = POINT.map(|x| x as f32);
    for (narrow, wide) in narrow::all().into_iter().zip(wide::all()) {
        let (found, expected) = ((narrow.hessian)(&x), (wide.hessian)(&POINT));
        let size = expected.iter().flatten().fold(0.0, |size: f64, h| size.max(h.abs()));
        for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
            let apart = (f64::from(*found) - expected).abs();
            assert!(apart <= 2e-5 * size, "{}: {found} and {expected}", narrow.name);
        }
    }
}
