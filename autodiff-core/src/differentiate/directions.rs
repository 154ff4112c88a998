//! Jacobians and Hessians: forward mode in all directions at once.
//!
//! The directions are unit vectors, known as constants: what they do not reach is no code at all,
//! and the sweep over the function is done once.

use super::tangent::Forward;
use crate::ir::{Function, Kind, Len, Literal, Member, Output, Ty, ValueId};

/// A unit vector in the space of the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Unit {
    /// The parameter that it belongs to.
    param: usize,
    /// The element of an array; `None` of a float.
    element: Option<usize>,
}

/// jacobian : (x ↦ y) → (x ↦ ∂y/∂x), with one [`Output::Matrix`] per parameter
///
/// The result is an array or a tuple of floats. A group is the parameter and how many elements it
/// has, `None` of a float, whose matrix is one column. Where `f` may fail, its value tells.
#[must_use]
pub fn jacobian(f: &Function, groups: &[(usize, Option<usize>)]) -> Function {
    let mut forward = sweep(f, &units(groups));
    let Some(y) = f.result() else { return f.clone() };
    let mut columns = Vec::new();
    forward.in_each_lane(|this| columns.push(this.elements(y)));
    let mut columns = columns.into_iter();
    let (mut yields, mut outputs) = beside(f);
    for &(param, elements) in groups {
        let own: Vec<Vec<ValueId>> = columns.by_ref().take(elements.unwrap_or(1)).collect();
        yields.push(match (elements, own.first()) {
            (None, Some(column)) => forward.array(column),
            _ => forward.matrix(&transposed(&own)),
        });
        outputs.push(Output::Matrix(param));
    }
    forward.closed(yields, outputs)
}

/// hessian : (x ↦ y, x̄) → (x ↦ ∂x̄/∂x), as one [`Output::Matrix`]
///
/// `gradient` is the adjoint of a function of one float. The matrix is symmetric: of two elements
/// that are the same, one is computed. Where the function may fail, its value tells.
#[must_use]
pub fn hessian(gradient: &Function, groups: &[(usize, Option<usize>)]) -> Function {
    let units = units(groups);
    let mut forward = sweep(gradient, &units);
    let mut columns = Vec::new();
    forward.in_each_lane(|this| {
        let column: Vec<ValueId> =
            units.iter().map(|unit| this.component(gradient, *unit)).collect();
        columns.push(column);
    });
    let rows: Vec<Vec<ValueId>> = (0..units.len())
        .map(|i| {
            let element = |j: usize| columns.get(i.max(j))?.get(i.min(j)).copied();
            (0..units.len()).filter_map(element).collect()
        })
        .collect();
    let matrix = forward.matrix(&rows);
    let first = groups.first().map_or(0, |&(param, _)| param);
    let (mut yields, mut outputs) = beside(gradient);
    yields.push(matrix);
    outputs.push(Output::Matrix(first));
    forward.closed(yields, outputs)
}

/// What tells whether there is a matrix, where that is a question, and what a `&mut` leads to.
fn beside(f: &Function) -> (Vec<ValueId>, Vec<Output>) {
    let is_kept = |output: &Output| match output {
        Output::Value => f.may_fail(),
        other => matches!(other, Output::Exit(_)),
    };
    let all = f.body.yields.iter().copied().zip(f.outputs.iter().copied());
    all.filter(|(_, output)| is_kept(output)).unzip()
}

fn units(groups: &[(usize, Option<usize>)]) -> Vec<Unit> {
    let of = |&(param, elements): &(usize, Option<usize>)| -> Vec<Unit> {
        match elements {
            None => vec![Unit { param, element: None }],
            Some(n) => (0..n).map(|at| Unit { param, element: Some(at) }).collect(),
        }
    };
    groups.iter().flat_map(of).collect()
}

/// The sweep over a function in these directions.
fn sweep<'f>(f: &'f Function, units: &[Unit]) -> Forward<'f> {
    let mut forward = Forward::of_function(f, units.len());
    let mut next = units.iter();
    forward.in_each_lane(|this| {
        let unit = next.next();
        for (at, &param) in f.params.iter().enumerate() {
            let dot = unit.filter(|unit| unit.param == at);
            let dot = dot.map(|unit| this.unit(param, unit.element));
            this.seed(param, dot);
        }
    });
    forward.sweep(f);
    forward
}

fn transposed(columns: &[Vec<ValueId>]) -> Vec<Vec<ValueId>> {
    let rows = columns.first().map_or(0, Vec::len);
    let row = |i: usize| columns.iter().filter_map(|column| column.get(i).copied()).collect();
    (0..rows).map(row).collect()
}

impl Forward<'_> {
    /// The tangent of a parameter in a direction.
    fn unit(&mut self, param: ValueId, element: Option<usize>) -> ValueId {
        let ty = self.builder.ty(param);
        let hint = self.builder.dot(param);
        let (Ty::Array(item, Len::Literal(len)), Some(element)) = (&ty, element) else {
            return self.constant(1.0, ty, &hint);
        };
        let mut parts = Vec::new();
        for at in 0..*len {
            let number = if at == element { 1.0 } else { 0.0 };
            parts.push(self.constant(number, (**item).clone(), "direction"));
        }
        self.builder.push(ty.clone(), &hint, Kind::Array(parts))
    }

    fn constant(&mut self, number: f64, ty: Ty, hint: &str) -> ValueId {
        self.builder.push(ty, hint, Kind::Const(Literal::Number(number)))
    }

    /// The tangents of the elements of a value.
    fn elements(&mut self, of: ValueId) -> Vec<ValueId> {
        let (ty, hint) = (self.builder.ty(of), self.builder.dot(of));
        let dot = self.tangent_or_zero(of);
        match ty.payload() {
            Ty::Array(item, Len::Literal(len)) => {
                (0..*len).map(|at| self.element(dot, at, item, &hint)).collect()
            }
            Ty::Tuple(fields) => fields
                .iter()
                .enumerate()
                .map(|(at, field)| {
                    let member = Member::Unnamed(u32::try_from(at).unwrap_or(u32::MAX));
                    self.builder.push(field.clone(), &hint, Kind::Field(dot, member))
                })
                .collect(),
            _ => vec![dot],
        }
    }

    fn element(&mut self, of: ValueId, at: usize, item: &Ty, hint: &str) -> ValueId {
        let index = self.builder.index(at);
        self.builder.push(item.clone(), hint, Kind::Index(of, index))
    }

    /// The tangent of an element of the gradient.
    fn component(&mut self, gradient: &Function, of: Unit) -> ValueId {
        let wanted = Output::Cotangent(of.param);
        let at = gradient.outputs.iter().position(|output| *output == wanted);
        let Some(&bar) = at.and_then(|at| gradient.body.yields.get(at)) else {
            return self.builder.number(0.0);
        };
        let (ty, hint) = (self.builder.ty(bar), self.builder.dot(bar));
        let dot = self.tangent_or_zero(bar);
        match (ty, of.element) {
            (Ty::Array(item, _), Some(at)) => self.element(dot, at, &item, &hint),
            _ => dot,
        }
    }

    fn array(&mut self, items: &[ValueId]) -> ValueId {
        let ty = items.first().map_or(Ty::Unknown, |&item| self.builder.ty(item));
        let ty = Ty::Array(Box::new(ty), Len::Literal(items.len()));
        self.builder.push(ty, "row", Kind::Array(items.to_vec()))
    }

    fn matrix(&mut self, rows: &[Vec<ValueId>]) -> ValueId {
        let rows: Vec<ValueId> = rows.iter().map(|row| self.array(row)).collect();
        self.array(&rows)
    }
}
