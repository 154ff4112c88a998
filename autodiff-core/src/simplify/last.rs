//! A reverse loop in which one iteration does something: the last one in which a condition held.
//!
//! ```text
//! for … { if c { m = x; } }      the reverse:   for … rev { if c { x̄ += m̄; m̄ = 0; } }
//! ```
//!
//! From the other end, the first iteration that overwrote `m` takes all of its cotangent; whatever
//! those before it add is a multiple of zero. So nothing needs to run backwards, and no iteration
//! leaves a record: the loop notes which one it was. (The nearest of several, the maximum, the
//! winner of a pool.)

mod iteration;
mod zero;

use iteration::Iteration;

use super::generated;
use crate::hash::HashMap;
use crate::ir::table::ValueSet;
use crate::ir::{
    Active, Branch, Decision, End, Function, Head, Inst, IntOp, Kind, Literal, Loop, Region, Role,
    Ty, ValueId, VarId,
};

/// The function, with such loops replaced by that iteration; nothing, if there are none.
pub(crate) fn straightened(function: &Function) -> Option<Function> {
    let mut uses = HashMap::default();
    count(&function.body, &mut uses);
    if uses.is_empty() {
        return None;
    }
    let mut function = function.clone();
    let mut body = std::mem::take(&mut function.body);
    let mut zeros = ValueSet::new();
    find_zeros(&body, &mut zeros);
    let start = function.reverse_from;
    let mut pass = Pass { function, uses, zeros, found: false };
    let earlier = pass.region(&mut body, start.unwrap_or(0));
    let mut function = pass.function;
    function.body = body;
    function.reverse_from = start.map(|start| start + earlier);
    pass.found.then_some(function)
}

struct Pass {
    function: Function,
    /// How often each tape is mentioned.
    uses: HashMap<VarId, usize>,
    /// The constants that are zero.
    zeros: ValueSet,
    found: bool,
}

impl Pass {
    /// Replaces such loops here and further in. Returns how many instructions were added before the
    /// one at `start`.
    fn region(&mut self, region: &mut Region, start: usize) -> usize {
        for inst in &mut region.insts {
            for inner in inst.kind.regions_mut() {
                self.region(inner, 0);
            }
        }
        let mut earlier = 0;
        let mut at = 0;
        while at < region.insts.len() {
            if let Some((iteration, primal)) = self.pair(&region.insts, at) {
                self.found = true;
                let forward = primal.at;
                let before = self.note_last(&mut region.insts, iteration, primal, at);
                earlier += if forward < start { before } else { 0 };
                at += before;
            }
            at += 1;
        }
        earlier
    }

    /// The reverse loop at a position, if one iteration is all of it, and its primal.
    fn pair(&self, insts: &[Inst], at: usize) -> Option<(Iteration, Primal)> {
        let (before, rest) = insts.split_at_checked(at)?;
        let reverse = rest.first().filter(|inst| inst.syntax.is_none())?;
        let Kind::Loop(of) = &reverse.kind else { return None };
        let iteration = Iteration::of(of, &self.function, &self.zeros)?;
        // Declared, pushed to by the primal, and popped from here.
        if self.uses.get(&iteration.tape) != Some(&3) {
            return None;
        }
        let primal = before.iter().enumerate().find_map(|(at, inst)| match &inst.kind {
            Kind::Loop(primal) => Primal::of(primal, at, &iteration),
            _ => None,
        })?;
        Some((iteration, primal))
    }

    /// Lets the primal note its last iteration, and replaces the reverse loop by it. Returns how
    /// many instructions were added before.
    fn note_last(
        &mut self,
        insts: &mut Vec<Inst>,
        iteration: Iteration,
        primal: Primal,
        at: usize,
    ) -> usize {
        let mut added = Vec::new();
        let mut noted = Vec::new();
        let forward = primal.at;
        if let Some(inst) = insts.get_mut(forward)
            && let Kind::Loop(of) = &mut inst.kind
        {
            noted = self.noted(of, &mut inst.results, primal, &mut added);
        }
        let results = insts.get(at).map(|inst| inst.results.clone()).unwrap_or_default();
        let replaced = self.run_once(iteration, &noted, results);
        insts.splice(at..=at, replaced);
        let count = added.len();
        insts.splice(forward..forward, added);
        count
    }

    /// The number of the last iteration in which the condition held, and what else it left.
    fn noted(
        &mut self,
        of: &mut Loop,
        results: &mut Vec<ValueId>,
        primal: Primal,
        added: &mut Vec<Inst>,
    ) -> Vec<ValueId> {
        let Primal { push, index, hi, condition, rest, .. } = primal;
        of.body.insts.remove(push);
        of.row = None;
        let mut noted = Vec::new();
        for &item in std::iter::once(&index).chain(&rest) {
            let init = if item == index { hi } else { self.zero(item, added) };
            let mut copy = || {
                let like = self.like(item);
                if item == index {
                    "last".clone_into(&mut self.function.values[like].hint);
                }
                like
            };
            let (param, next, result) = (copy(), copy(), copy());
            // Tokens that read the index read it by its name.
            let home = self.function.values[item].home.clone();
            self.function.values[result].home = home;
            let kind = Kind::Select { cond: condition, yes: item, no: param };
            of.body.insts.push(generated(vec![next], kind));
            of.body.yields.insert(of.params.len(), next);
            of.init.push(init);
            of.params.push(param);
            of.roles.push(Role::Extra);
            results.push(result);
            noted.push(result);
        }
        noted
    }

    /// `if last < hi { … }`, with the iteration as its arm.
    fn run_once(
        &mut self,
        iteration: Iteration,
        noted: &[ValueId],
        results: Vec<ValueId>,
    ) -> Vec<Inst> {
        let Some(&last) = noted.first() else { return Vec::new() };
        let hi = iteration.hi;
        let span = proc_macro2::Span::call_site();
        let held = self.function.new_value(Ty::Inert, "held", span, Active::No);
        let init = iteration.init.clone();
        let then = iteration.at(noted);
        let arms = vec![then, Region { insts: Vec::new(), yields: init }];
        let roles = vec![Role::Extra; results.len()];
        let branch = Branch { decision: Decision::If(held), arms, roles };
        vec![
            generated(vec![held], Kind::Integer(IntOp::Less, last, hi)),
            generated(results, Kind::from(branch)),
        ]
    }

    /// A float to start from.
    fn zero(&mut self, item: ValueId, added: &mut Vec<Inst>) -> ValueId {
        let zero = self.like(item);
        added.push(generated(vec![zero], Kind::Const(Literal::Number(0.0))));
        zero
    }

    fn like(&mut self, value: ValueId) -> ValueId {
        let known = self.function.values[value].clone();
        self.function.new_value(known.ty, &known.hint, known.span, known.active)
    }
}

fn count(region: &Region, uses: &mut HashMap<VarId, usize>) {
    for inst in &region.insts {
        if let Kind::Tape(tape) | Kind::Push(tape, _) | Kind::Pop(tape) = inst.kind {
            *uses.entry(tape).or_insert(0) += 1;
        }
        inst.kind.regions().iter().for_each(|region| count(region, uses));
    }
}

fn find_zeros(region: &Region, found: &mut ValueSet) {
    for inst in &region.insts {
        if matches!(inst.kind, Kind::Const(Literal::Number(0.0))) {
            found.mark_all(&inst.results);
        }
        inst.kind.regions().iter().for_each(|region| find_zeros(region, found));
    }
}

/// The loop whose reverse is one iteration.
struct Primal {
    /// Where it stands.
    at: usize,
    /// Where in its body a record is put on the tape.
    push: usize,
    /// The number of its iteration, and the end of these.
    index: ValueId,
    hi: ValueId,
    condition: ValueId,
    /// What else is in the record.
    rest: Vec<ValueId>,
}

impl Primal {
    /// That of an iteration, if this loop is.
    fn of(of: &Loop, at: usize, iteration: &Iteration) -> Option<Self> {
        let (push, items) =
            of.body.insts.iter().enumerate().find_map(|(at, inst)| match &inst.kind {
                Kind::Push(tape, items) if *tape == iteration.tape => Some((at, items)),
                _ => None,
            })?;
        let (index, hi) = ends(&of.head).filter(|&(_, hi)| hi == iteration.hi)?;
        let (condition, rest) = iteration.condition(of, items)?;
        Some(Self { at, push, index, hi, condition, rest })
    }
}

/// The number of an iteration, and the end of these numbers, which is none itself.
fn ends(head: &Head) -> Option<(ValueId, ValueId)> {
    match *head {
        Head::Range { index, hi, end: End::Open, .. } => Some((index, hi)),
        Head::Count { number, trips, .. } => Some((number, trips)),
        Head::Range { .. } | Head::Items { .. } | Head::While { .. } | Head::Endless => None,
    }
}
