//! The derivatives of the elementary functions, for the dual numbers.

use super::dual::{Binary, Num, Unary};

/// f'(x)
pub fn unary<T: Num>(f: Unary, x: &T) -> T {
    let one = T::from_f64(1.0);
    match f {
        Unary::Neg => T::from_f64(-1.0),
        Unary::Recip => one.div(&x.squared()).neg(),
        Unary::Sin => x.unary(Unary::Cos),
        Unary::Cos => x.unary(Unary::Sin).neg(),
        Unary::Tan => one.div(&x.unary(Unary::Cos).squared()),
        Unary::Asin => one.div(&root(&one.sub(&x.squared()))),
        Unary::Acos => one.div(&root(&one.sub(&x.squared()))).neg(),
        Unary::Atan => one.div(&x.squared().plus(1.0)),
        Unary::Sinh => x.unary(Unary::Cosh),
        Unary::Cosh => x.unary(Unary::Sinh),
        Unary::Tanh => one.div(&x.unary(Unary::Cosh).squared()),
        Unary::Asinh => one.div(&root(&x.squared().plus(1.0))),
        Unary::Acosh => one.div(&root(&x.squared().plus(-1.0))),
        Unary::Atanh => one.div(&one.sub(&x.squared())),
        Unary::Exp | Unary::ExpM1 => x.unary(Unary::Exp),
        Unary::Exp2 => x.unary(Unary::Exp2).times(2.0_f64.ln()),
        Unary::Ln => one.div(x),
        Unary::Ln1p => one.div(&x.plus(1.0)),
        Unary::Log2 => one.div(x).times(1.0 / 2.0_f64.ln()),
        Unary::Log10 => one.div(x).times(1.0 / 10.0_f64.ln()),
        Unary::Sqrt => one.div(&root(x).times(2.0)),
        Unary::Cbrt => one.div(&x.unary(Unary::Cbrt).squared().times(3.0)),
        Unary::Abs => T::from_f64(sign(x.value())),
        Unary::ToDegrees => T::from_f64(180.0 / std::f64::consts::PI),
        Unary::ToRadians => T::from_f64(std::f64::consts::PI / 180.0),
        Unary::Fract => one,
        Unary::Signum
        | Unary::Floor
        | Unary::Ceil
        | Unary::Round
        | Unary::RoundTiesEven
        | Unary::Trunc => T::from_f64(0.0),
    }
}

/// ∂f/∂x of f(x, y)
pub fn by_first<T: Num>(f: Binary, x: &T, y: &T) -> T {
    let one = T::from_f64(1.0);
    match f {
        Binary::Add | Binary::Sub | Binary::Rem | Binary::RemEuclid => one,
        Binary::Mul => y.clone(),
        Binary::Div => one.div(y),
        Binary::Powf => y.mul(&x.binary(Binary::Powf, &y.plus(-1.0))),
        Binary::Hypot => x.div(&root(&x.squared().add(&y.squared()))),
        Binary::Atan2 => y.div(&x.squared().add(&y.squared())),
        Binary::Copysign => T::from_f64(x.value().signum() * y.value().signum()),
        Binary::Log => one.div(&x.mul(&y.unary(Unary::Ln))),
        Binary::DivEuclid | Binary::Max | Binary::Min => T::from_f64(0.0),
    }
}

/// ∂f/∂y of f(x, y)
pub fn by_second<T: Num>(f: Binary, x: &T, y: &T) -> T {
    match f {
        Binary::Add => T::from_f64(1.0),
        Binary::Sub => T::from_f64(-1.0),
        Binary::Mul => x.clone(),
        Binary::Div => x.div(&y.squared()).neg(),
        Binary::Rem => T::from_f64(-(x.value() / y.value()).trunc()),
        Binary::RemEuclid => T::from_f64(-x.value().div_euclid(y.value())),
        Binary::Powf => x.unary(Unary::Ln).mul(&x.binary(Binary::Powf, y)),
        Binary::Hypot => y.div(&root(&x.squared().add(&y.squared()))),
        Binary::Atan2 => x.div(&x.squared().add(&y.squared())).neg(),
        Binary::Log => {
            let ln = y.unary(Unary::Ln);
            x.unary(Unary::Ln).div(&y.mul(&ln.squared())).neg()
        }
        Binary::DivEuclid | Binary::Copysign | Binary::Max | Binary::Min => T::from_f64(0.0),
    }
}

fn root<T: Num>(x: &T) -> T {
    x.unary(Unary::Sqrt)
}

fn sign(x: f64) -> f64 {
    match x.partial_cmp(&0.0) {
        Some(std::cmp::Ordering::Greater) => 1.0,
        Some(std::cmp::Ordering::Less) => -1.0,
        _ => 0.0,
    }
}
