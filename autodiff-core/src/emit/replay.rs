//! Prints loops that are reversed from a few of their states.
//!
//! ```text
//! let start = (x, v);
//! for t in 0..n {                                  // the user's
//!     …
//! }
//! …
//! let x_bar = autodiff::checkpoint::reverse(
//!     Schedule::Levels(20), 0..n, &start, x_bar,
//!     |(mut x, mut v), steps| { for t in steps { … } (x, v) },
//!     |(x, v), _, t, x_bar| { … },                 // an iteration, and its reverse
//! );
//! ```

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::printer::Printer;
use super::signature::{Mention, alone_or_tuple, mentioned};
use crate::ir::{BindingId, Checkpoint, Head, Inst, Loop, Replay, Role, Schedule, Ty, ValueId};

/// What a closure does with a variable of the state.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Read,
    Assigned,
}

/// The state of a loop, printed.
struct State {
    /// As a closure takes it.
    pattern: TokenStream,
    /// What the closure declares for it.
    lets: TokenStream,
    /// After some iterations.
    after: TokenStream,
}

impl<'f> Printer<'f> {
    /// `let start = (x, v.to_vec());`
    pub(crate) fn keep_state(&mut self, inst: &'f Inst, state: &[ValueId]) {
        let copies: Vec<TokenStream> = state.iter().map(|&value| self.state_copy(value)).collect();
        let Some(&start) = inst.results.first() else { return };
        self.bind_name(start, alone_or_tuple(&copies), false);
    }

    fn state_copy(&mut self, value: ValueId) -> TokenStream {
        let ty = self.function.values[value].ty.clone();
        if !matches!(ty.behind_refs(), Ty::Inert | Ty::Unknown) {
            return self.stored(value);
        }
        // Of what only rustc knows the type of.
        let of = self.read(value).tokens;
        quote_spanned!(Span::mixed_site()=> ::core::clone::Clone::clone(&#of))
    }

    /// The user's loop, as it stands.
    pub(crate) fn run_loop(&mut self, inst: &'f Inst, of: &'f Loop) {
        let Some(checkpoint) = &of.checkpoint else { return };
        let site = Span::mixed_site();
        self.use_reads(of);
        self.use_all(&of.init);
        let source = &checkpoint.source;
        // What it leaves in a variable may be of no use to a derivative.
        let all_read = inst.results.iter().all(|&result| self.uses.is_read(result));
        let allowed = (!all_read).then(|| quote_spanned!(site=> #[allow(unused_assignments)]));
        self.push(quote_spanned!(site=> #allowed #source));
        let before = self.holds.clone();
        self.after_loop(&before, inst, of, &[]);
        self.assigned.extend(bindings(of));
    }

    /// Its reverse.
    pub(crate) fn replay(&mut self, inst: &'f Inst, of: &'f Replay) {
        let Some(checkpoint) = &of.of.checkpoint else { return };
        let site = Span::mixed_site();
        let scope = (self.scope.clone(), self.holds.clone());
        let init: Vec<TokenStream> = of.init.iter().map(|&value| self.extra(value)).collect();
        let mut init = alone_or_tuple(&init);
        let mut lets = self.own_names(of);
        if !lets.is_empty() && !of.init.is_empty() {
            let name = self.names.fresh("bars");
            lets = quote_spanned!(site=> let #name = #init; #lets);
            init = name.into_token_stream();
        }
        let path = self.facade.path(site);
        let schedule = match &checkpoint.schedule {
            Schedule::Every(k) => quote_spanned!(site=> Schedule::Every(#k)),
            Schedule::Levels(n) => quote_spanned!(site=> Schedule::Levels(#n)),
        };
        let start = self.read(of.start).tokens;
        let items = checkpoint.source.expr.to_token_stream();
        let items = if matches!(of.of.head, Head::Range { .. }) {
            items
        } else {
            quote_spanned!(site=> ::core::iter::IntoIterator::into_iter(#items))
        };
        let advance = self.advance(of, checkpoint);
        let step = self.step_back(of, &checkpoint.source.pat);
        (self.scope, self.holds) = scope;
        let call = quote_spanned!(site=>
            #path::checkpoint::reverse(
                #path::checkpoint::#schedule,
                #items,
                &#start,
                #init,
                #advance,
                #step,
            )
        );
        let call = if lets.is_empty() { call } else { quote_spanned!(site=> { #lets #call }) };
        let names: Vec<TokenStream> = inst
            .results
            .iter()
            .map(|&result| {
                let name = self.names.fresh(&self.function.values[result].hint);
                self.name_here(result, name.clone(), false);
                name.into_token_stream()
            })
            .collect();
        self.push(if names.is_empty() {
            quote_spanned!(site=> #call;)
        } else {
            let names = alone_or_tuple(&names);
            quote_spanned!(site=> let #names = #call;)
        });
    }

    /// The loop between two states.
    fn advance(&mut self, of: &'f Replay, checkpoint: &Checkpoint) -> TokenStream {
        let site = Span::mixed_site();
        let steps = self.names.fresh("steps");
        let mut source = checkpoint.source.clone();
        *source.expr = syn::parse_quote!(#steps);
        let State { pattern, lets, after } = self.state(&of.of, &|_, _| Some(Use::Assigned));
        quote_spanned!(site=> |#pattern, #steps| { #lets #source #after })
    }

    /// One iteration, and its reverse.
    fn step_back(&mut self, of: &'f Replay, items: &syn::Pat) -> TokenStream {
        let site = Span::mixed_site();
        let mut bars = Vec::new();
        for &bar in &of.bars {
            let name = self.names.fresh(&self.function.values[bar].hint);
            self.name_next(bar, name.clone());
            bars.push(name.into_token_stream());
        }
        let number = self.names.fresh("iteration");
        let mut arriving = of.of.params.clone();
        match of.of.head {
            Head::Range { index, .. } => arriving.push(index),
            Head::Count { number: index, .. } | Head::Items { number: index } => {
                self.name_next(index, number.clone());
            }
            Head::While { .. } | Head::Endless => {}
        }
        self.arriving.extend(arriving);
        self.loops.push(Vec::new());
        self.numbers.push(None);
        let holds = self.holds.clone();
        let again = std::mem::replace(&mut self.again, true);
        let body = self.nested(&of.step, |printer| {
            let next: Vec<TokenStream> =
                of.step.yields.iter().map(|&next| printer.extra(next)).collect();
            alone_or_tuple(&next)
        });
        self.again = again;
        self.holds = holds;
        self.numbers.pop();
        self.loops.pop();
        let bars = alone_or_tuple(&bars);
        let is_read = |name: &Ident| mentioned(&body, name) != Mention::None;
        let is_assigned = |binding: BindingId| {
            let home = |value: ValueId| self.function.values[value].home.as_ref();
            let assigns = |inst: &Inst| {
                let mut homes = inst.results.iter().filter_map(|&result| home(result));
                homes.any(|home| home.binding == binding)
            };
            of.step.insts.iter().any(|inst| inst.any(&assigns))
        };
        let assigned: Vec<BindingId> =
            bindings(&of.of).filter(|&binding| is_assigned(binding)).collect();
        let State { pattern, lets, .. } = self.state(&of.of, &|name, binding| {
            let is_assigned = assigned.contains(&binding);
            is_read(name).then_some(if is_assigned { Use::Assigned } else { Use::Read })
        });
        let number =
            if is_read(&number) { number.into_token_stream() } else { quote_spanned!(site=> _) };
        let items = super::pattern::read_in(items.clone(), &body).unwrap_or_else(|| items.clone());
        quote_spanned!(site=> |#pattern, #number, #items, #bars| { #lets #body })
    }

    /// The state of a loop, of whose variables `used` says what is done with each.
    fn state(&mut self, of: &Loop, used: &dyn Fn(&Ident, BindingId) -> Option<Use>) -> State {
        let site = Span::mixed_site();
        let (mut patterns, mut lets, mut after) = (Vec::new(), TokenStream::new(), Vec::new());
        for &param in &of.params {
            let value = &self.function.values[param];
            let Some(home) = &value.home else { continue };
            let name = self.function.bindings[home.binding].ident.clone();
            let Some(use_of_it) = used(&name, home.binding) else {
                patterns.push(quote_spanned!(site=> _));
                continue;
            };
            let mutable = (use_of_it == Use::Assigned).then(|| quote_spanned!(site=> mut));
            let Ty::Ref(inner) = &value.ty else {
                patterns.push(quote_spanned!(site=> #mutable #name));
                after.push(name.into_token_stream());
                continue;
            };
            // The loop has what it borrows, and leaves what that is.
            let owned = self.names.fresh(&format!("{name}_state"));
            let all = matches!(**inner, Ty::Slice(_)).then(|| quote_spanned!(site=> [..]));
            lets.extend(quote_spanned!(site=> let #name = &#mutable #owned #all;));
            patterns.push(quote_spanned!(site=> #mutable #owned));
            after.push(owned.into_token_stream());
        }
        State { pattern: alone_or_tuple(&patterns), lets, after: alone_or_tuple(&after) }
    }

    /// Declares what the user's tokens read by its name, where that means something else here.
    fn own_names(&mut self, of: &'f Replay) -> TokenStream {
        let mut lets = TokenStream::new();
        for value in self.named_reads(&of.of) {
            let Some(home) = &self.function.values[value].home else { continue };
            let binding = home.binding;
            if self.use_home(value).is_none() {
                let name = self.function.bindings[binding].ident.clone();
                let kept = self.read(value).tokens;
                lets.extend(quote_spanned!(Span::mixed_site()=> let #name = #kept;));
                self.scope.renew(binding);
                self.holds.insert(binding, value);
            }
        }
        lets
    }

    fn use_reads(&mut self, of: &Loop) {
        let reads = self.named_reads(of);
        self.use_all(&reads);
    }

    /// The variables from outside that the user's tokens of a loop read.
    fn named_reads(&self, of: &Loop) -> Vec<ValueId> {
        let (mut found, mut open) = (Vec::new(), of.reads_outside());
        while let Some(value) = open.pop() {
            if found.contains(&value) {
                continue;
            }
            found.push(value);
            if self.function.values[value].home.is_none()
                && let Some(inst) = self.definitions.get(&value)
                && inst.syntax.is_some()
            {
                open.extend(inst.kind.operands());
            }
        }
        found.retain(|&value| {
            let home = self.function.values[value].home.as_ref();
            home.is_some_and(|home| home.fields.is_empty())
        });
        found
    }
}

/// The variables of the state.
fn bindings(of: &Loop) -> impl Iterator<Item = BindingId> + '_ {
    of.roles.iter().filter_map(|role| match role {
        Role::Merge(binding) => Some(*binding),
        Role::Extra | Role::Value | Role::ArmNumber => None,
    })
}
