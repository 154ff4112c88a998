//! Adaptors: each wraps the statements that take its items.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, Pat};

use super::closure::{Looked, bind, closure_of, has_type};
use super::lockstep::{has_pairs, source_of};
use super::read::{Adaptor, Iter, Kind};
use super::run::{Body, Drive, Rewriter, Taker};
use super::shape::Shape;
use super::{Built, Unread, read};

impl<'s> Rewriter<'s> {
    /// The statements that hand the items of an adapted iterator to `body`.
    pub(super) fn adapted(
        &mut self,
        inner: &Iter,
        adaptor: &Adaptor,
        body: Body<'_, 's>,
    ) -> Built<TokenStream> {
        let method = &adaptor.method;
        let drive = self.drive;
        if !adaptor.kind.passes_on() {
            self.drive = Drive::Unknown;
        }
        let built = self.adapted_by(inner, (&adaptor.kind, method), body);
        self.drive = drive;
        built
    }

    fn adapted_by(
        &mut self,
        inner: &Iter,
        (kind, method): (&Kind, &Ident),
        body: Body<'_, 's>,
    ) -> Built<TokenStream> {
        let shape = self.shape(inner);
        match kind {
            Kind::Map(f) => self.run(inner, &mut |rewriter| {
                let rest = body(rewriter)?;
                rewriter.mapped(f, rest)
            }),
            Kind::Filter(f) => self.run(inner, &mut |rewriter| {
                let rest = body(rewriter)?;
                Ok(rewriter.tested((f, &shape), rest, &TokenStream::new()))
            }),
            Kind::TakeWhile(f) => self.run_until(inner, |rewriter, exit| {
                let rest = body(rewriter)?;
                let exit = quote!(else { #exit });
                Ok(rewriter.tested((f, &shape), rest, &exit))
            }),
            Kind::SkipWhile(f) => self.skipped_while(inner, (f, &shape), body),
            Kind::Inspect(f) => self.run(inner, &mut |rewriter| {
                let rest = body(rewriter)?;
                Ok(rewriter.inspected(f, rest, &shape))
            }),
            Kind::Copied | Kind::Cloned => self.run(inner, &mut |rewriter| {
                let Taker { pattern, stmts } = body(rewriter)?;
                let item = rewriter.fresh("item");
                let value =
                    if method == "copied" { quote!(*#item) } else { quote!(#item.#method()) };
                let taken = bind(&pattern, &value, rewriter.site);
                Ok(Taker { pattern: rewriter.variable(&item), stmts: quote!(#taken #stmts) })
            }),
            Kind::Enumerate => self.enumerated(inner, method, body),
            Kind::Skip(n) | Kind::Take(n) | Kind::StepBy(n) => self.counted(inner, kind, n, body),
            Kind::Zip(items, other) => self.zipped(inner, (items, other), method, body),
            Kind::FlatMap(f) => {
                self.run(inner, &mut |rewriter| rewriter.flat_mapped(f, method, body))
            }
            Kind::Flatten => self.run(inner, &mut |rewriter| {
                let item = rewriter.fresh("item");
                let source: Expr = syn::parse_quote!(#item);
                let stmts = rewriter.run(&Iter::Source(source), body)?;
                Ok(Taker { pattern: rewriter.variable(&item), stmts })
            }),
            Kind::FilterMap(f) => self.run(inner, &mut |rewriter| {
                rewriter.optional(f, method, body, &TokenStream::new())
            }),
            Kind::MapWhile(f) => {
                self.run_until(inner, |rewriter, exit| rewriter.optional(f, method, body, exit))
            }
            Kind::Scan(init, f) => self.scanned(inner, (init, f), method, body),
        }
    }

    /// `let next = f(item); rest`
    pub(super) fn mapped(&mut self, f: &Expr, rest: Taker) -> Built<Taker> {
        let site = self.site;
        let Taker { pattern: next, stmts: rest } = rest;
        if let Some(closure) = closure_of(f)
            && let [pattern] = closure.inputs.iter().collect::<Vec<_>>().as_slice()
            && !has_type(pattern)
            && self.fits(pattern, Some(&next), &rest)
        {
            let value = bind(&next, &self.body(closure), site);
            return Ok(Taker { pattern: (*pattern).clone(), stmts: quote!(#value #rest) });
        }
        let (pattern, item) =
            self.fresh_like(closure_of(f).and_then(|closure| closure.inputs.first()));
        let value = self.applied(f, &[item]);
        let value = bind(&next, &value, site);
        Ok(Taker { pattern, stmts: quote!(#value #rest) })
    }

    /// The bindings and the expression of `f(&item)`, before statements that take the item.
    fn test(
        &mut self,
        f: &Expr,
        item: &Looked,
        rest: &TokenStream,
        next: &Pat,
    ) -> (TokenStream, TokenStream) {
        let (site, value) = (self.site, &item.value);
        let borrowed = quote_spanned!(site=> &#value);
        if let Some(closure) = closure_of(f) {
            let patterns: Vec<&Pat> = closure.inputs.iter().collect();
            if let [pattern] = patterns.as_slice()
                && self.fits(pattern, Some(next), rest)
                && self.fits(pattern, None, value)
            {
                let lets = self.parameters(closure, &[borrowed]);
                return (lets, self.body(closure));
            }
        }
        let value = self.applied(f, &[borrowed]);
        let keep = self.fresh("keep");
        (quote_spanned!(site=> let #keep = #value;), quote!(#keep))
    }

    /// `if f(&item) { rest } otherwise`
    fn tested(
        &mut self,
        (f, shape): (&Expr, &Shape),
        rest: Taker,
        otherwise: &TokenStream,
    ) -> Taker {
        let site = self.site;
        let Taker { pattern: next, stmts: rest } = rest;
        let item = self.looked(&next, f, shape);
        let (lets, condition) = self.test(f, &item, &rest, &next);
        let taken = item.taken;
        let stmts = quote_spanned!(site=> #lets if #condition { #taken #rest } #otherwise);
        Taker { pattern: item.pattern, stmts }
    }

    fn skipped_while(
        &mut self,
        inner: &Iter,
        (f, shape): (&Expr, &Shape),
        body: Body<'_, 's>,
    ) -> Built<TokenStream> {
        let site = self.site;
        let skipping = self.fresh("skipping");
        let loops = self.run(inner, &mut |rewriter| {
            let Taker { pattern: next, stmts: rest } = body(rewriter)?;
            let Looked { pattern, value, taken } = rewriter.looked(&next, f, shape);
            let test = rewriter.applied(f, &[quote_spanned!(site=> &#value)]);
            let stmts = quote_spanned!(site=>
                if #skipping { #skipping = #test; }
                if !#skipping { #taken #rest }
            );
            Ok(Taker { pattern, stmts })
        })?;
        Ok(quote_spanned!(site=> let mut #skipping = true; #loops))
    }

    pub(super) fn inspected(&mut self, f: &Expr, rest: Taker, shape: &Shape) -> Taker {
        let site = self.site;
        let Taker { pattern: next, stmts: rest } = rest;
        let Looked { pattern, value, taken } = self.looked(&next, f, shape);
        let look = self.applied(f, &[quote_spanned!(site=> &#value)]);
        let stmts = quote_spanned!(site=> { #look; } #taken #rest);
        Taker { pattern, stmts }
    }

    fn enumerated(
        &mut self,
        inner: &Iter,
        method: &Ident,
        body: Body<'_, 's>,
    ) -> Built<TokenStream> {
        let site = self.site;
        if !has_pairs(inner) {
            let numbers = Adaptor { method: method.clone(), kind: Kind::Enumerate };
            let numbered = Iter::Adapted(Box::new(inner.clone()), numbers);
            if let Some(source) = source_of(&numbered) {
                return self.in_lockstep(&numbered, source, method, body);
            }
        }
        let n = self.fresh("n");
        let loops = self.run(inner, &mut |rewriter| {
            let Taker { pattern: next, stmts: rest } = body(rewriter)?;
            let (item, number) = rewriter.halves(&next, &quote!(#n));
            let stmts = quote_spanned!(site=> #number #n += 1; #rest);
            Ok(Taker { pattern: item, stmts })
        })?;
        Ok(quote_spanned!(site=> let mut #n = 0_usize; #loops))
    }

    /// The pattern of the item in `(other, item)`, and the binding of the other half.
    fn halves(&mut self, next: &Pat, other: &TokenStream) -> (Pat, TokenStream) {
        if let Pat::Tuple(tuple) = next
            && let [first, second] = tuple.elems.iter().collect::<Vec<_>>().as_slice()
            && !has_type(second)
        {
            return ((*second).clone(), bind(first, other, self.site));
        }
        let item = self.fresh("item");
        let pair = bind(next, &quote!((#other, #item)), self.site);
        (self.variable(&item), pair)
    }

    /// `skip`, `take` and `step_by` of items that are not counted beforehand.
    fn counted(
        &mut self,
        inner: &Iter,
        kind: &Kind,
        n: &Expr,
        body: Body<'_, 's>,
    ) -> Built<TokenStream> {
        let site = self.site;
        let left = self.fresh("left");
        match kind {
            Kind::Take(_) => {
                let loops = self.run_until(inner, |rewriter, exit| {
                    let Taker { pattern, stmts } = body(rewriter)?;
                    let stmts = quote_spanned!(site=>
                        #left -= 1; #stmts if #left == 0 { #exit });
                    Ok(Taker { pattern, stmts })
                })?;
                Ok(quote_spanned!(site=> let mut #left: usize = #n; if #left > 0 { #loops }))
            }
            Kind::Skip(_) => {
                let loops = self.run(inner, &mut |rewriter| {
                    let Taker { pattern, stmts } = body(rewriter)?;
                    let stmts = quote_spanned!(site=>
                        if #left > 0 { #left -= 1; } else { #stmts });
                    Ok(Taker { pattern, stmts })
                })?;
                Ok(quote_spanned!(site=> let mut #left: usize = #n; #loops))
            }
            _ => {
                let step = self.fresh("step");
                let loops = self.run(inner, &mut |rewriter| {
                    let Taker { pattern, stmts } = body(rewriter)?;
                    let stmts = quote_spanned!(site=>
                        if #left > 0 { #left -= 1; } else { #left = #step - 1; #stmts });
                    Ok(Taker { pattern, stmts })
                })?;
                Ok(quote_spanned!(site=>
                    let #step: usize = #n;
                    assert!(#step != 0);
                    let mut #left = 0_usize;
                    #loops
                ))
            }
        }
    }

    /// The items of the iterators that a closure gives.
    fn flat_mapped(&mut self, f: &Expr, method: &Ident, body: Body<'_, 's>) -> Built<Taker> {
        let Some(closure) = closure_of(f) else { return Err(Unread::at(method)) };
        let closure = self.renamed(closure, method)?;
        let [pattern] = closure.inputs.iter().collect::<Vec<_>>()[..] else {
            return Err(Unread::at(method));
        };
        let (stmts, tail) = match &*closure.body {
            Expr::Block(block) if block.label.is_none() => match block.block.stmts.split_last() {
                Some((syn::Stmt::Expr(tail, None), stmts)) => (stmts, tail),
                _ => return Err(Unread::at(method)),
            },
            body => (&[][..], body),
        };
        let mut items = read::items(tail)?;
        let lets = self.items_in_order(&mut items)?;
        let loops = self.run(&items, body)?;
        let loops = quote!(#lets #loops);
        if has_type(pattern) {
            let item = self.fresh("item");
            let lets = bind(pattern, &quote!(#item), self.site);
            let stmts = quote!(#lets #(#stmts)* #loops);
            return Ok(Taker { pattern: self.variable(&item), stmts });
        }
        Ok(Taker { pattern: pattern.clone(), stmts: quote!(#(#stmts)* #loops) })
    }

    /// `scan`: a variable that the closure borrows.
    fn scanned(
        &mut self,
        inner: &Iter,
        (init, f): (&Expr, &Expr),
        method: &Ident,
        body: Body<'_, 's>,
    ) -> Built<TokenStream> {
        let site = self.site;
        let state = self.fresh("state");
        let Some(closure) = closure_of(f).filter(|closure| closure.inputs.len() == 2) else {
            return Err(Unread::at(method));
        };
        let loops = self.run_until(inner, |rewriter, exit| {
            let mut closure = rewriter.renamed(closure, method)?;
            let item = closure.inputs.pop();
            let lets = rewriter.parameters(&closure, &[quote_spanned!(site=> &mut #state)]);
            let item = item.unwrap_or(Pat::Verbatim(TokenStream::new()));
            let Taker { pattern, stmts } =
                rewriter.option_of(&item, &closure.body, method, body, exit)?;
            Ok(Taker { pattern, stmts: quote!(#lets #stmts) })
        })?;
        Ok(quote_spanned!(site=> let mut #state = #init; #loops))
    }
}
