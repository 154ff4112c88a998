//! Identities of the functions in `sums.rs`, `last.rs`, `buffers.rs`, `running.rs`, `recursion`, `callee.rs`, `fallible`.

zoo::part!("sums");
