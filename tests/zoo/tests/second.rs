//! Identities of the functions in `second`.

zoo::part!("second");
