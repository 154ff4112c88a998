//! IR → Rust: the companions of an annotated function, as a person would write them.

mod attributes;
mod body;
mod borrow;
mod branch;
mod call;
mod companions;
mod exits;
mod expression;
mod length;
mod memory;
pub(crate) mod names;
mod number;
mod order;
mod printer;
mod protocol;
mod reference;
mod repeat;
mod scope;
mod shape;
mod signature;
mod stubs;
mod syntax;
mod test;
mod uses;

pub use companions::{Derivatives, companions};
pub use stubs::{Stub, stubs};
pub(crate) use test::check_point;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use crate::options::Options;

/// Where the emitted code finds the runtime.
pub(crate) struct Facade {
    path: TokenStream,
}

impl Facade {
    pub(crate) fn of(options: &Options) -> Self {
        let site = Span::mixed_site();
        let path = if let Some(path) = &options.facade {
            path.to_token_stream()
        } else {
            quote_spanned!(site=> ::autodiff)
        };
        Self { path }
    }

    /// The module that emitted code names, and nobody else.
    pub(crate) fn private(&self) -> TokenStream {
        let path = &self.path;
        quote_spanned!(Span::mixed_site()=> #path::__private)
    }

    /// The gradient checker.
    pub(crate) fn check(&self) -> TokenStream {
        let path = &self.path;
        quote_spanned!(Span::mixed_site()=> #path::check)
    }
}
