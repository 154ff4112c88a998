//! The functions of a module that can be called with a row of floats, and what they need.

use std::collections::{BTreeMap, BTreeSet};

use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, Item, ItemFn};

use crate::adapter::Adapter;
use crate::asked::{Asked, is_grad, options, words};
use crate::found::{annotated, idents};
use crate::listed::{UNCALLED, lists};
use crate::module::{Module, defines};
use crate::shape::{Param, Returned, with_float};
use crate::width::Width;

/// A module, and what its functions are asked for.
pub(crate) struct Source {
    module: Module,
    /// What each item mentions.
    mentioned: Vec<BTreeSet<String>>,
    asked: BTreeMap<String, Asked>,
}

/// How companions end that other functions call.
const SUFFIXES: [&str; 5] = ["_value_and_grad", "_grad", "_jvp", "_hvp", "_vjp"];

impl Source {
    pub(crate) fn read(module: Module) -> Self {
        let mentioned = module.items.iter().map(mentioned).collect();
        let mut source = Self { module, mentioned, asked: BTreeMap::new() };
        source.ask();
        source
    }

    /// What the names of its functions begin with.
    pub(crate) fn path(&self) -> &str {
        &self.module.path
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
                asked.only_once();
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
                    asked.only_once();
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
    /// methods, operators and rules have them where they say so, and companions are of the order
    /// that they say.
    fn is_differentiated_twice(&self, function: &ItemFn) -> bool {
        let names = idents(function.to_token_stream());
        let wanted = words(function);
        let is_wanted = ["hvp", "hessian", "order"].iter().any(|word| wanted.contains(*word));
        let is_function = |name: &str| {
            self.module.items.iter().any(|item| matches!(item, Item::Fn(f) if f.sig.ident == name))
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
        let grad_once =
            |attr: &Attribute| is_grad(attr) && !idents(attr.to_token_stream()).contains("order");
        let is_once = |item: &Item| {
            match item {
            Item::Impl(block) => {
                let methods = block.items.iter().filter_map(|item| match item {
                    syn::ImplItem::Fn(method) => Some(&method.attrs),
                    _ => None,
                });
                methods.chain([&block.attrs]).flatten().any(grad_once)
            }
            Item::Trait(of) => of.items.iter().any(|item| {
                matches!(item, syn::TraitItem::Fn(method) if method.attrs.iter().any(grad_once))
            }),
            Item::Fn(function) => has(&function.attrs, "rule"),
            Item::Mod(_) => !is_wanted,
            _ => false,
        }
        };
        !names.iter().any(|name| is_companion(name) || is_of_the_library(name))
            && !self
                .needed(BTreeSet::from([function.sig.ident.to_string()]))
                .iter()
                .any(|(item, _)| is_once(item))
    }

    /// The free functions with `#[grad]`.
    fn annotated(&self) -> impl Iterator<Item = &ItemFn> {
        self.module.items.iter().filter_map(|item| match item {
            Item::Fn(function) if function.attrs.iter().any(is_grad) => Some(function),
            _ => None,
        })
    }

    /// The functions that are called with rows of floats, in this width.
    pub(crate) fn functions(&self, file: &str, width: Width) -> Functions<'_> {
        let is_own = |function: &&ItemFn| self.module.own.contains(&function.sig.ident.to_string());
        let chosen = self.annotated().filter(is_own);
        let chosen: Vec<Adapter> =
            chosen.filter_map(|function| self.chosen(function, file, width)).collect();
        let names = chosen.iter().map(|adapter| adapter.name.to_string()).collect();
        let needed = if chosen.is_empty() { Vec::new() } else { self.needed(names) };
        Functions { source: self, chosen, needed }
    }

    fn chosen(&self, function: &ItemFn, file: &str, width: Width) -> Option<Adapter> {
        let sig = with_float(&function.sig)?;
        let params: Option<Vec<Param>> = sig.inputs.iter().map(Param::read).collect();
        let (params, returned) = (params?, Returned::read(&sig.output)?);
        let needed = self.needed(BTreeSet::from([sig.ident.to_string()]));
        let is_there = |(item, mentioned): &(&Item, &BTreeSet<String>)| {
            // A rule of one mode makes functions of that mode.
            let is_half = matches!(item, Item::Fn(item) if item.attrs.iter().any(is_half_a_rule));
            // Around a module that stands here is what stands here.
            let is_apart = mentioned.contains("super") && !matches!(item, Item::Mod(_));
            let is_known = mentioned.is_disjoint(&self.module.absent)
                && !mentioned.contains("crate")
                && !is_apart;
            is_known && !is_half && width.has(item)
        };
        let suits = needed.iter().filter(|(item, _)| !matches!(item, Item::Use(_))).all(is_there)
            && params.iter().any(Param::is_of_floats);
        let asked = self.asked.get(&sig.ident.to_string())?;
        let options = options(function);
        let label = format!("{file}: {}{}", self.module.path, sig.ident);
        let is_called = !lists(UNCALLED, &label);
        (suits && is_called)
            .then(|| Adapter::new(label, &sig.ident, params, returned, &options, asked))
    }

    /// The items that these name, and those that they name in turn, each with what it mentions.
    fn needed(&self, mut names: BTreeSet<String>) -> Vec<(&Item, &BTreeSet<String>)> {
        loop {
            let items = self.module.items.iter().zip(&self.mentioned);
            let needed: Vec<_> = items.filter(|(item, _)| defines(item, &names)).collect();
            let before = names.len();
            for name in needed.iter().flat_map(|(_, mentioned)| *mentioned) {
                names.extend([name, base(name).unwrap_or(name)].map(str::to_owned));
            }
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

/// Functions of a module that are called with rows of floats, and the items that they need.
pub(crate) struct Functions<'s> {
    source: &'s Source,
    chosen: Vec<Adapter>,
    needed: Vec<(&'s Item, &'s BTreeSet<String>)>,
}

impl Functions<'_> {
    pub(crate) fn labels(&self) -> impl Iterator<Item = String> {
        self.chosen.iter().map(|adapter| adapter.label.clone())
    }

    /// The text of a module of them, with a function that lists them.
    pub(crate) fn text(&self, width: Width) -> String {
        let float = width.float();
        let items = self.needed.iter().map(|(item, _)| width.of(&self.source.as_asked(item)));
        let tables = (0..self.chosen.len()).map(|n| format_ident!("exhibit_{n}"));
        let exhibits = self.chosen.iter().zip(tables.clone());
        let exhibits = exhibits
            .map(|(exhibit, name)| quote!(fn #name() -> ::zoo::Exhibit<#float> { #exhibit }));
        let table = quote!(pub fn zoo() -> Vec<::zoo::Exhibit<#float>> { vec![#(#tables()),*] });
        // One item a line: that is how rustc points at it.
        let all = items.chain(exhibits).chain([table]).map(|item| item.to_string());
        all.collect::<Vec<_>>().join("\n")
    }

    /// The annotated functions, methods and operators that they call, as `found` names them; and
    /// whether they are of this module, or of one around it.
    pub(crate) fn called(&self) -> Vec<(String, bool)> {
        let mentioned: BTreeSet<&String> =
            self.needed.iter().flat_map(|(_, mentioned)| *mentioned).collect();
        let own: Vec<*const Item> = self
            .source
            .module
            .items
            .iter()
            .take(self.source.module.own_items)
            .map(std::ptr::from_ref)
            .collect();
        let mut called = Vec::new();
        for (item, _) in &self.needed {
            // An operator is called without its name.
            let is_operator = matches!(item, Item::Impl(block) if block.trait_.is_some());
            let is_own = own.contains(&std::ptr::from_ref(*item));
            for name in annotated(item.to_token_stream()) {
                let last = name.rsplit("::").next().unwrap_or(&name).to_owned();
                if is_operator || mentioned.contains(&last) {
                    called.push((name, is_own));
                }
            }
        }
        called
    }
}

/// The names in an item; what `#[grad]` is asked for is none.
fn mentioned(item: &Item) -> BTreeSet<String> {
    let mut item = item.clone();
    if let Item::Fn(function) = &mut item
        && !words(function).contains("rules")
    {
        function.attrs.retain(|attr| !is_grad(attr));
    }
    idents(item.to_token_stream())
}

fn is_half_a_rule(attr: &Attribute) -> bool {
    let is_rule = attr.path().segments.last().is_some_and(|last| last.ident == "rule");
    let names = idents(attr.to_token_stream());
    is_rule && names.contains("jvp") != names.contains("vjp")
}

/// The function that a companion belongs to.
fn base(companion: &str) -> Option<&str> {
    SUFFIXES.iter().find_map(|suffix| companion.strip_suffix(suffix))
}
