//! What is emitted, pasted as source, passes clippy's pedantic group without any `allow`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::path::{Path, PathBuf};
use std::process::Command;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::visit_mut::VisitMut;
use syn::{Item, parse_quote};

/// The items of the gallery, `#[grad]` expanded.
fn expanded() -> Vec<Item> {
    let text = include_str!("data/gallery.rs");
    let gallery = syn::parse_file(text).unwrap();
    gallery.items.into_iter().flat_map(expand).collect()
}

fn expand(item: Item) -> Vec<Item> {
    let Item::Fn(mut function) = item else { panic!("the gallery has functions only") };
    let at = function.attrs.iter().position(|a| a.path().is_ident("grad")).unwrap();
    let options = match function.attrs.remove(at).meta {
        syn::Meta::List(list) => list.tokens,
        syn::Meta::Path(_) | syn::Meta::NameValue(_) => TokenStream::new(),
    };
    let output = autodiff_core::grad(options, function.into_token_stream());
    syn::parse2::<syn::File>(output).unwrap().items
}

/// A type that bears a function's name is no camel case, which rustc does not mind in what a macro
/// emits. Pasted, it is renamed, and imported under the name that calls look for.
fn renamed(item: Item) -> Vec<Item> {
    match item {
        Item::Struct(mut item) => {
            let (function, camel) = (item.ident.clone(), camel_case(&item.ident));
            item.ident = camel.clone();
            vec![Item::Struct(item), parse_quote!(pub use self::#camel as #function;)]
        }
        Item::Impl(mut item) => {
            let function: Ident = syn::parse2(item.self_ty.to_token_stream()).unwrap();
            let camel = camel_case(&function);
            item.self_ty = parse_quote!(#camel);
            vec![Item::Impl(item)]
        }
        item => vec![item],
    }
}

fn camel_case(name: &Ident) -> Ident {
    let text = name.to_string();
    let (first, rest) = text.split_at(1);
    Ident::new(&(first.to_uppercase() + rest), Span::call_site())
}

/// The import that a call falls back on if its function is not annotated, which rustc does not
/// call unused in what a macro emits.
struct WithoutFallback;

impl VisitMut for WithoutFallback {
    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        block.stmts.retain(|stmt| {
            let is_import = matches!(stmt, syn::Stmt::Item(Item::Use(_)));
            !is_import || !stmt.to_token_stream().to_string().contains("NotAnnotated")
        });
        syn::visit_mut::visit_block_mut(self, block);
    }
}

/// A crate of its own; the runtime stands for the facade, which only adds the macro.
fn scratch_crate() -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("emitted");
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../autodiff-runtime");
    let runtime = runtime.display().to_string();
    let items: Vec<Item> = expanded().into_iter().flat_map(renamed).collect();
    let mut file = syn::parse2(quote! {
        //! What `#[grad]` makes of the gallery.
        #![deny(warnings, clippy::pedantic)]
        #(#items)*
    })
    .unwrap();
    WithoutFallback.visit_file_mut(&mut file);
    std::fs::create_dir_all(directory.join("src")).unwrap();
    std::fs::write(directory.join("src/lib.rs"), prettyplease::unparse(&file)).unwrap();
    let manifest = format!(
        "[package]\nname = \"emitted\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nautodiff = {{ package = \"autodiff-runtime\", path = {runtime:?} }}\n"
    );
    std::fs::write(directory.join("Cargo.toml"), manifest).unwrap();
    // Types are as complex as the signature makes them; in what a macro emits, nobody looks.
    std::fs::write(directory.join("clippy.toml"), "type-complexity-threshold = 10000\n").unwrap();
    directory
}

#[test]
fn pasted_code_passes_clippys_pedantic_group() {
    let directory = scratch_crate();
    let run = |arguments: &[&str]| {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
        let target = directory.join("target");
        cargo.args(arguments).current_dir(&directory).env("CARGO_TARGET_DIR", target);
        cargo.output().unwrap()
    };
    assert!(run(&["clippy", "--version"]).status.success(), "this test needs clippy");
    let output = run(&["clippy", "--offline", "--quiet", "--all-targets"]);
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "in {}:\n{messages}", directory.display());
}
