//! What depends on a differentiated parameter: what lowering says, and what a pass that made an
//! instruction finds out again, are the same.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod harness;

use autodiff_core::ir::{Active, Function, Inst, Kind, Region};
use autodiff_core::rules::Op;
use harness::lowered;

const MIXED: &str = "fn f(x: f64, v: &[f64], n: usize, k: i32) -> f64 {
    let inert = 2.0 * std::f64::consts::PI;
    let below = x < inert;
    let power = (x + inert).powi(k);
    let length = v.len();
    let first = v[n] * power;
    let second = length * n;
    let chosen = if below { first } else { x * 0.5 };
    if first == chosen && !below { x } else { chosen + v[second % length] }
}";

/// The instructions of a region, those inside others too.
fn insts(region: &Region) -> Vec<Inst> {
    let inner = |inst: &Inst| {
        let inside = inst.kind.regions().iter().flat_map(insts).collect::<Vec<_>>();
        std::iter::once(inst.clone()).chain(inside).collect::<Vec<_>>()
    };
    region.insts.iter().flat_map(inner).collect()
}

fn activities(function: &Function) -> Vec<bool> {
    let results = insts(&function.body).into_iter().flat_map(|inst| inst.results);
    results.map(|value| function.is_active(value)).collect()
}

#[test]
fn what_is_active_is_found_again() {
    let function = lowered(MIXED);
    let known = activities(&function);
    assert!(known.contains(&true) && known.contains(&false), "{function}");
    for wrong in [Active::Yes, Active::No] {
        let mut again = function.clone();
        for inst in insts(&function.body) {
            // A branch marks what its arms yield; the rest is lowering's to say.
            if !matches!(inst.kind, Kind::Branch(_)) {
                inst.results.iter().for_each(|&result| again.values[result].active = wrong);
            }
            again.mark_active(&inst);
        }
        assert_eq!(activities(&again), known, "{function}");
    }
}

#[test]
fn operands_that_are_floats() {
    let operands = ["base", "exponent"];
    assert_eq!(Op::Powi.float_operands(&operands).collect::<Vec<_>>(), [&"base"]);
    assert_eq!(Op::Powf.float_operands(&operands).collect::<Vec<_>>(), [&"base", &"exponent"]);
}
