//! All annotated functions of a file, by the tokens alone: also those in macros, traits and bodies.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The names of the annotated functions, with the modules, types and functions that they are in.
pub(crate) fn annotated(tokens: TokenStream) -> Vec<String> {
    let mut found = Found::default();
    found.walk(tokens, false);
    found.names
}

#[derive(Default)]
struct Found {
    names: Vec<String>,
    path: Vec<String>,
}

impl Found {
    /// Goes through items: all functions are annotated, or those with an attribute.
    fn walk(&mut self, tokens: TokenStream, all: bool) {
        let mut trees = tokens.into_iter().peekable();
        // Whether the item has the attribute, and what a brace is the body of.
        let (mut has, mut header) = (false, None);
        while let Some(tree) = trees.next() {
            match tree {
                TokenTree::Punct(hash) if hash.as_char() == '#' => {
                    if let Some(TokenTree::Group(group)) = trees.peek() {
                        has |= is_grad(group);
                        trees.next();
                    }
                }
                TokenTree::Punct(end) if end.as_char() == ';' => (has, header) = (false, None),
                TokenTree::Ident(word) if word == "fn" => {
                    let Some(name) = name(&mut trees) else { continue };
                    if std::mem::take(&mut has) || all {
                        self.names.push(self.inside(&name));
                    }
                    header = Some((name, false));
                }
                TokenTree::Ident(word) if word == "mod" || word == "trait" => {
                    header = name(&mut trees).map(|name| (name, std::mem::take(&mut has)));
                }
                TokenTree::Ident(word) if word == "impl" && header.is_none() => {
                    let is_body = |tree: &TokenTree| matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
                    let mut block = TokenStream::new();
                    while let Some(tree) = trees.next_if(|tree| !is_body(tree)) {
                        block.extend([tree]);
                    }
                    header = Some((format!("<{block}>"), std::mem::take(&mut has)));
                }
                TokenTree::Group(group) => {
                    let is_body = group.delimiter() == Delimiter::Brace;
                    let (name, all) =
                        if is_body { header.take() } else { None }.unwrap_or_default();
                    self.within(&name, group, all);
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    fn within(&mut self, name: &str, group: Group, all: bool) {
        let depth = self.path.len();
        self.path.extend((!name.is_empty()).then(|| name.to_owned()));
        self.walk(group.stream(), all);
        self.path.truncate(depth);
    }

    fn inside(&self, name: &str) -> String {
        let path: Vec<&str> = self.path.iter().map(String::as_str).chain([name]).collect();
        path.join("::")
    }
}

/// What `fn`, `mod` or `trait` is followed by; a macro's `$name` counts.
fn name(trees: &mut std::iter::Peekable<proc_macro2::token_stream::IntoIter>) -> Option<String> {
    let is_dollar = |tree: &TokenTree| matches!(tree, TokenTree::Punct(p) if p.as_char() == '$');
    let dollar = trees.next_if(is_dollar).map_or("", |_| "$");
    match trees.next_if(|tree| matches!(tree, TokenTree::Ident(_)))? {
        TokenTree::Ident(name) => Some(format!("{dollar}{name}")),
        _ => None,
    }
}

/// Whether an attribute's last word before its arguments is `grad`.
fn is_grad(attribute: &Group) -> bool {
    let path = attribute.stream().into_iter();
    let path = path.take_while(|tree| !matches!(tree, TokenTree::Group(_)));
    matches!(path.last(), Some(TokenTree::Ident(word)) if word == "grad")
}

pub(crate) fn idents(tokens: TokenStream) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for tree in tokens {
        match tree {
            TokenTree::Ident(ident) => {
                found.insert(ident.to_string());
            }
            TokenTree::Group(group) => found.extend(idents(group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    found
}
