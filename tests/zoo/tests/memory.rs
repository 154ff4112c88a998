//! Identities of the functions in `memory`, `classics`, `scratch.rs`, `mutable.rs`.

zoo::part!("memory");
