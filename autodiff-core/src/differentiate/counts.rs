//! Which values are counts, of type `usize`: what indexes memory, what a length is, and what
//! arithmetic makes of these or makes these of.
//!
//! The types of the user's integers are not spelled where they are used. An `as` and a call end
//! what is known.

use syn::Expr;

use crate::hash::HashMap;
use crate::ir::table::ValueSet;
use crate::ir::{Function, Head, Inst, IntOp, Kind, Region, Step, Ty, ValueId};

/// The values that are known to be of type `usize`.
pub(crate) struct Counts {
    known: ValueSet,
}

/// What a walk over a function finds.
#[derive(Default)]
struct Found {
    counts: Vec<ValueId>,
    /// Values of one type.
    alike: HashMap<ValueId, Vec<ValueId>>,
}

impl Counts {
    /// Follows each count to the values of the same type.
    pub(crate) fn of(function: &Function) -> Self {
        let mut found = Found::default();
        found.region(function, &function.body);
        let mut known = ValueSet::new();
        let mut waiting = found.counts;
        while let Some(value) = waiting.pop() {
            if !known.contains(value) {
                known.mark(value);
                waiting.extend(found.alike.get(&value).into_iter().flatten());
            }
        }
        Self { known }
    }

    /// Whether a value is known to be one.
    pub(crate) fn contains(&self, value: ValueId) -> bool {
        self.known.contains(value)
    }
}

impl Found {
    fn alike(&mut self, a: ValueId, b: ValueId) {
        self.alike.entry(a).or_default().push(b);
        self.alike.entry(b).or_default().push(a);
    }

    fn region(&mut self, function: &Function, region: &Region) {
        region.insts.iter().for_each(|inst| self.inst(function, inst));
    }

    fn inst(&mut self, function: &Function, inst: &Inst) {
        match &inst.kind {
            Kind::Len(_) => self.counts.extend(&inst.results),
            Kind::Integer(IntOp::Less, ..) => {}
            Kind::Integer(_, a, b) => self.counts.extend(inst.results.iter().chain([a, b])),
            Kind::Index(of, at) => self.indices(&function.values[*of].ty, &[Step::Index(*at)]),
            Kind::Update { of, path, .. } => self.indices(&function.values[*of].ty, path),
            Kind::Bind(parts) => {
                inst.results.iter().zip(parts).for_each(|(&a, &b)| self.alike(a, b));
            }
            Kind::Opaque { expr, reads, .. } if is_arithmetic(expr) => {
                let value = inst.results.first();
                reads.iter().zip(value.into_iter().cycle()).for_each(|(&a, &b)| self.alike(a, b));
            }
            Kind::Loop(of) => {
                if let Head::Range { index, lo, hi, .. } = of.head {
                    self.alike(index, lo);
                    self.alike(index, hi);
                }
                if let Head::Count { number, trips, .. } = of.head {
                    self.counts.extend([number, trips]);
                }
                let next = of.body.yields.iter().zip(&inst.results);
                for ((&param, &init), (&next, &result)) in of.params.iter().zip(&of.init).zip(next)
                {
                    [init, next, result].into_iter().for_each(|it| self.alike(param, it));
                }
                self.region(function, &of.body);
            }
            Kind::Branch(branch) => {
                for arm in &branch.arms {
                    self.region(function, arm);
                    let yields = inst.results.iter().zip(&arm.yields);
                    yields.for_each(|(&a, &b)| self.alike(a, b));
                }
            }
            Kind::Block(region) => {
                self.region(function, region);
                let yields = inst.results.iter().zip(&region.yields);
                yields.for_each(|(&a, &b)| self.alike(a, b));
            }
            _ => {}
        }
    }

    /// The indices of elements of arrays, slices and `Vec`s.
    fn indices(&mut self, of: &Ty, path: &[Step]) {
        let mut ty = of.behind_refs();
        for step in path {
            let (Ty::Array(element, _) | Ty::Slice(element) | Ty::Vec(element)) = ty else {
                return;
            };
            let Step::Index(at) = step else { return };
            self.counts.push(*at);
            ty = element.behind_refs();
        }
    }
}

/// Whether an expression is of the type of the variables in it.
fn is_arithmetic(expr: &Expr) -> bool {
    use syn::BinOp::{Add, Div, Mul, Rem, Sub};
    match expr {
        Expr::Path(_) | Expr::Lit(_) => true,
        Expr::Paren(inner) => is_arithmetic(&inner.expr),
        Expr::Binary(of) => {
            let is_operator = matches!(of.op, Add(_) | Sub(_) | Mul(_) | Div(_) | Rem(_));
            is_operator && is_arithmetic(&of.left) && is_arithmetic(&of.right)
        }
        _ => false,
    }
}
