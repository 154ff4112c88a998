//! Calls of methods of the user's types.

use proc_macro2::Delimiter;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

use super::operand::{Operand, Wrap, expression};
use super::{Lowered, Lowerer};
use crate::diagnostics::Refusal;
use crate::ir::{Active, BindingId, Call, CallForm, FloatTy, Kind, Piece, Ty, ValueId, Write};

impl Lowerer<'_> {
    /// A method that is none of `std`'s: it has companions, or rustc says that it has none. It
    /// reads its receiver only, unless the call is a statement, or nothing else could be what the
    /// receiver is `mut` for.
    pub(crate) fn user_method<'e>(
        &mut self,
        expr: &'e Expr,
        call: &'e ExprMethodCall,
    ) -> Lowered<Operand<'e>> {
        if self.changes_alone(call) {
            let y = self.changing_call(call, Active::Yes)?;
            return Ok(Operand::Computed(y, Wrap::Bare));
        }
        let marked = self.operands(std::iter::once(&*call.receiver).chain(&call.args))?;
        if marked.iter().all(|(operand, _)| operand.is_passive()) {
            return self.inert(expr);
        }
        let receiver = marked.first().map_or(Ty::Unknown, |(operand, _)| self.ty_of(operand));
        if !may_have_methods(receiver.behind_refs()) && !self.is_generic(&call.receiver) {
            if let (
                Ty::Float(FloatTy::Inferred),
                Some((Operand::Computed(value, _) | Operand::Read(value, _), _)),
            ) = (receiver.behind_refs(), marked.first())
            {
                // A guess: arithmetic that was taken for that of floats.
                self.found.receivers.push(*value);
                self.guessed_wrong(*value);
            }
            let refusal = Refusal::Method(call.method.to_string());
            return self.refuse(&refusal, call.method.span());
        }
        let (args, pieces): (Vec<ValueId>, Vec<Piece>) = self.settle(marked).into_iter().unzip();
        self.keep_all(args.get(1..).unwrap_or_default())?;
        let kind = self.method_kind(call, args, Vec::new());
        let syntax = Some(expression(super::method::method_pieces(call, pieces)));
        let (name, span) = (call.method.to_string(), call.method.span());
        let result = self.push_value((Ty::Unknown, &name, Active::Yes), kind, syntax, span);
        Ok(Operand::Computed(result, Wrap::Bare))
    }

    /// An operator of floats gave something with methods. It is noted here, as a loop that is refused
    /// is not there to tell.
    fn guessed_wrong(&mut self, value: ValueId) {
        let Some(inst) = self.insts.iter().rev().find(|inst| inst.results.contains(&value)) else {
            return;
        };
        let args: &[ValueId] = match &inst.kind {
            Kind::Bind(parts) => {
                let at = inst.results.iter().position(|&result| result == value);
                if let Some(&part) = at.and_then(|at| parts.get(at)) {
                    self.guessed_wrong(part);
                }
                return;
            }
            Kind::Apply(_, args) => args,
            _ => return,
        };
        let is_it = |untold: &&super::told::Untold| {
            untold.operands.len() == args.len()
                && untold
                    .operands
                    .iter()
                    .zip(args)
                    .all(|((of, path), arg)| of == arg && path.is_empty())
        };
        if let Some(untold) = self.found.operators.iter().rev().find(is_it) {
            self.facts.note_users(untold.syntax);
        }
    }

    /// Whether an expression is a parameter whose type is one of the function's.
    fn is_generic(&self, expr: &Expr) -> bool {
        self.variable(expr).is_some_and(|binding| self.generic.contains(&binding))
    }

    /// Whether an expression is a variable of a type that is not one of `std`'s.
    pub(crate) fn is_of_users_type(&self, expr: &Expr) -> bool {
        let version = self.variable(expr).and_then(|binding| self.scopes.version(binding));
        version.is_some_and(|version| {
            let part = self.function.part_ty(self.ty(version), self.alias_path(expr));
            is_users(part.behind_refs())
        })
    }

    fn method_kind(&self, call: &ExprMethodCall, args: Vec<ValueId>, writes: Vec<Write>) -> Kind {
        let references = args
            .iter()
            .enumerate()
            .map(|(at, &arg)| at == 0 || self.ty(arg).ref_depth() > 0)
            .collect();
        Kind::from(Call {
            callee: Box::new(Expr::MethodCall(call.clone())),
            foreign: None,
            form: CallForm::Primal,
            args,
            references,
            dots: Vec::new(),
            writes,
            dot_places: Vec::new(),
        })
    }

    /// Whether a statement calls a method of the user's that changes its receiver: what else
    /// would it be called for?
    pub(crate) fn steps_active(&self, call: &ExprMethodCall) -> bool {
        let Some(root) = self.root_binding(&call.receiver) else { return false };
        let Some(version) = self.scopes.version(root) else { return false };
        let ty = self.function.part_ty(self.ty(version), self.alias_path(&call.receiver));
        let ty = ty.behind_refs();
        let is_place = matches!(ty, Ty::Named(_))
            || matches!(ty, Ty::Unknown | Ty::Tuple(_))
            || matches!(&*call.receiver, Expr::Index(_) | Expr::Field(_));
        is_place
            && (!super::methods::is_known_method(&call.method) || self.is_structure(&call.receiver))
            && (self.is_active(version) || self.is_filled(root, call))
    }

    /// Whether something active is handed to a variable that can keep it: it is there to be read
    /// later, as in `sums.add(x)`.
    fn is_filled(&self, root: BindingId, call: &ExprMethodCall) -> bool {
        self.function.bindings[root].mutable && self.is_handed_active(call)
    }

    fn is_handed_active(&self, call: &ExprMethodCall) -> bool {
        let is_active =
            |arg: &Expr| self.scan(|scan| syn::visit::Visit::visit_expr(scan, arg)).active;
        call.args
            .iter()
            .any(|arg| !matches!(arg, Expr::Closure(_)) && !is_stopped(arg) && is_active(arg))
    }

    /// Whether a statement hands something active to a place that is not followed: the inside of
    /// a cell, or what another method borrows of a variable. Its derivative would be lost there.
    pub(crate) fn is_kept_unseen(&self, call: &ExprMethodCall) -> bool {
        let Some(root) = self.innermost(&call.receiver) else { return false };
        let Some(version) = self.scopes.version(root) else { return false };
        let is_inert = matches!(self.ty(version).behind_refs(), Ty::Inert);
        let may_keep = !self.is_active(version) && !is_inert;
        may_keep
            && !crate::chain::is_iterator(&call.receiver)
            && !super::methods::INERT_METHODS.contains(&call.method.to_string().as_str())
            && self.is_handed_active(call)
    }

    /// The variable that a chain of methods, fields and elements begins with.
    fn innermost(&self, expr: &Expr) -> Option<BindingId> {
        match expr {
            Expr::Path(path) => self.scopes.lookup(path.path.get_ident()?),
            Expr::MethodCall(of) => self.innermost(&of.receiver),
            Expr::Field(of) => self.innermost(&of.base),
            Expr::Index(of) => self.innermost(&of.expr),
            Expr::Paren(of) => self.innermost(&of.expr),
            _ => None,
        }
    }

    /// Whether a variable is `mut`, or a `&mut`, and nothing in the body but methods in expressions can
    /// change it: `let e = state.step(dt);`.
    pub(crate) fn changes_alone(&self, call: &ExprMethodCall) -> bool {
        let Some(version) = self.root_binding(&call.receiver).and_then(|root| {
            self.may_write_through(root).then(|| self.scopes.version(root)).flatten()
        }) else {
            return false;
        };
        let ty = self.place_ty(&call.receiver);
        ty.is_some_and(|ty| is_users(ty.behind_refs()))
            && self.is_active(version)
            && !super::methods::is_known_method(&call.method)
            && !self.evidence().is_changed(&call.receiver)
    }

    /// `state.step(dt);`: a new version of the variable.
    pub(crate) fn advance(&mut self, call: &ExprMethodCall) -> Lowered<()> {
        self.changing_call(call, Active::No).map(|_| ())
    }

    /// A call that makes a new version of its receiver, and what it gives.
    fn changing_call(&mut self, call: &ExprMethodCall, gives: Active) -> Lowered<ValueId> {
        let part = self.place(&call.receiver)?;
        let Some(of) = self.scopes.version(part.root) else {
            return self.refuse(&Refusal::MutBorrow, call.receiver.span());
        };
        let (mut args, mut pieces) = (vec![of], vec![Piece::Group(Delimiter::None, part.pieces)]);
        for arg in &call.args {
            let operand = self.expr(arg)?;
            let (value, piece) = self.settle_at(operand, self.insts.len());
            args.push(value);
            pieces.push(piece);
        }
        let span = call.method.span();
        let y = self.value(Ty::Unknown, &call.method.to_string(), span, gives);
        let ty = self.ty(of).clone();
        let version = self.version(part.root, ty, Active::Yes);
        let kind = self.method_kind(call, args, vec![Write { arg: 0, of, path: part.path }]);
        let syntax = Some(expression(super::method::method_pieces(call, pieces)));
        self.push(vec![y, version], kind, syntax, span);
        Ok(y)
    }
}

/// `stop_gradient(..)`.
pub(super) fn is_stopped(arg: &Expr) -> bool {
    let Expr::Call(call) = arg else { return false };
    let Expr::Path(path) = &*call.func else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == "stop_gradient")
}

/// Whether a type is one of the user's, as far as its name tells.
pub(super) fn is_users(ty: &Ty) -> bool {
    matches!(ty, Ty::Named(name) if !super::kept::is_option(name))
}

/// Whether a type may be one of the user's.
fn may_have_methods(ty: &Ty) -> bool {
    match ty {
        Ty::Named(name) => !is_container(&name.to_string()),
        Ty::Unknown => true,
        Ty::Float(_)
        | Ty::Inert
        | Ty::Tuple(_)
        | Ty::Array(..)
        | Ty::Slice(_)
        | Ty::Vec(_)
        | Ty::Ref(_)
        | Ty::Option(_) => false,
    }
}

/// The type that `Cell::new` and its kin make.
pub(super) fn container_made(function: &syn::ExprPath) -> Option<proc_macro2::TokenStream> {
    let mut segments = function.path.segments.iter().rev();
    let made = segments.next().is_some_and(|last| last.ident == "new" || last.ident == "default");
    let ty = segments.next().filter(|ty| made && is_container(&ty.ident.to_string()))?;
    Some(quote::ToTokens::to_token_stream(&ty.ident))
}

/// Types of `std` that could carry a value away unseen.
pub(super) fn is_container(name: &str) -> bool {
    const CONTAINERS: [&str; 11] = [
        "Cell", "RefCell", "Mutex", "RwLock", "Rc", "Arc", "HashMap", "BTreeMap", "VecDeque",
        "OnceCell", "Sender",
    ];
    let head = name.split(['<', ' ']).next().unwrap_or(name);
    CONTAINERS.contains(&head)
}
