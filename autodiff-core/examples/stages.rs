//! Prints the IR of each function in a file, stage by stage: lowered, adjoint, simplified.
//!
//! `cargo run -p autodiff-core --example stages -- FILE.rs`

use autodiff_core::diagnostics::Diagnostics;
use autodiff_core::differentiate::{Seed, adjoint};
use autodiff_core::lower::{Signature, lower};
use autodiff_core::options::Options;
use autodiff_core::simplify::simplify;
use autodiff_core::structure::structured;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: stages FILE.rs")?;
    let file = syn::parse_file(&std::fs::read_to_string(path)?)?;
    for item in file.items {
        let syn::Item::Fn(function) = item else { continue };
        let mut found = Diagnostics::default();
        let options = Options::read(proc_macro2::TokenStream::new(), &mut found);
        let body = structured(&function.block, &function.sig.output).unwrap_or(*function.block);
        let primal = Signature::read(&function.sig, &options, None, &mut found)
            .and_then(|signature| lower(&signature, &body, &mut found));
        found.messages().for_each(|message| eprintln!("{message}"));
        let Some(primal) = primal else { continue };
        let seed = if primal.outputs.len() == 1 { Seed::One } else { Seed::Parameter };
        let both = adjoint(&primal, seed);
        println!("// lowered\n{primal}\n// adjoint\n{both}\n// simplified\n{}", simplify(&both));
    }
    Ok(())
}
