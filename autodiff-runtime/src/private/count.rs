//! Fields that count something: of a conversion to a float, rustc checks that nothing with a
//! derivative is lost in it.

use core::cmp::Ordering;
use core::marker::PhantomData;
use core::num::FpCategory;

use crate::Lanes;

/// A type without a derivative that is converted to a float.
#[diagnostic::on_unimplemented(
    message = "the derivative of a field of type `{Self}` would be lost in this conversion",
    label = "not an integer",
    note = "say what it is: `let x: {Self} = value.field;`, and convert that"
)]
pub trait Count {}

macro_rules! count {
    ($($ty:ty)*) => {$(
        impl Count for $ty {}
        impl Count for &$ty {}
    )*};
}

count!(bool char i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

/// A count, as it is.
///
/// ```
/// # use autodiff_runtime::__private::counted;
/// assert_eq!(counted(3_usize) as f64, 3.0);
/// ```
///
/// ```compile_fail,E0277
/// # use autodiff_runtime::__private::counted;
/// let width = counted(3.0_f32) as f64;
/// ```
#[inline]
#[must_use]
pub fn counted<T: Count>(count: T) -> T {
    count
}

/// What methods with the names of `len`, `cmp` and their kin give where they are those of `std`.
#[diagnostic::on_unimplemented(
    message = "the derivative of what this method gives would be lost",
    label = "of type `{Self}`, by a method that has the name of one of `std`'s",
    note = "say what it gives, `let length: f64 = v.len();`, or give the method a name of its own",
    note = "if its value needs no derivative, write `autodiff::stop_gradient(..)` around it"
)]
pub trait Counted {}

impl<T: Count> Counted for T {}
impl Counted for Ordering {}
impl Counted for Option<Ordering> {}
impl Counted for FpCategory {}

/// What such a method gives, as it is.
///
/// ```
/// # use autodiff_runtime::__private::counted_by_method;
/// assert_eq!(counted_by_method([1.0, 2.0].len()), 2);
/// ```
///
/// ```compile_fail,E0277
/// # use autodiff_runtime::__private::counted_by_method;
/// let length = counted_by_method(3.0);
/// ```
#[inline]
#[must_use]
pub fn counted_by_method<T: Counted>(value: T) -> T {
    value
}

/// A number, or a reference to one: what arithmetic is understood of. (Integers have no derivative;
/// where one were needed, rustc would find that their tangent is none.)
#[diagnostic::on_unimplemented(
    message = "arithmetic on `{Self}` cannot be differentiated",
    label = "not a number",
    note = "where it is an operator with `#[grad]`, say the type of an operand: `let a: {Self} = …;`",
    note = "or write a method that computes it from the fields, annotated with `#[grad]`"
)]
pub trait Number<Reached> {}

/// A number itself.
#[derive(Debug)]
pub struct Itself;

/// Behind a reference.
#[derive(Debug)]
pub struct Behind<Reached>(PhantomData<Reached>);

impl<T: Lanes> Number<Itself> for T {}
impl<T: Number<Reached> + ?Sized, Reached> Number<Behind<Reached>> for &T {}
impl<T: Number<Reached> + ?Sized, Reached> Number<Behind<Reached>> for &mut T {}

macro_rules! number {
    ($($ty:ty)*) => {$(
        impl Number<Itself> for $ty {}
    )*};
}

number!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

/// A number, as it is.
///
/// ```
/// # use autodiff_runtime::__private::number;
/// assert_eq!(number(3.0) * 2.0, 6.0);
/// ```
///
/// ```compile_fail,E0277
/// # use autodiff_runtime::__private::number;
/// let pair = number((3.0, 2.0));
/// ```
#[inline]
pub fn number<T: Number<Reached>, Reached>(number: T) -> T {
    number
}
