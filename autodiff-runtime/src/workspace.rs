//! Memory that is kept from one gradient to the next.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::any::Any;
use core::cell::RefCell;
use core::fmt;
use core::mem;
use core::ops::{Deref, DerefMut};
use core::slice;

use crate::__private::Tape;

/// Memory for the tapes of loops, which `f_value_and_grad_with` uses again in each call: from the
/// second call of the same size on, nothing is allocated for them, nor cleared.
///
/// One workspace serves any number of functions, one after the other. It grows to what the largest
/// of them needs, and is freed when it is dropped. A tape whose length is not known before its
/// loop runs (`while`), and those of functions that are called, are not kept.
///
/// In the facade:
///
/// ```text
/// #[grad(value_and_grad_with)]
/// fn simulate(x: &[f64]) -> f64 { .. }
///
/// let mut workspace = autodiff::Workspace::new();
/// for _ in 0..steps {
///     let value = simulate_value_and_grad_with(&x, &mut x_bar, &mut workspace);
/// }
/// ```
#[derive(Default)]
pub struct Workspace {
    tapes: RefCell<Vec<Box<dyn Any + Send>>>,
}

impl Workspace {
    /// Without memory.
    #[must_use]
    pub const fn new() -> Self {
        Self { tapes: RefCell::new(Vec::new()) }
    }

    /// A tape, empty, with the memory that one of its kind had before.
    #[doc(hidden)]
    pub fn tape<T: Send + 'static>(&self) -> Lent<'_, T> {
        let mut tapes = self.tapes.borrow_mut();
        let known = tapes.iter().rposition(|tape| tape.is::<Tape<T>>());
        let found = known.and_then(|at| tapes.swap_remove(at).downcast::<Tape<T>>().ok());
        let mut slot = found.unwrap_or_default();
        Lent { tape: mem::take(&mut *slot).emptied(), slot: Some(slot), workspace: self }
    }

    /// A tape of one row.
    #[doc(hidden)]
    pub fn row<T: Default + Clone + Send + 'static>(&self, len: usize) -> Row<'_, T> {
        let mut lent = self.tape();
        lent.open(len);
        Row(lent)
    }
}

impl fmt::Debug for Workspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tapes = self.tapes.try_borrow().map_or(0, |tapes| tapes.len());
        f.debug_struct("Workspace").field("tapes", &tapes).finish()
    }
}

/// A tape that goes back where it comes from.
#[doc(hidden)]
#[derive(Debug)]
pub struct Lent<'w, T: Send + 'static> {
    /// Not in its slot, so that what rustc knows of it is not lost behind a pointer.
    tape: Tape<T>,
    slot: Option<Box<Tape<T>>>,
    workspace: &'w Workspace,
}

impl<T: Send> Deref for Lent<'_, T> {
    type Target = Tape<T>;

    #[inline]
    fn deref(&self) -> &Tape<T> {
        &self.tape
    }
}

impl<T: Send> DerefMut for Lent<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Tape<T> {
        &mut self.tape
    }
}

/// The only row of a tape.
#[doc(hidden)]
#[derive(Debug)]
pub struct Row<'w, T: Send + 'static>(Lent<'w, T>);

impl<T: Send> Deref for Row<'_, T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        self.0.rows()
    }
}

impl<'a, T: Send> IntoIterator for &'a Row<'_, T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.0.rows().iter()
    }
}

impl<'a, T: Send> IntoIterator for &'a mut Row<'_, T> {
    type Item = &'a mut T;
    type IntoIter = slice::IterMut<'a, T>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.0.rows_mut().iter_mut()
    }
}

impl<T: Send + 'static> Drop for Lent<'_, T> {
    fn drop(&mut self) {
        if let (Some(mut slot), Ok(mut tapes)) =
            (self.slot.take(), self.workspace.tapes.try_borrow_mut())
        {
            *slot = mem::take(&mut self.tape);
            tapes.push(slot);
        }
    }
}
