//! Statements, in order: every one is lowered, passed through or refused.

use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Expr, Local, Pat, Stmt};

use super::operand::{Operand, statement, tokens};
use super::pattern::Bound;
use super::{Lowered, Lowerer, unparenthesised};
use crate::diagnostics::Refusal;
use crate::ir::{Active, Effect, Kind, Piece, Syntax, Ty, ValueId};

/// What stands at the end of a list of statements.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tail {
    /// The value of the block.
    Value(Place),
    /// Nothing: a last expression is a statement of type `()`.
    Unit(Place),
}

/// What the statements are the body of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A function: `return` may end it.
    Function,
    /// A block or an arm.
    Block,
}

impl Tail {
    pub(crate) fn of(has_value: bool, place: Place) -> Self {
        if has_value { Tail::Value(place) } else { Tail::Unit(place) }
    }
}

impl Lowerer<'_> {
    /// Lowers all statements, reporting every error; the value of the last if it has one.
    pub(crate) fn statements(&mut self, stmts: &[Stmt], tail: Tail) -> Lowered<Option<ValueId>> {
        let Some((last, before)) = stmts.split_last() else {
            return Ok(None);
        };
        let mut refused = None;
        for stmt in before {
            if let Err(error) = self.statement(stmt) {
                refused = Some(error);
            }
        }
        let value = self.last_statement(last, tail);
        refused.map_or(value, Err)
    }

    fn last_statement(&mut self, stmt: &Stmt, tail: Tail) -> Lowered<Option<ValueId>> {
        let (Tail::Value(place) | Tail::Unit(place)) = tail;
        match stmt {
            Stmt::Expr(expr, None) if tail == Tail::Value(place) => {
                if place == Place::Function && takes_type(expr) {
                    self.expected.clone_from(&self.result);
                }
                let value = self.tail_value(expr);
                self.expected = None;
                value
            }
            Stmt::Macro(mac) if mac.semi_token.is_none() && tail == Tail::Value(place) => {
                let expr = Expr::Macro(syn::ExprMacro { attrs: Vec::new(), mac: mac.mac.clone() });
                self.tail_value(&expr)
            }
            Stmt::Expr(Expr::Return(exit), _) if place == Place::Function => match &exit.expr {
                Some(expr) => self.tail_value(expr),
                None => Ok(None),
            },
            _ => self.statement(stmt).map(|()| None),
        }
    }

    pub(crate) fn tail_value(&mut self, expr: &Expr) -> Lowered<Option<ValueId>> {
        let operand = self.expr(expr)?;
        Ok(Some(self.settled_tail(operand)))
    }

    /// The value at the end of a block. A variable gets an instruction of its own, which holds
    /// its tokens.
    fn settled_tail(&mut self, operand: Operand<'_>) -> ValueId {
        match operand {
            Operand::Read(value, expr) => {
                let (ty, active) = (self.ty(value).clone(), self.function.values[value].active);
                let hint = self.hint(value).to_owned();
                let syntax = super::operand::expression(vec![tokens(expr)]);
                let kind = Kind::Reborrow(value);
                self.push_value((ty, &hint, active), kind, Some(syntax), expr.span())
            }
            operand => self.settled(operand).0,
        }
    }

    fn statement(&mut self, stmt: &Stmt) -> Lowered<()> {
        match stmt {
            Stmt::Local(local) => self.local(local),
            Stmt::Item(item) => self.verbatim(item.to_token_stream(), item.span()),
            Stmt::Macro(mac) => self.macro_statement(mac),
            Stmt::Expr(expr, _) => self.expr_statement(stmt, expr),
        }
    }

    pub(crate) fn expr_statement(&mut self, stmt: &Stmt, expr: &Expr) -> Lowered<()> {
        if matches!(expr, Expr::Call(_) | Expr::MethodCall(_) | Expr::Macro(_)) {
            let scan = self.scan(|scan| scan.visit_stmt(stmt));
            if !scan.active && !scan.writes_active && !scan.writes.is_empty() {
                return self.passive_statement(stmt);
            }
        }
        match expr {
            Expr::MethodCall(call) if call.method == "extend" => {
                match self.extended_by(expr, call) {
                    Some(operand) => operand.and_then(|operand| self.discard(operand, stmt)),
                    None if self.changes_active(call) => self.change(stmt, call),
                    None => {
                        let operand = self.expr(expr)?;
                        self.discard(operand, stmt)
                    }
                }
            }
            Expr::MethodCall(call) if self.changes_active(call) => self.change(stmt, call),
            Expr::MethodCall(call) if self.rearranges_inert(call) => self.passive_statement(stmt),
            Expr::MethodCall(call) if self.rearranges_active(call) => self.rearrange(expr, call),
            Expr::MethodCall(call) if self.steps_active(call) => self.advance(call),
            Expr::MethodCall(call) if self.is_kept_unseen(call) => {
                self.refuse(&Refusal::Method(call.method.to_string()), call.method.span())
            }
            Expr::Call(call) if self.exchanges_active(call) => self.exchange(stmt, call),
            Expr::Assign(assign) => self.assign(stmt, assign),
            Expr::Binary(binary) if super::assign::is_compound(&binary.op) => {
                self.compound_assign(stmt, binary)
            }
            Expr::If(_) | Expr::Match(_) | Expr::Block(_) => {
                let operand = self.control(expr, false)?;
                self.discard(operand, stmt)
            }
            _ => {
                let operand = self.expr(expr)?;
                self.discard(operand, stmt)
            }
        }
    }

    /// A statement whose value nobody reads.
    fn discard(&mut self, operand: Operand<'_>, stmt: &Stmt) -> Lowered<()> {
        match operand {
            Operand::Passive(_) => self.passive_statement(stmt),
            // The instruction prints itself, if something in it is needed.
            Operand::Read(..) | Operand::Computed(..) | Operand::Nothing(_) => Ok(()),
        }
    }

    /// A statement that is passed through; the variables that it writes get new versions.
    pub(crate) fn passive_statement(&mut self, stmt: &Stmt) -> Lowered<()> {
        let scan = self.scan(|scan| scan.visit_stmt(stmt));
        let hidden = scan.hides_derivative();
        let (reads, writes, effect) = (scan.reads, scan.writes, scan.effect);
        if hidden {
            return self.refuse(&Refusal::Assignment, stmt.span());
        }
        if let Some((refusal, span)) = scan.refusal {
            return self.refuse(&refusal, span);
        }
        let results: Vec<ValueId> = writes.iter().map(|&binding| self.written(binding)).collect();
        let expr = match stmt {
            Stmt::Expr(expr, _) => expr.clone(),
            Stmt::Macro(mac) => {
                Expr::Macro(syn::ExprMacro { attrs: mac.attrs.clone(), mac: mac.mac.clone() })
            }
            _ => Expr::Verbatim(stmt.to_token_stream()),
        };
        let effect = if results.is_empty() { effect } else { Effect::Any };
        // The last statement of a body may come without what separates it from those added to it.
        let mut pieces = vec![self.statement_passed_through(stmt)];
        if lacks_semicolon(stmt) {
            pieces.push(tokens(syn::token::Semi::default()));
        }
        let kind = Kind::Opaque { expr: Box::new(expr), reads, effect };
        self.push(results, kind, Some(statement(pieces)), stmt.span());
        Ok(())
    }

    /// The version of a variable after tokens that are passed through: an array stays one.
    pub(super) fn written(&mut self, binding: crate::ir::BindingId) -> ValueId {
        let known = self.scopes.version(binding).map(|version| self.ty(version).clone());
        let ty = known.filter(|ty| matches!(ty, Ty::Array(..) | Ty::Vec(_)));
        self.version(binding, ty.unwrap_or(Ty::Unknown), Active::No)
    }

    /// Tokens that declare something: they stay as they are.
    fn verbatim(&mut self, text: proc_macro2::TokenStream, span: Span) -> Lowered<()> {
        let expr = Box::new(Expr::Verbatim(text.clone()));
        let kind = Kind::Opaque { expr, reads: Vec::new(), effect: Effect::Any };
        self.push(Vec::new(), kind, Some(statement(vec![Piece::Tokens(text)])), span);
        Ok(())
    }

    fn macro_statement(&mut self, mac: &syn::StmtMacro) -> Lowered<()> {
        let scan = self.scan(|scan| scan.visit_macro(&mac.mac));
        if scan.active && !super::call::is_reading_macro(&mac.mac) {
            let name = mac.mac.path.segments.last().map(|segment| segment.ident.to_string());
            return self.refuse(&Refusal::Macro(name.unwrap_or_default()), mac.mac.path.span());
        }
        self.passive_statement(&Stmt::Macro(mac.clone()))
    }

    fn local(&mut self, local: &Local) -> Lowered<()> {
        let counts = self.is_counted(local);
        self.local_named(local)?;
        if counts {
            self.note_count(local);
        }
        Ok(())
    }

    fn local_named(&mut self, local: &Local) -> Lowered<()> {
        let Some(init) = &local.init else {
            return self.late(local);
        };
        if init.diverge.is_some() {
            return self.let_else(local);
        }
        if let Some((ident, borrow)) = self.is_alias_let(&local.pat, &init.expr) {
            return self.alias_let(local, ident, borrow);
        }
        if let Some(split) = self.is_split_let(&local.pat, &init.expr) {
            return self.split_let(local, split);
        }
        if let Some(old) = self.is_replacement(&local.pat, &init.expr) {
            return self.replacement(local, old);
        }
        if let Some((ident, closure)) = super::closure::named_closure(&local.pat, &init.expr) {
            return self.closure_let(local, ident, closure);
        }
        if let Some(lowered) = self.let_apart(local, &init.expr) {
            return lowered.inspect_err(|_| self.poison(&local.pat));
        }
        if let Some(lowered) = self.let_each(local, unparenthesised(&init.expr)) {
            return lowered.inspect_err(|_| self.poison(&local.pat));
        }
        if let Pat::Type(spelled) = &local.pat {
            let ty = super::types::spelled(&spelled.ty, &self.known);
            self.told_float(&init.expr, &ty);
        }
        self.expected = spelled_type(&local.pat).filter(|_| takes_type(&init.expr));
        self.targets = targets(&local.pat, &init.expr);
        self.spread = spreads(&init.expr);
        let spread = self.spread.is_some() && !self.targets.is_empty();
        let operand = self.expr(&init.expr);
        self.targets.clear();
        (self.expected, self.spread) = (None, None);
        if let (true, Ok(Operand::Nothing(_))) = (spread, &operand) {
            return Ok(());
        }
        let operand = match operand {
            Ok(operand) => operand,
            Err(refused) => {
                self.poison(&local.pat);
                return Err(refused);
            }
        };
        if Self::is_structural(&local.pat, &operand) {
            return self.structural_let(local, operand);
        }
        let (value, piece) = self.settled(operand);
        let versions = self.bind_inert(&local.pat);
        let pieces = vec![
            tokens(local.let_token),
            self.inert_pattern(&local.pat),
            tokens(init.eq_token),
            piece,
            tokens(local.semi_token),
        ];
        let kind = Kind::PatternBound(vec![value]);
        self.push(versions, kind, Some(statement(pieces)), local.span());
        Ok(())
    }

    /// A pattern of inert values; a `mut` in it stays while something is assigned.
    fn inert_pattern(&self, pattern: &Pat) -> Piece {
        let bound = crate::structure::mentions::bound_by(pattern);
        if bound.iter().any(|(_, mutable)| mutable.is_some()) {
            return self.pattern_piece(pattern);
        }
        tokens(pattern)
    }

    pub(crate) fn structural_let(&mut self, local: &Local, operand: Operand<'_>) -> Lowered<()> {
        let (value, piece) = self.settled(operand);
        let mut annotation = Vec::new();
        let mut pattern = &local.pat;
        while let Pat::Type(typed) = pattern {
            self.annotate(value, &typed.ty);
            annotation = vec![tokens(typed.colon_token), tokens(&typed.ty)];
            pattern = &typed.pat;
        }
        let mut bound = Bound::default();
        let binders = self.destructure(pattern, value, &mut bound)?;
        let mut pieces = vec![tokens(local.let_token), binders];
        pieces.extend(annotation);
        pieces.extend(local.init.as_ref().map(|init| tokens(init.eq_token)));
        pieces.extend([piece, tokens(local.semi_token)]);
        self.bind(bound, statement(pieces), span_of(local));
        Ok(())
    }

    pub(crate) fn bind(&mut self, bound: Bound, syntax: Syntax, span: Span) {
        self.push(bound.versions, Kind::Bind(bound.parts), Some(syntax), span);
    }

    /// `let a;`
    fn late(&mut self, local: &Local) -> Lowered<()> {
        let (pattern, annotation) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, vec![tokens(typed.colon_token), tokens(&typed.ty)]),
            pattern => (pattern, Vec::new()),
        };
        let Pat::Ident(ident) = pattern else {
            self.poison(pattern);
            return self.refuse(&Refusal::LatePattern, local.pat.span());
        };
        let binding = self.bind_plain(ident);
        let mut pieces = vec![tokens(local.let_token)];
        if ident.mutability.is_some() {
            pieces.push(Piece::Mut(binding));
        }
        pieces.push(tokens(&ident.ident));
        pieces.extend(annotation);
        pieces.push(tokens(local.semi_token));
        let syntax = statement(pieces);
        self.push(Vec::new(), Kind::Declare(binding), Some(syntax), local.span());
        Ok(())
    }

    /// `let … else` of values that need no derivative.
    fn let_else(&mut self, local: &Local) -> Lowered<()> {
        let scan = self.scan(|scan| scan.visit_local(local));
        if scan.active {
            return self.active_let_else(local);
        }
        let (reads, refusal) = (scan.reads, scan.refusal);
        if let Some((refusal, span)) = refusal {
            return self.refuse(&refusal, span);
        }
        let versions = self.bind_inert(&local.pat);
        let expr = Box::new(Expr::Verbatim(local.to_token_stream()));
        let kind = Kind::Opaque { expr, reads, effect: Effect::Any };
        self.push(versions, kind, Some(statement(vec![tokens(local)])), local.span());
        Ok(())
    }

    /// Declares the variables of a `let` that was refused, so that their uses are not refused too.
    pub(crate) fn poison(&mut self, pattern: &Pat) {
        for version in self.bind_inert(pattern) {
            self.function.values[version].active = Active::Yes;
            let home = self.function.values[version].home.as_ref();
            self.poisoned.extend(home.map(|home| home.binding));
        }
    }

    /// Whether what an expression does cannot be told because of an error before it.
    pub(crate) fn follows_refusal(&self, expr: &Expr) -> bool {
        if self.poisoned.is_empty() || is_lowered_by_parts(expr) {
            return false;
        }
        let scan = self.scan(|scan| scan.visit_expr(expr));
        scan.reads.iter().any(|&value| {
            let home = self.function.values[value].home.as_ref();
            home.is_some_and(|home| self.poisoned.contains(&home.binding))
        })
    }
}

/// The address of an expression that is rewritten to statements with names of their own.
fn spreads(init: &Expr) -> Option<usize> {
    let init = super::unparenthesised(init);
    let joins = matches!(init, Expr::MethodCall(call) if call.method == "concat");
    (joins || takes_type(init)).then(|| std::ptr::from_ref(init).addr())
}

/// The variables that a collection may be made in right away: nothing else may have their names.
fn targets(pattern: &Pat, init: &Expr) -> Vec<syn::Ident> {
    let plain = |pattern: &Pat| match pattern {
        Pat::Ident(ident) if ident.by_ref.is_none() && ident.subpat.is_none() => {
            Some(ident.ident.clone())
        }
        _ => None,
    };
    let mut pattern = pattern;
    while let Pat::Type(typed) = pattern {
        pattern = &typed.pat;
    }
    let names = match pattern {
        Pat::Tuple(tuple) if tuple.elems.len() == 2 => tuple.elems.iter().map(plain).collect(),
        pattern => plain(pattern).map(|name| vec![name]),
    };
    let gathers = match super::unparenthesised(init) {
        Expr::MethodCall(call) => call.method == "concat" || takes_type(init),
        init => takes_type(init),
    };
    if !gathers {
        return Vec::new();
    }
    let mentioned = crate::structure::mentions::mentioned(init);
    let hidden = |name: &syn::Ident| mentioned.contains(&super::plain_name(name));
    names.filter(|names: &Vec<syn::Ident>| !names.iter().any(hidden)).unwrap_or_default()
}

/// The span of a statement, without a look at what is between its ends.
fn span_of(local: &Local) -> Span {
    if !local.attrs.is_empty() {
        return local.span();
    }
    let (first, last) = (local.let_token.span, local.semi_token.span);
    first.join(last).unwrap_or(first)
}

/// Whether what an expression makes depends on the type that is asked for.
fn takes_type(init: &Expr) -> bool {
    match super::unparenthesised(init) {
        Expr::MethodCall(call) => {
            ["collect", "unzip", "partition", "map"].contains(&call.method.to_string().as_str())
        }
        Expr::Call(call) => super::generate::is_from_fn(call),
        _ => false,
    }
}

/// The type that a pattern spells.
fn spelled_type(pattern: &Pat) -> Option<syn::Type> {
    match pattern {
        Pat::Type(typed) => Some((*typed.ty).clone()),
        Pat::Paren(inner) => spelled_type(&inner.pat),
        _ => None,
    }
}

/// Whether another statement could not follow.
fn lacks_semicolon(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Expr(expr, None) => !matches!(
            expr,
            Expr::Block(_)
                | Expr::Const(_)
                | Expr::ForLoop(_)
                | Expr::If(_)
                | Expr::Loop(_)
                | Expr::Match(_)
                | Expr::TryBlock(_)
                | Expr::Unsafe(_)
                | Expr::While(_)
        ),
        Stmt::Macro(mac) => {
            mac.semi_token.is_none() && !matches!(mac.mac.delimiter, syn::MacroDelimiter::Brace(_))
        }
        Stmt::Local(_) | Stmt::Item(_) | Stmt::Expr(_, Some(_)) => false,
    }
}

/// Whether errors are found in the parts of an expression, each on its own.
fn is_lowered_by_parts(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Array(_)
            | Expr::Binary(_)
            | Expr::Block(_)
            | Expr::Group(_)
            | Expr::If(_)
            | Expr::Match(_)
            | Expr::Paren(_)
            | Expr::Tuple(_)
            | Expr::Unary(_)
    )
}
