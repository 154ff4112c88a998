//! Iterators made of a value or a closure: `repeat`, `successors`, and the elements of an array
//! round and round.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, ExprCall};

use super::closure::{bind, closure_of};
use super::option::Cases;
use super::read::{Iter, unparenthesised};
use super::run::{Body, Rewriter, Taker};
use super::{Built, Unread};

/// One that `core::iter` makes, and how many items are taken of it at most.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) kind: MadeKind,
    /// What it is called.
    pub(crate) name: Ident,
    pub(crate) limit: Option<Expr>,
}

/// How items are made.
#[derive(Clone)]
pub(crate) enum MadeKind {
    /// The same value each time.
    Repeat(Expr),
    /// What a closure without parameters gives.
    RepeatWith(Expr),
    /// The first, and what makes an item of the one before.
    Successors(Expr, Expr),
    /// The elements of an array, and whether they are values.
    Cycle(Expr, bool),
    /// Neighbours of an array as tuples, as long as the pattern that takes them, and whether they
    /// are values.
    Tuples(Expr, bool),
}

/// What a call of a function of `core::iter` makes; `Err` if it is not understood.
pub(crate) fn made(call: &ExprCall) -> Option<Built<Made>> {
    let Expr::Path(path) = &*call.func else { return None };
    let mut names = path.path.segments.iter().rev();
    let name = names.next()?.ident.clone();
    if names.next().is_none_or(|module| module.ident != "iter") {
        return None;
    }
    let args: Vec<&Expr> = call.args.iter().collect();
    let (kind, limit) = match (name.to_string().as_str(), args.as_slice()) {
        ("repeat", [x]) => (MadeKind::Repeat((*x).clone()), None),
        ("repeat_n", [x, n]) => (MadeKind::Repeat((*x).clone()), Some((*n).clone())),
        ("repeat_with", [f]) if closure_of(f).is_some() => {
            (MadeKind::RepeatWith((*f).clone()), None)
        }
        ("successors", [first, f]) => match unparenthesised(first) {
            Expr::Call(some) if super::option::is_some(&some.func) && some.args.len() == 1 => {
                let first = some.args.first()?.clone();
                (MadeKind::Successors(first, (*f).clone()), None)
            }
            _ => return Some(Err(Unread::at(&name))),
        },
        ("once", _) => return None,
        _ => return Some(Err(Unread::at(&name))),
    };
    Some(Ok(Made { kind, name, limit }))
}

/// `xs.iter().cycle()`: closures after `iter` are called again in each round.
pub(super) fn cycled(inner: Iter, method: &Ident) -> Built<Iter> {
    match inner {
        Iter::Source(source) => {
            let Some((of, by_value)) = elements(&source) else { return Err(Unread::at(method)) };
            let kind = MadeKind::Cycle(of, by_value);
            Ok(Iter::Made(Made { kind, name: method.clone(), limit: None }))
        }
        Iter::Adapted(inner, adaptor) if adaptor.kind.is_one_to_one() => {
            Ok(Iter::Adapted(Box::new(cycled(*inner, method)?), adaptor))
        }
        Iter::Adapted(..) | Iter::Joined(..) | Iter::Made(_) => Err(Unread::at(method)),
    }
}

/// `xs.iter().tuple_windows()`
pub(super) fn tuples(inner: &Iter, method: &Ident) -> Built<Iter> {
    let Iter::Source(source) = inner else { return Err(Unread::at(method)) };
    let Some((of, by_value)) = elements(source) else { return Err(Unread::at(method)) };
    let kind = MadeKind::Tuples(of, by_value);
    Ok(Iter::Made(Made { kind, name: method.clone(), limit: None }))
}

/// The array that is gone through, and whether its elements are copied.
fn elements(source: &Expr) -> Option<(Expr, bool)> {
    match source {
        Expr::Paren(inner) => elements(&inner.expr),
        Expr::MethodCall(call) if call.args.is_empty() => match call.method.to_string().as_str() {
            "iter" => Some(((*call.receiver).clone(), false)),
            "copied" | "cloned" => elements(&call.receiver).map(|(of, _)| (of, true)),
            _ => None,
        },
        _ => None,
    }
}

/// Statements made of a taker's pattern and statements.
type Stmts<'k, 's> =
    &'k mut dyn FnMut(&mut Rewriter<'s>, &syn::Pat, &TokenStream) -> Built<TokenStream>;

impl<'s> Rewriter<'s> {
    /// The statements that hand the items to `body`.
    pub(super) fn run_made(&mut self, made: &Made, body: Body<'_, 's>) -> Built<TokenStream> {
        let site = self.site;
        let limit = if let Some(limit) = &made.limit {
            quote_spanned!(site=> #limit)
        } else {
            quote_spanned!(site=> usize::MAX)
        };
        match &made.kind {
            MadeKind::Repeat(value) => {
                let repeated = self.fresh("repeated");
                let loops = self.times(&limit, body, &mut |_, pattern, stmts| {
                    let item = bind(pattern, &quote!(#repeated), site);
                    Ok(quote!(#item #stmts))
                })?;
                Ok(quote_spanned!(site=> let #repeated = #value; #loops))
            }
            MadeKind::RepeatWith(f) => self.times(&limit, body, &mut |rewriter, pattern, stmts| {
                let value = rewriter.applied(f, &[]);
                let item = bind(pattern, &value, site);
                Ok(quote!(#item #stmts))
            }),
            MadeKind::Cycle(of, by_value) => self.cycle(of, *by_value, &limit, body),
            MadeKind::Tuples(of, by_value) => self.tuple_windows(made, (of, *by_value), body),
            MadeKind::Successors(first, f) => self.successors((first, f), &made.name, &limit, body),
        }
    }

    /// A loop that runs so many times, with statements made of the taker's.
    fn times(
        &mut self,
        limit: &TokenStream,
        body: Body<'_, 's>,
        stmts: Stmts<'_, 's>,
    ) -> Built<TokenStream> {
        let site = self.site;
        let source: Expr =
            syn::parse2(quote_spanned!(site=> 0..#limit)).map_err(|_| Unread::at(&self.method))?;
        self.run(&Iter::Source(source), &mut |rewriter| {
            let Taker { pattern, stmts: rest } = body(rewriter)?;
            let stmts = stmts(rewriter, &pattern, &rest)?;
            Ok(Taker { pattern: syn::parse_quote!(_), stmts })
        })
    }

    fn cycle(
        &mut self,
        of: &Expr,
        by_value: bool,
        limit: &TokenStream,
        body: Body<'_, 's>,
    ) -> Built<TokenStream> {
        let site = self.site;
        let (lets, around) = self.array(of, "around");
        let n = self.fresh("n");
        let bound = quote_spanned!(site=> if #around.is_empty() { 0 } else { #limit });
        let source: Expr =
            syn::parse2(quote_spanned!(site=> 0..#bound)).map_err(|_| Unread::at(&self.method))?;
        let loops = self.run(&Iter::Source(source), &mut |rewriter| {
            let Taker { pattern, stmts } = body(rewriter)?;
            let at = quote_spanned!(site=> #around[#n % #around.len()]);
            let value = if by_value { at } else { quote_spanned!(site=> &#at) };
            let item = bind(&pattern, &value, site);
            Ok(Taker { pattern: rewriter.variable(&n), stmts: quote!(#item #stmts) })
        })?;
        Ok(quote!(#lets #loops))
    }

    /// `for w in of.windows(n) { let (a, b) = (&w[0], &w[1]); … }`
    fn tuple_windows(
        &mut self,
        made: &Made,
        (of, by_value): (&Expr, bool),
        body: Body<'_, 's>,
    ) -> Built<TokenStream> {
        let site = self.site;
        let Taker { pattern, stmts } = body(self)?;
        let syn::Pat::Tuple(tuple) = &pattern else { return Err(Unread::at(&made.name)) };
        if tuple.elems.iter().any(|part| matches!(part, syn::Pat::Rest(_))) {
            return Err(Unread::at(&made.name));
        }
        let size = proc_macro2::Literal::usize_unsuffixed(tuple.elems.len());
        let window = self.fresh("window");
        let star = if by_value { TokenStream::new() } else { quote_spanned!(site=> &) };
        let parts = (0..tuple.elems.len()).map(|at| {
            let at = proc_macro2::Literal::usize_unsuffixed(at);
            quote_spanned!(site=> #star #window[#at])
        });
        let taken = bind(&pattern, &quote!((#(#parts,)*)), site);
        let take = made.limit.as_ref().map(|limit| quote_spanned!(site=> .take(#limit)));
        let source = quote_spanned!(site=> #of.windows(#size) #take);
        let source = Iter::Source(syn::parse2(source).map_err(|_| Unread::at(&made.name))?);
        let pattern = self.variable(&window);
        self.run(&source, &mut |_| {
            Ok(Taker { pattern: pattern.clone(), stmts: quote!(#taken #stmts) })
        })
    }

    /// The next item is made when one is taken, before it is used.
    fn successors(
        &mut self,
        (first, f): (&Expr, &Expr),
        name: &Ident,
        limit: &TokenStream,
        body: Body<'_, 's>,
    ) -> Built<TokenStream> {
        let site = self.site;
        let Some(closure) = closure_of(f).filter(|closure| closure.inputs.len() == 1) else {
            return Err(Unread::at(name));
        };
        let (next, ended) = (self.fresh("next"), self.fresh("ended"));
        let last = self.fresh("last");
        let closure = self.renamed(closure, name)?;
        // Loops further in end with `ended`: it is not set before they have run.
        let none = quote_spanned!(site=> #last = true;);
        self.flags.push(ended.clone());
        let loops = self.times(limit, body, &mut |rewriter, pattern, stmts| {
            let (item, after) = (rewriter.fresh("item"), rewriter.fresh("after"));
            let lets = rewriter.parameters(&closure, &[quote_spanned!(site=> &#item)]);
            let some = Taker {
                pattern: rewriter.variable(&after),
                stmts: quote_spanned!(site=> #next = #after;),
            };
            let cases = Cases { some: &some, none: &none, method: name };
            let step = rewriter.cases(&closure.body, &cases)?;
            let taken = bind(pattern, &quote!(#item), site);
            Ok(quote_spanned!(site=>
                let #item = #next;
                let mut #last = false;
                { #lets #step }
                #taken #stmts
                if #last { #ended = true; }))
        });
        self.flags.pop();
        let loops = loops?;
        Ok(quote_spanned!(site=> let mut #next = #first; let mut #ended = false; #loops))
    }
}
