//! One walk over a function: operands by the user's names, identities, common subexpressions.

use std::collections::HashMap;

use super::key::Key;
use crate::ir::{Active, Branch, Effect, FloatTy, Function, Inst, Kind, Literal, Region, Ty, ValueId};
use crate::rules::Op;

/// The state of the walk.
pub(crate) struct Rewriter {
    pub(crate) function: Function,
    /// What a value is a copy of, and so on: equal representatives, equal values.
    copies: HashMap<ValueId, ValueId>,
    /// The name that reads a representative best.
    names: HashMap<ValueId, ValueId>,
    /// A removed value, and what stands for it.
    replaced: HashMap<ValueId, ValueId>,
    /// The instruction of each value seen so far.
    definitions: HashMap<ValueId, Kind>,
    /// The value that already computes a key, in the regions that are open.
    available: HashMap<Key, ValueId>,
    /// How often each value is read.
    reads: HashMap<ValueId, usize>,
    /// The instructions of the region being rewritten.
    insts: Vec<Inst>,
}

/// The function with every generated instruction in its simplest form.
pub(crate) fn rewritten(function: &Function) -> Function {
    let mut reads = HashMap::new();
    count(&function.body, &mut reads);
    let mut rewriter = Rewriter {
        function: function.clone(),
        copies: HashMap::new(),
        names: HashMap::new(),
        replaced: HashMap::new(),
        definitions: HashMap::new(),
        available: HashMap::new(),
        reads,
        insts: Vec::new(),
    };
    let (before, after) = match function.reverse_from {
        Some(at) => function.body.insts.split_at(at.min(function.body.insts.len())),
        None => (function.body.insts.as_slice(), [].as_slice()),
    };
    rewriter.insts(before);
    let reverse_from = rewriter.insts.len();
    rewriter.insts(after);
    let yields = rewriter.yields(&function.body.yields);
    let insts = std::mem::take(&mut rewriter.insts);
    let mut rewritten = rewriter.function;
    rewritten.reverse_from = function.reverse_from.map(|_| reverse_from);
    rewritten.body = Region { insts, yields };
    rewritten
}

fn count(region: &Region, reads: &mut HashMap<ValueId, usize>) {
    for inst in &region.insts {
        for value in inst.kind.operands() {
            *reads.entry(value).or_insert(0) += 1;
        }
        match &inst.kind {
            Kind::Block(region) => count(region, reads),
            Kind::Branch(branch) => branch.arms.iter().for_each(|arm| count(arm, reads)),
            _ => {}
        }
    }
    for &value in &region.yields {
        *reads.entry(value).or_insert(0) += 1;
    }
}

impl Rewriter {
    fn insts(&mut self, insts: &[Inst]) {
        for inst in insts {
            if inst.syntax.is_some() {
                self.primal(inst);
            } else {
                self.generated(inst);
            }
        }
    }

    /// A primal instruction stays; generated ones may use what it computes.
    fn primal(&mut self, inst: &Inst) {
        let mut inst = inst.clone();
        self.nested(&mut inst.kind);
        self.note(&inst);
        self.insts.push(inst);
    }

    fn generated(&mut self, inst: &Inst) {
        let mut inst = inst.clone();
        inst.kind.map_operands(&mut |value| self.operand(value));
        self.nested(&mut inst.kind);
        let pure = Key::of(&inst.kind, |value| self.representative(value)).is_some();
        match inst.results.as_slice() {
            &[result] if pure => {
                let home = self.function.values[result].home.is_some();
                let simplest = self.simplest(&inst.kind, result);
                if simplest != result && !home {
                    self.replaced.insert(result, simplest);
                }
            }
            _ => {
                self.note(&inst);
                self.insts.push(inst);
            }
        }
    }

    /// Regions inside an instruction. What an arm computes is not available after it.
    fn nested(&mut self, kind: &mut Kind) {
        match kind {
            Kind::Branch(branch) => self.arms(branch),
            Kind::Block(region) => self.region(region),
            _ => {}
        }
    }

    fn arms(&mut self, branch: &mut Branch) {
        for arm in &mut branch.arms {
            let (available, names) = (self.available.clone(), self.names.clone());
            self.region(arm);
            (self.available, self.names) = (available, names);
        }
    }

    fn region(&mut self, region: &mut Region) {
        let outer = std::mem::take(&mut self.insts);
        self.insts(&region.insts);
        region.yields = self.yields(&region.yields);
        region.insts = std::mem::replace(&mut self.insts, outer);
    }

    fn yields(&self, yields: &[ValueId]) -> Vec<ValueId> {
        yields.iter().map(|&value| self.current(value)).collect()
    }

    /// Remembers what an instruction computes.
    fn note(&mut self, inst: &Inst) {
        match &inst.kind {
            Kind::Bind(parts) => {
                for (&result, &part) in inst.results.iter().zip(parts) {
                    let part = self.representative(self.current(part));
                    self.copies.insert(result, part);
                    self.names.entry(part).or_insert(result);
                }
            }
            Kind::Reborrow(of) => {
                if let Some(&result) = inst.results.first() {
                    let of = self.representative(self.current(*of));
                    self.copies.insert(result, of);
                }
            }
            _ => {}
        }
        let [result] = inst.results.as_slice() else { return };
        self.definitions.insert(*result, inst.kind.clone());
        let key = Key::of(&inst.kind, |value| self.representative(self.current(value)));
        if let Some(key) = key {
            self.available.entry(key).or_insert(*result);
        }
    }

    /// What stands for a value now.
    fn current(&self, value: ValueId) -> ValueId {
        self.replaced.get(&value).copied().unwrap_or(value)
    }

    /// Equal for values that are copies of each other.
    pub(crate) fn representative(&self, value: ValueId) -> ValueId {
        self.copies.get(&value).copied().unwrap_or(value)
    }

    /// How a generated instruction reads a value: by the user's name, if it has one.
    fn operand(&self, value: ValueId) -> ValueId {
        let value = self.current(value);
        if self.function.values[value].home.is_some() {
            return value;
        }
        match self.names.get(&self.representative(value)) {
            Some(&name) if self.is_plain_copy(name, value) => name,
            _ => value,
        }
    }

    /// A name of the same type: not a reference to it.
    fn is_plain_copy(&self, name: ValueId, value: ValueId) -> bool {
        let depth = |value: ValueId| self.function.values[value].ty.ref_depth();
        depth(name) == depth(value)
    }

    /// The instruction of a value, looked for behind names.
    pub(crate) fn definition(&self, value: ValueId) -> Option<&Kind> {
        self.definitions.get(&self.representative(value))
    }

    /// Whether nothing but the instruction being rewritten reads a value.
    pub(crate) fn is_read_once(&self, value: ValueId) -> bool {
        self.reads.get(&value).copied().unwrap_or(0) <= 1
    }

    /// The number that a value is.
    pub(crate) fn number(&self, value: ValueId) -> Option<f64> {
        match self.definition(value)? {
            Kind::Const(Literal::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// The integer that a value is.
    pub(crate) fn integer(&self, value: ValueId) -> Option<i32> {
        match self.definition(value)? {
            Kind::Opaque { expr, .. } => super::rules::integer(expr),
            _ => None,
        }
    }

    /// The value of `kind` in its simplest form; `like` says what a new one looks like.
    pub(crate) fn simplest(&mut self, kind: &Kind, like: ValueId) -> ValueId {
        if let Some(value) = self.rule(kind, like) {
            return value;
        }
        let key = Key::of(kind, |value| self.representative(value));
        if let Some(known) = key.as_ref().and_then(|key| self.available.get(key)) {
            return self.operand(*known);
        }
        self.append(kind.clone(), like)
    }

    /// Appends an instruction; `like` itself becomes its result while it is free.
    fn append(&mut self, kind: Kind, like: ValueId) -> ValueId {
        let value = if self.definitions.contains_key(&like) {
            let info = self.function.values[like].clone();
            self.function.new_value(info.ty, &info.hint, info.span, info.active)
        } else {
            like
        };
        let span = self.function.values[value].span;
        let inst = Inst { results: vec![value], kind, syntax: None, span };
        self.note(&inst);
        self.insts.push(inst);
        value
    }

    /// A constant next to `like`.
    pub(crate) fn constant(&mut self, number: f64, like: ValueId) -> ValueId {
        let kind = Kind::Const(Literal::Number(number));
        let key = Key::of(&kind, |value| value);
        if let Some(known) = key.and_then(|key| self.available.get(&key).copied()) {
            return known;
        }
        let (ty, span) = (self.function.values[like].ty.clone(), self.function.values[like].span);
        let ty = match ty {
            Ty::Float(float) => Ty::Float(float),
            _ => Ty::Float(FloatTy::Inferred),
        };
        let value = self.function.new_value(ty, "constant", span, Active::No);
        let inst = Inst { results: vec![value], kind, syntax: None, span };
        self.note(&inst);
        self.insts.push(inst);
        value
    }

    /// An integer constant next to `like`.
    pub(crate) fn integer_constant(&mut self, number: i32, like: ValueId) -> ValueId {
        let literal = proc_macro2::Literal::i32_unsuffixed(number.saturating_abs());
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
        let kind =
            Kind::Opaque { expr: Box::new(expr), reads: Vec::new(), effect: Effect::Pure };
        let inst = Inst { results: vec![value], kind, syntax: None, span };
        self.note(&inst);
        self.insts.push(inst);
        value
    }

    /// A new operation on the way to `like`.
    pub(crate) fn operation(&mut self, op: Op, args: Vec<ValueId>, like: ValueId) -> ValueId {
        let info = self.function.values[like].clone();
        let part = self.function.new_value(info.ty, &info.hint, info.span, info.active);
        self.simplest(&Kind::Apply(op, args), part)
    }
}

impl Rewriter {
    /// A value that looks like another.
    pub(crate) fn like(&mut self, like: ValueId) -> ValueId {
        let info = self.function.values[like].clone();
        self.function.new_value(info.ty, &info.hint, info.span, info.active)
    }

    /// The value that already computes a key.
    pub(crate) fn known(&self, key: &Key) -> Option<ValueId> {
        self.available.get(key).copied()
    }

    /// The constant that is already there.
    pub(crate) fn known_number(&self, number: f64) -> Option<ValueId> {
        self.known(&Key::Number(number.to_bits()))
    }
}
