//! Whether the companions that a call has found are those of the function that it means, and of this
//! version.

use core::any::{Any, TypeId, type_name};

/// The companions of a function, as this version of the crate calls them.
///
/// Those of another version implement another trait: a call of them is an error that names this one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is annotated by another version of `autodiff`",
    label = "its companions are not those that a caller of this version expects",
    note = "let both crates depend on one version of `autodiff`: `cargo tree --duplicates` shows them"
)]
pub trait CompanionsOfVersion0_1 {}

/// There is no callee, and that is said already.
impl<T> CompanionsOfVersion0_1 for super::Fallback<T> {}

/// Asserts that a call and its callee are of one version.
#[inline]
pub const fn understood<Companions: CompanionsOfVersion0_1>() {}

/// Of two functions with types that live for ever.
///
/// # Panics
///
/// If they are not the same.
#[inline]
#[track_caller]
pub fn check_callee<Callee: Any, Own: Any>(callee: &Callee, own: &Own) {
    let _ = (callee, own);
    if TypeId::of::<Callee>() != TypeId::of::<Own>() {
        hides::<Callee, Own>();
    }
}

/// Of two functions, told by their paths.
///
/// # Panics
///
/// If they are not the same.
#[inline]
#[track_caller]
pub fn check_callee_name<Callee, Own>(callee: &Callee, own: &Own) {
    let _ = (callee, own);
    if type_name::<Callee>() != type_name::<Own>() {
        hides::<Callee, Own>();
    }
}

#[allow(clippy::panic, reason = "there is no derivative to go on with")]
#[cold]
#[inline(never)]
#[track_caller]
fn hides<Callee, Own>() -> ! {
    let (callee, own) = (type_name::<Callee>(), type_name::<Own>());
    panic!(
        "`{callee}` has no `#[grad]`, and hides `{own}`, which a glob import brings and whose \
         derivative a call would take\n\
         help: annotate `{callee}` with `#[grad]`, or give it a name of its own"
    );
}
