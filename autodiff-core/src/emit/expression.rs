//! Prints what has no tokens of the user's: operations, and values that generated code reads.

use proc_macro2::{Literal as TokenLiteral, Span, TokenStream, TokenTree};
use quote::quote_spanned;

use super::along::Memory;
use super::printed::{Printed, Tightness, tightness_of};
use super::printer::{Printer, dereferenced};
use super::shown::invented_at;
use crate::ir::{Effect, FloatTy, Inst, IntOp, Kind, Member, Region, Step, Ty, ValueId};

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
    pub(super) fn missing(&mut self, value: ValueId) -> TokenStream {
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
    pub(super) fn arithmetic(&mut self, value: ValueId, tightness: Tightness) -> TokenStream {
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
            | Kind::Copy(_)
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

    fn field(&mut self, of: ValueId, member: Member, value: ValueId) -> Printed {
        let site = Span::mixed_site();
        // Tangents and cotangents of references are none.
        let primal = self.uses.is_primal(of);
        // A pattern binds references to what is behind one; read here, it is the field itself.
        let depth = match self.function.values[of].ty.behind_refs().field(member) {
            Ty::Unknown => self.function.values[value].ty.ref_depth(),
            field => field.ref_depth(),
        };
        // Shown where the user reads it: that there is no such field is said once.
        let at = self.definitions.get(&value).map_or(site, |inst| invented_at(inst.span));
        let (of, n) = (self.base(of), member.behind(at));
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
        self.is_made_here(value) || (owns && known.home.is_some() && self.function.is_active(value))
    }

    /// Whether a value is a struct of the user's, made by an expression without a name.
    pub(super) fn is_made_here(&self, value: ValueId) -> bool {
        let known = &self.function.values[value];
        let made = |inst: &&Inst| match &inst.kind {
            Kind::Struct { .. } => true,
            Kind::Branch(_) => {
                let at = inst.results.iter().position(|&result| result == value);
                let yielded = |region: &Region| at.and_then(|at| region.yields.get(at).copied());
                let arms = inst.kind.regions();
                arms.iter().filter_map(yielded).any(|value| self.is_made_here(value))
            }
            _ => false,
        };
        known.home.is_none()
            && matches!(known.ty, Ty::Named(_) | Ty::Unknown)
            && self.definitions.get(&value).is_some_and(made)
    }

    fn array(&mut self, parts: &[ValueId], value: ValueId) -> Printed {
        let site = Span::mixed_site();
        let parts = parts.iter().map(|&part| self.owned_part(part)).collect::<Vec<_>>();
        if let Ty::Vec(_) = self.function.values[value].ty.behind_refs() {
            return Printed::atom(quote_spanned!(site=> ::std::vec![#(#parts),*]));
        }
        Printed::atom(quote_spanned!(site=> [#(#parts),*]))
    }

    /// A part of something that is made: of a slice, a copy.
    fn owned_part(&mut self, part: ValueId) -> TokenStream {
        let is_slice = matches!(self.function.values[part].ty.behind_refs(), Ty::Slice(_));
        if is_slice || self.is_copy_of_slice(part) {
            let slice = self.base(part);
            return quote_spanned!(Span::mixed_site()=> #slice.to_vec());
        }
        self.read(part).tokens
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
}
