//! Loops.

use super::exit::OpenLoop;
use super::{Feature, Generator, Ty, Variable};

impl Generator {
    /// A loop of some kind that is switched on.
    pub(super) fn loop_statement(&mut self, depth: usize) -> Option<String> {
        if self.loops.len() >= self.deepest {
            return None;
        }
        let kinds = [
            Feature::Ranges,
            Feature::Ranges,
            Feature::Whiles,
            Feature::Loops,
            Feature::BreakValues,
            Feature::Elements,
            Feature::ElementsMut,
        ];
        let kinds: Vec<Feature> =
            kinds.into_iter().filter(|kind| self.features.has(*kind)).collect();
        if kinds.is_empty() {
            return None;
        }
        if !self.loops.is_empty() {
            self.used = self.used.with(Feature::Nesting);
        }
        let text = match *self.rng.pick(&kinds) {
            Feature::Whiles => self.while_loop(depth),
            Feature::Loops => self.endless(depth),
            Feature::BreakValues => self.loop_with_value(depth),
            Feature::Elements => self.elements(depth)?,
            Feature::ElementsMut => self.elements_mut(depth)?,
            _ => self.for_range(depth),
        };
        Some(text)
    }

    fn for_range(&mut self, depth: usize) -> String {
        self.used = self.used.with(Feature::Ranges);
        let (range, ty, below) = self.range();
        let label = self.label();
        self.scope(|generator| {
            let name = generator.let_name();
            let pattern = if generator.rng.chance(10) { "_" } else { name.as_str() };
            if pattern != "_" {
                let index = Variable { below, ..Variable::new(&name, ty, false) };
                generator.variables.push(index);
            }
            let body = generator.loop_body(OpenLoop::new(label.as_ref()), "", depth);
            format!("{}for {pattern} in {range} {body}", prefix(label.as_ref()))
        })
    }

    /// A range, the type of its numbers, and what they are below if that is known.
    fn range(&mut self) -> (String, Ty, Option<usize>) {
        let closed = self.features.has(Feature::Steps) && self.rng.chance(20);
        let dots = if closed { "..=" } else { ".." };
        let last = usize::from(closed);
        let end = self.rng.below(5);
        let (range, ty, below) = match self.rng.below(7) {
            0 | 1 => (format!("0{dots}{end}_usize"), Ty::Size, Some(end + last)),
            2 => (format!("{}{dots}{end}_usize", self.rng.below(3)), Ty::Size, Some(end + last)),
            3 => {
                let end = format!("({} % 4)", self.size_atom());
                (format!("0_usize{dots}{end}"), Ty::Size, Some(3 + last))
            }
            4 => (format!("({} % 3){dots}4_usize", self.size_atom()), Ty::Size, Some(4 + last)),
            5 => match self.sequence(|_| true) {
                Some(of) => (format!("0..{}.len()", of.name), Ty::Size, Some(of.ty.len())),
                None => (format!("0{dots}{end}_usize"), Ty::Size, Some(end + last)),
            },
            _ => (format!("{}{dots}{end}_i32", self.rng.pick(&["0", "-1", "1"])), Ty::Int, None),
        };
        if !self.features.has(Feature::Steps) {
            return (range, ty, below);
        }
        let steps = match self.rng.below(8) {
            0 | 1 => ".rev()".to_owned(),
            2 => format!(".step_by({})", 1 + self.rng.below(3)),
            3 => format!(".step_by(1 + {} % 2)", self.size_atom()),
            4 => format!(".rev().step_by({})", 1 + self.rng.below(2)),
            5 if !closed => format!(".step_by({}).rev()", 1 + self.rng.below(2)),
            _ => return (range, ty, below),
        };
        self.used = self.used.with(Feature::Steps);
        (format!("({range}){steps}"), ty, below)
    }

    /// A counter bounds the iterations, whatever the condition.
    fn counter(&mut self) -> (String, usize) {
        let name = self.new_name();
        self.declare(&name, Ty::Size, false);
        (name, 1 + self.rng.below(4))
    }

    fn while_loop(&mut self, depth: usize) -> String {
        self.used = self.used.with(Feature::Whiles);
        let (counter, most) = self.counter();
        let label = self.label();
        let condition = match self.rng.below(4) {
            0 => format!("{counter} < {most}"),
            1 => format!("{counter} < {most} && ({})", self.condition(1)),
            _ => format!("{} && {counter} < {most}", self.active_condition()),
        };
        let count = format!("{counter} += 1;");
        let body = self.loop_body(OpenLoop::new(label.as_ref()), &count, depth);
        format!("let mut {counter} = 0_usize; {}while {condition} {body}", prefix(label.as_ref()))
    }

    fn endless(&mut self, depth: usize) -> String {
        self.used = self.used.with(Feature::Loops);
        let (counter, most) = self.counter();
        let label = self.label();
        let stop = match self.rng.below(3) {
            0 => format!("{counter} == {most}"),
            1 => format!("{counter} >= {most} || {}", self.active_condition()),
            _ => format!("{counter} >= {most}"),
        };
        let first = match self.rng.below(2) {
            0 => format!("if {stop} {{ break; }} {counter} += 1;"),
            _ => format!("{counter} += 1; if {stop} {{ break; }}"),
        };
        let body = self.loop_body(OpenLoop::new(label.as_ref()), &first, depth);
        format!("let mut {counter} = 0_usize; {}loop {body}", prefix(label.as_ref()))
    }

    /// `let y = loop { … break x; };`
    fn loop_with_value(&mut self, depth: usize) -> String {
        self.used = self.used.with(Feature::BreakValues);
        let (counter, most) = self.counter();
        let label = self.label();
        let ty = *self.rng.pick(&[Ty::Float, Ty::Float, Ty::Pair, Ty::Array]);
        let last = self.value(ty, 1);
        let first = format!("{counter} += 1; if {counter} > {most} {{ break {last}; }}");
        let open = OpenLoop { value: Some(ty), ..OpenLoop::new(label.as_ref()) };
        let body = self.loop_body(open, &first, depth);
        let name = self.let_name();
        self.declare(&name, ty, false);
        format!("let mut {counter} = 0_usize; let {name} = {}loop {body};", prefix(label.as_ref()))
    }

    /// `for x in &a`
    fn elements(&mut self, depth: usize) -> Option<String> {
        let of = self.sequence(|_| true)?;
        self.used = self.used.with(Feature::Elements);
        let label = self.label();
        let by_reference = matches!(of.ty, Ty::Array | Ty::Quad | Ty::Vec);
        let source = match self.rng.below(3) {
            0 if by_reference => format!("&{}", of.name),
            _ => format!("{}.iter()", of.name),
        };
        let source = self.rearranged(source);
        let numbered = self.features.has(Feature::Enumerations) && self.rng.chance(40);
        Some(self.reading(&of.name, |generator| {
            let (x, i) = (generator.new_name(), "i".to_owned());
            let (element, ty) = match generator.rng.below(3) {
                0 => (format!("&{x}"), Ty::Float),
                _ => (x.clone(), Ty::FloatRef),
            };
            generator.declare(&x, ty, false);
            let head = generator.numbered(numbered, (&element, &i), (source, of.ty.len()));
            let body = generator.loop_body(OpenLoop::new(label.as_ref()), "", depth);
            format!("{}for {head} {body}", prefix(label.as_ref()))
        }))
    }

    /// `for x in a.iter_mut()`
    fn elements_mut(&mut self, depth: usize) -> Option<String> {
        let of = self.sequence(|variable| variable.mutable)?;
        self.used = self.used.with(Feature::ElementsMut);
        let label = self.label();
        let by_reference = matches!(of.ty, Ty::Array | Ty::Quad | Ty::Vec);
        let source = match self.rng.below(3) {
            0 if by_reference => format!("&mut {}", of.name),
            _ => format!("{}.iter_mut()", of.name),
        };
        let source = self.rearranged(source);
        let numbered = self.features.has(Feature::Enumerations) && self.rng.chance(40);
        Some(self.borrowed(&of.name, |generator| {
            let (x, i) = (generator.new_name(), "i".to_owned());
            generator.declare(&x, Ty::FloatMut, true);
            let head = generator.numbered(numbered, (&x, &i), (source, of.ty.len()));
            let written = generator.write_through(&x);
            let body = generator.loop_body(OpenLoop::new(label.as_ref()), &written, depth);
            format!("{}for {head} {body}", prefix(label.as_ref()))
        }))
    }

    /// The elements in another order, where iterators may be stepped through.
    fn rearranged(&mut self, source: String) -> String {
        let is_call = source.ends_with("()");
        match self.rng.below(8) {
            0 if is_call && self.features.has(Feature::Steps) => format!("{source}.rev()"),
            _ => source,
        }
    }

    /// `(i, x) in a.iter().enumerate()`, or `x in a.iter()`.
    fn numbered(
        &mut self,
        numbered: bool,
        (element, index): (&str, &str),
        (source, len): (String, usize),
    ) -> String {
        if !numbered || source.starts_with('&') {
            return format!("{element} in {source}");
        }
        self.used = self.used.with(Feature::Enumerations);
        let variable = Variable { below: Some(len), ..Variable::new(index, Ty::Size, false) };
        self.variables.push(variable);
        format!("({index}, {element}) in {source}.enumerate()")
    }

    /// What an iteration does: something is carried to the next.
    fn loop_body(&mut self, open: OpenLoop, first: &str, depth: usize) -> String {
        self.loops.push(open);
        let body = self.scope(|generator| {
            let mut body = first.to_owned();
            let depth = depth.saturating_sub(1);
            if generator.rng.chance(35) {
                body.push_str(&generator.loop_statement(depth).unwrap_or_default());
            }
            for _ in 0..=generator.rng.below(2) {
                if generator.rng.chance(35) {
                    body.push_str(&generator.exit(depth).unwrap_or_default());
                }
                body.push_str(&generator.statement(depth));
            }
            let carried = generator.write(1).or_else(|| generator.assignment(1));
            body.push_str(&carried.unwrap_or_default());
            body
        });
        self.loops.pop();
        format!("{{ {body} }}")
    }

    /// A condition on a number that the loop is likely to change.
    fn active_condition(&mut self) -> String {
        let changing = self.visible(|variable| variable.ty == Ty::Float && variable.mutable);
        let name = if changing.is_empty() {
            self.float_atom()
        } else {
            self.rng.pick(&changing).name.clone()
        };
        let compare = *self.rng.pick(&["<", ">"]);
        format!("{name}.sin() {compare} {:?}", self.rng.float(-0.9, 0.9))
    }
}

fn prefix(label: Option<&String>) -> String {
    label.map_or(String::new(), |label| format!("{label}: "))
}
