//! Ranges inside of chains, and other sources without a derivative: how many items they have,
//! where that can be told before the loop.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, ExprRange, Local, Pat, RangeLimits, Type};

use super::stream::{Item, Move, Stream};
use super::{Lowered, Lowerer};
use crate::ir::{Active, Effect, IntOp, Kind, Ty, ValueId};

/// Whether a type is spelled `usize`.
pub(crate) fn is_usize(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("usize"))
}

impl Lowerer<'_> {
    /// Whether a `let` binds a name to a `usize`, as far as it is spelled.
    pub(crate) fn is_counted(&self, local: &Local) -> bool {
        match (&local.pat, &local.init) {
            (Pat::Type(typed), _) => is_usize(&typed.ty),
            (Pat::Ident(_), Some(init)) => self.is_count(&init.expr),
            _ => false,
        }
    }

    /// Notes the variable of such a `let`.
    pub(crate) fn note_count(&mut self, local: &Local) {
        let mut pattern = &local.pat;
        while let Pat::Type(typed) = pattern {
            pattern = &typed.pat;
        }
        let Pat::Ident(ident) = pattern else { return };
        self.counts.extend(self.scopes.lookup(&ident.ident));
    }

    /// Whether an expression is known to be a `usize`.
    fn is_count(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Paren(of) => self.is_count(&of.expr),
            Expr::MethodCall(call) => call.method == "len" && call.args.is_empty(),
            Expr::Path(path) => {
                let binding = path.path.get_ident().and_then(|ident| self.scopes.lookup(ident));
                binding.is_some_and(|binding| self.counts.contains(&binding))
            }
            Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(lit), .. }) => lit.suffix() == "usize",
            _ => false,
        }
    }

    /// `lo..hi` inside of a chain.
    pub(super) fn inert_range(&mut self, expr: &Expr, range: &ExprRange) -> Lowered<Stream> {
        let stream = self.unknown(expr)?;
        let (Some(start), Some(end)) = (range.start.as_deref(), range.end.as_deref()) else {
            return Ok(stream);
        };
        let open = matches!(range.limits, RangeLimits::HalfOpen(_));
        if open && literal(start) == Some(0) && self.is_count(end) {
            let trips = self.count(end)?;
            return Ok(Stream { trips: Some(trips), item: Item::Number, ..stream });
        }
        if open && self.is_count(end) && (self.is_count(start) || literal(start).is_some()) {
            let (lo, hi) = (self.count(start)?, self.count(end)?);
            let least = self.integer(IntOp::Min, (lo, hi), "start", expr.span());
            let trips = self.integer(IntOp::Sub, (hi, least), "len", expr.span());
            let item = Item::Moved(Box::new(Item::Number), Move::Skip(lo));
            return Ok(Stream { trips: Some(trips), item, ..stream });
        }
        if !is_quiet(start) || !is_quiet(end) {
            return Ok(stream);
        }
        // Of whatever integer it is.
        let site = Span::mixed_site().located_at(expr.span());
        let len = syn::parse_quote_spanned!(site=> (#expr).size_hint().0);
        Ok(self.measured(stream, len, "len"))
    }

    fn count(&mut self, expr: &Expr) -> Lowered<ValueId> {
        let operand = self.inert(expr)?;
        Ok(self.settle_index(operand, self.insts.len()).0)
    }

    /// `xs[lo..hi]` without a derivative: nothing is kept of it but how long it is.
    pub(super) fn inert_part(&mut self, expr: &Expr) -> Lowered<Stream> {
        let stream = self.unknown(expr)?;
        let mut of = expr;
        while let Expr::Reference(inner) = of {
            of = &inner.expr;
        }
        match of {
            Expr::Index(index)
                if is_quiet(&index.expr)
                    && matches!(&*index.index, Expr::Range(range) if is_quiet_range(range)) =>
            {
                let site = Span::mixed_site().located_at(expr.span());
                let len = syn::parse_quote_spanned!(site=> #of.len());
                Ok(self.measured(stream, len, "part_len"))
            }
            _ => Ok(stream),
        }
    }

    /// A source with the expression that tells how many items it has.
    fn measured(&mut self, stream: Stream, len: Expr, hint: &str) -> Stream {
        let span = len.span();
        let kind =
            Kind::Opaque { expr: Box::new(len), reads: stream.reads.clone(), effect: Effect::Pure };
        let trips = self.push_value((Ty::Inert, hint, Active::No), kind, None, span);
        Stream { trips: Some(trips), ..stream }
    }
}

/// An integer literal without a suffix.
fn literal(expr: &Expr) -> Option<usize> {
    match expr {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(lit), .. }) if lit.suffix().is_empty() => {
            lit.base10_parse().ok()
        }
        _ => None,
    }
}

/// Whether an expression may be evaluated once more: it does nothing, and costs nothing.
fn is_quiet(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) | Expr::Path(_) => true,
        Expr::Paren(of) => is_quiet(&of.expr),
        Expr::Field(of) => is_quiet(&of.base),
        Expr::Reference(of) => of.mutability.is_none() && is_quiet(&of.expr),
        Expr::Unary(of) => is_quiet(&of.expr),
        Expr::Cast(of) => is_quiet(&of.expr),
        Expr::Binary(of) => {
            !super::is_compound(&of.op) && is_quiet(&of.left) && is_quiet(&of.right)
        }
        Expr::MethodCall(of) => of.method == "len" && of.args.is_empty() && is_quiet(&of.receiver),
        _ => false,
    }
}

fn is_quiet_range(range: &ExprRange) -> bool {
    [&range.start, &range.end].into_iter().flatten().all(|end| is_quiet(end))
}
