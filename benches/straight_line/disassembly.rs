//! Which instructions of this program are float operations.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use crate::report::Failure;

/// How many float operations the instruction at an address is.
pub(crate) struct Disassembly {
    floats: HashMap<u64, f64>,
}

impl Disassembly {
    pub(crate) fn of(program: &Path) -> Result<Self, Failure> {
        let output = Command::new("objdump")
            .args(["--disassemble", "--no-show-raw-insn"])
            .arg(program)
            .output()
            .map_err(|error| Failure(format!("objdump: {error}")))?;
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(Self { floats: text.lines().filter_map(instruction).collect() })
    }

    pub(crate) fn floats(&self, address: u64) -> f64 {
        self.floats.get(&address).copied().unwrap_or(0.0)
    }
}

/// `59f88: addsd %xmm1,%xmm0`, if it is a float operation.
fn instruction(line: &str) -> Option<(u64, f64)> {
    let (address, instruction) = line.split_once(":\t")?;
    let address = u64::from_str_radix(address.trim(), 16).ok()?;
    let (name, operands) = instruction.split_once(' ').unwrap_or((instruction, ""));
    let name = name.strip_prefix('v').unwrap_or(name);
    let operations = match name.get(..3)? {
        "add" | "sub" | "mul" | "div" | "sqr" | "fad" | "fsu" | "fmu" | "fdi" | "fsq" => 1.0,
        "fma" | "fms" | "fnm" => 2.0,
        _ => return None,
    };
    let bytes = if operands.contains("%zmm") {
        64.0
    } else if operands.contains("%ymm") {
        32.0
    } else {
        16.0
    };
    let parts = match name.get(name.len().checked_sub(2)?..)? {
        "sd" | "ss" => 1.0,
        "pd" => bytes / 8.0,
        "ps" => bytes / 4.0,
        _ => return None,
    };
    Some((address, operations * parts))
}
