//! The signature: which parameters are differentiated, and what the result is.

use proc_macro2::{Ident, Span, TokenStream};
use syn::spanned::Spanned;
use syn::{FnArg, GenericParam, Pat, PatType, ReturnType, Type};

use super::pattern::Bound;
use super::types::TypeParams;
use super::{Lowerer, types};
use crate::diagnostics::{Diagnostics, Refusal};
use crate::ir::{Active, Kind, Ty};
use crate::options::{ForeignRule, Options};

/// The signature of a primal, read.
#[derive(Clone, Debug)]
pub struct Signature {
    /// As written.
    pub item: syn::Signature,
    /// The parameters in order.
    pub params: Vec<Param>,
    /// The type of the result; `None` for `()`.
    pub result: Option<Ty>,
    /// What it belongs to, if it is a method or an associated function.
    pub owner: Option<Owner>,
    /// What is known of type parameters, those of the block included.
    pub known: TypeParams,
    /// The path to what emitted code names, and nobody else.
    pub private: TokenStream,
    /// Whether operators may be those of the user's types: only the first derivatives of these are
    /// known.
    pub users_operators: bool,
    /// The rules of foreign functions that it calls.
    pub rules: Vec<ForeignRule>,
}

/// The `impl` block of a method or an associated function, as far as it is known.
#[derive(Clone, Debug, Default)]
pub struct Owner {
    /// The names of its type and `const` parameters.
    pub captured: Vec<Ident>,
    /// What the bounds of its type parameters say.
    pub(crate) known: TypeParams,
    /// What the functions of the block tell of its types.
    pub(crate) siblings: std::rc::Rc<super::siblings::Siblings>,
    /// Whether its companions are in a block of their own, not in one of a trait's.
    pub(crate) has_block: bool,
}

impl Owner {
    /// A block.
    #[must_use]
    pub fn of(block: &syn::ItemImpl) -> Self {
        let captured = captured(&block.generics).cloned().collect();
        let known = TypeParams::of(&block.generics);
        let siblings = std::rc::Rc::new(super::siblings::Siblings::of(block));
        Self { captured, known, siblings, has_block: true }
    }
}

/// The names of type and `const` parameters: what an opaque type must capture.
pub(crate) fn captured(generics: &syn::Generics) -> impl Iterator<Item = &Ident> {
    generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(param) => Some(&param.ident),
        GenericParam::Const(param) => Some(&param.ident),
        GenericParam::Lifetime(_) => None,
    })
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// As written.
    pub item: PatType,
    /// What its type says.
    pub ty: Ty,
    /// Whether it carries a derivative: it is differentiated, or a `&mut`.
    pub active: bool,
    /// Whether it is in the gradient.
    pub wanted: bool,
    /// Whether it is a `&mut` to something differentiable: input and output.
    pub exit: bool,
    /// How many arguments it has, if it is a function that companions take with its derivative.
    pub arity: Option<usize>,
    /// As written, if it is `self`.
    pub receiver: Option<syn::Receiver>,
}

impl Param {
    /// Whether its type has no name, behind references.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        let mut ty = &*self.item.ty;
        while let Type::Reference(of) = ty {
            ty = &of.elem;
        }
        matches!(ty, Type::ImplTrait(_))
    }

    /// The name, where the pattern is one.
    #[must_use]
    pub fn ident(&self) -> Option<&Ident> {
        match &*self.item.pat {
            Pat::Ident(ident) if ident.subpat.is_none() => Some(&ident.ident),
            _ => None,
        }
    }
}

impl Signature {
    /// Reads a signature; what it refuses is reported.
    #[must_use]
    pub fn read(
        item: &syn::Signature,
        options: &Options,
        owner: Option<Owner>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let before = diagnostics.count();
        refuse_qualifiers(item, diagnostics);
        let mut known = TypeParams::of(&item.generics);
        if let Some(owner) = &owner {
            known.floats.extend_from_slice(&owner.known.floats);
            known.lanes.extend_from_slice(&owner.known.lanes);
        }
        known.floats.extend(types::floats_around(&item.generics).cloned());
        let mut params = Vec::new();
        for input in &item.inputs {
            match input {
                FnArg::Receiver(receiver) => {
                    params.extend(read_receiver(receiver, options, diagnostics));
                }
                FnArg::Typed(typed) => {
                    params.extend(read_param(typed, options, &known, diagnostics));
                }
            }
        }
        // A parameter that was refused is not there to be named.
        if diagnostics.count() == before {
            check_names(&params, options, diagnostics);
        }
        if diagnostics.count() == before && !params.iter().any(|param| param.active) {
            diagnostics.refuse(&Refusal::NoParameter, item.ident.span());
        }
        let exits = params.iter().any(|param| param.exit);
        let result = match &item.output {
            // It has results all the same: what its `&mut` parameters refer to.
            ReturnType::Default if exits => None,
            // What is wrong with a parameter, an unbound `T` say, is wrong with the result, too.
            _ if diagnostics.count() > before => None,
            output => read_result(output, item.ident.span(), &known, diagnostics),
        };
        let complete = diagnostics.count() == before;
        let private = crate::emit::Facade::of(options).private();
        let rules = options.rules.clone();
        // Beyond, what is not known to be an operator is one of numbers, or rustc says so.
        let users_operators = options.order() <= crate::matrices::HIGHEST_OF_OPERATORS;
        let item = item.clone();
        complete.then(|| Self {
            item,
            params,
            result,
            owner,
            known,
            private,
            users_operators,
            rules,
        })
    }

    /// The function's name without `r#`.
    #[must_use]
    pub fn name(&self) -> String {
        super::plain_name(&self.item.ident)
    }

    /// `self`, if the function is a method.
    #[must_use]
    pub fn receiver(&self) -> Option<&Param> {
        self.params.first().filter(|param| param.receiver.is_some())
    }

    /// Whether the function returns something.
    #[must_use]
    pub fn returns_value(&self) -> bool {
        self.result.is_some()
    }

    /// The type parameter that the function computes with, where no other float goes in or out.
    #[must_use]
    pub fn only_float(&self) -> Option<&Ident> {
        let [one] = self.known.floats.as_slice() else { return None };
        let (inputs, output) = (&self.item.inputs, &self.item.output);
        (!super::chain::mentions_width(quote::quote!(#inputs #output))).then_some(one)
    }

    /// Whether the result is one float.
    #[must_use]
    pub fn returns_float(&self) -> bool {
        matches!(self.payload(), Some(Ty::Float(_)))
    }

    /// What the function gives where it does not fail.
    pub(crate) fn payload(&self) -> Option<&Ty> {
        self.result.as_ref().map(Ty::payload)
    }

    /// Whether it gives an `Option` or a `Result` of something differentiable.
    pub(crate) fn may_fail(&self) -> bool {
        matches!(self.result, Some(Ty::Option(_)))
    }
}

fn refuse_qualifiers(item: &syn::Signature, diagnostics: &mut Diagnostics) {
    if let Some(token) = &item.asyncness {
        diagnostics.refuse(&Refusal::AsyncFn, token.span());
    }
    if let syn::Safety::Unsafe(token) = &item.safety {
        diagnostics.refuse(&Refusal::UnsafeFn, token.span());
    }
    if let Some(abi) = &item.abi {
        diagnostics.refuse(&Refusal::ExternFn, abi.extern_token.span());
    }
}

/// Whether a type parameter is bound by a trait of this name, where it is declared or in the clause.
pub(crate) fn is_bounded(generics: &syn::Generics, param: &Ident, name: &str) -> bool {
    let is_it = |bound: &syn::TypeParamBound| match bound {
        syn::TypeParamBound::Trait(bound) => {
            bound.path.segments.last().is_some_and(|segment| segment.ident == name)
        }
        _ => false,
    };
    let declared = generics.type_params().find(|known| known.ident == *param);
    let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let mut in_clause = predicates.filter_map(|predicate| match predicate {
        syn::WherePredicate::Type(of) => Some(of),
        _ => None,
    });
    let is_of_param = |ty: &Type| matches!(ty, Type::Path(path) if path.path.is_ident(param));
    declared.is_some_and(|declared| declared.bounds.iter().any(is_it))
        || in_clause.any(|of| is_of_param(&of.bounded_ty) && of.bounds.iter().any(is_it))
}

/// Where a type without a name is bound by what has a derivative: `impl Real`.
fn anonymous_float(ty: &Type) -> Option<Span> {
    match ty {
        Type::Reference(of) => anonymous_float(&of.elem),
        Type::Paren(of) => anonymous_float(&of.elem),
        Type::ImplTrait(of) => of.bounds.iter().find_map(|bound| {
            let syn::TypeParamBound::Trait(bound) = bound else { return None };
            let name = &bound.path.segments.last()?.ident;
            (name == "Real" || name == "Lanes" || name == "Differentiable")
                .then(|| of.impl_token.span())
        }),
        _ => None,
    }
}

/// Whether a type is, behind references, a type parameter or one without a name: it has the methods of
/// its bounds.
fn is_of_parameter(ty: &Type, item: &syn::Signature) -> bool {
    match ty {
        Type::Reference(of) => is_of_parameter(&of.elem, item),
        Type::Paren(of) => is_of_parameter(&of.elem, item),
        Type::ImplTrait(_) => true,
        Type::Path(path) => {
            item.generics.type_params().any(|param| path.path.is_ident(&param.ident))
        }
        _ => false,
    }
}

fn read_param(
    typed: &PatType,
    options: &Options,
    known: &TypeParams,
    diagnostics: &mut Diagnostics,
) -> Option<Param> {
    if let Some(token) = anonymous_float(&typed.ty) {
        diagnostics.refuse(&Refusal::AnonymousFloat, token);
        return None;
    }
    let ty = types::spelled(&typed.ty, &known.kept());
    let name = match &*typed.pat {
        Pat::Ident(ident) => Some(super::plain_name(&ident.ident)),
        _ => None,
    };
    let wanted = options.differentiates(name.as_deref());
    if wanted && ty.has_unknown() {
        let refusal = Refusal::ParameterType(name.unwrap_or_else(|| "name".to_owned()));
        diagnostics.refuse(&refusal, types::unknown_part(&typed.ty, known).span());
        return None;
    }
    let exit = is_mut(&typed.ty) && ty.is_differentiable();
    if let (true, Some(help)) = ((wanted || exit) && ty.is_differentiable(), unavailable(&ty)) {
        diagnostics.refuse(&Refusal::UnavailableParameter(help), typed.ty.span());
        return None;
    }
    let active = (wanted || exit) && ty.is_differentiable();
    // Zero is made like the value, which needs a name for that.
    if name.is_none() && (exit || active && needs_value(&ty)) {
        diagnostics.refuse(&Refusal::ParameterPattern, typed.pat.span());
        return None;
    }
    if !is_plain(&typed.pat) {
        diagnostics.refuse(&Refusal::ParameterPattern, typed.pat.span());
        return None;
    }
    let wanted = wanted && active;
    Some(Param { item: typed.clone(), ty, active, wanted, exit, arity: None, receiver: None })
}

/// Whether the shape of a tangent depends on the value: on the fields of a type of the user's, on a
/// length, or on whether something is there.
fn needs_value(ty: &Ty) -> bool {
    match ty {
        Ty::Named(_) | Ty::Option(_) | Ty::Slice(_) | Ty::Vec(_) => true,
        Ty::Tuple(parts) => parts.iter().any(needs_value),
        Ty::Array(of, _) | Ty::Ref(of) => needs_value(of),
        Ty::Float(_) | Ty::Inert | Ty::Unknown => false,
    }
}

/// `self` as a parameter of that name.
fn read_receiver(
    receiver: &syn::Receiver,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<Param> {
    let ty: Type = match &receiver.kind {
        syn::ReceiverKind::Value => syn::parse_quote!(Self),
        syn::ReceiverKind::Reference(and, lifetime, mutability) => {
            syn::parse_quote!(#and #lifetime #mutability Self)
        }
        syn::ReceiverKind::Typed(_, ty) => (**ty).clone(),
        _ => {
            diagnostics.refuse(&Refusal::Receiver, receiver.self_token.span());
            return None;
        }
    };
    let pattern = syn::PatIdent {
        attrs: Vec::new(),
        by_ref: None,
        mutability: receiver.mutability,
        ident: Ident::new("self", receiver.self_token.span()),
        subpat: None,
    };
    let typed = PatType {
        attrs: Vec::new(),
        pat: Box::new(Pat::Ident(pattern)),
        colon_token: syn::token::Colon::default(),
        ty: Box::new(ty),
    };
    let this = types::spelled(&typed.ty, &TypeParams::default());
    if !matches!(this.behind_refs(), Ty::Named(name) if name.to_string() == "Self") {
        diagnostics.refuse(&Refusal::Receiver, receiver.self_token.span());
        return None;
    }
    let param = read_param(&typed, options, &TypeParams::default(), diagnostics)?;
    Some(Param { receiver: Some(receiver.clone()), ..param })
}

/// What to write in the place of a parameter whose cotangent has no form yet.
fn unavailable(ty: &Ty) -> Option<&'static str> {
    let is_slice = |part: &Ty| matches!((part, part.behind_refs()), (Ty::Ref(_), Ty::Slice(_)));
    match ty.behind_refs() {
        Ty::Tuple(parts) if parts.iter().any(is_slice) => {
            Some("take the parts of the tuple as parameters of their own")
        }
        _ => None,
    }
}

fn is_mut(ty: &Type) -> bool {
    matches!(ty, Type::Reference(reference) if reference.mutability.is_some())
}

/// Whether a parameter pattern can be repeated as an argument list.
fn is_plain(pattern: &Pat) -> bool {
    match pattern {
        Pat::Ident(ident) => ident.subpat.is_none() && ident.by_ref.is_none(),
        Pat::Wild(_) => true,
        Pat::Tuple(tuple) => tuple.elems.iter().all(is_plain),
        Pat::Slice(slice) => slice.elems.iter().all(is_plain),
        Pat::Reference(reference) => is_plain(&reference.pat),
        Pat::Paren(paren) => is_plain(&paren.pat),
        _ => false,
    }
}

/// `wrt` and `constant` name parameters, and `wrt` only differentiable ones.
fn check_names(params: &[Param], options: &Options, diagnostics: &mut Diagnostics) {
    for (name, must_be_differentiable) in options.named_parameters() {
        let found = params.iter().find(|param| {
            param.ident().is_some_and(|ident| super::plain_name(ident) == super::plain_name(name))
        });
        match found {
            None => {
                diagnostics.refuse(&Refusal::NotAParameter(name.to_string()), name.span());
            }
            Some(param) if must_be_differentiable && !param.ty.is_differentiable() => {
                diagnostics.refuse(&Refusal::NotDifferentiable(name.to_string()), name.span());
            }
            Some(_) => {}
        }
    }
}

fn read_result(
    output: &ReturnType,
    name: Span,
    known: &TypeParams,
    diagnostics: &mut Diagnostics,
) -> Option<Ty> {
    let ty = match output {
        ReturnType::Default => return no_float(name, diagnostics),
        ReturnType::Type(_, ty) => ty,
    };
    match types::spelled(ty, known) {
        result if result.is_differentiable() => Some(result),
        _ => no_float(ty.span(), diagnostics),
    }
}

fn no_float(span: Span, diagnostics: &mut Diagnostics) -> Option<Ty> {
    diagnostics.refuse(&Refusal::NoFloatResult, span);
    None
}

impl Lowerer<'_> {
    /// The parameters as values, their patterns taken apart.
    pub(crate) fn parameters(&mut self, signature: &Signature) {
        self.scopes.enter();
        for param in &signature.params {
            let active = if param.active { Active::Yes } else { Active::No };
            if let Pat::Ident(ident) = &*param.item.pat {
                let binding = self.declare(&ident.ident, ident.mutability.is_some());
                if super::count::is_usize(&param.item.ty) {
                    self.counts.insert(binding);
                }
                if let Some(given) = signature.gives(&ident.ident) {
                    self.passed.insert(binding, given);
                }
                if is_mut(&param.item.ty) {
                    self.mut_references.push(binding);
                }
                if is_of_parameter(&param.item.ty, &signature.item) {
                    self.generic.insert(binding);
                }
                if param.exit {
                    // A place like one behind any other `&mut`.
                    self.aliases.insert(binding, (binding, Vec::new()));
                    self.exits.push((self.function.params.len(), binding));
                }
                let value = self.version(binding, param.ty.clone(), active);
                self.function.params.push(value);
                continue;
            }
            let span = param.item.pat.span();
            let value = self.value(param.ty.clone(), "argument", span, active);
            self.function.params.push(value);
            let mut bound = Bound::default();
            if self.destructure(&param.item.pat, value, &mut bound).is_ok()
                && !bound.parts.is_empty()
            {
                self.push(bound.versions, Kind::Bind(bound.parts), None, span);
            }
        }
    }
}
