//! The textual form of a function: one instruction a line, for snapshots and for reading.
//!
//! ```text
//! fn f(%0* x: f64, %1 n: inert) {
//!   %2* product = mul %0, %0
//!   %3* y = bind %2
//!   %4 condition = opaque pure `n > 0` reads %1
//!   %5*, %6* y = branch if %4 -> value, merge y {
//!     ..
//!     yield %7, %8
//!   } {
//!     yield %3, %3
//!   }
//!   return value %5
//! }
//! ```
//!
//! `*` marks the definition of an active value.

use std::fmt::{self, Write};

use super::{
    Active, Assignment, Bounds, Branch, Call, CallForm, Decision, Edit, Effect, End, FloatTy,
    Function, Head, Inst, IntOp, Kind, Leaves, Len, Literal, Loop, Member, Order, Output, Place,
    Region, Role, Step, Target, Ty, ValueId, VarId,
};

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Text { function: self, out: String::new(), depth: 1 };
        text.header();
        text.body();
        f.write_str(&text.out)
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ty::Float(FloatTy::F32) => f.write_str("f32"),
            Ty::Float(FloatTy::F64) => f.write_str("f64"),
            Ty::Float(FloatTy::Inferred) => f.write_str("float"),
            Ty::Float(FloatTy::Param(name)) => write!(f, "{name}"),
            Ty::Inert => f.write_str("inert"),
            Ty::Tuple(fields) => write!(f, "({})", list(fields, ToString::to_string)),
            Ty::Array(element, Len::Literal(len)) => write!(f, "[{element}; {len}]"),
            Ty::Array(element, Len::Named(len)) => write!(f, "[{element}; {len}]"),
            Ty::Slice(element) => write!(f, "[{element}]"),
            Ty::Vec(element) => write!(f, "Vec<{element}>"),
            Ty::Ref(of) => write!(f, "&{of}"),
            Ty::Option(of) => write!(f, "Option<{of}>"),
            Ty::Named(name) => f.write_str(&tokens(name)),
            Ty::Unknown => f.write_str("?"),
        }
    }
}

/// The text so far, and how deep it is.
struct Text<'f> {
    function: &'f Function,
    out: String,
    depth: usize,
}

impl Text<'_> {
    fn header(&mut self) {
        let params = list(&self.function.params, |param| {
            format!("{}: {}", self.defined(*param), self.function.values[*param].ty)
        });
        self.out = format!("fn {}({params}) {{\n", self.function.name);
    }

    fn body(&mut self) {
        let body = &self.function.body;
        for (at, inst) in body.insts.iter().enumerate() {
            if self.function.reverse_from == Some(at) {
                self.line("// reverse sweep");
            }
            self.inst(inst);
        }
        if self.function.reverse_from == Some(body.insts.len()) {
            self.line("// reverse sweep");
        }
        let outputs = self.function.outputs.iter().map(|output| match output {
            Output::Value => "value".to_owned(),
            Output::Exit(n) => format!("exit({n})"),
            Output::Tangent(n) => format!("tangent({n})"),
            Output::Cotangent(n) => format!("cotangent({n})"),
            Output::Matrix(n) => format!("matrix({n})"),
        });
        let labels: Vec<String> = outputs.collect();
        let mut labelled = Vec::new();
        for (at, value) in body.yields.iter().enumerate() {
            let label = labels.get(at).map_or("?", String::as_str);
            labelled.push(format!("{label} {}", used(*value)));
        }
        self.line(&format!("return {}", labelled.join(", ")));
        self.out.push_str("}\n");
    }

    fn line(&mut self, text: &str) {
        let indent = 2 * self.depth;
        // Writing to a `String` cannot fail.
        let _ = writeln!(self.out, "{:indent$}{}", "", text.trim_end());
    }

    /// A value where it is defined: `%3* y`.
    fn defined(&self, id: ValueId) -> String {
        let value = &self.function.values[id];
        let mark = match value.active {
            Active::Yes => "*",
            Active::No => "",
        };
        let name = match &value.home {
            Some(home) => {
                let mut place = vec![self.function.bindings[home.binding].ident.to_string()];
                place.extend(home.fields.iter().map(ToString::to_string));
                place.join(".")
            }
            None => value.hint.clone(),
        };
        let space = if name.is_empty() { "" } else { " " };
        format!("{}{mark}{space}{name}", used(id))
    }

    fn inst(&mut self, inst: &Inst) {
        let results = list(&inst.results, |id| self.defined(*id));
        let equals = if inst.results.is_empty() { "" } else { " = " };
        let head = format!("{results}{equals}");
        match &inst.kind {
            Kind::Branch(branch) => {
                let branch_head = self.branch_head(branch);
                self.regions(&format!("{head}{branch_head}"), &branch.arms);
            }
            Kind::Block(region) => {
                self.regions(&format!("{head}block"), std::slice::from_ref(region));
            }
            Kind::Loop(of) => {
                let loop_head = self.loop_head(of);
                self.regions(&format!("{head}{loop_head}"), std::slice::from_ref(&of.body));
            }
            Kind::Replay(of) => {
                let carried = |(bar, init): (&ValueId, &ValueId)| {
                    format!("{} from {}", self.defined(*bar), used(*init))
                };
                let carried: Vec<String> = of.bars.iter().zip(&of.init).map(carried).collect();
                let (start, carried) = (used(of.start), carried.join(", "));
                let head = format!("{head}replay from {start} carrying {carried}");
                self.regions(&head, std::slice::from_ref(&of.step));
            }
            Kind::Reserve(var) => {
                let hint = &self.function.vars[*var].hint;
                self.line(&format!("{} {hint} = reserved", variable(*var)));
            }
            Kind::Tape(var) => {
                let hint = &self.function.vars[*var].hint;
                self.line(&format!("{} {hint} = tape", variable(*var)));
            }
            Kind::Define { var, value } => {
                let hint = &self.function.vars[*var].hint;
                self.line(&format!("{} {hint} = {}", variable(*var), used(*value)));
            }
            Kind::Declare(binding) => {
                let name = self.function.bindings[*binding].ident.to_string();
                self.line(&format!("declare {name}"));
            }
            Kind::Zero { var, like, len } => {
                let hint = &self.function.vars[*var].hint;
                let shape = match len {
                    Some(len) => format!("of {}", used(*len)),
                    None => format!("like {}", used(*like)),
                };
                self.line(&format!("{} {hint} = zero {shape}", variable(*var)));
            }
            simple => self.line(&format!("{head}{}", operation(simple))),
        }
    }

    fn regions(&mut self, head: &str, regions: &[Region]) {
        self.line(&format!("{head} {{"));
        for (n, region) in regions.iter().enumerate() {
            if n > 0 {
                self.line("} {");
            }
            self.depth += 1;
            for inst in &region.insts {
                self.inst(inst);
            }
            if !region.yields.is_empty() {
                self.line(&format!("yield {}", uses(&region.yields)));
            }
            self.depth -= 1;
        }
        self.line("}");
    }

    fn branch_head(&self, branch: &Branch) -> String {
        let decision = match &branch.decision {
            Decision::If(cond) => format!("if {}", used(*cond)),
            Decision::Number(number) => format!("number {}", used(*number)),
            Decision::User { reads, expr } => {
                format!("user `{}`{}", scrutinee(expr), reading(reads))
            }
        };
        let roles = self.roles(&branch.roles);
        let arrow = if roles.is_empty() { "" } else { " -> " };
        format!("branch {decision}{arrow}{roles}")
    }

    fn roles(&self, roles: &[Role]) -> String {
        list(roles, |role| match role {
            Role::ArmNumber => "arm number".to_owned(),
            Role::Value => "value".to_owned(),
            Role::Merge(binding) => format!("merge {}", self.function.bindings[*binding].ident),
            Role::Extra => "extra".to_owned(),
        })
    }

    /// `loop up %4 i in %2..%3 carry %5* s = %0 (merge s)`
    fn loop_head(&self, of: &Loop) -> String {
        let order = |order: Order| if order == Order::Up { "up" } else { "down" };
        let head = match &of.head {
            Head::Range { index, lo, hi, end, order: way } => {
                let dots = dots(*end);
                let (index, lo, hi) = (self.defined(*index), used(*lo), used(*hi));
                format!("{} {index} in {lo}{dots}{hi}", order(*way))
            }
            Head::Count { number, trips, order: way } => {
                format!("{} {} of {}", order(*way), self.defined(*number), used(*trips))
            }
            Head::While { reads, cond } => format!("while `{}`{}", tokens(cond), reading(reads)),
            Head::Items { number } => format!("items {}", self.defined(*number)),
            Head::Endless => "endless".to_owned(),
        };
        let carried: Vec<String> = of
            .params
            .iter()
            .zip(&of.init)
            .map(|(param, init)| format!("{} = {}", self.defined(*param), used(*init)))
            .collect();
        let carried = match carried.as_slice() {
            [] => String::new(),
            all => format!(" carry {} -> {}", all.join(", "), self.roles(&of.roles)),
        };
        let leaves = if of.leaves == Leaves::Flag { " leaving" } else { "" };
        format!("loop {head}{}{carried}{leaves}", reading(&of.reads))
    }
}

/// What an instruction without regions does.
fn operation(kind: &Kind) -> String {
    match kind {
        Kind::Const(literal) => format!("const {}", number(literal)),
        Kind::Apply(op, operands) => format!("{} {}", op.name(), uses(operands)),
        Kind::Scale { cotangent, partial } => {
            format!("scale {} by {}", used(*cotangent), used(*partial))
        }
        Kind::Less(a, b) => format!("{} < {}", used(*a), used(*b)),
        Kind::LessEq(a, b) => format!("{} <= {}", used(*a), used(*b)),
        Kind::Equal(a, b) => format!("{} == {}", used(*a), used(*b)),
        Kind::And(a, b) => format!("{} and {}", used(*a), used(*b)),
        Kind::Or(a, b) => format!("{} or {}", used(*a), used(*b)),
        Kind::Not(a) => format!("not {}", used(*a)),
        Kind::Finite(all) => format!("finite {}", uses(all)),
        Kind::Select { cond, yes, no } => {
            format!("select {} ? {} : {}", used(*cond), used(*yes), used(*no))
        }
        Kind::Opaque { expr, reads, effect } => {
            let effect = match effect {
                Effect::Pure => "pure",
                Effect::MayPanic => "may panic",
                Effect::Any => "effect",
            };
            format!("opaque {effect} `{}`{}", tokens(expr), reading(reads))
        }
        Kind::PatternBound(of) => format!("pattern {}", uses(of)),
        Kind::Bind(of) => format!("bind {}", uses(of)),
        Kind::Tuple(fields) => format!("tuple {}", uses(fields)),
        Kind::Array(elements) => format!("array {}", uses(elements)),
        Kind::Struct { fields, base } => {
            let base = base.map(|base| format!(" ..{}", used(base))).unwrap_or_default();
            let field = |(member, value): &(Member, ValueId)| format!("{member}: {}", used(*value));
            format!("struct {}{base}", list(fields, field))
        }
        Kind::Repeat(element) => format!("repeat {}", used(*element)),
        Kind::Filled(element, len) => format!("vec {}; {}", used(*element), used(*len)),
        Kind::Sum(of) => format!("sum {}", used(*of)),
        Kind::Field(of, n) => format!("field {}.{n}", used(*of)),
        Kind::Index(of, index) => format!("index {}[{}]", used(*of), used(*index)),
        Kind::Reborrow(of) => format!("reborrow {}", used(*of)),
        Kind::Wrap(of) => format!("wrap {}", used(*of)),
        Kind::Payload(of) => format!("payload {}", used(*of)),
        Kind::Cast(of, width) => format!("cast {} to {}", used(*of), Ty::Float(width.clone())),
        Kind::Optional(Some(of)) => format!("some {}", used(*of)),
        Kind::Optional(None) => "none".to_owned(),
        Kind::Present(of) => format!("present {}", used(*of)),
        Kind::Call(call) => call_text(call),
        Kind::AddTo(to, value) => format!("{} += {}", place(to), used(*value)),
        Kind::Load(from) => format!("load {}", place(from)),
        Kind::Update { of, path, by, value } => {
            let sign = match by {
                Assignment::Set => "=",
                Assignment::Add => "+=",
                Assignment::Sub => "-=",
                Assignment::Fill => "fill",
                Assignment::Append => "push",
                Assignment::RemoveLast => "pop",
                Assignment::Resize => "resize",
                Assignment::Reverse => "reverse",
                Assignment::Swap(other) => &format!("swap {},", used(*other)),
            };
            format!("update {}{} {sign} {}", used(*of), steps(path), used(*value))
        }
        Kind::Slice(of, bounds) => format!("slice {}{}", used(*of), steps(&[Step::Range(*bounds)])),
        Kind::Len(of) => format!("len {}", used(*of)),
        Kind::Copy(of) => format!("copy {}", used(*of)),
        Kind::ZeroOf(of) => format!("zero of {}", used(*of)),
        Kind::Integer(op, a, b) => {
            let op = match op {
                IntOp::Add => "add",
                IntOp::Sub => "sub",
                IntOp::Mul => "mul",
                IntOp::Div => "div",
                IntOp::DivCeil => "div_ceil",
                IntOp::Min => "min",
                IntOp::Between => "between",
                IntOp::Less => "less",
            };
            format!("int {op} {}, {}", used(*a), used(*b))
        }
        Kind::Number(n) => format!("int {n}"),
        Kind::Store(to, value) => format!("{} = {}", place(to), used(*value)),
        Kind::Take(from) => format!("take {}", place(from)),
        Kind::Edit(of, edit) => edit_text(of, *edit),
        Kind::Push(tape, items) => format!("push {} {}", variable(*tape), uses(items)),
        Kind::Pop(tape) => format!("pop {}", variable(*tape)),
        Kind::Keep(state) => format!("keep {}", uses(state)),
        Kind::Run(of) => format!("run loop from {}", uses(&of.init)),
        // Printed where the names are known.
        Kind::Declare(_)
        | Kind::Branch(_)
        | Kind::Block(_)
        | Kind::Loop(_)
        | Kind::Replay(_)
        | Kind::Define { .. }
        | Kind::Tape(_)
        | Kind::Reserve(_)
        | Kind::Zero { .. } => String::new(),
    }
}

fn edit_text(of: &Place, edit: Edit) -> String {
    let of = place(of);
    match edit {
        Edit::Fill(value) => format!("{of} fill {}", used(value)),
        Edit::Append(value) => format!("{of} push {}", used(value)),
        Edit::RemoveLast => format!("{of} pop"),
        Edit::Resize(len) => format!("{of} resize {}", used(len)),
        Edit::Swap(a, b) => format!("{of} swap {}, {}", used(a), used(b)),
        Edit::Reverse => format!("{of} reverse"),
    }
}

fn call_text(call: &Call) -> String {
    let (form, rest) = match &call.form {
        CallForm::Primal => ("", String::new()),
        CallForm::Split => ("split ", String::new()),
        CallForm::Pullback { record, y_bar, y_bar_dots, targets } => {
            let dot = |dot: &ValueId| format!(" dot {}", used(*dot));
            let dot: String = y_bar_dots.iter().flatten().map(dot).collect();
            let targets = list(targets, |target| match target {
                Target::Value => "value".to_owned(),
                Target::Place(to) => place(to),
                Target::Exchange(to) => format!("exchange {}", place(to)),
                Target::Ignore => "_".to_owned(),
            });
            let rest = format!(" of {} at {}{dot} -> {targets}", used(*record), used(*y_bar));
            ("pullback ", rest)
        }
    };
    let dots = list(&call.dots, |dot| dot.map_or("_".to_owned(), used));
    let dots = if dots.is_empty() { dots } else { format!(" dots {dots}") };
    let writes = list(&call.writes, |write| format!("{}{}", used(write.of), steps(&write.path)));
    let writes = if writes.is_empty() { writes } else { format!(" writes {writes}") };
    format!("call {form}`{}`({}){dots}{writes}{rest}", tokens(&call.callee), uses(&call.args))
}

/// Of a `match` its patterns, of an `if` its condition: the rest is in the regions.
fn scrutinee(expr: &syn::Expr) -> String {
    match expr {
        syn::Expr::Match(matching) => {
            let patterns = list(&matching.arms, |arm| tokens(&arm.pat));
            format!("match {} {{ {patterns} }}", tokens(&matching.expr))
        }
        syn::Expr::If(conditional) => format!("if {}", tokens(&conditional.cond)),
        other => tokens(other),
    }
}

fn tokens(syntax: &impl quote::ToTokens) -> String {
    let text = syntax.to_token_stream().to_string();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn number(literal: &Literal) -> String {
    match literal {
        Literal::Number(x) => format!("{x:?}"),
        Literal::Ln2 => "ln 2".to_owned(),
        Literal::Ln10 => "ln 10".to_owned(),
    }
}

fn place(place: &Place) -> String {
    format!("{}{}", variable(place.var), steps(&place.path))
}

fn steps(path: &[Step]) -> String {
    let steps = path.iter().map(|step| match step {
        Step::Field(n) => format!(".{n}"),
        Step::Index(index) => format!("[{}]", used(*index)),
        Step::Range(Bounds { lo, hi, end }) => {
            let text = |bound: &Option<ValueId>| bound.map(used).unwrap_or_default();
            format!("[{}{}{}]", text(lo), dots(*end), text(hi))
        }
    });
    steps.collect()
}

fn dots(end: End) -> &'static str {
    match end {
        End::Open => "..",
        End::Closed => "..=",
    }
}

fn variable(var: VarId) -> String {
    format!("${}", var.index())
}

fn used(id: ValueId) -> String {
    format!("%{}", id.index())
}

fn uses(ids: &[ValueId]) -> String {
    list(ids, |id| used(*id))
}

fn reading(reads: &[ValueId]) -> String {
    if reads.is_empty() { String::new() } else { format!(" reads {}", uses(reads)) }
}

fn list<'i, T: 'i>(items: impl IntoIterator<Item = &'i T>, text: impl Fn(&T) -> String) -> String {
    items.into_iter().map(text).collect::<Vec<_>>().join(", ")
}
