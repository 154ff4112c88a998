//! Prints what `#[grad]` makes of the functions in a file: `cargo run -p autodiff-core --example
//! expand -- file.rs [stages]`.

use quote::{ToTokens, quote};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("usage: expand FILE")?;
    let file = syn::parse_file(&std::fs::read_to_string(path)?)?;
    for item in file.items {
        let syn::Item::Fn(mut function) = item else { continue };
        let attribute = function.attrs.iter().find(|a| a.path().is_ident("grad")).cloned();
        let options = match attribute.map(|a| a.meta) {
            Some(syn::Meta::List(list)) => list.tokens,
            _ => quote!(),
        };
        function.attrs.retain(|a| !a.path().is_ident("grad"));
        let expanded = autodiff_core::grad(options, function.to_token_stream());
        match syn::parse2::<syn::File>(expanded.clone()) {
            Ok(file) => println!("{}", prettyplease::unparse(&file)),
            Err(error) => println!("// does not parse: {error}\n{expanded}"),
        }
    }
    Ok(())
}
