//! Statements.

use super::{Assignments, Feature, Generator, Ty};

impl Generator {
    pub(super) fn statement(&mut self, depth: usize) -> String {
        if let Some(statement) = self.featured(depth) {
            return statement;
        }
        match self.rng.below(14) {
            4..=6 => self.assignment(depth).unwrap_or_else(|| self.let_statement(depth)),
            7..=9 if depth > 0 => self.if_statement(depth - 1),
            10 if depth > 0 => self.match_statement(depth - 1),
            11 if depth > 0 => self.late(depth - 1),
            12 => self.swap().unwrap_or_else(|| self.let_statement(depth)),
            _ => self.let_statement(depth),
        }
    }

    /// Statements in braces; their variables go out of scope.
    fn braced(&mut self, depth: usize) -> String {
        self.scope(|generator| {
            let count = 1 + generator.rng.below(2);
            let body: String = (0..count).map(|_| generator.statement(depth)).collect();
            format!("{{ {body} }}")
        })
    }

    pub(super) fn let_statement(&mut self, depth: usize) -> String {
        match self.rng.below(20) {
            0..=7 => self.let_value(Ty::Float, depth),
            8 => self.let_value(Ty::Int, depth),
            9 => self.let_value(Ty::Size, depth),
            10 => self.let_value(Ty::Bool, depth),
            11 => self.let_value(Ty::Array, depth),
            12 => self.let_value(Ty::Pair, depth),
            13 => self.let_value(Ty::Nested, depth),
            14 => self.let_value(Ty::Mixed, depth),
            15 => self.let_constant(),
            16 => self.let_choice(depth),
            _ => self.let_pattern(depth),
        }
    }

    fn let_value(&mut self, ty: Ty, depth: usize) -> String {
        let value = self.value(ty, depth);
        let name = self.let_name();
        let arrays = self.features.has(Feature::Arrays) && ty == Ty::Array;
        let scalar = matches!(ty, Ty::Float | Ty::Int | Ty::Size);
        let mutable = (scalar || arrays) && self.rng.chance(45);
        // An integer literal alone would be of any type.
        let annotated = matches!(ty, Ty::Int | Ty::Size | Ty::Mixed) || self.rng.chance(20);
        let annotation = if annotated { format!(": {}", ty.spelled()) } else { String::new() };
        self.declare(&name, ty, mutable);
        format!("let {}{name}{annotation} = {value};", if mutable { "mut " } else { "" })
    }

    fn let_constant(&mut self) -> String {
        let name = self.let_name();
        let literal = self.literal();
        let mutable = self.rng.chance(60);
        self.declare(&name, Ty::Float, mutable);
        format!("let {}{name}: f64 = {literal};", if mutable { "mut " } else { "" })
    }

    fn let_choice(&mut self, depth: usize) -> String {
        let ty = *self.rng.pick(&[Ty::Float, Ty::Float, Ty::Pair, Ty::Array, Ty::Int]);
        // A `let` in the arm of an expression must not assign to what is outside of it.
        let value = self.choice(ty, depth.saturating_sub(1), Assignments::Forbidden);
        let name = self.let_name();
        self.declare(&name, ty, false);
        let annotation = if ty == Ty::Int { ": i32" } else { "" };
        format!("let {name}{annotation} = {value};")
    }

    fn let_pattern(&mut self, depth: usize) -> String {
        let [a, b, c] = ["l0", "l1", "l2"].map(|fresh| {
            let name = self.let_name();
            (name, fresh)
        });
        // The names of one pattern have to differ.
        let a = a.0;
        let b = if b.0 == a { b.1.to_owned() } else { b.0 };
        let c = if c.0 == a || c.0 == b { c.1.to_owned() } else { c.0 };
        let (pattern, value, declared) = match self.rng.below(6) {
            0 => (format!("({a}, {b})"), self.pair(depth), vec![(a, Ty::Float), (b, Ty::Float)]),
            1 => {
                let pattern = format!("[{a}, _, {b}]");
                (pattern, self.array(depth), vec![(a, Ty::Float), (b, Ty::Float)])
            }
            2 => {
                let pattern = format!("({a}, {b})");
                (pattern, self.nested(depth), vec![(a, Ty::Float), (b, Ty::Array)])
            }
            3 => {
                let pattern = format!("({a}, [{b}, {c}, _])");
                let floats = [a, b, c].map(|name| (name, Ty::Float)).to_vec();
                (pattern, self.nested(depth), floats)
            }
            4 => {
                let value = format!("({}, {})", self.float(depth), self.pair(depth.min(1)));
                let pattern = format!("({a}, ({b}, {c}))");
                (pattern, value, [a, b, c].map(|name| (name, Ty::Float)).to_vec())
            }
            _ => {
                let value = format!("({}, {})", self.float(depth), self.int(1));
                let pattern = format!("({a}, {b}): (f64, i32)");
                (pattern, value, vec![(a, Ty::Float), (b, Ty::Int)])
            }
        };
        for (name, ty) in declared {
            self.declare(&name, ty, false);
        }
        format!("let {pattern} = {value};")
    }

    pub(super) fn assignment(&mut self, depth: usize) -> Option<String> {
        let scalar = |ty: Ty| matches!(ty, Ty::Float | Ty::Int | Ty::Size);
        let known = self.visible(|variable| variable.mutable && scalar(variable.ty));
        if known.is_empty() {
            return None;
        }
        let target = self.rng.pick(&known).clone();
        let name = &target.name;
        // What is carried from one iteration to the next must not blow up.
        let carried = !self.loops.is_empty();
        Some(match target.ty {
            Ty::Int | Ty::Size if carried && self.rng.chance(40) => {
                format!("{name} += 1; {name} %= {};", 3 + self.rng.below(3))
            }
            Ty::Float if carried => self.update(name, depth),
            Ty::Int => match self.rng.below(2) {
                0 => format!("{name} = ({name} + {}) % 7;", 1 + self.rng.below(3)),
                _ => format!("{name} = {};", self.int(1)),
            },
            Ty::Size => match self.rng.below(2) {
                0 => format!("{name} = ({name} + {}) % 5;", 1 + self.rng.below(3)),
                _ => format!("{name} = {};", self.size(1)),
            },
            _ => match self.rng.below(6) {
                0 | 1 => format!("{name} = {};", self.float(depth)),
                2 => format!("{name} += {};", self.float(depth)),
                3 => format!("{name} -= {};", self.float(depth)),
                4 => format!("{name} *= {};", self.float(depth.min(1))),
                _ => format!("{name} /= {};", self.value(Ty::Float, 0) + ".hypot(0.9)"),
            },
        })
    }

    /// `(a, b) = (b, a);`
    fn swap(&mut self) -> Option<String> {
        let known = self.visible(|variable| variable.mutable && variable.ty == Ty::Float);
        let [first, .., second] = known.as_slice() else { return None };
        let (a, b) = (&first.name, &second.name);
        let carried = !self.loops.is_empty();
        Some(match self.rng.below(2) {
            0 => format!("({a}, {b}) = ({b}, {a});"),
            _ if carried => format!("({b}, {a}) = (({a} * {b}).sin(), {b});"),
            _ => format!("({b}, {a}) = ({a} * {b}, {});", self.float_atom()),
        })
    }

    fn if_statement(&mut self, depth: usize) -> String {
        let then = self.scope(|generator| {
            let condition = generator.if_condition(1);
            format!("if {condition} {}", generator.braced(depth))
        });
        match self.rng.below(3) {
            0 => then,
            1 => format!("{then} else {}", self.braced(depth)),
            _ => {
                let condition = self.condition(0);
                let second = self.braced(depth);
                format!("{then} else if {condition} {second} else {}", self.braced(depth))
            }
        }
    }

    fn match_statement(&mut self, depth: usize) -> String {
        let scrutinee = self.int(1);
        let mut arms = String::new();
        for _ in 0..=self.rng.below(2) {
            let pattern = self.int_pattern();
            let guard = if self.rng.chance(30) {
                format!(" if {}", self.condition(0))
            } else {
                String::new()
            };
            let arm = format!("{pattern}{guard} => {} ", self.braced(depth));
            arms.push_str(&arm);
        }
        format!("match {scrutinee} {{ {arms} _ => {{}} }}")
    }

    /// A variable that gets its value in the arms of an `if`.
    fn late(&mut self, depth: usize) -> String {
        // A name of its own, so that the arms do not mean the variable before it has a value.
        let name = self.new_name();
        let condition = self.condition(1);
        let (then, otherwise) = (self.float(depth), self.float(depth));
        let annotation = if self.rng.chance(50) { ": f64" } else { "" };
        self.declare(&name, Ty::Float, false);
        format!(
            "let {name}{annotation}; if {condition} {{ {name} = {then}; }} else {{ {name} = {otherwise}; }}"
        )
    }
}
