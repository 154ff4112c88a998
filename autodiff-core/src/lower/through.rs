//! `match` and `if let` through a mutable reference: what a pattern binds are names for parts of the
//! variable, as those of `let row = &mut a[i..j]` are.

use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, Pat, UnOp};

use super::operand::statement;
use super::option::Variant;
use super::place::Part;
use super::{Lowered, Lowerer};
use crate::diagnostics::Refusal;
use crate::ir::{Effect, Kind, Member, Step, Ty, ValueId};

impl Lowerer<'_> {
    /// The place that is matched on, where arms of these bodies change it.
    pub(crate) fn changed_scrutinee<'e>(
        &mut self,
        scrutinee: &'e Expr,
        arms: impl IntoIterator<Item = (&'e Pat, &'e dyn ToVisit)>,
    ) -> Option<Lowered<Part>> {
        let (place, lent) = match super::unparenthesised(scrutinee) {
            Expr::Reference(borrow) if borrow.mutability.is_some() => (&*borrow.expr, true),
            Expr::MethodCall(call) if call.method == "as_mut" && call.args.is_empty() => {
                (&*call.receiver, true)
            }
            place => (place, self.is_alias(place)),
        };
        self.root_binding(place)?;
        let mut changes = Changes(false);
        for (pattern, body) in arms {
            if lent || Names::of(pattern).lends {
                body.visit(&mut changes);
            }
        }
        changes.0.then(|| self.place(place))
    }

    /// The variables of an arm's pattern: names for parts of the place.
    pub(crate) fn arm_names(&mut self, pattern: &Pat, part: &Part, of: &Expr) -> Lowered<()> {
        let found = Names::of(pattern);
        if let (true, Some(copied)) = (found.lends, found.copied) {
            return self.refuse_pattern(copied);
        }
        self.name_parts(pattern, part)?;
        // Until the arm ends, the variable is reached through them.
        let reads: Vec<ValueId> = self.scopes.version(part.root).into_iter().collect();
        let borrow: Expr = syn::parse_quote_spanned!(pattern.span()=> &mut (#of).0);
        let kind = Kind::Opaque { expr: Box::new(borrow), reads, effect: Effect::Any };
        self.push(Vec::new(), kind, Some(statement(Vec::new())), pattern.span());
        Ok(())
    }

    fn name_parts(&mut self, pattern: &Pat, part: &Part) -> Lowered<()> {
        match pattern {
            Pat::Wild(_) | Pat::Path(_) | Pat::Lit(_) | Pat::Range(_) | Pat::Rest(_) => Ok(()),
            Pat::Paren(of) => self.name_parts(&of.pat, part),
            Pat::Ident(ident) if ident.subpat.is_none() => {
                let is_constant = ident.ident.to_string().starts_with(char::is_uppercase);
                if !is_constant {
                    self.alias(&ident.ident, (part.root, part.path.clone()));
                }
                Ok(())
            }
            Pat::Struct(of) => of.fields.iter().try_for_each(|field| {
                let member = member(&of.path, &field.member);
                self.name_field(&field.pat, part, member)
            }),
            Pat::TupleStruct(of) => match (super::option::variant(&of.path), of.elems.first()) {
                // One that lies in no place: see `kept`.
                (Some(Variant::Success), _) if matches!(self.part_ty_of(part), Ty::Option(_)) => {
                    self.refuse(&Refusal::MutBorrow, pattern.span())
                }
                (Some(Variant::Success), Some(inner)) => {
                    let held = self.held_member();
                    self.name_field(inner, part, held)
                }
                (Some(_), _) => self.refuse_pattern(pattern.span()),
                (None, _) => self.name_positions(&of.elems, part, |n| member(&of.path, &n)),
            },
            Pat::Tuple(of) => self.name_positions(&of.elems, part, |n| Member::of(&n)),
            _ => self.refuse_pattern(pattern.span()),
        }
    }

    fn part_ty_of(&self, part: &Part) -> Ty {
        let version = self.scopes.version(part.root);
        version.map_or(Ty::Unknown, |version| {
            self.function.part_ty(self.ty(version).behind_refs(), &part.path)
        })
    }

    fn name_positions<'p>(
        &mut self,
        patterns: impl IntoIterator<Item = &'p Pat>,
        part: &Part,
        member: impl Fn(syn::Member) -> Member,
    ) -> Lowered<()> {
        let mut patterns = (0_usize..).zip(patterns).peekable();
        while let Some((n, pattern)) = patterns.next() {
            // What is behind it would be counted from the other end.
            if matches!(pattern, Pat::Rest(_)) && patterns.peek().is_some() {
                return self.refuse_pattern(pattern.span());
            }
            self.name_field(pattern, part, member(syn::Member::Unnamed(n.into())))?;
        }
        Ok(())
    }

    fn name_field(&mut self, pattern: &Pat, part: &Part, member: Member) -> Lowered<()> {
        let mut field = part.clone();
        field.path.push(Step::Field(member));
        self.name_parts(pattern, &field)
    }
}

/// The field of a struct or a variant that a pattern of this path names.
fn member(path: &syn::Path, member: &syn::Member) -> Member {
    if super::structs::is_variant(path) {
        Member::of_variant(path, member)
    } else {
        Member::of(member)
    }
}

/// What the names of a pattern say of themselves.
#[derive(Default)]
struct Names {
    /// Whether one borrows a part to be changed: `ref mut r`.
    lends: bool,
    /// Where one stands that says nothing: beside such a one, it is a copy.
    copied: Option<Span>,
}

impl Names {
    fn of(pattern: &Pat) -> Self {
        let mut names = Self::default();
        names.visit_pat(pattern);
        names
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_pat_ident(&mut self, ident: &'ast syn::PatIdent) {
        let is_constant = ident.ident.to_string().starts_with(char::is_uppercase);
        match ident.by_ref {
            Some(_) => self.lends |= ident.mutability.is_some(),
            None if is_constant => {}
            None => self.copied = Some(ident.span()),
        }
    }
}

/// Something that may change a variable.
pub(crate) trait ToVisit {
    /// Looks for changes in it.
    fn visit(&self, changes: &mut Changes);
}

impl ToVisit for Expr {
    fn visit(&self, changes: &mut Changes) {
        changes.visit_expr(self);
    }
}

impl ToVisit for syn::Block {
    fn visit(&self, changes: &mut Changes) {
        changes.visit_block(self);
    }
}

/// Whether anything is assigned through a reference, lent, or changed by a method.
pub(crate) struct Changes(bool);

impl<'ast> Visit<'ast> for Changes {
    fn visit_expr_assign(&mut self, of: &'ast syn::ExprAssign) {
        self.0 |= is_through(&of.left);
        visit::visit_expr_assign(self, of);
    }

    fn visit_expr_binary(&mut self, of: &'ast syn::ExprBinary) {
        self.0 |= super::is_compound(&of.op) && is_through(&of.left);
        visit::visit_expr_binary(self, of);
    }

    fn visit_expr_method_call(&mut self, of: &'ast syn::ExprMethodCall) {
        self.0 |= of.method.to_token_stream().to_string().contains("mut");
        visit::visit_expr_method_call(self, of);
    }

    fn visit_stmt(&mut self, of: &'ast syn::Stmt) {
        self.0 |= matches!(of, syn::Stmt::Expr(Expr::MethodCall(_), _));
        visit::visit_stmt(self, of);
    }
}

fn is_through(place: &Expr) -> bool {
    match place {
        Expr::Unary(of) => matches!(of.op, UnOp::Deref(_)),
        Expr::Field(_) | Expr::Index(_) => true,
        Expr::Paren(of) => is_through(&of.expr),
        _ => false,
    }
}
