//! Prints where the cotangents of arguments go. Of an argument of which only rustc knows the type, traits
//! of the runtime decide whether its cotangent is added or returned.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::body::Derivative;
use super::call::{located, unit};
use super::printer::{Printer, Shadow};
use crate::hash::HashMap;
use crate::ir::{Call, CallForm, Kind, Place, Target, Ty, ValueId};

/// What a pullback is handed for an argument, where its result goes, and what is done with that.
pub(super) struct Lent {
    pub(super) slot: TokenStream,
    pub(super) accumulator: TokenStream,
    pub(super) absorb: TokenStream,
}

/// Where the cotangents of the arguments of a call go.
#[derive(Default)]
pub(crate) struct Slots {
    /// A pattern for what the pullback returns.
    pub(crate) pattern: TokenStream,
    /// What it is given to add to.
    pub(crate) accumulators: TokenStream,
    /// What is done with the rest afterwards.
    pub(crate) absorbed: TokenStream,
}

impl<'f> Printer<'f> {
    /// Where the cotangents of the arguments go: what is returned, and what is added to.
    pub(crate) fn slots(
        &mut self,
        call: &'f Call,
        targets: &[Target],
        results: &[ValueId],
    ) -> Slots {
        let site = located(call);
        let is_operator = call.is_operator();
        let mut results = results.iter();
        let mut slots = Slots::default();
        for (&arg, target) in call.args.iter().zip(targets) {
            let (slot, accumulator) = match target {
                Target::Ignore if is_operator => (unit(), self.ignored(arg).1),
                Target::Ignore => self.ignored(arg),
                Target::Place(place) if is_operator || self.is_untold(arg) => {
                    let lent = self.lent_untold(place, site);
                    slots.absorbed.extend(lent.absorb);
                    (lent.slot, lent.accumulator)
                }
                Target::Place(place) => (unit(), self.accumulator(place, site)),
                Target::Exchange(place) => {
                    let lent = self.lent(place);
                    (unit(), quote_spanned!(site=> #lent,))
                }
                Target::Value => match results.next() {
                    Some(&result) if is_operator || self.is_untold(arg) => {
                        let lent = self.lent_zero(arg, result, site);
                        slots.absorbed.extend(lent.absorb);
                        (lent.slot, lent.accumulator)
                    }
                    Some(&result) => self.value_target(arg, result, site),
                    None => self.ignored(arg),
                },
            };
            slots.pattern.extend(slot);
            slots.accumulators.extend(accumulator);
        }
        slots
    }

    /// Whether a call has been given the caller's accumulator for this cotangent.
    pub(super) fn is_handed_on(&self, value: ValueId) -> bool {
        matches!(self.handed_on.get(&value), Some(None))
    }

    /// Whether only rustc knows if the cotangent of an argument is returned or added.
    pub(super) fn is_untold(&self, arg: ValueId) -> bool {
        matches!(self.function.values[arg].ty.behind_refs(), Ty::Unknown)
    }

    /// A part of a shadow, for an argument of which only rustc knows the type.
    pub(super) fn lent_untold(&mut self, place: &Place, site: Span) -> Lent {
        let private = self.facade.private();
        let returned = self.names.fresh("returned");
        let (lend, absorb) = if let Some(Shadow::Accumulator(_)) = self.shadows.get(&place.var) {
            let name = self.shadow_name(place.var);
            let now = self.accumulator_now(place.var, &name);
            let part = self.place(place, &quote_spanned!(site=> shadow));
            (
                quote_spanned!(site=> #now.and_then(|shadow| #private::lend(&mut #part))),
                quote_spanned!(site=>
                    if let ::core::option::Option::Some(shadow) = #name.as_deref_mut() {
                        #private::absorb(&mut #part, #returned);
                    }
                ),
            )
        } else {
            let target = self.target(place);
            (
                quote_spanned!(site=> #private::lend(&mut #target)),
                quote_spanned!(site=> #private::absorb(&mut #target, #returned);),
            )
        };
        let slot = quote_spanned!(site=> #returned,);
        Lent { slot, accumulator: quote_spanned!(site=> #lend,), absorb }
    }

    /// A fresh zero for such an argument.
    pub(super) fn lent_zero(&mut self, arg: ValueId, result: ValueId, site: Span) -> Lent {
        let private = self.facade.private();
        let name = self.names.fresh(&self.function.values[result].hint);
        let returned = self.names.fresh("returned");
        let like = self.base(arg);
        self.push(quote_spanned!(site=>
            let mut #name = #private::zero(&#like);
        ));
        self.name_here(result, name.clone(), false);
        self.added.mark(result);
        Lent {
            slot: quote_spanned!(site=> #returned,),
            accumulator: quote_spanned!(site=> #private::lend(&mut #name),),
            // Nothing else has been added: to a zero that rustc sees, adding would still be an operation.
            absorb: quote_spanned!(site=> #private::settle(&mut #name, #returned);),
        }
    }
}

impl Derivative<'_> {
    /// Of a pullback: cotangents of parameters that are what one call gives, and are read by
    /// nothing else. The call can add to the caller's accumulator itself.
    pub(super) fn handed_on(
        &self,
        accumulators: &[(usize, Ident)],
    ) -> HashMap<ValueId, Option<Ident>> {
        let from = self.function.reverse_from.unwrap_or_default();
        let reverse = self.function.body.insts.get(from..).unwrap_or_default();
        let is_of_call = |value: ValueId| {
            reverse.iter().any(|inst| match &inst.kind {
                Kind::Call(call) => {
                    let pullback = matches!(call.form, CallForm::Pullback { .. });
                    pullback && !call.is_operator() && inst.results.contains(&value)
                }
                _ => false,
            })
        };
        let parameters = accumulators.iter().filter_map(|(at, name)| {
            let param = self.signature.params.get(*at)?;
            let is_aggregate = matches!(param.ty, Ty::Array(..) | Ty::Tuple(_));
            let value = self.cotangent(*at).filter(|_| is_aggregate && !param.exit)?;
            let alone = self.uses.reads(value) == 1 && is_of_call(value);
            alone.then(|| (value, Some(name.clone())))
        });
        parameters.collect()
    }
}

/// `match (&a, &b) { operands => operators::mul(operands).__split(operands) }`: where their types are known
/// before the operator is, the error of a missing one names both.
pub(super) fn operation(path: &syn::Path, method: &str, payload: &[TokenStream]) -> TokenStream {
    let Some((operands, rest)) = payload.split_first() else { return TokenStream::new() };
    let mut module = path.clone();
    let Some(op) = module.segments.pop() else { return TokenStream::new() };
    let span = op.ident.span();
    // `MulAssign` → `mul_assign`
    let mut name = String::new();
    for c in op.ident.to_string().chars() {
        if c.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(c.to_ascii_lowercase());
    }
    let [name, method] = [&name, method].map(|name| Ident::new(name, span));
    // One place, one error.
    let module = super::shown::shown_at(quote::ToTokens::into_token_stream(module), span);
    quote_spanned!(span=>
        match #operands { operands => #module #name(operands).#method(operands #(, #rest)*) }
    )
}
