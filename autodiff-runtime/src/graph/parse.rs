//! The textual form of formulas, read by precedence climbing.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::formula::{Formula, LETTERS, OPERATORS, UNARY};

/// A formula as its text says; `None` where that is none.
pub(super) fn parse(text: &str) -> Option<Formula> {
    let mut reader = Reader { rest: text };
    let formula = reader.operation(0)?;
    reader.skip();
    reader.rest.is_empty().then_some(formula)
}

struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Takes a token, if it comes next.
    fn take(&mut self, token: &str) -> Option<()> {
        self.skip();
        self.rest = self.rest.strip_prefix(token)?;
        Some(())
    }

    /// The operator that comes next, if it binds at least so tightly: the longest that fits.
    fn operator(&mut self, least: u8) -> Option<(&'static str, u8)> {
        self.skip();
        let fits = OPERATORS.iter().filter(|(_, symbol, _)| self.rest.starts_with(symbol));
        let &(name, symbol, precedence) = fits.max_by_key(|(_, symbol, _)| symbol.len())?;
        if precedence < least {
            return None;
        }
        self.take(symbol)?;
        Some((name, precedence))
    }

    fn operation(&mut self, least: u8) -> Option<Formula> {
        let mut left = self.unary()?;
        while let Some((name, precedence)) = self.operator(least) {
            let right = self.operation(precedence + 1)?;
            left = Formula::Call(name.to_string(), [left, right].into());
        }
        Some(left)
    }

    fn unary(&mut self) -> Option<Formula> {
        if self.take("-").is_some() {
            return Some(match self.operation(UNARY)? {
                Formula::Number(number) => Formula::Number(-number),
                of => Formula::Call("neg".to_string(), [of].into()),
            });
        }
        if self.take("!").is_some() {
            return Some(Formula::Call("not".to_string(), [self.operation(UNARY)?].into()));
        }
        self.atom()
    }

    fn atom(&mut self) -> Option<Formula> {
        if self.take("(").is_some() {
            let inside = self.operation(0)?;
            self.take(")")?;
            return Some(inside);
        }
        if self.rest.starts_with(|c: char| c.is_ascii_digit()) {
            return self.number();
        }
        let name = self.word(|c| c.is_ascii_alphanumeric() || c == '_');
        if self.take("(").is_none() {
            return leaf(name);
        }
        let mut args = Vec::new();
        if self.take(")").is_none() {
            args.push(self.operation(0)?);
            while self.take(",").is_some() {
                args.push(self.operation(0)?);
            }
            self.take(")")?;
        }
        Some(Formula::Call(name.to_string(), args))
    }

    /// `12`, `0.5`, `1e-30`.
    fn number(&mut self) -> Option<Formula> {
        let before = self.rest;
        self.word(|c| c.is_ascii_digit() || c == '.');
        if let Some(rest) = self.rest.strip_prefix('e') {
            self.rest = rest.strip_prefix('-').unwrap_or(rest);
            self.word(|c| c.is_ascii_digit());
        }
        let len = before.len() - self.rest.len();
        before.get(..len)?.parse().ok().map(Formula::Number)
    }

    /// The longest piece of such characters.
    fn word(&mut self, is_part: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }
}

/// A name that is no call: an operand, the node's own value, or what is no number in digits.
fn leaf(name: &str) -> Option<Formula> {
    match name.as_bytes() {
        b"y" => Some(Formula::Value),
        b"inf" => Some(Formula::Number(f64::INFINITY)),
        b"nan" => Some(Formula::Number(f64::NAN)),
        [letter] => {
            let at = letter.checked_sub(b'a').filter(|at| *at < LETTERS)?;
            Some(Formula::Operand(at.into()))
        }
        [b'a', _digits @ ..] => name.get(1..)?.parse().ok().map(Formula::Operand),
        _ => None,
    }
}
