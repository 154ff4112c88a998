//! Which variable a name means, and which version of it is current.
//!
//! A variable is a name *and* its macro context: `macro_rules!` can bind `x` twice, once from its
//! own body and once from its caller's tokens, and the two are different variables.

use proc_macro2::{Ident, Literal, Span};

use crate::hash::HashMap;
use crate::ir::{BindingId, ValueId};

/// A name as rustc's hygiene sees it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Name {
    text: String,
    context: Option<u32>,
}

impl Name {
    pub(crate) fn of(ident: &Ident) -> Self {
        Self { text: super::plain_name(ident), context: syntax_context(ident.span()) }
    }

    /// Whether it is spelled like this, whatever it means.
    pub(crate) fn is(&self, text: &str) -> bool {
        self.text == text
    }
}

/// The variables that a format string captures: `{x}`, and `w` and `p` in `{x:w$.p$}`.
pub(crate) fn format_captures(literal: &Literal) -> Vec<Name> {
    let text = literal.to_string();
    if !text.starts_with(['"', 'r']) {
        return Vec::new();
    }
    let mut names = Vec::new();
    for part in text.split('{').skip(1) {
        let inside = part.split('}').next().unwrap_or_default();
        let (argument, format) = inside.split_once(':').unwrap_or((inside, ""));
        names.push(argument.trim());
        names.extend(format.split('$').filter_map(last_word));
    }
    names.retain(|name| name.starts_with(|c: char| c.is_alphabetic() || c == '_'));
    let context = syntax_context(literal.span());
    names.into_iter().map(|name| Name { text: name.to_owned(), context }).collect()
}

/// The identifier at the end of a text.
fn last_word(text: &str) -> Option<&str> {
    text.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next()
}

/// The syntax context of a token. rustc offers it only in the `Debug` form of its spans
/// (`#4 bytes(10..12)`); outside a compiler there is none, and no macro either.
fn syntax_context(span: Span) -> Option<u32> {
    let text = format!("{span:?}");
    let digits = text.strip_prefix('#')?;
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits.get(..end)?.parse().ok()
}

/// The scopes that are open, innermost last, and the current version of each variable.
#[derive(Default)]
pub(crate) struct Scopes {
    frames: Vec<Vec<(Name, BindingId)>>,
    /// The variables in scope by their name, innermost last.
    bearers: HashMap<Name, Vec<BindingId>>,
    versions: HashMap<BindingId, ValueId>,
}

impl Scopes {
    pub(crate) fn enter(&mut self) {
        self.frames.push(Vec::new());
    }

    pub(crate) fn leave(&mut self) {
        for (name, _) in self.frames.pop().unwrap_or_default() {
            if let Some(bearers) = self.bearers.get_mut(&name) {
                bearers.pop();
            }
        }
    }

    pub(crate) fn declare(&mut self, ident: &Ident, binding: BindingId) {
        if self.frames.is_empty() {
            self.enter();
        }
        if let Some(frame) = self.frames.last_mut() {
            let name = Name::of(ident);
            self.bearers.entry(name.clone()).or_default().push(binding);
            frame.push((name, binding));
        }
    }

    /// The variable that a name means here.
    pub(crate) fn lookup(&self, ident: &Ident) -> Option<BindingId> {
        self.find(&Name::of(ident))
    }

    pub(crate) fn find(&self, name: &Name) -> Option<BindingId> {
        self.bearers.get(name)?.last().copied()
    }

    pub(crate) fn set_version(&mut self, binding: BindingId, value: ValueId) {
        self.versions.insert(binding, value);
    }

    /// `None` before the first assignment of a variable that is declared without a value.
    pub(crate) fn version(&self, binding: BindingId) -> Option<ValueId> {
        self.versions.get(&binding).copied()
    }

    /// All current versions, to return to after an arm.
    pub(crate) fn versions(&self) -> &HashMap<BindingId, ValueId> {
        &self.versions
    }

    pub(crate) fn restore(&mut self, versions: HashMap<BindingId, ValueId>) {
        self.versions = versions;
    }

    /// The variables in scope, outermost first: what an arm may have changed.
    pub(crate) fn visible(&self) -> impl Iterator<Item = BindingId> + '_ {
        self.frames.iter().flatten().map(|&(_, binding)| binding)
    }
}
