//! Where every partial is finite, a product need not ask whether its other factor is zero.
//!
//! 0 ⊗ p = 0 also where p is infinite, so each product with a singular partial is guarded. In a
//! matrix the same few partials are multiplied in every direction: that they are finite is asked
//! once, and what depends on such products stands in the two arms of one branch.

use crate::hash::{HashMap, HashSet};
use crate::ir::{
    Active, Branch, Decision, FloatTy, Function, Inst, Kind, Literal, Region, Role, Ty, ValueId,
};
use crate::rules::Op;

/// Fewer guards than this are cheaper than a branch.
const FEWEST_GUARDS: usize = 4;

/// Where a partial must not be infinite.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pole {
    /// Of a factor.
    Factor(ValueId),
    /// Of a divisor that is zero.
    Divisor(ValueId),
}

/// The function, with its guarded products apart from those that need no guard.
pub(crate) fn away_from_poles(mut function: Function) -> Function {
    let mut guards = Guards::of(&function.body);
    guards.keep_known_poles(&function.body);
    let mut poles: Vec<Pole> = Vec::new();
    for (_, pole) in &guards.all {
        if !poles.contains(pole) {
            poles.push(*pole);
        }
    }
    let pays = guards.all.len() >= FEWEST_GUARDS && guards.all.len() >= 2 * poles.len();
    let Some(dependent) = dependent(&function.body, &guards).filter(|_| pays) else {
        return function;
    };
    let Some(cond) = condition(&mut function, &poles) else { return function };
    let insts = std::mem::take(&mut function.body.insts);
    let is_dependent = |inst: &Inst| inst.results.iter().any(|value| dependent.contains(value));
    let (guarded, others): (Vec<Inst>, Vec<Inst>) = insts.into_iter().partition(is_dependent);
    function.body.insts = others;
    let yields: Vec<ValueId> =
        function.body.yields.iter().copied().filter(|value| dependent.contains(value)).collect();
    let plain = guarded.iter().map(|inst| guards.without(inst)).collect();
    let arms = [plain, guarded]
        .map(|insts| copied(&mut function, Region { insts, yields: yields.clone() }));
    let results: Vec<ValueId> = yields.iter().map(|&value| again(&mut function, value)).collect();
    let roles = vec![Role::Extra; results.len()];
    let branch = Branch { decision: Decision::If(cond), arms: arms.into(), roles };
    let of: HashMap<ValueId, ValueId> = yields.into_iter().zip(results.iter().copied()).collect();
    generate(&mut function, results, Kind::from(branch));
    for value in &mut function.body.yields {
        *value = of.get(value).copied().unwrap_or(*value);
    }
    function
}

/// The guarded products of a region.
struct Guards {
    all: Vec<(ValueId, Pole)>,
    /// What a product is where it needs no guard.
    plain: HashMap<ValueId, Kind>,
}

impl Guards {
    fn of(region: &Region) -> Self {
        let of = |inst: &'_ Inst| Some((*inst.results.first()?, inst.kind.clone()));
        let definitions: HashMap<ValueId, Kind> = region.insts.iter().filter_map(of).collect();
        let mut guards = Self { all: Vec::new(), plain: HashMap::default() };
        for inst in region.insts.iter().filter(|inst| inst.syntax.is_none()) {
            let Some(&result) = inst.results.first() else { continue };
            if let Some((pole, plain)) = guard(&inst.kind, &definitions) {
                guards.all.push((result, pole));
                guards.plain.insert(result, plain);
            }
        }
        guards
    }

    /// Leaves out products of which the partial is known only after other products: these stay
    /// guarded.
    fn keep_known_poles(&mut self, region: &Region) {
        let Some(dependent) = dependent(region, self) else { return };
        self.all.retain(|(_, Pole::Factor(of) | Pole::Divisor(of))| !dependent.contains(of));
        let kept: HashSet<ValueId> = self.all.iter().map(|(value, _)| *value).collect();
        self.plain.retain(|value, _| kept.contains(value));
    }

    /// An instruction, without its guard.
    fn without(&self, inst: &Inst) -> Inst {
        let plain = inst.results.first().and_then(|result| self.plain.get(result));
        let kind = plain.cloned().unwrap_or_else(|| inst.kind.clone());
        Inst { kind, ..inst.clone() }
    }
}

/// The pole of a guarded product, and the product.
fn guard(kind: &Kind, definitions: &HashMap<ValueId, Kind>) -> Option<(Pole, Kind)> {
    match *kind {
        // c ⊗ p
        Kind::Scale { cotangent, partial } => {
            let plain = Kind::Apply(Op::Mul, [cotangent, partial].into());
            Some((Pole::Factor(partial), plain))
        }
        // if c == 0 { 0 } else { c · p }, and with c / b
        Kind::Select { cond, no, yes } => {
            let is_zero = |value| match definitions.get(&value) {
                Some(Kind::Const(Literal::Number(number))) => *number == 0.0,
                _ => false,
            };
            let (Kind::Equal(c, zero), Kind::Apply(op, args)) =
                (definitions.get(&cond)?, definitions.get(&no)?)
            else {
                return None;
            };
            let pole = match (op, &**args) {
                (Op::Mul, &[a, p] | &[p, a]) if a == *c => Pole::Factor(p),
                (Op::Div, &[a, b]) if a == *c => Pole::Divisor(b),
                _ => return None,
            };
            let plain = Kind::Apply(*op, *args);
            (is_zero(yes) && is_zero(*zero)).then_some((pole, plain))
        }
        _ => None,
    }
}

/// What depends on a guarded product; `None` where that does more than compute.
fn dependent(region: &Region, guards: &Guards) -> Option<HashSet<ValueId>> {
    let mut dependent: HashSet<ValueId> = guards.all.iter().map(|(value, _)| *value).collect();
    for inst in &region.insts {
        let mut reads = false;
        inst.kind.visit_operands(&mut |value| reads |= dependent.contains(&value));
        let inner =
            |inst: &Inst| inst.kind.operands().iter().any(|value| dependent.contains(value));
        if inst.kind.regions().iter().flat_map(|region| &region.insts).any(|inst| inst.any(&inner))
        {
            return None;
        }
        if reads {
            let computes = matches!(
                inst.kind,
                Kind::Apply(..)
                    | Kind::Scale { .. }
                    | Kind::Select { .. }
                    | Kind::Array(_)
                    | Kind::Tuple(_)
                    | Kind::Field(..)
                    | Kind::Index(..)
                    | Kind::Equal(..)
            );
            if !computes || inst.syntax.is_some() {
                return None;
            }
            dependent.extend(&inst.results);
        }
    }
    Some(dependent)
}

/// A region that defines values of its own.
fn copied(function: &mut Function, mut region: Region) -> Region {
    let mut copies: HashMap<ValueId, ValueId> = HashMap::default();
    for inst in &mut region.insts {
        inst.kind.map_operands(&mut |value| copies.get(&value).copied().unwrap_or(value));
        for result in &mut inst.results {
            let copy = again(function, *result);
            copies.insert(*result, copy);
            *result = copy;
        }
    }
    for value in &mut region.yields {
        *value = copies.get(value).copied().unwrap_or(*value);
    }
    region
}

/// Another value of the same type and name.
fn again(function: &mut Function, value: ValueId) -> ValueId {
    let known = &function.values[value];
    let (ty, hint, span, active) = (known.ty.clone(), known.hint.clone(), known.span, known.active);
    function.new_value(ty, &hint, span, active)
}

/// That no partial is infinite: one question for all factors of a width, and two for a divisor.
fn condition(function: &mut Function, poles: &[Pole]) -> Option<ValueId> {
    let mut questions: Vec<(Option<FloatTy>, Vec<ValueId>)> = Vec::new();
    for &(Pole::Factor(of) | Pole::Divisor(of)) in poles {
        let width = match &function.values[of].ty {
            Ty::Float(width @ (FloatTy::F32 | FloatTy::F64)) => Some(width.clone()),
            _ => None,
        };
        let same =
            |(known, _): &&mut (Option<FloatTy>, Vec<ValueId>)| width.is_some() && *known == width;
        match questions.iter_mut().find(same) {
            Some((_, all)) => all.push(of),
            None => questions.push((width, vec![of])),
        }
    }
    let mut push = |ty: Ty, kind: Kind| {
        let span = proc_macro2::Span::call_site();
        let value = function.new_value(ty, "condition", span, Active::No);
        generate(function, vec![value], kind);
        value
    };
    let mut all: Vec<ValueId> =
        questions.into_iter().map(|(_, all)| push(Ty::Inert, Kind::Finite(all))).collect();
    for pole in poles {
        let Pole::Divisor(of) = *pole else { continue };
        let zero = push(Ty::Float(FloatTy::Inferred), Kind::Const(Literal::Number(0.0)));
        let is_zero = push(Ty::Inert, Kind::Equal(of, zero));
        all.push(push(Ty::Inert, Kind::Not(is_zero)));
    }
    all.into_iter().reduce(|a, b| push(Ty::Inert, Kind::And(a, b)))
}

fn generate(function: &mut Function, results: Vec<ValueId>, kind: Kind) {
    let span = proc_macro2::Span::call_site();
    function.body.insts.push(Inst::generated(results, kind, span));
}
