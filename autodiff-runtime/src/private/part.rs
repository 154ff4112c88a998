//! The fields of an enum's variants as places.

/// What stands between the brackets of `shape[Shape::__Circle_radius]`: the field of this number of
/// the variant of that number.
#[derive(Clone, Copy, Debug)]
pub struct Part<const VARIANT: usize, const FIELD: usize>;

/// A field is read of another variant than it is of. Emitted code does so in arms of the variant only.
///
/// # Panics
///
/// Always.
#[cold]
#[track_caller]
pub fn other_variant() -> ! {
    unreachable!("a field of another variant")
}
