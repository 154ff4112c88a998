//! `#[derive(Differentiable)]`: the type of a struct's or an enum's tangents, and what they can do.

mod basics;
mod fields;
mod tangent;
mod variants;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, GenericParam, Generics, Path, WherePredicate, parse_quote};

use crate::diagnostics::{Diagnostics, Refusal};
use crate::hash::HashSet;
use crate::structure::mentions;
use fields::Fields;

/// The implementations for a type, or the errors in its definition.
pub(crate) fn differentiable(item: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let tokens = match syn::parse2::<DeriveInput>(item) {
        Ok(input) => Derived::read(&input, &mut diagnostics).map(|derived| derived.tokens()),
        Err(error) => {
            diagnostics.parse_error(error);
            None
        }
    };
    let errors = diagnostics.to_compile_errors();
    quote_spanned!(Span::mixed_site()=> #tokens #errors)
}

/// A type whose tangent is derived.
pub(crate) struct Derived<'a> {
    input: &'a DeriveInput,
    /// Its fields, or those of each variant.
    pub(crate) shape: Shape,
    /// Whether its tangents are of the type itself.
    pub(crate) is_own: bool,
    /// Whether `+=` and `*=` are asked for, where its tangents are of the type itself.
    pub(crate) has_operators: bool,
    facade: TokenStream,
}

/// What a type is made of.
pub(crate) enum Shape {
    Struct(Fields),
    Enum(Vec<(Ident, Fields)>),
}

/// What `#[differentiable(..)]` says of a type.
#[derive(Default)]
struct Options {
    facade: Option<Path>,
    tangent_is_self: bool,
    operators: bool,
}

impl<'a> Derived<'a> {
    fn read(input: &'a DeriveInput, diagnostics: &mut Diagnostics) -> Option<Self> {
        let options = Options::read(input, diagnostics);
        let shape = match &input.data {
            Data::Struct(of) => Shape::Struct(Fields::read(&of.fields, diagnostics)),
            Data::Enum(of) => {
                let mut variants = Vec::new();
                for variant in &of.variants {
                    let fields = Fields::read(&variant.fields, diagnostics);
                    variants.push((variant.ident.clone(), fields));
                }
                Shape::Enum(variants)
            }
            Data::Union(of) => {
                diagnostics.refuse(&Refusal::Union, of.union_token.span());
                return None;
            }
        };
        let is_own = match &shape {
            Shape::Struct(fields) => fields.are_own_tangents() || options.tangent_is_self,
            Shape::Enum(_) => false,
        };
        let site = Span::mixed_site();
        let spelled = options.facade.map(|path| path.to_token_stream());
        let facade = spelled.unwrap_or_else(|| quote_spanned!(site=> ::autodiff));
        let has_operators = options.operators;
        Some(Self { input, shape, is_own, has_operators, facade })
    }

    pub(crate) fn private(&self) -> TokenStream {
        let facade = &self.facade;
        quote_spanned!(Span::mixed_site()=> #facade::__private)
    }

    pub(crate) fn name(&self) -> &Ident {
        &self.input.ident
    }

    pub(crate) fn visibility(&self) -> &syn::Visibility {
        &self.input.vis
    }

    /// The name of the type of the tangents.
    pub(crate) fn tangent_name(&self) -> Ident {
        if self.is_own {
            return self.name().clone();
        }
        format_ident!("{}Tangent", self.name(), span = self.name().span())
    }

    /// The generics of the type, with what its tangent needs of its parameters.
    pub(crate) fn generics(&self) -> Generics {
        self.bounded(self.input.generics.clone())
    }

    /// Those of the tangent: the parameters that its fields mention.
    pub(crate) fn tangent_generics(&self) -> Generics {
        let mut generics = self.input.generics.clone();
        if self.is_own {
            return self.bounded(generics);
        }
        let mentioned = self.mentioned();
        let is_kept = |param: &GenericParam| match param {
            GenericParam::Lifetime(param) => is_among(&mentioned, &param.lifetime.ident),
            GenericParam::Type(param) => is_among(&mentioned, &param.ident),
            GenericParam::Const(param) => is_among(&mentioned, &param.ident),
        };
        let dropped: Vec<Ident> = generics
            .params
            .iter()
            .filter(|param| !is_kept(param))
            .map(|param| match param {
                GenericParam::Lifetime(param) => param.lifetime.ident.clone(),
                GenericParam::Type(param) => param.ident.clone(),
                GenericParam::Const(param) => param.ident.clone(),
            })
            .collect();
        generics.params = generics.params.into_iter().filter(is_kept).collect();
        if let Some(clause) = &mut generics.where_clause {
            let kept = clause.predicates.clone().into_iter().filter(|predicate| {
                let names = mentions::mentioned(predicate);
                !dropped.iter().any(|name| is_among(&names, name))
            });
            clause.predicates = kept.collect();
        }
        self.bounded(generics)
    }

    /// The names in the types of the fields that have tangents.
    fn mentioned(&self) -> HashSet<String> {
        let names = |fields: &Fields| -> HashSet<String> {
            fields.active().flat_map(|field| mentions::mentioned(&field.ty)).collect()
        };
        match &self.shape {
            Shape::Struct(fields) => names(fields),
            Shape::Enum(variants) => variants.iter().flat_map(|(_, it)| names(it)).collect(),
        }
    }

    fn bounded(&self, mut generics: Generics) -> Generics {
        let (mentioned, private) = (self.mentioned(), self.private());
        let params: Vec<Ident> = generics.type_params().map(|param| param.ident.clone()).collect();
        for param in params.iter().filter(|param| is_among(&mentioned, param)) {
            let predicate: WherePredicate = parse_quote!(#param: #private::Differentiable);
            generics.make_where_clause().predicates.push(predicate);
        }
        generics
    }
}

impl Options {
    fn read(input: &DeriveInput, diagnostics: &mut Diagnostics) -> Self {
        let mut options = Self::default();
        for attribute in input.attrs.iter().filter(|a| a.path().is_ident("differentiable")) {
            let parsed = attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("crate") {
                    options.facade = Some(meta.value()?.parse()?);
                    Ok(())
                } else if meta.path.is_ident("tangent") {
                    meta.value()?.parse::<syn::Token![Self]>()?;
                    options.tangent_is_self = true;
                    Ok(())
                } else if meta.path.is_ident("operators") {
                    options.operators = true;
                    Ok(())
                } else {
                    Err(meta.error(
                        "on a type: `#[differentiable(crate = path, tangent = Self, operators)]`",
                    ))
                }
            });
            if let Err(error) = parsed {
                diagnostics.parse_error(error);
            }
        }
        options
    }
}

fn is_among(names: &HashSet<String>, name: &Ident) -> bool {
    names.contains(&crate::lower::plain_name(name))
}
