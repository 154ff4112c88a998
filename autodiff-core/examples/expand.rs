//! Prints what `#[grad]` makes of the functions in a file: `cargo run -p autodiff-core --example
//! expand -- file.rs [stages]`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("usage: expand FILE")?;
    let file = syn::parse_file(&std::fs::read_to_string(path)?)?;
    for item in file.items {
        match item {
            syn::Item::Fn(mut function) => {
                let options = options(&mut function.attrs).unwrap_or_default();
                print(autodiff_core::grad(options, function.to_token_stream()));
            }
            syn::Item::Impl(mut block) => match options(&mut block.attrs) {
                Some(options) => print(autodiff_core::grad(options, block.to_token_stream())),
                None => print_methods(block),
            },
            syn::Item::Struct(of) => print(autodiff_core::differentiable(of.to_token_stream())),
            syn::Item::Enum(of) => print(autodiff_core::differentiable(of.to_token_stream())),
            _ => {}
        }
    }
    Ok(())
}

/// What `#[grad(..)]` says, removed from the attributes.
fn options(attributes: &mut Vec<syn::Attribute>) -> Option<TokenStream> {
    let at = attributes.iter().position(|a| a.path().is_ident("grad"))?;
    Some(match attributes.remove(at).meta {
        syn::Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    })
}

/// The annotated methods of a block.
fn print_methods(block: syn::ItemImpl) {
    let ty = block.self_ty;
    for item in block.items {
        let syn::ImplItem::Fn(mut function) = item else { continue };
        if let Some(options) = options(&mut function.attrs) {
            let expanded = autodiff_core::grad(options, function.to_token_stream());
            print(quote!(impl #ty { #expanded }));
        }
    }
}

fn print(expanded: TokenStream) {
    match syn::parse2::<syn::File>(expanded.clone()) {
        Ok(file) => println!("{}", prettyplease::unparse(&file)),
        Err(error) => println!("// does not parse: {error}\n{expanded}"),
    }
}
