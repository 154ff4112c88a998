//! What a call finds whose callee has fewer derivatives than its caller.

use super::{Callee, Fallback};

/// What a call resolves to of a companion that is no annotated function itself: by its name, as
/// [`NotAnnotated`](super::NotAnnotated).
pub type NotNested<'a> = Fallback<<Callee<'a> as OfHigherOrder>::Companions>;

/// Implemented by nothing.
#[diagnostic::on_unimplemented(
    message = "cannot differentiate a call to a companion of a function without `order = 2`",
    label = "this companion has no derivative",
    note = "annotate its function with `#[grad(order = 2)]`: `f_grad`, `f_value_and_grad` and \
            `f_jvp` can then be called here, with `order = 3` `f_hvp`, too; import the companion \
            by its name",
    note = "a companion of a function with `&mut` parameters cannot be called here: call the function",
    note = "if it is no companion, annotate it with `#[grad]`"
)]
pub trait OfHigherOrder {
    /// The type that bears the companion's name.
    type Companions;
}

/// For each order a trait that everything implements, with the names of the companions of that
/// order, and a bound that nothing satisfies.
macro_rules! orders {
    ($($message:literal, $note:literal: $of_order:ident, $needs:ident, $pullback:ident, $pushforward:ident;)*) => { $(
        /// Implemented by nothing: the companions of a function of this order are its own.
        #[diagnostic::on_unimplemented(
            message = $message,
            label = "has too few derivatives",
            note = $note,
            note = "a rule of partials takes `order`, too, and one of functions has first derivatives only"
        )]
        pub trait $of_order {}

        /// Has the companions' names, where the callee does not have them.
        pub trait $needs {
            /// Never runs: nothing satisfies its bound.
            #[must_use]
            fn $pullback<Callee, Args, Dots, Seeds, Sums, R>(
                _: Callee, _: Args, _: Dots, _: Seeds, _: Sums,
            ) -> R
            where
                Self: $of_order,
            {
                unreachable!()
            }

            /// Never runs: nothing satisfies its bound.
            #[must_use]
            fn $pushforward<Callee, Args, Dots, R>(_: Callee, _: Args, _: Dots) -> R
            where
                Self: $of_order,
            {
                unreachable!()
            }
        }

        impl<T: ?Sized> $needs for T {}
    )* };
}

orders! {
    "`{Self}` is called by a function that is differentiated twice, and has fewer derivatives",
    "annotate it with `#[grad(order = 2)]`; where it is a companion such as `f_grad`, annotate `f` with `order = 3`":
    Order2, NeedsOrder2, __needs_order_2, __jvp_of_order_2;
    "`{Self}` is called by a function that is differentiated three times, and has fewer derivatives",
    "annotate it with `#[grad(order = 3)]`; where it is a companion such as `f_grad`, annotate `f` with `order = 4`":
    Order3, NeedsOrder3, __needs_order_3, __jvp_of_order_3;
    "`{Self}` is called by a function that is differentiated four times, and has fewer derivatives",
    "annotate it with `#[grad(order = 4)]`; where it is a companion such as `f_grad`, annotate `f` with `order = 5`":
    Order4, NeedsOrder4, __needs_order_4, __jvp_of_order_4;
    "`{Self}` is called by a function that is differentiated five times, and has fewer derivatives",
    "annotate it with `#[grad(order = 5)]`; where it is a companion such as `f_grad`, annotate `f` with `order = 6`":
    Order5, NeedsOrder5, __needs_order_5, __jvp_of_order_5;
    "`{Self}` is called by a function that is differentiated six times, and has fewer derivatives",
    "annotate it with `#[grad(order = 6)]`; where it is a companion such as `f_grad`, annotate `f` with `order = 7`":
    Order6, NeedsOrder6, __needs_order_6, __jvp_of_order_6;
}
