//! Where values come from: which are copies or parts of others, and how their cotangents are kept.

use super::builder::is_static;
use crate::hash::{HashMap, HashSet};
use crate::ir::table::{Table, ValueSet};
use crate::ir::{BindingId, Bounds, Function, Inst, Kind, Len, Member, Region, Step, Ty, ValueId};
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
    /// A field of a tuple or a struct.
    Field(Member),
    /// An element whose index is a literal, which the value holds.
    Element(u32, ValueId),
    /// An element whose index is known at run time.
    Dynamic(ValueId),
    /// A range of elements.
    Range(Bounds),
}

/// A variable that is updated in place: its versions share one shadow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    /// The first version, which stands for all of them.
    pub(crate) root: ValueId,
    /// The version that gives the shape: of known type, the last one where it can be.
    pub(crate) like: ValueId,
    /// In how many arms and loops it is declared.
    pub(crate) depth: usize,
    /// Whether some version is active.
    pub(crate) active: bool,
    /// Whether it is declared in no block and no arm.
    outermost: bool,
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
    definitions: Table<Definition<'f>>,
    copies: Table<ValueId>,
    parts: Table<Origin>,
    /// Roots of which some part is read.
    parted: ValueSet,
    /// Roots of which some part is read at an index that is known at run time only.
    dynamic: ValueSet,
    /// Values that an instruction on floats reads.
    scalars: ValueSet,
    /// How many of the user's variables have a name.
    names: HashMap<String, usize>,
    /// The names of parts of variables.
    aliases: HashSet<String>,
    /// The variables that are updated in place.
    cells: HashMap<BindingId, Cell>,
    /// The version that each variable holds at the end of the function.
    last: HashMap<BindingId, ValueId>,
    /// Names that have a cotangent of their own.
    own: ValueSet,
    /// Variables that a pullback cannot read: what they refer to is the caller's again.
    lent: HashSet<BindingId>,
    /// What is computed at the top level of the body, and where first.
    computed: HashMap<Key, ValueId>,
    /// What is computed there again, and where first.
    repeated: Table<ValueId>,
    /// The variables whose length changes.
    pub(super) resized: HashSet<BindingId>,
    /// The version that a variable held before each of its versions.
    previous: Table<ValueId>,
    /// The version that each variable holds where the walk is.
    current: HashMap<BindingId, ValueId>,
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
            definitions: Table::new(),
            copies: Table::new(),
            parts: Table::new(),
            parted: ValueSet::new(),
            dynamic: ValueSet::new(),
            scalars: ValueSet::new(),
            names: HashMap::default(),
            aliases: HashSet::default(),
            cells: HashMap::default(),
            last: HashMap::default(),
            own: super::payload::taken_apart(function),
            lent: HashSet::default(),
            computed: HashMap::default(),
            repeated: Table::new(),
            resized: function.resized(),
            previous: Table::new(),
            current: HashMap::default(),
        };
        let mut updated = HashSet::default();
        find_updated(&function.body, function, &mut updated);
        updated.extend(function.exits().map(|(_, binding)| binding));
        for &param in &function.params {
            origins.version(param, &updated, At::BODY);
        }
        origins.versions(&function.body, &updated, At::BODY);
        for (_, binding) in function.bindings.iter() {
            let name = binding.ident.to_string();
            if binding.alias {
                origins.aliases.insert(name.clone());
            }
            *origins.names.entry(name).or_insert(0) += 1;
        }
        origins.region(&function.body, 0, true);
        origins
    }

    /// Whether an expression names a part of a variable: the reverse sweep has no such name.
    pub(crate) fn names_alias(&self, expr: &syn::Expr) -> bool {
        !self.aliases.is_empty() && {
            let mentioned = crate::structure::mentions::mentioned(expr);
            self.aliases.iter().any(|alias| mentioned.contains(alias))
        }
    }

    /// The same for a pullback: it runs when the `&mut` parameters are the caller's again.
    pub(crate) fn without_exits(mut self) -> Self {
        self.lent.extend(self.function.exits().map(|(_, binding)| binding));
        self
    }

    /// What defines a value, unless it is a parameter.
    pub(crate) fn definition(&self, value: ValueId) -> Option<Definition<'f>> {
        self.definitions.get(value).copied()
    }

    /// In how many arms and loops a value is defined.
    pub(crate) fn depth(&self, value: ValueId) -> usize {
        if let Some(cell) = self.cell(value) {
            return cell.depth;
        }
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
        self.copies.get(value).copied().unwrap_or(value)
    }

    /// The value that this one is a part of.
    pub(crate) fn origin(&self, value: ValueId) -> Origin {
        let itself = || Origin { root: value, path: Vec::new() };
        self.parts.get(value).cloned().unwrap_or_else(itself)
    }

    /// Where a field of a tuple is first read.
    pub(crate) fn field(&self, whole: ValueId, n: u32) -> Option<ValueId> {
        let field = (whole, Member::Unnamed(n));
        let reads = |value: &ValueId| {
            let definition = self.definition(*value);
            matches!(definition.map(|of| &of.inst.kind), Some(&Kind::Field(from, at)) if (from, at) == field)
        };
        self.function.values.iter().map(|(value, _)| value).find(reads)
    }

    /// Whether a value of the primal is known to be one float.
    pub(crate) fn is_scalar(&self, value: ValueId) -> bool {
        if value.index() >= self.function.values.len() {
            return false;
        }
        match self.function.values[value].ty.payload().behind_refs() {
            Ty::Float(_) => true,
            Ty::Unknown => self.scalars.contains(self.copied(value)),
            Ty::Inert
            | Ty::Tuple(_)
            | Ty::Array(..)
            | Ty::Slice(_)
            | Ty::Vec(_)
            | Ty::Option(_)
            | Ty::Named(_)
            | Ty::Ref(_) => false,
        }
    }

    /// How the cotangent of a root is kept.
    pub(crate) fn storage(&self, root: ValueId) -> Storage {
        if self.is_cell_root(root) {
            return Storage::Shadow;
        }
        let ty = self.function.values[root].ty.payload().behind_refs();
        if self.is_scalar(root) {
            return Storage::Direct;
        }
        let parted = self.parted.contains(root);
        match ty {
            Ty::Unknown if !parted => Storage::Direct,
            Ty::Named(_) => Storage::Shadow,
            Ty::Tuple(_) if !parted && !ty.is_run_time_sized() => Storage::Direct,
            _ if !parted && self.is_built_here(root) => Storage::Direct,
            _ if !is_static(ty) || self.dynamic.contains(root) => Storage::Shadow,
            _ if parted => Storage::Tree,
            _ => Storage::Direct,
        }
    }

    /// Whether a value is an aggregate of run-time length that is built for one use, or handed on
    /// as a whole.
    fn is_built_here(&self, root: ValueId) -> bool {
        let ty = self.function.values[root].ty.payload();
        let sized = matches!(ty, Ty::Vec(_) | Ty::Tuple(_)) && ty.is_run_time_sized();
        sized
            && self.definition(root).is_some_and(|definition| match definition.inst.kind {
                Kind::Filled(..) | Kind::Array(_) => matches!(ty, Ty::Vec(_)),
                Kind::Tuple(_) | Kind::Branch(_) | Kind::Call(_) => true,
                _ => false,
            })
    }

    fn region(&mut self, region: &'f Region, depth: usize, outermost: bool) {
        for inst in &region.insts {
            for &result in &inst.results {
                self.definitions.insert(result, Definition { inst, depth, outermost });
            }
            if let Kind::Loop(of) = &inst.kind {
                for &value in of.params.iter().chain(of.head.defined()) {
                    let inside = Definition { inst, depth: depth + 1, outermost: false };
                    self.definitions.insert(value, inside);
                }
            }
            for inner in inst.kind.regions() {
                self.region(inner, depth + arm(&inst.kind), false);
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
        let copied = self.copied(value);
        // Of a variable that is updated in place, each version is a value of its own.
        let value = if self.is_in_cell(copied) { value } else { copied };
        self.repeated.get(value).copied().unwrap_or(value)
    }

    fn inst(&mut self, inst: &'f Inst) {
        match &inst.kind {
            Kind::Bind(values) => self.bindings(&inst.results, values),
            Kind::Block(region) => self.copies_of(&inst.results, &region.yields),
            Kind::Reborrow(value) => {
                if !self.is_read(inst, *value) {
                    self.copies_of(&inst.results, &[*value]);
                }
            }
            Kind::Payload(_) if self.is_sized_at_run_time(inst) => {
                self.own.mark_all(&inst.results);
            }
            Kind::Wrap(of) | Kind::Payload(of) => self.copies_of(&inst.results, &[*of]),
            Kind::Field(of, n) => self.part_of(inst, *of, Part::Field(*n)),
            Kind::Index(of, index) => {
                let part = match self.literal(*index) {
                    Some(n) => Part::Element(n, *index),
                    None => Part::Dynamic(*index),
                };
                self.part_of(inst, *of, part);
            }
            Kind::Slice(of, bounds) => self.part_of(inst, *of, Part::Range(*bounds)),
            Kind::Apply(op, args) => op.float_operands(args).for_each(|&arg| self.scalar(arg)),
            Kind::Cast(arg, _) => self.scalar(*arg),
            Kind::Const(_)
            | Kind::Scale { .. }
            | Kind::Less(..)
            | Kind::LessEq(..)
            | Kind::Equal(..)
            | Kind::And(..)
            | Kind::Or(..)
            | Kind::Not(_)
            | Kind::Finite(_)
            | Kind::Select { .. }
            | Kind::Opaque { .. }
            | Kind::PatternBound(_)
            | Kind::Tuple(_)
            | Kind::Struct { .. }
            | Kind::Array(_)
            | Kind::Repeat(_)
            | Kind::Filled(..)
            | Kind::Sum(_)
            | Kind::Declare(_)
            | Kind::Call(_)
            | Kind::Branch(_)
            | Kind::Zero { .. }
            | Kind::AddTo(..)
            | Kind::Load(_)
            | Kind::Optional(_)
            | Kind::Loop(_)
            | Kind::Update { .. }
            | Kind::Len(_)
            | Kind::ZeroOf(_)
            | Kind::Copy(_)
            | Kind::Integer(..)
            | Kind::Number(_)
            | Kind::Define { .. }
            | Kind::Store(..)
            | Kind::Reserve(_)
            | Kind::Take(_)
            | Kind::Edit(..)
            | Kind::Tape(_)
            | Kind::Push(..)
            | Kind::Pop(_)
            | Kind::Keep(_)
            | Kind::Run(_)
            | Kind::Replay(_)
            | Kind::Present(_) => {}
        }
    }

    /// Whether the payload of an `Option` is a `Vec`, say: where there is none, there is no length.
    fn is_sized_at_run_time(&self, inst: &Inst) -> bool {
        inst.results.first().is_some_and(|&result| {
            let ty = &self.function.values[result].ty;
            let apart = self.own.contains(result) || ty.is_run_time_sized();
            apart || !is_static(ty) && !matches!(ty.behind_refs(), Ty::Unknown)
        })
    }

    /// Names: copies, unless what is named is a variable that is updated in place, or comes out of
    /// one by value.
    fn bindings(&mut self, results: &[ValueId], values: &[ValueId]) {
        for (&result, &value) in results.iter().zip(values) {
            if self.becomes_own(result, value) {
                self.own.mark(result);
            } else {
                self.copies_of(&[result], &[value]);
            }
        }
    }

    /// The version that a variable held before this one.
    pub(crate) fn previous(&self, value: ValueId) -> Option<ValueId> {
        self.previous.get(value).copied()
    }

    /// Whether a name has a cotangent of its own, apart from that of the value that it is bound to.
    pub(crate) fn is_own(&self, result: ValueId) -> bool {
        self.own.contains(result)
    }

    /// Whether a dereference reads what a `&mut` refers to: its cotangent is added where it is
    /// read, since what is there may change afterwards.
    pub(crate) fn is_read(&self, inst: &Inst, value: ValueId) -> bool {
        let scalar = inst.results.first().is_some_and(|&result| self.is_scalar(result));
        scalar && self.cell(value).is_some()
    }

    /// The same, of a name that is being bound.
    fn becomes_own(&self, result: ValueId, value: ValueId) -> bool {
        let whole = self.cell(self.copied(value)).is_some();
        let copied = whole && !matches!(self.function.values[result].ty, Ty::Ref(_));
        let aggregate = self.is_by_value(result) && self.is_in_cell(value);
        self.cell(result).is_some() || copied || aggregate
    }

    fn is_by_value(&self, value: ValueId) -> bool {
        match &self.function.values[value].ty {
            Ty::Ref(_) | Ty::Slice(_) | Ty::Float(_) | Ty::Inert => false,
            Ty::Unknown => !self.scalars.contains(value),
            Ty::Tuple(_) | Ty::Array(..) | Ty::Vec(_) | Ty::Option(_) | Ty::Named(_) => true,
        }
    }

    fn is_in_cell(&self, value: ValueId) -> bool {
        self.is_cell_root(self.origin(value).root)
    }

    /// The variable that a value is a version of, where that is updated in place.
    pub(crate) fn cell(&self, value: ValueId) -> Option<Cell> {
        if value.index() >= self.function.values.len() {
            return None;
        }
        let home = self.function.values[value].home.as_ref()?;
        let cell = self.cells.get(&home.binding)?;
        home.fields.is_empty().then_some(*cell)
    }

    fn is_cell_root(&self, root: ValueId) -> bool {
        self.cell(root).is_some()
    }

    /// Whether what a value is, or is a part of, is not updated afterwards.
    pub(crate) fn stays(&self, of: ValueId) -> bool {
        self.cell(self.origin(of).root).is_none() || self.is_of_last(of)
    }

    /// Whether what a value is a part of is the last version of its variable.
    fn is_of_last(&self, of: ValueId) -> bool {
        if self.cell(of).is_some() {
            return self.is_last(of);
        }
        let definition = self.definition(of).map(|definition| definition.inst);
        match definition.map(|inst| &inst.kind) {
            Some(
                Kind::Slice(whole, _)
                | Kind::Index(whole, _)
                | Kind::Field(whole, _)
                | Kind::Reborrow(whole),
            ) => self.is_of_last(*whole),
            Some(Kind::Bind(parts)) => {
                let at = definition.and_then(|it| it.results.iter().position(|&r| r == of));
                at.and_then(|at| parts.get(at)).is_some_and(|&part| self.is_of_last(part))
            }
            _ => false,
        }
    }

    /// Whether a value is what its variable holds, in scope, to the end of the function.
    pub(crate) fn is_last(&self, value: ValueId) -> bool {
        let home = self.function.values[value].home.as_ref();
        home.is_none_or(|home| {
            !self.lent.contains(&home.binding)
                && self.last.get(&home.binding) == Some(&value)
                && self.is_only_one_called(home.binding)
        })
    }

    /// Finds the versions of the variables.
    fn versions(&mut self, region: &Region, updated: &HashSet<BindingId>, at: At) {
        for inst in &region.insts {
            let runs_once = matches!(inst.kind, Kind::Block(_));
            let inner = At {
                depth: at.depth + arm(&inst.kind),
                outermost: false,
                always: at.always && runs_once,
            };
            let before = self.current.clone();
            if let Kind::Loop(of) = &inst.kind {
                let inside = of.params.iter().chain(of.head.defined());
                inside.for_each(|&value| self.version(value, updated, inner));
            }
            for region in inst.kind.regions() {
                self.versions(region, updated, inner);
                if !runs_once {
                    self.current.clone_from(&before);
                }
            }
            for &result in &inst.results {
                self.version(result, updated, at);
            }
        }
    }

    fn version(&mut self, value: ValueId, updated: &HashSet<BindingId>, at: At) {
        let At { depth, outermost, always } = at;
        let known = &self.function.values[value];
        let Some(home) = known.home.as_ref().filter(|home| home.fields.is_empty()) else { return };
        if outermost {
            self.last.insert(home.binding, value);
        }
        if !updated.contains(&home.binding) {
            return;
        }
        if let Some(before) = self.current.insert(home.binding, value) {
            self.previous.insert(value, before);
        }
        let active = self.function.is_active(value);
        let new = Cell { root: value, like: value, depth, active, outermost };
        let cell = self.cells.entry(home.binding).or_insert(new);
        cell.depth = cell.depth.min(depth);
        cell.active |= active;
        let unknown = self.function.values[cell.like].ty.has_unknown();
        if always || unknown || (depth <= cell.depth && !cell.outermost) {
            cell.like = value;
        }
        let root = cell.root;
        if root != value {
            self.copies.insert(value, root);
            self.parts.insert(value, Origin { root, path: Vec::new() });
        }
    }

    /// Notes that a value is a float, and what it is a copy or a known part of.
    fn scalar(&mut self, value: ValueId) {
        self.scalars.mark(self.copied(value));
        let Origin { root, path } = self.origin(value);
        if path.is_empty() {
            self.scalars.mark(root);
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
            self.parted.mark(origin.root);
            if origin.path.iter().any(|part| matches!(part, Part::Dynamic(_) | Part::Range(_))) {
                self.dynamic.mark(origin.root);
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
                (Kind::Tuple(parts), Part::Field(Member::Unnamed(n)))
                | (Kind::Array(parts), Part::Element(n, _)) => parts.get(n as usize),
                (Kind::Repeat(part), Part::Element(..) | Part::Dynamic(_)) => Some(part),
                (Kind::Struct { fields, .. }, Part::Field(member)) => {
                    let mut fields = fields.iter();
                    fields.find(|(known, _)| *known == member).map(|(_, value)| value)
                }
                _ => None,
            };
            let Some(&operand) = operand else { break };
            // Its variable may be changed later on: it is read where the whole is built.
            if !matches!(self.function.values[operand].ty, Ty::Ref(_)) && self.is_in_cell(operand) {
                break;
            }
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

/// Whether the regions of an instruction may not run.
fn arm(kind: &Kind) -> usize {
    usize::from(matches!(kind, Kind::Branch(_) | Kind::Loop(_)))
}

/// The variables of which some part is assigned, or could be: a loop that borrows a part carries
/// the variable, whether or not it writes there.
pub(super) fn find_updated(region: &Region, function: &Function, found: &mut HashSet<BindingId>) {
    for inst in &region.insts {
        let writes = matches!(&inst.kind, Kind::Call(call) if !call.writes.is_empty());
        if writes || matches!(inst.kind, Kind::Update { .. }) {
            let homes = inst.results.iter().filter_map(|&v| function.values[v].home.as_ref());
            found.extend(homes.map(|home| home.binding));
        }
        if let Kind::Loop(of) = &inst.kind {
            let unchanged = of.params.iter().zip(&of.body.yields).filter(|(a, b)| a == b);
            found.extend(unchanged.filter_map(|(&param, _)| aggregate(function, param)));
        }
        inst.kind.regions().iter().for_each(|region| find_updated(region, function, found));
    }
}

/// The variable of a version that is no single number.
fn aggregate(function: &Function, version: ValueId) -> Option<BindingId> {
    let value = &function.values[version];
    let single = matches!(value.ty.behind_refs(), Ty::Float(_) | Ty::Inert);
    value.home.as_ref().filter(|_| !single).map(|home| home.binding)
}

/// The integer that an instruction gives, where it is a literal.
pub(crate) fn literal_index(kind: &Kind) -> Option<u32> {
    if let Kind::Number(n) = kind {
        return u32::try_from(*n).ok();
    }
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
            Part::Range(bounds) => Step::Range(*bounds),
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
        Ty::Ref(inner) | Ty::Option(inner) => part_types(inner),
        Ty::Array(_, Len::Named(_))
        | Ty::Float(_)
        | Ty::Inert
        | Ty::Slice(_)
        | Ty::Vec(_)
        | Ty::Named(_)
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
            Part::Field(Member::Unnamed(n)) => Some(Piece::Field(*n)),
            Part::Element(n, _) => Some(Piece::Element(*n)),
            Part::Field(Member::Named(_) | Member::Variant(_))
            | Part::Dynamic(_)
            | Part::Range(_) => None,
        })
        .collect()
}

/// Where a version of a variable is made.
#[derive(Clone, Copy)]
struct At {
    depth: usize,
    /// In no region but the function's own.
    outermost: bool,
    /// Whether it is made once, whatever happens: in no region but those of blocks.
    always: bool,
}

impl At {
    /// The body of the function.
    const BODY: Self = Self { depth: 0, outermost: true, always: true };
}
