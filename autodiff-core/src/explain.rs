//! What the reverse sweep gets from the forward sweep, and how: in words, for a person.
//!
//! Read off the finished adjoint, so that it says what the emitted code does, not what some pass
//! had in mind:
//!
//! ```
//! let text = autodiff_core::explain(
//!     Default::default(),
//!     "fn f(x: f64, n: usize) -> f64 { let mut y = x; for _ in 0..n { y = y.sin(); } y }"
//!         .parse()
//!         .unwrap(),
//! );
//! assert_eq!(text.unwrap(), "\
//! reverse sweep of `f`
//!   read where it is: n
//!   for _ in 0 .. n
//!     taped in each iteration
//!       y: what the iteration begins with, for cos_y
//! ");
//! ```

use std::collections::BTreeMap;
use std::fmt::Write;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;

use crate::hash::{HashMap, HashSet};
use crate::ir::{CallForm, Function, Inst, Kind, Loop, Piece, Role, Schedule, ValueId, VarId};
use crate::simplify::Key;

/// The explanation of a function with a reverse sweep.
pub(crate) fn explain(adjoint: &Function) -> String {
    let at = adjoint.reverse_from.unwrap_or(adjoint.body.insts.len());
    let (forward, reverse) = adjoint.body.insts.split_at(at.min(adjoint.body.insts.len()));
    let mut facts = Facts::new(adjoint);
    facts.define(forward, None);
    facts.read_fused(forward);
    facts.read(reverse);
    let mut text = format!("reverse sweep of `{}`\n", adjoint.name);
    facts.kept(&mut text);
    facts.region(forward, 1, &mut text);
    text
}

/// What is known of the values of the forward sweep.
struct Facts<'f> {
    function: &'f Function,
    /// The instruction that defines each, or the loop that it is carried by.
    definitions: HashMap<ValueId, &'f Inst>,
    /// The innermost loop or arm that each is defined in, by its first instruction.
    inside: HashMap<ValueId, Option<*const Inst>>,
    carried: HashSet<ValueId>,
    computed: HashMap<Key, ValueId>,
    taped: HashMap<VarId, Vec<ValueId>>,
    /// What stands for which value of the forward sweep.
    originals: HashMap<ValueId, ValueId>,
    /// What is first computed with each.
    readers: BTreeMap<ValueId, String>,
    again: Vec<ValueId>,
}

impl<'f> Facts<'f> {
    fn new(function: &'f Function) -> Self {
        Self {
            function,
            definitions: HashMap::default(),
            inside: HashMap::default(),
            carried: HashSet::default(),
            computed: HashMap::default(),
            taped: HashMap::default(),
            originals: HashMap::default(),
            readers: BTreeMap::new(),
            again: Vec::new(),
        }
    }

    fn define(&mut self, insts: &'f [Inst], around: Option<*const Inst>) {
        for inst in insts {
            for &result in &inst.results {
                self.definitions.insert(result, inst);
                self.inside.insert(result, around);
            }
            if let Some(key) = self.key(inst)
                && let &[result] = inst.results.as_slice()
            {
                self.computed.entry(key).or_insert(result);
            }
            if let Kind::Push(tape, items) = &inst.kind {
                self.taped.insert(*tape, items.clone());
            }
            let within = match &inst.kind {
                Kind::Block(_) => around,
                _ => Some(std::ptr::from_ref(inst)),
            };
            if let Kind::Loop(of) = &inst.kind {
                for &param in of.params.iter().chain(of.head.defined()) {
                    self.definitions.insert(param, inst);
                    self.inside.insert(param, within);
                    self.carried.insert(param);
                }
            }
            inst.kind.regions().iter().for_each(|region| self.define(&region.insts, within));
        }
    }

    fn key(&self, inst: &Inst) -> Option<Key> {
        Key::of(&inst.kind, |value| self.original(value))
    }

    fn original(&self, value: ValueId) -> ValueId {
        self.originals.get(&value).copied().unwrap_or(value)
    }

    /// The same in loops whose iterations are reversed as they run.
    fn read_fused(&mut self, insts: &[Inst]) {
        for inst in insts {
            match &inst.kind {
                Kind::Loop(of) if is_fused(self.function, of) => {
                    let made = of.body.insts.iter().filter(|inst| inst.syntax.is_none());
                    made.for_each(|inst| self.read(std::slice::from_ref(inst)));
                }
                Kind::Block(region) => self.read_fused(&region.insts),
                _ => {}
            }
        }
    }

    /// Follows the reverse sweep: what it takes, what it computes again, what it reads.
    fn read(&mut self, insts: &[Inst]) {
        for inst in insts {
            if let Kind::Pop(tape) = &inst.kind
                && let Some(items) = self.taped.get(tape)
            {
                let pairs = inst.results.iter().copied().zip(items.iter().copied());
                self.originals.extend(pairs.collect::<Vec<_>>());
            }
            if let (Some(key), &[result]) = (self.key(inst), inst.results.as_slice())
                && let Some(&known) = self.computed.get(&key)
                && known != result
            {
                self.originals.insert(result, known);
                let constant = matches!(inst.kind, Kind::Const(_) | Kind::Number(_));
                if !constant && !self.again.contains(&known) {
                    self.again.push(known);
                }
            }
            let reader = inst.results.first().map(|&result| self.name(result));
            inst.kind.visit_operands(&mut |value| self.note(value, reader.as_deref()));
            for region in inst.kind.regions() {
                self.read(&region.insts);
                region.yields.iter().for_each(|&value| self.note(value, None));
            }
        }
    }

    fn note(&mut self, value: ValueId, reader: Option<&str>) {
        let original = self.original(value);
        let is_primal =
            self.definitions.contains_key(&original) || self.function.params.contains(&original);
        if is_primal {
            let known = self.readers.entry(original).or_default();
            if known.is_empty() {
                reader.unwrap_or_default().clone_into(known);
            }
        }
    }

    /// What the user calls it, or else what it is.
    fn name(&self, value: ValueId) -> String {
        let left = self.definitions.get(&value).and_then(|inst| self.left(inst, value));
        if let Some(names) = left {
            return names;
        }
        let known = &self.function.values[value];
        let home = known.home.as_ref().filter(|home| home.fields.is_empty());
        home.map_or_else(
            || known.hint.clone(),
            |home| self.function.bindings[home.binding].ident.to_string(),
        )
    }

    /// What the arms leave in a result that they have for the reverse sweep.
    fn left(&self, inst: &Inst, value: ValueId) -> Option<String> {
        let Kind::Branch(branch) = &inst.kind else { return None };
        let at = inst.results.iter().position(|&result| result == value)?;
        if !matches!(branch.roles.get(at), Some(Role::Extra)) {
            return None;
        }
        let mut names: Vec<String> = Vec::new();
        for &yielded in branch.arms.iter().filter_map(|arm| arm.yields.get(at)) {
            let definition = self.definitions.get(&yielded);
            let held = match definition.map(|inst| &inst.kind) {
                Some(Kind::Optional(held)) => *held,
                Some(kind) if is_constant(kind) => None,
                _ => Some(yielded),
            };
            if let Some(name) = held.map(|held| self.name(held)).filter(|it| !names.contains(it)) {
                names.push(name);
            }
        }
        (!names.is_empty()).then(|| names.join(" or "))
    }

    /// The values outside loops and arms that the reverse sweep reads where they are.
    fn kept(&self, text: &mut String) {
        let mut names: Vec<String> = Vec::new();
        for &value in self.readers.keys() {
            let outside = self.inside.get(&value).is_none_or(Option::is_none);
            // The cotangent of the result is a parameter, too, but not of the user's.
            let added =
                self.function.values[value].home.is_none() && self.function.params.contains(&value);
            let constant = self.definitions.get(&value).is_some_and(|inst| is_constant(&inst.kind));
            let name = self.name(value);
            if outside && !added && !constant && !names.contains(&name) {
                names.push(name);
            }
        }
        if !names.is_empty() {
            let _ = writeln!(text, "  read where it is: {}", names.join(", "));
        }
    }

    fn region(&self, insts: &[Inst], depth: usize, text: &mut String) {
        for inst in insts {
            match &inst.kind {
                // Of the reverse of an iteration.
                Kind::Loop(_) if inst.syntax.is_none() => {}
                Kind::Loop(of) => self.repeat(inst, of, depth, text),
                Kind::Run(of) => self.runs_again(inst, of, depth, text),
                Kind::Branch(branch) => {
                    let extra = inst.results.iter().zip(&branch.roles);
                    let left: Vec<ValueId> = extra
                        .filter(|(result, role)| {
                            matches!(role, Role::Extra) && self.is_used(**result)
                        })
                        .map(|(&result, _)| result)
                        .collect();
                    let mut inner = String::new();
                    branch.arms.iter().for_each(|arm| {
                        self.region(&arm.insts, depth + 1, &mut inner);
                    });
                    let again = self.again(inst);
                    if left.is_empty() && again.is_empty() && inner.is_empty() {
                        continue;
                    }
                    line(text, depth, &header(self, inst));
                    self.list(text, depth + 1, "left by the arm that ran", &left);
                    self.list(text, depth + 1, "computed again", &again);
                    text.push_str(&inner);
                }
                kind => {
                    for region in kind.regions() {
                        self.region(&region.insts, depth, text);
                    }
                }
            }
        }
    }

    fn repeat(&self, inst: &Inst, of: &Loop, depth: usize, text: &mut String) {
        line(text, depth, &header(self, inst));
        let pushed = of.body.insts.iter().filter_map(|inst| match &inst.kind {
            Kind::Push(_, items) => Some(items.as_slice()),
            _ => None,
        });
        let taped: Vec<ValueId> = pushed.flatten().copied().collect();
        let again = self.again(inst);
        self.list(text, depth + 1, "taped in each iteration", &taped);
        self.list(text, depth + 1, "computed again", &again);
        if of.notes_last() {
            line(
                text,
                depth + 1,
                "of the iterations in which the condition holds, the last is reversed",
            );
        } else if is_fused(self.function, of) {
            line(text, depth + 1, "each iteration is reversed right after it");
        }
        if taped.is_empty() && again.is_empty() {
            line(text, depth + 1, "nothing is taped");
        }
        self.region(&of.body.insts, depth + 1, text);
    }

    fn runs_again(&self, inst: &Inst, of: &Loop, depth: usize, text: &mut String) {
        line(text, depth, &header(self, inst));
        let state: Vec<String> = of.init.iter().map(|&value| self.name(value)).collect();
        let kept = match of.checkpoint.as_deref().map(|it| &it.schedule) {
            Some(Schedule::Every(k)) => format!("every {} iterations", k.to_token_stream()),
            Some(Schedule::Levels(n)) => format!("{} times at once", n.to_token_stream()),
            None => return,
        };
        line(text, depth + 1, &format!("kept {kept}: {}", state.join(", ")));
        line(text, depth + 1, "runs again from there; each iteration is reversed right after it");
    }

    /// What the reverse sweep of a loop or an arm computes once more.
    fn again(&self, inst: &Inst) -> Vec<ValueId> {
        let here = Some(std::ptr::from_ref(inst));
        let inside = |value: &&ValueId| self.inside.get(*value) == Some(&here);
        self.again.iter().filter(inside).copied().collect()
    }

    fn is_used(&self, value: ValueId) -> bool {
        self.readers.contains_key(&value) || self.taped.values().any(|items| items.contains(&value))
    }

    fn list(&self, text: &mut String, depth: usize, title: &str, values: &[ValueId]) {
        if values.is_empty() {
            return;
        }
        line(text, depth, title);
        for &value in values {
            let reader = self.readers.get(&value).filter(|reader| !reader.is_empty());
            let reader = reader.map(|reader| format!(", for {reader}")).unwrap_or_default();
            let what = self.what(value);
            line(text, depth + 1, &format!("{}: {what}{reader}", self.name(value)));
        }
    }

    /// Where a value comes from, and so why it cannot just be read.
    fn what(&self, value: ValueId) -> String {
        let Some(inst) = self.definitions.get(&value) else { return "a parameter".to_owned() };
        if self.carried.contains(&value) {
            return "what the iteration begins with".to_owned();
        }
        match &inst.kind {
            Kind::Apply(op, _) => format!("the result of `{}`", op.operator().unwrap_or(op.name())),
            Kind::Index(of, _) => format!("an element of `{}`", self.name(*of)),
            Kind::Len(of) => format!("the length of `{}`", self.name(*of)),
            Kind::Call(call) if matches!(call.form, CallForm::Split) => {
                "what a call leaves for its pullback".to_owned()
            }
            Kind::Call(_) => "the result of a call".to_owned(),
            Kind::Bind(_) => "a variable of this iteration".to_owned(),
            Kind::Branch(_) => "which arm ran, or what it left".to_owned(),
            Kind::Loop(_) => "what a loop ends with".to_owned(),
            Kind::Update { .. } => "a version of what is updated in place".to_owned(),
            Kind::Less(..) | Kind::LessEq(..) | Kind::Equal(..) => "a comparison".to_owned(),
            _ => "a value of this iteration".to_owned(),
        }
    }
}

/// Whether a loop adds to cotangents as it runs: in memory, or in what it carries.
fn is_fused(function: &Function, of: &Loop) -> bool {
    fn adds(insts: &[Inst]) -> bool {
        insts.iter().any(|inst| {
            matches!(inst.kind, Kind::AddTo(..))
                || inst.kind.regions().iter().any(|region| adds(&region.insts))
        })
    }
    let mut carried = of.params.iter().zip(&of.roles);
    carried.any(|(&param, role)| *role == Role::Extra && function.is_active(param))
        || adds(&of.body.insts)
}

fn is_constant(kind: &Kind) -> bool {
    match kind {
        Kind::Const(_) | Kind::Number(_) => true,
        Kind::Opaque { reads, .. } => reads.is_empty(),
        _ => false,
    }
}

fn line(text: &mut String, depth: usize, what: &str) {
    let _ = writeln!(text, "{:indent$}{what}", "", indent = 2 * depth);
}

/// The user's tokens up to the body: `for i in 0 .. n`.
fn header(facts: &Facts<'_>, inst: &Inst) -> String {
    let mut tokens = TokenStream::new();
    if let Some(syntax) = &inst.syntax {
        spell(facts, &syntax.pieces, &mut tokens);
    }
    let text = tokens.to_string();
    match (&inst.kind, text.is_empty()) {
        (_, false) => text,
        (Kind::Loop(_), true) => "a loop".to_owned(),
        (_, true) => "a branch".to_owned(),
    }
}

/// Whether the body has not begun yet.
fn spell(facts: &Facts<'_>, pieces: &[Piece], tokens: &mut TokenStream) -> bool {
    for piece in pieces {
        match piece {
            Piece::Region(_) => return false,
            Piece::Tokens(written) | Piece::Checked(written, _) => tokens.extend(written.clone()),
            Piece::Value(value) | Piece::Parens(value) | Piece::Binder(value) => {
                if let Some(Kind::Opaque { expr, .. }) =
                    facts.definitions.get(value).map(|inst| &inst.kind)
                {
                    expr.to_tokens(tokens);
                    continue;
                }
                let name = facts.name(*value);
                tokens.extend(name.parse::<TokenStream>().unwrap_or_default());
            }
            Piece::Assumed(inside) => {
                if !spell(facts, inside, tokens) {
                    return false;
                }
            }
            Piece::Group(delimiter, inside) => {
                let mut within = TokenStream::new();
                let goes_on = spell(facts, inside, &mut within);
                match delimiter {
                    Delimiter::None => tokens.extend(within),
                    _ => tokens.extend([TokenTree::from(Group::new(*delimiter, within))]),
                }
                if !goes_on {
                    return false;
                }
            }
            Piece::Mut(_) | Piece::Before(_) | Piece::Runtime(_) | Piece::Asserted(..) => {}
        }
    }
    true
}
