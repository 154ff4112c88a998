//! `zip`: one loop over two sources where that can be (`lockstep`), else an iterator asked beside
//! a loop.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::visit::{self, Visit};
use syn::{Expr, Pat, Stmt};

use super::closure::{Looked, bind, closure_of, has_type};
use super::lockstep::{is_mapped, source_of};
use super::made::{Made, MadeKind};
use super::read::{Adaptor, Iter, Kind};
use super::run::{Body, Drive, Rewriter, Taker};
use super::shape::Shape;
use super::{Built, Unread};

/// What an iterator is indexed by: statements before, the length, and the item of a number.
struct Indexed {
    lets: TokenStream,
    len: TokenStream,
    element: TokenStream,
}

impl<'s> Rewriter<'s> {
    /// The items of two iterators in pairs.
    pub(super) fn zipped(
        &mut self,
        inner: &Iter,
        (items, other): (&Iter, &Expr),
        method: &Ident,
        body: Body<'_, 's>,
    ) -> Built<TokenStream> {
        let does = does(inner);
        if does == Does::Things && self.drive == Drive::Unknown && is_exact(inner) {
            return Err(Unread::at(method));
        }
        // Each closure is called once for each pair. What `next` calls beyond that is not seen.
        let nested = !is_mapped(inner) || !is_mapped(items);
        let calls = if nested { does.max(self::does(items)) } else { does };
        if calls == Does::Nothing || !nested && self.drive != Drive::Asked {
            let kind = Kind::Zip(Box::new(items.clone()), other.clone());
            let pairs = Adaptor { method: method.clone(), kind };
            let pairs = Iter::Adapted(Box::new(inner.clone()), pairs);
            if let Some(source) = source_of(&pairs) {
                return self.in_lockstep(&pairs, source, method, body);
            }
        }
        if let Iter::Made(Made { kind: MadeKind::Repeat(value), limit: None, .. }) = items {
            return self.repeated_beside(inner, value, body);
        }
        if (self.scene.is_active)(other) || matches!(items, Iter::Made(_)) {
            self.counted_beside(inner, items, method, body)
        } else {
            self.asked_beside(inner, other, body)
        }
    }

    /// An iterator over something without a derivative, which is asked where there is an item.
    fn asked_beside(
        &mut self,
        inner: &Iter,
        other: &Expr,
        body: Body<'_, 's>,
    ) -> Built<TokenStream> {
        let site = self.site;
        let beside = self.fresh("beside");
        let loops = self.run_until(inner, |rewriter, exit| {
            let Taker { pattern: next, stmts: rest } = body(rewriter)?;
            let (mine, theirs, lets) = rewriter.pair(&next);
            let stmts = quote_spanned!(site=>
                if let ::core::option::Option::Some(#theirs) = #beside.next() {
                    #lets #rest
                } else { #exit }
            );
            Ok(Taker { pattern: mine, stmts })
        })?;
        Ok(quote_spanned!(site=>
            let mut #beside = ::core::iter::IntoIterator::into_iter(#other); #loops))
    }

    /// The same value beside each item.
    fn repeated_beside(
        &mut self,
        inner: &Iter,
        value: &Expr,
        body: Body<'_, 's>,
    ) -> Built<TokenStream> {
        let site = self.site;
        let repeated = self.fresh("repeated");
        let loops = self.run(inner, &mut |rewriter| {
            let Taker { pattern: next, stmts: rest } = body(rewriter)?;
            let (mine, theirs, lets) = rewriter.pair(&next);
            let theirs = bind(&theirs, &quote!(#repeated), site);
            Ok(Taker { pattern: mine, stmts: quote!(#theirs #lets #rest) })
        })?;
        Ok(quote_spanned!(site=> let #repeated = #value; #loops))
    }

    /// The elements of something that is indexed.
    fn counted_beside(
        &mut self,
        inner: &Iter,
        items: &Iter,
        method: &Ident,
        body: Body<'_, 's>,
    ) -> Built<TokenStream> {
        let site = self.site;
        let n = self.fresh("n");
        let Some(Indexed { lets: before, len, element }) = self.indexed(items, &n) else {
            return Err(Unread::at(method));
        };
        let loops = self.run_until(inner, |rewriter, exit| {
            let Taker { pattern: next, stmts: rest } = body(rewriter)?;
            let (mine, theirs, lets) = rewriter.pair_around(&next, &quote!(#len #element));
            let theirs = bind(&theirs, &element, site);
            let more = rewriter.fresh("more");
            let stmts = quote_spanned!(site=>
                let #more = #n < #len;
                if #more { #theirs #n += 1; #lets #rest } else { #exit });
            Ok(Taker { pattern: mine, stmts })
        })?;
        Ok(quote_spanned!(site=> #before let mut #n = 0_usize; #loops))
    }

    /// The patterns of the two items of a pair, and what puts them together where it is one name.
    fn pair(&mut self, next: &Pat) -> (Pat, Pat, TokenStream) {
        if let Pat::Tuple(tuple) = next
            && let [first, second] = tuple.elems.iter().collect::<Vec<_>>().as_slice()
            && !has_type(first)
        {
            return ((*first).clone(), (*second).clone(), TokenStream::new());
        }
        let (mine, theirs) = (self.fresh("item"), self.fresh("other"));
        let lets = bind(next, &quote!((#mine, #theirs)), self.site);
        (self.variable(&mine), self.variable(&theirs), lets)
    }

    /// The same where these tokens stand between the two: they see no name of the first.
    pub(super) fn pair_around(
        &mut self,
        next: &Pat,
        between: &TokenStream,
    ) -> (Pat, Pat, TokenStream) {
        let (mine, theirs, lets) = self.pair(next);
        if self.fits(&mine, None, between) {
            return (mine, theirs, lets);
        }
        let Looked { pattern, taken, .. } = self.looked(&mine, between, &Shape::Value);
        (pattern, theirs, quote!(#taken #lets))
    }

    /// What elements of an array are read from, and the statement that borrows it, if it is no
    /// variable: a reference to a variable could not be kept until the reverse sweep.
    pub(super) fn array(&mut self, of: &Expr, hint: &str) -> (TokenStream, TokenStream) {
        if matches!(of, Expr::Path(_) | Expr::Field(_)) {
            return (TokenStream::new(), of.to_token_stream());
        }
        let (site, array) = (self.site, self.fresh(hint));
        let borrow = super::order::borrowed(of, site);
        (quote_spanned!(site=> let #array = #borrow;), quote!(#array))
    }

    fn indexed(&mut self, items: &Iter, n: &Ident) -> Option<Indexed> {
        let site = self.site;
        match items {
            Iter::Source(source) => {
                let (of, by_value) = self.elements_of(source)?;
                let (lets, array) = self.array(&of, "beside");
                let element = if by_value { quote!(#array[#n]) } else { quote!(&#array[#n]) };
                Some(Indexed { lets, len: quote_spanned!(site=> #array.len()), element })
            }
            Iter::Made(Made { kind: MadeKind::Cycle(of, by_value), limit: None, .. }) => {
                let (lets, beside) = self.array(of, "beside");
                let element = quote_spanned!(site=> #beside[#n % #beside.len()]);
                Some(Indexed {
                    lets,
                    len: quote_spanned!(site=> if #beside.is_empty() { 0 } else { usize::MAX }),
                    element: if *by_value { element } else { quote_spanned!(site=> &#element) },
                })
            }
            Iter::Adapted(inner, Adaptor { kind: Kind::Map(f), .. }) => {
                let Indexed { lets, len, element } = self.indexed(inner, n)?;
                let closure = closure_of(f)?;
                let params = self.parameters(closure, &[element]);
                let value = self.body(closure);
                Some(Indexed { lets, len, element: quote_spanned!(site=> { #params #value }) })
            }
            _ => None,
        }
    }

    /// The array or slice that is iterated over, and whether its items are values.
    fn elements_of(&self, source: &Expr) -> Option<(Expr, bool)> {
        match source {
            Expr::Paren(inner) => self.elements_of(&inner.expr),
            Expr::Path(_) | Expr::Field(_) => Some((source.clone(), (self.scene.is_owned)(source))),
            Expr::Reference(of) if of.mutability.is_none() => Some(((*of.expr).clone(), false)),
            Expr::MethodCall(call) if call.args.is_empty() => {
                match call.method.to_string().as_str() {
                    "iter" => Some(((*call.receiver).clone(), false)),
                    "into_iter" => self.elements_of(&call.receiver),
                    "copied" | "cloned" => {
                        self.elements_of(&call.receiver).map(|(of, _)| (of, true))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// Whether `std` knows how many items there are, and does not ask for one beyond the shorter side.
fn is_exact(items: &Iter) -> bool {
    match items {
        Iter::Source(_) | Iter::Made(_) => true,
        Iter::Joined(one, other) => is_exact(one) && is_exact(other),
        Iter::Adapted(inner, Adaptor { kind, .. }) => match kind {
            Kind::Map(_)
            | Kind::Inspect(_)
            | Kind::Enumerate
            | Kind::Zip(..)
            | Kind::Skip(_)
            | Kind::Take(_)
            | Kind::StepBy(_)
            | Kind::Copied
            | Kind::Cloned => is_exact(inner),
            Kind::Filter(_)
            | Kind::FilterMap(_)
            | Kind::MapWhile(_)
            | Kind::TakeWhile(_)
            | Kind::SkipWhile(_)
            | Kind::FlatMap(_)
            | Kind::Flatten
            | Kind::Scan(..) => false,
        },
    }
}

/// What a call of a closure could be noticed by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Does {
    Nothing,
    /// It may panic.
    Panics,
    /// It changes or prints something.
    Things,
}

/// The closures of an iterator.
fn does(items: &Iter) -> Does {
    match items {
        Iter::Source(_) | Iter::Made(_) => Does::Nothing,
        Iter::Joined(one, other) => does(one).max(does(other)),
        Iter::Adapted(inner, adaptor) => {
            let own = match &adaptor.kind {
                Kind::Zip(other, _) => does(other),
                kind => kind.closure().map_or(Does::Nothing, call_of),
            };
            does(inner).max(own)
        }
    }
}

fn call_of(f: &Expr) -> Does {
    let mut seen = Seen(Does::Nothing);
    match closure_of(f) {
        Some(closure) => seen.visit_expr(&closure.body),
        None => seen.0 = Does::Panics,
    }
    seen.0
}

struct Seen(Does);

impl Visit<'_> for Seen {
    fn visit_expr(&mut self, expr: &Expr) {
        let here = match expr {
            Expr::Assign(_) | Expr::Macro(_) => Does::Things,
            Expr::Binary(of) if crate::lower::is_compound(&of.op) => Does::Things,
            Expr::Index(_) | Expr::Call(_) => Does::Panics,
            Expr::MethodCall(of)
                if crate::rules::Op::from_method(&of.method.to_string()).is_none() =>
            {
                Does::Panics
            }
            _ => Does::Nothing,
        };
        self.0 = self.0.max(here);
        visit::visit_expr(self, expr);
    }

    fn visit_stmt(&mut self, stmt: &Stmt) {
        if matches!(stmt, Stmt::Macro(_) | Stmt::Expr(Expr::Call(_) | Expr::MethodCall(_), Some(_)))
        {
            self.0 = Does::Things;
        }
        visit::visit_stmt(self, stmt);
    }
}
