//! Expressions that choose: `if`, `match`, blocks.

use super::integer::typed;
use super::{Assignments, Generator, Ty};

impl Generator {
    /// The value at the end of a block.
    pub(super) fn tail(&mut self, ty: Ty, depth: usize, assignments: Assignments) -> String {
        if depth > 0 && self.rng.chance(30) {
            return self.choice(ty, depth - 1, assignments);
        }
        self.value(ty, depth)
    }

    /// `if`, `match` or a block with a value.
    pub(super) fn choice(&mut self, ty: Ty, depth: usize, assignments: Assignments) -> String {
        match self.rng.below(8) {
            0..=3 => self.if_else(ty, depth, assignments),
            4 => self.match_int(ty, depth, assignments),
            5 => self.match_pair(ty, depth, assignments),
            6 => self.match_active(ty, depth, assignments),
            _ => self.braces(ty, depth, assignments),
        }
    }

    fn if_else(&mut self, ty: Ty, depth: usize, assignments: Assignments) -> String {
        let then = self.scope(|generator| {
            let condition = generator.if_condition(depth.min(1));
            format!("if {condition} {}", generator.braces(ty, depth, assignments))
        });
        let otherwise = if depth > 0 && self.rng.chance(30) {
            self.if_else(ty, depth - 1, assignments)
        } else {
            self.braces(ty, depth, assignments)
        };
        format!("{then} else {otherwise}")
    }

    /// `{ statements; value }`
    fn braces(&mut self, ty: Ty, depth: usize, assignments: Assignments) -> String {
        self.scope(|generator| {
            let mut body = String::new();
            let count = if depth == 0 { 0 } else { generator.rng.below(3) };
            for _ in 0..count {
                body.push_str(&match assignments {
                    Assignments::Allowed => generator.statement(depth - 1),
                    Assignments::Forbidden => generator.let_statement(depth - 1),
                });
            }
            format!("{{ {body}{} }}", generator.tail(ty, depth.saturating_sub(1), assignments))
        })
    }

    /// An arm's body: an expression or a block.
    fn arm(&mut self, ty: Ty, depth: usize, assignments: Assignments) -> String {
        if self.rng.chance(50) {
            return format!("{},", self.value(ty, depth));
        }
        self.braces(ty, depth, assignments)
    }

    fn match_int(&mut self, ty: Ty, depth: usize, assignments: Assignments) -> String {
        let scrutinee = typed(&self.int(1), "i32");
        let mut arms = String::new();
        for _ in 0..=self.rng.below(3) {
            let arm = self.scope(|generator| {
                let pattern = generator.int_arm();
                format!("{pattern} => {} ", generator.arm(ty, depth, assignments))
            });
            arms.push_str(&arm);
        }
        let last = self.arm(ty, depth, assignments);
        format!("match {scrutinee} {{ {arms} _ => {last} }}")
    }

    /// A pattern of an `i32`, with its guard.
    fn int_arm(&mut self) -> String {
        match self.rng.below(6) {
            0 => {
                let name = self.let_name();
                self.declare(&name, Ty::Int, false);
                format!("{name} if {name} > {}", self.rng.below(4))
            }
            1 => {
                let name = self.let_name();
                let pattern = self.int_pattern();
                self.declare(&name, Ty::Int, false);
                format!("{name} @ ({pattern})")
            }
            2 => {
                let pattern = self.int_pattern();
                format!("{pattern} if {}", self.condition(0))
            }
            _ => self.int_pattern(),
        }
    }

    fn match_pair(&mut self, ty: Ty, depth: usize, assignments: Assignments) -> String {
        let (n, k) = (typed(&self.int_atom(), "i32"), typed(&self.size_atom(), "usize"));
        let first = self.scope(|generator| {
            let (a, b) = (generator.int_pattern(), generator.int_pattern());
            format!("({a}, {b}) => {} ", generator.arm(ty, depth, assignments))
        });
        let second = self.scope(|generator| {
            let (a, b) = (generator.new_name(), generator.rng.below(3));
            generator.declare(&a, Ty::Int, false);
            let guard = if generator.rng.chance(40) {
                format!(" if {}", generator.condition(0))
            } else {
                String::new()
            };
            format!("({a}, {b}){guard} => {} ", generator.arm(ty, depth, assignments))
        });
        let last = self.arm(ty, depth, assignments);
        format!("match ({n}, {k}) {{ {first} {second} _ => {last} }}")
    }

    /// A scrutinee of which a part is differentiated.
    fn match_active(&mut self, ty: Ty, depth: usize, assignments: Assignments) -> String {
        let (x, n) = (self.float(depth.min(1)), typed(&self.int_atom(), "i32"));
        let first = self.scope(|generator| {
            let name = generator.new_name();
            let pattern = generator.int_pattern();
            generator.declare(&name, Ty::Float, false);
            format!("({name}, {pattern}) => {} ", generator.arm(ty, depth, assignments))
        });
        let second = self.scope(|generator| {
            let name = generator.new_name();
            generator.declare(&name, Ty::Float, false);
            let threshold = generator.rng.float(-1.0, 1.0);
            let arm = generator.arm(ty, depth, assignments);
            format!("({name}, _) if {name} > {threshold:?} => {arm} ")
        });
        let last = self.arm(ty, depth, assignments);
        format!("match ({x}, {n}) {{ {first} {second} _ => {last} }}")
    }
}
