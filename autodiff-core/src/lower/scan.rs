//! Looking through what is passed as it is written: what it reads and writes, and whether
//! anything in it could carry a derivative away unseen.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, Pat};

use super::methods::{INERT_METHODS, READING_METHODS, changes_receiver};
use super::operand::{Operand, Passive, Wrap};
use super::scope::Name;
use super::shadows::Shadows;
use super::{Lowered, Lowerer};
use crate::diagnostics::Refusal;
use crate::ir::{Active, BindingId, Effect, Kind, Ty, ValueId};
use crate::rules::Op;
use crate::structure::mentions::mentioned;

/// What a passive expression or statement does.
pub(crate) struct Scan<'l, 'd> {
    lowerer: &'l Lowerer<'d>,
    pub(crate) reads: Vec<ValueId>,
    pub(crate) writes: Vec<BindingId>,
    /// An active variable is read.
    pub(crate) active: bool,
    /// And more of it than how long it is.
    flows: bool,
    /// An active variable is written.
    pub(crate) writes_active: bool,
    pub(crate) effect: Effect,
    /// What must be refused wherever it stands.
    pub(crate) refusal: Option<(Refusal, Span)>,
    /// Whether what is scanned is lowered, not passed through: a method of a user's type that is
    /// no statement reads its receiver only, which rustc checks.
    pub(crate) lowered: bool,
    /// The method call that is being entered is a statement.
    at_statement: bool,
    /// Loops and closures entered: `break` and `return` inside them stay inside.
    loops: usize,
    closures: usize,
    /// Comparisons entered: of what is inside, a yes or no is left.
    comparisons: usize,
    /// Methods of arrays entered that count or compare.
    counts: usize,
    shadows: Shadows,
}

impl<'d> Lowerer<'d> {
    /// Scans one node.
    pub(crate) fn scan(&self, visit: impl FnOnce(&mut Scan<'_, 'd>)) -> Scan<'_, 'd> {
        let mut scan = Scan {
            lowerer: self,
            reads: Vec::new(),
            writes: Vec::new(),
            active: false,
            flows: false,
            writes_active: false,
            effect: Effect::Pure,
            refusal: None,
            lowered: false,
            at_statement: false,
            loops: 0,
            closures: 0,
            comparisons: 0,
            counts: 0,
            shadows: Shadows::default(),
        };
        visit(&mut scan);
        scan
    }

    /// An expression whose value needs no derivative: a condition, an index, a count. It may read
    /// active variables; it may not change or hand them on.
    pub(crate) fn inert<'e>(&mut self, expr: &'e Expr) -> Lowered<Operand<'e>> {
        let scan = self.scan(|scan| scan.visit_expr(expr));
        let hidden = scan.hides_derivative();
        let (reads, effect) = (scan.reads, scan.effect);
        let writes = !scan.writes.is_empty();
        if let Some((refusal, span)) = scan.refusal {
            return self.refuse(&refusal, span);
        }
        if hidden {
            return self.refuse(&Refusal::HiddenAssignment, expr.span());
        }
        let passive = Passive { expr, reads, effect, ty: self.inert_ty(expr) };
        if !writes {
            return Ok(Operand::Passive(passive));
        }
        let passive = Passive { effect: Effect::Any, ..passive };
        if is_control(expr) {
            // A statement: its variables get their versions where that is passed through.
            return Ok(Operand::Passive(passive));
        }
        Ok(self.writing(passive, &scan.writes))
    }

    /// What is known of the type of what needs no derivative.
    fn inert_ty(&self, expr: &Expr) -> Ty {
        match expr {
            Expr::Binary(binary) if super::expr::arithmetic(&binary.op).is_none() => Ty::Inert,
            Expr::Lit(_) => Ty::Inert,
            Expr::Paren(inner) => self.inert_ty(&inner.expr),
            Expr::MethodCall(call)
                if INERT_METHODS.contains(&call.method.to_string().as_str())
                    || crate::chain::is_inert_end(call) =>
            {
                Ty::Inert
            }
            Expr::Cast(cast) => super::types::spelled(&cast.ty, &self.known),
            Expr::Call(call) => match &*call.func {
                // `T::from_f64(2.0)`
                Expr::Path(path) if self.makes_float(path) => {
                    self.float_segment(path).map_or(Ty::Unknown, Ty::Float)
                }
                Expr::Path(path) => super::receiver::container_made(path)
                    .map(Ty::Named)
                    .or_else(|| super::option::variant_ty(expr))
                    .unwrap_or(Ty::Unknown),
                _ => super::option::variant_ty(expr).unwrap_or(Ty::Unknown),
            },
            _ => super::option::variant_ty(expr).unwrap_or(Ty::Unknown),
        }
    }

    /// Whether a function gives a float of the type that it is called of.
    fn makes_float(&self, path: &syn::ExprPath) -> bool {
        let name = super::call::name_of_owned(path);
        matches!(name.as_str(), "from" | "from_f64" | "zero" | "one")
            && self.float_segment(path).is_some()
    }

    /// An expression without a derivative that changes variables by the way: `next(&mut state)`.
    fn writing<'e>(&mut self, passive: Passive<'e>, writes: &[BindingId]) -> Operand<'e> {
        let (expr, span) = (passive.expr, passive.expr.span());
        let value = self.value(passive.ty, "value", span, Active::No);
        let mut results = vec![value];
        results.extend(writes.iter().map(|&binding| self.written(binding)));
        let syntax = super::operand::expression(vec![self.passed_through(expr)]);
        let kind = Kind::Opaque {
            expr: Box::new(expr.clone()),
            reads: passive.reads,
            effect: passive.effect,
        };
        self.push(results, kind, Some(syntax), span);
        Operand::Computed(value, Wrap::Bare)
    }

    /// Passed through if nothing active is in it, else refused.
    pub(crate) fn passive_or<'e>(
        &mut self,
        expr: &'e Expr,
        refusal: &Refusal,
    ) -> Lowered<Operand<'e>> {
        let scan = self.scan(|scan| scan.visit_expr(expr));
        if scan.active || scan.writes_active {
            return self.refuse(refusal, refusal_span(expr));
        }
        self.inert(expr)
    }
}

/// Whether an expression is a loop, a branch or a block.
fn is_control(expr: &Expr) -> bool {
    matches!(
        super::unparenthesised(expr),
        Expr::ForLoop(_)
            | Expr::While(_)
            | Expr::Loop(_)
            | Expr::If(_)
            | Expr::Match(_)
            | Expr::Block(_)
            | Expr::Assign(_)
            | Expr::Closure(_)
    )
}

fn is_comparison(op: &syn::BinOp) -> bool {
    use syn::BinOp::{Eq, Ge, Gt, Le, Lt, Ne};
    matches!(op, Eq(_) | Ne(_) | Lt(_) | Le(_) | Gt(_) | Ge(_))
}

/// The smallest token that shows what is refused.
fn refusal_span(expr: &Expr) -> Span {
    match expr {
        Expr::ForLoop(e) => e.for_token.span(),
        Expr::While(e) => e.while_token.span(),
        Expr::Loop(e) => e.loop_token.span(),
        Expr::Unsafe(e) => e.unsafe_token.span(),
        Expr::Closure(_) => first_token(expr),
        Expr::Struct(e) => e.path.span(),
        Expr::Index(e) => e.index.span(),
        Expr::Assign(e) => e.eq_token.span(),
        _ => expr.span(),
    }
}

fn first_token(expr: &Expr) -> Span {
    let first = quote::ToTokens::to_token_stream(expr).into_iter().next();
    first.map_or_else(|| expr.span(), |token| token.span())
}

impl Scan<'_, '_> {
    /// The variable from outside that a name means.
    fn find(&self, name: &Name) -> Option<BindingId> {
        self.lowerer.scopes.find(name).filter(|_| !self.shadows.hides(name))
    }

    fn add_effect(&mut self, effect: Effect) {
        self.effect = super::expr::worse(self.effect, effect);
    }

    fn refuse(&mut self, refusal: Refusal, span: Span) {
        self.refusal.get_or_insert((refusal, span));
    }

    fn read(&mut self, binding: BindingId) {
        if let Some((root, path)) = self.lowerer.aliases.get(&binding) {
            path.iter().for_each(|step| step.visit_operands(&mut |value| self.reads.push(value)));
            if *root != binding {
                return self.read(*root);
            }
        }
        if let Some(value) = self.lowerer.scopes.version(binding) {
            self.active |= self.lowerer.is_active(value);
            self.flows |= self.lowerer.is_active(value) && self.counts == 0;
            if !self.reads.contains(&value) {
                self.reads.push(value);
            }
        }
        // Whoever mentions a closure may call it.
        let lowerer = self.lowerer;
        if let Some(named) = lowerer.closures.get(&binding) {
            named.captures().for_each(|capture| self.read(capture));
            named.writes().iter().for_each(|&written| self.write(written));
        }
    }

    fn write(&mut self, binding: BindingId) {
        let binding = self.lowerer.aliased(binding);
        self.effect = Effect::Any;
        if let Some(value) = self.lowerer.scopes.version(binding) {
            self.writes_active |= self.lowerer.is_active(value);
        }
        if !self.writes.contains(&binding) {
            self.writes.push(binding);
        }
    }

    /// The variable at the root of a place.
    fn root(&self, place: &Expr) -> Option<BindingId> {
        match place {
            Expr::Path(path) => path.path.get_ident().and_then(|ident| self.find(&Name::of(ident))),
            Expr::Field(e) => self.root(&e.base),
            Expr::Index(e) => self.root(&e.expr),
            Expr::Paren(e) => self.root(&e.expr),
            Expr::Group(e) => self.root(&e.expr),
            Expr::Unary(e) => self.root(&e.expr),
            Expr::MethodCall(e) => self.root(&e.receiver),
            _ => None,
        }
    }

    fn write_root(&mut self, place: &Expr) {
        match place {
            Expr::Tuple(tuple) => tuple.elems.iter().for_each(|e| self.write_root(e)),
            Expr::Array(array) => array.elems.iter().for_each(|e| self.write_root(e)),
            _ => {
                self.effect = Effect::Any;
                if let Some(binding) = self.root(place) {
                    self.write(binding);
                }
            }
        }
    }

    /// What a macro that only reads evaluates: `assert!({ n += 1; n < 3 })`.
    fn macro_arguments(&mut self, mac: &syn::Macro) {
        let list = syn::punctuated::Punctuated::<Expr, syn::Token![,]>::parse_terminated;
        for argument in mac.parse_body_with(list).into_iter().flatten() {
            // `format!("{a}", a = x)` assigns nothing.
            let named = match &argument {
                Expr::Assign(named) => &*named.right,
                other => other,
            };
            let inner = self.lowerer.scan(|scan| {
                scan.shadows = self.shadows.clone();
                // What it gives is compared, or shown.
                scan.comparisons = 1;
                scan.visit_expr(named);
            });
            self.include(inner);
        }
    }

    /// Every variable that the tokens of a macro mention, format captures included.
    fn mentioned(&self, tokens: TokenStream) -> Vec<BindingId> {
        let named = |name: &Name| self.find(name);
        tokens
            .into_iter()
            .flat_map(|tree| match tree {
                TokenTree::Ident(ident) => named(&Name::of(&ident)).into_iter().collect(),
                TokenTree::Group(group) => self.mentioned(group.stream()),
                TokenTree::Literal(literal) => {
                    super::scope::format_captures(&literal).iter().filter_map(named).collect()
                }
                TokenTree::Punct(_) => Vec::new(),
            })
            .collect()
    }

    /// Whether an expression is known to be a float.
    fn is_float(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Lit(lit) => matches!(lit.lit, syn::Lit::Float(_)),
            Expr::Paren(e) => self.is_float(&e.expr),
            Expr::Group(e) => self.is_float(&e.expr),
            Expr::Unary(e) => self.is_float(&e.expr),
            Expr::Binary(e) => self.is_float(&e.left) || self.is_float(&e.right),
            Expr::MethodCall(e) => self.is_float(&e.receiver),
            Expr::Path(_) => self
                .root(expr)
                .and_then(|binding| self.lowerer.scopes.version(binding))
                .is_some_and(|v| matches!(self.lowerer.ty(v).behind_refs(), Ty::Float(_))),
            _ => false,
        }
    }

    fn is_active_expr(&self, expr: &Expr) -> bool {
        self.within(expr).active
    }

    /// Whether a derivative could be lost: something active is changed, or something active is
    /// read and a variable that may keep it is changed, in a way that is not followed.
    pub(crate) fn hides_derivative(&self) -> bool {
        let keeps = |&binding: &BindingId| {
            let version = self.lowerer.scopes.version(binding);
            version.is_some_and(|version| may_hold_float(self.lowerer.ty(version)))
        };
        self.writes_active || self.flows && self.writes.iter().any(keeps)
    }
}

/// Whether something of a type may hold floats, for all that is known of it.
fn may_hold_float(ty: &Ty) -> bool {
    match ty.behind_refs() {
        Ty::Float(_) | Ty::Named(_) | Ty::Unknown => true,
        Ty::Inert => false,
        Ty::Array(of, _) | Ty::Slice(of) | Ty::Vec(of) | Ty::Option(of) | Ty::Ref(of) => {
            may_hold_float(of)
        }
        Ty::Tuple(fields) => fields.iter().any(may_hold_float),
    }
}

impl<'l, 'd> Scan<'l, 'd> {
    /// Scans a part of what is being scanned on its own.
    fn within(&self, part: &Expr) -> Scan<'l, 'd> {
        let (lowerer, lowered) = (self.lowerer, self.lowered);
        lowerer.scan(|scan| {
            scan.lowered = lowered;
            scan.shadows = self.shadows.clone();
            scan.visit_expr(part);
        })
    }
}

impl<'ast> Visit<'ast> for Scan<'_, '_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Assign(e) => self.write_root(&e.left),
            Expr::Binary(e) if is_comparison(&e.op) => {
                self.comparisons += 1;
                visit::visit_expr(self, expr);
                self.comparisons -= 1;
                return;
            }
            Expr::Binary(e) => self.binary(e),
            Expr::Reference(e) if e.mutability.is_some() => self.write_root(&e.expr),
            Expr::MethodCall(e) if self.counts_items(e) => {
                self.method(e);
                self.counts += 1;
                visit::visit_expr(self, expr);
                self.counts -= 1;
                return;
            }
            Expr::MethodCall(e) => self.method(e),
            Expr::Call(e) => self.function_call(e),
            Expr::Index(_) => self.add_effect(Effect::MayPanic),
            Expr::Macro(_) | Expr::Struct(_) | Expr::Unsafe(_) => self.effect = Effect::Any,
            Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_) => {
                if let Expr::ForLoop(of) = expr
                    && let Some(binding) = self.root(&of.expr)
                    && self.lowerer.is_mut_reference(binding)
                {
                    self.write(binding);
                }
                self.effect = Effect::Any;
                self.loops += 1;
                visit::visit_expr(self, expr);
                self.loops -= 1;
                return;
            }
            Expr::Closure(_) => {
                self.closures += 1;
                visit::visit_expr(self, expr);
                self.closures -= 1;
                return;
            }
            Expr::Return(e) => self.exit("return", e.return_token.span()),
            Expr::Try(e) => self.exit("?", e.question_token.span()),
            Expr::Break(e) if self.loops == 0 || e.label.is_some() => {
                self.exit("break", e.break_token.span());
            }
            Expr::Continue(e) if self.loops == 0 || e.label.is_some() => {
                self.exit("continue", e.continue_token.span());
            }
            Expr::Await(e) => self.refuse(Refusal::Async, e.await_token.span()),
            Expr::Yield(e) => self.refuse(Refusal::Async, e.yield_token.span()),
            _ => {}
        }
        visit::visit_expr(self, expr);
    }

    fn visit_stmt(&mut self, stmt: &'ast syn::Stmt) {
        self.at_statement = matches!(stmt, syn::Stmt::Expr(Expr::MethodCall(_), _));
        visit::visit_stmt(self, stmt);
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        if let Some(binding) = path.path.get_ident().and_then(|ident| self.find(&Name::of(ident))) {
            let named = self.lowerer.closures.get(&binding);
            if named.is_some_and(|named| !named.writes().is_empty()) {
                self.refuse(Refusal::Closure, path.span());
            }
            self.read(binding);
        }
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.effect = Effect::Any;
        // What it is made of is evaluated, and nothing else happens.
        if let Some(parts) = super::vec::parts_of_vec(mac) {
            for part in &parts {
                let inner = self.within(part);
                self.include(inner);
            }
            return;
        }
        let may_write = !super::call::is_reading_macro(mac);
        if !may_write {
            self.macro_arguments(mac);
        }
        for binding in self.mentioned(mac.tokens.clone()) {
            self.read(binding);
            let root = self.lowerer.aliased(binding);
            if may_write && self.lowerer.function.bindings[root].mutable {
                self.write(binding);
            }
        }
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}

    fn visit_block(&mut self, block: &'ast syn::Block) {
        let mark = self.shadows.enter();
        visit::visit_block(self, block);
        self.shadows.leave(&mark);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        visit::visit_local(self, local);
        self.shadows.declare(&local.pat);
    }

    fn visit_expr_let(&mut self, condition: &'ast syn::ExprLet) {
        visit::visit_expr_let(self, condition);
        self.shadows.declare(&condition.pat);
    }

    fn visit_expr_if(&mut self, branch: &'ast syn::ExprIf) {
        let mark = self.shadows.enter();
        self.visit_expr(&branch.cond);
        self.visit_block(&branch.then_branch);
        self.shadows.leave(&mark);
        if let Some((_, otherwise)) = &branch.else_branch {
            self.visit_expr(otherwise);
        }
    }

    fn visit_expr_while(&mut self, of: &'ast syn::ExprWhile) {
        let mark = self.shadows.enter();
        visit::visit_expr_while(self, of);
        self.shadows.leave(&mark);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        let mark = self.shadows.enter();
        self.shadows.declare(&arm.pat);
        visit::visit_arm(self, arm);
        self.shadows.leave(&mark);
    }

    fn visit_expr_for_loop(&mut self, of: &'ast syn::ExprForLoop) {
        self.visit_expr(&of.expr);
        let mark = self.shadows.enter();
        self.shadows.declare(&of.pat);
        self.visit_pat(&of.pat);
        self.visit_block(&of.body);
        self.shadows.leave(&mark);
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        let mark = self.shadows.enter();
        closure.inputs.iter().for_each(|input| self.shadows.declare(input));
        visit::visit_expr_closure(self, closure);
        self.shadows.leave(&mark);
    }

    fn visit_pat(&mut self, pat: &'ast Pat) {
        if matches!(pat, Pat::Macro(_) | Pat::Const(_)) {
            self.effect = Effect::Any;
        }
        visit::visit_pat(self, pat);
    }
}

impl Scan<'_, '_> {
    /// What a part does, the whole does.
    fn include(&mut self, part: Scan<'_, '_>) {
        for read in part.reads {
            if !self.reads.contains(&read) {
                self.reads.push(read);
            }
        }
        for write in part.writes {
            self.write(write);
        }
        self.active |= part.active;
        self.flows |= part.flows;
        if let Some((refusal, span)) = part.refusal {
            self.refuse(refusal, span);
        }
    }

    fn exit(&mut self, what: &'static str, span: Span) {
        if self.closures == 0 {
            self.refuse(Refusal::Exit(what), span);
        }
    }

    fn binary(&mut self, e: &syn::ExprBinary) {
        match super::expr::arithmetic(&e.op) {
            _ if super::is_compound(&e.op) => self.write_root(&e.left),
            Some(_) if self.is_float(&e.left) || self.is_float(&e.right) => {}
            // Integer arithmetic may overflow.
            Some(_) => self.add_effect(Effect::MayPanic),
            None => {}
        }
    }

    /// `v.len()` of an array, a slice or a `Vec`: nothing of what is in it is read.
    fn counts_items(&self, call: &syn::ExprMethodCall) -> bool {
        matches!(call.method.to_string().as_str(), "len" | "is_empty")
            && self.is_sequence(&call.receiver)
    }

    /// A table method on what is known to be a float is pure; any other may do anything to a
    /// receiver that is `mut` or a `&mut`.
    fn method(&mut self, e: &syn::ExprMethodCall) {
        let at_statement = std::mem::take(&mut self.at_statement);
        let name = e.method.to_string();
        // `from_bits` makes a float of them again.
        if name == "to_bits" && self.comparisons == 0 && self.is_active_expr(&e.receiver) {
            self.refuse(Refusal::Method(name.clone()), e.method.span());
        }
        if name == "parse" && self.parses_active(&e.receiver) {
            self.refuse(Refusal::Method(name.clone()), e.method.span());
        }
        if INERT_METHODS.contains(&name.as_str()) {
            if !self.is_sequence(&e.receiver) {
                self.add_effect(Effect::MayPanic);
            }
            return;
        }
        if Op::from_method(&name).is_some() || name == "sin_cos" {
            if name == "clamp" || !self.is_float(&e.receiver) {
                self.add_effect(Effect::MayPanic);
            }
            return;
        }
        if READING_METHODS.contains(&name.as_str()) {
            self.add_effect(Effect::MayPanic);
            return;
        }
        // What counts or finds items changes none of them.
        let changes = |word: &String| word.ends_with("_mut") || word == "drain";
        if crate::chain::is_inert_end(e) && !mentioned(&e.receiver).iter().any(changes) {
            self.add_effect(Effect::MayPanic);
            return;
        }
        self.effect = Effect::Any;
        if let Some(binding) = self.root(&e.receiver)
            && (self.lowerer.may_write_through(binding) || self.lowerer.is_container(binding))
            && (at_statement
                || !self.lowered
                || changes_receiver(&name)
                || self.lowerer.changes_alone(e)
                || !self.has_companions(binding))
        {
            self.write(binding);
        }
        // An iterator of `std` calls its closures, and keeps nothing of what they read; so does a
        // sort.
        if crate::chain::is_iterator(&e.receiver) || super::rearrange::reorders(&name) {
            return;
        }
        let flows = |arg: &Expr| !super::receiver::is_stopped(arg) && self.is_active_expr(arg);
        let carried = e.args.iter().any(flows);
        if carried && !self.is_active_expr(&e.receiver) {
            self.refuse(Refusal::Method(name), e.method.span());
        }
    }

    /// Whether what is read as a number may be the text of something active.
    fn parses_active(&self, text: &Expr) -> bool {
        let names = crate::structure::mentions::mentioned(text);
        let mut texts = self.lowerer.evidence().texts_in(&names);
        let is_active = |binding: BindingId| {
            let version = self.lowerer.scopes.version(self.lowerer.aliased(binding));
            version.is_some_and(|version| self.lowerer.is_active(version))
        };
        self.is_active_expr(text)
            || texts.any(|given| self.mentioned(given.clone()).into_iter().any(is_active))
    }

    /// Whether a method of this variable is called through its companions: only what is active is.
    fn has_companions(&self, binding: BindingId) -> bool {
        let version = self.lowerer.scopes.version(self.lowerer.aliased(binding));
        version.is_some_and(|version| {
            let ty = self.lowerer.ty(version).behind_refs();
            self.lowerer.is_active(version) && matches!(ty, Ty::Named(_) | Ty::Unknown)
        })
    }

    /// Whether an expression is a variable known to be an array, a slice or a `Vec`.
    fn is_sequence(&self, expr: &Expr) -> bool {
        let version = self.root(expr).and_then(|binding| self.lowerer.scopes.version(binding));
        matches!(expr, Expr::Path(_))
            && version.is_some_and(|version| {
                let ty = self.lowerer.ty(version).behind_refs();
                matches!(ty, Ty::Array(..) | Ty::Slice(_) | Ty::Vec(_))
            })
    }

    /// A callee may write through every `&mut` that it is given.
    fn function_call(&mut self, e: &syn::ExprCall) {
        // What a value that a jump delivers is at first.
        if e.args.is_empty() && super::call::calls(e, "Default", &["default"]) {
            return;
        }
        if super::option::constructed(e).is_some() {
            return;
        }
        if let (Expr::Path(path), Some(text)) = (&*e.func, e.args.first())
            && path.path.segments.last().is_some_and(|last| last.ident == "from_str")
            && self.parses_active(text)
        {
            self.refuse(Refusal::Method("from_str".to_owned()), path.path.span());
        }
        self.effect = Effect::Any;
        for arg in &e.args {
            let place = match arg {
                Expr::Reference(borrow) => &*borrow.expr,
                arg => arg,
            };
            if let Some(binding) = self.root(place)
                && (self.lowerer.is_container(binding)
                    || matches!(arg, Expr::Path(_)) && self.lowerer.is_mut_reference(binding))
            {
                self.write(binding);
            }
        }
    }
}

impl Lowerer<'_> {
    /// Whether a method called on this variable could change what it holds.
    pub(crate) fn may_write_through(&self, binding: BindingId) -> bool {
        self.function.bindings[binding].mutable || self.is_mut_reference(binding)
    }

    /// Whether this variable is a cell or a map, which can be filled where it is not `mut`.
    fn is_container(&self, binding: BindingId) -> bool {
        let version = self.scopes.version(self.aliased(binding));
        version.is_some_and(|version| match self.ty(version).behind_refs() {
            Ty::Named(name) => super::receiver::is_container(&name.to_string()),
            _ => false,
        })
    }

    /// Whether this variable is a `&mut` reference, as far as its type is spelled.
    pub(crate) fn is_mut_reference(&self, binding: BindingId) -> bool {
        self.mut_references.contains(&binding) || self.aliases.contains_key(&binding)
    }
}
