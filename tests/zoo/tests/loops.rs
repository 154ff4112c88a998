//! Identities of the functions in `loops`, `loops.rs`, `loop_invariants.rs`, `checkpoint.rs`.

zoo::part!("loops");
