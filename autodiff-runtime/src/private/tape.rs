//! The tapes of loops.

use alloc::vec::Vec;

/// Records that the iterations of a loop leave side by side: a row for each run of the loop, of
/// which the last is read first.
///
/// A row is not cleared before it is written, and the memory of rows that were read is used again.
///
/// ```
/// # use autodiff_runtime::__private::Tape;
/// let mut tape = Tape::new();
/// tape.open(2).copy_from_slice(&[1.0, 2.0]);
/// tape.open(1).copy_from_slice(&[3.0]);
/// assert_eq!(tape.close(1), [3.0]);
/// assert_eq!(tape.close(2), [1.0, 2.0]);
/// ```
#[derive(Clone, Debug)]
pub struct Tape<T> {
    records: Vec<T>,
    /// The end of the rows that are not read yet.
    end: usize,
}

impl<T> Default for Tape<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Tape<T> {
    /// Without a record.
    #[must_use]
    pub const fn new() -> Self {
        Self { records: Vec::new(), end: 0 }
    }

    /// The same memory, with nothing to be read.
    #[must_use]
    pub(crate) fn emptied(self) -> Self {
        Self { end: 0, ..self }
    }

    /// The records that are not read yet.
    pub(crate) fn rows(&self) -> &[T] {
        self.records.split_at(self.end).0
    }

    /// The same, to be written.
    pub(crate) fn rows_mut(&mut self) -> &mut [T] {
        self.records.split_at_mut(self.end).0
    }

    /// Room for the records of one more run.
    #[inline]
    pub fn open(&mut self, len: usize) -> &mut [T]
    where
        T: Default + Clone,
    {
        let start = self.end;
        self.end += len;
        if self.records.len() < self.end {
            self.records.resize(self.end, T::default());
        }
        self.records.split_at_mut(self.end).0.split_at_mut(start).1
    }

    /// The records of the last run that is not read yet.
    ///
    /// # Panics
    ///
    /// If there are fewer.
    #[inline]
    pub fn close(&mut self, len: usize) -> &[T] {
        let (rows, _) = self.records.split_at(self.end);
        self.end -= len;
        rows.split_at(self.end).1
    }
}

/// So many records may be moved as a tape grows: most tapes are short.
const FEW: usize = 64;

/// Records that the iterations of a loop leave, of which the last is read first: a stack that does
/// not move what is on it as it grows.
///
/// ```
/// # use autodiff_runtime::__private::Records;
/// let mut tape = Records::new();
/// (0..100).for_each(|n| tape.push(n));
/// assert_eq!(tape.pop(), Some(99));
/// tape.push(7);
/// assert_eq!(tape.pop(), Some(7));
/// assert_eq!(tape.pop(), Some(98));
/// ```
#[derive(Clone, Debug)]
pub struct Records<T> {
    /// The block that records are put onto, and taken from.
    last: Vec<T>,
    /// Those before it, which are full, each half as long as the next.
    full: Vec<Vec<T>>,
}

impl<T> Default for Records<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Records<T> {
    /// Without a record.
    #[must_use]
    pub const fn new() -> Self {
        Self { last: Vec::new(), full: Vec::new() }
    }

    /// Leaves a record.
    #[inline]
    pub fn push(&mut self, record: T) {
        if self.last.len() == self.last.capacity() && self.last.len() >= FEW {
            let next = Vec::with_capacity(2 * self.last.len());
            self.full.push(core::mem::replace(&mut self.last, next));
        }
        self.last.push(record);
    }

    /// Takes the last record.
    #[inline]
    pub fn pop(&mut self) -> Option<T> {
        if self.last.is_empty()
            && let Some(full) = self.full.pop()
        {
            self.last = full;
        }
        self.last.pop()
    }
}
