//! The reverse of a loop of which a few states are kept, as `checkpoint('label, …)` asks for.
//!
//! The forward sweep keeps the first state and runs the loop as it stands. In reverse it runs
//! again, from the nearest state that is kept, and each iteration is reversed right after itself,
//! while its values are there: nothing of it goes onto a tape.

use super::cotangent::Reverse;
use super::fuse::Iteration;
use super::merge::merge_branches;
use crate::ir::{Active, Inst, Kind, Loop, Region, Replay, Ty};

impl Reverse<'_> {
    /// The loop, and what stands before it; its reverse is appended.
    pub(crate) fn replayed(
        &mut self,
        (inst, of): (&Inst, &Loop),
        iteration: Iteration,
    ) -> Vec<Inst> {
        let Iteration { forward, reverse, mut bars, summed } = iteration;
        self.initial(&mut bars);
        let start = self.builder.fresh(Ty::Unknown, "start", Active::No);
        self.zero_sums(&summed);
        let mut step = Region { insts: forward, yields: Vec::new() };
        let from = step.insts.len();
        step.insts.extend(reverse);
        merge_branches(&mut self.builder, &mut step.insts, from);
        let (mut results, mut ended) = (Vec::new(), Vec::new());
        let (mut init, mut params) = (Vec::new(), Vec::new());
        for bar in bars {
            let known = self.builder.function.values[bar.param].clone();
            let result = self.builder.fresh(known.ty, &known.hint, Active::Yes);
            init.push(bar.init);
            params.push(bar.param);
            step.yields.push(bar.next);
            results.push(result);
            ended.push((bar.of, result));
        }
        let replay = Replay { of: of.clone(), start, init, bars: params, step };
        self.builder.generate(results, Kind::Replay(Box::new(replay)));
        self.after_loop(ended.into_iter());
        self.add_sums(summed);
        let keep = Kind::Keep(of.init.clone());
        let keep = Inst::generated(vec![start], keep, inst.span);
        vec![keep, Inst { kind: Kind::Run(Box::new(of.clone())), ..inst.clone() }]
    }
}
