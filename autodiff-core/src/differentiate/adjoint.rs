//! Reverse mode as a transform of functions.

use std::cell::OnceCell;

use proc_macro2::Span;

use super::Seed;
use super::builder::Builder;
use super::cotangent::{Again, Frame, Reverse};
use super::origin::{Origins, Storage};
use crate::hash::{HashMap, HashSet};
use crate::ir::{Active, Function, Inst, Kind, Output, Region, Ty, ValueId, Var, VarId};

/// adjoint : (x ↦ y) → (x, ȳ ↦ y, x̄), x̄ᵢ = Σ ȳ · ∂y/∂xᵢ
///
/// The results are those of `f` and then [`Output::Cotangent`] of each differentiated parameter.
/// With [`Seed::One`], ȳ is the constant 1 and `f` gives one float; with [`Seed::Parameter`], ȳ
/// is a last parameter, of the type of y.
///
/// The forward sweep is `f`'s own instructions; the reverse sweep begins at
/// [`Function::reverse_from`]. The calls in `f` are primal ones, without tangents: what is to be
/// differentiated twice in reverse has no companion to call.
#[must_use]
pub fn adjoint(f: &Function, seed: Seed) -> Function {
    reversed(f, seed, Again::No)
}

/// The same of what is differentiated again. The tangent of a pullback runs its function once more,
/// and so needs what that changes as it was before: memory that is lent to a callee is copied.
#[must_use]
pub fn adjoint_again(f: &Function, seed: Seed) -> Function {
    reversed(f, seed, Again::Yes)
}

fn reversed(f: &Function, seed: Seed, again: Again) -> Function {
    let mut declared = HashMap::default();
    find_declared(&f.body.insts, 0, &mut declared);
    let mut reverse = Reverse {
        primal: f,
        origins: match seed {
            Seed::One => Origins::of(f),
            Seed::Parameter => Origins::of(f).without_exits(),
        },
        given: Vec::new(),
        builder: Builder::new(f),
        seeded: seed,
        again,
        at: 0,
        frames: vec![Frame::default()],
        shadows: HashMap::default(),
        shadows_of_vars: HashMap::default(),
        declared,
        loops: 0,
        tapes: Vec::new(),
        moved: f.moved(),
        lengths: HashMap::default(),
        asked: HashSet::default(),
        tells_variants: super::length::tells_variants(&f.body),
        before: Vec::new(),
        hoisted: Vec::new(),
        private: HashSet::default(),
        counts: OnceCell::new(),
    };
    reverse.seed(seed);
    if seed == Seed::Parameter {
        reverse.seed_exits();
    }
    let forward = reverse.insts(&f.body.insts);
    reverse.finish(forward)
}

impl Reverse<'_> {
    /// ȳ, as a constant or as a parameter.
    fn seed(&mut self, seed: Seed) {
        let labelled = self.primal.outputs.iter().zip(&self.primal.body.yields);
        let value = labelled.clone().find(|(output, _)| **output == Output::Value);
        let first = labelled.clone().find(|(output, _)| !matches!(output, Output::Exit(_)));
        let Some((_, &y)) = value.or(first) else { return };
        self.builder.span = self.primal.values[y].span;
        let y_bar = match seed {
            Seed::One => self.builder.number(1.0),
            Seed::Parameter => {
                let ty = self.builder.ty(y);
                let param = self.builder.fresh(ty, "y_bar", Active::Yes);
                self.builder.function.params.push(param);
                param
            }
        };
        if seed == Seed::Parameter && self.starts_from(y, y_bar) {
            return;
        }
        self.add(y, y_bar);
    }

    /// Whether the shadow of a result of a type of the user's starts as its cotangent: the result
    /// itself is the caller's by then, and may not be there to take a zero from.
    fn starts_from(&mut self, y: ValueId, y_bar: ValueId) -> bool {
        let copied = self.origins.copied(y);
        let origin = self.origins.origin(copied);
        let is_whole = origin.path.is_empty() && self.origins.depth(origin.root) == 0;
        let is_named = matches!(self.builder.ty(y), Ty::Named(_));
        if !is_whole || !is_named || self.origins.storage(origin.root) != Storage::Shadow {
            return false;
        }
        let root = self.origins.cell(origin.root).map_or(origin.root, |cell| cell.root);
        self.start_shadow(root, y_bar);
        true
    }

    /// A shadow that is handed in.
    fn start_shadow(&mut self, root: ValueId, bar: ValueId) {
        let (ty, hint) = (self.builder.ty(bar), self.builder.bar(root));
        let var = self.builder.function.vars.push(Var { ty, hint });
        self.shadows.insert(root, var);
        self.given.push(Inst {
            results: Vec::new(),
            kind: Kind::Define { var, value: bar },
            syntax: None,
            span: self.builder.span,
        });
    }

    /// The cotangents of what the `&mut` parameters refer to on return: parameters, from which
    /// their shadows start.
    fn seed_exits(&mut self) {
        for (n, _) in self.primal.exits().collect::<Vec<_>>() {
            let Some(&param) = self.primal.params.get(n) else { continue };
            let Some(cell) = self.origins.cell(param) else { continue };
            let (ty, hint) = (self.builder.ty(param), self.builder.bar(param));
            let bar = self.builder.fresh(ty, &hint, Active::Yes);
            self.builder.function.params.push(bar);
            self.start_shadow(cell.root, bar);
        }
    }

    /// The function of both sweeps, which yields the cotangents of the parameters.
    fn finish(mut self, forward: Vec<Inst>) -> Function {
        let mut yields = self.primal.body.yields.clone();
        let mut outputs = self.primal.outputs.clone();
        self.builder.span = Span::call_site();
        for (n, &param) in self.primal.params.iter().enumerate() {
            if self.is_active(param) {
                self.builder.span = self.primal.values[param].span;
                let cotangent = self.parameter(param);
                yields.push(cotangent);
                outputs.push(Output::Cotangent(n));
            }
        }
        let mut frame = self.frames.pop().unwrap_or_default();
        let span = self.builder.span;
        let tape = |&tape: &_| Inst::generated(Vec::new(), Kind::Tape(tape), span);
        let mut insts: Vec<Inst> = self.tapes.iter().map(tape).collect();
        let params = &self.primal.params;
        insts.extend(params.iter().filter_map(|&param| self.measured(param)));
        insts.extend(self.with_hoisted(forward));
        let reverse_from = Some(insts.len());
        frame.zeros.append(&mut self.hoisted);
        insts.extend(self.declarations(&frame));
        insts.extend(std::mem::take(&mut self.given));
        insts.extend(self.builder.close());
        let body = Region { insts, yields };
        Function { body, outputs, reverse_from, ..self.builder.function }
    }

    /// The cotangent of a parameter, zero where nothing contributes to it.
    fn parameter(&mut self, param: ValueId) -> ValueId {
        if Storage::Shadow == self.origins.storage(param) {
            self.shadow(param);
        }
        let hint = self.builder.bar(param);
        match self.take(param) {
            Some(cotangent) => cotangent,
            None => self.builder.zero(param, &hint),
        }
    }
}

/// The variables that the primal declares: what gives each its shape, and in how many arms it is.
fn find_declared(insts: &[Inst], depth: usize, found: &mut HashMap<VarId, (ValueId, usize)>) {
    for inst in insts {
        if let Kind::Zero { var, like, .. } | Kind::Define { var, value: like } = inst.kind {
            found.insert(var, (like, depth));
        }
        let arm = usize::from(matches!(inst.kind, Kind::Branch(_) | Kind::Loop(_)));
        for region in inst.kind.regions() {
            find_declared(&region.insts, depth + arm, found);
        }
    }
}
