//! Which of the user's variables can be seen where printing has come to.

use crate::hash::HashMap;
use std::rc::Rc;

use crate::ir::{BindingId, Function};
use crate::lower::Name;

/// The variables in scope: one hides those before it that bear its name.
#[derive(Clone)]
pub(crate) struct Scope {
    /// The number of each variable's name.
    names: Rc<Vec<usize>>,
    /// The variables, innermost last.
    open: Vec<BindingId>,
    /// The same by the number of their name.
    bearers: Vec<Vec<BindingId>>,
}

impl Scope {
    /// No variable of a function is in scope.
    pub(crate) fn of(function: &Function) -> Self {
        let mut known: HashMap<Name, usize> = HashMap::default();
        let mut number = |name| {
            let next = known.len();
            *known.entry(name).or_insert(next)
        };
        let bindings = function.bindings.iter();
        let names: Vec<usize> =
            bindings.map(|(_, binding)| number(Name::of(&binding.ident))).collect();
        let bearers = vec![Vec::new(); known.len()];
        Self { names: Rc::new(names), open: Vec::new(), bearers }
    }

    /// How many variables are in scope.
    pub(crate) fn len(&self) -> usize {
        self.open.len()
    }

    /// A variable comes into scope.
    pub(crate) fn push(&mut self, binding: BindingId) {
        self.open.push(binding);
        if let Some(bearers) = self.bearers_mut(binding) {
            bearers.push(binding);
        }
    }

    /// A variable comes into scope, unless it is in scope already.
    pub(crate) fn declare(&mut self, binding: BindingId) {
        if !self.bearers(binding).contains(&binding) {
            self.push(binding);
        }
    }

    /// A variable comes into scope anew: nothing hides it.
    pub(crate) fn renew(&mut self, binding: BindingId) {
        self.open.retain(|open| *open != binding);
        if let Some(bearers) = self.bearers_mut(binding) {
            bearers.retain(|open| *open != binding);
        }
        self.push(binding);
    }

    /// All but the outermost `len` go out of scope.
    pub(crate) fn truncate(&mut self, len: usize) {
        while self.open.len() > len {
            let Some(binding) = self.open.pop() else { return };
            if let Some(bearers) = self.bearers_mut(binding) {
                bearers.pop();
            }
        }
    }

    /// Whether the name of a variable means it here.
    pub(crate) fn sees(&self, binding: BindingId) -> bool {
        self.bearers(binding).last() == Some(&binding)
    }

    fn bearers(&self, binding: BindingId) -> &[BindingId] {
        let name = self.names.get(binding.index());
        name.and_then(|&name| self.bearers.get(name)).map_or(&[], Vec::as_slice)
    }

    fn bearers_mut(&mut self, binding: BindingId) -> Option<&mut Vec<BindingId>> {
        let name = self.names.get(binding.index())?;
        self.bearers.get_mut(*name)
    }
}
