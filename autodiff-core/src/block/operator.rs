//! `#[grad]` on the `impl` block of an operator: an `Operation` of the runtime's, by which callers find
//! it from the types of the operands.
//!
//! ```text
//! impl Mul<f64> for Vec3 { fn mul(self, k: f64) -> Vec3 { body } }
//! ⟶ fn operator(this: Vec3, k: f64) -> Vec3 { body }, its companions, and
//!   impl Operation<Mul, f64> for Vec3 { … }, which calls them
//! ```

mod operation;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, FnArg, GenericArgument, ImplItem, ItemImpl, PathArguments, Type};

use crate::diagnostics::Diagnostics;
use crate::input::Input;
use crate::options::Options;

const OPERATORS: [&str; 10] =
    ["Add", "Sub", "Mul", "Div", "Rem", "Neg", "AddAssign", "SubAssign", "MulAssign", "DivAssign"];

/// An operator's block, read.
pub(super) struct Operator<'a> {
    block: &'a ItemImpl,
    function: &'a syn::ImplItemFn,
    /// The name of its trait.
    name: Ident,
    /// The type on the right, as written; none of a unary one.
    right: Option<Type>,
    /// `a op= b`
    assigns: bool,
}

impl<'a> Operator<'a> {
    /// Reads a block; `None` if it is of no operator.
    pub(super) fn read(block: &'a ItemImpl) -> Option<Self> {
        let name = block.trait_.as_ref()?.0.segments.last()?;
        if !OPERATORS.contains(&name.ident.to_string().as_str()) {
            return None;
        }
        let mut functions = block.items.iter().filter_map(|item| match item {
            ImplItem::Fn(function) => Some(function),
            _ => None,
        });
        let function = functions.next()?;
        let written = match &name.arguments {
            PathArguments::AngleBracketed(args) => args.args.iter().find_map(|arg| match arg {
                GenericArgument::Type(ty) => Some(ty.clone()),
                _ => None,
            }),
            _ => None,
        };
        let assigns = name.ident.to_string().ends_with("Assign");
        let right = (name.ident != "Neg")
            .then(|| written.unwrap_or_else(|| (*block.self_ty).clone()))
            .map(|ty| if is_self(&ty) { (*block.self_ty).clone() } else { ty });
        Some(Self { block, function, name: name.ident.clone(), right, assigns })
    }

    /// What callers find.
    pub(super) fn companions(
        &self,
        options: &Options,
        diagnostics: &mut Diagnostics,
    ) -> TokenStream {
        let Some(input) = self.as_function() else { return TokenStream::new() };
        let companions = crate::companions(&input, options, None, diagnostics);
        let operation = self.operations(&input, options);
        let (signature, body) = (&input.signature, &input.tokens);
        quote_spanned!(Span::mixed_site()=>
            const _: () = {
                #[allow(dead_code, clippy::all)]
                #signature #body
                #companions
                #operation
            };
        )
    }

    /// The operator as a function of its operands.
    fn as_function(&self) -> Option<Input> {
        let site = Span::mixed_site();
        let receiver = self.function.sig.receiver()?;
        let this = Ident::new("this", site.located_at(receiver.self_token.span));
        let own = &self.block.self_ty;
        let mut body = self.function.block.clone();
        if self.assigns {
            Unreferenced.visit_block_mut(&mut body);
        }
        let bare = bare(own);
        let replace = |ident: &Ident| match ident.to_string().as_str() {
            "self" => Some(this.to_token_stream()),
            "Self" => Some(bare.clone()),
            _ => None,
        };
        let body = replaced(body.to_token_stream(), &replace);
        let body = if self.assigns { quote_spanned!(site=> { #body #this }) } else { body };
        let mutability = self.assigns.then(|| quote_spanned!(site=> mut)).or_else(|| {
            receiver.mutability.filter(|_| is_by_value(receiver)).map(ToTokens::into_token_stream)
        });
        let own = if self.assigns { quote_spanned!(site=> #own) } else { own.to_token_stream() };
        let right = match (self.function.sig.inputs.iter().nth(1), &self.right) {
            (Some(FnArg::Typed(right)), Some(ty)) => {
                let pattern = &right.pat;
                Some(quote_spanned!(site=> , #pattern: #ty))
            }
            _ => None,
        };
        let output = self.output();
        let (generics, clause) = (&self.block.generics, &self.block.generics.where_clause);
        let signature = quote_spanned!(site=>
            fn __operator #generics (#mutability #this: #own #right) -> #output #clause
        );
        Some(Input {
            attributes: Vec::new(),
            visibility: syn::Visibility::Inherited,
            signature: syn::parse2(signature).ok()?,
            tokens: body.into_iter().next()?,
        })
    }

    /// The type of the result: of an assignment that of the left operand.
    fn output(&self) -> Type {
        let own = (*self.block.self_ty).clone();
        let spelled = self.block.items.iter().find_map(|item| match item {
            ImplItem::Type(ty) if ty.ident == "Output" => Some(ty.ty.clone()),
            _ => None,
        });
        spelled.filter(|ty| !is_self(ty)).unwrap_or(own)
    }

    /// The parameters of the block, without the lifetimes of references to operands.
    fn generics(&self) -> syn::Generics {
        let right = self.right.as_ref().map(behind);
        let mut named = behind(&self.block.self_ty).into_token_stream();
        named.extend([right.into_token_stream(), self.output().into_token_stream()]);
        let named = crate::structure::mentions::mentioned(named);
        let mut generics = self.block.generics.clone();
        let is_kept = |param: &syn::GenericParam| match param {
            syn::GenericParam::Lifetime(of) => named.contains(&of.lifetime.ident.to_string()),
            syn::GenericParam::Type(_) | syn::GenericParam::Const(_) => true,
        };
        generics.params = generics.params.into_iter().filter(is_kept).collect();
        generics
    }
}

/// `*self` → `self`, where that is a value of its own.
struct Unreferenced;

impl VisitMut for Unreferenced {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::Unary(syn::ExprUnary { op: syn::UnOp::Deref(_), expr: of, .. }) = expr
            && matches!(&**of, Expr::Path(path) if path.path.is_ident("self"))
        {
            *expr = (**of).clone();
        }
    }
}

/// Tokens with identifiers replaced.
fn replaced(tokens: TokenStream, replace: &impl Fn(&Ident) -> Option<TokenStream>) -> TokenStream {
    tokens
        .into_iter()
        .flat_map(|tree| match tree {
            TokenTree::Ident(ident) => {
                replace(&ident).unwrap_or_else(|| TokenTree::Ident(ident).into())
            }
            TokenTree::Group(group) => {
                let inside = replaced(group.stream(), replace);
                let mut new = proc_macro2::Group::new(group.delimiter(), inside);
                new.set_span(group.span());
                TokenTree::Group(new).into()
            }
            tree => tree.into(),
        })
        .collect()
}

/// The name of a type, without its arguments, which are inferred where it stands for `Self`.
fn bare(ty: &Type) -> TokenStream {
    match behind(ty) {
        Type::Path(mut path) => {
            if let Some(last) = path.path.segments.last_mut() {
                last.arguments = PathArguments::None;
            }
            path.into_token_stream()
        }
        other => other.into_token_stream(),
    }
}

/// A type without the references before it.
fn behind(ty: &Type) -> Type {
    match ty {
        Type::Reference(of) => behind(&of.elem),
        Type::Paren(of) => behind(&of.elem),
        other => other.clone(),
    }
}

fn is_self(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("Self"))
}

fn is_by_value(receiver: &syn::Receiver) -> bool {
    matches!(receiver.kind, syn::ReceiverKind::Value)
}
