//! `f::JACOBIAN_PATTERN` and `f::HESSIAN_PATTERN`.

use proc_macro2::{Literal, Span, TokenStream};
use quote::quote_spanned;

use super::Matrices;
use super::companions::Context;
use crate::sparsity::Pattern;

impl Context<'_> {
    /// The constants on the function's type, where there is one and the patterns are known.
    pub(crate) fn patterns(&self, of: &Matrices) -> TokenStream {
        if !self.has_type() {
            return TokenStream::new();
        }
        let all = [
            ("JACOBIAN_PATTERN", "Jacobian", &of.jacobian),
            ("HESSIAN_PATTERN", "Hessian", &of.hessian),
        ];
        let known = all.iter().filter_map(|(name, matrix, of)| {
            Some(self.pattern(name, matrix, of.as_ref()?.pattern.as_ref()?))
        });
        known.collect()
    }

    fn pattern(&self, name: &str, matrix: &str, of: &Pattern) -> TokenStream {
        let (site, visibility) = (Span::mixed_site(), &self.visibility);
        let (runtime, name) = (self.facade.path(site), syn::Ident::new(name, site));
        let docs = format!("Which elements of the {matrix} can differ from zero.");
        let mut starts = vec![0];
        starts.extend(of.rows.iter().scan(0, |end, row| {
            *end += row.len();
            Some(*end)
        }));
        let columns = Literal::usize_unsuffixed(of.columns);
        let starts = starts.into_iter().map(Literal::usize_unsuffixed);
        let elements = of.rows.iter().flatten().copied().map(Literal::usize_unsuffixed);
        quote_spanned!(site=>
            #[doc = #docs]
            #visibility const #name: #runtime::sparse::Pattern =
                #runtime::sparse::Pattern::known(#columns, &[#(#starts),*], &[#(#elements),*]);
        )
    }
}
