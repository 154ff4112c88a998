//! The tape of a loop that runs several times.

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
#[derive(Clone, Debug, Default)]
pub struct Tape<T> {
    records: Vec<T>,
    /// The end of the rows that are not read yet.
    end: usize,
}

impl<T> Tape<T> {
    /// Without a record.
    #[must_use]
    pub const fn new() -> Self {
        Self { records: Vec::new(), end: 0 }
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
