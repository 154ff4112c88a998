//! Control flow: `if`, blocks, closures called in place, and what arms have in common.

use proc_macro2::{Delimiter, Span};
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Expr, ExprCall, ExprClosure, ExprIf, Pat};

use super::operand::{Operand, Wrap, commas, statement, tokens};
use super::pattern::Bound;
use super::stmt::{Place, Tail};
use super::{Lowered, Lowerer};
use crate::diagnostics::Refusal;
use crate::hash::HashMap;
use crate::ir::Form;
use crate::ir::{
    Active, BindingId, Branch, Decision, Inst, Kind, Piece, Region, Role, Syntax, Ty, ValueId,
};

/// An arm: its instructions, its value, and the versions of variables where it ends.
pub(crate) struct Arm {
    insts: Vec<Inst>,
    value: Option<ValueId>,
    versions: HashMap<BindingId, ValueId>,
    pub(crate) diverges: bool,
}

impl Arm {
    /// Whether a value is defined by the arm, at its top level.
    pub(crate) fn defines(&self, value: ValueId) -> bool {
        self.insts.iter().any(|inst| inst.results.contains(&value))
    }
}

impl Lowerer<'_> {
    /// `if`, `match` or a block; passed through if nothing active is in it.
    pub(crate) fn control<'e>(&mut self, expr: &'e Expr, value: bool) -> Lowered<Operand<'e>> {
        let scan = self.scan(|scan| scan.visit_expr(expr));
        let assigns_float = scan.writes.iter().any(|&b| self.scopes.version(b).is_none());
        if !scan.active && !scan.writes_active && (scan.writes.is_empty() || !value) {
            // A late `let x;` may get its active value in another arm: keep the structure.
            if !assigns_float {
                return self.inert(expr);
            }
        }
        match expr {
            Expr::If(conditional) => self.if_expr(expr, conditional, value),
            Expr::Match(matching) => self.match_expr(expr, matching, value),
            Expr::Block(block) => self.block_expr(expr, block, value),
            _ => self.refuse(&Refusal::Expression, expr.span()),
        }
    }

    fn if_expr<'e>(
        &mut self,
        expr: &'e Expr,
        conditional: &'e ExprIf,
        value: bool,
    ) -> Lowered<Operand<'e>> {
        if let Some(binding) = self.active_let(&conditional.cond) {
            return self.if_let(expr, conditional, (binding, value));
        }
        let lets = contains_let(&conditional.cond);
        let (decision, cond_piece) = if lets {
            self.let_condition(expr, &conditional.cond)?
        } else {
            let operand = self.inert(&conditional.cond)?;
            let (cond, piece) = self.settled(operand);
            (Decision::If(cond), piece)
        };
        let then = self.arm(|lowerer| {
            if lets {
                let bound = lowerer.condition_variables(&conditional.cond);
                lowerer.pattern_bound(bound, conditional.cond.span());
            }
            lowerer.arm_block(&conditional.then_branch, value)
        });
        let otherwise = self.otherwise(conditional, value);
        let mut pieces = vec![tokens(conditional.if_token), cond_piece, Piece::Region(0)];
        if let Some((keyword, _)) = &conditional.else_branch {
            pieces.extend([tokens(keyword), Piece::Region(1)]);
        }
        let arms = vec![then?, otherwise?];
        Ok(self.branch(decision, arms, pieces, (expr.span(), value)))
    }

    pub(super) fn otherwise(&mut self, conditional: &ExprIf, value: bool) -> Lowered<Arm> {
        self.arm(|lowerer| match &conditional.else_branch {
            None => Ok(None),
            Some((_, branch)) => match &**branch {
                Expr::Block(block) => lowerer.arm_block(&block.block, value),
                other => lowerer.arm_expr(other, value),
            },
        })
    }

    /// A block as an arm.
    pub(crate) fn arm_block(
        &mut self,
        block: &syn::Block,
        value: bool,
    ) -> Lowered<Option<ValueId>> {
        self.scopes.enter();
        let result = self.statements(&block.stmts, Tail::of(value, Place::Block));
        self.scopes.leave();
        result
    }

    /// An expression as an arm: `else if …`, or an arm of a `match`.
    pub(crate) fn arm_expr(&mut self, expr: &Expr, value: bool) -> Lowered<Option<ValueId>> {
        if let Expr::Block(block) = expr
            && block.label.is_none()
        {
            return self.arm_block(&block.block, value);
        }
        self.scopes.enter();
        let result = if value {
            self.tail_value(expr)
        } else {
            // The expression itself is lowered, not the copy: loops are told apart by address.
            let stmt = syn::Stmt::Expr(expr.clone(), Some(syn::token::Semi::default()));
            self.expr_statement(&stmt, expr).map(|()| None)
        };
        self.scopes.leave();
        result
    }

    /// Lowers an arm in a region of its own.
    pub(crate) fn arm(
        &mut self,
        lower: impl FnOnce(&mut Self) -> Lowered<Option<ValueId>>,
    ) -> Lowered<Arm> {
        let outer = std::mem::take(&mut self.insts);
        let entry = self.scopes.versions().clone();
        let elements = self.elements.clone();
        self.scopes.enter();
        let value = lower(self);
        self.scopes.leave();
        self.elements = elements;
        let insts = std::mem::replace(&mut self.insts, outer);
        let versions = self.scopes.versions().clone();
        self.scopes.restore(entry);
        let diverges = insts.last().is_some_and(super::matching::diverges);
        Ok(Arm { insts, value: value?, versions, diverges })
    }

    /// Joins arms: their value, and each variable that one of them assigns.
    pub(crate) fn branch<'e>(
        &mut self,
        decision: Decision,
        mut arms: Vec<Arm>,
        pieces: Vec<Piece>,
        (span, value): (Span, bool),
    ) -> Operand<'e> {
        let (mut roles, mut results, mut yields) = (Vec::new(), Vec::new(), Vec::new());
        if matches!(decision, Decision::User { .. }) {
            roles.push(Role::ArmNumber);
            results.push(self.value(Ty::Inert, "arm", span, Active::No));
            yields.push(self.arm_numbers(&mut arms, span));
        }
        if value {
            let row = self.arm_values(&mut arms, span);
            self.keep_alike(&row, &mut arms);
            let (ty, active) = self.joined(&row, &arms);
            roles.push(Role::Value);
            let result = self.value(ty, "branch", span, active);
            let parts = self.joined_parts(&row, &arms);
            self.tuples.extend(parts.map(|parts| (result, parts)));
            results.push(result);
            yields.push(row);
        }
        for binding in self.assigned(&arms) {
            let row = self.arm_versions(&mut arms, binding, span);
            self.keep_alike(&row, &mut arms);
            let (ty, active) = self.joined(&row, &arms);
            roles.push(Role::Merge(binding));
            results.push(self.version(binding, ty, active));
            yields.push(row);
        }
        let regions = self.regions(arms, &yields);
        let result = roles.iter().position(|role| *role == Role::Value);
        let value = result.and_then(|at| results.get(at).copied());
        let form = if value.is_some() { Form::Expr } else { Form::Stmt };
        let kind = Kind::from(Branch { decision, arms: regions, roles });
        self.push(results, kind, Some(Syntax { pieces, form }), span);
        value.map_or(Operand::Nothing(span), |value| Operand::Computed(value, Wrap::Bare))
    }

    fn regions(&mut self, arms: Vec<Arm>, yields: &[Vec<ValueId>]) -> Vec<Region> {
        arms.into_iter()
            .enumerate()
            .map(|(at, arm)| Region {
                insts: arm.insts,
                yields: yields.iter().filter_map(|row| row.get(at).copied()).collect(),
            })
            .collect()
    }

    /// The type and activity of a joined value; arms that never end do not count.
    fn joined(&mut self, row: &[ValueId], arms: &[Arm]) -> (Ty, Active) {
        let live: Vec<ValueId> =
            row.iter().zip(arms).filter(|(_, arm)| !arm.diverges).map(|(&v, _)| v).collect();
        let known = live.iter().map(|&v| self.ty(v)).find(|ty| !ty.has_unknown());
        let optional = live.iter().map(|&v| self.ty(v)).find(|ty| matches!(ty, Ty::Option(_)));
        // One in memory has the derivative of its own type.
        let in_memory = super::kept::in_memory();
        let kept = live.iter().any(|&value| self.held(value).is_some());
        let optional = optional.map(|ty| if kept { &in_memory } else { ty });
        let first = known.or(optional).or_else(|| live.first().map(|&v| self.ty(v)));
        let (ty, active) = (first.cloned().unwrap_or(Ty::Unknown), self.any_active(&live));
        // All arms have one type.
        for &value in row {
            let is_none = kept && matches!(self.ty(value), Ty::Option(_));
            if self.ty(value).has_unknown() && !is_none {
                self.function.values[value].ty = ty.clone();
            }
        }
        (ty, active)
    }

    pub(super) fn in_arm<T>(&mut self, arm: &mut Arm, work: impl FnOnce(&mut Self) -> T) -> T {
        std::mem::swap(&mut self.insts, &mut arm.insts);
        let result = work(self);
        std::mem::swap(&mut self.insts, &mut arm.insts);
        result
    }

    fn arm_numbers(&mut self, arms: &mut [Arm], span: Span) -> Vec<ValueId> {
        let number = |lowerer: &mut Self, at| lowerer.constant_index(at, span);
        arms.iter_mut()
            .enumerate()
            .map(|(at, arm)| self.in_arm(arm, |lowerer| number(lowerer, at)))
            .collect()
    }

    fn arm_values(&mut self, arms: &mut [Arm], span: Span) -> Vec<ValueId> {
        arms.iter_mut()
            .map(|arm| match arm.value {
                Some(value) => value,
                None => self.in_arm(arm, |lowerer| lowerer.never(span)),
            })
            .collect()
    }

    /// The variables from outside whose version differs where some arm ends.
    fn assigned(&self, arms: &[Arm]) -> Vec<BindingId> {
        let differs = |binding: &BindingId| {
            let before = self.scopes.version(*binding);
            arms.iter().any(|arm| !arm.diverges && arm.versions.get(binding).copied() != before)
        };
        self.scopes.visible().filter(differs).collect()
    }

    fn arm_versions(&mut self, arms: &mut [Arm], binding: BindingId, span: Span) -> Vec<ValueId> {
        arms.iter_mut()
            .map(|arm| match arm.versions.get(&binding) {
                Some(&version) => version,
                None => self.in_arm(arm, |lowerer| lowerer.never(span)),
            })
            .collect()
    }

    /// `{ … }` as an expression.
    fn block_expr<'e>(
        &mut self,
        expr: &'e Expr,
        block: &syn::ExprBlock,
        value: bool,
    ) -> Lowered<Operand<'e>> {
        if let Some(label) = &block.label {
            return self.refuse(&Refusal::Exit("break"), label.span());
        }
        self.region(expr.span(), value, |lowerer| lowerer.arm_block(&block.block, value))
    }

    /// A region that always runs.
    fn region<'e>(
        &mut self,
        span: Span,
        wants_value: bool,
        lower: impl FnOnce(&mut Self) -> Lowered<Option<ValueId>>,
    ) -> Lowered<Operand<'e>> {
        let outer = std::mem::take(&mut self.insts);
        let value = lower(self);
        let insts = std::mem::replace(&mut self.insts, outer);
        let (yields, mut results) = (value?.into_iter().collect::<Vec<_>>(), Vec::new());
        if let Some(&inner) = yields.first() {
            let ty = self.ty(inner).clone();
            let active = self.function.values[inner].active;
            let result = self.value(ty, "block", span, active);
            if let Some(parts) = self.tuples.get(&inner).cloned() {
                self.tuples.insert(result, parts);
            }
            results.push(result);
        }
        let result = results.first().copied();
        let form = if wants_value { Form::Expr } else { Form::Stmt };
        let syntax = Syntax { pieces: vec![Piece::Region(0)], form };
        self.push(results, Kind::Block(Region { insts, yields }), Some(syntax), span);
        Ok(result.map_or(Operand::Nothing(span), |value| Operand::Computed(value, Wrap::Bare)))
    }

    /// `(|z| …)(x)`: a block that binds the parameters first.
    pub(crate) fn closure_call<'e>(
        &mut self,
        expr: &'e Expr,
        call: &'e ExprCall,
        closure: &'e ExprClosure,
    ) -> Lowered<Operand<'e>> {
        let scan = self.scan(|scan| scan.visit_expr(expr));
        if !scan.active && !scan.writes_active {
            return self.inert(expr);
        }
        if call.args.len() != closure.inputs.len() {
            return self.refuse(&Refusal::Expression, expr.span());
        }
        self.region(expr.span(), true, |lowerer| {
            lowerer.scopes.enter();
            let bound = lowerer.closure_parameters(call, closure);
            let value = bound.and_then(|()| lowerer.arm_expr(&closure.body, true));
            lowerer.scopes.leave();
            value
        })
        .map(parenthesised)
    }

    fn closure_parameters(&mut self, call: &ExprCall, closure: &ExprClosure) -> Lowered<()> {
        let marked = self.operands(&call.args)?;
        let settled = self.settle(marked);
        let mut bound = Bound::default();
        let (mut names, mut values) = (Vec::new(), Vec::new());
        for (pattern, (value, piece)) in closure.inputs.iter().zip(settled) {
            names.push(match pattern {
                Pat::Type(typed) => {
                    self.annotate(value, &typed.ty);
                    self.destructure(&typed.pat, value, &mut bound)?
                }
                pattern => self.destructure(pattern, value, &mut bound)?,
            });
            values.push(piece);
        }
        if names.is_empty() {
            return Ok(());
        }
        let list = |pieces: Vec<Piece>| match pieces.len() {
            1 => Piece::Group(Delimiter::None, pieces),
            _ => Piece::Group(Delimiter::Parenthesis, commas(pieces)),
        };
        let pieces = vec![
            tokens(syn::token::Let::default()),
            list(names),
            tokens(syn::token::Eq::default()),
            list(values),
            tokens(syn::token::Semi::default()),
        ];
        self.bind(bound, statement(pieces), closure.span());
        Ok(())
    }
}

/// A block that begins an expression needs parentheses.
fn parenthesised(operand: Operand<'_>) -> Operand<'_> {
    match operand {
        Operand::Computed(value, _) => Operand::Computed(value, Wrap::Parens),
        Operand::Passive(_) | Operand::Read(..) | Operand::Nothing(_) => operand,
    }
}

/// Whether a condition binds variables.
pub(crate) fn contains_let(cond: &Expr) -> bool {
    match cond {
        Expr::Let(_) => true,
        Expr::Binary(binary) => contains_let(&binary.left) || contains_let(&binary.right),
        Expr::Paren(inner) => contains_let(&inner.expr),
        _ => false,
    }
}
