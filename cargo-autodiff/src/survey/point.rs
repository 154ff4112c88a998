//! Arguments for a function, as far as its signature tells what they can be.

use autodiff_core::ir::eval::Value;
use syn::{Expr, GenericArgument, Lit, PathArguments, Type};

/// How many points are tried.
pub(super) const POINTS: usize = 6;

/// Where numbers are drawn from: many a function wants probabilities, or what is larger than one.
const RANGES: [(f64, f64); POINTS] =
    [(0.2, 0.9), (-1.5, 1.5), (1.1, 3.0), (0.5, 2.5), (-4.0, 4.0), (0.01, 0.3)];

/// The values that one point is made of: the same in every run.
pub(super) struct Draw {
    number: usize,
    state: u64,
}

impl Draw {
    /// The point of that number.
    pub(super) fn new(number: usize) -> Self {
        Self { number, state: 0x9E37_79B9_7F4A_7C15 ^ u64::try_from(number).unwrap_or_default() }
    }

    /// A number in 0..1, by `SplitMix64` (Steele, Lea and Flood, 2014).
    pub(super) fn unit(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        f64::from_bits((bits >> 12) | 1.0_f64.to_bits()) - 1.0
    }

    /// A value of a type; `None` where the type alone does not say what is one.
    ///
    /// An `f32` is none: what the interpreter computes in `f64` is not what it would give.
    pub(super) fn value(&mut self, ty: &Type) -> Option<Value> {
        match ty {
            Type::Paren(inner) => self.value(&inner.elem),
            Type::Group(inner) => self.value(&inner.elem),
            Type::Reference(inner) => self.value(&inner.elem),
            Type::Slice(inner) => self.values(&inner.elem, self.length()),
            Type::Array(inner) => match &inner.len {
                Expr::Lit(literal) => match &literal.lit {
                    Lit::Int(length) => self.values(&inner.elem, length.base10_parse().ok()?),
                    _ => None,
                },
                _ => None,
            },
            Type::Tuple(fields) => {
                let parts = fields.elems.iter().map(|ty| self.value(ty));
                parts.collect::<Option<_>>().map(Value::Tuple)
            }
            Type::Path(path) => self.named(path.path.segments.last()?),
            _ => None,
        }
    }

    fn named(&mut self, last: &syn::PathSegment) -> Option<Value> {
        let name = last.ident.to_string();
        match (name.as_str(), &last.arguments) {
            ("f64", _) => {
                let (low, high) = RANGES.get(self.number).copied().unwrap_or_default();
                Some(Value::Float(low + (high - low) * self.unit()))
            }
            ("bool", _) => Some(Value::Bool(self.unit() < 0.5)),
            (
                "u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64" | "isize",
                _,
            ) => {
                // Counts, exponents and indices are small.
                let choices = [2, 1, 3, 0];
                let at = choices.iter().enumerate().find(|_| self.unit() < 0.5);
                Some(Value::Int(at.map_or(1, |(_, &number)| number)))
            }
            ("Vec", PathArguments::AngleBracketed(arguments)) => match arguments.args.first()? {
                GenericArgument::Type(ty) => self.values(ty, self.length()),
                _ => None,
            },
            _ => None,
        }
    }

    /// All slices of a point are as long as each other.
    fn length(&self) -> usize {
        3 + self.number % 3
    }

    fn values(&mut self, ty: &Type, count: usize) -> Option<Value> {
        (0..count).map(|_| self.value(ty)).collect::<Option<_>>().map(Value::Array)
    }
}
