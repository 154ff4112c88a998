//! Integers: small whatever is done to them.

use super::features::Features;
use super::{Generator, Ty, Variable};

impl Generator {
    pub(super) fn int_atom(&mut self) -> String {
        let literal = self.rng.below(5).to_string();
        if self.rng.chance(15) { literal } else { self.variable(Ty::Int).unwrap_or(literal) }
    }

    pub(super) fn size_atom(&mut self) -> String {
        let literal = self.rng.below(4).to_string();
        if self.rng.chance(15) { literal } else { self.variable(Ty::Size).unwrap_or(literal) }
    }

    /// An `i32`, below 10 in magnitude.
    pub(super) fn int(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.int_atom();
        }
        let (a, b) = (self.int(depth - 1), self.int_atom());
        match self.rng.below(8) {
            0 => format!("(({a} + {b}) % 5)"),
            1 => format!("({a} * 3_i32 - {b}).rem_euclid(4)"),
            2 => format!("(({}.sin() * 3.0) as i32)", self.float_atom()),
            3 => format!("({} as i32)", self.size_atom()),
            4 => {
                let condition = self.condition(0);
                format!("(if {condition} {{ {a} }} else {{ {b} }})")
            }
            5 => match self.variable(Ty::Mixed) {
                Some(pair) => format!("{pair}.1"),
                None => a,
            },
            6 => format!("{}.min({b})", typed(&a, "i32")),
            _ => a,
        }
    }

    /// A `usize`, below 10.
    pub(super) fn size(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.size_atom();
        }
        let (a, b) = (self.size(depth - 1), self.size_atom());
        match self.rng.below(5) {
            0 => format!("(({a} + {b}) % 4)"),
            1 => format!("({}.rem_euclid(3) as usize)", typed(&self.int_atom(), "i32")),
            2 => match self.variable(Ty::Slice) {
                Some(slice) => format!("{slice}.len()"),
                None => a,
            },
            3 => format!("{}.max({b})", typed(&a, "usize")),
            _ => a,
        }
    }

    /// An index below `len`.
    pub(super) fn index(&mut self, len: usize) -> String {
        if self.features != Features::NONE && self.rng.chance(40) {
            let bounded = |variable: &Variable| variable.below.is_some_and(|below| below <= len);
            let known = self.visible(bounded);
            if !known.is_empty() {
                return self.rng.pick(&known).name.clone();
            }
        }
        match self.rng.below(4) {
            0 => format!("{} % {len}", self.size_atom()),
            1 => format!("({}) % {len}", self.size(1)),
            _ => self.rng.below(len).to_string(),
        }
    }

    /// A refutable pattern without variables.
    pub(super) fn int_pattern(&mut self) -> String {
        let n = self.rng.below(4);
        match self.rng.below(4) {
            0 => format!("{n} | {}", n + 2),
            1 => format!("{n}..={}", n + 1),
            2 => format!("{n}.."),
            _ => n.to_string(),
        }
    }
}

/// A literal needs its type where nothing else tells it, as before a method.
pub(super) fn typed(int: &str, ty: &str) -> String {
    if int.parse::<i64>().is_ok() { format!("{int}_{ty}") } else { int.to_owned() }
}
