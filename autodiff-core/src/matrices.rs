//! Which Hessians and Jacobians there are, and how they are computed.

use crate::diagnostics::{Diagnostics, Refusal};
use crate::differentiate::{self, Seed, adjoint, adjoint_again, tangent, without_records};
use crate::emit::{Matrices, Matrix, Way};
use crate::ir::{CallForm, Function, Inst, Kind, Len, Output, Region, Ty};
use crate::lower::Signature;
use crate::lower::signature::Param;
use crate::options::{Mode, Options};
use crate::simplify::{away_from_poles, drop_output};
use crate::sparsity::pattern;

/// Directions that are taken in one sweep, each with code of its own.
const MOST_DIRECTIONS: usize = 16;

/// Of operators, which only rustc finds, there are no higher derivatives.
pub(crate) const HIGHEST_OF_OPERATORS: usize = 2;

/// A Jacobian with so many times more columns than rows is computed by rows.
const WIDE: usize = 2;

/// Reports what is asked for and cannot be had.
pub(crate) fn check(signature: &Signature, options: &Options, diagnostics: &mut Diagnostics) {
    let exits = signature.params.iter().any(|param| param.exit);
    let patterns = signature.params.iter().any(|param| param.ident().is_none());
    let wanted: Vec<&Param> = wanted(signature).map(|(_, param)| param).collect();
    let Options { value_and_grad_into, value_and_grad_add, value_and_grad_with, .. } = options;
    let buffers = [value_and_grad_into, value_and_grad_add, value_and_grad_with];
    for option in buffers.into_iter().flatten().filter(|_| !signature.returns_float()) {
        diagnostics.refuse(&Refusal::NoSuchCompanion(option.to_string()), option.span());
    }
    for (name, option) in [("hvp", &options.hvp), ("hessian", &options.hessian)] {
        let Some(option) = option else { continue };
        let help = if !signature.returns_float() {
            "the result must be one float; of several, ask for `jacobian`"
        } else if name == "hessian" && patterns {
            "bind each parameter to a name and take it apart with `let`"
        } else if name == "hessian" && !has_hessian(&wanted) {
            "it is of one parameter, an array or slice of floats, or of floats of one type: choose with `wrt`"
        } else {
            continue;
        };
        diagnostics.refuse(&Refusal::Unavailable(name, help), option.span());
    }
    if let Some(option) = &options.jacobian {
        let help = match signature.payload() {
            _ if exits => match refused_columns(signature, options) {
                Some(help) => help,
                None => return,
            },
            Some(Ty::Float(_)) => "the result is one float: its Jacobian is the gradient, `grad`",
            Some(result) if !is_row(result) => {
                "the result must be an array, a `Vec` or a tuple of floats"
            }
            _ if patterns => "bind each parameter to a name and take it apart with `let`",
            _ if !wanted.iter().all(|param| is_float(&param.ty) || items(&param.ty).is_some()) => {
                "it is of floats, arrays and slices of them: choose with `wrt`, or ask for `jvp`"
            }
            Some(result) if options.mode == Some(Mode::Reverse) && result.is_run_time_sized() => {
                "for `mode = reverse` the number of results must be known: return an array"
            }
            _ if options.mode == Some(Mode::Reverse) && signature.may_fail() => {
                "where the function may fail, it is computed by columns: leave `mode` out"
            }
            _ if options.mode == Some(Mode::Reverse) && wanted.len() > 1 => {
                "for `mode = reverse` choose one parameter with `wrt`"
            }
            _ => return,
        };
        diagnostics.refuse(&Refusal::Unavailable("jacobian", help), option.span());
    }
}

/// Why a Jacobian of what is written through a `&mut` parameter cannot be had.
fn refused_columns(signature: &Signature, options: &Options) -> Option<&'static str> {
    let mut exits = signature.params.iter().filter(|param| param.exit);
    let (exit, another) = (exits.next()?, exits.next());
    let suits = |param: &Param| {
        let is_lent = !matches!(param.ty, Ty::Vec(_));
        is_float(&param.ty) || is_lent && items(&param.ty).is_some()
    };
    let active = || signature.params.iter().filter(|param| param.active);
    if another.is_some() {
        Some(
            "it is of what one `&mut` parameter refers to: take scratch memory by value, or ask for `jvp`",
        )
    } else if signature.result.is_some() {
        Some("return nothing beside what is written to the `&mut` parameter, or ask for `jvp`")
    } else if items(&exit.ty).is_none() || matches!(exit.ty.behind_refs(), Ty::Vec(_)) {
        Some("the `&mut` parameter must be an array or a slice of floats: ask for `jvp`")
    } else if active().any(|param| param.ident().is_none()) {
        Some("bind each parameter to a name and take it apart with `let`")
    } else if !active().all(suits) {
        Some("it is of floats, arrays and slices of them: choose with `wrt`, or ask for `jvp`")
    } else if options.mode == Some(Mode::Reverse) {
        Some("of what is written to a `&mut` parameter it is computed by columns: leave `mode` out")
    } else if options.no_type {
        Some("it is computed by a companion that `no_type` leaves out: ask for `jvp`")
    } else {
        None
    }
}

/// Reports calls that second derivatives do not go through, and functions that they do not.
pub(crate) fn check_order(
    primal: &Function,
    signature: &Signature,
    options: &Options,
    diagnostics: &mut Diagnostics,
) {
    if let Some((option, _)) = &options.order {
        let patterns = signature.params.iter().any(|param| param.ident().is_none());
        let generic = signature.known.are_differentiable(&signature.item.generics);
        let help = if patterns {
            Some("bind each parameter to a name and take it apart with `let`")
        } else if generic {
            Some("spell the types: nothing says that the tangent of a type parameter has a tangent")
        } else {
            None
        };
        if let Some(help) = help {
            diagnostics.refuse(&Refusal::Unavailable("order", help), option.span());
        }
    }
    let twice = options.hvp.is_some() || options.hessian.is_some() || options.order.is_some();
    if twice {
        check_calls((primal, options.order()), &primal.body, &mut Vec::new(), diagnostics);
    }
}

/// `scope` is the variables of the regions around.
fn check_calls<'f>(
    (primal, order): (&'f Function, usize),
    region: &'f Region,
    scope: &mut Vec<&'f syn::Ident>,
    diagnostics: &mut Diagnostics,
) {
    let outside = scope.len();
    scope.extend(region.insts.iter().filter(|inst| matches!(inst.kind, Kind::Bind(_))).flat_map(
        |inst| {
            let homes = inst.results.iter().filter_map(|&of| primal.values[of].home.as_ref());
            homes.map(|home| &primal.bindings[home.binding].ident)
        },
    ));
    for inst in &region.insts {
        if let Kind::Call(call) = &inst.kind {
            let is_passed = crate::emit::passed(&call.callee).is_some();
            let is_high = order > HIGHEST_OF_OPERATORS && call.is_operator();
            if is_passed || is_high {
                diagnostics.refuse(&Refusal::SecondOrderCall, inst.span);
            }
            if let Some(name) = bare_name(&call.callee).filter(|name| scope.contains(name)) {
                diagnostics.refuse(&Refusal::SecondOrderName(name.to_string()), inst.span);
            }
        }
        for region in inst.kind.regions() {
            check_calls((primal, order), region, scope, diagnostics);
        }
    }
    scope.truncate(outside);
}

/// The name of a function that is called by its name alone.
fn bare_name(callee: &syn::Expr) -> Option<&syn::Ident> {
    match callee {
        syn::Expr::Path(path) => path.path.get_ident(),
        _ => None,
    }
}

/// What the companions of second order, and Jacobians, are printed from.
pub(crate) fn of(primal: &Function, signature: &Signature, options: &Options) -> Matrices {
    let twice = options.hvp.is_some() || options.hessian.is_some();
    let mut matrices = Matrices::default();
    if !twice && options.jacobian.is_none() {
        return matrices;
    }
    let calls = calls(&primal.body);
    let groups: Option<Vec<(usize, Option<usize>)>> =
        wanted(signature).map(|(at, param)| Some((at, group(&param.ty)?))).collect();
    let fits = |groups: &Vec<(usize, Option<usize>)>| {
        let count: usize = groups.iter().map(|&(_, elements)| elements.unwrap_or(1)).sum();
        count <= MOST_DIRECTIONS && !calls
    };
    let groups = groups.filter(fits);
    if twice && signature.returns_float() {
        let gradient = &super::between(adjoint_again(primal, Seed::One));
        let product = super::finished(product(gradient));
        if options.hessian.is_some() {
            matrices.hessian = Some(match &groups {
                Some(groups) => sweep(differentiate::hessian(gradient, groups)),
                None => Matrix { way: Way::Columns, function: product.clone(), pattern: None },
            });
        }
        matrices.product = Some(product);
    }
    if options.jacobian.is_some() && !signature.params.iter().any(|param| param.exit) {
        let is_wide = !signature.may_fail() && is_wide(signature);
        let by_rows = options.mode == Some(Mode::Reverse) || options.mode.is_none() && is_wide;
        let without_value = |of: &Function| drop_output(of, Output::Value);
        matrices.jacobian = Some(match &groups {
            _ if by_rows => matrix(Way::Rows, without_value(&adjoint(primal, Seed::Parameter))),
            Some(groups) if has_known_rows(signature) => {
                sweep(differentiate::jacobian(primal, groups))
            }
            _ => matrix(Way::Columns, direction(tangent(primal))),
        });
    }
    matrices
}

/// All elements at once, with the products of all directions.
fn sweep(function: Function) -> Matrix {
    let function = super::finished(function);
    let pattern = pattern(&function);
    Matrix { pattern, ..matrix(Way::Sweep, away_from_poles(function)) }
}

fn matrix(way: Way, function: Function) -> Matrix {
    Matrix { way, function: super::finished(function), pattern: None }
}

/// The tangent of a result alone; one that is zero everywhere is as long as the value, and whether
/// there is one is told by the value of a function that may fail.
fn direction(tangent: Function) -> Function {
    let is_there = tangent.outputs.contains(&Output::Tangent(0));
    if is_there && !tangent.may_fail() { drop_output(&tangent, Output::Value) } else { tangent }
}

/// The tangent of a gradient, beside what a `&mut` leads to and its tangent, and the value where that
/// tells whether there is one.
fn product(gradient: &Function) -> Function {
    let mut product = without_records(tangent(gradient));
    let may_fail = gradient.may_fail();
    let labels = product.outputs.iter().zip(&product.body.yields);
    let kept: Vec<_> = labels
        .filter_map(|(output, &value)| match output {
            Output::Tangent(n) => match gradient.outputs.get(*n) {
                Some(Output::Cotangent(param)) => Some((Output::Cotangent(*param), value)),
                Some(Output::Exit(_)) => Some((*output, value)),
                _ => None,
            },
            Output::Exit(_) => Some((*output, value)),
            Output::Value if may_fail => Some((*output, value)),
            _ => None,
        })
        .collect();
    (product.outputs, product.body.yields) = kept.into_iter().unzip();
    product
}

fn wanted(signature: &Signature) -> impl Iterator<Item = (usize, &Param)> {
    signature.params.iter().enumerate().filter(|(_, param)| param.wanted)
}

fn is_float(ty: &Ty) -> bool {
    matches!(ty.behind_refs(), Ty::Float(_))
}

/// The floats that an array, a slice or a `Vec` holds.
fn items(ty: &Ty) -> Option<&Ty> {
    match ty.behind_refs() {
        Ty::Array(item, _) | Ty::Slice(item) | Ty::Vec(item) if is_float(item) => Some(item),
        _ => None,
    }
}

fn is_row(ty: &Ty) -> bool {
    match ty {
        Ty::Tuple(fields) => fields.iter().all(|field| matches!(field, Ty::Float(_))),
        Ty::Array(..) | Ty::Vec(_) => items(ty).is_some(),
        _ => false,
    }
}

fn has_hessian(wanted: &[&Param]) -> bool {
    match wanted {
        [param] => is_float(&param.ty) || items(&param.ty).is_some(),
        // Its elements are of one type.
        [first, others @ ..] => {
            let width = |param: &Param| match param.ty.behind_refs() {
                Ty::Float(width) => Some(width.clone()),
                _ => None,
            };
            let all = width(first);
            all.is_some() && others.iter().all(|other| width(other) == all)
        }
        [] => true,
    }
}

/// How many elements a parameter has, where that is written: `None` of a float.
#[allow(clippy::option_option, reason = "unknown, or no array")]
fn group(ty: &Ty) -> Option<Option<usize>> {
    match ty.behind_refs() {
        Ty::Float(_) => Some(None),
        Ty::Array(item, Len::Literal(n)) if is_float(item) => Some(Some(*n)),
        _ => None,
    }
}

fn has_known_rows(signature: &Signature) -> bool {
    match signature.payload() {
        Some(Ty::Array(_, len)) => matches!(len, Len::Literal(_)),
        Some(Ty::Tuple(_)) => true,
        _ => false,
    }
}

/// Whether a Jacobian of one parameter has many more columns than rows, or who knows how many.
fn is_wide(signature: &Signature) -> bool {
    let rows = match &signature.result {
        Some(Ty::Array(_, Len::Literal(n))) => *n,
        Some(Ty::Tuple(fields)) => fields.len(),
        _ => return false,
    };
    let mut wanted = wanted(signature);
    let (Some((_, param)), None) = (wanted.next(), wanted.next()) else { return false };
    match group(&param.ty) {
        Some(columns) => columns.unwrap_or(1) > WIDE * rows,
        None => param.ty.is_run_time_sized(),
    }
}

/// Whether another annotated function is called.
fn calls(region: &Region) -> bool {
    let is_call = |inst: &Inst| matches!(&inst.kind, Kind::Call(call) if matches!(call.form, CallForm::Primal));
    region.insts.iter().any(|inst| inst.any(&is_call))
}
