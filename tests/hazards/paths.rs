//! Where functions are found: renamed, re-exported, in modules, beside things of their own name.

use autodiff::grad;

/// `crate = path` for those who re-export the facade.
mod facade {
    pub(super) mod inner {
        pub(crate) use autodiff as derivatives;
    }
}

#[grad(crate = facade::inner::derivatives, jvp, vjp, test(x = 0.5, y = [1.0, 2.0]))]
fn elsewhere(x: f64, y: &[f64; 2]) -> f64 {
    x.powf(1.5) * y[0] / y[1]
}

#[test]
fn the_facade_elsewhere() {
    assert_eq!(elsewhere_grad(4.0, &[1.0, 2.0]), (1.5, [4.0, -2.0]));
}

/// A module and a function of one name.
mod beside {
    use autodiff::grad;

    pub(super) mod f {
        pub(in super::super) const SCALE: f64 = 3.0;
    }

    #[grad(no_type, jvp, vjp)]
    pub(super) fn f(x: f64) -> f64 {
        f::SCALE * x * x
    }

    pub(super) fn g_grad(x: f64) -> f64 {
        100.0 + x
    }

    #[grad(no_suffix, jvp, vjp)]
    pub(super) fn g(x: f64) -> f64 {
        g_grad(2.0) * x
    }
}

#[test]
fn a_module_or_a_function_is_there_already() {
    assert_eq!(beside::f_value_and_grad(2.0), (12.0, 12.0));
    assert_eq!((beside::f_jvp(2.0, 1.0), beside::f_vjp(2.0).1(1.0)), ((12.0, 12.0), 12.0));
    assert_eq!(beside::g_grad(1.0), 101.0);
    assert_eq!((beside::g::grad(1.0), beside::g::jvp(1.0, 2.0)), (102.0, (102.0, 204.0)));
    assert_eq!(beside::g::value_and_grad(2.0), (204.0, 102.0));
}

mod model {
    use autodiff::grad;

    #[grad(jvp, vjp)]
    pub(crate) fn energy(x: f64) -> f64 {
        x * x
    }

    pub(crate) mod finer {
        use autodiff::grad;

        /// Of the same name, and not the same.
        #[grad]
        pub(crate) fn energy(x: f64) -> f64 {
            x * x * x + super::energy(x)
        }
    }

    pub(crate) use finer::energy as fine_energy;

    pub(crate) mod prelude {
        pub(crate) use super::energy;
        pub(crate) use super::finer::energy as cubic;
    }
}

use model::energy as renamed;

#[grad]
fn through_names(x: f64) -> f64 {
    use model::fine_energy as local;
    renamed(x)
        + model::energy(x)
        + self::model::finer::energy(x)
        + crate::paths::renamed(x)
        + local(x)
}

mod globbed {
    use super::model::prelude::*;
    use autodiff::grad;

    #[grad]
    pub(super) fn through_globs(x: f64) -> f64 {
        energy(x) * cubic(x)
    }
}

#[test]
fn renamed_reexported_and_globbed() {
    // 3·x² + 2(x³ + x²)
    assert_eq!(through_names_value_and_grad(2.0), (3.0 * 4.0 + 24.0, 12.0 + 32.0));
    // x²(x³ + x²)
    assert_eq!(globbed::through_globs_value_and_grad(2.0), (48.0, 80.0 + 32.0));
    assert_eq!((renamed::grad(3.0), renamed::jvp(3.0, 1.0)), (6.0, (9.0, 6.0)));
    assert_eq!(model::prelude::cubic::grad(1.0), 5.0);
}

#[test]
fn inside_a_function() {
    #[grad(jvp)]
    fn local(x: f64) -> f64 {
        energy(x) * energy(x)
    }
    #[grad]
    fn energy(x: f64) -> f64 {
        x * x
    }
    assert_eq!((local_grad(2.0), local::jvp(2.0, 1.0)), (32.0, (16.0, 32.0)));
}

struct Spring;

impl Spring {
    #[grad(associated, jvp, vjp)]
    fn stored(x: f64) -> f64 {
        0.5 * x * x
    }
}

#[test]
fn an_associated_function() {
    assert_eq!(Spring::stored_value_and_grad(3.0), (4.5, 3.0));
    assert_eq!(Spring::stored_jvp(3.0, 2.0), (4.5, 6.0));
}

#[grad(jvp, vjp)]
fn generic<'a, T: Copy, const N: usize>(x: &'a [f64; N], n: T, y: &'a [f64; 2]) -> f64
where
    u8: From<T>,
{
    x[usize::from(u8::from(n))] * y[0]
}

#[test]
fn generics_lifetimes_and_bounds() {
    assert_eq!(generic(&[1.0, 2.0], 1_u8, &[3.0, 9.0]), 6.0);
    assert_eq!(
        generic_value_and_grad(&[1.0, 2.0], 1_u8, &[3.0, 9.0]),
        (6.0, ([0.0, 3.0], [2.0, 0.0]))
    );
    assert_eq!(generic::grad(&[1.0, 2.0], true, &[3.0, 9.0]), ([0.0, 3.0], [2.0, 0.0]));
    assert_eq!(generic_jvp(&[1.0, 2.0], 0_u8, &[3.0, 9.0], &[1.0, 0.0], &[0.0; 2]), (3.0, 3.0));
}

#[grad(jvp, vjp)]
fn taken_apart(
    mut sum: f64,
    (x, [y, _]): (f64, [f64; 2]),
    &[scale, _]: &[f64; 2],
    [first, second]: &[f64; 2],
    _: f64,
) -> f64 {
    sum += x;
    sum * y + scale * first * second
}

#[test]
fn parameters_taken_apart() {
    let gradient = (3.0, (3.0, [3.0, 0.0]), [30.0, 0.0], [24.0, 20.0], 0.0);
    let value = 9.0 + 120.0;
    let found = taken_apart_value_and_grad(1.0, (2.0, [3.0, 9.0]), &[4.0, 9.0], &[5.0, 6.0], 7.0);
    assert_eq!(found, (value, gradient));
    assert_eq!(
        taken_apart_vjp(1.0, (2.0, [3.0, 9.0]), &[4.0, 9.0], &[5.0, 6.0], 7.0).1(1.0),
        gradient
    );
}
