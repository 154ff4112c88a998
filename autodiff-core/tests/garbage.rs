//! Whatever the tokens, the macro answers with tokens: it never panics, and the item stays.
//!
//! `PROPTEST_CASES` and `PROPTEST_RNG_SEED` look further than the default does.

#![allow(clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod corpus;

use corpus::corpus;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::RngSeed;
use quote::quote;

/// `cases` unless the environment says otherwise, from one seed, so that a failure stays one.
fn config(cases: u32) -> ProptestConfig {
    let mut config = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    ProptestConfig { failure_persistence: None, ..config }
}

/// Expands, and checks what holds of every expansion.
fn expand(attribute: &TokenStream, item: &TokenStream) -> String {
    let output = autodiff_core::grad(attribute.clone(), item.clone());
    // The item may be no Rust at all; what is added to it always is.
    let added = after(item, &output);
    let text = added.to_string();
    syn::parse2::<syn::File>(added).unwrap_or_else(|error| panic!("{error}:\n{text}"));
    text
}

/// What follows the item, which must begin the output.
fn after(item: &TokenStream, output: &TokenStream) -> TokenStream {
    let mut output = output.clone().into_iter();
    for token in item.clone() {
        let same = output.next().map(|token| token.to_string());
        assert_eq!(same, Some(token.to_string()), "the item is not what it was");
    }
    output.collect()
}

/// Words that mean something to the parser, to lowering, or to nobody.
const WORDS: &str = "fn f x y x_bar value f64 f32 usize u8 bool str Vec i32 N T let mut if else \
    match for in while loop return break continue unsafe async await move ref where pub impl dyn \
    const static struct enum as use crate self Self super true false wrt constant test jvp vjp \
    value_and_grad_into no_type no_suffix associated vec assert println sin max powi powf abs clamp \
    sin_cos iter map len clone stop_gradient grad inline cfg allow expect r#type _ \
    = == => -> + - * / % & && | || ! ? . .. ..= , ; : :: < > <= >= += -= *= @ # $ ~ ^ ' \
    0 1 2.0 0.5f64 1e300 3usize 1_f32 0xff \"{x}\" \"{\" 'c' b\"b\" 'a r\"{y}\" 1.";

fn word() -> impl Strategy<Value = TokenStream> {
    let words: Vec<TokenStream> =
        WORDS.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    proptest::sample::select(words)
}

/// Random tokens in random groups.
fn tokens() -> impl Strategy<Value = TokenStream> {
    let group = |inner| {
        let delimiters = [Delimiter::Parenthesis, Delimiter::Brace, Delimiter::Bracket];
        let delimiter = proptest::sample::select(delimiters.to_vec());
        (delimiter, vec(inner, 0..8)).prop_map(|(delimiter, inner)| {
            let inner: TokenStream = inner.into_iter().collect();
            TokenTree::Group(Group::new(delimiter, inner)).into()
        })
    };
    vec(word().prop_recursive(4, 60, 8, group), 0..12)
        .prop_map(|streams| streams.into_iter().collect())
}

/// One change to a stream of tokens.
#[derive(Clone, Debug)]
enum Edit {
    Truncate,
    Delete,
    Duplicate,
    SwapWithNext,
    Replace(TokenStream),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        Just(Edit::Truncate),
        Just(Edit::Delete),
        Just(Edit::Duplicate),
        Just(Edit::SwapWithNext),
        word().prop_map(Edit::Replace),
        tokens().prop_map(Edit::Replace),
    ]
}

fn count(stream: &TokenStream) -> usize {
    let inside = |token| match token {
        TokenTree::Group(group) => 1 + count(&group.stream()),
        TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => 1,
    };
    stream.clone().into_iter().map(inside).sum()
}

/// Applies an edit to the token number `at`, counted through groups.
fn edited(stream: TokenStream, at: usize, edit: &Edit) -> TokenStream {
    let mut trees: Vec<TokenTree> = stream.into_iter().collect();
    let mut first = 0;
    for position in 0..trees.len() {
        let inside = match &trees[position] {
            TokenTree::Group(group) => count(&group.stream()),
            _ => 0,
        };
        if first == at {
            return changed(trees, position, edit);
        }
        if let TokenTree::Group(group) = &trees[position]
            && at <= first + inside
        {
            let inner = edited(group.stream(), at - first - 1, edit);
            trees[position] = TokenTree::Group(Group::new(group.delimiter(), inner));
            break;
        }
        first += 1 + inside;
    }
    trees.into_iter().collect()
}

fn changed(mut trees: Vec<TokenTree>, at: usize, edit: &Edit) -> TokenStream {
    match edit {
        Edit::Truncate => trees.truncate(at),
        Edit::Delete => drop(trees.remove(at)),
        Edit::Duplicate => trees.insert(at, trees[at].clone()),
        Edit::SwapWithNext if at + 1 < trees.len() => trees.swap(at, at + 1),
        Edit::SwapWithNext => trees.swap(0, at),
        Edit::Replace(by) => {
            trees.splice(at..=at, by.clone());
        }
    }
    trees.into_iter().collect()
}

#[test]
fn the_corpus_expands() {
    let corpus = corpus();
    assert!(corpus.len() > 40, "only {} functions were found", corpus.len());
    for (attribute, item) in &corpus {
        let added = expand(attribute, item);
        assert!(!added.contains("compile_error"), "{added}");
    }
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn random_items(attribute in tokens(), item in tokens()) {
        expand(&attribute, &item);
    }

    #[test]
    fn random_options(attribute in tokens()) {
        let item = quote!(fn f(x: f64, y: &[f64; 2], n: usize) -> f64 { x * y[n] });
        expand(&attribute, &item);
    }

    #[test]
    fn random_bodies(body in tokens()) {
        let item = quote!(fn f(x: f64, mut y: &[f64; 2], n: usize) -> f64 { #body });
        expand(&TokenStream::new(), &item);
    }

    #[test]
    fn random_signatures(signature in tokens(), result in tokens()) {
        expand(&TokenStream::new(), &quote!(fn f(#signature) -> #result { x * x }));
    }

    #[test]
    fn damaged_functions(
        which in any::<Index>(),
        edits in vec((any::<Index>(), edit()), 1..4),
        in_attribute in prop::bool::weighted(0.1),
    ) {
        let corpus = corpus();
        let (mut attribute, mut item) = which.get(&corpus).clone();
        for (at, edit) in edits {
            let stream = if in_attribute { &mut attribute } else { &mut item };
            let total = count(stream);
            if total > 0 {
                *stream = edited(stream.clone(), at.index(total), &edit);
            }
        }
        expand(&attribute, &item);
    }
}
