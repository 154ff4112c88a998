//! Prints what has no tokens of the user's: operations, and values that generated code reads.

use proc_macro2::{Group, Ident, Literal as TokenLiteral, Span, TokenStream, TokenTree};
use quote::quote_spanned;

use super::along::Memory;
use super::number;
use super::printer::{Printer, Shadow, dereferenced};
use crate::ir::{
    Bounds, Effect, End, FloatTy, Inst, IntOp, Kind, Literal, Member, Place, Step, Ty, ValueId,
    VarId,
};
use crate::rules::Op;

/// How tightly an expression binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tightness {
    Statement,
    Or,
    And,
    Compare,
    Sum,
    Product,
    Unary,
    Atom,
}

/// How something is compared with zero.
enum Sign {
    Equal,
    Unequal,
}

/// A printed expression.
pub(crate) struct Printed {
    pub(crate) tokens: TokenStream,
    pub(crate) tightness: Tightness,
}

impl Printed {
    pub(crate) fn atom(tokens: TokenStream) -> Self {
        Self { tokens, tightness: Tightness::Atom }
    }

    pub(crate) fn new(tokens: TokenStream, tightness: Tightness) -> Self {
        Self { tokens, tightness }
    }

    /// In parentheses where it binds less tightly than its place.
    pub(crate) fn at_least(self, tightness: Tightness) -> TokenStream {
        let tokens = self.tokens;
        if self.tightness >= tightness {
            tokens
        } else {
            quote_spanned!(Span::mixed_site()=> (#tokens))
        }
    }
}

impl Printer<'_> {
    /// A value that generated code reads, as a plain value.
    pub(crate) fn read(&mut self, value: ValueId) -> Printed {
        let value = self.owned(value);
        if let Some((name, is_reference)) = self.name_of(value) {
            let depth = if is_reference { self.function.values[value].ty.ref_depth() } else { 0 };
            let name = TokenStream::from(TokenTree::Ident(name));
            if depth == 0 {
                return Printed::atom(name);
            }
            return Printed::new(dereferenced(depth, &name), Tightness::Unary);
        }
        if self.outlives && self.uses.may_be_lent(value) {
            return Printed::atom(self.missing(value));
        }
        if let Some((_, value_tokens)) = self.use_home(value) {
            let plain = !self.is_reference(value);
            let tightness = if plain { Tightness::Atom } else { Tightness::Unary };
            return Printed::new(value_tokens, tightness);
        }
        let Some(inst) = self.definitions.get(&value).copied() else {
            return Printed::atom(self.missing(value));
        };
        match &inst.kind {
            Kind::Const(literal) => self.constant_of(literal, value),
            Kind::Reborrow(inner) => self.read(*inner),
            Kind::Bind(parts) => self.read_bound(inst, parts, value),
            Kind::Field(..) | Kind::Index(..) | Kind::Slice(..) if self.is_readable_part(inst) => {
                self.expression(value)
            }
            Kind::Opaque { reads, effect, .. } => {
                let reads = reads.clone();
                self.read_opaque(inst, &reads, *effect, value)
            }
            _ if inst.syntax.is_none() => self.expression(value),
            _ => Printed::atom(self.missing(value)),
        }
    }

    /// A value that has to get a name: in the next round, where it is computed.
    fn missing(&mut self, value: ValueId) -> TokenStream {
        let name = self.miss(value);
        quote_spanned!(Span::mixed_site()=> #name)
    }

    /// A variable that holds something else by now: perhaps what it was bound to can still be read.
    fn read_bound(&mut self, inst: &Inst, parts: &[ValueId], value: ValueId) -> Printed {
        let position = inst.results.iter().position(|&result| result == value);
        let part = position.and_then(|at| parts.get(at)).copied();
        match part {
            Some(part)
                if self.home(part).is_some()
                    || (self.is_named(part) && !self.is_borrowed(part)) =>
            {
                self.read(part)
            }
            Some(part)
                if self.definitions.get(&part).is_some_and(|inst| self.is_readable_part(inst)) =>
            {
                self.expression(part)
            }
            _ => Printed::atom(self.missing(value)),
        }
    }

    /// The user's tokens once more, where that gives the same again.
    fn read_opaque(
        &mut self,
        inst: &Inst,
        reads: &[ValueId],
        effect: Effect,
        value: ValueId,
    ) -> Printed {
        let same = effect != Effect::Any && reads.iter().all(|&read| self.use_home(read).is_some());
        let is_value = inst.results.first() == Some(&value);
        match &inst.kind {
            Kind::Opaque { expr, .. } if same && is_value => {
                let expr = crate::lower::unparenthesised(expr);
                let tightness = tightness_of(expr);
                Printed::new(quote_spanned!(Span::mixed_site()=> #expr), tightness)
            }
            _ => Printed::atom(self.missing(value)),
        }
    }

    /// A base of `.` or `[…]`: references are followed by rustc.
    pub(crate) fn base(&mut self, value: ValueId) -> TokenStream {
        let value = self.owned(value);
        if let Some((name, _)) = self.name_of(value) {
            return quote_spanned!(Span::mixed_site()=> #name);
        }
        if let Some((plain, _)) = self.use_home(value) {
            return plain;
        }
        if let Some(inst) = self.definitions.get(&value).copied()
            && let Kind::Reborrow(inner) = inst.kind
        {
            return self.base(inner);
        }
        self.read(value).at_least(Tightness::Atom)
    }

    /// An operand of an arithmetic operator: rustc takes a reference as well.
    fn arithmetic(&mut self, value: ValueId, tightness: Tightness) -> TokenStream {
        // Of a type parameter, references have no arithmetic.
        if self.function.values[value].ty.ref_depth() == 1
            && self.facade.lifted(&self.function.values[value].ty.float()).is_none()
            && !self.is_named(value)
            && let Some((plain, _)) = self.use_home(value)
        {
            return plain;
        }
        self.read(value).at_least(tightness)
    }

    /// The value of an instruction, from its operation.
    pub(crate) fn expression(&mut self, value: ValueId) -> Printed {
        let Some(inst) = self.definitions.get(&value).copied() else {
            return Printed::atom(self.missing(value));
        };
        let meets = self.meets(&inst.kind, value);
        let outside = std::mem::replace(&mut self.meets, meets);
        let printed = self.operation_of(inst, value);
        self.meets = outside;
        printed
    }

    /// The float that the constants among the operands of an instruction meet, where constants have
    /// types.
    fn meets(&self, kind: &Kind, value: ValueId) -> FloatTy {
        if self.facade.lifted(&FloatTy::Inferred).is_none() {
            return FloatTy::Inferred;
        }
        let operands = match kind {
            Kind::Apply(_, args) => args.to_vec(),
            Kind::Scale { cotangent: a, partial: b }
            | Kind::Less(a, b)
            | Kind::LessEq(a, b)
            | Kind::Equal(a, b)
            | Kind::Select { yes: a, no: b, .. } => vec![*a, *b],
            _ => return FloatTy::Inferred,
        };
        let is_constant = |of: ValueId| {
            let inst = self.definitions.get(&of);
            inst.is_some_and(|inst| matches!(inst.kind, Kind::Const(_)))
        };
        let others = operands.into_iter().filter(|&of| !is_constant(of)).chain([value]);
        let mut floats = others.map(|of| self.function.values[of].ty.float());
        floats.find(|float| *float != FloatTy::Inferred).unwrap_or(FloatTy::Inferred)
    }

    fn operation_of(&mut self, inst: &Inst, value: ValueId) -> Printed {
        let site = Span::mixed_site();
        match &inst.kind {
            Kind::Const(literal) => self.constant_of(literal, value),
            Kind::Apply(op, args) => self.operation(*op, args, value),
            Kind::Scale { cotangent, partial } => {
                let (c, p) = (self.read(*cotangent).tokens, self.read(*partial).tokens);
                let private = self.facade.private();
                Printed::atom(quote_spanned!(site=> #private::scale(#c, #p)))
            }
            Kind::Less(..)
            | Kind::LessEq(..)
            | Kind::Equal(..)
            | Kind::And(..)
            | Kind::Or(..)
            | Kind::Not(_)
            | Kind::Finite(_) => self.condition(&inst.kind, value),
            Kind::Select { cond, yes, no } => self.selection(*cond, *yes, *no),
            Kind::Tuple(parts) => {
                let parts = parts.iter().map(|&part| self.read(part).tokens).collect::<Vec<_>>();
                Printed::atom(quote_spanned!(site=> (#(#parts,)*)))
            }
            Kind::Array(parts) => self.array(parts, value),
            Kind::Field(of, n) => self.field(*of, *n, value),
            Kind::Index(of, index) => self.element(*of, *index),
            Kind::Slice(of, bounds) => {
                let of = self.base(*of);
                let place = self.steps(&[Step::Range(*bounds)], of);
                Printed::new(quote_spanned!(site=> &#place), Tightness::Unary)
            }
            Kind::Len(of) => self.length(value, *of),
            Kind::Filled(element, len) => {
                let (element, len) = (self.read(*element).tokens, self.read(*len).tokens);
                Printed::atom(quote_spanned!(site=> ::std::vec![#element; #len]))
            }
            Kind::Sum(of) => self.sum(*of, value),
            Kind::Number(n) => {
                let n = TokenLiteral::usize_unsuffixed(*n);
                Printed::atom(quote_spanned!(site=> #n))
            }
            Kind::Integer(op, a, b) => self.integer(*op, *a, *b),
            Kind::Cast(of, float) => self.cast(*of, float),
            Kind::Reborrow(of) => self.read(*of),
            Kind::Load(place) if self.ended.contains(&place.var) => {
                Printed::atom(self.missing(value))
            }
            Kind::Load(place) => self.load(place),
            Kind::Optional(None) => {
                Printed::atom(quote_spanned!(site=> ::core::option::Option::None))
            }
            Kind::Optional(Some(of)) => self.present(*of),
            Kind::Present(of) => {
                // A `Vec` without a derivative is read, an order say, in each iteration.
                let read = matches!(&self.function.values[value].ty, Ty::Vec(element)
                    if matches!(**element, Ty::Inert));
                let of = self.base(*of);
                let of = if read { quote_spanned!(site=> #of.as_ref()) } else { of };
                Printed::atom(quote_spanned!(site=> #of.unwrap()))
            }
            Kind::Repeat(of) => self.repeat(*of, value),
            Kind::Opaque { expr, reads, .. } => {
                let expr = crate::lower::unparenthesised(expr);
                let reads = reads.clone();
                let tokens = quote_spanned!(site=> #expr);
                Printed::new(self.reached(tokens, &reads), tightness_of(expr))
            }
            // The last is had where it is computed only: its variable is moved away.
            Kind::ZeroOf(_)
            | Kind::Bind(_)
            | Kind::PatternBound(_)
            | Kind::Wrap(_)
            | Kind::Payload(_)
            | Kind::Declare(_)
            | Kind::Call(_)
            | Kind::Branch(_)
            | Kind::Block(_)
            | Kind::Zero { .. }
            | Kind::Loop(_)
            | Kind::Update { .. }
            | Kind::Struct { .. }
            | Kind::Define { .. }
            | Kind::Store(..)
            | Kind::Reserve(_)
            | Kind::Take(_)
            | Kind::Edit(..)
            | Kind::Tape(_)
            | Kind::Push(..)
            | Kind::Pop(_)
            | Kind::Keep(_)
            | Kind::Run(_)
            | Kind::Replay(_)
            | Kind::AddTo(..) => Printed::atom(self.missing(value)),
        }
    }

    fn selection(&mut self, cond: ValueId, yes: ValueId, no: ValueId) -> Printed {
        let cond = self.read(cond).tokens;
        let (yes, no) = (self.read(yes).tokens, self.read(no).tokens);
        let tokens = quote_spanned!(Span::mixed_site()=> if #cond { #yes } else { #no });
        Printed::new(tokens, Tightness::Statement)
    }

    fn field(&mut self, of: ValueId, member: Member, value: ValueId) -> Printed {
        let site = Span::mixed_site();
        // Tangents and cotangents of references are none.
        let primal = self.uses.is_primal(of);
        // A pattern binds references to what is behind one; read here, it is the field itself.
        let depth = match self.function.values[of].ty.behind_refs().field(member) {
            Ty::Unknown => self.function.values[value].ty.ref_depth(),
            field => field.ref_depth(),
        };
        let (of, n) = (self.base(of), member.behind(site));
        if depth == 0 || !primal || !self.is_number(value) {
            return Printed::atom(quote_spanned!(site=> #of #n));
        }
        // The value, not a borrow of what may be assigned by the time that it is read.
        Printed::new(dereferenced(depth, &quote_spanned!(site=> #of #n)), Tightness::Unary)
    }

    /// A residual of an arm, where there is one.
    fn present(&mut self, of: ValueId) -> Printed {
        let site = Span::mixed_site();
        let moves = self.may_move(of);
        let of = self.read(of).tokens;
        if moves {
            // It gives the shape of a cotangent, and is the user's to move.
            let private = self.facade.private();
            return Printed::atom(quote_spanned!(site=>
                ::core::option::Option::Some(#private::kept(&#of))
            ));
        }
        Printed::atom(quote_spanned!(site=> ::core::option::Option::Some(#of)))
    }

    /// Whether a residual is a variable of the user's that may be no `Copy`.
    fn may_move(&self, value: ValueId) -> bool {
        let known = &self.function.values[value];
        let owns = match &known.ty {
            Ty::Unknown => true,
            ty => ty.ref_depth() == 0 && ty.is_run_time_sized(),
        };
        owns && known.home.is_some() && self.function.is_active(value)
    }

    fn array(&mut self, parts: &[ValueId], value: ValueId) -> Printed {
        let site = Span::mixed_site();
        let parts = parts.iter().map(|&part| self.read(part).tokens).collect::<Vec<_>>();
        if let Ty::Vec(_) = self.function.values[value].ty.behind_refs() {
            return Printed::atom(quote_spanned!(site=> ::std::vec![#(#parts),*]));
        }
        Printed::atom(quote_spanned!(site=> [#(#parts),*]))
    }

    fn sum(&mut self, of: ValueId, value: ValueId) -> Printed {
        let of = self.base(of);
        let ty = self.function.values[value].ty.clone();
        let zero = super::shape::zero(&ty, &TokenStream::new(), self.facade);
        let private = self.facade.private();
        Printed::atom(quote_spanned!(Span::mixed_site()=> #private::sum(#zero, &#of[..])))
    }

    fn element(&mut self, of: ValueId, index: ValueId) -> Printed {
        let site = Span::mixed_site();
        if let Some(lent) = self.lent_element(Memory::Value(of), index) {
            return Printed::atom(lent);
        }
        let part = self.definitions.get(&of).copied();
        if let Some(Inst { kind: Kind::Slice(whole, bounds), syntax: None, .. }) = part
            && !self.is_named(of)
        {
            let (of, index) = (self.base(*whole), self.within(bounds, index));
            return Printed::atom(quote_spanned!(site=> #of[#index]));
        }
        let (of, index) = (self.base(of), self.read(index).tokens);
        Printed::atom(quote_spanned!(site=> #of[#index]))
    }

    /// Arithmetic on counts and indices.
    fn integer(&mut self, op: IntOp, a: ValueId, b: ValueId) -> Printed {
        let site = Span::mixed_site();
        let (left, right, tightness) = match op {
            IntOp::Add => (Tightness::Sum, Tightness::Sum, Tightness::Sum),
            IntOp::Sub => (Tightness::Sum, Tightness::Product, Tightness::Sum),
            IntOp::Mul | IntOp::Div => (Tightness::Product, Tightness::Unary, Tightness::Product),
            IntOp::DivCeil | IntOp::Min => (Tightness::Atom, Tightness::Statement, Tightness::Atom),
            IntOp::Between => (Tightness::Sum, Tightness::Sum, Tightness::Atom),
            IntOp::Less => (Tightness::Sum, Tightness::Sum, Tightness::Compare),
        };
        let (a, b) = (self.read(a).at_least(left), self.read(b).at_least(right));
        let tokens = match op {
            IntOp::Add => quote_spanned!(site=> #a + #b),
            IntOp::Sub => quote_spanned!(site=> #a - #b),
            IntOp::Mul => quote_spanned!(site=> #a * #b),
            IntOp::Div => quote_spanned!(site=> #a / #b),
            IntOp::DivCeil => quote_spanned!(site=> usize::div_ceil(#a, #b)),
            IntOp::Min => quote_spanned!(site=> usize::min(#a, #b)),
            IntOp::Between => quote_spanned!(site=> (#a..#b).len()),
            IntOp::Less => quote_spanned!(site=> #a < #b),
        };
        Printed::new(tokens, tightness)
    }

    /// The user's tokens where some of their variables are out of reach: those by other names.
    pub(crate) fn reached(&mut self, tokens: TokenStream, reads: &[ValueId]) -> TokenStream {
        let mut tokens = tokens;
        for &read in reads {
            let Some(home) = self.function.values[read].home.clone() else { continue };
            if self.use_home(read).is_none() {
                let name = self.function.bindings[home.binding].ident.clone();
                let value = if self.is_choice(read) {
                    self.missing(read)
                } else {
                    self.read(read).at_least(Tightness::Atom)
                };
                let mut depth = self.reference_depth(&home);
                if depth == 0 && self.is_lent_part(read) {
                    depth = 1;
                }
                if is_word(&tokens, &name) && self.is_number(read) {
                    // Alone it is a number to what reads it.
                    depth = 0;
                }
                tokens = substituted(tokens, &name, (&value, depth));
            }
        }
        tokens
    }

    /// Whether the code of a value without a name is a branch, which is not to stand in other code.
    fn is_choice(&self, value: ValueId) -> bool {
        let inst = self.definitions.get(&value).filter(|_| !self.is_named(value));
        match inst.map(|inst| &inst.kind) {
            Some(Kind::Opaque { expr, .. }) => {
                matches!(crate::lower::unparenthesised(expr), syn::Expr::If(_))
            }
            Some(Kind::Reborrow(of)) => self.is_choice(*of),
            _ => false,
        }
    }

    /// How many references the variable is behind: what is read of it is the value itself.
    fn reference_depth(&self, home: &crate::ir::Home) -> usize {
        let versions = self.function.values.iter().map(|(_, value)| value);
        let here = versions.filter(|value| value.home.as_ref() == Some(home));
        here.map(|value| value.ty.ref_depth()).max().unwrap_or(0)
    }

    fn repeat(&mut self, of: ValueId, value: ValueId) -> Printed {
        let of = self.read(of).tokens;
        let ty = self.function.values[value].ty.clone();
        let site = Span::mixed_site();
        Printed::atom(match ty {
            Ty::Array(_, crate::ir::Len::Literal(n)) => {
                let n = TokenLiteral::usize_unsuffixed(n);
                quote_spanned!(site=> [#of; #n])
            }
            Ty::Array(_, crate::ir::Len::Named(n)) => quote_spanned!(site=> [#of; #n]),
            _ => quote_spanned!(site=> [#of]),
        })
    }

    /// A float as a float of the width of its primal.
    fn cast(&mut self, of: ValueId, float: &FloatTy) -> Printed {
        let source = self.function.values[of].ty.behind_refs().clone();
        if let Ty::Float(known) = &source
            && known == float
        {
            return self.read(of);
        }
        let site = Span::mixed_site();
        let of = self.read(of);
        if let (Ty::Float(FloatTy::F32), FloatTy::F64) = (&source, float) {
            let of = of.tokens;
            Printed::atom(quote_spanned!(site=> f64::from(#of)))
        } else {
            let private = self.facade.private();
            let (of, name) = (of.tokens, super::shape::float_name(float));
            Printed::atom(quote_spanned!(site=> #private::to::<_, #name>(#of)))
        }
    }

    fn comparison(&mut self, a: ValueId, sign: &TokenStream, b: ValueId) -> Printed {
        let (a, b) = (self.read(a).at_least(Tightness::Sum), self.read(b).at_least(Tightness::Sum));
        Printed::new(quote_spanned!(Span::mixed_site()=> #a #sign #b), Tightness::Compare)
    }

    fn is_float_zero(&self, value: ValueId) -> bool {
        let kind = self.definitions.get(&value).map(|inst| &inst.kind);
        matches!(kind, Some(Kind::Const(Literal::Number(zero))) if *zero == 0.0)
    }

    /// What is compared with zero by a condition that has no name.
    fn zero_test(&self, value: ValueId) -> Option<(ValueId, ValueId)> {
        let Kind::Equal(a, b) = self.definitions.get(&value)?.kind else { return None };
        let tests = !self.is_named(value) && (self.is_float_zero(a) || self.is_float_zero(b));
        tests.then_some((a, b))
    }

    /// Of a type parameter, what vanishes with all that it carries is zero.
    fn compared_with_zero(&mut self, a: ValueId, b: ValueId, sign: Sign) -> Printed {
        let site = Span::mixed_site();
        let other = if self.is_float_zero(a) { b } else { a };
        let float = self.function.values[other].ty.float();
        let Some(ty) = self.facade.lifted(&float) else {
            let sign = match sign {
                Sign::Equal => quote_spanned!(site=> ==),
                Sign::Unequal => quote_spanned!(site=> !=),
            };
            return self.comparison(a, &sign, b);
        };
        let other = self.read(other).tokens;
        match sign {
            Sign::Equal => Printed::atom(quote_spanned!(site=> #ty::vanishes(#other))),
            Sign::Unequal => {
                Printed::new(quote_spanned!(site=> !#ty::vanishes(#other)), Tightness::Unary)
            }
        }
    }

    /// What holds or does not.
    fn condition(&mut self, kind: &Kind, value: ValueId) -> Printed {
        let site = Span::mixed_site();
        match kind {
            Kind::Less(a, b) => self.comparison(*a, &quote_spanned!(site=> <), *b),
            Kind::LessEq(a, b) => self.comparison(*a, &quote_spanned!(site=> <=), *b),
            Kind::Equal(a, b) => self.equality(*a, *b),
            Kind::And(a, b) => self.logic(*a, &quote_spanned!(site=> &&), *b, Tightness::And),
            Kind::Or(a, b) => self.logic(*a, &quote_spanned!(site=> ||), *b, Tightness::Or),
            Kind::Not(a) => {
                if let Some((a, b)) = self.zero_test(*a) {
                    return self.compared_with_zero(a, b, Sign::Unequal);
                }
                let a = self.read(*a).at_least(Tightness::Unary);
                Printed::new(quote_spanned!(site=> !#a), Tightness::Unary)
            }
            Kind::Finite(all) => {
                let several = all.len() > 1;
                let tightness = if several { Tightness::Product } else { Tightness::Atom };
                let all = all.iter().map(|&value| self.read(value).at_least(tightness));
                let all: Vec<TokenStream> = all.collect();
                let sum = if several {
                    quote_spanned!(site=> (#(#all)+*))
                } else {
                    quote_spanned!(site=> #(#all)*)
                };
                Printed::atom(quote_spanned!(site=> #sum.is_finite()))
            }
            _ => Printed::atom(self.missing(value)),
        }
    }

    /// Clippy takes `==` of floats for a mistake, but with zero; ties are meant.
    fn equality(&mut self, a: ValueId, b: ValueId) -> Printed {
        let site = Span::mixed_site();
        if self.is_float_zero(a) || self.is_float_zero(b) {
            return self.compared_with_zero(a, b, Sign::Equal);
        }
        let (a, b) = (self.read(a).tokens, self.read(b).tokens);
        let private = self.facade.private();
        Printed::atom(quote_spanned!(site=> #private::equal(#a, #b)))
    }

    fn logic(&mut self, a: ValueId, sign: &TokenStream, b: ValueId, at: Tightness) -> Printed {
        let (a, b) = (self.read(a).at_least(at), self.read(b).at_least(Tightness::Compare));
        Printed::new(quote_spanned!(Span::mixed_site()=> #a #sign #b), at)
    }

    /// A row of the rule table.
    fn operation(&mut self, op: Op, args: &[ValueId], value: ValueId) -> Printed {
        match (op, args) {
            (Op::Neg, [a]) => {
                let a = self.arithmetic(*a, Tightness::Unary);
                Printed::new(quote_spanned!(Span::mixed_site()=> -#a), Tightness::Unary)
            }
            (Op::Add, [a, b]) => self.binary(*a, '+', *b, (Tightness::Sum, Tightness::Product)),
            (Op::Sub, [a, b]) => self.binary(*a, '-', *b, (Tightness::Sum, Tightness::Product)),
            (Op::Mul, [a, b]) => self.product(*a, *b),
            (Op::Div, [a, b]) => self.binary(*a, '/', *b, (Tightness::Product, Tightness::Unary)),
            (Op::Rem, [a, b]) => self.binary(*a, '%', *b, (Tightness::Product, Tightness::Unary)),
            (Op::FromInt, [n]) => self.from_int(*n, value),
            (Op::Decrement, [n]) => {
                let n = self.read(*n).tokens;
                Printed::atom(quote_spanned!(Span::mixed_site()=> i32::saturating_sub(#n, 1)))
            }
            _ => self.method(op, args, value),
        }
    }

    fn from_int(&mut self, n: ValueId, value: ValueId) -> Printed {
        let n = self.read(n).tokens;
        let site = Span::mixed_site();
        let float = self.function.values[value].ty.float();
        if let Some(ty) = self.facade.lifted(&float) {
            return Printed::atom(quote_spanned!(site=> #ty::from_f64(f64::from(#n))));
        }
        let private = self.facade.private();
        // Of which width it is must not be a question of who multiplies with it: operators of the
        // user's do, too.
        Printed::atom(match float {
            FloatTy::F64 => quote_spanned!(site=> f64::from(#n)),
            FloatTy::F32 => quote_spanned!(site=> #private::from_int::<f32>(#n)),
            _ => quote_spanned!(site=> #private::from_int(#n)),
        })
    }

    /// What the user computes from constants alone stands first: rustc can compute it, too.
    fn product(&mut self, a: ValueId, b: ValueId) -> Printed {
        let (a, b) = if self.is_constant(b) && !self.is_constant(a) { (b, a) } else { (a, b) };
        // The operations are those of the instructions: `a * (b * c)` is not `(a * b) * c`.
        self.binary(a, '*', b, (Tightness::Product, Tightness::Unary))
    }

    /// Whether a value is the user's tokens, without a derivative.
    fn is_constant(&self, value: ValueId) -> bool {
        let inst = self.definitions.get(&value);
        inst.is_some_and(|inst| matches!(inst.kind, Kind::Opaque { .. }))
    }

    fn binary(
        &mut self,
        a: ValueId,
        sign: char,
        b: ValueId,
        (left, right): (Tightness, Tightness),
    ) -> Printed {
        let mut tokens = self.arithmetic(a, left);
        let sign = proc_macro2::Punct::new(sign, proc_macro2::Spacing::Alone);
        tokens.extend([TokenTree::Punct(sign)]);
        tokens.extend([self.arithmetic(b, right)]);
        Printed::new(tokens, left)
    }

    fn method(&mut self, op: Op, args: &[ValueId], value: ValueId) -> Printed {
        let site = Span::mixed_site();
        let name = proc_macro2::Ident::new(op.name(), site);
        let Some((&receiver, rest)) = args.split_first() else {
            return Printed::atom(self.missing(value));
        };
        let rest: Vec<TokenStream> = rest.iter().map(|&arg| self.read(arg).tokens).collect();
        let receiver = self.receiver(receiver, value);
        Printed::atom(quote_spanned!(site=> #receiver.#name(#(#rest),*)))
    }

    /// A receiver: a literal says which float it is.
    fn receiver(&mut self, receiver: ValueId, value: ValueId) -> TokenStream {
        if let Some(inst) = self.definitions.get(&receiver)
            && let Kind::Const(Literal::Number(number)) = inst.kind
        {
            let float = match (
                self.function.values[receiver].ty.behind_refs(),
                self.function.values[value].ty.behind_refs(),
            ) {
                (Ty::Float(float), _) if *float != FloatTy::Inferred => float,
                (_, Ty::Float(float)) => float,
                _ => &FloatTy::F64,
            };
            if self.facade.lifted(float).is_some() {
                return self.facade.number(number, float);
            }
            let float = if *float == FloatTy::F32 { float } else { &FloatTy::F64 };
            let literal = number::float(number, Some(float));
            return signed(number, literal).at_least(Tightness::Atom);
        }
        self.base(receiver)
    }

    /// A shadow, or a part of it.
    pub(crate) fn place(&mut self, place: &Place, root: &TokenStream) -> TokenStream {
        if let [Step::Index(at)] | [Step::Range(_), Step::Index(at)] = place.path.as_slice()
            && let Some(lent) = self.lent_element(Memory::Shadow(place.var), *at)
        {
            return lent;
        }
        if let Some(element) = self.zipped_element(place) {
            return element;
        }
        self.steps(&place.path, root.clone())
    }

    pub(crate) fn steps(&mut self, path: &[Step], root: TokenStream) -> TokenStream {
        let site = Span::mixed_site();
        let mut tokens = root;
        let mut path = path.iter().peekable();
        while let Some(step) = path.next() {
            if let (Step::Range(bounds), Some(Step::Index(index))) = (step, path.peek()) {
                let index = self.within(bounds, *index);
                tokens = quote_spanned!(site=> #tokens[#index]);
                path.next();
                continue;
            }
            tokens = match step {
                Step::Field(n) => {
                    let n = n.behind(self.at);
                    quote_spanned!(site=> #tokens #n)
                }
                Step::Index(index) => {
                    let index = self.read(*index).tokens;
                    quote_spanned!(site=> #tokens[#index])
                }
                Step::Range(Bounds { lo, hi, end }) => {
                    let mut bound = |value: &Option<ValueId>| {
                        value.map(|value| self.read(value).at_least(Tightness::Sum))
                    };
                    let (lo, hi) = (bound(lo), bound(hi));
                    match end {
                        End::Open => quote_spanned!(site=> #tokens[#lo..#hi]),
                        End::Closed => quote_spanned!(site=> #tokens[#lo..=#hi]),
                    }
                }
            };
        }
        tokens
    }

    /// The index in the whole of an element of a part: `lo + i`.
    fn within(&mut self, bounds: &Bounds, index: ValueId) -> TokenStream {
        let Some(lo) = bounds.lo else { return self.read(index).tokens };
        if self.is_zero(index) {
            return self.read(lo).tokens;
        }
        if self.is_zero(lo) {
            return self.read(index).tokens;
        }
        let index = self.read(index).at_least(Tightness::Sum);
        let lo = self.read(lo).at_least(Tightness::Sum);
        quote_spanned!(Span::mixed_site()=> #lo + #index)
    }

    pub(crate) fn is_zero(&self, index: ValueId) -> bool {
        let literal = self.definitions.get(&index);
        literal.is_some_and(|inst| crate::differentiate::literal_index(&inst.kind) == Some(0))
    }

    fn load(&mut self, place: &Place) -> Printed {
        let behind = matches!(self.shadows.get(&place.var), Some(Shadow::Sum(_)));
        let target = self.target(place);
        if behind && place.path.is_empty() {
            return Printed::new(target, Tightness::Unary);
        }
        Printed::atom(target)
    }

    /// The name of a shadow, declared or not.
    pub(crate) fn shadow_name(&mut self, var: VarId) -> proc_macro2::Ident {
        if let Some(
            Shadow::Local(name)
            | Shadow::Buffer(name)
            | Shadow::Sum(name)
            | Shadow::Accumulator(name),
        ) = self.shadows.get(&var)
        {
            return name.clone();
        }
        let name = self.names.fresh(&self.function.vars[var].hint);
        self.shadows.insert(var, Shadow::Local(name.clone()));
        name
    }
}

impl Printer<'_> {
    /// A constant of the width of its value.
    fn constant_of(&self, literal: &Literal, value: ValueId) -> Printed {
        let float = match &self.meets {
            FloatTy::Inferred => self.function.values[value].ty.float(),
            known => known.clone(),
        };
        let tokens = self.facade.constant(literal, &float);
        match literal {
            Literal::Number(number) if self.facade.lifted(&float).is_none() => {
                signed(*number, tokens)
            }
            Literal::Number(_) | Literal::Ln2 | Literal::Ln10 => Printed::atom(tokens),
        }
    }
}

/// A literal, which may have a sign.
fn signed(number: f64, literal: TokenStream) -> Printed {
    let negative = number.is_sign_negative();
    Printed::new(literal, if negative { Tightness::Unary } else { Tightness::Atom })
}

/// Whether tokens are this variable and nothing else.
fn is_word(tokens: &TokenStream, name: &Ident) -> bool {
    let mut trees = tokens.clone().into_iter();
    let first = trees.next();
    matches!(first, Some(TokenTree::Ident(word)) if word == *name) && trees.next().is_none()
}

/// Tokens with a variable replaced; fields and methods of its name stay.
fn substituted(
    tokens: TokenStream,
    name: &Ident,
    (value, depth): (&TokenStream, usize),
) -> TokenStream {
    let mut after_dot = false;
    let mut replaced: Vec<TokenTree> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(tree) = tokens.next() {
        let dot = is_punct(&tree, '.');
        match tree {
            TokenTree::Ident(ident) if ident == *name && !after_dot => {
                let followed = tokens.peek().is_some_and(|next| is_punct(next, '.'));
                replaced = behind_references(replaced, followed, (value, depth));
            }
            TokenTree::Group(group) => {
                let inner = substituted(group.stream(), name, (value, depth));
                let mut changed = Group::new(group.delimiter(), inner);
                changed.set_span(group.span());
                replaced.push(TokenTree::Group(changed));
            }
            tree => replaced.push(tree),
        }
        after_dot = dot;
    }
    replaced.into_iter().collect()
}

/// A value in place of references to it: `*x` is the value itself, `x` a new reference.
fn behind_references(
    before: Vec<TokenTree>,
    followed: bool,
    (value, depth): (&TokenStream, usize),
) -> Vec<TokenTree> {
    let mut before = before;
    let mut depth = depth;
    // A star after an operand is a product.
    while depth > 0 && before.last().is_some_and(|last| is_punct(last, '*')) {
        let operand = before.len().checked_sub(2).and_then(|at| before.get(at));
        let is_product = operand.is_some_and(|tree| match tree {
            TokenTree::Punct(_) => false,
            TokenTree::Ident(_) | TokenTree::Literal(_) | TokenTree::Group(_) => true,
        });
        if is_product {
            break;
        }
        before.pop();
        depth -= 1;
    }
    let site = Span::mixed_site();
    let ampersands: TokenStream = std::iter::repeat_n(quote_spanned!(site=> &), depth).collect();
    let referenced = if followed || depth == 0 {
        value.clone()
    } else {
        quote_spanned!(site=> (#ampersands #value))
    };
    before.extend(referenced);
    before
}

fn is_punct(tree: &TokenTree, character: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == character)
}

/// How tightly the user's own expression binds.
pub(crate) fn tightness_of(expr: &syn::Expr) -> Tightness {
    use syn::Expr as E;
    match expr {
        E::Path(_)
        | E::Lit(_)
        | E::Paren(_)
        | E::MethodCall(_)
        | E::Call(_)
        | E::Index(_)
        | E::Field(_)
        | E::Array(_)
        | E::Tuple(_)
        | E::Macro(_) => Tightness::Atom,
        E::Unary(_) | E::Reference(_) => Tightness::Unary,
        E::Binary(binary) => match binary.op {
            syn::BinOp::Mul(_) | syn::BinOp::Div(_) | syn::BinOp::Rem(_) => Tightness::Product,
            syn::BinOp::Add(_) | syn::BinOp::Sub(_) => Tightness::Sum,
            _ => Tightness::Statement,
        },
        _ => Tightness::Statement,
    }
}
