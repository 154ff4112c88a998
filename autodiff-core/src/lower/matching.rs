//! `match` and `if let`: the user's tokens decide, and the number of the arm is recorded.

use proc_macro2::{Delimiter, Span};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Expr, ExprIf, ExprMatch, Pat};

use super::control::Arm;
use super::operand::{Operand, tokens};
use super::pattern::Bound;
use super::place::Part;
use super::through::ToVisit;
use super::{Lowered, Lowerer};
use crate::diagnostics::Refusal;
use crate::ir::{Active, Decision, Inst, Kind, Member, Piece, Ty, ValueId};

impl Lowerer<'_> {
    pub(crate) fn match_expr<'e>(
        &mut self,
        expr: &'e Expr,
        matching: &'e ExprMatch,
        value: bool,
    ) -> Lowered<Operand<'e>> {
        let changed =
            matching.arms.iter().map(|arm| -> (&Pat, &dyn ToVisit) { (&arm.pat, &*arm.body) });
        let changed = self.changed_scrutinee(&matching.expr, changed).transpose()?;
        let (scrutinee, piece, passive) = self.scrutinee(&matching.expr, changed.as_ref())?;
        let mut reads = vec![scrutinee];
        let (mut arms, mut refused) = (Vec::new(), None);
        let mut pieces = Vec::new();
        for (at, arm) in matching.arms.iter().enumerate() {
            let lowered = self.arm(|lowerer| {
                let (pattern, guard) = guarded(&arm.pat);
                match &changed {
                    Some(part) => lowerer.arm_names(pattern, part, &matching.expr)?,
                    None => lowerer.arm_pattern(pattern, scrutinee, passive)?,
                }
                if let Some(guard) = guard {
                    let scan = lowerer.scan(|scan| scan.visit_expr(guard));
                    reads.extend(&scan.reads);
                    let hidden = !scan.writes.is_empty();
                    if let Some((refusal, span)) = scan.refusal {
                        return lowerer.refuse(&refusal, span);
                    }
                    if hidden {
                        return lowerer.refuse(&Refusal::HiddenAssignment, guard.span());
                    }
                }
                lowerer.arm_expr(&arm.body, value)
            });
            match lowered {
                Ok(arm) => arms.push(arm),
                Err(error) => refused = Some(error),
            }
            pieces.extend([tokens(&arm.pat), tokens(arm.fat_arrow_token), Piece::Region(at)]);
        }
        if let Some(refused) = refused {
            return Err(refused);
        }
        // A guard reads what its own arm binds: no operand of the whole.
        reads.retain(|&value| !self.bound_inside(value, &arms));
        let decision = Decision::User { reads, expr: Box::new(expr.clone()) };
        let whole =
            vec![tokens(matching.match_token), piece, Piece::Group(Delimiter::Brace, pieces)];
        Ok(self.branch(decision, arms, whole, (expr.span(), value)))
    }

    /// `if let` of something active.
    pub(super) fn if_let<'e>(
        &mut self,
        expr: &'e Expr,
        conditional: &'e ExprIf,
        (binding, value): (&'e syn::ExprLet, bool),
    ) -> Lowered<Operand<'e>> {
        let body: (&Pat, &dyn ToVisit) = (&binding.pat, &conditional.then_branch);
        let changed = self.changed_scrutinee(&binding.expr, [body]).transpose()?;
        let (scrutinee, piece, passive) = self.scrutinee(&binding.expr, changed.as_ref())?;
        let then = self.arm(|lowerer| {
            match &changed {
                Some(part) => lowerer.arm_names(&binding.pat, part, &binding.expr)?,
                None => lowerer.arm_pattern(&binding.pat, scrutinee, passive)?,
            }
            lowerer.arm_block(&conditional.then_branch, value)
        });
        let otherwise = self.otherwise(conditional, value);
        let mut pieces = vec![
            tokens(conditional.if_token),
            tokens(binding.let_token),
            tokens(&binding.pat),
            tokens(binding.eq_token),
            piece,
            Piece::Region(0),
        ];
        if let Some((keyword, _)) = &conditional.else_branch {
            pieces.extend([tokens(keyword), Piece::Region(1)]);
        }
        let arms = vec![then?, otherwise?];
        let decision = Decision::User { reads: vec![scrutinee], expr: Box::new(expr.clone()) };
        Ok(self.branch(decision, arms, pieces, (expr.span(), value)))
    }

    /// What is matched on, its tokens, and whether it needs no derivative.
    pub(crate) fn scrutinee(
        &mut self,
        of: &Expr,
        changed: Option<&Part>,
    ) -> Lowered<(ValueId, Piece, bool)> {
        if let Some(part) = changed {
            let version = self.scopes.version(part.root);
            let version = version.unwrap_or_else(|| self.never(of.span()));
            return Ok((version, tokens(of), false));
        }
        let operand = self.expr(of)?;
        let passive = operand.is_passive();
        let (scrutinee, piece) = self.settled(operand);
        Ok((scrutinee, piece, passive))
    }

    /// Whether a value is defined by one of these arms.
    fn bound_inside(&self, value: ValueId, arms: &[super::control::Arm]) -> bool {
        arms.iter().any(|arm| arm.defines(value))
    }

    /// The variables of an arm's pattern: parts of an active scrutinee, or inert.
    pub(crate) fn arm_pattern(
        &mut self,
        pattern: &Pat,
        scrutinee: ValueId,
        passive: bool,
    ) -> Lowered<()> {
        if passive {
            let bound = self.bind_inert(pattern);
            self.pattern_bound(bound, pattern.span());
            return Ok(());
        }
        let mut bound = Bound::default();
        self.refutable(pattern, scrutinee, &mut bound)?;
        if !bound.parts.is_empty() {
            self.push(bound.versions, Kind::Bind(bound.parts), None, pattern.span());
        }
        self.pattern_bound(bound.inert, pattern.span());
        Ok(())
    }

    /// Variables that get their values from the pattern of the arm being opened.
    pub(crate) fn pattern_bound(&mut self, versions: Vec<ValueId>, span: Span) {
        if !versions.is_empty() {
            self.push(versions, Kind::PatternBound(Vec::new()), None, span);
        }
    }

    /// A pattern that may fail, on a value of which some part is active.
    pub(crate) fn refutable(
        &mut self,
        pattern: &Pat,
        value: ValueId,
        bound: &mut Bound,
    ) -> Lowered<()> {
        match pattern {
            Pat::Struct(of) if super::structs::is_variant(&of.path) => {
                let fields = of.fields.iter().map(|field| (field.member.clone(), &*field.pat));
                self.users_variant(&of.path, fields, value, bound)
            }
            Pat::TupleStruct(of)
                if super::structs::is_variant(&of.path)
                    && super::option::variant(&of.path).is_none() =>
            {
                let members = (0_usize..).map(|n| syn::Member::Unnamed(n.into()));
                self.users_variant(&of.path, members.zip(&of.elems), value, bound)
            }
            Pat::Struct(of) => {
                for field in &of.fields {
                    let part = self.field_part(value, Member::of(&field.member));
                    self.refutable(&field.pat, part, bound)?;
                }
                Ok(())
            }
            Pat::Slice(of) => {
                for (n, element) in of.elems.iter().enumerate() {
                    if matches!(element, Pat::Rest(_)) {
                        return self.refuse_pattern(element.span());
                    }
                    let part = self.element_part(value, n, element.span());
                    self.refutable(element, part, bound)?;
                }
                Ok(())
            }
            Pat::TupleStruct(variant) => self.variant_pattern(variant, value, bound),
            Pat::Lit(_) | Pat::Range(_) | Pat::Path(_) | Pat::Const(_) | Pat::Wild(_) => Ok(()),
            Pat::Paren(paren) => self.refutable(&paren.pat, value, bound),
            Pat::Ident(ident) if is_constant(ident) => Ok(()),
            Pat::Ident(ident) => {
                let plain = syn::PatIdent { subpat: None, ..ident.clone() };
                self.destructure(&Pat::Ident(plain), value, bound)?;
                match &ident.subpat {
                    Some((_, inner)) => self.refutable(inner, value, bound),
                    None => Ok(()),
                }
            }
            Pat::Tuple(tuple) => {
                for (n, element) in (0_u32..).zip(&tuple.elems) {
                    if matches!(element, Pat::Rest(_)) {
                        return self.refuse_pattern(element.span());
                    }
                    let n = Member::Unnamed(n);
                    let ty = self.ty(value).field(n);
                    let active = self.part_active(value, n);
                    let hint = format!("{}_{n}", self.hint(value));
                    let kind = Kind::Field(value, n);
                    let part = self.push_value((ty, &hint, active), kind, None, element.span());
                    self.refutable(element, part, bound)?;
                }
                Ok(())
            }
            Pat::Reference(reference) => {
                let part = self.behind(value);
                self.refutable(&reference.pat, part, bound)
            }
            Pat::Or(or) if !binds(pattern) => {
                or.cases.iter().try_for_each(|case| self.refutable(case, value, bound))
            }
            _ => self.refuse_pattern(pattern.span()),
        }
    }

    /// Whether a field is active: known by its type, or where the tuple was just built.
    pub(crate) fn part_active(&self, whole: ValueId, member: Member) -> Active {
        if matches!(self.ty(whole).field(member), Ty::Inert) {
            return Active::No;
        }
        let built = member.position().and_then(|n| self.tuples.get(&whole)?.get(n));
        built.copied().unwrap_or(self.function.values[whole].active)
    }

    /// Which fields of a tuple that arms give are active: those that are in one of them.
    pub(crate) fn joined_parts(&self, row: &[ValueId], arms: &[Arm]) -> Option<Vec<Active>> {
        let live = || row.iter().zip(arms).filter(|(_, arm)| !arm.diverges).map(|(&v, _)| v);
        let fields = live().filter_map(|value| self.tuples.get(&value).map(Vec::len)).max()?;
        let part =
            |n| live().any(|value| self.part_active(value, Member::Unnamed(n)) == Active::Yes);
        Some((0..).take(fields).map(|n| Active::from(part(n))).collect())
    }

    /// The conditions of an `if` that bind variables.
    pub(crate) fn let_condition(
        &mut self,
        whole: &Expr,
        cond: &Expr,
    ) -> Lowered<(Decision, Piece)> {
        let scan = self.scan(|scan| scan.visit_expr(cond));
        let (reads, refusal) = (scan.reads, scan.refusal);
        if let Some((refusal, span)) = refusal {
            return self.refuse(&refusal, span);
        }
        for binding in lets(cond) {
            let scan = self.scan(|scan| scan.visit_expr(&binding.expr));
            if scan.active && binds(&binding.pat) {
                return self.refuse_pattern(binding.pat.span());
            }
        }
        let decision = Decision::User { reads, expr: Box::new(whole.clone()) };
        Ok((decision, Piece::Tokens(cond.to_token_stream())))
    }

    /// Declares the variables of the conditions of an `if`.
    pub(crate) fn condition_variables(&mut self, cond: &Expr) -> Vec<ValueId> {
        lets(cond).iter().flat_map(|binding| self.bind_inert(&binding.pat)).collect()
    }
}

/// The `let`s of a condition, in order.
fn lets(cond: &Expr) -> Vec<&syn::ExprLet> {
    match cond {
        Expr::Let(binding) => vec![binding],
        Expr::Binary(binary) => {
            let mut all = lets(&binary.left);
            all.extend(lets(&binary.right));
            all
        }
        Expr::Paren(inner) => lets(&inner.expr),
        _ => Vec::new(),
    }
}

/// Whether a pattern binds a variable.
pub(crate) fn binds(pattern: &Pat) -> bool {
    struct Binds(bool);
    impl<'ast> Visit<'ast> for Binds {
        fn visit_pat_ident(&mut self, ident: &'ast syn::PatIdent) {
            self.0 |= !is_constant(ident);
            syn::visit::visit_pat_ident(self, ident);
        }
    }
    let mut found = Binds(false);
    found.visit_pat(pattern);
    found.0
}

/// `NAME` in a pattern is a constant or a variant, by convention.
fn is_constant(ident: &syn::PatIdent) -> bool {
    ident.ident.to_string().starts_with(|c: char| c.is_uppercase())
}

/// A pattern and its guard.
fn guarded(pattern: &Pat) -> (&Pat, Option<&Expr>) {
    match pattern {
        Pat::Guard(guarded) => (&guarded.pat, Some(&guarded.guard)),
        pattern => (pattern, None),
    }
}

/// Whether an instruction never ends: a panic.
pub(crate) fn diverges(inst: &Inst) -> bool {
    match &inst.kind {
        Kind::Opaque { expr, .. } => match &**expr {
            Expr::Macro(mac) => super::call::is_panic(&mac.mac),
            Expr::Call(call) => super::call::ends_the_process(call),
            _ => false,
        },
        _ => false,
    }
}
