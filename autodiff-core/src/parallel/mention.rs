//! Who mentions a variable, how often; and which generics are mentioned.

use crate::hash::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Expr, GenericParam, Generics};

use super::scope::Parameter;
use crate::lower::{plain_name, unparenthesised};

/// Whether an expression is a variable.
pub(super) fn is(expr: &Expr, name: &str) -> bool {
    match unparenthesised(expr) {
        Expr::Path(path) => path.path.get_ident().is_some_and(|ident| plain_name(ident) == name),
        _ => false,
    }
}

/// How often a name stands in tokens; in a format string once more than it is written.
pub(super) fn occurrences(tokens: TokenStream, name: &str) -> usize {
    let count = |tree| match tree {
        TokenTree::Ident(ident) => usize::from(plain_name(&ident) == name),
        TokenTree::Group(group) => occurrences(group.stream(), name),
        TokenTree::Literal(literal) => usize::from(literal.to_string().contains(name)),
        TokenTree::Punct(_) => 0,
    };
    tokens.into_iter().map(count).sum()
}

/// The generics without those that no parameter mentions, which nothing would tell.
pub(super) fn mentioned_generics(all: &Generics, parameters: &[Parameter]) -> Generics {
    let types = parameters.iter().map(|parameter| &parameter.ty);
    let mut text: TokenStream = types.map(ToTokens::to_token_stream).collect();
    let mut kept: HashSet<String> = HashSet::default();
    let name = |param: &GenericParam| match param {
        GenericParam::Type(of) => of.ident.to_string(),
        GenericParam::Const(of) => of.ident.to_string(),
        GenericParam::Lifetime(of) => of.lifetime.ident.to_string(),
    };
    loop {
        let is_new = |param: &&GenericParam| {
            !kept.contains(&name(param)) && occurrences(text.clone(), &name(param)) > 0
        };
        let Some(param) = all.params.iter().find(is_new) else { break };
        text.extend(param.to_token_stream());
        kept.insert(name(param));
    }
    let is_kept = |param: &&GenericParam| kept.contains(&name(param));
    let mut generics = Generics { params: syn::punctuated::Punctuated::new(), ..all.clone() };
    generics.params.extend(all.params.iter().filter(is_kept).cloned());
    let others: Vec<String> =
        all.params.iter().map(name).filter(|name| !kept.contains(name)).collect();
    if let Some(clause) = &mut generics.where_clause {
        let predicates = std::mem::take(&mut clause.predicates);
        let is_told = |predicate: &syn::WherePredicate| {
            others.iter().all(|name| occurrences(predicate.to_token_stream(), name) == 0)
        };
        clause.predicates.extend(predicates.into_iter().filter(is_told));
    }
    generics
}
