//! Leaves out what nothing needs and nobody would notice.

use crate::hash::{HashMap, HashSet};

use crate::ir::Form;
use crate::ir::table::ValueSet;
use crate::ir::{
    Assignment, BindingId, CallForm, Decision, Edit, Effect, End, Function, Head, Inst, Kind, Loop,
    Piece, Region, Step, Syntax, Target, Ty, ValueId, VarId,
};
use crate::rules::Op;

/// The function without dead code: a walk from the end to the start.
pub(crate) fn without_dead_code(mut function: Function) -> Function {
    let body = std::mem::take(&mut function.body);
    let mut live = Liveness {
        function: &function,
        values: ValueSet::new(),
        vars: HashSet::default(),
        assigned: HashSet::default(),
        constants: ValueSet::new(),
        bounded: Vec::new(),
        items: HashMap::default(),
        again: false,
    };
    live.values.mark_all(&body.yields);
    live.constants(&body);
    let mut forward = body.insts;
    let start = function.reverse_from.unwrap_or(forward.len()).min(forward.len());
    let reverse = forward.split_off(start);
    let reverse = live.insts(reverse);
    let mut insts = live.insts(forward);
    let reverse_from = insts.len();
    insts.extend(reverse);
    function.reverse_from = function.reverse_from.map(|_| reverse_from);
    function.body = Region { insts, yields: body.yields };
    function
}

/// What is needed by the instructions after the one being looked at.
#[derive(Clone)]
struct Liveness<'f> {
    function: &'f Function,
    values: ValueSet,
    vars: HashSet<VarId>,
    /// The user's variables that a later instruction assigns: they must be declared.
    assigned: HashSet<BindingId>,
    /// Integer literals.
    constants: ValueSet,
    /// Indices of loops that stay below the length of an array, by where that is.
    bounded: Vec<(ValueId, ValueId)>,
    /// Which items of the records on each tape are read.
    items: HashMap<VarId, Vec<bool>>,
    /// Whether the user's instructions run again: they went well, and had no effect.
    again: bool,
}

impl Liveness<'_> {
    fn insts(&mut self, mut insts: Vec<Inst>) -> Vec<Inst> {
        let mut kept = Vec::with_capacity(insts.len());
        while let Some(inst) = insts.pop() {
            if let Some(inst) = self.inst(inst) {
                kept.push(inst);
            }
        }
        kept.reverse();
        kept
    }

    /// Collects the integer literals of a region.
    fn constants(&mut self, region: &Region) {
        for inst in &region.insts {
            match &inst.kind {
                Kind::Opaque { expr, .. } if matches!(**expr, syn::Expr::Lit(_)) => {
                    self.constants.mark_all(&inst.results);
                }
                Kind::Number(_) => self.constants.mark_all(&inst.results),
                Kind::Block(region) => self.constants(region),
                Kind::Loop(of) => {
                    if let Head::Range { index, hi, end: End::Open, .. } = of.head {
                        self.bounded.extend(length_of(region, hi).map(|array| (index, array)));
                    }
                    self.constants(&of.body);
                }
                Kind::Branch(branch) => branch.arms.iter().for_each(|arm| self.constants(arm)),
                _ => {}
            }
        }
    }

    /// What is left of an instruction.
    fn inst(&mut self, inst: Inst) -> Option<Inst> {
        match inst.kind {
            Kind::Branch(_) => return self.branch(inst),
            Kind::Block(_) => return self.block(inst),
            Kind::Call(_) => return self.call(inst),
            Kind::Loop(_) => return self.repeat(inst),
            Kind::Replay(_) => return self.replay(inst),
            Kind::Pop(_) => return self.pop(inst),
            Kind::Push(..) => return self.push(inst),
            Kind::Declare(binding) => return self.assigned.contains(&binding).then_some(inst),
            Kind::Bind(_) if !self.any_live(&inst.results) => return self.dead_bind(inst),
            _ => {}
        }
        if !self.any_live(&inst.results) && !self.has_effect(&inst) {
            return None;
        }
        if let Kind::Load(place) | Kind::Take(place) | Kind::Edit(place, Edit::RemoveLast) =
            &inst.kind
        {
            self.vars.insert(place.var);
        }
        self.note_assignment(&inst);
        self.read(&inst);
        Some(inst)
    }

    fn any_live(&self, values: &[ValueId]) -> bool {
        values.iter().any(|&value| self.values.contains(value))
    }

    /// What an instruction reads is live: operands, and what stands in its tokens.
    fn read(&mut self, inst: &Inst) {
        inst.kind.visit_operands(&mut |value| self.values.mark(value));
        inst.visit_pieces(&mut |value| self.values.mark(value));
    }

    /// An assignment needs the declaration of its variable.
    fn note_assignment(&mut self, inst: &Inst) {
        let assigns =
            matches!(inst.kind, Kind::Bind(_) | Kind::Opaque { .. } | Kind::Update { .. });
        let written = matches!(inst.kind, Kind::Bind(_) | Kind::Update { .. } | Kind::Run(_));
        let assigns = assigns || matches!(inst.kind, Kind::Run(_));
        if assigns && (written || inst.syntax.is_some()) && !is_let(inst) {
            for &result in &inst.results {
                if let Some(home) = &self.function.values[result].home {
                    self.assigned.insert(home.binding);
                }
            }
        }
    }

    /// `let mut a = 0.0;` whose value nobody reads: `let a;`, if `a` is assigned later.
    fn dead_bind(&mut self, inst: Inst) -> Option<Inst> {
        if !is_let(&inst) {
            return None;
        }
        let mut bindings = inst
            .results
            .iter()
            .filter_map(|&result| self.function.values[result].home.as_ref())
            .map(|home| home.binding)
            .filter(|binding| self.assigned.contains(binding));
        let binding = bindings.next()?;
        if bindings.next().is_some() || inst.results.len() > 1 {
            self.read(&inst);
            return Some(inst);
        }
        let name = self.function.bindings[binding].ident.clone();
        let pieces = vec![
            Piece::Tokens(quote::quote!(let)),
            Piece::Mut(binding),
            Piece::Tokens(quote::quote!(#name)),
            Piece::Tokens(quote::quote!(;)),
        ];
        Some(Inst {
            results: Vec::new(),
            kind: Kind::Declare(binding),
            syntax: Some(Syntax { pieces, form: Form::Stmt }),
            span: inst.span,
        })
    }

    /// A branch stays while a result is read, or an arm or the decision does something that can
    /// be noticed; dead results go.
    fn branch(&mut self, mut inst: Inst) -> Option<Inst> {
        let Kind::Branch(mut branch) = inst.kind else { return Some(inst) };
        let keep: Vec<bool> = inst.results.iter().map(|&r| self.values.contains(r)).collect();
        let acts = decides_noticeably(&branch.decision)
            || branch.arms.iter().any(|arm| arm.insts.iter().any(|inst| self.acts(inst)));
        if !acts && !keep.contains(&true) {
            return None;
        }
        branch.arms = branch.arms.into_iter().map(|arm| self.arm(arm, &keep)).collect();
        branch.roles = kept(branch.roles, &keep);
        inst.results = kept(inst.results, &keep);
        inst.kind = Kind::Branch(branch);
        self.read(&inst);
        Some(inst)
    }

    fn arm(&mut self, arm: Region, keep: &[bool]) -> Region {
        let yields = kept(arm.yields, keep);
        self.values.mark_all(&yields);
        Region { insts: self.insts(arm.insts), yields }
    }

    /// A loop stays while a result is read, or an iteration does something that can be noticed.
    /// What one iteration reads, the one before it must compute: so the body is looked at until
    /// nothing more is found to be needed.
    fn repeat(&mut self, mut inst: Inst) -> Option<Inst> {
        let Kind::Loop(mut of) = inst.kind else { return Some(inst) };
        let mut keep: Vec<bool> = inst.results.iter().map(|&r| self.values.contains(r)).collect();
        if !keep.contains(&true) && !of.body.insts.iter().any(|inst| self.acts(inst)) {
            return None;
        }
        self.read_head(&of);
        loop {
            let before = (keep.clone(), self.vars.len());
            let mut inside = self.clone();
            let mut flags = keep.clone();
            flags.resize(of.body.yields.len(), true);
            inside.values.mark_all(&kept(of.body.yields.clone(), &flags));
            let insts = inside.insts(of.body.insts.clone());
            for (keep, &param) in keep.iter_mut().zip(&of.params) {
                *keep |= inside.values.contains(param);
            }
            self.vars.extend(&inside.vars);
            if before == (keep.clone(), self.vars.len()) {
                *self = inside;
                of.body = Region { insts, yields: kept(of.body.yields, &flags) };
                break;
            }
        }
        of.init = kept(of.init, &keep);
        of.params = kept(of.params, &keep);
        of.roles = kept(of.roles, &keep);
        inst.results = kept(inst.results, &keep);
        inst.kind = Kind::Loop(of);
        self.read(&inst);
        Some(inst)
    }

    /// The reverse of a loop that runs again stays while a cotangent that it carries is read, or a
    /// shadow that it adds to.
    fn replay(&mut self, mut inst: Inst) -> Option<Inst> {
        let Kind::Replay(mut of) = inst.kind else { return Some(inst) };
        let adds = |inst: &Inst| inst.syntax.is_none() && self.acts(inst);
        if !self.any_live(&inst.results) && !of.step.insts.iter().any(adds) {
            return None;
        }
        loop {
            let known = self.vars.len();
            let mut inside = Self { again: true, ..self.clone() };
            inside.values.mark_all(&of.step.yields);
            let insts = inside.insts(of.step.insts.clone());
            self.vars.extend(&inside.vars);
            if known == self.vars.len() {
                *self = Self { again: self.again, ..inside };
                of.step.insts = insts;
                break;
            }
        }
        inst.kind = Kind::Replay(of);
        self.read(&inst);
        Some(inst)
    }

    fn read_head(&mut self, of: &Loop) {
        if let Head::While { reads, .. } = &of.head {
            self.values.mark_all(reads);
        }
    }

    /// A record is taken from its tape while some item is read.
    fn pop(&mut self, mut inst: Inst) -> Option<Inst> {
        let Kind::Pop(tape) = inst.kind else { return Some(inst) };
        let known = self.items.entry(tape).or_default();
        known.resize(inst.results.len(), false);
        for (known, &item) in known.iter_mut().zip(&inst.results) {
            *known |= self.values.contains(item);
        }
        if !known.contains(&true) {
            return None;
        }
        inst.results = kept(inst.results, known);
        self.vars.insert(tape);
        Some(inst)
    }

    fn push(&mut self, mut inst: Inst) -> Option<Inst> {
        let Kind::Push(tape, items) = inst.kind else { return Some(inst) };
        let read = self.items.get(&tape).filter(|read| read.contains(&true))?;
        inst.kind = Kind::Push(tape, kept(items, read));
        self.read(&inst);
        Some(inst)
    }

    /// The values of a block stay visible: what is needed of it is found as it is walked.
    fn block(&mut self, mut inst: Inst) -> Option<Inst> {
        let value_live = self.any_live(&inst.results);
        let Kind::Block(mut region) = inst.kind else { return Some(inst) };
        if value_live {
            self.values.mark_all(&region.yields);
        } else {
            inst.results.clear();
            region.yields.clear();
        }
        region.insts = self.insts(region.insts);
        if region.insts.is_empty() && !value_live {
            return None;
        }
        inst.kind = Kind::Block(region);
        Some(inst)
    }

    /// A call stays: its body is not known. A companion that is not needed becomes the function.
    fn call(&mut self, mut inst: Inst) -> Option<Inst> {
        let live = self.any_live(&inst.results);
        let Kind::Call(call) = &mut inst.kind else { return Some(inst) };
        let versions = call.versions();
        let is_version = |at: usize| versions.contains(&at);
        let own = inst.results.iter().enumerate().skip(1).filter(|(at, _)| !is_version(*at));
        let needed = own.map(|(_, &result)| result).any(|result| self.values.contains(result))
            || call.dot_places.iter().any(|place| self.vars.contains(&place.var));
        match &call.form {
            CallForm::Pullback { targets, .. } => {
                let places = || {
                    targets.iter().filter_map(|target| match target {
                        Target::Place(place) | Target::Exchange(place) => Some(place.var),
                        Target::Value | Target::Ignore => None,
                    })
                };
                if !live && !places().any(|var| self.vars.contains(&var)) {
                    return None;
                }
                self.vars.extend(places());
            }
            CallForm::Primal | CallForm::Split => {
                if needed {
                    self.vars.extend(call.dot_places.iter().map(|place| place.var));
                } else {
                    let mut at = 0;
                    inst.results.retain(|_| {
                        at += 1;
                        at == 1 || is_version(at - 1)
                    });
                    call.form = CallForm::Primal;
                    call.dots.clear();
                    call.dot_places.clear();
                }
            }
        }
        self.read(&inst);
        Some(inst)
    }

    /// Whether an instruction, or one inside it, stays whatever is read.
    fn acts(&self, inst: &Inst) -> bool {
        match &inst.kind {
            Kind::Branch(branch) => {
                branch.arms.iter().any(|arm| arm.insts.iter().any(|inst| self.acts(inst)))
            }
            Kind::Block(region) => region.insts.iter().any(|inst| self.acts(inst)),
            Kind::Loop(of) => of.body.insts.iter().any(|inst| self.acts(inst)),
            Kind::Replay(of) => of.step.insts.iter().any(|inst| self.acts(inst)),
            _ => self.has_effect(inst),
        }
    }

    /// Whether leaving an instruction out could be noticed.
    fn has_effect(&self, inst: &Inst) -> bool {
        if self.again && inst.syntax.is_some() {
            return false;
        }
        match &inst.kind {
            Kind::Opaque { effect, .. } => *effect != Effect::Pure,
            Kind::Call(call) => match &call.form {
                CallForm::Pullback { targets, .. } => targets.iter().any(|target| match target {
                    Target::Place(place) | Target::Exchange(place) => {
                        self.vars.contains(&place.var)
                    }
                    Target::Value | Target::Ignore => false,
                }),
                // As an operator of numbers, that of a type does nothing but compute.
                CallForm::Primal | CallForm::Split => !call.is_operator(),
            },
            Kind::Index(of, index) => inst.syntax.is_some() && !self.is_in_bounds(*of, *index),
            // It panics where lo > hi.
            Kind::Apply(op, _) => inst.syntax.is_some() && *op == Op::Clamp,
            Kind::Update { of, path, by, .. } => match path.as_slice() {
                _ if !is_of_element(*by) => inst.syntax.is_some(),
                [Step::Field(_)] => false,
                [Step::Index(index)] => inst.syntax.is_some() && !self.is_in_bounds(*of, *index),
                _ => inst.syntax.is_some(),
            },
            Kind::Slice(..) => inst.syntax.is_some(),
            Kind::AddTo(place, _)
            | Kind::Store(place, _)
            | Kind::Take(place)
            | Kind::Edit(place, _) => self.vars.contains(&place.var),
            Kind::Zero { var, .. }
            | Kind::Define { var, .. }
            | Kind::Tape(var)
            | Kind::Reserve(var) => self.vars.contains(var),
            // What is in it may panic.
            Kind::Run(_) => true,
            // Whether it ends is up to the program.
            Kind::Push(tape, _) => self.vars.contains(tape),
            _ => false,
        }
    }

    /// A constant index into an array is checked when the primal is compiled.
    fn is_in_bounds(&self, of: ValueId, index: ValueId) -> bool {
        let array = matches!(self.function.values[of].ty.behind_refs(), Ty::Array(..));
        let same = |array: ValueId| {
            array == of || (self.home(array).is_some() && self.home(array) == self.home(of))
        };
        // The length of a `Vec` may change.
        let fixed = !matches!(self.function.values[of].ty.behind_refs(), Ty::Vec(_) | Ty::Unknown);
        (array && self.constants.contains(index))
            || self
                .bounded
                .iter()
                .any(|&(known, array)| known == index && (array == of || fixed && same(array)))
    }

    fn home(&self, value: ValueId) -> Option<BindingId> {
        self.function.values[value].home.as_ref().map(|home| home.binding)
    }
}

/// The array whose length a value is.
fn length_of(region: &Region, value: ValueId) -> Option<ValueId> {
    let inst = region.insts.iter().find(|inst| inst.results.contains(&value))?;
    match &inst.kind {
        Kind::Len(of) => Some(*of),
        Kind::Opaque { expr, reads, .. } => match (&**expr, reads.as_slice()) {
            (syn::Expr::MethodCall(call), &[array])
                if call.method == "len" && matches!(&*call.receiver, syn::Expr::Path(_)) =>
            {
                Some(array)
            }
            _ => None,
        },
        _ => None,
    }
}

/// Whether an update changes one part, and nothing else could fail.
fn is_of_element(by: Assignment) -> bool {
    matches!(by, Assignment::Set | Assignment::Add | Assignment::Sub)
}

/// Whether an instruction declares what it binds.
fn is_let(inst: &Inst) -> bool {
    let Some(syntax) = &inst.syntax else { return false };
    matches!(syntax.pieces.first(), Some(Piece::Tokens(tokens)) if tokens.to_string() == "let")
}

/// The items whose flag is set.
fn kept<T>(items: Vec<T>, keep: &[bool]) -> Vec<T> {
    items.into_iter().zip(keep).filter(|(_, keep)| **keep).map(|(item, _)| item).collect()
}

/// Whether a guard or a condition of the user's may panic or have an effect.
fn decides_noticeably(decision: &Decision) -> bool {
    let Decision::User { expr, .. } = decision else { return false };
    match &**expr {
        // The scrutinee is an instruction of its own.
        syn::Expr::Match(matching) => matching.arms.iter().any(|arm| match &arm.pat {
            syn::Pat::Guard(guarded) => !is_quiet(&guarded.guard),
            _ => false,
        }),
        syn::Expr::If(conditional) => !is_quiet(&conditional.cond),
        _ => true,
    }
}

/// Whether an expression only reads and compares variables.
fn is_quiet(expr: &syn::Expr) -> bool {
    match expr {
        syn::Expr::Lit(_) | syn::Expr::Path(_) => true,
        syn::Expr::Paren(inner) => is_quiet(&inner.expr),
        syn::Expr::Group(inner) => is_quiet(&inner.expr),
        syn::Expr::Reference(inner) => is_quiet(&inner.expr),
        syn::Expr::Field(field) => is_quiet(&field.base),
        syn::Expr::Let(binding) => is_quiet(&binding.expr),
        syn::Expr::Tuple(tuple) => tuple.elems.iter().all(is_quiet),
        syn::Expr::Unary(unary) => {
            let negated = matches!(unary.op, syn::UnOp::Neg(_));
            let literal = matches!(*unary.expr, syn::Expr::Lit(_));
            is_quiet(&unary.expr) && (!negated || literal)
        }
        syn::Expr::Binary(binary) => {
            use syn::BinOp::{And, Eq, Ge, Gt, Le, Lt, Ne, Or};
            let compares =
                matches!(binary.op, And(_) | Eq(_) | Ge(_) | Gt(_) | Le(_) | Lt(_) | Ne(_) | Or(_));
            compares && is_quiet(&binary.left) && is_quiet(&binary.right)
        }
        _ => false,
    }
}
