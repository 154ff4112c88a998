//! The names that tokens bind themselves, while they are looked through.

use syn::Pat;
use syn::visit::{self, Visit};

use super::scope::Name;

/// Names that hide variables from outside, innermost last.
#[derive(Clone, Default)]
pub(crate) struct Shadows(Vec<Name>);

/// Where a scope begins.
pub(crate) struct Mark(usize);

impl Shadows {
    pub(crate) fn enter(&self) -> Mark {
        Mark(self.0.len())
    }

    pub(crate) fn leave(&mut self, mark: &Mark) {
        self.0.truncate(mark.0);
    }

    /// The variables of a pattern, in scope from here on.
    pub(crate) fn declare(&mut self, pattern: &Pat) {
        self.visit_pat(pattern);
    }

    pub(crate) fn hides(&self, name: &Name) -> bool {
        self.0.contains(name)
    }
}

impl<'ast> Visit<'ast> for Shadows {
    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        self.0.push(Name::of(&pattern.ident));
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_expr(&mut self, _: &'ast syn::Expr) {}
}
