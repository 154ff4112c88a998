//! The interpreter: what a [`Function`] computes, primal or derived, without rustc.
//!
//! It is the oracle of the property tests, so it is direct rather than fast, and it gives an
//! [`EvalError`] instead of a guess wherever it cannot follow.

mod call;
mod chain;
mod items;
mod module;
mod number;
mod order;
mod pattern;
mod repeat;
mod source;
mod statement;
mod value;

pub use module::{Derive, Module};
pub use value::Value;

use std::fmt;

use self::pattern::Choice;
use self::source::{Env, Local};
use super::{
    Branch, Decision, FloatTy, Function, Inst, Kind, Len, Literal, Member, Piece, Region, Ty,
    ValueId, VarId,
};
use crate::rules::Op;

/// Why an evaluation gives no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvalError {
    /// The function does something that the interpreter does not know.
    Unsupported(String),
    /// The program itself would panic here.
    Panic(String),
    /// The IR is wrong: a value is missing or has the wrong shape.
    Broken(String),
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EvalError::Unsupported(what) => write!(f, "not supported by the interpreter: {what}"),
            EvalError::Panic(what) => write!(f, "the program panics: {what}"),
            EvalError::Broken(what) => write!(f, "ill-formed IR: {what}"),
        }
    }
}

impl std::error::Error for EvalError {}

/// Runs `function` at `args`, one per parameter; gives one value per output.
///
/// # Errors
/// If the program panics, calls what is not in `module`, or is not understood.
pub fn eval(module: &Module, function: &Function, args: &[Value]) -> Result<Vec<Value>, EvalError> {
    if args.len() != function.params.len() {
        let counts = format!("{} arguments for {} parameters", args.len(), function.params.len());
        return Err(EvalError::Broken(format!("`{}` gets {counts}", function.name)));
    }
    let mut frame = Frame::new(module, function);
    for (param, arg) in function.params.iter().zip(args) {
        frame.set(*param, arg.clone());
    }
    module.within(|| frame.region(&function.body))
}

/// One activation of a function.
struct Frame<'a> {
    module: &'a Module,
    function: &'a Function,
    /// By [`ValueId`]; what is not yet computed is absent.
    values: Vec<Option<Value>>,
    /// By [`VarId`]; what is not yet allocated is absent.
    vars: Vec<Option<Value>>,
    /// What the pattern of the arm just entered bound.
    bound: Vec<Local>,
    /// Constants declared in the body.
    consts: Vec<Local>,
    /// Names for variables without a derivative, and what they borrow.
    lent: Vec<(String, syn::Expr)>,
}

impl<'a> Frame<'a> {
    fn new(module: &'a Module, function: &'a Function) -> Self {
        let values = vec![None; function.values.len()];
        let vars = vec![None; function.vars.len()];
        Self {
            module,
            function,
            values,
            vars,
            bound: Vec::new(),
            consts: Vec::new(),
            lent: Vec::new(),
        }
    }

    fn get(&self, id: ValueId) -> Result<&Value, EvalError> {
        let value = self.values.get(id.index()).and_then(Option::as_ref);
        value.ok_or_else(|| EvalError::Broken(format!("%{} is read before it is set", id.index())))
    }

    fn set(&mut self, id: ValueId, value: Value) {
        if let Some(slot) = self.values.get_mut(id.index()) {
            *slot = Some(value);
        }
    }

    fn cloned(&self, ids: &[ValueId]) -> Result<Vec<Value>, EvalError> {
        ids.iter().map(|id| self.get(*id).cloned()).collect()
    }

    fn float(&self, id: ValueId) -> Result<f64, EvalError> {
        self.get(id)?.float()
    }

    fn bool(&self, id: ValueId) -> Result<bool, EvalError> {
        self.get(id)?.bool()
    }

    /// Runs a region; gives its yields.
    fn region(&mut self, region: &Region) -> Result<Vec<Value>, EvalError> {
        let outer = self.lent.len();
        for inst in &region.insts {
            self.module.step()?;
            let results = self.inst(inst)?;
            if results.len() != inst.results.len() {
                let (wants, has) = (inst.results.len(), results.len());
                return Err(EvalError::Broken(format!("{has} results where {wants} are expected")));
            }
            for (id, value) in inst.results.iter().zip(results) {
                self.set(*id, value);
            }
        }
        self.lent.truncate(outer);
        self.cloned(&region.yields)
    }

    /// Runs an instruction; gives its results.
    fn inst(&mut self, inst: &Inst) -> Result<Vec<Value>, EvalError> {
        if let Kind::Loop(of) = &inst.kind {
            return self.repeat_region(inst, of);
        }
        if let Kind::Run(of) = &inst.kind {
            return self.repeat_region(inst, of);
        }
        if let Kind::Replay(of) = &inst.kind {
            return self.replay(inst, of);
        }
        if let Some(results) = repeat::run(self, &inst.kind)? {
            return Ok(results);
        }
        let one = match &inst.kind {
            Kind::Const(literal) => Value::Float(number_of(literal)),
            Kind::Apply(op, operands) => self.apply(*op, operands)?,
            Kind::Scale { cotangent, partial } => {
                Value::Float(scale(self.float(*cotangent)?, self.float(*partial)?))
            }
            Kind::Less(a, b) => Value::Bool(number::less(self.get(*a)?, self.get(*b)?)?),
            Kind::LessEq(a, b) => Value::Bool(number::less_eq(self.get(*a)?, self.get(*b)?)?),
            Kind::Equal(a, b) => Value::Bool(self.get(*a)? == self.get(*b)?),
            Kind::And(a, b) => Value::Bool(self.bool(*a)? & self.bool(*b)?),
            Kind::Or(a, b) => Value::Bool(self.bool(*a)? | self.bool(*b)?),
            Kind::Not(a) => Value::Bool(!self.bool(*a)?),
            Kind::Finite(all) => {
                let parts = all.iter().map(|&value| self.float(value));
                Value::Bool(parts.sum::<Result<f64, _>>()?.is_finite())
            }
            Kind::Select { cond, yes, no } => {
                self.get(if self.bool(*cond)? { *yes } else { *no })?.clone()
            }
            Kind::Opaque { expr, reads, effect: _ } => {
                if inst.results.is_empty()
                    && let Some(lent) = lent(expr, inst)
                {
                    self.lent.push(lent);
                    return Ok(Vec::new());
                }
                return self.opaque(expr, reads, &inst.results);
            }
            Kind::PatternBound(of) => return self.pattern_bound(inst, of),
            Kind::Bind(of) => return self.cloned(of),
            Kind::Tuple(fields) | Kind::Keep(fields) => Value::Tuple(self.cloned(fields)?),
            Kind::Array(elements) => Value::Array(self.cloned(elements)?),
            Kind::Struct { fields, base } => self.structure(fields, *base)?,
            Kind::ZeroOf(of) => self.get(*of)?.zero_tangent(),
            Kind::Repeat(element) => self.repeat(*element, &inst.results)?,
            Kind::Field(of, n) => self.get(*of)?.field(*n)?.clone(),
            Kind::Index(of, index) => self.get(*of)?.element(self.get(*index)?)?.clone(),
            // An absent value is never looked at: a pattern decides by the user's tokens, which
            // the interpreter refuses.
            Kind::Wrap(of) | Kind::Payload(of) | Kind::Reborrow(of) => self.get(*of)?.clone(),
            Kind::Copy(of) => return self.cloned(std::slice::from_ref(of)),
            Kind::Cast(of, width) => Value::Float(rounded(self.float(*of)?, width)),
            Kind::Optional(of) => self.optional(*of)?,
            Kind::Present(of) => self.present(*of)?,
            Kind::Call(call) => return self.call(call),
            Kind::Branch(branch) => return self.branch(branch),
            Kind::Block(region) => return self.region(region),
            Kind::Zero { var, like, len: None } => {
                let zero = self.get(*like)?.zero_tangent();
                return self.allocate(*var, zero);
            }
            Kind::Zero { var, like, len: Some(len) } => {
                let zero = match self.get(*len)? {
                    Value::Int(len) => {
                        let zero = match self.function.values[*like].ty.behind_refs() {
                            Ty::Slice(element) | Ty::Vec(element) => self.zero_of(element)?,
                            _ => Value::Float(0.0),
                        };
                        Value::Array(vec![zero; number::len(&Value::Int(*len))?])
                    }
                    zero => zero.clone(),
                };
                return self.allocate(*var, zero);
            }
            Kind::Filled(element, len) => {
                let len = number::len(self.get(*len)?)?;
                Value::Array(vec![self.get(*element)?.clone(); len])
            }
            Kind::Sum(of) => self.get(*of)?.sum()?,
            Kind::Declare(_)
            | Kind::Loop(_)
            | Kind::Run(_)
            | Kind::Replay(_)
            | Kind::Update { .. }
            | Kind::Slice(..)
            | Kind::Len(_)
            | Kind::Integer(..)
            | Kind::Number(_)
            | Kind::Define { .. }
            | Kind::AddTo(..)
            | Kind::Store(..)
            | Kind::Load(_)
            | Kind::Take(_)
            | Kind::Edit(..)
            | Kind::Tape(_)
            | Kind::Reserve(_)
            | Kind::Push(..)
            | Kind::Pop(_) => return Ok(Vec::new()),
        };
        Ok(vec![one])
    }

    fn apply(&self, op: Op, operands: &[ValueId]) -> Result<Value, EvalError> {
        number::apply(op, &self.cloned(operands)?)
    }

    /// `[element; len]`, the length being that of the result's type.
    fn repeat(&self, element: ValueId, results: &[ValueId]) -> Result<Value, EvalError> {
        let ty = results.first().map(|id| &self.function.values[*id].ty);
        let Some(Ty::Array(_, len)) = ty else {
            return Err(EvalError::Unsupported("`[x; n]` of unknown length".to_owned()));
        };
        Ok(Value::Array(vec![self.get(element)?.clone(); self.len_of(len)?]))
    }

    /// The number of elements of an array of a type.
    fn len_of(&self, len: &Len) -> Result<usize, EvalError> {
        match len {
            Len::Literal(len) => Ok(*len),
            Len::Named(tokens) => Env::new(self.module, Vec::new()).tokens(tokens),
        }
    }

    /// The zero of a type; what is not told is a float.
    fn zero_of(&self, ty: &Ty) -> Result<Value, EvalError> {
        Ok(match ty.behind_refs() {
            Ty::Tuple(parts) => {
                let parts = parts.iter().map(|part| self.zero_of(part));
                Value::Tuple(parts.collect::<Result<_, _>>()?)
            }
            Ty::Array(element, len) => {
                Value::Array(vec![self.zero_of(element)?; self.len_of(len)?])
            }
            Ty::Slice(_) | Ty::Vec(_) => Value::Array(Vec::new()),
            Ty::Inert => Value::Unit,
            _ => Value::Float(0.0),
        })
    }

    fn optional(&self, of: Option<ValueId>) -> Result<Value, EvalError> {
        let held = of.map(|id| self.get(id).cloned().map(Box::new));
        held.transpose().map(Value::Optional)
    }

    fn present(&self, of: ValueId) -> Result<Value, EvalError> {
        match self.get(of)? {
            Value::Optional(Some(held)) => Ok((**held).clone()),
            other => Err(other.is_not("what this arm left")),
        }
    }

    fn branch(&mut self, branch: &Branch) -> Result<Vec<Value>, EvalError> {
        let choice = match &branch.decision {
            Decision::If(cond) => Choice::of_arm(usize::from(!self.bool(*cond)?)),
            Decision::Number(number) => Choice::of_arm(number::len(self.get(*number)?)?),
            Decision::User { reads, expr } => {
                // The first operand of a `match` is its scrutinee, evaluated already.
                let scrutinee = reads.first().map(|id| self.get(*id).cloned()).transpose()?;
                let mut env = self.env(reads)?;
                let choice = env.choose(expr, scrutinee)?;
                // An iterator that is asked for its next item has one less.
                for &id in reads {
                    let home = self.home(id);
                    let now = home.and_then(|(name, fields)| env.part(&name, &fields));
                    if let Some(now @ Value::Array(_)) = now {
                        self.set(id, now);
                    }
                }
                choice
            }
        };
        let number = choice.arm;
        let arm = branch.arms.get(number);
        let arm = arm.ok_or_else(|| EvalError::Broken(format!("no arm {number}")))?;
        self.bound = choice.bound;
        self.region(arm)
    }

    /// The user's variables that tokens read.
    fn env(&self, reads: &[ValueId]) -> Result<Env<'a>, EvalError> {
        let local = |id: &ValueId| {
            let home = self.home(*id);
            home.map(|(name, fields)| Ok(Local::new(name, fields, self.get(*id)?.clone())))
        };
        let reads = reads.iter().filter_map(local).collect::<Result<Vec<_>, EvalError>>()?;
        let mut env = Env::new(self.module, [self.consts.as_slice(), &reads].concat());
        for (name, of) in &self.lent {
            // `let t = &mut t[0];`: from there on, `t` is that part.
            if is_part_of(of, name) {
                env.lend(name.clone(), of).unwrap_or_else(|| env.forget(name));
            } else if !reads.iter().any(|local| local.is(name, &[])) {
                env.lend(name.clone(), of);
            }
        }
        Ok(env)
    }

    /// The user's tokens; constants that they declare stay known.
    fn opaque(
        &mut self,
        expr: &syn::Expr,
        reads: &[ValueId],
        results: &[ValueId],
    ) -> Result<Vec<Value>, EvalError> {
        let mut env = self.env(reads)?;
        let mark = env.mark();
        let values = match env.opaque(expr, &self.homes(results)) {
            // What has no result acts on what other instructions stand for.
            Err(EvalError::Unsupported(_)) if results.is_empty() => Vec::new(),
            values => values?,
        };
        if results.is_empty() {
            self.consts.extend(env.leave(mark));
        }
        Ok(values)
    }

    /// Variables of a pattern: of the arm just entered, or of a `let`, whose pattern is the second
    /// piece of its syntax.
    fn pattern_bound(&mut self, inst: &Inst, of: &[ValueId]) -> Result<Vec<Value>, EvalError> {
        let mut bound = self.bound.clone();
        if let [value] = of {
            let pieces = inst.syntax.as_ref().map_or(&[][..], |syntax| &syntax.pieces);
            let Some(Piece::Tokens(pattern)) = pieces.get(1) else {
                return Err(EvalError::Unsupported("a `let` without its pattern".to_owned()));
            };
            let value = self.get(*value)?.clone();
            bound = self.env(&[])?.destructure(pattern, &value)?;
        }
        let found = |id: &ValueId| {
            let (name, fields) = self.home(*id)?;
            let local = bound.iter().rev().find(|local| local.is(&name, &fields))?;
            Some(local.value().clone())
        };
        let values: Option<Vec<Value>> = inst.results.iter().map(found).collect();
        values.ok_or_else(|| EvalError::Broken("a pattern does not bind its variable".to_owned()))
    }

    /// A struct: of what it is built from, and of what its base has besides.
    fn structure(
        &self,
        fields: &[(Member, ValueId)],
        base: Option<ValueId>,
    ) -> Result<Value, EvalError> {
        let values = fields.iter().map(|&(_, value)| value).collect::<Vec<_>>();
        let values = self.cloned(&values)?;
        let members = fields.iter().map(|&(member, _)| member);
        let base = base.map(|base| self.get(base)).transpose()?.cloned();
        Value::structure(members.zip(values).collect(), base)
    }

    fn homes(&self, results: &[ValueId]) -> Vec<Option<(String, Vec<Member>)>> {
        results.iter().map(|id| self.home(*id)).collect()
    }

    /// The name under which tokens read a value, and the fields after it.
    fn home(&self, id: ValueId) -> Option<(String, Vec<Member>)> {
        let home = self.function.values[id].home.as_ref()?;
        let ident = &self.function.bindings[home.binding].ident;
        Some((ident.to_string(), home.fields.clone()))
    }
}

/// Variables and the places in them.
impl Frame<'_> {
    fn allocate(&mut self, var: VarId, zero: Value) -> Result<Vec<Value>, EvalError> {
        *self.var(var)? = Some(zero);
        Ok(Vec::new())
    }

    fn var(&mut self, var: VarId) -> Result<&mut Option<Value>, EvalError> {
        let slot = self.vars.get_mut(var.index());
        slot.ok_or_else(|| EvalError::Broken(format!("no variable {}", var.index())))
    }
}

/// The name that a statement gives to a borrowed variable, and the variable.
fn lent(expr: &syn::Expr, inst: &Inst) -> Option<(String, syn::Expr)> {
    let syn::Expr::Reference(of) = expr else { return None };
    let syntax = inst.syntax.as_ref().filter(|_| of.mutability.is_some())?;
    let [Piece::Tokens(keyword), Piece::Tokens(pattern), ..] = syntax.pieces.as_slice() else {
        return None;
    };
    let name: syn::Ident = syn::parse2(pattern.clone()).ok()?;
    (keyword.to_string() == "let").then(|| (name.to_string(), (*of.expr).clone()))
}

/// Whether a place is inside a variable.
fn is_part_of(place: &syn::Expr, name: &str) -> bool {
    match place {
        syn::Expr::Path(path) => path.path.is_ident(name),
        syn::Expr::Field(field) => is_part_of(&field.base, name),
        syn::Expr::Index(index) => is_part_of(&index.expr, name),
        syn::Expr::Paren(inner) => is_part_of(&inner.expr, name),
        _ => false,
    }
}

fn number_of(literal: &Literal) -> f64 {
    match literal {
        Literal::Number(x) => *x,
        Literal::Ln2 => std::f64::consts::LN_2,
        Literal::Ln10 => std::f64::consts::LN_10,
    }
}

/// `cotangent · partial` with a zero cotangent winning.
#[allow(clippy::float_cmp, reason = "zero is meant exactly")]
fn scale(cotangent: f64, partial: f64) -> f64 {
    if cotangent == 0.0 { 0.0 } else { cotangent * partial }
}

#[allow(clippy::cast_possible_truncation, reason = "rounding to `f32` is what the cast does")]
fn rounded(x: f64, width: &FloatTy) -> f64 {
    match width {
        FloatTy::F32 => f64::from(x as f32),
        FloatTy::F64 | FloatTy::Param(_) | FloatTy::Inferred => x,
    }
}

#[cfg(test)]
mod tests;
