//! Gradients of straight-line functions: what `#[grad]` emits against what is written by hand.
//!
//! ```text
//! cargo bench --bench straight_line                        times, as ratios of the same round
//! cargo bench --bench straight_line -- det4 harmonics      of these functions only
//! cargo bench --bench straight_line -- --rounds 31         a quick run
//! cargo bench --bench straight_line -- --count             instructions per call
//! cargo bench --bench straight_line -- --count det4 ours   of one function by one way
//! cargo bench --bench straight_line -- --call det4 ours 1000   just the calls, for other tools
//! ```
//!
//! Every gradient is checked first: against finite differences, and the ways against each other.
//! Times come from a machine that does other things too, so only ratios of neighbouring
//! measurements mean something. Counts need `valgrind` and `objdump`, and do not vary.

#![allow(clippy::many_single_char_names, reason = "as the formulas are written")]

mod black_scholes;
mod correct;
mod count;
mod det4;
mod dihedral;
mod disassembly;
mod harmonics;
mod haversine;
mod kernel;
mod lennard_jones;
mod lotka_volterra;
mod mixture;
mod network;
mod normal;
mod pendulum;
mod report;
mod reprojection;
mod rosenbrock;
mod time;
mod van_genuchten;
mod xysin;

use std::process::ExitCode;

use kernel::{Kernel, Way};
use report::Failure;

/// A kernel as functions of no type: one row of the tables.
struct Row {
    name: &'static str,
    has: fn(Way) -> bool,
    check: fn() -> Result<(), Failure>,
    time: fn(usize) -> time::Times,
    call: fn(Way, usize),
}

impl Row {
    const fn of<K: Kernel>() -> Self {
        Self {
            name: K::NAME,
            has: kernel::has::<K>,
            check: correct::check::<K>,
            time: time::time::<K>,
            call: count::call::<K>,
        }
    }
}

const ROWS: &[Row] = &[
    Row::of::<xysin::XySin>(),
    Row::of::<van_genuchten::VanGenuchten>(),
    Row::of::<haversine::Haversine>(),
    Row::of::<lennard_jones::LennardJones>(),
    Row::of::<rosenbrock::Rosenbrock>(),
    Row::of::<mixture::Mixture>(),
    Row::of::<network::Network>(),
    Row::of::<normal::Normal>(),
    Row::of::<pendulum::Pendulum>(),
    Row::of::<det4::Det4>(),
    Row::of::<dihedral::Dihedral>(),
    Row::of::<lotka_volterra::LotkaVolterra>(),
    Row::of::<reprojection::Reprojection>(),
    Row::of::<harmonics::Harmonics>(),
    Row::of::<black_scholes::BlackScholesBySeries>(),
    Row::of::<black_scholes::BlackScholes>(),
];

/// Rounds of timing where nothing else is said.
const ROUNDS: usize = 401;
/// Calls where nothing else is said.
const CALLS: usize = 1000;

/// What the arguments ask for.
#[derive(Clone, Copy, PartialEq)]
enum Task {
    Time,
    Count,
    Call,
}

struct Arguments {
    task: Task,
    names: Vec<String>,
    way: Option<Way>,
    number: Option<usize>,
}

impl Arguments {
    fn read(arguments: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let mut read = Self { task: Task::Time, names: Vec::new(), way: None, number: None };
        for argument in arguments {
            if let Some(way) = Way::ALL.into_iter().find(|way| way.name() == argument) {
                read.way = Some(way);
            } else if let Ok(number) = argument.parse() {
                read.number = Some(number);
            } else {
                match argument.as_str() {
                    // `cargo bench` says it to every benchmark.
                    "--bench" | "--rounds" => {}
                    "--count" => read.task = Task::Count,
                    "--call" => read.task = Task::Call,
                    name if ROWS.iter().any(|row| row.name == name) => read.names.push(argument),
                    _ => return Err(Failure(format!("there is no `{argument}`"))),
                }
            }
        }
        Ok(read)
    }

    fn rows(&self) -> impl Iterator<Item = &'static Row> {
        let all = self.names.is_empty();
        ROWS.iter().filter(move |row| all || self.names.iter().any(|name| name == row.name))
    }

    fn rounds(&self) -> usize {
        let from_environment = || std::env::var("AUTODIFF_BENCH_ROUNDS").ok()?.parse().ok();
        self.number.or_else(from_environment).unwrap_or(ROUNDS).max(1)
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.task != Task::Call {
        arguments.rows().try_for_each(|row| (row.check)())?;
    }
    match arguments.task {
        Task::Time => {
            let rounds = arguments.rounds();
            let rows = arguments.rows().map(|row| (row.name, (row.time)(rounds)));
            report::times(rounds, rows);
        }
        Task::Count => report::counts(arguments.way, arguments.rows())?,
        Task::Call => {
            let way = arguments.way.unwrap_or(Way::Ours);
            let calls = arguments.number.unwrap_or(CALLS);
            arguments.rows().for_each(|row| (row.call)(way, calls));
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    match Arguments::read(std::env::args().skip(1)).and_then(|arguments| run(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}
