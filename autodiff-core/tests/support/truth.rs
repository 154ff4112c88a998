//! First and second derivatives of a program, from one run of the oracle.

use autodiff_core::ir::eval::Value;

use super::dual::{Dual, Num};
use super::oracle::{Halt, Outcome, Source, Val};

/// How many floats the parameters of a program may have.
const LANES: usize = 16;

/// A gradient, of which each number has a derivative in one direction.
type Number = Dual<Dual<f64, 1>, LANES>;

/// What the oracle says of a program at a point.
pub struct Truth {
    /// The floats of the result, then those that the `&mut` parameters refer to on return.
    pub value: Vec<f64>,
    /// The tangent of each argument.
    pub direction: Vec<Value>,
    /// The greatest magnitude met.
    pub peak: f64,
    numbers: Vec<Number>,
    /// The floats of `direction` that belong to differentiated parameters.
    active: Vec<f64>,
}

impl Truth {
    /// Runs `f`.
    pub fn find(
        source: &Source,
        args: &[Value],
        direction: Vec<Value>,
        active: &[bool],
    ) -> Result<Self, Halt> {
        let mut lanes = Vec::new();
        let mut inputs = Vec::new();
        for ((arg, dot), active) in args.iter().zip(&direction).zip(active) {
            let first = lanes.len();
            if *active {
                lanes.extend(floats([dot]));
            }
            let mut seeds = lanes[first..].iter().copied().zip(first..);
            inputs.push(input(arg, &mut seeds));
        }
        if lanes.len() > LANES {
            return Err(Halt::Unknown("so many floats".to_owned()));
        }
        let Outcome { result, exits, peak } = source.run("f", inputs)?;
        let mut numbers = Vec::new();
        collect(&result, &mut numbers);
        exits.iter().for_each(|exit| collect(exit, &mut numbers));
        let value = numbers.iter().map(Num::value).collect();
        Ok(Self { value, direction, peak, numbers, active: lanes })
    }

    /// ẋ, of the differentiated parameters.
    pub fn direction(&self) -> Vec<f64> {
        self.active.clone()
    }

    /// x̄ = ȳ J
    pub fn cotangents(&self, y_bar: &[f64]) -> Vec<f64> {
        self.combined(y_bar, |slope| slope.re)
    }

    /// d/dε of x̄ at x + ε ẋ
    pub fn second(&self, y_bar: &[f64]) -> Vec<f64> {
        self.combined(y_bar, |slope| slope.eps[0])
    }

    /// ẏ = J ẋ
    pub fn tangent(&self) -> Vec<f64> {
        self.numbers.iter().map(|number| number.re.eps[0]).collect()
    }

    fn combined(&self, y_bar: &[f64], part: impl Fn(&Dual<f64, 1>) -> f64) -> Vec<f64> {
        let terms = |lane: usize| {
            let numbers = self.numbers.iter().zip(y_bar);
            numbers.map(|(number, y_bar)| y_bar * part(&number.eps[lane])).sum()
        };
        (0..self.active.len()).map(terms).collect()
    }
}

/// An argument as the oracle takes it, each float with its lane.
fn input(arg: &Value, seeds: &mut impl Iterator<Item = (f64, usize)>) -> Val<Number> {
    match arg {
        Value::Float(x) => {
            let mut number = Number::from_f64(*x);
            if let Some((dot, lane)) = seeds.next() {
                number.re.eps = [dot];
                number.eps[lane.min(LANES - 1)] = Dual::from_f64(1.0);
            }
            Val::Float(number)
        }
        Value::Int(n) => Val::Int(*n),
        Value::Bool(b) => Val::Bool(*b),
        Value::Tuple(parts) => Val::Tuple(parts.iter().map(|part| input(part, seeds)).collect()),
        Value::Array(parts) => Val::Array(parts.iter().map(|part| input(part, seeds)).collect()),
        Value::Struct(_)
        | Value::Optional(_)
        | Value::Unit
        | Value::Default
        | Value::Tape(_)
        | Value::Record(..)
        | Value::Closure(..) => Val::Unit,
    }
}

fn collect(value: &Val<Number>, numbers: &mut Vec<Number>) {
    match value {
        Val::Float(number) => numbers.push(number.clone()),
        Val::Tuple(parts) | Val::Array(parts) | Val::Items(parts) => {
            parts.iter().for_each(|part| collect(part, numbers));
        }
        Val::Int(_) | Val::Bool(_) | Val::Range(..) | Val::Mut(_) | Val::Unit => {}
    }
}

/// The floats of values, in order.
pub fn floats<'v>(values: impl IntoIterator<Item = &'v Value>) -> Vec<f64> {
    let mut found = Vec::new();
    values.into_iter().for_each(|value| gather(value, &mut found));
    found
}

fn gather(value: &Value, found: &mut Vec<f64>) {
    match value {
        Value::Float(x) => found.push(*x),
        Value::Tuple(parts) | Value::Array(parts) => {
            parts.iter().for_each(|part| gather(part, found));
        }
        Value::Int(_)
        | Value::Bool(_)
        | Value::Struct(_)
        | Value::Optional(_)
        | Value::Unit
        | Value::Tape(_)
        | Value::Default
        | Value::Record(..)
        | Value::Closure(..) => {}
    }
}
