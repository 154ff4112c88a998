//! What a `for` loop runs over: how many items there are, and what each of them is a part of.
//!
//! The forward sweep keeps the user's iterator. Lowering only says, for iteration number `n`,
//! which element, window or chunk the pattern gets, so that the reverse sweep can find it.

use proc_macro2::{Delimiter, Span};
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall, Pat};

use super::operand::{Operand, commas, tokens};
use super::pattern::Bound;
use super::{Lowered, Lowerer};
use crate::diagnostics::Refusal;
use crate::ir::{
    Active, BindingId, Bounds, Effect, End, IntOp, Kind, Order, Piece, Step, Ty, ValueId,
};

/// An iterator.
pub(crate) struct Stream {
    /// The number of its items, where that is known before the loop.
    pub(crate) trips: Option<ValueId>,
    pub(crate) item: Item,
    pub(crate) order: Order,
    /// Its tokens.
    pub(crate) pieces: Vec<Piece>,
    /// What they read.
    pub(crate) reads: Vec<ValueId>,
}

/// What an iterator gives for the item of a number.
#[derive(Clone)]
pub(crate) enum Item {
    /// Something without a derivative, known to the user's tokens only.
    Inert,
    /// The number itself: that of `enumerate`, and the items of `0..n`.
    Number,
    /// A part of an aggregate.
    Part(Source, Shape),
    /// A pair.
    Pair(Box<Item>, Box<Item>),
    /// The item of another number.
    Moved(Box<Item>, Move),
}

/// The aggregate that items are parts of.
#[derive(Clone)]
pub(crate) enum Source {
    /// Read.
    Value(ValueId),
    /// Borrowed mutably: the variable, and the way from it.
    Place(BindingId, Vec<Step>),
}

/// Which part an item is.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    /// An element by reference.
    Element,
    /// An element by value.
    Copied,
    /// `of[n..n + size]`
    Window(ValueId),
    /// `of[n * size..(n + 1) * size]`, cut off at the length.
    Chunk { size: ValueId, len: Option<ValueId> },
    /// Such a part, counted from the end.
    BackChunk { size: ValueId, len: ValueId },
}

/// From the number of an item to that of the item of the iterator inside.
#[derive(Clone, Copy)]
pub(crate) enum Move {
    /// `n + k`
    Skip(ValueId),
    /// `n · k`
    Step(ValueId),
    /// `trips - (n + 1)`
    Reverse(ValueId),
}

impl Item {
    /// Whether items are found by their number.
    fn is_numbered(&self) -> bool {
        match self {
            Item::Part(..) => true,
            Item::Pair(a, b) => a.is_numbered() || b.is_numbered(),
            Item::Moved(inner, _) => inner.is_numbered(),
            Item::Inert | Item::Number => false,
        }
    }

    /// The same, where nothing tells the number of an item any more.
    fn unnumbered(self) -> Self {
        match self {
            Item::Number => Item::Inert,
            Item::Pair(a, b) => Item::Pair(Box::new(a.unnumbered()), Box::new(b.unnumbered())),
            Item::Moved(inner, by) => Item::Moved(Box::new(inner.unnumbered()), by),
            Item::Inert | Item::Part(..) => self,
        }
    }

    /// The variables that the items borrow mutably.
    pub(crate) fn borrows(&self) -> Vec<BindingId> {
        match self {
            Item::Part(Source::Place(root, _), _) => vec![*root],
            Item::Pair(a, b) => [a.borrows(), b.borrows()].concat(),
            Item::Moved(inner, _) => inner.borrows(),
            Item::Inert | Item::Number | Item::Part(Source::Value(_), _) => Vec::new(),
        }
    }
}

/// Whether something holds values of a type of the user's, each of which can be pointed at again.
fn lends_structs(of: &Ty) -> bool {
    match of {
        Ty::Slice(element) | Ty::Array(element, _) | Ty::Vec(element) => {
            matches!(**element, Ty::Named(_))
        }
        _ => false,
    }
}

/// `lo..hi`, perhaps in parentheses and reversed.
pub(crate) fn range_of(expr: &Expr) -> Option<(&syn::ExprRange, Order)> {
    match expr {
        Expr::Range(range) => Some((range, Order::Up)),
        Expr::Paren(inner) => range_of(&inner.expr),
        Expr::Group(inner) => range_of(&inner.expr),
        Expr::MethodCall(call) if call.method == "rev" && call.args.is_empty() => {
            range_of(&call.receiver).map(|(range, order)| (range, order.reversed()))
        }
        _ => None,
    }
}

/// The tokens of such an expression with these for the range.
pub(crate) fn with_range(expr: &Expr, range: Vec<Piece>) -> Piece {
    match expr {
        Expr::Paren(inner) => {
            Piece::Group(Delimiter::Parenthesis, vec![with_range(&inner.expr, range)])
        }
        Expr::Group(inner) => with_range(&inner.expr, range),
        Expr::MethodCall(call) => {
            let receiver = with_range(&call.receiver, range);
            let arguments = Piece::Group(Delimiter::Parenthesis, Vec::new());
            let pieces = vec![receiver, tokens(call.dot_token), tokens(&call.method), arguments];
            Piece::Group(Delimiter::None, pieces)
        }
        _ => Piece::Group(Delimiter::None, range),
    }
}

impl Lowerer<'_> {
    /// The iterator that an expression is.
    pub(crate) fn stream(&mut self, expr: &Expr) -> Lowered<Stream> {
        match expr {
            Expr::Paren(inner) => {
                let stream = self.stream(&inner.expr)?;
                let pieces = vec![Piece::Group(Delimiter::Parenthesis, stream.pieces)];
                Ok(Stream { pieces, ..stream })
            }
            Expr::Group(inner) => self.stream(&inner.expr),
            Expr::Range(range) => self.inert_range(expr, range),
            Expr::MethodCall(call) => self.adapted(expr, call),
            _ => self.elements(expr, Shape::Element, None),
        }
    }

    /// An iterator without active items, of unknown length.
    pub(super) fn unknown(&mut self, expr: &Expr) -> Lowered<Stream> {
        let operand = self.inert(expr)?;
        let reads = match &operand {
            Operand::Passive(passive) => passive.reads.clone(),
            Operand::Read(value, _) | Operand::Computed(value, _) => vec![*value],
            Operand::Nothing(_) => Vec::new(),
        };
        let pieces = match &operand {
            Operand::Computed(value, _) => vec![Piece::Value(*value)],
            _ => vec![tokens(expr)],
        };
        Ok(Stream { trips: None, item: Item::Inert, order: Order::Up, pieces, reads })
    }

    /// The elements of an aggregate: `xs`, `&xs`, `&mut xs`, or the receiver of a method.
    fn elements(
        &mut self,
        expr: &Expr,
        shape: Shape,
        call: Option<&ExprMethodCall>,
    ) -> Lowered<Stream> {
        let mutable = match (expr, call) {
            (Expr::Reference(reference), None) => reference.mutability.is_some(),
            (_, Some(call)) => is_mutable(&call.method.to_string()),
            (place, None) => {
                let reference = self.root_binding(place).is_some_and(|b| self.is_mut_reference(b));
                reference || self.is_alias(place)
            }
        };
        let of = match (expr, mutable) {
            (Expr::Reference(reference), true) => &reference.expr,
            _ => expr,
        };
        if mutable && self.root_binding(of).is_some() {
            return self.mutable_elements(expr, of, shape);
        }
        let by_value = !matches!(expr, Expr::Reference(_)) && call.is_none();
        let mark = self.insts.len();
        let operand = self.expr(expr)?;
        if operand.is_passive() && !self.is_measured(&operand) {
            return self.inert_part(expr);
        }
        if let Some(of) = owned_vec(&operand) {
            let consumed = by_value && self.ty(of).ref_depth() == 0;
            return Ok(self.inert_elements(expr, of, shape, consumed));
        }
        let lent = self.lent_floats(&operand);
        let (value, piece) = self.settle(vec![(operand, mark)]).pop().unzip();
        let (Some(value), Some(piece)) = (value, piece) else {
            return self.refuse(&Refusal::Expression, expr.span());
        };
        let span = expr.span();
        let of = lent.unwrap_or(value);
        let len = self.length_of(of, span);
        let owned = by_value && self.ty(value).ref_depth() == 0;
        let shape = if owned { Shape::Copied } else { shape };
        let pieces = if owned && self.is_vec(of) {
            copies(piece, &self.ty(of).element(), span)
        } else {
            vec![piece]
        };
        Ok(Stream {
            trips: Some(len),
            item: Item::Part(Source::Value(of), shape),
            order: Order::Up,
            pieces,
            reads: vec![value],
        })
    }

    fn is_vec(&self, value: ValueId) -> bool {
        matches!(self.ty(value), Ty::Vec(_))
    }

    /// Whether the length of something without a derivative can be asked for.
    fn is_measured(&self, operand: &Operand<'_>) -> bool {
        let Operand::Passive(passive) = operand else { return true };
        matches!(passive.ty.behind_refs(), Ty::Array(..) | Ty::Slice(_) | Ty::Vec(_))
            && matches!(passive.expr, Expr::Path(_) | Expr::Reference(_))
    }

    /// The elements of a `Vec` without a derivative. Of one that the loop uses up, floats are copied,
    /// and other elements are not found again.
    fn inert_elements(&mut self, expr: &Expr, of: ValueId, shape: Shape, consumed: bool) -> Stream {
        let span = expr.span();
        let site = Span::mixed_site().located_at(span);
        let len = Kind::Opaque {
            expr: Box::new(syn::parse_quote_spanned!(site=> #expr.len())),
            reads: vec![of],
            effect: Effect::Pure,
        };
        let hint = format!("{}_len", self.hint(of));
        let len = self.push_value((Ty::Inert, &hint, Active::No), len, None, span);
        let is_float = matches!(self.ty(of), Ty::Vec(element) if matches!(**element, Ty::Float(_)));
        let trips = Some(len);
        let (trips, item, pieces) = match (consumed, is_float) {
            (false, _) => (trips, Item::Part(Source::Value(of), shape), vec![tokens(expr)]),
            (true, true) => {
                let item = Item::Part(Source::Value(of), Shape::Copied);
                (trips, item, copies(tokens(expr), &self.ty(of).element(), span))
            }
            (true, false) => (None, Item::Inert, vec![tokens(expr)]),
        };
        Stream { trips, item, order: Order::Up, pieces, reads: vec![of] }
    }

    fn mutable_elements(&mut self, expr: &Expr, of: &Expr, shape: Shape) -> Lowered<Stream> {
        let place = self.place(of)?;
        let value = self.read_place(&place, of.span());
        let len = self.length_of(value, of.span());
        let mut reads = vec![value];
        place.path.iter().for_each(|step| step.visit_operands(&mut |read| reads.push(read)));
        let item = Item::Part(Source::Place(place.root, place.path), shape);
        let pieces = vec![tokens(expr)];
        Ok(Stream { trips: Some(len), item, order: Order::Up, pieces, reads })
    }

    pub(crate) fn length_of(&mut self, value: ValueId, span: Span) -> ValueId {
        if let Ty::Array(_, crate::ir::Len::Literal(len)) = self.ty(value).behind_refs() {
            return self.number(*len, span);
        }
        let part = self.insts.iter().rev().find(|inst| inst.results.contains(&value));
        if let Some(Kind::Slice(of, Bounds { lo, hi, end })) = part.map(|inst| &inst.kind) {
            let (of, lo, hi, end) = (*of, *lo, *hi, *end);
            let mut hi = match hi {
                Some(hi) => hi,
                None => self.length_of(of, span),
            };
            if end == End::Closed {
                let one = self.number(1, span);
                hi = self.integer(IntOp::Add, (hi, one), "end", span);
            }
            return match lo {
                Some(lo) => self.integer(IntOp::Sub, (hi, lo), "len", span),
                None => hi,
            };
        }
        let hint = format!("{}_len", self.hint(value));
        self.push_value((Ty::Inert, &hint, Active::No), Kind::Len(value), None, span)
    }

    /// `receiver.method(arguments)`.
    fn adapted(&mut self, expr: &Expr, call: &ExprMethodCall) -> Lowered<Stream> {
        let name = call.method.to_string();
        let scan = self.scan(|scan| syn::visit::Visit::visit_expr(scan, expr));
        let (active, writes) = (scan.active, scan.writes_active || !scan.writes.is_empty());
        let span = call.method.span();
        match (name.as_str(), call.args.len()) {
            ("iter" | "iter_mut", 0) => {
                let stream = self.elements(&call.receiver, Shape::Element, Some(call))?;
                Ok(self.called(stream, call, Vec::new()))
            }
            ("into_iter", 0) => {
                let stream = self.elements(&call.receiver, Shape::Element, None)?;
                // The elements of a `Vec` come from an iterator already.
                Ok(match &stream.item {
                    Item::Part(Source::Value(of), Shape::Copied) if self.is_vec(*of) => stream,
                    _ => self.called(stream, call, Vec::new()),
                })
            }
            (
                "windows" | "chunks" | "chunks_exact" | "chunks_mut" | "chunks_exact_mut"
                | "rchunks" | "rchunks_exact",
                1,
            ) => self.parts(call, &name),
            ("enumerate" | "rev" | "copied" | "cloned" | "by_ref", 0)
            | ("zip" | "skip" | "take" | "step_by", 1) => self.adaptor(call, &name),
            _ if active || writes => self.refuse(&Refusal::Iterator(name), span),
            _ => self.unknown(expr),
        }
    }

    /// `windows` and the kinds of `chunks`.
    fn parts(&mut self, call: &ExprMethodCall, name: &str) -> Lowered<Stream> {
        let span = call.method.span();
        let stream = self.elements(&call.receiver, Shape::Element, Some(call))?;
        let Some(argument) = call.args.first() else {
            return self.refuse(&Refusal::Iterator(name.to_owned()), span);
        };
        let operand = self.inert(argument)?;
        let (size, piece) = self.settle_index(operand, self.insts.len());
        let (Some(len), Item::Part(source, _)) = (stream.trips, stream.item.clone()) else {
            return Ok(self.called(stream, call, vec![piece]));
        };
        let (trips, shape) = match name {
            "windows" => {
                let one = self.number(1, span);
                let longer = self.integer(IntOp::Add, (len, one), "longer", span);
                let less = self.integer(IntOp::Min, (size, longer), "shorter", span);
                let trips = self.integer(IntOp::Sub, (longer, less), "windows", span);
                (trips, Shape::Window(size))
            }
            "rchunks" | "rchunks_exact" => {
                let op = if name == "rchunks" { IntOp::DivCeil } else { IntOp::Div };
                let trips = self.integer(op, (len, size), "chunks", span);
                (trips, Shape::BackChunk { size, len })
            }
            "chunks" | "chunks_mut" => {
                let trips = self.integer(IntOp::DivCeil, (len, size), "chunks", span);
                (trips, Shape::Chunk { size, len: Some(len) })
            }
            _ => {
                let trips = self.integer(IntOp::Div, (len, size), "chunks", span);
                (trips, Shape::Chunk { size, len: None })
            }
        };
        let stream = Stream { trips: Some(trips), item: Item::Part(source, shape), ..stream };
        Ok(self.called(stream, call, vec![piece]))
    }

    fn adaptor(&mut self, call: &ExprMethodCall, name: &str) -> Lowered<Stream> {
        let span = call.method.span();
        let stream = self.stream(&call.receiver)?;
        let renumbers = ["rev", "skip", "step_by"].contains(&name);
        if renumbers && stream.trips.is_none() && stream.item.is_numbered() {
            // Nothing tells which of them is the first.
            return self.refuse(&Refusal::Iterator(name.to_owned()), span);
        }
        let stream = if renumbers && stream.trips.is_none() {
            Stream { item: stream.item.unnumbered(), ..stream }
        } else {
            stream
        };
        let (mut arguments, mut other) = (Vec::new(), None);
        if let Some(argument) = call.args.first() {
            if name == "zip" {
                let stream = self.stream(argument)?;
                arguments.clone_from(&stream.pieces);
                other = Some(stream);
            } else {
                let operand = self.inert(argument)?;
                let (value, piece) = self.settle_index(operand, self.insts.len());
                arguments.push(piece);
                return Ok(self.counted(stream, call, name, (value, arguments)));
            }
        }
        let stream = match (name, other) {
            ("zip", Some(other)) => self.zipped(stream, other, span),
            ("enumerate", _) => {
                let stream = upright(stream);
                let item = Item::Pair(Box::new(Item::Number), Box::new(stream.item));
                Stream { item, ..stream }
            }
            ("rev", _) => match stream.trips {
                Some(_) => Stream { order: stream.order.reversed(), ..stream },
                None => stream,
            },
            ("copied" | "cloned", _) => Stream { item: copied(stream.item), ..stream },
            _ => stream,
        };
        Ok(self.called(stream, call, arguments))
    }

    /// `skip`, `take` and `step_by`.
    fn counted(
        &mut self,
        stream: Stream,
        call: &ExprMethodCall,
        name: &str,
        (k, arguments): (ValueId, Vec<Piece>),
    ) -> Stream {
        let span = call.method.span();
        let stream = upright(stream);
        let Some(trips) = stream.trips else {
            // Its items are inert: only the tokens count them.
            return self.called(stream, call, arguments);
        };
        let item = Box::new(stream.item);
        let (trips, item) = match name {
            "skip" => {
                let skipped = self.integer(IntOp::Min, (k, trips), "skipped", span);
                let left = self.integer(IntOp::Sub, (trips, skipped), "left", span);
                (left, Item::Moved(item, Move::Skip(k)))
            }
            "take" => (self.integer(IntOp::Min, (k, trips), "taken", span), *item),
            _ => {
                let steps = self.integer(IntOp::DivCeil, (trips, k), "steps", span);
                (steps, Item::Moved(item, Move::Step(k)))
            }
        };
        let stream = Stream { trips: Some(trips), item, ..stream };
        self.called(stream, call, arguments)
    }

    fn zipped(&mut self, one: Stream, other: Stream, span: Span) -> Stream {
        let (one, other) = (upright(one), upright(other));
        let trips = match (one.trips, other.trips) {
            (Some(a), Some(b)) => Some(self.integer(IntOp::Min, (a, b), "pairs", span)),
            _ => None,
        };
        let reads = one.reads.into_iter().chain(other.reads).collect();
        let item = Item::Pair(Box::new(one.item), Box::new(other.item));
        Stream { trips, item, order: Order::Up, pieces: one.pieces, reads }
    }

    /// The tokens of a method call on a stream.
    fn called(&self, stream: Stream, call: &ExprMethodCall, arguments: Vec<Piece>) -> Stream {
        let mut pieces = stream.pieces;
        pieces.extend([tokens(call.dot_token), tokens(&call.method)]);
        let mut list = commas(vec![Piece::Group(Delimiter::None, arguments)]);
        list.truncate(1);
        pieces.push(Piece::Group(Delimiter::Parenthesis, list));
        Stream { pieces, ..stream }
    }

    /// Binds a pattern to the item of a number.
    pub(crate) fn bind_items(&mut self, pattern: &Pat, item: &Item, n: ValueId) -> Lowered<()> {
        let span = pattern.span();
        match (pattern, item) {
            (Pat::Paren(inner), _) => self.bind_items(&inner.pat, item, n),
            (Pat::Type(typed), _) => self.bind_items(&typed.pat, item, n),
            (Pat::Wild(_), _) => Ok(()),
            (_, Item::Moved(inner, by)) => {
                let n = self.moved(*by, n, span);
                self.bind_items(pattern, inner, n)
            }
            (Pat::Tuple(tuple), Item::Pair(a, b)) if tuple.elems.len() == 2 => {
                let mut parts = tuple.elems.iter().zip([a, b]);
                parts.try_for_each(|(pattern, item)| self.bind_items(pattern, item, n))
            }
            (Pat::Ident(ident), Item::Part(Source::Place(root, path), shape)) => {
                let step = self.step(*shape, n, span);
                let path = path.iter().copied().chain([step]).collect();
                self.alias(&ident.ident, (*root, path));
                Ok(())
            }
            (_, Item::Part(Source::Value(value), shape))
                if self.is_active(*value) || self.lends_floats(*value) =>
            {
                let part = self.part_of(*value, *shape, n, span);
                let mut bound = Bound::default();
                self.destructure(pattern, part, &mut bound)?;
                if !bound.parts.is_empty() {
                    self.push(bound.versions, Kind::Bind(bound.parts), None, span);
                }
                Ok(())
            }
            (Pat::Ident(ident), Item::Number) if ident.subpat.is_none() => {
                let versions = self.bind_inert(pattern);
                versions.iter().for_each(|&it| self.function.values[it].ty = Ty::Inert);
                self.push(versions, Kind::Bind(vec![n]), None, span);
                Ok(())
            }
            (_, Item::Part(Source::Value(_), _) | Item::Inert | Item::Number) => {
                let versions = self.bind_inert(pattern);
                self.pattern_bound(versions, span);
                Ok(())
            }
            (_, Item::Pair(..) | Item::Part(Source::Place(..), _)) => self.refuse_pattern(span),
        }
    }

    /// The variable that an operand without a derivative is, where it lends floats that nothing
    /// can change: they are read again where they are, and need not be kept.
    fn lent_floats(&self, operand: &Operand<'_>) -> Option<ValueId> {
        let Operand::Passive(passive) = operand else { return None };
        match (passive.expr, passive.reads.as_slice()) {
            (Expr::Path(_), &[read]) if self.lends_floats(read) => Some(read),
            (Expr::Reference(of), &[read])
                if matches!(&*of.expr, Expr::Path(_)) && self.lends_floats(read) =>
            {
                Some(read)
            }
            _ => None,
        }
    }

    /// Whether a value is a parameter that refers to floats or structs, or a name of a part of one, which is
    /// never given another: the row that an outer loop is at. Or an array that nothing assigns.
    pub(crate) fn lends_floats(&self, value: ValueId) -> bool {
        let known = &self.function.values[value];
        let lends = match &known.ty {
            Ty::Ref(of) => of.element().is_floats() || lends_structs(of),
            Ty::Array(of, _) | Ty::Vec(of) => of.is_floats() && known.home.is_some(),
            _ => false,
        };
        let named_once = known.home.as_ref().is_some_and(|home| {
            home.fields.is_empty() && !self.function.bindings[home.binding].mutable
        });
        lends && (self.function.params.contains(&value) || named_once)
    }

    fn moved(&mut self, by: Move, n: ValueId, span: Span) -> ValueId {
        match by {
            Move::Skip(k) => self.integer(IntOp::Add, (n, k), "index", span),
            Move::Step(k) => self.integer(IntOp::Mul, (n, k), "index", span),
            Move::Reverse(trips) => {
                let one = self.number(1, span);
                let next = self.integer(IntOp::Add, (n, one), "next", span);
                self.integer(IntOp::Sub, (trips, next), "index", span)
            }
        }
    }

    /// The way from an aggregate to its item of a number.
    fn step(&mut self, shape: Shape, n: ValueId, span: Span) -> Step {
        let bounds = |lo, hi| Step::Range(Bounds { lo: Some(lo), hi: Some(hi), end: End::Open });
        match shape {
            Shape::Element | Shape::Copied => Step::Index(n),
            Shape::Window(size) => {
                let hi = self.integer(IntOp::Add, (n, size), "end", span);
                bounds(n, hi)
            }
            Shape::Chunk { size, len } => {
                let lo = self.integer(IntOp::Mul, (n, size), "start", span);
                let mut hi = self.integer(IntOp::Add, (lo, size), "end", span);
                if let Some(len) = len {
                    hi = self.integer(IntOp::Min, (hi, len), "end", span);
                }
                bounds(lo, hi)
            }
            Shape::BackChunk { size, len } => {
                let after = self.integer(IntOp::Mul, (n, size), "after", span);
                let hi = self.integer(IntOp::Sub, (len, after), "end", span);
                let size = self.integer(IntOp::Min, (size, hi), "size", span);
                let lo = self.integer(IntOp::Sub, (hi, size), "start", span);
                bounds(lo, hi)
            }
        }
    }

    /// The item of a number as a value.
    fn part_of(&mut self, of: ValueId, shape: Shape, n: ValueId, span: Span) -> ValueId {
        let step = self.step(shape, n, span);
        let element = self.ty(of).element();
        let active = self.function.values[of].active;
        let hint = format!("{}_element", self.hint(of));
        match step {
            Step::Range(bounds) => {
                let ty = Ty::Ref(Box::new(Ty::Slice(Box::new(element))));
                self.push_value((ty, &hint, active), Kind::Slice(of, bounds), None, span)
            }
            Step::Index(_) | Step::Field(_) => {
                let ty = match shape {
                    Shape::Copied => element,
                    _ => Ty::Ref(Box::new(element)),
                };
                self.push_value((ty, &hint, active), Kind::Index(of, n), None, span)
            }
        }
    }
}

/// The same items, numbered in the order in which they come.
fn upright(stream: Stream) -> Stream {
    match (stream.order, stream.trips) {
        (Order::Down, Some(trips)) => {
            let item = Item::Moved(Box::new(stream.item), Move::Reverse(trips));
            Stream { item, order: Order::Up, ..stream }
        }
        _ => stream,
    }
}

/// The variable that an operand without a derivative is, if that holds a `Vec`.
fn owned_vec(operand: &Operand<'_>) -> Option<ValueId> {
    let Operand::Passive(passive) = operand else { return None };
    match (passive.expr, passive.reads.as_slice(), &passive.ty) {
        (Expr::Path(_), &[of], Ty::Vec(_)) => Some(of),
        _ => None,
    }
}

/// The elements of a `Vec` that the user's iterator consumes: they are copied, as the reverse
/// sweep may ask for its length.
fn copies(of: Piece, element: &Ty, span: Span) -> Vec<Piece> {
    let iterator = if matches!(element, Ty::Float(_)) {
        quote_spanned!(span=> .iter().copied())
    } else {
        quote_spanned!(span=> .iter().cloned())
    };
    vec![of, tokens(iterator)]
}

/// The items by value.
fn copied(item: Item) -> Item {
    match item {
        Item::Part(source, Shape::Element) => Item::Part(source, Shape::Copied),
        Item::Moved(inner, by) => Item::Moved(Box::new(copied(*inner)), by),
        item => item,
    }
}

fn is_mutable(method: &str) -> bool {
    method.ends_with("_mut")
}
