//! The shapes of parameters and results that are made of a row of floats.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{FnArg, GenericArgument, GenericParam, PathArguments, ReturnType, Signature, Type};

/// What a parameter is made from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Float,
    Array(usize),
    Slice,
    Owned,
    Integer(&'static str),
    Bool,
}

/// A parameter: its name, shape, and whether it is lent.
pub(crate) struct Param {
    pub(crate) name: String,
    pub(crate) shape: Shape,
    lent: bool,
}

impl Param {
    pub(crate) fn read(arg: &FnArg) -> Option<Self> {
        let FnArg::Typed(arg) = arg else { return None };
        let name = match &*arg.pat {
            syn::Pat::Ident(pat) => pat.ident.to_string(),
            _ => String::new(),
        };
        let (ty, lent) = match &*arg.ty {
            Type::Reference(to) if to.mutability.is_none() => (&*to.elem, true),
            ty => (ty, false),
        };
        let shape = match ty.to_token_stream().to_string().as_str() {
            "f64" => Shape::Float,
            "[f64]" if lent => Shape::Slice,
            "Vec < f64 >" => Shape::Owned,
            "usize" if !lent => Shape::Integer("usize"),
            "i32" if !lent => Shape::Integer("i32"),
            "u32" if !lent => Shape::Integer("u32"),
            "u8" if !lent => Shape::Integer("u8"),
            "bool" if !lent => Shape::Bool,
            _ => Shape::Array(array_length(ty)?),
        };
        Some(Self { name, shape, lent })
    }

    /// Whether it is made of floats.
    pub(crate) fn is_of_floats(&self) -> bool {
        !matches!(self.shape, Shape::Integer(_) | Shape::Bool)
    }

    /// How many floats it takes, and how many rows of as many as there are.
    pub(crate) fn floats(&self) -> (usize, usize) {
        match self.shape {
            Shape::Float => (1, 0),
            Shape::Array(n) => (n, 0),
            Shape::Slice | Shape::Owned => (0, 1),
            Shape::Integer(_) | Shape::Bool => (0, 0),
        }
    }

    /// Its value, read from a point: what is bound, and what is passed.
    pub(crate) fn read_from(&self, reader: &Ident, name: &Ident) -> (TokenStream, TokenStream) {
        let value = match self.shape {
            Shape::Float => quote!(#reader.float()),
            Shape::Array(n) => quote!(#reader.array::<#n>()),
            Shape::Slice => quote!(#reader.slice()),
            Shape::Owned => quote!(#reader.slice().to_vec()),
            Shape::Integer(ty) => {
                let ty = quote::format_ident!("{ty}");
                quote!(#reader.integer() as #ty)
            }
            Shape::Bool => quote!(#reader.integer() % 2 == 1),
        };
        let is_borrowed = self.lent && self.shape != Shape::Slice;
        let passed = if is_borrowed { quote!(&#name) } else { quote!(#name) };
        (quote!(let #name = #value;), passed)
    }
}

/// The signature of a function that is generic over its float, of `f64`: rustc finds which it is.
/// `None` if it is generic over something else.
pub(crate) fn with_float(sig: &Signature) -> Option<Signature> {
    let mut sig = sig.clone();
    let names = std::mem::take(&mut sig.generics.params);
    let mut floats = Vec::new();
    for name in names {
        match name {
            GenericParam::Lifetime(_) => {}
            GenericParam::Type(name) => {
                let clause = sig.generics.where_clause.to_token_stream();
                let bounds = name.bounds.to_token_stream().to_string() + &clause.to_string();
                if !bounds.contains("Real") && !bounds.contains("Lanes") {
                    return None;
                }
                floats.push(name.ident);
            }
            GenericParam::Const(_) => return None,
        }
    }
    syn::parse2(of_floats(sig.to_token_stream(), &floats)).ok()
}

fn of_floats(tokens: TokenStream, names: &[Ident]) -> TokenStream {
    let of_float = |tree| match tree {
        TokenTree::Ident(ident) if names.contains(&ident) => Ident::new("f64", ident.span()).into(),
        TokenTree::Group(group) => {
            Group::new(group.delimiter(), of_floats(group.stream(), names)).into()
        }
        tree => tree,
    };
    tokens.into_iter().map(of_float).collect()
}

fn array_length(ty: &Type) -> Option<usize> {
    let Type::Array(array) = ty else { return None };
    let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(n), .. }) = &array.len else {
        return None;
    };
    (array.elem.to_token_stream().to_string() == "f64").then(|| n.base10_parse().ok()).flatten()
}

/// What a function returns.
pub(crate) struct Returned {
    /// Whether it is one float, and always.
    pub(crate) is_float: bool,
    /// What takes the value out of a result that may be a failure.
    pub(crate) unwrapped: TokenStream,
}

impl Returned {
    pub(crate) fn read(output: &ReturnType) -> Option<Self> {
        let ReturnType::Type(_, ty) = output else { return None };
        if let Some(inner) = argument_of(ty, "Option") {
            return is_row(inner)
                .then(|| Self { is_float: false, unwrapped: quote!(.expect("a value")) });
        }
        if let Some(inner) = argument_of(ty, "Result") {
            return is_row(inner)
                .then(|| Self { is_float: false, unwrapped: quote!(.ok().expect("a value")) });
        }
        is_row(ty).then(|| Self { is_float: is_float(ty), unwrapped: TokenStream::new() })
    }
}

fn is_float(ty: &Type) -> bool {
    ty.to_token_stream().to_string() == "f64"
}

fn is_row(ty: &Type) -> bool {
    match ty {
        Type::Tuple(tuple) => !tuple.elems.is_empty() && tuple.elems.iter().all(is_row),
        _ => {
            is_float(ty)
                || argument_of(ty, "Vec").is_some_and(is_float)
                || array_length(ty).is_some()
        }
    }
}

/// The first argument of a type of this name.
fn argument_of<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}
