//! `v.pop();`, `while let Some(x) = v.pop()`, `v.pop()?` and their kin as what they do to a `Vec`: a
//! question, and an element that is there.

use crate::hash::HashSet;

use proc_macro2::{Ident, Span};
use quote::quote_spanned;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Pat, Stmt};

use super::Signature;
use super::signature::Param;
use crate::ir::Ty;

/// The same body, where it takes elements from a `Vec` that it makes or is given.
#[must_use]
pub fn popped(mut body: Block, signature: &Signature) -> Block {
    let given =
        signature.params.iter().filter(|param| matches!(param.ty.behind_refs(), Ty::Vec(_)));
    let mut vecs = Vecs { names: given.filter_map(Param::ident).map(Ident::to_string).collect() };
    vecs.visit_block(&body);
    if !vecs.names.is_empty() {
        Popping { vecs: vecs.names }.visit_block_mut(&mut body);
    }
    body
}

/// The variables that are known to be a `Vec`.
struct Vecs {
    names: HashSet<String>,
}

impl<'ast> Visit<'ast> for Vecs {
    fn visit_local(&mut self, local: &'ast syn::Local) {
        let (pattern, annotated) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, is_vec_type(&typed.ty)),
            pattern => (pattern, false),
        };
        let made = local.init.as_ref().is_some_and(|init| makes_vec(&init.expr));
        if let Pat::Ident(ident) = pattern
            && (annotated || made)
        {
            self.names.insert(ident.ident.to_string());
        }
        visit::visit_local(self, local);
    }
}

fn is_vec_type(ty: &syn::Type) -> bool {
    let syn::Type::Path(path) = ty else { return false };
    path.path.segments.last().is_some_and(|segment| segment.ident == "Vec")
}

fn makes_vec(expr: &Expr) -> bool {
    match expr {
        Expr::Call(call) => super::is_new_vec(call),
        Expr::Macro(mac) => mac.mac.path.is_ident("vec"),
        Expr::MethodCall(call) => call.method == "to_vec",
        _ => false,
    }
}

struct Popping {
    vecs: HashSet<String>,
}

impl Popping {
    /// Whether a call is `v.pop()` of a `Vec`.
    fn is_pop(&self, call: &syn::ExprMethodCall) -> bool {
        let Expr::Path(path) = &*call.receiver else { return false };
        let name = path.path.get_ident().map(ToString::to_string);
        let known = name.is_some_and(|name| self.vecs.contains(&name));
        known && call.method == "pop" && call.args.is_empty()
    }

    /// The pattern and the `v.pop()` of `let Some(pattern) = v.pop()`.
    fn taken(&self, cond: &Expr) -> Option<(Pat, syn::ExprMethodCall)> {
        let Expr::Let(question) = cond else { return None };
        let (Pat::TupleStruct(some), Expr::MethodCall(pop)) = (&*question.pat, &*question.expr)
        else {
            return None;
        };
        let fits = self.is_pop(pop) && some.path.is_ident("Some");
        let mut elements = some.elems.iter();
        match (elements.next(), elements.next()) {
            (Some(pattern), None) if fits => Some((pattern.clone(), pop.clone())),
            _ => None,
        }
    }

    /// Whether an element is taken from a `Vec` that is known to have one: `v.pop().unwrap()`.
    fn is_sure(&self, call: &syn::ExprMethodCall) -> bool {
        let Expr::MethodCall(pop) = &*call.receiver else { return false };
        (call.method == "unwrap" || call.method == "expect") && self.is_pop(pop)
    }
}

impl VisitMut for Popping {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::MethodCall(call) if self.is_sure(call) => return,
            Expr::MethodCall(pop) if self.is_pop(pop) => {
                let span = Span::mixed_site().located_at(pop.method.span());
                let (vec, pop) = (&pop.receiver, &*pop);
                let found = parsed(quote_spanned!(span=>
                    if #vec.is_empty() { None } else { Some(#pop.unwrap()) }
                ));
                *expr = found;
                return;
            }
            _ => {}
        }
        let question = match expr {
            Expr::If(of) => Some((&mut of.cond, &mut of.then_branch)),
            Expr::While(of) => Some((&mut of.cond, &mut of.body)),
            _ => None,
        };
        if let Some((cond, block)) = question
            && let Some((pattern, pop)) = self.taken(cond)
        {
            let span = Span::mixed_site().located_at(pop.method.span());
            let vec = &pop.receiver;
            **cond = parsed(quote_spanned!(span=> !#vec.is_empty()));
            let element: Stmt = Stmt::Local(local(&pattern, &pop, span));
            block.stmts.insert(0, element);
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_stmt_mut(&mut self, stmt: &mut Stmt) {
        if let Stmt::Expr(Expr::MethodCall(pop), Some(_)) = stmt
            && self.is_pop(pop)
        {
            let span = Span::mixed_site().located_at(pop.method.span());
            let (vec, pop) = (&pop.receiver, &*pop);
            let popped = quote_spanned!(span=> if !#vec.is_empty() { #pop.unwrap(); });
            *stmt = Stmt::Expr(parsed(popped), None);
        }
        visit_mut::visit_stmt_mut(self, stmt);
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// `let pattern = v.pop().unwrap();`
fn local(pattern: &Pat, pop: &syn::ExprMethodCall, span: Span) -> syn::Local {
    let init = parsed(quote_spanned!(span=> #pop.unwrap()));
    syn::Local {
        attrs: Vec::new(),
        let_token: syn::Token![let](span),
        modifiers: syn::LocalModifiers::default(),
        pat: pattern.clone(),
        init: Some(syn::LocalInit {
            eq_token: syn::Token![=](span),
            expr: Box::new(init),
            diverge: None,
        }),
        semi_token: syn::Token![;](span),
    }
}

fn parsed(tokens: proc_macro2::TokenStream) -> Expr {
    syn::parse2(tokens.clone()).unwrap_or(Expr::Verbatim(tokens))
}
