//! The fields of a struct or a variant: which of them have a tangent.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::{Type, Visibility};

use crate::diagnostics::Diagnostics;
use crate::ir::Ty;
use crate::lower::{TypeParams, spelled};

/// The fields of a struct or a variant, in order.
pub(crate) struct Fields {
    all: Vec<Field>,
    pub(crate) form: Form,
}

/// How fields are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Named,
    Unnamed,
    Unit,
}

/// A field.
pub(crate) struct Field {
    /// Its name, or its position.
    pub(crate) member: syn::Member,
    pub(crate) ty: Type,
    pub(crate) visibility: Visibility,
    known: Ty,
    /// Whether it has a tangent: it is not skipped, and its type is not one that has none.
    pub(crate) active: bool,
}

impl Fields {
    pub(crate) fn read(fields: &syn::Fields, diagnostics: &mut Diagnostics) -> Self {
        let form = match fields {
            syn::Fields::Named(_) => Form::Named,
            syn::Fields::Unnamed(_) => Form::Unnamed,
            syn::Fields::Unit => Form::Unit,
        };
        let mut all = Vec::new();
        for (field, member) in fields.iter().zip(fields.members()) {
            let known = spelled(&field.ty, &TypeParams::default());
            let active = !is_skipped(field, diagnostics) && !matches!(known, Ty::Inert);
            let (ty, visibility) = (field.ty.clone(), field.vis.clone());
            all.push(Field { member, ty, visibility, known, active });
        }
        Self { all, form }
    }

    /// The fields that have a tangent.
    pub(crate) fn active(&self) -> impl Iterator<Item = &Field> {
        self.all.iter().filter(|field| field.active)
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Field> {
        self.all.iter()
    }

    /// The fields that have none.
    pub(crate) fn inert(&self) -> impl Iterator<Item = &Field> {
        self.all.iter().filter(|field| !field.active)
    }

    /// The fields of the tangent: unnamed ones keep their positions.
    pub(crate) fn of_tangent(&self) -> impl Iterator<Item = &Field> {
        self.all.iter().filter(|field| field.active || self.form == Form::Unnamed)
    }

    /// Whether each field is its own tangent, as far as its type is spelled.
    pub(crate) fn are_own_tangents(&self) -> bool {
        let own = |field: &Field| field.active && is_own_tangent(&field.known);
        !self.all.is_empty() && self.all.iter().all(own)
    }

    /// `{ x: …, y: … }` or `(…, …)`, of what `value` gives for each field of the tangent.
    pub(crate) fn build(&self, value: impl Fn(&Field) -> TokenStream) -> TokenStream {
        let site = Span::mixed_site();
        let values = self.of_tangent().map(|field| {
            let value = value(field);
            match self.form {
                Form::Named => {
                    let member = &field.member;
                    quote_spanned!(site=> #member: #value,)
                }
                Form::Unnamed | Form::Unit => quote_spanned!(site=> #value,),
            }
        });
        let values: TokenStream = values.collect();
        match self.form {
            Form::Named => quote_spanned!(site=> { #values }),
            Form::Unnamed => quote_spanned!(site=> (#values)),
            Form::Unit => TokenStream::new(),
        }
    }

    /// A pattern that binds each field of the tangent under a name of its own.
    pub(crate) fn pattern(&self, prefix: &str, primal: bool) -> TokenStream {
        let site = Span::mixed_site();
        let bound = self.build(|field| {
            if field.active {
                field.bound(prefix).to_token_stream()
            } else {
                quote_spanned!(site=> _)
            }
        });
        match (self.form, primal) {
            (Form::Named, true) => {
                let fields = self.of_tangent().map(|field| {
                    let (member, name) = (&field.member, field.bound(prefix));
                    quote_spanned!(site=> #member: #name,)
                });
                quote_spanned!(site=> { #(#fields)* .. })
            }
            _ => bound,
        }
    }
}

impl Field {
    /// Whether its tangent is one float.
    pub(crate) fn is_float(&self) -> bool {
        matches!(self.known, Ty::Float(_))
    }

    /// Whether the length of its tangent is known at run time only.
    pub(crate) fn is_run_time_sized(&self) -> bool {
        self.known.is_run_time_sized()
    }

    /// The name under which a pattern binds it.
    pub(crate) fn bound(&self, prefix: &str) -> Ident {
        let name = match &self.member {
            syn::Member::Named(name) => crate::lower::plain_name(name),
            syn::Member::Unnamed(n) => n.index.to_string(),
        };
        format_ident!("{prefix}_{name}", span = Span::mixed_site())
    }

    /// The type of its tangent.
    pub(crate) fn tangent(&self, private: &TokenStream) -> TokenStream {
        let (ty, site) = (&self.ty, Span::mixed_site());
        if !self.active {
            quote_spanned!(site=> ())
        } else if is_own_tangent(&self.known) {
            ty.to_token_stream()
        } else {
            quote_spanned!(site=> <#ty as #private::Differentiable>::Tangent)
        }
    }
}

fn is_own_tangent(ty: &Ty) -> bool {
    match ty {
        Ty::Float(_) => true,
        Ty::Tuple(fields) => fields.iter().all(is_own_tangent),
        Ty::Array(of, _) | Ty::Vec(of) => is_own_tangent(of),
        Ty::Inert | Ty::Slice(_) | Ty::Ref(_) | Ty::Option(_) | Ty::Named(_) | Ty::Unknown => false,
    }
}

fn is_skipped(field: &syn::Field, diagnostics: &mut Diagnostics) -> bool {
    let mut skipped = false;
    for attribute in field.attrs.iter().filter(|a| a.path().is_ident("differentiable")) {
        let parsed = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("skip") {
                skipped = true;
                Ok(())
            } else {
                Err(meta.error("on a field: `#[differentiable(skip)]`"))
            }
        });
        if let Err(error) = parsed {
            diagnostics.parse_error(error);
        }
    }
    skipped
}
