//! Identities of the functions in `chains.rs`, `iterators`.

zoo::part!("chains");
