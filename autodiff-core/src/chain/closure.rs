//! Closures in place of their calls.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, ExprClosure, Pat};

use super::run::Rewriter;
use super::shape::Shape;
use crate::structure::mentions::{bound_by, mentioned};

/// The closure that an expression is.
pub(super) fn closure_of(expr: &Expr) -> Option<&ExprClosure> {
    match expr {
        Expr::Paren(inner) => closure_of(&inner.expr),
        Expr::Group(inner) => closure_of(&inner.expr),
        Expr::Closure(closure) => Some(closure),
        _ => None,
    }
}

/// The variable that a pattern is, if it is nothing else.
pub(super) fn plain(pattern: &Pat) -> Option<&Ident> {
    match pattern {
        Pat::Paren(inner) => plain(&inner.pat),
        Pat::Ident(ident)
            if ident.by_ref.is_none() && ident.mutability.is_none() && ident.subpat.is_none() =>
        {
            Some(&ident.ident)
        }
        _ => None,
    }
}

/// Whether a type is spelled in a pattern: not everywhere may it stand.
pub(super) fn has_type(pattern: &Pat) -> bool {
    match pattern {
        Pat::Type(_) => true,
        Pat::Paren(inner) => has_type(&inner.pat),
        Pat::Reference(inner) => has_type(&inner.pat),
        Pat::Tuple(tuple) => tuple.elems.iter().any(has_type),
        _ => false,
    }
}

/// Whether the variables of a pattern can be seen by these tokens without harm: they mention none
/// of them, but for what `rebound` binds again before.
fn fits(pattern: &Pat, rebound: Option<&Pat>, rest: &TokenStream) -> bool {
    let rest = mentioned(rest);
    let again = rebound.map(bound_by).unwrap_or_default();
    bound_by(pattern).iter().all(|(ident, _)| {
        !rest.contains(&crate::lower::plain_name(ident))
            || again.iter().any(|(other, _)| other == ident)
    })
}

/// `let pattern = value;`, taken apart where both are.
pub(super) fn bind(pattern: &Pat, value: &TokenStream, site: proc_macro2::Span) -> TokenStream {
    match pattern {
        Pat::Paren(inner) => return bind(&inner.pat, value, site),
        Pat::Reference(of) if of.mutability.is_none() => {
            if let Ok(Expr::Reference(borrow)) = syn::parse2::<Expr>(value.clone())
                && borrow.mutability.is_none()
            {
                return bind(&of.pat, &borrow.expr.to_token_stream(), site);
            }
        }
        Pat::Tuple(tuple) if !tuple.elems.iter().any(|part| matches!(part, Pat::Rest(_))) => {
            if let Some(values) = parts_of(value, site)
                && values.len() == tuple.elems.len()
                && in_any_order(tuple, &values)
            {
                let parts = tuple.elems.iter().zip(&values);
                return parts.map(|(pattern, value)| bind(pattern, value, site)).collect();
            }
        }
        _ => {}
    }
    quote_spanned!(site=> let #pattern = #value;)
}

/// Whether no part is bound to a name that a later value mentions.
fn in_any_order(tuple: &syn::PatTuple, values: &[TokenStream]) -> bool {
    tuple
        .elems
        .iter()
        .enumerate()
        .all(|(at, pattern)| values.iter().skip(at + 1).all(|value| fits(pattern, None, value)))
}

/// The parts of `(a, b)`, and of `&(a, b)`: references to them.
fn parts_of(value: &TokenStream, site: proc_macro2::Span) -> Option<Vec<TokenStream>> {
    match syn::parse2::<Expr>(value.clone()).ok()? {
        Expr::Tuple(values) => Some(values.elems.iter().map(ToTokens::to_token_stream).collect()),
        Expr::Reference(borrow) if borrow.mutability.is_none() => match *borrow.expr {
            Expr::Tuple(values) => {
                Some(values.elems.iter().map(|of| quote_spanned!(site=> &#of)).collect())
            }
            _ => None,
        },
        _ => None,
    }
}

/// An item that is looked at before it is taken.
pub(super) struct Looked {
    /// Binds it.
    pub(super) pattern: Pat,
    /// It, as an expression.
    pub(super) value: TokenStream,
    /// Binds what takes it.
    pub(super) taken: TokenStream,
}

impl Rewriter<'_> {
    /// Names for an item before `next` takes it: those that it gets there, where `f` does not use
    /// them. A pair is taken apart, where it is one itself, and no reference to one.
    pub(super) fn looked(&mut self, next: &Pat, f: impl ToTokens, shape: &Shape) -> Looked {
        let used = mentioned(&f);
        self.looked_at(next, &used, shape)
    }

    fn looked_at(
        &mut self,
        next: &Pat,
        used: &crate::hash::HashSet<String>,
        shape: &Shape,
    ) -> Looked {
        if let Pat::Tuple(tuple) = next
            && !matches!(shape, Shape::Reference)
            && !tuple.elems.iter().any(|part| matches!(part, Pat::Rest(_)))
        {
            let parts: Vec<Looked> = tuple
                .elems
                .iter()
                .enumerate()
                .map(|(at, part)| self.looked_at(part, used, shape.half(at)))
                .collect();
            let patterns = parts.iter().map(|part| &part.pattern);
            let values = parts.iter().map(|part| &part.value);
            return Looked {
                pattern: syn::parse_quote!((#(#patterns,)*)),
                value: quote!((#(#values,)*)),
                taken: parts.iter().map(|part| part.taken.clone()).collect(),
            };
        }
        if let Some(name) = plain(next)
            && !used.contains(&crate::lower::plain_name(name))
            && !self.scene.captured.contains(&crate::lower::plain_name(name))
        {
            let (pattern, value) = (next.clone(), name.to_token_stream());
            return Looked { pattern, value, taken: TokenStream::new() };
        }
        let item = match plain(next) {
            Some(name) => self.fresh(&crate::lower::plain_name(name)),
            None => self.fresh("item"),
        };
        let value = item.to_token_stream();
        let taken = bind(next, &value, self.site);
        Looked { pattern: self.variable(&item), value, taken }
    }

    /// New names for the parts that a pattern takes apart, and the item as an expression: a
    /// tuple of references is never made.
    pub(super) fn fresh_like(&mut self, pattern: Option<&Pat>) -> (Pat, TokenStream) {
        if let Some(Pat::Tuple(tuple)) = pattern
            && !tuple.elems.iter().any(|part| matches!(part, Pat::Rest(_)))
        {
            let parts = tuple.elems.iter().map(|part| self.fresh_like(Some(part)));
            let (patterns, values): (Vec<Pat>, Vec<TokenStream>) = parts.unzip();
            return (syn::parse_quote!((#(#patterns,)*)), quote!((#(#values,)*)));
        }
        let item = self.fresh("item");
        (self.variable(&item), item.to_token_stream())
    }

    /// A new variable.
    pub(super) fn fresh(&mut self, hint: &str) -> Ident {
        let mut ident = self.scene.names.fresh(hint);
        ident.set_span(self.site);
        ident
    }

    /// Whether the variables of a pattern do no harm in these tokens, see [`fits`].
    pub(super) fn fits(&self, pattern: &Pat, rebound: Option<&Pat>, rest: &TokenStream) -> bool {
        let hides = bound_by(pattern)
            .iter()
            .any(|(ident, _)| self.scene.captured.contains(&crate::lower::plain_name(ident)));
        !hides && fits(pattern, rebound, rest)
    }

    /// What a function gives for arguments, which are variables of ours: a call, or the body of a
    /// closure in a block that binds its parameters.
    pub(super) fn applied(&mut self, f: &Expr, args: &[TokenStream]) -> TokenStream {
        let site = self.site;
        let Some(closure) = closure_of(f) else {
            return called(f, args, site);
        };
        let lets = self.parameters(closure, args);
        let value = self.body(closure);
        if lets.is_empty() && closure.inputs.is_empty() {
            return value;
        }
        quote_spanned!(site=> { #lets #value })
    }

    /// The bindings of the parameters of a closure.
    pub(super) fn parameters(&self, closure: &ExprClosure, args: &[TokenStream]) -> TokenStream {
        let pairs = closure.inputs.iter().zip(args);
        pairs.map(|(pattern, value)| bind(pattern, value, self.site)).collect()
    }

    /// The body of a closure as an expression, of the type that it is given.
    pub(super) fn body(&mut self, closure: &ExprClosure) -> TokenStream {
        let (site, body) = (self.site, &closure.body);
        match &closure.output {
            syn::ReturnType::Default => crate::lower::unparenthesised(body).to_token_stream(),
            syn::ReturnType::Type(_, ty) => {
                let result = self.fresh("result");
                quote_spanned!(site=> { let #result: #ty = #body; #result })
            }
        }
    }
}

/// `f(a, b)`; `Add::add(a, b)` is `a + b`.
fn called(f: &Expr, args: &[TokenStream], site: proc_macro2::Span) -> TokenStream {
    if let (Expr::Path(path), [a, b]) = (f, args)
        && let Some(name) = path.path.segments.last()
        && path.path.segments.len() > 1
    {
        let by = path.path.segments.iter().rev().nth(1).map(|of| of.ident.to_string());
        match (by.as_deref(), name.ident.to_string().as_str()) {
            (Some("Add" | "f64" | "f32"), "add") => return quote_spanned!(site=> #a + #b),
            (Some("Mul" | "f64" | "f32"), "mul") => return quote_spanned!(site=> #a * #b),
            _ => {}
        }
    }
    match f {
        Expr::Path(_) => quote!(#f(#(#args),*)),
        Expr::Reference(of) => called(&of.expr, args, site),
        Expr::Paren(of) => called(&of.expr, args, site),
        f => quote!((#f)(#(#args),*)),
    }
}
