//! Side tables indexed by value: what the passes know of each.

use super::ValueId;

/// A map from values; reading and writing cost an index.
#[derive(Clone, Debug, PartialEq)]
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

impl Table<()> {
    /// Puts a value into the set.
    pub(crate) fn mark(&mut self, value: ValueId) {
        self.insert(value, ());
    }

    /// Puts values into the set.
    pub(crate) fn mark_all<'v>(&mut self, values: impl IntoIterator<Item = &'v ValueId>) {
        values.into_iter().for_each(|&value| self.mark(value));
    }
}
