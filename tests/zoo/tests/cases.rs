//! Identities of the functions in `cases.rs`, `algorithms.rs`, `graph.rs`, `long.rs`, `no_std.rs`, `no-std/src`.

zoo::part!("cases");
