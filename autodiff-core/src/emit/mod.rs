//! IR → Rust: the companions of an annotated function, as a person would write them.

mod along;
mod arranged;
mod attributes;
mod before;
mod body;
mod borrow;
mod branch;
mod buffers;
mod call;
mod callee;
mod columns;
mod companions;
mod condition;
mod constant;
mod definitions;
mod derivatives;
mod exits;
mod expression;
mod fallible;
mod foreign;
mod generated;
mod graph;
mod hidden;
mod higher;
mod lend;
mod length;
mod long;
mod matrices;
mod matrix_types;
mod memory;
mod moved;
pub(crate) mod names;
mod naming;
mod nested;
mod number;
mod numbers;
mod operation;
mod order;
mod owned;
mod passed;
mod pattern;
mod place;
mod printed;
mod printer;
mod protocol;
mod pullback;
mod pulled;
mod reached;
mod reference;
mod repeat;
mod replay;
mod row;
mod rule;
mod scope;
mod shape;
mod shown;
mod signature;
mod sparsity;
mod stubs;
mod sweep;
mod syntax;
mod test;
mod used;
mod uses;
mod zip;

pub(crate) use attributes::too_many;
pub(crate) use companions::companions;
pub use derivatives::{Beyond, Derivatives};
pub(crate) use higher::HIGHEST;
pub use higher::Higher;
pub(crate) use long::is_long;
pub use matrices::{Matrices, Matrix, Way};
pub(crate) use passed::passed;
pub(crate) use rule::float_of;
pub(crate) use shape::tangent as tangent_type;
pub(crate) use signature::{alone_or_tuple, gradient_type, result_type};
pub(crate) use stubs::declared;
pub use stubs::{Stub, stubs};
pub(crate) use test::check_point;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use crate::lower::Signature;
use crate::options::Options;
use number::Lift;

/// Where the emitted code finds the runtime.
pub(crate) struct Facade {
    /// As the user spelled it; `::autodiff` where they did not.
    spelled: Option<syn::Path>,
    /// What becomes of float constants.
    lift: Lift,
    /// The type parameters that may be several floats side by side.
    lanes: Vec<Ident>,
}

impl Facade {
    pub(crate) fn of(options: &Options) -> Self {
        Self { spelled: options.facade.clone(), lift: Lift::Literal, lanes: Vec::new() }
    }

    /// The same, for the companions of a function.
    pub(crate) fn within(options: &Options, signature: &Signature) -> Self {
        let lanes = signature.known.lanes.clone();
        Self { lift: Lift::of(signature), lanes, ..Self::of(options) }
    }

    pub(crate) fn path(&self, site: Span) -> TokenStream {
        let default = || quote_spanned!(site=> ::autodiff);
        self.spelled.as_ref().map_or_else(default, ToTokens::to_token_stream)
    }

    /// The module that emitted code names, and nobody else.
    pub(crate) fn private(&self) -> TokenStream {
        self.private_at(Span::mixed_site())
    }

    /// The same, shown at a token of the user's.
    pub(crate) fn private_at(&self, site: Span) -> TokenStream {
        let path = self.path(site);
        quote_spanned!(site=> #path::__private)
    }

    /// The gradient checker.
    pub(crate) fn check(&self) -> TokenStream {
        let site = Span::mixed_site();
        let path = self.path(site);
        quote_spanned!(site=> #path::check)
    }
}
