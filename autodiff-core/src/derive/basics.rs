//! `Clone`, `PartialEq` and `Debug` of generic tangents: a derived implementation would want of the
//! parameters what only their tangents have.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::fields::Fields;
use super::{Derived, Shape};

impl Derived<'_> {
    /// `Clone`, `PartialEq` and `Debug`, by the fields alone.
    pub(super) fn basics(&self) -> TokenStream {
        let generics = self.tangent_generics();
        let (start, arguments, clause) = generics.split_for_impl();
        let (site, name) = (Span::mixed_site(), self.tangent_name());
        let variants: Vec<(Option<&Ident>, &Fields)> = match &self.shape {
            Shape::Struct(fields) => vec![(None, fields)],
            Shape::Enum(variants) => {
                variants.iter().map(|(name, fields)| (Some(name), fields)).collect()
            }
        };
        let path = |variant: Option<&Ident>| {
            let inside = variant.map(|variant| quote_spanned!(site=> ::#variant));
            quote_spanned!(site=> Self #inside)
        };
        let (mut clones, mut equals, mut debugs) = (Vec::new(), Vec::new(), Vec::new());
        for (variant, fields) in &variants {
            let (path, this) = (path(*variant), fields.pattern("this", false));
            let other = fields.pattern("other", false);
            let built = fields.build(|field| {
                let bound = field.bound("this");
                if field.active {
                    quote_spanned!(site=> ::core::clone::Clone::clone(#bound))
                } else {
                    quote_spanned!(site=> ())
                }
            });
            let same = fields.active().map(|field| {
                let (a, b) = (field.bound("this"), field.bound("other"));
                quote_spanned!(site=> && #a == #b)
            });
            let text = variant.unwrap_or(&name).to_string();
            let listed = fields.active().map(|field| {
                let bound = field.bound("this");
                let label = quote::ToTokens::to_token_stream(&field.member).to_string();
                quote_spanned!(site=> .field(#label, #bound))
            });
            clones.push(quote_spanned!(site=> #path #this => #path #built,));
            equals.push(quote_spanned!(site=> (#path #this, #path #other) => true #(#same)*,));
            debugs.push(quote_spanned!(site=>
                #path #this => f.debug_struct(#text) #(#listed)* .finish(),
            ));
        }
        let differ = (variants.len() > 1).then(|| quote_spanned!(site=> _ => false,));
        quote_spanned!(site=>
            impl #start ::core::clone::Clone for #name #arguments #clause {
                fn clone(&self) -> Self {
                    match self { #(#clones)* }
                }
            }

            impl #start ::core::cmp::PartialEq for #name #arguments #clause {
                fn eq(&self, other: &Self) -> bool {
                    match (self, other) { #(#equals)* #differ }
                }
            }

            impl #start ::core::fmt::Debug for #name #arguments #clause {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    match self { #(#debugs)* }
                }
            }
        )
    }
}
