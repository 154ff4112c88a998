//! Identities of the functions in `generic`, `../autodiff-core/tests/data`.

zoo::part!("generic");
