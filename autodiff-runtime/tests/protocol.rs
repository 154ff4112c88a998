//! The tokens that `#[grad]` emits for a callee and for a call, written by hand.
//!
//! A change of the protocol changes this file first. The emitted code has spans of the macro, so
//! that the lints named here do not fire on it.
#![allow(
    dead_code,
    non_camel_case_types,
    unused_imports,
    unreachable_pub,
    clippy::float_cmp,
    clippy::indexing_slicing,
    clippy::items_after_statements,
    clippy::trivially_copy_pass_by_ref,
    clippy::type_complexity,
    clippy::useless_vec,
    clippy::used_underscore_items,
    reason = "lints that are silent on code with a macro's spans; and the values here are exact"
)]

/// `#[grad] fn product(x: f64, v: &[f64], n: usize) -> f64`, and generic and named lifetimes.
mod callee {
    use autodiff_runtime::__private::check_callee_name;

    pub fn product(x: f64, v: &[f64], n: usize) -> f64 {
        x * v[n]
    }
    pub struct product {}
    impl product {
        #[inline]
        pub fn __split<Callee: Fn(f64, &[f64], usize) -> f64>(
            callee: Callee,
            (x, v, n): (f64, &[f64], usize),
        ) -> (
            f64,
            impl FnOnce(
                (f64, &[f64], usize),
                f64,
                (Option<&mut f64>, Option<&mut [f64]>, Option<&mut ()>),
            ) + use<Callee>,
        ) {
            check_callee_name(&callee, &product);
            let pull = move |(x, v, n): (f64, &[f64], usize),
                             y_bar: f64,
                             (x_acc, v_acc, _): (
                Option<&mut f64>,
                Option<&mut [f64]>,
                Option<&mut ()>,
            )| {
                if let Some(x_acc) = x_acc {
                    *x_acc += v[n] * y_bar;
                }
                if let Some(v_acc) = v_acc {
                    v_acc[n] += x * y_bar;
                }
            };
            (x * v[n], pull)
        }

        #[inline]
        pub fn __jvp<Callee: Fn(f64, &[f64], usize) -> f64>(
            callee: Callee,
            (x, v, n): (f64, &[f64], usize),
            (x_dot, v_dot, _): (Option<f64>, Option<&[f64]>, Option<()>),
        ) -> (f64, f64) {
            check_callee_name(&callee, &product);
            let x_dot = x_dot.unwrap_or(0.0);
            let v_dot = v_dot.map_or(0.0, |v_dot| v_dot[n]);
            (x * v[n], x_dot * v[n] + x * v_dot)
        }
    }

    pub fn sum<const N: usize>(x: [f64; N]) -> f64 {
        x.iter().sum()
    }
    pub struct sum {}
    impl sum {
        #[inline]
        pub fn __split<const N: usize, Callee: Fn([f64; N]) -> f64>(
            callee: Callee,
            (x,): ([f64; N],),
        ) -> (f64, impl FnOnce(([f64; N],), f64, (Option<&mut [f64; N]>,)) + use<N, Callee>)
        {
            check_callee_name(&callee, &sum::<N>);
            let pull = |_: ([f64; N],), y_bar: f64, (x_acc,): (Option<&mut [f64; N]>,)| {
                if let Some(x_acc) = x_acc {
                    for x_acc in x_acc {
                        *x_acc += y_bar;
                    }
                }
            };
            (x.iter().sum(), pull)
        }
    }

    pub struct View<'m>(pub &'m [f64]);

    pub fn first<'a>(x: &'a [f64], v: &View<'a>) -> &'a f64 {
        if v.0.is_empty() { &x[0] } else { &v.0[0] }
    }
    pub struct first {}
    impl first {
        /// The user's `'a` is fresh in the bound: the pullback captures no argument.
        #[inline]
        pub fn __split<'a, Callee: Fn(&'a [f64], &View<'a>) -> &'a f64>(
            callee: Callee,
            (x, v): (&'a [f64], &View<'a>),
        ) -> (
            &'a f64,
            impl for<'a_> FnOnce(
                (&'a_ [f64], &View<'a_>),
                f64,
                (Option<&mut [f64]>, Option<&mut Vec<f64>>),
            ) + use<Callee>,
        ) {
            check_callee_name(&callee, &first);
            let taken = v.0.is_empty();
            let pull =
                move |(_, _): (&[f64], &View<'_>),
                      y_bar: f64,
                      (x_acc, v_acc): (Option<&mut [f64]>, Option<&mut Vec<f64>>)| {
                    if let (true, Some(x_acc)) = (taken, x_acc) {
                        x_acc[0] += y_bar;
                    }
                    if let (false, Some(v_acc)) = (taken, v_acc) {
                        v_acc[0] += y_bar;
                    }
                };
            (if taken { &x[0] } else { &v.0[0] }, pull)
        }
    }

    /// `#[grad(constant(c))] fn shifted(x: f64, c: f64) -> f64`
    pub struct shifted {}
    impl shifted {
        #[inline]
        pub fn __split<Callee: Fn(f64, f64) -> f64>(
            callee: Callee,
            (x, c): (f64, f64),
        ) -> (
            f64,
            impl FnOnce(
                (f64, f64),
                f64,
                (Option<&mut f64>, Option<autodiff_runtime::__private::NotDifferentiated>),
            ) + use<Callee>,
        ) {
            check_callee_name(&callee, &shifted);
            let pull = |_: (f64, f64),
                        y_bar: f64,
                        (x_acc, _): (
                Option<&mut f64>,
                Option<autodiff_runtime::__private::NotDifferentiated>,
            )| {
                if let Some(x_acc) = x_acc {
                    *x_acc += y_bar;
                }
            };
            (x + c, pull)
        }
    }
    pub fn shifted(x: f64, c: f64) -> f64 {
        x + c
    }
}

use autodiff_runtime::__private::check_callee;

/// A function, the path written in the call, its arguments: as the macro emits it.
macro_rules! split {
    ($($path:ident)::+ $(@ $generic:tt)?, $args:expr) => {{
        use autodiff_runtime::__private::NotAnnotated as __callee;
        {
            use $($path)::+ as __callee;
            __callee::__split $(::<$generic, _>)? (__callee $(::<$generic>)?, $args)
        }
    }};
}

#[test]
fn arguments_and_accumulators_coerce() {
    use callee::product as renamed;
    let (vec, x) = (vec![2.0, 3.0], 5.0);
    let (y, pull) = split!(renamed, (x, &vec, 1));
    let (mut x_bar, mut vec_bar) = (0.0, vec![0.0; 2]);
    pull((x, &vec, 1), 1.0, (Some(&mut x_bar), Some(&mut vec_bar), Some(&mut ())));
    assert_eq!((y, x_bar, vec_bar), (15.0, 3.0, vec![0.0, 5.0]));

    let (y, pull) = split!(callee::product, (x, &[2.0, 3.0], 0));
    let mut array_bar = [0.0; 2];
    pull((x, &[2.0, 3.0], 0), 1.0, (None, Some(&mut array_bar), None));
    assert_eq!((y, array_bar), (10.0, [5.0, 0.0]));
}

#[test]
#[should_panic(expected = "has no `#[grad]`, and hides `protocol::callee::product`")]
fn a_function_that_hides_another_is_not_taken_for_it() {
    mod hiding {
        pub use super::callee::*;
        pub fn product(x: f64, _: &[f64], _: usize) -> f64 {
            x
        }
    }
    let (_, pull) = split!(hiding::product, (1.0, &[2.0], 0));
    pull((1.0, &[2.0], 0), 1.0, (None, None, None));
}

#[test]
fn globs_and_local_functions_and_turbofish() {
    mod within {
        pub use super::callee::*;
    }
    use within::*;
    let (y, pull) = split!(sum @ 3, ([1.0, 2.0, 3.0],));
    let mut x_bar = [0.0; 3];
    pull(([1.0, 2.0, 3.0],), 2.0, (Some(&mut x_bar),));
    assert_eq!((y, x_bar), (6.0, [2.0; 3]));

    fn local(x: f64) -> f64 {
        x + x
    }
    struct local {}
    impl local {
        fn __split<Callee: Fn(f64) -> f64 + 'static>(
            callee: Callee,
            (x,): (f64,),
        ) -> (f64, impl FnOnce((f64,), f64, (Option<&mut f64>,)) + use<Callee>) {
            check_callee(&callee, &local);
            (x + x, |(_,): (f64,), y_bar: f64, (x_acc,): (Option<&mut f64>,)| {
                if let Some(x_acc) = x_acc {
                    *x_acc += 2.0 * y_bar;
                }
            })
        }
    }
    let (y, pull) = split!(local, (1.5,));
    let mut x_bar = 0.0;
    pull((1.5,), 1.0, (Some(&mut x_bar),));
    assert_eq!((y, local(1.5), x_bar), (3.0, 3.0, 2.0));
}

#[test]
fn forward_mode_takes_tangents_as_the_primals_are_taken() {
    let product = |x_dot: Option<f64>, v_dot: Option<&[f64]>| {
        use autodiff_runtime::__private::NotAnnotated as __callee;
        {
            use callee::product as __callee;
            __callee::__jvp(__callee, (5.0, &vec![2.0, 3.0], 1), (x_dot, v_dot, None))
        }
    };
    assert_eq!(product(Some(1.0), None), (15.0, 3.0));
    assert_eq!(product(None, Some(&vec![0.0, 1.0])), (15.0, 5.0));
}

#[test]
fn the_caller_may_write_its_memory_between_call_and_pullback() {
    let (mut state, v) = ([1.0, 2.0], callee::View(&[]));
    let mut tape = Vec::new();
    for _ in 0..3 {
        let (y, pull) = split!(callee::first, (&state, &v));
        let before = state;
        let y = *y;
        state[0] = 2.0 * y;
        tape.push((before, pull));
    }
    let mut state_bar = [1.0, 0.0];
    while let Some((before, pull)) = tape.pop() {
        state = before;
        let y_bar = 2.0 * std::mem::take(&mut state_bar[0]);
        pull((&state, &v), y_bar, (Some(&mut state_bar), None));
    }
    assert_eq!((state, state_bar), ([1.0, 2.0], [8.0, 0.0]));
}

#[test]
fn an_excluded_parameter_accepts_what_is_not_active() {
    let (y, pull) = split!(callee::shifted, (1.0, 2.0));
    let mut x_bar = 0.0;
    pull((1.0, 2.0), 3.0, (Some(&mut x_bar), None));
    assert_eq!((y, x_bar), (3.0, 3.0));
}

/// Methods: the receiver stays a receiver, so that the call finds its reference by itself, and
/// `__again_..` returns it for the pullback.
struct Model<'m, T> {
    data: &'m [T],
    k: f64,
}

impl<'m, T: Copy + Into<f64>> Model<'m, T> {
    fn loss(&self, x: f64) -> f64 {
        self.k * x + self.data.iter().map(|&d| d.into()).sum::<f64>()
    }
    #[inline]
    fn __again_loss(&self) -> &Self {
        self
    }
    #[inline]
    fn __split_loss(
        &self,
        (x,): (f64,),
    ) -> (f64, impl FnOnce((&Self, f64), f64, (Option<&mut f64>, Option<&mut f64>)) + use<'m, T>)
    {
        let pull = |(this, x): (&Self, f64),
                    y_bar: f64,
                    (self_acc, x_acc): (Option<&mut f64>, Option<&mut f64>)| {
            if let Some(self_acc) = self_acc {
                *self_acc += x * y_bar;
            }
            if let Some(x_acc) = x_acc {
                *x_acc += this.k * y_bar;
            }
        };
        (self.loss(x), pull)
    }

    fn bump(&mut self, x: f64) -> f64 {
        self.k += x;
        self.k
    }
    #[inline]
    fn __again_bump(&mut self) -> &mut Self {
        self
    }
    #[inline]
    fn __split_bump(
        &mut self,
        (x,): (f64,),
    ) -> (f64, impl FnOnce((&mut Self, f64), f64, (Option<&mut f64>, Option<&mut f64>)) + use<'m, T>)
    {
        let k_before = self.k;
        let pull =
            move |(this, _): (&mut Self, f64),
                  y_bar: f64,
                  (self_acc, x_acc): (Option<&mut f64>, Option<&mut f64>)| {
                this.k = k_before;
                let mut scratch = 0.0;
                let self_acc = self_acc.unwrap_or(&mut scratch);
                *self_acc += y_bar;
                if let Some(x_acc) = x_acc {
                    *x_acc += *self_acc;
                }
            };
        (self.bump(x), pull)
    }
}

#[test]
fn methods_find_their_receiver() {
    let mut model = Model { data: &[1_f32], k: 2.0 };
    let by_reference = &model;
    for _ in 0..2 {
        let (y, pull) = by_reference.__split_loss((3.0,));
        let (mut self_bar, mut x_bar) = (0.0, 0.0);
        pull((by_reference.__again_loss(), 3.0), 1.0, (Some(&mut self_bar), Some(&mut x_bar)));
        assert_eq!((y, self_bar, x_bar), (7.0, 3.0, 2.0));
    }
    let (y, pull) = model.__split_bump((3.0,));
    let (mut self_bar, mut x_bar) = (0.0, 0.0);
    pull((model.__again_bump(), 3.0), 1.0, (Some(&mut self_bar), Some(&mut x_bar)));
    assert_eq!((y, model.k, self_bar, x_bar), (5.0, 2.0, 1.0, 1.0));
}

/// Inside its own companion a function's pullback can be boxed.
struct power {}
impl power {
    #[inline]
    fn __split(
        (x, n): (f64, u32),
    ) -> (f64, impl FnOnce((f64, u32), f64, (Option<&mut f64>, Option<&mut ()>)) + use<>) {
        type Pull = Box<dyn FnOnce((f64, u32), f64, (Option<&mut f64>, Option<&mut ()>))>;
        let (y, record) = if n == 0 {
            (1.0, None)
        } else {
            let (t0, pull) = Self::__split((x, n - 1));
            let pull: Pull = Box::new(pull);
            (x * t0, Some((t0, pull)))
        };
        let pull = move |(x, n): (f64, u32),
                         y_bar: f64,
                         (x_acc, _): (Option<&mut f64>, Option<&mut ()>)| {
            let mut x_bar = 0.0;
            if let Some((t0, pull)) = record {
                x_bar += y_bar * t0;
                pull((x, n - 1), y_bar * x, (Some(&mut x_bar), None));
            }
            if let Some(x_acc) = x_acc {
                *x_acc += x_bar;
            }
        };
        (y, pull)
    }
}

#[test]
fn recursion_boxes_the_inner_pullback() {
    let (y, pull) = power::__split((2.0, 3));
    let mut x_bar = 0.0;
    pull((2.0, 3), 1.0, (Some(&mut x_bar), None));
    assert_eq!((y, x_bar), (8.0, 12.0));
}
