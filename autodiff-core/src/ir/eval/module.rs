//! The functions that a program's calls reach, and those derived from them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::EvalError;
use crate::ir::Function;

/// The transforms that the interpreter needs for calls of companions.
///
/// The IR knows no transform; who runs the interpreter passes them in.
pub struct Derive {
    /// From a primal to its adjoint: parameters, then the cotangent of the result, to the result
    /// and the cotangents of the active parameters.
    pub adjoint: fn(&Function) -> Function,
    /// From a function to its tangent: parameters, then the tangents of the active ones, to the
    /// outputs, then their tangents.
    pub tangent: fn(&Function) -> Function,
}

/// Which function derived from a primal a call needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Derived {
    Primal,
    Adjoint,
    /// A tangent of the primal, so many times over.
    Tangent(u32),
    /// The same of the adjoint.
    TangentOfAdjoint(u32),
}

impl Derived {
    /// What it is the tangent of.
    fn before(self) -> Self {
        match self {
            Derived::Tangent(1) | Derived::Primal => Derived::Primal,
            Derived::TangentOfAdjoint(1) | Derived::Adjoint => Derived::Adjoint,
            Derived::Tangent(times) => Derived::Tangent(times.saturating_sub(1)),
            Derived::TangentOfAdjoint(times) => Derived::TangentOfAdjoint(times.saturating_sub(1)),
        }
    }
}

/// Primal functions by name, with those derived from them as they are called.
pub struct Module {
    derive: Derive,
    functions: RefCell<BTreeMap<(String, Derived), Rc<Function>>>,
    /// How many steps may still be taken, where that is limited.
    steps: Cell<Option<u64>>,
    /// How many calls are inside each other.
    depth: Cell<u32>,
}

/// More calls inside each other than these are taken for a recursion that never ends.
const DEEPEST: u32 = 500;

impl Module {
    /// A module without functions.
    #[must_use]
    pub fn new(derive: Derive) -> Self {
        Self { derive, functions: RefCell::default(), steps: Cell::new(None), depth: Cell::new(0) }
    }

    /// Gives up after so many steps from now on: of a program that nobody knows to end.
    pub fn limit(&self, steps: u64) {
        self.steps.set(Some(steps));
    }

    /// Takes a step.
    pub(super) fn step(&self) -> Result<(), EvalError> {
        match self.steps.get() {
            Some(0) => Err(EvalError::Unsupported("a program as long as this".to_owned())),
            left => {
                self.steps.set(left.map(|left| left - 1));
                Ok(())
            }
        }
    }

    /// Runs what is inside a call.
    pub(super) fn within<T>(
        &self,
        run: impl FnOnce() -> Result<T, EvalError>,
    ) -> Result<T, EvalError> {
        let depth = self.depth.get();
        if depth >= DEEPEST {
            return Err(EvalError::Unsupported("a recursion as deep as this".to_owned()));
        }
        self.depth.set(depth + 1);
        let result = run();
        self.depth.set(depth);
        result
    }

    /// Adds a primal function under its own name.
    pub fn add(&mut self, primal: Function) {
        let name = primal.name.clone();
        self.functions.borrow_mut().insert((name, Derived::Primal), Rc::new(primal));
    }

    /// The primal called `name`.
    pub(super) fn primal(&self, name: &str) -> Result<Rc<Function>, EvalError> {
        self.get(name, Derived::Primal)
    }

    /// A function and its tangents, each the tangent of the one before, so many times over.
    pub(super) fn tangents(
        &self,
        name: &str,
        (of, tangent): (Derived, fn(u32) -> Derived),
        times: u32,
    ) -> Result<Vec<Rc<Function>>, EvalError> {
        let all = std::iter::once(of).chain((1..=times).map(tangent));
        all.map(|derived| self.get(name, derived)).collect()
    }

    /// The function derived from the primal called `name`.
    pub(super) fn get(&self, name: &str, derived: Derived) -> Result<Rc<Function>, EvalError> {
        let key = (name.to_owned(), derived);
        if let Some(known) = self.functions.borrow().get(&key) {
            return Ok(Rc::clone(known));
        }
        let function = match derived {
            Derived::Primal => {
                return Err(EvalError::Unsupported(format!("call of unknown function `{name}`")));
            }
            Derived::Adjoint => (self.derive.adjoint)(&*self.primal(name)?),
            Derived::Tangent(_) | Derived::TangentOfAdjoint(_) => {
                (self.derive.tangent)(&*self.get(name, derived.before())?)
            }
        };
        let function = Rc::new(function);
        self.functions.borrow_mut().insert(key, Rc::clone(&function));
        Ok(function)
    }
}
