//! The two transforms of a function whose partials are given.

use super::builder::Builder;
use crate::ir::{Active, FloatTy, Function, Inst, Kind, Member, Output, Region, Ty, ValueId};
use crate::rules::Op;

/// given : (x ↦ y, p₁, …) → (x, ȳ ↦ x̄), (x, ẋ ↦ y, ẏ) with x̄ᵢ = ȳ · pᵢ and ẏ = Σ pᵢ · ẋᵢ
///
/// What `f` gives is one tuple: the value and its partial by each active parameter. Both functions
/// are as [`adjoint`](super::adjoint()) and [`tangent`](super::tangent()) make them, but for the
/// value, which the first does not give.
pub(crate) fn given(f: &Function) -> (Function, Function) {
    (pullback(f), pushforward(f))
}

fn pullback(f: &Function) -> Function {
    let (mut builder, parts) = taken_apart(f);
    let ty = Ty::Float(FloatTy::Inferred);
    let y_bar = builder.fresh(ty, "y_bar", Active::Yes);
    builder.function.params.push(y_bar);
    let (mut yields, mut outputs) = (Vec::new(), Vec::new());
    for ((n, param), partial) in active(f).zip(parts.into_iter().skip(1)) {
        let (ty, hint) = (builder.ty(param), builder.bar(param));
        let kind = Kind::Scale { cotangent: y_bar, partial };
        yields.push(builder.push(ty, &hint, kind));
        outputs.push(Output::Cotangent(n));
    }
    closed(builder, f, yields, outputs)
}

fn pushforward(f: &Function) -> Function {
    let (mut builder, parts) = taken_apart(f);
    let mut parts = parts.into_iter();
    let value = parts.next();
    let mut sum = None;
    for ((_, param), partial) in active(f).zip(parts) {
        let (ty, hint) = (f.values[param].ty.clone(), builder.dot(param));
        let dot = builder.fresh(ty, &hint, Active::Yes);
        builder.function.params.push(dot);
        let (ty, hint) = (builder.ty(partial), builder.dot(partial));
        let term = builder.push(ty.clone(), &hint, Kind::Scale { cotangent: dot, partial });
        sum = Some(match sum {
            Some(sum) => builder.apply(Op::Add, [sum, term], (&ty, &hint)),
            None => term,
        });
    }
    let yields = value.into_iter().chain(sum).collect();
    closed(builder, f, yields, vec![Output::Value, Output::Tangent(0)])
}

/// The active parameters, by their numbers.
fn active(f: &Function) -> impl Iterator<Item = (usize, ValueId)> + '_ {
    f.params.iter().copied().enumerate().filter(|(_, param)| f.is_active(*param))
}

/// The elements of the tuple that a function gives, after its instructions.
fn taken_apart(f: &Function) -> (Builder, Vec<ValueId>) {
    let mut builder = Builder::new(f);
    let Some(&whole) = f.body.yields.first() else { return (builder, Vec::new()) };
    let Ty::Tuple(fields) = builder.ty(whole) else { return (builder, Vec::new()) };
    let parts = fields.into_iter().zip(0_u32..).map(|(ty, n)| {
        let hint = if n == 0 { "value" } else { "partial" };
        builder.push(ty, hint, Kind::Field(whole, Member::Unnamed(n)))
    });
    let parts = parts.collect();
    (builder, parts)
}

fn closed(
    mut builder: Builder,
    f: &Function,
    yields: Vec<ValueId>,
    outputs: Vec<Output>,
) -> Function {
    let own = builder.close();
    let insts: Vec<Inst> = f.body.insts.iter().cloned().chain(own).collect();
    let body = Region { insts, yields };
    Function { body, outputs, ..builder.function }
}
