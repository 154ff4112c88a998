//! The bodies of companions: a derivative function printed, and its results put together.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::Facade;
use super::names::Names;
use super::printed::Printed;
use super::printer::{Printer, Shadow};
use super::signature::alone_or_tuple;
use super::uses::Uses;
use crate::hash::{HashMap, HashSet};
use crate::ir::{Function, Inst, Kind, Output, Region, Target, Ty, ValueId, VarId};
use crate::lower::Signature;

/// A derivative and what its printing needs.
pub(crate) struct Derivative<'a> {
    pub(crate) function: &'a Function,
    pub(crate) facade: &'a Facade,
    pub(crate) signature: &'a Signature,
    pub(super) uses: Uses,
    names: Names,
}

/// Whether a companion returns the value beside the gradient.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gives {
    /// Where it is asked for.
    Both,
    /// The gradient alone, where the value is computed to know whether the function failed.
    Gradient,
}

/// What a companion does where the function fails.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It returns the failure.
    Returns,
    /// The failure is the value that it gives to its caller.
    IsTheValue,
}

/// How a pullback has the arguments of its function.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arguments {
    /// It captures what it reads of them.
    Captured,
    /// Its caller passes them again, under the same names.
    GivenAgain,
}

impl<'a> Derivative<'a> {
    pub(crate) fn new(
        function: &'a Function,
        primal: &Function,
        signature: &'a Signature,
        facade: &'a Facade,
        names: &Names,
    ) -> Self {
        let mut names = names.clone();
        // Those of rewritten syntax are not in the source.
        function.bindings.iter().for_each(|(_, binding)| names.reserve_ident(&binding.ident));
        let uses = Uses::of(function, primal.values.len());
        Self { function, facade, signature, uses, names }
    }

    pub(crate) fn print<T>(
        &self,
        shadows: &HashMap<VarId, Shadow>,
        extra: &[(ValueId, Ident)],
        taken: &[(usize, Ident)],
        body: impl Fn(&mut Printer<'_>) -> T,
    ) -> T {
        let mut names = self.names.clone();
        extra.iter().for_each(|(_, name)| names.reserve_ident(name));
        taken.iter().for_each(|(_, name)| names.reserve_ident(name));
        let context = (self.function, self.facade, &self.uses, &names);
        Printer::print(context, shadows, |printer| {
            printer.enter();
            for (value, name) in extra {
                let is_reference = printer.is_reference(*value);
                printer.name_here(*value, name.clone(), is_reference);
            }
            body(printer)
        })
    }

    /// The value and the gradient in order, or what is left of them.
    pub(crate) fn gradient(&self, gives: Gives) -> TokenStream {
        self.print(&HashMap::default(), &[], &[], |printer| {
            self.forward(printer);
            let value = self.succeeded(printer, &TokenStream::new(), gives);
            self.reverse(printer);
            let result = self.value_and_cotangents(printer, value.as_ref(), gives);
            let result = printer.inlined(self.success(result));
            printer.push(result);
            printer.finish()
        })
    }

    /// As [`gradient`](Self::gradient), into the caller's buffers, and with tapes of the caller's.
    pub(crate) fn into_buffers(
        &self,
        buffers: &[(usize, Ident)],
        workspace: Option<&Ident>,
    ) -> TokenStream {
        let site = Span::mixed_site();
        let shadows = (self.shadows(buffers, Shadow::Buffer), workspace);
        self.with_buffers(buffers, shadows, &self.cleared(buffers), |buffer, value, is_slice| {
            if is_slice {
                quote_spanned!(site=> #buffer.copy_from_slice(&#value);)
            } else {
                quote_spanned!(site=> *#buffer = #value;)
            }
        })
    }

    /// The same, added to what the buffers hold.
    pub(crate) fn added_to_buffers(&self, buffers: &[(usize, Ident)]) -> TokenStream {
        let (site, private) = (Span::mixed_site(), self.facade.private());
        let shadows = (self.shadows(buffers, Shadow::Sum), None);
        self.with_buffers(buffers, shadows, &TokenStream::new(), |buffer, value, is_slice| {
            if is_slice {
                quote_spanned!(site=> #private::add_all(#buffer, &#value);)
            } else {
                quote_spanned!(site=> #private::add(#buffer, &#value);)
            }
        })
    }

    /// Sweeps that use the buffers themselves as shadows where they can, and give them the
    /// cotangents elsewhere.
    fn with_buffers(
        &self,
        buffers: &[(usize, Ident)],
        (shadows, workspace): (HashMap<VarId, Shadow>, Option<&Ident>),
        cleared: &TokenStream,
        give: impl Fn(&Ident, TokenStream, bool) -> TokenStream,
    ) -> TokenStream {
        self.print(&shadows, &[], buffers, |printer| {
            if let Some(workspace) = workspace {
                printer.names.reserve_ident(workspace);
                printer.workspace = Some(workspace.clone());
            }
            self.forward(printer);
            let kept = self.succeeded(printer, cleared, Gives::Both);
            self.reverse(printer);
            for (param, buffer) in buffers {
                if self.shadow_of(*param).is_some_and(|var| shadows.contains_key(&var)) {
                    continue;
                }
                if let Some(value) = self.cotangent(*param) {
                    let value = printer.read(value).tokens;
                    printer.push(give(buffer, value, self.is_slice(*param)));
                }
            }
            let value = self.value_or(printer, kept.as_ref());
            printer.push(self.success(value));
            printer.finish()
        })
    }

    /// The forward sweep, and the value if it is asked for.
    pub(crate) fn forward(&self, printer: &mut Printer<'_>) {
        let end = self.function.reverse_from.unwrap_or(self.function.body.insts.len());
        let forward = self.function.body.insts.get(..end).unwrap_or_default();
        // The printer's function is this one: both borrow it for as long as the derivative lives.
        printer.insts_of(forward.len(), 0);
        // Else it is named where it is known whether the function failed.
        if self.function.reverse_from.is_some() && self.signature.fallible().is_none() {
            self.name_value(printer);
        }
    }

    pub(crate) fn reverse(&self, printer: &mut Printer<'_>) {
        // Nothing uses what the user's references borrow any more.
        printer.borrowed.clear();
        let total = self.function.body.insts.len();
        let start = self.function.reverse_from.unwrap_or(total);
        printer.insts_of(total - start.min(total), start);
    }

    /// `let value = …;`, unless it has a name or nothing comes after it.
    fn name_value(&self, printer: &mut Printer<'_>) {
        let Some(value) = self.output(Output::Value) else { return };
        let simple = printer.is_named(value) || printer.home(value).is_some();
        let start = self.function.reverse_from.unwrap_or_default();
        let rest = self.function.body.insts.get(start..).unwrap_or_default();
        let last = rest.iter().all(|inst| matches!(inst.kind, Kind::Load(_)));
        if !simple && !last && self.uses.is_primal(value) {
            let tokens = printer.hole(value);
            if !printer.is_named(value) {
                printer.bind_name(value, tokens, false);
            }
        }
    }

    pub(crate) fn output(&self, wanted: Output) -> Option<ValueId> {
        let at = self.function.outputs.iter().position(|output| *output == wanted)?;
        self.function.body.yields.get(at).copied()
    }

    pub(crate) fn cotangent(&self, param: usize) -> Option<ValueId> {
        self.output(Output::Cotangent(param))
    }

    /// The value, as the last expression or part of it.
    pub(crate) fn value(&self, printer: &mut Printer<'_>) -> TokenStream {
        let Some(value) = self.output(Output::Value) else { return TokenStream::new() };
        self.result(printer, value).tokens
    }

    fn result(&self, printer: &mut Printer<'_>, value: ValueId) -> Printed {
        let defined_here = printer
            .definitions
            .get(&value)
            .is_some_and(|inst| inst.syntax.is_some() && !matches!(inst.kind, Kind::Bind(_)));
        if self.uses.is_primal(value)
            && defined_here
            && !printer.is_named(value)
            && printer.home(value).is_none()
        {
            return Printed::atom(printer.hole(value));
        }
        printer.read(value)
    }

    /// `(value, (x_bar, y_bar))`, or what is left of it.
    fn value_and_cotangents(
        &self,
        printer: &mut Printer<'_>,
        value: Option<&Ident>,
        gives: Gives,
    ) -> TokenStream {
        let has_value = self.gives_value() && gives == Gives::Both;
        let value = if has_value { self.value_or(printer, value) } else { TokenStream::new() };
        let gradient = alone_or_tuple(&self.cotangents(printer));
        if has_value { quote_spanned!(Span::mixed_site()=> (#value, #gradient)) } else { gradient }
    }

    pub(crate) fn cotangents(&self, printer: &mut Printer<'_>) -> Vec<TokenStream> {
        let wanted = self.signature.params.iter().enumerate().filter(|(_, param)| param.wanted);
        wanted
            .map(|(at, param)| {
                if let Some(value) = self.cotangent(at) {
                    printer.read(value).tokens
                } else {
                    let like = param.ident().map(ToTokens::to_token_stream).unwrap_or_default();
                    super::shape::zero(&param.ty, &like, self.facade)
                }
            })
            .collect()
    }

    /// `(value, value_dot)` with these names for the tangents of the parameters.
    pub(crate) fn pushforward(&self, tangents: &[Ident], failure: Failure) -> TokenStream {
        self.with_tangents(tangents, |printer| {
            // Once is enough: in the companion that every function has, and nobody reads.
            printer.asserts = failure == Failure::IsTheValue;
            self.forward(printer);
            if self.has_value() {
                let kept = match failure {
                    Failure::Returns => self.succeeded(printer, &TokenStream::new(), Gives::Both),
                    Failure::IsTheValue => None,
                };
                let value = self.value_or(printer, kept.as_ref());
                let (value, dot) = match self.output(Output::Tangent(0)) {
                    Some(dot) => (value, printer.read(dot).tokens),
                    None => self.constant_result(printer, value),
                };
                let both = quote_spanned!(Span::mixed_site()=> (#value, #dot));
                printer.push(match failure {
                    Failure::Returns => self.success(both),
                    Failure::IsTheValue => both,
                });
            }
            printer.finish()
        })
    }

    pub(crate) fn with_tangents<T>(
        &self,
        tangents: &[Ident],
        body: impl Fn(&mut Printer<'_>) -> T,
    ) -> T {
        let added = self.function.params.iter().skip(self.signature.params.len());
        let extra: Vec<(ValueId, Ident)> = added.copied().zip(tangents.iter().cloned()).collect();
        self.print(&self.exit_tangents(tangents), &extra, &[], body)
    }

    /// A closure from the cotangent of the result to the gradient, after the forward sweep.
    pub(crate) fn pullback(
        &self,
        arguments: Arguments,
        accumulators: &[(usize, Ident)],
        y_bar: &Ident,
        tail: impl Fn(&mut Printer<'_>) -> TokenStream,
        closure: impl Fn(TokenStream) -> TokenStream,
    ) -> TokenStream {
        let mut shadows: HashMap<VarId, Shadow> = accumulators
            .iter()
            .filter_map(|(param, name)| {
                let var = self.accumulator_of(*param)?;
                // Of a struct, there is always something to add to.
                let reached = if self.is_named(*param) { Shadow::Sum } else { Shadow::Accumulator };
                Some((var, reached(name.clone())))
            })
            .collect();
        shadows.extend(self.exit_shadows(accumulators));
        let seed = self.has_value().then(|| self.function.params.get(self.signature.params.len()));
        let seed = seed.flatten().copied();
        let extra: Vec<(ValueId, Ident)> =
            seed.map(|seed| (seed, y_bar.clone())).into_iter().collect();
        self.print(&shadows, &extra, accumulators, |printer| {
            self.forward(printer);
            let kept = match arguments {
                Arguments::Captured => self.succeeded(printer, &TokenStream::new(), Gives::Both),
                Arguments::GivenAgain => {
                    if self.signature.fallible().is_some() {
                        self.name_value(printer);
                    }
                    None
                }
            };
            let value = self.value_or(printer, kept.as_ref());
            self.name_partials(printer);
            printer.open();
            printer.outlives = true;
            if arguments == Arguments::GivenAgain {
                printer.enter_again();
                printer.handed_on = self.handed_on(accumulators);
            }
            self.reverse(printer);
            let tail = tail(printer);
            printer.push(tail);
            printer.outlives = false;
            let closure = closure(printer.finish());
            let value =
                if self.has_value() { value } else { quote_spanned!(Span::mixed_site()=> ()) };
            let both = quote_spanned!(Span::mixed_site()=> (#value, #closure));
            printer.push(match arguments {
                Arguments::Captured => self.success(both),
                Arguments::GivenAgain => both,
            });
            printer.finish()
        })
    }

    /// What a transform computes in the forward sweep for the reverse one is computed there: that
    /// one keeps the result, and not what it is made of.
    fn name_partials(&self, printer: &mut Printer<'_>) {
        let insts = &self.function.body.insts;
        let start = self.function.reverse_from.unwrap_or(insts.len());
        let Some((forward, reverse)) = insts.split_at_checked(start) else { return };
        let mut read = HashSet::default();
        for inst in reverse {
            inst.kind.visit_operands(&mut |value| {
                read.insert(value);
            });
        }
        let made = forward.iter().filter(|inst| inst.syntax.is_none()).filter(|inst| {
            matches!(inst.kind, Kind::Apply(..) | Kind::Scale { .. } | Kind::Select { .. })
        });
        for &partial in made.flat_map(|inst| &inst.results) {
            if self.function.is_active(partial)
                && !printer.is_named(partial)
                && read.contains(&partial)
            {
                let tokens = printer.read(partial).tokens;
                printer.bind_name(partial, tokens, false);
            }
        }
    }

    /// The shadows of parameters that are memory of the caller's, where that can be as long as they
    /// are in between.
    fn shadows(
        &self,
        buffers: &[(usize, Ident)],
        reached: impl Fn(Ident) -> Shadow,
    ) -> HashMap<VarId, Shadow> {
        buffers
            .iter()
            .filter(|(param, _)| !self.is_resized(*param))
            .filter_map(|(param, name)| Some((self.shadow_of(*param)?, reached(name.clone()))))
            .collect()
    }

    fn is_resized(&self, param: usize) -> bool {
        let value = self.function.params.get(param);
        let home = value.and_then(|&value| self.function.values[value].home.as_ref());
        home.is_some_and(|home| self.uses.is_resized(home.binding))
    }

    /// The variable in which the cotangent of a parameter is added up, if it is one.
    pub(crate) fn shadow_of(&self, param: usize) -> Option<VarId> {
        let value = self.cotangent(param)?;
        let ty = self.signature.params.get(param).map(|param| param.ty.behind_refs());
        if matches!(ty, Some(Ty::Float(_))) {
            // It is returned.
            return None;
        }
        self.function.body.insts.iter().find_map(|inst| match &inst.kind {
            Kind::Load(place) if inst.results.contains(&value) && place.path.is_empty() => {
                Some(place.var)
            }
            _ => None,
        })
    }

    /// The same, if it is only added to: then the caller's accumulator serves as it.
    pub(crate) fn accumulator_of(&self, param: usize) -> Option<VarId> {
        let cotangent = self.cotangent(param);
        let var = self.shadow_of(param)?;
        let is_read = reads(&self.function.body, &|inst| match &inst.kind {
            Kind::Load(place) => place.var == var && inst.results.first().copied() != cotangent,
            Kind::Take(place) | Kind::Store(place, _) => place.var == var,
            Kind::Define { var: defined, .. } => *defined == var,
            Kind::Call(call) => call
                .targets()
                .iter()
                .any(|target| matches!(target, Target::Exchange(place) if place.var == var)),
            _ => false,
        });
        (!is_read).then_some(var)
    }

    /// Whether the caller's accumulator is added to more than once, or in a loop.
    pub(crate) fn adds_often(&self, param: usize) -> bool {
        let var = self.accumulator_of(param);
        var.is_some_and(|var| super::memory::additions(&self.function.body, var) != [false])
    }

    /// Whether a parameter is of a type of the user's.
    pub(crate) fn is_named(&self, param: usize) -> bool {
        self.signature
            .params
            .get(param)
            .is_some_and(|param| matches!(param.ty.behind_refs(), Ty::Named(_)))
    }

    fn is_slice(&self, param: usize) -> bool {
        self.signature
            .params
            .get(param)
            .is_some_and(|param| matches!(param.ty.behind_refs(), Ty::Slice(_) | Ty::Vec(_)))
    }
}

/// Whether an instruction, here or further in, is one of these.
fn reads(region: &Region, is_one: &impl Fn(&Inst) -> bool) -> bool {
    let mut insts = region.insts.iter();
    insts.any(|inst| is_one(inst) || inst.kind.regions().iter().any(|inner| reads(inner, is_one)))
}

impl Printer<'_> {
    /// Prints `count` instructions of the body from `start`.
    pub(crate) fn insts_of(&mut self, count: usize, start: usize) {
        let insts = &self.function.body.insts;
        let end = start.saturating_add(count).min(insts.len());
        self.insts(insts.get(start..end).unwrap_or_default());
    }
}
