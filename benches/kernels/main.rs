//! Gradients of loops: what `#[grad]` emits against what is written by hand.
//!
//! ```text
//! cargo bench --bench kernels                        times, as ratios of the same round
//! cargo bench --bench kernels -- gmm lse             of the kernels whose names start so
//! cargo bench --bench kernels -- --rounds 31         a quick run
//! cargo bench --bench kernels -- lse ours 100000     just the calls, for a profiler
//! cargo bench --bench kernels -- --instructions      counts, against `instructions.csv` (`--bless` writes it)
//! ```
//!
//! Every gradient is checked first: the ways against each other, and against finite differences.
//! Times come from a machine that does other things too, so only ratios of neighbouring
//! measurements mean something. The kernels and their sizes are those of `GradBench`, `ADBench` and
//! Enzyme's own benchmarks; the reprojection of `ADBench`, which has no loop, is in `straight_line`.

#![allow(
    clippy::many_single_char_names,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::too_many_lines,
    reason = "as the formulas are written"
)]
#![allow(clippy::cast_precision_loss, reason = "the counts are small")]

mod brusselator;
mod clusters;
mod correct;
mod count;
mod determinant;
mod hand;
mod kernel;
mod least_squares;
mod log_sum_exp;
mod lstm;
mod matrix;
mod mixture;
mod particle;
mod perceptron;
mod predator_prey;
mod rosenbrock;
mod runge_kutta;
mod saddle;
mod stencil;
mod time;

use std::process::ExitCode;

use kernel::{Kernel, Random, Way};

fn kernels() -> Vec<Box<dyn Kernel>> {
    vec![
        Box::new(rosenbrock::Rosenbrock),
        Box::new(log_sum_exp::LogSumExp),
        Box::new(perceptron::Perceptron::new("mlp_64_64_1_b1", 1)),
        Box::new(perceptron::Perceptron::new("mlp_64_64_1_b32", 32)),
        Box::new(matrix::Matrix { squares: false }),
        Box::new(matrix::Matrix { squares: true }),
        Box::new(stencil::Stencil { grows: false }),
        Box::new(stencil::Stencil { grows: true }),
        Box::new(predator_prey::PredatorPrey),
        Box::new(runge_kutta::RungeKutta),
        Box::new(brusselator::Brusselator::new()),
        Box::new(clusters::Clusters::new()),
        Box::new(least_squares::LeastSquares),
        Box::new(mixture::Mixture::new("gmm_d2_K5_n1000", 2, 5)),
        Box::new(mixture::Mixture::new("gmm_d10_K25_n1000", 10, 25)),
        Box::new(mixture::Mixture::new("gmm_d64_K5_n1000", 64, 5)),
        Box::new(lstm::Lstm::new("lstm_l2_c1024", 2)),
        Box::new(lstm::Lstm::new("lstm_l4_c1024", 4)),
        Box::new(determinant::Determinant),
        Box::new(particle::Particle),
        Box::new(saddle::Saddle),
        Box::new(hand::Tracking::new()),
    ]
}

/// Rounds of timing where nothing else is said.
const ROUNDS: usize = 101;

/// The ratios of times that the table has.
const RATIOS: [(Way, Way); 4] = [
    (Way::Ours, Way::Mechanical),
    (Way::Ours, Way::Expert),
    (Way::Ours, Way::Primal),
    (Way::Mechanical, Way::Primal),
];

#[derive(Default)]
struct Arguments {
    names: Vec<String>,
    way: Option<Way>,
    number: Option<usize>,
    /// Whether instructions are counted, and whether the counts are written down.
    instructions: bool,
    bless: bool,
    /// Just the calls.
    unchecked: bool,
}

impl Arguments {
    fn read(arguments: impl Iterator<Item = String>) -> Self {
        let mut read = Self::default();
        for argument in arguments {
            if let Some(way) = Way::ALL.into_iter().find(|way| way.name() == argument) {
                read.way = Some(way);
            } else if let Ok(number) = argument.parse() {
                read.number = Some(number);
            } else if argument.starts_with("--") {
                read.instructions |= argument == "--instructions";
                read.bless |= argument == "--bless";
                read.unchecked |= argument == "--unchecked";
            } else {
                read.names.push(argument);
            }
        }
        read
    }

    fn kernels(&self) -> Vec<Box<dyn Kernel>> {
        let mut kernels = kernels();
        if !self.names.is_empty() {
            kernels.retain(|k| self.names.iter().any(|name| k.name().starts_with(name)));
        }
        kernels
    }
}

fn table(kernels: &[Box<dyn Kernel>], rounds: usize) {
    println!("us per call in the fastest round; ratios of the same round, medians of {rounds}");
    print!("{:20}", "");
    Way::ALL.iter().for_each(|way| print!("{:>11}", way.name()));
    RATIOS.iter().for_each(|(a, b)| print!("{:>19}", format!("{}/{}", a.name(), b.name())));
    println!();
    let mut logarithms = [0.0; RATIOS.len()];
    for kernel in kernels {
        print!("{:20}", kernel.name());
        let times = time::time(kernel.as_ref(), rounds);
        Way::ALL.iter().for_each(|way| print!("{:11.2}", times.fastest(*way) * 1e6));
        for ((way, to), sum) in RATIOS.iter().zip(&mut logarithms) {
            let ratio = times.ratio(*way, *to);
            print!("{ratio:19.3}");
            *sum += ratio.ln();
        }
        println!();
    }
    print!("{:64}", "geometric mean");
    logarithms.iter().for_each(|sum| print!("{:19.3}", (sum / kernels.len() as f64).exp()));
    println!();
}

fn calls(kernel: &dyn Kernel, way: Way, count: usize) {
    let x = kernel.point(&mut Random::new(1));
    let mut bar = vec![0.0; x.len()];
    for _ in 0..count {
        std::hint::black_box(kernel::call(kernel, way, std::hint::black_box(&x), &mut bar));
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::read(std::env::args().skip(1));
    let kernels = arguments.kernels();
    if arguments.unchecked {
        let (way, count) = (arguments.way.unwrap_or(Way::Ours), arguments.number.unwrap_or(1));
        kernels.iter().for_each(|kernel| calls(kernel.as_ref(), way, count));
        return ExitCode::SUCCESS;
    }
    if arguments.instructions {
        let compared = count::compare(arguments.bless);
        let failed = compared.inspect_err(|failure| eprintln!("{failure}")).is_err();
        return if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    }
    let checked = kernels.iter().filter_map(|kernel| correct::check(kernel.as_ref()).err());
    let failures: Vec<String> = checked.collect();
    failures.iter().for_each(|failure| eprintln!("{failure}"));
    match arguments.way {
        Some(way) => {
            kernels.iter().for_each(|k| calls(k.as_ref(), way, arguments.number.unwrap_or(1000)));
        }
        None => table(&kernels, arguments.number.unwrap_or(ROUNDS).max(1)),
    }
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
