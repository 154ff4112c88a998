//! Fields of tuples and structs.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use proc_macro2::{Ident, Span, TokenStream, TokenTree};

/// Which field of a tuple or a struct.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Member {
    /// By its position.
    Unnamed(u32),
    /// By its name.
    Named(Name),
}

/// The name of a field, without `r#`. Names are kept for good, each once, so that a name is as
/// cheap as a number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(&'static str);

static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

impl Name {
    /// The name that an identifier spells.
    #[must_use]
    pub fn of(ident: &Ident) -> Self {
        let text = ident.to_string();
        let text = text.strip_prefix("r#").unwrap_or(&text);
        let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(&known) = names.get(text) {
            return Self(known);
        }
        let kept: &'static str = Box::leak(text.to_owned().into_boxed_str());
        names.insert(kept);
        Self(kept)
    }
}

impl Member {
    /// The field that syntax names.
    #[must_use]
    pub fn of(member: &syn::Member) -> Self {
        match member {
            syn::Member::Named(ident) => Member::Named(Name::of(ident)),
            syn::Member::Unnamed(index) => Member::Unnamed(index.index),
        }
    }

    /// The position, where it is told by one.
    #[must_use]
    pub fn position(self) -> Option<usize> {
        match self {
            Member::Unnamed(n) => Some(n as usize),
            Member::Named(_) => None,
        }
    }

    /// What stands after the dot.
    #[must_use]
    pub fn tokens(self) -> TokenStream {
        self.located(Span::mixed_site())
    }

    /// The same, shown at a token of the user's.
    #[must_use]
    pub fn located(self, at: Span) -> TokenStream {
        let site = Span::mixed_site().located_at(at);
        let tree = match self {
            Member::Unnamed(n) => TokenTree::Literal(proc_macro2::Literal::u32_unsuffixed(n)),
            Member::Named(Name(text)) if syn::parse_str::<Ident>(text).is_err() => {
                TokenTree::Ident(Ident::new_raw(text, site))
            }
            Member::Named(Name(text)) => TokenTree::Ident(Ident::new(text, site)),
        };
        tree.into()
    }
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Member::Unnamed(n) => write!(f, "{n}"),
            Member::Named(Name(text)) => f.write_str(text),
        }
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
