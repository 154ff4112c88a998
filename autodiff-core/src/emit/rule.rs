//! The call protocol of a function with a rule, printed from the rule.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Path;

use super::companions::{Companion, Context};
use super::protocol::used_or_wild;
use super::pullback::Pullback;
use super::shape;
use super::shown::invented_at;
use super::signature::{alone_or_tuple, gradient_type, patterns_again, result_type};
use crate::ir::{FloatTy, Ty};
use crate::lower::signature::Param;
use crate::rule::{Functions, Partials, Rule};

impl Context<'_> {
    /// `__split` and `__jvp`.
    pub(crate) fn protocol_of(&self, rule: &Rule) -> TokenStream {
        let (split, jvp) = match rule {
            Rule::Partials(rule) => (self.split_of_partials(rule), self.jvp_of_partials(rule)),
            Rule::Functions(Functions { vjp, jvp }) => {
                (self.split_of_function(vjp.as_ref()), self.jvp_of_function(jvp.as_ref()))
            }
        };
        quote_spanned!(Span::mixed_site()=> #split #jvp)
    }

    /// The gradient of a rule of partials: the partials.
    pub(crate) fn gradient_of_rule(&self, rule: &Partials) -> [Companion; 2] {
        let site = Span::mixed_site();
        let partials: Vec<TokenStream> = rule.list.iter().map(ToTokens::to_token_stream).collect();
        let partials = alone_or_tuple(&partials);
        let result = &rule.result;
        let (value, gradient) =
            (result_type(self.signature), gradient_type(self.signature, &self.facade));
        let both = quote_spanned!(site=> (#value, #gradient));
        let computed = self.value_of(&quote_spanned!(site=> #result));
        // It may panic, or have an effect, also where no partial reads it.
        let unread = self.value_of(&used_or_wild(result, &partials));
        let body = quote_spanned!(site=> #unread #partials);
        let body_of_both = quote_spanned!(site=> #computed (#result, #partials));
        [
            self.companion("grad", &gradient, &[], &body),
            self.companion("value_and_grad", &both, &[], &body_of_both),
        ]
    }

    /// `let y = f(x);`
    fn value_of(&self, result: &TokenStream) -> TokenStream {
        let (name, arguments) = (&self.signature.item.ident, self.arguments());
        quote_spanned!(Span::mixed_site()=> let #result = #name(#(#arguments),*);)
    }

    /// The differentiated parameters and their partials.
    fn partials<'r>(&self, rule: &'r Partials) -> Vec<(usize, &'r syn::Expr)> {
        let params = self.signature.params.iter().enumerate();
        let active = params.filter(|(_, param)| param.active).map(|(at, _)| at);
        active.zip(&rule.list).collect()
    }

    /// What a pullback returns: of each differentiated float what `value` makes of its parameter.
    fn returned_by(&self, value: impl Fn(usize) -> TokenStream) -> TokenStream {
        let site = Span::mixed_site();
        let each = self.signature.params.iter().enumerate().map(|(at, param)| {
            match param.ty.behind_refs() {
                Ty::Float(_) if param.active => value(at),
                Ty::Float(_) => self.facade.zero(&param.ty),
                _ => quote_spanned!(site=> ()),
            }
        });
        quote_spanned!(site=> (#(#each,)*))
    }

    /// A wildcard for each parameter.
    fn wildcards(&self) -> TokenStream {
        let site = Span::mixed_site();
        let each = self.signature.params.iter().map(|_| quote_spanned!(site=> _));
        quote_spanned!(site=> (#(#each,)*))
    }

    fn split_of_partials(&self, rule: &Partials) -> TokenStream {
        let (site, private) = (Span::mixed_site(), self.facade.private());
        let (y_bar, result) = (self.fresh("y_bar"), &rule.result);
        let (elided, cotangent, accumulators, _) = self.pullback_types();
        let partials = self.partials(rule);
        let returned = self.returned_by(|at| {
            let partial =
                partials.iter().find(|(param, _)| *param == at).map(|(_, partial)| partial);
            quote_spanned!(site=> #private::scale(#y_bar, #partial))
        });
        let again = patterns_again(self.signature, &returned);
        let (value, none) = (self.value_of(&quote_spanned!(site=> #result)), self.wildcards());
        let body = quote_spanned!(site=>
            #value
            (#result, move |(#(#again,)*): #elided, #y_bar: #cotangent, #none: #accumulators| {
                #returned
            })
        );
        self.split_with(&body, Pullback::Opaque)
    }

    fn jvp_of_partials(&self, rule: &Partials) -> TokenStream {
        let site = Span::mixed_site();
        let (result, y_dot, dots) = (&rule.result, self.fresh("y_dot"), self.per_parameter("dot"));
        let value = self.value_of(&quote_spanned!(site=> #result));
        let sum = self.tangent_of_partials(rule, &dots, &y_dot);
        self.hidden_jvp_with(&dots, &quote_spanned!(site=> #value #sum (#result, #y_dot)))
    }

    /// ẏ = Σ ∂y/∂xᵢ · ẋᵢ, of the tangents that there are.
    fn tangent_of_partials(
        &self,
        rule: &Partials,
        dots: &[(usize, Ident)],
        y_dot: &Ident,
    ) -> TokenStream {
        let (site, private) = (Span::mixed_site(), self.facade.private());
        let zero = self.facade.zero(self.signature.result.as_ref().unwrap_or(&Ty::Unknown));
        let mut sum = quote_spanned!(site=> let mut #y_dot = #zero;);
        for ((at, partial), (_, dot)) in self.partials(rule).into_iter().zip(dots) {
            let read = self.signature.params.get(at).map(|param| stars(&param.ty));
            sum.extend(quote_spanned!(site=>
                if let ::core::option::Option::Some(#dot) = #dot {
                    #y_dot += #private::scale(#read #dot, #partial);
                }
            ));
        }
        sum
    }

    fn split_of_function(&self, vjp: Option<&Path>) -> TokenStream {
        let Some(vjp) = vjp else {
            return self.split_with(&self.missing("vjp"), Pullback::Pointer);
        };
        let site = located(vjp);
        let (elided, cotangent, accumulators, _) = self.pullback_types();
        let names = ["y", "y_bar", "pull"].map(|name| self.fresh(name));
        let [y, y_bar, pull] = &names;
        let (bars, sums) = (self.per_parameter("bar"), self.per_parameter("acc"));
        let (mut adds, mut bound) = (TokenStream::new(), Vec::new());
        for (at, param) in self.signature.params.iter().enumerate() {
            let of = |names: &[(usize, Ident)]| {
                names.iter().find(|(param, _)| *param == at).map(|(_, name)| name.clone())
            };
            let is_sum = !matches!(param.ty.behind_refs(), Ty::Float(_));
            bound.push(match (of(&bars), of(&sums)) {
                (Some(bar), Some(sum)) if is_sum => {
                    adds.extend(self.checked(param, &bar));
                    adds.extend(self.added(param, &sum, &bar.to_token_stream()));
                    sum.to_token_stream()
                }
                _ => quote_spanned!(site=> _),
            });
        }
        let returned = self.returned_by(|at| {
            let bar = bars.iter().find(|(param, _)| *param == at).map(|(_, bar)| bar);
            quote_spanned!(site=> #bar)
        });
        let again = patterns_again(self.signature, &adds);
        let each: Vec<TokenStream> = bars.iter().map(|(_, bar)| bar.to_token_stream()).collect();
        let (each, gradient) = (alone_or_tuple(&each), gradient_type(self.signature, &self.facade));
        let (arguments, value) = (self.arguments(), result_type(self.signature));
        let private = self.facade.private_at(site);
        // Of what it holds of a generic type is not known how long it lives.
        let is_generic = self.signature.item.generics.type_params().next().is_some();
        let owned = Ident::new(if is_generic { "pullback" } else { "owned_pullback" }, site);
        let body = quote_spanned!(site=>
            let (#y, #pull): (#value, _) = #vjp(#(#arguments),*);
            let #pull = #private::#owned::<#cotangent, #gradient, _>(#pull);
            (#y, move |(#(#again,)*): #elided, #y_bar: #cotangent, (#(#bound,)*): #accumulators| {
                let #each = #pull(#y_bar);
                #adds
                #returned
            })
        );
        self.split_with(&body, Pullback::Opaque)
    }

    /// The cotangent that a rule gives is as long as its parameter.
    fn checked(&self, param: &Param, bar: &Ident) -> TokenStream {
        let site = Span::mixed_site();
        let (Ty::Slice(_) | Ty::Vec(_), Some(primal)) = (param.ty.behind_refs(), param.ident())
        else {
            return TokenStream::new();
        };
        let private = self.facade.private();
        let (function, text) = (self.signature.name(), crate::lower::plain_name(primal));
        quote_spanned!(site=>
            #private::check_rule(#function, #text, #primal.len(), #bar.len());
        )
    }

    fn jvp_of_function(&self, jvp: Option<&Path>) -> TokenStream {
        let dots = self.per_parameter("dot");
        let Some(jvp) = jvp else { return self.hidden_jvp_with(&dots, &self.missing("jvp")) };
        let site = located(jvp);
        let mut unwraps = TokenStream::new();
        for (at, name) in &dots {
            let Some(param) = self.signature.params.get(*at) else { continue };
            unwraps.extend(self.unwrap_tangent(name, param));
        }
        let names = dots.iter().map(|(_, name)| name);
        let (arguments, y, y_dot) = (self.arguments(), self.fresh("y"), self.fresh("y_dot"));
        let (value, dot) = (result_type(self.signature), self.result_cotangent());
        let is_long = matches!(self.signature.result, Some(Ty::Vec(_)));
        let check = is_long.then(|| {
            let (private, function) = (self.facade.private(), self.signature.name());
            quote_spanned!(site=>
                #private::check_rule(#function, "result", #y.len(), #y_dot.len());
            )
        });
        let body = quote_spanned!(site=>
            #unwraps
            let (#y, #y_dot): (#value, #dot) = #jvp(#(#arguments,)* #(#names),*);
            #check
            (#y, #y_dot)
        );
        self.hidden_jvp_with(&dots, &body)
    }

    /// In the place of what a rule does not give: it stops the build of whoever runs it.
    fn missing(&self, what: &str) -> TokenStream {
        let mode = if what == "vjp" { "reverse" } else { "forward" };
        let name = self.signature.name();
        let message = format!(
            "`{name}` has no derivative in {mode} mode: its rule has no `{what}`\n\
             help: add `{what} = …` to `#[autodiff::rule(..)]`"
        );
        let private = self.facade.private();
        quote_spanned!(Span::mixed_site()=>
            enum Rule {}
            impl #private::Lacking for Rule {
                const MESSAGE: &'static str = #message;
            }
            #private::lacking::<Rule, _>()
        )
    }
}

/// Where rustc shows that a function of the user's does not suit.
fn located(path: &Path) -> Span {
    let last = path.segments.last();
    last.map_or_else(Span::mixed_site, |last| invented_at(last.ident.span()))
}

/// What reads a float behind references.
fn stars(ty: &Ty) -> TokenStream {
    let star = quote_spanned!(Span::mixed_site()=> *);
    std::iter::repeat_n(star, ty.ref_depth()).collect()
}

/// The float that a parameter is, or refers to.
pub(crate) fn float_of(ty: &Ty) -> TokenStream {
    let float = if let Ty::Float(float) = ty.behind_refs() { float } else { &FloatTy::F64 };
    shape::float_name(float)
}
