//! `macro_rules!` can bind one name twice: from its own body, and from its caller's tokens.

use autodiff::grad;

macro_rules! two_parameters {
    ($name:ident, $x:ident) => {
        #[grad(jvp, vjp, value_and_grad_into)]
        fn $name($x: f64, x: f64) -> f64 {
            $x * $x * x
        }
    };
}

two_parameters!(parameters, x);

#[test]
fn two_parameters_of_one_name() {
    assert_eq!(parameters_value_and_grad(3.0, 2.0), (18.0, (12.0, 9.0)));
    assert_eq!(parameters::grad(3.0, 2.0), (12.0, 9.0));
    assert_eq!(parameters_jvp(3.0, 2.0, 1.0, 10.0), (18.0, 102.0));
    assert_eq!(parameters_vjp(3.0, 2.0).1(1.0), (12.0, 9.0));
    let mut buffers = (0.0, 0.0);
    assert_eq!(parameters_value_and_grad_into(3.0, 2.0, &mut buffers.0, &mut buffers.1), 18.0);
    assert_eq!(buffers, (12.0, 9.0));
}

macro_rules! temporary {
    ($name:ident, $t:ident, $e:expr) => {
        #[grad(jvp, vjp)]
        fn $name($t: f64) -> f64 {
            let t = $t * $t;
            let u = $e;
            t + u * t
        }
    };
}

temporary!(temporaries, t, 5.0 * t);

#[test]
fn a_temporary_of_the_macro_does_not_hide_the_callers_variable() {
    // t² + 5t·t²
    assert_eq!(temporaries_value_and_grad(2.0), (44.0, 4.0 + 60.0));
    assert_eq!(temporaries_jvp(2.0, 1.0), (44.0, 64.0));
    assert_eq!(temporaries_vjp(2.0).1(0.5), 32.0);
}

macro_rules! overwritten {
    ($name:ident, $s:ident, $e:expr) => {
        #[grad(jvp, vjp)]
        fn $name(x: f64) -> f64 {
            let mut s = x * x;
            let mut $s = 3.0 * x;
            if s > $s {
                s = s * $s;
                $s = $e;
            } else {
                $s += s;
            }
            s * $s
        }
    };
}

overwritten!(overwriting, s, s * 2.0);

#[test]
fn two_variables_of_one_name_are_overwritten_in_arms() {
    // x > 3: x²·3x·6x = 18x⁴; else x²(3x + x²).
    assert_eq!(overwriting_value_and_grad(4.0), (4608.0, 72.0 * 64.0));
    assert_eq!(overwriting_value_and_grad(2.0), (40.0, 9.0 * 4.0 + 4.0 * 8.0));
    assert_eq!(overwriting_jvp(4.0, 1.0), (4608.0, 4608.0));
    assert_eq!(overwriting_vjp(2.0).1(1.0), 68.0);
}

macro_rules! captured {
    ($name:ident, $y:ident) => {
        #[grad]
        fn $name(x: f64) -> f64 {
            let $y = 2.0 * x;
            let y = x * $y;
            assert!($y < 100.0, "y = {y}");
            y
        }
    };
}

captured!(capturing, y);

#[test]
fn a_format_string_captures_the_variable_of_its_own_context() {
    assert_eq!(capturing_value_and_grad(3.0), (18.0, 12.0));
    assert_eq!(capturing_grad(3.0), 12.0);
}

macro_rules! patterns {
    ($name:ident, $a:ident, $k:ident) => {
        #[grad]
        fn $name((a, $a): (f64, f64), k: usize) -> f64 {
            match k {
                0 => a * $a,
                $k if $k > k - 1 => {
                    let [a, b] = [$a * a, a];
                    (|$a: f64| a * $a + b)($a)
                }
                _ => a,
            }
        }
    };
}

patterns!(matched, a, k);

#[test]
fn patterns_guards_and_closures_keep_contexts_apart() {
    assert_eq!(matched_value_and_grad((2.0, 3.0), 0), (6.0, (3.0, 2.0)));
    // (a'·a)·a' + a with a = 2, a' = 3.
    assert_eq!(matched_value_and_grad((2.0, 3.0), 1), (20.0, (10.0, 12.0)));
}

macro_rules! family {
    ($($name:ident: $power:literal),*) => {
        $(
            #[grad(test(x = 1.5))]
            pub(crate) fn $name(x: f64) -> f64 {
                x.powi($power)
            }
        )*
    };
}

mod powers {
    use autodiff::grad;
    family!(square: 2, cube: 3);
}

#[test]
fn functions_that_a_macro_makes() {
    assert_eq!((powers::square_grad(2.0), powers::cube::grad(2.0)), (4.0, 12.0));
}
