//! Random programs: a few functions that call each other, as Rust source.
//!
//! Every program is valid Rust, terminates, and keeps to points where its functions are smooth, so
//! that every derivative has one right answer. A seed and a size determine it.

mod condition;
mod control;
mod exit;
mod expression;
pub mod features;
mod integer;
mod memory;
mod repeat;
mod sequence;
mod statement;

use self::exit::OpenLoop;
use self::features::{Feature, Features};
use super::rng::Rng;

/// The types of variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ty {
    /// `f64`
    Float,
    /// `&f64`
    FloatRef,
    /// `i32`
    Int,
    /// `usize`
    Size,
    /// `bool`
    Bool,
    /// `[f64; 3]`
    Array,
    /// `&[f64]`, of three elements.
    Slice,
    /// `(f64, f64)`
    Pair,
    /// `(f64, [f64; 3])`
    Nested,
    /// `(f64, i32)`
    Mixed,
    /// `[f64; 4]`
    Quad,
    /// `Vec<f64>`, of four elements.
    Vec,
    /// `&mut [f64]`, of four elements.
    MutSlice,
    /// `&mut [f64]`, two elements of something else.
    Part,
    /// `&mut f64`
    FloatMut,
}

impl Ty {
    fn spelled(self) -> &'static str {
        match self {
            Ty::Float => "f64",
            Ty::FloatRef => "&f64",
            Ty::Int => "i32",
            Ty::Size => "usize",
            Ty::Bool => "bool",
            Ty::Array => "[f64; 3]",
            Ty::Slice => "&[f64]",
            Ty::Pair => "(f64, f64)",
            Ty::Nested => "(f64, [f64; 3])",
            Ty::Mixed => "(f64, i32)",
            Ty::Quad => "[f64; 4]",
            Ty::Vec => "Vec<f64>",
            Ty::MutSlice | Ty::Part => "&mut [f64]",
            Ty::FloatMut => "&mut f64",
        }
    }

    /// How many elements it has, if these are floats.
    pub fn len(self) -> usize {
        match self {
            Ty::Array | Ty::Slice => 3,
            Ty::Quad | Ty::Vec | Ty::MutSlice => 4,
            Ty::Part => 2,
            Ty::Float
            | Ty::FloatRef
            | Ty::FloatMut
            | Ty::Int
            | Ty::Size
            | Ty::Bool
            | Ty::Pair
            | Ty::Nested
            | Ty::Mixed => 0,
        }
    }
}

/// A generated program: the last function is the one to differentiate, and is called `f`.
#[derive(Clone, Debug)]
pub struct Program {
    pub functions: Vec<String>,
    /// Of the last function.
    pub params: Vec<Ty>,
    /// The features that are in it.
    pub used: Features,
}

impl Program {
    /// The functions, parsed.
    pub fn items(&self) -> Result<Vec<syn::ItemFn>, syn::Error> {
        self.functions.iter().map(|source| syn::parse_str(source)).collect()
    }

    /// Its source, to be read.
    pub fn text(&self) -> String {
        let source = self.functions.concat();
        syn::parse_file(&source).map_or(source, |file| prettyplease::unparse(&file))
    }
}

#[derive(Clone, Debug)]
struct Variable {
    name: String,
    ty: Ty,
    mutable: bool,
    /// What an index is below, if that is known.
    below: Option<usize>,
    /// Out of reach, because a reference to it is in use.
    borrowed: bool,
}

impl Variable {
    fn new(name: &str, ty: Ty, mutable: bool) -> Self {
        Self { name: name.to_owned(), ty, mutable, below: None, borrowed: false }
    }
}

#[derive(Clone, Debug)]
struct Callee {
    name: String,
    params: Vec<Ty>,
    result: Ty,
}

/// The state of generation: the variables in scope, and the functions so far.
struct Generator {
    rng: Rng,
    features: Features,
    used: Features,
    variables: Vec<Variable>,
    callees: Vec<Callee>,
    /// The loops around what is being generated, the innermost last.
    loops: Vec<OpenLoop>,
    /// How many loops may be in each other.
    deepest: usize,
    labels: usize,
    /// What the function returns.
    result: Ty,
}

/// Whether variables of outer scopes may be assigned to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Assignments {
    Allowed,
    Forbidden,
}

/// Loops in loops in loops: more would only run longer.
const DEEPEST: usize = 3;

const NAMES: [&str; 16] =
    ["a", "b", "c", "d", "p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z", "m"];

/// The program of a seed; `size` bounds the number of its statements and their depth.
pub fn program(seed: u64, size: usize, features: Features) -> Program {
    let mut generator = Generator {
        rng: Rng::new(seed),
        features,
        used: Features::NONE,
        variables: Vec::new(),
        callees: Vec::new(),
        loops: Vec::new(),
        deepest: 1,
        labels: 0,
        result: Ty::Float,
    };
    let others = if size < 4 { 0 } else { generator.rng.below(3) };
    let mut functions = Vec::new();
    for n in 0..others {
        functions.push(generator.function(&format!("g{n}"), 1 + size / 3).0);
    }
    if features.has(Feature::Nesting) {
        generator.deepest = DEEPEST;
    }
    let (main, params) = generator.function("f", size);
    functions.push(main);
    Program { functions, params, used: generator.used }
}

impl Generator {
    fn function(&mut self, name: &str, size: usize) -> (String, Vec<Ty>) {
        self.variables.clear();
        let (mut params, mut spelled) = (Vec::new(), Vec::new());
        for at in 0..=self.rng.below(4) {
            // The first makes sure that there is something to differentiate.
            let ty = if at == 0 { Ty::Float } else { self.param_ty() };
            spelled.push(self.param(ty));
            params.push(ty);
        }
        let result = match self.rng.below(10) {
            0 => Ty::Pair,
            1 => Ty::Array,
            2 => Ty::Nested,
            _ => Ty::Float,
        };
        self.result = result;
        let body = self.body(result, size);
        let signature = format!("fn {name}({}) -> {}", spelled.join(", "), result.spelled());
        self.callees.push(Callee { name: name.to_owned(), params: params.clone(), result });
        (format!("{signature} {{ {body} }}"), params)
    }

    fn param_ty(&mut self) -> Ty {
        let memory = [(Feature::Arrays, Ty::Quad), (Feature::MutParams, Ty::MutSlice)];
        for (feature, ty) in memory {
            if self.features.has(feature) && self.rng.chance(25) {
                self.used = self.used.with(feature);
                return ty;
            }
        }
        let choices = [
            Ty::Float,
            Ty::Float,
            Ty::Float,
            Ty::Float,
            Ty::Int,
            Ty::Size,
            Ty::Array,
            Ty::Slice,
            Ty::Pair,
            Ty::Nested,
            Ty::FloatRef,
        ];
        *self.rng.pick(&choices)
    }

    /// A parameter: a name, or a pattern that takes a pair apart.
    fn param(&mut self, ty: Ty) -> String {
        if ty == Ty::Pair && self.rng.chance(30) {
            let a = self.new_name();
            self.declare(&a, Ty::Float, false);
            let b = self.new_name();
            self.declare(&b, Ty::Float, false);
            return format!("({a}, {b}): (f64, f64)");
        }
        let name = self.new_name();
        let mutable = matches!(ty, Ty::Float | Ty::Quad) && self.rng.chance(20);
        self.declare(&name, ty, mutable || ty == Ty::MutSlice);
        format!("{}{name}: {}", if mutable { "mut " } else { "" }, ty.spelled())
    }

    fn body(&mut self, result: Ty, size: usize) -> String {
        let count = 1 + self.rng.below(size);
        let depth = depth_of(size);
        let mut body = self.beginning();
        for _ in 0..count {
            body.push_str(&self.statement(depth));
        }
        match self.total(result) {
            Some(total) => body + &total,
            None => body + &self.tail(result, depth, Assignments::Allowed),
        }
    }

    /// A name that nothing in scope has, for where two may not be the same.
    fn new_name(&mut self) -> String {
        let taken = |name: &str, generator: &Self| {
            generator.variables.iter().any(|variable| variable.name == name)
        };
        let start = self.rng.below(NAMES.len());
        let mut names = (0..NAMES.len()).map(|n| NAMES[(start + n) % NAMES.len()]);
        let free = names.find(|name| !taken(name, self)).map(str::to_owned);
        free.unwrap_or_else(|| format!("v{}", self.variables.len()))
    }

    /// A name for a `let`, which may hide another variable.
    fn let_name(&mut self) -> String {
        if self.rng.chance(35) {
            return (*self.rng.pick(&NAMES)).to_owned();
        }
        self.new_name()
    }

    fn declare(&mut self, name: &str, ty: Ty, mutable: bool) {
        self.variables.push(Variable::new(name, ty, mutable));
    }

    /// The variables that a name in the source would find, of these types.
    fn visible(&self, wanted: impl Fn(&Variable) -> bool) -> Vec<Variable> {
        let hides = |at: usize, name: &str| {
            self.variables.iter().skip(at + 1).any(|later| later.name == name)
        };
        let seen = self.variables.iter().enumerate();
        let seen = seen.filter(|(at, v)| !v.borrowed && wanted(v) && !hides(*at, &v.name));
        seen.map(|(_, variable)| variable.clone()).collect()
    }

    fn variable(&mut self, ty: Ty) -> Option<String> {
        let known = self.visible(|variable| variable.ty == ty);
        (!known.is_empty()).then(|| self.rng.pick(&known).name.clone())
    }

    /// Generates something whose variables go out of scope afterwards.
    fn scope<V>(&mut self, generate: impl FnOnce(&mut Self) -> V) -> V {
        let before = self.variables.len();
        let result = generate(self);
        self.variables.truncate(before);
        result
    }
}

fn depth_of(size: usize) -> usize {
    (1 + size / 3).min(3)
}
