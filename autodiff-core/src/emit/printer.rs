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
use super::borrow::Borrow;
use super::definitions::{Definitions, entry, predicted};
use super::names::Names;
use super::naming::Bound;
use super::scope::Scope;
use super::uses::Uses;
use crate::hash::{HashMap, HashSet};
use crate::ir::Form;
use crate::ir::table::{Table, ValueSet};
use crate::ir::{BindingId, Function, Inst, Kind, Region, ValueId, VarId};

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
    /// The caller's memory for tapes.
    pub(crate) workspace: Option<Ident>,
    pub(crate) uses: &'f Uses,
    pub(crate) names: Names,
    /// Values that are bound to a name of ours.
    pub(super) named: Table<Bound>,
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
    pub(super) lists: Vec<List>,
    /// How many lists there have been.
    opened: usize,
    /// How often a name or a variable that is declared further out has been assigned.
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
    pub(super) next_names: Vec<(ValueId, Ident)>,
    /// Values whose variable stands in printed tokens.
    pub(super) used: ValueSet,
    /// The same as the last round found it; `None` in the first.
    used_before: Option<Rc<ValueSet>>,
    /// The values for which that made a difference.
    doubted: RefCell<Vec<ValueId>>,
    /// Expressions that act, of the statement that has not been printed yet.
    pub(crate) pending: Vec<ValueId>,
    /// Variables that got a value in the middle of a statement: saved once that is printed.
    arrived: Vec<ValueId>,
    /// Variables that got a value while a part of them is borrowed: saved once it no longer is.
    pub(super) unreached: Vec<ValueId>,
    /// Variables that some arm has assigned.
    pub(crate) assigned: HashSet<BindingId>,
    /// Cotangents that a pullback adds to a variable of ours, rather than returning them.
    pub(crate) added: ValueSet,
    /// Cotangents that are a call's and nothing else's: the caller's accumulator, until it is handed
    /// on to that call.
    pub(crate) handed_on: HashMap<ValueId, Option<Ident>>,
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
pub(super) struct List {
    /// Tells it from the other lists at the same depth.
    pub(super) serial: usize,
    pub(super) statements: Vec<TokenStream>,
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
                workspace: None,
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
                handed_on: HashMap::default(),
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

    /// The tokens that are printed read these variables.
    pub(crate) fn use_all(&mut self, values: &[ValueId]) {
        self.used.mark_all(values);
    }

    /// Opens a list of statements.
    pub(crate) fn open(&mut self) {
        self.opened += 1;
        self.lists.push(List { serial: self.opened, statements: Vec::new() });
    }

    pub(crate) fn push(&mut self, statement: TokenStream) {
        if let Some(list) = self.lists.last_mut() {
            list.statements.push(statement);
        }
    }

    pub(super) fn push_at(&mut self, depth: Depth, statement: TokenStream) {
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
                // Its tokens are of an expression that is printed anyway.
                Some(_) if matches!(inst.kind, Kind::Copy(_)) => self.generated(inst),
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
