//! Random programs in both modes and in second order, against differences.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]
#![allow(clippy::format_push_string, clippy::cast_possible_truncation, reason = "a generator")]

mod harness;

use proptest::prelude::*;

/// A program as the choices that its generator makes.
struct Choices<'c> {
    left: std::slice::Iter<'c, u32>,
    fresh: usize,
}

impl Choices<'_> {
    fn next(&mut self, of: usize) -> usize {
        *self.left.next().unwrap_or(&0) as usize % of
    }

    fn pick(&mut self, from: &[String]) -> String {
        let at = self.next(from.len());
        from[at].clone()
    }

    fn name(&mut self) -> String {
        self.fresh += 1;
        format!("v{}", self.fresh)
    }

    /// An expression that stays tame: every value is kept in reach of 1.
    fn expr(&mut self, vars: &[String], depth: usize) -> String {
        if depth == 0 {
            return if self.next(8) == 0 { "0.75".to_owned() } else { self.pick(vars) };
        }
        let (a, b) = (self.expr(vars, depth - 1), self.expr(vars, depth - 1));
        match self.next(14) {
            0 | 1 => format!("({a} * {b})"),
            2 => format!("({a} + {b})"),
            3 => format!("({a} - {b})"),
            4 => format!("({a} / (2.0 + {b} * {b}))"),
            5 => format!("({a}).sin()"),
            6 => format!("(0.5 * {a}).cos()"),
            7 => format!("({a}).tanh()"),
            8 => format!("(1.5 + ({b}).sin()).sqrt()"),
            9 => format!("({a}).powi(2)"),
            10 => format!("-({a} * 0.5)"),
            11 => format!("(1.5 + ({a}).cos()).ln()"),
            12 => format!("square({a})"),
            _ => format!("w[{}]", ["0", "1", "i", "i + 1"][self.next(4)]),
        }
    }

    fn block(&mut self, vars: &mut Vec<String>, mutable: &[String], depth: usize) -> String {
        let mut text = String::new();
        for _ in 0..=self.next(3) {
            match self.next(if depth == 0 { 3 } else { 6 }) {
                0 | 1 => {
                    let (name, value) = (self.name(), self.expr(vars, 2));
                    text += &format!("let {name} = {value};\n");
                    vars.push(name);
                }
                2 => {
                    let (target, value) = (self.pick(mutable), self.expr(vars, 1));
                    let op = ["=", "+=", "-="][self.next(3)];
                    text += &format!("{target} {op} ({value}).sin();\n");
                }
                3 => {
                    let (a, b) = (self.expr(vars, 1), self.expr(vars, 1));
                    let pair = self.name();
                    text += &format!("let {pair} = ({a}, {b});\n");
                    vars.extend([format!("{pair}.0"), format!("{pair}.1")]);
                }
                4 => {
                    let condition = format!("{} > 0.31", self.pick(vars));
                    let yes = self.arm(vars, mutable, depth);
                    let no = self.arm(vars, mutable, depth);
                    text += &format!("if {condition} {{ {} }} else {{ {} }}\n", yes.0, no.0);
                }
                _ => {
                    let condition = format!("{} > 0.17", self.pick(vars));
                    let (yes, no) =
                        (self.arm(vars, mutable, depth), self.arm(vars, mutable, depth));
                    let name = self.name();
                    text += &format!(
                        "let {name} = if {condition} {{ {} {} }} else {{ {} {} }};\n",
                        yes.0, yes.1, no.0, no.1
                    );
                    vars.push(name);
                }
            }
        }
        text
    }

    fn arm(&mut self, vars: &[String], mutable: &[String], depth: usize) -> (String, String) {
        let mut inner = vars.to_vec();
        let text = self.block(&mut inner, mutable, depth - 1);
        let value = self.expr(&inner, 1);
        (text, value)
    }
}

fn program(choices: &[u32]) -> String {
    let mut choices = Choices { left: choices.iter(), fresh: 0 };
    let mutable = vec!["a".to_owned(), "b".to_owned()];
    let mut vars: Vec<String> = ["x", "y", "a", "b"].map(str::to_owned).to_vec();
    let body = choices.block(&mut vars, &mutable, 3);
    let rest = choices.block(&mut vars, &mutable, 2);
    let result = choices.expr(&vars, 2);
    format!(
        "fn f(x: f64, y: f64, w: &[f64], i: usize) -> f64 {{
            let mut a = x * 0.5; let mut b = y;\n{body}{rest} {result} + a * b }}"
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn random_programs(choices in prop::collection::vec(any::<u32>(), 150)) {
        let source = program(&choices);
        harness::check_smooth(&source, &[0.637, -0.431, 0.3, 0.8, -0.6, 0.45, 1.0]);
    }
}

#[test]
fn the_generator_makes_programs() {
    harness::check_smooth(
        &program(&[3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3]),
        &[0.637, -0.431, 0.3],
    );
}
