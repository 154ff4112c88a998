//! The floats in a value, in order: how a checker sees points, results and gradients.

use std::slice::Iter;

/// A value whose floats can be listed.
///
/// Floats, `()`, arrays, slices, `Vec`, `Option`, `Box`, references, and tuples to eight parts;
/// integers, `bool`, `char` and strings have no float in them. Implement it, and [`Point`], for a
/// type of your own to check functions of it.
pub trait Components {
    /// The unit roundoff of the least exact float type in it; 0 if it has none.
    const EPSILON: f64;

    /// Appends the floats to `out`.
    fn list(&self, out: &mut Vec<f64>);

    /// Appends a label for each float to `out`: `path` and what leads from there to the float.
    fn label(&self, path: &str, out: &mut Vec<String>);
}

/// A value whose floats can be replaced: where a function is differentiated.
pub trait Point: Components {
    /// Takes the floats from `from`, in the order of [`Components::list`].
    fn replace(&mut self, from: &mut Iter<'_, f64>);
}

/// The floats in `value`, in order.
///
/// ```
/// # use autodiff_runtime::check::flatten;
/// assert_eq!(flatten(&(1.0, [2.0_f32, 3.0], 4_usize)), [1.0, 2.0, 3.0]);
/// ```
#[must_use]
pub fn flatten<T: Components + ?Sized>(value: &T) -> Vec<f64> {
    let mut out = Vec::new();
    value.list(&mut out);
    out
}

/// Replaces the floats in `value`, in order; those for which `floats` has none stay.
///
/// ```
/// # use autodiff_runtime::check::unflatten;
/// let mut point = (1.0, [2.0, 3.0], 4_usize);
/// unflatten(&mut point, &[5.0, 6.0, 7.0]);
/// assert_eq!(point, (5.0, [6.0, 7.0], 4));
/// ```
pub fn unflatten<T: Point + ?Sized>(value: &mut T, floats: &[f64]) {
    value.replace(&mut floats.iter());
}

pub(super) fn labels<T: Components + ?Sized>(value: &T) -> Vec<String> {
    let mut out = Vec::new();
    value.label("", &mut out);
    out
}

macro_rules! float {
    ($($float:ident)*) => { $(
        impl Components for $float {
            const EPSILON: f64 = $float::EPSILON as f64;

            fn list(&self, out: &mut Vec<f64>) {
                out.push((*self).into());
            }

            fn label(&self, path: &str, out: &mut Vec<String>) {
                out.push(path.to_owned());
            }
        }

        impl Point for $float {
            #[allow(clippy::cast_possible_truncation, reason = "for f32: the checker reads it back")]
            fn replace(&mut self, from: &mut Iter<'_, f64>) {
                if let Some(x) = from.next() {
                    *self = *x as Self;
                }
            }
        }
    )* };
}

float!(f32 f64);

macro_rules! inert {
    ($($inert:ty)*) => { $(
        impl Components for $inert {
            const EPSILON: f64 = 0.0;

            fn list(&self, _: &mut Vec<f64>) {}

            fn label(&self, _: &str, _: &mut Vec<String>) {}
        }

        impl Point for $inert {
            fn replace(&mut self, _: &mut Iter<'_, f64>) {}
        }
    )* };
}

inert!(() bool char str String i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

/// Only read: a reference to a float cannot be moved.
impl<T: Components + ?Sized> Components for &T {
    const EPSILON: f64 = T::EPSILON;

    fn list(&self, out: &mut Vec<f64>) {
        T::list(self, out);
    }

    fn label(&self, path: &str, out: &mut Vec<String>) {
        T::label(self, path, out);
    }
}

/// A name, a label: inert, so that it may stand in a point.
impl Point for &str {
    fn replace(&mut self, _: &mut Iter<'_, f64>) {}
}

impl<T: Components> Components for [T] {
    const EPSILON: f64 = T::EPSILON;

    fn list(&self, out: &mut Vec<f64>) {
        for part in self {
            part.list(out);
        }
    }

    fn label(&self, path: &str, out: &mut Vec<String>) {
        for (i, part) in self.iter().enumerate() {
            part.label(&format!("{path}[{i}]"), out);
        }
    }
}

impl<T: Point> Point for [T] {
    fn replace(&mut self, from: &mut Iter<'_, f64>) {
        for part in self {
            part.replace(from);
        }
    }
}

macro_rules! like_a_slice {
    ($(<$part:ident $(, $n:ident)?> $list:ty;)*) => { $(
        impl<$part: Components $(, const $n: usize)?> Components for $list {
            const EPSILON: f64 = $part::EPSILON;

            fn list(&self, out: &mut Vec<f64>) {
                <[$part]>::list(self, out);
            }

            fn label(&self, path: &str, out: &mut Vec<String>) {
                <[$part]>::label(self, path, out);
            }
        }

        impl<$part: Point $(, const $n: usize)?> Point for $list {
            fn replace(&mut self, from: &mut Iter<'_, f64>) {
                <[$part]>::replace(self, from);
            }
        }
    )* };
}

like_a_slice! {
    <T, N> [T; N];
    <T> Vec<T>;
}

impl<T: Components + ?Sized> Components for Box<T> {
    const EPSILON: f64 = T::EPSILON;

    fn list(&self, out: &mut Vec<f64>) {
        T::list(self, out);
    }

    fn label(&self, path: &str, out: &mut Vec<String>) {
        T::label(self, path, out);
    }
}

impl<T: Point + ?Sized> Point for Box<T> {
    fn replace(&mut self, from: &mut Iter<'_, f64>) {
        T::replace(self, from);
    }
}

impl<T: Components> Components for Option<T> {
    const EPSILON: f64 = T::EPSILON;

    fn list(&self, out: &mut Vec<f64>) {
        self.as_slice().list(out);
    }

    fn label(&self, path: &str, out: &mut Vec<String>) {
        if let Some(part) = self {
            part.label(path, out);
        }
    }
}

impl<T: Point> Point for Option<T> {
    fn replace(&mut self, from: &mut Iter<'_, f64>) {
        self.as_mut_slice().replace(from);
    }
}

macro_rules! tuple {
    ($($part:ident $index:tt),+) => {
        impl<$($part: Components),+> Components for ($($part,)+) {
            const EPSILON: f64 = {
                let epsilon: f64 = 0.0;
                $(let epsilon = epsilon.max($part::EPSILON);)+
                epsilon
            };

            fn list(&self, out: &mut Vec<f64>) {
                $(self.$index.list(out);)+
            }

            fn label(&self, path: &str, out: &mut Vec<String>) {
                $(self.$index.label(&format!("{path}.{}", $index), out);)+
            }
        }

        impl<$($part: Point),+> Point for ($($part,)+) {
            fn replace(&mut self, from: &mut Iter<'_, f64>) {
                $(self.$index.replace(from);)+
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
