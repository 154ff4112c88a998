//! Side tables indexed by value: what the passes know of each.

use super::ValueId;

/// A map from values; reading and writing cost an index.
#[derive(Clone, Debug)]
pub(crate) struct Table<T> {
    items: Vec<Option<T>>,
}

impl<T> Table<T> {
    /// Nothing is known of any value.
    pub(crate) const fn new() -> Self {
        Self { items: Vec::new() }
    }

    /// What is known of a value.
    pub(crate) fn get(&self, value: ValueId) -> Option<&T> {
        self.items.get(value.index()).and_then(Option::as_ref)
    }

    /// Whether something is known of a value.
    pub(crate) fn contains(&self, value: ValueId) -> bool {
        self.get(value).is_some()
    }

    /// The slot of a value, to be written.
    pub(crate) fn slot(&mut self, value: ValueId) -> &mut Option<T> {
        let at = value.index();
        if self.items.len() <= at {
            self.items.resize_with((at + 1).next_power_of_two(), || None);
        }
        #[allow(clippy::indexing_slicing, reason = "the vector was just made longer than that")]
        &mut self.items[at]
    }

    /// Notes something of a value.
    pub(crate) fn insert(&mut self, value: ValueId, item: T) {
        *self.slot(value) = Some(item);
    }
}

impl Table<usize> {
    /// Adds to the count of a value.
    pub(crate) fn count(&mut self, value: ValueId, more: usize) {
        *self.slot(value).get_or_insert(0) += more;
    }
}

/// A set of values.
#[derive(Clone, Debug)]
pub(crate) struct ValueSet {
    /// For each value whether it is in the set; those after the end are not.
    marks: Vec<bool>,
}

impl ValueSet {
    /// No value.
    pub(crate) const fn new() -> Self {
        Self { marks: Vec::new() }
    }

    /// Whether a value is in the set.
    pub(crate) fn contains(&self, value: ValueId) -> bool {
        self.marks.get(value.index()) == Some(&true)
    }

    /// Puts a value into the set.
    pub(crate) fn mark(&mut self, value: ValueId) {
        let at = value.index();
        if self.marks.len() <= at {
            self.grow(at + 1);
        }
        if let Some(mark) = self.marks.get_mut(at) {
            *mark = true;
        }
    }

    /// Puts values into the set.
    pub(crate) fn mark_all<'v>(&mut self, values: impl IntoIterator<Item = &'v ValueId>) {
        values.into_iter().for_each(|&value| self.mark(value));
    }

    /// Makes room for so many values, all at once: one by one they cost more than all else here.
    fn grow(&mut self, len: usize) {
        let mut marks = vec![false; len.next_power_of_two()];
        if let Some(known) = marks.get_mut(..self.marks.len()) {
            known.copy_from_slice(&self.marks);
        }
        self.marks = marks;
    }
}
