//! `alias(Scalar = f64)`: a macro sees the name of a type and not what it stands for, so the compiler is
//! given the item with the types themselves. The item that is emitted keeps its names.

use proc_macro2::{Group, Ident, Spacing, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::{Token, Type};

/// `Scalar = f64`
#[derive(Clone, Debug)]
pub struct Alias {
    /// The name.
    pub name: Ident,
    /// What it stands for.
    pub ty: Type,
}

impl Parse for Alias {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok(Self { name, ty: input.parse()? })
    }
}

/// An item with its aliases spelled out. Paths that end in a name, and fields and methods of that
/// name, are left alone.
pub(crate) fn spelled_out(item: TokenStream, aliases: &[Alias]) -> TokenStream {
    if aliases.is_empty() {
        return item;
    }
    let mut tokens = TokenStream::new();
    // Whether `.` or `::` stands before, and whether a sign that goes on.
    let (mut follows, mut joint) = (false, false);
    let mut trees = item.into_iter().peekable();
    while let Some(tree) = trees.next() {
        let alias = match &tree {
            TokenTree::Ident(ident) if !follows => aliases.iter().find(|it| it.name == *ident),
            _ => None,
        };
        follows = is_punct(&tree, '.') && !joint || is_punct(&tree, ':') && joint;
        joint = is_joint(&tree, ':') || is_joint(&tree, '.');
        match (tree, alias) {
            (TokenTree::Ident(ident), Some(alias)) => {
                let leads = trees.peek().is_some_and(|next| is_joint(next, ':'));
                tokens.extend(meant(&ident, &alias.ty, leads));
            }
            (TokenTree::Group(group), _) => {
                let mut inside =
                    Group::new(group.delimiter(), spelled_out(group.stream(), aliases));
                inside.set_span(group.span());
                tokens.extend([TokenTree::Group(inside)]);
            }
            (tree, _) => tokens.extend([tree]),
        }
    }
    tokens
}

/// What a name means, where it stands alone or begins a path: `<Vec<f64>>::new`.
fn meant(name: &Ident, ty: &Type, leads: bool) -> TokenStream {
    let meaning: TokenStream = ty
        .to_token_stream()
        .into_iter()
        .map(|mut tree| {
            tree.set_span(name.span());
            tree
        })
        .collect();
    let is_name = matches!(ty, Type::Path(path) if path.path.get_ident().is_some());
    if leads && !is_name {
        return quote_spanned!(name.span()=> <#meaning>);
    }
    meaning
}

fn is_punct(tree: &TokenTree, character: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == character)
}

/// The first of two that belong together.
fn is_joint(tree: &TokenTree, character: char) -> bool {
    matches!(tree, TokenTree::Punct(punct)
        if punct.as_char() == character && punct.spacing() == Spacing::Joint)
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::quote;

    use super::{Alias, spelled_out};

    #[test]
    fn types_and_the_beginnings_of_paths() {
        let aliases: [Alias; 2] =
            [syn::parse_quote!(Scalar = f64), syn::parse_quote!(Row = Vec<f64>)];
        let item = quote!(
            fn f(x: Scalar, r: &Row) -> Scalar {
                let y: Scalar = Scalar::max(x, r.Scalar) + other::Scalar::from(x);
                let s = Row::new();
                s as Scalar
            }
        );
        let expected = quote!(
            fn f(x: f64, r: &Vec<f64>) -> f64 {
                let y: f64 = f64::max(x, r.Scalar) + other::Scalar::from(x);
                let s = <Vec<f64>>::new();
                s as f64
            }
        );
        let plain = |tokens: TokenStream| tokens.to_string().replace(' ', "");
        assert_eq!(plain(spelled_out(item, &aliases)), plain(expected));
    }
}
