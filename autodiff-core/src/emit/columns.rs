//! `f_jacobian` of what a function writes through a `&mut` parameter: into memory of the caller's.
//!
//! A column in each sweep: the pushforward of a unit vector, whose memory is lent, too. Nothing is
//! allocated that the primal does not allocate.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::companions::{Companion, Context};
use super::shape;
use super::sweep::is_copied;
use crate::ir::Ty;
use crate::lower::signature::Param;

/// What the body calls its parameters and variables.
struct Columns<'c> {
    /// What is written to.
    out: &'c Ident,
    out_dot: Ident,
    /// What is written to, on entry.
    before: Ident,
    /// The tangents, by parameter: that of `out` is among them.
    dots: Vec<(usize, Ident)>,
    /// The Jacobians, by parameter.
    jacobians: Vec<(usize, Ident)>,
    /// Memory for what has a length known at run time only.
    work: Ident,
}

impl Context<'_> {
    /// `f_jacobian(x.., out, x_jac.., work)`
    pub(crate) fn jacobian_into(&self) -> Option<Companion> {
        let site = Span::mixed_site();
        let (at, exit) = self.signature.params.iter().enumerate().find(|(_, param)| param.exit)?;
        let dots = self.per_parameter("dot");
        let mut jacobians = self.per_parameter("jac");
        jacobians.retain(|(at, _)| self.signature.params.get(*at).is_some_and(|p| p.wanted));
        let columns = Columns {
            out: exit.ident()?,
            out_dot: dots.iter().find(|(param, _)| *param == at)?.1.clone(),
            before: self.fresh("before"),
            dots,
            jacobians,
            work: self.fresh("work"),
        };
        let float = float_of(&exit.ty, &self.facade);
        let memory = quote_spanned!(site=> &mut [#float]);
        let mut extra: Vec<(Ident, TokenStream)> =
            columns.jacobians.iter().map(|(_, name)| (name.clone(), memory.clone())).collect();
        if self.signature.params.iter().any(|param| param.active && has_run_time_length(param)) {
            extra.push((columns.work.clone(), memory));
        }
        let body = self.by_columns_into(&columns);
        let result = quote_spanned!(site=> ());
        Some(self.companion("jacobian", &result, &extra, &body))
    }

    fn by_columns_into(&self, columns: &Columns<'_>) -> TokenStream {
        let site = Span::mixed_site();
        let out = columns.out;
        let (mut checks, mut sweeps) = (TokenStream::new(), TokenStream::new());
        let (private, function) = (self.facade.private(), self.signature.name());
        for (at, name) in &columns.jacobians {
            let Some(param) = self.signature.params.get(*at) else { continue };
            let (text, count) = (name.to_string(), count(param));
            checks.extend(quote_spanned!(site=>
                #private::check_jacobian(#function, #text, (#out.len(), #count), #name.len());
            ));
            sweeps.extend(self.sweeps_of(columns, (*at, param), name));
        }
        let lent = self.tangents_into(columns);
        let sweep = self.sweep_into(columns);
        // Nothing has been computed where there is no column.
        let fixed = columns.jacobians.iter().any(|(at, _)| {
            self.signature.params.get(*at).is_some_and(|param| !has_run_time_length(param))
        });
        let none = (!fixed).then(|| {
            let counts = columns.jacobians.iter().filter_map(|(at, _)| {
                let count = count(self.signature.params.get(*at)?);
                Some(quote_spanned!(site=> #count == 0))
            });
            quote_spanned!(site=> if #(#counts)&&* { #sweep })
        });
        quote_spanned!(site=> #checks #lent #sweeps #none)
    }

    /// Variables for the tangents, and for what is written to as it is on entry.
    fn tangents_into(&self, columns: &Columns<'_>) -> TokenStream {
        let (site, private) = (Span::mixed_site(), self.facade.private());
        let Columns { out, before, work, .. } = columns;
        let (mut declared, mut lent) = (TokenStream::new(), Vec::new());
        for (at, dot) in &columns.dots {
            let Some(param) = self.signature.params.get(*at) else { continue };
            let zero = self.facade.zero(&param.ty);
            match param.ty.behind_refs() {
                Ty::Array(_, len) => {
                    let len = shape::length(len);
                    declared.extend(quote_spanned!(site=> let mut #dot = [#zero; #len];));
                    if param.exit {
                        declared.extend(quote_spanned!(site=> let #before = *#out;));
                    }
                }
                Ty::Slice(_) | Ty::Vec(_) => {
                    lent.push((dot, count(param)));
                    if param.exit {
                        lent.push((before, count(param)));
                    }
                }
                _ => declared.extend(quote_spanned!(site=> let mut #dot = #zero;)),
            }
        }
        let (function, counts) = (self.signature.name(), lent.iter().map(|(_, count)| count));
        let check = (!lent.is_empty()).then(
            || quote_spanned!(site=> #private::check_work(#function, #(#counts)+*, #work.len());),
        );
        let last = lent.len().saturating_sub(1);
        let lent = lent.iter().enumerate().map(|(n, (name, count))| {
            let rest = if n == last { quote_spanned!(site=> _) } else { work.to_token_stream() };
            quote_spanned!(site=> let (#name, #rest) = #private::lent(#work, #count);)
        });
        let is_long = exit_of(self).is_some_and(has_run_time_length);
        let copy = is_long.then(|| quote_spanned!(site=> #before.copy_from_slice(#out);));
        quote_spanned!(site=> #check #declared #(#lent)* #copy)
    }

    /// A sweep for each element of a parameter.
    fn sweeps_of(
        &self,
        columns: &Columns<'_>,
        (at, param): (usize, &Param),
        jacobian: &Ident,
    ) -> TokenStream {
        let (site, private) = (Span::mixed_site(), self.facade.private());
        let Columns { out, out_dot, before, .. } = columns;
        let Some((_, dot)) = columns.dots.iter().find(|(param, _)| *param == at) else {
            return TokenStream::new();
        };
        let restore = if exit_of(self).is_some_and(has_run_time_length) {
            quote_spanned!(site=> #out.copy_from_slice(#before);)
        } else {
            quote_spanned!(site=> *#out = #before;)
        };
        let sweep = self.sweep_into(columns);
        let (zero, one) = (self.facade.zero(&param.ty), self.facade.one(&param.ty));
        if matches!(param.ty.behind_refs(), Ty::Float(_)) {
            let is_last = columns.jacobians.last().is_some_and(|(last, _)| *last == at);
            let reset = (!is_last).then(|| quote_spanned!(site=> #dot = #zero;));
            return quote_spanned!(site=>
                #restore
                #out_dot.fill(#zero);
                #dot = #one;
                #sweep
                #private::set_column(#jacobian, (0, 1), &#out_dot[..]);
                #reset
            );
        }
        let count = count(param);
        // The tangent of what is written to is its own direction.
        let reset = (!param.exit).then(|| quote_spanned!(site=> #dot[column] = #zero;));
        quote_spanned!(site=>
            for column in 0..#count {
                #restore
                #out_dot.fill(#zero);
                #dot[column] = #one;
                #sweep
                #private::set_column(#jacobian, (column, #count), &#out_dot[..]);
                #reset
            }
        )
    }

    /// The pushforward, along the tangents as they are.
    fn sweep_into(&self, columns: &Columns<'_>) -> TokenStream {
        let site = Span::mixed_site();
        let (mut arguments, mut dots, mut receiver) = (Vec::new(), Vec::new(), None);
        for (at, param) in self.signature.params.iter().enumerate() {
            let Some(name) = param.ident() else { continue };
            let argument = if param.exit {
                quote_spanned!(site=> &mut *#name)
            } else {
                match (is_copied(param), &param.receiver) {
                    (false, None) => quote_spanned!(site=> ::core::clone::Clone::clone(&#name)),
                    _ => name.to_token_stream(),
                }
            };
            if param.receiver.is_some() {
                receiver = Some(argument);
            } else {
                arguments.push(argument);
            }
            let dot = columns.dots.iter().find(|(param, _)| *param == at).map(|(_, name)| name);
            dots.push(match dot {
                Some(dot) if param.exit && has_run_time_length(param) => {
                    quote_spanned!(site=> &mut *#dot)
                }
                Some(dot) if param.exit => quote_spanned!(site=> &mut #dot),
                Some(dot) => {
                    let dot = match (&param.ty, has_run_time_length(param)) {
                        (Ty::Ref(_), true) => quote_spanned!(site=> &*#dot),
                        (Ty::Ref(_), false) => quote_spanned!(site=> &#dot),
                        _ => dot.to_token_stream(),
                    };
                    quote_spanned!(site=> ::core::option::Option::Some(#dot))
                }
                None => quote_spanned!(site=> ::core::option::Option::None),
            });
        }
        let hidden = self.hidden("__jvp");
        let name = self.located("", &self.signature.item.ident);
        let passed = self.callee_argument(&name);
        let called = match receiver {
            Some(receiver) => quote_spanned!(site=> #receiver.#hidden),
            None if self.signature.owner.is_some() => quote_spanned!(site=> Self::#hidden),
            None => quote_spanned!(site=> #name::#hidden),
        };
        quote_spanned!(site=> #called(#passed (#(#arguments,)*), (#(#dots,)*));)
    }
}

fn exit_of<'c>(context: &'c Context<'_>) -> Option<&'c Param> {
    context.signature.params.iter().find(|param| param.exit)
}

/// Whether the tangent of a parameter needs memory of the caller's.
fn has_run_time_length(param: &Param) -> bool {
    matches!(param.ty.behind_refs(), Ty::Slice(_) | Ty::Vec(_))
}

/// How many floats a parameter holds.
fn count(param: &Param) -> TokenStream {
    let site = Span::mixed_site();
    let is_float = matches!(param.ty.behind_refs(), Ty::Float(_));
    let name = param.ident().filter(|_| !is_float);
    name.map_or_else(|| quote_spanned!(site=> 1), |name| quote_spanned!(site=> #name.len()))
}

/// The float that a row holds.
fn float_of(ty: &Ty, facade: &super::Facade) -> TokenStream {
    match ty.behind_refs() {
        Ty::Array(item, _) | Ty::Slice(item) | Ty::Vec(item) => shape::gradient(item, facade),
        other => shape::gradient(other, facade),
    }
}
