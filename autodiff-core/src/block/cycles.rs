//! Which functions of a block may call each other in a circle, as far as their tokens show.

use crate::hash::{HashMap, HashSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{ImplItem, ItemImpl};

/// The names of functions that reach themselves through others of the block.
pub(super) fn cycles(block: &ItemImpl) -> HashSet<String> {
    let functions = block.items.iter().filter_map(|item| match item {
        ImplItem::Fn(function) => Some(function),
        _ => None,
    });
    let mut mentions: HashMap<String, HashSet<String>> = functions
        .map(|function| {
            let mut found = HashSet::default();
            names(function.block.to_token_stream(), &mut found);
            (crate::lower::plain_name(&function.sig.ident), found)
        })
        .collect();
    let own: HashSet<String> = mentions.keys().cloned().collect();
    for found in mentions.values_mut() {
        found.retain(|name| own.contains(name));
    }
    own.into_iter().filter(|name| reaches_itself(name, &mentions)).collect()
}

fn names(tokens: TokenStream, found: &mut HashSet<String>) {
    for tree in tokens {
        match tree {
            TokenTree::Ident(ident) => drop(found.insert(crate::lower::plain_name(&ident))),
            TokenTree::Group(group) => names(group.stream(), found),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// Whether a function comes back to itself by way of another.
fn reaches_itself(name: &str, mentions: &HashMap<String, HashSet<String>>) -> bool {
    let called = |of: &str| mentions.get(of).into_iter().flatten();
    let mut open: Vec<&String> = called(name).filter(|other| *other != name).collect();
    let mut seen: HashSet<&String> = open.iter().copied().collect();
    while let Some(next) = open.pop() {
        for other in called(next) {
            if other == name {
                return true;
            }
            if seen.insert(other) {
                open.push(other);
            }
        }
    }
    false
}
