//! Prints calls of companions: the split, the pullback, the pushforward.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::Expr;

use super::higher;
use super::lend::Slots;
use super::printed::Tightness;
use super::printer::{Printer, Shadow};
use super::shown::{enclosed_at, shown_at};
use crate::ir::{Call, CallForm, Inst, Kind, Piece, Place, Step, Syntax, Ty, ValueId};

impl<'f> Printer<'f> {
    /// `let (y, pull) = callee::__split((..));` before the statement; the name of `y` in its place.
    pub(crate) fn companion_call(
        &mut self,
        inst: &'f Inst,
        call: &'f Call,
        syntax: &'f Syntax,
    ) -> TokenStream {
        let site = Span::mixed_site();
        let receiver = match (&*call.callee, syntax.pieces.first()) {
            (Expr::MethodCall(_), Some(first)) => {
                Some(self.pieces(std::slice::from_ref(first), inst))
            }
            _ => None,
        };
        let args = match syntax.pieces.last() {
            Some(Piece::Group(Delimiter::Parenthesis, inner)) => self.passed(call, inner, inst),
            _ => TokenStream::new(),
        };
        let own: Vec<ValueId> = inst
            .results
            .iter()
            .copied()
            .filter(|&result| self.function.values[result].home.is_none())
            .filter(|&result| !self.is_record_of_both(call, inst, result))
            .collect();
        let names: Vec<TokenStream> = own
            .iter()
            .map(|&result| {
                if !self.uses.is_read(result) && !self.uses.is_mentioned(result) {
                    return quote_spanned!(site=> _);
                }
                let name = self.names.fresh(&self.result_hint(inst, result));
                self.name_here(result, name.clone(), false);
                quote_spanned!(site=> #name)
            })
            .collect();
        let args = enclosed_at(tuple(&args), Some(located(call)));
        let given = self.given_twice(call);
        let passed = given.clone().unwrap_or_else(|| args.clone());
        let (method, payload) = if call.dots.is_empty() {
            ("__split".to_owned(), vec![passed])
        } else {
            let order = call.components().ilog2() as usize;
            (higher::pushforward(order), vec![passed, self.tangents(call)])
        };
        let called = self.called(&call.callee, receiver.as_ref(), &method, &payload);
        let call = match (&call.foreign, given) {
            (Some(foreign), Some(given)) => {
                super::foreign::by_rule(foreign, &given, &args, (&called, call.components()))
            }
            _ => called,
        };
        let unread = names.iter().all(|name| name.to_string() == "_");
        self.push(if unread {
            quote_spanned!(site=> #call;)
        } else {
            quote_spanned!(site=> let (#(#names),*) = #call;)
        });
        for (&result, name) in own.iter().zip(&names) {
            if self.is_needed_outside(result) {
                self.bind_name(result, name.clone(), false);
            }
        }
        self.arrive_written(inst);
        names.first().cloned().unwrap_or_default()
    }

    /// The variables that a call has written.
    pub(crate) fn arrive_written(&mut self, inst: &Inst) {
        for &result in &inst.results {
            if self.function.values[result].home.is_some() {
                self.arrive(result);
            }
        }
    }

    /// Whether a result of a call with tangents is a component of the record of a split: a tangent
    /// of the pullback computes it again.
    fn is_record_of_both(&self, call: &Call, inst: &Inst, result: ValueId) -> bool {
        let is_both = matches!(call.form, CallForm::Split) && call.is_tangent();
        let versions = call.versions();
        let mut own = inst.results.iter().enumerate().filter(|(at, _)| !versions.contains(at));
        is_both && own.position(|(_, &other)| other == result).is_some_and(|at| at % 2 == 1)
    }

    fn result_hint(&self, inst: &Inst, result: ValueId) -> String {
        let base = self.function.values[result].hint.clone();
        let is_first = inst.results.first() == Some(&result);
        if is_first && self.function.values[result].home.is_none() {
            return format!("{base}_value");
        }
        base
    }

    /// Each tangent as the companion expects it: a tuple for each component but the first, and one
    /// of those where there are several.
    pub(crate) fn tangents(&mut self, call: &'f Call) -> TokenStream {
        let site = located(call);
        let each: Vec<TokenStream> = call
            .dots
            .chunks(call.args.len().max(1))
            .enumerate()
            .map(|(n, component)| {
                let places = call.dot_places.get(n * call.lends().len()..).unwrap_or_default();
                self.tangents_of(call, component, places)
            })
            .collect();
        let tangents = match each.as_slice() {
            [one] => one.clone(),
            each => quote_spanned!(site=> (#(#each,)*)),
        };
        shown_at(tangents, site)
    }

    /// The tangents of one component; `None` where there is none, and of what is lent these places.
    fn tangents_of(
        &mut self,
        call: &'f Call,
        component: &'f [Option<ValueId>],
        places: &'f [Place],
    ) -> TokenStream {
        let site = located(call);
        let mut dots = TokenStream::new();
        let mut places = places.iter();
        for (at, dot) in component.iter().enumerate() {
            if call.is_lent(at) {
                let lent = match (places.next(), call.args.get(at)) {
                    (Some(place), _) => self.lent(place),
                    (None, Some(&arg)) => self.lent_before(*dot, arg),
                    (None, None) => continue,
                };
                dots.extend(quote_spanned!(site=> #lent,));
                continue;
            }
            if let Some(dot) = *dot
                && !call.writes.is_empty()
                && !self.is_named(dot)
                && self.function.values[dot].ty.ref_depth() == 0
            {
                // It may read memory that the call borrows.
                let value = self.read(dot).tokens;
                self.bind_name(dot, value, false);
            }
            dots.extend(if let Some(dot) = dot {
                let value = self.argument(*dot, call.references.get(at).copied().unwrap_or(false));
                quote_spanned!(site=> ::core::option::Option::Some(#value),)
            } else {
                quote_spanned!(site=> ::core::option::Option::None,)
            });
        }
        quote_spanned!(site=> (#dots))
    }

    /// The value of an operator alone: what rustc finds it by has no other way to it.
    pub(crate) fn operator_value(&self, call: &Call, operands: &TokenStream) -> TokenStream {
        let split = self.companion_path(&call.callee, "__split", &[tuple(operands)]);
        quote_spanned!(Span::mixed_site()=> (#split).0)
    }

    /// A call of a companion: of a method on its receiver, of a function by its path.
    pub(crate) fn called(
        &self,
        callee: &Expr,
        receiver: Option<&TokenStream>,
        method: &str,
        payload: &[TokenStream],
    ) -> TokenStream {
        match receiver {
            Some(receiver) => companion_method(callee, receiver, method, payload),
            None => self.companion_path(callee, method, payload),
        }
    }

    /// `{ use NotAnnotated as callee; { use path as callee; callee::method(callee, ..) } }`
    ///
    /// An import brings whatever namespaces its name has. Where the function has no companions
    /// there is no type of its name, and `callee` falls back to the one whose use is an error.
    /// Where the two are of different functions, the companion tells by the one that is passed.
    pub(crate) fn companion_path(
        &self,
        callee: &Expr,
        method: &str,
        payload: &[TokenStream],
    ) -> TokenStream {
        let site = Span::mixed_site();
        if let Some(name) = super::passed::passed(callee) {
            return super::passed::call(name, method, payload, &self.facade.private());
        }
        let Expr::Path(path) = crate::lower::unparenthesised(callee) else {
            return quote!(#callee);
        };
        let span = path.path.segments.last().map_or(site, |segment| segment.ident.span());
        if crate::ir::is_operator(callee) {
            return super::lend::operation(&path.path, method, payload);
        }
        let method = Ident::new(method, span);
        let alias = Ident::new("__callee", span);
        let mut bare = path.path.clone();
        let turbofish = bare.segments.last_mut().map(|last| std::mem::take(&mut last.arguments));
        let turbofish = turbofish.unwrap_or_default();
        let private = self.facade.private();
        let (turbofish, extended) = match turbofish {
            syn::PathArguments::AngleBracketed(mut args) => {
                args.colon2_token = Some(syn::token::PathSep::default());
                let own = quote!(#args);
                args.args.push(syn::parse_quote!(_));
                (own, quote!(#args))
            }
            _ => (TokenStream::new(), TokenStream::new()),
        };
        if let Some(owner) = owner(path) {
            let name = path.path.segments.last().map(|last| crate::lower::plain_name(&last.ident));
            let name = format!("{method}_{}", name.unwrap_or_default());
            let method = Ident::new(&name, span);
            let arguments = in_parentheses(payload, span);
            return quote!(#owner::#method #turbofish #arguments);
        }
        let passed = quote_spanned!(site=> #alias #turbofish);
        let payload: Vec<TokenStream> =
            [passed].into_iter().chain(payload.iter().cloned()).collect();
        let arguments = in_parentheses(&payload, span);
        // Of higher order, the callee may not have it: then a trait does, whose bound says so.
        let needs = higher::trait_of(&method.to_string())
            .map(|name| quote_spanned!(site=> use #private::#name as _;));
        // Once is enough: in the companion that every function has, and nobody reads.
        let understood =
            self.asserts.then(|| quote_spanned!(site=> #private::understood::<#alias>();));
        let name = bare.segments.last().map(|last| crate::lower::plain_name(&last.ident));
        let fallback = Ident::new(higher::fallback(&name.unwrap_or_default()), site);
        quote_spanned!(site=> {
            use #private::#fallback as __callee;
            {
                #needs
                use #bare as __callee;
                #understood
                #alias::#method #extended #arguments
            }
        })
    }

    /// A generated call: the pullback of an earlier split.
    pub(crate) fn generated_call(&mut self, inst: &'f Inst, call: &'f Call) {
        let CallForm::Pullback { record, y_bar, targets, .. } = &call.form else { return };
        if call.is_tangent() {
            return self.higher_call(inst, call);
        }
        let site = located(call);
        let pull = self.read(*record).tokens;
        let y_bar = self.handed(*y_bar);
        let args: Vec<TokenStream> = call
            .args
            .iter()
            .enumerate()
            .map(|(at, &arg)| {
                // Memory that was lent to the callee is not handed out again.
                if call.is_lent(at) {
                    return quote!(());
                }
                self.argument(arg, call.references.get(at).copied().unwrap_or(false))
            })
            .collect();
        let Slots { pattern, accumulators, absorbed } = self.slots(call, targets, &inst.results);
        // What the callee does not differentiate is shown where it is called.
        let accumulators = shown_at(accumulators, site);
        let call = quote_spanned!(site=> #pull((#(#args,)*), #y_bar, (#accumulators)));
        let empty = inst.results.iter().all(|result| self.added.contains(*result));
        self.push(if empty && absorbed.is_empty() {
            quote_spanned!(site=> #call;)
        } else {
            quote_spanned!(site=> let (#pattern) = #call;)
        });
        if !absorbed.is_empty() {
            self.push(absorbed);
        }
    }

    /// The cotangent of a result, which a pullback uses up: of an element, a copy.
    fn handed(&mut self, y_bar: ValueId) -> TokenStream {
        let tokens = self.read(y_bar).tokens;
        let private = self.facade.private();
        let untold = matches!(self.function.values[y_bar].ty, Ty::Unknown | Ty::Named(_));
        let is_element = match self.definitions.get(&y_bar).map(|inst| &inst.kind) {
            Some(Kind::Load(place)) => place.path.iter().any(|step| matches!(step, Step::Index(_))),
            Some(Kind::Index(..)) => true,
            _ => false,
        };
        if untold && is_element && !self.is_named(y_bar) {
            return quote_spanned!(Span::mixed_site()=> #private::kept(&#tokens));
        }
        tokens
    }

    /// The cotangent of a float is returned; that of an aggregate is added to a fresh zero.
    pub(crate) fn value_target(
        &mut self,
        arg: ValueId,
        result: ValueId,
        site: Span,
    ) -> (TokenStream, TokenStream) {
        if let Some(accumulator) = self.handed_on.get_mut(&result).and_then(Option::take) {
            self.added.mark(result);
            return (unit(), quote_spanned!(site=> #accumulator,));
        }
        let mut name = self.names.fresh(&self.function.values[result].hint);
        name.set_span(site);
        let ty = self.function.values[arg].ty.behind_refs().clone();
        self.name_here(result, name.clone(), false);
        if matches!(ty, Ty::Float(_) | Ty::Unknown) {
            let private = self.facade.private();
            let returned = quote_spanned!(site=> #private::returned(),);
            return (quote_spanned!(site=> #name,), returned);
        }
        let like = self.measured(arg, &ty);
        let sum = super::shape::sum(&ty, &like, self.facade);
        self.push(quote_spanned!(site=> let mut #name = #sum;));
        self.added.mark(result);
        let some = quote_spanned!(site=> ::core::option::Option::Some(&mut #name),);
        (unit(), some)
    }

    /// A value that something is to be like: of a slice the reference will do.
    fn measured(&mut self, value: ValueId, ty: &Ty) -> TokenStream {
        if let (Ty::Slice(_) | Ty::Vec(_), None) = (ty, self.name_of(value))
            && let Some((plain, _)) = self.use_home(value)
        {
            return plain;
        }
        self.read(value).at_least(Tightness::Atom)
    }

    /// What is returned for an argument without a cotangent: nothing, but for floats.
    pub(crate) fn ignored(&self, arg: ValueId) -> (TokenStream, TokenStream) {
        let site = Span::mixed_site();
        let slot = match self.function.values[arg].ty.behind_refs() {
            Ty::Float(_) | Ty::Unknown => quote_spanned!(site=> _,),
            Ty::Inert
            | Ty::Tuple(_)
            | Ty::Array(..)
            | Ty::Slice(_)
            | Ty::Vec(_)
            | Ty::Option(_)
            | Ty::Named(_)
            | Ty::Ref(_) => unit(),
        };
        (slot, quote_spanned!(site=> ::core::option::Option::None,))
    }

    /// `&mut u_bar[lo..hi]`
    pub(super) fn lent(&mut self, place: &Place) -> TokenStream {
        let site = Span::mixed_site();
        let target = self.target(place);
        quote_spanned!(site=> &mut #target)
    }

    /// `Some(&mut v_bar)`, in whatever way the shadow is reached.
    pub(crate) fn accumulator(&mut self, place: &Place, site: Span) -> TokenStream {
        let name = self.shadow_name(place.var);
        let root = quote_spanned!(site=> #name);
        match self.shadows.get(&place.var) {
            Some(Shadow::Accumulator(_)) if place.path.is_empty() => {
                let accumulator = self.accumulator_now(place.var, &name);
                quote_spanned!(site=> #accumulator,)
            }
            Some(Shadow::Accumulator(_)) => {
                let accumulator = self.accumulator_now(place.var, &name);
                let inner = quote_spanned!(site=> shadow);
                let part = self.place(place, &inner);
                quote_spanned!(site=> #accumulator.map(|shadow| &mut #part),)
            }
            Some(Shadow::Buffer(_) | Shadow::Sum(_)) if place.path.is_empty() => {
                quote_spanned!(site=> ::core::option::Option::Some(&mut *#name),)
            }
            _ => {
                let part = self.place(place, &root);
                quote_spanned!(site=> ::core::option::Option::Some(&mut #part),)
            }
        }
    }

    /// Whether a value without a derivative is written as a reference: `&table`.
    fn is_borrow(&self, value: ValueId) -> bool {
        self.definitions.get(&value).is_some_and(|inst| {
            matches!(&inst.kind, Kind::Opaque { expr, .. }
                if matches!(crate::lower::unparenthesised(expr), Expr::Reference(_)))
        })
    }

    /// A value as an argument: behind a reference if the callee was given one.
    pub(crate) fn argument(&mut self, value: ValueId, by_reference: bool) -> TokenStream {
        let site = Span::mixed_site();
        if !by_reference {
            let tokens = self.read(value).tokens;
            return if self.is_moved(value) { self.copy_of(value, tokens) } else { tokens };
        }
        if let Some((name, is_reference)) = self.name_of(value) {
            // A pullback has a copy of an item of `chunks`.
            let is_copy = self.copied.contains(&value)
                && matches!(self.function.values[value].ty.behind_refs(), Ty::Slice(_));
            let is_again = self.is_variable_again(value) && !is_copy;
            return if is_reference || self.is_borrow(value) || is_again {
                quote_spanned!(site=> #name)
            } else {
                quote_spanned!(site=> &#name)
            };
        }
        if let Some((plain, _)) = self.use_home(value) {
            return if self.is_reference(value) { plain } else { quote_spanned!(site=> &#plain) };
        }
        // What is lent without a derivative, as it is written.
        if self.is_borrow(value) {
            return self.read(value).tokens;
        }
        // A variable without a derivative, as it is.
        if let Some(inst) = self.definitions.get(&value).copied()
            && let Kind::Opaque { expr, reads, .. } = &inst.kind
            && let (Expr::Path(_), &[read]) = (&**expr, reads.as_slice())
            && self.is_reference(read)
        {
            return self.argument(read, by_reference);
        }
        if let Some(inst) = self.definitions.get(&value).copied()
            && let Kind::Reborrow(inner) = &inst.kind
            && inst.syntax.as_ref().is_some_and(starts_with_ampersand)
        {
            let inner = self.read(*inner).at_least(Tightness::Unary);
            return quote_spanned!(site=> &#inner);
        }
        let inner = self.read(value).at_least(Tightness::Unary);
        quote_spanned!(site=> &#inner)
    }
}

/// The hidden companion of a method. Of one without, rustc says that it is not there: so its name
/// says what is missing.
pub(crate) fn method_companion(prefix: &str, method: &str) -> String {
    let suffix = if prefix == "__split" { "" } else { prefix.trim_start_matches('_') };
    let separator = if suffix.is_empty() { "" } else { "_" };
    format!("__grad_of_{method}{separator}{suffix}")
}

/// `receiver.__grad_of_energy((..))`
fn companion_method(
    callee: &Expr,
    receiver: &TokenStream,
    method: &str,
    payload: &[TokenStream],
) -> TokenStream {
    let Expr::MethodCall(call) = callee else { return quote!(#callee) };
    let name = method_companion(method, &crate::lower::plain_name(&call.method));
    let name = Ident::new(&name, call.method.span());
    let turbofish = &call.turbofish;
    let arguments = in_parentheses(payload, call.method.span());
    quote_spanned!(Span::mixed_site()=> #receiver.#name #turbofish #arguments)
}

/// The type of an associated function: `Model` of `Model::loss`, by its upper-case letter.
fn owner(path: &syn::ExprPath) -> Option<TokenStream> {
    if let Some(qself) = &path.qself {
        let ty = &qself.ty;
        return Some(quote!(<#ty>));
    }
    let before = path.path.segments.iter().rev().nth(1)?;
    if !before.ident.to_string().starts_with(|c: char| c.is_uppercase()) {
        return None;
    }
    let mut owner = path.path.clone();
    owner.segments.pop();
    owner.segments.pop_punct();
    Some(quote!(#owner))
}

/// The arguments of a companion, where rustc shows what is wrong with them.
fn in_parentheses(payload: &[TokenStream], span: Span) -> TokenTree {
    let mut arguments = Group::new(Delimiter::Parenthesis, quote!(#(#payload),*));
    arguments.set_span(span);
    TokenTree::Group(arguments)
}

fn starts_with_ampersand(syntax: &Syntax) -> bool {
    matches!(syntax.pieces.first(), Some(Piece::Tokens(tokens)) if tokens.to_string() == "&")
}

/// Where rustc shows what does not fit: an active argument for a parameter that the callee does
/// not differentiate.
pub(super) fn located(call: &Call) -> Span {
    let site = Span::mixed_site();
    match crate::lower::unparenthesised(&call.callee) {
        Expr::Path(path) => {
            let last = path.path.segments.last();
            last.map_or(site, |segment| site.located_at(segment.ident.span()))
        }
        Expr::MethodCall(call) => site.located_at(call.method.span()),
        _ => site,
    }
}

/// The slot of what is returned for an aggregate.
pub(crate) fn unit() -> TokenStream {
    quote_spanned!(Span::mixed_site()=> (),)
}

/// Arguments as one tuple, a single one as well.
pub(crate) fn tuple(args: &TokenStream) -> TokenStream {
    let site = Span::mixed_site();
    if args.is_empty() { quote_spanned!(site=> ()) } else { quote_spanned!(site=> (#args,)) }
}
