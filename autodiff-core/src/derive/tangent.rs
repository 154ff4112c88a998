//! The tangent type, and the implementations of `Differentiable` and `Tangent`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};

use super::fields::{Field, Fields, Form};
use super::{Derived, Shape};

impl Derived<'_> {
    /// Everything that is derived.
    pub(crate) fn tokens(&self) -> TokenStream {
        let site = Span::mixed_site();
        let (declared, own) = if self.is_own {
            // The type may have such operators of the user's.
            let operators = if self.has_operators { self.operators() } else { TokenStream::new() };
            (TokenStream::new(), operators)
        } else {
            (self.declaration(), self.of_tangents())
        };
        let (differentiable, tangent) = (self.differentiable(), self.tangent());
        let indexed = self.indexed();
        quote_spanned!(site=> #declared #differentiable #tangent #own #indexed)
    }

    /// `struct STangent { … }`
    fn declaration(&self) -> TokenStream {
        let site = Span::mixed_site();
        let (visibility, name, private) = (self.visibility(), self.tangent_name(), self.private());
        let docs =
            format!("A change of a [`{0}`], or a gradient with respect to one.", self.name());
        let generics = self.tangent_generics();
        let clause = &generics.where_clause;
        let field = |field: &Field, named: bool, visible: bool| {
            let (ty, member) = (field.tangent(&private), &field.member);
            let docs = format!("That of `{}`.", quote::ToTokens::to_token_stream(member));
            let visibility = visible.then_some(&field.visibility);
            let name = named.then(|| quote_spanned!(site=> #member:));
            quote_spanned!(site=> #[doc = #docs] #visibility #name #ty,)
        };
        let list = |fields: &Fields, visible: bool| -> TokenStream {
            let named = fields.form == Form::Named;
            fields.of_tangent().map(|one| field(one, named, visible)).collect()
        };
        let body = match &self.shape {
            Shape::Struct(fields) => {
                let all = list(fields, true);
                match fields.form {
                    Form::Named => quote_spanned!(site=> #clause { #all }),
                    Form::Unnamed => quote_spanned!(site=> (#all) #clause;),
                    Form::Unit => quote_spanned!(site=> #clause;),
                }
            }
            Shape::Enum(variants) => {
                let variants = variants.iter().map(|(name, fields)| {
                    let all = list(fields, false);
                    let docs = format!("That of `{name}`.");
                    let body = match fields.form {
                        Form::Named => quote_spanned!(site=> { #all }),
                        Form::Unnamed => quote_spanned!(site=> (#all)),
                        Form::Unit => TokenStream::new(),
                    };
                    quote_spanned!(site=> #[doc = #docs] #name #body,)
                });
                quote_spanned!(site=> #clause { #(#variants)* })
            }
        };
        let keyword = match &self.shape {
            Shape::Struct(_) => quote_spanned!(site=> struct),
            Shape::Enum(_) => quote_spanned!(site=> enum),
        };
        // A derived implementation would want of the parameters what only their tangents have.
        let is_generic = generics.type_params().next().is_some();
        let derived = (!is_generic).then(|| {
            quote_spanned!(site=>
                #[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
            )
        });
        let written = is_generic.then(|| self.basics());
        let copied = self.copied();
        quote_spanned!(site=>
            #[doc = #docs]
            #derived
            #visibility #keyword #name #generics #body
            #written
            #copied
        )
    }

    /// Tangents are copied where those of all fields are: of which types they are, only rustc knows.
    fn copied(&self) -> TokenStream {
        let (site, private) = (Span::mixed_site(), self.private());
        let fields: Vec<&Field> = match &self.shape {
            Shape::Struct(fields) => fields.active().collect(),
            Shape::Enum(variants) => variants.iter().flat_map(|(_, of)| of.active()).collect(),
        };
        if fields.iter().any(|field| field.is_run_time_sized()) {
            return TokenStream::new();
        }
        let mut generics = self.tangent_generics();
        for field in fields.iter().filter(|field| !field.is_float()) {
            let ty = field.tangent(&private);
            // A bound that holds for all lifetimes may be false; rustc refuses others.
            generics.make_where_clause().predicates.push(syn::parse_quote_spanned!(site=>
                for<'copied> #ty: #private::Copied<'copied>
            ));
        }
        let (start, arguments, clause) = generics.split_for_impl();
        let name = self.tangent_name();
        quote_spanned!(site=> impl #start ::core::marker::Copy for #name #arguments #clause {})
    }

    /// `impl Differentiable for S`
    fn differentiable(&self) -> TokenStream {
        let (generics, tangent_generics) = (self.generics(), self.tangent_generics());
        let (start, arguments, clause) = generics.split_for_impl();
        let (_, tangent_arguments, _) = tangent_generics.split_for_impl();
        let (site, private) = (Span::mixed_site(), self.private());
        let (name, tangent) = (self.name(), self.tangent_name());
        let zero = self.zero(&tangent, true);
        quote_spanned!(site=>
            impl #start #private::Differentiable for #name #arguments #clause {
                type Tangent = #tangent #tangent_arguments;

                #[inline]
                fn zero_tangent(&self) -> Self::Tangent {
                    #zero
                }
            }
        )
    }

    /// The zero in the shape of `self`.
    fn zero(&self, tangent: &Ident, primal: bool) -> TokenStream {
        let (site, private) = (Span::mixed_site(), self.private());
        match &self.shape {
            Shape::Struct(fields) => {
                let built = fields.build(|field| {
                    let member = &field.member;
                    if !field.active {
                        return quote_spanned!(site=> ());
                    }
                    quote_spanned!(site=> #private::Differentiable::zero_tangent(&self.#member))
                });
                quote_spanned!(site=> #tangent #built)
            }
            Shape::Enum(variants) => {
                let arms = variants.iter().map(|(variant, fields)| {
                    let pattern = fields.pattern("this", primal);
                    let built = fields.build(|field| {
                        let bound = field.bound("this");
                        if !field.active {
                            return quote_spanned!(site=> ());
                        }
                        quote_spanned!(site=> #private::Differentiable::zero_tangent(#bound))
                    });
                    quote_spanned!(site=> Self::#variant #pattern => #tangent::#variant #built,)
                });
                quote_spanned!(site=> match self { #(#arms)* })
            }
        }
    }

    /// `impl Tangent for STangent`
    fn tangent(&self) -> TokenStream {
        let generics = self.tangent_generics();
        let (start, arguments, clause) = generics.split_for_impl();
        let (site, private, name) = (Span::mixed_site(), self.private(), self.tangent_name());
        let add = self.pairwise(&quote_spanned!(site=> add_assign), &quote_spanned!(site=> ;));
        let dot = self.pairwise(&quote_spanned!(site=> dot), &quote_spanned!(site=> +));
        let scale = self.each(&quote_spanned!(site=> scale), &quote_spanned!(site=> by));
        let clear = self.each(&quote_spanned!(site=> set_zero), &TokenStream::new());
        quote_spanned!(site=>
            #[allow(unused_variables, clippy::suspicious_arithmetic_impl)]
            impl #start #private::Tangent for #name #arguments #clause {
                #[inline]
                fn add_assign(&mut self, other: &Self) {
                    #add
                }

                #[inline]
                fn scale(&mut self, by: f64) {
                    #scale
                }

                #[inline]
                fn set_zero(&mut self) {
                    #clear
                }

                #[inline]
                fn dot(&self, other: &Self) -> f64 {
                    #dot
                }
            }
        )
    }

    /// Calls a method of each field, with the field of `other`; results are joined by `joint`.
    fn pairwise(&self, method: &TokenStream, joint: &TokenStream) -> TokenStream {
        let (site, private) = (Span::mixed_site(), self.private());
        let is_sum = joint.to_string() == "+";
        let (receiver, nothing) = if is_sum {
            (quote_spanned!(site=> &), quote_spanned!(site=> 0.0))
        } else {
            (quote_spanned!(site=> &mut), quote_spanned!(site=> ()))
        };
        match &self.shape {
            Shape::Struct(fields) => {
                let mut calls: Vec<TokenStream> = fields
                    .active()
                    .map(|field| {
                        let member = &field.member;
                        quote_spanned!(site=>
                            #private::Tangent::#method(#receiver self.#member, &other.#member)
                        )
                    })
                    .collect();
                if calls.is_empty() {
                    calls.push(nothing);
                }
                joined(&calls, joint, is_sum)
            }
            Shape::Enum(variants) => {
                let arms = variants.iter().map(|(variant, fields)| {
                    let (one, other) =
                        (fields.pattern("this", false), fields.pattern("other", false));
                    let mut calls: Vec<TokenStream> = fields
                        .active()
                        .map(|field| {
                            let (a, b) = (field.bound("this"), field.bound("other"));
                            quote_spanned!(site=> #private::Tangent::#method(#a, #b))
                        })
                        .collect();
                    if calls.is_empty() {
                        calls.push(nothing.clone());
                    }
                    let calls = joined(&calls, joint, is_sum);
                    quote_spanned!(site=>
                        (Self::#variant #one, Self::#variant #other) => { #calls }
                    )
                });
                let message = format!("tangents of different variants of `{}`", self.name());
                let other = (variants.len() > 1)
                    .then(|| quote_spanned!(site=> _ => ::core::panic!(#message),));
                quote_spanned!(site=> match (self, other) { #(#arms)* #other })
            }
        }
    }

    /// Calls a method of each field.
    fn each(&self, method: &TokenStream, argument: &TokenStream) -> TokenStream {
        let (site, private) = (Span::mixed_site(), self.private());
        let argument = (!argument.is_empty()).then(|| quote_spanned!(site=> , #argument));
        match &self.shape {
            Shape::Struct(fields) => fields
                .active()
                .map(|field| {
                    let member = &field.member;
                    quote_spanned!(site=> #private::Tangent::#method(&mut self.#member #argument);)
                })
                .collect(),
            Shape::Enum(variants) => {
                let arms = variants.iter().map(|(variant, fields)| {
                    let pattern = fields.pattern("this", false);
                    let calls = fields.active().map(|field| {
                        let bound = field.bound("this");
                        quote_spanned!(site=> #private::Tangent::#method(#bound #argument);)
                    });
                    quote_spanned!(site=> Self::#variant #pattern => { #(#calls)* })
                });
                quote_spanned!(site=> match self { #(#arms)* })
            }
        }
    }

    /// What a type of tangents has besides: it is its own tangent, and `+=` and `*=` work on it.
    fn of_tangents(&self) -> TokenStream {
        let generics = self.tangent_generics();
        let (start, arguments, clause) = generics.split_for_impl();
        let (site, private, name) = (Span::mixed_site(), self.private(), self.tangent_name());
        let zero = quote_spanned!(site=>
            let mut zero = ::core::clone::Clone::clone(self);
            #private::Tangent::set_zero(&mut zero);
            zero
        );
        let (inert, operators) = (self.without_derivative(), self.operators());
        quote_spanned!(site=>
            impl #start #private::Differentiable for #name #arguments #clause {
                type Tangent = Self;

                #[inline]
                fn zero_tangent(&self) -> Self {
                    #zero
                }
            }

            #operators
            #inert
        )
    }

    /// `+=` of two tangents, and `*=` by a float.
    fn operators(&self) -> TokenStream {
        let generics = self.tangent_generics();
        let (start, arguments, clause) = generics.split_for_impl();
        let (site, private, name) = (Span::mixed_site(), self.private(), self.tangent_name());
        quote_spanned!(site=>
            impl #start ::core::ops::AddAssign for #name #arguments #clause {
                #[inline]
                fn add_assign(&mut self, other: Self) {
                    #private::Tangent::add_assign(self, &other);
                }
            }

            impl #start ::core::ops::MulAssign<f64> for #name #arguments #clause {
                #[inline]
                fn mul_assign(&mut self, by: f64) {
                    #private::Tangent::scale(self, by);
                }
            }
        )
    }

    /// Fields without a derivative can be named on a tangent all the same: what a companion copies
    /// of a whole struct, it copies without knowing the types of its fields.
    fn without_derivative(&self) -> TokenStream {
        let (site, private) = (Span::mixed_site(), self.private());
        let Shape::Struct(fields) = &self.shape else { return TokenStream::new() };
        if fields.form != Form::Named || fields.inert().next().is_none() {
            return TokenStream::new();
        }
        let name = self.tangent_name();
        let target = format_ident!("{name}Without", span = site);
        let generics = self.tangent_generics();
        let (start, arguments, clause) = generics.split_for_impl();
        let declared = fields.inert().map(|field| {
            let (visibility, member) = (&field.visibility, &field.member);
            quote_spanned!(site=> #visibility #member: #private::WithoutDerivative,)
        });
        let built = fields.inert().map(|field| {
            let member = &field.member;
            quote_spanned!(site=> #member: #private::WithoutDerivative,)
        });
        let visibility = self.visibility();
        quote_spanned!(site=>
            const _: () = {
                #[doc(hidden)]
                #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::default::Default)]
                #[allow(unreachable_pub, dead_code)]
                #visibility struct #target { #(#declared)* }

                impl #start ::core::ops::Deref for #name #arguments #clause {
                    type Target = #target;

                    #[inline]
                    fn deref(&self) -> &#target {
                        &#target { #(#built)* }
                    }
                }

                impl #start ::core::ops::DerefMut for #name #arguments #clause {
                    #[inline]
                    fn deref_mut(&mut self) -> &mut #target {
                        #private::nothing()
                    }
                }
            };
        )
    }
}

/// Calls one after the other, or as a sum.
fn joined(calls: &[TokenStream], joint: &TokenStream, is_sum: bool) -> TokenStream {
    let site = Span::mixed_site();
    if is_sum {
        let mut sum = TokenStream::new();
        for call in calls {
            let sign = (!sum.is_empty()).then(|| joint.clone());
            sum.extend(quote_spanned!(site=> #sign #call));
        }
        sum
    } else {
        quote_spanned!(site=> #(#calls;)*)
    }
}
