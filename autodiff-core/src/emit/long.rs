//! Long functions: one body, and every other companion by means of it.
//!
//! Five bodies of a thousand lines each cost more to expand and to compile than they save. The
//! result being one float, its gradient says all: y̅ times it is the pullback, its product with
//! the tangents the pushforward.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Attribute;

use super::companions::{Companion, Context};
use super::fallible::returning;
use super::signature::{alone_or_tuple, gradient_type};
use crate::ir::{FloatTy, Function, Region, Ty};
use crate::lower::Signature;
use crate::lower::signature::Param;
use crate::options::Options;

/// Instructions from which on a function is long. Below, each companion has the code that suits
/// it best.
const LONG: usize = 400;

/// Whether a function is to have one body only: it is long, and its gradient is of floats and
/// arrays of them.
pub(crate) fn is_long(
    primal: &Function,
    signature: &Signature,
    attributes: &[Attribute],
    options: &Options,
) -> bool {
    let Some(Ty::Float(float)) = &signature.result else { return false };
    let suits = |param: &Param| {
        let is_named = param.ident().is_some() && param.receiver.is_none() && !param.exit;
        is_named && (!param.active || is_plain(&param.ty, float))
    };
    signature.owner.is_none()
        && !options.no_type
        && !attributes.iter().any(|attribute| attribute.path().is_ident("deprecated"))
        && signature.params.iter().all(suits)
        && count(&primal.body) >= LONG
}

fn count(region: &Region) -> usize {
    let inner = region.insts.iter().flat_map(|inst| inst.kind.regions()).map(count);
    region.insts.len() + inner.sum::<usize>()
}

/// Whether a parameter is a float of the result's width, or holds such floats side by side.
fn is_plain(ty: &Ty, float: &FloatTy) -> bool {
    let is_float = |ty: &Ty| matches!(ty, Ty::Float(of) if of == float);
    match ty {
        Ty::Float(_) => is_float(ty),
        Ty::Array(item, _) => is_float(item),
        Ty::Ref(behind) => {
            matches!(&**behind, Ty::Array(item, _) | Ty::Slice(item) if is_float(item))
        }
        _ => false,
    }
}

impl Context<'_> {
    /// The gradient, from the companion that has the value, too.
    pub(crate) fn grad_of_both(&self) -> Companion {
        let site = Span::mixed_site();
        let result = returning(self.signature, gradient_type(self.signature, &self.facade));
        let arguments = self.arguments();
        let both = if self.options.no_suffix {
            quote_spanned!(site=> Self::value_and_grad)
        } else {
            self.located("value_and_grad", &self.signature.item.ident).into_token_stream()
        };
        let body = quote_spanned!(site=> #both(#(#arguments),*).1);
        self.companion("grad", &result, &[], &body)
    }

    /// The parameters, as arguments.
    pub(crate) fn arguments(&self) -> Vec<&Ident> {
        self.signature.params.iter().filter_map(Param::ident).collect()
    }

    /// The statement that computes the value and the rate of each parameter.
    fn value_and_rates(&self, rates: &[(usize, Ident)], value: &Ident) -> TokenStream {
        let names: Vec<TokenStream> =
            rates.iter().map(|(_, name)| name.to_token_stream()).collect();
        let (rates, arguments) = (alone_or_tuple(&names), self.arguments());
        quote_spanned!(Span::mixed_site()=>
            let (#value, #rates) = Self::value_and_grad(#(#arguments),*);
        )
    }

    /// Whether the cotangent of a parameter is one float.
    fn is_scalar(&self, at: usize) -> bool {
        self.signature.params.get(at).is_some_and(|param| matches!(param.ty, Ty::Float(_)))
    }

    /// `__split`: the gradient with the value, scaled by the pullback.
    pub(crate) fn split_of_gradient(&self) -> TokenStream {
        let (site, private) = (Span::mixed_site(), self.facade.private());
        let (value, seed) = (self.fresh("value"), self.fresh("seed"));
        let (rates, names) = (self.per_parameter("rate"), self.per_parameter("acc"));
        let rates_of_all = self.value_and_rates(&rates, &value);
        let (mut adds, mut bound, mut returned) = (TokenStream::new(), Vec::new(), Vec::new());
        for (at, param) in self.signature.params.iter().enumerate() {
            let of = |names: &[(usize, Ident)]| {
                names.iter().find(|(param, _)| *param == at).map(|(_, name)| name.clone())
            };
            let is_scalar = self.is_scalar(at);
            match (of(&rates), of(&names)) {
                (Some(rate), _) if is_scalar => {
                    bound.push(quote_spanned!(site=> _));
                    returned.push(quote_spanned!(site=> #private::scale(#seed, #rate)));
                    continue;
                }
                (Some(rate), Some(name)) => {
                    adds.extend(quote_spanned!(site=>
                        if let ::core::option::Option::Some(shadow) = #name {
                            for (bar, rate) in shadow.iter_mut().zip(&#rate) {
                                *bar += #private::scale(#seed, *rate);
                            }
                        }
                    ));
                    bound.push(name.into_token_stream());
                }
                _ => bound.push(quote_spanned!(site=> _)),
            }
            returned.push(if is_scalar && !param.active {
                self.facade.zero(&param.ty)
            } else {
                quote_spanned!(site=> ())
            });
        }
        let (elided, cotangent, accumulators, _) = self.pullback_types();
        let closure = self.given(quote_spanned!(site=>
            move |_: #elided, #seed: #cotangent, (#(#bound,)*): #accumulators| {
                #adds
                (#(#returned,)*)
            }
        ));
        let body = quote_spanned!(site=> #rates_of_all (#value, #closure));
        self.split_with(&body, self.pullback)
    }

    /// `__jvp`: the gradient times the tangents.
    pub(crate) fn jvp_of_gradient(&self) -> TokenStream {
        let (site, private) = (Span::mixed_site(), self.facade.private());
        let (value, sum) = (self.fresh("value"), self.fresh("value_dot"));
        let (rates, names) = (self.per_parameter("rate"), self.per_parameter("dot"));
        let rates_of_all = self.value_and_rates(&rates, &value);
        let products = rates.iter().zip(&names).map(|((at, rate), (_, name))| {
            let product = if self.is_scalar(*at) {
                quote_spanned!(site=> #sum += #private::scale(#name, #rate);)
            } else {
                quote_spanned!(site=>
                    for (dot, rate) in #name.iter().zip(&#rate) {
                        #sum += #private::scale(*dot, *rate);
                    }
                )
            };
            quote_spanned!(site=> if let ::core::option::Option::Some(#name) = #name { #product })
        });
        let zero = self.facade.zero(self.signature.result.as_ref().unwrap_or(&Ty::Unknown));
        let body = quote_spanned!(site=>
            #rates_of_all
            let mut #sum = #zero;
            #(#products)*
            (#value, #sum)
        );
        self.hidden_jvp_with(&names, &body)
    }
}
