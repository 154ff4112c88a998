//! The macro that turns the rows of the table into an enum, its partials and its values.

/// Reads the rows of the table. What each column means is said in the [module](super).
macro_rules! rules {
    (|$active:ident| $(
        $op:ident $($symbol:literal)? :
            $y:ident = $name:ident($($arg:ident $(: $inert:ident)?),+)
            => [$($partial:expr),+ $(,)?]
            on $($low:literal .. $high:literal),+ $(, $mark:ident)?
            $(where $shared:ident = $formula:expr)?;
    )+) => {
        /// A function of the table: an operator, a method of `std`'s floats, or one of the two
        /// that the partial of `powi` needs.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
        pub enum Op {
            $(#[doc = concat!("`", stringify!($name($($arg),+)), "`")] $op,)+
        }

        $(const _: () = assert!(
            [$(stringify!($arg)),+].len() == [$(stringify!($partial)),+].len()
                && [$(stringify!($arg)),+].len() == [$(stringify!($low)),+].len(),
            concat!("row `", stringify!($op), "`: one partial and one interval per operand"),
        );)+

        impl Op {
            /// Every function, in the order of the table.
            pub const ALL: &'static [Op] = &[$(Op::$op),+];

            /// What the table says, apart from the formulas.
            pub(super) const fn row(self) -> &'static Row {
                match self {
                    $(Op::$op => &Row {
                        name: stringify!($name),
                        symbol: rules!(@symbol $($symbol)?),
                        operands: &[$(stringify!($arg)),+],
                        inert: &[$(rules!(@given $($inert)?)),+],
                        partials: &[$(stringify!($partial)),+],
                        shared: rules!(@shared $($shared = $formula)?),
                        domain: &[$(($low, $high)),+],
                        mark: rules!(@mark $($mark)?),
                    },)+
                }
            }

            /// The partial derivative by each operand at `args`, where the result is `y`.
            ///
            /// `None` is a structural zero, or the partial by an operand that is not `active`,
            /// whose formula is not evaluated. The result has one item per operand; it is empty
            /// where the number of `args` is not the [arity](Op::arity).
            #[allow(unused_variables, reason = "few formulas mention every operand and the result")]
            pub fn partials<S: Scalar>(self, args: &[S], y: &S, active: &[bool]) -> Vec<Option<S>> {
                if !active.contains(&true) {
                    return args.iter().map(|_| None).collect();
                }
                let (args, y) = (Term::all(args), &Term::of(y));
                let mut wanted = active.iter().copied();
                match self {
                    $(Op::$op => {
                        let ([$($arg),+], $y, $active) = (args.as_slice(), y, active) else {
                            return Vec::new();
                        };
                        $(let $shared = &($formula);)?
                        vec![$(
                            if wanted.next() == Some(true) {
                                IntoPartial::<S>::into_partial($partial)
                            } else {
                                None
                            }
                        ),+]
                    })+
                }
            }
        }

        /// The functions of the table as methods, for writing formulas over any [`Scalar`].
        #[allow(clippy::wrong_self_convention, reason = "`from_int` is a function of the table")]
        pub trait Functions: Scalar {
            $(rules! { @method $($symbol)? $op $name($($arg),+) })+
        }
        impl<S: Scalar> Functions for S {}

        /// The functions on floats: `std`'s own.
        mod values {
            use super::super::Op;
            use super::super::define::rules;
            use super::super::float::Exponent;
            use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

            rules! { @values f64: f64_value $($op $name($($arg $(: $inert)?),+))+ }
            rules! { @values f32: f32_value $($op $name($($arg $(: $inert)?),+))+ }
        }
        pub(super) use values::{f32_value, f64_value};
    };

    (@symbol) => { None };
    (@symbol $symbol:literal) => { Some($symbol) };
    (@given) => { false };
    (@given $inert:ident) => { true };
    (@shared) => { None };
    (@shared $shared:ident = $formula:expr) => {
        Some((stringify!($shared), stringify!($formula)))
    };
    (@mark) => { Mark::None };
    (@mark singular) => { Mark::Singular };
    (@mark internal) => { Mark::Internal };

    (@method $symbol:literal $op:ident $name:ident($($arg:ident),+)) => {};
    (@method $op:ident $name:ident($x:ident)) => {
        #[doc = concat!("`", stringify!($name($x)), "`")]
        #[must_use]
        fn $name(&self) -> Self {
            Self::apply(Op::$op, std::slice::from_ref(self))
        }
    };
    (@method $op:ident $name:ident($x:ident, $($arg:ident),+)) => {
        #[doc = concat!("`", stringify!($name($x, $($arg),+)), "`")]
        #[must_use]
        fn $name(&self, $($arg: impl Into<Self>),+) -> Self {
            Self::apply(Op::$op, &[self.clone(), $($arg.into()),+])
        }
    };

    (@values $float:ident: $value:ident
        $($op:ident $name:ident($($arg:ident $(: $inert:ident)?),+))+
    ) => {
        /// The value of `op`; NaN where the number of `args` is not its arity.
        #[allow(clippy::cast_possible_truncation, reason = "an exponent is an integral float here")]
        pub(in super::super) fn $value(op: Op, args: &[$float]) -> $float {
            match op {
                $(Op::$op => match args {
                    &[$($arg),+] => <$float>::$name($($arg $(as $inert)?),+),
                    _ => $float::NAN,
                },)+
            }
        }
    };
}
pub(super) use rules;
