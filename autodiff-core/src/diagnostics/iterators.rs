//! The loops to write in place of iterators' methods that are not accepted.

/// What to write instead of a method.
pub(super) fn instead_of(name: &str) -> String {
    if name == "from_fn" {
        return "say how long the array is: `let a: [f64; 3] = …`".to_owned();
    }
    if name.contains("par_") {
        return "write the sum as a free function with `#[grad]` that takes what it needs as \
                parameters, or write `iter` in place of `par_iter`"
            .to_owned();
    }
    match LOOPS.iter().find(|(names, _)| names.contains(&name)) {
        Some((_, code)) => format!("write the loop: `{code}`"),
        None => format!(
            "write what `{name}` does as a loop over the elements: \
             `for i in 0..xs.len() {{ let x = xs[i]; … }}`"
        ),
    }
}

/// Methods of `std` and of `itertools`, and their loops.
const LOOPS: &[(&[&str], &str)] = &[
    (
        &["fold", "sum", "product", "sum_by", "fold_ok"],
        "let mut total = 0.0; for x in xs { total += …; }",
    ),
    (
        &["try_fold", "try_for_each", "fold_while"],
        "let mut total = 0.0; for x in xs { if … { break; } total += …; }",
    ),
    (&["last"], "let mut last = xs[0]; for x in xs { last = x; }"),
    (&["for_each"], "for x in xs { … }"),
    (
        &["zip", "zip_eq", "zip_longest"],
        "for i in 0..xs.len().min(ys.len()) { let (x, y) = (xs[i], ys[i]); … }",
    ),
    (&["rev"], "for i in (0..xs.len()).rev() { let x = xs[i]; … }"),
    (&["skip"], "for i in k..xs.len() { let x = xs[i]; … }"),
    (&["take"], "for i in 0..xs.len().min(k) { let x = xs[i]; … }"),
    (&["step_by"], "for i in (0..xs.len()).step_by(k) { let x = xs[i]; … }"),
    (&["enumerate"], "for i in 0..xs.len() { let x = xs[i]; … }"),
    (&["filter", "positions"], "for x in xs { if … { … } }"),
    (
        &["filter_map", "map_while", "flatten_ok", "filter_ok"],
        "for x in xs { if let Some(y) = … { … } }",
    ),
    (&["take_while", "take_while_inclusive", "while_some"], "for x in xs { if !(…) { break; } … }"),
    (&["skip_while"], "let mut skips = true; for x in xs { skips = skips && …; if !skips { … } }"),
    (
        &["flat_map", "flatten", "cartesian_product", "chain", "concat"],
        "for x in xs { for y in ys { … } }",
    ),
    (&["scan", "successors"], "let mut state = …; for x in xs { state = …; … }"),
    (&["map", "inspect", "update"], "for x in xs { let y = …; … }"),
    (&["cycle"], "for i in 0..n { let x = xs[i % xs.len()]; … }"),
    (
        &["peekable", "peeking_take_while"],
        "for i in 0..xs.len() { let x = xs[i]; if i + 1 < xs.len() { let next = xs[i + 1]; … } }",
    ),
    (
        &["chunk_by", "group_by", "chunk_by_mut"],
        "let mut end = 0; while end < xs.len() { let start = end; end += 1; \
         while end < xs.len() && … { end += 1; } let chunk = &xs[start..end]; … }",
    ),
    (&["array_chunks", "as_chunks", "tuples"], "for chunk in xs.chunks_exact(n) { … }"),
    (
        &["array_windows", "tuple_windows", "map_windows", "circular_tuple_windows"],
        "for w in xs.windows(n) { … }",
    ),
    (
        &["split", "splitn", "rsplit", "split_inclusive"],
        "let mut start = 0; for i in 0..xs.len() { if … { let part = &xs[start..i]; …; start = i + 1; } }",
    ),
    (
        &["tuple_combinations", "array_combinations", "combinations"],
        "for i in 0..xs.len() { for j in i + 1..xs.len() { let (x, y) = (xs[i], xs[j]); … } }",
    ),
    (
        &["max_by", "max_by_key", "max", "reduce", "max_set_by"],
        "let mut best = xs[0]; for x in xs { if x > best { best = x; } }",
    ),
    (
        &["min_by", "min_by_key", "min", "min_set_by"],
        "let mut best = xs[0]; for x in xs { if x < best { best = x; } }",
    ),
    (
        &["minmax_by", "minmax", "minmax_by_key"],
        "let (mut low, mut high) = (xs[0], xs[0]); for x in xs { low = low.min(x); high = high.max(x); }",
    ),
    (
        &["next", "nth", "find", "find_map", "next_back", "nth_back", "rfind"],
        "let mut found = 0.0; for x in xs { if … { found = x; break; } }",
    ),
    (
        &["collect", "collect_vec", "collect_array", "extend", "drain", "sorted_by"],
        "let mut out = Vec::new(); for x in xs { out.push(…); }",
    ),
    (
        &["unzip", "multiunzip"],
        "let (mut a, mut b) = (Vec::new(), Vec::new()); for x in xs { a.push(…); b.push(…); }",
    ),
    (
        &["partition", "partition_map"],
        "let (mut a, mut b) = (Vec::new(), Vec::new()); for x in xs { if … { a.push(x); } else { b.push(x); } }",
    ),
    (
        &["interleave", "interleave_shortest"],
        "for i in 0..xs.len() { let (x, y) = (xs[i], ys[i]); … }",
    ),
    (
        &["intersperse", "intersperse_with", "pad_using"],
        "for i in 0..xs.len() { if i > 0 { … } let x = xs[i]; … }",
    ),
    (&["rfold", "try_rfold"], "let mut total = 0.0; for i in (0..xs.len()).rev() { total += …; }"),
];
