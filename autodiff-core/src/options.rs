//! The options of `#[grad(..)]`.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Expr, Lifetime, Path, Token, parenthesized};

use crate::alias::Alias;
use crate::diagnostics::{Diagnostics, Refusal};
use crate::emit::HIGHEST;
use crate::ir::Schedule;

/// What `#[grad(..)]` asks for.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Differentiate with respect to these only.
    pub wrt: Vec<Ident>,
    /// Differentiate with respect to all but these.
    pub constant: Vec<Ident>,
    /// Companions asked for beyond the default.
    pub jvp: bool,
    /// The pullback.
    pub vjp: bool,
    /// The product of the Hessian with a tangent.
    pub hvp: Option<Ident>,
    /// The Hessian.
    pub hessian: Option<Ident>,
    /// The Jacobian.
    pub jacobian: Option<Ident>,
    /// How often callers may be differentiated, where that is more than once.
    pub order: Option<(Ident, usize)>,
    /// The mode in which the Jacobian is to be computed.
    pub mode: Option<Mode>,
    /// The computation graph.
    pub graph: bool,
    /// The gradient into buffers, also where no length is known only at run time.
    pub value_and_grad_into: Option<Ident>,
    /// `value_and_grad_add`: the gradient is added to buffers, too.
    pub value_and_grad_add: Option<Ident>,
    /// `value_and_grad_with`: into buffers, with memory that is kept from call to call.
    pub value_and_grad_with: Option<Ident>,
    /// Emit a test at this point.
    pub test: Option<(Ident, Vec<(Ident, Expr)>)>,
    /// Print at build time what [`explain`](fn@crate::explain) says.
    pub dump: bool,
    /// Where the facade is.
    pub facade: Option<Path>,
    /// No type of the function's name.
    pub no_type: bool,
    /// No functions with suffixes.
    pub no_suffix: bool,
    /// The rules of foreign functions, for this function.
    pub rules: Vec<ForeignRule>,
    /// The names of types that are spelled out.
    pub aliases: Vec<Alias>,
    /// Part of a recursion that its tokens do not show.
    pub recursive: bool,
    /// The function is an associated one, which its tokens do not show.
    pub associated: bool,
    /// The loops of which only a few states are kept.
    pub checkpoints: Vec<(Lifetime, Schedule)>,
}

/// `libm::erf = my::erf`
#[derive(Clone, Debug)]
pub struct ForeignRule {
    /// The function, as it is called.
    pub foreign: Path,
    /// The one whose companions are its derivatives.
    pub rule: Path,
}

/// A direction in which derivatives are propagated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// With the computation: a column of the Jacobian in each sweep.
    Forward,
    /// Against it: a row in each sweep.
    Reverse,
}

/// One option as written.
struct Written {
    name: Ident,
    argument: Argument,
}

enum Argument {
    None,
    List(Vec<ListItem>),
    Rules(Vec<ForeignRule>),
    Aliases(Vec<Alias>),
    Equals(Path),
    Order(usize),
    Checkpoint(Lifetime, Schedule),
}

struct ListItem {
    name: Ident,
    value: Option<Expr>,
}

impl Options {
    /// Reads the tokens between the attribute's parentheses.
    #[must_use]
    pub fn read(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Self {
        let mut options = Self::default();
        let list = syn::parse::Parser::parse2(
            syn::punctuated::Punctuated::<Written, Token![,]>::parse_terminated,
            tokens,
        );
        let list = match list {
            Ok(list) => list,
            Err(error) => {
                diagnostics.parse_error(error);
                return options;
            }
        };
        let mut seen: Vec<String> = Vec::new();
        for written in list {
            let name = written.name.unraw().to_string();
            // Each loop has its own.
            if seen.contains(&name) && name != "checkpoint" {
                diagnostics.refuse(&Refusal::RepeatedOption(name.clone()), written.name.span());
            }
            options.set(written, &name, diagnostics);
            seen.push(name);
        }
        if let (Some(_), Some(second)) = (options.wrt.first(), options.constant.first()) {
            diagnostics.refuse(&Refusal::WrtAndConstant, second.span());
        }
        options
    }

    fn set(&mut self, written: Written, name: &str, diagnostics: &mut Diagnostics) {
        let span = written.name.span();
        let ident = written.name;
        match (name, written.argument) {
            ("wrt", Argument::List(list)) => match names(list) {
                Some(names) if !names.is_empty() => self.wrt = names,
                _ => {
                    diagnostics.refuse(&Refusal::OptionArguments(name.to_owned()), span);
                }
            },
            ("constant", Argument::List(list)) => match names(list) {
                Some(names) if !names.is_empty() => self.constant = names,
                _ => {
                    diagnostics.refuse(&Refusal::OptionArguments(name.to_owned()), span);
                }
            },
            ("test", Argument::List(list)) => match points(list) {
                Some(points) => self.test = Some((ident, points)),
                None => {
                    diagnostics.refuse(&Refusal::OptionArguments(name.to_owned()), span);
                }
            },
            ("rules", Argument::Rules(rules)) if !rules.is_empty() => {
                self.set_rules(rules, diagnostics);
            }
            ("alias", Argument::Aliases(aliases)) if !aliases.is_empty() => self.aliases = aliases,
            ("checkpoint", Argument::Checkpoint(label, schedule)) => {
                if self.checkpoints.iter().any(|(known, _)| *known == label) {
                    let repeated = format!("checkpoint({label}, ..)");
                    diagnostics.refuse(&Refusal::RepeatedOption(repeated), label.span());
                }
                self.checkpoints.push((label, schedule));
            }
            ("crate", Argument::Equals(path)) => self.facade = Some(path),
            ("jvp", Argument::None) => self.jvp = true,
            ("vjp", Argument::None) => self.vjp = true,
            ("hvp", Argument::None) => self.hvp = Some(ident),
            ("hessian", Argument::None) => self.hessian = Some(ident),
            ("jacobian", Argument::None) => self.jacobian = Some(ident),
            ("order", Argument::Order(order)) if (2..=HIGHEST).contains(&order) => {
                self.order = Some((ident, order));
            }
            ("mode", Argument::Equals(path)) if path.is_ident("forward") => {
                self.mode = Some(Mode::Forward);
            }
            ("mode", Argument::Equals(path)) if path.is_ident("reverse") => {
                self.mode = Some(Mode::Reverse);
            }
            ("graph", Argument::None) => self.graph = true,
            ("value_and_grad_into", Argument::None) => self.value_and_grad_into = Some(ident),
            ("value_and_grad_add", Argument::None) => self.value_and_grad_add = Some(ident),
            ("value_and_grad_with", Argument::None) => self.value_and_grad_with = Some(ident),
            ("dump", Argument::None) => self.dump = true,
            ("no_type", Argument::None) => self.no_type = true,
            ("no_suffix", Argument::None) => self.no_suffix = true,
            ("associated", Argument::None) => self.associated = true,
            ("recursive", Argument::None) => self.recursive = true,
            ("value_and_grad" | "grad", Argument::None) | ("order", Argument::Order(1)) => {}
            _ if KNOWN.contains(&name) => {
                diagnostics.refuse(&Refusal::OptionArguments(name.to_owned()), span);
            }
            _ => {
                diagnostics.refuse(&Refusal::UnknownOption(name.to_owned()), span);
            }
        }
    }

    fn set_rules(&mut self, rules: Vec<ForeignRule>, diagnostics: &mut Diagnostics) {
        for (at, rule) in rules.iter().enumerate() {
            if rules.iter().take(at).any(|before| before.foreign == rule.foreign) {
                let name = crate::lower::spelled_path(&rule.foreign);
                diagnostics.refuse(&Refusal::RepeatedOption(name), rule.foreign.span());
            }
        }
        self.rules = rules;
    }

    /// How often callers may be differentiated.
    #[must_use]
    pub fn order(&self) -> usize {
        self.order.as_ref().map_or(1, |(_, order)| *order)
    }

    /// Whether a parameter of that name may be differentiated; patterns have no name.
    #[must_use]
    pub fn differentiates(&self, name: Option<&str>) -> bool {
        let is_in = |list: &[Ident]| {
            name.is_some_and(|name| list.iter().any(|ident| ident.unraw() == name))
        };
        if self.wrt.is_empty() { !is_in(&self.constant) } else { is_in(&self.wrt) }
    }

    /// The parameters that options name, and whether they must be differentiable.
    pub fn named_parameters(&self) -> impl Iterator<Item = (&Ident, bool)> {
        let wrt = self.wrt.iter().map(|name| (name, true));
        wrt.chain(self.constant.iter().map(|name| (name, false)))
    }
}

const KNOWN: [&str; 25] = [
    "alias",
    "checkpoint",
    "recursive",
    "rules",
    "dump",
    "wrt",
    "constant",
    "test",
    "crate",
    "jvp",
    "vjp",
    "hvp",
    "hessian",
    "jacobian",
    "mode",
    "order",
    "graph",
    "value_and_grad_into",
    "value_and_grad_add",
    "value_and_grad_with",
    "no_type",
    "no_suffix",
    "associated",
    "value_and_grad",
    "grad",
];

fn names(list: Vec<ListItem>) -> Option<Vec<Ident>> {
    list.into_iter().map(|item| item.value.is_none().then_some(item.name)).collect()
}

fn points(list: Vec<ListItem>) -> Option<Vec<(Ident, Expr)>> {
    list.into_iter().map(|item| Some((item.name, item.value?))).collect()
}

impl Parse for Written {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = Ident::parse_any(input)?;
        let argument = if input.peek(syn::token::Paren) {
            let content;
            parenthesized!(content in input);
            if name == "checkpoint" {
                return Ok(Self { name, argument: checkpoint(&content)? });
            }
            if name == "rules" {
                return Ok(Self { name, argument: Argument::Rules(list(&content)?) });
            }
            if name == "alias" {
                let aliases = list(&content)
                    .map_err(|error| syn::Error::new(error.span(), usage("alias")))?;
                return Ok(Self { name, argument: Argument::Aliases(aliases) });
            }
            match list(&content) {
                Ok(list) => Argument::List(list),
                // Options that are not known here may take anything.
                Err(error) if KNOWN.contains(&name.unraw().to_string().as_str()) => {
                    let help = Refusal::OptionArguments(name.unraw().to_string()).help();
                    return Err(syn::Error::new(error.span(), format!("{error}\nhelp: {help}")));
                }
                Err(_) => {
                    content.parse::<TokenStream>()?;
                    Argument::None
                }
            }
        } else if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            match input.parse::<Path>() {
                Ok(path) => Argument::Equals(path),
                Err(error) => match input.parse::<syn::Lit>() {
                    Ok(syn::Lit::Int(number)) => Argument::Order(number.base10_parse()?),
                    Ok(_) => Argument::Equals(Path::from(name.clone())),
                    Err(_) => return Err(error),
                },
            }
        } else {
            Argument::None
        };
        Ok(Self { name, argument })
    }
}

/// What stands between commas.
fn list<T: Parse>(input: ParseStream<'_>) -> syn::Result<Vec<T>> {
    let items = input.call(syn::punctuated::Punctuated::<T, Token![,]>::parse_terminated)?;
    Ok(items.into_iter().collect())
}

/// How an option is written, as an error.
fn usage(option: &str) -> String {
    let refusal = Refusal::OptionArguments(option.to_owned());
    format!("{}\nhelp: {}", refusal.message(), refusal.help())
}

/// `'time, every = k` or `'time, levels = n`
fn checkpoint(input: ParseStream<'_>) -> syn::Result<Argument> {
    let misused = || input.error(usage("checkpoint"));
    let label: Lifetime = input.parse().map_err(|_| misused())?;
    input.parse::<Token![,]>().map_err(|_| misused())?;
    let kind: Ident = input.parse().map_err(|_| misused())?;
    input.parse::<Token![=]>().map_err(|_| misused())?;
    let count: Expr = input.parse()?;
    input.parse::<Option<Token![,]>>()?;
    if !input.is_empty() {
        return Err(misused());
    }
    if matches!(&count, Expr::Lit(of) if matches!(&of.lit, syn::Lit::Int(n) if n.base10_digits() == "0"))
    {
        return Err(syn::Error::new(count.span(), usage("checkpoint")));
    }
    match kind.to_string().as_str() {
        "every" => Ok(Argument::Checkpoint(label, Schedule::Every(count))),
        "levels" => Ok(Argument::Checkpoint(label, Schedule::Levels(count))),
        _ => Err(syn::Error::new(kind.span(), usage("checkpoint"))),
    }
}

impl Parse for ForeignRule {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let foreign = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok(Self { foreign, rule: input.parse()? })
    }
}

impl Parse for ListItem {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = Ident::parse_any(input)?;
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        Ok(Self { name, value })
    }
}
