//! Conditions.

use super::integer::typed;
use super::{Generator, Ty};

impl Generator {
    pub(super) fn condition(&mut self, depth: usize) -> String {
        if depth > 0 && self.rng.chance(25) {
            let (a, b) = (self.condition(depth - 1), self.condition(depth - 1));
            return match self.rng.below(3) {
                0 => format!("({a}) && ({b})"),
                1 => format!("({a}) || ({b})"),
                _ => format!("!({a})"),
            };
        }
        let compare = *self.rng.pick(&["<", ">", "<=", ">="]);
        match self.rng.below(6) {
            0 | 1 => {
                let (a, b) = (self.float(depth.min(1)), self.threshold());
                format!("{a} {compare} {b}")
            }
            2 => format!("{} {compare} {}", self.float_atom(), self.float_atom()),
            3 => {
                let compare = *self.rng.pick(&["==", "!=", "<", ">="]);
                format!("{} {compare} {}", self.int(depth.min(1)), self.rng.below(4))
            }
            4 => format!("{} % 2 == {}", self.size_atom(), self.rng.below(2)),
            _ => match self.variable(Ty::Bool) {
                Some(name) => name,
                None => format!("{} {compare} {}", self.float_atom(), self.threshold()),
            },
        }
    }

    /// The condition of an `if`: also with `let`, whose variables then are in scope.
    pub(super) fn if_condition(&mut self, depth: usize) -> String {
        match self.rng.below(10) {
            0 => {
                let pattern = self.int_pattern();
                format!("let {pattern} = {}", self.int(1))
            }
            1 => {
                let pattern = self.int_pattern();
                let scrutinee = self.int_atom();
                format!("let {pattern} = {scrutinee} && {}", self.condition_atom())
            }
            2 => {
                let name = self.let_name();
                let (n, k) = (self.int_atom(), typed(&self.size_atom(), "usize"));
                self.declare(&name, Ty::Size, false);
                format!("let ({}, {name}) = ({n}, {k})", self.rng.below(3))
            }
            _ => self.condition(depth),
        }
    }

    fn condition_atom(&mut self) -> String {
        format!("{} > {}", self.float_atom(), self.threshold())
    }

    /// A literal that no expression of the program gives exactly.
    fn threshold(&mut self) -> String {
        format!("{:?}", self.rng.float(-1.0, 1.0))
    }
}
