//! Appends instructions to the region that is being built.

use proc_macro2::Span;

use super::symbol::{Node, Symbol};
use crate::hash::{HashMap, HashSet};
use crate::ir::{
    Active, Args, FloatTy, Function, Inst, Kind, Len, Literal, Place, Region, Step, Ty, ValueId,
    VarId,
};
use crate::rules::Op;

/// The function being built, and its open regions, innermost last.
pub(crate) struct Builder {
    pub(crate) function: Function,
    open: Vec<Vec<Inst>>,
    /// The user's token that new instructions stem from.
    pub(crate) span: Span,
    /// The variable that a temporary is bound to.
    bound: HashMap<ValueId, ValueId>,
    /// Values that are positive integer literals.
    positive: HashSet<ValueId>,
}

impl Builder {
    /// Starts from the values, variables and bindings of `primal`; its body is left out.
    pub(crate) fn new(primal: &Function) -> Self {
        let (mut bound, mut positive) = (HashMap::default(), HashSet::default());
        find_bound(&primal.body.insts, &mut bound);
        find_positive(&primal.body.insts, &mut positive);
        let function = Function {
            name: primal.name.clone(),
            values: primal.values.clone(),
            vars: primal.vars.clone(),
            bindings: primal.bindings.clone(),
            params: primal.params.clone(),
            body: Region::default(),
            outputs: Vec::new(),
            reverse_from: None,
        };
        Self { function, open: vec![Vec::new()], span: Span::call_site(), bound, positive }
    }

    /// Opens a region.
    pub(crate) fn open(&mut self) {
        self.open.push(Vec::new());
    }

    /// Takes the instructions of the innermost region; it stays open.
    pub(crate) fn flush(&mut self) -> Vec<Inst> {
        self.open.last_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Closes the innermost region and returns its instructions.
    pub(crate) fn close(&mut self) -> Vec<Inst> {
        self.open.pop().unwrap_or_default()
    }

    /// The instruction of the open regions that defines a value.
    pub(crate) fn defining(&self, value: ValueId) -> Option<&Inst> {
        self.open.iter().rev().flatten().find(|inst| inst.results.contains(&value))
    }

    /// The instructions of the open regions.
    pub(crate) fn so_far(&self) -> impl Iterator<Item = &Inst> {
        self.open.iter().flatten()
    }

    /// Appends an instruction as it is.
    pub(crate) fn append(&mut self, inst: Inst) {
        if let Some(region) = self.open.last_mut() {
            region.push(inst);
        }
    }

    /// Appends an instruction that a transform makes.
    pub(crate) fn generate(&mut self, results: Vec<ValueId>, kind: Kind) {
        let span = self.span;
        self.append(Inst::generated(results, kind, span));
    }

    /// A fresh value, active where something that it is made from is.
    pub(crate) fn fresh(&mut self, ty: Ty, hint: &str, active: Active) -> ValueId {
        let span = self.span;
        self.function.new_value(ty, hint, span, active)
    }

    /// Appends an instruction with one result; it is active if an operand is.
    pub(crate) fn push(&mut self, ty: Ty, hint: &str, kind: Kind) -> ValueId {
        let active = self.function.activity(&kind);
        let value = self.fresh(ty, hint, active);
        self.generate(vec![value], kind);
        value
    }

    /// Finds again which results are active, after operands have been replaced.
    pub(crate) fn mark_active(&mut self, insts: &[Inst]) {
        for inst in insts {
            inst.kind.regions().iter().for_each(|region| self.mark_active(&region.insts));
            self.function.mark_active(inst);
        }
    }

    /// A float constant.
    pub(crate) fn number(&mut self, number: f64) -> ValueId {
        let ty = Ty::Float(FloatTy::Inferred);
        self.push(ty, "constant", Kind::Const(Literal::Number(number)))
    }

    /// An integer constant, as an index.
    pub(crate) fn index(&mut self, index: usize) -> ValueId {
        let hint = format!("index_{index}");
        self.literal(syn::Lit::new(proc_macro2::Literal::usize_unsuffixed(index)), &hint)
    }

    /// A literal that is no float.
    pub(crate) fn literal(&mut self, lit: syn::Lit, hint: &str) -> ValueId {
        let expr = Box::new(syn::Expr::Lit(syn::ExprLit { attrs: Vec::new(), lit }));
        let effect = crate::ir::Effect::Pure;
        self.push(Ty::Inert, hint, Kind::Opaque { expr, reads: Vec::new(), effect })
    }

    /// A value of whatever type it is used as, that counts for nothing: `Default::default()`.
    pub(crate) fn default_value(&mut self) -> ValueId {
        let expr = Box::new(syn::parse_quote!(::core::default::Default::default()));
        let effect = crate::ir::Effect::Pure;
        self.push(Ty::Unknown, "nothing", Kind::Opaque { expr, reads: Vec::new(), effect })
    }

    /// A row of the table, typed and named as `like` is.
    pub(crate) fn apply(
        &mut self,
        op: Op,
        args: impl Into<Args>,
        (ty, hint): (&Ty, &str),
    ) -> ValueId {
        self.push(ty.clone(), hint, Kind::Apply(op, args.into()))
    }

    /// The type of a value behind its references.
    pub(crate) fn ty(&self, value: ValueId) -> Ty {
        self.function.values[value].ty.payload().behind_refs().clone()
    }

    /// The user's name for a value, or a hint.
    pub(crate) fn name(&self, value: ValueId) -> String {
        let mut known = &self.function.values[value];
        if known.home.is_none()
            && let Some(&named) = self.bound.get(&value)
        {
            known = &self.function.values[named];
        }
        let Some(home) = &known.home else { return known.hint.clone() };
        let ident = self.function.bindings[home.binding].ident.to_string();
        let mut name = ident.trim_start_matches("r#").to_owned();
        for field in &home.fields {
            name.push('_');
            name.push_str(&field.to_string());
        }
        name
    }

    /// The variable that a temporary is bound to, or the value itself.
    pub(crate) fn bound_to(&self, value: ValueId) -> ValueId {
        let homeless = self.function.values[value].home.is_none();
        self.bound.get(&value).copied().filter(|_| homeless).unwrap_or(value)
    }

    /// Gives a value without a home another name.
    pub(crate) fn rename(&mut self, value: ValueId, hint: &str) {
        hint.clone_into(&mut self.function.values[value].hint);
    }

    /// The name of the cotangent of a value: `x_bar`.
    pub(crate) fn bar(&self, value: ValueId) -> String {
        format!("{}_bar", self.name(value))
    }

    /// The name of the tangent of a value: `x_dot`.
    pub(crate) fn dot(&self, value: ValueId) -> String {
        format!("{}_dot", self.name(value))
    }

    /// Makes instructions of a formula, of floats of type `ty`.
    pub(crate) fn materialise(&mut self, symbol: &Symbol, ty: &Ty, memo: &mut Memo) -> ValueId {
        if let Some(&known) = memo.get(&symbol.key()) {
            return known;
        }
        let of = |this: &mut Self, part: &Symbol, memo: &mut Memo| this.materialise(part, ty, memo);
        let value = match symbol.node() {
            Node::Value(value) => *value,
            Node::Const(literal) => {
                let hint = "constant";
                self.push(ty.clone(), hint, Kind::Const(literal.clone()))
            }
            Node::Apply(op, args) => {
                let args: Vec<ValueId> = args.iter().map(|arg| of(self, arg, memo)).collect();
                let hint = self.operation_hint(*op, &args);
                let ty = if *op == Op::Decrement { &Ty::Inert } else { ty };
                self.push(ty.clone(), &hint, Kind::Apply(*op, args.into()))
            }
            Node::Less(a, b) => {
                let kind = Kind::Less(of(self, a, memo), of(self, b, memo));
                self.push(Ty::Inert, "condition", kind)
            }
            Node::LessEq(a, b) => {
                let kind = Kind::LessEq(of(self, a, memo), of(self, b, memo));
                self.push(Ty::Inert, "condition", kind)
            }
            Node::Equal(a, b) => {
                let kind = Kind::Equal(of(self, a, memo), of(self, b, memo));
                self.push(Ty::Inert, "condition", kind)
            }
            Node::And(a, b) => {
                let kind = Kind::And(of(self, a, memo), of(self, b, memo));
                self.push(Ty::Inert, "condition", kind)
            }
            Node::Select(cond, yes, no) => {
                let cond = of(self, cond, memo);
                let (yes, no) = (of(self, yes, memo), of(self, no, memo));
                self.push(ty.clone(), "partial", Kind::Select { cond, yes, no })
            }
        };
        memo.insert(symbol.key(), value);
        value
    }

    /// `cos_x` for the cosine of a variable, `cos` for that of an expression.
    pub(crate) fn operation_hint(&self, op: Op, args: &[ValueId]) -> String {
        let name = match op.operator() {
            Some("+") => "sum",
            Some("-") if op.arity() == 1 => "negated",
            Some("-") => "difference",
            Some("*") => "product",
            Some("/") => "quotient",
            _ => op.name(),
        };
        match args {
            [arg] if self.name(*arg).len() < 16 && op.operator().is_none() => {
                format!("{name}_{}", self.name(*arg))
            }
            _ => name.to_owned(),
        }
    }

    /// `factor · partial` of a row: without the product by ±1, and zero where `factor` is zero if
    /// the row is singular.
    pub(crate) fn weighted(&mut self, weighting: &Weighting<'_>, memo: &mut Memo) -> ValueId {
        let Weighting { row: (op, args), factor, partial, ty, hint } = weighting;
        match partial.number() {
            Some(1.0) => return *factor,
            Some(-1.0) => return self.apply(Op::Neg, [*factor], (ty, hint)),
            _ => {}
        }
        let partial = self.materialise(partial, ty, memo);
        if self.is_singular(*op, args) {
            self.push((*ty).clone(), hint, Kind::Scale { cotangent: *factor, partial })
        } else {
            self.apply(Op::Mul, [*factor, partial], (ty, hint))
        }
    }

    /// Whether a partial of a row can be infinite; n · xⁿ⁻¹ cannot where n is a literal above 0.
    fn is_singular(&self, op: Op, args: &[ValueId]) -> bool {
        let power = op == Op::Powi && args.get(1).is_some_and(|n| self.positive.contains(n));
        op.is_singular() && !power
    }

    /// The partial by each active operand of a row.
    pub(crate) fn partials(&mut self, op: Op, args: &[ValueId], y: ValueId) -> Vec<Option<Symbol>> {
        let symbols: Vec<Symbol> =
            args.iter().map(|&arg| Symbol::value(self.dereferenced(arg))).collect();
        let active: Vec<bool> = args.iter().map(|&arg| self.function.is_active(arg)).collect();
        op.partials(&symbols, &Symbol::value(y), &active)
    }

    /// The float itself, where a value is a reference to one.
    pub(crate) fn dereferenced(&mut self, value: ValueId) -> ValueId {
        let known = &self.function.values[value];
        if known.ty.ref_depth() == 0 {
            return value;
        }
        let (ty, hint) = (self.ty(value), self.name(value));
        self.push(ty, &hint, Kind::Reborrow(value))
    }

    /// Zero in the shape of the tangent of `like`.
    pub(crate) fn zero(&mut self, like: ValueId, hint: &str) -> ValueId {
        let ty = self.ty(like);
        if is_static(&ty) {
            return self.static_zero(&ty, hint);
        }
        if matches!(self.function.values[like].ty, Ty::Option(_)) {
            // There may be nothing to take the shape of.
            return self.default_value();
        }
        let var = self.function.vars.push(crate::ir::Var { ty: ty.clone(), hint: hint.to_owned() });
        self.generate(Vec::new(), Kind::Zero { var, like, len: None });
        self.load(var, Vec::new(), ty, hint)
    }

    pub(crate) fn static_zero(&mut self, ty: &Ty, hint: &str) -> ValueId {
        match ty {
            Ty::Tuple(fields) => {
                let parts = fields.iter().map(|field| self.static_zero(field, hint)).collect();
                self.push(ty.clone(), hint, Kind::Tuple(parts))
            }
            Ty::Array(element, Len::Literal(len)) => {
                let parts = (0..*len).map(|_| self.static_zero(element, hint)).collect();
                self.push(ty.clone(), hint, Kind::Array(parts))
            }
            Ty::Ref(inner) | Ty::Option(inner) => self.static_zero(inner, hint),
            Ty::Inert => self.push(Ty::Tuple(Vec::new()), hint, Kind::Tuple(Vec::new())),
            Ty::Float(_)
            | Ty::Array(_, Len::Named(_))
            | Ty::Slice(_)
            | Ty::Vec(_)
            | Ty::Named(_)
            | Ty::Unknown => {
                let zero = Kind::Const(Literal::Number(0.0));
                self.push(ty.clone(), hint, zero)
            }
        }
    }

    /// Reads a place.
    pub(crate) fn load(&mut self, var: VarId, path: Vec<Step>, ty: Ty, hint: &str) -> ValueId {
        self.push(ty, hint, Kind::Load(Place { var, path }))
    }
}

/// The values that parts of a formula have become.
pub(crate) type Memo = HashMap<*const Node, ValueId>;

/// What [`Builder::weighted`] multiplies, and how the product is typed and named.
pub(crate) struct Weighting<'a> {
    /// The row and its operands.
    pub(crate) row: (Op, &'a [ValueId]),
    pub(crate) factor: ValueId,
    pub(crate) partial: &'a Symbol,
    pub(crate) ty: &'a Ty,
    pub(crate) hint: &'a str,
}

/// Whether a value of this type is a known, small number of floats.
pub(crate) fn is_static(ty: &Ty) -> bool {
    leaves(ty).is_some_and(|leaves| leaves <= LARGEST_TREE)
}

/// Arrays of more elements, and aggregates of more floats, are kept in memory.
const LARGEST_TREE: usize = 64;
const LONGEST_ARRAY: usize = 32;

fn leaves(ty: &Ty) -> Option<usize> {
    match ty {
        Ty::Float(_) | Ty::Inert => Some(1),
        Ty::Tuple(fields) => fields.iter().map(leaves).sum(),
        Ty::Array(element, Len::Literal(len)) if *len <= LONGEST_ARRAY => {
            leaves(element).map(|leaves| leaves * len)
        }
        Ty::Ref(inner) | Ty::Option(inner) => leaves(inner),
        Ty::Array(..) | Ty::Slice(_) | Ty::Vec(_) | Ty::Named(_) | Ty::Unknown => None,
    }
}

fn find_positive(insts: &[Inst], positive: &mut HashSet<ValueId>) {
    for inst in insts {
        if super::origin::literal_index(&inst.kind).is_some_and(|n| n > 0) {
            positive.extend(&inst.results);
        }
        inst.kind.regions().iter().for_each(|region| find_positive(&region.insts, positive));
    }
}

fn find_bound(insts: &[Inst], bound: &mut HashMap<ValueId, ValueId>) {
    for inst in insts {
        if let Kind::Bind(values) = &inst.kind {
            for (&value, &result) in values.iter().zip(&inst.results) {
                bound.entry(value).or_insert(result);
            }
        }
        for region in inst.kind.regions() {
            find_bound(&region.insts, bound);
        }
    }
}
