//! Random Rust functions with loops, exits and memory, each printed twice: over `f64`, annotated, and
//! over dual numbers. The notation is that of `generator.rs`.
#![allow(clippy::indexing_slicing, reason = "a generator: positions are drawn below the length")]

use std::fmt::Write as _;

use crate::generator::{Rng, dual, plain};

/// A module with `count` programs and the table of them.
pub(crate) fn programs(seed: u64, count: usize) -> String {
    let (mut text, mut table) = (String::new(), String::new());
    for number in 0..count {
        let seed = seed.wrapping_mul(7_000_003).wrapping_add(number as u64);
        let body = Program { rng: Rng(seed), loops: Vec::new(), depth: 0, names: 0 }.body();
        let function = format!(
            "pub fn q{number}(x: §, y: §, n: usize, v: &[§], w: &mut [§; 4]) -> § {{\n{body}}}\n"
        );
        let (primal, dual) = (plain(&function), dual(&function));
        let _ = write!(
            text,
            "pub mod loop_{number} {{ use super::*; use super::super::plain::*;\n#[grad(jvp)]\n{primal}\
             pub mod dual {{ use super::super::*; use super::super::super::dual::*;\n{dual}}} }}\n"
        );
        let _ = writeln!(
            table,
            "({number}, loop_{number}::q{number}, loop_{number}::q{number}_value_and_grad, \
             loop_{number}::q{number}_jvp, loop_{number}::dual::q{number}),"
        );
    }
    format!("{text}\npub const PROGRAMS: [Entry; {count}] = [{table}];\n")
}

struct Program {
    rng: Rng,
    /// The labels and index variables of the open loops; a `while` has no index.
    loops: Vec<(usize, bool)>,
    depth: usize,
    names: usize,
}

impl Program {
    fn body(&mut self) -> String {
        let statements = self.block(7);
        format!(
            "let (mut s0, mut s1, mut s2) = (x, y, «0.4»);\nlet mut a = [v[0], v[1], x * y, «0.3»];\n\
             let mut k = n;\n{statements}\
             s0 + s1 * s2 + a[0] * a[1] - a[2] * w[3] + (w[0] * w[1]).sin() + w[2] * a[3]\n"
        )
    }

    fn block(&mut self, most: usize) -> String {
        self.depth += 1;
        let count = 1 + self.rng.below(most);
        let text = (0..count).map(|_| self.statement()).collect();
        self.depth -= 1;
        text
    }

    fn statement(&mut self) -> String {
        match self.rng.below(if self.depth < 4 { 22 } else { 12 }) {
            0 => format!("{} = {};\n", self.place(), self.bounded()),
            1 => format!("{} += {};\n", self.place(), self.bounded()),
            2 => format!("{} -= {};\n", self.place(), self.bounded()),
            3 => format!("{} *= {};\n", self.place(), self.bounded()),
            4 => "k = (k * 3 + 1) % 7;\n".to_owned(),
            5 => format!("a.swap({}, {});\n", self.index(), self.index()),
            6 => "(s0, s1) = (s1, s0);\n".to_owned(),
            7 => self.part(),
            8 => self.elements(),
            9 => {
                self.names += 1;
                format!("tick({});\n", self.names)
            }
            10 => {
                let (name, by, at) = (self.fresh(), self.bounded(), self.index());
                format!("let g{name} = {by};\nnudge(&mut a[{at}], g{name});\n")
            }
            12 | 13 => {
                let (then, otherwise) = (self.block(3), self.block(2));
                format!("if {} {{\n{then}}} else {{\n{otherwise}}}\n", self.condition())
            }
            14..=17 => self.counted(),
            18 | 19 => self.conditional(),
            20 => {
                format!("spread(&a, s2, w);\nlet t{0} = s0;\ns1 += t{0} * «0.1»;\n", self.fresh())
            }
            _ => self.exit(),
        }
    }

    fn fresh(&mut self) -> usize {
        self.names += 1;
        self.names
    }

    fn counted(&mut self) -> String {
        let label = self.fresh();
        let (lo, hi) = (self.rng.below(3), self.rng.below(6));
        let range = match self.rng.below(5) {
            0 => format!("({lo}..{hi}).rev()"),
            1 => format!("{lo}..={hi}"),
            2 => format!("({lo}..{hi}).step_by(2)"),
            3 => format!("{lo}..n % 5"),
            _ => format!("{lo}..{hi}"),
        };
        self.loops.push((label, true));
        let body = self.block(4);
        self.loops.pop();
        format!("'l{label}: for i{label} in {range} {{\n{body}}}\n")
    }

    fn conditional(&mut self) -> String {
        let label = self.fresh();
        self.loops.push((label, false));
        let condition = self.condition();
        let body = self.block(4);
        self.loops.pop();
        let step = format!("c{label} += 1;\n");
        let start = format!("let mut c{label} = 0;\n");
        if self.rng.below(2) == 0 {
            format!("{start}'l{label}: while c{label} < 4 && {condition} {{\n{step}{body}}}\n")
        } else {
            format!("{start}'l{label}: loop {{\n{step}if c{label} > 3 {{ break; }}\n{body}}}\n")
        }
    }

    fn exit(&mut self) -> String {
        let condition = self.condition();
        let exit = match (self.loops.as_slice(), self.rng.below(5)) {
            ([], _) | (_, 0) => format!("return {}", self.bounded()),
            (loops, kind) => {
                let (label, _) = loops[self.rng.below(loops.len())];
                if kind < 3 { format!("break 'l{label}") } else { format!("continue 'l{label}") }
            }
        };
        format!("if {condition} {{ {exit}; }}\n")
    }

    /// A part that is borrowed.
    fn part(&mut self) -> String {
        let (name, value) = (self.fresh(), self.bounded());
        let lo = self.rng.below(3);
        format!(
            "{{ let row{name} = &mut a[{lo}..{lo} + 2];\nrow{name}[0] *= «0.6» + row{name}[1] * «0.2»;\n\
             row{name}[1] += (row{name}[0] * {}).tanh(); }}\n",
            if value.contains('a') { "s2".to_owned() } else { value }
        )
    }

    fn elements(&mut self) -> String {
        let name = self.fresh();
        match self.rng.below(4) {
            0 => format!("for t{name} in a.iter_mut() {{ *t{name} = (*t{name} * s1).sin(); }}\n"),
            1 => format!("for t{name} in &a {{ s2 = (s2 + *t{name} * «0.5»).tanh(); }}\n"),
            2 => format!(
                "for (j{name}, t{name}) in a.iter().enumerate() {{ \
                 if j{name} != k % 4 {{ s1 += (*t{name} * s0).sin(); }} }}\n"
            ),
            _ => format!(
                "for (t{name}, u{name}) in w.iter_mut().zip(v) {{ *t{name} += *u{name} * s0.sin(); }}\n"
            ),
        }
    }

    fn index(&mut self) -> String {
        let counted: Vec<usize> =
            self.loops.iter().filter(|(_, counted)| *counted).map(|(label, _)| *label).collect();
        match (self.rng.below(4), counted.as_slice()) {
            (0, _) => "k % 4".to_owned(),
            (1, [.., label]) => format!("i{label} % 4"),
            (2, [label, ..]) => format!("(i{label} + k) % 4"),
            _ => self.rng.below(4).to_string(),
        }
    }

    fn place(&mut self) -> String {
        match self.rng.below(6) {
            0..=2 => format!("s{}", self.rng.below(3)),
            3 => format!("w[{}]", self.index()),
            _ => format!("a[{}]", self.index()),
        }
    }

    fn read(&mut self) -> String {
        match self.rng.below(8) {
            0 => "x".to_owned(),
            1 => format!("v[{}]", self.index()),
            _ => self.place(),
        }
    }

    /// An expression whose value is of the size of one, whatever it is made of.
    fn bounded(&mut self) -> String {
        let (a, b) = (self.read(), self.read());
        match self.rng.below(7) {
            0 => format!("({a} * {b}).tanh()"),
            1 => format!("({a} + {b}).sin()"),
            2 => format!("({a} * «0.5» - {b}).cos()"),
            3 => format!("{a}.tanh() / ({b} * {b} + «1.5»)"),
            4 => format!("{a}.sin() * {b}.tanh()"),
            5 => format!("(-{a} * {a}).exp()"),
            _ => "«0.7»".to_owned(),
        }
    }

    fn condition(&mut self) -> String {
        let sign = if self.rng.below(2) == 0 { '<' } else { '>' };
        let at = ["«0.137»", "«-0.411»", "«0.623»"][self.rng.below(3)];
        format!("{} {sign} {at}", self.read())
    }
}
