//! A function as one of a row of floats, with its derivatives.

use autodiff_core::options::Options;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};

use crate::asked::Asked;
use crate::shape::{Param, Returned};

/// Prints an `Exhibit`.
pub(crate) struct Adapter {
    pub(crate) name: Ident,
    pub(crate) label: String,
    params: Vec<Param>,
    /// Whether a parameter is differentiated.
    active: Vec<bool>,
    returned: Returned,
    product: bool,
    hessian: bool,
    jacobian: bool,
}

impl Adapter {
    pub(crate) fn new(
        label: String,
        name: &Ident,
        params: Vec<Param>,
        returned: Returned,
        options: &Options,
        asked: &Asked,
    ) -> Self {
        let is_active = |param: &Param| {
            let listed = |names: &[Ident]| names.iter().any(|name| *name == param.name);
            let is_wanted = options.wrt.is_empty() || listed(&options.wrt);
            param.is_of_floats() && is_wanted && !listed(&options.constant)
        };
        let active: Vec<bool> = params.iter().map(is_active).collect();
        // A Hessian is placed where its one parameter, or all of them, are.
        let is_whole =
            params.iter().zip(&active).all(|(param, active)| param.is_of_floats() == *active);
        Self {
            name: name.clone(),
            label,
            active,
            product: asked.product,
            hessian: asked.hessian && is_whole,
            jacobian: asked.jacobian,
            params,
            returned,
        }
    }

    /// The parameters read from a point, and what is passed for them: of all, or the active ones.
    fn read(
        &self,
        from: &str,
        prefix: &str,
        is_read: impl Fn(usize) -> bool,
    ) -> (TokenStream, Vec<TokenStream>) {
        let (from, reader) = (format_ident!("{from}"), format_ident!("{prefix}_reader"));
        let (mut lets, mut passed) = (quote!(let mut #reader = #from.read();), Vec::new());
        for (n, param) in self.params.iter().enumerate() {
            let (bound, argument) = param.read_from(&reader, &format_ident!("{prefix}_{n}"));
            lets.extend(bound);
            if is_read(n) {
                passed.push(argument);
            }
        }
        (lets, passed)
    }

    fn is_active(&self, n: usize) -> bool {
        self.active.get(n).copied().unwrap_or(false)
    }

    /// Parts for the active parameters, in a row with nothing, or zeros, for the others.
    fn placed(&self, parts: &TokenStream, zeros: bool) -> TokenStream {
        let names: Vec<Ident> = (0..self.params.len())
            .filter(|&n| self.is_active(n))
            .map(|n| format_ident!("part_{n}"))
            .collect();
        let pattern = match names.as_slice() {
            [one] => one.to_token_stream(),
            several => quote!((#(#several),*)),
        };
        let each = self.params.iter().enumerate().filter(|(_, param)| param.is_of_floats());
        let each = each.map(|(n, param)| {
            let part = format_ident!("part_{n}");
            let (fixed, rows) = param.floats();
            match (self.is_active(n), zeros) {
                (true, _) => quote!(::zoo::flat(&#part)),
                (false, true) => quote!(p.all(0, #fixed, #rows)),
                (false, false) => quote!(Vec::new()),
            }
        });
        quote!({ let #pattern = #parts; vec![#(#each),*] })
    }

    fn optional(is_there: bool, closure: TokenStream) -> TokenStream {
        if is_there { quote!(Some(#closure)) } else { quote!(None) }
    }
}

impl ToTokens for Adapter {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let (name, label, unwrapped) = (&self.name, &self.label, &self.returned.unwrapped);
        let (read, args) = self.read("p", "at", |_| true);
        let (read_v, dots) = self.read("v", "along", |n| self.is_active(n));
        let sizes = self.params.iter().map(Param::floats);
        let (fixed, rows) = sizes.fold((0, 0), |(a, b), (c, d)| (a + c, b + d));
        let active = self.params.iter().enumerate().filter(|(_, param)| param.is_of_floats());
        let active = active.map(|(n, param)| {
            let (fixed, rows) = param.floats();
            let number = if self.is_active(n) { quote!(1) } else { quote!(0) };
            quote!(p.all(#number, #fixed, #rows))
        });
        let bars = self.placed(&quote!(pull(seed)), true);
        let gradient = self.placed(&quote!(#name::grad(#(#args),*)), true);
        let products = self.placed(&quote!(#name::hvp(#(#args,)* #(#dots),*)#unwrapped), true);
        let matrices = self.placed(&quote!(#name::jacobian(#(#args),*)#unwrapped), false);
        let gradient =
            Self::optional(self.returned.is_float, quote!(|p| { #read #gradient.concat() }));
        let product =
            Self::optional(self.product, quote!(|p, v| { #read #read_v #products.concat() }));
        let hessian = Self::optional(
            self.hessian,
            quote!(|p| { #read #name::hessian(#(#args),*)#unwrapped.iter().map(::zoo::flat).collect() }),
        );
        let jacobian = Self::optional(self.jacobian, quote!(|p| { #read #matrices }));
        tokens.extend(quote!(::zoo::Exhibit {
            name: #label,
            floats: (#fixed, #rows),
            active: |p| { vec![#(#active),*].concat() },
            value: |p| { #read ::zoo::flat(&#name(#(#args),*)#unwrapped) },
            tangent: |p, v| {
                #read #read_v
                let (y, y_dot) = #name::jvp(#(#args,)* #(#dots),*)#unwrapped;
                (::zoo::flat(&y), ::zoo::flat(&y_dot))
            },
            cotangent: |p, w| {
                #read
                let (y, pull) = #name::vjp(#(#args),*)#unwrapped;
                let seed = ::zoo::shaped(&y, w);
                #bars.concat()
            },
            gradient: #gradient,
            product: #product,
            hessian: #hessian,
            jacobian: #jacobian,
        }));
    }
}
