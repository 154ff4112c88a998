//! What needs no derivative: it is passed through as it is written.

use proc_macro2::Span;
use syn::Expr;
use syn::spanned::Spanned;
use syn::visit::Visit;

use super::methods::INERT_METHODS;
use super::operand::{Operand, Passive, Wrap};
use super::{Lowered, Lowerer};
use crate::diagnostics::Refusal;
use crate::ir::{Active, BindingId, Effect, Kind, Ty};

impl Lowerer<'_> {
    /// An expression whose value needs no derivative: a condition, an index, a count. It may read
    /// active variables; it may not change or hand them on.
    pub(crate) fn inert<'e>(&mut self, expr: &'e Expr) -> Lowered<Operand<'e>> {
        let scan = self.scan(|scan| scan.visit_expr(expr));
        let hidden = scan.hides_derivative();
        let (reads, effect) = (scan.reads, scan.effect);
        let writes = !scan.writes.is_empty();
        if let Some((refusal, span)) = scan.refusal {
            return self.refuse(&refusal, span);
        }
        if hidden {
            return self.refuse(&Refusal::HiddenAssignment, expr.span());
        }
        let passive = Passive { expr, reads, effect, ty: self.inert_ty(expr) };
        if !writes {
            return Ok(Operand::Passive(passive));
        }
        let passive = Passive { effect: Effect::Any, ..passive };
        if is_control(expr) {
            // A statement: its variables get their versions where that is passed through.
            return Ok(Operand::Passive(passive));
        }
        Ok(self.writing(passive, &scan.writes))
    }

    /// What is known of the type of what needs no derivative.
    fn inert_ty(&self, expr: &Expr) -> Ty {
        match expr {
            Expr::Binary(binary) if super::expr::arithmetic(&binary.op).is_none() => Ty::Inert,
            Expr::Lit(_) => Ty::Inert,
            Expr::Paren(inner) => self.inert_ty(&inner.expr),
            Expr::MethodCall(call)
                if INERT_METHODS.contains(&call.method.to_string().as_str())
                    || crate::chain::is_inert_end(call) =>
            {
                Ty::Inert
            }
            Expr::Cast(cast) => super::types::spelled(&cast.ty, &self.known),
            Expr::Call(call) => match &*call.func {
                // `T::from_f64(2.0)`
                Expr::Path(path) if self.makes_float(path) => {
                    self.float_segment(path).map_or(Ty::Unknown, Ty::Float)
                }
                Expr::Path(path) => super::receiver::container_made(path)
                    .map(Ty::Named)
                    .or_else(|| super::option::variant_ty(expr))
                    .unwrap_or(Ty::Unknown),
                _ => super::option::variant_ty(expr).unwrap_or(Ty::Unknown),
            },
            _ => super::option::variant_ty(expr).unwrap_or(Ty::Unknown),
        }
    }

    /// Whether a function gives a float of the type that it is called of.
    fn makes_float(&self, path: &syn::ExprPath) -> bool {
        let name = super::call::name_of_owned(path);
        matches!(name.as_str(), "from" | "from_f64" | "zero" | "one")
            && self.float_segment(path).is_some()
    }

    /// An expression without a derivative that changes variables by the way: `next(&mut state)`.
    fn writing<'e>(&mut self, passive: Passive<'e>, writes: &[BindingId]) -> Operand<'e> {
        let (expr, span) = (passive.expr, passive.expr.span());
        let value = self.value(passive.ty, "value", span, Active::No);
        let mut results = vec![value];
        results.extend(writes.iter().map(|&binding| self.written(binding)));
        let syntax = super::operand::expression(vec![self.passed_through(expr)]);
        let kind = Kind::Opaque {
            expr: Box::new(expr.clone()),
            reads: passive.reads,
            effect: passive.effect,
        };
        self.push(results, kind, Some(syntax), span);
        Operand::Computed(value, Wrap::Bare)
    }

    /// Passed through if nothing active is in it, else refused.
    pub(crate) fn passive_or<'e>(
        &mut self,
        expr: &'e Expr,
        refusal: &Refusal,
    ) -> Lowered<Operand<'e>> {
        let scan = self.scan(|scan| scan.visit_expr(expr));
        if scan.active || scan.writes_active {
            return self.refuse(refusal, refusal_span(expr));
        }
        self.inert(expr)
    }
}

/// Whether an expression is a loop, a branch or a block.
fn is_control(expr: &Expr) -> bool {
    matches!(
        super::unparenthesised(expr),
        Expr::ForLoop(_)
            | Expr::While(_)
            | Expr::Loop(_)
            | Expr::If(_)
            | Expr::Match(_)
            | Expr::Block(_)
            | Expr::Assign(_)
            | Expr::Closure(_)
    )
}

/// The smallest token that shows what is refused.
fn refusal_span(expr: &Expr) -> Span {
    match expr {
        Expr::ForLoop(e) => e.for_token.span(),
        Expr::While(e) => e.while_token.span(),
        Expr::Loop(e) => e.loop_token.span(),
        Expr::Unsafe(e) => e.unsafe_token.span(),
        Expr::Closure(_) => first_token(expr),
        Expr::Struct(e) => e.path.span(),
        Expr::Index(e) => e.index.span(),
        Expr::Assign(e) => e.eq_token.span(),
        _ => expr.span(),
    }
}

fn first_token(expr: &Expr) -> Span {
    let first = quote::ToTokens::to_token_stream(expr).into_iter().next();
    first.map_or_else(|| expr.span(), |token| token.span())
}
