//! Which of the user's variables change their length, or are moved away.

use super::{Assignment, BindingId, Function, Inst, Kind, Piece, Region, Step, Ty, ValueId};
use crate::hash::HashSet;

impl Function {
    /// The variables whose length, or that of a part of them, is not the same for all versions.
    #[must_use]
    pub(crate) fn resized(&self) -> HashSet<BindingId> {
        let mut walk =
            Resized { function: self, bound: HashSet::default(), found: HashSet::default() };
        for &param in &self.params {
            walk.bind(param);
        }
        walk.region(&self.body);
        walk.found
    }

    /// The variables that are moved into others: they cannot be read after that.
    #[must_use]
    pub(crate) fn moved(&self) -> HashSet<BindingId> {
        let mut found = HashSet::default();
        self.moved_in(&self.body, &mut found);
        found
    }

    /// The type of a part.
    #[must_use]
    pub fn part_ty(&self, of: &Ty, path: &[Step]) -> Ty {
        let mut ty = of.behind_refs().clone();
        for step in path {
            ty = match step {
                Step::Field(n) => ty.field(*n),
                Step::Index(_) => ty.element(),
                Step::Range(_) => Ty::Slice(Box::new(ty.element())),
            };
            ty = ty.behind_refs().clone();
        }
        ty
    }

    /// Whether a change of a part changes its length, or that of something in it.
    #[must_use]
    pub(crate) fn changes_length(&self, of: ValueId, path: &[Step], by: Assignment) -> bool {
        let part = self.part_ty(&self.values[of].ty, path);
        match by {
            Assignment::Append | Assignment::RemoveLast | Assignment::Resize => true,
            Assignment::Set => {
                matches!(part, Ty::Vec(_) | Ty::Tuple(_)) && part.is_run_time_sized()
            }
            Assignment::Swap(_) | Assignment::Reverse => part.element().is_run_time_sized(),
            Assignment::Add | Assignment::Sub | Assignment::Fill => false,
        }
    }

    fn moved_in(&self, region: &Region, found: &mut HashSet<BindingId>) {
        for inst in &region.insts {
            for operand in self.moved_by(inst) {
                let value = &self.values[operand];
                let is_copy = matches!(value.ty, Ty::Float(_) | Ty::Inert | Ty::Ref(_))
                    || matches!(value.ty, Ty::Array(..)) && !value.ty.is_run_time_sized();
                if let Some(home) = value.home.as_ref().filter(|_| !is_copy) {
                    found.insert(home.binding);
                }
            }
            for inner in inst.kind.regions() {
                self.moved_in(inner, found);
                let values = inner.yields.iter().filter(|_| !matches!(inst.kind, Kind::Loop(_)));
                let homes = values.filter_map(|&value| self.values[value].home.as_ref());
                if matches!(inst.kind, Kind::Block(_)) {
                    found.extend(homes.map(|home| home.binding));
                }
            }
        }
    }

    /// What an instruction may move: operands that stand in its tokens as they are.
    fn moved_by(&self, inst: &Inst) -> Vec<ValueId> {
        if inst.syntax.is_none() {
            return Vec::new();
        }
        match &inst.kind {
            Kind::Bind(parts) | Kind::Tuple(parts) | Kind::Array(parts) => parts.clone(),
            Kind::Struct { fields, base } => {
                fields.iter().map(|(_, value)| *value).chain(*base).collect()
            }
            Kind::Call(call) => {
                let lent = call.references.iter().chain(std::iter::repeat(&false));
                let is_part =
                    |at| call.writes.iter().any(|write| write.arg == at && !write.path.is_empty());
                let args = call.args.iter().zip(lent).enumerate();
                let moved = args.filter(|(at, (_, lent))| !**lent && !is_part(*at));
                moved.map(|(_, (arg, _))| *arg).collect()
            }
            Kind::Update { value, .. } => vec![*value],
            Kind::Opaque { expr, reads, .. } if matches!(**expr, syn::Expr::Path(_)) => {
                reads.clone()
            }
            Kind::Reborrow(of) => {
                let pieces = inst.syntax.as_ref().map_or(&[][..], |it| it.pieces.as_slice());
                let bare = matches!(pieces, [Piece::Tokens(_) | Piece::Value(_)]);
                if bare { vec![*of] } else { Vec::new() }
            }
            _ => Vec::new(),
        }
    }
}

struct Resized<'f> {
    function: &'f Function,
    /// The variables that have a value already.
    bound: HashSet<BindingId>,
    found: HashSet<BindingId>,
}

impl Resized<'_> {
    fn region(&mut self, region: &Region) {
        for inst in &region.insts {
            match &inst.kind {
                Kind::Update { of, path, by, .. } => self.update(inst, *of, path, *by),
                Kind::Bind(_) => inst.results.iter().for_each(|&result| self.bind(result)),
                Kind::Opaque { expr, .. } if !is_element_assignment(expr) => {
                    inst.results.iter().for_each(|&result| self.bind(result));
                }
                _ => {}
            }
            inst.kind.regions().iter().for_each(|region| self.region(region));
        }
    }

    fn update(&mut self, inst: &Inst, of: ValueId, path: &[Step], by: Assignment) {
        if !self.function.changes_length(of, path, by) {
            return;
        }
        let homes = inst.results.iter().filter_map(|&r| self.function.values[r].home.as_ref());
        self.found.extend(homes.map(|home| home.binding));
    }

    /// A variable that is assigned a second time, and may hold something of run-time length.
    fn bind(&mut self, value: ValueId) {
        let value = &self.function.values[value];
        let Some(home) = value.home.as_ref().filter(|home| home.fields.is_empty()) else { return };
        let again = !self.bound.insert(home.binding);
        let may_vary = value.ty.is_run_time_sized() || value.ty.has_unknown();
        if again && may_vary {
            self.found.insert(home.binding);
        }
    }
}

/// `a[i] = v`, `a[i] += v`
fn is_element_assignment(expr: &syn::Expr) -> bool {
    match expr {
        syn::Expr::Assign(of) => matches!(&*of.left, syn::Expr::Index(_) | syn::Expr::Unary(_)),
        syn::Expr::Binary(of) => matches!(&*of.left, syn::Expr::Index(_) | syn::Expr::Unary(_)),
        _ => false,
    }
}
