//! Prints branches and blocks: the user's, and those of the reverse sweep.

use proc_macro2::{Delimiter, Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote_spanned;

use super::printer::Printer;
use crate::ir::Form;
use crate::ir::{Branch, Decision, Inst, Kind, Region, Role, Syntax, Ty, ValueId};

impl<'f> Printer<'f> {
    /// Region `n` of a user's construct, braces included.
    pub(crate) fn user_region(&mut self, inst: &'f Inst, n: usize) -> TokenStream {
        let site = Span::mixed_site();
        let body = match &inst.kind {
            Kind::Loop(of) => self.user_body(of),
            Kind::Block(region) => self.nested(region, |printer| {
                region.yields.first().map_or_else(TokenStream::new, |&value| printer.hole(value))
            }),
            Kind::Branch(branch) => match branch.arms.get(n) {
                Some(arm) => {
                    let body = self.user_arm(branch, arm);
                    if n == 1 && is_else_if(&body, &branch.decision, arm) {
                        return body;
                    }
                    body
                }
                None => TokenStream::new(),
            },
            _ => TokenStream::new(),
        };
        quote_spanned!(site=> { #body })
    }

    /// A branch of the user's as a statement: its value is not read, or it has none.
    pub(crate) fn user_branch_statement(
        &mut self,
        inst: &'f Inst,
        branch: &'f Branch,
        syntax: &'f Syntax,
    ) {
        self.use_operands(inst);
        if let Some(result) = self.only_result(inst, branch) {
            self.tails.push(result);
            let tokens = self.user_branch(inst, branch, syntax);
            self.tails.pop();
            self.bind_name(result, tokens, false);
        } else {
            let tokens = self.user_branch(inst, branch, syntax);
            self.push(tokens);
        }
        self.settle_arrived();
    }

    /// What a transform added to a branch that gives nothing else, if it is read where the branch
    /// stands: `let x_bar = if … { … } else { … };`
    fn only_result(&self, inst: &Inst, branch: &Branch) -> Option<ValueId> {
        let mut added = Vec::new();
        for (role, &result) in branch.roles.iter().zip(&inst.results) {
            match role {
                Role::Value => return None,
                Role::Extra | Role::ArmNumber => added.push(result),
                Role::Merge(_) => {}
            }
        }
        match added.as_slice() {
            [one] if !self.is_needed_outside(*one) => Some(*one),
            _ => None,
        }
    }

    /// A branch of the user's. What a transform added is assigned inside the arms.
    pub(crate) fn user_branch(
        &mut self,
        inst: &'f Inst,
        branch: &'f Branch,
        syntax: &'f Syntax,
    ) -> TokenStream {
        let site = Span::mixed_site();
        for (role, &result) in branch.roles.iter().zip(&inst.results) {
            let added = matches!(role, Role::Extra | Role::ArmNumber);
            if added && !self.tails.contains(&result) {
                let name = self.names.fresh(&self.function.values[result].hint);
                self.declare_slot(result, &name);
            }
        }
        let before = self.holds.clone();
        let elsewhere = std::mem::take(&mut self.assigned);
        self.branch_results.push(inst.results.clone());
        let mut tokens = self.pieces(&syntax.pieces, inst);
        if let (Some(arm), false) = (branch.arms.get(1), mentions_second(syntax, branch)) {
            let body = self.user_arm(branch, arm);
            if !body.is_empty() {
                tokens.extend(quote_spanned!(site=> else { #body }));
            }
        }
        self.branch_results.pop();
        self.after_arms(before, branch, inst);
        self.assigned.extend(elsewhere);
        tokens
    }

    /// The variables after the arms: what some arm assigned is known only as the branch's result.
    fn after_arms(
        &mut self,
        before: crate::hash::HashMap<crate::ir::BindingId, ValueId>,
        branch: &Branch,
        inst: &Inst,
    ) {
        self.holds.retain(|binding, value| before.get(binding) == Some(value));
        for (binding, value) in before {
            if self.assigned.contains(&binding) {
                self.holds.remove(&binding);
            } else {
                self.holds.insert(binding, value);
            }
        }
        for (role, &result) in branch.roles.iter().zip(&inst.results) {
            if let Role::Merge(_) = role {
                self.arrive_inside(result);
            }
        }
    }

    /// An arm of the user's: its statements, what a transform wants of it, its value.
    fn user_arm(&mut self, branch: &'f Branch, arm: &'f Region) -> TokenStream {
        let results = self.branch_results.last().cloned().unwrap_or_default();
        let before = self.holds.clone();
        let diverges =
            arm.insts.iter().any(crate::lower::diverges) || self.has_no_value(branch, arm);
        let body = self.nested(arm, |printer| {
            let value = printer.arm_result(branch, arm, diverges);
            if diverges {
                return value;
            }
            printer.arm_extras(branch, arm, &results).map_or(value, |last| printer.inlined(last))
        });
        for (binding, value) in &self.holds {
            if before.get(binding).is_some_and(|old| old != value) {
                self.assigned.insert(*binding);
            }
        }
        self.holds = before;
        body
    }

    /// Whether an arm has no value where one is wanted: it never ends.
    fn has_no_value(&self, branch: &Branch, arm: &Region) -> bool {
        let at = branch.roles.iter().position(|role| *role == Role::Value);
        let value = at.and_then(|at| arm.yields.get(at)).copied();
        let inst = value.and_then(|value| self.definitions.get(&value));
        inst.is_some_and(|inst| {
            let never = value.is_some_and(|value| self.function.values[value].hint == "never");
            never && inst.syntax.is_none() && matches!(inst.kind, Kind::Const(_))
        })
    }

    /// The value of an arm. Where what is assigned besides comes out of a construct in it, that
    /// is evaluated first.
    fn arm_result(&mut self, branch: &Branch, arm: &'f Region, diverges: bool) -> TokenStream {
        let at = branch.roles.iter().position(|role| *role == Role::Value);
        let Some(&value) = at.and_then(|at| arm.yields.get(at)) else { return TokenStream::new() };
        let before = self.slots;
        let tokens = self.arm_value(value);
        let extras = branch.roles.iter().any(|role| matches!(role, Role::Extra | Role::ArmNumber));
        let assigns = self.slots > before;
        if !extras || !assigns || diverges || self.is_named(value) {
            return tokens;
        }
        let name = self.bind_name(value, tokens, false);
        quote_spanned!(Span::mixed_site()=> #name)
    }

    /// Assigns what a transform wants of an arm, or returns it to be the arm's value.
    fn arm_extras(
        &mut self,
        branch: &Branch,
        arm: &'f Region,
        results: &[ValueId],
    ) -> Option<TokenStream> {
        let mut last = None;
        for (n, (role, &yielded)) in branch.roles.iter().zip(&arm.yields).enumerate() {
            if matches!(role, Role::Extra | Role::ArmNumber) {
                let result = results.get(n).copied();
                let expression = self.extra(yielded);
                if result.is_some_and(|result| self.tails.contains(&result)) {
                    last = Some(expression);
                } else if let Some((name, _)) = result.and_then(|result| self.name_of(result)) {
                    self.push(quote_spanned!(Span::mixed_site()=> #name = #expression;));
                }
            }
        }
        last
    }

    /// What an arm gives or a loop carries besides the values: the tangent of `v.to_vec()` is a
    /// copy, too.
    pub(super) fn extra(&mut self, value: ValueId) -> TokenStream {
        let is_slice = matches!(self.function.values[value].ty.behind_refs(), Ty::Slice(_));
        // A slice is handed on as the reference to it.
        let expression = if is_slice { self.base(value) } else { self.read(value).tokens };
        if self.is_copy_of_slice(value) {
            return quote_spanned!(Span::mixed_site()=> (#expression).to_vec());
        }
        self.number_of(value, expression)
    }

    /// Whether a value without a name is a `Vec` that is made of a slice.
    pub(super) fn is_copy_of_slice(&self, value: ValueId) -> bool {
        let inst = self.definitions.get(&value).filter(|_| !self.is_named(value));
        inst.is_some_and(|inst| match inst.kind {
            Kind::Reborrow(of) => {
                let (from, to) = (&self.function.values[of].ty, &self.function.values[value].ty);
                inst.syntax.is_none() && matches!(to, Ty::Vec(_)) && from.ref_depth() > 0
            }
            _ => false,
        })
    }

    /// The tokens of an arm's value.
    fn arm_value(&mut self, value: ValueId) -> TokenStream {
        let definition = self.definitions.get(&value).copied();
        match definition {
            Some(inst) if inst.syntax.is_none() && matches!(inst.kind, Kind::Const(_)) => {
                TokenStream::new()
            }
            Some(_) => self.hole(value),
            None => self.read(value).tokens,
        }
    }

    /// A branch of the reverse sweep: `let (x_bar, y_bar) = if … { … } else { … };`
    pub(crate) fn generated_branch(&mut self, inst: &'f Inst, branch: &'f Branch) {
        let site = Span::mixed_site();
        let tokens = self.branch_expression(branch);
        let names: Vec<Ident> = inst
            .results
            .iter()
            .map(|&result| {
                let name = self.names.fresh(&self.function.values[result].hint);
                self.name_here(result, name.clone(), false);
                name
            })
            .collect();
        let statement = match names.as_slice() {
            [] => tokens,
            [name] => quote_spanned!(site=> let #name = #tokens;),
            names => quote_spanned!(site=> let (#(#names),*) = #tokens;),
        };
        self.push(statement);
        for (&result, name) in inst.results.iter().zip(&names) {
            if self.is_needed_outside(result) {
                self.bind_name(result, quote_spanned!(site=> #name), false);
            }
        }
    }

    fn branch_expression(&mut self, branch: &'f Branch) -> TokenStream {
        let site = Span::mixed_site();
        match (&branch.decision, branch.arms.as_slice()) {
            (Decision::If(cond), [yes, no]) => {
                let cond = self.holds(*cond).tokens;
                let yes = self.generated_arm(yes);
                let nested = self.else_if(no);
                if let Some(nested) = nested {
                    quote_spanned!(site=> if #cond { #yes } else #nested)
                } else {
                    let no = self.generated_arm(no);
                    if no.is_empty() {
                        quote_spanned!(site=> if #cond { #yes })
                    } else {
                        quote_spanned!(site=> if #cond { #yes } else { #no })
                    }
                }
            }
            (Decision::If(number) | Decision::Number(number), arms) => {
                let number = self.read(*number).tokens;
                let last = arms.len().saturating_sub(1);
                let mut printed = TokenStream::new();
                for (n, arm) in arms.iter().enumerate() {
                    let body = self.generated_arm(arm);
                    let n_pattern = Literal::usize_unsuffixed(n);
                    printed.extend(if n == last {
                        quote_spanned!(site=> _ => { #body })
                    } else {
                        quote_spanned!(site=> #n_pattern => { #body })
                    });
                }
                quote_spanned!(site=> match #number { #printed })
            }
            (Decision::User { .. }, _) => TokenStream::new(),
        }
    }

    /// `else if`, where the other arm is nothing but another branch.
    fn else_if(&mut self, region: &'f Region) -> Option<TokenStream> {
        let [inst] = region.insts.as_slice() else { return None };
        match &inst.kind {
            Kind::Branch(branch)
                if inst.syntax.is_none()
                    && inst.results == region.yields
                    && matches!(branch.decision, Decision::If(_)) =>
            {
                Some(self.branch_expression(branch))
            }
            _ => None,
        }
    }

    fn generated_arm(&mut self, arm: &'f Region) -> TokenStream {
        let before = self.holds.clone();
        let body = self.nested(arm, |printer| {
            let values: Vec<TokenStream> =
                arm.yields.iter().map(|&value| printer.read(value).tokens).collect();
            match values.as_slice() {
                [] => TokenStream::new(),
                [value] => printer.inlined(value.clone()),
                values => quote_spanned!(Span::mixed_site()=> (#(#values),*)),
            }
        });
        self.holds = before;
        body
    }
}

/// Whether an arm is nothing but another `if`.
fn is_else_if(body: &TokenStream, decision: &Decision, arm: &Region) -> bool {
    let is_if = matches!(decision, Decision::If(_) | Decision::User { .. })
        && arm
            .insts
            .last()
            .is_some_and(|inst| matches!(&inst.kind, Kind::Branch(inner) if inner.arms.len() == 2));
    let trees: Vec<TokenTree> = body.clone().into_iter().collect();
    let starts = matches!(trees.first(), Some(TokenTree::Ident(keyword)) if keyword == "if");
    let blocks = trees.iter().filter(|tree| is_braces(tree)).count();
    let elses =
        trees.iter().filter(|tree| matches!(tree, TokenTree::Ident(word) if word == "else"));
    let ends = trees.last().is_some_and(is_braces);
    let statement =
        trees.iter().any(|tree| matches!(tree, TokenTree::Punct(p) if p.as_char() == ';'));
    is_if && starts && ends && !statement && blocks == elses.count() + 1
}

fn is_braces(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

/// Whether the user wrote the second arm.
fn mentions_second(syntax: &Syntax, branch: &Branch) -> bool {
    use crate::ir::Piece;
    let is_statement_match = matches!(branch.decision, Decision::User { .. })
        && !syntax.pieces.iter().any(|piece| matches!(piece, Piece::Region(_)));
    is_statement_match
        || syntax.pieces.iter().any(|piece| matches!(piece, Piece::Region(1)))
        || (syntax.form == Form::Expr && branch.arms.len() > 2)
}
