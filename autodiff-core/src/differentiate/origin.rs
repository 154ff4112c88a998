//! Where values come from: which are copies or parts of others, and how their cotangents are kept.

use std::collections::{HashMap, HashSet};

use super::builder::is_static;
use crate::ir::{BindingId, Function, Inst, Kind, Len, Region, Step, Ty, ValueId};
use crate::simplify::Key;

/// A part of a value: `root.path`.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) root: ValueId,
    pub(crate) path: Vec<Part>,
}

/// One step from an aggregate to a part of it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part {
    /// A field of a tuple.
    Field(u32),
    /// An element whose index is a literal, which the value holds.
    Element(u32, ValueId),
    /// An element whose index is known at run time.
    Dynamic(ValueId),
}

/// How the cotangent of an aggregate is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Storage {
    /// As contributions to the whole value, summed at its definition.
    Direct,
    /// As contributions to each of its floats.
    Tree,
    /// In a variable of the same shape.
    Shadow,
}

/// What [`Origins::of`] finds out about a function.
pub(crate) struct Origins<'f> {
    pub(crate) function: &'f Function,
    definitions: HashMap<ValueId, Definition<'f>>,
    copies: HashMap<ValueId, ValueId>,
    parts: HashMap<ValueId, Origin>,
    /// Roots of which some part is read.
    parted: HashSet<ValueId>,
    /// Roots of which some part is read at an index that is known at run time only.
    dynamic: HashSet<ValueId>,
    /// Values that an instruction on floats reads.
    scalars: HashSet<ValueId>,
    /// How many of the user's variables have a name.
    names: HashMap<String, usize>,
    /// What is computed at the top level of the body, and where first.
    computed: HashMap<Key, ValueId>,
    /// What is computed there again, and where first.
    repeated: HashMap<ValueId, ValueId>,
}

/// What defines a value; parameters have no instruction.
#[derive(Clone, Copy)]
pub(crate) struct Definition<'f> {
    pub(crate) inst: &'f Inst,
    /// How many arms it is in.
    pub(crate) depth: usize,
    /// Whether it is in no block and no arm.
    pub(crate) outermost: bool,
}

impl<'f> Origins<'f> {
    /// Walks the function once.
    pub(crate) fn of(function: &'f Function) -> Self {
        let mut origins = Self {
            function,
            definitions: HashMap::new(),
            copies: HashMap::new(),
            parts: HashMap::new(),
            parted: HashSet::new(),
            dynamic: HashSet::new(),
            scalars: HashSet::new(),
            names: HashMap::new(),
            computed: HashMap::new(),
            repeated: HashMap::new(),
        };
        for (_, binding) in function.bindings.iter() {
            *origins.names.entry(binding.ident.to_string()).or_insert(0) += 1;
        }
        origins.region(&function.body, 0, true);
        origins
    }

    /// What defines a value, unless it is a parameter.
    pub(crate) fn definition(&self, value: ValueId) -> Option<Definition<'f>> {
        self.definitions.get(&value).copied()
    }

    /// In how many arms a value is defined.
    pub(crate) fn depth(&self, value: ValueId) -> usize {
        self.definition(value).map_or(0, |definition| definition.depth)
    }

    /// Whether a value is a parameter or computed at the top level of the body, where the user's
    /// variables are in scope to the end.
    pub(crate) fn is_outermost(&self, value: ValueId) -> bool {
        let known = value.index() < self.function.values.len();
        known && self.definition(value).is_none_or(|definition| definition.outermost)
    }

    /// Whether no other of the user's variables has the name of this one.
    pub(crate) fn is_only_one_called(&self, binding: BindingId) -> bool {
        let name = self.function.bindings[binding].ident.to_string();
        self.names.get(&name) == Some(&1)
    }

    /// The value that this one is a copy of, through names and references.
    pub(crate) fn copied(&self, value: ValueId) -> ValueId {
        self.copies.get(&value).copied().unwrap_or(value)
    }

    /// The value that this one is a part of.
    pub(crate) fn origin(&self, value: ValueId) -> Origin {
        let itself = || Origin { root: value, path: Vec::new() };
        self.parts.get(&value).cloned().unwrap_or_else(itself)
    }

    /// Whether a value of the primal is known to be one float.
    pub(crate) fn is_scalar(&self, value: ValueId) -> bool {
        if value.index() >= self.function.values.len() {
            return false;
        }
        match self.function.values[value].ty.behind_refs() {
            Ty::Float(_) => true,
            Ty::Unknown => self.scalars.contains(&self.copied(value)),
            Ty::Inert | Ty::Tuple(_) | Ty::Array(..) | Ty::Slice(_) | Ty::Vec(_) | Ty::Ref(_) => {
                false
            }
        }
    }

    /// How the cotangent of a root is kept.
    pub(crate) fn storage(&self, root: ValueId) -> Storage {
        let ty = self.function.values[root].ty.behind_refs();
        if self.is_scalar(root) {
            return Storage::Direct;
        }
        let parted = self.parted.contains(&root);
        match ty {
            Ty::Unknown if !parted => Storage::Direct,
            Ty::Tuple(_) if !parted && !ty.is_run_time_sized() => Storage::Direct,
            _ if !is_static(ty) || self.dynamic.contains(&root) => Storage::Shadow,
            _ if parted => Storage::Tree,
            _ => Storage::Direct,
        }
    }

    fn region(&mut self, region: &'f Region, depth: usize, outermost: bool) {
        for inst in &region.insts {
            for &result in &inst.results {
                self.definitions.insert(result, Definition { inst, depth, outermost });
            }
            for inner in inst.kind.regions() {
                let arm = usize::from(matches!(inst.kind, Kind::Branch(_)));
                self.region(inner, depth + arm, false);
            }
            self.inst(inst);
            if outermost {
                self.number(inst);
            }
        }
    }

    /// What the user computes twice is one value: its cotangent is summed before it is passed on.
    fn number(&mut self, inst: &Inst) {
        let &[result] = inst.results.as_slice() else { return };
        let Some(key) = Key::of(&inst.kind, |value| self.first(value)) else { return };
        let first = *self.computed.entry(key).or_insert(result);
        if first != result {
            self.repeated.insert(result, first);
            if matches!(inst.kind, Kind::Apply(..)) {
                self.copies.insert(result, first);
            }
        }
    }

    /// Where a value was computed first.
    fn first(&self, value: ValueId) -> ValueId {
        let value = self.copied(value);
        self.repeated.get(&value).copied().unwrap_or(value)
    }

    fn inst(&mut self, inst: &'f Inst) {
        match &inst.kind {
            Kind::Bind(values) => self.copies_of(&inst.results, values),
            Kind::Block(region) => self.copies_of(&inst.results, &region.yields),
            Kind::Reborrow(value) => self.copies_of(&inst.results, &[*value]),
            Kind::Field(of, n) => self.part_of(inst, *of, Part::Field(*n)),
            Kind::Index(of, index) => {
                let part = match self.literal(*index) {
                    Some(n) => Part::Element(n, *index),
                    None => Part::Dynamic(*index),
                };
                self.part_of(inst, *of, part);
            }
            Kind::Apply(_, args) => args.iter().for_each(|&arg| self.scalar(arg)),
            Kind::Cast(arg, _) => self.scalar(*arg),
            Kind::Const(_)
            | Kind::Scale { .. }
            | Kind::Less(..)
            | Kind::LessEq(..)
            | Kind::Equal(..)
            | Kind::And(..)
            | Kind::Or(..)
            | Kind::Not(_)
            | Kind::Select { .. }
            | Kind::Opaque { .. }
            | Kind::PatternBound(_)
            | Kind::Tuple(_)
            | Kind::Array(_)
            | Kind::Repeat(_)
            | Kind::Declare(_)
            | Kind::Call(_)
            | Kind::Branch(_)
            | Kind::Zero { .. }
            | Kind::AddTo(..)
            | Kind::Load(_)
            | Kind::Optional(_)
            | Kind::Present(_) => {}
        }
    }

    /// Notes that a value is a float, and what it is a copy or a known part of.
    fn scalar(&mut self, value: ValueId) {
        self.scalars.insert(self.copied(value));
        let Origin { root, path } = self.origin(value);
        if path.is_empty() {
            self.scalars.insert(root);
        }
    }

    fn copies_of(&mut self, results: &[ValueId], values: &[ValueId]) {
        for (&result, &value) in results.iter().zip(values) {
            self.copies.insert(result, self.copied(value));
            self.parts.insert(result, self.origin(value));
        }
    }

    fn part_of(&mut self, inst: &Inst, of: ValueId, part: Part) {
        let mut origin = self.origin(of);
        origin.path.push(part);
        let origin = self.resolved(origin);
        if !origin.path.is_empty() {
            self.parted.insert(origin.root);
            if origin.path.iter().any(|part| matches!(part, Part::Dynamic(_))) {
                self.dynamic.insert(origin.root);
            }
        }
        for &result in &inst.results {
            self.parts.insert(result, origin.clone());
        }
    }

    /// A part of an aggregate that is built here is what it was built from.
    fn resolved(&self, mut origin: Origin) -> Origin {
        while let Some((&first, rest)) = origin.path.split_first() {
            let Some(definition) = self.definition(origin.root) else { break };
            let operand = match (&definition.inst.kind, first) {
                (Kind::Tuple(parts), Part::Field(n))
                | (Kind::Array(parts), Part::Element(n, _)) => parts.get(n as usize),
                (Kind::Repeat(part), Part::Element(..) | Part::Dynamic(_)) => Some(part),
                _ => None,
            };
            let Some(&operand) = operand else { break };
            let mut inner = self.origin(operand);
            inner.path.extend(rest);
            origin = inner;
        }
        origin
    }

    /// The literal that an index is.
    fn literal(&self, index: ValueId) -> Option<u32> {
        let definition = self.definition(self.copied(index))?;
        literal_index(&definition.inst.kind)
    }
}

/// The integer that an instruction gives, where it is a literal.
pub(crate) fn literal_index(kind: &Kind) -> Option<u32> {
    let Kind::Opaque { expr, .. } = kind else { return None };
    let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(literal), .. }) = &**expr else {
        return None;
    };
    literal.base10_parse().ok()
}

/// A path as steps of a place.
pub(crate) fn steps(path: &[Part]) -> Vec<Step> {
    path.iter()
        .map(|part| match part {
            Part::Field(n) => Step::Field(*n),
            Part::Element(_, index) | Part::Dynamic(index) => Step::Index(*index),
        })
        .collect()
}

/// The types of the direct parts of a static aggregate; none for a float.
pub(crate) fn part_types(ty: &Ty) -> Vec<(Piece, Ty)> {
    match ty {
        Ty::Tuple(fields) => {
            (0_u32..).zip(fields).map(|(n, field)| (Piece::Field(n), bare(field))).collect()
        }
        Ty::Array(element, Len::Literal(len)) => {
            let indices = 0..u32::try_from(*len).unwrap_or(0);
            indices.map(|n| (Piece::Element(n), bare(element))).collect()
        }
        Ty::Ref(inner) => part_types(inner),
        Ty::Array(_, Len::Named(_))
        | Ty::Float(_)
        | Ty::Inert
        | Ty::Slice(_)
        | Ty::Vec(_)
        | Ty::Unknown => Vec::new(),
    }
}

fn bare(ty: &Ty) -> Ty {
    ty.behind_refs().clone()
}

/// A static step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Piece {
    /// A field of a tuple.
    Field(u32),
    /// An element of an array.
    Element(u32),
}

/// A path as static steps, where it is static.
pub(crate) fn pieces(path: &[Part]) -> Option<Vec<Piece>> {
    path.iter()
        .map(|part| match part {
            Part::Field(n) => Some(Piece::Field(*n)),
            Part::Element(n, _) => Some(Piece::Element(*n)),
            Part::Dynamic(_) => None,
        })
        .collect()
}
