//! Calls of functions, and macros.

use proc_macro2::Delimiter;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Expr, ExprCall};

use super::operand::{Operand, Wrap, commas, expression, tokens};
use super::{Lowered, Lowerer};
use crate::diagnostics::Refusal;
use crate::ir::{Active, Call, CallForm, FloatTy, Kind, Piece, Ty, ValueId, Write};
use crate::rules::Op;

impl Lowerer<'_> {
    pub(crate) fn call<'e>(&mut self, expr: &'e Expr, call: &'e ExprCall) -> Lowered<Operand<'e>> {
        if let Expr::Closure(closure) = unparenthesised(&call.func) {
            return self.closure_call(expr, call, closure);
        }
        if let Some(named) = self.closure_named(unparenthesised(&call.func)).cloned() {
            return self.named_call(expr, call, &named);
        }
        let scan = self.scan(|scan| scan.visit_expr(expr));
        if !scan.active && !scan.writes_active {
            return self.inert(expr);
        }
        if super::generate::is_from_fn(call) {
            return self.from_fn(expr, call);
        }
        let Expr::Path(path) = unparenthesised(&call.func) else {
            return self.refuse(&Refusal::IndirectCall, call.func.span());
        };
        if let Some(rule) = self.rule_of(path) {
            return self.foreign_call(expr, call, rule);
        }
        if let Some(op) = self.float_function(path) {
            return self.table_call(expr, call, path, op);
        }
        match name_of(path) {
            "stop_gradient" => self.inert(expr),
            "from" | "from_f64" if self.float_segment(path).is_some() => {
                self.float_from(expr, call, path)
            }
            _ => self.function_call(expr, call, path),
        }
    }

    /// `f64::max(x, y)`.
    fn table_call<'e>(
        &mut self,
        expr: &'e Expr,
        call: &'e ExprCall,
        path: &syn::ExprPath,
        op: Op,
    ) -> Lowered<Operand<'e>> {
        if call.args.len() != op.arity() {
            let refusal = Refusal::Arguments(name_of_owned(path), op.arity());
            return Err(self.diagnostics.leave_to_rustc(&refusal));
        }
        let marked = self.operands(&call.args)?;
        let syntax = super::operator::place(call);
        self.apply(op, syntax, marked, expr.span(), |pieces| call_pieces(call, pieces))
    }

    /// `f64::from(x)` of an `f32`, `T::from_f64(x)`; of an integer or a condition it needs no
    /// derivative.
    fn float_from<'e>(
        &mut self,
        expr: &'e Expr,
        call: &'e ExprCall,
        path: &syn::ExprPath,
    ) -> Lowered<Operand<'e>> {
        let marked = self.operands(&call.args)?;
        if marked.iter().all(|(operand, _)| operand.is_passive()) {
            return self.inert(expr);
        }
        if let (true, Some(operand), Some(float)) =
            (self.is_untold(&marked), call.args.first(), self.float_segment(path))
        {
            let whole = |pieces| vec![Piece::Group(Delimiter::None, pieces)];
            return self
                .counted_field((expr, operand), float, |pieces| call_pieces(call, whole(pieces)));
        }
        let (args, pieces): (Vec<ValueId>, Vec<Piece>) = self.settle(marked).into_iter().unzip();
        let (Some(&arg), Some(float)) = (args.first(), self.float_segment(path)) else {
            return self.refuse(&Refusal::Expression, expr.span());
        };
        let hint = self.hint(arg).to_owned();
        let result = self.push_value(
            (Ty::Float(float.clone()), &hint, Active::Yes),
            Kind::Cast(arg, float),
            Some(expression(call_pieces(call, pieces))),
            expr.span(),
        );
        Ok(Operand::Computed(result, Wrap::Bare))
    }

    /// `Box::new(x)`: its derivative is that of what is in it.
    fn boxed<'e>(&mut self, expr: &'e Expr, call: &'e ExprCall) -> Lowered<Operand<'e>> {
        let marked = self.operands(&call.args)?;
        if marked.iter().all(|(operand, _)| operand.is_passive()) {
            return self.inert(expr);
        }
        let (args, pieces): (Vec<ValueId>, Vec<Piece>) = self.settle(marked).into_iter().unzip();
        self.keep_all(&args)?;
        let Some(&inside) = args.first() else {
            return self.refuse(&Refusal::Expression, expr.span());
        };
        let hint = self.hint(inside).to_owned();
        let result = self.push_value(
            (Ty::Unknown, &hint, Active::Yes),
            Kind::Wrap(inside),
            Some(expression(call_pieces(call, pieces))),
            expr.span(),
        );
        Ok(Operand::Computed(result, Wrap::Bare))
    }

    /// A call of another annotated function.
    fn function_call<'e>(
        &mut self,
        expr: &'e Expr,
        call: &'e ExprCall,
        path: &syn::ExprPath,
    ) -> Lowered<Operand<'e>> {
        let name = name_of_owned(path);
        if let Some(variant) = super::option::constructed(call) {
            return self.construct_variant(expr, call, variant);
        }
        if name.starts_with(|c: char| c.is_uppercase()) {
            return self.tuple_struct(expr, call, path);
        }
        if calls(call, "Box", &["new"]) {
            return self.boxed(expr, call);
        }
        if calls(call, "mem", &["swap", "replace", "take"]) {
            return self.refuse(&Refusal::Exchange(name), call.func.span());
        }
        let local = path.path.get_ident().and_then(|ident| self.scopes.lookup(ident));
        if let Some(given) = local.and_then(|local| self.passed.get(&local)).cloned() {
            return self.passed_call(expr, call, given);
        }
        if local.is_some() {
            return self.refuse(&Refusal::LocalCall(name), call.func.span());
        }
        if path.path.get_ident().is_some() && self.inner.contains(&name) {
            return self.refuse(&Refusal::InnerFunction(name), call.func.span());
        }
        if call.args.iter().any(|arg| self.is_lent(arg)) {
            return self.call_with_writes(call, &name);
        }
        self.call_by(expr, call, (call.func.clone(), None), &name)
    }

    /// A call of a parameter, whose derivative comes with it.
    fn passed_call<'e>(
        &mut self,
        expr: &'e Expr,
        call: &'e ExprCall,
        given: Ty,
    ) -> Lowered<Operand<'e>> {
        let func = unparenthesised(&call.func);
        let name = func.to_token_stream().to_string();
        let callee = Box::new(syn::parse_quote!(&#func));
        let operand = self.call_by(expr, call, (callee, None), &name)?;
        if let Operand::Computed(result, _) = &operand {
            self.function.values[*result].ty = given;
        }
        Ok(operand)
    }

    /// A call whose derivative is that of `callee`.
    pub(super) fn call_by<'e>(
        &mut self,
        expr: &'e Expr,
        call: &'e ExprCall,
        (callee, foreign): (Box<Expr>, Option<Box<Expr>>),
        name: &str,
    ) -> Lowered<Operand<'e>> {
        let marked = self.operands(&call.args)?;
        // Only conditions, counts and texts are made of what is active.
        if marked.iter().all(|(operand, _)| operand.is_passive()) {
            return self.inert(expr);
        }
        if let Expr::Path(path) = unparenthesised(&callee)
            && is_of_primitive(path)
        {
            return self
                .refuse(&Refusal::Method(name.to_owned()), path.path.segments.last().span());
        }
        let (args, pieces): (Vec<ValueId>, Vec<Piece>) = self.settle(marked).into_iter().unzip();
        self.keep_all(&args)?;
        let references = args.iter().zip(&call.args).map(|(&arg, written)| {
            // `&(x * x)` is a reference as well.
            let borrows = matches!(unparenthesised(written), Expr::Reference(_));
            borrows || self.ty(arg).ref_depth() > 0
        });
        let references = references.collect();
        let kind = Kind::from(Call {
            callee,
            foreign,
            form: CallForm::Primal,
            args,
            references,
            dots: Vec::new(),
            writes: Vec::new(),
            dot_places: Vec::new(),
        });
        let syntax = Some(expression(call_pieces(call, pieces)));
        let result =
            self.push_value((Ty::Unknown, name, Active::Yes), kind, syntax, call.func.span());
        Ok(Operand::Computed(result, Wrap::Bare))
    }

    /// Whether an argument lends memory to the callee: `&mut place`, or a name of such a place.
    pub(super) fn is_lent(&self, arg: &Expr) -> bool {
        match unparenthesised(arg) {
            Expr::Reference(borrow) => {
                borrow.mutability.is_some() && self.root_binding(&borrow.expr).is_some()
            }
            arg => self.is_alias(arg),
        }
    }

    /// A call that writes through `&mut` arguments: new versions of their variables.
    fn call_with_writes<'e>(&mut self, call: &'e ExprCall, name: &str) -> Lowered<Operand<'e>> {
        let (mut args, mut pieces, mut writes) = (Vec::new(), Vec::new(), Vec::new());
        let span = call.func.span();
        for (at, arg) in call.args.iter().enumerate() {
            if !self.is_lent(arg) {
                let operand = self.expr(arg)?;
                let (value, piece) = self.settle_at(operand, self.insts.len());
                args.push(value);
                pieces.push(piece);
                continue;
            }
            let place = match unparenthesised(arg) {
                Expr::Reference(borrow) => &borrow.expr,
                place => place,
            };
            let part = self.place(place)?;
            let Some(of) = self.scopes.version(part.root) else {
                return self.refuse(&Refusal::MutBorrow, arg.span());
            };
            args.push(of);
            let mut own = part.pieces.clone();
            if let Expr::Reference(borrow) = unparenthesised(arg) {
                own.insert(0, tokens(borrow.mutability));
                own.insert(0, tokens(borrow.and_token));
            }
            pieces.push(Piece::Group(Delimiter::None, own));
            writes.push((part.root, Write { arg: at, of, path: part.path }));
        }
        self.keep_all(&args)?;
        let y = self.value(Ty::Unknown, name, span, Active::Yes);
        let mut results = vec![y];
        for (root, write) in &writes {
            let ty = self.ty(write.of).clone();
            results.push(self.version(*root, ty, Active::Yes));
        }
        let references = args.iter().map(|&arg| self.ty(arg).ref_depth() > 0).collect();
        let kind = Kind::from(Call {
            callee: call.func.clone(),
            foreign: None,
            form: CallForm::Primal,
            args,
            references,
            dots: Vec::new(),
            writes: writes.into_iter().map(|(_, write)| write).collect(),
            dot_places: Vec::new(),
        });
        self.push(results, kind, Some(expression(call_pieces(call, pieces))), span);
        Ok(Operand::Computed(y, Wrap::Bare))
    }

    /// A macro in a place where its value counts.
    pub(crate) fn macro_expr<'e>(
        &mut self,
        expr: &'e Expr,
        mac: &syn::Macro,
    ) -> Lowered<Operand<'e>> {
        let scan = self.scan(|scan| scan.visit_expr(expr));
        if scan.active && !is_reading_macro(mac) {
            if mac.path.is_ident("vec") {
                return self.refuse(&Refusal::Vec, mac.path.span());
            }
            let name = mac.path.segments.last().map(|segment| segment.ident.to_string());
            return self.refuse(&Refusal::Macro(name.unwrap_or_default()), mac.path.span());
        }
        self.inert(expr)
    }
}

/// Macros that only read what they are given, and give nothing that has a derivative.
pub(crate) fn is_reading_macro(mac: &syn::Macro) -> bool {
    let last = mac.path.segments.last().map(|segment| segment.ident.to_string());
    last.is_some_and(|name| READING_MACROS.contains(&name.as_str()) || is_panic(mac))
}

/// Macros that never return.
pub(crate) fn is_panic(mac: &syn::Macro) -> bool {
    let last = mac.path.segments.last().map(|segment| segment.ident.to_string());
    matches!(last.as_deref(), Some("panic" | "unreachable" | "todo" | "unimplemented"))
}

/// Whether a call is of one of these functions of a module or a trait: `mem::swap`.
pub(crate) fn calls(call: &ExprCall, module: &str, functions: &[&str]) -> bool {
    let Expr::Path(path) = unparenthesised(&call.func) else { return false };
    let mut segments = path.path.segments.iter().rev().map(|segment| segment.ident.to_string());
    let named = segments.next().is_some_and(|name| functions.contains(&name.as_str()));
    named && segments.next().is_some_and(|name| name == module)
}

/// `std::process::exit(1)`
pub(crate) fn ends_the_process(call: &ExprCall) -> bool {
    calls(call, "process", &["exit", "abort"])
}

const READING_MACROS: [&str; 15] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "print",
    "println",
    "eprint",
    "eprintln",
    "format",
    "matches",
    "write",
    "writeln",
    "concat",
];

pub(crate) fn unparenthesised(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(inner) => unparenthesised(&inner.expr),
        Expr::Group(inner) => unparenthesised(&inner.expr),
        _ => expr,
    }
}

pub(super) fn name_of_owned(path: &syn::ExprPath) -> String {
    path.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default()
}

/// Whether a path is that of a function of a primitive type, `f64::from_str_radix`: none of them
/// can be annotated.
fn is_of_primitive(path: &syn::ExprPath) -> bool {
    const TYPES: [&str; 17] = [
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8",
        "u16", "u32", "u64", "u128", "usize",
    ];
    let segments = &path.path.segments;
    segments.len() == 2 && segments.first().is_some_and(|of| TYPES.iter().any(|ty| of.ident == ty))
}

fn name_of(path: &syn::ExprPath) -> &'static str {
    match name_of_owned(path).as_str() {
        "stop_gradient" => "stop_gradient",
        "from" => "from",
        "from_f64" => "from_f64",
        _ => "",
    }
}

impl Lowerer<'_> {
    /// `f64` of `f64::sin`, `T` of `T::sin`.
    pub(super) fn float_segment(&self, path: &syn::ExprPath) -> Option<FloatTy> {
        if let Some(qself) = &path.qself {
            return match super::types::spelled(&qself.ty, &self.known) {
                Ty::Float(float) => Some(float),
                _ => None,
            };
        }
        let segment = path.path.segments.iter().rev().nth(1)?;
        match segment.ident.to_string().as_str() {
            "f32" => Some(FloatTy::F32),
            "f64" => Some(FloatTy::F64),
            _ => {
                let param = self.known.floats.iter().find(|param| **param == segment.ident);
                param.cloned().map(FloatTy::Param)
            }
        }
    }

    /// The row of `f64::sin`.
    fn float_function(&self, path: &syn::ExprPath) -> Option<Op> {
        self.float_segment(path)?;
        Op::from_method(&name_of_owned(path))
    }
}

pub(super) fn call_pieces(call: &ExprCall, pieces: Vec<Piece>) -> Vec<Piece> {
    let mut args = commas(pieces);
    if call.args.len() == 1 {
        args.pop();
    }
    vec![tokens(&call.func), Piece::Group(Delimiter::Parenthesis, args)]
}
