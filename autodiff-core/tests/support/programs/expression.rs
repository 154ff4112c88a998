//! Expressions of each type.

use super::features::Features;
use super::integer::typed;
use super::{Assignments, Callee, Generator, Ty};

impl Generator {
    pub(super) fn value(&mut self, ty: Ty, depth: usize) -> String {
        match ty {
            Ty::Float => self.float(depth),
            Ty::FloatRef => format!("&{}", self.float_atom()),
            Ty::Int => self.int(depth.min(2)),
            Ty::Size => self.size(depth.min(2)),
            Ty::Bool => self.condition(depth.min(1)),
            Ty::Array => self.array(depth),
            Ty::Slice => self.slice(depth),
            Ty::Pair => self.pair(depth),
            Ty::Nested => self.nested(depth),
            Ty::Mixed => format!("({}, {})", self.float(depth.min(1)), self.int(1)),
            Ty::Quad | Ty::Vec => self.elements_of(ty, depth),
            // Arguments of calls only, which choose them for themselves.
            Ty::MutSlice | Ty::Part | Ty::FloatMut => String::new(),
        }
    }

    pub(super) fn literal(&mut self) -> String {
        let x = self.rng.float(-2.0, 2.0);
        match self.rng.below(6) {
            0 => "2.0".to_owned(),
            1 => "0.5".to_owned(),
            2 => "std::f64::consts::LN_2".to_owned(),
            _ => format!("{:.2}", x.abs() + 0.1),
        }
    }

    /// A float that is no operation: a variable, a part of one, or a literal.
    pub(super) fn float_atom(&mut self) -> String {
        if self.features != Features::NONE
            && self.rng.chance(25)
            && let Some(atom) = self.memory_atom()
        {
            return atom;
        }
        let place = match self.rng.below(12) {
            0 => self.variable(Ty::Pair).map(|p| format!("{p}.{}", self.rng.below(2))),
            1 => self.variable(Ty::Nested).map(|p| format!("{p}.0")),
            2 => self.variable(Ty::Array).map(|a| format!("{a}[{}]", self.index(3))),
            3 => self.variable(Ty::Slice).map(|a| format!("{a}[{}]", self.index(3))),
            4 => self.variable(Ty::FloatRef).map(|r| format!("(*{r})")),
            5 => self.variable(Ty::Nested).map(|p| format!("{p}.1[{}]", self.index(3))),
            6 => self.variable(Ty::Mixed).map(|p| format!("{p}.0")),
            7 => Some(format!("({}_f64)", self.literal().replace("std::f64::consts::LN_2", "1.5"))),
            8 => Some(format!("f64::from({})", typed(&self.int_atom(), "i32"))),
            _ => None,
        };
        let place = place.or_else(|| self.variable(Ty::Float));
        place.unwrap_or_else(|| "(0.75_f64)".to_owned())
    }

    pub(super) fn float(&mut self, depth: usize) -> String {
        if depth == 0 || self.rng.chance(8) {
            return self.float_atom();
        }
        match self.rng.below(20) {
            0..=6 => self.arithmetic(depth),
            7..=10 => self.elementary(depth),
            11..=13 => self.binary_method(depth),
            14 => self.power(depth),
            15 => self.kink(depth),
            16 => self.call(Ty::Float, depth).unwrap_or_else(|| self.arithmetic(depth)),
            17 => format!("({})", self.choice(Ty::Float, depth - 1, Assignments::Forbidden)),
            18 => self.part(depth),
            _ => self.closure(depth),
        }
    }

    fn arithmetic(&mut self, depth: usize) -> String {
        let a = self.float(depth - 1);
        match self.rng.below(9) {
            0 | 1 => format!("({a} + {})", self.float(depth - 1)),
            2 => format!("({a} - {})", self.float(depth - 1)),
            3 | 4 => format!("({a} * {})", self.float(depth - 1)),
            5 => format!("({a} / {})", self.positive(depth - 1)),
            6 => format!("(-{a})"),
            7 => format!("({} {} {a})", self.literal(), self.rng.pick(&["+", "-", "*"])),
            _ => format!("({a} {} {})", self.rng.pick(&["+", "-", "*", "/", "%"]), self.literal()),
        }
    }

    /// A number that is at least 0.3.
    fn positive(&mut self, depth: usize) -> String {
        let a = self.float(depth);
        match self.rng.below(5) {
            0 => format!("({a}.abs() + 0.5)"),
            1 => format!("{a}.hypot(0.7)"),
            2 => format!("({a}.sin() + 1.5)"),
            3 => format!("{a}.tanh().exp()"),
            _ => format!("({a}.cos() * 0.5).cosh()"),
        }
    }

    /// A number between -0.9 and 0.9.
    fn small(&mut self, depth: usize) -> String {
        let a = self.float(depth);
        match self.rng.below(3) {
            0 => format!("({a}.sin() * 0.8)"),
            1 => format!("({a}.tanh() * 0.9)"),
            _ => format!("({a}.atan() * 0.5)"),
        }
    }

    fn elementary(&mut self, depth: usize) -> String {
        let total = ["sin", "cos", "tanh", "atan", "asinh", "to_radians"];
        let of_positive =
            ["ln", "log2", "log10", "sqrt", "recip", "ln_1p", "cbrt", "asinh", "atan"];
        let of_small =
            ["asin", "acos", "atanh", "tan", "sinh", "cosh", "exp", "exp2", "exp_m1", "to_degrees"];
        let (operand, name) = match self.rng.below(4) {
            0 | 1 => (self.float(depth - 1), *self.rng.pick(&total)),
            2 => (self.positive(depth - 1), *self.rng.pick(&of_positive)),
            _ => (self.small(depth - 1), *self.rng.pick(&of_small)),
        };
        match (name, self.rng.chance(15)) {
            (name, true) => format!("f64::{name}({operand})"),
            (name, false) => format!("{operand}.{name}()"),
        }
    }

    fn binary_method(&mut self, depth: usize) -> String {
        let a = self.float(depth - 1);
        match self.rng.below(9) {
            0 => format!("{a}.hypot({} + 0.3)", self.positive(depth - 1)),
            1 => format!("{a}.atan2({})", self.positive(depth - 1)),
            2 => format!("f64::max({a}, {})", self.float(depth - 1)),
            3 => format!("{a}.max({})", self.float(depth - 1)),
            4 => format!("{a}.min({})", self.float(depth - 1)),
            5 => format!("{a}.copysign({})", self.float(depth - 1)),
            6 => format!("{a}.mul_add({}, {})", self.float(depth - 1), self.float_atom()),
            7 => format!("{a}.clamp(-0.7, {:.3})", self.rng.float(0.1, 1.5)),
            _ => format!("{a}.rem_euclid({:.3})", self.rng.float(0.5, 3.0)),
        }
    }

    fn power(&mut self, depth: usize) -> String {
        let base = self.positive(depth - 1);
        match self.rng.below(6) {
            0 => format!("{base}.powf({})", self.small(depth - 1)),
            1 => format!("{base}.powf({:.2})", self.rng.float(-2.0, 3.0)),
            2 => format!("{base}.powi({})", self.int_atom()),
            3 => format!("{}.powi({})", self.float(depth - 1), 1 + self.rng.below(4)),
            4 => format!("{base}.powi(-{})", 1 + self.rng.below(2)),
            _ => format!("{base}.log({:.2})", self.rng.float(1.5, 9.0)),
        }
    }

    fn kink(&mut self, depth: usize) -> String {
        let a = self.float(depth - 1);
        let name = ["abs", "floor", "ceil", "round", "trunc", "signum", "fract", "abs", "abs"];
        format!("{a}.{}()", self.rng.pick(&name))
    }

    /// A part of an aggregate that has no name.
    fn part(&mut self, depth: usize) -> String {
        match self.rng.below(4) {
            0 => format!("{}.{}", self.pair(depth - 1), self.rng.below(2)),
            1 => format!("{}[{}]", self.array(depth - 1), self.index(3)),
            2 => format!("{}.1[{}]", self.nested(depth - 1), self.index(3)),
            _ => format!("{}.sin_cos().{}", self.float(depth - 1), self.rng.below(2)),
        }
    }

    fn closure(&mut self, depth: usize) -> String {
        let arg = self.float(depth - 1);
        let name = self.let_name();
        let body = self.scope(|generator| {
            generator.declare(&name, Ty::Float, false);
            generator.float(depth - 1)
        });
        format!("(|{name}: f64| {body})({arg})")
    }

    /// A call of an earlier function with this result.
    fn call(&mut self, result: Ty, depth: usize) -> Option<String> {
        let callable = |c: &&Callee| c.result == result && !c.params.contains(&Ty::MutSlice);
        let known: Vec<Callee> = self.callees.iter().filter(callable).cloned().collect();
        if known.is_empty() {
            return None;
        }
        let callee = self.rng.pick(&known).clone();
        let depth = depth.saturating_sub(2);
        let args: Vec<String> = callee.params.iter().map(|ty| self.value(*ty, depth)).collect();
        Some(format!("{}({})", callee.name, args.join(", ")))
    }

    pub(super) fn array(&mut self, depth: usize) -> String {
        let depth = depth.min(2);
        let known = self.variable(Ty::Array);
        match (self.rng.below(8), known) {
            (0..=3, Some(name)) => name,
            (4, _) => format!("[{}; 3]", self.float(depth.saturating_sub(1))),
            (5, _) if depth > 0 => {
                let call = self.call(Ty::Array, depth);
                call.unwrap_or_else(|| self.array(depth - 1))
            }
            (6, _) if depth > 0 => {
                let choice = self.choice(Ty::Array, depth - 1, Assignments::Forbidden);
                format!("({choice})")
            }
            _ => {
                let [a, b, c] = [(); 3].map(|()| self.float(depth.saturating_sub(1)));
                format!("[{a}, {b}, {c}]")
            }
        }
    }

    fn slice(&mut self, depth: usize) -> String {
        match (self.rng.below(3), self.variable(Ty::Slice), self.variable(Ty::Array)) {
            (0 | 1, Some(slice), _) => slice,
            (_, _, Some(array)) => format!("&{array}"),
            _ => format!("&{}", self.array(depth.min(1))),
        }
    }

    pub(super) fn pair(&mut self, depth: usize) -> String {
        let depth = depth.min(2);
        let known = self.variable(Ty::Pair);
        match (self.rng.below(8), known) {
            (0..=2, Some(name)) => name,
            (3, _) => format!("{}.sin_cos()", self.float(depth.saturating_sub(1))),
            (4, _) if depth > 0 => {
                let call = self.call(Ty::Pair, depth);
                call.unwrap_or_else(|| self.pair(depth - 1))
            }
            (5, _) if depth > 0 => {
                let choice = self.choice(Ty::Pair, depth - 1, Assignments::Forbidden);
                format!("({choice})")
            }
            _ => {
                let [a, b] = [(); 2].map(|()| self.float(depth.saturating_sub(1)));
                format!("({a}, {b})")
            }
        }
    }

    pub(super) fn nested(&mut self, depth: usize) -> String {
        let depth = depth.min(2);
        let known = self.variable(Ty::Nested);
        match (self.rng.below(5), known) {
            (0 | 1, Some(name)) => name,
            (2, _) if depth > 0 => {
                let call = self.call(Ty::Nested, depth);
                call.unwrap_or_else(|| self.nested(depth - 1))
            }
            _ => format!("({}, {})", self.float(depth.saturating_sub(1)), self.array(depth)),
        }
    }
}
