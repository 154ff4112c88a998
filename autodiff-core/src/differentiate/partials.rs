//! The pullback of a small function as products with its partials: one number is kept for each
//! parameter, where what they are computed from would be more.

use crate::hash::HashSet;
use crate::ir::{Active, Effect, Function, Inst, Kind, Output, Ty, ValueId};
use crate::rules::Op;

/// The same pullback, which computes the partials in the forward sweep. `None` where that keeps no
/// less: `gradient` and `pullback` are the adjoints of one function, by 1 and by a parameter.
pub(crate) fn by_partials(gradient: &Function, pullback: &Function) -> Option<Function> {
    let float = |value: ValueId| match gradient.values[value].ty.behind_refs() {
        Ty::Float(width) => Some(width),
        _ => None,
    };
    let params = gradient.params.iter().filter(|&&param| gradient.is_active(param));
    let y = gradient.result()?;
    // A product with a partial is of one type.
    let alike = float(y).is_some() && params.clone().all(|&param| float(param) == float(y));
    if !alike || !gradient.body.insts.iter().all(is_simple) || kept(pullback) <= params.count() {
        return None;
    }
    let mut of = gradient.clone();
    let span = of.values[y].span;
    let y_bar = of.new_value(of.values[y].ty.clone(), "y_bar", span, Active::Yes);
    of.params.push(y_bar);
    of.reverse_from = Some(of.body.insts.len());
    let is_guarded = pullback.body.insts.iter().any(|inst| matches!(inst.kind, Kind::Scale { .. }));
    for at in 0..of.outputs.len() {
        let (Some(&Output::Cotangent(param)), Some(&partial)) =
            (of.outputs.get(at), of.body.yields.get(at))
        else {
            continue;
        };
        let known = of.values[partial].clone();
        let bar = of.new_value(known.ty, &known.hint, span, Active::Yes);
        if let Some(param) = of.params.get(param).map(|&param| of.values[param].hint.clone()) {
            of.values[partial].hint = format!("{param}_partial");
        }
        let kind = if is_guarded {
            Kind::Scale { cotangent: y_bar, partial }
        } else {
            Kind::Apply(Op::Mul, [y_bar, partial].into())
        };
        of.body.insts.push(Inst::generated(vec![bar], kind, span));
        if let Some(output) = of.body.yields.get_mut(at) {
            *output = bar;
        }
    }
    Some(of)
}

/// How many values the reverse sweep reads of the forward one.
fn kept(pullback: &Function) -> usize {
    let start = pullback.reverse_from.unwrap_or(pullback.body.insts.len());
    let (forward, reverse) = pullback.body.insts.split_at_checked(start).unwrap_or_default();
    let is_number = |inst: &&Inst| !matches!(inst.kind, Kind::Const(_));
    let made: HashSet<ValueId> =
        forward.iter().filter(is_number).flat_map(|inst| &inst.results).copied().collect();
    let mut read: HashSet<ValueId> = pullback
        .outputs
        .iter()
        .zip(&pullback.body.yields)
        .filter(|(output, _)| matches!(output, Output::Cotangent(_)))
        .map(|(_, &value)| value)
        .collect();
    for inst in reverse {
        inst.kind.visit_operands(&mut |value| {
            read.insert(value);
        });
    }
    read.intersection(&made).count()
}

/// Whether an instruction does arithmetic on floats, and nothing else.
fn is_simple(inst: &Inst) -> bool {
    matches!(
        inst.kind,
        Kind::Apply(..)
            | Kind::Scale { .. }
            | Kind::Select { .. }
            | Kind::Const(_)
            | Kind::Less(..)
            | Kind::LessEq(..)
            | Kind::Equal(..)
            | Kind::And(..)
            | Kind::Or(..)
            | Kind::Not(_)
            | Kind::Finite(_)
            | Kind::Bind(_)
            | Kind::Reborrow(_)
            | Kind::Cast(..)
            | Kind::Opaque { effect: Effect::Pure, .. }
    )
}
