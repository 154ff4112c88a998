//! `izip!(a, b, c)` of `itertools`: the `zip`s that it is.

use proc_macro2::Span;
use quote::quote_spanned;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Macro, Token};

/// Writes them out where something active is in them. The macro is known by its name.
pub(super) fn written_out(body: &mut Block, is_active: &dyn Fn(&Macro) -> bool) {
    Izips { is_active }.visit_block_mut(body);
}

struct Izips<'i> {
    is_active: &'i dyn Fn(&Macro) -> bool,
}

impl VisitMut for Izips<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::Macro(of) = &*expr
            && is_izip(&of.mac)
            && (self.is_active)(&of.mac)
            && let Some(zips) = zips(&of.mac)
        {
            *expr = zips;
        }
        visit_mut::visit_expr_mut(self, expr);
    }
}

pub(super) fn is_izip(mac: &Macro) -> bool {
    let names: Vec<String> = mac.path.segments.iter().map(|it| it.ident.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    matches!(names.as_slice(), ["izip"] | ["itertools", "izip"])
}

/// `a.zip(b).zip(c).map(|((a, b), c)| (a, b, c))`
fn zips(mac: &Macro) -> Option<Expr> {
    let site = Span::mixed_site().located_at(mac.path.span());
    let args = mac.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated).ok()?;
    let mut args = args.into_iter();
    let mut zips = iterator(args.next()?, site);
    let item = |n: usize| syn::Ident::new(&format!("item_{n}"), site);
    let first = item(0);
    let (mut pattern, mut items) = (quote_spanned!(site=> #first), vec![first]);
    for (n, other) in args.enumerate() {
        let name = item(n + 1);
        zips = quote_spanned!(site=> #zips.zip(#other));
        pattern = quote_spanned!(site=> (#pattern, #name));
        items.push(name);
    }
    let flat = items.len() < 3;
    syn::parse2(if flat {
        zips
    } else {
        quote_spanned!(site=> #zips.map(|#pattern| (#(#items),*)))
    })
    .ok()
}

/// What `zip` can be called on.
fn iterator(of: Expr, site: Span) -> proc_macro2::TokenStream {
    match of {
        Expr::Reference(of) if of.mutability.is_some() => {
            let of = of.expr;
            quote_spanned!(site=> #of.iter_mut())
        }
        Expr::Reference(of) => {
            let of = of.expr;
            quote_spanned!(site=> #of.iter())
        }
        of @ Expr::Range(_) => quote_spanned!(site=> (#of)),
        of if crate::chain::is_iterator(&of) => quote_spanned!(site=> #of),
        of => quote_spanned!(site=> #of.into_iter()),
    }
}
