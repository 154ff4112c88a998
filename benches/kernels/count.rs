//! Instructions of a gradient, counted by `valgrind`, beside those of the last time.
//!
//! They are the same on every run, busy machine or not, so that a change which makes emitted code
//! slower is seen where it happens. Of kernels without elementary functions: those of the system's
//! mathematical library differ from machine to machine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

type Failure = Box<dyn std::error::Error>;

/// The kernels that are counted.
const COUNTED: [&str; 10] =
    ["rosen", "matsum", "matsq", "heat", "fisher", "lv", "gbode", "bruss", "kmeans", "llsq"];

/// A change of more than that fails.
const ALLOWED: f64 = 0.03;

/// The calls of which the difference is counted.
const CALLS: [usize; 2] = [1, 4];

fn table() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/kernels/instructions.csv")
}

/// Compares the counts with those in the table, or writes them there.
pub(crate) fn compare(bless: bool) -> Result<(), Failure> {
    let compiler = compiler()?;
    let mut counts = BTreeMap::new();
    for name in COUNTED {
        let [few, many] = CALLS.map(|calls| instructions(name, calls));
        let per_call = (many? - few?) / (CALLS[1] - CALLS[0]) as f64;
        println!("{name:12} {per_call:14.0} instructions");
        counts.insert(name.to_owned(), per_call);
    }
    if bless {
        return write(&compiler, counts);
    }
    let mut reader = csv::Reader::from_path(table())?;
    let before = reader.headers()?.get(1).unwrap_or_default().to_owned();
    if before != compiler {
        println!("no comparison: the table is of {before}, this is {compiler}");
        return Ok(());
    }
    let mut changed = Vec::new();
    for record in reader.deserialize() {
        let (name, before): (String, f64) = record?;
        let Some(now) = counts.get(&name) else { continue };
        if (now / before - 1.0).abs() > ALLOWED {
            changed.push(format!("{name}: {before:.0} instructions before, {now:.0} now"));
        }
    }
    if changed.is_empty() { Ok(()) } else { Err(changed.join("\n").into()) }
}

fn write(compiler: &str, counts: BTreeMap<String, f64>) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_path(table())?;
    writer.write_record(["instructions per gradient", compiler])?;
    for (name, count) in counts {
        writer.write_record([name, format!("{count:.0}")])?;
    }
    Ok(writer.flush()?)
}

/// Another compiler makes other code.
fn compiler() -> Result<String, Failure> {
    let output = Command::new("rustc").arg("--version").output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// All that a process executes which does nothing but call.
fn instructions(name: &str, calls: usize) -> Result<f64, Failure> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args([name, "ours", &calls.to_string(), "--unchecked"])
        .output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let collected = text.lines().find_map(|line| line.split_once("Collected :"));
    let (_, number) =
        collected.ok_or_else(|| format!("valgrind says nothing of {name}: {text}"))?;
    Ok(number.trim().parse()?)
}
