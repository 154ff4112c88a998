//! What is told of types by use: whether arithmetic on operands without a spelled type is that of
//! numbers or an operator of the user's.
//!
//! A field is whatever its struct says, and the struct is not seen. But what a function does with
//! it tells: `self.at.x` has a field, so `self.at` is no number; what is returned as `f64` is one,
//! and so is what it is a sum of. What is the same type is one node here; what an operator makes
//! alike is a relation between nodes, along which knowledge spreads. Where nothing tells, the
//! operator is called through a trait that rustc resolves, for numbers as well.

mod types;
mod walk;

use std::collections::BTreeMap;

use super::Signature;
use super::repeat::Facts;
use crate::ir::{FloatTy, Function, Member, Step, Ty, ValueId};
use types::{Node, Types};

/// An operator or a method that was lowered as one of floats, since no type told otherwise.
pub(crate) struct Untold {
    /// Where its syntax is kept.
    pub(crate) syntax: usize,
    /// Its operands, each a part of a value.
    pub(crate) operands: Vec<(ValueId, Vec<Step>)>,
}

/// What lowering found.
#[derive(Default)]
pub(crate) struct Found {
    /// Whether it took anything for a float of which no type tells.
    pub(crate) guesses: bool,
    /// Values of a type that the user spelled.
    pub(crate) spelled: Vec<ValueId>,
    /// What was taken for operators and methods of floats.
    pub(crate) operators: Vec<Untold>,
    /// What stands where only integers do.
    pub(crate) exponents: Vec<ValueId>,
    /// What has methods that floats do not have.
    pub(crate) receivers: Vec<ValueId>,
    /// What operators of the user's give, by where their syntax is kept.
    pub(crate) results: Vec<(ValueId, usize)>,
}

/// What is known of a type.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Told {
    /// It is a float.
    float: bool,
    /// It is not a number.
    structured: bool,
    /// It has no derivative.
    inert: bool,
    /// It is a field of a struct, or made of one.
    field: bool,
}

impl Told {
    const FLOAT: Self = Self { float: true, ..Self::NOTHING };
    const STRUCTURED: Self = Self { structured: true, ..Self::NOTHING };
    const INERT: Self = Self { inert: true, ..Self::NOTHING };
    const FIELD: Self = Self { field: true, ..Self::NOTHING };
    const NOTHING: Self = Self { float: false, structured: false, inert: false, field: false };

    fn and(self, other: Self) -> Self {
        Self {
            float: self.float || other.float,
            structured: self.structured || other.structured,
            inert: self.inert || other.inert,
            field: self.field || other.field,
        }
    }

    /// A field, and nothing else tells what it is.
    fn is_open(self) -> bool {
        self == Self::FIELD
    }

    /// A number, for all that is known.
    fn is_number(self) -> bool {
        (self.float || self.inert) && !self.structured
    }
}

/// A part of a type.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Inside {
    Field(Member),
    Element,
}

/// What functions tell of the fields of types, by the name of the type and the way to the field.
#[derive(Default)]
pub(super) struct Fields(BTreeMap<(String, Vec<Inside>), Told>);

impl Fields {
    pub(super) fn add(&mut self, other: Self) {
        for (field, told) in other.0 {
            let known = self.0.entry(field).or_default();
            *known = known.and(told);
        }
    }
}

/// How far into a type others are told of it.
const DEPTH: usize = 4;

/// What a function that is lowered tells of fields.
pub(super) fn fields(
    function: &Function,
    signature: &Signature,
    found: &Found,
    name: Option<&str>,
) -> Fields {
    let types = Types::of((function, name), signature.result.as_ref(), found);
    let mut fields = Fields::default();
    let named: Vec<(String, Node)> =
        types.named.iter().map(|(name, &node)| (name.clone(), node)).collect();
    for (name, node) in named {
        types.tell_of((&name, &mut Vec::new()), node, &mut fields);
    }
    fields
}

/// Notes which operators, and which methods, are the user's; and what operators give.
pub(super) fn note(
    (function, signature): (&Function, &Signature),
    found: &Found,
    facts: &mut Facts,
) {
    if !found.guesses && found.results.is_empty() {
        return;
    }
    let owner = signature.owner.as_ref().map(|owner| &*owner.siblings);
    let name = owner.and_then(|siblings| siblings.name.as_deref());
    let mut types = Types::of((function, name), signature.result.as_ref(), found);
    let is_open =
        found.operators.iter().any(|of| types.of_operands(of).iter().any(|it| it.is_open()));
    if let Some(owner) = owner.filter(|_| is_open) {
        types.learn(owner.told());
    }
    for of in &found.operators {
        let told = types.of_operands(of);
        if told.iter().any(|told| told.structured || told.is_open()) {
            facts.note_users(of.syntax);
        } else if told.iter().all(|told| told.inert && !told.float) {
            facts.note_count(of.syntax);
        }
    }
    for &(result, syntax) in &found.results {
        let node = types.value(result);
        let told = types.told(node);
        if told.structured {
            facts.note_given(syntax, Ty::Named(quote::quote!(_)));
        } else if told.float {
            facts.note_given(syntax, Ty::Float(FloatTy::Inferred));
        }
    }
}
