//! Numbers as a person writes them.

use proc_macro2::TokenStream;

use crate::ir::FloatTy;

/// A float literal: with a point, digits grouped where there are many, negative ones with a sign.
pub(crate) fn float(value: f64, suffix: Option<FloatTy>) -> TokenStream {
    let text = magnitude(value.abs());
    let suffix = match suffix {
        Some(FloatTy::F32) => "_f32",
        Some(FloatTy::F64) => "_f64",
        Some(FloatTy::Inferred) | None => "",
    };
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let source = if value.is_nan() {
        "(0.0 / 0.0)".to_owned()
    } else if value.is_infinite() {
        format!("{sign}(1.0 / 0.0)")
    } else {
        format!("{sign}{text}{suffix}")
    };
    source.parse().unwrap_or_default()
}

fn magnitude(value: f64) -> String {
    let text = format!("{value:?}");
    let (mantissa, exponent) = match text.split_once('e') {
        Some((mantissa, exponent)) => (mantissa.to_owned(), format!("e{exponent}")),
        None => (text, String::new()),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((&mantissa, ""));
    let whole = grouped_from_right(whole);
    match (fraction, exponent.is_empty()) {
        ("", true) => format!("{whole}.0"),
        ("", false) => format!("{whole}{exponent}"),
        (fraction, _) => format!("{whole}.{}{exponent}", grouped_from_left(fraction)),
    }
}

/// Groups of three where there are more than five digits.
fn grouped_from_left(digits: &str) -> String {
    if digits.len() <= 5 {
        return digits.to_owned();
    }
    let digits: Vec<char> = digits.chars().collect();
    let groups: Vec<String> = digits.chunks(3).map(|group| group.iter().collect()).collect();
    groups.join("_")
}

fn grouped_from_right(digits: &str) -> String {
    let reversed: String = digits.chars().rev().collect();
    grouped_from_left(&reversed).chars().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::float;

    #[test]
    fn numbers_read_as_written_by_a_person() {
        let shown = |value: f64| float(value, None).to_string().replace(' ', "");
        assert_eq!(shown(2.0), "2.0");
        assert_eq!(shown(-0.5), "-0.5");
        assert_eq!(shown(0.398_942_280_4), "0.398_942_280_4");
        assert_eq!(shown(1e-9), "1e-9");
        assert_eq!(shown(1_234_567.0), "1_234_567.0");
    }
}
