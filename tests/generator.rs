//! Random Rust functions, each printed twice: over `f64`, annotated, and over dual numbers.
//!
//! A literal is written between `«»` and the float type as `§`, so that one text serves both.
#![allow(
    clippy::indexing_slicing,
    clippy::match_same_arms,
    clippy::doc_markdown,
    reason = "a generator: positions are drawn below the length, weights are repeated arms"
)]

use std::fmt::Write as _;

/// A module with `count` programs and the table of them.
pub(crate) fn programs(seed: u64, count: usize) -> String {
    let mut text = String::new();
    let mut table = String::new();
    for number in 0..count {
        let mut program = Program::new(seed.wrapping_mul(1_000_003).wrapping_add(number as u64));
        let (helper, body) = (program.helper(number), program.body());
        let parameters = "x: §, mut y: §, n: i32, v: &[§; 3], p: (§, §)";
        let parameters = if [" = ", " += ", " -= ", " *= "].iter().any(|op| {
            body.contains(&format!("\ny{op}"))
                || body.starts_with(&format!("y{op}"))
                || body.contains(&format!("{{ y{op}"))
        }) {
            parameters.to_owned()
        } else {
            parameters.replace("mut y", "y")
        };
        let function = format!("pub fn p{number}({parameters}) -> § {{\n{body}}}\n");
        let (primal, dual) = (plain(&function), dual(&function));
        let annotated = if number % 4 == 3 {
            format!(
                "macro_rules! m{number} {{ ($x:ident) => {{ #[grad(jvp)] {} }} }}\nm{number}!(x);\n",
                primal.replace("(x: f64", "($x: f64").replace("=x=", "$x")
            )
        } else {
            format!("#[grad(jvp)]\n{primal}")
        };
        let annotated = annotated.replace("=x=", "x");
        let dual = dual.replace("=x=", "x");
        let _ = write!(
            text,
            "pub mod program_{number} {{ use super::*;\n#[grad]\n{}{annotated}\
             pub mod dual {{ use super::super::*;\n{}{dual}}} }}\n",
            plain(&helper),
            self::dual(&helper),
        );
        let _ = writeln!(
            table,
            "({number}, program_{number}::p{number}, program_{number}::p{number}_grad, \
             program_{number}::p{number}_value_and_grad, program_{number}::p{number}_jvp, \
             program_{number}::dual::p{number}),"
        );
    }
    format!("{text}\npub const PROGRAMS: [Entry; {count}] = [{table}];\n")
}

pub(crate) fn plain(text: &str) -> String {
    text.replace('«', "").replace('»', "_f64").replace('§', "f64")
}

pub(crate) fn dual(text: &str) -> String {
    text.replace('«', "Dual::constant(").replace('»', ")").replace('§', "Dual")
}

/// SplitMix64.
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap_or(0)
    }
}

struct Program {
    rng: Rng,
    /// Float variables in scope; the second is whether they are `mut`.
    floats: Vec<(String, bool)>,
    next: usize,
    helper: String,
}

impl Program {
    fn new(seed: u64) -> Self {
        let mut program =
            Self { rng: Rng(seed), floats: Vec::new(), next: 0, helper: String::new() };
        program.rng.below(2);
        program
    }

    fn helper(&mut self, number: usize) -> String {
        self.floats = vec![("a".to_owned(), false), ("b".to_owned(), false)];
        let value = self.expr(2, false);
        self.helper = format!("h{number}");
        format!("pub fn h{number}(a: §, b: §) -> § {{ {value} + a * b }}\n")
    }

    fn body(&mut self) -> String {
        let fixed = [("=x=", false), ("y", true), ("p.0", false), ("p.1", false)];
        self.floats = fixed.iter().map(|(name, mutable)| ((*name).to_owned(), *mutable)).collect();
        let mut text = String::new();
        for _ in 0..3 + self.rng.below(5) {
            text += &self.stmt(2);
        }
        let value = self.expr(3, true);
        text + &value + "\n"
    }

    fn fresh(&mut self) -> String {
        self.next += 1;
        // Some names shadow, some look like the compiler's own.
        match self.rng.below(12) {
            0 => "x_bar".to_owned(),
            1 => "value".to_owned(),
            2 => "t0".to_owned(),
            _ => format!("u{}", self.next),
        }
    }

    fn stmt(&mut self, depth: usize) -> String {
        match self.rng.below(12) {
            0..=3 => self.let_stmt(depth),
            4 | 5 => self.assignment(depth),
            6 => {
                let (a, b) = (self.expr(depth, true), self.expr(depth, true));
                let (m, n) = (self.fresh(), format!("w{}", self.next));
                self.floats.push((m.clone(), false));
                self.floats.push((n.clone(), false));
                format!("let ({m}, {n}) = ({a}, {b});\n")
            }
            7 => {
                let (a, b) = (self.expr(depth, true), self.expr(depth, true));
                self.next += 1;
                let name = format!("r{}", self.next);
                self.floats.push((format!("{name}[0]"), false));
                self.floats.push((format!("{name}[1]"), false));
                format!("let {name} = [{a}, {b}];\n")
            }
            8 if depth > 0 => self.if_stmt(depth),
            9 => format!("tick({});\n", self.rng.below(100)),
            10 => {
                let value = self.expr(1, true);
                self.next += 1;
                let name = format!("late{}", self.next);
                let condition = self.condition();
                let other = self.expr(1, true);
                self.floats.push((name.clone(), false));
                format!(
                    "let {name};\nif {condition} {{ {name} = {value}; }} else {{ {name} = {other}; }}\n"
                )
            }
            _ => self.let_stmt(depth),
        }
    }

    fn let_stmt(&mut self, depth: usize) -> String {
        let value = self.expr(depth, true);
        let name = self.fresh();
        let mutable = self.rng.below(3) == 0 && name.starts_with('u');
        self.floats.push((name.clone(), mutable));
        if mutable {
            let more = self.expr(1, true);
            return format!("let mut {name} = {value};\n{name} += {more};\n");
        }
        format!("let {name} = {value};\n")
    }

    fn assignment(&mut self, depth: usize) -> String {
        let targets: Vec<String> = self
            .floats
            .iter()
            .filter(|(_, mutable)| *mutable)
            .map(|(name, _)| name.clone())
            .collect();
        let target = targets[self.rng.below(targets.len())].clone();
        let value = self.expr(depth, true);
        let operator = ["=", "+=", "-=", "*="][self.rng.below(4)];
        if operator == "*=" {
            return format!("{target} *= ({value}).tanh();\n");
        }
        format!("{target} {operator} {value};\n")
    }

    fn if_stmt(&mut self, depth: usize) -> String {
        let condition = self.condition();
        let kept = self.floats.len();
        let mut yes = self.assignment(depth - 1);
        yes += &self.stmt(depth - 1);
        self.floats.truncate(kept);
        let no = self.assignment(depth - 1);
        self.floats.truncate(kept);
        match self.rng.below(3) {
            0 => format!("if {condition} {{\n{yes}}}\n"),
            1 => format!("if {condition} {{\n{yes}}} else {{\n{no}}}\n"),
            _ => {
                let second = self.condition();
                format!("if {condition} {{\n{yes}}} else if {second} {{\n{no}}}\n")
            }
        }
    }

    fn condition(&mut self) -> String {
        let name = self.name();
        let bound = self.literal();
        match self.rng.below(5) {
            0 => "n == 1".to_owned(),
            1 => format!("{name} > {bound} && n < 3"),
            2 => format!("tick(n) > 1 || {name} < {bound}"),
            _ => format!("{name} > {bound}"),
        }
    }

    fn literal(&mut self) -> String {
        let tenths = 1 + self.rng.below(19);
        format!("«{}.{}»", tenths / 10, tenths % 10)
    }

    fn name(&mut self) -> String {
        self.floats[self.rng.below(self.floats.len())].0.clone()
    }

    fn leaf(&mut self, in_body: bool) -> String {
        match self.rng.below(8) {
            0 => self.literal(),
            1 if in_body => format!("v[{}]", self.rng.below(3)),
            2 if in_body => "v[pick(n)]".to_owned(),
            _ => self.name(),
        }
    }

    fn expr(&mut self, depth: usize, in_body: bool) -> String {
        if depth == 0 {
            return self.leaf(in_body);
        }
        let next = depth - 1;
        match self.rng.below(if in_body { 20 } else { 12 }) {
            0 | 1 => format!("({} + {})", self.expr(next, in_body), self.expr(next, in_body)),
            2 => format!("({} - {})", self.expr(next, in_body), self.expr(next, in_body)),
            3 | 4 => format!("{} * {}", self.factor(next, in_body), self.factor(next, in_body)),
            5 => {
                let (a, b) = (self.factor(next, in_body), self.factor(next, in_body));
                format!("{a} / ({b} * {b} + {})", self.literal())
            }
            6 | 7 => self.method(next, in_body),
            8 => format!("-{}", self.factor(next, in_body)),
            9 => format!("({}).max({})", self.expr(next, in_body), self.expr(next, in_body)),
            10 => {
                let inner = self.expr(next, in_body);
                format!("(({inner}).sin() + «2.0»).powf({})", self.literal())
            }
            11 => self.leaf(in_body),
            12 | 13 => format!(
                "(if {} {{ {} }} else {{ {} }})",
                self.condition(),
                self.expr(next, in_body),
                self.expr(next, in_body)
            ),
            14 => self.block(next),
            15 => format!(
                "(match n {{ 0 => {}, 1 | 2 => {}, k if k > 5 => {}, _ => {} }})",
                self.expr(next, true),
                self.expr(next, true),
                self.expr(next, true),
                self.expr(next, true)
            ),
            16 => self.closure(next),
            17 | 18 => {
                let helper = self.helper.clone();
                format!("{helper}({}, {})", self.expr(next, true), self.expr(next, true))
            }
            _ => format!(
                "({}).mul_add({}, {})",
                self.expr(next, true),
                self.leaf(true),
                self.leaf(true)
            ),
        }
    }

    fn factor(&mut self, depth: usize, in_body: bool) -> String {
        format!("({})", self.expr(depth, in_body))
    }

    fn block(&mut self, depth: usize) -> String {
        let kept = self.floats.len();
        let inside = self.let_stmt(depth);
        let value = self.expr(depth, true);
        self.floats.truncate(kept);
        format!("({{ {inside} {value} }})")
    }

    fn closure(&mut self, depth: usize) -> String {
        let argument = self.expr(depth, true);
        self.next += 1;
        let name = format!("q{}", self.next);
        self.floats.push((name.clone(), false));
        let body = self.expr(depth, true);
        self.floats.retain(|(known, _)| *known != name);
        format!("(|{name}: §| {body} * {name})({argument})")
    }

    fn method(&mut self, depth: usize, in_body: bool) -> String {
        let inner = self.expr(depth, in_body);
        match self.rng.below(8) {
            0 => format!("({inner}).sin()"),
            1 => format!("({inner}).cos()"),
            2 => format!("({inner}).tanh()"),
            3 => format!("(({inner}).sin()).exp()"),
            4 => format!("(({inner}).cos() + «1.5»).sqrt()"),
            5 => format!("(({inner}).sin() + «2.5»).ln()"),
            6 => format!("({inner}).atan()"),
            _ => format!("(({inner}).tanh()).powi({})", 2 + self.rng.below(3)),
        }
    }
}
