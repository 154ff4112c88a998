//! The methods of `std` that lowering knows by name.

use crate::rules::Op;

/// Methods that may read an active value: what they give has no derivative.
pub(crate) const INERT_METHODS: [&str; 27] = [
    "len",
    "is_empty",
    "is_nan",
    "is_finite",
    "is_infinite",
    "is_normal",
    "is_subnormal",
    "is_sign_positive",
    "is_sign_negative",
    "is_some",
    "is_none",
    "is_some_and",
    "is_none_or",
    "is_ok",
    "is_ok_and",
    "is_err_and",
    "is_err",
    "classify",
    "total_cmp",
    "partial_cmp",
    "cmp",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
];

/// Methods of arrays, slices and `Vec` that leave them as they are, and what becomes of their
/// iterators.
pub(crate) const READING_METHODS: [&str; 25] = [
    "partition_point",
    "binary_search_by",
    "binary_search_by_key",
    "iter",
    "windows",
    "chunks",
    "chunks_exact",
    "rchunks",
    "rchunks_exact",
    "to_vec",
    "clone",
    "first",
    "last",
    "enumerate",
    "zip",
    "rev",
    "skip",
    "take",
    "step_by",
    "copied",
    "cloned",
    "as_slice",
    "split_at",
    "concat",
    "as_ref",
];

/// Methods that change what they are called on.
const CHANGING_METHODS: [&str; 14] = [
    "swap",
    "fill",
    "copy_from_slice",
    "clone_from_slice",
    "push",
    "pop",
    "truncate",
    "resize",
    "extend",
    "extend_from_slice",
    "clear",
    "reverse",
    "insert",
    "remove",
];

/// Whether a method is one of `std`'s.
pub(crate) fn is_known_method(method: &syn::Ident) -> bool {
    let name = method.to_string();
    let named = |list: &[&str]| list.contains(&name.as_str());
    named(&INERT_METHODS)
        || named(&READING_METHODS)
        || changes_receiver(&name)
        || name == "sin_cos"
        || Op::from_method(&name).is_some()
}

/// Whether a method changes what it is called on, as far as its name tells.
pub(crate) fn changes_receiver(method: &str) -> bool {
    method.ends_with("_mut")
        || CHANGING_METHODS.contains(&method)
        || super::rearrange::reorders(method)
}
