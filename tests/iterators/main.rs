//! Iterators: collections of their items, picks, iterators that are made, elements that are
//! rearranged; and functions written in three ways.

#![deny(warnings)]
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::pedantic,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::unwrap_used,
    clippy::assign_op_pattern,
    clippy::redundant_closure,
    clippy::useless_vec,
    clippy::unnecessary_sort_by,
    clippy::unnecessary_fold,
    clippy::explicit_counter_loop,
    clippy::iter_skip_next,
    clippy::iter_nth,
    clippy::manual_repeat_n,
    clippy::unnecessary_lazy_evaluations,
    clippy::unnecessary_to_owned,
    clippy::type_complexity,
    clippy::manual_memcpy,
    reason = "the functions are chains and loops, written in every way that is accepted"
)]

mod apart;
mod arrays;
mod borrowed;
mod collected;
#[path = "../../benches/three_ways/gallery/mod.rs"]
mod gallery;
mod known;
mod made;
mod mixed;
mod neighbours;
mod pairs;
mod picked;
mod rearranged;
mod same;
mod stopped;

/// What the index loops, the `for` loops and the chains give is the same.
#[test]
fn three_ways() {
    let lists: [(&[f64], &[f64]); 3] = [
        (&[0.3, 1.2, -0.8, 0.9, 2.1, 0.4, -1.1, 0.7], &[0.6, -0.3]),
        (&[0.31, 0.27, 1.4, 0.5], &[0.8, 0.2, 0.45, 1.7]),
        (&[-0.3, 0.6, 0.8, 1.1, 0.15, -0.2], &[1.3, 0.9, -0.4]),
    ];
    for function in gallery::GALLERY {
        for (v, w) in lists {
            let (value, gradient) = (function.index.gradient)(v, w);
            let at = (v.to_vec(), w.to_vec());
            let primal = |(v, w): &(Vec<f64>, Vec<f64>)| (function.index.primal)(v, w);
            autodiff::check::assert_gradient(function.name, &["v", "w"], primal, &at, &gradient);
            for way in [&function.items, &function.chain] {
                let name = function.name;
                assert_eq!((way.primal)(v, w).to_bits(), value.to_bits(), "value of {name}");
                let (same, other) = (way.gradient)(v, w);
                assert_eq!(same.to_bits(), value.to_bits(), "value of the gradient of {name}");
                for (a, b) in [(&gradient.0, &other.0), (&gradient.1, &other.1)] {
                    approx::assert_relative_eq!(
                        a.as_slice(),
                        b.as_slice(),
                        max_relative = 1e-13,
                        epsilon = 1e-14
                    );
                }
            }
        }
    }
}
