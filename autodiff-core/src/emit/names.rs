//! Names for what the compiler invents: from the user's names, and never one of them.

use crate::hash::{HashMap, HashSet};
use std::rc::Rc;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};

/// The names in use within one emitted function.
#[derive(Clone, Default)]
pub(crate) struct Names {
    /// Those of the user's tokens, which several functions share.
    users: Rc<HashSet<String>>,
    taken: HashSet<String>,
    next: HashMap<String, usize>,
}

impl Names {
    /// Those that the user's tokens leave.
    pub(crate) fn beside(tokens: impl IntoIterator<Item = TokenStream>) -> Self {
        let mut names = Self::default();
        tokens.into_iter().for_each(|tokens| names.reserve(tokens));
        Self { users: Rc::new(names.taken), ..Self::default() }
    }

    /// Reserves one identifier.
    pub(crate) fn reserve_ident(&mut self, ident: &Ident) {
        self.taken.insert(crate::lower::plain_name(ident));
    }

    /// Reserves every identifier of the user's tokens.
    pub(crate) fn reserve(&mut self, tokens: TokenStream) {
        for tree in tokens {
            match tree {
                TokenTree::Ident(ident) => self.reserve_ident(&ident),
                TokenTree::Group(group) => self.reserve(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    /// A fresh name made from `hint`.
    pub(crate) fn fresh(&mut self, hint: &str) -> Ident {
        let base = sanitised(hint);
        let is_new = |name: &String, taken: &mut HashSet<String>| {
            !self.users.contains(name) && taken.insert(name.clone())
        };
        if !self.next.contains_key(&base) && is_new(&base, &mut self.taken) {
            return local(&base);
        }
        let next = self.next.entry(base.clone()).or_insert(0);
        loop {
            *next += 1;
            let name = format!("{base}_{next}");
            if is_new(&name, &mut self.taken) {
                return local(&name);
            }
        }
    }
}

/// An identifier of the compiler's: it can neither see nor hide one of the user's.
pub(crate) fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// `hint` as an identifier that is no keyword.
fn sanitised(hint: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let mut name = if hint.bytes().all(plain) {
        hint.to_owned()
    } else {
        let word = hint.chars().map(|c| if c.is_alphanumeric() { c } else { '_' });
        word.collect::<String>().to_lowercase()
    };
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || name == "_" {
        name = format!("value_{name}");
    }
    if KEYWORDS.binary_search(&name.as_str()).is_ok() {
        name.push('_');
    }
    name
}

/// What `let` does not bind, in any edition, sorted.
const KEYWORDS: [&str; 52] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];
