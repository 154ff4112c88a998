//! Leaves out what nothing needs and nobody would notice.

use std::collections::HashSet;

use crate::ir::inst::Form;
use crate::ir::{
    BindingId, Branch, Call, CallForm, Effect, Function, Inst, Kind, Len, Piece, Region, Role,
    Syntax, Target, Ty, ValueId, VarId,
};
use crate::rules::Op;

/// The function without dead code: a walk from the end to the start.
pub(crate) fn without_dead_code(function: &Function) -> Function {
    let mut live = Liveness {
        function,
        values: function.body.yields.iter().copied().collect(),
        vars: HashSet::new(),
        assigned: HashSet::new(),
        constants: HashSet::new(),
    };
    live.constants(&function.body);
    let total = function.body.insts.len();
    let start = function.reverse_from.unwrap_or(total).min(total);
    let (forward, reverse) = function.body.insts.split_at(start);
    let reverse = live.insts(reverse);
    let mut insts = live.insts(forward);
    let reverse_from = insts.len();
    insts.extend(reverse);
    let mut rest = function.clone();
    rest.reverse_from = function.reverse_from.map(|_| reverse_from);
    rest.body.insts = insts;
    rest
}

/// What is needed by the instructions after the one being looked at.
struct Liveness<'f> {
    function: &'f Function,
    values: HashSet<ValueId>,
    vars: HashSet<VarId>,
    /// The user's variables that a later instruction assigns: they must be declared.
    assigned: HashSet<BindingId>,
    /// Integer literals.
    constants: HashSet<ValueId>,
}

impl Liveness<'_> {
    fn insts(&mut self, insts: &[Inst]) -> Vec<Inst> {
        let mut kept: Vec<Inst> = insts.iter().rev().filter_map(|inst| self.inst(inst)).collect();
        kept.reverse();
        kept
    }

    /// Collects the integer literals of a region.
    fn constants(&mut self, region: &Region) {
        for inst in &region.insts {
            match &inst.kind {
                Kind::Opaque { expr, .. } if matches!(**expr, syn::Expr::Lit(_)) => {
                    self.constants.extend(&inst.results);
                }
                Kind::Block(region) => self.constants(region),
                Kind::Branch(branch) => branch.arms.iter().for_each(|arm| self.constants(arm)),
                _ => {}
            }
        }
    }

    /// What is left of an instruction.
    fn inst(&mut self, inst: &Inst) -> Option<Inst> {
        match &inst.kind {
            Kind::Branch(branch) => return self.branch(inst, branch),
            Kind::Block(region) => return self.block(inst, region),
            Kind::Call(call) => return self.call(inst, call),
            Kind::Declare(binding) => {
                return self.assigned.contains(binding).then(|| inst.clone());
            }
            Kind::Bind(_) if !self.any_live(&inst.results) => return self.dead_bind(inst),
            _ => {}
        }
        if !self.any_live(&inst.results) && !self.has_effect(inst) {
            return None;
        }
        if let Kind::Load(place) = &inst.kind {
            self.vars.insert(place.var);
        }
        self.note_assignment(inst);
        self.read(inst);
        Some(inst.clone())
    }

    fn any_live(&self, values: &[ValueId]) -> bool {
        values.iter().any(|value| self.values.contains(value))
    }

    /// What an instruction reads is live: operands, and what stands in its tokens.
    fn read(&mut self, inst: &Inst) {
        self.values.extend(inst.kind.operands());
        if let Some(syntax) = &inst.syntax {
            self.pieces(&syntax.pieces);
        }
    }

    fn pieces(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            match piece {
                Piece::Value(value) | Piece::Parens(value) => {
                    self.values.insert(*value);
                }
                Piece::Group(_, inner) => self.pieces(inner),
                Piece::Tokens(_) | Piece::Region(_) | Piece::Mut(_) | Piece::Binder(_) => {}
            }
        }
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
    fn dead_bind(&mut self, inst: &Inst) -> Option<Inst> {
        if !is_let(inst) {
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
            self.read(inst);
            return Some(inst.clone());
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

    /// A branch stays while a result is read or an arm does something; dead results go.
    fn branch(&mut self, inst: &Inst, branch: &Branch) -> Option<Inst> {
        let keep: Vec<bool> = inst.results.iter().map(|r| self.values.contains(r)).collect();
        let acts = branch.arms.iter().any(|arm| arm.insts.iter().any(|inst| self.acts(inst)));
        if !acts && !keep.contains(&true) {
            return None;
        }
        let arms = branch.arms.iter().map(|arm| self.arm(arm, &keep)).collect();
        let roles: Vec<Role> = kept(&branch.roles, &keep);
        let decision = branch.decision.clone();
        let left = Inst {
            results: kept(&inst.results, &keep),
            kind: Kind::Branch(Branch { decision, arms, roles }),
            ..inst.clone()
        };
        self.read(&left);
        Some(left)
    }

    fn arm(&mut self, arm: &Region, keep: &[bool]) -> Region {
        let yields = kept(&arm.yields, keep);
        self.values.extend(&yields);
        Region { insts: self.insts(&arm.insts), yields }
    }

    /// The values of a block stay visible: what is needed of it is found as it is walked.
    fn block(&mut self, inst: &Inst, region: &Region) -> Option<Inst> {
        let value_live = self.any_live(&inst.results);
        let (results, yields) = if value_live {
            self.values.extend(&region.yields);
            (inst.results.clone(), region.yields.clone())
        } else {
            (Vec::new(), Vec::new())
        };
        let insts = self.insts(&region.insts);
        if insts.is_empty() && !value_live {
            return None;
        }
        let kind = Kind::Block(Region { insts, yields });
        Some(Inst { results, kind, ..inst.clone() })
    }

    /// A call stays: its body is not known. A companion that is not needed becomes the function.
    fn call(&mut self, inst: &Inst, call: &Call) -> Option<Inst> {
        if let CallForm::Pullback { targets, .. } = &call.form {
            let adds = targets.iter().any(|target| match target {
                Target::Place(place) => self.vars.contains(&place.var),
                Target::Value | Target::Ignore => false,
            });
            if !adds && !self.any_live(&inst.results) {
                return None;
            }
            self.read(inst);
            return Some(inst.clone());
        }
        let mut left = inst.clone();
        let added_live = inst.results.iter().skip(1).any(|result| self.values.contains(result));
        if !added_live && inst.results.len() > 1 {
            left.results.truncate(1);
            left.kind = Kind::Call(Call {
                form: CallForm::Primal,
                dots: Vec::new(),
                ..call.clone()
            });
        }
        self.read(&left);
        Some(left)
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
            && self.constants.contains(&index)
    }
}

/// Whether an instruction declares what it binds.
fn is_let(inst: &Inst) -> bool {
    let Some(syntax) = &inst.syntax else { return false };
    matches!(syntax.pieces.first(), Some(Piece::Tokens(tokens)) if tokens.to_string() == "let")
}

/// The items whose flag is set.
fn kept<T: Clone>(items: &[T], keep: &[bool]) -> Vec<T> {
    items.iter().zip(keep).filter(|(_, keep)| **keep).map(|(item, _)| item.clone()).collect()
}
