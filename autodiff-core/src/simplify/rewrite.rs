//! One walk over a function: operands by the user's names, identities, common subexpressions.

use super::Guards;
use super::facts::Facts;
use super::key::Key;
use crate::ir::table::ValueSet;
use crate::ir::{
    Active, Args, Branch, Effect, FloatTy, Function, Inst, Kind, Literal, Region, Role, Ty, ValueId,
};
use crate::rules::Op;

/// The state of the walk.
pub(crate) struct Rewriter {
    pub(crate) function: Function,
    pub(crate) facts: Facts,
    /// Primal values without tokens of their own: what `t += x` adds up to, the parts of a pattern.
    implicit: ValueSet,
    pub(crate) guards: Guards,
    /// Whether a sum is being put together.
    summing: bool,
    /// How many values were replaced.
    changes: usize,
    /// The instructions of the region being rewritten.
    insts: Vec<Inst>,
}

/// Brings every generated instruction into its simplest form; also says how many became another.
pub(crate) fn rewritten(mut function: Function, guards: Guards) -> (Function, usize) {
    let body = std::mem::take(&mut function.body);
    let mut implicit = ValueSet::new();
    find_implicit(&body, &mut implicit);
    find_compared(&body, &mut ValueSet::new(), &mut implicit);
    let facts = Facts::of(&body, function.values.len());
    let mut before = body.insts;
    let insts = Vec::with_capacity(before.len());
    let mut rewriter =
        Rewriter { function, facts, implicit, guards, summing: false, changes: 0, insts };
    let start = rewriter.function.reverse_from.unwrap_or(before.len()).min(before.len());
    let after = before.split_off(start);
    rewriter.insts(before);
    let reverse_from = rewriter.insts.len();
    rewriter.insts(after);
    let yields = rewriter.yields(&body.yields);
    let insts = std::mem::take(&mut rewriter.insts);
    let mut function = rewriter.function;
    function.reverse_from = function.reverse_from.map(|_| reverse_from);
    function.body = Region { insts, yields };
    (function, rewriter.changes)
}

/// The values that a region defines.
fn defined(region: &Region) -> Vec<ValueId> {
    let mut found = Vec::new();
    for inst in &region.insts {
        found.extend(&inst.results);
        found.extend(inst.kind.regions().iter().flat_map(defined));
    }
    found
}

/// What the primal computes without tokens of its own: found from its readers, back to front.
fn find_implicit(region: &Region, found: &mut ValueSet) {
    for inst in region.insts.iter().rev() {
        let named = matches!(inst.kind, Kind::Bind(_));
        let implicit = inst.results.iter().any(|&result| found.contains(result));
        match &inst.kind {
            Kind::Block(region) => find_implicit(region, found),
            Kind::Branch(branch) => branch.arms.iter().for_each(|arm| find_implicit(arm, found)),
            Kind::Loop(of) => find_implicit(&of.body, found),
            Kind::Replay(of) => find_implicit(&of.step, found),
            // Tangents are given to a call by the transform.
            Kind::Call(call) if inst.syntax.is_some() => found.mark_all(&call.args),
            kind if inst.syntax.is_some() || named || implicit => {
                kind.visit_operands(&mut |value| found.mark(value));
            }
            _ => {}
        }
    }
}

/// What is computed again to be compared with what the primal computed: it must be that to the
/// last bit, so its operations stay as they are.
fn find_compared(region: &Region, compared: &mut ValueSet, found: &mut ValueSet) {
    let mut constants = ValueSet::new();
    let insts = region.insts.iter().filter(|inst| matches!(inst.kind, Kind::Const(_)));
    insts.for_each(|inst| constants.mark_all(&inst.results));
    let is_constant = |value: ValueId| constants.contains(value);
    for inst in region.insts.iter().rev() {
        inst.kind.regions().iter().for_each(|region| find_compared(region, compared, found));
        match &inst.kind {
            Kind::Equal(a, b) | Kind::Less(a, b) | Kind::LessEq(a, b)
                if inst.syntax.is_none() && !is_constant(*a) && !is_constant(*b) =>
            {
                compared.mark_all(&[*a, *b]);
            }
            Kind::Apply(op, args)
                if !matches!(op, Op::FromInt | Op::Decrement)
                    && inst.results.iter().any(|&result| compared.contains(result)) =>
            {
                found.mark_all(&inst.results);
                compared.mark_all(args);
            }
            _ => {}
        }
    }
}

impl Rewriter {
    fn insts(&mut self, insts: Vec<Inst>) {
        for inst in insts {
            let implicit = inst.results.iter().any(|&result| self.implicit.contains(result));
            if inst.syntax.is_some() || implicit {
                self.primal(inst);
            } else {
                self.generated(inst);
            }
        }
    }

    /// A primal instruction stays; generated ones may use what it computes. Of its operands, only
    /// the tangents that a transform gives to a call can have been replaced.
    fn primal(&mut self, mut inst: Inst) {
        inst.kind.map_operands(&mut |value| self.facts.current(value));
        self.without_constants(&mut inst);
        self.without_choices(&mut inst);
        self.nested(&mut inst.kind);
        self.push(inst);
    }

    fn generated(&mut self, mut inst: Inst) {
        let tokens = matches!(inst.kind, Kind::Opaque { .. });
        inst.kind.map_operands(&mut |value| {
            let other = self.operand(value);
            // Tokens read a value by the name that it has there.
            if tokens && self.is_named_otherwise(value, other) { value } else { other }
        });
        self.without_constants(&mut inst);
        self.without_choices(&mut inst);
        self.nested(&mut inst.kind);
        let of = |value| self.facts.representative(value);
        match (&inst.kind, inst.results.as_slice()) {
            (Kind::Reborrow(of), &[result]) => {
                let depth = self.function.values[result].ty.ref_depth();
                let key = Key::Reborrow(self.facts.representative(*of), depth);
                match self.facts.known(&key) {
                    Some(known) if self.is_named_otherwise(result, known) => {
                        self.push_generated(inst);
                    }
                    Some(known) => self.replace(result, self.operand(known)),
                    None => self.push_generated(inst),
                }
            }
            (kind, &[result]) if Key::of(kind, of).is_some() => {
                let home = self.function.values[result].home.is_some();
                let simplest = self.simplest(inst.kind, result);
                if simplest != result && !home {
                    self.replace(result, simplest);
                }
            }
            (Kind::Opaque { .. }, &[result]) => self.run_again(inst, result),
            _ => self.push_generated(inst),
        }
    }

    /// Whether a value has the name of a variable that another has not.
    fn is_named_otherwise(&self, value: ValueId, other: ValueId) -> bool {
        let home = self.function.values[value].home.as_ref();
        home.is_some() && home != self.function.values[other].home.as_ref()
    }

    fn push(&mut self, inst: Inst) {
        if matches!(inst.kind, Kind::Branch(_)) {
            self.function.mark_active(&inst);
        }
        self.facts.note(&inst, &self.function);
        self.insts.push(inst);
    }

    pub(crate) fn push_generated(&mut self, inst: Inst) {
        inst.results.iter().for_each(|&result| self.facts.add_generated(result));
        self.function.mark_active(&inst);
        self.push(inst);
    }

    pub(crate) fn replace(&mut self, value: ValueId, by: ValueId) {
        self.changes += 1;
        self.facts.replace(value, by);
    }

    /// Regions inside an instruction. What an arm computes is not available after it.
    fn nested(&mut self, kind: &mut Kind) {
        match kind {
            Kind::Branch(branch) => self.arms(branch),
            Kind::Block(region) => self.region(region),
            Kind::Loop(of) => {
                self.facts.enter_arm();
                self.region(&mut of.body);
                self.facts.leave_arm();
            }
            Kind::Replay(of) => {
                self.facts.enter_arm();
                self.region(&mut of.step);
                self.facts.leave_arm();
            }
            _ => {}
        }
    }

    /// What a transform lets a branch give, but every arm takes from outside, is that.
    fn without_choices(&mut self, inst: &mut Inst) {
        let Kind::Branch(branch) = &mut inst.kind else { return };
        let inside: Vec<ValueId> = branch.arms.iter().flat_map(defined).collect();
        let mut at = 0;
        while at < branch.roles.len() {
            let mut yields = branch
                .arms
                .iter()
                .filter_map(|arm| arm.yields.get(at).map(|&value| self.facts.current(value)));
            let first = yields.next().filter(|first| !inside.contains(first));
            let same = first.filter(|&first| yields.all(|value| value == first));
            if let (Some(&Role::Extra), Some(same), Some(&result)) =
                (branch.roles.get(at), same, inst.results.get(at))
            {
                self.replace(result, same);
                branch.arms.iter_mut().for_each(|arm| {
                    arm.yields.remove(at);
                });
                branch.roles.remove(at);
                inst.results.remove(at);
            } else {
                at += 1;
            }
        }
    }

    /// What a transform lets a loop carry, but no iteration changes, is what it was before.
    fn without_constants(&mut self, inst: &mut Inst) {
        let Kind::Loop(of) = &mut inst.kind else { return };
        let mut at = 0;
        while at < of.params.len() {
            let (Some(&param), Some(&init), Some(&result)) =
                (of.params.get(at), of.init.get(at), inst.results.get(at))
            else {
                return;
            };
            let same =
                of.body.yields.get(at).is_some_and(|&next| self.facts.current(next) == param);
            if of.roles.get(at) == Some(&Role::Extra) && same {
                self.replace(param, init);
                self.replace(result, init);
                of.init.remove(at);
                of.params.remove(at);
                of.roles.remove(at);
                of.body.yields.remove(at);
                inst.results.remove(at);
            } else {
                at += 1;
            }
        }
    }

    fn arms(&mut self, branch: &mut Branch) {
        for arm in &mut branch.arms {
            self.facts.enter_arm();
            self.region(arm);
            self.facts.leave_arm();
        }
    }

    fn region(&mut self, region: &mut Region) {
        let outer = std::mem::take(&mut self.insts);
        self.insts(std::mem::take(&mut region.insts));
        region.yields = self.yields(&region.yields);
        region.insts = std::mem::replace(&mut self.insts, outer);
    }

    fn yields(&self, yields: &[ValueId]) -> Vec<ValueId> {
        yields.iter().map(|&value| self.facts.current(value)).collect()
    }

    /// How a generated instruction reads a value: by the user's name, if it has one.
    pub(crate) fn operand(&self, value: ValueId) -> ValueId {
        self.facts.operand(value, &self.function)
    }

    /// The value of `kind` in its simplest form; `like` says what a new one looks like.
    pub(crate) fn simplest(&mut self, kind: Kind, like: ValueId) -> ValueId {
        if let Some(value) = self.rule(&kind, like) {
            return value;
        }
        let key = Key::of(&kind, |value| self.facts.representative(value));
        if let Some(known) = key.and_then(|key| self.facts.known(&key)) {
            return self.operand(known);
        }
        self.append(kind, like)
    }

    /// Appends an instruction; `like` itself becomes its result while it is free.
    fn append(&mut self, kind: Kind, like: ValueId) -> ValueId {
        let value = if self.facts.is_defined(like) { self.like(like) } else { like };
        let span = self.function.values[value].span;
        self.push_generated(Inst::generated(vec![value], kind, span));
        value
    }

    /// A value that looks like another.
    pub(crate) fn like(&mut self, like: ValueId) -> ValueId {
        let info = self.function.values[like].clone();
        let value = self.function.new_value(info.ty, &info.hint, info.span, info.active);
        self.facts.look_alike(value, like);
        value
    }

    /// A new operation on the way to `like`.
    pub(crate) fn operation(&mut self, op: Op, args: impl Into<Args>, like: ValueId) -> ValueId {
        let part = self.like(like);
        self.simplest(Kind::Apply(op, args.into()), part)
    }

    /// A new condition on the way to `like`.
    pub(crate) fn is_equal(&mut self, a: ValueId, b: ValueId, like: ValueId) -> ValueId {
        let span = self.function.values[like].span;
        let condition = self.function.new_value(Ty::Inert, "condition", span, Active::No);
        self.simplest(Kind::Equal(a, b), condition)
    }

    /// A constant next to `like`.
    pub(crate) fn constant(&mut self, number: f64, like: ValueId) -> ValueId {
        let kind = Kind::Const(Literal::Number(number));
        if let Some(known) = self.known_number(number) {
            return known;
        }
        let info = &self.function.values[like];
        let ty = match &info.ty {
            Ty::Float(float) => Ty::Float(float.clone()),
            Ty::Inert
            | Ty::Tuple(_)
            | Ty::Array(..)
            | Ty::Slice(_)
            | Ty::Vec(_)
            | Ty::Ref(_)
            | Ty::Option(_)
            | Ty::Named(_)
            | Ty::Unknown => Ty::Float(FloatTy::Inferred),
        };
        let span = info.span;
        let value = self.function.new_value(ty, "constant", span, Active::No);
        self.append(kind, value)
    }

    /// The constant that is already there.
    pub(crate) fn known_number(&self, number: f64) -> Option<ValueId> {
        self.facts.known(&Key::Number(number.to_bits()))
    }

    /// An integer constant next to `like`.
    pub(crate) fn integer_constant(&mut self, number: i32, like: ValueId) -> ValueId {
        let literal = proc_macro2::Literal::u32_unsuffixed(number.unsigned_abs());
        let lit = syn::Lit::new(literal);
        let positive = syn::Expr::Lit(syn::ExprLit { attrs: Vec::new(), lit });
        let expr = if number < 0 {
            let op = syn::UnOp::Neg(syn::token::Minus::default());
            syn::Expr::Unary(syn::ExprUnary { attrs: Vec::new(), op, expr: Box::new(positive) })
        } else {
            positive
        };
        let span = self.function.values[like].span;
        let value = self.function.new_value(Ty::Inert, "exponent", span, Active::No);
        let (expr, reads) = (Box::new(expr), Vec::new());
        self.append(Kind::Opaque { expr, reads, effect: Effect::Pure }, value)
    }

    /// Whether a sum is left to the one that it is a part of.
    pub(crate) fn is_part_of_sum(&self, value: ValueId) -> bool {
        self.summing || self.facts.is_partial_sum(value)
    }

    /// Puts a sum together, whose parts are not to be taken apart again.
    pub(crate) fn without_sums(&mut self, build: impl FnOnce(&mut Self) -> ValueId) -> ValueId {
        self.summing = true;
        let built = build(self);
        self.summing = false;
        built
    }
}
