//! A reverse loop that uses the number of its iteration runs over that.
//!
//! ```text
//! for j in lo..hi { … x[at + (j − lo)] … y[j] … }   is
//! for n in 0..(lo..hi).len() { … x[at + n] … y[lo + n] … }   (exact)
//! ```
//!
//! What is added to the number is the same in all iterations, so that memory is gone along.

use crate::ir::{Active, End, Function, Head, Inst, IntOp, Kind, Loop, Region, Ty, ValueId};

/// The function, with such loops numbered from zero.
pub(crate) fn numbered(mut function: Function) -> Function {
    let mut body = std::mem::take(&mut function.body);
    let start = function.reverse_from;
    let earlier = region(&mut body, &mut function, start.unwrap_or(0));
    function.reverse_from = start.map(|start| start + earlier);
    function.body = body;
    function
}

/// Numbers loops here and further in. Returns how many instructions were added before the one at
/// `start`.
fn region(region: &mut Region, function: &mut Function, start: usize) -> usize {
    let mut earlier = 0;
    let mut at = 0;
    while let Some(inst) = region.insts.get_mut(at) {
        for inner in inst.kind.regions_mut() {
            self::region(inner, function, 0);
        }
        if let Some(trips) = number(inst, function) {
            region.insts.insert(at, trips);
            earlier += usize::from(at < start + earlier);
            at += 1;
        }
        at += 1;
    }
    earlier
}

/// Numbers the iterations of a loop. Gives what computes how many there are.
fn number(inst: &mut Inst, function: &mut Function) -> Option<Inst> {
    let generated = inst.syntax.is_none();
    let Kind::Loop(of) = &mut inst.kind else { return None };
    let Head::Range { index, lo, hi, end: End::Open, order } = of.head else { return None };
    let (number, at) = numbers(of, index, lo).filter(|_| generated)?;
    let mut integer = |hint: &str, kind: Kind| {
        let value = function.new_value(Ty::Inert, hint, inst.span, Active::No);
        (value, Inst::generated(vec![value], kind, inst.span))
    };
    let (trips, count) = integer("trips", Kind::Integer(IntOp::Between, lo, hi));
    let sum = Kind::Integer(IntOp::Add, lo, number);
    let index = Inst::generated(vec![index], sum, inst.span);
    of.head = Head::Count { number, trips, order };
    of.body.insts.remove(at);
    of.body.insts.insert(0, index);
    Some(count)
}

/// The value that is the number of the iteration, and where it is computed.
fn numbers(of: &Loop, index: ValueId, lo: ValueId) -> Option<(ValueId, usize)> {
    let is_number =
        |inst: &Inst| matches!(inst.kind, Kind::Integer(IntOp::Sub, a, b) if a == index && b == lo);
    let at = of.body.insts.iter().position(is_number)?;
    let &[number] = of.body.insts.get(at)?.results.as_slice() else { return None };
    Some((number, at))
}
