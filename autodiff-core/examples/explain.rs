//! Prints what the reverse sweeps of the functions in a file keep, compute again and read.
//!
//! `cargo run -p autodiff-core --example explain -- FILE`, or without a file the test gallery.

#![allow(clippy::print_stdout, reason = "what it is for")]

use proc_macro2::TokenStream;
use quote::ToTokens;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let gallery = include_str!("../tests/data/gallery.rs").to_owned();
    let source = std::env::args().nth(1).map_or(Ok(gallery), std::fs::read_to_string)?;
    for item in syn::parse_file(&source)?.items {
        if let syn::Item::Fn(function) = item
            && let Some(text) =
                autodiff_core::explain(TokenStream::new(), function.to_token_stream())
        {
            println!("{text}");
        }
    }
    Ok(())
}
