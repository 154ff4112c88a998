//! Forward-mode differentiation by running Rust source on dual numbers.
//!
//! It shares nothing with the compiler: no IR, no rules, no lowering. What it does not know, it
//! refuses, so that a test that relies on it fails rather than passes in silence.

mod expression;
mod method;
mod operator;
mod pattern;
mod place;
mod statement;

use std::collections::BTreeMap;

use super::dual::Num;

/// A value of an interpreted program. References are what they refer to.
#[derive(Clone, Debug)]
pub enum Val<T> {
    Float(T),
    Int(i128),
    Bool(bool),
    Tuple(Vec<Val<T>>),
    Array(Vec<Val<T>>),
    /// `start..end`
    Range(i128, i128),
    Unit,
}

/// Why a program gives no result.
#[derive(Clone, Debug)]
pub enum Halt {
    /// The program panics.
    Panic(String),
    /// The oracle does not know this.
    Unknown(String),
}

/// Why evaluation does not go on with the next expression.
#[derive(Clone, Debug)]
enum Stop<T> {
    Break(Option<String>, Val<T>),
    Continue(Option<String>),
    Return(Val<T>),
    Halt(Halt),
}

type Run<T, V = Val<T>> = Result<V, Stop<T>>;

/// The functions of a program by name.
pub struct Source {
    functions: BTreeMap<String, syn::ItemFn>,
}

impl Source {
    pub fn new(functions: impl IntoIterator<Item = syn::ItemFn>) -> Self {
        let named = |function: syn::ItemFn| (function.sig.ident.to_string(), function);
        Self { functions: functions.into_iter().map(named).collect() }
    }

    /// Runs a function; gives its result and the greatest magnitude met on the way, which bounds
    /// the rounding errors.
    pub fn run<T: Num>(&self, name: &str, args: Vec<Val<T>>) -> Result<(Val<T>, f64), Halt> {
        let mut machine = Machine { source: self, variables: Vec::new(), peak: 1.0, fuel: 200_000 };
        match machine.call(name, args) {
            Ok(result) => Ok((result, machine.peak)),
            Err(Stop::Halt(halt)) => Err(halt),
            Err(Stop::Break(..) | Stop::Continue(_) | Stop::Return(_)) => {
                Err(Halt::Unknown("an exit from the function".to_owned()))
            }
        }
    }
}

/// The state of a run: the variables of the active functions, the innermost last.
struct Machine<'s, T> {
    source: &'s Source,
    variables: Vec<(String, Val<T>)>,
    peak: f64,
    fuel: usize,
}

impl<T: Num> Machine<'_, T> {
    fn call(&mut self, name: &str, args: Vec<Val<T>>) -> Run<T> {
        let Some(function) = self.source.functions.get(name) else {
            return Err(unknown(&format!("function `{name}`")));
        };
        // The caller's variables are out of scope.
        let outer = std::mem::take(&mut self.variables);
        let result = self.body(function, args);
        self.variables = outer;
        result
    }

    fn body(&mut self, function: &syn::ItemFn, args: Vec<Val<T>>) -> Run<T> {
        for (input, arg) in function.sig.inputs.iter().zip(args) {
            let syn::FnArg::Typed(param) = input else { return Err(unknown("a receiver")) };
            if !self.matches(&param.pat, &arg)? {
                return Err(unknown("a refutable parameter"));
            }
        }
        match self.block(&function.block) {
            Err(Stop::Return(value)) => Ok(value),
            other => other,
        }
    }

    /// Notes the size of a number that was computed.
    fn computed(&mut self, x: T) -> Val<T> {
        let size = x.peak();
        if size.is_nan() || size > self.peak {
            self.peak = if size.is_nan() { f64::INFINITY } else { size };
        }
        Val::Float(x)
    }
}

fn unknown<T>(what: &str) -> Stop<T> {
    Stop::Halt(Halt::Unknown(what.to_owned()))
}

fn panic<T>(why: String) -> Stop<T> {
    Stop::Halt(Halt::Panic(why))
}

fn text(tokens: &impl quote::ToTokens) -> String {
    tokens.to_token_stream().to_string()
}
