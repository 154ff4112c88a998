//! A function as one of a row of floats, and values as rows of floats.

use crate::point::{Float, Point};

type Map<F> = fn(&Point<F>) -> Vec<F>;
type Rows<F> = fn(&Point<F>) -> Vec<Vec<F>>;
type Along<F> = fn(&Point<F>, &Point<F>) -> Vec<F>;
type ValueAlong<F> = fn(&Point<F>, &Point<F>) -> (Vec<F>, Vec<F>);

/// A function and its companions. Rows are of all its parameters; what is not differentiated has
/// zeros there.
pub struct Exhibit<F> {
    pub name: &'static str,
    /// How many floats it takes, and how many slices.
    pub floats: (usize, usize),
    /// One where a float is differentiated, zero where not.
    pub active: Map<F>,
    pub value: Map<F>,
    pub tangent: ValueAlong<F>,
    pub cotangent: fn(&Point<F>, &[F]) -> Vec<F>,
    pub gradient: Option<Map<F>>,
    pub product: Option<Along<F>>,
    pub hessian: Option<Rows<F>>,
    /// The Jacobian of each parameter, row by row: empty where it is not differentiated.
    pub jacobian: Option<Rows<F>>,
}

/// What is made of floats.
pub trait Row<F> {
    fn extend(&self, row: &mut Vec<F>);

    /// One like this, of other floats.
    fn take(&self, floats: &mut dyn Iterator<Item = F>) -> Self;
}

pub fn flat<F, T: Row<F>>(value: &T) -> Vec<F> {
    let mut row = Vec::new();
    value.extend(&mut row);
    row
}

pub fn shaped<F: Float, T: Row<F>>(like: &T, floats: &[F]) -> T {
    like.take(&mut floats.iter().copied())
}

macro_rules! floats {
    ($($float:ident)*) => {$(
        impl Row<$float> for $float {
            fn extend(&self, row: &mut Vec<$float>) {
                row.push(*self);
            }

            fn take(&self, floats: &mut dyn Iterator<Item = $float>) -> Self {
                floats.next().unwrap_or(0.0)
            }
        }
    )*};
}

floats! { f32 f64 }

impl<F, T: Row<F>> Row<F> for Vec<T> {
    fn extend(&self, row: &mut Vec<F>) {
        self.iter().for_each(|part| part.extend(row));
    }

    fn take(&self, floats: &mut dyn Iterator<Item = F>) -> Self {
        self.iter().map(|part| part.take(floats)).collect()
    }
}

impl<F, T: Row<F>, const N: usize> Row<F> for [T; N] {
    fn extend(&self, row: &mut Vec<F>) {
        self.iter().for_each(|part| part.extend(row));
    }

    fn take(&self, floats: &mut dyn Iterator<Item = F>) -> Self {
        std::array::from_fn(|at| self[at].take(floats))
    }
}

macro_rules! tuples {
    ($(($($T:ident $n:tt),+))+) => {$(
        impl<F, $($T: Row<F>),+> Row<F> for ($($T,)+) {
            fn extend(&self, row: &mut Vec<F>) {
                $(self.$n.extend(row);)+
            }

            fn take(&self, floats: &mut dyn Iterator<Item = F>) -> Self {
                ($(self.$n.take(floats),)+)
            }
        }
    )+};
}

tuples! { (A 0, B 1) (A 0, B 1, C 2) (A 0, B 1, C 2, D 3) }
