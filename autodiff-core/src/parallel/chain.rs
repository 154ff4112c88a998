//! A parallel chain, read: how many items it has, and the same over a part of them, one after another.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

use super::{Built, Reason};
use crate::lower::unparenthesised;

/// Where the items of parallel iterators come from.
pub(crate) const SOURCES: [&str; 8] = [
    "par_iter",
    "par_chunks",
    "par_chunks_exact",
    "into_par_iter",
    "par_iter_mut",
    "par_chunks_mut",
    "par_windows",
    "par_bridge",
];

/// Ends without a float in what they give.
pub(super) const GIVES_NO_FLOAT: [&str; 3] = ["count", "any", "all"];

/// Adaptors of rayon's iterators, whether they are accepted or not.
const ADAPTORS: [&str; 31] = [
    "map",
    "filter",
    "filter_map",
    "flat_map_iter",
    "copied",
    "cloned",
    "enumerate",
    "zip",
    "zip_eq",
    "chain",
    "chunks",
    "flat_map",
    "flatten",
    "flatten_iter",
    "fold",
    "fold_with",
    "inspect",
    "interleave",
    "intersperse",
    "map_init",
    "map_with",
    "panic_fuse",
    "rev",
    "skip",
    "skip_any",
    "step_by",
    "take",
    "take_any",
    "update",
    "with_max_len",
    "with_min_len",
];

/// Whether an expression is a parallel iterator, as far as can be seen.
pub(super) fn is_parallel(expr: &Expr) -> bool {
    let Expr::MethodCall(call) = unparenthesised(expr) else { return false };
    let name = call.method.to_string();
    SOURCES.contains(&name.as_str())
        || ADAPTORS.contains(&name.as_str()) && is_parallel(&call.receiver)
}

/// The expressions that say which items a part has.
pub(super) struct Part<'p> {
    pub(super) first: &'p Ident,
    pub(super) end: &'p Ident,
    /// Whether a variable is passed to the function of a part as that part of it.
    pub(super) is_cut: &'p dyn Fn(&Expr) -> bool,
}

/// Items that can be counted and cut.
pub(super) enum Source<'e> {
    /// `of.par_iter()`
    Elements { of: &'e Expr },
    /// `of.par_chunks(length)`, or `par_chunks_exact`.
    Chunks { of: &'e Expr, length: &'e Expr, exact: bool },
    /// `(lo..hi).into_par_iter()`
    Range { range: &'e Expr },
}

impl<'e> Source<'e> {
    /// The source that a chain begins with, or the second one of a `zip`.
    fn read(call: &'e ExprMethodCall) -> Built<Self> {
        let of = behind(unparenthesised(&call.receiver));
        let args: Vec<&Expr> = call.args.iter().collect();
        let name = call.method.to_string();
        let read = match (name.as_str(), args.as_slice()) {
            ("par_iter", []) => Source::Elements { of },
            ("par_chunks", [length]) => Source::Chunks { of, length, exact: false },
            ("par_chunks_exact", [length]) => Source::Chunks { of, length, exact: true },
            ("into_par_iter", []) if is_range(of) => Source::Range { range: of },
            _ => {
                return Err(Reason::refused(
                    format!("cannot differentiate through `{name}`"),
                    "write `par_iter()`, `par_chunks(n)`, `par_chunks_exact(n)` or `(0..n).into_par_iter()`",
                    call.method.span(),
                ));
            }
        };
        read.expressions().into_iter().try_for_each(refuse_effects)?;
        Ok(read)
    }

    fn expressions(&self) -> Vec<&'e Expr> {
        match self {
            Source::Elements { of } => vec![of],
            Source::Chunks { of, length, .. } => vec![of, length],
            Source::Range { range: Expr::Range(range) } => {
                [&range.start, &range.end].into_iter().flatten().map(|end| &**end).collect()
            }
            Source::Range { .. } => Vec::new(),
        }
    }

    /// What has the items, if that is a variable or part of one.
    pub(super) fn of(&self) -> Option<&'e Expr> {
        match self {
            Source::Elements { of } | Source::Chunks { of, .. } => Some(of),
            Source::Range { .. } => None,
        }
    }

    fn count(&self) -> TokenStream {
        let site = Span::mixed_site();
        match self {
            Source::Elements { of } => {
                let of = base(of);
                quote_spanned!(site=> #of.len())
            }
            Source::Chunks { of, length, exact } => {
                let of = base(of);
                if *exact {
                    quote_spanned!(site=> #of.len() / (#length))
                } else {
                    quote_spanned!(site=> #of.len().div_ceil(#length))
                }
            }
            Source::Range { range } => quote_spanned!(site=> (#range).len()),
        }
    }

    /// What has the items of a part, where that is passed by itself.
    pub(super) fn cut(&self, part: &Part<'_>, of: &TokenStream) -> TokenStream {
        let (site, first, end) = (Span::mixed_site(), part.first, part.end);
        match self {
            Source::Chunks { length, .. } => quote_spanned!(site=>
                #of[#first * (#length)..(#end * (#length)).min(#of.len())]
            ),
            Source::Elements { .. } | Source::Range { .. } => {
                quote_spanned!(site=> #of[#first..#end])
            }
        }
    }

    /// The items of a part, one after another.
    fn within(&self, part: &Part<'_>) -> TokenStream {
        let (site, first, end) = (Span::mixed_site(), part.first, part.end);
        let memory = |of: &Expr| {
            if (part.is_cut)(of) { of.to_token_stream() } else { self.cut(part, &base(of)) }
        };
        match self {
            Source::Elements { of } => {
                let of = memory(of);
                quote_spanned!(site=> #of.iter())
            }
            Source::Chunks { of, length, exact } => {
                let of = memory(of);
                let method = Ident::new(if *exact { "chunks_exact" } else { "chunks" }, site);
                quote_spanned!(site=> #of.#method(#length))
            }
            Source::Range { range } => {
                quote_spanned!(site=> (#range).skip(#first).take(#end - #first))
            }
        }
    }
}

/// The sources of a chain, the first one first.
pub(super) fn sources<'e>(items: &'e Expr, found: &mut Vec<Source<'e>>) -> Built<()> {
    match unparenthesised(items) {
        Expr::MethodCall(call) if SOURCES.contains(&call.method.to_string().as_str()) => {
            found.push(Source::read(call)?);
        }
        Expr::MethodCall(call) => {
            sources(&call.receiver, found)?;
            if call.method == "zip"
                && let Some(other) = call.args.first()
            {
                zipped(other, found)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// What `zip` is given: an iterator, or what has one.
fn zipped<'e>(other: &'e Expr, found: &mut Vec<Source<'e>>) -> Built<()> {
    if is_parallel(other) {
        return sources(other, found);
    }
    let of = unparenthesised(other);
    refuse_effects(of)?;
    found.push(Source::Elements { of: behind(of) });
    Ok(())
}

fn behind(expr: &Expr) -> &Expr {
    match expr {
        Expr::Reference(of) => unparenthesised(&of.expr),
        other => other,
    }
}

/// The number of items: of the shortest source.
pub(super) fn count(sources: &[Source<'_>]) -> TokenStream {
    let site = Span::mixed_site();
    let mut counts = sources.iter().map(Source::count);
    let first = counts.next().unwrap_or_else(|| quote_spanned!(site=> 0));
    counts.fold(first, |least, other| quote_spanned!(site=> (#least).min(#other)))
}

/// The items of a part, one after another: the adaptors as they are, over less.
pub(super) fn within(items: &Expr, part: &Part<'_>) -> Built<TokenStream> {
    let Expr::MethodCall(call) = unparenthesised(items) else {
        let of = behind(unparenthesised(items));
        return Ok(Source::Elements { of }.within(part));
    };
    let name = call.method.to_string();
    if SOURCES.contains(&name.as_str()) {
        return Ok(Source::read(call)?.within(part));
    }
    if !is_parallel(&call.receiver) {
        return Ok(Source::Elements { of: behind(unparenthesised(items)) }.within(part));
    }
    let (method, first, end) = (&call.method, part.first, part.end);
    let inner = within(&call.receiver, part)?;
    let args: Vec<&Expr> = call.args.iter().collect();
    Ok(match (name.as_str(), args.as_slice()) {
        ("map" | "filter" | "filter_map", [f]) => {
            quote_spanned!(method.span()=> #inner.#method(#f))
        }
        ("flat_map_iter", [f]) => quote_spanned!(method.span()=> #inner.flat_map(#f)),
        ("copied" | "cloned", []) => quote_spanned!(method.span()=> #inner.#method()),
        ("enumerate", []) => quote_spanned!(method.span()=> (#first..#end).zip(#inner)),
        ("zip", [other]) => {
            let other = within(other, part)?;
            quote_spanned!(method.span()=> #inner.#method(#other))
        }
        _ => {
            return Err(Reason::refused(
                format!("cannot differentiate through `{name}` of a parallel iterator"),
                "use `zip`, `enumerate`, `map`, `filter`, `filter_map`, `flat_map_iter`, `copied` and `cloned`, \
                 or write `iter` in place of `par_iter`",
                method.span(),
            ));
        }
    })
}

/// What an index may follow.
fn base(of: &Expr) -> TokenStream {
    match of {
        Expr::Path(_) | Expr::Field(_) => of.to_token_stream(),
        _ => quote_spanned!(Span::mixed_site()=> (#of)),
    }
}

fn is_range(expr: &Expr) -> bool {
    matches!(expr, Expr::Range(range) if range.start.is_some() && range.end.is_some()
        && matches!(range.limits, syn::RangeLimits::HalfOpen(_)))
}

/// What is evaluated for each part must be the same each time, and do nothing.
fn refuse_effects(expr: &Expr) -> Built<()> {
    if is_plain(expr) {
        return Ok(());
    }
    Err(Reason::refused(
        "what a parallel sum goes along is computed in the same expression",
        "give it a name before, with its type: `let rows: &[f64] = …;`",
        expr.span(),
    ))
}

fn is_plain(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) | Expr::Lit(_) => true,
        Expr::Field(of) => is_plain(&of.base),
        Expr::Paren(of) => is_plain(&of.expr),
        Expr::Reference(of) => of.mutability.is_none() && is_plain(&of.expr),
        Expr::Unary(of) => is_plain(&of.expr),
        Expr::Binary(of) => is_plain(&of.left) && is_plain(&of.right),
        Expr::MethodCall(of) => of.method == "len" && of.args.is_empty() && is_plain(&of.receiver),
        _ => false,
    }
}
