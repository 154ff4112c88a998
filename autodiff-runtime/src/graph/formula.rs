//! Formulas over the operands of a node: values, partials and conditions.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// A formula over the operands of a node and its own value.
///
/// Its [`Display`](fmt::Display) form calls the operands `a`, `b`, `c`, …, the value `y`, and is
/// what [`parse`](Self::parse) reads.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// A number.
    Number(f64),
    /// An operand of the node.
    Operand(usize),
    /// The value of the node itself.
    Value,
    /// A function by its name in the rule table; conditions are `lt`, `le`, `eq`, `and`, `or`,
    /// `not`, and `when(condition, yes, no)` chooses.
    Call(String, Vec<Formula>),
}

/// Operators with their precedence, which is that of Rust.
pub(super) const OPERATORS: [(&str, &str, u8); 10] = [
    ("or", "||", 1),
    ("and", "&&", 2),
    ("lt", "<", 3),
    ("le", "<=", 3),
    ("eq", "==", 3),
    ("add", "+", 4),
    ("sub", "-", 4),
    ("mul", "*", 5),
    ("div", "/", 5),
    ("rem", "%", 5),
];
/// That of `-a` and `!a`.
pub(super) const UNARY: u8 = 6;

impl Formula {
    /// Reads the [`Display`](fmt::Display) form; `None` where it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        super::parse::parse(text)
    }

    /// The same over other names, for people: `x · y`, `cos(x)`.
    pub fn over(&self, operand: &dyn Fn(usize) -> String, value: &String) -> String {
        let names = Names { operand, value, times: "·" };
        self.text(&names, 0)
    }

    /// The value at these operands, where the node has this value; conditions are 1 and 0.
    /// `None` where it calls what it does not know, or is of operands that are not there.
    #[cfg(feature = "std")]
    #[must_use]
    pub fn eval(&self, operands: &[f64], value: f64) -> Option<f64> {
        match self {
            Formula::Number(number) => Some(*number),
            Formula::Operand(at) => operands.get(*at).copied(),
            Formula::Value => Some(value),
            Formula::Call(name, args) => {
                let args: Option<Vec<f64>> =
                    args.iter().map(|arg| arg.eval(operands, value)).collect();
                super::functions::call(name, &args?)
            }
        }
    }

    fn text(&self, names: &Names<'_>, around: u8) -> String {
        let (text, own) = match self {
            Formula::Number(number) if *number < 0.0 => (number_text(*number), UNARY),
            Formula::Number(number) => return number_text(*number),
            Formula::Operand(at) => return wrapped_name((names.operand)(*at), around),
            Formula::Value => return wrapped_name(names.value.clone(), around),
            Formula::Call(name, args) => match (operator(name), args.as_slice()) {
                (Some((symbol, own)), [a, b]) => {
                    let symbol = if symbol == "*" { names.times } else { symbol };
                    // A comparison does not stand in another one.
                    let left = if own == 3 { own + 1 } else { own };
                    (format!("{} {symbol} {}", a.text(names, left), b.text(names, own + 1)), own)
                }
                (None, [a]) if name == "neg" => (format!("-{}", a.text(names, UNARY + 1)), UNARY),
                (None, [a]) if name == "not" => (format!("!{}", a.text(names, UNARY)), UNARY),
                _ => {
                    let args: Vec<String> = args.iter().map(|arg| arg.text(names, 0)).collect();
                    return format!("{name}({})", args.join(", "));
                }
            },
        };
        if own < around { format!("({text})") } else { text }
    }
}

/// What stands for a number, or is an expression itself, is apart from what is around it.
fn wrapped_name(name: String, around: u8) -> String {
    let negative = name.starts_with('-') && around > 4;
    if negative { format!("({name})") } else { name }
}

/// What a formula calls its leaves, and how it writes a product.
struct Names<'n> {
    operand: &'n dyn Fn(usize) -> String,
    value: &'n String,
    times: &'static str,
}

fn operator(name: &str) -> Option<(&'static str, u8)> {
    let found = OPERATORS.iter().find(|(known, _, _)| *known == name);
    found.map(|&(_, symbol, precedence)| (symbol, precedence))
}

/// Every digit that it takes to read the same number again.
fn number_text(number: f64) -> String {
    if number.is_nan() {
        "nan".to_string()
    } else if number.is_infinite() {
        (if number > 0.0 { "inf" } else { "-inf" }).to_string()
    } else {
        let text = format!("{number:?}");
        text.strip_suffix(".0").map_or(text.clone(), ToString::to_string)
    }
}

/// The letters for operands; `x` to `z` are no operands.
pub(super) const LETTERS: u8 = 23;

/// What the textual form calls an operand.
fn letter(at: usize) -> String {
    match u8::try_from(at) {
        Ok(at) if at < LETTERS => char::from(b'a' + at).to_string(),
        _ => format!("a{at}"),
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Names { operand: &letter, value: &"y".to_string(), times: "*" };
        f.write_str(&self.text(&names, 0))
    }
}
