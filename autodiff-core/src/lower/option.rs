//! `Option` and `Result`: constructors, patterns and methods. What one holds has the derivative;
//! an error has none.

use proc_macro2::{Delimiter, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Expr, ExprCall, ExprMethodCall, Pat};

use super::matching::binds;
use super::operand::{Operand, Wrap, commas, expression, tokens};
use super::pattern::Bound;
use super::{Lowered, Lowerer};
use crate::chain::Unread;
use crate::diagnostics::Refusal;
use crate::ir::{Kind, Piece, Ty, ValueId};

/// A variant of `Option` or `Result`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variant {
    /// `Some` or `Ok`.
    Success,
    /// `None` or `Err`.
    Failure,
}

/// The variant that a path names, if it is one of those of `std`.
pub(crate) fn variant(path: &syn::Path) -> Option<Variant> {
    let last = path.segments.last()?;
    let owner = path.segments.iter().rev().nth(1);
    let fits = |name: &str| owner.is_none_or(|owner| owner.ident == name);
    match () {
        () if last.ident == "Some" && fits("Option") => Some(Variant::Success),
        () if last.ident == "Ok" && fits("Result") => Some(Variant::Success),
        () if last.ident == "None" && fits("Option") => Some(Variant::Failure),
        () if last.ident == "Err" && fits("Result") => Some(Variant::Failure),
        () => None,
    }
}

/// The variant that a call constructs.
pub(crate) fn constructed(call: &ExprCall) -> Option<Variant> {
    match super::unparenthesised(&call.func) {
        Expr::Path(path) if call.args.len() == 1 => variant(&path.path),
        _ => None,
    }
}

impl Lowerer<'_> {
    /// `Some(x)` or `Ok(x)` of something active. An error that holds something active would carry
    /// it away from its derivative.
    pub(crate) fn construct_variant<'e>(
        &mut self,
        expr: &'e Expr,
        call: &'e ExprCall,
        variant: Variant,
    ) -> Lowered<Operand<'e>> {
        let marked = self.operands(&call.args)?;
        if marked.iter().all(|(operand, _)| operand.is_passive()) {
            return self.inert(expr);
        }
        if variant == Variant::Failure {
            return self.refuse(&Refusal::ActiveError, call.args.span());
        }
        let Some((value, piece)) = self.settle(marked).pop() else {
            return self.refuse(&Refusal::Expression, expr.span());
        };
        let pieces = vec![tokens(&call.func), Piece::Group(Delimiter::Parenthesis, vec![piece])];
        let ty = Ty::Option(Box::new(self.ty(value).clone()));
        Ok(self.linear(value, ty, Kind::Wrap(value), pieces, call.span()))
    }

    fn linear<'e>(
        &mut self,
        value: ValueId,
        ty: Ty,
        kind: Kind,
        pieces: Vec<Piece>,
        span: Span,
    ) -> Operand<'e> {
        let (hint, active) = (self.hint(value).to_owned(), self.function.values[value].active);
        let syntax = Some(expression(pieces));
        Operand::Computed(self.push_value((ty, &hint, active), kind, syntax, span), Wrap::Bare)
    }

    /// `Some(pattern)`, `Ok(pattern)`, `Err(pattern)` of a value of which some part is active.
    pub(crate) fn variant_pattern(
        &mut self,
        pattern: &syn::PatTupleStruct,
        value: ValueId,
        bound: &mut Bound,
    ) -> Lowered<()> {
        let (Some(variant), Some(inner), 1) =
            (variant(&pattern.path), pattern.elems.first(), pattern.elems.len())
        else {
            return self.refuse_pattern(pattern.span());
        };
        if variant == Variant::Failure {
            bound.inert.extend(self.bind_inert(inner));
            return Ok(());
        }
        let Some(payload) = self.payload(value, None) else {
            return self.refuse_pattern(pattern.span());
        };
        self.refutable(inner, payload, bound)
    }

    /// What an `Option` holds; `None` where a value is known not to be one.
    fn payload(&mut self, value: ValueId, pieces: Option<(Vec<Piece>, Span)>) -> Option<ValueId> {
        if let Some(member) = self.held(value) {
            let part = self.field_part(value, member);
            if let (Some((pieces, _)), Some(inst)) = (pieces, self.insts.last_mut()) {
                inst.syntax = Some(expression(pieces));
            }
            return Some(part);
        }
        let ty = match self.ty(value).clone() {
            Ty::Option(inner) => *inner,
            // A call of another function: what it gives is an `Option`, as its use says.
            Ty::Unknown => {
                self.function.values[value].ty = Ty::Option(Box::new(Ty::Unknown));
                Ty::Unknown
            }
            _ => return None,
        };
        let (hint, active) = (self.hint(value).to_owned(), self.function.values[value].active);
        let span = pieces.as_ref().map_or(self.function.values[value].span, |(_, span)| *span);
        let syntax = pieces.map(|(pieces, _)| expression(pieces));
        Some(self.push_value((ty, &hint, active), Kind::Payload(value), syntax, span))
    }

    /// Whether a pattern of an active value, in a condition, is understood.
    pub(crate) fn active_let<'c>(&self, cond: &'c Expr) -> Option<&'c syn::ExprLet> {
        let Expr::Let(binding) = super::unparenthesised(cond) else { return None };
        let scan = self.scan(|scan| scan.visit_expr(&binding.expr));
        (scan.active && binds(&binding.pat)).then_some(binding)
    }

    /// A method of an `Option` or a `Result` that holds something active.
    pub(crate) fn option_method<'e>(
        &mut self,
        expr: &'e Expr,
        call: &'e ExprMethodCall,
    ) -> Option<Lowered<Operand<'e>>> {
        let name = call.method.to_string();
        if crate::chain::is_iterator(&call.receiver) {
            return None;
        }
        // What takes a float is no method of slices.
        let is_index =
            |arg: &Expr| !self.scan(|scan| scan.visit_expr(arg)).active && !is_float(arg);
        if name == "get" && !call.args.iter().all(is_index) {
            return None;
        }
        match (name.as_str(), call.args.len()) {
            ("unwrap", 0) | ("expect", 1) => Some(self.taken_out(call)),
            (OPTIONAL, 0) => Some(self.optional(call)),
            ("ok_or" | "ok_or_else" | "map_err", 1)
            | ("ok" | "copied" | "cloned" | "as_ref" | "as_deref", 0) => Some(self.converted(call)),
            ("get" | "map" | "and_then" | "unwrap_or" | "unwrap_or_else", 1)
            | ("map_or" | "map_or_else", 2)
            | ("first" | "last" | "unwrap_or_default", 0) => {
                Some(self.synthetic(expr, |lowerer| {
                    lowerer
                        .matched_method(call)
                        .ok_or(Unread { name: call.method.to_string(), span: call.method.span() })
                }))
            }
            _ => None,
        }
    }

    /// `let Some(x) = o else { panic!() };` as `let x = match o { Some(x) => x, _ => panic!() };`
    pub(crate) fn active_let_else(&mut self, local: &syn::Local) -> Lowered<()> {
        let Some(init) = &local.init else { return Ok(()) };
        let Some((keyword, otherwise)) = &init.diverge else { return Ok(()) };
        if matches!(local.pat, Pat::Type(_)) {
            return self.refuse(&Refusal::LetElse, local.let_token.span());
        }
        let site = Span::mixed_site().located_at(keyword.span());
        let bound = crate::structure::mentions::bound_by(&local.pat);
        let names: Vec<_> = bound.iter().map(|(ident, _)| ident).collect();
        let binders: Vec<_> =
            bound.iter().map(|(ident, mutable)| quote::quote!(#mutable #ident)).collect();
        let (value, pattern) = match (names.as_slice(), binders.as_slice()) {
            ([name], [binder]) => (quote::quote!(#name), quote::quote!(#binder)),
            _ => (quote::quote!((#(#names),*)), quote::quote!((#(#binders),*))),
        };
        let operand = self.synthetic(otherwise, |_| {
            let (of, mut plain) = (&init.expr, local.pat.clone());
            syn::visit_mut::VisitMut::visit_pat_mut(&mut Immutable, &mut plain);
            let written = quote_spanned!(site=> match #of { #plain => #value, _ => #otherwise });
            syn::parse2(written)
                .map_err(|_| Unread { name: "else".to_owned(), span: keyword.span() })
        });
        let operand = match operand {
            Ok(operand) => operand,
            Err(refused) => {
                self.poison(&local.pat);
                return Err(refused);
            }
        };
        let Ok(pat) = syn::parse::Parser::parse2(Pat::parse_single, pattern) else {
            return self.refuse(&Refusal::LetElse, local.let_token.span());
        };
        let operand = match operand {
            Operand::Computed(value, _) => Operand::Computed(value, Wrap::Bare),
            operand => operand,
        };
        self.structural_let(&syn::Local { pat, ..local.clone() }, operand)
    }

    /// The receiver, which holds something active, and its method, whose arguments hold nothing.
    fn receiver(&mut self, call: &ExprMethodCall) -> Lowered<(ValueId, Vec<Piece>)> {
        let scan = self.scan(|scan| call.args.iter().for_each(|arg| scan.visit_expr(arg)));
        let (hidden, refusal) = (scan.hides_derivative(), scan.refusal);
        if let Some((refusal, span)) = refusal {
            return self.refuse(&refusal, span);
        }
        if hidden {
            return self.refuse(&Refusal::HiddenAssignment, call.args.span());
        }
        let marked = self.operands([&*call.receiver])?;
        let Some((value, piece)) = self.settle(marked).pop() else {
            return self.refuse(&Refusal::Method(call.method.to_string()), call.method.span());
        };
        let mut pieces = vec![piece, tokens(call.dot_token), tokens(&call.method)];
        let args = call.args.iter().map(tokens).collect::<Vec<_>>();
        let mut args = commas(args);
        if call.args.len() == 1 {
            args.pop();
        }
        pieces.push(Piece::Group(Delimiter::Parenthesis, args));
        Ok((value, pieces))
    }

    /// `o.unwrap()`
    fn taken_out<'e>(&mut self, call: &'e ExprMethodCall) -> Lowered<Operand<'e>> {
        let (value, pieces) = self.receiver(call)?;
        match self.payload(value, Some((pieces, call.method.span()))) {
            Some(payload) => Ok(Operand::Computed(payload, Wrap::Bare)),
            None => self.refuse(&Refusal::Method(call.method.to_string()), call.method.span()),
        }
    }

    /// What an `Option` or a `Result` holds, as an `Option`.
    fn optional<'e>(&mut self, call: &'e ExprMethodCall) -> Lowered<Operand<'e>> {
        let (value, mut pieces) = self.receiver(call)?;
        pieces.truncate(1);
        let pieces = vec![Piece::Runtime("optional"), Piece::Group(Delimiter::Parenthesis, pieces)];
        if matches!(self.ty(value), Ty::Unknown) {
            self.function.values[value].ty = Ty::Option(Box::new(Ty::Unknown));
        }
        let ty = self.ty(value).clone();
        Ok(self.linear(value, ty, Kind::Wrap(value), pieces, call.method.span()))
    }

    /// `o.ok_or(error)`: the same value, which is absent in the same cases.
    fn converted<'e>(&mut self, call: &'e ExprMethodCall) -> Lowered<Operand<'e>> {
        for arg in &call.args {
            if self.is_active_error(arg)? {
                return self.refuse(&Refusal::ActiveError, arg.span());
            }
        }
        let (value, pieces) = self.receiver(call)?;
        let name = call.method.to_string();
        if self.held(value).is_some() && matches!(&*name, "as_ref" | "as_deref") {
            let name = self.another_name(value, pieces, call.method.span());
            return Ok(Operand::Computed(name, Wrap::Bare));
        }
        let ty = match self.ty(value).clone() {
            _ if self.held(value).is_some() => Ty::Unknown,
            Ty::Option(inner) if call.method == "copied" || call.method == "cloned" => {
                Ty::Option(Box::new(inner.behind_refs().clone()))
            }
            ty @ Ty::Option(_) => ty,
            Ty::Unknown => {
                let ty = Ty::Option(Box::new(Ty::Unknown));
                self.function.values[value].ty = ty.clone();
                ty
            }
            _ => {
                let refusal = Refusal::Method(call.method.to_string());
                return self.refuse(&refusal, call.method.span());
            }
        };
        Ok(self.linear(value, ty, Kind::Wrap(value), pieces, call.method.span()))
    }

    /// Whether an error, or what a closure makes one, would carry something active away.
    fn is_active_error(&mut self, arg: &Expr) -> Lowered<bool> {
        if !self.scan(|scan| scan.visit_expr(arg)).active {
            return Ok(false);
        }
        match arg {
            Expr::Closure(closure) if closure.inputs.is_empty() => {
                Ok(!self.expr(&closure.body)?.is_passive())
            }
            Expr::Closure(_) => Ok(true),
            made => Ok(!self.expr(made)?.is_passive()),
        }
    }

    /// A method as the `match` or `if` that it is.
    fn matched_method(&mut self, call: &ExprMethodCall) -> Option<Expr> {
        let site = Span::mixed_site().located_at(call.method.span());
        let (of, arg) = (self.or_result(&call.receiver), call.args.first());
        let mut fresh = |hint: &str| {
            let mut name = self.mentioned().names.fresh(hint);
            name.set_span(site);
            name
        };
        let some = quote_spanned!(site=> ::core::option::Option::Some);
        let none = quote_spanned!(site=> ::core::option::Option::None);
        let written = match (call.method.to_string().as_str(), arg) {
            ("get", Some(index)) => {
                let at = fresh("at");
                quote_spanned!(site=> {
                    let #at = #index;
                    if #at < #of.len() { #some(&#of[#at]) } else { #none }
                })
            }
            ("first", None) => {
                quote_spanned!(site=> { if #of.is_empty() { #none } else { #some(&#of[0]) } })
            }
            ("last", None) => quote_spanned!(site=>
                { if #of.is_empty() { #none } else { #some(&#of[#of.len() - 1]) } }
            ),
            ("map", Some(Expr::Closure(closure))) if closure.inputs.len() == 1 => {
                let (pattern, body) = (closure.inputs.first()?, &closure.body);
                quote_spanned!(site=>
                    { match #of { #some(#pattern) => #some(#body), #none => #none } }
                )
            }
            ("and_then", Some(Expr::Closure(closure))) if closure.inputs.len() == 1 => {
                let (pattern, body) = (closure.inputs.first()?, &closure.body);
                quote_spanned!(site=> { match #of { #some(#pattern) => #body, #none => #none } })
            }
            _ => self.or_else(call)?,
        };
        syn::parse2(written).ok()
    }

    /// What a method is called on, as an `Option`: of what other functions give, only rustc knows
    /// whether it is a `Result`.
    fn or_result(&self, receiver: &Expr) -> Expr {
        let is_given = match super::unparenthesised(receiver) {
            Expr::Call(call) => constructed(call).is_none(),
            Expr::MethodCall(call) => {
                let name = call.method.to_string();
                !is_of_option(&name) && !crate::chain::is_iterator(&call.receiver)
            }
            place => self
                .variable(place)
                .and_then(|binding| self.scopes.version(binding))
                .is_some_and(|version| self.is_of_call(version)),
        };
        if !is_given {
            return receiver.clone();
        }
        let method = syn::Ident::new(OPTIONAL, Span::mixed_site().located_at(receiver.span()));
        syn::parse_quote!(#receiver.#method())
    }

    /// Whether a call has given a value.
    fn is_of_call(&self, value: ValueId) -> bool {
        let inst = self.insts.iter().rev().find(|inst| inst.results.contains(&value));
        match inst.map(|inst| (&inst.kind, &inst.results)) {
            Some((Kind::Call(_), _)) => true,
            Some((Kind::Bind(parts), results)) => {
                let at = results.iter().position(|&result| result == value);
                at.and_then(|at| parts.get(at)).is_some_and(|&part| self.is_of_call(part))
            }
            _ => false,
        }
    }

    /// `unwrap_or`, `map_or` and their kin: what is given of what an `Option` holds, else another
    /// value, which is computed before it is known whether it is needed.
    fn or_else(&mut self, call: &ExprMethodCall) -> Option<TokenStream> {
        let site = Span::mixed_site().located_at(call.method.span());
        let (name, of) = (call.method.to_string(), self.or_result(&call.receiver));
        let mut fresh = |hint: &str| {
            let mut name = self.mentioned().names.fresh(hint);
            name.set_span(site);
            name
        };
        let (pattern, given) = if let ("map_or" | "map_or_else", Some(Expr::Closure(closure))) =
            (&*name, call.args.last())
        {
            let pattern = closure.inputs.first().filter(|_| closure.inputs.len() == 1)?;
            (pattern.to_token_stream(), closure.body.to_token_stream())
        } else if name.starts_with("map") {
            return None;
        } else {
            let value = fresh("value").to_token_stream();
            (value.clone(), value)
        };
        let some = quote_spanned!(site=> ::core::option::Option::Some(#pattern) => #given);
        let none = quote_spanned!(site=> ::core::option::Option::None);
        // A closure that is given an error says what the receiver is.
        if let ("unwrap_or_else" | "map_or_else", Some(Expr::Closure(closure))) =
            (&*name, call.args.first())
            && let (1, Some(error)) = (closure.inputs.len(), closure.inputs.first())
        {
            let (of, other) = (&call.receiver, &closure.body);
            let ok = quote_spanned!(site=> ::core::result::Result::Ok(#pattern) => #given);
            let failed = quote_spanned!(site=> ::core::result::Result::Err(#error) => #other);
            return Some(quote_spanned!(site=> { match #of { #ok, #failed } }));
        }
        Some(match (&*name, call.args.first()) {
            ("unwrap_or" | "map_or", Some(other)) if has_effect(other) && !has_effect(&of) => {
                let instead = fresh("instead");
                quote_spanned!(site=> { let #instead = #other; match #of { #some, #none => #instead } })
            }
            ("unwrap_or" | "map_or", Some(other)) if has_effect(other) => {
                let (option, instead) = (fresh("option"), fresh("instead"));
                quote_spanned!(site=> {
                    let #option = #of;
                    let #instead = #other;
                    match #option { #some, #none => #instead }
                })
            }
            ("unwrap_or" | "map_or", Some(other)) => {
                quote_spanned!(site=> { match #of { #some, #none => #other } })
            }
            ("unwrap_or_else" | "map_or_else", Some(Expr::Closure(closure)))
                if closure.inputs.is_empty() =>
            {
                let other = &closure.body;
                quote_spanned!(site=> { match #of { #some, #none => #other } })
            }
            ("unwrap_or_default", None) => quote_spanned!(site=>
                { match #of { #some, #none => ::core::default::Default::default() } }
            ),
            _ => return None,
        })
    }
}

/// Stands in rewritten code for the call that makes an `Option` of what may be a `Result`: no method
/// of the user's has this name.
const OPTIONAL: &str = "__optional";

/// Whether a method gives an `Option`, or is written as one that does.
fn is_of_option(method: &str) -> bool {
    const GIVING: [&str; 15] = [
        "get",
        "first",
        "last",
        "ok",
        "pop",
        "copied",
        "cloned",
        "as_ref",
        "as_mut",
        "as_deref",
        "map",
        "and_then",
        "filter",
        "checked_sub",
        OPTIONAL,
    ];
    GIVING.contains(&method)
}

/// Whether it matters when an expression is computed.
fn has_effect(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) | Expr::Path(_) => false,
        Expr::Field(of) => has_effect(&of.base),
        Expr::Unary(of) => !matches!(of.op, syn::UnOp::Neg(_)) || has_effect(&of.expr),
        _ => true,
    }
}

/// Removes `mut` from patterns.
struct Immutable;

impl syn::visit_mut::VisitMut for Immutable {
    fn visit_pat_ident_mut(&mut self, ident: &mut syn::PatIdent) {
        ident.mutability = None;
        syn::visit_mut::visit_pat_ident_mut(self, ident);
    }
}

/// The type of an expression that holds nothing active: whether it is an `Option`.
pub(crate) fn variant_ty(expr: &Expr) -> Option<Ty> {
    let unknown = || Some(Ty::Option(Box::new(Ty::Unknown)));
    match expr {
        Expr::Path(path) if path.path.segments.last().is_some_and(|it| it.ident == "None") => {
            variant(&path.path).and_then(|_| unknown())
        }
        Expr::Call(call) => constructed(call).and_then(|_| unknown()),
        _ => None,
    }
}

pub(super) fn is_float(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(syn::ExprLit { lit: syn::Lit::Float(_), .. }))
}
