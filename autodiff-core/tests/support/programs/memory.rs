//! Elements, references and parts of arrays, slices and `Vec`s.

use super::{Feature, Generator, Ty, Variable};

impl Generator {
    /// An array, slice or `Vec` in scope.
    pub(super) fn sequence(&mut self, wanted: impl Fn(&Variable) -> bool) -> Option<Variable> {
        let known = self.visible(|variable| variable.ty.len() > 0 && wanted(variable));
        (!known.is_empty()).then(|| self.rng.pick(&known).clone())
    }

    /// A number that stays small, however often it is assigned.
    pub(super) fn damped(&mut self, depth: usize) -> String {
        let value = self.float(depth);
        match self.rng.below(4) {
            0 => format!("{value}.tanh()"),
            1 => format!("(0.7 * {value}).sin()"),
            2 => format!("({value}.cos() * 0.5)"),
            _ => format!("{value}.sin()"),
        }
    }

    /// A factor that neither blows up nor vanishes.
    fn factor(&mut self, depth: usize) -> String {
        format!("({} * 0.3 + {:.2})", self.damped(depth), self.rng.float(0.6, 0.9))
    }

    /// `place = …;`, or an assignment with an operator.
    pub(super) fn update(&mut self, place: &str, depth: usize) -> String {
        match self.rng.below(6) {
            0 | 1 => format!("{place} = {};", self.damped(depth)),
            2 => format!("{place} += {};", self.damped(depth)),
            3 => format!("{place} -= {};", self.damped(depth)),
            4 => format!("{place} *= {};", self.factor(depth)),
            _ => format!("{place} /= {}.hypot(0.9);", self.float_atom()),
        }
    }

    /// An element is written.
    pub(super) fn write(&mut self, depth: usize) -> Option<String> {
        let references = self.visible(|variable| variable.ty == Ty::FloatMut);
        if !references.is_empty() && self.rng.chance(30) {
            let reference = self.rng.pick(&references).name.clone();
            return Some(self.write_through(&reference));
        }
        let of = self.sequence(|variable| variable.mutable)?;
        let (place, len) = (self.element(&of), of.ty.len());
        if self.features.has(Feature::Aliases) && self.rng.chance(50) {
            self.used = self.used.with(Feature::Aliases);
            let (a, b) = (self.element(&of), self.element(&of));
            return Some(match self.rng.below(7) {
                0 => format!("{place} += {a} * {b} * 0.2;"),
                1 => format!("{place} = ({place} * {a} - {}).sin();", self.float(1)),
                2 => format!("{place} -= ({a} * {}).tanh();", self.float_atom()),
                3 => format!("{place} *= {a}.cos();"),
                4 => format!("{place} = {a};"),
                5 => format!("{place} += 0.3 * {a}; {b} = {place} * 0.9;"),
                _ => {
                    let (i, j) = (self.index(len), self.index(len));
                    let name = &of.name;
                    format!(
                        "({name}[{i}], {name}[{j}]) = ({b} * 0.5, {a} + {});",
                        self.small_term()
                    )
                }
            });
        }
        Some(self.update(&place, depth))
    }

    fn small_term(&mut self) -> String {
        format!("{}.sin() * 0.4", self.float_atom())
    }

    /// `a[i]`
    pub(super) fn element(&mut self, of: &Variable) -> String {
        let index = self.index(of.ty.len());
        format!("{}[{index}]", of.name)
    }

    /// `*r = …;`
    pub(super) fn write_through(&mut self, reference: &str) -> String {
        self.update(&format!("*{reference}"), 1)
    }

    /// `a.swap(i, j)`, `(x, a[1]) = (a[1], x)`
    pub(super) fn exchange(&mut self) -> Option<String> {
        let of = self.sequence(|variable| variable.mutable)?;
        self.used = self.used.with(Feature::Swaps);
        let (i, j) = (self.index(of.ty.len()), self.index(of.ty.len()));
        let scalars = self.visible(|variable| variable.mutable && variable.ty == Ty::Float);
        let name = &of.name;
        Some(match (self.rng.below(3), scalars.last()) {
            (0, Some(x)) => {
                let x = &x.name;
                format!("({x}, {name}[{i}]) = ({name}[{i}], {x});")
            }
            (1, _) => format!("({name}[{i}], {name}[{j}]) = ({name}[{j}], {name}[{i}]);"),
            _ => format!("{name}.swap({i}, {j});"),
        })
    }

    /// `let r = &mut x; *r += y;`, and the same of a part of an array.
    pub(super) fn borrow(&mut self, depth: usize) -> Option<String> {
        let kinds = [Feature::Parts, Feature::References];
        let kinds: Vec<Feature> =
            kinds.into_iter().filter(|kind| self.features.has(*kind)).collect();
        if kinds.is_empty() {
            return None;
        }
        let kind = *self.rng.pick(&kinds);
        let (root, borrow, ty) = match kind {
            Feature::Parts => {
                let of = self.sequence(|v| v.mutable && v.ty != Ty::Part)?;
                let range = self.part_of(of.ty.len());
                (of.name.clone(), format!("&mut {}[{range}]", of.name), Ty::Part)
            }
            _ => self.reference()?,
        };
        self.used = self.used.with(kind);
        let bracketed = self.rng.chance(50);
        let text = self.borrowed(&root, |generator| {
            // Where the reference outlives its use, it must not hide another variable.
            let name = if bracketed { generator.let_name() } else { generator.new_name() };
            generator.declare(&name, ty, true);
            let mut body = format!("let {name} = {borrow};");
            for _ in 0..=generator.rng.below(2) {
                body.push_str(&generator.use_of(&name, ty, depth));
            }
            body
        });
        Some(if bracketed { format!("{{ {text} }}") } else { text })
    }

    fn use_of(&mut self, name: &str, ty: Ty, depth: usize) -> String {
        if ty == Ty::FloatMut {
            return self.write_through(name);
        }
        if self.rng.below(4) == 0 {
            self.statement_without_names(depth)
        } else {
            let place = format!("{name}[{}]", self.index(ty.len()));
            self.update(&place, 1)
        }
    }

    /// A statement after which no more names are in scope.
    fn statement_without_names(&mut self, depth: usize) -> String {
        self.scope(|generator| format!("{{ {} }}", generator.statement(depth.saturating_sub(1))))
    }

    /// `&mut x`, `&mut a[i]`: its root, itself and its type.
    fn reference(&mut self) -> Option<(String, String, Ty)> {
        let scalars = self.visible(|variable| variable.mutable && variable.ty == Ty::Float);
        if !scalars.is_empty() && self.rng.chance(50) {
            let name = self.rng.pick(&scalars).name.clone();
            return Some((name.clone(), format!("&mut {name}"), Ty::FloatMut));
        }
        let of = self.sequence(|variable| variable.mutable)?;
        let element = self.element(&of);
        Some((of.name, format!("&mut {element}"), Ty::FloatMut))
    }

    /// Two neighbours of so many elements.
    fn part_of(&mut self, len: usize) -> String {
        let start = self.rng.below(len - 1);
        match self.rng.below(4) {
            0 => "..2".to_owned(),
            1 => format!("{}..", len - 2),
            2 => {
                let start = format!("{} % {}", self.size_atom(), len - 1);
                format!("{start}..{start} + 2")
            }
            _ => format!("{start}..{}", start + 2),
        }
    }

    /// Generates something while a variable is mutably borrowed.
    pub(super) fn borrowed<V>(&mut self, name: &str, generate: impl FnOnce(&mut Self) -> V) -> V {
        self.changed(name, |variable| variable.borrowed = true, generate)
    }

    /// Generates something while a variable is borrowed.
    pub(super) fn reading<V>(&mut self, name: &str, generate: impl FnOnce(&mut Self) -> V) -> V {
        self.changed(name, |variable| variable.mutable = false, generate)
    }

    fn changed<V>(
        &mut self,
        name: &str,
        change: impl FnOnce(&mut Variable),
        generate: impl FnOnce(&mut Self) -> V,
    ) -> V {
        let at = self.variables.iter().rposition(|variable| variable.name == name);
        let before = at.map(|at| self.variables[at].clone());
        if let Some(at) = at {
            change(&mut self.variables[at]);
        }
        let result = self.scope(generate);
        if let (Some(at), Some(before)) = (at, before) {
            self.variables[at] = before;
        }
        result
    }
}
