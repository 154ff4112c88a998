//! The guide: its pages are there, what they include is there, and their blocks are tests.

use std::{error::Error, fs, path::Path};

#[test]
fn pages_include_what_there_is_and_blocks_are_tests() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/src");
    let tests = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/lib.rs"))?;
    let summary = fs::read_to_string(folder.join("SUMMARY.md"))?;
    let (mut pages, mut included) = (0, 0);
    for page in summary.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        let path = folder.join(page);
        let text = fs::read_to_string(&path).map_err(|error| format!("{page}: {error}"))?;
        let named = tests.contains(&format!("src/{page}\""));
        for line in text.lines() {
            if let Some(file) = line.strip_prefix("{{#include ").and_then(|l| l.strip_suffix("}}"))
            {
                let file = path.parent().ok_or("no folder")?.join(file);
                assert!(file.is_file(), "{page} includes {}", file.display());
                included += 1;
            } else if let Some(language) = line.strip_prefix("```") {
                assert!(
                    ["", "rust", "rust,compile_fail,E0277", "rust,compile_fail,E0369", "rs", "sh"]
                        .contains(&language),
                    "{page}: {line}"
                );
                assert!(named || !language.starts_with("rust"), "a block of {page} is no test");
            }
        }
        pages += 1;
    }
    assert!(pages >= 18 && included >= 18, "{pages} pages, {included} files");
    Ok(())
}
