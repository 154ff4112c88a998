//! Functions that are declared inside of the one that is differentiated.
//!
//! A call is differentiated by the companions of its name, which are found as a type is. Where a
//! function inside has no companions, a type of its name may be that of another function outside:
//! the name would mean two things.

use syn::visit::Visit;
use syn::{Attribute, Block, ItemFn};

use super::plain_name;

/// The names of functions inside that have no derivative.
pub(super) fn without_derivative(body: &Block) -> Vec<String> {
    let mut inner = Inner { names: Vec::new() };
    inner.visit_block(body);
    inner.names
}

struct Inner {
    names: Vec<String>,
}

impl<'ast> Visit<'ast> for Inner {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        if !item.attrs.iter().any(gives_companions) {
            self.names.push(plain_name(&item.sig.ident));
        }
        syn::visit::visit_item_fn(self, item);
    }
}

fn gives_companions(attribute: &Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|last| last.ident == "grad" || last.ident == "rule")
}
