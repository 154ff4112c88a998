//! `break`, `continue` and `return`.

use super::{Feature, Generator, Ty};

/// A loop around what is being generated.
#[derive(Clone, Debug)]
pub(super) struct OpenLoop {
    pub(super) label: Option<String>,
    /// The type of what its `break`s give, where they give something.
    pub(super) value: Option<Ty>,
}

impl OpenLoop {
    pub(super) fn new(label: Option<&String>) -> Self {
        Self { label: label.cloned(), value: None }
    }
}

impl Generator {
    /// A label for a loop that is about to begin.
    pub(super) fn label(&mut self) -> Option<String> {
        if !self.features.has(Feature::Labels) || !self.rng.chance(50) {
            return None;
        }
        self.labels += 1;
        Some(format!("'l{}", self.labels))
    }

    /// A statement that leaves something in some cases.
    pub(super) fn exit(&mut self, depth: usize) -> Option<String> {
        let condition = self.exit_condition();
        if self.rng.chance(15) {
            return self.scope(|generator| {
                let before = generator.statement(depth.min(1));
                Some(format!("if {condition} {{ {before} {}; }}", generator.jump()?))
            });
        }
        let jump = self.jump()?;
        Some(match self.rng.below(6) {
            1 => {
                let otherwise = self.scope(|generator| generator.statement(depth.min(1)));
                format!("if {condition} {{ {jump}; }} else {{ {otherwise} }}")
            }
            2 => format!("match {} {{ {} => {jump}, _ => {{}} }}", self.int(1), self.rng.below(3)),
            3 if self.features.has(Feature::ChosenExits) => self.chosen(&condition, &jump),
            _ => format!("if {condition} {{ {jump}; }}"),
        })
    }

    /// `let y = if c { continue } else { x };`
    fn chosen(&mut self, condition: &str, jump: &str) -> String {
        self.used = self.used.with(Feature::ChosenExits);
        let value = self.float(1);
        let name = self.let_name();
        self.declare(&name, Ty::Float, false);
        match self.rng.below(2) {
            0 => format!("let {name} = if {condition} {{ {jump} }} else {{ {value} }};"),
            _ => format!("let {name} = if {condition} {{ {value} }} else {{ {jump} }};"),
        }
    }

    /// Where to: an exit that is switched on and that something is around of.
    fn jump(&mut self) -> Option<String> {
        let mut kinds = vec![Feature::Returns];
        if !self.loops.is_empty() {
            kinds.extend([
                Feature::Breaks,
                Feature::Continues,
                Feature::Breaks,
                Feature::Continues,
            ]);
        }
        kinds.retain(|kind| self.features.has(*kind));
        if kinds.is_empty() {
            return None;
        }
        let kind = *self.rng.pick(&kinds);
        let jump = match kind {
            Feature::Breaks => {
                let (label, value) = self.target();
                let value = value.map_or(String::new(), |ty| self.value(ty, 1));
                format!("break {label} {value}")
            }
            Feature::Continues => format!("continue {}", self.target().0),
            _ => format!("return {}", self.value(self.result, 1)),
        };
        self.used = self.used.with(kind);
        Some(jump)
    }

    /// A loop to leave: the innermost, or one with a label. Its label, and what it gives.
    fn target(&mut self) -> (String, Option<Ty>) {
        let labelled: Vec<OpenLoop> =
            self.loops.iter().filter(|open| open.label.is_some()).cloned().collect();
        if !labelled.is_empty() && self.rng.chance(60) {
            let open = self.rng.pick(&labelled).clone();
            self.used = self.used.with(Feature::Labels);
            return (open.label.unwrap_or_default(), open.value);
        }
        (String::new(), self.loops.last().and_then(|open| open.value))
    }

    fn exit_condition(&mut self) -> String {
        let indices = self.visible(|variable| variable.below.is_some());
        match self.rng.below(3) {
            0 if !indices.is_empty() => {
                let index = self.rng.pick(&indices).name.clone();
                format!("{index} {} {}", self.rng.pick(&["==", ">", "!="]), self.rng.below(4))
            }
            1 => format!("{} > {:?}", self.float(1), self.rng.float(-0.5, 1.5)),
            _ => self.condition(1),
        }
    }
}
