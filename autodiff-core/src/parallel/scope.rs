//! The variables at a place of the body: what a sum captures becomes parameters.

use crate::hash::HashSet;

use proc_macro2::Ident;
use syn::Type;

use super::{Built, Reason};
use crate::ir::Ty;
use crate::lower::{Signature, TypeParams, plain_name, spelled};

/// The variables, in the order of their declaration.
#[derive(Clone)]
pub(super) struct Scope {
    known: Vec<Variable>,
}

/// A variable, with its type if that is spelled.
#[derive(Clone)]
struct Variable {
    name: Ident,
    ty: Option<Type>,
    /// Whether it may carry a derivative.
    active: bool,
}

/// A variable that a sum mentions.
pub(super) struct Captured {
    pub(super) name: Ident,
    ty: Option<Type>,
    pub(super) active: bool,
}

/// One that becomes a parameter.
pub(super) struct Parameter {
    pub(super) name: Ident,
    /// That of the variable, or of a reference to it.
    pub(super) ty: Type,
    pub(super) active: bool,
    /// Whether a reference is passed: what is not copied stays where it is.
    pub(super) lent: bool,
}

impl Scope {
    /// The parameters of a function.
    pub(super) fn of(signature: &Signature) -> Self {
        let mut scope = Self { known: Vec::new() };
        for param in &signature.params {
            match param.ident() {
                Some(name) => {
                    let (name, ty) = (name.clone(), Some((*param.item.ty).clone()));
                    scope.known.push(Variable { name, ty, active: param.active });
                }
                None => {
                    for (name, _) in super::bound_by(&param.item.pat) {
                        let active = param.active;
                        scope.known.push(Variable { name, ty: None, active });
                    }
                }
            }
        }
        scope
    }

    /// `let name: ty`
    pub(super) fn bind(&mut self, name: &Ident, ty: &Type, known: &TypeParams) {
        let active = spelled(ty, known).is_differentiable();
        self.known.push(Variable { name: name.clone(), ty: Some(ty.clone()), active });
    }

    /// A variable of which nothing is known.
    pub(super) fn hide(&mut self, name: &Ident) {
        self.known.push(Variable { name: name.clone(), ty: None, active: false });
    }

    /// The variables that have these names. A name that a closure inside gives to something else may
    /// be one of them: then a parameter is not read.
    pub(super) fn captured(&self, names: &HashSet<String>) -> Vec<Captured> {
        let mut found: Vec<Captured> = Vec::new();
        for variable in self.known.iter().rev() {
            let is_new = found.iter().all(|known| known.name != variable.name);
            if is_new && names.contains(&plain_name(&variable.name)) {
                let Variable { name, ty, active } = variable.clone();
                found.push(Captured { name, ty, active });
            }
        }
        found.reverse();
        found
    }
}

impl Captured {
    /// As a parameter, if its type is spelled.
    pub(super) fn spelled(self) -> Built<Parameter> {
        let (name, span) = (plain_name(&self.name), self.name.span());
        let untold = |help: String| {
            let message = format!("cannot tell the type of `{name}`, which a parallel sum reads");
            Err(Reason::refused(message, help, span))
        };
        let Some(ty) = self.ty else {
            return untold(format!("spell it where it is bound: `let {name}: f64 = …`"));
        };
        let lent = match &ty {
            Type::Reference(of) if of.mutability.is_some() => {
                return untold(format!("read a copy: `let copy: Vec<f64> = {name}.to_vec();`"));
            }
            Type::ImplTrait(_) => {
                return untold(format!("give it a name: `fn f<F: …>({name}: F)`"));
            }
            ty if spelled(ty, &TypeParams::default()).has_unknown() => {
                return untold(format!("spell all of it where `{name}` is bound"));
            }
            ty => !is_copied(ty),
        };
        let ty = if lent { syn::parse_quote!(&#ty) } else { ty };
        Ok(Parameter { name: self.name, ty, active: self.active, lent })
    }
}

impl Parameter {
    /// The type of the elements, if it is a slice or a `Vec`, behind references or not.
    pub(super) fn elements(&self) -> Option<&Type> {
        let mut ty = &self.ty;
        loop {
            match ty {
                Type::Reference(of) => ty = &of.elem,
                Type::Paren(of) => ty = &of.elem,
                Type::Slice(of) => return Some(&of.elem),
                Type::Path(path) => {
                    let last = path.path.segments.last().filter(|last| last.ident == "Vec")?;
                    let syn::PathArguments::AngleBracketed(of) = &last.arguments else {
                        return None;
                    };
                    return match of.args.first() {
                        Some(syn::GenericArgument::Type(ty)) => Some(ty),
                        _ => None,
                    };
                }
                _ => return None,
            }
        }
    }

    pub(super) fn meaning(&self, known: &TypeParams) -> Ty {
        spelled(&self.ty, known)
    }
}

/// Whether values of a type are copied, as far as the spelling tells.
fn is_copied(ty: &Type) -> bool {
    const NUMBERS: [&str; 16] = [
        "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64",
        "u128", "usize", "bool", "char",
    ];
    match ty {
        Type::Reference(of) => of.mutability.is_none(),
        Type::Paren(of) => is_copied(&of.elem),
        Type::Array(of) => is_copied(&of.elem),
        Type::Tuple(of) => of.elems.iter().all(is_copied),
        Type::Path(path) => NUMBERS.iter().any(|number| path.path.is_ident(number)),
        _ => false,
    }
}
