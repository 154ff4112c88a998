//! The catalogue of refusals, and the collector that reports all of them in one run.

mod iterators;
mod rules;

use proc_macro2::{Span, TokenStream};

/// What the compiler refuses, and what to do instead. One compile-fail test each, of the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `async fn`.
    AsyncFn,
    /// `unsafe fn`.
    UnsafeFn,
    /// `extern "C" fn`.
    ExternFn,
    /// `#[test]` on the function.
    TestFn,
    /// `#[grad]` on something that is not a function.
    NotAFunction,
    /// No parameter that could be differentiated.
    NoParameter,
    /// A result without a float in it.
    NoFloatResult,
    /// A parameter type that is not known to be differentiable or inert.
    ParameterType(String),
    /// `&mut` to something differentiable.
    MutParameter,
    /// A receiver that is neither `self` nor a reference to it.
    Receiver,
    /// A parameter whose type is not differentiated yet, and what to do.
    UnavailableParameter(&'static str),
    /// A parameter of type `impl Real`.
    AnonymousFloat,
    /// A pattern in a parameter that is not understood.
    ParameterPattern,
    /// An unknown option.
    UnknownOption(String),
    /// An option without its arguments, or with arguments that it does not take.
    OptionArguments(String),
    /// An option given twice.
    RepeatedOption(String),
    /// `wrt` and `constant` together.
    WrtAndConstant,
    /// An option names something that is not a parameter.
    NotAParameter(String),
    /// `wrt` names a parameter that has no derivative.
    NotDifferentiable(String),
    /// An option whose companion does not exist for this function.
    NoSuchCompanion(String),
    /// A call that second derivatives do not go through.
    SecondOrderCall,
    /// The same, of a function that has its name in common with a variable.
    SecondOrderName(String),
    /// A companion that the signature or the body does not allow, and what does.
    Unavailable(&'static str, &'static str),
    /// A loop that cannot run again from one of its states.
    Checkpoint(&'static str, &'static str),
    /// A parallel iterator that is not read, and what to do.
    Parallel(String, String),
    /// A point of `test(..)` leaves a parameter out.
    TestPoint(String),
    /// A loop with an active value in it.
    Loop(&'static str),
    /// `return`, `break`, `continue` or `?`.
    Exit(&'static str),
    /// `async` block, `.await`, `yield`.
    Async,
    /// An `unsafe` block with an active value in it.
    UnsafeBlock,
    /// A macro whose inside cannot be seen.
    Macro(String),
    /// A method that is not in the rule table.
    Method(String),
    /// An iterator adaptor.
    Iterator(String),
    /// `#[derive(Differentiable)]` on a union.
    Union,
    /// `as` and a type of which only rustc knows whether it is a float.
    CastType,
    /// A closure that captures an active value and is not only called.
    Closure,
    /// A call of something that is not a path.
    IndirectCall,
    /// A call of a local closure or function pointer with an active argument.
    LocalCall(String),
    /// A closure by its name where another variable hides one that it captures.
    Hidden(String, String),
    /// A `move` closure that has a copy of what has changed since.
    Stale(String, String),
    /// A call of a function declared inside, which has no `#[grad]`.
    InnerFunction(String),
    /// A rule of a foreign function that is not called.
    UnusedRule(String),
    /// What `#[autodiff::rule(..)]` is given is no rule.
    RuleSyntax,
    /// A rule on a method or an associated function.
    RuleMethod,
    /// A rule that names another function.
    RuleFunction(String),
    /// A rule that names other parameters than its function, or in another order.
    RuleParameters(String, String),
    /// A rule that calls the result as a parameter.
    RuleResult(String),
    /// More or fewer partials than differentiated parameters.
    RulePartials(usize, Vec<String>),
    /// A rule of partials where a parameter or the result is not one float.
    RuleShape,
    /// A parameter that the functions of a rule cannot be given.
    RuleParameter,
    /// A rule of a function that returns an `Option` or a `Result`.
    RuleFails,
    /// Assignment to an element.
    ElementAssignment,
    /// Assignment to an active place that is not understood.
    Assignment,
    /// `&mut` to an active value.
    MutBorrow,
    /// `mem::replace` and its kin, of something else than a variable, or without a `let`.
    Exchange(String),
    /// A slice of an active array.
    Subslice,
    /// A reference to a slice that becomes one to a part of it in each iteration.
    Cursor,
    /// `vec![..]` of active values.
    Vec,
    /// An index, say, beside a float in a `Vec` whose type is not spelled.
    Mixed,
    /// An assignment inside an expression that needs no derivative.
    HiddenAssignment,
    /// A loop whose condition changes a variable.
    ChangingCondition,
    /// `let (a, b);`
    LatePattern,
    /// An integer literal in arithmetic with floats. rustc says so itself.
    IntegerLiteral,
    /// `f32` in arithmetic with `f64`. rustc says so itself.
    MixedWidths,
    /// A pattern that takes an active value apart in a way that is not understood.
    Pattern,
    /// An `Option` that goes to memory and was not built there.
    KeptOption,
    /// An `Option` in memory where a function gives one.
    GivenOption,
    /// `let … else` on an active value.
    LetElse,
    /// An error that holds something active.
    ActiveError,
    /// An active value given to an integer parameter of a table function.
    ActiveExponent,
    /// An expression that is not understood.
    Expression,
    /// The number of arguments of a table function. rustc says so itself.
    Arguments(String, usize),
    /// A variable is read, and then changed in place by a later operand.
    Outlived(String),
    /// The body does not parse. rustc says why.
    Syntax(String),
}

impl Refusal {
    /// What is wrong.
    #[must_use]
    pub fn message(&self) -> String {
        catalogue(self).0
    }

    /// What to write instead.
    #[must_use]
    pub fn help(&self) -> String {
        catalogue(self).1
    }
}

/// Message and help of each refusal.
fn catalogue(refusal: &Refusal) -> (String, String) {
    let (message, help) = match refusal {
        Refusal::AsyncFn => ("cannot differentiate an `async fn`", "move the computation into an ordinary function and annotate that"),
        Refusal::UnsafeFn => ("cannot differentiate an `unsafe fn`", "move the computation into a safe function and annotate that"),
        Refusal::ExternFn => ("cannot differentiate an `extern` function", "annotate an ordinary Rust function and call it from this one"),
        Refusal::TestFn => ("cannot differentiate a `#[test]` function", "annotate the function under test; `#[grad(test(x = 1.0))]` emits a test of its derivative"),
        Refusal::NotAFunction => ("`#[grad]` needs a function", "put it on `fn name(x: f64) -> f64 { … }`"),
        Refusal::NoParameter => ("nothing to differentiate with respect to: no parameter holds a float", "`f32`, `f64`, type parameters that are bound by `autodiff::Real`, and references, arrays, slices and tuples of them are differentiable"),
        Refusal::NoFloatResult => ("nothing to differentiate: the result holds no float", "return `f64`, `f32`, or an array or tuple of them"),
        Refusal::ParameterType(name) => return ("cannot tell whether this type is differentiable".to_owned(), format!("leave the parameter out with `#[grad(constant({name}))]`, or pass its floats as `f64`, arrays or slices")),
        Refusal::MutParameter => ("`&mut` parameters of differentiable type are not accepted yet", "take the value by value and return the new one"),
        Refusal::UnavailableParameter(help) => ("a parameter of this type is not differentiated yet", *help),
        Refusal::Receiver => ("cannot differentiate with respect to this receiver", "take `self`, `&self` or `&mut self`"),
        Refusal::AnonymousFloat => ("the type of this parameter has a derivative and no name", "give it one: `fn f<T: autodiff::Real>(x: T)`"),
        Refusal::Outlived(name) => return (format!("`{name}` is read here, and changed in place before the value is used"), format!("read it in a statement of its own: `let before = {name};`")),
        Refusal::ParameterPattern => ("this parameter pattern is not understood", "bind the parameter to a name and take it apart with `let`"),
        Refusal::UnknownOption(name) => return (format!("unknown option `{name}`"), "the options are wrt, constant, jvp, vjp, hvp, hessian, jacobian, mode, order, graph, checkpoint, value_and_grad_into, value_and_grad_add, value_and_grad_with, test, crate, dump, rules, recursive, no_type, no_suffix, associated".to_owned()),
        Refusal::OptionArguments(name) => return (format!("`{name}` does not take these arguments"), option_usage(name)),
        Refusal::RepeatedOption(name) => return (format!("option `{name}` is given twice"), "keep one".to_owned()),
        Refusal::WrtAndConstant => ("`wrt` and `constant` exclude each other", "keep the shorter of the two lists"),
        Refusal::NotAParameter(name) => return (format!("`{name}` is not a parameter of this function"), "name a parameter as it is written in the signature".to_owned()),
        Refusal::NotDifferentiable(name) => return (format!("`{name}` has no derivative: its type holds no float"), format!("remove `{name}` from the list")),
        Refusal::NoSuchCompanion(name) => return (format!("`{name}` is not available for this function"), companion_reason(name)),
        Refusal::Unavailable(name, help) => return (format!("`{name}` is not available for this function"), (*help).to_owned()),
        Refusal::SecondOrderName(name) => return (format!("`{name}` is a variable, too, and second derivatives call the function again"), "give the variable another name".to_owned()),
        Refusal::SecondOrderCall => ("second derivatives through functions that are parameters, and third ones through operators, are not accepted yet", "call an annotated function of that order by its name"),
        Refusal::Checkpoint(message, help) => (*message, *help),
        Refusal::Parallel(message, help) => return (message.clone(), help.clone()),
        Refusal::TestPoint(name) => return (format!("the test point gives no value for `{name}`"), format!("write `test({name} = …)` with one value for each parameter")),
        Refusal::Loop("while let") => ("`while let` with another condition over differentiated values is not accepted", "write `loop { match … { … => …, _ => break } }`"),
        Refusal::Loop(keyword) => return (format!("`{keyword}` over differentiated values is not accepted yet"), "write the steps out, or compute what needs no derivative in a loop of its own".to_owned()),
        Refusal::Exit("?") => ("`?` is not accepted here", "make it a statement of its own: `let value = …?;`"),
        Refusal::Exit(keyword) => return (format!("`{keyword}` is not accepted here yet"), "choose the value with `if … else …` or `match` and let it be the value of the block".to_owned()),
        Refusal::Async => ("asynchronous code cannot be differentiated", "await the data first, then call a differentiated function with it"),
        Refusal::UnsafeBlock => ("cannot differentiate through an `unsafe` block", "write it in safe code, or compute it from values that need no derivative"),
        Refusal::Macro(name) => return (format!("cannot see what `{name}!` does with a differentiated value"), "write out what it expands to; `assert!`-, `debug_assert!`-, `print!`- and `panic!`-like macros are accepted".to_owned()),
        Refusal::Method(name) => return (format!("cannot differentiate a call to method `{name}`"), "use one of `std`'s float methods, call a function annotated with `#[grad]`, or wrap the active values in `autodiff::stop_gradient(..)`".to_owned()),
        Refusal::Iterator(name) => return (format!("cannot differentiate through the iterator method `{name}`"), iterators::instead_of(name)),
        Refusal::Union => ("a union has no tangent", "use a struct or an enum"),
        Refusal::CastType => ("cannot tell whether this is a cast to a float", "write `as f64` or `as f32`; of an integer, take `autodiff::stop_gradient(..)`"),
        Refusal::Closure => ("a closure that captures a differentiated value can be called, but not handed on", "call it by its name, or pass what it needs to a function annotated with `#[grad]`"),
        Refusal::IndirectCall => ("cannot tell which function this calls", "call a function annotated with `#[grad]` by its name"),
        Refusal::LocalCall(name) => return (format!("cannot differentiate a call to the local variable `{name}`"), "call a function annotated with `#[grad]` by its name, or take one as `impl Fn(f64) -> f64`".to_owned()),
        Refusal::Hidden(name, captured) => return (format!("`{name}` captures `{captured}`, and another `{captured}` hides that here"), format!("give the `{captured}` here another name")),
        Refusal::Stale(name, captured) => return (format!("`{name}` has a copy of `{captured}` from before it changed"), format!("call it before `{captured}` changes, or leave out `move`")),
        Refusal::InnerFunction(name) => return (format!("cannot differentiate a call to `{name}`, which is declared in this function without `#[grad]`"), format!("annotate `fn {name}` with `#[grad]`, or wrap the active arguments in `autodiff::stop_gradient(..)`")),
        Refusal::UnusedRule(name) => return (format!("this function does not call `{name}`"), "write the path as it stands in the call, or remove the rule".to_owned()),
        Refusal::RuleSyntax
        | Refusal::RuleMethod
        | Refusal::RuleFunction(_)
        | Refusal::RuleParameters(..)
        | Refusal::RuleResult(_)
        | Refusal::RulePartials(..)
        | Refusal::RuleShape
        | Refusal::RuleParameter
        | Refusal::RuleFails => return rules::catalogue(refusal),
        Refusal::ElementAssignment => ("assignment to elements is not accepted yet", "build the array in one expression: `let a = [x, y];`"),
        Refusal::Assignment => ("cannot differentiate an assignment to this place", "assign to a local variable, an element or a field; what is in a `Box`, a `RefCell` or a `Mutex` is computed in a variable first"),
        Refusal::MutBorrow => ("cannot differentiate through `&mut` here", "assign to the variable itself"),
        Refusal::Exchange(name) => return (format!("`mem::{name}` of this is not accepted yet"), "of a whole variable it is, in a `let` of its own: `let old = mem::replace(&mut a, b);`; else read the old value, then assign the new one".to_owned()),
        Refusal::Subslice => ("slices of differentiated arrays are not accepted yet", "index the array itself"),
        Refusal::Mixed => ("cannot tell the type of a `Vec` that holds floats beside other things", "spell it, `let mut v: Vec<(usize, f64)> = …`, or keep the two in a `Vec` each"),
        Refusal::Vec => ("`vec![..]` of differentiated values is not accepted yet", "use an array, `[x, y]`, or `vec![x; n]` of floats"),
        Refusal::HiddenAssignment => ("an assignment inside this expression is not accepted", "make the assignment a statement of its own"),
        Refusal::ChangingCondition => ("the condition of this loop changes a variable", "write `loop { let Some(x) = … else { break }; … }`, or `loop { if … { break } … }`"),
        Refusal::LatePattern => ("variables that get their values later are declared one by one", "write `let a; let b;`, with a type if need be: `let a: f64;`"),
        Refusal::MixedWidths => ("arithmetic of `f32` with `f64`", "write `f64::from(..)` around the `f32`"),
        Refusal::IntegerLiteral => ("an integer in arithmetic with floats", "write `2.0` for `2`"),
        Refusal::Pattern => ("cannot differentiate through this pattern", "use tuple and array patterns with plain names"),
        Refusal::KeptOption => ("this `Option` cannot be stored, or passed on, as it is", "match on it, and write `Some(..)` or `None` where it is stored"),
        Refusal::GivenOption => ("an `Option` that is stored somewhere cannot be returned as it is", "match on it: `match option { Some(x) => Some(x), None => None }`"),
        Refusal::Cursor => ("a loop cannot go on with a part of a slice", "keep where the part begins in a variable: `let mut at = 0; while at < v.len() { … v[at] …; at += 1; }`"),
        Refusal::LetElse => ("`let … else` with a type on a differentiated value is not accepted", "leave the type out, or use `match`"),
        Refusal::ActiveError => ("an error carries no derivative", "wrap what is active in it in `autodiff::stop_gradient(..)`, or make a text of it with `format!`"),
        Refusal::ActiveExponent => ("the exponent of `powi` is an integer and has no derivative", "use `powf`; or, if it is an integer, say so where it is bound: `let (y, n): (f64, i32) = …`"),
        Refusal::Expression => ("cannot differentiate this expression", "use arithmetic, `std`'s float methods and calls of functions annotated with `#[grad]`"),
        Refusal::Arguments(name, count) => return (format!("`{name}` takes {count} arguments, the receiver included"), "see the documentation of the float method".to_owned()),
        Refusal::Syntax(what) => return (what.clone(), "write it in other words: this syntax is newer than the parser of `#[grad]`".to_owned()),
    };
    (message.to_owned(), help.to_owned())
}

/// How an option is written.
fn option_usage(name: &str) -> String {
    match name {
        "wrt" | "constant" => format!("write `{name}(x, y)` with names of parameters"),
        "test" => "write `test(x = 0.5, y = 2.0)` with one value for each parameter".to_owned(),
        "rules" => "write `rules(libm::erf = my::erf)`: a function that is called, and one that is annotated".to_owned(),
        "order" => format!("write `order = 2`, or another number from 1 to {}", crate::emit::HIGHEST),
        "mode" => "write `mode = forward` or `mode = reverse`".to_owned(),
        "alias" => "write `alias(Scalar = f64)`: what the name of a type stands for".to_owned(),
        "checkpoint" => "write `checkpoint('time, every = 100)`, with the label of a loop, or `checkpoint('time, levels = 20)`: a state every 100 iterations, or 20 states at once".to_owned(),
        "crate" => "write `crate = path::to::autodiff`".to_owned(),
        _ => format!("write `{name}` alone"),
    }
}

/// Why a companion cannot be had.
fn companion_reason(name: &str) -> String {
    match name {
        "value_and_grad_into" | "value_and_grad_add" | "value_and_grad_with" => {
            "the result must be one float; ask for `vjp` instead".to_owned()
        }
        _ => "remove the option".to_owned(),
    }
}

/// Errors found so far, in the order of the source as far as the passes walk it.
#[derive(Debug, Default)]
pub struct Diagnostics {
    errors: Vec<syn::Error>,
    left_to_rustc: Vec<String>,
}

impl Diagnostics {
    /// Reports a refusal at the smallest token that shows it.
    pub fn refuse(&mut self, refusal: &Refusal, span: Span) -> Refused {
        let text = format!("{}\nhelp: {}", refusal.message(), refusal.help());
        self.errors.push(syn::Error::new(span, text));
        Refused
    }

    /// Refuses what rustc will refuse in the primal, in better words. Should it accept the primal
    /// after all, the companions that are used stop the build with this message.
    pub fn leave_to_rustc(&mut self, refusal: &Refusal) -> Refused {
        self.left_to_rustc.push(format!("{}\nhelp: {}", refusal.message(), refusal.help()));
        Refused
    }

    /// What is left to rustc: the message for the companions.
    #[must_use]
    pub fn left_to_rustc(&self) -> Option<&str> {
        self.left_to_rustc.first().map(String::as_str)
    }

    /// Reports an error of the parser.
    pub fn parse_error(&mut self, error: syn::Error) {
        self.errors.push(error);
    }

    /// Adds what another collector has found.
    pub fn append(&mut self, other: Diagnostics) {
        self.errors.extend(other.errors);
        self.left_to_rustc.extend(other.left_to_rustc);
    }

    /// Whether nothing was refused.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// How many there are so far.
    pub(crate) fn count(&self) -> usize {
        self.errors.len() + self.left_to_rustc.len()
    }

    /// The messages, for tests and tools.
    pub fn messages(&self) -> impl Iterator<Item = String> + '_ {
        self.errors.iter().map(ToString::to_string).chain(self.left_to_rustc.iter().cloned())
    }

    /// The errors, at their places.
    #[must_use]
    pub fn errors(&self) -> &[syn::Error] {
        &self.errors
    }

    /// One `compile_error!` per error.
    #[must_use]
    pub fn to_compile_errors(&self) -> TokenStream {
        self.errors.iter().map(syn::Error::to_compile_error).collect()
    }
}

/// The error has been reported: the construct has no lowering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;
