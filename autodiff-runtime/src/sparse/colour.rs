//! Colours of columns: those of one colour are computed in one sweep.

use alloc::vec;
use alloc::vec::Vec;

use super::Pattern;

/// A colour for each column of a [`Pattern`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colours {
    of: Vec<usize>,
    count: usize,
}

impl Colours {
    fn new(of: Vec<usize>) -> Self {
        let count = of.iter().max().map_or(0, |most| most + 1);
        Self { of, count }
    }

    /// How many sweeps there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// The colour of each column.
    #[must_use]
    pub fn of_columns(&self) -> &[usize] {
        &self.of
    }

    pub(crate) fn of(&self, column: usize) -> Option<usize> {
        self.of.get(column).copied()
    }

    /// The columns of each colour.
    pub(crate) fn groups(&self) -> Vec<Vec<usize>> {
        let mut groups = vec![Vec::new(); self.count];
        for (column, &colour) in self.of.iter().enumerate() {
            if let Some(group) = groups.get_mut(colour) {
                group.push(column);
            }
        }
        groups
    }
}

impl Pattern {
    /// Colours of which no row has one twice: the columns of one colour share no row.
    #[must_use]
    pub fn colours(&self) -> Colours {
        let rows_of = self.transposed();
        let mut greedy = Greedy::new(self.columns());
        for column in 0..self.columns() {
            for &row in rows_of.row(column) {
                self.row(row).iter().for_each(|&other| greedy.forbid_colour_of(other, column));
            }
            greedy.colour(column);
        }
        Colours::new(greedy.colours())
    }

    /// Colours for a symmetric matrix, of which each element is found in its column or its row:
    /// neighbours have different ones, and of four on a path there are three.
    ///
    /// # Panics
    ///
    /// If the pattern is not that of a symmetric matrix.
    #[must_use]
    pub fn symmetric_colours(&self) -> Colours {
        assert!(*self == self.transposed(), "the pattern is not symmetric");
        let mut greedy = Greedy::new(self.columns());
        for v in 0..self.columns() {
            let neighbours = |of: usize| self.row(of).iter().copied().filter(move |&w| w != of);
            for w in neighbours(v) {
                greedy.forbid_colour_of(w, v);
                let of_w = greedy.known(w);
                for x in neighbours(w).filter(|&x| x != v) {
                    let Some(of_x) = greedy.known(x) else { continue };
                    // v – w – x, and w may still become the colour of v: x must not be that.
                    let closes =
                        |of_w| neighbours(x).any(|y| y != w && greedy.known(y) == Some(of_w));
                    if of_w.is_none_or(closes) {
                        greedy.forbid(of_x, v);
                    }
                }
            }
            greedy.colour(v);
        }
        Colours::new(greedy.colours())
    }
}

/// Gives each vertex the first colour that is not forbidden.
struct Greedy {
    colours: Vec<Option<usize>>,
    /// For which vertex each colour was forbidden last.
    forbidden: Vec<Option<usize>>,
}

impl Greedy {
    fn new(vertices: usize) -> Self {
        Self { colours: vec![None; vertices], forbidden: vec![None; vertices] }
    }

    fn known(&self, vertex: usize) -> Option<usize> {
        self.colours.get(vertex).copied().flatten()
    }

    fn forbid(&mut self, colour: usize, vertex: usize) {
        if let Some(forbidden) = self.forbidden.get_mut(colour) {
            *forbidden = Some(vertex);
        }
    }

    fn forbid_colour_of(&mut self, other: usize, vertex: usize) {
        if let Some(colour) = self.known(other) {
            self.forbid(colour, vertex);
        }
    }

    fn colour(&mut self, vertex: usize) {
        let free = self.forbidden.iter().position(|&forbidden| forbidden != Some(vertex));
        if let Some(of) = self.colours.get_mut(vertex) {
            *of = free;
        }
    }

    /// There are as many colours as vertices, so that each has one.
    fn colours(self) -> Vec<usize> {
        self.colours.into_iter().flatten().collect()
    }
}
