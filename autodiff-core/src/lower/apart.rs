//! Tuples of vectors that a block or a branch gives: each part is made in a variable of its own.
//!
//! `let (a, b) = if c { (x, y) } else { (y, x) };` becomes
//!
//! ```text
//! let a; let b;
//! if c { a = x; b = y; } else { a = y; b = x; }
//! ```
//!
//! so that no tuple is kept, out of which its parts could be moved only once.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Expr, Local, Pat, Stmt, Type};

use super::{Lowered, Lowerer, unparenthesised};
use crate::chain::Unread;
use crate::structure::mentions::mentioned;

/// A variable of the pattern, and the type that is spelled for it.
type Part<'p> = (&'p syn::PatIdent, Option<&'p Type>);

impl Lowerer<'_> {
    /// A `let` whose tuple is taken apart inside; `None` where it stays as it is.
    pub(crate) fn let_apart(&mut self, local: &Local, init: &Expr) -> Option<Lowered<()>> {
        let (tuple, ty) = spelled(&local.pat);
        let parts = parts(tuple, ty)?;
        if !holds_vectors(local) || !self.scan(|scan| scan.visit_expr(init)).active {
            return None;
        }
        let init = unparenthesised(init);
        let site = Span::mixed_site().located_at(local.pat.span());
        // Where the block has variables of these names, its own are meant there.
        let hidden =
            parts.iter().any(|(part, _)| mentioned(init).contains(&part.ident.to_string()));
        let set: Vec<syn::Ident> = parts
            .iter()
            .map(|(part, _)| {
                if hidden {
                    self.fresh(&super::plain_name(&part.ident), site)
                } else {
                    part.ident.clone()
                }
            })
            .collect();
        let halves = [self.fresh("left", site), self.fresh("right", site)];
        let arms = Arms { set: &set, halves: &halves, ty, site };
        let halving = is_halving(init);
        if halving && !hidden {
            return None;
        }
        let arms = if halving { arms.tail(init) } else { arms.of(init) }?;
        let declared = parts.iter().zip(&set).map(|((part, ty), set)| {
            let mutability = part.mutability.filter(|_| !hidden);
            let ty = ty.filter(|ty| !matches!(ty, Type::Infer(_)));
            let ty = ty.map(|ty| quote_spanned!(site=> : #ty));
            quote_spanned!(site=> let #mutability #set #ty;)
        });
        let mut stmts: TokenStream = declared.collect();
        stmts.extend(arms);
        if hidden {
            let renamed = parts.iter().zip(&set);
            stmts.extend(renamed.map(|((part, _), set)| quote_spanned!(site=> let #part = #set;)));
        }
        Some(self.spread(init, |_| {
            let unread = |_| Unread { name: "let".to_owned(), span: local.pat.span() };
            syn::parse2(quote!({ #stmts })).map_err(unread)
        }))
    }
}

/// A pattern and the type that is spelled for it.
fn spelled(pattern: &Pat) -> (&Pat, Option<&Type>) {
    match pattern {
        Pat::Type(typed) => (&typed.pat, Some(&typed.ty)),
        pattern => (pattern, None),
    }
}

/// The variables of a pair.
fn parts<'p>(pattern: &'p Pat, ty: Option<&'p Type>) -> Option<Vec<Part<'p>>> {
    let Pat::Tuple(tuple) = pattern else { return None };
    let types: Vec<Option<&Type>> = match ty {
        Some(Type::Tuple(of)) => of.elems.iter().map(Some).collect(),
        Some(_) => return None,
        None => vec![None; tuple.elems.len()],
    };
    let names = tuple.elems.iter().map(|part| match part {
        Pat::Ident(ident) if ident.by_ref.is_none() && ident.subpat.is_none() => Some(ident),
        _ => None,
    });
    let names = names.collect::<Option<Vec<_>>>()?;
    (names.len() == 2 && types.len() == 2).then(|| names.into_iter().zip(types).collect())
}

/// Whether what is made may hold a `Vec`, as far as its words tell.
fn holds_vectors(local: &Local) -> bool {
    let words = mentioned(local);
    let makers = ["Vec", "vec", "collect", "to_vec", "unzip", "partition", "concat"];
    makers.iter().any(|word| words.contains(*word))
}

/// Whether a chain ends in two collections.
fn is_halving(expr: &Expr) -> bool {
    matches!(expr, Expr::MethodCall(call) if call.method == "unzip" || call.method == "partition")
}

/// What is written in place of the tails of a block or a branch.
struct Arms<'a> {
    /// The variables that are set.
    set: &'a [syn::Ident],
    /// Names for the halves of what is made in one.
    halves: &'a [syn::Ident; 2],
    ty: Option<&'a Type>,
    site: Span,
}

impl Arms<'_> {
    /// The statements of a construct; `None` if it is none, or has an arm that is not understood.
    fn of(&self, expr: &Expr) -> Option<TokenStream> {
        let site = self.site;
        match expr {
            Expr::Block(of) if of.label.is_none() && of.attrs.is_empty() => self.block(&of.block),
            Expr::If(of) if of.attrs.is_empty() => {
                let (condition, then) = (&of.cond, self.block(&of.then_branch)?);
                let otherwise = self.of(&of.else_branch.as_ref()?.1)?;
                Some(quote_spanned!(site=> if #condition #then else #otherwise))
            }
            Expr::Match(of) if of.attrs.is_empty() => {
                let scrutinee = &of.expr;
                let mut arms = TokenStream::new();
                for arm in &of.arms {
                    let (pattern, body) = (&arm.pat, self.tail(&arm.body)?);
                    arms.extend(quote_spanned!(site=> #pattern => { #body }));
                }
                Some(quote_spanned!(site=> match #scrutinee { #arms }))
            }
            _ => None,
        }
    }

    fn block(&self, block: &syn::Block) -> Option<TokenStream> {
        let (Stmt::Expr(tail, None), stmts) = block.stmts.split_last()? else { return None };
        let tail = self.tail(tail)?;
        Some(quote_spanned!(self.site=> { #(#stmts)* #tail }))
    }

    /// The statements that set the variables to the parts of a value.
    fn tail(&self, tail: &Expr) -> Option<TokenStream> {
        let (site, [a, b]) = (self.site, self.set) else { return None };
        match unparenthesised(tail) {
            Expr::Tuple(of) if of.elems.len() == 2 => {
                let (one, other) = (of.elems.first()?, of.elems.last()?);
                Some(quote_spanned!(site=> #a = #one; #b = #other;))
            }
            call if is_halving(call) => {
                let [left, right] = self.halves;
                let ty = self.ty.map(|ty| quote_spanned!(site=> : #ty));
                Some(quote_spanned!(site=>
                    let (#left, #right) #ty = #call; #a = #left; #b = #right;))
            }
            construct => self.of(construct),
        }
    }
}
