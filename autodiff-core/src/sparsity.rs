//! Which elements of a matrix can differ from zero, read off the code that computes it.

use crate::hash::HashMap;
use crate::ir::{Function, Kind, Literal, ValueId};

/// The columns of each row, in order.
pub struct Pattern {
    /// How many columns there are.
    pub columns: usize,
    /// Those that are not zero everywhere.
    pub rows: Vec<Vec<usize>>,
}

/// The pattern of the matrices that a function gives, side by side: `None` where it does not put
/// them together from elements.
pub(crate) fn pattern(function: &Function) -> Option<Pattern> {
    let defined = function.body.insts.iter();
    let kinds: HashMap<ValueId, &Kind> =
        defined.filter_map(|inst| Some((*inst.results.first()?, &inst.kind))).collect();
    let parts = |value: ValueId| match kinds.get(&value) {
        Some(Kind::Array(parts)) => Some(parts),
        _ => None,
    };
    let mut pattern = Pattern { columns: 0, rows: Vec::new() };
    for &matrix in &function.body.yields {
        let rows = parts(matrix)?;
        pattern.rows.resize_with(rows.len(), Vec::new);
        let mut width = 1;
        for (into, &row) in pattern.rows.iter_mut().zip(rows) {
            // That of a float is one column.
            let elements = parts(row).map_or(std::slice::from_ref(&row), Vec::as_slice);
            width = elements.len();
            let is_zero = |value: &ValueId| {
                matches!(kinds.get(value), Some(Kind::Const(Literal::Number(0.0))))
            };
            let found = elements.iter().enumerate().filter(|(_, element)| !is_zero(element));
            into.extend(found.map(|(at, _)| pattern.columns + at));
        }
        pattern.columns += width;
    }
    Some(pattern)
}
