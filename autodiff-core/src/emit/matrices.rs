//! `f_hvp`, `f_hessian` and `f_jacobian`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::body::{Derivative, Gives};
use super::companions::{Companion, Context};
use super::fallible::returning;
use super::printer::Printer;
use super::shape;
use super::signature::{alone_or_tuple, gradient_type};
use crate::hash::HashMap;
use crate::ir::{Function, Output, Ty};
use crate::lower::signature::Param;
use crate::sparsity::Pattern;

/// A matrix, and how its elements come about.
pub struct Matrix {
    /// In what order they are computed.
    pub way: Way,
    /// What is printed for that.
    pub function: Function,
    /// Which elements can differ from zero, where that is known.
    pub pattern: Option<Pattern>,
}

/// How the elements of a matrix come about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// All at once.
    Sweep,
    /// A column in each sweep: products with unit vectors.
    Columns,
    /// A row in each sweep: pullbacks of unit vectors.
    Rows,
}

/// The Hessian and the Jacobian of a function, as far as they are asked for.
#[derive(Default)]
pub struct Matrices {
    /// The tangent of the gradient.
    pub product: Option<Function>,
    /// The Hessian.
    pub hessian: Option<Matrix>,
    /// The Jacobian.
    pub jacobian: Option<Matrix>,
}

impl Derivative<'_> {
    /// The gradient's tangent alone.
    fn product(&self, tangents: &[Ident]) -> TokenStream {
        self.with_tangents(tangents, |printer| {
            self.unless_failed(printer);
            let gradient = alone_or_tuple(&self.cotangents(printer));
            let gradient = printer.inlined(self.success(gradient));
            printer.push(gradient);
            printer.finish()
        })
    }

    /// Both sweeps, of which the reverse one is left out where the function fails.
    fn unless_failed(&self, printer: &mut Printer<'_>) {
        self.forward(printer);
        self.succeeded(printer, &TokenStream::new(), Gives::Gradient);
        self.reverse(printer);
    }

    /// The matrices that the function gives.
    fn matrices(&self) -> TokenStream {
        self.print(&HashMap::default(), &[], &[], |printer| {
            self.unless_failed(printer);
            let labels = self.function.outputs.iter().zip(&self.function.body.yields);
            let matrices = labels.filter(|(output, _)| matches!(output, Output::Matrix(_)));
            let all: Vec<TokenStream> =
                matrices.map(|(_, &value)| printer.read(value).tokens).collect();
            let all = printer.inlined(self.success(alone_or_tuple(&all)));
            printer.push(all);
            printer.finish()
        })
    }

    /// The tangent of the result alone.
    fn direction(&self, tangents: &[Ident]) -> TokenStream {
        self.with_tangents(tangents, |printer| {
            self.forward(printer);
            let dot = self.output(Output::Tangent(0));
            let gives = if dot.is_some() { Gives::Gradient } else { Gives::Both };
            let kept = self.succeeded(printer, &TokenStream::new(), gives);
            let dot = match (dot, self.output(Output::Value)) {
                (Some(dot), _) => printer.read(dot).tokens,
                (None, Some(value)) => {
                    let value = match kept {
                        Some(kept) => kept.to_token_stream(),
                        None => printer.read(value).tokens,
                    };
                    self.constant_result(printer, value).1
                }
                (None, None) => self.zero_result(),
            };
            let dot = printer.inlined(self.success(dot));
            printer.push(dot);
            printer.finish()
        })
    }

    /// The gradient of the result in the direction of this cotangent.
    fn row(&self, y_bar: &Ident) -> TokenStream {
        let seed = self.function.params.get(self.signature.params.len());
        let extra: Vec<_> = seed.map(|&seed| (seed, y_bar.clone())).into_iter().collect();
        self.print(&HashMap::default(), &extra, &[], |printer| {
            self.forward(printer);
            self.reverse(printer);
            let gradient = alone_or_tuple(&self.cotangents(printer));
            let gradient = printer.inlined(gradient);
            printer.push(gradient);
            printer.finish()
        })
    }
}

impl Context<'_> {
    /// `f_hvp(x.., x_dot..) -> ∇²f · ẋ`
    pub(crate) fn hvp(&self, product: &Derivative<'_>) -> Companion {
        let result = returning(self.signature, gradient_type(self.signature, &self.facade));
        let product = product.product(&self.tangent_names());
        let constant = self.constant_directions(&product);
        let body = quote_spanned!(Span::mixed_site()=> #constant #product);
        self.companion("hvp", &result, &self.directions(), &body)
    }

    /// `f_hessian(x..) -> [[∂²f/∂xᵢ∂xⱼ]]`
    pub(crate) fn hessian(&self, of: &Derivative<'_>, way: Way) -> Companion {
        let site = Span::mixed_site();
        let wanted: Vec<&Param> = self.wanted().map(|(_, param)| param).collect();
        let names = self.tangent_names();
        let row = gradient_type(self.signature, &self.facade);
        let along = |body: &TokenStream| self.closure(&row, body);
        let body = match (way, wanted.as_slice()) {
            (Way::Sweep, _) | (_, []) => of.matrices(),
            (_, [param]) if !matches!(param.ty.behind_refs(), Ty::Float(_)) => {
                let product = along(&of.product(&names));
                let (zeros, rows) = self.in_directions(param, &|call| call);
                self.successful(&quote_spanned!(site=> #product #zeros), &rows)
            }
            (_, scalars) => {
                let product = along(&of.product(&names));
                let rows = (0..scalars.len()).map(|at| self.row_along(at));
                self.successful(&product, &quote_spanned!(site=> [#(#rows),*]))
            }
        };
        let result = returning(self.signature, self.hessian_type());
        let hessian = self.companion("hessian", &result, &[], &body);
        self.repeated(hessian, way)
    }

    /// `f_jacobian(x..) -> [[∂yᵢ/∂xⱼ]]`, one for each parameter.
    pub(crate) fn jacobian(&self, of: &Derivative<'_>, way: Way) -> Companion {
        let body = match way {
            Way::Sweep => of.matrices(),
            Way::Columns => {
                let names = self.tangent_names();
                let column = self.result_cotangent();
                let along = self.closure(&column, &of.direction(&names));
                let matrices: Vec<TokenStream> =
                    self.wanted().map(|(at, param)| self.by_columns(at, param)).collect();
                let all = alone_or_tuple(&matrices);
                self.successful(&along, &all)
            }
            Way::Rows => self.by_rows(of),
        };
        let result = returning(self.signature, self.jacobian_types());
        let jacobian = self.companion("jacobian", &result, &[], &body);
        self.repeated(jacobian, way)
    }

    /// A companion in which one sweep is a closure that is called in each direction.
    fn repeated(&self, companion: Companion, way: Way) -> Companion {
        match way {
            Way::Sweep => companion,
            Way::Columns | Way::Rows => companion.with_constant_parameters(self.signature),
        }
    }

    pub(crate) fn wanted(&self) -> impl Iterator<Item = (usize, &Param)> {
        self.signature.params.iter().enumerate().filter(|(_, param)| param.wanted)
    }

    fn tangent_names(&self) -> Vec<Ident> {
        self.per_parameter("dot").into_iter().map(|(_, name)| name).collect()
    }

    /// The Jacobian with respect to one parameter, from its columns.
    fn by_columns(&self, at: usize, param: &Param) -> TokenStream {
        let (site, private) = (Span::mixed_site(), self.facade.private());
        let flat = |column: TokenStream| self.flat(&column);
        if matches!(param.ty.behind_refs(), Ty::Float(_)) {
            let (mut zeros, mut arguments) = (TokenStream::new(), Vec::new());
            for ((n, other), name) in self.wanted().zip(self.tangent_names()) {
                let like = other.ident().map(ToTokens::to_token_stream).unwrap_or_default();
                let zero = shape::zero(&other.ty, &like, &self.facade);
                let reference = (other.ty.ref_depth() > 0).then(|| quote_spanned!(site=> &));
                let unit = if n == at { self.facade.one(&param.ty) } else { zero };
                zeros.extend(quote_spanned!(site=> let #name = #unit;));
                arguments.push(quote_spanned!(site=> #reference #name));
            }
            let column = self.tried(&flat(quote_spanned!(site=> along(#(#arguments),*))));
            return quote_spanned!(site=> { #zeros #column });
        }
        let (zeros, columns) = self.in_directions(param, &flat);
        let is_array = matches!(param.ty.behind_refs(), Ty::Array(..)) && self.has_known_rows();
        let transposed = if is_array {
            quote_spanned!(site=> #private::transposed(columns))
        } else {
            quote_spanned!(site=> #private::rows(&columns))
        };
        quote_spanned!(site=> {
            let columns = { #zeros #columns };
            #transposed
        })
    }

    /// A result as an array: a tuple of floats is one.
    fn flat(&self, value: &TokenStream) -> TokenStream {
        let site = Span::mixed_site();
        let Some(Ty::Tuple(fields)) = self.signature.payload() else { return value.clone() };
        let names: Vec<Ident> =
            (0..fields.len()).map(|n| quote::format_ident!("y_{n}", span = site)).collect();
        if self.signature.fallible().is_some() {
            return quote_spanned!(site=> #value.map(|(#(#names,)*)| [#(#names),*]));
        }
        quote_spanned!(site=> {
            let (#(#names,)*) = #value;
            [#(#names),*]
        })
    }

    /// The Jacobian with respect to the one parameter, from its rows.
    fn by_rows(&self, of: &Derivative<'_>) -> TokenStream {
        let site = Span::mixed_site();
        let y_bar = self.fresh("y_bar");
        let cotangent = self.result_cotangent();
        let body = of.row(&y_bar);
        let clones = self.clones(&body);
        let row = quote_spanned!(site=> let row = |#y_bar: #cotangent| { #clones #body };);
        let run_time = self.wanted().any(|(_, param)| param.ty.is_run_time_sized());
        let collected = run_time.then(|| quote_spanned!(site=> .to_vec()));
        let result = self.signature.result.as_ref();
        let count = match result {
            Some(Ty::Array(_, len)) => shape::length(len),
            _ => TokenStream::new(),
        };
        let (zero, one) = (self.unit(false), self.unit(true));
        let zeros = result.map(|ty| shape::zero(ty, &TokenStream::new(), &self.facade));
        if let Some(Ty::Tuple(fields)) = result {
            let rows = (0..fields.len()).map(|i| {
                let units = (0..fields.len()).map(|j| self.unit(i == j));
                quote_spanned!(site=> row((#(#units,)*)))
            });
            return quote_spanned!(site=> #row [#(#rows),*] #collected);
        }
        quote_spanned!(site=>
            #row
            let mut seed = #zeros;
            let rows: [_; #count] = ::core::array::from_fn(|at| {
                seed[at] = #one;
                let row = row(seed);
                seed[at] = #zero;
                row
            });
            rows #collected
        )
    }

    /// Whether the number of results is known to the macro or to rustc.
    fn has_known_rows(&self) -> bool {
        !self.signature.payload().is_some_and(Ty::is_run_time_sized)
    }
}
