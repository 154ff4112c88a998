//! Forward-mode differentiation by running Rust source on dual numbers.
//!
//! It shares nothing with the compiler: no IR, no rules, no lowering. What it does not know, it
//! refuses, so that a test that relies on it fails rather than passes in silence.

mod chain;
mod expression;
mod method;
mod operator;
mod pattern;
mod place;
mod sequence;
mod statement;

use std::collections::BTreeMap;

use self::place::Place;
use super::dual::Num;

/// A value of an interpreted program. Shared references are what they refer to.
#[derive(Clone, Debug)]
pub enum Val<T> {
    Float(T),
    Int(i128),
    Bool(bool),
    Tuple(Vec<Val<T>>),
    Array(Vec<Val<T>>),
    /// `start..end`
    Range(Option<i128>, Option<i128>),
    /// What is left of an iterator.
    Items(Vec<Val<T>>),
    /// A `&mut`.
    Mut(Place),
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

    /// Runs a function.
    pub fn run<T: Num>(&self, name: &str, args: Vec<Val<T>>) -> Result<Outcome<T>, Halt> {
        let (mut variables, mut passed) = (Vec::new(), Vec::new());
        for (arg, mutable) in args.into_iter().zip(self.mutable_params(name)) {
            passed.push(if mutable {
                Val::Mut(Place::of_slot(variables.len()))
            } else {
                arg.clone()
            });
            if mutable {
                variables.push((String::new(), arg));
            }
        }
        let mut machine = Machine {
            source: self,
            variables,
            frame: 0,
            closures: Vec::new(),
            peak: 1.0,
            fuel: 200_000,
        };
        match machine.call(name, passed) {
            Ok(result) => {
                let exits = machine.variables.into_iter().map(|(_, value)| value).collect();
                Ok(Outcome { result, exits, peak: machine.peak })
            }
            Err(Stop::Halt(halt)) => Err(halt),
            Err(Stop::Break(..) | Stop::Continue(_) | Stop::Return(_)) => {
                Err(Halt::Unknown("an exit from the function".to_owned()))
            }
        }
    }

    /// Whether each parameter of a function is a `&mut`.
    fn mutable_params(&self, name: &str) -> Vec<bool> {
        let inputs = self.functions.get(name).map(|function| &function.sig.inputs);
        let is_mutable = |input: &syn::FnArg| match input {
            syn::FnArg::Typed(param) => {
                matches!(&*param.ty, syn::Type::Reference(ty) if ty.mutability.is_some())
            }
            syn::FnArg::Receiver(_) => false,
        };
        inputs.into_iter().flatten().map(is_mutable).collect()
    }
}

/// What a run gives.
pub struct Outcome<T> {
    pub result: Val<T>,
    /// What each `&mut` parameter refers to on return.
    pub exits: Vec<Val<T>>,
    /// The greatest magnitude met on the way, which bounds the rounding errors.
    pub peak: f64,
}

/// The state of a run: the variables of the active functions, the innermost last.
struct Machine<'s, T> {
    source: &'s Source,
    variables: Vec<(String, Val<T>)>,
    /// Where those of the function at hand begin.
    frame: usize,
    /// Closures that have names.
    closures: Vec<(String, syn::ExprClosure)>,
    peak: f64,
    fuel: usize,
}

impl<T: Num> Machine<'_, T> {
    fn call(&mut self, name: &str, args: Vec<Val<T>>) -> Run<T> {
        let Some(function) = self.source.functions.get(name) else {
            return Err(unknown(&format!("function `{name}`")));
        };
        // The caller's variables are out of scope, but not out of reach.
        let outer = std::mem::replace(&mut self.frame, self.variables.len());
        let result = self.scope(|machine| machine.body(function, args));
        self.frame = outer;
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

    /// The position of the variable that a name means here.
    fn slot(&self, name: &str) -> Option<usize> {
        let visible = self.variables.iter().enumerate().skip(self.frame);
        visible.rev().find(|(_, (known, _))| known == name).map(|(slot, _)| slot)
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

/// An index into that many elements.
fn index<T>(n: i128, len: usize) -> Run<T, usize> {
    let known = usize::try_from(n).ok().filter(|n| *n < len);
    known.ok_or_else(|| panic(format!("index {n} of {len}")))
}

fn text(tokens: &impl quote::ToTokens) -> String {
    tokens.to_token_stream().to_string()
}
