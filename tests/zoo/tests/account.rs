//! Every annotated function of the tests is in the zoo, or is listed with the reason.

#[path = "../listed.rs"]
mod listed;

use listed::{ABSENT, ONLY_WIDE, UNCALLED, lists};

/// What the build script found.
mod found {
    include!(concat!(env!("OUT_DIR"), "/account.rs"));
}

#[test]
fn every_function_is_in_the_zoo_or_is_listed() {
    let is_listed = |label: &str| lists(ABSENT, label) || lists(UNCALLED, label);
    let missing: Vec<&&str> = found::ABSENT.iter().filter(|label| !is_listed(label)).collect();
    assert!(missing.is_empty(), "neither in the zoo nor in `listed.rs`: {missing:#?}");
    let missing: Vec<&&str> =
        found::ONLY_WIDE.iter().filter(|label| !lists(ONLY_WIDE, label)).collect();
    assert!(missing.is_empty(), "in `f64` only, and not in `listed.rs`: {missing:#?}");
    println!("of {} functions, {} are absent", found::COUNT, found::ABSENT.len());
}

/// A function that is in the zoo by now, or is not there at all, is not listed.
#[test]
fn what_is_listed_is_not_in_the_zoo() {
    for (table, absent) in
        [(ABSENT, found::ABSENT), (UNCALLED, found::ABSENT), (ONLY_WIDE, found::ONLY_WIDE)]
    {
        for label in table.iter().flat_map(|(_, labels)| *labels) {
            let is_it = |absent: &&str| match label.strip_suffix('*') {
                Some(start) => absent.starts_with(start),
                None => absent == label,
            };
            assert!(absent.iter().any(is_it), "{label} is listed, and is in the zoo or nowhere");
        }
    }
}
