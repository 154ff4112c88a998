//! The fields of an enum's variants as places: a constant for each, with which the enum and its
//! tangents are indexed. Emitted code reads and writes them in the arm of their variant only.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};

use super::fields::Field;
use super::{Derived, Shape};

impl Derived<'_> {
    /// `Shape::__Circle_radius`, and what indexing with it means. Of a generic type there are two
    /// constants: `Self::__own_Circle_radius` of each, and that other one of a single instance, for
    /// paths that do not say which type they mean. Both are the same number.
    pub(super) fn indexed(&self) -> TokenStream {
        let Shape::Enum(variants) = &self.shape else { return TokenStream::new() };
        let site = Span::mixed_site();
        let (generics, name, visibility) = (self.generics(), self.name(), self.visibility());
        let (start, arguments, clause) = generics.split_for_impl();
        let [mut constants, mut own, mut indices] = std::array::from_fn(|_| TokenStream::new());
        for (at, (variant, fields)) in variants.iter().enumerate() {
            for (n, field) in fields.all().enumerate() {
                let private = self.private();
                let part = quote_spanned!(site=> #private::Part<#at, #n>);
                let [of_instance, of_each] =
                    ["", "own_"].map(|own| constant(own, variant, field)).map(|name| {
                        quote_spanned!(site=>
                            #[doc(hidden)]
                            #[allow(non_upper_case_globals, dead_code)]
                            #visibility const #name: #part = #private::Part;
                        )
                    });
                constants.extend(of_instance);
                own.extend(of_each);
                indices.extend(self.index(variant, field, &part));
            }
        }
        let instance = instance(name, &generics);
        quote_spanned!(site=>
            #[allow(unreachable_pub)]
            impl #start #name #arguments #clause { #own }
            #[allow(unreachable_pub)]
            impl #instance { #constants }
            #indices
        )
    }

    fn index(&self, variant: &Ident, field: &Field, part: &TokenStream) -> TokenStream {
        let (site, private) = (Span::mixed_site(), self.private());
        let (own, of_tangents) = (self.generics(), self.tangent_generics());
        let (start, arguments, clause) = own.split_for_impl();
        let (tangent_start, tangent_arguments, tangent_clause) = of_tangents.split_for_impl();
        let (name, tangent) = (self.name(), self.tangent_name());
        let (ty, member) = (&field.ty, &field.member);
        let pattern = quote_spanned!(site=> Self::#variant { #member: it, .. } => it,);
        let body = quote_spanned!(site=>
            #[allow(unreachable_patterns)]
            match self {
                #pattern
                _ => #private::other_variant(),
            }
        );
        // A field without a derivative can be named on a tangent all the same, as one of a struct.
        let (bar, read, written) = if field.active {
            (field.tangent(&private), body.clone(), body.clone())
        } else {
            (
                quote_spanned!(site=> #private::WithoutDerivative),
                quote_spanned!(site=> &#private::WithoutDerivative),
                quote_spanned!(site=> #private::nothing()),
            )
        };
        quote_spanned!(site=>
            impl #start ::core::ops::Index<#part> for #name #arguments #clause {
                type Output = #ty;

                #[inline]
                fn index(&self, _: #part) -> &#ty { #body }
            }

            impl #tangent_start ::core::ops::Index<#part> for #tangent #tangent_arguments
                #tangent_clause
            {
                type Output = #bar;

                #[inline]
                fn index(&self, _: #part) -> &#bar { #read }
            }

            impl #tangent_start ::core::ops::IndexMut<#part> for #tangent #tangent_arguments
                #tangent_clause
            {
                #[inline]
                fn index_mut(&mut self, _: #part) -> &mut #bar { #written }
            }
        )
    }
}

/// A type of which there is one: of floats, and of nothing.
fn instance(name: &Ident, generics: &syn::Generics) -> TokenStream {
    let site = Span::mixed_site();
    let arguments = generics.params.iter().map(|param| match param {
        syn::GenericParam::Lifetime(_) => quote_spanned!(site=> '_),
        syn::GenericParam::Type(_) => quote_spanned!(site=> f64),
        syn::GenericParam::Const(_) => quote_spanned!(site=> 0),
    });
    quote_spanned!(site=> #name <#(#arguments),*>)
}

/// `__Circle_radius`
fn constant(own: &str, variant: &Ident, field: &Field) -> Ident {
    let member = match &field.member {
        syn::Member::Named(name) => crate::lower::plain_name(name),
        syn::Member::Unnamed(n) => n.index.to_string(),
    };
    let variant = crate::lower::plain_name(variant);
    format_ident!("__{own}{variant}_{member}", span = Span::call_site())
}
