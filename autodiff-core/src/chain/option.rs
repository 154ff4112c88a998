//! Closures that give an `Option`: its `Some` takes the item, its `None` does something else.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, Pat, Stmt};

use super::closure::{bind, closure_of, has_type};
use super::run::{Body, Rewriter, Taker};
use super::{Built, Unread};

/// What is done in either case.
pub(super) struct Cases<'c> {
    pub(super) some: &'c Taker,
    pub(super) none: &'c TokenStream,
    pub(super) method: &'c Ident,
}

impl<'s> Rewriter<'s> {
    /// `match f(item) { Some(next) => rest, None => none }`
    pub(super) fn optional(
        &mut self,
        f: &Expr,
        method: &Ident,
        body: Body<'_, 's>,
        none: &TokenStream,
    ) -> Built<Taker> {
        let Some(closure) = closure_of(f).filter(|closure| closure.inputs.len() == 1) else {
            return self.inert_option(f, method, body, none);
        };
        let closure = self.renamed(closure, method)?;
        let Some(pattern) = closure.inputs.first() else { return Err(Unread::at(method)) };
        self.option_of(pattern, &closure.body, method, body, none)
    }

    /// The same for a function that is called by its name, on what is inert.
    fn inert_option(
        &mut self,
        f: &Expr,
        method: &Ident,
        body: Body<'_, 's>,
        none: &TokenStream,
    ) -> Built<Taker> {
        if closure_of(f).is_some() {
            return Err(Unread::at(method));
        }
        let some = body(self)?;
        let item = self.fresh("item");
        let call: Expr = syn::parse_quote!(#f(#item));
        let stmts = self.cases(&call, &Cases { some: &some, none, method })?;
        Ok(Taker { pattern: self.variable(&item), stmts })
    }

    /// The same for the parameter and the body of a closure.
    pub(super) fn option_of(
        &mut self,
        pattern: &Pat,
        value: &Expr,
        method: &Ident,
        body: Body<'_, 's>,
        none: &TokenStream,
    ) -> Built<Taker> {
        let some = body(self)?;
        let stmts = self.cases(value, &Cases { some: &some, none, method })?;
        if has_type(pattern) {
            let item = self.fresh("item");
            let lets = bind(pattern, &quote!(#item), self.site);
            return Ok(Taker { pattern: self.variable(&item), stmts: quote!(#lets #stmts) });
        }
        Ok(Taker { pattern: pattern.clone(), stmts })
    }

    /// The statements for an expression that is an `Option`. Those that take the item are written
    /// once: where several arms have one, they give it out, and whether there is one.
    pub(super) fn cases(&mut self, value: &Expr, cases: &Cases<'_>) -> Built<TokenStream> {
        if somes(value) < 2 || cases.some.stmts.is_empty() {
            return self.arms(value, cases);
        }
        let site = self.site;
        let (keep, kept) = (self.fresh("keep"), self.fresh("kept"));
        let given = self.given(value, cases.method)?;
        let some = self.some(&quote!(#kept), cases);
        let none = cases.none;
        Ok(quote_spanned!(site=>
            let (#keep, #kept) = #given;
            if #keep { #some } else { #none }
        ))
    }

    /// An `Option` as a pair: whether it is `Some`, and of what.
    fn given(&mut self, value: &Expr, method: &Ident) -> Built<TokenStream> {
        let pair = self.fresh("pair");
        let site = self.site;
        let some =
            Taker { pattern: self.variable(&pair), stmts: quote_spanned!(site=> (true, #pair)) };
        let none = quote_spanned!(site=> (false, ::core::default::Default::default()));
        let arms = self.arms(value, &Cases { some: &some, none: &none, method })?;
        Ok(quote_spanned!(site=> { #arms }))
    }

    /// The statements for an expression that is an `Option`, in each of its arms.
    fn arms(&mut self, value: &Expr, cases: &Cases<'_>) -> Built<TokenStream> {
        let (site, none) = (self.site, cases.none);
        match value {
            Expr::Paren(inner) => self.arms(&inner.expr, cases),
            Expr::Group(inner) => self.arms(&inner.expr, cases),
            Expr::Path(path) if path.path.is_ident("None") => Ok(none.clone()),
            Expr::Call(call) if is_some(&call.func) && call.args.len() == 1 => {
                let value = &call.args;
                Ok(self.some(&quote!(#value), cases))
            }
            Expr::Block(block) if block.label.is_none() => self.block(&block.block, cases),
            Expr::If(conditional) => {
                let condition = &conditional.cond;
                let then = self.block(&conditional.then_branch, cases)?;
                let Some((_, otherwise)) = &conditional.else_branch else {
                    return Err(Unread::at(cases.method));
                };
                let otherwise = self.arms(otherwise, cases)?;
                Ok(quote_spanned!(site=> if #condition { #then } else { #otherwise }))
            }
            Expr::Match(matching) => {
                let scrutinee = &matching.expr;
                let mut arms = TokenStream::new();
                for arm in &matching.arms {
                    let (pattern, body) = (&arm.pat, self.arms(&arm.body, cases)?);
                    arms.extend(quote_spanned!(site=> #pattern => { #body }));
                }
                Ok(quote_spanned!(site=> match #scrutinee { #arms }))
            }
            Expr::MethodCall(call) if call.method == "then" && call.args.len() == 1 => {
                self.then(call, cases)
            }
            Expr::MethodCall(call) if call.method == "then_some" && call.args.len() == 1 => {
                let (condition, value) = (&call.receiver, &call.args);
                let (keep, kept) = (self.fresh("keep"), self.fresh("kept"));
                let some = self.some(&quote!(#kept), cases);
                Ok(quote_spanned!(site=>
                    let #keep = #condition;
                    let #kept = #value;
                    if #keep { #some } else { #none }
                ))
            }
            _ if !(self.scene.is_active)(value) => {
                let Taker { pattern, stmts } = cases.some;
                Ok(quote_spanned!(site=>
                    if let ::core::option::Option::Some(#pattern) = #value { #stmts }
                    else { #none }
                ))
            }
            _ => Err(Unread::at(cases.method)),
        }
    }

    /// `condition.then(|| value)`
    fn then(&mut self, call: &syn::ExprMethodCall, cases: &Cases<'_>) -> Built<TokenStream> {
        let (site, none) = (self.site, cases.none);
        let condition = crate::lower::unparenthesised(&call.receiver);
        let Some(closure) = call.args.first().and_then(closure_of) else {
            return Err(Unread::at(cases.method));
        };
        let value = self.body(closure);
        let some = self.some(&value, cases);
        Ok(quote_spanned!(site=> if #condition { #some } else { #none }))
    }

    fn some(&mut self, value: &TokenStream, cases: &Cases<'_>) -> TokenStream {
        let Taker { pattern, stmts } = cases.some;
        let taken = bind(pattern, value, self.site);
        quote!(#taken #stmts)
    }

    fn block(&mut self, block: &syn::Block, cases: &Cases<'_>) -> Built<TokenStream> {
        match block.stmts.split_last() {
            Some((Stmt::Expr(tail, None), stmts)) => {
                let tail = self.arms(tail, cases)?;
                Ok(quote!({ #(#stmts)* #tail }))
            }
            _ => Err(Unread::at(cases.method)),
        }
    }
}

/// How many arms of an expression are `Some`.
fn somes(value: &Expr) -> usize {
    let last = |block: &syn::Block| match block.stmts.last() {
        Some(Stmt::Expr(tail, None)) => somes(tail),
        _ => 0,
    };
    match value {
        Expr::Paren(inner) => somes(&inner.expr),
        Expr::Group(inner) => somes(&inner.expr),
        Expr::Path(_) => 0,
        Expr::Block(block) => last(&block.block),
        Expr::If(of) => {
            let otherwise = of.else_branch.as_ref().map_or(0, |(_, otherwise)| somes(otherwise));
            last(&of.then_branch) + otherwise
        }
        Expr::Match(of) => of.arms.iter().map(|arm| somes(&arm.body)).sum(),
        _ => 1,
    }
}

/// `Some`
pub(super) fn is_some(callee: &Expr) -> bool {
    matches!(callee, Expr::Path(path) if path.path.is_ident("Some"))
}
