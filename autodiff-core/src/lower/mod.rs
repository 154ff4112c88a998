//! Rust → IR: the only place that decides what is accepted.
//!
//! Everything that carries a derivative is lowered to instructions; everything else is passed
//! through as the user's tokens ([`Kind::Opaque`]). What is neither
//! understood nor free of active values is refused at its token, and lowering goes on, so that
//! one run reports every error.

mod absent;
mod apart;
mod assign;
mod call;
mod chain;
mod closure;
mod container;
mod control;
mod count;
pub(crate) mod counting;
mod each;
mod evidence;
mod exchange;
mod expr;
mod foreign;
mod generate;
mod inner;
mod izip;
mod kept;
mod matching;
mod method;
mod methods;
mod operand;
mod operator;
mod option;
mod passed;
mod passive;
mod pattern;
mod place;
mod popping;
mod rearrange;
mod receiver;
mod repeat;
mod rewritten;
mod scan;
mod scope;
mod shadows;
mod siblings;
pub mod signature;
mod stmt;
mod stream;
mod structs;
mod through;
mod told;
mod typed;
mod types;
mod vec;

use proc_macro2::Span;

use crate::diagnostics::{Diagnostics, Refusal, Refused};
use crate::differentiate::outlived;
use crate::hash::HashMap;
use crate::ir::{
    Active, Arena, Binding, BindingId, Function, Home, Inst, Kind, Output, Region, Step, Syntax,
    Ty, Value, ValueId,
};
pub(crate) use assign::is_compound;
pub(crate) use call::{ends_the_process, unparenthesised};
pub(crate) use chain::{lifted, only_float};
pub(crate) use expr::is_new_vec;
pub(crate) use foreign::{check_rules, spelled as spelled_path};
pub(crate) use matching::diverges;
pub(crate) use methods::changes_receiver;
pub(crate) use passed::MOST_PASSED;
pub use popping::popped;
use repeat::{Facts, Mentioned};
pub use rewritten::rewritten;
use scope::Scopes;
pub(crate) use scope::{Name, format_captures};
pub use signature::Signature;
pub use typed::typed;
pub use types::TypeParams;
pub(crate) use types::{floats_around, spelled};

use crate::options::ForeignRule;

/// The outcome of lowering a part: `Err` once the error is reported.
pub(crate) type Lowered<T> = Result<T, Refused>;

/// Lowers a function whose signature has been read; `None` after an error.
#[must_use]
pub fn lower(
    signature: &Signature,
    body: &syn::Block,
    diagnostics: &mut Diagnostics,
) -> Option<Function> {
    let mut facts = Facts::default();
    loop {
        let mut found = Diagnostics::default();
        let lowerer = Lowerer::walked(signature, body, &mut found, facts);
        let exits: Vec<(usize, ValueId)> = lowerer
            .exits
            .iter()
            .filter_map(|&(param, binding)| Some((param, lowerer.scopes.version(binding)?)))
            .collect();
        let operators = lowerer.found;
        facts = lowerer.facts;
        let declared = lowerer.declared;
        let mut function = lowerer.function;
        facts.note_early(&function, &declared);
        told::note((&function, signature), &operators, &mut facts);
        // A loop may make a variable active that was not before it: once more, knowing that.
        if facts.take_changed() {
            continue;
        }
        function.outputs = function.body.yields.iter().map(|_| Output::Value).collect();
        for (param, version) in exits {
            function.outputs.push(Output::Exit(param));
            function.body.yields.push(version);
        }
        if found.is_empty() {
            refuse_outlived(&function, &mut found);
        }
        let accepted = found.is_empty();
        diagnostics.append(found);
        return (accepted && diagnostics.is_empty()).then_some(function);
    }
}

/// An operand that is read before a later operand of the same expression changes its variable.
fn refuse_outlived(function: &Function, diagnostics: &mut Diagnostics) {
    for (version, span) in outlived(function) {
        let home = function.values[version].home.as_ref();
        let name = home.map(|home| function.bindings[home.binding].ident.to_string());
        diagnostics.refuse(&Refusal::Outlived(name.unwrap_or_default()), span);
    }
}

/// Whether a function is known to end in a panic, whatever it is given.
#[must_use]
pub fn never_returns(primal: &Function) -> bool {
    primal.body.insts.last().is_some_and(diverges)
}

/// The state of lowering: the function so far, the scopes, and the region being filled.
pub(crate) struct Lowerer<'d> {
    /// What is lowered.
    source: (&'d syn::Signature, &'d syn::Block),
    pub(crate) function: Function,
    /// What the use of variables tells of them, once somebody asks.
    evidence: std::cell::OnceCell<evidence::Evidence>,
    pub(crate) scopes: Scopes,
    /// The instructions of the innermost open region.
    pub(crate) insts: Vec<Inst>,
    /// Which fields of a tuple that is built here are active, for what takes it apart again.
    pub(crate) tuples: HashMap<ValueId, Vec<Active>>,
    /// What lies in memory, of types that only rustc knows: fields, elements, and copies of them.
    kept: crate::hash::HashSet<ValueId>,
    /// Variables that are `&mut` references to something inert.
    pub(crate) mut_references: Vec<BindingId>,
    /// Bindings that are names for parts of others: `let row = &mut a[i..j]`.
    pub(crate) aliases: HashMap<BindingId, (BindingId, Vec<Step>)>,
    /// The `&mut` parameters, by their number.
    pub(crate) exits: Vec<(usize, BindingId)>,
    /// Closures that have names.
    pub(crate) closures: HashMap<BindingId, closure::Named>,
    /// The elements that have been read in the regions that are open, by array and index.
    pub(crate) elements: HashMap<(ValueId, String, Vec<ValueId>), ValueId>,
    /// Parameters whose type is one of the function's: they have the methods of its bounds.
    pub(crate) generic: crate::hash::HashSet<BindingId>,
    /// Parameters that are functions of floats, and what they give.
    passed: HashMap<BindingId, Ty>,
    /// Variables that are known to be of type `usize`.
    pub(crate) counts: crate::hash::HashSet<BindingId>,
    /// What is known of type parameters.
    pub(crate) known: TypeParams,
    /// The type parameter that the function computes with, and with no other float.
    only_float: Option<syn::Ident>,
    /// What earlier rounds found out.
    pub(crate) facts: Facts,
    /// The variables that are active from the start, as earlier rounds found out.
    early: crate::hash::HashSet<BindingId>,
    /// Where each variable is declared, by its number.
    declared: Vec<usize>,
    /// The path to what emitted code names, and nobody else.
    private: proc_macro2::TokenStream,
    /// Whether operators may be the user's: their second derivatives are not known.
    users_operators: bool,
    /// What may tell operators of the user's from those of floats.
    found: told::Found,
    /// The rules of foreign functions.
    rules: Vec<ForeignRule>,
    /// Functions declared in the body that have no derivative.
    inner: Vec<String>,
    /// The type of the function's result, as written.
    result: Option<syn::Type>,
    /// The variables of the `let` whose value is to be lowered next.
    pub(crate) targets: Vec<syn::Ident>,
    /// The expression whose rewritten statements may stand where it does, by its address.
    pub(crate) spread: Option<usize>,
    /// The type that is spelled for the expression to be lowered next.
    pub(crate) expected: Option<syn::Type>,
    /// Variables whose value was refused: what uses them follows from that one error.
    poisoned: Vec<BindingId>,
    pub(crate) diagnostics: &'d mut Diagnostics,
}

impl<'d> Lowerer<'d> {
    fn new(
        (signature, body): (&'d Signature, &'d syn::Block),
        diagnostics: &'d mut Diagnostics,
        facts: Facts,
    ) -> Self {
        let function = Function {
            name: signature.name(),
            values: Arena::default(),
            vars: Arena::default(),
            bindings: Arena::default(),
            params: Vec::new(),
            body: Region::default(),
            outputs: Vec::new(),
            reverse_from: None,
        };
        Self {
            source: (&signature.item, body),
            function,
            evidence: std::cell::OnceCell::new(),
            scopes: Scopes::default(),
            insts: Vec::new(),
            tuples: HashMap::default(),
            kept: crate::hash::HashSet::default(),
            mut_references: Vec::new(),
            aliases: HashMap::default(),
            closures: HashMap::default(),
            elements: HashMap::default(),
            exits: Vec::new(),
            generic: crate::hash::HashSet::default(),
            passed: HashMap::default(),
            counts: crate::hash::HashSet::default(),
            only_float: signature.only_float().cloned(),
            known: TypeParams { floats: signature.known.floats.clone(), ..TypeParams::default() },
            facts,
            early: crate::hash::HashSet::default(),
            declared: Vec::new(),
            private: signature.private.clone(),
            users_operators: signature.users_operators,
            found: told::Found::default(),
            rules: signature.rules.clone(),
            inner: Vec::new(),
            result: match &signature.item.output {
                syn::ReturnType::Type(_, ty) => Some((**ty).clone()),
                syn::ReturnType::Default => None,
            },
            targets: Vec::new(),
            spread: None,
            expected: None,
            poisoned: Vec::new(),
            diagnostics,
        }
    }

    /// The same, with the function lowered in it.
    fn walked(
        signature: &'d Signature,
        body: &'d syn::Block,
        diagnostics: &'d mut Diagnostics,
        facts: Facts,
    ) -> Self {
        let mut lowerer = Lowerer::new((signature, body), diagnostics, facts);
        lowerer.inner = inner::without_derivative(body);
        lowerer.parameters(signature);
        let yields = lowerer.function_body(body, signature.returns_value());
        if let Some(&value) = yields.first().filter(|_| signature.may_fail()) {
            lowerer.check_given(value);
        }
        let insts = std::mem::take(&mut lowerer.insts);
        let function = &mut lowerer.function;
        function.body = Region { insts, yields };
        // The signature says more than use does.
        if let (Some(&value), Some(ty)) = (function.body.yields.first(), &signature.result)
            && function.values[value].ty.has_unknown()
        {
            function.values[value].ty = ty.clone();
        }
        absent::spread(function);
        lowerer
    }

    /// What the function mentions, rewritten syntax included.
    fn mentioned(&mut self) -> &mut Mentioned {
        let (source, float) = (self.source, self.only_float.as_ref());
        self.facts.mentioned.get_or_insert_with(|| Mentioned::in_function(source, float))
    }

    /// What the body tells of its variables by the way it uses them.
    pub(crate) fn evidence(&self) -> &evidence::Evidence {
        self.evidence.get_or_init(|| evidence::Evidence::of(self.source.1))
    }

    /// Reports an error.
    pub(crate) fn refuse<T>(&mut self, refusal: &Refusal, span: Span) -> Lowered<T> {
        Err(self.diagnostics.refuse(refusal, span))
    }

    /// Declares a variable in the innermost scope.
    pub(crate) fn declare(&mut self, ident: &syn::Ident, mutable: bool) -> BindingId {
        let binding =
            self.function.bindings.push(Binding { ident: ident.clone(), mutable, alias: false });
        self.scopes.declare(ident, binding);
        if self.facts.is_early(ident) {
            self.early.insert(binding);
        }
        self.declared.push(repeat::Facts::place(ident));
        binding
    }

    /// A new value without a home.
    pub(crate) fn value(&mut self, ty: Ty, hint: &str, span: Span, active: Active) -> ValueId {
        self.function.new_value(ty, hint, span, active)
    }

    /// A new version of a variable.
    pub(crate) fn version(&mut self, binding: BindingId, ty: Ty, active: Active) -> ValueId {
        let active = if self.early.contains(&binding) { Active::Yes } else { active };
        let ident = &self.function.bindings[binding].ident;
        let value = Value {
            ty,
            home: Some(Home { binding, fields: Vec::new() }),
            hint: plain_name(ident),
            span: ident.span(),
            active,
        };
        let id = self.function.values.push(value);
        self.scopes.set_version(binding, id);
        id
    }

    /// Appends an instruction.
    pub(crate) fn push(
        &mut self,
        results: Vec<ValueId>,
        kind: Kind,
        syntax: Option<Syntax>,
        span: Span,
    ) {
        self.note_kept(&results, &kind);
        self.insts.push(Inst { results, kind, syntax, span });
    }

    /// Appends an instruction with one result: inert where everything is that it is made from, a
    /// block of the user's with an inert value say.
    pub(crate) fn push_value(
        &mut self,
        (ty, hint, active): (Ty, &str, Active),
        kind: Kind,
        syntax: Option<Syntax>,
        span: Span,
    ) -> ValueId {
        let active = match active {
            Active::Yes => self.function.activity(&kind),
            Active::No => Active::No,
        };
        let value = self.value(ty, hint, span, active);
        self.push(vec![value], kind, syntax, span);
        value
    }

    /// Whether a value carries a derivative.
    pub(crate) fn is_active(&self, value: ValueId) -> bool {
        self.function.is_active(value)
    }

    /// Active if one of them is.
    pub(crate) fn any_active(&self, values: &[ValueId]) -> Active {
        if values.iter().any(|&value| self.is_active(value)) { Active::Yes } else { Active::No }
    }

    /// The type of a value.
    pub(crate) fn ty(&self, value: ValueId) -> &Ty {
        &self.function.values[value].ty
    }

    /// The name to derive others from.
    pub(crate) fn hint(&self, value: ValueId) -> &str {
        &self.function.values[value].hint
    }

    /// The body and what it yields: its value, where the function has one.
    fn function_body(&mut self, body: &syn::Block, has_value: bool) -> Vec<ValueId> {
        self.scopes.enter();
        let value = self.statements(&body.stmts, stmt::Tail::of(has_value, stmt::Place::Function));
        self.scopes.leave();
        // A body that does not end in a value never ends, or rustc says what is missing.
        if has_value && value == Ok(None) && !self.insts.last().is_some_and(diverges) {
            self.diagnostics.leave_to_rustc(&Refusal::Expression);
        }
        value.ok().flatten().into_iter().collect()
    }
}

/// An identifier's text without `r#`.
pub(crate) fn plain_name(ident: &syn::Ident) -> String {
    let text = ident.to_string();
    match text.strip_prefix("r#") {
        Some(plain) => plain.to_owned(),
        None => text,
    }
}
