//! `&mut` parameters: their shadows and tangents are memory of the caller's, changed in place.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::body::Derivative;
use super::companions::{Companion, Context};
use super::printer::Shadow;
use super::shape;
use super::signature::result_type;
use crate::hash::HashMap;
use crate::ir::{Kind, Output, Ty, VarId};

impl Derivative<'_> {
    /// The variable that starts from an added parameter: the cotangent of what a `&mut` refers to
    /// on return, or its tangent.
    pub(crate) fn started_from(&self, added: usize) -> Option<VarId> {
        let param = *self.function.params.get(self.signature.params.len() + added)?;
        self.function.body.insts.iter().find_map(|inst| match &inst.kind {
            Kind::Define { var, value } if *value == param => Some(*var),
            _ => None,
        })
    }

    /// The shadows of the `&mut` parameters in a pullback, under these names.
    pub(crate) fn exit_shadows(&self, names: &[(usize, Ident)]) -> HashMap<VarId, Shadow> {
        let exits = self.signature.params.iter().enumerate().filter(|(_, param)| param.exit);
        let first = usize::from(self.has_value());
        let mut shadows = HashMap::default();
        for (n, (at, _)) in exits.enumerate() {
            let name = names.iter().find(|(param, _)| *param == at);
            if let (Some(var), Some((_, name))) = (self.started_from(first + n), name) {
                shadows.insert(var, Shadow::Sum(name.clone()));
            }
        }
        shadows
    }

    /// The tangents of the `&mut` parameters in a pushforward, under the names of all tangents.
    pub(crate) fn exit_tangents(&self, names: &[Ident]) -> HashMap<VarId, Shadow> {
        let active = self.signature.params.iter().filter(|param| param.active);
        let mut tangents = HashMap::default();
        for (n, (param, name)) in active.zip(names).enumerate() {
            if let (true, Some(var)) = (param.exit, self.started_from(n)) {
                tangents.insert(var, Shadow::Sum(name.clone()));
            }
        }
        tangents
    }

    /// Whether the function returns something differentiable.
    pub(crate) fn has_value(&self) -> bool {
        self.function.outputs.contains(&Output::Value)
    }

    /// The body of a pullback that runs at once: cotangents in, cotangents out.
    fn joint_pullback(&self, bars: &[(usize, Ident)], y_bar: &Ident) -> TokenStream {
        let site = Span::mixed_site();
        let mut shadows = self.exit_shadows(bars);
        for (param, name) in bars {
            if let Some(var) = self.accumulator_of(*param) {
                shadows.entry(var).or_insert_with(|| Shadow::Sum(name.clone()));
            }
        }
        let seed = self.has_value().then(|| self.function.params.get(self.signature.params.len()));
        let extra: Vec<_> = seed.flatten().map(|&seed| (seed, y_bar.clone())).into_iter().collect();
        self.print(&shadows, &extra, bars, |printer| {
            self.forward(printer);
            self.reverse(printer);
            for (at, name) in bars {
                let known = |var: VarId| shadows.contains_key(&var);
                let is_exit = self.signature.params.get(*at).is_some_and(|param| param.exit);
                if is_exit || self.accumulator_of(*at).is_some_and(known) {
                    continue;
                }
                if let Some(value) = self.cotangent(*at) {
                    let is_float = self
                        .signature
                        .params
                        .get(*at)
                        .is_some_and(|param| matches!(param.ty.behind_refs(), Ty::Float(_)));
                    let value = printer.read(value).tokens;
                    let private = self.facade.private();
                    printer.push(if is_float {
                        quote_spanned!(site=> *#name += #value;)
                    } else {
                        quote_spanned!(site=> #private::add(#name, &#value);)
                    });
                }
            }
            let value = self.value(printer);
            printer.push(value);
            printer.finish()
        })
    }
}

impl Context<'_> {
    /// Whether a parameter is a `&mut` to something differentiable.
    pub(crate) fn has_exits(&self) -> bool {
        self.signature.params.iter().any(|param| param.exit)
    }

    /// `f_vjp(arguments.., [y_bar], cotangents..) -> y`
    pub(crate) fn joint_vjp(&self, derivative: &Derivative<'_>) -> Companion {
        let site = Span::mixed_site();
        // A parameter may be called `y`, too.
        let mut names = self.names.clone();
        let y_bar = names.fresh("y_bar");
        let bars = self.per_parameter_beside(&mut names, "bar");
        let body = derivative.joint_pullback(&bars, &y_bar);
        let mut extra = Vec::new();
        if derivative.has_value() {
            extra.push((y_bar, self.result_cotangent()));
        }
        let mut checks = TokenStream::new();
        for (at, name) in &bars {
            let Some(param) = self.signature.params.get(*at) else { continue };
            let ty = if param.exit {
                shape::lent(&param.ty, &self.facade)
            } else {
                shape::buffer(&param.ty, &self.facade)
            };
            extra.push((name.clone(), quote_spanned!(site=> &mut #ty)));
            checks.extend(self.length_check(param, name));
        }
        let body = quote_spanned!(site=> #checks #body);
        self.companion("vjp", &result_type(self.signature), &extra, &body)
    }
}
