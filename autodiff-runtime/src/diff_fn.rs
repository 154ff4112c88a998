//! `DiffFn`: a function of floats together with its derivative, as a value.

use crate::Lanes;

/// A function of floats that has a derivative: what the companions of a function take where that takes
/// an `impl Fn(f64) -> f64`.
///
/// `#[grad]` on a function `square` of floats makes such a value, `square {}`.
///
/// ```
/// use autodiff_runtime::DiffFn;
///
/// fn at_two(f: impl DiffFn<(f64,), Output = f64>) -> f64 {
///     f.call((2.0,))
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no derivative that a companion could use",
    label = "not a function with `#[grad]`",
    note = "pass the companions of an annotated function of floats: `square {{}}` of `fn square`"
)]
pub trait DiffFn<Args: Floats> {
    /// What it gives.
    type Output: Lanes;

    /// The value.
    fn call(&self, args: Args) -> Self::Output;

    /// The value, and the pullback: it is given the arguments again, and gives their cotangents.
    #[doc(hidden)]
    #[allow(clippy::type_complexity, reason = "the protocol of calls")]
    fn __fn_split(
        &self,
        args: Args,
    ) -> (
        Self::Output,
        impl for<'a> FnOnce(Args, Self::Output, Args::Slots<'a>) -> Args + use<Self, Args>,
    );

    /// The value and its tangent.
    #[doc(hidden)]
    fn __fn_jvp(&self, args: Args, dots: Args::Tangents) -> (Self::Output, Self::Output);
}

impl<'f, Args: Floats, F: DiffFn<Args> + ?Sized> DiffFn<Args> for &'f F {
    type Output = F::Output;

    #[inline]
    fn call(&self, args: Args) -> F::Output {
        (**self).call(args)
    }

    #[inline]
    fn __fn_split(
        &self,
        args: Args,
    ) -> (F::Output, impl for<'a> FnOnce(Args, F::Output, Args::Slots<'a>) -> Args + use<'f, Args, F>)
    {
        (**self).__fn_split(args)
    }

    #[inline]
    fn __fn_jvp(&self, args: Args, dots: Args::Tangents) -> (F::Output, F::Output) {
        (**self).__fn_jvp(args, dots)
    }
}

/// One to four floats, as the arguments of a [`DiffFn`].
pub trait Floats {
    /// Where a pullback would add cotangents: nowhere, as it returns those of floats.
    #[doc(hidden)]
    type Slots<'a>;

    /// A tangent of each argument, where it has one.
    #[doc(hidden)]
    type Tangents;
}

macro_rules! floats {
    ($($($float:ident)+;)+) => {$(
        impl<$($float: Lanes),+> Floats for ($($float,)+) {
            type Slots<'a> = ($(floats!(@slot 'a $float),)+);
            type Tangents = ($(Option<$float>,)+);
        }
    )+};
    (@slot $a:lifetime $float:ident) => { Option<&$a mut ()> };
}

floats! {
    A;
    A B;
    A B C;
    A B C D;
}
