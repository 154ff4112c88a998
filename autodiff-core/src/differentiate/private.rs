//! Memory that every iteration of a loop fills before it reads it: scratch space, declared outside
//! the loop to be allocated once. Nothing passes through it from one iteration to the next.

use quote::ToTokens;
use syn::Expr;

use super::origin::{Origins, literal_index};
use crate::ir::{
    Assignment, Branch, Effect, End, Head, Inst, Kind, Leaves, Len, Loop, Region, Step, Ty, ValueId,
};
use crate::structure::mentions::mentioned;

/// A variable, seen from a loop.
struct Scratch<'a> {
    origins: &'a Origins<'a>,
    /// Its first version.
    root: ValueId,
    length: Length,
}

/// What an iteration has written of a variable so far.
#[derive(Clone, Default)]
struct Filled {
    whole: bool,
    /// The indices of elements.
    elements: Vec<ValueId>,
}

/// How long something is, as it is written: equal where the code and what it reads are.
#[derive(PartialEq, Eq)]
struct Length {
    code: String,
    reads: Vec<ValueId>,
}

/// Whether no iteration reads what another has left in the variable whose first version is `root`.
pub(super) fn is_private(origins: &Origins<'_>, of: &Loop, root: ValueId) -> bool {
    let carried = of.params.iter().any(|&param| is_version(origins, param, root));
    let Some(length) = Length::of_memory(origins, root) else { return false };
    let scratch = Scratch { origins, root, length };
    carried
        && !origins.is_resized(root)
        && scratch.region(&of.body, &of.params, &mut Filled::default())
}

/// Whether a value is a version of the variable whose first version is `root`.
pub(super) fn is_version(origins: &Origins<'_>, value: ValueId, root: ValueId) -> bool {
    origins.cell(value).is_some_and(|cell| cell.root == root)
}

impl Scratch<'_> {
    fn is_version(&self, value: ValueId) -> bool {
        is_version(self.origins, value, self.root)
    }

    /// Whether reading a value reads nothing that the iteration has not written.
    fn may_read(&self, value: ValueId, filled: &Filled) -> bool {
        let is_part = self.is_version(self.origins.origin(value).root);
        let touches = self.is_version(value) || is_part && !self.origins.is_scalar(value);
        filled.whole || !touches
    }

    /// The instructions of a region, and what it yields to these.
    fn region(&self, region: &Region, to: &[ValueId], filled: &mut Filled) -> bool {
        region.insts.iter().all(|inst| self.inst(inst, filled))
            && self.passed(&region.yields, to, filled)
    }

    /// A version that becomes the next one of the same variable is not read.
    fn passed(&self, values: &[ValueId], to: &[ValueId], filled: &Filled) -> bool {
        values.iter().enumerate().all(|(at, &value)| {
            let stays = to.get(at).is_some_and(|&to| self.is_version(to));
            self.is_version(value) && stays || self.may_read(value, filled)
        })
    }

    fn inst(&self, inst: &Inst, filled: &mut Filled) -> bool {
        match &inst.kind {
            Kind::Loop(of) => self.repeated(of, filled),
            Kind::Branch(branch) => self.branch(inst, branch, filled),
            Kind::Block(region) => self.region(region, &inst.results, filled),
            Kind::Update { of, path, by, value } if self.is_version(*of) => {
                let others = path.iter().filter_map(|step| match step {
                    Step::Index(at) => Some(*at),
                    _ => None,
                });
                let sets = *by == Assignment::Set;
                let read = others.chain(sets.then_some(*value));
                if !read.into_iter().all(|value| self.may_read(value, filled)) {
                    return false;
                }
                match path.as_slice() {
                    [Step::Index(at)] if sets => filled.elements.push(self.origins.copied(*at)),
                    [Step::Index(at)] => {
                        return self.has(*at, filled) && self.may_read(*value, filled);
                    }
                    _ => return filled.whole,
                }
                true
            }
            Kind::Bind(values) => {
                let passed = self.passed(values, &inst.results, filled);
                let pairs = inst.results.iter().zip(values);
                let assigned =
                    pairs.into_iter().any(|(&to, &value)| self.is_version(to) && to != value);
                filled.whole |= assigned;
                passed
            }
            Kind::Index(of, at) if self.is_version(*of) => self.has(*at, filled),
            kind => kind.operands().into_iter().all(|value| self.may_read(value, filled)),
        }
    }

    fn has(&self, at: ValueId, filled: &Filled) -> bool {
        filled.whole || filled.elements.contains(&self.origins.copied(at))
    }

    fn branch(&self, inst: &Inst, branch: &Branch, filled: &mut Filled) -> bool {
        let decided = inst.kind.operands().into_iter().all(|value| self.may_read(value, filled));
        let mut whole = true;
        let arms = branch.arms.iter().all(|arm| {
            let mut inside = filled.clone();
            let passed = self.region(arm, &inst.results, &mut inside);
            whole &= inside.whole;
            passed
        });
        filled.whole |= whole;
        decided && arms
    }

    fn repeated(&self, of: &Loop, filled: &mut Filled) -> bool {
        let started = self.passed(&of.init, &of.params, filled);
        let ends = match &of.head {
            Head::Range { lo, hi, .. } => vec![*lo, *hi],
            Head::Count { trips, .. } => vec![*trips],
            Head::While { reads, .. } => reads.clone(),
            Head::Items { .. } | Head::Endless => Vec::new(),
        };
        let headed = ends.iter().chain(&of.reads).all(|&value| self.may_read(value, filled));
        let mut inside = filled.clone();
        let body = self.region(&of.body, &of.params, &mut inside);
        filled.whole |= self.fills(of);
        started && headed && body
    }

    /// `for i in 0..n { …; a[i] = …; }`, where `n` is the length.
    fn fills(&self, of: &Loop) -> bool {
        let Head::Range { index, lo, hi, end: End::Open, .. } = of.head else { return false };
        let defined = self.origins.definition(lo);
        let first = defined.and_then(|lo| literal_index(&lo.inst.kind));
        let sets = |inst: &Inst| {
            matches!(&inst.kind, Kind::Update { of, path, by: Assignment::Set, .. }
                if self.is_version(*of)
                    && matches!(path.as_slice(), [Step::Index(at)] if self.origins.copied(*at) == index))
        };
        of.leaves == Leaves::Never
            && first == Some(0)
            && Length::of(self.origins, hi).is_some_and(|length| length == self.length)
            && of.body.insts.iter().any(sets)
    }
}

impl Length {
    /// A count, as far as it is code that gives the same each time.
    fn of(origins: &Origins<'_>, value: ValueId) -> Option<Self> {
        let value = bound(origins, value);
        match origins.definition(value).map(|definition| &definition.inst.kind) {
            Some(Kind::Opaque { effect: Effect::Any, .. }) => None,
            Some(Kind::Opaque { expr, reads, .. }) => Self::written(origins, expr, reads.clone()),
            Some(Kind::Number(n)) => Some(Self { code: n.to_string(), reads: Vec::new() }),
            _ => Some(Self { code: String::new(), reads: vec![value] }),
        }
    }

    /// A variable alone is what it holds.
    fn written(origins: &Origins<'_>, expr: &Expr, reads: Vec<ValueId>) -> Option<Self> {
        if let (Expr::Path(_), &[variable]) = (expr, reads.as_slice()) {
            return Self::of(origins, variable);
        }
        Some(Self { code: expr.to_token_stream().to_string(), reads })
    }

    /// The length of a variable, by its first value.
    fn of_memory(origins: &Origins<'_>, root: ValueId) -> Option<Self> {
        if let Ty::Array(_, len) = origins.function.values[root].ty.behind_refs() {
            let code = match len {
                Len::Literal(n) => n.to_string(),
                Len::Named(tokens) => tokens.to_string(),
            };
            return Some(Self { code, reads: Vec::new() });
        }
        let inst = origins.definition(bound(origins, root))?.inst;
        match &inst.kind {
            Kind::Filled(_, len) => Self::of(origins, *len),
            Kind::Opaque { expr, reads, .. } => {
                let len = counted(expr)?;
                let names = mentioned(&len);
                let read = |&&value: &&ValueId| {
                    let home = origins.function.values[value].home.as_ref();
                    home.is_some_and(|home| {
                        let ident = &origins.function.bindings[home.binding].ident;
                        names.contains(&crate::lower::plain_name(ident))
                    })
                };
                Self::written(origins, &len, reads.iter().filter(read).copied().collect())
            }
            _ => None,
        }
    }
}

/// The value that a name was given.
fn bound(origins: &Origins<'_>, value: ValueId) -> ValueId {
    let value = origins.copied(value);
    let Some(inst) = origins.definition(value).map(|definition| definition.inst) else {
        return value;
    };
    let Kind::Bind(parts) = &inst.kind else { return value };
    let at = inst.results.iter().position(|&result| result == value);
    let part = at.and_then(|at| parts.get(at));
    part.map_or(value, |&part| bound(origins, part))
}

/// `len` of `vec![element; len]`, where it is arithmetic on names and numbers.
fn counted(expr: &Expr) -> Option<Expr> {
    let Expr::Macro(call) = expr else { return None };
    let repeat = |input: syn::parse::ParseStream<'_>| {
        let _: Expr = input.parse()?;
        let _: syn::Token![;] = input.parse()?;
        input.parse::<Expr>()
    };
    let is_vec = call.mac.path.segments.last().is_some_and(|last| last.ident == "vec");
    let len = call.mac.parse_body_with(repeat).ok().filter(|_| is_vec)?;
    is_plain(&len).then_some(len)
}

fn is_plain(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) | Expr::Lit(_) => true,
        Expr::Paren(inner) => is_plain(&inner.expr),
        Expr::Binary(binary) => is_plain(&binary.left) && is_plain(&binary.right),
        _ => false,
    }
}
