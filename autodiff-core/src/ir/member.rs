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
    /// Of a variant of an enum: by the path of the constant with which its derive indexes the
    /// enum and its tangents, `Shape::__Circle_radius`; or what an `Option` in memory holds.
    Variant(Name),
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
        Self::interned(text.strip_prefix("r#").unwrap_or(&text))
    }

    fn interned(text: &str) -> Self {
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

    /// The field of a variant of which this is the path.
    #[must_use]
    pub fn of_variant(path: &syn::Path, member: &syn::Member) -> Self {
        let mut path = path.clone();
        // Of a generic type, the path says which one it is, or it says so nowhere.
        let says =
            |segment: &syn::PathSegment| segment.ident == "Self" || !segment.arguments.is_none();
        let own = if path.segments.iter().any(says) { "own_" } else { "" };
        if let Some(last) = path.segments.last_mut() {
            let name = format!("__{own}{}_{}", last.ident, Self::of(member)).replace("r#", "");
            last.ident = Ident::new(&name, last.ident.span());
        }
        Self::indexed_by(&quote::ToTokens::to_token_stream(&path))
    }

    /// The field that stands for a variant's, by what indexes it.
    #[must_use]
    pub fn indexed_by(path: &TokenStream) -> Self {
        Member::Variant(Name::interned(&path.to_string()))
    }

    /// The position, where it is told by one.
    #[must_use]
    pub fn position(self) -> Option<usize> {
        match self {
            Member::Unnamed(n) => Some(n as usize),
            Member::Named(_) | Member::Variant(_) => None,
        }
    }

    /// What stands behind a value to mean its field, shown at a token of the user's.
    #[must_use]
    pub fn behind(self, at: Span) -> TokenStream {
        let site = Span::mixed_site().located_at(at);
        let inside = self.located(at);
        if let Member::Variant(_) = self {
            quote::quote_spanned!(site=> [#inside])
        } else {
            quote::quote_spanned!(site=> .#inside)
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
            Member::Variant(Name(text)) => {
                return text.parse().unwrap_or_default();
            }
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
            Member::Variant(Name(text)) => {
                f.write_str(text.rsplit([':', ' ']).next().unwrap_or(text))
            }
        }
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
