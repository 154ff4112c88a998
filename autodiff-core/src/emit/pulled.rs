//! Prints calls of the tangents of a pullback.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::Expr;

use super::higher::pullback;
use super::printer::Printer;
use crate::ir::{Call, CallForm, Inst, Target, ValueId};

impl<'f> Printer<'f> {
    /// A tangent of a pullback: the arguments and their tangents are passed again.
    pub(crate) fn higher_call(&mut self, inst: &'f Inst, call: &'f Call) {
        let CallForm::Pullback { y_bar, y_bar_dots, targets, .. } = &call.form else { return };
        let site = Span::mixed_site();
        let is_method = matches!(&*call.callee, Expr::MethodCall(_));
        let receiver =
            call.args.first().filter(|_| is_method).map(|&arg| {
                if call.is_lent(0) { self.receiver_before(arg) } else { self.base(arg) }
            });
        let args: Vec<TokenStream> = call
            .args
            .iter()
            .enumerate()
            .skip(usize::from(is_method))
            .map(|(at, &arg)| {
                if call.is_lent(at) {
                    return self.lent_before(Some(arg), arg);
                }
                self.argument(arg, call.references.get(at).copied().unwrap_or(false))
            })
            .collect();
        let mut tangents = self.tangents(call);
        if y_bar_dots.len() == 1 {
            tangents = quote_spanned!(site=> (#tangents,));
        }
        let dots = y_bar_dots.iter().map(|dot| match dot {
            Some(dot) => self.read(*dot).tokens,
            None => self.zero_like(*y_bar),
        });
        let dots: Vec<TokenStream> = dots.collect();
        let seed = self.read(*y_bar).tokens;
        let mut results = inst.results.as_slice();
        let (mut slots, mut sums) = (Vec::new(), Vec::new());
        let mut absorbed = TokenStream::new();
        for targets in targets.chunks(call.args.len().max(1)) {
            let own = targets.iter().filter(|target| matches!(target, Target::Value)).count();
            let (these, rest) = results.split_at(own.min(results.len()));
            results = rest;
            let these = self.slots(call, targets, these);
            slots.push(these.pattern);
            sums.push(these.accumulators);
            absorbed.extend(these.absorbed);
        }
        let payload = [
            quote_spanned!(site=> (#(#args,)*)),
            tangents,
            quote_spanned!(site=> (#seed, #(#dots,)*)),
            quote_spanned!(site=> (#((#sums),)*)),
        ];
        let order = call.components().ilog2() as usize + 1;
        let called = self.called(&call.callee, receiver.as_ref(), &pullback(order), &payload);
        let nothing = inst.results.iter().all(|result| self.added.contains(*result));
        self.push(if nothing && absorbed.is_empty() {
            quote_spanned!(site=> #called;)
        } else {
            quote_spanned!(site=> let (#((#slots),)*) = #called;)
        });
        if !absorbed.is_empty() {
            self.push(absorbed);
        }
    }

    /// A zero like a value that is moved where it is read.
    fn zero_like(&mut self, value: ValueId) -> TokenStream {
        let ty = self.function.values[value].ty.clone();
        let like = self.read(value).tokens;
        let zero = super::shape::zero(&ty, &like, self.facade);
        if ty.has_literal_zero() {
            return zero;
        }
        let name = self.names.fresh("zero");
        self.push(quote_spanned!(Span::mixed_site()=> let #name = #zero;));
        quote_spanned!(Span::mixed_site()=> #name)
    }
}
