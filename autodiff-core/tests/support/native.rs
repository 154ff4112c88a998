//! Programs as rustc compiles them.

use std::path::Path;
use std::process::Command;

use autodiff_core::ir::eval::Value;

use super::programs::{Program, Ty};

/// What is printed of a result: the bits of its floats.
const PRELUDE: &str = "
use std::panic::{AssertUnwindSafe, catch_unwind};
trait Floats { fn add_to(&self, bits: &mut Vec<String>); }
impl Floats for f64 {
    fn add_to(&self, bits: &mut Vec<String>) { bits.push(self.to_bits().to_string()); }
}
impl<T: Floats> Floats for [T] {
    fn add_to(&self, bits: &mut Vec<String>) { self.iter().for_each(|part| part.add_to(bits)); }
}
impl<T: Floats, const N: usize> Floats for [T; N] {
    fn add_to(&self, bits: &mut Vec<String>) { self[..].add_to(bits); }
}
impl<A: Floats, B: Floats> Floats for (A, B) {
    fn add_to(&self, bits: &mut Vec<String>) { self.0.add_to(bits); self.1.add_to(bits); }
}
fn report(run: impl FnOnce(&mut Vec<String>)) {
    let mut bits = Vec::new();
    match catch_unwind(AssertUnwindSafe(|| run(&mut bits))) {
        Ok(()) => println!(\"{}\", bits.join(\" \")),
        Err(_) => println!(\"panic\"),
    }
}
";

/// Runs each program with its arguments: the floats of its result and then of what its `&mut`
/// parameters refer to on return, or nothing if it panics.
pub fn run(programs: &[(Program, Vec<Value>)], directory: &Path) -> Vec<Option<Vec<f64>>> {
    let (mut modules, mut calls) = (String::new(), String::new());
    for (number, (program, args)) in programs.iter().enumerate() {
        let functions = program.functions.join("\n").replace("fn f(", "pub fn f(");
        modules.push_str(&format!("mod p{number} {{ {functions} }}\n"));
        calls.push_str(&call(number, &program.params, args));
    }
    let main = format!("fn main() {{ std::panic::set_hook(Box::new(|_| {{}}));\n{calls} }}");
    let (source, binary) = (directory.join("programs.rs"), directory.join("programs"));
    std::fs::write(&source, [PRELUDE, &modules, &main].concat()).expect("a place for programs");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut compile = Command::new(rustc);
    compile.args(["--edition", "2024", "--cap-lints", "allow", "-o"]).arg(&binary).arg(&source);
    let compiled = compile.output().expect("rustc");
    let errors = String::from_utf8_lossy(&compiled.stderr);
    assert!(
        compiled.status.success(),
        "{}",
        errors.lines().take(60).collect::<Vec<_>>().join("\n")
    );
    let output = Command::new(&binary).output().expect("the programs");
    String::from_utf8_lossy(&output.stdout).lines().map(parsed).collect()
}

/// A call of program `number`.
fn call(number: usize, params: &[Ty], args: &[Value]) -> String {
    let (mut before, mut passed, mut after) = (String::new(), Vec::new(), String::new());
    for (at, (ty, arg)) in params.iter().zip(args).enumerate() {
        let literal = literal(arg);
        passed.push(match ty {
            Ty::MutSlice => {
                before.push_str(&format!("let mut a{at} = {literal};"));
                after.push_str(&format!("a{at}.add_to(bits);"));
                format!("&mut a{at}")
            }
            Ty::Slice | Ty::FloatRef => format!("&{literal}"),
            _ => literal,
        });
    }
    let passed = passed.join(", ");
    format!("report(|bits| {{ {before} p{number}::f({passed}).add_to(bits); {after} }});\n")
}

fn literal(value: &Value) -> String {
    let list = |parts: &[Value]| parts.iter().map(literal).collect::<Vec<_>>().join(", ");
    match value {
        Value::Float(x) => format!("{x:?}"),
        Value::Int(n) => n.to_string(),
        Value::Bool(b) => b.to_string(),
        Value::Tuple(parts) => format!("({})", list(parts)),
        Value::Array(parts) => format!("[{}]", list(parts)),
        Value::Unit
        | Value::Optional(_)
        | Value::Default
        | Value::Tape(_)
        | Value::Record(..)
        | Value::Struct(_)
        | Value::Closure(..) => String::new(),
    }
}

fn parsed(line: &str) -> Option<Vec<f64>> {
    if line == "panic" {
        return None;
    }
    let bits = line.split_whitespace().map(|bits| bits.parse().expect("the bits of a float"));
    Some(bits.map(f64::from_bits).collect())
}
