//! Identities of the functions in `sums.rs`, `running.rs`, `recursion`, `callee.rs`, `fallible`.

zoo::part!("sums");
