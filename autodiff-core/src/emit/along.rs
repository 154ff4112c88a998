//! Prints innermost loops of the reverse sweep that go along memory: what they go along is lent to
//! them as slices, whose bounds are checked once, before the first iteration.
//!
//! ```text
//! for i in (0..n).rev() {                   if n > 0 {
//!     w_bar[j * n + i] += a_bar * x[i];         let w_bar_row = &mut w_bar[j * n..j * n + n];
//! }                                             let x_row = &x[..n];
//!                                               for i in (0..n).rev() {
//!                                                   w_bar_row[i] += a_bar * x_row[i];
//!                                               }
//!                                           }
//! ```
//!
//! Every iteration makes every such access: so that the slices are within bounds, or one of these
//! accesses would not have been.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{BinOp, Expr};

use super::memory::is_changed;
use super::printed::{Printed, Tightness, tightness_of};
use super::printer::{Printer, Shadow};
use super::signature::{Mention, mentioned};
use crate::hash::{HashMap, HashSet};
use crate::ir::{End, Head, Inst, IntOp, Kind, Loop, Place, Step, Ty, ValueId, VarId};

/// What is gone along.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Memory {
    Shadow(VarId),
    Value(ValueId),
}

/// A part of some memory that has a name of its own in the loop that is being printed.
pub(crate) struct Stretch {
    memory: Memory,
    /// The indices in the whole that stand for the loop's own.
    indices: Vec<ValueId>,
    index: ValueId,
    name: Ident,
}

/// What is added to the index of a loop.
#[derive(Clone, PartialEq)]
enum Base {
    Nothing,
    Value(ValueId),
    Code(Box<Expr>, Vec<ValueId>),
}

/// An access that every iteration makes.
struct Access {
    memory: Memory,
    at: ValueId,
    base: Option<Base>,
}

impl<'f> Printer<'f> {
    /// Lends to a loop what it goes along, and opens the block in which that is lent. Gives the
    /// condition under which the loop runs, and how many stretches there are.
    pub(crate) fn lend_stretches(&mut self, of: &'f Loop) -> Option<(TokenStream, TokenStream)> {
        let (index, lo, hi) = match of.head {
            Head::Range { index, lo, hi, end: End::Open, .. } => (index, Some(lo), hi),
            Head::Count { number, trips, .. } => (number, None, trips),
            _ => return None,
        };
        let groups = self.groups(of, index);
        if groups.is_empty() {
            return None;
        }
        let site = Span::mixed_site();
        if !self.is_named(hi) && self.use_home(hi).is_none() {
            let end = self.read(hi).tokens;
            self.bind_name(hi, end, false);
        }
        let end = self.read(hi).at_least(Tightness::Sum);
        let runs = if let Some(lo) = lo.filter(|&lo| !self.is_zero(lo)) {
            let lo = self.read(lo).at_least(Tightness::Sum);
            quote_spanned!(site=> #lo < #end)
        } else {
            quote_spanned!(site=> #end > 0)
        };
        let mut lets = TokenStream::new();
        for (memory, base, indices) in groups {
            let (whole, hint, borrow) = match memory {
                Memory::Shadow(var) => {
                    let hint = self.function.vars[var].hint.clone();
                    let name = self.shadow_name(var).to_token_stream();
                    let mutable = is_changed(&of.body, var).then(|| quote_spanned!(site=> mut));
                    (name, hint, quote_spanned!(site=> &#mutable))
                }
                Memory::Value(value) => {
                    let hint = self.function.values[value].hint.clone();
                    (self.base(value), hint, quote_spanned!(site=> &))
                }
            };
            let range = if let Some(base) = self.base_of_index(base) {
                quote_spanned!(site=> #base..#base + #end)
            } else {
                quote_spanned!(site=> ..#end)
            };
            let name = self.names.fresh(&format!("{hint}_row"));
            lets.extend(quote_spanned!(site=> let #name = #borrow #whole[#range];));
            self.stretches.push(Stretch { memory, indices, index, name });
        }
        Some((runs, lets))
    }

    /// An element of what is lent, in place of one of the whole.
    pub(crate) fn lent_element(&mut self, memory: Memory, at: ValueId) -> Option<TokenStream> {
        let known = self
            .stretches
            .iter()
            .rfind(|stretch| stretch.memory == memory && stretch.indices.contains(&at))?;
        let (name, index) = (known.name.clone(), known.index);
        let index = self.read(index).tokens;
        Some(quote_spanned!(Span::mixed_site()=> #name[#index]))
    }

    /// The memory that an innermost loop goes along, with what is added to its index.
    fn groups(&self, of: &'f Loop, index: ValueId) -> Vec<(Memory, Base, Vec<ValueId>)> {
        let mut groups: Vec<(Memory, Base, Vec<ValueId>)> = Vec::new();
        let inner =
            of.body.insts.iter().any(|inst| {
                matches!(inst.kind, Kind::Loop(_) | Kind::Update { .. } | Kind::Call(_))
            });
        if inner || !self.uses.is_read(index) {
            return groups;
        }
        let accesses = self.accesses(of, index);
        for access in &accesses {
            let Some(base) = access.base.clone() else { continue };
            let same = |(memory, known, _): &&mut (Memory, Base, Vec<ValueId>)| {
                *memory == access.memory && *known == base
            };
            if !self.is_lendable(access.memory, of, &accesses) {
                continue;
            }
            match groups.iter_mut().find(same) {
                Some((.., indices)) => indices.push(access.at),
                None => groups.push((access.memory, base, vec![access.at])),
            }
        }
        groups
    }

    /// Whether all that happens to some memory in a loop is that it is gone along: what is written
    /// to, in one way only.
    fn is_lendable(&self, memory: Memory, of: &Loop, accesses: &[Access]) -> bool {
        match memory {
            Memory::Value(value) => {
                let inside = of.body.insts.iter().any(|inst| inst.results.contains(&value));
                !inside && self.is_slice(value)
            }
            Memory::Shadow(var) => {
                let mentioned = of.body.insts.iter().filter(|inst| inst.kind.mentions(var)).count();
                let mut own = accesses.iter().filter(|access| access.memory == memory);
                let first = own.next().and_then(|access| access.base.as_ref());
                let alike = own.all(|access| access.base.as_ref() == first);
                let count = accesses.iter().filter(|access| access.memory == memory).count();
                let is_accumulator = matches!(self.shadows.get(&var), Some(Shadow::Accumulator(_)));
                first.is_some()
                    && alike
                    && count == mentioned
                    && !is_accumulator
                    && is_long(&self.function.vars[var].ty)
            }
        }
    }

    /// Whether a value can be lent in part: a chunk of memory without a derivative, too.
    fn is_slice(&self, value: ValueId) -> bool {
        is_long(&self.function.values[value].ty)
            || match self.definitions.get(&value).map(|inst| (&inst.kind, &inst.results)) {
                Some((Kind::Slice(..), _)) => true,
                Some((Kind::Reborrow(of), _)) => self.is_slice(*of),
                Some((Kind::Bind(parts), results)) => {
                    let at = results.iter().position(|&result| result == value);
                    at.and_then(|at| parts.get(at)).is_some_and(|&part| self.is_slice(part))
                }
                _ => false,
            }
    }

    fn accesses(&self, of: &'f Loop, index: ValueId) -> Vec<Access> {
        let inside: HashMap<ValueId, &Inst> = of
            .body
            .insts
            .iter()
            .flat_map(|inst| inst.results.iter().map(move |&result| (result, inst)))
            .collect();
        let always = always_read(of, &inside);
        let outside = |value: ValueId| {
            let param = of.params.contains(&value) || of.head.defined().contains(&value);
            !param && !inside.contains_key(&value)
        };
        let mut accesses = Vec::new();
        for inst in &of.body.insts {
            let (memory, at) = match &inst.kind {
                Kind::AddTo(place, _)
                | Kind::Take(place)
                | Kind::Load(place)
                | Kind::Store(place, _) => {
                    let Place { var, path } = place;
                    let (lo, at) = match path.as_slice() {
                        [Step::Index(at)] => (None, *at),
                        [Step::Range(part), Step::Index(at)] => (part.lo, *at),
                        _ => continue,
                    };
                    let memory = Memory::Shadow(*var);
                    let base = match lo {
                        None => self.added_to(at, index, &outside),
                        Some(lo) if at == index && outside(lo) => Some(Base::Value(lo)),
                        Some(_) => None,
                    };
                    accesses.push(Access { memory, at, base });
                    continue;
                }
                Kind::Index(whole, at) if inst.results.iter().any(|it| always.contains(it)) => {
                    (Memory::Value(*whole), *at)
                }
                _ => continue,
            };
            accesses.push(Access { memory, at, base: self.added_to(at, index, &outside) });
        }
        accesses
    }

    /// What is added to the index, where `at` is the sum of it and of something from outside.
    fn added_to(
        &self,
        at: ValueId,
        index: ValueId,
        outside: &dyn Fn(ValueId) -> bool,
    ) -> Option<Base> {
        if at == index {
            return Some(Base::Nothing);
        }
        match &self.definitions.get(&at)?.kind {
            Kind::Integer(IntOp::Add, a, b) if *b == index => {
                outside(*a).then_some(Base::Value(*a))
            }
            Kind::Integer(IntOp::Add, a, b) if *a == index => {
                outside(*b).then_some(Base::Value(*b))
            }
            Kind::Opaque { expr, reads, .. } => {
                let Expr::Binary(sum) = crate::lower::unparenthesised(expr) else { return None };
                let home = self.function.values[index].home.as_ref()?;
                let name = &self.function.bindings[home.binding].ident;
                let is_index = matches!(&*sum.right, Expr::Path(path) if path.path.is_ident(name));
                let others: Vec<ValueId> =
                    reads.iter().copied().filter(|&read| read != index).collect();
                // It is the right side alone: `i * n + i` starts elsewhere in each iteration.
                let found = reads.iter().filter(|&&read| read == index).count() == 1
                    && mentioned(&sum.left.to_token_stream(), name) == Mention::None;
                let stays = others.iter().all(|&read| outside(read));
                let is_sum = matches!(sum.op, BinOp::Add(_)) && is_index;
                (is_sum && found && stays).then(|| Base::Code(sum.left.clone(), others))
            }
            _ => None,
        }
    }

    /// The first index of a stretch.
    fn base_of_index(&mut self, base: Base) -> Option<TokenStream> {
        match base {
            Base::Nothing => None,
            Base::Value(value) => Some(self.read(value).at_least(Tightness::Sum)),
            Base::Code(code, reads) => {
                let code = crate::lower::unparenthesised(&code);
                let tokens = self.reached(code.to_token_stream(), &reads);
                Some(Printed::new(tokens, tightness_of(code)).at_least(Tightness::Sum))
            }
        }
    }
}

fn is_long(ty: &Ty) -> bool {
    matches!(ty.behind_refs(), Ty::Slice(_) | Ty::Vec(_))
}

/// Whether an expression reads all that is in it, whatever that is.
fn reads_all(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) | Expr::Lit(_) => true,
        Expr::Paren(of) => reads_all(&of.expr),
        Expr::Unary(of) => reads_all(&of.expr),
        Expr::Binary(of) => {
            let lazy = matches!(of.op, BinOp::And(_) | BinOp::Or(_));
            !lazy && reads_all(&of.left) && reads_all(&of.right)
        }
        _ => false,
    }
}

/// What every iteration reads: what its sums, its writes, and what it carries are computed from.
fn always_read(of: &Loop, inside: &HashMap<ValueId, &Inst>) -> HashSet<ValueId> {
    let mut waiting: Vec<ValueId> = of.body.yields.clone();
    for inst in &of.body.insts {
        if let Kind::AddTo(_, value) | Kind::Store(_, value) = inst.kind {
            waiting.push(value);
        }
    }
    let mut found = HashSet::default();
    while let Some(value) = waiting.pop() {
        let Some(inst) = inside.get(&value) else { continue };
        if !found.insert(value) {
            continue;
        }
        match &inst.kind {
            Kind::Apply(_, parts) => waiting.extend(parts),
            Kind::Bind(parts) => waiting.extend(parts),
            Kind::Scale { cotangent, partial } => waiting.extend([cotangent, partial]),
            Kind::Reborrow(of) | Kind::Cast(of, _) => waiting.push(*of),
            Kind::Opaque { expr, reads, .. } if reads_all(expr) => waiting.extend(reads),
            _ => {}
        }
    }
    found
}
