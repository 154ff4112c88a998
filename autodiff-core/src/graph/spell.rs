//! The user's tokens as text, for labels.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

use crate::ir::{Function, Inst, Kind, Piece, ValueId};

/// Tokens on one line, spaced as rustfmt would.
pub(super) fn tidy(tokens: impl ToTokens) -> String {
    let mut text = String::new();
    write(tokens.into_token_stream(), &mut text);
    text
}

fn write(tokens: TokenStream, text: &mut String) {
    let mut binds_left = true;
    let mut after_joint = false;
    for token in tokens {
        let (piece, tight_before, tight_after) = match &token {
            TokenTree::Group(group) => {
                let mut inner = String::new();
                write(group.stream(), &mut inner);
                match group.delimiter() {
                    Delimiter::Parenthesis => {
                        let after_word = text.ends_with(|c: char| c.is_alphanumeric() || c == '_')
                            && !ends_with_keyword(text);
                        (format!("({inner})"), after_word || text.ends_with('!'), false)
                    }
                    Delimiter::Bracket => {
                        let after =
                            text.ends_with(|c: char| c.is_alphanumeric() || "_)]!".contains(c));
                        (format!("[{inner}]"), after && !ends_with_keyword(text), false)
                    }
                    Delimiter::Brace => (format!("{{ {inner} }}"), false, false),
                    Delimiter::None => (inner, false, false),
                }
            }
            TokenTree::Punct(punct) => {
                let c = punct.as_char();
                let before = text.trim_end_matches('\u{0}');
                let joint = punct.spacing() == Spacing::Joint;
                let prefix = "&!*-".contains(c) && binds_left && !after_joint;
                let path = c == '.'
                    || (c == ':' && (joint || before.ends_with(':')))
                    || (c == '=' && before.ends_with(".."));
                (c.to_string(), ".,;?:".contains(c), joint || prefix || path)
            }
            TokenTree::Ident(_) | TokenTree::Literal(_) => (token.to_string(), false, false),
        };
        let glued = text.ends_with('\u{0}');
        if glued {
            text.pop();
        }
        if !text.is_empty() && !glued && !tight_before {
            text.push(' ');
        }
        text.push_str(&piece);
        if tight_after {
            text.push('\u{0}');
        }
        after_joint =
            matches!(&token, TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint);
        binds_left = matches!(&token, TokenTree::Punct(punct) if !"?".contains(punct.as_char()))
            || matches!(&token, TokenTree::Ident(_) if ends_with_keyword(text));
    }
    if text.ends_with('\u{0}') {
        text.pop();
    }
}

fn ends_with_keyword(text: &str) -> bool {
    let word = text.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
    matches!(word, "in" | "if" | "let" | "match" | "while" | "return" | "mut" | "for" | "as")
}

/// What an instruction is in the source: up to its body, where it has one.
pub(super) fn written(
    function: &Function,
    inst: &Inst,
    defined: &dyn Fn(ValueId) -> String,
) -> String {
    let mut tokens = TokenStream::new();
    if let Some(syntax) = &inst.syntax {
        spell(function, &syntax.pieces, defined, &mut tokens);
    }
    let text = tidy(tokens);
    match (&inst.kind, text.is_empty()) {
        (_, false) => text,
        (Kind::Loop(_), true) => "loop".to_owned(),
        (Kind::Branch(_), true) => "if".to_owned(),
        (_, true) => String::new(),
    }
}

/// Whether the body has not begun yet.
fn spell(
    function: &Function,
    pieces: &[Piece],
    defined: &dyn Fn(ValueId) -> String,
    tokens: &mut TokenStream,
) -> bool {
    for piece in pieces {
        match piece {
            Piece::Region(_) => return false,
            Piece::Tokens(written) | Piece::Checked(written, _) => tokens.extend(written.clone()),
            Piece::Value(value) | Piece::Parens(value) => {
                tokens.extend(defined(*value).parse::<TokenStream>().unwrap_or_default());
            }
            Piece::Binder(value) => {
                let name = &function.values[*value].hint;
                tokens.extend(name.parse::<TokenStream>().unwrap_or_default());
            }
            Piece::Assumed(inside) => {
                if !spell(function, inside, defined, tokens) {
                    return false;
                }
            }
            Piece::Group(delimiter, inside) => {
                let mut within = TokenStream::new();
                let goes_on = spell(function, inside, defined, &mut within);
                match delimiter {
                    Delimiter::None => tokens.extend(within),
                    _ => tokens.extend([TokenTree::from(Group::new(*delimiter, within))]),
                }
                if !goes_on {
                    return false;
                }
            }
            Piece::Mut(_) | Piece::Before(_) | Piece::Runtime(_) | Piece::Asserted(..) => {}
        }
    }
    true
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::{TokenStream, tidy};

    #[test]
    fn tokens_are_spaced_as_a_person_would() {
        for text in [
            "for i in 0..n.len()",
            "x[i + 1] * -y",
            "f(&x, &mut a[2..=3])",
            "if x > 0.0 && !done",
            "let Some(x) = v.get(0)",
            "std::f64::consts::PI",
            "a - -b",
            "for (i, v) in x.iter().enumerate()",
        ] {
            let tokens: TokenStream = text.parse().unwrap();
            assert_eq!(tidy(tokens), text);
        }
    }
}
