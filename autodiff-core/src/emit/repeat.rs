//! Prints loops: the user's, with what a transform lets them carry, and those of the reverse sweep.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::borrow::Borrow;
use super::printed::Tightness;
use super::printer::Printer;
use crate::ir::{
    End, Head, Inst, IntOp, Kind, Leaves, Loop, Order, Region, Role, Syntax, Ty, ValueId, VarId,
};
use crate::rules::Op;

impl<'f> Printer<'f> {
    /// A loop of the user's. What a transform lets it carry is a variable of ours.
    pub(crate) fn user_loop(&mut self, inst: &'f Inst, of: &'f Loop, syntax: &'f Syntax) {
        self.use_operands(inst);
        if let Head::While { reads, .. } = &of.head {
            self.use_all(reads);
        }
        let extras = self.declare_carried(of);
        self.declare_number(&of.head);
        let (places, zipped) = (self.places.len(), self.zipped.len());
        let mut others = self.zip_shadows(of);
        others.extend(self.open_row(of));
        let before = self.holds.clone();
        self.loops.push(extras.clone());
        let inside = self.depth() + 1;
        let borrows = of.borrows.iter().map(|&binding| Borrow::to_the_end((binding, inside)));
        self.borrowed.extend(borrows);
        let tokens = if others.is_empty() {
            self.pieces(&syntax.pieces, inst)
        } else {
            self.for_along(inst, others)
        };
        self.places.truncate(places);
        self.zipped.truncate(zipped);
        self.loops.pop();
        self.numbers.pop();
        self.push(tokens);
        self.after_loop(&before, inst, of, &extras);
    }

    /// The body of a user's loop, between the braces.
    pub(crate) fn user_body(&mut self, of: &'f Loop) -> TokenStream {
        let extras = self.loops.last().cloned().unwrap_or_default();
        let arriving: Vec<ValueId> = of
            .params
            .iter()
            .zip(&of.roles)
            .filter(|(_, role)| **role != Role::Extra)
            .map(|(&param, _)| param)
            .chain(of.head.defined().iter().copied())
            .collect();
        let leaves = of.leaves == Leaves::Flag;
        let number = self.numbers.last().cloned().flatten();
        let one = Literal::usize_unsuffixed(1);
        let before = match &number {
            Some((number, Order::Down)) => quote_spanned!(Span::mixed_site()=> #number -= #one;),
            Some((_, Order::Up)) | None => TokenStream::new(),
        };
        let body = self.opening(&of.body, &arriving, |printer| {
            printer.assign_carried(of, &extras);
            if let Some((number, Order::Up)) = &number {
                printer.push(quote_spanned!(Span::mixed_site()=> #number += #one;));
            }
            match of.body.yields.last() {
                Some(&flag) if leaves => {
                    let flag = printer.read(flag).tokens;
                    quote_spanned!(Span::mixed_site()=> if #flag { break; })
                }
                _ => TokenStream::new(),
            }
        });
        quote_spanned!(Span::mixed_site()=> #before #body)
    }

    /// `let mut index = 0;` where something of ours reads the number of the iteration, which the
    /// user's iterator does not tell. One that runs down starts at the number of iterations.
    fn declare_number(&mut self, head: &Head) {
        let (number, down) = match head {
            Head::Count { number, trips, order: Order::Down } => (Some(*number), Some(*trips)),
            Head::Count { number, .. } | Head::Items { number, .. } => (Some(*number), None),
            Head::Range { .. } | Head::While { .. } | Head::Endless => (None, None),
        };
        let number = number.filter(|number| self.needs.contains(*number));
        let name = number.map(|number| {
            let start = down.map(|trips| self.read(trips).tokens);
            let start = start.unwrap_or_else(|| Literal::usize_unsuffixed(0).to_token_stream());
            let name = self.names.fresh(&self.function.values[number].hint);
            self.push(quote_spanned!(Span::mixed_site()=> let mut #name = #start;));
            self.name_here(number, name.clone(), false);
            (name, if down.is_some() { Order::Down } else { Order::Up })
        });
        self.numbers.push(name);
    }

    /// `let mut x_bar = …;` for what a transform lets a loop carry.
    fn declare_carried(&mut self, of: &'f Loop) -> Vec<(usize, Ident)> {
        let mut extras = Vec::new();
        for (at, role) in of.roles.iter().enumerate() {
            let (Some(&param), Some(&init)) = (of.params.get(at), of.init.get(at)) else {
                continue;
            };
            if *role != Role::Extra {
                continue;
            }
            let init = self.extra(init);
            let name = self.names.fresh(&self.function.values[param].hint);
            self.push(quote_spanned!(Span::mixed_site()=> let mut #name = #init;));
            self.name_here(param, name.clone(), false);
            extras.push((at, name));
        }
        extras
    }

    /// `x_bar = …;` at the end of an iteration, each after those that read the value before it.
    fn assign_carried(&mut self, of: &'f Loop, extras: &[(usize, Ident)]) {
        let carried = |at: usize| Some((*of.params.get(at)?, *of.body.yields.get(at)?));
        let mut waiting: Vec<(ValueId, ValueId, Ident)> = extras
            .iter()
            .filter_map(|(at, name)| carried(*at).map(|(param, next)| (param, next, name.clone())))
            .collect();
        while !waiting.is_empty() {
            let others_read = |printer: &Self, at: usize, param: ValueId| {
                let mut others = waiting.iter().enumerate().filter(|(other, _)| *other != at);
                others.any(|(_, (_, next, _))| printer.reads_any(*next, &[param]))
            };
            let free = waiting
                .iter()
                .enumerate()
                .position(|(at, (param, ..))| !others_read(self, at, *param));
            let (param, next, name) = waiting.remove(free.unwrap_or(0));
            if free.is_none() {
                // All wait for each other: what this one was is kept for the others.
                let kept = self.names.fresh(&self.function.values[param].hint);
                self.push(quote_spanned!(Span::mixed_site()=> let #kept = #name;));
                self.assign_one(&name, param, next);
                self.name_here(param, kept, false);
                continue;
            }
            if let Some((condition, _)) = self.choice(next, param) {
                waiting.insert(0, (param, next, name));
                self.assign_chosen(condition, &mut waiting);
                continue;
            }
            self.assign_one(&name, param, next);
        }
    }

    /// `if c { x = …; y = …; }`, of all that become something else under the same condition.
    fn assign_chosen(&mut self, condition: ValueId, waiting: &mut Vec<(ValueId, ValueId, Ident)>) {
        let site = Span::mixed_site();
        let mut statements = TokenStream::new();
        let mut at = 0;
        while let Some((param, next, name)) = waiting.get(at).cloned() {
            let mut others = waiting.iter().enumerate().filter(|(other, _)| *other != at);
            let is_read = others.any(|(_, (_, next, _))| self.reads_any(*next, &[param]));
            match self.choice(next, param) {
                Some((same, value)) if same == condition && !is_read => {
                    let value = self.extra(value);
                    statements.extend(quote_spanned!(site=> #name = #value;));
                    waiting.remove(at);
                }
                _ => at += 1,
            }
        }
        let condition = self.read(condition).tokens;
        self.push(quote_spanned!(site=> if #condition { #statements }));
    }

    fn assign_one(&mut self, name: &Ident, param: ValueId, next: ValueId) {
        let site = Span::mixed_site();
        let statement = if let Some((sign, by)) = self.step(next, param) {
            let by = self.read(by).tokens;
            quote_spanned!(site=> #name #sign #by;)
        } else if let Some((condition, value)) = self.choice(next, param) {
            let (condition, value) = (self.read(condition).tokens, self.extra(value));
            quote_spanned!(site=> if #condition { #name = #value; })
        } else {
            let expression = self.extra(next);
            quote_spanned!(site=> #name = #expression;)
        };
        self.push(statement);
    }

    /// The condition under which a carried value becomes another, and that.
    fn choice(&self, next: ValueId, param: ValueId) -> Option<(ValueId, ValueId)> {
        match self.definitions.get(&next)?.kind {
            Kind::Select { cond, yes, no }
                if no == param && !self.is_named(next) && self.mask(cond).is_none() =>
            {
                Some((cond, yes))
            }
            _ => None,
        }
    }

    /// `+= e` and its kin, where that is all that happens to a carried value.
    fn step(&self, next: ValueId, param: ValueId) -> Option<(TokenStream, ValueId)> {
        let site = Span::mixed_site();
        let inst = self.definitions.get(&next)?;
        if self.is_named(next) {
            return None;
        }
        let (sign, a, b, commutes) = match &inst.kind {
            Kind::Integer(IntOp::Add, a, b) => (quote_spanned!(site=> +=), *a, *b, true),
            Kind::Apply(op, args) => {
                let &[a, b] = &**args else { return None };
                match op {
                    Op::Add => (quote_spanned!(site=> +=), a, b, true),
                    Op::Mul => (quote_spanned!(site=> *=), a, b, true),
                    Op::Sub => (quote_spanned!(site=> -=), a, b, false),
                    Op::Div => (quote_spanned!(site=> /=), a, b, false),
                    _ => return None,
                }
            }
            _ => return None,
        };
        if a == param && !self.reads_any(b, &[param]) {
            Some((sign, b))
        } else if commutes && b == param && !self.reads_any(a, &[param]) {
            Some((sign, a))
        } else {
            None
        }
    }

    /// Whether printing a value in place reads one of these.
    fn reads_any(&self, value: ValueId, of: &[ValueId]) -> bool {
        if of.contains(&value) {
            return true;
        }
        if self.is_named(value) {
            return false;
        }
        self.definitions.get(&value).is_some_and(|inst| {
            inst.syntax.is_none()
                && inst.kind.operands().into_iter().any(|operand| self.reads_any(operand, of))
        })
    }

    /// The variables after a loop: what it assigns is known only as its result.
    pub(super) fn after_loop(
        &mut self,
        before: &crate::hash::HashMap<crate::ir::BindingId, ValueId>,
        inst: &'f Inst,
        of: &'f Loop,
        extras: &[(usize, Ident)],
    ) {
        let inside = std::mem::replace(&mut self.holds, before.clone());
        for (binding, value) in inside {
            if before.get(&binding) != Some(&value) {
                self.assigned.insert(binding);
                self.holds.remove(&binding);
            }
        }
        for (role, &result) in of.roles.iter().zip(&inst.results) {
            if let Role::Merge(_) = role {
                self.arrive_inside(result);
            }
        }
        for (at, name) in extras {
            let Some(&result) = inst.results.get(*at) else { continue };
            if self.is_needed_outside(result) {
                self.bind_name(result, quote_spanned!(Span::mixed_site()=> #name), false);
            } else {
                self.name_here(result, name.clone(), false);
            }
        }
    }

    /// A loop of the reverse sweep.
    pub(crate) fn generated_loop(&mut self, inst: &'f Inst, of: &'f Loop) {
        let site = Span::mixed_site();
        let extras = self.declare_carried(of);
        let records = self.records(of);
        let lent = self.stretches.len();
        let stretches = self.lend_stretches(of);
        let head = match &records {
            Some(records) => self.head_along(&of.head, records),
            None => self.generated_head(&of.head),
        };
        let before = self.holds.clone();
        let body = self.opening(&of.body, &[], |printer| {
            printer.assign_carried(of, &extras);
            TokenStream::new()
        });
        self.stretches.truncate(lent);
        let repeated = quote_spanned!(site=> #head { #body });
        self.push(if let Some((runs, lets)) = stretches {
            quote_spanned!(site=> if #runs { #lets #repeated })
        } else {
            repeated
        });
        self.after_loop(&before, inst, of, &extras);
    }

    /// `for i in (lo..hi).rev()`
    fn generated_head(&mut self, head: &Head) -> TokenStream {
        let site = Span::mixed_site();
        match self.numbered(head) {
            None => quote_spanned!(site=> loop),
            Some((None, range, _)) => quote_spanned!(site=> for _ in #range),
            Some((Some(name), range, Order::Up)) => quote_spanned!(site=> for #name in #range),
            Some((Some(name), range, Order::Down)) => {
                quote_spanned!(site=> for #name in (#range).rev())
            }
        }
    }

    /// The name of the index, if it is read; its range; and in which order that is gone through.
    pub(crate) fn numbered(&mut self, head: &Head) -> Option<(Option<Ident>, TokenStream, Order)> {
        let site = Span::mixed_site();
        let (index, range, order) = match head {
            Head::Range { index, lo, hi, end, order } => {
                let lo = self.read(*lo).at_least(Tightness::Sum);
                let hi = self.read(*hi).at_least(Tightness::Sum);
                let range = match end {
                    End::Open => quote_spanned!(site=> #lo..#hi),
                    End::Closed => quote_spanned!(site=> #lo..=#hi),
                };
                (*index, range, *order)
            }
            Head::Count { number, trips, order } => {
                let trips = self.read(*trips).at_least(Tightness::Sum);
                let zero = Literal::usize_unsuffixed(0);
                (*number, quote_spanned!(site=> #zero..#trips), *order)
            }
            Head::While { .. } | Head::Items { .. } | Head::Endless => return None,
        };
        if !self.uses.is_read(index) {
            return Some((None, range, order));
        }
        let home = self.function.values[index].home.clone();
        let name = if let Some(home) = home {
            self.arriving.push(index);
            self.function.bindings[home.binding].ident.clone()
        } else {
            let name = self.names.fresh(&self.function.values[index].hint);
            self.name_next(index, name.clone());
            name
        };
        Some((Some(name), range, order))
    }

    /// `tape.push((a, b));`
    pub(crate) fn push_record(&mut self, var: VarId, items: &[ValueId]) {
        let tape = self.shadow_name(var);
        let items: Vec<TokenStream> = items.iter().map(|&item| self.stored(item)).collect();
        let record = record(&items);
        let place = self.places.iter().rfind(|(of, _)| *of == var).map(|(_, place)| place);
        let site = Span::mixed_site();
        self.push(if let Some(place) = place {
            quote_spanned!(site=> *#place = #record;)
        } else {
            quote_spanned!(site=> #tape.push(#record);)
        });
    }

    /// `let Some((a, b)) = tape.pop() else { break };`
    pub(crate) fn pop_record(&mut self, inst: &'f Inst, tape: VarId) {
        if inst.results.iter().all(|&item| self.is_named(item)) {
            // By the head of the loop, which goes along a row.
            return;
        }
        let site = Span::mixed_site();
        let tape = self.shadow_name(tape);
        let mut names = Vec::new();
        for &item in &inst.results {
            let name = self.names.fresh(&self.function.values[item].hint);
            self.name_here(item, name.clone(), false);
            names.push(quote_spanned!(site=> #name));
        }
        let record = record(&names);
        let some = quote_spanned!(site=> ::core::option::Option::Some);
        self.push(quote_spanned!(site=> let #some(#record) = #tape.pop() else { break };));
    }

    /// The copy of a variable that was made for this one purpose.
    fn kept_copy(&mut self, value: ValueId) -> Option<(Ident, bool)> {
        let mut source = value;
        while !self.is_named(source) {
            match self.definitions.get(&source).map(|inst| &inst.kind) {
                Some(Kind::Reborrow(of)) => source = *of,
                _ => return None,
            }
        }
        let once = self.uses.reads(source) <= 1 && self.uses.reads(value) <= 1;
        self.name_of(source).filter(|_| once)
    }

    /// A value that is kept: a copy where it is an aggregate of run-time length.
    pub(crate) fn stored(&mut self, value: ValueId) -> TokenStream {
        let run_time = self.function.values[value].ty.behind_refs().is_run_time_sized();
        let made = self.is_made_here(value);
        if !made && let Some((name, false)) = self.kept_copy(value) {
            return quote_spanned!(Span::mixed_site()=> #name);
        }
        let is_named = matches!(self.function.values[value].ty.behind_refs(), Ty::Named(_));
        if made || is_named && !self.is_fresh(value) {
            let (of, private) = (self.argument(value, true), self.facade.private());
            return quote_spanned!(Span::mixed_site()=> #private::kept(#of));
        }
        let copies = run_time && !self.is_fresh(value);
        let printed = self.read(value);
        if copies {
            let copy = super::moved::copy(&self.function.values[value].ty);
            let value = printed.at_least(Tightness::Atom);
            return quote_spanned!(Span::mixed_site()=> #value.#copy);
        }
        self.number_of(value, printed.tokens)
    }

    /// Whether an aggregate is nobody else's: built in place, or a copy that is read once.
    fn is_fresh(&self, value: ValueId) -> bool {
        let kind = self.definitions.get(&value).map(|inst| &inst.kind);
        match kind {
            Some(Kind::Array(_) | Kind::Filled(..) | Kind::Repeat(_)) => !self.is_named(value),
            Some(Kind::Load(_) | Kind::Take(_) | Kind::Edit(..)) => {
                self.is_named(value) && self.uses.is_read_once(value)
            }
            _ => false,
        }
    }

    /// Instructions between braces, with these variables set where they begin.
    fn opening(
        &mut self,
        region: &'f Region,
        arriving: &[ValueId],
        tail: impl FnOnce(&mut Self) -> TokenStream,
    ) -> TokenStream {
        self.arriving.extend(arriving);
        self.nested(region, tail)
    }
}

/// One item alone, several as a tuple.
pub(crate) fn record(items: &[TokenStream]) -> TokenStream {
    match items {
        [one] => one.clone(),
        items => quote_spanned!(Span::mixed_site()=> (#(#items),*)),
    }
}
