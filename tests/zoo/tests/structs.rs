//! Identities of the functions in `structs`, `model`, `crates/geometry/src`, `crates/mechanics/src`.

zoo::part!("structs");
