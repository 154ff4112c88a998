//! Sums over rayon's parallel iterators → calls of functions beside the annotated one.
//!
//! `xs.par_iter().map(|x| term(*x, w)).sum::<f64>()` in a function `f` becomes `__f_sum0(xs, w)`:
//!
//! ```text
//! #[grad(jvp)]
//! fn __f_part0(xs: &[f64], w: f64) -> f64 { xs.iter().map(|x| term(*x, w)).sum::<f64>() }
//!
//! #[rule(vjp = __f_sum0_vjp, jvp = __f_sum0_jvp)]
//! fn __f_sum0(xs: &[f64], w: f64) -> f64 { parallel::joined(xs.len(), |part| __f_part0(&xs[part], w), …) }
//! ```
//!
//! A part is an ordinary function with an ordinary gradient, which goes forwards and backwards through
//! its items at once; the sum has a rule, whose pullback scales the sum of these gradients. So no pass
//! after this one knows of threads. What the closures capture becomes parameters, whose types must be
//! spelled: here only syntax is known.

mod chain;
mod mention;
mod print;
mod scope;
mod through;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Block, Expr, ExprMethodCall, Local, Pat, Stmt};

use crate::diagnostics::{Diagnostics, Refusal};
use crate::input::Input;
use crate::ir::{FloatTy, Ty};
use crate::lower::{Signature, spelled};
use crate::options::Options;
use crate::structure::mentions::{bound_by, mentioned};
use scope::{Captured, Scope};

/// The function with calls in place of parallel sums over something differentiated, and the functions
/// that these call.
pub(crate) fn outlined(
    mut input: Input,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> (Input, TokenStream) {
    let nothing = TokenStream::new();
    let names = mentioned(input.tokens.to_token_stream());
    if !chain::SOURCES.iter().any(|source| names.contains(*source))
        || input.owner(options).is_some()
    {
        return (input, nothing);
    }
    let mut ignored = Diagnostics::default();
    let signature = Signature::read(&input.signature, options, None, &mut ignored);
    let (Some(signature), Some(mut body)) = (signature, input.body(&mut ignored)) else {
        return (input, nothing);
    };
    let scope = Scope::of(&signature);
    let mut outline = Outline {
        function: &input,
        signature: &signature,
        options,
        diagnostics,
        scope,
        sums: Vec::new(),
    };
    outline.visit_block_mut(&mut body);
    let sums: TokenStream = std::mem::take(&mut outline.sums).into_iter().collect();
    if !sums.is_empty() {
        allow_unused_imports(&mut body);
    }
    let body = body.to_token_stream().into_iter().next();
    input.tokens = body.unwrap_or_else(|| input.tokens.clone());
    (input, sums)
}

/// Why a sum stays where it is.
enum Reason {
    /// It has no derivative, or what it is made of is not known here: lowering decides.
    Left,
    Refused(Refusal, Span),
}

impl Reason {
    fn refused(message: impl Into<String>, help: impl Into<String>, span: Span) -> Self {
        Self::Refused(Refusal::Parallel(message.into(), help.into()), span)
    }
}

type Built<T> = Result<T, Reason>;

/// The walk over a body.
struct Outline<'f> {
    function: &'f Input,
    signature: &'f Signature,
    options: &'f Options,
    diagnostics: &'f mut Diagnostics,
    scope: Scope,
    sums: Vec<TokenStream>,
}

impl Outline<'_> {
    /// The call in place of a parallel sum.
    fn call(&mut self, sum: &ExprMethodCall) -> Built<Expr> {
        let captured = self.scope.captured(&mentioned(sum));
        if !captured.iter().any(|it| it.active) {
            return Err(Reason::Left);
        }
        let method = sum.method.to_string();
        if chain::GIVES_NO_FLOAT.contains(&method.as_str()) {
            return Err(Reason::Left);
        }
        if method != "sum" {
            return Err(Reason::refused(
                format!("cannot differentiate through `{method}` of a parallel iterator"),
                "map each item to a float and end in `sum::<f64>()`, or write `iter` in place of `par_iter`",
                sum.method.span(),
            ));
        }
        let float = self.float(sum)?;
        if self.options.order() > 1 || self.options.hvp.is_some() || self.options.hessian.is_some()
        {
            return Err(Reason::refused(
                "second derivatives through a parallel sum are not accepted",
                "write `iter` in place of `par_iter`",
                sum.method.span(),
            ));
        }
        let captured = captured.into_iter().map(Captured::spelled).collect::<Built<Vec<_>>>()?;
        let number = self.sums.len();
        let functions = print::Functions::read(sum, captured, float, self, number)?;
        let call = functions.call();
        self.sums.push(functions.print()?);
        Ok(call)
    }

    /// The float that a sum is: as spelled, or the only one of the function.
    fn float(&self, sum: &ExprMethodCall) -> Built<TokenStream> {
        if let Some(ty) = crate::chain::spelled_end(sum) {
            return match spelled(&ty, &self.signature.known) {
                Ty::Float(FloatTy::F32 | FloatTy::F64) => Ok(ty.to_token_stream()),
                Ty::Float(FloatTy::Param(_) | FloatTy::Inferred) => Err(Reason::refused(
                    "a parallel sum of a type parameter has no derivative",
                    "let the function be of `f64` or `f32`, or write `iter` in place of `par_iter`",
                    sum.method.span(),
                )),
                _ => Err(Reason::Left),
            };
        }
        let all = [self.signature.item.to_token_stream(), self.function.tokens.to_token_stream()];
        match crate::lower::only_float(all.into_iter().collect()) {
            Some(FloatTy::F32) => Ok(quote_spanned!(Span::mixed_site()=> f32)),
            Some(FloatTy::F64) => Ok(quote_spanned!(Span::mixed_site()=> f64)),
            Some(FloatTy::Param(_) | FloatTy::Inferred) | None => Err(Reason::refused(
                "cannot tell the type of this parallel sum",
                "say it: `sum::<f64>()`",
                sum.method.span(),
            )),
        }
    }

    /// What a pattern binds hides what had the names, and is of types that are not spelled.
    fn bind(&mut self, pattern: &Pat) {
        for (name, _) in bound_by(pattern) {
            self.scope.hide(&name);
        }
    }

    /// A part of the body with variables of its own.
    fn inside(&mut self, visit: impl FnOnce(&mut Self)) {
        let around = self.scope.clone();
        visit(self);
        self.scope = around;
    }
}

impl VisitMut for Outline<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        self.inside(|outline| visit_mut::visit_block_mut(outline, block));
    }

    fn visit_local_mut(&mut self, local: &mut Local) {
        if let Some(init) = &mut local.init {
            visit_mut::visit_local_init_mut(self, init);
        }
        match &local.pat {
            Pat::Type(typed) => match &*typed.pat {
                Pat::Ident(name) => self.scope.bind(&name.ident, &typed.ty, &self.signature.known),
                pattern => self.bind(&pattern.clone()),
            },
            pattern => self.bind(&pattern.clone()),
        }
    }

    fn visit_arm_mut(&mut self, arm: &mut Arm) {
        self.inside(|outline| {
            outline.bind(&arm.pat);
            visit_mut::visit_arm_mut(outline, arm);
        });
    }

    fn visit_expr_let_mut(&mut self, binding: &mut syn::ExprLet) {
        self.visit_expr_mut(&mut binding.expr);
        self.bind(&binding.pat);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::MethodCall(sum) if chain::is_parallel(&sum.receiver) => match self.call(sum) {
                Ok(call) => *expr = call,
                Err(Reason::Refused(refusal, span)) => {
                    self.diagnostics.refuse(&refusal, span);
                    // One mistake is one error.
                    *expr = syn::parse_quote!(0.0);
                }
                Err(Reason::Left) => {}
            },
            Expr::ForLoop(of) => {
                self.visit_expr_mut(&mut of.expr);
                self.inside(|outline| {
                    outline.bind(&of.pat);
                    outline.visit_block_mut(&mut of.body);
                });
            }
            Expr::Closure(of) => self.inside(|outline| {
                of.inputs.iter().for_each(|input| outline.bind(input));
                outline.visit_expr_mut(&mut of.body);
            }),
            Expr::If(_) | Expr::While(_) => {
                self.inside(|outline| visit_mut::visit_expr_mut(outline, expr));
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    // A function inside has variables of its own, and companions of its own, if any.
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// The `use`s at the beginning of a body: what the closures name may come from there.
fn imports(input: &Input) -> TokenStream {
    let body = input.body(&mut Diagnostics::default());
    let stmts = body.into_iter().flat_map(|body| body.stmts);
    stmts
        .filter(|stmt| matches!(stmt, Stmt::Item(syn::Item::Use(_))))
        .map(ToTokens::into_token_stream)
        .collect()
}

/// What is imported may have been for the closures only.
fn allow_unused_imports(body: &mut Block) {
    for stmt in &mut body.stmts {
        if let Stmt::Item(syn::Item::Use(item)) = stmt {
            item.attrs.push(syn::parse_quote!(#[allow(unused_imports)]));
        }
    }
}

/// The `cfg`s of the function.
fn conditions(input: &Input) -> TokenStream {
    let cfgs = input.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    cfgs.map(ToTokens::to_token_stream).collect()
}

/// A name of ours at that of the function's.
fn located(name: &str, function: &Ident) -> Ident {
    Ident::new(name, Span::mixed_site().located_at(function.span()))
}
