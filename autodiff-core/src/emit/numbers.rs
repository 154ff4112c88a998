//! Finds variables that may be references to floats: those that the user's patterns bind without
//! telling their type, and of which something of ours reads the number.
//!
//! A record of an iteration, and a pullback, outlive what such a variable may refer to. So they
//! keep the number, not the variable.

use crate::hash::{HashMap, HashSet};
use crate::ir::{Active, Branch, Function, Inst, Kind, Member, Region, Role, Ty, ValueId};

/// The variables.
pub(crate) fn numbers(function: &Function) -> HashSet<ValueId> {
    if !any_may_be_reference(&function.body) {
        return HashSet::default();
    }
    let mut found = Flow::default();
    found.region(&function.body);
    let (numbers, tokens) = (found.alias_of(&found.numbers), found.alias_of(&found.again));
    let mut candidates = std::mem::take(&mut found.candidates);
    candidates.retain(|&value| {
        let info = &function.values[value];
        let own = info.active == Active::No || found.fields.contains(&value);
        let untold = matches!(info.ty, Ty::Unknown) && own;
        untold && numbers.contains(&value) && !tokens.contains(&value)
    });
    candidates
}

/// Whether anything is bound that may be a reference.
fn any_may_be_reference(region: &Region) -> bool {
    region.insts.iter().any(|inst| {
        let here = match &inst.kind {
            Kind::PatternBound(_) | Kind::Field(_, Member::Variant(_)) => true,
            Kind::Opaque { expr, .. } => may_be_reference(expr),
            _ => false,
        };
        here || inst.kind.regions().iter().any(any_may_be_reference)
    })
}

/// Where values come from, and how they are read.
#[derive(Default)]
struct Flow {
    /// Read as a number.
    numbers: Vec<ValueId>,
    /// Read by the user's tokens, printed again.
    again: Vec<ValueId>,
    /// Bound to something that may be a reference.
    candidates: HashSet<ValueId>,
    /// Fields of variants, and the names that arms give them.
    fields: HashSet<ValueId>,
    /// Come from an earlier sweep.
    kept: HashSet<ValueId>,
    /// Other names of a value.
    same: HashMap<ValueId, Vec<ValueId>>,
    /// What was left on each tape.
    pushed: HashMap<crate::ir::VarId, Vec<ValueId>>,
}

impl Flow {
    fn region(&mut self, region: &Region) {
        for inst in &region.insts {
            self.inst(inst);
            inst.kind.regions().iter().for_each(|region| self.region(region));
        }
    }

    fn inst(&mut self, inst: &Inst) {
        match &inst.kind {
            Kind::Apply(op, args) => self.numbers.extend(op.float_operands(args)),
            Kind::Scale { cotangent: a, partial: b } => self.numbers.extend([*a, *b]),
            Kind::PatternBound(_) => self.candidates.extend(&inst.results),
            Kind::Field(_, Member::Variant(_)) => {
                self.candidates.extend(&inst.results);
                self.fields.extend(&inst.results);
            }
            Kind::Opaque { expr, reads, .. } => {
                if let (true, &[read]) = (is_variable(expr), reads.as_slice()) {
                    inst.results.iter().for_each(|&result| self.another_name(result, read));
                    return;
                }
                self.again.extend(reads.iter().filter(|read| self.kept.contains(read)));
                if may_be_reference(expr) {
                    self.candidates.extend(&inst.results);
                }
            }
            Kind::Bind(parts) => {
                let names = inst.results.iter().zip(parts);
                names.for_each(|(&result, &part)| self.another_name(result, part));
            }
            Kind::Reborrow(of) => inst.results.iter().for_each(|&result| self.alike(result, *of)),
            Kind::Push(tape, items) => {
                self.pushed.insert(*tape, items.clone());
            }
            Kind::Pop(tape) => {
                let items = self.pushed.get(tape).cloned().unwrap_or_default();
                inst.results.iter().zip(items).for_each(|(&result, item)| self.alike(result, item));
                self.kept.extend(&inst.results);
            }
            Kind::Branch(branch) => self.branch(inst, branch),
            _ => {}
        }
    }

    fn branch(&mut self, inst: &Inst, branch: &Branch) {
        for arm in &branch.arms {
            for ((&result, &yielded), role) in
                inst.results.iter().zip(&arm.yields).zip(&branch.roles)
            {
                if *role == Role::Extra {
                    self.kept.insert(result);
                    self.alike(result, yielded);
                }
            }
        }
    }

    fn another_name(&mut self, result: ValueId, of: ValueId) {
        self.alike(result, of);
        for names in [&mut self.candidates, &mut self.fields] {
            if names.contains(&of) {
                names.insert(result);
            }
        }
    }

    /// These values, and all other names of them.
    fn alias_of(&self, values: &[ValueId]) -> HashSet<ValueId> {
        let (mut found, mut open) = (HashSet::default(), values.to_vec());
        while let Some(value) = open.pop() {
            if found.insert(value) {
                open.extend(self.same.get(&value).into_iter().flatten());
            }
        }
        found
    }

    fn alike(&mut self, one: ValueId, other: ValueId) {
        self.same.entry(one).or_default().push(other);
        self.same.entry(other).or_default().push(one);
    }
}

fn is_variable(expr: &syn::Expr) -> bool {
    matches!(expr, syn::Expr::Path(path) if path.path.get_ident().is_some())
}

/// Whether a variable that is bound to this may be a reference.
fn may_be_reference(expr: &syn::Expr) -> bool {
    match expr {
        syn::Expr::Paren(of) => may_be_reference(&of.expr),
        syn::Expr::Reference(_) | syn::Expr::Match(_) | syn::Expr::If(_) => true,
        syn::Expr::MethodCall(call) => {
            let name = call.method.to_string();
            ["unwrap", "expect", "as_ref", "borrow", "deref"].contains(&name.as_str())
                || name.starts_with("unwrap_or")
        }
        _ => false,
    }
}
