//! Arrays that are made element by element: `array::from_fn`, `map` of an array, `concat`.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, ExprMethodCall, GenericArgument, PathArguments, Type};

use super::TypeParams;
use super::operand::Operand;
use super::{Lowered, Lowerer, unparenthesised};
use crate::chain::Unread;
use crate::diagnostics::Refusal;
use crate::ir::{FloatTy, Len, Ty};

/// Whether a call is one of `array::from_fn`.
pub(crate) fn is_from_fn(call: &ExprCall) -> bool {
    let Expr::Path(path) = &*call.func else { return false };
    let mut names = path.path.segments.iter().rev().map(|segment| segment.ident.to_string());
    let named = names.next().is_some_and(|name| name == "from_fn");
    named && call.args.len() == 1 && names.next().is_some_and(|name| name == "array")
}

impl Lowerer<'_> {
    /// `array::from_fn(|i| …)`: a loop over the elements of an array of zeros.
    pub(crate) fn from_fn<'e>(
        &mut self,
        expr: &'e Expr,
        call: &'e ExprCall,
    ) -> Lowered<Operand<'e>> {
        let (f, span) = (call.args.first(), call.func.span());
        let expected = self.expected.take();
        let known = &self.known;
        let spelled = || expected.as_ref().and_then(|ty| array(ty, known));
        let Some((len, zero)) = spelled_here(call, known).or_else(spelled) else {
            return self.refuse(&Refusal::Iterator("from_fn".to_owned()), span);
        };
        let zero = match zero {
            Some(zero) => zero,
            None => zero_like(f, &self.blank(span)),
        };
        self.synthetic(expr, |lowerer| {
            let site = Span::mixed_site().located_at(span);
            let (array, i) = (lowerer.target("array", site), lowerer.fresh("i", site));
            let Some(f) = f else { return Err(unread("from_fn", span)) };
            let row = expected.as_ref().and_then(row_type);
            let element = lowerer.element(f, &i, row, site);
            let block = quote_spanned!(site=> {
                let mut #array = [#zero; #len];
                for #i in 0..#len { #array[#i] = #element; }
                #array
            });
            syn::parse2(block).map_err(|_| unread("from_fn", span))
        })
    }

    /// What `f` gives for a number. Rows are given their type, which tells how long they are.
    fn element(&mut self, f: &Expr, i: &syn::Ident, row: Option<&Type>, site: Span) -> TokenStream {
        match (f, row) {
            (Expr::Closure(of), Some(row))
                if of.inputs.len() == 1 && matches!(of.output, syn::ReturnType::Default) =>
            {
                let (pattern, body, item) = (&of.inputs, &of.body, self.fresh("row", site));
                quote_spanned!(site=> { let #pattern = #i; let #item: #row = #body; #item })
            }
            _ => quote_spanned!(site=> (#f)(#i)),
        }
    }

    /// `[a, b].map(|x| …)`, of an array whose length is known.
    pub(crate) fn array_map<'e>(
        &mut self,
        expr: &'e Expr,
        call: &'e ExprMethodCall,
    ) -> Option<Lowered<Operand<'e>>> {
        let f = call.args.first()?;
        if call.method != "map" || call.args.len() != 1 {
            return None;
        }
        let expected = self.expected.take();
        let len = match unparenthesised(&call.receiver) {
            Expr::Array(of) => {
                let len = of.elems.len();
                quote!(#len)
            }
            Expr::Repeat(of) => {
                let len = &of.len;
                quote!(#len)
            }
            receiver => match self.array_len(receiver)? {
                Len::Literal(len) => quote!(#len),
                Len::Named(len) => len,
            },
        };
        let span = call.method.span();
        let array = expected.as_ref().and_then(|ty| array(ty, &self.known));
        let zero = array.and_then(|(_, zero)| zero);
        let zero = zero.unwrap_or_else(|| zero_like(Some(f), &self.blank(span)));
        Some(self.synthetic(expr, |lowerer| {
            let site = Span::mixed_site().located_at(span);
            let [from, i] = ["from", "i"].map(|it| lowerer.fresh(it, site));
            let array = lowerer.target("array", site);
            let of = &call.receiver;
            let block = quote_spanned!(site=> {
                let #from = #of;
                let mut #array = [#zero; #len];
                for #i in 0..#len { #array[#i] = (#f)(#from[#i]); }
                #array
            });
            syn::parse2(block).map_err(|_| unread("map", span))
        }))
    }

    /// The length of the array that a variable or a part of one is.
    fn array_len(&self, expr: &Expr) -> Option<Len> {
        let mut ty = match expr {
            Expr::Path(path) => {
                let binding = self.scopes.lookup(path.path.get_ident()?)?;
                self.ty(self.scopes.version(binding)?).clone()
            }
            Expr::Index(of) if !matches!(*of.index, Expr::Range(_)) => self.type_of(&of.expr)?,
            _ => return None,
        };
        if let Expr::Index(_) = expr {
            ty = ty.element();
        }
        match ty {
            Ty::Array(_, len) => Some(len),
            _ => None,
        }
    }

    fn type_of(&self, expr: &Expr) -> Option<Ty> {
        let Expr::Path(path) = expr else { return None };
        let binding = self.scopes.lookup(path.path.get_ident()?)?;
        Some(self.ty(self.scopes.version(binding)?).clone())
    }

    /// `[a, b].concat()`, `rows.concat()`: one after another.
    pub(crate) fn concat<'e>(
        &mut self,
        expr: &'e Expr,
        call: &'e ExprMethodCall,
    ) -> Lowered<Operand<'e>> {
        let span = call.method.span();
        self.synthetic(expr, |lowerer| {
            let site = Span::mixed_site().located_at(span);
            let (joined, part) = (lowerer.target("joined", site), lowerer.fresh("part", site));
            let stmts: TokenStream = match unparenthesised(&call.receiver) {
                Expr::Array(of) => {
                    let parts = of.elems.iter().map(|part| match unparenthesised(part) {
                        Expr::Reference(part) => &*part.expr,
                        part => part,
                    });
                    quote_spanned!(site=> #(#joined.extend_from_slice(&#parts[..]);)*)
                }
                of @ Expr::Path(_) => quote_spanned!(site=>
                    for #part in #of.iter() { #joined.extend_from_slice(&#part[..]); }),
                _ => return Err(unread("concat", span)),
            };
            let block = quote_spanned!(site=> {
                let mut #joined = ::std::vec::Vec::new();
                #stmts
                #joined
            });
            syn::parse2(block).map_err(|_| unread("concat", span))
        })
    }

    /// A zero in rewritten syntax.
    fn blank(&mut self, span: Span) -> TokenStream {
        let site = Span::mixed_site().located_at(span);
        super::chain::lifted(quote_spanned!(site=> 0.0), self.mentioned().float.as_ref(), site)
    }

    /// The variable that what is made goes to.
    fn target(&mut self, hint: &str, site: Span) -> syn::Ident {
        match self.targets.as_slice() {
            [target] => target.clone(),
            _ => self.fresh(hint, site),
        }
    }

    /// A name for a variable of rewritten syntax.
    pub(crate) fn fresh(&mut self, hint: &str, site: Span) -> syn::Ident {
        let mut ident = self.mentioned().names.fresh(hint);
        ident.set_span(site);
        ident
    }
}

fn unread(name: &str, span: Span) -> Unread {
    Unread { name: name.to_owned(), span }
}

/// The length and a zero element of an array type, as far as they are spelled.
fn array(ty: &Type, known: &TypeParams) -> Option<(TokenStream, Option<TokenStream>)> {
    match ty {
        Type::Paren(inner) => array(&inner.elem, known),
        Type::Array(array) => {
            let len = &array.len;
            Some((quote!(#len), zero(&array.elem, known)))
        }
        _ => None,
    }
}

/// The type of the rows of an array of arrays.
fn row_type(ty: &Type) -> Option<&Type> {
    match ty {
        Type::Paren(inner) => row_type(&inner.elem),
        Type::Array(array) => Some(&*array.elem).filter(|row| matches!(row, Type::Array(_))),
        _ => None,
    }
}

/// The types in `from_fn::<f64, 3, _>`.
fn spelled_here(call: &ExprCall, known: &TypeParams) -> Option<(TokenStream, Option<TokenStream>)> {
    let Expr::Path(path) = &*call.func else { return None };
    let PathArguments::AngleBracketed(of) = &path.path.segments.last()?.arguments else {
        return None;
    };
    let len = match of.args.iter().nth(1)? {
        GenericArgument::Const(len) => quote!(#len),
        GenericArgument::Type(Type::Path(len)) => quote!(#len),
        _ => return None,
    };
    let zero = match of.args.first()? {
        GenericArgument::Type(element) => zero(element, known),
        _ => None,
    };
    Some((len, zero))
}

/// A zero of a type that is spelled.
fn zero(ty: &Type, known: &TypeParams) -> Option<TokenStream> {
    Some(match ty {
        Type::Paren(inner) => zero(&inner.elem, known)?,
        Type::Array(of) => {
            let (element, len) = (zero(&of.elem, known)?, &of.len);
            quote!([#element; #len])
        }
        Type::Tuple(of) => {
            let elements = of.elems.iter().map(|ty| zero(ty, known)).collect::<Option<Vec<_>>>()?;
            quote!((#(#elements,)*))
        }
        ty => match super::types::spelled(ty, known) {
            Ty::Float(FloatTy::F64) => quote!(0.0_f64),
            Ty::Float(FloatTy::F32) => quote!(0.0_f32),
            Ty::Float(FloatTy::Param(name)) => quote!(#name::zero()),
            _ => return None,
        },
    })
}

/// A zero of the form of what a closure gives. Where it is of another type, rustc says so.
fn zero_like(f: Option<&Expr>, zero: &TokenStream) -> TokenStream {
    fn like(value: &Expr, zero: &TokenStream) -> TokenStream {
        match value {
            Expr::Closure(closure) => like(&closure.body, zero),
            Expr::Paren(of) => like(&of.expr, zero),
            Expr::Block(of) => {
                if let Some(syn::Stmt::Expr(tail, None)) = of.block.stmts.last() {
                    like(tail, zero)
                } else {
                    zero.clone()
                }
            }
            Expr::Tuple(of) => {
                let parts = of.elems.iter().map(|part| like(part, zero));
                quote!((#(#parts,)*))
            }
            Expr::Array(of) => {
                let parts = of.elems.iter().map(|part| like(part, zero));
                quote!([#(#parts),*])
            }
            _ => zero.clone(),
        }
    }
    f.map_or_else(|| zero.clone(), |f| like(f, zero))
}
