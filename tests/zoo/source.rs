//! The functions of a file that can be called with a row of floats, and what they need.

use std::collections::{BTreeMap, BTreeSet};

use autodiff_core::diagnostics::Diagnostics;
use autodiff_core::options::Options;
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, Item, ItemFn, Meta};

use crate::adapter::Adapter;
use crate::shape::{Param, Returned};
use crate::width::Width;

/// The items of a file.
pub(crate) struct Source {
    items: Vec<Item>,
    /// Names from elsewhere in the tests.
    absent: BTreeSet<String>,
    /// What each annotated function is asked for.
    asked: BTreeMap<String, Asked>,
}

/// The companions of a function.
#[derive(Clone, Default)]
pub(crate) struct Asked {
    /// The options, as they are written in its attribute.
    written: Vec<TokenStream>,
    /// Whether there are second derivatives.
    pub(crate) twice: bool,
    /// Whether another of them calls it.
    is_called: bool,
    pub(crate) product: bool,
    pub(crate) hessian: bool,
    pub(crate) jacobian: bool,
}

/// Options that say what a function is; others say what is wanted of it.
const KEPT: [&str; 7] = ["wrt", "constant", "recursive", "rules", "order", "associated", "crate"];

/// How companions end that other functions call.
const SUFFIXES: [&str; 5] = ["_value_and_grad", "_grad", "_jvp", "_hvp", "_vjp"];

/// Crates whose names are known here.
const KNOWN: [&str; 5] = ["autodiff", "std", "core", "itertools", "self"];

impl Source {
    pub(crate) fn read(text: &str) -> syn::Result<Self> {
        let mut items = syn::parse_file(text)?.items;
        let mut absent = BTreeSet::new();
        items.retain(|item| match item {
            Item::Use(item) => {
                let is_known = is_known(&item.tree);
                if !is_known {
                    absent.extend(idents(item.to_token_stream()));
                }
                is_known
            }
            Item::Mod(item) => {
                absent.insert(item.ident.to_string());
                false
            }
            Item::Macro(item) if item.ident.is_none() => {
                absent.extend(functions_in(item.mac.tokens.clone()));
                true
            }
            _ => true,
        });
        let mut source = Self { items, absent, asked: BTreeMap::new() };
        source.ask();
        Ok(source)
    }

    /// Finds what can be asked of each function.
    fn ask(&mut self) {
        let functions: Vec<&ItemFn> = self.annotated().collect();
        let mut asked: BTreeMap<String, Asked> = BTreeMap::new();
        for function in &functions {
            let name = function.sig.ident.to_string();
            let calls = |other: &&ItemFn| idents(other.block.to_token_stream()).contains(&name);
            let is_called = functions.iter().any(calls);
            asked.insert(name, Asked::of(function, is_called));
        }
        for function in &functions {
            if !self.is_differentiated_twice(function)
                && let Some(asked) = asked.get_mut(&function.sig.ident.to_string())
            {
                (asked.twice, asked.product, asked.hessian) = (false, false, false);
            }
        }
        // What is differentiated twice calls what is.
        loop {
            let once: BTreeSet<String> = asked
                .iter()
                .filter(|(_, asked)| !asked.twice)
                .map(|(name, _)| name.clone())
                .collect();
            let mut changed = false;
            for function in &functions {
                let calls = idents(function.block.to_token_stream());
                let Some(asked) = asked.get_mut(&function.sig.ident.to_string()) else { continue };
                if asked.twice && calls.iter().any(|name| once.contains(name)) {
                    (asked.twice, asked.product, asked.hessian) = (false, false, false);
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        self.asked = asked;
    }

    /// Whether what a function needs beside other functions with `#[grad]` has second derivatives:
    /// methods and operators have not, rules where they say so, and companions are of the order
    /// that they say.
    fn is_differentiated_twice(&self, function: &ItemFn) -> bool {
        let names = idents(function.to_token_stream());
        let is_function = |name: &str| {
            self.items.iter().any(|item| matches!(item, Item::Fn(f) if f.sig.ident == name))
        };
        let is_companion = |name: &String| base(name).is_some_and(is_function);
        let is_of_the_library = |name: &String| name == "linear" || name == "implicit";
        let has = |attrs: &[Attribute], wanted: &str| {
            let named = |attr: &&Attribute| {
                attr.path().segments.last().is_some_and(|last| last.ident == wanted)
            };
            attrs
                .iter()
                .find(named)
                .is_some_and(|attr| !idents(attr.to_token_stream()).contains("order"))
        };
        let is_once = |item: &&Item| match item {
            Item::Impl(block) => block.attrs.iter().any(is_grad),
            Item::Fn(function) => has(&function.attrs, "rule"),
            _ => false,
        };
        !names.iter().any(|name| is_companion(name) || is_of_the_library(name))
            && !self.needed(BTreeSet::from([function.sig.ident.to_string()])).iter().any(is_once)
    }

    /// The free functions with `#[grad]`.
    fn annotated(&self) -> impl Iterator<Item = &ItemFn> {
        self.items.iter().filter_map(|item| match item {
            Item::Fn(function) if function.attrs.iter().any(is_grad) => Some(function),
            _ => None,
        })
    }

    /// The functions, what they need, and a function that lists them; `None` if there are none.
    pub(crate) fn functions(&self, file: &str, width: Width) -> Option<Vec<TokenStream>> {
        let chosen: Vec<Adapter> =
            self.annotated().filter_map(|function| self.chosen(function, file, width)).collect();
        if chosen.is_empty() {
            return None;
        }
        let names = chosen.iter().map(|adapter| adapter.name.to_string()).collect();
        let items = self.needed(names).into_iter().map(|item| width.of(&self.as_asked(item)));
        let float = width.float();
        let tables = (0..chosen.len()).map(|n| format_ident!("exhibit_{n}"));
        let exhibits = chosen.iter().zip(tables.clone());
        let exhibits = exhibits
            .map(|(exhibit, name)| quote!(fn #name() -> crate::Exhibit<#float> { #exhibit }));
        let table = quote!(pub fn zoo() -> Vec<crate::Exhibit<#float>> { vec![#(#tables()),*] });
        Some(items.chain(exhibits).chain([table]).collect())
    }

    fn chosen(&self, function: &ItemFn, file: &str, width: Width) -> Option<Adapter> {
        let sig = &function.sig;
        let params: Option<Vec<Param>> = sig.inputs.iter().map(Param::read).collect();
        let (params, returned) = (params?, Returned::read(&sig.output)?);
        let needed = self.needed(BTreeSet::from([sig.ident.to_string()]));
        let is_there = |item: &&Item| {
            let names = idents(item.to_token_stream());
            // A rule of one mode makes functions of that mode.
            let is_half = matches!(item, Item::Fn(item) if item.attrs.iter().any(is_half_a_rule));
            let is_known = names.is_disjoint(&self.absent) && !names.contains("crate");
            is_known && !is_half && width.has(item)
        };
        let suits = sig.generics.params.is_empty()
            && needed.iter().filter(|item| !matches!(item, Item::Use(_))).all(is_there)
            && params.iter().any(Param::is_of_floats);
        let asked = self.asked.get(&sig.ident.to_string())?;
        let options = options(function);
        suits.then(|| Adapter::new(file, &sig.ident, params, returned, &options, asked))
    }

    /// The items that these name, and those that they name in turn.
    fn needed(&self, mut names: BTreeSet<String>) -> Vec<&Item> {
        loop {
            let needed: Vec<&Item> =
                self.items.iter().filter(|item| defines(item, &names)).collect();
            let named = needed.iter().flat_map(|item| idents(item.to_token_stream()));
            let more: Vec<String> = named
                .flat_map(|name| [base(&name).map(str::to_owned), Some(name)])
                .flatten()
                .collect();
            let before = names.len();
            names.extend(more);
            if names.len() == before {
                return needed;
            }
        }
    }

    /// An item with the attribute that asks for all its companions.
    fn as_asked(&self, item: &Item) -> Item {
        let mut item = item.clone();
        if let Item::Fn(function) = &mut item
            && let Some(asked) = self.asked.get(&function.sig.ident.to_string())
            && let Some(attr) = function.attrs.iter_mut().find(|attr| is_grad(attr))
        {
            let options = asked.options();
            *attr = syn::parse_quote!(#[autodiff::grad(#(#options),*)]);
        }
        item
    }
}

impl Asked {
    fn of(function: &ItemFn, is_called: bool) -> Self {
        let mut asked = Self { written: written(function), is_called, ..Self::default() };
        asked.jacobian = asked.holds(function, |asked| asked.jacobian = true);
        asked.twice = asked.holds(function, |asked| asked.twice = true);
        asked.product = asked.twice && asked.holds(function, |asked| asked.product = true);
        asked.hessian = asked.product && asked.holds(function, |asked| asked.hessian = true);
        asked
    }

    /// Whether the compiler accepts a function that is asked for more.
    fn holds(&self, function: &ItemFn, more: fn(&mut Self)) -> bool {
        let mut asked = self.clone();
        more(&mut asked);
        let options = asked.options();
        let mut item = function.clone();
        item.attrs.retain(|attr| !is_grad(attr));
        let expanded = autodiff_core::grad(quote!(#(#options),*), item.to_token_stream());
        !idents(expanded).contains("compile_error")
    }

    fn options(&self) -> Vec<TokenStream> {
        let mut options = self.written.clone();
        options.extend([quote!(jvp), quote!(vjp)]);
        let is_given = options.iter().any(|option| idents(option.clone()).contains("order"));
        options.extend((self.twice && self.is_called && !is_given).then(|| quote!(order = 2)));
        options.extend(self.product.then(|| quote!(hvp)));
        options.extend(self.hessian.then(|| quote!(hessian)));
        options.extend(self.jacobian.then(|| quote!(jacobian)));
        options
    }
}

fn is_grad(attr: &Attribute) -> bool {
    attr.path().segments.last().is_some_and(|last| last.ident == "grad")
}

fn is_half_a_rule(attr: &Attribute) -> bool {
    let is_rule = attr.path().segments.last().is_some_and(|last| last.ident == "rule");
    let names = idents(attr.to_token_stream());
    is_rule && names.contains("jvp") != names.contains("vjp")
}

/// The tokens between the parentheses of `#[grad(..)]`.
fn arguments(function: &ItemFn) -> TokenStream {
    let attr = function.attrs.iter().find(|attr| is_grad(attr));
    match attr.map(|attr| &attr.meta) {
        Some(Meta::List(list)) => list.tokens.clone(),
        _ => TokenStream::new(),
    }
}

fn options(function: &ItemFn) -> Options {
    Options::read(arguments(function), &mut Diagnostics::default())
}

/// The options that are kept.
fn written(function: &ItemFn) -> Vec<TokenStream> {
    let mut options = vec![TokenStream::new()];
    for tree in arguments(function) {
        match tree {
            TokenTree::Punct(comma) if comma.as_char() == ',' => options.push(TokenStream::new()),
            tree => {
                if let Some(last) = options.last_mut() {
                    last.extend([tree]);
                }
            }
        }
    }
    let is_kept = |option: &TokenStream| match option.clone().into_iter().next() {
        Some(TokenTree::Ident(name)) => KEPT.iter().any(|kept| name == kept),
        _ => false,
    };
    options.retain(is_kept);
    options
}

/// Whether an item is one of these names, or adds to one.
fn defines(item: &Item, names: &BTreeSet<String>) -> bool {
    let has = |ident: &Ident| names.contains(&ident.to_string());
    match item {
        Item::Fn(item) => has(&item.sig.ident),
        Item::Struct(item) => has(&item.ident),
        Item::Enum(item) => has(&item.ident),
        Item::Const(item) => has(&item.ident),
        Item::Static(item) => has(&item.ident),
        Item::Type(item) => has(&item.ident),
        Item::Trait(item) => has(&item.ident),
        Item::Impl(item) => !idents(item.self_ty.to_token_stream()).is_disjoint(names),
        Item::Macro(item) => match &item.ident {
            Some(name) => has(name),
            None => {
                item.mac.path.is_ident("thread_local")
                    && !idents(item.mac.tokens.clone()).is_disjoint(names)
            }
        },
        Item::Use(_) => true,
        _ => false,
    }
}

/// The functions that a macro is given.
fn functions_in(tokens: TokenStream) -> Vec<String> {
    let (mut names, mut after) = (Vec::new(), false);
    for tree in tokens {
        match tree {
            TokenTree::Ident(ident) => {
                if std::mem::replace(&mut after, ident == "fn") {
                    names.push(ident.to_string());
                }
            }
            TokenTree::Group(group) => names.extend(functions_in(group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    names
}

/// The function that a companion belongs to.
fn base(companion: &str) -> Option<&str> {
    SUFFIXES.iter().find_map(|suffix| companion.strip_suffix(suffix))
}

fn idents(tokens: TokenStream) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for tree in tokens {
        match tree {
            TokenTree::Ident(ident) => {
                found.insert(ident.to_string());
            }
            TokenTree::Group(group) => found.extend(idents(group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    found
}

fn is_known(tree: &syn::UseTree) -> bool {
    match tree {
        syn::UseTree::Path(path) => KNOWN.iter().any(|name| path.ident == name),
        _ => false,
    }
}
