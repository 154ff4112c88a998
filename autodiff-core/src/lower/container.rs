//! Arrays, slices and `Vec`s as a whole: how they are made, filled, copied, permuted, and how they
//! grow and shrink. Each statement that changes one makes a new version of its variable.

use proc_macro2::{Delimiter, Span};
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall, Stmt};

use super::operand::{Operand, Passive, Wrap, commas, expression, statement, tokens};
use super::place::Part;
use super::{Lowered, Lowerer};
use crate::diagnostics::Refusal;
use crate::ir::{
    Active, Assertion, Assignment, Bounds, Effect, End, IntOp, Kind, Member, Piece, Step, Syntax,
    Ty, ValueId,
};

/// A method call that is a statement: the place that it changes, and its tokens.
struct Change<'e> {
    part: Part,
    call: &'e ExprMethodCall,
    /// The tokens of the arguments.
    arguments: Vec<Piece>,
    semicolon: Piece,
    /// Whether only rustc knows that the place is an array, a slice or a `Vec`.
    supposed: bool,
}

impl Change<'_> {
    fn syntax(&self) -> Option<Syntax> {
        let place = || self.part.pieces.clone();
        let check = self.supposed.then(|| Piece::Asserted(Assertion::Sequence, place()));
        let mut pieces: Vec<Piece> = check.into_iter().chain(place()).collect();
        let list = Piece::Group(Delimiter::Parenthesis, commas(self.arguments.clone()));
        pieces.extend([tokens(self.call.dot_token), tokens(&self.call.method), list]);
        pieces.push(self.semicolon.clone());
        Some(statement(pieces))
    }

    /// All elements of the place.
    fn all(&self) -> Part {
        self.from(None)
    }

    /// The elements of the place from this index on.
    fn from(&self, lo: Option<ValueId>) -> Part {
        let mut part = self.part.clone();
        part.path.push(Step::Range(Bounds { lo, hi: None, end: End::Open }));
        part
    }

    fn span(&self) -> Span {
        self.call.method.span()
    }
}

impl Lowerer<'_> {
    /// Whether a statement calls a method that changes an array, and anything in it is active.
    pub(crate) fn changes_active(&self, call: &ExprMethodCall) -> bool {
        let name = call.method.to_string();
        let known =
            CHANGES.iter().any(|(change, count)| *change == name && call.args.len() == *count);
        let is_place = self.root_binding(&call.receiver).is_some();
        if !known || !is_place || self.is_structure(&call.receiver) {
            return false;
        }
        let scan = self.scan(|scan| syn::visit::Visit::visit_expr_method_call(scan, call));
        let root = self.root_binding(&call.receiver);
        let version = root.and_then(|root| self.scopes.version(root));
        scan.active || version.is_some_and(|version| self.is_active(version))
    }

    /// A statement that changes an array as a whole.
    pub(crate) fn change(&mut self, stmt: &Stmt, call: &ExprMethodCall) -> Lowered<()> {
        let part = self.place(&call.receiver)?;
        let semicolon = super::assign::semicolon(stmt);
        let supposed = self.is_of_untold(&call.receiver);
        let mut change = Change { part, call, arguments: Vec::new(), semicolon, supposed };
        match call.method.to_string().as_str() {
            "swap" => self.swap(&mut change),
            "fill" => self.fill(&mut change),
            "copy_from_slice" | "clone_from_slice" => self.copy_from(&mut change),
            "push" => self.push_element(&mut change),
            "pop" => self.drop_last(&change),
            "truncate" | "clear" | "resize" => self.set_length(&mut change),
            "extend_from_slice" | "extend" => self.extend(&mut change),
            _ => {
                let value = self.whole(&change.part, change.span());
                let by = (Assignment::Reverse, value);
                self.write(&change.part, by, change.syntax(), change.span());
                Ok(())
            }
        }
    }

    /// The version of the variable that a place is part of.
    fn whole(&mut self, part: &Part, span: Span) -> ValueId {
        self.scopes.version(part.root).unwrap_or_else(|| self.never(span))
    }

    /// The arguments of a call as indices.
    fn indices(&mut self, change: &mut Change<'_>) -> Lowered<Vec<ValueId>> {
        let mut values = Vec::new();
        for argument in &change.call.args {
            let operand = self.inert(argument)?;
            let (value, piece) = self.settle_index(operand, self.insts.len());
            values.push(value);
            change.arguments.push(piece);
        }
        Ok(values)
    }

    /// The first argument as a value.
    fn argument(&mut self, change: &mut Change<'_>) -> Lowered<ValueId> {
        let Some(argument) = change.call.args.first() else {
            return self.refuse_method(change);
        };
        let operand = self.expr(argument)?;
        let (value, piece) = self.settle_at(operand, self.insts.len());
        change.arguments.push(piece);
        Ok(value)
    }

    fn refuse_method<T>(&mut self, change: &Change<'_>) -> Lowered<T> {
        let refusal = Refusal::Method(change.call.method.to_string());
        self.refuse(&refusal, change.call.method.span())
    }

    /// `a.swap(i, j);`
    fn swap(&mut self, change: &mut Change<'_>) -> Lowered<()> {
        match self.indices(change)?.as_slice() {
            &[a, b] => {
                let by = (Assignment::Swap(b), a);
                self.write(&change.part, by, change.syntax(), change.span());
                Ok(())
            }
            _ => self.refuse_method(change),
        }
    }

    /// `a.fill(x);`
    fn fill(&mut self, change: &mut Change<'_>) -> Lowered<()> {
        let value = self.argument(change)?;
        if self.ty(value).is_run_time_sized() {
            return self.refuse_method(change);
        }
        let by = (Assignment::Fill, value);
        self.write(&change.all(), by, change.syntax(), change.span());
        Ok(())
    }

    /// `a.copy_from_slice(&b);`
    fn copy_from(&mut self, change: &mut Change<'_>) -> Lowered<()> {
        let value = self.argument(change)?;
        let by = (Assignment::Set, value);
        self.write(&change.all(), by, change.syntax(), change.span());
        Ok(())
    }

    /// `v.push(x);`
    fn push_element(&mut self, change: &mut Change<'_>) -> Lowered<()> {
        let value = self.argument(change)?;
        if self.is_mixed(value) && !self.is_typed(&change.part) {
            let span = change.call.args.first().map_or(change.span(), Spanned::span);
            return self.refuse(&Refusal::Mixed, span);
        }
        let by = (Assignment::Append, value);
        self.write(&change.part, by, change.syntax(), change.span());
        self.learn_element(&change.part, value);
        Ok(())
    }

    /// Whether a tuple holds something without a derivative that may be no float.
    fn is_mixed(&self, value: ValueId) -> bool {
        let Ty::Tuple(parts) = self.ty(value).behind_refs() else { return false };
        let inert = |n| self.part_active(value, Member::Unnamed(n)) == Active::No;
        (0..).zip(parts).any(|(n, part)| match part.behind_refs() {
            Ty::Inert => true,
            part => matches!(part, Ty::Unknown) && inert(n),
        })
    }

    /// Whether it is known from the start what a `Vec` holds.
    fn is_typed(&self, part: &Part) -> bool {
        let of_root = |value: &&crate::ir::Value| {
            value.home.as_ref().is_some_and(|home| home.binding == part.root)
        };
        let mut versions = self.function.values.iter().map(|(_, value)| value).filter(of_root);
        versions.all(|version| !version.ty.has_unknown())
    }

    /// An element tells what a `Vec` of unknown type holds.
    fn learn_element(&mut self, part: &Part, element: ValueId) {
        let Some(version) = self.scopes.version(part.root) else { return };
        let unknown = match self.ty(version) {
            Ty::Vec(known) => known.has_unknown(),
            ty => matches!(ty, Ty::Unknown),
        };
        let element = self.ty(element).clone();
        if part.path.is_empty() && unknown && !element.has_unknown() {
            self.function.values[version].ty = Ty::Vec(Box::new(element));
        }
    }

    /// `v.pop();`
    fn drop_last(&mut self, change: &Change<'_>) -> Lowered<()> {
        // Of what is empty it does nothing, which the reverse sweep could not tell.
        self.refuse_method(change)
    }

    /// `v.truncate(n);`, `v.clear();`, `v.resize(n, x);`
    fn set_length(&mut self, change: &mut Change<'_>) -> Lowered<()> {
        let span = change.span();
        let part = self.read_place(&change.part, span);
        if self.ty(part).element().is_run_time_sized() {
            return self.refuse_method(change);
        }
        let method = change.call.method.to_string();
        let count = change.call.args.first();
        let len = match count {
            Some(count) => {
                let operand = self.inert(count)?;
                let (value, piece) = self.settle_index(operand, self.insts.len());
                change.arguments.push(piece);
                value
            }
            None => self.number(0, span),
        };
        let before = self.length_of(part, span);
        let shorter = self.integer(IntOp::Min, (before, len), "len", span);
        let Some(filling) = change.call.args.iter().nth(1).filter(|_| method == "resize") else {
            let len = if count.is_some() { shorter } else { len };
            let by = (Assignment::Resize, len);
            self.write(&change.part, by, change.syntax(), span);
            return Ok(());
        };
        let operand = self.expr(filling)?;
        let (value, piece) = self.settle_at(operand, self.insts.len());
        // The new length does not depend on it, the statement does.
        let is_variable = matches!(piece, Piece::Tokens(_));
        change.arguments.push(if is_variable { Piece::Value(value) } else { piece });
        self.write(&change.part, (Assignment::Resize, len), change.syntax(), span);
        self.learn_element(&change.part, value);
        self.write(&change.from(Some(shorter)), (Assignment::Fill, value), None, span);
        Ok(())
    }

    /// `v.extend_from_slice(&b);`, `v.extend(&b);`
    fn extend(&mut self, change: &mut Change<'_>) -> Lowered<()> {
        let span = change.span();
        let part = self.read_place(&change.part, span);
        let before = self.length_of(part, span);
        let Some(argument) = change.call.args.first() else {
            return self.refuse_method(change);
        };
        let (source, adapted) = elements_of(argument);
        let operand = self.expr(source)?;
        let named = matches!(operand, Operand::Read(..))
            || operand.is_passive() && matches!(source, Expr::Path(_));
        if adapted && !named {
            return self.refuse(&Refusal::Iterator("extend".to_owned()), span);
        }
        let (value, piece) = self.settle_at(operand, self.insts.len());
        change.arguments.push(if adapted { tokens(argument) } else { piece });
        let more = self.length_of(value, span);
        let after = self.integer(IntOp::Add, (before, more), "len", span);
        self.write(&change.part, (Assignment::Resize, after), change.syntax(), span);
        let element = self.ty(value).element();
        if let (Some(version), false) =
            (self.scopes.version(change.part.root), element.has_unknown())
            && change.part.path.is_empty()
            && self.ty(version).has_unknown()
        {
            self.function.values[version].ty = Ty::Vec(Box::new(element));
        }
        self.write(&change.from(Some(before)), (Assignment::Set, value), None, span);
        Ok(())
    }

    /// `v.pop().unwrap()`: the element, and a version without it.
    pub(crate) fn pop_unwrapped<'e>(&mut self, call: &'e ExprMethodCall) -> Lowered<Operand<'e>> {
        let Expr::MethodCall(pop) = &*call.receiver else {
            return self.refuse(&Refusal::Method("pop".to_owned()), call.method.span());
        };
        let part = self.place(&pop.receiver)?;
        let span = pop.method.span();
        let of = self.whole(&part, span);
        let whole = self.read_place(&part, span);
        let active = self.function.values[of].active;
        let (element, hint) = (self.ty(whole).element(), format!("{}_last", self.hint(whole)));
        let removed = self.value(element, &hint, span, active);
        let ty = self.ty(of).clone();
        let after = self.version(part.root, ty, active);
        let nothing = || Piece::Group(Delimiter::Parenthesis, Vec::new());
        let mut pieces = part.pieces.clone();
        pieces.extend([tokens(pop.dot_token), tokens(&pop.method), nothing()]);
        pieces.extend([tokens(call.dot_token), tokens(&call.method)]);
        pieces.push(Piece::Group(Delimiter::Parenthesis, vec![tokens(&call.args)]));
        let kind = Kind::Update { of, path: part.path, by: Assignment::RemoveLast, value: of };
        self.push(vec![removed, after], kind, Some(expression(pieces)), span);
        Ok(Operand::Computed(removed, Wrap::Bare))
    }

    /// Whether an expression is `v.pop().unwrap()` of something active.
    pub(crate) fn is_pop_unwrapped(&self, call: &ExprMethodCall) -> bool {
        let Expr::MethodCall(pop) = &*call.receiver else { return false };
        let unwraps = call.method == "unwrap" || call.method == "expect";
        let root = self.root_binding(&pop.receiver);
        let version = root.and_then(|root| self.scopes.version(root));
        unwraps
            && pop.method == "pop"
            && pop.args.is_empty()
            && version.is_some_and(|version| self.is_active(version))
    }

    /// The type of an operand, as far as it is known.
    pub(crate) fn ty_of(&self, operand: &Operand<'_>) -> Ty {
        match operand {
            Operand::Passive(passive) => passive.ty.clone(),
            Operand::Read(value, _) | Operand::Computed(value, _) => self.ty(*value).clone(),
            Operand::Nothing(_) => Ty::Unknown,
        }
    }

    /// `Vec::new()`, `Vec::with_capacity(n)`: a `Vec` of something.
    pub(crate) fn new_vec<'e>(&mut self, expr: &'e Expr) -> Lowered<Operand<'e>> {
        let operand = self.inert(expr)?;
        let Operand::Passive(passive) = operand else { return Ok(operand) };
        let ty = Ty::Vec(Box::new(Ty::Unknown));
        Ok(Operand::Passive(Passive { ty, effect: Effect::MayPanic, ..passive }))
    }
}

/// What the items of an argument are the elements of, and whether it is an iterator over them.
fn elements_of(argument: &Expr) -> (&Expr, bool) {
    match argument {
        Expr::MethodCall(call) if call.args.is_empty() => match call.method.to_string().as_str() {
            "iter" | "copied" | "cloned" => (elements_of(&call.receiver).0, true),
            _ => (argument, false),
        },
        Expr::Paren(of) => elements_of(&of.expr),
        _ => (argument, false),
    }
}

/// The methods that are understood as statements, and how many arguments they take.
const CHANGES: [(&str, usize); 12] = [
    ("swap", 2),
    ("fill", 1),
    ("copy_from_slice", 1),
    ("clone_from_slice", 1),
    ("reverse", 0),
    ("push", 1),
    ("pop", 0),
    ("truncate", 1),
    ("clear", 0),
    ("resize", 2),
    ("extend_from_slice", 1),
    ("extend", 1),
];
