//! The user's own expressions: what a passed-through instruction computes.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Expr, Lit, Token, UnOp};

use super::{EvalError, Module, Value, number};
use crate::ir::{Member, Output};

/// A variable of the source, or a part of one whose other parts are not known here.
#[derive(Clone, Debug)]
pub(super) struct Local {
    name: String,
    /// The fields from the variable to this part of it.
    fields: Vec<Member>,
    value: Value,
    /// The part of an earlier variable that it is a name for.
    names: Option<(usize, Vec<Member>)>,
}

impl Local {
    pub(super) fn new(name: String, fields: Vec<Member>, value: Value) -> Self {
        Self { name, fields, value, names: None }
    }

    /// A name for a part of an earlier variable.
    fn alias(name: String, of: (usize, Vec<Member>)) -> Self {
        Self { name, fields: Vec::new(), value: Value::Unit, names: Some(of) }
    }

    /// Whether this variable is the one that a value's home names.
    pub(super) fn is(&self, name: &str, fields: &[Member]) -> bool {
        self.name == name && self.fields == fields
    }

    pub(super) fn value(&self) -> &Value {
        &self.value
    }
}

/// The variables in scope, the innermost last.
pub(super) struct Env<'m> {
    module: &'m Module,
    locals: Vec<Local>,
    /// Variables from outside that are assigned without having been read.
    assigned: Vec<Local>,
    /// A `break` was met, whose loop has not ended yet.
    breaks: bool,
}

impl<'m> Env<'m> {
    pub(super) fn new(module: &'m Module, locals: Vec<Local>) -> Self {
        Self { module, locals, assigned: Vec::new(), breaks: false }
    }

    /// Whether a `break` was met; the loop that asks is the one that it ends.
    pub(super) fn take_break(&mut self) -> bool {
        std::mem::take(&mut self.breaks)
    }

    /// Whether a `break` was met, and what follows is skipped.
    pub(super) fn is_breaking(&self) -> bool {
        self.breaks
    }

    /// Where a scope starts, for [`leave`](Self::leave).
    pub(super) fn mark(&self) -> usize {
        self.locals.len()
    }

    /// Ends a scope; gives the variables that it bound.
    pub(super) fn leave(&mut self, mark: usize) -> Vec<Local> {
        self.locals.split_off(mark.min(self.locals.len()))
    }

    /// What all variables hold.
    pub(super) fn snapshot(&self) -> Vec<(String, Vec<Member>, Value)> {
        let part = |of: &Local| (of.name.clone(), of.fields.clone(), of.value.clone());
        self.locals.iter().map(part).collect()
    }

    pub(super) fn bind(&mut self, bound: Vec<Local>) {
        self.locals.extend(bound);
    }

    /// Evaluates tokens; gives one value per result. A result with a home is what that variable
    /// holds afterwards, one without is the value of the tokens.
    pub(super) fn opaque(
        &mut self,
        expr: &Expr,
        homes: &[Option<(String, Vec<Member>)>],
    ) -> Result<Vec<Value>, EvalError> {
        let value = self.expr(expr)?;
        let of_home = |home: &Option<(String, Vec<Member>)>| match home {
            None => Ok(value.clone()),
            Some((name, fields)) => self.part(name, fields).ok_or_else(|| unsupported(expr)),
        };
        homes.iter().map(of_home).collect()
    }

    /// Evaluates tokens that are a length.
    pub(super) fn tokens(&mut self, tokens: &TokenStream) -> Result<usize, EvalError> {
        let parsed = syn::parse2::<Expr>(tokens.clone());
        let expr = parsed.map_err(|_| EvalError::Unsupported(tokens.to_string()))?;
        number::len(&self.expr(&expr)?)
    }

    /// A local constant, told from a variable by its spelling.
    pub(super) fn constant(&self, name: &str) -> Option<Value> {
        name.starts_with(char::is_uppercase).then(|| self.part(name, &[])).flatten()
    }

    /// What a variable, or a part of it, holds.
    pub(super) fn part(&self, name: &str, fields: &[Member]) -> Option<Value> {
        if let Some(at) = self.alias_at(name) {
            return self.aliased(at, fields).cloned();
        }
        let known = self.locals.iter().rev().chain(self.assigned.iter().rev());
        let holds = |local: &&Local| local.name == name && fields.starts_with(&local.fields);
        let whole = known.clone().find(holds);
        if let Some(local) = whole {
            let inner = fields.get(local.fields.len()..)?;
            return inner.iter().try_fold(&local.value, |part, n| part.field(*n).ok()).cloned();
        }
        // Of a tuple that is several variables in the IR, all must be known.
        if !known.clone().any(|local| local.name == name && local.fields.starts_with(fields)) {
            return None;
        }
        let field = |n| self.part(name, &[fields, &[Member::Unnamed(n)]].concat());
        let parts: Vec<Value> = (0..).map_while(field).collect();
        (!parts.is_empty()).then_some(Value::Tuple(parts))
    }

    /// The local of that name, if it is a name for a part of another variable.
    fn alias_at(&self, name: &str) -> Option<usize> {
        let at = self.locals.iter().rposition(|local| local.name == name)?;
        self.locals.get(at)?.names.as_ref().map(|_| at)
    }

    /// What such a name stands for.
    fn aliased(&self, at: usize, fields: &[Member]) -> Option<&Value> {
        let (at, path) = self.followed(at, fields.to_vec());
        let root = self.locals.get(at).map(|root| &root.value);
        path.iter().try_fold(root?, |part, n| part.field(*n).ok())
    }

    /// `let name = &mut place;`
    pub(super) fn lend(&mut self, name: String, place: &Expr) -> Option<()> {
        let (of, fields) = field_path(place)?;
        let holds = |local: &Local| local.name == of && fields.starts_with(&local.fields);
        let at = self.locals.iter().rposition(holds)?;
        let inside = fields.get(self.locals.get(at)?.fields.len()..)?.to_vec();
        self.locals.push(Local::alias(name, (at, inside)));
        Some(())
    }

    /// From here on, the name stands for something that is not followed.
    pub(super) fn forget(&mut self, name: &str) {
        self.locals.iter_mut().filter(|local| local.name == name).for_each(|it| it.name.clear());
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> Result<Value, EvalError> {
        self.module.step()?;
        match expr {
            Expr::Paren(inner) => self.expr(&inner.expr),
            Expr::Group(inner) => self.expr(&inner.expr),
            Expr::Reference(inner) => self.expr(&inner.expr),
            Expr::Lit(literal) => literal_value(&literal.lit).ok_or_else(|| unsupported(expr)),
            Expr::Path(path) => self.path(expr, &path.path),
            Expr::Unary(unary) => self.unary(unary),
            Expr::Binary(binary) => self.binary(binary),
            Expr::Cast(cast) => {
                let value = self.expr(&cast.expr)?;
                number::cast(&value, &cast.ty.to_token_stream().to_string())
            }
            Expr::Tuple(tuple) if tuple.elems.is_empty() => Ok(Value::Unit),
            Expr::Tuple(tuple) => self.exprs(&tuple.elems).map(Value::Tuple),
            Expr::Array(array) => self.exprs(&array.elems).map(Value::Array),
            Expr::Repeat(repeat) => {
                let element = self.expr(&repeat.expr)?;
                let len = number::len(&self.expr(&repeat.len)?)?;
                Ok(Value::Array(vec![element; len]))
            }
            Expr::Index(index) if matches!(*index.index, Expr::Range(_)) => self.slice(index),
            Expr::Index(index) => {
                let base = self.expr(&index.expr)?;
                let at = self.expr(&index.index)?;
                base.element(&at).cloned()
            }
            Expr::Field(field) => self.field(expr, field),
            Expr::Closure(closure) => Ok(self.closure(closure)),
            Expr::MethodCall(call) => {
                if call.method == "next"
                    && field_path(&call.receiver).is_some()
                    && let Some(value) = self.changed(call, &[])?
                {
                    return Ok(value);
                }
                if let Some(value) = self.rearranged(call)? {
                    return Ok(value);
                }
                if let Some(value) = self.ended(call)? {
                    return Ok(value);
                }
                if let Some(items) = self.adapted(call)? {
                    return Ok(Value::Array(items));
                }
                let args = self.exprs(&call.args)?;
                if let Some(value) = self.changed(call, &args)? {
                    return Ok(value);
                }
                let receiver = self.expr(&call.receiver)?;
                number::method(&call.method.to_string(), &receiver, &args)
            }
            Expr::Call(call) => self.call(call),
            Expr::Block(block) => self.block(&block.block),
            Expr::If(conditional) => self.if_expr(conditional),
            Expr::Match(matching) => self.match_expr(matching),
            Expr::Let(_) => self.condition(expr).map(Value::Bool),
            Expr::Assign(assign) => self.assign(assign),
            Expr::Macro(mac) => self.macro_call(&mac.mac),
            Expr::Verbatim(tokens) => self.verbatim(tokens),
            Expr::ForLoop(of) => self.for_loop(of),
            Expr::While(of) => self.while_loop(of),
            Expr::Loop(of) => self.endless_loop(of),
            Expr::Break(of) if of.label.is_none() && of.expr.is_none() => {
                self.breaks = true;
                Ok(Value::Unit)
            }
            _ => Err(unsupported(expr)),
        }
    }

    fn exprs(&mut self, exprs: &Punctuated<Expr, Token![,]>) -> Result<Vec<Value>, EvalError> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    fn path(&mut self, expr: &Expr, path: &syn::Path) -> Result<Value, EvalError> {
        let name = last_segment(path);
        let local = path.get_ident().and_then(|_| self.part(&name, &[]));
        if name == "None" {
            return Ok(Value::Optional(None));
        }
        local.or_else(|| std_constant(&name)).ok_or_else(|| unsupported(expr))
    }

    fn field(&mut self, expr: &Expr, field: &syn::ExprField) -> Result<Value, EvalError> {
        if let Some(part) = field_path(expr).and_then(|(name, at)| self.part(&name, &at)) {
            return Ok(part);
        }
        self.expr(&field.base)?.field(Member::of(&field.member)).cloned()
    }

    fn unary(&mut self, unary: &syn::ExprUnary) -> Result<Value, EvalError> {
        let value = self.expr(&unary.expr)?;
        match (&unary.op, &value) {
            (UnOp::Deref(_), _) => Ok(value),
            (UnOp::Neg(_), Value::Float(x)) => Ok(Value::Float(-x)),
            (UnOp::Neg(_), Value::Int(n)) => Ok(Value::Int(-n)),
            (UnOp::Not(_), Value::Bool(b)) => Ok(Value::Bool(!b)),
            _ => Err(unsupported(unary)),
        }
    }

    fn binary(&mut self, binary: &syn::ExprBinary) -> Result<Value, EvalError> {
        use syn::BinOp::{And, Or};
        if is_assignment(&binary.op) {
            return self.op_assign(binary);
        }
        let left = self.expr(&binary.left)?;
        match (&binary.op, &left) {
            (And(_), Value::Bool(false)) | (Or(_), Value::Bool(true)) => Ok(left),
            _ => number::binary(&binary.op, &left, &self.expr(&binary.right)?),
        }
    }

    fn call(&mut self, call: &syn::ExprCall) -> Result<Value, EvalError> {
        if let (Expr::Path(path), Some(of)) = (&*call.func, call.args.first())
            && last_segment(&path.path) == "into_iter"
        {
            return self.items(of).map(Value::Array);
        }
        if let Some(order) = self.order_of(call)? {
            return Ok(order);
        }
        let args = self.exprs(&call.args)?;
        if let Some(closure) = closure(&call.func) {
            return self.inline(closure, &args);
        }
        let Expr::Path(callee) = &*call.func else {
            return Err(unsupported(call));
        };
        let name = last_segment(&callee.path);
        if callee.path.get_ident().is_some()
            && let Some(Value::Closure(text, known)) = self.part(&name, &[])
        {
            return self.call_closure(&text, &known, &args);
        }
        if callee.path.segments.len() > 1
            && let Some((receiver, rest)) = args.split_first()
        {
            let ty = callee.path.segments.iter().rev().nth(1).map(|ty| ty.ident.to_string());
            match (ty.as_deref(), name.as_str()) {
                (Some("f64" | "f32"), "from") => {
                    return number::cast(receiver, "f64");
                }
                (Some("f64" | "f32"), _) => return number::method(&name, receiver, rest),
                (Some(ty), "from") => return number::cast(receiver, ty),
                _ => {}
            }
        }
        match (name.as_str(), args.as_slice()) {
            ("new", []) | ("with_capacity", [_]) => return Ok(Value::Array(Vec::new())),
            // Of a variable that is not read before it is assigned.
            ("default", []) => return Ok(Value::Default),
            ("Some", [value]) => return Ok(Value::Optional(Some(Box::new(value.clone())))),
            _ => {}
        }
        if let ("stop_gradient", [value]) = (name.as_str(), args.as_slice()) {
            return Ok(value.clone());
        }
        let primal = self.module.primal(&name)?;
        let outputs = super::eval(self.module, &primal, &args)?;
        let mut result = Value::Unit;
        for (label, output) in primal.outputs.iter().zip(outputs) {
            match label {
                Output::Exit(n) => {
                    let lent = call.args.get(*n).ok_or_else(|| unsupported(call))?;
                    *self.place(referenced(lent))? = output;
                }
                Output::Value | Output::Tangent(_) | Output::Cotangent(_) | Output::Matrix(_) => {
                    result = output;
                }
            }
        }
        Ok(result)
    }

    /// The place that an expression names, to be written.
    pub(super) fn place(&mut self, expr: &Expr) -> Result<&mut Value, EvalError> {
        if let Some((name, fields)) = field_path(expr) {
            return self.variable(&name, &fields).ok_or_else(|| unsupported(expr));
        }
        match expr {
            Expr::Paren(inner) => self.place(&inner.expr),
            Expr::Index(index) => {
                let at = self.expr(&index.index)?;
                self.place(&index.expr)?.element_mut(&at)
            }
            Expr::Field(field) => self.place(&field.base)?.field_mut(Member::of(&field.member)),
            Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => self.place(&unary.expr),
            _ => Err(unsupported(expr)),
        }
    }

    fn variable(&mut self, name: &str, fields: &[Member]) -> Option<&mut Value> {
        let holds = |local: &Local| local.name == name && fields.starts_with(&local.fields);
        let inside = |local: &Local| fields.get(local.fields.len()..).map(<[Member]>::to_vec);
        let Some(at) = self.locals.iter().rposition(holds) else {
            let local = self.assigned.iter_mut().rev().find(|local| holds(local))?;
            let inside = inside(local)?;
            return inside.iter().try_fold(&mut local.value, |part, n| part.field_mut(*n).ok());
        };
        let (at, path) = self.followed(at, inside(self.locals.get(at)?)?);
        let local = self.locals.get_mut(at)?;
        path.iter().try_fold(&mut local.value, |part, n| part.field_mut(*n).ok())
    }

    /// A part of a variable, which may be a name for a part of another.
    fn followed(&self, mut at: usize, mut path: Vec<Member>) -> (usize, Vec<Member>) {
        while let Some((further, before)) = self.locals.get(at).and_then(|it| it.names.clone()) {
            (at, path) = (further, [before, path].concat());
        }
        (at, path)
    }

    /// Makes an outer variable that nothing has read known here.
    pub(super) fn assign_unread(&mut self, name: String, fields: Vec<Member>, value: Value) {
        self.assigned.push(Local::new(name, fields, value));
    }
}

fn closure(callee: &Expr) -> Option<&syn::ExprClosure> {
    match callee {
        Expr::Paren(inner) => closure(&inner.expr),
        Expr::Group(inner) => closure(&inner.expr),
        Expr::Closure(closure) => Some(closure),
        _ => None,
    }
}

/// `a` or `a.0.1`: a variable and the fields after it.
pub(super) fn field_path(expr: &Expr) -> Option<(String, Vec<Member>)> {
    match expr {
        Expr::Path(path) => path.path.get_ident().map(|ident| (ident.to_string(), Vec::new())),
        Expr::Field(field) => {
            let (name, mut fields) = field_path(&field.base)?;
            fields.push(Member::of(&field.member));
            Some((name, fields))
        }
        Expr::Paren(inner) => field_path(&inner.expr),
        _ => None,
    }
}

/// `..`
fn is_full(range: &syn::ExprRange) -> bool {
    range.start.is_none() && range.end.is_none()
}

/// The place that `&mut place` lends.
fn referenced(lent: &Expr) -> &Expr {
    match lent {
        Expr::Reference(reference) => &reference.expr,
        Expr::Paren(inner) => referenced(&inner.expr),
        // `&mut of[..]`
        Expr::Index(index) if matches!(&*index.index, Expr::Range(range) if is_full(range)) => {
            referenced(&index.expr)
        }
        lent => lent,
    }
}

/// The last segment of a path: the name of a callee in its module.
pub(super) fn last_segment(path: &syn::Path) -> String {
    path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default()
}

/// The error of tokens that the interpreter does not know.
pub(super) fn unsupported(tokens: impl ToTokens) -> EvalError {
    EvalError::Unsupported(format!("`{}`", tokens.to_token_stream()))
}

fn literal_value(literal: &Lit) -> Option<Value> {
    match literal {
        Lit::Float(float) => float.base10_parse().ok().map(Value::Float),
        Lit::Int(int) if int.suffix().starts_with('f') => {
            int.base10_digits().parse().ok().map(Value::Float)
        }
        Lit::Int(int) => int.base10_digits().parse().ok().map(Value::Int),
        Lit::Bool(bool) => Some(Value::Bool(bool.value)),
        _ => None,
    }
}

fn is_assignment(op: &syn::BinOp) -> bool {
    use syn::BinOp::{
        AddAssign, BitAndAssign, BitOrAssign, BitXorAssign, DivAssign, MulAssign, RemAssign,
        ShlAssign, ShrAssign, SubAssign,
    };
    matches!(
        op,
        AddAssign(_)
            | SubAssign(_)
            | MulAssign(_)
            | DivAssign(_)
            | RemAssign(_)
            | BitAndAssign(_)
            | BitOrAssign(_)
            | BitXorAssign(_)
            | ShlAssign(_)
            | ShrAssign(_)
    )
}

fn std_constant(name: &str) -> Option<Value> {
    use std::f64::consts;
    let number = match name {
        "PI" => consts::PI,
        "TAU" => consts::TAU,
        "E" => consts::E,
        "FRAC_PI_2" => consts::FRAC_PI_2,
        "FRAC_PI_3" => consts::FRAC_PI_3,
        "FRAC_PI_4" => consts::FRAC_PI_4,
        "FRAC_1_PI" => consts::FRAC_1_PI,
        "SQRT_2" => consts::SQRT_2,
        "FRAC_1_SQRT_2" => consts::FRAC_1_SQRT_2,
        "LN_2" => consts::LN_2,
        "LN_10" => consts::LN_10,
        "EPSILON" => f64::EPSILON,
        "INFINITY" => f64::INFINITY,
        "NEG_INFINITY" => f64::NEG_INFINITY,
        "NAN" => f64::NAN,
        "MAX" => return Some(number::int(usize::MAX)),
        _ => return None,
    };
    Some(Value::Float(number))
}
