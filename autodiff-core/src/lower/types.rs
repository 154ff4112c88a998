//! From the spelling of a type to what is known of it.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{GenericArgument, PathArguments, Type};

use crate::ir::{FloatTy, Len, Member, Ty};

/// What the bounds of type parameters say of these.
#[derive(Clone, Debug, Default)]
pub struct TypeParams {
    /// Those of which nothing says that they have a derivative.
    pub(crate) inert: Vec<String>,
    /// Those that are bound by `Real` or `Lanes`.
    pub(crate) floats: Vec<Ident>,
    /// Those of them that may be several floats side by side: bound by `Lanes` alone.
    pub(crate) lanes: Vec<Ident>,
    /// Whether what is spelled lies in memory: only rustc looks into an `Option` there.
    pub(crate) kept: bool,
}

impl TypeParams {
    /// What is said of the parameters that are declared here.
    pub(crate) fn of(generics: &syn::Generics) -> Self {
        let names: Vec<&Ident> = generics.type_params().map(|param| &param.ident).collect();
        let bounded = |name: &Ident, by: &str| super::signature::is_bounded(generics, name, by);
        let may_be_lanes = |name: &Ident| bounded(name, "Lanes") && !bounded(name, "Real");
        let lanes = names.iter().filter(|name| may_be_lanes(name)).copied().cloned().collect();
        let (floats, others): (Vec<&Ident>, Vec<&Ident>) =
            names.into_iter().partition(|name| bounded(name, "Real") || bounded(name, "Lanes"));
        let inert = others.into_iter().filter(|name| !bounded(name, "Differentiable"));
        Self {
            inert: inert.map(ToString::to_string).collect(),
            floats: floats.into_iter().cloned().collect(),
            lanes,
            kept: false,
        }
    }

    /// The same, of what lies in memory.
    pub(crate) fn kept(&self) -> Self {
        Self { kept: true, ..self.clone() }
    }

    /// Whether some of these parameters are of any type with a derivative.
    pub(crate) fn are_differentiable(&self, generics: &syn::Generics) -> bool {
        generics.type_params().any(|param| {
            !self.floats.contains(&param.ident) && !self.is_inert(&param.ident.to_string())
        })
    }

    fn is_inert(&self, name: &str) -> bool {
        self.inert.iter().any(|inert| inert == name)
    }

    /// The parameter that a path names, if that is a float.
    pub(crate) fn float(&self, path: &syn::TypePath) -> Option<Ident> {
        let name = path.path.get_ident().filter(|_| path.qself.is_none())?;
        self.floats.contains(name).then(|| name.clone())
    }
}

/// The floats among the type parameters of the block around a method, as far as its own clause says:
/// `where T: Real`.
pub(crate) fn floats_around(generics: &syn::Generics) -> impl Iterator<Item = &Ident> {
    let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    predicates.filter_map(|predicate| {
        let syn::WherePredicate::Type(of) = predicate else { return None };
        let Type::Path(path) = &of.bounded_ty else { return None };
        let name = path
            .path
            .get_ident()
            .filter(|name| super::signature::is_bounded(generics, name, "Real"))?;
        (!super::signature::captured(generics).any(|declared| declared == name)).then_some(name)
    })
}

/// What a spelled type says, given what bounds say of type parameters.
pub(crate) fn spelled(ty: &Type, known: &TypeParams) -> Ty {
    match ty {
        Type::Paren(inner) => spelled(&inner.elem, known),
        Type::Group(inner) => spelled(&inner.elem, known),
        Type::Reference(reference) => Ty::Ref(Box::new(spelled(&reference.elem, known))),
        Type::Array(array) => Ty::Array(Box::new(spelled(&array.elem, known)), length(&array.len)),
        Type::Slice(slice) => Ty::Slice(Box::new(spelled(&slice.elem, known))),
        Type::Tuple(tuple) if tuple.elems.is_empty() => Ty::Inert,
        Type::Tuple(tuple) => Ty::Tuple(tuple.elems.iter().map(|t| spelled(t, known)).collect()),
        Type::Path(path) => named(path, known),
        Type::FnPtr(_) | Type::TraitObject(_) | Type::Never(_) | Type::ImplTrait(_) => Ty::Inert,
        _ => Ty::Unknown,
    }
}

/// The smallest part of a type that is not told by its spelling.
pub(crate) fn unknown_part<'t>(ty: &'t Type, known: &TypeParams) -> &'t Type {
    match ty {
        Type::Paren(inner) => unknown_part(&inner.elem, known),
        Type::Group(inner) => unknown_part(&inner.elem, known),
        Type::Reference(reference) => unknown_part(&reference.elem, known),
        Type::Array(array) => unknown_part(&array.elem, known),
        Type::Slice(slice) => unknown_part(&slice.elem, known),
        Type::Tuple(tuple) => tuple
            .elems
            .iter()
            .find(|part| spelled(part, known).has_unknown())
            .map_or(ty, |part| unknown_part(part, known)),
        _ => ty,
    }
}

pub(crate) fn length(len: &syn::Expr) -> Len {
    if let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(int), .. }) = len
        && let Ok(n) = int.base10_parse()
    {
        return Len::Literal(n);
    }
    Len::Named(len.to_token_stream())
}

fn named(path: &syn::TypePath, known: &TypeParams) -> Ty {
    let Some(segment) = path.path.segments.last() else {
        return Ty::Unknown;
    };
    if let Some(param) = known.float(path) {
        return Ty::Float(FloatTy::Param(param));
    }
    let name = segment.ident.to_string();
    match name.as_str() {
        "f32" => Ty::Float(FloatTy::F32),
        "f64" => Ty::Float(FloatTy::F64),
        "Vec" | "Box" | "Option" | "Result" => match &segment.arguments {
            PathArguments::AngleBracketed(args) => element((path, args), &name, known),
            PathArguments::None | PathArguments::Parenthesized(_) => Ty::Unknown,
        },
        _ if INERT.contains(&name.as_str()) || known.is_inert(&name) => Ty::Inert,
        _ => declared(path),
    }
}

/// A type of the user's, unless a part of it is left to rustc.
fn declared(path: &syn::TypePath) -> Ty {
    struct Infers(bool);
    impl<'ast> syn::visit::Visit<'ast> for Infers {
        fn visit_type_infer(&mut self, _: &'ast syn::TypeInfer) {
            self.0 = true;
        }
    }
    let mut infers = Infers(false);
    syn::visit::Visit::visit_type_path(&mut infers, path);
    if infers.0 { Ty::Unknown } else { Ty::Named(path.to_token_stream()) }
}

fn element(
    (path, args): (&syn::TypePath, &syn::AngleBracketedGenericArguments),
    name: &str,
    known: &TypeParams,
) -> Ty {
    match (args.args.first(), name) {
        (Some(GenericArgument::Type(ty)), "Vec") => match spelled(ty, known) {
            Ty::Inert => Ty::Inert,
            element => Ty::Vec(Box::new(element)),
        },
        (Some(GenericArgument::Type(ty)), "Option" | "Result") => match spelled(ty, known) {
            Ty::Inert => Ty::Inert,
            inner if known.kept && inner.has_unknown() => Ty::Unknown,
            _ if known.kept => Ty::Named(path.to_token_stream()),
            inner => Ty::Option(Box::new(inner)),
        },
        (Some(GenericArgument::Type(ty)), _) => match spelled(ty, known) {
            Ty::Inert => Ty::Inert,
            // A `Box` is one of the types that only rustc looks into.
            inner if inner.has_unknown() => Ty::Unknown,
            _ => Ty::Named(quote::quote!(::std::boxed::Box #args)),
        },
        _ => Ty::Unknown,
    }
}

/// Types whose spelling says that they hold no float.
const INERT: [&str; 17] = [
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "isize",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "usize",
    "bool",
    "char",
    "str",
    "String",
    "PhantomData",
];

impl Ty {
    /// Whether a value of this type carries a derivative.
    #[must_use]
    pub fn is_differentiable(&self) -> bool {
        match self {
            Ty::Float(_) | Ty::Named(_) => true,
            Ty::Inert | Ty::Unknown => false,
            Ty::Tuple(fields) => fields.iter().any(Ty::is_differentiable),
            Ty::Array(inner, _)
            | Ty::Slice(inner)
            | Ty::Vec(inner)
            | Ty::Ref(inner)
            | Ty::Option(inner) => inner.is_differentiable(),
        }
    }

    /// Whether some part is not told by spelling.
    #[must_use]
    pub fn has_unknown(&self) -> bool {
        match self {
            Ty::Unknown => true,
            Ty::Float(_) | Ty::Named(_) | Ty::Inert => false,
            Ty::Tuple(fields) => fields.iter().any(Ty::has_unknown),
            Ty::Array(inner, _)
            | Ty::Slice(inner)
            | Ty::Vec(inner)
            | Ty::Ref(inner)
            | Ty::Option(inner) => inner.has_unknown(),
        }
    }

    /// The type of a field.
    #[must_use]
    pub fn field(&self, member: Member) -> Ty {
        match self.behind_refs() {
            Ty::Tuple(fields) => {
                let field = member.position().and_then(|n| fields.get(n));
                field.cloned().unwrap_or(Ty::Unknown)
            }
            Ty::Float(_)
            | Ty::Inert
            | Ty::Array(..)
            | Ty::Slice(_)
            | Ty::Vec(_)
            | Ty::Ref(_)
            | Ty::Option(_)
            | Ty::Named(_)
            | Ty::Unknown => Ty::Unknown,
        }
    }

    /// The type of an element.
    #[must_use]
    pub fn element(&self) -> Ty {
        match self.behind_refs() {
            Ty::Array(inner, _) | Ty::Slice(inner) | Ty::Vec(inner) => (**inner).clone(),
            Ty::Float(_)
            | Ty::Inert
            | Ty::Tuple(_)
            | Ty::Ref(_)
            | Ty::Option(_)
            | Ty::Named(_)
            | Ty::Unknown => Ty::Unknown,
        }
    }
}
