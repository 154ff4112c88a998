//! The items of a module, and of the modules around it, as if all stood in one.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Attribute, Item, ItemMod, ItemUse, UseTree};

use crate::found::idents;

/// Crates whose names are known here.
const KNOWN: [&str; 4] = ["autodiff", "std", "core", "itertools"];

/// Types that every function names: a block for one is needed where its trait is.
const FOREIGN: [&str; 6] = ["Option", "Result", "Vec", "Box", "f32", "f64"];

/// A module of a gallery.
pub(crate) struct Module {
    /// The modules of its file that it is in.
    pub(crate) path: String,
    /// Its own items first.
    pub(crate) items: Vec<Item>,
    /// How many of them are its own.
    pub(crate) own_items: usize,
    /// The names of its own items.
    pub(crate) own: BTreeSet<String>,
    /// Names that stand for nothing here.
    pub(crate) absent: BTreeSet<String>,
    /// Its modules that are files.
    files: BTreeSet<String>,
}

impl Module {
    /// A file, and the modules in it; around it is the root of its crate.
    pub(crate) fn all(items: Vec<Item>, root: Option<&[Item]>) -> Vec<Self> {
        let mut found = Vec::new();
        let around = Self::one(String::new(), root.unwrap_or_default().to_vec(), None);
        Self::read(String::new(), items, root.map(|_| &around), &mut found);
        found
    }

    fn read(path: String, items: Vec<Item>, around: Option<&Self>, found: &mut Vec<Self>) {
        let module = Self::one(path, items, around);
        let mut inner = Vec::new();
        for item in &module.items {
            if let Item::Mod(item) = item
                && module.own.contains(&item.ident.to_string())
                && let Some((_, items)) = &item.content
            {
                let path = format!("{}{}::", module.path, item.ident);
                Self::read(path, items.clone(), Some(&module), &mut inner);
            }
        }
        found.push(module);
        found.append(&mut inner);
    }

    fn one(path: String, items: Vec<Item>, around: Option<&Self>) -> Self {
        let own: BTreeSet<String> = items.iter().filter_map(name).map(Ident::to_string).collect();
        let mut module = Self {
            path,
            items: Vec::new(),
            own_items: 0,
            own,
            absent: BTreeSet::new(),
            files: BTreeSet::new(),
        };
        let (mut uses, mut wanted) = (BTreeMap::new(), BTreeSet::new());
        // A name of the modules around is that of an own item: what is meant is not told.
        let hidden = around.map_or_else(BTreeSet::new, |around| &module.own | &around.files);
        for item in items {
            match item {
                Item::Use(item) => module.import(&item, &mut uses, &mut wanted),
                Item::Mod(item) if item.content.is_none() => {
                    module.absent.insert(item.ident.to_string());
                    module.files.insert(item.ident.to_string());
                }
                Item::Mod(item) => module.items.push(Item::Mod(without_tests(item))),
                item => {
                    if let Item::Macro(item) = &item
                        && item.ident.is_none()
                    {
                        module.absent.extend(functions_in(item.mac.tokens.clone()));
                    }
                    module.items.extend(syn::parse2(here(item.to_token_stream(), &hidden)));
                }
            }
        }
        module.own_items = module.items.len();
        module.surround(around, &mut uses);
        let there: BTreeSet<String> =
            module.items.iter().filter_map(name).map(Ident::to_string).collect();
        module.absent.extend(wanted.difference(&there).cloned());
        for word in ["use", "pub", "as", "self", "super", "crate"] {
            module.absent.remove(word);
        }
        module.items.extend(uses.into_values().map(Item::Use));
        module
    }

    /// Adds the items around that no own item hides.
    fn surround(&mut self, around: Option<&Self>, uses: &mut BTreeMap<String, ItemUse>) {
        let Some(around) = around else { return };
        for item in &around.items {
            match item {
                Item::Use(item) => {
                    let mut leaves = BTreeMap::new();
                    flatten(TokenStream::new(), &item.tree, &mut leaves);
                    for (leaf, item) in leaves {
                        if !self.own.contains(&leaf) && !self.absent.contains(&leaf) {
                            uses.entry(leaf).or_insert(item);
                        }
                    }
                }
                Item::Impl(block) => {
                    if idents(block.self_ty.to_token_stream()).is_disjoint(&self.own) {
                        self.items.push(item.clone());
                    }
                }
                item => {
                    let is_hidden =
                        name(item).is_some_and(|name| self.own.contains(&name.to_string()));
                    self.items.extend((!is_hidden).then(|| item.clone()));
                }
            }
        }
        let absent = &around.absent - &around.files;
        self.absent.extend(absent.difference(&self.own).cloned());
    }

    /// What `use` brings: of known crates it stays, of the modules around it is there already.
    fn import(
        &mut self,
        item: &ItemUse,
        uses: &mut BTreeMap<String, ItemUse>,
        wanted: &mut BTreeSet<String>,
    ) {
        let UseTree::Path(path) = &item.tree else {
            self.absent.extend(idents(item.to_token_stream()));
            return;
        };
        if KNOWN.iter().any(|name| path.ident == name) {
            flatten(TokenStream::new(), &item.tree, uses);
        } else if path.ident == "self" {
            uses.insert(item.to_token_stream().to_string(), item.clone());
        } else if path.ident == "super" || path.ident == "crate" {
            match &*path.tree {
                UseTree::Glob(_) => {}
                UseTree::Name(leaf) => {
                    wanted.insert(leaf.ident.to_string());
                }
                UseTree::Group(group) if group.items.iter().all(is_name) => {
                    wanted.extend(idents(group.to_token_stream()));
                }
                tree => {
                    self.absent.extend(idents(tree.to_token_stream()));
                    // Any name may come from there.
                    if tree.to_token_stream().to_string().contains('*') {
                        self.absent.extend(self.own.clone());
                    }
                }
            }
        } else {
            self.absent.extend(idents(item.to_token_stream()));
        }
    }
}

fn is_name(tree: &UseTree) -> bool {
    matches!(tree, UseTree::Name(_))
}

/// One `use` for each name.
fn flatten(prefix: TokenStream, tree: &UseTree, uses: &mut BTreeMap<String, ItemUse>) {
    let mut add = |name: String, leaf: TokenStream| {
        uses.insert(name, syn::parse_quote!(use #prefix #leaf;));
    };
    match tree {
        UseTree::Path(path) => {
            let ident = &path.ident;
            flatten(quote!(#prefix #ident ::), &path.tree, uses);
        }
        UseTree::Name(leaf) if leaf.ident == "self" => {
            let path: Vec<TokenTree> = prefix.into_iter().collect();
            let path: TokenStream =
                path.get(..path.len() - 2).into_iter().flatten().cloned().collect();
            let last = path.clone().into_iter().last().map_or_else(String::new, |t| t.to_string());
            uses.insert(last, syn::parse_quote!(use #path;));
        }
        UseTree::Name(leaf) => add(leaf.ident.to_string(), leaf.to_token_stream()),
        UseTree::Rename(leaf) => add(leaf.rename.to_string(), leaf.to_token_stream()),
        UseTree::Glob(leaf) => add(format!("{prefix}*"), leaf.to_token_stream()),
        UseTree::Group(group) => {
            group.items.iter().for_each(|tree| flatten(prefix.clone(), tree, uses));
        }
    }
}

/// A module as a part of another: what it can be called for.
fn without_tests(mut module: ItemMod) -> ItemMod {
    if let Some((_, items)) = &mut module.content {
        items.retain(|item| match item {
            Item::Fn(function) => !function.attrs.iter().any(is_test),
            Item::Macro(item) => item.ident.is_some() || is_storage(item),
            _ => true,
        });
    }
    module
}

fn is_storage(item: &syn::ItemMacro) -> bool {
    item.mac.path.segments.last().is_some_and(|last| last.ident == "thread_local")
}

fn is_test(attr: &Attribute) -> bool {
    attr.path().is_ident("test")
}

/// The tokens where the items of the modules around are in this one: `super::f` is `f`.
fn here(tokens: TokenStream, hidden: &BTreeSet<String>) -> TokenStream {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let (mut found, mut at) = (TokenStream::new(), 0);
    while let Some(tree) = trees.get(at) {
        at += 1;
        match tree {
            TokenTree::Ident(word) if word == "pub" => {
                found.extend([tree.clone()]);
                if let Some(TokenTree::Group(group)) = trees.get(at)
                    && ["(crate)", "(super)"].contains(&&*group.to_string().replace(' ', ""))
                {
                    at += 1;
                }
            }
            TokenTree::Ident(word)
                if ["crate", "super", "self"].iter().any(|root| word == root) =>
            {
                let is_path =
                    matches!(trees.get(at), Some(TokenTree::Punct(p)) if p.as_char() == ':');
                let is_hidden = word != "self"
                    && matches!(trees.get(at + 2), Some(TokenTree::Ident(name)) if hidden.contains(&name.to_string()));
                if is_path && !is_hidden {
                    at += 2;
                } else {
                    found.extend([tree.clone()]);
                }
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                found.extend(here(group.stream(), hidden));
            }
            TokenTree::Group(group) => {
                let inner =
                    proc_macro2::Group::new(group.delimiter(), here(group.stream(), hidden));
                found.extend([TokenTree::Group(inner)]);
            }
            _ => found.extend([tree.clone()]),
        }
    }
    found
}

/// What an item is called.
fn name(item: &Item) -> Option<&Ident> {
    match item {
        Item::Fn(item) => Some(&item.sig.ident),
        Item::Struct(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Const(item) => Some(&item.ident),
        Item::Static(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        Item::Trait(item) => Some(&item.ident),
        Item::Mod(item) => Some(&item.ident),
        Item::Macro(item) => item.ident.as_ref(),
        _ => None,
    }
}

/// Whether an item is one of these names, or adds to one.
pub(crate) fn defines(item: &Item, names: &BTreeSet<String>) -> bool {
    match item {
        Item::Impl(item) => {
            let of = idents(item.self_ty.to_token_stream());
            let is_foreign = FOREIGN.iter().any(|name| of.contains(*name));
            let is_named = match &item.trait_ {
                Some((path, _)) if is_foreign => !idents(path.to_token_stream()).is_disjoint(names),
                _ => true,
            };
            is_named && !of.is_disjoint(names)
        }
        Item::Macro(item) if item.ident.is_none() => {
            is_storage(item) && !idents(item.mac.tokens.clone()).is_disjoint(names)
        }
        Item::Use(_) => true,
        item => name(item).is_some_and(|name| names.contains(&name.to_string())),
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
