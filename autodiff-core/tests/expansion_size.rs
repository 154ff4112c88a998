//! The size of what is emitted, by the size of what it is emitted for.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use proc_macro2::{TokenStream, TokenTree};

/// How many tokens `#[grad]` emits for a body of so many of these statements.
fn tokens(statement: &str, count: usize) -> usize {
    let body = statement.repeat(count);
    let source = format!("fn f(x: f64, y: f64) -> f64 {{ let mut t = x; {body} t * y }}");
    count_tokens(autodiff_core::grad(TokenStream::new(), source.parse().unwrap()))
}

fn count_tokens(tokens: TokenStream) -> usize {
    let tree = |tree| match tree {
        TokenTree::Group(group) => 2 + count_tokens(group.stream()),
        TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => 1,
    };
    tokens.into_iter().map(tree).sum()
}

/// Each statement costs as much at the end of a long function as at that of a short one.
fn assert_linear(statement: &str) {
    let [ten, twenty, forty] = [10, 20, 40].map(|count| tokens(statement, count));
    let (early, late) = (twenty - ten, forty - twenty);
    assert!(late <= 2 * early + early / 4, "`{statement}`: {ten}, {twenty}, {forty} tokens");
}

#[test]
fn code_grows_with_the_function_and_not_with_its_paths() {
    assert_linear("t = t + t; ");
    assert_linear("t = t * t; ");
    assert_linear("t = t * y + x; ");
    assert_linear("t = (t / y).sin() + t * t; ");
    assert_linear("let u = t * t + y; t = u * t - u; ");
    assert_linear("t = if t > y { t * x } else { t + t * y }; ");
}

/// Long functions have one body for all companions: a statement adds no more than half of what it
/// adds where each companion has its own.
#[test]
fn a_long_function_has_one_body() {
    let statement = "t = (t / y).sin() + t * x; ";
    let [ten, twenty] = [10, 20].map(|count| tokens(statement, count));
    let [long, longer] = [200, 210].map(|count| tokens(statement, count));
    let (each, each_of_long) = (twenty - ten, longer - long);
    assert!(2 * each_of_long < each, "{each_of_long} and {each} tokens for ten statements");
}
