//! Types as far as spelling and use tell them; the rest is left to rustc.

use proc_macro2::{Ident, TokenStream};

/// The type of a value.
#[derive(Clone, Debug)]
pub enum Ty {
    /// A floating-point number.
    Float(FloatTy),
    /// Spelled as something without a derivative: integers, `bool`, `str`, …
    Inert,
    /// A tuple.
    Tuple(Vec<Ty>),
    /// `[T; N]`.
    Array(Box<Ty>, Len),
    /// `[T]`, behind a reference.
    Slice(Box<Ty>),
    /// `Vec<T>`.
    Vec(Box<Ty>),
    /// `&T`. Values are read through it; its derivative is that of `T`.
    Ref(Box<Ty>),
    /// `Option<T>` or `Result<T, E>`: its derivative is that of the `T`, where there is one.
    Option(Box<Ty>),
    /// A type of the user's, as spelled. Its derivative is of its `Tangent` type; what fields it has,
    /// and of what types, only rustc knows.
    Named(TokenStream),
    /// Not told by spelling: rustc knows.
    Unknown,
}

/// Which float, where the spelling says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FloatTy {
    /// `f32`.
    F32,
    /// `f64`.
    F64,
    /// A type parameter that is bound by `Real`.
    Param(Ident),
    /// Inferred by rustc.
    Inferred,
}

/// The length of an array.
#[derive(Clone, Debug)]
pub enum Len {
    /// Written as a literal.
    Literal(usize),
    /// A constant or a `const` parameter, as written.
    Named(TokenStream),
}

impl Ty {
    /// The type behind all references.
    #[must_use]
    pub fn behind_refs(&self) -> &Ty {
        match self {
            Ty::Ref(inner) => inner.behind_refs(),
            Ty::Float(_)
            | Ty::Inert
            | Ty::Tuple(_)
            | Ty::Array(..)
            | Ty::Slice(_)
            | Ty::Vec(_)
            | Ty::Option(_)
            | Ty::Named(_)
            | Ty::Unknown => self,
        }
    }

    /// The type of the tangents and cotangents of a value of this type: those of an `Option` are
    /// those of what it holds.
    #[must_use]
    pub fn payload(&self) -> &Ty {
        match self {
            Ty::Option(inner) => inner.payload(),
            other => other,
        }
    }

    /// The float that this is made of, if it is made of one; what only use tells otherwise.
    #[must_use]
    pub fn float(&self) -> FloatTy {
        match self {
            Ty::Float(float) => float.clone(),
            Ty::Tuple(fields) => fields.first().map_or(FloatTy::Inferred, Ty::float),
            Ty::Array(of, _) | Ty::Slice(of) | Ty::Vec(of) | Ty::Ref(of) | Ty::Option(of) => {
                of.float()
            }
            Ty::Inert | Ty::Named(_) | Ty::Unknown => FloatTy::Inferred,
        }
    }

    /// How many references are in front.
    #[must_use]
    pub fn ref_depth(&self) -> usize {
        if let Ty::Ref(inner) = self { 1 + inner.ref_depth() } else { 0 }
    }

    /// Whether this is made of floats, and of nothing else, however it is nested.
    #[must_use]
    pub fn is_floats(&self) -> bool {
        match self {
            Ty::Float(_) => true,
            Ty::Tuple(fields) => fields.iter().all(Ty::is_floats),
            Ty::Array(of, _) | Ty::Slice(of) | Ty::Vec(of) | Ty::Ref(of) => of.is_floats(),
            Ty::Inert | Ty::Named(_) | Ty::Unknown | Ty::Option(_) => false,
        }
    }

    /// Whether the zero among its tangents is known without looking at a value.
    #[must_use]
    pub fn has_literal_zero(&self) -> bool {
        match self {
            Ty::Float(_) | Ty::Inert => true,
            Ty::Tuple(fields) => fields.iter().all(Ty::has_literal_zero),
            Ty::Array(inner, _) | Ty::Ref(inner) | Ty::Option(inner) => inner.has_literal_zero(),
            Ty::Slice(_) | Ty::Vec(_) | Ty::Named(_) | Ty::Unknown => false,
        }
    }

    /// Whether a value may be one that is not copied but moved, as far as its spelling tells.
    #[must_use]
    pub fn may_move(&self) -> bool {
        match self {
            Ty::Float(_) | Ty::Inert | Ty::Ref(_) => false,
            Ty::Tuple(fields) => fields.iter().any(Ty::may_move),
            Ty::Array(inner, _) | Ty::Option(inner) => inner.may_move(),
            Ty::Slice(_) | Ty::Vec(_) | Ty::Named(_) | Ty::Unknown => true,
        }
    }

    /// Whether the length of some part is known only at run time.
    #[must_use]
    pub fn is_run_time_sized(&self) -> bool {
        match self {
            Ty::Float(_) | Ty::Inert | Ty::Named(_) | Ty::Unknown => false,
            Ty::Tuple(fields) => fields.iter().any(Ty::is_run_time_sized),
            Ty::Array(element, _) => element.is_run_time_sized(),
            Ty::Ref(inner) | Ty::Option(inner) => inner.is_run_time_sized(),
            Ty::Slice(_) | Ty::Vec(_) => true,
        }
    }
}
