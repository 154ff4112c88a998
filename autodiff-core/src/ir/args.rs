//! The operands of a row of the rule table.

use std::hash::{Hash, Hasher};
use std::ops::{Deref, DerefMut};

use super::ValueId;

/// Three operands at most: copied like a number, where a vector would be allocated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Args {
    /// Of a constant.
    Zero([ValueId; 0]),
    /// Of a function of one variable.
    One([ValueId; 1]),
    /// Of a binary operation.
    Two([ValueId; 2]),
    /// Of `mul_add`, `clamp`.
    Three([ValueId; 3]),
}

impl Deref for Args {
    type Target = [ValueId];

    fn deref(&self) -> &[ValueId] {
        match self {
            Args::Zero(args) => args,
            Args::One(args) => args,
            Args::Two(args) => args,
            Args::Three(args) => args,
        }
    }
}

impl DerefMut for Args {
    fn deref_mut(&mut self) -> &mut [ValueId] {
        match self {
            Args::Zero(args) => args,
            Args::One(args) => args,
            Args::Two(args) => args,
            Args::Three(args) => args,
        }
    }
}

/// Only of the values: how many there are, an operation says.
impl Hash for Args {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for arg in self {
            arg.hash(state);
        }
    }
}

impl<'a> IntoIterator for &'a Args {
    type Item = &'a ValueId;
    type IntoIter = std::slice::Iter<'a, ValueId>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<[ValueId; 1]> for Args {
    fn from(args: [ValueId; 1]) -> Self {
        Args::One(args)
    }
}

impl From<[ValueId; 2]> for Args {
    fn from(args: [ValueId; 2]) -> Self {
        Args::Two(args)
    }
}

impl From<[ValueId; 3]> for Args {
    fn from(args: [ValueId; 3]) -> Self {
        Args::Three(args)
    }
}

impl From<&[ValueId]> for Args {
    /// # Panics
    ///
    /// More than three are no operands of any row.
    fn from(args: &[ValueId]) -> Self {
        match *args {
            [] => Args::Zero([]),
            [a] => Args::One([a]),
            [a, b] => Args::Two([a, b]),
            [a, b, c] => Args::Three([a, b, c]),
            [..] => unreachable!("a row of the rule table has three operands at most"),
        }
    }
}

impl From<Vec<ValueId>> for Args {
    fn from(args: Vec<ValueId>) -> Self {
        Args::from(args.as_slice())
    }
}
