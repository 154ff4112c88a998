//! Functions that are parameters: `f: impl Fn(f64) -> f64`. Where the argument of a call is active, the
//! companions take a function with a derivative, a `DiffFn`.

use proc_macro2::Ident;
use syn::punctuated::Punctuated;
use syn::{GenericParam, Token, Type, TypeParamBound, WherePredicate};

use super::signature::Signature;
use super::types::{TypeParams, spelled};
use crate::ir::Ty;

/// The bounds of a type, as far as it has any.
type Bounds = Punctuated<TypeParamBound, Token![+]>;

impl Signature {
    /// The float that a parameter gives when it is called: it is a function of floats.
    pub(crate) fn gives(&self, name: &Ident) -> Option<Ty> {
        let param = self.params.iter().find(|param| param.ident() == Some(name))?;
        let mut found = None;
        let mut item = self.item.clone();
        let mut ty = (*param.item.ty).clone();
        each_bound(&mut ty, &mut item.generics, &mut |bound| {
            found = found.take().or_else(|| function_of_floats(bound, &self.known));
        });
        found
    }

    /// The same signature, where `change` replaces the bounds of a parameter that make it a
    /// function.
    pub(crate) fn with_passed(
        &self,
        names: &[Ident],
        change: &dyn Fn(&syn::ParenthesizedGenericArguments) -> TypeParamBound,
    ) -> Signature {
        let mut signature = self.clone();
        for param in &mut signature.params {
            if !param.ident().is_some_and(|ident| names.contains(ident)) {
                continue;
            }
            each_bound(&mut param.item.ty, &mut signature.item.generics, &mut |bound| {
                if function_of_floats(bound, &self.known).is_some()
                    && let Some(arguments) = arguments_of(bound)
                {
                    param.arity = Some(arguments.inputs.len());
                    *bound = change(arguments);
                }
            });
        }
        signature
    }
}

/// Visits what a type, behind references, is bound by: where it is written, or its parameter is.
fn each_bound(
    ty: &mut Type,
    generics: &mut syn::Generics,
    visit: &mut impl FnMut(&mut TypeParamBound),
) {
    match ty {
        Type::Reference(of) => each_bound(&mut of.elem, generics, visit),
        Type::Paren(of) => each_bound(&mut of.elem, generics, visit),
        Type::ImplTrait(of) => of.bounds.iter_mut().for_each(visit),
        Type::Path(path) => {
            let Some(name) = path.path.get_ident() else { return };
            bounds_of(name, generics, &mut |bounds| bounds.iter_mut().for_each(&mut *visit));
        }
        _ => {}
    }
}

fn bounds_of(name: &Ident, generics: &mut syn::Generics, visit: &mut impl FnMut(&mut Bounds)) {
    for param in &mut generics.params {
        if let GenericParam::Type(param) = param
            && param.ident == *name
        {
            visit(&mut param.bounds);
        }
    }
    let predicates = generics.where_clause.iter_mut().flat_map(|clause| &mut clause.predicates);
    for predicate in predicates {
        if let WherePredicate::Type(of) = predicate
            && matches!(&of.bounded_ty, Type::Path(path) if path.path.is_ident(name))
        {
            visit(&mut of.bounds);
        }
    }
}

/// `(f64) -> f64` of `Fn(f64) -> f64`.
fn arguments_of(bound: &TypeParamBound) -> Option<&syn::ParenthesizedGenericArguments> {
    let TypeParamBound::Trait(bound) = bound else { return None };
    let last = bound.path.segments.last().filter(|last| last.ident == "Fn")?;
    match &last.arguments {
        syn::PathArguments::Parenthesized(arguments) => Some(arguments),
        syn::PathArguments::None | syn::PathArguments::AngleBracketed(_) => None,
    }
}

/// What a bound says that a function gives, if that is a float, made of floats.
fn function_of_floats(bound: &TypeParamBound, known: &TypeParams) -> Option<Ty> {
    let arguments = arguments_of(bound)?;
    let is_float = |ty: &Type| matches!(spelled(ty, known), Ty::Float(_));
    let syn::ReturnType::Type(_, output) = &arguments.output else { return None };
    let of_floats = !arguments.inputs.is_empty()
        && arguments.inputs.len() <= MOST_PASSED
        && arguments.inputs.iter().all(|input| is_float(&input.ty))
        && is_float(output);
    of_floats.then(|| spelled(output, known))
}

/// How many arguments such a function has at most: the runtime has a trait for tuples up to that.
pub(crate) const MOST_PASSED: usize = 4;
