//! Loops: what they carry from one iteration to the next, and how often they run.

use proc_macro2::{Delimiter, Span};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Expr, ExprForLoop, ExprLoop, ExprWhile, Pat, Stmt};

use super::operand::{Operand, commas, tokens};
use super::stmt::{Place, Tail};
use super::{Lowered, Lowerer};
use crate::diagnostics::Refusal;
use crate::ir::Form;
use crate::ir::{
    Active, BindingId, End, Head, Inst, Kind, Leaves, Loop, Order, Piece, Region, Role, Syntax, Ty,
    ValueId,
};

/// A variable that a loop assigns.
struct Carried {
    binding: BindingId,
    init: ValueId,
    param: ValueId,
}

impl Lowerer<'_> {
    /// `for`, `while` or `loop`; passed through if nothing active is in it.
    pub(crate) fn repeat<'e>(&mut self, expr: &'e Expr) -> Lowered<Operand<'e>> {
        let scan = self.scan(|scan| scan.visit_expr(expr));
        let late = scan.writes.iter().any(|&binding| self.scopes.version(binding).is_none());
        if !scan.active && !scan.writes_active && !late {
            return self.inert(expr);
        }
        match expr {
            Expr::ForLoop(of) => match super::stream::range_of(&of.expr) {
                Some(range) => self.for_range(expr, of, range),
                None => match self.looped_chain(expr, of) {
                    Some(operand) => operand,
                    None => self.for_items(expr, of),
                },
            },
            Expr::While(of) => self.while_loop(expr, of),
            Expr::Loop(of) => self.endless(expr, of),
            _ => self.refuse(&Refusal::Expression, expr.span()),
        }
    }

    /// `for i in lo..hi`, also reversed.
    fn for_range<'e>(
        &mut self,
        expr: &'e Expr,
        of: &'e ExprForLoop,
        (range, order): (&'e syn::ExprRange, Order),
    ) -> Lowered<Operand<'e>> {
        let (Some(start), Some(limit)) = (&range.start, &range.end) else {
            return self.refuse(&Refusal::Loop("for"), range.span());
        };
        let lo = self.inert(start)?;
        let (lo, lo_piece) = self.settle_index(lo, self.insts.len());
        let hi = self.inert(limit)?;
        let (hi, hi_piece) = self.settle_index(hi, self.insts.len());
        let end = match range.limits {
            syn::RangeLimits::HalfOpen(_) => End::Open,
            syn::RangeLimits::Closed(_) => End::Closed,
        };
        let whole = vec![lo_piece, tokens(range.limits), hi_piece];
        let pieces = vec![
            tokens(&of.label),
            tokens(of.for_token),
            tokens(&of.pat),
            tokens(of.in_token),
            super::stream::with_range(&of.expr, whole),
            Piece::Region(0),
        ];
        self.looped(expr, &of.body, pieces, |lowerer| {
            let index = match lowerer.bind_inert(&of.pat).as_slice() {
                [] => lowerer.value(Ty::Inert, "index", of.pat.span(), Active::No),
                [index] => *index,
                _ => return lowerer.refuse_pattern(of.pat.span()),
            };
            lowerer.function.values[index].ty = Ty::Inert;
            let pattern = lowerer.pattern_piece(&of.pat);
            Ok((Head::Range { index, lo, hi, end, order }, Some(pattern)))
        })
    }

    /// `for item in items`.
    fn for_items<'e>(&mut self, expr: &'e Expr, of: &'e ExprForLoop) -> Lowered<Operand<'e>> {
        let stream = self.stream(&of.expr)?;
        let pieces = vec![
            tokens(&of.label),
            tokens(of.for_token),
            tokens(&of.pat),
            tokens(of.in_token),
            Piece::Group(Delimiter::None, stream.pieces.clone()),
            Piece::Region(0),
        ];
        let iterator = (stream.reads.clone(), stream.item.borrows());
        self.looped_over(iterator, expr, &of.body, pieces, |lowerer| {
            let number = lowerer.value(Ty::Inert, "index", of.pat.span(), Active::No);
            lowerer.bind_items(&of.pat, &stream.item, number)?;
            let head = match stream.trips {
                Some(trips) => Head::Count { number, trips, order: stream.order },
                None => Head::Items { number },
            };
            Ok((head, Some(lowerer.pattern_piece(&of.pat))))
        })
    }

    fn while_loop<'e>(&mut self, expr: &'e Expr, of: &'e ExprWhile) -> Lowered<Operand<'e>> {
        let pieces =
            vec![tokens(&of.label), tokens(of.while_token), tokens(&of.cond), Piece::Region(0)];
        self.looped(expr, &of.body, pieces, |lowerer| {
            let scan = lowerer.scan(|scan| scan.visit_expr(&of.cond));
            let (reads, refusal) = (scan.reads, scan.refusal);
            let (active, writes) = (scan.active, !scan.writes.is_empty());
            if let Some((refusal, span)) = refusal {
                return lowerer.refuse(&refusal, span);
            }
            if writes {
                return lowerer.refuse(&Refusal::ChangingCondition, of.cond.span());
            }
            if super::control::contains_let(&of.cond) {
                if active {
                    return lowerer.refuse(&Refusal::Loop("while let"), of.while_token.span());
                }
                let bound = lowerer.condition_variables(&of.cond);
                lowerer.pattern_bound(bound, of.cond.span());
            }
            Ok((Head::While { reads, cond: of.cond.clone() }, None))
        })
    }

    fn endless<'e>(&mut self, expr: &'e Expr, of: &'e ExprLoop) -> Lowered<Operand<'e>> {
        let pieces = vec![tokens(&of.label), tokens(of.loop_token), Piece::Region(0)];
        self.looped(expr, &of.body, pieces, |_| Ok((Head::Endless, None)))
    }

    fn looped<'e>(
        &mut self,
        expr: &'e Expr,
        body: &'e syn::Block,
        pieces: Vec<Piece>,
        open: impl FnOnce(&mut Self) -> Lowered<(Head, Option<Piece>)>,
    ) -> Lowered<Operand<'e>> {
        self.looped_over((Vec::new(), Vec::new()), expr, body, pieces, open)
    }

    /// The body in a region of its own, between what `open` binds and the next iteration.
    fn looped_over<'e>(
        &mut self,
        (reads, borrows): (Vec<ValueId>, Vec<BindingId>),
        expr: &'e Expr,
        body: &'e syn::Block,
        pieces: Vec<Piece>,
        open: impl FnOnce(&mut Self) -> Lowered<(Head, Option<Piece>)>,
    ) -> Lowered<Operand<'e>> {
        let (stmts, flag) = without_exit(&body.stmts);
        let carried = self.carried(expr);
        let entry = self.scopes.versions().clone();
        let params = carried.iter().map(|it| (it.binding, it.param));
        params.for_each(|(binding, param)| self.scopes.set_version(binding, param));
        let outer = std::mem::take(&mut self.insts);
        let elements = self.elements.clone();
        self.scopes.enter();
        let head = open(self);
        let mut pieces = pieces;
        let lowered = head.and_then(|(head, pattern)| {
            // `for`, after its label, and then the pattern.
            if let (Some(pattern), Some(piece)) = (pattern, pieces.get_mut(2)) {
                *piece = pattern;
            }
            self.scopes.enter();
            let lowered = self.statements(stmts, Tail::of(false, Place::Block));
            self.scopes.leave();
            lowered.map(|_| head)
        });
        self.scopes.leave();
        let insts = std::mem::replace(&mut self.insts, outer);
        self.elements = elements;
        let flag = flag.and_then(|flag| self.scopes.lookup(flag));
        let flag = flag.and_then(|flag| self.scopes.version(flag));
        let ends = self.scopes.versions().clone();
        self.scopes.restore(entry);
        let head = lowered?;
        let next: Vec<ValueId> =
            carried.iter().map(|it| ends.get(&it.binding).copied().unwrap_or(it.param)).collect();
        self.refuse_cursors(&carried, &next, &insts)?;
        let results = self.after(expr, &carried, &next);
        let leaves = if flag.is_some() { Leaves::Flag } else { Leaves::Never };
        let yields = next.into_iter().chain(flag).collect();
        let of = Loop {
            head,
            init: carried.iter().map(|it| it.init).collect(),
            params: carried.iter().map(|it| it.param).collect(),
            roles: carried.iter().map(|it| Role::Merge(it.binding)).collect(),
            body: Region { insts, yields },
            leaves,
            reads,
            borrows,
            row: None,
            checkpoint: None,
        };
        let syntax = Some(Syntax { pieces, form: Form::Stmt });
        self.push(results, Kind::Loop(Box::new(of)), syntax, expr.span());
        Ok(Operand::Nothing(expr.span()))
    }

    /// A pattern with its variables as binders: those that nothing reads are not bound.
    pub(crate) fn pattern_piece(&self, pattern: &Pat) -> Piece {
        let list = |elements: &mut dyn Iterator<Item = &Pat>| {
            commas(elements.map(|element| self.pattern_piece(element)).collect())
        };
        match pattern {
            Pat::Ident(ident) if ident.subpat.is_none() => {
                let Some(binding) = self.scopes.lookup(&ident.ident) else {
                    return tokens(pattern);
                };
                let Some(version) = self.scopes.version(binding) else { return tokens(pattern) };
                let mut pieces = vec![tokens(ident.by_ref), Piece::Binder(version)];
                if ident.mutability.is_some() {
                    pieces.insert(1, Piece::Mut(binding));
                }
                Piece::Group(Delimiter::None, pieces)
            }
            Pat::Paren(of) => self.pattern_piece(&of.pat),
            Pat::Reference(of) => {
                let pieces = vec![tokens(of.and_token), self.pattern_piece(&of.pat)];
                Piece::Group(Delimiter::None, pieces)
            }
            Pat::Tuple(of) => Piece::Group(Delimiter::Parenthesis, list(&mut of.elems.iter())),
            Pat::Slice(of) => Piece::Group(Delimiter::Bracket, list(&mut of.elems.iter())),
            _ => tokens(pattern),
        }
    }

    /// The variables from outside that a loop assigns, with a version for its iterations.
    fn carried(&mut self, expr: &Expr) -> Vec<Carried> {
        let scan = self.scan(|scan| {
            scan.lowered = true;
            scan.visit_expr(expr);
        });
        let mut writes = scan.writes;
        writes.retain(|&binding| self.scopes.visible().any(|visible| visible == binding));
        writes.sort_unstable();
        let span = expr.span();
        let mut all = Vec::new();
        for binding in writes {
            let init = match self.scopes.version(binding) {
                Some(init) => init,
                None => self.never(span),
            };
            let known = self.facts.is_carried(expr, &self.function.bindings[binding].ident);
            let active = if known { Active::Yes } else { self.function.values[init].active };
            let ty = self.ty(init).clone();
            let before = self.scopes.version(binding);
            let param = self.version(binding, ty, active);
            if let Some(before) = before {
                self.scopes.set_version(binding, before);
            }
            all.push(Carried { binding, init, param });
        }
        all
    }

    /// `rest = &rest[1..];`: the cotangents of the iterations would be of different lengths.
    fn refuse_cursors(
        &mut self,
        carried: &[Carried],
        next: &[ValueId],
        insts: &[Inst],
    ) -> Lowered<()> {
        let mut ends = carried.iter().zip(next);
        let cursor = ends.find_map(|(it, &next)| {
            let is_slice = matches!(self.ty(it.param), Ty::Ref(of) if matches!(**of, Ty::Slice(_)));
            part(next, insts).filter(|_| is_slice && self.is_active(next))
        });
        cursor.map_or(Ok(()), |span| self.refuse(&Refusal::Cursor, span))
    }

    /// The versions after a loop. A variable that turns out to become active in it is noted:
    /// lowering starts again, knowing that.
    fn after(&mut self, expr: &Expr, carried: &[Carried], next: &[ValueId]) -> Vec<ValueId> {
        let mut results = Vec::new();
        for (it, &next) in carried.iter().zip(next) {
            if self.is_active(next) && !self.is_active(it.param) {
                let name = self.function.bindings[it.binding].ident.clone();
                self.facts.note_carried(expr, &name);
            }
            let known = [it.init, next].into_iter().find(|&v| !self.ty(v).has_unknown());
            let ty = self.ty(known.unwrap_or(it.init)).clone();
            for value in [it.init, it.param, next] {
                if self.ty(value).has_unknown() {
                    self.function.values[value].ty = ty.clone();
                }
            }
            let active = self.any_active(&[it.param, next]);
            results.push(self.version(it.binding, ty, active));
        }
        results
    }

    /// Integer arithmetic of the compiler's own.
    pub(crate) fn integer(
        &mut self,
        op: crate::ir::IntOp,
        (a, b): (ValueId, ValueId),
        hint: &str,
        span: Span,
    ) -> ValueId {
        self.push_value((Ty::Inert, hint, Active::No), Kind::Integer(op, a, b), None, span)
    }

    /// An integer of the compiler's own.
    pub(crate) fn number(&mut self, n: usize, span: Span) -> ValueId {
        self.push_value((Ty::Inert, "number", Active::No), Kind::Number(n), None, span)
    }
}

/// The body of a loop without its last `if exit { break; }`, and that flag.
pub(crate) fn without_exit(stmts: &[Stmt]) -> (&[Stmt], Option<&syn::Ident>) {
    let Some((Stmt::Expr(Expr::If(last), _), before)) = stmts.split_last() else {
        return (stmts, None);
    };
    let [Stmt::Expr(Expr::Break(exit), _)] = last.then_branch.stmts.as_slice() else {
        return (stmts, None);
    };
    match &*last.cond {
        Expr::Path(flag)
            if last.else_branch.is_none() && exit.label.is_none() && exit.expr.is_none() =>
        {
            (before, flag.path.get_ident())
        }
        _ => (stmts, None),
    }
}

/// What earlier rounds of lowering found out: which carried variables become active in a loop.
#[derive(Clone, Default)]
pub(crate) struct Facts {
    carried: crate::hash::HashSet<(usize, String)>,
    /// Variables that grow before anything active is put into them, by their place: they are
    /// active from the start, so that their shadows grow as they do.
    early: crate::hash::HashSet<usize>,
    /// Operators and methods that are the user's, by where their syntax is kept.
    users: crate::hash::HashSet<usize>,
    /// Arithmetic on counts, by the same.
    counts: crate::hash::HashSet<usize>,
    /// What operators of the user's give, by the same.
    given: crate::hash::HashMap<usize, Ty>,
    changed: bool,
    rewritten: super::chain::Rewritten,
    /// What the function mentions, once something is rewritten.
    pub(super) mentioned: Option<Mentioned>,
}

/// What a function mentions.
#[derive(Clone, Default)]
pub(super) struct Mentioned {
    /// The names in use, those of rewritten syntax included.
    pub(super) names: crate::emit::names::Names,
    /// The float type of the function, if there is only one.
    pub(super) float: Option<crate::ir::FloatTy>,
}

impl Mentioned {
    pub(super) fn in_function(
        (item, body): (&syn::Signature, &syn::Block),
        param: Option<&syn::Ident>,
    ) -> Self {
        let mut tokens = item.to_token_stream();
        body.to_tokens(&mut tokens);
        let param = param.cloned().map(crate::ir::FloatTy::Param);
        let float = param.or_else(|| super::chain::only_float(tokens.clone()));
        let mut mentioned = Self { float, ..Self::default() };
        mentioned.names.reserve(tokens);
        mentioned
    }
}

impl Facts {
    /// What an expression is rewritten to.
    pub(crate) fn rewritten(&self, expr: &Expr) -> Option<std::rc::Rc<Expr>> {
        self.rewritten.get(expr)
    }

    /// Notes what an expression is rewritten to.
    pub(crate) fn keep(&mut self, expr: &Expr, block: Expr) -> std::rc::Rc<Expr> {
        self.rewritten.keep(expr, block)
    }

    /// Loops are told apart by where their syntax is kept: it stays there between the rounds.
    fn key(expr: &Expr, name: &syn::Ident) -> (usize, String) {
        (std::ptr::from_ref(expr).addr(), name.to_string())
    }

    fn is_carried(&self, expr: &Expr, name: &syn::Ident) -> bool {
        self.carried.contains(&Self::key(expr, name))
    }

    fn note_carried(&mut self, expr: &Expr, name: &syn::Ident) {
        self.changed |= self.carried.insert(Self::key(expr, name));
    }

    /// Where a name is kept: that tells declarations apart, and numbers may change as more becomes
    /// active.
    pub(crate) fn place(ident: &syn::Ident) -> usize {
        std::ptr::from_ref(ident).addr()
    }

    /// Whether a variable is known to be active from the start, by the name that declares it.
    pub(crate) fn is_early(&self, ident: &syn::Ident) -> bool {
        self.early.contains(&Self::place(ident))
    }

    /// Notes the variables of run-time length that become active after they have a value.
    pub(crate) fn note_early(&mut self, function: &crate::ir::Function, declared: &[usize]) {
        let resized = function.resized();
        let (mut active, mut inert) = (Vec::new(), Vec::new());
        for (value, known) in function.values.iter() {
            let Some(home) = known.home.as_ref().filter(|home| home.fields.is_empty()) else {
                continue;
            };
            if function.is_active(value) {
                active.push(home.binding);
            } else if resized.contains(&home.binding) && matches!(known.ty, Ty::Vec(_)) {
                inert.push(home.binding);
            }
        }
        for binding in inert {
            if active.contains(&binding) {
                let place = declared.get(binding.index()).copied();
                self.changed |= place.is_some_and(|place| self.early.insert(place));
            }
        }
    }

    /// Whether an operator, or a method, is the user's.
    pub(crate) fn is_users(&self, syntax: usize) -> bool {
        self.users.contains(&syntax)
    }

    /// Notes that it is.
    pub(super) fn note_users(&mut self, syntax: usize) {
        self.changed |= self.users.insert(syntax);
    }

    /// Whether an operator is one of counts.
    pub(crate) fn is_count(&self, syntax: usize) -> bool {
        self.counts.contains(&syntax)
    }

    /// Notes that it is.
    pub(super) fn note_count(&mut self, syntax: usize) {
        self.changed |= self.counts.insert(syntax);
    }

    /// What an operator of the user's gives, where that is told.
    pub(crate) fn given(&self, syntax: usize) -> Ty {
        self.given.get(&syntax).cloned().unwrap_or(Ty::Unknown)
    }

    /// Notes what it gives.
    pub(super) fn note_given(&mut self, syntax: usize, ty: Ty) {
        self.changed |= self.given.insert(syntax, ty).is_none();
    }

    /// Whether anything was found since the last call.
    pub(crate) fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }
}

/// Where a slice is made of a part of another, if a value is one.
fn part(value: ValueId, insts: &[Inst]) -> Option<Span> {
    let inst = insts.iter().rev().find(|inst| inst.results.contains(&value))?;
    match &inst.kind {
        Kind::Slice(..) => Some(inst.span),
        Kind::Reborrow(of) => part(*of, insts),
        Kind::Bind(parts) => {
            let at = inst.results.iter().position(|&result| result == value)?;
            part(*parts.get(at)?, insts)
        }
        _ => None,
    }
}
