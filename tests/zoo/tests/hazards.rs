//! Identities of the functions in `hazards`, `hazards.rs`, `rules`.

zoo::part!("hazards");
