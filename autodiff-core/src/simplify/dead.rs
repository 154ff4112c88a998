//! Leaves out what nothing needs and nobody would notice.

use std::collections::HashSet;

use super::table::Table;
use crate::ir::inst::Form;
use crate::ir::{
    BindingId, CallForm, Decision, Effect, Function, Inst, Kind, Len, Piece, Region, Syntax,
    Target, Ty, ValueId, VarId,
};
use crate::rules::Op;

/// The function without dead code: a walk from the end to the start.
pub(crate) fn without_dead_code(mut function: Function) -> Function {
    let body = std::mem::take(&mut function.body);
    let mut live = Liveness {
        function: &function,
        values: Table::new(),
        vars: HashSet::new(),
        assigned: HashSet::new(),
        constants: Table::new(),
    };
    live.values.mark_all(&body.yields);
    live.constants(&body);
    let mut forward = body.insts;
    let start = function.reverse_from.unwrap_or(forward.len()).min(forward.len());
    let reverse = forward.split_off(start);
    let reverse = live.insts(reverse);
    let mut insts = live.insts(forward);
    let reverse_from = insts.len();
    insts.extend(reverse);
    function.reverse_from = function.reverse_from.map(|_| reverse_from);
    function.body = Region { insts, yields: body.yields };
    function
}

/// What is needed by the instructions after the one being looked at.
struct Liveness<'f> {
    function: &'f Function,
    values: Table<()>,
    vars: HashSet<VarId>,
    /// The user's variables that a later instruction assigns: they must be declared.
    assigned: HashSet<BindingId>,
    /// Integer literals.
    constants: Table<()>,
}

impl Liveness<'_> {
    fn insts(&mut self, insts: Vec<Inst>) -> Vec<Inst> {
        let mut kept: Vec<Inst> =
            insts.into_iter().rev().filter_map(|inst| self.inst(inst)).collect();
        kept.reverse();
        kept
    }

    /// Collects the integer literals of a region.
    fn constants(&mut self, region: &Region) {
        for inst in &region.insts {
            match &inst.kind {
                Kind::Opaque { expr, .. } if matches!(**expr, syn::Expr::Lit(_)) => {
                    self.constants.mark_all(&inst.results);
                }
                Kind::Block(region) => self.constants(region),
                Kind::Branch(branch) => branch.arms.iter().for_each(|arm| self.constants(arm)),
                _ => {}
            }
        }
    }

    /// What is left of an instruction.
    fn inst(&mut self, inst: Inst) -> Option<Inst> {
        match inst.kind {
            Kind::Branch(_) => return self.branch(inst),
            Kind::Block(_) => return self.block(inst),
            Kind::Call(_) => return self.call(inst),
            Kind::Declare(binding) => return self.assigned.contains(&binding).then_some(inst),
            Kind::Bind(_) if !self.any_live(&inst.results) => return self.dead_bind(inst),
            _ => {}
        }
        if !self.any_live(&inst.results) && !self.has_effect(&inst) {
            return None;
        }
        if let Kind::Load(place) = &inst.kind {
            self.vars.insert(place.var);
        }
        self.note_assignment(&inst);
        self.read(&inst);
        Some(inst)
    }

    fn any_live(&self, values: &[ValueId]) -> bool {
        values.iter().any(|&value| self.values.contains(value))
    }

    /// What an instruction reads is live: operands, and what stands in its tokens.
    fn read(&mut self, inst: &Inst) {
        inst.kind.visit_operands(&mut |value| self.values.mark(value));
        inst.visit_pieces(&mut |value| self.values.mark(value));
    }

    /// An assignment needs the declaration of its variable.
    fn note_assignment(&mut self, inst: &Inst) {
        let assigns = matches!(inst.kind, Kind::Bind(_) | Kind::Opaque { .. });
        if assigns && inst.syntax.is_some() && !is_let(inst) {
            for &result in &inst.results {
                if let Some(home) = &self.function.values[result].home {
                    self.assigned.insert(home.binding);
                }
            }
        }
    }

    /// `let mut a = 0.0;` whose value nobody reads: `let a;`, if `a` is assigned later.
    fn dead_bind(&mut self, inst: Inst) -> Option<Inst> {
        if !is_let(&inst) {
            return None;
        }
        let mut bindings = inst
            .results
            .iter()
            .filter_map(|&result| self.function.values[result].home.as_ref())
            .map(|home| home.binding)
            .filter(|binding| self.assigned.contains(binding));
        let binding = bindings.next()?;
        if bindings.next().is_some() || inst.results.len() > 1 {
            self.read(&inst);
            return Some(inst);
        }
        let name = self.function.bindings[binding].ident.clone();
        let pieces = vec![
            Piece::Tokens(quote::quote!(let)),
            Piece::Mut(binding),
            Piece::Tokens(quote::quote!(#name)),
            Piece::Tokens(quote::quote!(;)),
        ];
        Some(Inst {
            results: Vec::new(),
            kind: Kind::Declare(binding),
            syntax: Some(Syntax { pieces, form: Form::Stmt }),
            span: inst.span,
        })
    }

    /// A branch stays while a result is read, or an arm or the decision does something that can
    /// be noticed; dead results go.
    fn branch(&mut self, mut inst: Inst) -> Option<Inst> {
        let Kind::Branch(mut branch) = inst.kind else { return Some(inst) };
        let keep: Vec<bool> = inst.results.iter().map(|&r| self.values.contains(r)).collect();
        let acts = decides_noticeably(&branch.decision)
            || branch.arms.iter().any(|arm| arm.insts.iter().any(|inst| self.acts(inst)));
        if !acts && !keep.contains(&true) {
            return None;
        }
        branch.arms = branch.arms.into_iter().map(|arm| self.arm(arm, &keep)).collect();
        branch.roles = kept(branch.roles, &keep);
        inst.results = kept(inst.results, &keep);
        inst.kind = Kind::Branch(branch);
        self.read(&inst);
        Some(inst)
    }

    fn arm(&mut self, arm: Region, keep: &[bool]) -> Region {
        let yields = kept(arm.yields, keep);
        self.values.mark_all(&yields);
        Region { insts: self.insts(arm.insts), yields }
    }

    /// The values of a block stay visible: what is needed of it is found as it is walked.
    fn block(&mut self, mut inst: Inst) -> Option<Inst> {
        let value_live = self.any_live(&inst.results);
        let Kind::Block(mut region) = inst.kind else { return Some(inst) };
        if value_live {
            self.values.mark_all(&region.yields);
        } else {
            inst.results.clear();
            region.yields.clear();
        }
        region.insts = self.insts(region.insts);
        if region.insts.is_empty() && !value_live {
            return None;
        }
        inst.kind = Kind::Block(region);
        Some(inst)
    }

    /// A call stays: its body is not known. A companion that is not needed becomes the function.
    fn call(&mut self, mut inst: Inst) -> Option<Inst> {
        let needed = inst.results.iter().skip(1).any(|&result| self.values.contains(result));
        let live = self.any_live(&inst.results);
        let Kind::Call(call) = &mut inst.kind else { return Some(inst) };
        match &call.form {
            CallForm::Pullback { targets, .. } => {
                let places = || {
                    targets.iter().filter_map(|target| match target {
                        Target::Place(place) => Some(place.var),
                        Target::Value | Target::Ignore => None,
                    })
                };
                if !live && !places().any(|var| self.vars.contains(&var)) {
                    return None;
                }
                self.vars.extend(places());
            }
            CallForm::Primal | CallForm::Split => {
                if !needed {
                    inst.results.truncate(1);
                    call.form = CallForm::Primal;
                    call.dots.clear();
                }
            }
        }
        self.read(&inst);
        Some(inst)
    }

    /// Whether an instruction, or one inside it, stays whatever is read.
    fn acts(&self, inst: &Inst) -> bool {
        match &inst.kind {
            Kind::Branch(branch) => {
                branch.arms.iter().any(|arm| arm.insts.iter().any(|inst| self.acts(inst)))
            }
            Kind::Block(region) => region.insts.iter().any(|inst| self.acts(inst)),
            _ => self.has_effect(inst),
        }
    }

    /// Whether leaving an instruction out could be noticed.
    fn has_effect(&self, inst: &Inst) -> bool {
        match &inst.kind {
            Kind::Opaque { effect, .. } => *effect != Effect::Pure,
            Kind::Call(call) => !matches!(call.form, CallForm::Pullback { .. }),
            Kind::Index(of, index) => inst.syntax.is_some() && !self.is_in_bounds(*of, *index),
            // It panics where lo > hi.
            Kind::Apply(op, _) => inst.syntax.is_some() && *op == Op::Clamp,
            Kind::AddTo(place, _) => self.vars.contains(&place.var),
            Kind::Zero { var, .. } => self.vars.contains(var),
            _ => false,
        }
    }

    /// A constant index into an array is checked when the primal is compiled.
    fn is_in_bounds(&self, of: ValueId, index: ValueId) -> bool {
        matches!(self.function.values[of].ty.behind_refs(), Ty::Array(_, Len::Literal(_)))
            && self.constants.contains(index)
    }
}

/// Whether an instruction declares what it binds.
fn is_let(inst: &Inst) -> bool {
    let Some(syntax) = &inst.syntax else { return false };
    matches!(syntax.pieces.first(), Some(Piece::Tokens(tokens)) if tokens.to_string() == "let")
}

/// The items whose flag is set.
fn kept<T>(items: Vec<T>, keep: &[bool]) -> Vec<T> {
    items.into_iter().zip(keep).filter(|(_, keep)| **keep).map(|(item, _)| item).collect()
}

/// Whether a guard or a condition of the user's may panic or have an effect.
fn decides_noticeably(decision: &Decision) -> bool {
    let Decision::User { expr, .. } = decision else { return false };
    match &**expr {
        // The scrutinee is an instruction of its own.
        syn::Expr::Match(matching) => matching.arms.iter().any(|arm| match &arm.pat {
            syn::Pat::Guard(guarded) => !is_quiet(&guarded.guard),
            _ => false,
        }),
        syn::Expr::If(conditional) => !is_quiet(&conditional.cond),
        _ => true,
    }
}

/// Whether an expression only reads and compares variables.
fn is_quiet(expr: &syn::Expr) -> bool {
    match expr {
        syn::Expr::Lit(_) | syn::Expr::Path(_) => true,
        syn::Expr::Paren(inner) => is_quiet(&inner.expr),
        syn::Expr::Group(inner) => is_quiet(&inner.expr),
        syn::Expr::Reference(inner) => is_quiet(&inner.expr),
        syn::Expr::Field(field) => is_quiet(&field.base),
        syn::Expr::Let(binding) => is_quiet(&binding.expr),
        syn::Expr::Tuple(tuple) => tuple.elems.iter().all(is_quiet),
        syn::Expr::Unary(unary) => {
            let negated = matches!(unary.op, syn::UnOp::Neg(_));
            let literal = matches!(*unary.expr, syn::Expr::Lit(_));
            is_quiet(&unary.expr) && (!negated || literal)
        }
        syn::Expr::Binary(binary) => {
            use syn::BinOp::{And, Eq, Ge, Gt, Le, Lt, Ne, Or};
            let compares =
                matches!(binary.op, And(_) | Eq(_) | Ge(_) | Gt(_) | Le(_) | Lt(_) | Ne(_) | Or(_));
            compares && is_quiet(&binary.left) && is_quiet(&binary.right)
        }
        _ => false,
    }
}
