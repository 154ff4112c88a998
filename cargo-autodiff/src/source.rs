//! The functions in a file, with what `#[grad(..)]` says of them.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;

/// A function in a file.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name; that of a method with its type: `Lens::blur`.
    pub name: String,
    /// What the attribute says; empty where there is none.
    pub options: TokenStream,
    /// Whether it has the attribute, or its block has.
    pub annotated: bool,
    /// The function without the attribute.
    pub item: TokenStream,
    /// The type that it is associated to.
    pub owner: Option<TokenStream>,
    /// As it is written, and its first line.
    pub text: (String, usize),
}

/// What is wrong with a file, for the user.
#[derive(Debug)]
pub struct Problem(pub String);

/// Every function of a file, in order.
///
/// # Errors
/// If the file is not there, or is no Rust.
pub fn functions(path: &str) -> Result<Vec<Function>, Problem> {
    let text =
        std::fs::read_to_string(path).map_err(|error| Problem(format!("{path}: {error}")))?;
    let file = syn::parse_file(&text).map_err(|error| problem(path, &[error]))?;
    let mut found = Vec::new();
    items(file.items, &text, &mut found);
    Ok(found)
}

/// The one of that name; where none is given, the only one that is annotated.
///
/// # Errors
/// If there is none, or there are several.
pub fn function(path: &str, name: Option<&str>) -> Result<Function, Problem> {
    let all = functions(path)?;
    let is_it = |function: &Function| match name {
        Some(name) => function.name == name || function.name.rsplit("::").next() == Some(name),
        None => function.annotated,
    };
    let found: Vec<&Function> = all.iter().filter(|function| is_it(function)).collect();
    match (found.as_slice(), all.as_slice(), name) {
        ([one], _, _) => Ok((*one).clone()),
        ([], [one], None) => Ok(one.clone()),
        ([], [], _) => Err(Problem(format!("{path}: there is no function in this file"))),
        ([], _, Some(name)) => Err(Problem(format!(
            "{path}: there is no function `{name}`; there is {}",
            listed(&all.iter().collect::<Vec<_>>())
        ))),
        (several, ..) => {
            let which = if several.is_empty() { all.iter().collect() } else { several.to_vec() };
            Err(Problem(format!("{path}: which function? {}", listed(&which))))
        }
    }
}

/// Errors at their places, one a line and its help below.
#[must_use]
pub fn problem(path: &str, errors: &[syn::Error]) -> Problem {
    let one = |error: &syn::Error| {
        let start = error.span().start();
        let column = start.column + 1;
        let at = format!("{path}:{}:{column}: ", start.line);
        format!("{at}{}", error.to_string().replace('\n', "\n  "))
    };
    Problem(errors.iter().map(one).collect::<Vec<_>>().join("\n"))
}

fn listed(functions: &[&Function]) -> String {
    functions.iter().map(|of| format!("`{}`", of.name)).collect::<Vec<_>>().join(", ")
}

fn items(items: Vec<syn::Item>, text: &str, found: &mut Vec<Function>) {
    for item in items {
        match item {
            syn::Item::Fn(mut function) => {
                let written = written(text, &function);
                let options = options(&mut function.attrs);
                found.push(Function {
                    name: function.sig.ident.to_string(),
                    annotated: options.is_some(),
                    options: options.unwrap_or_default(),
                    item: function.to_token_stream(),
                    owner: None,
                    text: written,
                });
            }
            syn::Item::Impl(block) => methods(block, text, found),
            syn::Item::Mod(module) => {
                items_of(module, text, found);
            }
            _ => {}
        }
    }
}

fn items_of(module: syn::ItemMod, text: &str, found: &mut Vec<Function>) {
    if let Some((_, inside)) = module.content {
        items(inside, text, found);
    }
}

fn methods(mut block: syn::ItemImpl, text: &str, found: &mut Vec<Function>) {
    let around = options(&mut block.attrs);
    let ty = block.self_ty.to_token_stream();
    for item in block.items {
        let syn::ImplItem::Fn(mut function) = item else { continue };
        let written = written(text, &function);
        let own = options(&mut function.attrs).or_else(|| around.clone());
        let given = own.clone().unwrap_or_default();
        let comma = (!given.is_empty()).then(|| quote!(,));
        found.push(Function {
            name: format!("{}::{}", ty.to_string().replace(' ', ""), function.sig.ident),
            annotated: own.is_some(),
            options: quote!(#given #comma associated),
            item: function.to_token_stream(),
            owner: Some(ty.clone()),
            text: written,
        });
    }
}

/// An item as it is written, attributes and documentation left out, and the line it begins on.
fn written(text: &str, item: &(impl Spanned + ToTokens)) -> (String, usize) {
    let mut start = item.span();
    // Attributes are `#` and a group.
    let mut tokens = item.to_token_stream().into_iter().peekable();
    while let Some(token) = tokens.next() {
        start = token.span();
        let is_hash =
            matches!(&token, proc_macro2::TokenTree::Punct(punct) if punct.as_char() == '#');
        if !is_hash {
            break;
        }
        tokens.next();
    }
    let (from, to) = (start.byte_range().start, item.span().byte_range().end);
    let line = text.get(..from).map_or(0, |before| before.matches('\n').count()) + 1;
    let begin = text.get(..from).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    (text.get(begin..to).unwrap_or_default().to_owned(), line)
}

/// What `#[grad(..)]` says, removed from the attributes.
pub(crate) fn options(attributes: &mut Vec<syn::Attribute>) -> Option<TokenStream> {
    let is_grad = |attribute: &syn::Attribute| {
        attribute.path().segments.last().is_some_and(|last| last.ident == "grad")
    };
    let at = attributes.iter().position(is_grad)?;
    Some(match attributes.remove(at).meta {
        syn::Meta::List(list) => list.tokens,
        syn::Meta::Path(_) | syn::Meta::NameValue(_) => TokenStream::new(),
    })
}
