//! Prints the body of a derivative: the user's statements, then what the transform added.
//!
//! A value that generated code reads is printed, in this order of preference: as the user's
//! variable that holds it, as an expression in place (used once, or as cheap as its name), or as
//! a name bound by a `let` where it is computed. Whether a variable still holds the value is only
//! known where it is read; so printing is repeated with what was missed, until nothing is.

use std::cell::RefCell;
use std::rc::Rc;

use proc_macro2::{Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::quote_spanned;

use super::Facade;
use super::borrow::{Access, Borrow};
use super::expression::Tightness;
use super::moved::copy;
use super::names::Names;
use super::scope::Scope;
use super::uses::Uses;
use crate::hash::{HashMap, HashSet};
use crate::ir::inst::Form;
use crate::ir::table::{Table, ValueSet};
use crate::ir::{BindingId, Function, Inst, Kind, Region, Ty, ValueId, VarId};

/// Rounds of printing. Each leaves out what the one before showed to be unread; more than four
/// were never seen.
const MOST_ROUNDS: usize = 12;

/// Where a nested list of statements is: the value must be visible at this depth.
pub(crate) type Depth = usize;

/// How the variable that holds a cotangent is reached.
#[derive(Clone)]
pub(crate) enum Shadow {
    /// Declared and zeroed by the function itself.
    Local(Ident),
    /// A `&mut` buffer of the caller's: zeroed, then added to.
    Buffer(Ident),
    /// A `&mut` of the caller's: it holds something already.
    Sum(Ident),
    /// An `Option` of a `&mut` of the caller's: added to where it is there.
    Accumulator(Ident),
}

/// The state of printing one function.
pub(crate) struct Printer<'f> {
    /// Whether what is taken for a float is checked to be one.
    pub(crate) asserts: bool,
    /// The user's token that the statement being printed stems from.
    pub(crate) at: Span,
    pub(crate) function: &'f Function,
    pub(crate) facade: &'f Facade,
    pub(crate) uses: &'f Uses,
    pub(crate) names: Names,
    /// Values that are bound to a name of ours.
    named: Table<Bound>,
    /// Values that must get a name, and the depth at which it must be visible.
    pub(crate) needs: Rc<Table<Depth>>,
    /// Of these, references that a pullback reads, which cannot keep them: what they refer to is
    /// kept.
    pub(crate) copied: HashSet<ValueId>,
    /// The variables of ours that were declared in a region which has ended.
    pub(crate) ended: HashSet<crate::ir::VarId>,
    /// Found while printing: for the next round.
    pub(crate) missed: Vec<(ValueId, Depth)>,
    /// The user's variables in scope: innermost last.
    pub(crate) scope: Scope,
    /// The version that each variable holds.
    pub(crate) holds: HashMap<BindingId, ValueId>,
    /// The open lists of statements, innermost last.
    lists: Vec<List>,
    /// How many lists there have been.
    opened: usize,
    /// How many names are declared before they are assigned.
    pub(crate) slots: usize,
    /// Each instruction's position by the value it defines, for values printed in place.
    pub(crate) definitions: Rc<Definitions<'f>>,
    /// Primal expressions that have been printed.
    pub(crate) printed: ValueSet,
    /// Shadows that are not declared by the function.
    pub(crate) shadows: HashMap<VarId, Shadow>,
    /// Something that can be noticed stands unprinted to the left, in the statement being printed.
    pub(crate) effect_pending: bool,
    /// The results of the branches whose arms are being printed, innermost last.
    pub(crate) branch_results: Vec<Vec<ValueId>>,
    /// What the loops carry whose bodies are being printed, innermost last.
    pub(crate) loops: Vec<Vec<(usize, Ident)>>,
    /// The places of the records, by the tapes of the loops whose bodies are being printed.
    pub(crate) places: Vec<(VarId, Ident)>,
    /// What is lent to the loop of the reverse sweep that is being printed.
    pub(crate) stretches: Vec<super::along::Stretch>,
    /// The shadows that the user's loops which are being printed go along.
    pub(crate) zipped: Vec<super::zip::Zipped>,
    /// The mutable borrows that have not ended.
    pub(crate) borrowed: Vec<Borrow>,
    /// The variables that number their iterations, where there is one.
    pub(crate) numbers: Vec<Option<(Ident, crate::ir::Order)>>,
    /// Variables that are set where the next list begins.
    pub(crate) arriving: Vec<ValueId>,
    /// A name that can be seen from the next list on.
    next_names: Vec<(ValueId, Ident)>,
    /// Values whose variable stands in printed tokens.
    used: ValueSet,
    /// The same as the last round found it; `None` in the first.
    used_before: Option<Rc<ValueSet>>,
    /// The values for which that made a difference.
    doubted: RefCell<Vec<ValueId>>,
    /// Expressions that act, of the statement that has not been printed yet.
    pub(crate) pending: Vec<ValueId>,
    /// Variables that got a value in the middle of a statement: saved once that is printed.
    arrived: Vec<ValueId>,
    /// Variables that got a value while a part of them is borrowed: saved once it no longer is.
    unreached: Vec<ValueId>,
    /// Variables that some arm has assigned.
    pub(crate) assigned: HashSet<BindingId>,
    /// Cotangents that a pullback adds to a variable of ours, rather than returning them.
    pub(crate) added: ValueSet,
    /// How often each of the caller's accumulators has been added to.
    pub(crate) accumulated: HashMap<VarId, usize>,
    /// The float that constants meet in the expression that is being printed.
    pub(crate) meets: crate::ir::FloatTy,
    /// Results of branches whose arms give them as their value.
    pub(crate) tails: Vec<ValueId>,
    /// Whether what is printed outlives the variables of the function: a pullback, which is given
    /// the arguments again and may not borrow anything else.
    pub(crate) outlives: bool,
    /// What the parameters hold as the function is entered, those taken apart included.
    entry: Vec<ValueId>,
    /// Whether what is printed has run before, and runs again.
    pub(crate) again: bool,
}

/// A list of statements between braces.
#[derive(Default)]
struct List {
    /// Tells it from the other lists at the same depth.
    serial: usize,
    statements: Vec<TokenStream>,
}

/// A name of ours.
struct Bound {
    name: Ident,
    /// Whether it is a reference to the value.
    is_reference: bool,
    /// The lists in which it can be seen, outermost first.
    lists: Vec<usize>,
}

impl<'f> Printer<'f> {
    /// Prints `statements(function)`, as often as it takes to know which values need a name.
    pub(crate) fn print<T>(
        (function, facade, uses, names): (&'f Function, &'f Facade, &'f Uses, &Names),
        shadows: &HashMap<VarId, Shadow>,
        body: impl Fn(&mut Self) -> T,
    ) -> T {
        let mut needs = Rc::new(predicted(function, uses));
        let mut copied = HashSet::default();
        let mut used: Option<Rc<ValueSet>> = None;
        let mut rounds = 0;
        let definitions = Rc::new(Definitions::of(&function.body));
        let scope = Scope::of(function);
        loop {
            let mut printer = Self {
                asserts: false,
                at: Span::mixed_site(),
                function,
                facade,
                uses,
                names: names.clone(),
                named: Table::new(),
                needs: Rc::clone(&needs),
                copied: copied.clone(),
                ended: HashSet::default(),
                missed: Vec::new(),
                scope: scope.clone(),
                holds: HashMap::default(),
                lists: vec![List::default()],
                opened: 0,
                slots: 0,
                definitions: Rc::clone(&definitions),
                printed: ValueSet::new(),
                shadows: shadows.clone(),
                effect_pending: false,
                branch_results: Vec::new(),
                loops: Vec::new(),
                places: Vec::new(),
                zipped: Vec::new(),
                stretches: Vec::new(),
                numbers: Vec::new(),
                borrowed: Vec::new(),
                arriving: Vec::new(),
                next_names: Vec::new(),
                used: ValueSet::new(),
                used_before: used.clone(),
                doubted: RefCell::new(Vec::new()),
                pending: Vec::new(),
                arrived: Vec::new(),
                unreached: Vec::new(),
                assigned: HashSet::default(),
                added: ValueSet::new(),
                accumulated: HashMap::default(),
                meets: crate::ir::FloatTy::Inferred,
                tails: Vec::new(),
                outlives: false,
                entry: entry(function),
                again: false,
            };
            let printed = body(&mut printer);
            let copied_before = copied.len();
            copied.extend(printer.copied);
            let mut missed = false;
            for (value, depth) in printer.missed {
                if needs.get(value).is_none_or(|&known| depth < known) {
                    Rc::make_mut(&mut needs).insert(value, depth);
                    missed = true;
                }
            }
            let doubted = printer.doubted.into_inner();
            let right = |&value: &ValueId| {
                let before = used.as_ref().is_none_or(|used| used.contains(value));
                before == printer.used.contains(value)
            };
            let stable = !missed && copied.len() == copied_before && doubted.iter().all(right);
            rounds += 1;
            if stable || rounds > MOST_ROUNDS {
                return printed;
            }
            used = Some(Rc::new(printer.used));
        }
    }

    /// The parameters as the function is entered.
    pub(crate) fn enter(&mut self) {
        for &param in &self.function.params {
            self.arrive(param);
        }
    }

    /// A list opens in which the parameters are bound anew, to the arguments: it sees neither
    /// what was assigned to them nor what hides them outside.
    pub(crate) fn enter_again(&mut self) {
        for value in self.entry.clone() {
            if let Some(home) = &self.function.values[value].home {
                let binding = home.binding;
                self.scope.renew(binding);
                self.holds.insert(binding, value);
            }
        }
    }

    /// Whether a value is what a parameter holds as the function is entered.
    pub(crate) fn is_argument(&self, value: ValueId) -> bool {
        self.entry.contains(&value)
    }

    /// A variable gets its value without anything being printed: a parameter, a pattern.
    pub(crate) fn arrive(&mut self, value: ValueId) {
        self.hold(value);
        self.keep(value);
    }

    /// A variable gets its value in the middle of a statement.
    pub(crate) fn arrive_inside(&mut self, value: ValueId) {
        self.hold(value);
        self.arrived.push(value);
    }

    /// The statement has been printed.
    pub(crate) fn settle_arrived(&mut self) {
        for value in std::mem::take(&mut self.arrived) {
            self.keep(value);
        }
    }

    fn hold(&mut self, value: ValueId) {
        if let Some(home) = &self.function.values[value].home {
            let binding = home.binding;
            self.scope.declare(binding);
            self.holds.insert(binding, value);
        }
    }

    /// Saves what a variable holds under a name of ours, if it will be read after the variable is
    /// overwritten or out of reach.
    fn keep(&mut self, value: ValueId) {
        if !self.needs.contains(value) || self.is_named(value) {
            return;
        }
        if self.is_out_of_reach(value) {
            self.unreached.push(value);
        } else if let Some(home) = self.use_home(value) {
            if self.is_exit(value) {
                let copy = self.copy_of_exit(value, &home);
                self.bind_name(value, copy, false);
                return;
            }
            if self.copied.contains(&value) {
                let copy = self.copy_of_exit(value, &home);
                self.bind_name(value, copy, false);
                return;
            }
            let binding = self.function.values[value].home.as_ref().map(|home| home.binding);
            let borrowed = binding.is_some_and(|binding| self.access(binding) != Access::Direct);
            let is_reference = self.is_reference(value) && !borrowed;
            if self.function.values[value].ty.is_run_time_sized() && !is_reference {
                // It is about to change: a copy is kept.
                let plain = home.0;
                let copy = copy(&self.function.values[value].ty);
                self.bind_name(value, quote_spanned!(Span::mixed_site()=> #plain.#copy), false);
                return;
            }
            if matches!(self.function.values[value].ty, Ty::Named(_)) {
                // Whether it can be copied, only rustc knows.
                let (plain, private) = (home.0, self.facade.private());
                let copy = quote_spanned!(Span::mixed_site()=> #private::kept(&#plain));
                self.bind_name(value, copy, false);
                return;
            }
            let held = if borrowed { home.1 } else { home.0 };
            self.bind_name(value, held, is_reference);
        }
    }

    /// Whether a part of the variable of a value is borrowed.
    fn is_out_of_reach(&self, value: ValueId) -> bool {
        let home = self.function.values[value].home.as_ref();
        home.is_some_and(|home| self.access(home.binding) == Access::None)
    }

    /// What a reference refers to, copied.
    fn copy_of_exit(
        &self,
        value: ValueId,
        (plain, behind): &(TokenStream, TokenStream),
    ) -> TokenStream {
        if self.function.values[value].ty.is_run_time_sized() {
            let copy = copy(&self.function.values[value].ty);
            return quote_spanned!(Span::mixed_site()=> #plain.#copy);
        }
        behind.clone()
    }

    /// `let name = expression;`, visible where it is needed.
    pub(crate) fn bind_name(
        &mut self,
        value: ValueId,
        expression: TokenStream,
        is_reference: bool,
    ) -> Ident {
        let depth = self.needs.get(value).copied().unwrap_or(usize::MAX);
        let expression = self.number_of(value, unparenthesised(expression));
        let expression = self.behind_reference(value, expression);
        let is_reference = is_reference && !self.copied.contains(&value);
        let name = self.names.fresh(&self.name_hint(value));
        let site = Span::mixed_site();
        if depth < self.depth() {
            self.slots += 1;
            self.push_at(depth, quote_spanned!(site=> let #name;));
            self.push(quote_spanned!(site=> #name = #expression;));
        } else {
            self.push(quote_spanned!(site=> let #name = #expression;));
        }
        self.note_name(value, name.clone(), is_reference, depth.min(self.depth()));
        name
    }

    /// What the user's expression refers to, where a pullback cannot keep the reference: operators
    /// and indexing take either.
    fn behind_reference(&self, value: ValueId, expression: TokenStream) -> TokenStream {
        let info = &self.function.values[value];
        if !self.copied.contains(&value) || info.home.is_some() {
            return expression;
        }
        if info.ty.is_run_time_sized() {
            let copy = copy(&info.ty);
            return quote_spanned!(Span::mixed_site()=> (#expression).#copy);
        }
        let users = self.definitions.get(&value).is_some_and(|inst| inst.syntax.is_some());
        // A part that is read again is the value already.
        let depth = if users { info.ty.ref_depth() } else { 0 };
        if depth == 0 {
            return expression;
        }
        dereferenced(depth, &quote_spanned!(Span::mixed_site()=> (#expression)))
    }

    /// `let name;`, where the value is needed: it is assigned further in.
    pub(crate) fn declare_slot(&mut self, value: ValueId, name: &Ident) {
        let depth = self.needs.get(value).copied().unwrap_or(usize::MAX).min(self.depth());
        self.slots += 1;
        self.push_at(depth, quote_spanned!(Span::mixed_site()=> let #name;));
        self.note_name(value, name.clone(), false, depth);
    }

    /// Whether a value must be visible further out than where it is computed.
    pub(crate) fn is_needed_outside(&self, value: ValueId) -> bool {
        self.needs.get(value).is_some_and(|&depth| depth < self.depth())
    }

    /// A name of ours that can be seen from a depth on.
    fn note_name(&mut self, value: ValueId, name: Ident, is_reference: bool, depth: Depth) {
        let lists = self.lists.iter().take(depth + 1).map(|list| list.serial).collect();
        self.named.insert(value, Bound { name, is_reference, lists });
    }

    /// A name that is bound in the innermost list.
    pub(crate) fn name_here(&mut self, value: ValueId, name: Ident, is_reference: bool) {
        self.note_name(value, name, is_reference, self.depth());
    }

    /// A name that is bound where the next list opens.
    pub(crate) fn name_next(&mut self, value: ValueId, name: Ident) {
        self.next_names.push((value, name));
    }

    /// The tokens that are printed read these variables.
    pub(crate) fn use_all(&mut self, values: &[ValueId]) {
        self.used.mark_all(values);
    }

    /// The name of a value and whether it is a reference, if it can be seen here. If it is out
    /// of reach, it must be declared further out in the next round.
    pub(crate) fn name_of(&mut self, value: ValueId) -> Option<(Ident, bool)> {
        let kept = |bound: &&Bound| !bound.is_reference || !self.is_borrowed(value);
        let bound = self.named.get(value).filter(kept)?;
        let shared =
            bound.lists.iter().zip(&self.lists).take_while(|(a, b)| **a == b.serial).count();
        if shared == bound.lists.len() {
            return Some((bound.name.clone(), bound.is_reference));
        }
        self.miss_at(value, shared.saturating_sub(1));
        None
    }

    /// Whether a value has a name of ours, in reach or not.
    pub(crate) fn is_named(&self, value: ValueId) -> bool {
        self.named.contains(value)
    }

    /// Opens a list of statements.
    pub(crate) fn open(&mut self) {
        self.opened += 1;
        self.lists.push(List { serial: self.opened, statements: Vec::new() });
    }

    /// The name that a value would get.
    pub(crate) fn name_hint(&self, value: ValueId) -> String {
        let is_result = self.function.body.yields.first() == Some(&value);
        let info = &self.function.values[value];
        match info.home {
            None if is_result && self.uses.is_primal(value) => "value".to_owned(),
            _ => info.hint.clone(),
        }
    }

    pub(crate) fn push(&mut self, statement: TokenStream) {
        if let Some(list) = self.lists.last_mut() {
            list.statements.push(statement);
        }
    }

    fn push_at(&mut self, depth: Depth, statement: TokenStream) {
        if let Some(list) = self.lists.get_mut(depth) {
            list.statements.push(statement);
        }
    }

    pub(crate) fn depth(&self) -> Depth {
        self.lists.len().saturating_sub(1)
    }

    /// The statements so far, in order.
    pub(crate) fn finish(&mut self) -> TokenStream {
        self.lists.pop().unwrap_or_default().statements.into_iter().collect()
    }

    /// Prints instructions in order.
    pub(crate) fn insts(&mut self, insts: &'f [Inst]) {
        for inst in insts {
            match &inst.syntax {
                Some(syntax) if syntax.form == Form::Stmt => self.user_statement(inst, syntax),
                Some(syntax) => self.user_expression(inst, syntax),
                None => self.generated(inst),
            }
        }
    }

    /// The instructions of a nested region in a scope of their own, and what `tail` prints last.
    pub(crate) fn nested(
        &mut self,
        region: &'f Region,
        tail: impl FnOnce(&mut Self) -> TokenStream,
    ) -> TokenStream {
        let scope = self.scope.len();
        self.open();
        let arrived = std::mem::take(&mut self.arrived);
        let pending = std::mem::take(&mut self.pending);
        for (value, name) in std::mem::take(&mut self.next_names) {
            self.name_here(value, name, false);
        }
        std::mem::take(&mut self.arriving).into_iter().for_each(|value| self.arrive(value));
        self.insts(&region.insts);
        let last = tail(self);
        self.arrived = arrived;
        self.pending = pending;
        let statements = self.lists.pop().unwrap_or_default().statements;
        let depth = self.depth();
        self.borrowed.retain(|borrow| borrow.depth <= depth);
        self.scope.truncate(scope);
        self.ended.extend(region.insts.iter().filter_map(|inst| match inst.kind {
            Kind::Define { var, .. } => Some(var),
            _ => None,
        }));
        self.arrived.append(&mut self.unreached);
        quote_spanned!(Span::mixed_site()=> #(#statements)* #last)
    }

    /// What stands last in a list: a name that the last statement binds to it is left out.
    pub(crate) fn inlined(&mut self, last: TokenStream) -> TokenStream {
        let Some(list) = self.lists.last_mut() else { return last };
        let bound = list.statements.last().and_then(|statement| bound_to(statement, &last));
        if let Some(bound) = bound {
            list.statements.pop();
            return bound;
        }
        last
    }

    /// The tokens of an instruction are printed: they read the variables that it reads.
    pub(crate) fn use_operands(&mut self, inst: &Inst) {
        for value in inst.kind.operands() {
            if self.function.values[value].home.is_some() {
                self.used.mark(value);
            } else if let Some(part) = self.definitions.get(&value).copied()
                && (part.syntax.is_none() || matches!(inst.kind, Kind::Reborrow(_)))
            {
                // What is read a second time is spelled out again.
                self.use_operands(part);
            }
        }
    }

    /// Whether a variable's value is read by what the last round printed.
    pub(crate) fn was_used(&self, value: ValueId) -> bool {
        self.doubted.borrow_mut().push(value);
        self.used_before.as_ref().is_none_or(|used| used.contains(value))
    }

    /// The user's variable that holds `value`, to be printed.
    pub(crate) fn use_home(&mut self, value: ValueId) -> Option<(TokenStream, TokenStream)> {
        let home = self.home(value);
        if home.is_some() {
            self.used.mark(value);
        }
        home
    }

    /// The user's variable that holds `value` here: as it is, and dereferenced to a value.
    pub(crate) fn home(&self, value: ValueId) -> Option<(TokenStream, TokenStream)> {
        let info = &self.function.values[value];
        let home = info.home.as_ref().filter(|_| !self.is_borrowed(value))?;
        let ident = &self.function.bindings[home.binding].ident;
        if !self.scope.sees(home.binding) || self.holds.get(&home.binding) != Some(&value) {
            return None;
        }
        let (ident, depth) = match self.access(home.binding) {
            Access::Direct => (ident, info.ty.ref_depth()),
            Access::Through(alias) => (alias, info.ty.ref_depth() + 1),
            Access::None => return None,
        };
        let plain = TokenStream::from(TokenTree::Ident(ident.clone()));
        let behind = if depth == 0 { plain.clone() } else { dereferenced(depth, &plain) };
        Some((plain, behind))
    }

    /// The name of a variable that can be read here, whatever it holds.
    pub(crate) fn visible_name(&self, binding: BindingId) -> Option<Ident> {
        let ident = &self.function.bindings[binding].ident;
        let exit = self.function.exits().any(|(_, exit)| exit == binding);
        // In a loop that runs again, it is a copy of its state.
        let lent = self.outlives && exit && !self.again;
        let same = self.scope.sees(binding) && !lent;
        match self.access(binding) {
            Access::Direct => same.then(|| ident.clone()),
            Access::Through(alias) => same.then(|| alias.clone()),
            Access::None => None,
        }
    }

    pub(crate) fn is_reference(&self, value: ValueId) -> bool {
        self.function.values[value].ty.ref_depth() > 0
    }

    /// Generated code reads a value that cannot be had here: it must get a name.
    pub(crate) fn miss(&mut self, value: ValueId) -> Ident {
        if self.is_borrowed(value) {
            self.copied.insert(value);
        }
        self.miss_at(value, self.depth());
        super::names::local("missing")
    }

    fn miss_at(&mut self, value: ValueId, depth: Depth) {
        self.missed.push((value, depth));
    }

    /// An instruction that a transform added.
    fn generated(&mut self, inst: &'f Inst) {
        self.at = inst.span;
        match &inst.kind {
            Kind::Bind(_) => inst.results.iter().for_each(|&result| self.arrive(result)),
            Kind::PatternBound(_) => {
                inst.results.iter().for_each(|&result| self.arrive(result));
            }
            Kind::Branch(branch) => self.generated_branch(inst, branch),
            Kind::Call(call) => self.generated_call(inst, call),
            Kind::Zero { var, like, len } => self.zero(*var, *like, *len),
            Kind::Edit(place, edit) => self.edit(inst, place, *edit),
            Kind::AddTo(place, value) => self.add_to(place, *value),
            Kind::Loop(of) => self.generated_loop(inst, of),
            Kind::Keep(state) => self.keep_state(inst, state),
            Kind::Replay(of) => self.replay(inst, of),
            Kind::Update { .. } => inst.results.iter().for_each(|&result| self.arrive(result)),
            Kind::Define { var, value } => self.define(*var, *value),
            Kind::Store(place, value) => self.store(place, *value),
            Kind::Take(place) => self.take(inst, place),
            // The loop makes a row of its own.
            Kind::Tape(tape) if self.uses.is_row(*tape) => {}
            Kind::Tape(tape) => self.tape(*tape),
            Kind::Reserve(var) => self.reserve(*var),
            Kind::Push(tape, items) => self.push_record(*tape, items),
            Kind::Pop(tape) => self.pop_record(inst, *tape),
            _ => {
                // Which item a loop is at is told by the user's iterator, until its reverse.
                let told = matches!(inst.kind, Kind::Integer(..))
                    && self.function.reverse_from.is_some()
                    && !self.loops.is_empty();
                for &result in &inst.results {
                    let deserves = !told && self.uses.deserves_name(result);
                    if self.needs.contains(result) || deserves {
                        self.name_generated(result);
                    }
                }
            }
        }
    }

    /// What is bound to the name of a generated value: what a variable of ours holds is copied,
    /// and a part of the user's is borrowed.
    fn named_expression(&mut self, value: ValueId) -> TokenStream {
        let site = Span::mixed_site();
        let kind = self.definitions.get(&value).map(|inst| &inst.kind);
        match kind {
            Some(Kind::Len(of)) => return self.length_here(*of),
            Some(Kind::ZeroOf(of)) => {
                let of = self.base(*of);
                return super::shape::zero(&Ty::Unknown, &of, self.facade);
            }
            Some(Kind::Load(_)) if self.function.values[value].ty.is_run_time_sized() => {
                let loaded = self.expression(value).at_least(Tightness::Atom);
                let copy = copy(&self.function.values[value].ty);
                return quote_spanned!(site=> #loaded.#copy);
            }
            Some(Kind::Opaque { expr, .. }) if matches!(**expr, syn::Expr::Path(_)) => {
                return unparenthesised(self.expression(value).tokens);
            }
            _ => {}
        }
        let expression = self.expression(value).tokens;
        if self.is_part_by_reference(value) {
            return quote_spanned!(site=> &#expression);
        }
        if self.is_structured_part(value) {
            let private = self.facade.private();
            return quote_spanned!(site=> #private::kept(&#expression));
        }
        expression
    }

    /// Whether a value is a part of the user's that cannot be copied.
    fn is_part_by_reference(&self, value: ValueId) -> bool {
        let part = self.definitions.get(&value).map(|inst| &inst.kind);
        if let Some(Kind::Reborrow(of)) = part {
            return !self.is_named(*of) && self.is_part_by_reference(*of);
        }
        let known = &self.function.values[value];
        let of_their_own =
            matches!(known.ty.behind_refs(), Ty::Named(_)) && !self.function.is_active(value);
        matches!(part, Some(Kind::Index(..) | Kind::Field(..)))
            && (known.ty.is_run_time_sized()
                || of_their_own
                || self.is_structured_part(value) && !self.uses.is_overwritten(value))
    }

    /// Whether a value is a part of something, and has parts itself: whether it can be copied, only
    /// rustc knows.
    fn is_structured_part(&self, value: ValueId) -> bool {
        let part = self.definitions.get(&value).map(|inst| &inst.kind);
        let untold =
            matches!(self.function.values[value].ty.behind_refs(), Ty::Unknown | Ty::Named(_));
        untold
            && self.uses.is_parted(value)
            && matches!(part, Some(Kind::Index(..) | Kind::Field(..) | Kind::Load(_)))
    }

    /// Whether a value is a variable of the user's that is a reference, read as it is.
    pub(crate) fn is_variable_again(&self, value: ValueId) -> bool {
        let kind = self.definitions.get(&value).map(|inst| &inst.kind);
        matches!(kind, Some(Kind::Opaque { expr, .. }) if matches!(**expr, syn::Expr::Path(_)))
            && self.is_reference(value)
    }

    /// Binds a generated value to a name where it is computed.
    pub(crate) fn name_generated(&mut self, value: ValueId) {
        if !self.is_named(value) {
            let expression = self.named_expression(value);
            let is_reference = self.is_part_by_reference(value);
            self.bind_name(value, expression, is_reference);
        }
    }
}

/// What is behind so many references.
pub(crate) fn dereferenced(depth: usize, reference: &TokenStream) -> TokenStream {
    let star = |left| if left > 0 { Spacing::Joint } else { Spacing::Alone };
    let stars = (0..depth).rev().map(|left| TokenTree::Punct(Punct::new('*', star(left))));
    let mut tokens: TokenStream = stars.collect();
    tokens.extend(reference.clone());
    tokens
}

/// The expression of `let name = expression;`.
fn bound_to(statement: &TokenStream, name: &TokenStream) -> Option<TokenStream> {
    let mut trees: Vec<TokenTree> = statement.clone().into_iter().collect();
    let [TokenTree::Ident(keyword), TokenTree::Ident(bound), TokenTree::Punct(equals), ..] =
        trees.as_slice()
    else {
        return None;
    };
    let is_let = keyword == "let" && equals.as_char() == '=' && *bound == name.to_string();
    let is_ended = matches!(trees.pop(), Some(TokenTree::Punct(end)) if end.as_char() == ';');
    (is_let && is_ended).then(|| trees.into_iter().skip(3).collect())
}

/// The parameters, and the parts of those whose patterns take them apart.
fn entry(function: &Function) -> Vec<ValueId> {
    let insts = &function.body.insts;
    let forward = insts.get(..function.reverse_from.unwrap_or(insts.len())).unwrap_or_default();
    let patterns = forward
        .iter()
        .take_while(|inst| inst.syntax.is_none())
        .filter(|inst| matches!(inst.kind, Kind::Bind(_)))
        .flat_map(|inst| &inst.results);
    function.params.iter().chain(patterns).copied().collect()
}

/// What is certain to need a name: what the user computes in an expression, at the top level of
/// the body, and generated code reads.
fn predicted(function: &Function, uses: &Uses) -> Table<Depth> {
    let (mut unnamed, mut needs) = (ValueSet::new(), Table::new());
    for inst in &function.body.insts {
        if !inst.results.iter().any(|&result| uses.is_primal(result)) {
            inst.kind.visit_operands(&mut |value| {
                if unnamed.contains(value) {
                    needs.insert(value, 0);
                }
            });
        } else if let (Kind::Apply(..), &[result]) = (&inst.kind, inst.results.as_slice())
            && inst.syntax.is_some()
            && function.values[result].home.is_none()
        {
            unnamed.mark(result);
        }
    }
    needs
}

/// The instruction that defines each value.
pub(crate) struct Definitions<'f> {
    insts: Table<&'f Inst>,
}

impl<'f> Definitions<'f> {
    fn of(region: &'f Region) -> Self {
        let mut definitions = Self { insts: Table::new() };
        definitions.collect(region);
        definitions
    }

    fn collect(&mut self, region: &'f Region) {
        for inst in &region.insts {
            inst.results.iter().for_each(|&result| self.insts.insert(result, inst));
            inst.kind.regions().iter().for_each(|region| self.collect(region));
        }
    }

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "as the maps of `std`")]
    pub(crate) fn get(&self, value: &ValueId) -> Option<&&'f Inst> {
        self.insts.get(*value)
    }
}

/// The tokens between the parentheses that an expression stands in; those of a tuple stay.
pub(crate) fn unparenthesised(tokens: TokenStream) -> TokenStream {
    let mut trees = tokens.clone().into_iter();
    let (Some(TokenTree::Group(group)), None) = (trees.next(), trees.next()) else { return tokens };
    let is_comma = |tree: TokenTree| matches!(tree, TokenTree::Punct(p) if p.as_char() == ',');
    let is_tuple = group.stream().is_empty() || group.stream().into_iter().any(is_comma);
    if group.delimiter() != proc_macro2::Delimiter::Parenthesis || is_tuple {
        return tokens;
    }
    unparenthesised(group.stream())
}
