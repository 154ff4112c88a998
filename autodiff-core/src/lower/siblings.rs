//! What the functions of one `impl` block tell each other of the fields of their types: a field that
//! one of them takes the square root of is a number in all of them.

use std::cell::OnceCell;

use super::told::Fields;
use super::{Lowerer, Signature, told};
use crate::diagnostics::Diagnostics;
use crate::options::Options;

/// The functions of a block, and what they tell, once one of them asks.
#[derive(Default)]
pub(crate) struct Siblings {
    /// The type of the block, without its arguments.
    pub(super) name: Option<String>,
    functions: Vec<syn::ImplItemFn>,
    told: OnceCell<Fields>,
}

impl Siblings {
    pub(super) fn of(block: &syn::ItemImpl) -> Self {
        let name = match &*block.self_ty {
            syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        let functions = block.items.iter().filter_map(|item| match item {
            syn::ImplItem::Fn(function) => Some(function.clone()),
            _ => None,
        });
        Self { name, functions: functions.collect(), told: OnceCell::new() }
    }

    /// What all of them tell.
    pub(super) fn told(&self) -> &Fields {
        self.told.get_or_init(|| {
            let mut all = Fields::default();
            for function in &self.functions {
                all.add(self.told_by(function));
            }
            all
        })
    }

    /// What one function tells by itself; nothing where it is not understood.
    fn told_by(&self, function: &syn::ImplItemFn) -> Fields {
        let (options, mut ignored) = (Options::default(), Diagnostics::default());
        let owner = super::signature::Owner::default();
        let Some(signature) = Signature::read(&function.sig, &options, Some(owner), &mut ignored)
        else {
            return Fields::default();
        };
        let body = crate::prepared(function.block.clone(), &signature, &[]);
        let lowerer = Lowerer::walked(&signature, &body, &mut ignored, super::Facts::default());
        told::fields(&lowerer.function, &signature, &lowerer.found, self.name.as_deref())
    }
}

impl std::fmt::Debug for Siblings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Siblings").field("name", &self.name).finish_non_exhaustive()
    }
}
