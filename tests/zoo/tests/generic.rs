//! Identities of the functions in `generic`, `lanes`, `../autodiff-core/tests/data`.

zoo::part!("generic");
