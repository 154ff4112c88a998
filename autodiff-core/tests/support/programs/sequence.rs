//! Arrays and `Vec`s that change, and statements that only programs with features have.

use super::features::Features;
use super::{Feature, Generator, Ty, Variable};

impl Generator {
    /// A statement that some feature brings; nothing where another kind is due.
    pub(super) fn featured(&mut self, depth: usize) -> Option<String> {
        // Programs without features are what they are without this.
        if self.features == Features::NONE {
            return None;
        }
        match self.rng.below(16) {
            0..=3 => self.loop_statement(depth),
            4 if self.loops.is_empty() => self.exit(depth),
            5..=7 => self.write(depth),
            8 if self.features.has(Feature::Swaps) => self.exchange(),
            9 | 10 => self.borrow(depth),
            11 => self.let_sequence(depth),
            12 => self.call_with_borrow(),
            _ => None,
        }
    }

    /// Variables for the loops to work on.
    pub(super) fn beginning(&mut self) -> String {
        let mut body = String::new();
        if self.features == Features::NONE {
            return body;
        }
        if self.rng.chance(60) {
            let (value, name) = (self.float(1), self.new_name());
            self.declare(&name, Ty::Float, true);
            body.push_str(&format!("let mut {name} = {value};"));
        }
        if self.rng.chance(70) {
            body.push_str(&self.let_sequence(1).unwrap_or_default());
        }
        if self.features.has(Feature::Counters) && self.rng.chance(40) {
            let (value, name) = (self.rng.below(4), self.new_name());
            self.declare(&name, Ty::Size, true);
            self.used = self.used.with(Feature::Counters);
            body.push_str(&format!("let mut {name}: usize = {value};"));
        }
        if self.rng.chance(60) {
            body.push_str(&self.loop_statement(1).unwrap_or_default());
        }
        body
    }

    /// A result in which what the loops did is seen.
    pub(super) fn total(&mut self, result: Ty) -> Option<String> {
        if self.features == Features::NONE || result != Ty::Float || self.rng.chance(30) {
            return None;
        }
        let mut terms = vec![self.float(1)];
        let changed = self.visible(|variable| variable.mutable);
        for variable in changed.iter().rev().take(4) {
            terms.push(match variable.ty {
                Ty::Float => variable.name.clone(),
                Ty::Size => format!("{} as f64 * 0.1", variable.name),
                ty if ty.len() > 0 => {
                    let (a, b) = (self.element(variable), self.element(variable));
                    format!("{a} * {b}")
                }
                _ => continue,
            });
        }
        Some(terms.join(" + "))
    }

    /// `let mut a = [x, y, z, 0.5];`, `let mut v = vec![x; 4];`
    fn let_sequence(&mut self, depth: usize) -> Option<String> {
        let kinds = [Feature::Arrays, Feature::Vecs, Feature::Pushes];
        let kinds: Vec<Feature> =
            kinds.into_iter().filter(|kind| self.features.has(*kind)).collect();
        if kinds.is_empty() {
            return None;
        }
        let kind = *self.rng.pick(&kinds);
        self.used = self.used.with(kind);
        if kind == Feature::Pushes {
            return Some(self.pushes());
        }
        let ty = match kind {
            Feature::Vecs => Ty::Vec,
            _ => *self.rng.pick(&[Ty::Quad, Ty::Quad, Ty::Array]),
        };
        let value = self.value(ty, depth.min(1));
        let name = self.new_name();
        self.declare(&name, ty, true);
        let annotation =
            if self.rng.chance(20) { format!(": {}", ty.spelled()) } else { String::new() };
        Some(format!("let mut {name}{annotation} = {value};"))
    }

    /// A `Vec` that grows to four elements.
    fn pushes(&mut self) -> String {
        let name = self.new_name();
        let (index, body) = self.scope(|generator| {
            let grown = Variable { borrowed: true, ..Variable::new(&name, Ty::Vec, false) };
            let index = {
                generator.variables.push(grown);
                generator.new_name()
            };
            let below = Some(4);
            generator.variables.push(Variable { below, ..Variable::new(&index, Ty::Size, false) });
            (index, generator.float(1))
        });
        self.declare(&name, Ty::Vec, true);
        format!("let mut {name} = Vec::new(); for {index} in 0..4_usize {{ {name}.push({body}); }}")
    }

    /// An array or a `Vec` of four elements.
    pub(super) fn elements_of(&mut self, ty: Ty, depth: usize) -> String {
        let depth = depth.saturating_sub(1);
        let (open, known) = match ty {
            Ty::Vec => ("vec![", self.variable(Ty::Vec).map(|name| format!("{name}.clone()"))),
            _ => ("[", self.variable(ty)),
        };
        match (self.rng.below(4), known) {
            (0, Some(known)) => known,
            (1, _) => format!("{open}{}; 4]", self.float(depth)),
            (2, _) => format!("{open}0.0_f64; 4]"),
            _ => {
                let elements = [(); 4].map(|()| self.float(depth));
                format!("{open}{}]", elements.join(", "))
            }
        }
    }

    /// A part of an aggregate that only programs with features have.
    pub(super) fn memory_atom(&mut self) -> Option<String> {
        let references = self.visible(|variable| variable.ty == Ty::FloatMut);
        if !references.is_empty() && self.rng.chance(40) {
            return Some(format!("(*{})", self.rng.pick(&references).name));
        }
        let of = self.sequence(|_| true)?;
        Some(self.element(&of))
    }

    /// `let y = g(x, &mut a);`
    fn call_with_borrow(&mut self) -> Option<String> {
        if !self.features.has(Feature::MutCalls) {
            return None;
        }
        let borrowing =
            |params: &[Ty]| params.iter().filter(|ty| **ty == Ty::MutSlice).count() == 1;
        let known = self.callees.iter().filter(|callee| borrowing(&callee.params)).cloned();
        let known: Vec<_> = known.collect();
        let of = self.sequence(|variable| variable.mutable && variable.ty.len() == 4)?;
        if known.is_empty() {
            return None;
        }
        let callee = self.rng.pick(&known).clone();
        self.used = self.used.with(Feature::MutCalls);
        let borrow = match (of.ty, self.rng.below(3)) {
            (Ty::MutSlice, 0 | 1) => of.name.clone(),
            (_, 2) => format!("&mut {}[..]", of.name),
            _ => format!("&mut {}", of.name),
        };
        let args = self.borrowed(&of.name, |generator| {
            let arg = |ty: &Ty| match ty {
                Ty::MutSlice => borrow.clone(),
                ty => generator.value(*ty, 1),
            };
            callee.params.iter().map(arg).collect::<Vec<String>>().join(", ")
        });
        let name = self.let_name();
        self.declare(&name, callee.result, false);
        Some(format!("let {name} = {}({args});", callee.name))
    }
}
