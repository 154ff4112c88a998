//! Random Rust functions full of jumps.
#![allow(clippy::indexing_slicing, reason = "a generator: positions are drawn below the length")]

use std::fmt::Write as _;

/// `count` functions `e0`, `e1`, … of one signature.
pub(crate) fn functions(seed: u64, count: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        let mut program = Program::new(seed.wrapping_mul(7_368_787).wrapping_add(number as u64));
        if number % 5 == 4 {
            program.frames.push(Frame { exit: Exit::Function, label: String::new() });
            let body = program.list(3);
            let _ = write!(
                text,
                "fn u{number}(x: f64, n: i32, v: &[f64; 3], out: &mut f64) {{\n\
                 let (mut a, mut b) = (x, 0.5_f64);\n{body}*out += a + b;\n}}\n\
                 pub fn e{number}(x: f64, n: i32, v: &[f64; 3]) -> f64 {{\n\
                 let mut out = 1.0;\nu{number}(x, n, v, &mut out);\nout\n}}\n"
            );
        } else {
            program.frames.push(Frame { exit: Exit::ValueFunction, label: String::new() });
            let body = program.list(3);
            let value = program.value(2);
            let _ = write!(
                text,
                "pub fn e{number}(x: f64, n: i32, v: &[f64; 3]) -> f64 {{\n\
                 let (mut a, mut b) = (x, 0.5_f64);\n{body}{value}\n}}\n"
            );
        }
    }
    text
}

#[derive(Clone, Copy, PartialEq)]
enum Exit {
    Function,
    ValueFunction,
    Loop,
    ValueLoop,
    Block,
    ValueBlock,
}

/// Something that a jump can lead to.
#[derive(Clone)]
struct Frame {
    exit: Exit,
    label: String,
}

struct Program {
    state: u64,
    frames: Vec<Frame>,
    next: usize,
    /// How much more is written: nesting alone does not bound it.
    budget: usize,
}

impl Program {
    fn new(seed: u64) -> Self {
        let mut program = Self { state: seed, frames: Vec::new(), next: 0, budget: 60 };
        program.below(2);
        program
    }

    /// `SplitMix64`.
    fn below(&mut self, n: usize) -> usize {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap_or(0)
    }

    fn number(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }

    /// Statements; what they declare stays visible to the rest of the list only.
    fn list(&mut self, depth: usize) -> String {
        let count = 1 + self.below(4);
        let mut text = String::new();
        for _ in 0..count {
            text += &self.stmt(depth);
        }
        if self.below(9) == 0 {
            let _ = writeln!(text, "{};", self.jump(depth.min(1)));
        }
        text
    }

    fn stmt(&mut self, depth: usize) -> String {
        self.budget = self.budget.saturating_sub(1);
        if depth == 0 || self.budget == 0 {
            return self.plain();
        }
        match self.below(16) {
            0 => self.plain(),
            1..=3 => {
                let (condition, jump) = (self.condition(), self.jump(depth - 1));
                let before = if self.below(3) == 0 { self.plain() } else { String::new() };
                format!("if {condition} {{ {before}{jump}; }}\n")
            }
            4 => self.branches(depth),
            5 => self.choice(depth),
            6 => {
                let (name, value) = (self.name(), self.value(depth - 1));
                format!("let mut {name}: f64 = {value};\n")
            }
            7 => {
                let name = self.pick(&["a", "b"]);
                // What follows an operator must have a type, so one arm has to be a number.
                match self.pick(&["=", "+=", "-="]) {
                    "=" => format!("{name} = {};\n", self.value(depth - 1)),
                    operator => format!("{name} {operator} {};\n", self.partial(depth)),
                }
            }
            8..=10 => self.unit_loop(depth),
            11 => {
                let label = format!("'l{}", self.number());
                let body = self.within(Exit::Block, &label, depth - 1);
                format!("{label}: {{\n{body}}}\n")
            }
            12 => {
                let (name, value) = (self.name(), self.expr());
                let jump = self.jump(depth - 1);
                let note = self.plain();
                format!("let Some(mut {name}) = maybe({value}) else {{ {note}{jump}; }};\n")
            }
            13 => {
                let (name, value) = (self.name(), self.expr());
                let (yes, no) = (self.list(depth - 1), self.list(depth - 1));
                format!("if let Some(mut {name}) = maybe({value}) {{\n{yes}}} else {{\n{no}}}\n")
            }
            14 => self.closure(depth),
            _ => format!("{{\n{}}}\n", self.list(depth - 1)),
        }
    }

    fn plain(&mut self) -> String {
        match self.below(5) {
            0 => format!("tick({});\n", self.below(100)),
            1 => format!("let mut {} = {};\n", self.name(), self.expr()),
            2 => format!("let _h{} = held({});\n", self.number(), self.below(100)),
            _ => {
                let (name, value) = (self.pick(&["a", "b"]), self.expr());
                format!("{name} {} {value};\n", self.pick(&["=", "+=", "-="]))
            }
        }
    }

    /// Few names, so that they hide each other.
    fn name(&mut self) -> &'static str {
        self.pick(&["a", "b", "w", "exit", "returned"])
    }

    fn expr(&mut self) -> String {
        match self.below(6) {
            0 => format!("{}.{}_f64", self.below(3), self.below(10)),
            1 => format!("v[{}]", self.below(3)),
            2 => "noise(a)".to_owned(),
            3 => "(a - b) * 0.5".to_owned(),
            _ => self.pick(&["a", "b", "x"]).to_owned(),
        }
    }

    fn condition(&mut self) -> String {
        let bound = self.below(20);
        match self.below(4) {
            0 => format!("tick(n) == {}", self.below(4)),
            1 => format!("n > {} || {} > 0.3", self.below(4), self.expr()),
            _ => format!("{} < {}.{}", self.expr(), bound / 10, bound % 10),
        }
    }

    fn branches(&mut self, depth: usize) -> String {
        let condition = self.condition();
        let yes = self.list(depth - 1);
        match self.below(3) {
            0 => format!("if {condition} {{\n{yes}}}\n"),
            1 => format!("if {condition} {{\n{yes}}} else {{\n{}}}\n", self.list(depth - 1)),
            _ => {
                let (second, no) = (self.condition(), self.list(depth - 1));
                format!("if {condition} {{\n{yes}}} else if {second} {{\n{no}}}\n")
            }
        }
    }

    fn choice(&mut self, depth: usize) -> String {
        let mut arms = String::new();
        for at in 0..2 {
            let body = match self.below(3) {
                0 => format!("{},", self.jump(depth - 1)),
                1 => format!("tick({at}),").replace("tick", "note"),
                _ => format!("{{\n{}}}", self.list(depth - 1)),
            };
            let guard = if self.below(3) == 0 {
                format!(" if {}", self.condition())
            } else {
                String::new()
            };
            let _ = writeln!(arms, "{at}{guard} => {body}");
        }
        let last = match self.below(3) {
            0 => self.jump(depth - 1),
            1 => "()".to_owned(),
            _ => format!("{{ {} }}", self.plain()),
        };
        format!("match n {{\n{arms}_ => {last},\n}}{}\n", self.pick(&["", ";"]))
    }

    fn within(&mut self, exit: Exit, label: &str, depth: usize) -> String {
        self.frames.push(Frame { exit, label: label.to_owned() });
        let body = self.list(depth);
        self.frames.pop();
        body
    }

    fn unit_loop(&mut self, depth: usize) -> String {
        let number = self.number();
        let label = if self.below(2) == 0 { format!("'l{number}") } else { String::new() };
        let body = self.within(Exit::Loop, &label, depth - 1);
        let label = if label.is_empty() { label } else { format!("{label}: ") };
        let count = format!("c{number}");
        match self.below(4) {
            0 | 1 => format!("{label}for i in 0..{} {{\ntick(i);\n{body}}}\n", 1 + self.below(4)),
            2 => {
                let condition = self.condition();
                format!(
                    "let mut {count} = 0;\n{label}while {{ {count} += 1; {count} < 5 }} && \
                     ({condition}) {{\n{body}}}\n"
                )
            }
            _ => format!(
                "let mut {count} = 0;\n{label}loop {{\n{count} += 1;\n\
                 if {count} > 4 {{ break; }}\n{body}}}\n"
            ),
        }
    }

    fn closure(&mut self, depth: usize) -> String {
        let frame = Frame { exit: Exit::ValueFunction, label: String::new() };
        let outer = std::mem::replace(&mut self.frames, vec![frame]);
        let (body, value) = (self.list(depth - 1), self.value(depth - 1));
        self.frames = outer;
        let (name, argument) = (format!("f{}", self.number()), self.expr());
        let output = self.pick(&["", "-> f64"]);
        format!(
            "let {name} = |a: f64| {output} {{ let (mut a, mut b) = (a, 1.5_f64);\n\
             if a > 9.0 {{ return 0.25; }}\n{body}{value} }};\nb -= {name}({argument});\n"
        )
    }

    /// A jump to one of the levels around, without semicolon.
    fn jump(&mut self, depth: usize) -> String {
        let inner = self
            .frames
            .iter()
            .rposition(|frame| matches!(frame.exit, Exit::Loop | Exit::ValueLoop));
        let at = match inner {
            Some(inner) if self.below(2) == 0 => inner,
            _ => self.below(self.frames.len()),
        };
        let frame = self.frames[at].clone();
        let loops = matches!(frame.exit, Exit::Loop | Exit::ValueLoop);
        // Through a labelled block a jump needs a label too.
        let blocks = |frame: &Frame| matches!(frame.exit, Exit::Block | Exit::ValueBlock);
        let nearest = inner == Some(at) && !self.frames[at..].iter().any(blocks);
        if loops && frame.label.is_empty() && !nearest {
            return self.jump(depth);
        }
        let label = match (loops, frame.label.as_str()) {
            (_, "") => String::new(),
            (true, _) if nearest && self.below(2) == 0 => String::new(),
            (_, label) => format!(" {label}"),
        };
        match frame.exit {
            Exit::Function => "return".to_owned(),
            Exit::ValueFunction => format!("return {}", self.value(depth)),
            Exit::Loop | Exit::ValueLoop if self.below(2) == 0 => format!("continue{label}"),
            Exit::Loop | Exit::Block => format!("break{label}"),
            // A block directly behind a label, or a label behind `break`, is easy to misread.
            Exit::ValueLoop | Exit::ValueBlock => {
                let value = self.value(depth);
                let quoted = value.starts_with(['\'', '{']);
                if quoted {
                    format!("break{label} ({value})")
                } else {
                    format!("break{label} {value}")
                }
            }
        }
    }

    /// An expression of type `f64`, in which there may be jumps.
    fn value(&mut self, depth: usize) -> String {
        self.budget = self.budget.saturating_sub(1);
        if depth == 0 || self.budget == 0 {
            return self.expr();
        }
        match self.below(10) {
            0 => self.partial(depth),
            1 => {
                let (scrutinee, name) = (self.expr(), self.name());
                let (yes, no) = (self.expr(), self.jump(depth - 1));
                format!(
                    "match maybe({scrutinee}) {{\nSome({name}) => {yes} + {name},\nNone => {no},\n}}"
                )
            }
            2 | 3 => {
                let (condition, yes, no) = (self.condition(), self.way(depth), self.way(depth));
                format!("if {condition} {{ {yes} }} else {{ {no} }}")
            }
            4 => format!("{{\n{}{}\n}}", self.list(depth - 1), self.value(depth - 1)),
            5 => {
                let label = format!("'l{}", self.number());
                self.frames.push(Frame { exit: Exit::ValueBlock, label: label.clone() });
                let (body, value) = (self.list(depth - 1), self.value(depth - 1));
                self.frames.pop();
                format!("{label}: {{\nif x > 7.0 {{ break {label} 3.5; }}\n{body}{value}\n}}")
            }
            6 => self.value_loop(depth),
            7 => format!("({})", self.value(depth - 1)),
            _ => self.expr(),
        }
    }

    /// A `match` whose last arm has a value.
    fn partial(&mut self, depth: usize) -> String {
        let (first, second) = (self.way(depth), self.way(depth));
        let value = self.expr();
        let extra = self.pick(&["1 => v[1],\n", "1 => a,\n", ""]);
        format!("match n {{\n0 => {first},\n{extra}2 => {second},\n_ => {value},\n}}")
    }

    fn value_loop(&mut self, depth: usize) -> String {
        let number = self.number();
        let label = if self.below(2) == 0 { format!("'l{number}") } else { String::new() };
        let first = self.expr();
        let body = self.within(Exit::ValueLoop, &label, depth - 1);
        let label = if label.is_empty() { label } else { format!("{label}: ") };
        format!(
            "{{ let mut c{number} = 0;\n{label}loop {{\nc{number} += 1;\n\
             if c{number} > 3 {{ break {first}; }}\n{body}}} }}"
        )
    }

    /// A value, or a jump instead.
    fn way(&mut self, depth: usize) -> String {
        match self.below(3) {
            0 => self.jump(depth - 1),
            1 => self.value(depth - 1),
            _ => self.expr(),
        }
    }
}
