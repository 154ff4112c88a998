//! Numbers as a person writes them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::Facade;
use crate::ir::{FloatTy, Literal, Ty};
use crate::lower::Signature;

/// What a constant becomes whose type only use tells.
pub(crate) enum Lift {
    /// A literal: rustc infers its type.
    Literal,
    /// A value of the one type parameter that the function computes with.
    To(Ident),
    /// A value of a type that rustc infers: there are several.
    Inferred,
}

impl Lift {
    /// Where a signature has a type parameter that is a float, literals are lifted to it, unless
    /// it has other floats, too.
    pub(crate) fn of(signature: &Signature) -> Self {
        match signature.only_float() {
            Some(one) => Lift::To(one.clone()),
            None if signature.known.floats.is_empty() => Lift::Literal,
            None => Lift::Inferred,
        }
    }
}

impl Facade {
    /// A float constant of a type.
    pub(crate) fn number(&self, value: f64, float: &FloatTy) -> TokenStream {
        let site = Span::mixed_site();
        let Some(ty) = self.lifted(float) else { return self::float(value, None) };
        if value == 0.0 && value.is_sign_positive() {
            quote_spanned!(site=> #ty::zero())
        } else if (value - 1.0).abs() == 0.0 {
            quote_spanned!(site=> #ty::one())
        } else {
            let literal = self::float(value, None);
            quote_spanned!(site=> #ty::from_f64(#literal))
        }
    }

    /// 0, of the float that a type is made of.
    pub(crate) fn zero(&self, ty: &Ty) -> TokenStream {
        self.number(0.0, &ty.float())
    }

    /// 1, of the float that a type is made of.
    pub(crate) fn one(&self, ty: &Ty) -> TokenStream {
        self.number(1.0, &ty.float())
    }

    /// A constant of a formula, of a type.
    pub(crate) fn constant(&self, literal: &Literal, float: &FloatTy) -> TokenStream {
        let site = Span::mixed_site();
        let module = match float {
            FloatTy::F32 => quote_spanned!(site=> ::core::f32),
            FloatTy::F64 | FloatTy::Param(_) | FloatTy::Inferred => {
                quote_spanned!(site=> ::core::f64)
            }
        };
        let constant = match literal {
            Literal::Number(value) => return self.number(*value, float),
            Literal::Ln2 => quote_spanned!(site=> #module::consts::LN_2),
            Literal::Ln10 => quote_spanned!(site=> #module::consts::LN_10),
        };
        match self.lifted(float) {
            Some(ty) => quote_spanned!(site=> #ty::from_f64(#constant)),
            None => constant,
        }
    }

    /// The type whose `from_f64` makes a constant of a type; none where a literal is one.
    pub(crate) fn lifted(&self, float: &FloatTy) -> Option<TokenStream> {
        match (float, &self.lift) {
            (FloatTy::F32 | FloatTy::F64, _) | (FloatTy::Inferred, Lift::Literal) => None,
            (FloatTy::Param(name), _) | (FloatTy::Inferred, Lift::To(name)) => {
                Some(name.to_token_stream())
            }
            (FloatTy::Inferred, Lift::Inferred) => {
                let (private, site) = (self.private(), Span::mixed_site());
                Some(if self.lanes.is_empty() {
                    quote_spanned!(site=> #private::Real)
                } else {
                    quote_spanned!(site=> #private::Lanes)
                })
            }
        }
    }

    /// The type of a float that may be several side by side: what holds of it is a mask.
    pub(crate) fn lanes(&self, float: &FloatTy) -> Option<TokenStream> {
        let may_be = match (float, &self.lift) {
            (FloatTy::Param(name), _) | (FloatTy::Inferred, Lift::To(name)) => {
                self.lanes.contains(name)
            }
            (FloatTy::Inferred, Lift::Inferred) => !self.lanes.is_empty(),
            (FloatTy::F32 | FloatTy::F64, _) | (FloatTy::Inferred, Lift::Literal) => false,
        };
        may_be.then(|| self.lifted(float)).flatten()
    }
}

/// A float literal: with a point, digits grouped where there are many, negative ones with a sign.
pub(crate) fn float(value: f64, suffix: Option<&FloatTy>) -> TokenStream {
    let text = magnitude(value.abs());
    let suffix = match suffix {
        Some(FloatTy::F32) => "_f32",
        Some(FloatTy::F64) => "_f64",
        Some(FloatTy::Param(_) | FloatTy::Inferred) | None => "",
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
