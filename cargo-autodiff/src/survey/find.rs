//! The functions of a file that have a float parameter.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit::{self, Visit};
use syn::{FnArg, GenericArgument, GenericParam, Meta, PathArguments, Signature, Type};

use super::Tests;
use crate::source::options;

/// A function as the compiler is to see it.
pub(super) struct Candidate {
    /// Its name; that of a method with its type.
    pub(super) name: String,
    /// The line that the name is on.
    pub(super) line: usize,
    /// What `#[grad(..)]` says of it, if it has one.
    pub(super) options: TokenStream,
    /// The function alone.
    pub(super) function: TokenStream,
    /// What the attribute stands on: the function, or its `impl` block with nothing else in it.
    pub(super) item: TokenStream,
    /// Whether it is in an `impl` block.
    pub(super) associated: bool,
    /// Why no attribute can be meant for it.
    pub(super) out_of_scope: Option<&'static str>,
}

/// What a file has.
pub(super) struct Found {
    /// The functions with a float parameter, those inside functions included.
    pub(super) candidates: Vec<Candidate>,
    /// Its constants, which the interpreter does not see.
    pub(super) constants: Vec<syn::ItemConst>,
}

/// Looks for functions in a file.
pub(super) fn candidates(text: &str, tests: Tests) -> syn::Result<Found> {
    let file = syn::parse_file(text)?;
    let mut finder = Finder { tests, found: Vec::new(), constants: Vec::new() };
    finder.visit_file(&file);
    Ok(Found { candidates: finder.found, constants: finder.constants })
}

struct Finder {
    tests: Tests,
    found: Vec<Candidate>,
    constants: Vec<syn::ItemConst>,
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if self.is_wanted(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.constants.push(item.clone());
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !self.is_wanted(&item.attrs) {
            return;
        }
        let numbers = Numbers::of(&item.sig, &syn::Generics::default());
        if numbers != Numbers::Absent {
            let mut function = item.clone();
            let options = options(&mut function.attrs).unwrap_or_default();
            let out_of_scope = numbers.out_of_scope().or_else(|| qualified(&item.sig));
            let function = function.to_token_stream();
            self.add(
                &item.sig,
                None,
                Candidate { item: function.clone(), function, options, out_of_scope, ..empty() },
            );
        }
        visit::visit_item_fn(self, item);
    }

    fn visit_item_impl(&mut self, block: &'ast syn::ItemImpl) {
        let mut block = block.clone();
        let around = options(&mut block.attrs);
        for item in std::mem::take(&mut block.items) {
            let syn::ImplItem::Fn(function) = item else { continue };
            self.method(function, &block, around.as_ref());
        }
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        for function in &item.items {
            let syn::TraitItem::Fn(function) = function else { continue };
            let Some(body) = &function.default else { continue };
            let numbers = Numbers::of(&function.sig, &item.generics);
            if numbers != Numbers::Absent {
                let why = numbers
                    .out_of_scope()
                    .or(Some("provided by a trait: `#[grad]` stands on an `impl`"));
                let candidate = Candidate { out_of_scope: why, ..empty() };
                self.add(&function.sig, Some(&item.ident), candidate);
            }
            visit::visit_block(self, body);
        }
    }
}

impl Finder {
    fn method(
        &mut self,
        mut function: syn::ImplItemFn,
        block: &syn::ItemImpl,
        around: Option<&TokenStream>,
    ) {
        if !self.is_wanted(&function.attrs) {
            return;
        }
        let numbers = Numbers::of(&function.sig, &block.generics);
        if numbers != Numbers::Absent {
            let own = options(&mut function.attrs).or_else(|| around.cloned());
            let mut alone = block.clone();
            alone.items.push(syn::ImplItem::Fn(function.clone()));
            self.add(
                &function.sig,
                Some(&block.self_ty),
                Candidate {
                    options: own.unwrap_or_default(),
                    function: function.to_token_stream(),
                    item: alone.to_token_stream(),
                    associated: true,
                    out_of_scope: numbers.out_of_scope().or_else(|| qualified(&function.sig)),
                    ..empty()
                },
            );
        }
        visit::visit_block(self, &function.block);
    }

    fn add(&mut self, signature: &Signature, owner: Option<&dyn ToTokens>, of: Candidate) {
        let owner = owner.map(|owner| owner.to_token_stream().to_string().replace(' ', ""));
        let name = signature.ident.to_string();
        self.found.push(Candidate {
            line: signature.ident.span().start().line,
            name: owner.map_or(name.clone(), |owner| format!("{owner}::{name}")),
            ..of
        });
    }

    fn is_wanted(&self, attributes: &[syn::Attribute]) -> bool {
        self.tests == Tests::Included || !attributes.iter().any(is_for_tests)
    }
}

fn empty() -> Candidate {
    Candidate {
        name: String::new(),
        line: 0,
        options: TokenStream::new(),
        function: quote!(),
        item: quote!(),
        associated: false,
        out_of_scope: None,
    }
}

/// `#[test]` and its kin, and `#[cfg(test)]`.
fn is_for_tests(attribute: &syn::Attribute) -> bool {
    match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => list.tokens.to_string() == "test",
        meta => meta.path().segments.last().is_some_and(|last| last.ident == "test"),
    }
}

/// What is said before `fn`.
fn qualified(signature: &Signature) -> Option<&'static str> {
    if signature.asyncness.is_some() {
        return Some("`async fn`");
    }
    if matches!(signature.safety, syn::Safety::Unsafe(_)) {
        return Some("`unsafe fn`");
    }
    signature.abi.as_ref().map(|_| "`extern fn`")
}

/// What the parameters of a function hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbers {
    /// `f64` or `f32`.
    Floats,
    /// A type parameter that stands for a float, of which the compiler knows nothing.
    Generic,
    /// Neither.
    Absent,
}

impl Numbers {
    fn of(signature: &Signature, around: &syn::Generics) -> Self {
        let holds = |leaf: &dyn Fn(&syn::Ident) -> bool| {
            signature.inputs.iter().any(|input| match input {
                FnArg::Typed(typed) => holds(&typed.ty, leaf),
                FnArg::Receiver(_) => false,
            })
        };
        if holds(&|ident| ident == "f64" || ident == "f32") {
            return Self::Floats;
        }
        let parameters: Vec<&syn::Ident> =
            [&signature.generics, around].into_iter().flat_map(number_parameters).collect();
        if holds(&|ident| parameters.contains(&ident)) { Self::Generic } else { Self::Absent }
    }

    /// Why no attribute can be meant for the function.
    fn out_of_scope(self) -> Option<&'static str> {
        (self == Self::Generic).then_some("generic over its float")
    }
}

/// The type parameters that stand for a float, as far as the names of their bounds tell.
fn number_parameters(generics: &syn::Generics) -> Vec<&syn::Ident> {
    let is_number = |bound: &syn::TypeParamBound| match bound {
        syn::TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|last| {
            let name = last.ident.to_string();
            ["Float", "Real", "Num", "Scalar"].iter().any(|word| name.contains(word))
        }),
        _ => false,
    };
    let where_clause = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let bound_later: Vec<&syn::TypeParam> = where_clause
        .filter_map(|predicate| match predicate {
            syn::WherePredicate::Type(of) if of.bounds.iter().any(is_number) => {
                let Type::Path(path) = &of.bounded_ty else { return None };
                generics.type_params().find(|param| path.path.is_ident(&param.ident))
            }
            _ => None,
        })
        .collect();
    let params = generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(param) => Some(param),
        _ => None,
    });
    params
        .filter(|param| param.bounds.iter().any(is_number) || bound_later.contains(param))
        .map(|param| &param.ident)
        .collect()
}

/// Whether a type is such a leaf, or made of some by references, slices, arrays, tuples, `Vec`s,
/// `Box`es and `Option`s.
fn holds(ty: &Type, leaf: &dyn Fn(&syn::Ident) -> bool) -> bool {
    match ty {
        Type::Paren(inner) => holds(&inner.elem, leaf),
        Type::Group(inner) => holds(&inner.elem, leaf),
        Type::Reference(reference) => holds(&reference.elem, leaf),
        Type::Slice(slice) => holds(&slice.elem, leaf),
        Type::Array(array) => holds(&array.elem, leaf),
        Type::Tuple(tuple) => tuple.elems.iter().any(|ty| holds(ty, leaf)),
        Type::Path(path) => path.path.segments.last().is_some_and(|last| match &last.arguments {
            PathArguments::None => path.path.segments.len() == 1 && leaf(&last.ident),
            PathArguments::AngleBracketed(arguments) => {
                ["Vec", "Box", "Option"].iter().any(|name| last.ident == name)
                    && arguments.args.iter().any(|argument| match argument {
                        GenericArgument::Type(ty) => holds(ty, leaf),
                        _ => false,
                    })
            }
            PathArguments::Parenthesized(_) => false,
        }),
        _ => false,
    }
}
