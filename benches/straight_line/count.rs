//! Instructions per call, counted by `valgrind` in a process that does nothing else.

use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use crate::disassembly::Disassembly;
use crate::kernel::{Kernel, Way, inputs};
use crate::report::Failure;

/// What is counted, per call.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    /// All instructions, those of elementary functions included.
    pub(crate) instructions: f64,
    /// Those outside of elementary functions.
    pub(crate) own: f64,
    /// Additions, products, quotients and roots among the latter; each part of a vector is one.
    pub(crate) floats: f64,
}

/// How many calls are counted.
const CALLS: u16 = 640;

/// Calls a kernel.
pub(crate) fn call<K: Kernel>(way: Way, calls: usize) {
    let inputs = inputs::<K>();
    match way {
        Way::Primal => counted(K::primal, &inputs, calls),
        Way::Ours => counted(K::ours, &inputs, calls),
        Way::Hand => counted(K::hand, &inputs, calls),
        Way::Plain => counted(K::plain, &inputs, calls),
        Way::Expert => counted(K::expert, &inputs, calls),
    }
}

/// What is counted while this runs: [`profile`] knows its name.
#[inline(never)]
fn counted<I, T>(function: fn(&I) -> T, inputs: &[I], calls: usize) {
    let function = black_box(function);
    for input in inputs.iter().cycle().take(calls) {
        black_box(function(black_box(input)));
    }
}

/// Counts calls of a kernel, in a process of their own.
pub(crate) fn count(
    name: &str,
    way: Way,
    program: &Path,
    disassembly: &Disassembly,
) -> Result<Counts, Failure> {
    let profile = profile(name, way, program)?;
    let mut counts = Counts::default();
    for (place, executed) in Places::of(&profile) {
        if place.function.contains("count::counted") {
            continue;
        }
        counts.instructions += executed;
        if Path::new(place.object) == program {
            counts.own += executed;
            counts.floats += executed * disassembly.floats(place.address);
        }
    }
    let calls = f64::from(CALLS);
    counts.instructions /= calls;
    counts.own /= calls;
    counts.floats /= calls;
    Ok(counts)
}

/// What `valgrind` writes of a run with nothing but the calls.
fn profile(name: &str, way: Way, program: &Path) -> Result<String, Failure> {
    let file = program.with_extension(format!("{name}-{}.callgrind", way.name()));
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--dump-instr=yes", "--dump-line=no"])
        .args(["--compress-strings=no", "--compress-pos=no"])
        .args(["--collect-atstart=no", "--toggle-collect=*count::counted*"])
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(program)
        .args(["--call", name, way.name(), &CALLS.to_string()])
        .output()
        .map_err(|error| Failure(format!("valgrind: {error}")))?;
    if !output.status.success() {
        return Err(Failure(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    let profile = std::fs::read_to_string(&file);
    // A file that stays is in nobody's way.
    let _ = std::fs::remove_file(&file);
    profile.map_err(|error| Failure(format!("{}: {error}", file.display())))
}

/// Where an instruction is.
#[derive(Clone, Copy)]
struct Place<'p> {
    object: &'p str,
    function: &'p str,
    address: u64,
}

/// The instructions of a profile, and how often each ran.
struct Places<'p> {
    lines: std::str::Lines<'p>,
    object: &'p str,
    function: &'p str,
}

impl<'p> Places<'p> {
    fn of(profile: &'p str) -> Self {
        Self { lines: profile.lines(), object: "", function: "" }
    }
}

impl<'p> Iterator for Places<'p> {
    type Item = (Place<'p>, f64);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let line = self.lines.next()?;
            if let Some(object) = line.strip_prefix("ob=") {
                self.object = object;
            } else if let Some(function) = line.strip_prefix("fn=") {
                self.function = function;
            } else if line.starts_with("calls=") {
                // What the callee costs: it is listed by itself.
                self.lines.next();
            } else if let Some((address, executed)) = executed(line) {
                let (object, function) = (self.object, self.function);
                return Some((Place { object, function, address }, executed));
            }
        }
    }
}

/// `0x5ba60 640`
fn executed(line: &str) -> Option<(u64, f64)> {
    let (address, executed) = line.strip_prefix("0x")?.split_once(' ')?;
    Some((u64::from_str_radix(address, 16).ok()?, executed.trim().parse().ok()?))
}
