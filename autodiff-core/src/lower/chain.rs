//! Iterator chains with closures: lowered as the loops that they are rewritten to.

use std::rc::Rc;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Expr, ExprMethodCall};

use super::operand::{Operand, Wrap};
use super::{Lowered, Lowerer};
use crate::chain::{Chain, Scene, Unread, apart, chain, extended, looped, rewritten};
use crate::diagnostics::Refusal;
use crate::hash::HashSet;
use crate::ir::FloatTy;

impl Lowerer<'_> {
    /// A method call that ends a chain of iterators in which something is active.
    pub(crate) fn chained<'e>(
        &mut self,
        expr: &'e Expr,
        call: &ExprMethodCall,
    ) -> Option<Lowered<Operand<'e>>> {
        let expected = self.expected.take();
        let apart = self.apart(expr);
        let read = match &apart {
            Some(Expr::MethodCall(call)) => chain(call, expected.as_ref())?,
            _ => chain(call, expected.as_ref())?,
        };
        Some(self.synthetic(expr, |lowerer| lowerer.rewritten_chain(read?)))
    }

    /// `v.extend(…)` with such a chain.
    pub(crate) fn extended_by<'e>(
        &mut self,
        expr: &'e Expr,
        call: &ExprMethodCall,
    ) -> Option<Lowered<Operand<'e>>> {
        let scan = self.scan(|scan| scan.visit_expr(expr));
        if !scan.active && !scan.writes_active {
            return None;
        }
        let apart = self.apart(expr);
        let read = match &apart {
            Some(Expr::MethodCall(call)) => extended(call)?,
            _ => extended(call)?,
        };
        Some(self.synthetic(expr, |lowerer| lowerer.rewritten_chain(read?)))
    }

    /// A `for` loop over such a chain.
    pub(crate) fn looped_chain<'e>(
        &mut self,
        expr: &'e Expr,
        of: &syn::ExprForLoop,
    ) -> Option<Lowered<Operand<'e>>> {
        let apart = self.apart(&of.expr);
        let items = apart.as_ref().unwrap_or(&of.expr);
        let read = looped((of, items), super::repeat::without_exit(&of.body.stmts))?;
        Some(self.synthetic(expr, |lowerer| lowerer.rewritten_chain(read?)))
    }

    /// An iterator whose closures bind no name that a closure with a name captures; nothing where
    /// there is no such closure.
    fn apart(&mut self, expr: &Expr) -> Option<Expr> {
        let captured = self.captured_names();
        if captured.is_empty() {
            return None;
        }
        let mut expr = expr.clone();
        apart(&mut expr, &captured, &mut self.mentioned().names);
        Some(expr)
    }

    /// The names of what the closures capture that have names.
    fn captured_names(&self) -> HashSet<String> {
        let named = self.closures.values().flat_map(super::closure::Named::captures);
        named.map(|binding| super::plain_name(&self.function.bindings[binding].ident)).collect()
    }

    fn rewritten_chain(&mut self, chain: Chain) -> Result<Expr, Unread> {
        let float = self.mentioned().float.clone();
        let mut names = std::mem::take(&mut self.mentioned().names);
        let captured = self.captured_names();
        let scene = Scene {
            names: &mut names,
            captured,
            targets: self.targets.clone(),
            is_owned: &|expr| self.is_owned(expr),
            is_active: &|expr| {
                let scan = self.scan(|scan| scan.visit_expr(expr));
                scan.active || scan.writes_active
            },
            float,
            params: &self.known,
        };
        let block = rewritten(chain, scene);
        self.mentioned().names = names;
        block
    }

    /// Whether an expression is a variable that holds an array or a `Vec` itself.
    fn is_owned(&self, expr: &Expr) -> bool {
        let Expr::Path(path) = expr else { return false };
        let binding = path.path.get_ident().and_then(|ident| self.scopes.lookup(ident));
        let version = binding.and_then(|binding| self.scopes.version(binding));
        version.is_some_and(|version| self.ty(version).ref_depth() == 0)
    }

    /// Lowers the statements that a statement is rewritten to, where it stands.
    pub(crate) fn spread(
        &mut self,
        expr: &Expr,
        write: impl FnOnce(&mut Self) -> Result<Expr, Unread>,
    ) -> Lowered<()> {
        let block = match self.facts.rewritten(expr) {
            Some(known) => known,
            None => match write(self) {
                Ok(block) => self.facts.keep(expr, block),
                Err(unread) => return self.refuse(&Refusal::Iterator(unread.name), unread.span),
            },
        };
        let Expr::Block(of) = &*block else {
            return self.refuse(&Refusal::Expression, expr.span());
        };
        let tail = super::stmt::Tail::of(false, super::stmt::Place::Block);
        self.statements(&of.block.stmts, tail).map(|_| ())
    }

    /// Lowers what an expression is rewritten to: the same syntax in every round.
    pub(crate) fn synthetic<'e>(
        &mut self,
        expr: &'e Expr,
        write: impl FnOnce(&mut Self) -> Result<Expr, Unread>,
    ) -> Lowered<Operand<'e>> {
        let block = match self.facts.rewritten(expr) {
            Some(known) => known,
            None => match write(self) {
                Ok(block) => self.facts.keep(expr, block),
                Err(unread) => return self.refuse(&Refusal::Iterator(unread.name), unread.span),
            },
        };
        let targets = std::mem::take(&mut self.targets);
        if self.spread.take() == Some(std::ptr::from_ref(expr).addr())
            && let Expr::Block(of) = &*block
            && let Some((syn::Stmt::Expr(tail, None), stmts)) = of.block.stmts.split_last()
            && is_all(tail, &targets)
        {
            self.statements(stmts, super::stmt::Tail::of(false, super::stmt::Place::Block))?;
            return Ok(Operand::Nothing(expr.span()));
        }
        let operand = match &*block {
            Expr::Block(of) => self.control(&block, ends_in_value(&of.block))?,
            other => self.expr(other)?,
        };
        Ok(match operand {
            Operand::Computed(value, _) => Operand::Computed(value, Wrap::Parens),
            Operand::Nothing(_) => Operand::Nothing(expr.span()),
            operand @ (Operand::Passive(_) | Operand::Read(..)) => {
                let (value, _) = self.settled(operand);
                Operand::Computed(value, Wrap::Parens)
            }
        })
    }
}

/// Whether an expression is these variables.
fn is_all(expr: &Expr, targets: &[syn::Ident]) -> bool {
    let is = |expr: &Expr, target: &syn::Ident| match expr {
        Expr::Path(path) => path.path.is_ident(target),
        _ => false,
    };
    match (expr, targets) {
        (expr, [target]) => is(expr, target),
        (Expr::Tuple(tuple), targets) if tuple.elems.len() == targets.len() => {
            tuple.elems.iter().zip(targets).all(|(expr, target)| is(expr, target))
        }
        _ => false,
    }
}

/// Whether a block has a value.
fn ends_in_value(block: &syn::Block) -> bool {
    matches!(
        block.stmts.last(),
        Some(syn::Stmt::Expr(last, None)) if !matches!(last, Expr::ForLoop(_))
    )
}

/// A literal of rewritten syntax, as a value of the float that the function computes with.
pub(crate) fn lifted(literal: TokenStream, float: Option<&FloatTy>, site: Span) -> TokenStream {
    match float {
        Some(FloatTy::Param(name)) => quote_spanned!(site=> #name::from_f64(#literal)),
        Some(FloatTy::F32 | FloatTy::F64 | FloatTy::Inferred) | None => literal,
    }
}

/// The float type that a function mentions, if it is one only.
pub(crate) fn only_float(tokens: TokenStream) -> Option<FloatTy> {
    let (mut single, mut double) = (false, false);
    floats(tokens, &mut |name| match name {
        "f32" => single = true,
        "f64" => double = true,
        _ => {}
    });
    match (single, double) {
        (false, true) => Some(FloatTy::F64),
        (true, false) => Some(FloatTy::F32),
        (true, true) | (false, false) => None,
    }
}

/// Whether `f32` or `f64` is mentioned.
pub(crate) fn mentions_width(tokens: TokenStream) -> bool {
    let mut found = false;
    floats(tokens, &mut |name| found |= matches!(name, "f32" | "f64"));
    found
}

fn floats(tokens: TokenStream, found: &mut impl FnMut(&str)) {
    for tree in tokens {
        match tree {
            TokenTree::Ident(ident) => found(&ident.to_string()),
            TokenTree::Group(group) => floats(group.stream(), found),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                ["f32", "f64"].iter().filter(|float| text.ends_with(*float)).for_each(|f| found(f));
            }
            TokenTree::Punct(_) => {}
        }
    }
}

/// Syntax that was rewritten, by the place and the text of what it was.
#[derive(Clone, Default)]
pub(crate) struct Rewritten {
    known: crate::hash::HashMap<(usize, String), Rc<Expr>>,
}

impl Rewritten {
    fn key(expr: &Expr) -> (usize, String) {
        (std::ptr::from_ref(expr).addr(), expr.to_token_stream().to_string())
    }

    pub(crate) fn get(&self, expr: &Expr) -> Option<Rc<Expr>> {
        self.known.get(&Self::key(expr)).cloned()
    }

    pub(crate) fn keep(&mut self, expr: &Expr, block: Expr) -> Rc<Expr> {
        let block = Rc::new(block);
        self.known.insert(Self::key(expr), Rc::clone(&block));
        block
    }
}
