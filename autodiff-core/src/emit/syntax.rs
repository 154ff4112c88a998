//! Prints the user's own tokens, with names in the holes whose values are needed elsewhere.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::quote_spanned;

use super::printed::unparenthesised;
use super::printer::Printer;
use super::signature::{Mention, mentioned};
use crate::ir::{
    Assertion, BindingId, CallForm, Effect, Form, Inst, Kind, Piece, Role, Syntax, Ty, ValueId,
};
use crate::lower::counting::CHECK;

impl<'f> Printer<'f> {
    /// A statement of the user's.
    pub(crate) fn user_statement(&mut self, inst: &'f Inst, syntax: &'f Syntax) {
        self.effect_pending = false;
        match &inst.kind {
            Kind::Branch(branch) => self.user_branch_statement(inst, branch, syntax),
            Kind::Declare(binding) => self.declare(*binding, inst, syntax),
            Kind::Loop(of) => self.user_loop(inst, of, syntax),
            Kind::Run(of) => self.run_loop(inst, of),
            _ if self.is_unread_let(inst, syntax) => {}
            _ => {
                let tokens = self.template(inst, syntax);
                self.push(tokens);
                inst.results.iter().for_each(|&result| self.arrive(result));
                self.note_borrow(inst, syntax);
            }
        }
        self.settle_arrived();
        self.pending.clear();
        self.effect_pending = false;
    }

    /// A `let` whose variables nothing printed reads, and whose expression does nothing else.
    fn is_unread_let(&self, inst: &Inst, syntax: &Syntax) -> bool {
        let is_let = matches!(syntax.pieces.first(), Some(Piece::Tokens(tokens))
            if tokens.to_string() == "let");
        let unread = inst.results.iter().all(|&result| {
            let home = self.function.values[result].home.as_ref();
            let read = self.was_used(result) || self.needs.contains(result);
            !read && home.is_none_or(|home| self.uses.definers(home.binding) < 2)
        });
        is_let
            && matches!(inst.kind, Kind::Bind(_))
            && unread
            && !syntax.pieces.iter().any(|piece| self.acts(piece))
    }

    /// Whether printing a piece prints something that acts, or is read elsewhere.
    fn acts(&self, piece: &Piece) -> bool {
        match piece {
            Piece::Value(value) | Piece::Parens(value) => {
                let inst = self.definitions.get(value);
                !self.printed.contains(*value)
                    && inst.is_some_and(|inst| {
                        self.needs.contains(*value)
                            || self.is_effect(inst)
                            || inst.syntax.as_ref().is_some_and(|syntax| {
                                syntax.pieces.iter().any(|piece| self.acts(piece))
                            })
                    })
            }
            Piece::Group(_, inner) | Piece::Assumed(inner) => {
                inner.iter().any(|piece| self.acts(piece))
            }
            Piece::Region(_) => true,
            Piece::Tokens(_)
            | Piece::Checked(..)
            | Piece::Asserted(..)
            | Piece::Mut(_)
            | Piece::Binder(_)
            | Piece::Runtime(_)
            | Piece::Before(_) => false,
        }
    }

    /// `let a;`, where an assignment is left.
    fn declare(&mut self, binding: BindingId, inst: &'f Inst, syntax: &'f Syntax) {
        self.scope.push(binding);
        if self.uses.definers(binding) > 0 {
            let tokens = self.template(inst, syntax);
            self.push(tokens);
        }
    }

    /// An expression of the user's whose statement has not come yet, or was left out.
    pub(crate) fn user_expression(&mut self, inst: &'f Inst, syntax: &'f Syntax) {
        let value = value_of(inst);
        let mentioned = value.is_some_and(|value| self.uses.is_mentioned(value));
        if let Kind::Branch(branch) = &inst.kind
            && !mentioned
            && !value.is_some_and(|value| self.uses.is_read(value))
        {
            return self.user_branch_statement(inst, branch, syntax);
        }
        let Some(value) = value else {
            // A block whose value nobody reads: what is in it may still be needed.
            let tokens = self.template(inst, syntax);
            self.push(tokens);
            return;
        };
        if self.printed.contains(value) {
            return;
        }
        if mentioned {
            // What is read elsewhere is named where it is evaluated, and so is whatever acts
            // before it in the same statement: the order of evaluation stays.
            if self.holds_needed(inst) || self.is_companion_call(inst) {
                if self.has_effect_inside(inst) {
                    self.hoist_pending();
                }
                self.hoist(value, inst, syntax);
            } else if self.is_effect(inst) {
                self.pending.push(value);
            }
            return;
        }
        // Its statement was left out: only what is needed of it remains.
        let is_branch = matches!(inst.kind, Kind::Branch(_));
        if self.needs.contains(value) || is_branch {
            self.hoist(value, inst, syntax);
        } else if self.is_effect(inst) || syntax.pieces.iter().any(|piece| self.acts(piece)) {
            let tokens = self.template(inst, syntax);
            self.printed.mark(value);
            let companion = self.is_companion_call(inst);
            let writes = matches!(&inst.kind, Kind::Call(call) if !call.writes.is_empty());
            if matches!(inst.kind, Kind::Block(_)) {
                self.push(tokens);
            } else if writes && !companion {
                self.push(quote_spanned!(Span::mixed_site()=> #tokens;));
                self.arrive_written(inst);
            } else if crate::lower::diverges(inst) {
                self.push(quote_spanned!(Span::mixed_site()=> #tokens;));
            } else if !companion {
                let tokens = unparenthesised(tokens);
                self.push(quote_spanned!(Span::mixed_site()=> let _ = #tokens;));
            }
        }
        self.effect_pending = false;
    }

    /// Whether a result, or a value inside a block, is read elsewhere.
    fn holds_needed(&self, inst: &Inst) -> bool {
        inst.results.iter().any(|result| self.needs.contains(*result))
            || match &inst.kind {
                Kind::Block(region) => region.insts.iter().any(|inst| self.holds_needed(inst)),
                _ => false,
            }
    }

    /// Names what acts and has not been printed yet.
    fn hoist_pending(&mut self) {
        for value in std::mem::take(&mut self.pending) {
            if let Some(inst) = self.definitions.get(&value).copied()
                && let Some(syntax) = &inst.syntax
                && !self.printed.contains(value)
            {
                self.hoist(value, inst, syntax);
            }
        }
    }

    /// Whether a call is printed as one of a companion.
    fn is_companion_call(&self, inst: &Inst) -> bool {
        matches!(&inst.kind, Kind::Call(call)
            if !call.dots.is_empty() || matches!(call.form, CallForm::Split))
    }

    /// Binds a user's expression to a name before the statement that holds it.
    fn hoist(&mut self, value: ValueId, inst: &'f Inst, syntax: &'f Syntax) {
        if !self.is_named(value) {
            let tokens = self.template(inst, syntax);
            self.printed.mark(value);
            self.bind_expression(value, inst, tokens);
        }
    }

    fn bind_expression(&mut self, value: ValueId, inst: &'f Inst, tokens: TokenStream) {
        match &inst.kind {
            // It has named its results.
            Kind::Call(_) if self.is_companion_call(inst) => {}
            kind => {
                let is_reference = self.is_reference(value);
                let tokens = match kind {
                    Kind::Tuple(_) => tokens,
                    // A reference to a part stands for it only where rustc follows it.
                    Kind::Index(..) | Kind::Field(..) | Kind::Slice(..) if is_name(&tokens) => {
                        let part = self.function.values[value].ty.behind_refs();
                        if part.is_run_time_sized() {
                            quote_spanned!(Span::mixed_site()=> &*#tokens)
                        } else if self.is_structured_part(value) {
                            let private = self.facade.private();
                            quote_spanned!(Span::mixed_site()=> #private::kept(&*#tokens))
                        } else {
                            quote_spanned!(Span::mixed_site()=> *#tokens)
                        }
                    }
                    // What cannot be copied is borrowed.
                    Kind::Index(..) | Kind::Field(..) | Kind::Slice(..)
                        if self.function.values[value].ty.is_run_time_sized() =>
                    {
                        quote_spanned!(Span::mixed_site()=> &#tokens)
                    }
                    _ => unparenthesised(tokens),
                };
                self.bind_name(value, tokens, is_reference);
                self.settle_arrived();
            }
        }
    }

    /// The tokens of an instruction, holes filled.
    pub(crate) fn template(&mut self, inst: &'f Inst, syntax: &'f Syntax) -> TokenStream {
        self.use_operands(inst);
        self.end_borrows(&syntax.pieces);
        if let Kind::Call(call) = &inst.kind
            && let syn::Expr::MethodCall(method) = &*call.callee
            && call.writes.is_empty()
            && call.dots.is_empty()
            && matches!(call.form, CallForm::Primal)
            && let Some((receiver, rest)) = syntax.pieces.split_first()
            && (matches!(receiver, Piece::Tokens(_)) || is_variable(&method.receiver))
        {
            // Borrowed, so that rustc refuses a method that changes what nobody takes for changed.
            let (receiver, rest) =
                (self.pieces(std::slice::from_ref(receiver), inst), self.pieces(rest, inst));
            let site = Span::mixed_site().located_at(inst.span);
            return quote_spanned!(site=> (&#receiver) #rest);
        }
        if let Kind::Call(call) = &inst.kind
            && (!call.dots.is_empty() || matches!(call.form, CallForm::Split))
        {
            return self.companion_call(inst, call, syntax);
        }
        let tokens = match (&inst.kind, syntax.pieces.split_last()) {
            (Kind::Branch(branch), _) => self.user_branch(inst, branch, syntax),
            (Kind::Call(call), Some((Piece::Group(Delimiter::Parenthesis, args), _)))
                if call.is_operator() =>
            {
                let operands = self.passed(call, args, inst);
                self.operator_value(call, &operands)
            }
            (Kind::Call(call), Some((Piece::Group(Delimiter::Parenthesis, args), callee))) => {
                let (callee, args) = (self.pieces(callee, inst), self.passed(call, args, inst));
                quote_spanned!(inst.span=> #callee(#args))
            }
            _ => self.pieces(&syntax.pieces, inst),
        };
        if let (Kind::Update { .. } | Kind::Opaque { .. }, Form::Expr) = (&inst.kind, syntax.form) {
            inst.results.iter().skip(1).for_each(|&result| self.arrive_inside(result));
        }
        if self.is_effect(inst) {
            self.effect_pending = true;
        }
        tokens
    }

    pub(crate) fn pieces(&mut self, pieces: &'f [Piece], inst: &'f Inst) -> TokenStream {
        let mut tokens = TokenStream::new();
        let mut rest = pieces;
        while let Some((piece, behind)) = rest.split_first() {
            if let Some((arm, count)) = self.user_arm_with_pattern(rest, inst) {
                tokens.extend(arm);
                rest = rest.get(count..).unwrap_or_default();
                continue;
            }
            rest = behind;
            match piece {
                Piece::Checked(_, checked) if self.asserts => {
                    tokens.extend(checking(checked.clone(), &self.facade.private()));
                }
                Piece::Tokens(own) | Piece::Checked(own, _) => tokens.extend(own.clone()),
                Piece::Value(value) => tokens.extend(self.hole(*value)),
                Piece::Parens(value) => tokens.extend(self.parenthesised(*value)),
                Piece::Group(proc_macro2::Delimiter::None, inner) => {
                    tokens.extend(self.pieces(inner, inst));
                }
                Piece::Group(delimiter, inner) => {
                    let inner = self.pieces(inner, inst);
                    let mut group = Group::new(*delimiter, inner);
                    group.set_span(inst.span);
                    tokens.extend([TokenTree::Group(group)]);
                }
                Piece::Region(n) => tokens.extend(self.user_region(inst, *n)),
                Piece::Mut(binding) => tokens.extend(self.mutability(*binding)),
                Piece::Binder(value) => tokens.extend(self.binder(*value)),
                Piece::Assumed(inner) if !self.asserts => tokens.extend(self.pieces(inner, inst)),
                Piece::Assumed(inner) => {
                    let (inner, private) = (self.pieces(inner, inst), self.facade.private());
                    tokens.extend(quote_spanned!(inst.span=> #private::number(#inner)));
                }
                Piece::Asserted(..) if !self.asserts => {}
                Piece::Asserted(what, inner) => {
                    let (inner, private) = (self.pieces(inner, inst), self.facade.private());
                    tokens.extend(match what {
                        Assertion::Number => quote_spanned!(inst.span=> #private::number(#inner);),
                        Assertion::Sequence => {
                            quote_spanned!(inst.span=> #private::sequence(&#inner);)
                        }
                    });
                }
                Piece::Runtime(name) => {
                    let (private, site) = (self.facade.private(), Span::mixed_site());
                    let name = proc_macro2::Ident::new(name, site);
                    tokens.extend(quote_spanned!(site=> #private::#name));
                }
                Piece::Before(value) => {
                    self.printed.mark(*value);
                }
            }
        }
        tokens
    }

    fn parenthesised(&mut self, value: ValueId) -> TokenStream {
        let tokens = self.hole(value);
        let mut trees = tokens.clone().into_iter();
        let name = matches!(trees.next(), Some(TokenTree::Ident(_) | TokenTree::Literal(_)));
        if name && trees.next().is_none() {
            tokens
        } else {
            quote_spanned!(Span::mixed_site()=> (#tokens))
        }
    }

    /// The expression of a value in the tokens of another, or its name.
    pub(crate) fn hole(&mut self, value: ValueId) -> TokenStream {
        let tokens = self.hole_once(value);
        if self.is_made_here(value) && self.is_named(value) {
            // The user's code uses it up, and the reverse sweep reads it.
            let private = self.facade.private();
            return quote_spanned!(Span::mixed_site()=> #private::kept(&#tokens));
        }
        tokens
    }

    /// The same, of what may be used up.
    fn hole_once(&mut self, value: ValueId) -> TokenStream {
        let site = Span::mixed_site();
        if let Some((name, _)) = self.name_of(value) {
            return quote_spanned!(site=> #name);
        }
        // A parameter.
        let Some(inst) = self.definitions.get(&value).copied() else {
            return self.read(value).tokens;
        };
        let Some(syntax) = &inst.syntax else { return self.expression(value).tokens };
        // A variable that is bound by a statement of its own.
        if let (Form::Stmt, Some((_, variable))) = (syntax.form, self.use_home(value)) {
            return variable;
        }
        let pending = self.effect_pending;
        self.printed.mark(value);
        let tokens = self.template(inst, syntax);
        if let Some((name, _)) = self.name_of(value) {
            return quote_spanned!(site=> #name);
        }
        if !self.needs.contains(value) {
            return tokens;
        }
        if pending && self.has_effect_inside(inst) {
            return self.name_in_place(value, &tokens);
        }
        self.effect_pending = pending;
        let is_reference = self.is_reference(value);
        let name = self.bind_name(value, tokens, is_reference);
        quote_spanned!(site=> #name)
    }

    /// `{ name = expression; name }`: the order of evaluation stays as the user wrote it.
    fn name_in_place(&mut self, value: ValueId, tokens: &TokenStream) -> TokenStream {
        let name = self.names.fresh(&self.name_hint(value));
        let site = Span::mixed_site();
        self.push(quote_spanned!(site=> let #name;));
        let is_reference = self.is_reference(value);
        self.name_here(value, name.clone(), is_reference);
        quote_spanned!(site=> { #name = #tokens; #name })
    }

    /// `mut`, where the emitted code still needs it.
    fn mutability(&self, binding: BindingId) -> TokenStream {
        if self.uses.definers(binding) > 1 {
            quote_spanned!(Span::mixed_site()=> mut)
        } else {
            TokenStream::new()
        }
    }

    /// A variable of a pattern: `_` where nothing reads it.
    fn binder(&self, value: ValueId) -> TokenStream {
        let site = Span::mixed_site();
        let Some(home) = &self.function.values[value].home else {
            return quote_spanned!(site=> _);
        };
        if self.was_used(value) || self.uses.definers(home.binding) > 1 {
            let ident = &self.function.bindings[home.binding].ident;
            quote_spanned!(site=> #ident)
        } else {
            quote_spanned!(site=> _)
        }
    }

    /// Whether leaving an instruction out could be noticed.
    pub(crate) fn is_effect(&self, inst: &Inst) -> bool {
        match &inst.kind {
            Kind::Opaque { effect, .. } => *effect != Effect::Pure,
            Kind::Call(_) | Kind::Branch(_) | Kind::Block(_) | Kind::Update { .. } => true,
            // What went well once.
            Kind::Index(..) | Kind::Apply(..) if self.again => false,
            Kind::Index(of, index) => !self.is_in_bounds(*of, *index),
            Kind::Apply(op, _) => *op == crate::rules::Op::Clamp,
            _ => false,
        }
    }

    /// A constant index into an array is checked when the primal is compiled.
    fn is_in_bounds(&self, of: ValueId, index: ValueId) -> bool {
        let array = matches!(self.function.values[of].ty.behind_refs(), Ty::Array(..));
        array
            && self.definitions.get(&index).is_some_and(|inst| {
                matches!(&inst.kind, Kind::Opaque { expr, .. }
                    if matches!(**expr, syn::Expr::Lit(_)))
            })
    }

    /// Whether evaluating an expression, parts included, could be noticed.
    fn has_effect_inside(&self, inst: &Inst) -> bool {
        self.is_effect(inst)
            || inst.kind.operands().iter().any(|value| {
                self.definitions
                    .get(value)
                    .is_some_and(|part| part.syntax.is_some() && self.is_effect(part))
            })
    }
}

/// Whether the user's tokens name a variable.
pub(crate) fn mentions(pieces: &[Piece], name: &proc_macro2::Ident) -> bool {
    pieces.iter().any(|piece| match piece {
        Piece::Tokens(tokens) | Piece::Checked(tokens, _) => {
            mentioned(tokens, name) != Mention::None
        }
        Piece::Group(_, inner) | Piece::Assumed(inner) => mentions(inner, name),
        Piece::Value(_)
        | Piece::Asserted(..)
        | Piece::Parens(_)
        | Piece::Region(_)
        | Piece::Mut(_)
        | Piece::Binder(_)
        | Piece::Runtime(_)
        | Piece::Before(_) => false,
    })
}

/// Checked tokens with the path of the function that checks.
fn checking(tokens: TokenStream, private: &TokenStream) -> TokenStream {
    let each = tokens.into_iter().flat_map(|tree| match tree {
        TokenTree::Ident(ident) if ident == CHECK => {
            quote_spanned!(ident.span()=> #private::counted_by_method)
        }
        TokenTree::Group(group) => {
            let inner = checking(group.stream(), private);
            let mut changed = Group::new(group.delimiter(), inner);
            changed.set_span(group.span());
            TokenTree::Group(changed).into()
        }
        tree => tree.into(),
    });
    each.collect()
}

/// Whether tokens are one name.
fn is_name(tokens: &TokenStream) -> bool {
    let mut trees = tokens.clone().into_iter();
    matches!((trees.next(), trees.next()), (Some(TokenTree::Ident(_)), None))
}

/// The value of the user's expression among an instruction's results.
fn value_of(inst: &Inst) -> Option<ValueId> {
    match &inst.kind {
        Kind::Branch(branch) => {
            let at = branch.roles.iter().position(|role| *role == Role::Value)?;
            inst.results.get(at).copied()
        }
        _ => inst.results.first().copied(),
    }
}

/// Whether an expression is a variable.
fn is_variable(expr: &syn::Expr) -> bool {
    matches!(expr, syn::Expr::Path(path) if path.path.get_ident().is_some())
}
