//! Random iterator chains, each printed twice: over `f64`, annotated, and over dual numbers.
//!
//! A literal is written between `«»` and the float type as `§`, so that one text serves both.
#![allow(
    clippy::indexing_slicing,
    clippy::match_same_arms,
    reason = "a generator: positions are drawn below the length, weights are repeated arms"
)]

use std::fmt::Write as _;

/// A module with `count` programs and the table of them.
pub(crate) fn chains(seed: u64, count: usize) -> String {
    let (mut text, mut table) = (String::new(), String::new());
    for number in 0..count {
        let start = seed.wrapping_mul(7_000_003).wrapping_add(number as u64);
        let body =
            Program { rng: Rng(start), shadowed: Vec::new(), quiet: false, indexed: false }.body();
        let function = format!("pub fn c{number}(x: §, v: &[§], w: &[§]) -> § {{\n{body}}}\n");
        let primal = function.replace('«', "").replace('»', "_f64").replace('§', "f64");
        let dual = function.replace('«', "Dual::constant(").replace('»', ")").replace('§', "Dual");
        let _ = write!(
            text,
            "pub mod chain_{number} {{ use super::*;\n#[grad(jvp)]\n{primal}\
             pub mod dual {{ use super::super::*;\n{dual}}} }}\n"
        );
        let module = format!("chain_{number}");
        let _ = writeln!(
            table,
            "({number}, {module}::c{number}, {module}::c{number}_value_and_grad, \
             {module}::c{number}_jvp, {module}::dual::c{number}),"
        );
    }
    format!("{text}\npub const CHAINS: [Entry; {count}] = [{table}];\n")
}

/// One program over `f64`, whose closures call nothing that is seen.
#[allow(dead_code, reason = "for the interpreter")]
pub(crate) fn quiet_chain(seed: u64) -> String {
    let body = Program { rng: Rng(seed), shadowed: Vec::new(), quiet: true, indexed: false }.body();
    let function = format!("fn f(x: §, v: &[§], w: &[§]) -> § {{\n{body}}}\n");
    function.replace('«', "").replace('»', "_f64").replace('§', "f64")
}

/// `SplitMix64`.
struct Rng(u64);

impl Rng {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap_or(0)
    }
}

/// What the items of a chain are.
#[derive(Clone)]
enum Items {
    Reference,
    Value,
    /// A slice of two elements at least, or of one.
    Row(usize),
    /// A number below the length of `v`.
    Number,
    Numbered(Box<Items>),
    Pair(Box<Items>, Box<Items>),
}

impl Items {
    /// Whether `v` is indexed by them.
    fn index_elements(&self) -> bool {
        match self {
            Items::Number => true,
            Items::Reference | Items::Value | Items::Row(_) => false,
            Items::Numbered(inner) => inner.index_elements(),
            Items::Pair(one, other) => one.index_elements() || other.index_elements(),
        }
    }
}

struct Program {
    rng: Rng,
    /// Names that closures around bind.
    shadowed: Vec<String>,
    /// Whether nothing is called that has an effect.
    quiet: bool,
    /// Whether the items at hand are numbers of elements of `v`.
    indexed: bool,
}

/// A pattern, and the floats and numbers that it binds.
struct Bound {
    pattern: String,
    floats: Vec<String>,
    numbers: Vec<String>,
}

impl Program {
    fn body(&mut self) -> String {
        let f = self.expr(&["z".to_owned()], 1);
        let mut text = format!("let f = |z: §| {f} + z;\n");
        if self.rng.below(3) == 0 {
            let chain = self.items();
            let (chain, bound) = (chain.0, self.bound(&chain.1, 0));
            let value = self.expr(&bound.floats, 1);
            let each = match self.rng.below(2) {
                0 => format!("{chain}.for_each(|{}| s += {value});\n", bound.pattern),
                _ => format!("for {} in {chain} {{ s += {value}; }}\n", bound.pattern),
            };
            let _ = write!(text, "let mut s = x;\n{each}");
        } else {
            let _ = writeln!(text, "let s = {};", self.chain());
        }
        let _ = writeln!(text, "let t = {};", self.chain());
        text + "s.tanh() * x + t\n"
    }

    /// A chain and its end.
    fn chain(&mut self) -> String {
        let (mut chain, mut items) = self.items();
        if !matches!(items, Items::Value) || self.rng.below(3) == 0 {
            let bound = self.bound(&items, 0);
            let value = self.expr(&bound.floats, 1);
            let _ = write!(chain, ".map(|{}| {value})", bound.pattern);
            items = Items::Value;
        }
        let bound = self.bound(&items, 0);
        let value = self.expr(&bound.floats, 1);
        let pattern = bound.pattern;
        if self.rng.below(3) == 0 {
            return self.gathered(&chain, &pattern, &value);
        }
        chain
            + &match self.rng.below(10) {
                0 | 1 => ".sum::<§>()".to_owned(),
                2 => ".product::<§>()".to_owned(),
                3 => format!(".fold(«0.2», |acc, {pattern}| acc * «0.5» + {value})"),
                4 => ".fold(§::NEG_INFINITY, §::max).max(«-2.0»)".to_owned(),
                5 => ".reduce(|p, q| p * «0.5» + q).unwrap_or(x)".to_owned(),
                6 => ".max_by(|p, q| p.total_cmp(q)).unwrap_or(x)".to_owned(),
                7 => ".min_by(|p, q| p.partial_cmp(q).unwrap()).unwrap_or(«0.4»)".to_owned(),
                8 => format!(".find(|{}| {}).unwrap_or(x)", "&q", "q > «0.2»"),
                _ => ".last().unwrap_or(x)".to_owned(),
            }
    }

    /// A chain whose items are collected first.
    fn gathered(&mut self, chain: &str, pattern: &str, value: &str) -> String {
        let folded = "copied().fold(x, |acc, q| acc * «0.5» + q)";
        match self.rng.below(13) {
            0 | 1 => format!(
                "{{ let kept: Vec<§> = {chain}.collect(); kept.iter().{folded} * kept[..].iter().copied().sum::<§>() }}"
            ),
            2 => format!("{chain}.collect::<Vec<_>>().into_iter().map(|q| q * q).sum::<§>()"),
            3 => format!(
                "{{ let (left, right): (Vec<§>, Vec<§>) = \
                 {chain}.map(|{pattern}| ({value}, x)).unzip(); \
                 left.iter().{folded} + right.iter().{folded} }}"
            ),
            4 => format!(
                "{{ let (left, right): (Vec<§>, Vec<§>) = {chain}.partition(|q| *q > «0.5»); \
                 left.iter().{folded} - right.iter().{folded} }}"
            ),
            5 => format!("{chain}.max_by_key(|q| *q > «0.5»).unwrap_or(x)"),
            6 => format!("{chain}.min_by_key(|q| *q > «0.5»).map_or(«0.3», |q| q * x)"),
            7 => format!("{chain}.nth({}).unwrap_or(x)", self.rng.below(3)),
            8 => format!(
                "{{ let mut kept: Vec<§> = {chain}.collect(); kept.sort_by(|p, q| p.total_cmp(q)); \
                 kept.iter().{folded} }}"
            ),
            _ => self.rearranged(chain, folded),
        }
    }

    /// A chain whose items change places, or stand beside arrays that are made.
    fn rearranged(&mut self, chain: &str, folded: &str) -> String {
        let kept = format!("let mut kept: Vec<§> = {chain}.collect();");
        match self.rng.below(4) {
            0 => format!(
                "{{ {kept} if kept.len() > 1 {{ kept.rotate_left(1); }} kept.iter().{folded} }}"
            ),
            // Of what is not sorted, only the one element is known.
            1 => format!(
                "{{ {kept} kept.push(x); \
                 kept.select_nth_unstable_by(0, |p, q| p.total_cmp(q)); kept[0] * x }}"
            ),
            2 => format!("{{ {kept} kept.push(x); [&kept[..], w].concat().iter().{folded} }}"),
            _ => {
                // The interpreter does not look at the types of variables.
                let (ty, of) = if self.quiet { ("", "::<§, 3, _>") } else { (": [§; 3]", "") };
                format!(
                    "{{ {kept} kept.push(x); \
                     let made{ty} = std::array::from_fn{of}(|n| v[n % v.len()] * kept[0]); \
                     made.map(|x| x * v[0]).iter().{folded} }}"
                )
            }
        }
    }

    /// Where items come from: the text, what they are, and whether they come from either end.
    fn source(&mut self) -> (&'static str, Items, bool) {
        match self.rng.below(13) {
            0 => ("v.windows(2)", Items::Row(2), true),
            1 => ("v.chunks_exact(2)", Items::Row(2), true),
            2 => ("w.chunks(2)", Items::Row(1), true),
            3 => ("v.rchunks(2)", Items::Row(1), false),
            4 => ("(0..v.len())", Items::Number, true),
            5 => ("w.iter().cycle().take(5)", Items::Reference, false),
            6 => ("std::iter::repeat(x).take(3)", Items::Value, false),
            7 => (
                "std::iter::successors(Some(x), |&p| (p < «4.0»).then(|| p * «1.5» + «1.0»))",
                Items::Value,
                false,
            ),
            8 => ("v[1..].iter()", Items::Reference, true),
            9 | 10 => ("w.iter()", Items::Reference, true),
            _ => ("v.iter()", Items::Reference, true),
        }
    }

    /// A source with adaptors.
    fn items(&mut self) -> (String, Items) {
        let (source, items, reversible) = self.source();
        let mut chain = Chain {
            text: source.to_owned(),
            items,
            closures: !reversible,
            exact: true,
            reversible,
        };
        for _ in 0..=self.rng.below(6) {
            self.adapt(&mut chain);
        }
        (chain.text, chain.items)
    }

    fn adapt(&mut self, chain: &mut Chain) {
        let plain = !chain.closures;
        match self.rng.below(17) {
            0..=2 => self.map(chain),
            3 | 4 => {
                let bound = self.bound(&chain.items, 1);
                let condition = self.condition(&bound);
                let _ = write!(chain.text, ".filter(|{}| {condition})", bound.pattern);
                (chain.closures, chain.exact) = (true, false);
            }
            5 if !matches!(chain.items, Items::Numbered(_)) => {
                chain.text += ".enumerate()";
                chain.items = Items::Numbered(Box::new(chain.items.clone()));
                chain.reversible &= plain;
            }
            6 => self.zip(chain),
            7 | 8 if chain.reversible => chain.text += ".rev()",
            9 => {
                chain.text += [".skip(1)", ".step_by(2)"][self.rng.below(2)];
                chain.reversible &= plain;
            }
            10 => {
                let _ = write!(chain.text, ".take({})", self.rng.below(4));
                chain.reversible &= chain.exact && plain;
            }
            11 => {
                let bound = self.bound(&chain.items, 1);
                let condition = self.condition(&bound);
                let name = ["take_while", "skip_while"][self.rng.below(2)];
                let _ = write!(chain.text, ".{name}(|{}| {condition})", bound.pattern);
                chain.cut();
            }
            12 => {
                let bound = self.bound(&chain.items, 0);
                let (condition, value) = (self.condition(&bound), self.expr(&bound.floats, 1));
                let pattern = bound.pattern;
                let _ = match self.rng.below(3) {
                    0 => write!(
                        chain.text,
                        ".map_while(|{pattern}| if {condition} {{ Some({value}) }} else {{ None }})"
                    ),
                    1 => write!(
                        chain.text,
                        ".filter_map(|{pattern}| ({condition}).then(|| {value}))"
                    ),
                    _ => write!(
                        chain.text,
                        ".scan(«0.5», |state, {pattern}| {{ *state = *state * «0.5» + {value}; \
                         Some(*state) }})"
                    ),
                };
                chain.items = Items::Value;
                chain.cut();
            }
            13 => {
                if self.quiet {
                    return self.map(chain);
                }
                let _ = write!(chain.text, ".inspect(|_| tick({}))", self.rng.below(50));
                chain.closures = true;
            }
            14 => self.flat_map(chain),
            15 if matches!(chain.items, Items::Reference | Items::Value) => {
                let copied = matches!(chain.items, Items::Value);
                chain.text += if copied { ".chain(w.iter().copied())" } else { ".chain(w)" };
                (chain.closures, chain.exact, chain.reversible) = (true, false, false);
            }
            _ => self.map(chain),
        }
    }

    fn map(&mut self, chain: &mut Chain) {
        chain.closures = true;
        if matches!(chain.items, Items::Value) && self.rng.below(3) == 0 {
            chain.text += [".map(§::sin)", ".map(f)", ".map(&f)"][self.rng.below(3)];
            return;
        }
        let bound = self.bound(&chain.items, 0);
        let value = self.expr(&bound.floats, 2);
        let pattern = bound.pattern;
        chain.items = Items::Value;
        let mapped = match self.rng.below(4) {
            0 if !self.quiet => {
                let n = self.rng.below(50);
                format!(".map(|{pattern}| {{ tick({n}); let a = {value}; a }})")
            }
            1 => {
                let other = self.expr(&bound.floats, 1);
                chain.items = Items::Pair(Box::new(Items::Value), Box::new(Items::Value));
                format!(".map(|{pattern}| ({value}, {other}))")
            }
            _ => format!(".map(|{pattern}| {value})"),
        };
        chain.text += &mapped;
    }

    fn zip(&mut self, chain: &mut Chain) {
        // How often the closures of the longer side are called depends on how `std` specialises.
        if matches!(chain.items, Items::Pair(..)) || chain.text.contains("tick") {
            return self.map_to_value(chain);
        }
        let bound = self.bound(&Items::Reference, 0);
        let value = self.expr(&bound.floats, 1);
        let (other, items) = match self.rng.below(4) {
            0 => ("w".to_owned(), Items::Reference),
            1 => ("w.iter().copied()".to_owned(), Items::Value),
            2 => ("v.iter()".to_owned(), Items::Reference),
            _ => (format!("v.iter().map(|{}| {value})", bound.pattern), Items::Value),
        };
        chain.closures |= other.contains("map");
        let _ = write!(chain.text, ".zip({other})");
        chain.reversible &= !chain.closures;
        chain.exact &= !chain.closures;
        chain.items = Items::Pair(Box::new(chain.items.clone()), Box::new(items));
    }

    fn map_to_value(&mut self, chain: &mut Chain) {
        let bound = self.bound(&chain.items, 0);
        let value = self.expr(&bound.floats, 1);
        let _ = write!(chain.text, ".map(|{}| {value})", bound.pattern);
        chain.items = Items::Value;
        chain.closures = true;
    }

    fn flat_map(&mut self, chain: &mut Chain) {
        let bound = self.bound(&chain.items, 0);
        let (one, other) = (self.expr(&bound.floats, 1), self.expr(&bound.floats, 1));
        let pattern = bound.pattern;
        let hides = self.shadowed.iter().any(|name| name == "w");
        let _ = match self.rng.below(3) {
            way if way == 0 || hides => {
                write!(chain.text, ".flat_map(|{pattern}| [{one}, {other}])")
            }
            1 => write!(
                chain.text,
                ".flat_map(|{pattern}| {{ let u = {one}; w.iter().map(move |r| u * *r) }})"
            ),
            _ => write!(
                chain.text,
                ".flat_map(|{pattern}| {{ let u = {one}; (1..w.len()).map(move |k| u + w[k]) }})"
            ),
        };
        chain.items = Items::Value;
        chain.cut();
    }

    /// A pattern for items behind `depth` references.
    fn bound(&mut self, items: &Items, depth: usize) -> Bound {
        self.shadowed.clear();
        self.indexed = items.index_elements();
        self.parts(items, depth)
    }

    fn name(&mut self) -> String {
        // Also those of variables outside, of other closures and of what the compiler invents.
        let names = [
            "a", "b", "y", "item", "sum", "x", "x", "acc2", "n", "f", "u", "r", "k", "kept",
            "left", "found", "best", "v", "w", "p", "z", "t", "exit", "index",
        ];
        loop {
            let name = names[self.rng.below(names.len())].to_owned();
            let hides = self.indexed && name == "v";
            if !hides && !self.shadowed.contains(&name) {
                self.shadowed.push(name.clone());
                return name;
            }
        }
    }

    fn parts(&mut self, items: &Items, depth: usize) -> Bound {
        match items {
            Items::Value | Items::Reference => {
                let depth = depth + usize::from(matches!(items, Items::Reference));
                let name = self.name();
                let (stars, ands) = ("*".repeat(depth), "&".repeat(depth));
                // Inside of a pair behind a reference, a pattern cannot look through it.
                let (pattern, float) = match self.rng.below(2) {
                    0 if self.shadowed.len() == 1 => (format!("{ands}{name}"), name),
                    _ => (name.clone(), format!("({stars}{name})")),
                };
                Bound { pattern, floats: vec![float], numbers: Vec::new() }
            }
            Items::Row(len) => {
                let name = self.name();
                let floats = (0..*len).map(|at| format!("{name}[{at}]")).collect();
                Bound { pattern: name, floats, numbers: Vec::new() }
            }
            Items::Number => {
                let name = self.name();
                let number = format!("{}{name}", "*".repeat(depth));
                let floats = vec![format!("v[{number}]")];
                Bound { pattern: name, floats, numbers: vec![number] }
            }
            Items::Numbered(inner) => {
                let number = self.name();
                let inner = self.parts(inner, depth);
                let mut numbers = inner.numbers;
                numbers.push(format!("{}{number}", "*".repeat(depth)));
                let pattern = format!("({number}, {})", inner.pattern);
                Bound { pattern, floats: inner.floats, numbers }
            }
            Items::Pair(one, other) => {
                let (one, other) = (self.second(one, depth), self.second(other, depth));
                let floats = one.floats.into_iter().chain(other.floats).collect();
                let numbers = one.numbers.into_iter().chain(other.numbers).collect();
                let pattern = format!("({}, {})", one.pattern, other.pattern);
                Bound { pattern, floats, numbers }
            }
        }
    }

    /// A part of a pair, by name.
    fn second(&mut self, items: &Items, depth: usize) -> Bound {
        self.shadowed.push(String::new());
        self.parts(items, depth)
    }

    fn condition(&mut self, bound: &Bound) -> String {
        let literal = self.literal();
        if let Some(number) = bound.numbers.first()
            && self.rng.below(2) == 0
        {
            return format!("{number} != 1");
        }
        let float = &bound.floats[self.rng.below(bound.floats.len())];
        match self.rng.below(3) {
            0 => format!("{float} < {literal}"),
            1 => format!("{float} > «-0.3» && {float} < «3.0»"),
            _ => format!("{float}.sin() > «-0.5»"),
        }
    }

    fn literal(&mut self) -> String {
        let tenths = 1 + self.rng.below(19);
        format!("«{}.{}»", tenths / 10, tenths % 10)
    }

    fn leaf(&mut self, floats: &[String]) -> String {
        match self.rng.below(6) {
            0 => self.literal(),
            1 if !self.shadowed.iter().any(|name| name == "x") => "x".to_owned(),
            2 if !self.shadowed.iter().any(|name| name == "v") => "v[0]".to_owned(),
            _ => floats[self.rng.below(floats.len())].clone(),
        }
    }

    fn expr(&mut self, floats: &[String], depth: usize) -> String {
        if depth == 0 {
            return self.leaf(floats);
        }
        let (a, b) = (self.expr(floats, depth - 1), self.expr(floats, depth - 1));
        match self.rng.below(6) {
            0 | 1 => format!("({a} * {b})"),
            2 => format!("({a} + {b})"),
            3 => format!("({a} - {b}).tanh()"),
            4 => format!("({a} + {b}).sin()"),
            _ => format!("({{ let q = {a}; if q > «0.5» {{ q * {b} }} else {{ q.sin() }} }})"),
        }
    }
}

/// A chain in the making.
struct Chain {
    text: String,
    items: Items,
    closures: bool,
    exact: bool,
    reversible: bool,
}

impl Chain {
    /// After an adaptor whose number of items nobody knows, from one end only.
    fn cut(&mut self) {
        (self.closures, self.exact, self.reversible) = (true, false, false);
    }
}
