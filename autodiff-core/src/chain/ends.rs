//! What a chain ends in: an accumulator around the loops.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, Pat, Type};

use super::closure::{closure_of, plain};
use super::order::Mentions;
use super::read::{Chain, End, Iter, Total};
use super::run::{Rewriter, Taker};
use super::{Built, Unread};
use crate::ir::{FloatTy, Ty};
use crate::lower::{lifted, spelled};

impl Rewriter<'_> {
    /// The block that a chain is.
    pub(super) fn ended(&mut self, chain: &Chain) -> Built<TokenStream> {
        match &chain.end {
            End::Total(total, ty) => self.total(&chain.items, *total, ty.as_ref()),
            End::Fold(init, f) => self.fold(&chain.items, init, f),
            End::ForEach(f) => self.for_each(&chain.items, f),
            End::Loop(pattern, stmts, flag) => {
                self.body_of_loop(&chain.items, (pattern, stmts), flag.as_ref())
            }
            End::Pick(pick, unwrap) => self.pick(&chain.items, pick, unwrap),
            End::Gather(gather) => self.gather(&chain.items, gather),
        }
    }

    fn total(&mut self, items: &Iter, total: Total, ty: Option<&Type>) -> Built<TokenStream> {
        let site = self.site;
        // As `std` starts: what is added to -0.0 is itself.
        let (name, start, op) = match total {
            Total::Sum => ("sum", quote_spanned!(site=> -0.0), quote_spanned!(site=> +=)),
            Total::Product => ("product", quote_spanned!(site=> 1.0), quote_spanned!(site=> *=)),
        };
        let float = match ty.map(|ty| spelled(ty, self.scene.params)) {
            Some(Ty::Float(float)) => Some(float),
            _ => self.scene.float.clone(),
        };
        let start = lifted(start, float.as_ref(), site);
        let acc = self.fresh(name);
        let ty = ty.map(|ty| quote_spanned!(site=> : #ty));
        let loops = self.run(items, &mut |rewriter| {
            let item = rewriter.fresh("item");
            let stmts = quote_spanned!(site=> #acc #op #item;);
            Ok(Taker { pattern: rewriter.variable(&item), stmts })
        })?;
        Ok(quote_spanned!(site=> { let mut #acc #ty = #start; #loops #acc }))
    }

    fn fold(&mut self, items: &Iter, init: &Expr, f: &Expr) -> Built<TokenStream> {
        let site = self.site;
        let mut ty = self.literal_type(init);
        let closure = closure_of(f).filter(|closure| closure.inputs.len() == 2);
        let Some(closure) = closure else {
            if closure_of(f).is_some() {
                return Err(Unread::at(&self.method));
            }
            let acc = self.fresh("acc");
            let loops = self.run(items, &mut |rewriter| {
                let item = rewriter.fresh("item");
                let value = rewriter.applied(f, &[quote!(#acc), quote!(#item)]);
                let stmts = quote_spanned!(site=> #acc = #value;);
                Ok(Taker { pattern: rewriter.variable(&item), stmts })
            })?;
            return Ok(quote_spanned!(site=> { let mut #acc #ty = #init; #loops #acc }));
        };
        let mut patterns = closure.inputs.iter();
        let (Some(first), Some(second)) = (patterns.next(), patterns.next()) else {
            return Err(Unread::at(&self.method));
        };
        let mut first = first;
        while let Pat::Type(typed) = first {
            let spelled = &typed.ty;
            ty = quote_spanned!(site=> : #spelled);
            first = &typed.pat;
        }
        let acc = self.accumulator(first, closure);
        let own = plain(first) == Some(&acc);
        let loops = self.run(items, &mut |rewriter| {
            let (pattern, lets) = rewriter.untyped(second);
            let value = rewriter.body(closure);
            let value = if own {
                value
            } else {
                let kept = super::closure::bind(first, &quote!(#acc), site);
                quote_spanned!(site=> { #kept #value })
            };
            Ok(Taker { pattern, stmts: quote_spanned!(site=> #lets #acc = #value;) })
        })?;
        Ok(quote_spanned!(site=> { let mut #acc #ty = #init; #loops #acc }))
    }

    /// The name of an accumulator: that of the closure's, if nothing else has it.
    fn accumulator(&mut self, pattern: &Pat, closure: &syn::ExprClosure) -> Ident {
        if let Some(name) = plain(pattern) {
            let text = crate::lower::plain_name(name);
            let inside = Mentions::of(closure.to_token_stream());
            if !self.mentions.beyond(&inside, &text) {
                return name.clone();
            }
        }
        self.fresh("acc")
    }

    /// The type of a float literal, where the function has one float type only: without it, a
    /// method of the accumulator could not be told.
    fn literal_type(&self, init: &Expr) -> TokenStream {
        let site = self.site;
        let float = match &self.scene.float {
            Some(FloatTy::F64) => quote_spanned!(site=> : f64),
            Some(FloatTy::F32) => quote_spanned!(site=> : f32),
            Some(FloatTy::Param(_) | FloatTy::Inferred) | None => return TokenStream::new(),
        };
        if is_float_literal(init) { float } else { TokenStream::new() }
    }

    /// A pattern without a type that is spelled, and the binding that spells it.
    fn untyped(&mut self, pattern: &Pat) -> (Pat, TokenStream) {
        if !super::closure::has_type(pattern) {
            return (pattern.clone(), TokenStream::new());
        }
        let item = self.fresh("item");
        let lets = super::closure::bind(pattern, &quote!(#item), self.site);
        (self.variable(&item), lets)
    }

    /// `for pattern in items { stmts; if flag { break; } }`
    fn body_of_loop(
        &mut self,
        items: &Iter,
        (pattern, stmts): (&Pat, &[syn::Stmt]),
        flag: Option<&Ident>,
    ) -> Built<TokenStream> {
        let site = self.site;
        let loops = match flag {
            None => self.run(items, &mut |_| {
                Ok(Taker { pattern: pattern.clone(), stmts: quote!(#(#stmts)*) })
            })?,
            Some(flag) => self.run_until(items, |_, exit| {
                let stmts = quote_spanned!(site=> #(#stmts)* if #flag { #exit });
                Ok(Taker { pattern: pattern.clone(), stmts })
            })?,
        };
        Ok(quote_spanned!(site=> { #loops }))
    }

    fn for_each(&mut self, items: &Iter, f: &Expr) -> Built<TokenStream> {
        let site = self.site;
        let loops = self.run(items, &mut |rewriter| {
            let Some(closure) = closure_of(f) else {
                let item = rewriter.fresh("item");
                let value = rewriter.applied(f, &[quote!(#item)]);
                let stmts = quote_spanned!(site=> #value;);
                return Ok(Taker { pattern: rewriter.variable(&item), stmts });
            };
            let Some(pattern) = closure.inputs.first() else {
                return Err(Unread::at(&rewriter.method));
            };
            let (pattern, lets) = rewriter.untyped(pattern);
            let body = &closure.body;
            let stmts = match &**body {
                Expr::Block(block) if block.label.is_none() => {
                    let stmts = &block.block.stmts;
                    quote_spanned!(site=> #lets #(#stmts)*)
                }
                body => quote_spanned!(site=> #lets #body;),
            };
            Ok(Taker { pattern, stmts })
        })?;
        Ok(quote_spanned!(site=> { #loops }))
    }
}

fn is_float_literal(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(lit) => {
            matches!(&lit.lit, syn::Lit::Float(float) if float.suffix().is_empty())
        }
        Expr::Unary(of) => is_float_literal(&of.expr),
        Expr::Paren(of) => is_float_literal(&of.expr),
        _ => false,
    }
}
