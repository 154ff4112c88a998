//! The check of derivatives, through the interpreter of the IR: what is checked, and where.

use autodiff_core::differentiate::{Seed, adjoint, tangent};
use autodiff_core::inspect;
use autodiff_core::ir::Ty;
use autodiff_core::ir::eval::{Derive, Module, Value};
use autodiff_core::lower::Signature;
use autodiff_runtime::Graph;
use syn::{Expr, Lit, Token, UnOp};

use crate::modes::{Checkpoint, Part};
use crate::source::{Function, Problem, problem};

/// What a check gives.
#[derive(Debug)]
pub struct Checked {
    /// Whether all derivatives are those of the function.
    pub passes: bool,
    /// What was compared, component by component.
    pub text: String,
}

/// Compares the gradient of a function with finite differences, forward mode with reverse, and its
/// second derivatives with differences of the gradient.
///
/// # Errors
/// If the function is refused, the point is none of its arguments, or the interpreter cannot run it.
pub fn check(
    path: &str,
    function: &Function,
    others: &[Function],
    at: &str,
) -> Result<Checked, Problem> {
    let (primal, signature) = inspect::primal(function.options.clone(), function.item.clone())
        .map_err(|errors| problem(path, &errors))?;
    if !signature.returns_float() {
        return Err(Problem(format!("`{}` does not return one float", function.name)));
    }
    let mut module = Module::new(Derive { adjoint: |of| adjoint(of, Seed::Parameter), tangent });
    for other in others {
        if let Ok((primal, _)) = inspect::primal(other.options.clone(), other.item.clone()) {
            module.add(primal);
        }
    }
    let arguments = Point::of_arguments(&signature, at)?;
    let point = Checkpoint::new(&module, (&primal, &signature), arguments);
    let first = point.gradient().map_err(|error| {
        let name = &function.name;
        Problem(format!("`{name}` is not run: {error}; `#[grad(test(..))]` checks it as a test"))
    })?;
    let (mut passes, mut text) = (true, Vec::new());
    for Part { title, found } in [first, point.modes(), point.second()] {
        let (passed, found) = match found {
            Ok(found) => (true, found),
            Err(found) => (false, found),
        };
        passes &= passed;
        text.push(format!("{title}\n{found}"));
    }
    Ok(Checked { passes, text: text.join("\n\n") })
}

pub(crate) fn floats(value: &Value, found: &mut Vec<f64>) {
    match value {
        Value::Float(number) => found.push(*number),
        Value::Tuple(parts) | Value::Array(parts) => {
            parts.iter().for_each(|part| floats(part, found));
        }
        _ => {}
    }
}

pub(crate) fn put(value: &mut Value, numbers: &mut impl Iterator<Item = f64>) {
    match value {
        Value::Float(number) => *number = numbers.next().unwrap_or(f64::NAN),
        Value::Tuple(parts) | Value::Array(parts) => {
            parts.iter_mut().for_each(|part| put(part, numbers));
        }
        _ => {}
    }
}

/// A point, as it is written.
#[derive(Debug)]
pub struct Point {
    /// The names, where they are given, and the values.
    parts: Vec<(Option<String>, Expr)>,
}

impl Point {
    fn read(text: &str) -> Result<Self, Problem> {
        let parser = syn::punctuated::Punctuated::<Expr, Token![,]>::parse_terminated;
        let parts = syn::parse::Parser::parse_str(parser, text)
            .map_err(|error| Problem(format!("--at {text}: {error}")))?;
        let part = |expr: Expr| match expr {
            Expr::Assign(assign) => match &*assign.left {
                Expr::Path(path) => (path.path.get_ident().map(ToString::to_string), *assign.right),
                _ => (None, Expr::Assign(assign)),
            },
            other => (None, other),
        };
        Ok(Self { parts: parts.into_iter().map(part).collect() })
    }

    /// The value of each of these names.
    fn ordered(&self, names: &[String]) -> Result<Vec<&Expr>, Problem> {
        if self.parts.len() != names.len() {
            let (given, wanted) = (self.parts.len(), names.len());
            let names = names.join(", ");
            return Err(Problem(format!("--at: {given} values for {wanted} inputs: {names}")));
        }
        let by_name = self.parts.iter().any(|(name, _)| name.is_some());
        let value = |(at, name): (usize, &String)| {
            let found = if by_name {
                self.parts.iter().find(|(known, _)| known.as_ref() == Some(name))
            } else {
                self.parts.get(at)
            };
            found
                .map(|(_, value)| value)
                .ok_or_else(|| Problem(format!("--at: no value for `{name}`")))
        };
        names.iter().enumerate().map(value).collect()
    }

    /// One number for each input of a graph.
    ///
    /// # Errors
    /// If it is something else.
    pub fn of_inputs(graph: &Graph, text: &str) -> Result<Vec<f64>, Problem> {
        let names = graph.names();
        let names: Vec<String> =
            graph.inputs().filter_map(|id| names.get(id.index()).cloned()).collect();
        let point = Self::read(text)?;
        let number = |expr: &Expr| match constant(expr) {
            Some(Value::Float(number)) => Ok(number),
            #[allow(clippy::cast_precision_loss, reason = "an exponent or a count is small")]
            Some(Value::Int(number)) => Ok(number as f64),
            Some(Value::Bool(truth)) => Ok(f64::from(u8::from(truth))),
            _ => Err(Problem("--at: one number for each input".to_owned())),
        };
        point.ordered(&names)?.into_iter().map(number).collect()
    }

    /// One value for each parameter, of its type.
    fn of_arguments(signature: &Signature, text: &str) -> Result<Vec<Value>, Problem> {
        let name = |param: &autodiff_core::lower::signature::Param| {
            param.ident().map_or("_".to_owned(), ToString::to_string)
        };
        let names: Vec<String> = signature.params.iter().map(name).collect();
        let point = Self::read(text)?;
        let values = point.ordered(&names)?.into_iter().zip(&signature.params);
        let argument = |(expr, param): (&Expr, &autodiff_core::lower::signature::Param)| {
            let value = constant(expr).map(|value| of_type(value, &param.ty));
            value.ok_or_else(|| Problem(format!("--at: `{}` is no constant", name(param))))
        };
        values.map(argument).collect()
    }
}

/// A literal, negative or not, or an array or a tuple of them.
fn constant(expr: &Expr) -> Option<Value> {
    match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Float(number) => number.base10_parse().ok().map(Value::Float),
            Lit::Int(number) => number.base10_parse().ok().map(Value::Int),
            Lit::Bool(truth) => Some(Value::Bool(truth.value)),
            _ => None,
        },
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => match constant(&unary.expr)? {
            Value::Float(number) => Some(Value::Float(-number)),
            Value::Int(number) => Some(Value::Int(-number)),
            _ => None,
        },
        Expr::Reference(of) => constant(&of.expr),
        Expr::Paren(of) => constant(&of.expr),
        Expr::Array(of) => of.elems.iter().map(constant).collect::<Option<_>>().map(Value::Array),
        Expr::Tuple(of) => of.elems.iter().map(constant).collect::<Option<_>>().map(Value::Tuple),
        _ => None,
    }
}

/// `2` is a float where one is wanted.
#[allow(clippy::cast_precision_loss, reason = "it is written as an integer by hand")]
fn of_type(value: Value, ty: &Ty) -> Value {
    match (value, ty.behind_refs()) {
        (Value::Int(number), Ty::Float(_)) => Value::Float(number as f64),
        (Value::Array(parts), Ty::Array(of, _) | Ty::Slice(of) | Ty::Vec(of)) => {
            Value::Array(parts.into_iter().map(|part| of_type(part, of)).collect())
        }
        (Value::Tuple(parts), Ty::Tuple(of)) => {
            Value::Tuple(parts.into_iter().zip(of).map(|(part, ty)| of_type(part, ty)).collect())
        }
        (value, _) => value,
    }
}
