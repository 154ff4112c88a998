//! Parameters that `wrt` or `constant` leaves out of the derivative: a caller with an active argument
//! there does not compile, and is told why.

/// Stands in the slot of such a parameter. It has no value: only `None` fits an `Option` of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NotDifferentiated {}

/// What is given as the tangent of such a parameter: none.
#[diagnostic::on_unimplemented(
    message = "an active argument for a parameter that the callee does not differentiate",
    label = "its `wrt(..)` or `constant(..)` leaves this parameter out",
    note = "add the parameter to the callee's `#[grad(wrt(..))]`",
    note = "or, if the argument is to be a constant, wrap it in `autodiff::stop_gradient(..)`",
    note = "or, if its type is a float `T` of the trait or block around the callee, say `where T: Real` at the callee"
)]
pub trait LeftOut {}

impl LeftOut for Option<NotDifferentiated> {}

/// What takes the cotangent of a float that a pullback returns: nothing needs to.
#[diagnostic::on_unimplemented(
    message = "an active argument for a parameter that the callee does not differentiate",
    label = "its `wrt(..)` or `constant(..)` leaves this parameter out",
    note = "add the parameter to the callee's `#[grad(wrt(..))]`",
    note = "or, if the argument is to be a constant, wrap it in `autodiff::stop_gradient(..)`",
    note = "or, if its type is a float `T` of the trait or block around the callee, say `where T: Real` at the callee"
)]
pub trait Differentiated {}

impl Differentiated for () {}

/// In the slot of an active float: its cotangent is returned.
///
/// ```
/// # use autodiff_runtime::__private::returned;
/// assert_eq!(returned::<()>(), None);
/// ```
///
/// ```compile_fail,E0277
/// # use autodiff_runtime::__private::{NotDifferentiated, returned};
/// let slot: Option<&mut NotDifferentiated> = returned();
/// ```
#[inline]
#[must_use]
pub fn returned<'a, Slot: Differentiated>() -> Option<&'a mut Slot> {
    None
}
