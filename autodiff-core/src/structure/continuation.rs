//! What happens once a piece of code is through: the statements that follow it, and their end.

use proc_macro2::Span;
use quote::ToTokens;
use syn::{Expr, ExprAssign, ExprBinary, Local, Stmt, Token};

use super::jumps::JumpKind;
use super::mentions::{Variable, bound_by, mentioned};
use super::syntax;

/// How the list of statements that is being written ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    /// Whether its end is that of the innermost level, so that a jump there is no jump.
    pub(super) tail: bool,
    /// Whether it has a value.
    pub(super) wants: bool,
}

/// What to do with the value of a piece of code, and then.
#[derive(Clone)]
pub(super) enum Cont {
    /// It is the value of the list.
    End(End),
    /// It is what a jump carries to the level of that index.
    Jump(usize, (JumpKind, Span), End),
    /// It is used by a statement that others follow.
    Then(Box<Then>),
}

#[derive(Clone)]
pub(super) struct Then {
    pub(super) binding: Use,
    pub(super) rest: Vec<Stmt>,
    pub(super) next: Cont,
}

/// The statement that uses a value.
#[derive(Clone)]
pub(super) enum Use {
    /// A block-like expression of type `()`, without semicolon.
    Unit,
    /// `value;`
    Discard(Span),
    /// `let … = value;` or `let … = value else { … };`, whose initialiser has been taken.
    Let(Local),
    /// `left = value;`
    Assign(ExprAssign),
    /// `left += value;`
    Compound(ExprBinary),
}

impl Cont {
    pub(super) fn then(binding: Use, rest: Vec<Stmt>, next: Cont) -> Self {
        match (&binding, &next) {
            // Nothing follows, so nothing has to be moved.
            (Use::Unit, Cont::End(end)) if rest.is_empty() && !end.wants => Cont::End(*end),
            _ => Cont::Then(Box::new(Then { binding, rest, next })),
        }
    }

    pub(super) fn end(&self) -> End {
        match self {
            Cont::End(end) | Cont::Jump(_, _, end) => *end,
            Cont::Then(then) => then.next.end(),
        }
    }

    /// Whether it may be written more than once: no statement of the user's is in it.
    pub(super) fn is_free(&self) -> bool {
        match self {
            Cont::End(_) | Cont::Jump(..) => true,
            Cont::Then(then) => then.is_free(),
        }
    }

    /// Whether one of these variables would hide another one if it were moved into their scope.
    pub(super) fn hidden_by(&self, variables: &[Variable]) -> bool {
        let Cont::Then(then) = self else {
            return false;
        };
        if variables.is_empty() {
            return false;
        }
        let mut names = crate::hash::HashSet::default();
        for stmt in &then.rest {
            names.extend(mentioned(stmt));
        }
        match &then.binding {
            Use::Unit | Use::Discard(_) => {}
            Use::Let(local) => {
                for (own, _) in bound_by(&local.pat) {
                    names.remove(&crate::lower::plain_name(&own));
                }
                names.extend(local.init.as_ref().map(mentioned_otherwise).unwrap_or_default());
            }
            Use::Assign(assign) => names.extend(mentioned(&assign.left)),
            Use::Compound(binary) => names.extend(mentioned(&binary.left)),
        }
        let hides = |name: &Variable| names.contains(&crate::lower::plain_name(&name.0));
        variables.iter().any(hides) || then.next.hidden_by(variables)
    }
}

impl Then {
    pub(super) fn is_free(&self) -> bool {
        self.rest.is_empty() && !self.binding.wants() && self.next.is_free()
    }
}

/// What the `else` of a `let` mentions.
fn mentioned_otherwise(init: &syn::LocalInit) -> crate::hash::HashSet<String> {
    init.diverge
        .as_ref()
        .map(|(_, otherwise)| mentioned(otherwise.to_token_stream()))
        .unwrap_or_default()
}

impl Use {
    /// Whether a value is needed.
    pub(super) fn wants(&self) -> bool {
        match self {
            Use::Unit | Use::Discard(_) => false,
            Use::Let(_) | Use::Assign(_) | Use::Compound(_) => true,
        }
    }

    /// Whether the pattern may not match.
    pub(super) fn may_fail(&self) -> bool {
        match self {
            Use::Let(local) => local.init.as_ref().is_some_and(|init| init.diverge.is_some()),
            Use::Unit | Use::Discard(_) | Use::Assign(_) | Use::Compound(_) => false,
        }
    }

    /// The statement.
    pub(super) fn stmt(self, value: Expr, site: Span) -> Stmt {
        match self {
            Use::Unit if syntax::is_block_like(&value) => Stmt::Expr(value, None),
            Use::Unit => syntax::discarded(value, site),
            Use::Discard(span) => syntax::discarded(value, span),
            Use::Let(mut local) => {
                if let Some(init) = &mut local.init {
                    *init.expr = value;
                }
                Stmt::Local(local)
            }
            Use::Assign(mut assign) => {
                *assign.right = value;
                Stmt::Expr(Expr::Assign(assign), Some(Token![;](site)))
            }
            Use::Compound(mut binary) => {
                *binary.right = value;
                Stmt::Expr(Expr::Binary(binary), Some(Token![;](site)))
            }
        }
    }
}

/// Whether `left op= value` means the same if `value` is computed before it: `left` is a place
/// without effects.
pub(super) fn is_plain_place(left: &Expr) -> bool {
    match left {
        Expr::Path(_) | Expr::Lit(_) => true,
        Expr::Field(field) => is_plain_place(&field.base),
        Expr::Paren(inner) => is_plain_place(&inner.expr),
        Expr::Group(inner) => is_plain_place(&inner.expr),
        Expr::Unary(unary) => is_plain_place(&unary.expr),
        Expr::Index(index) => is_plain_place(&index.expr) && is_plain_place(&index.index),
        Expr::Binary(binary) => {
            let assigns = crate::lower::is_compound(&binary.op);
            !assigns && is_plain_place(&binary.left) && is_plain_place(&binary.right)
        }
        Expr::Cast(cast) => is_plain_place(&cast.expr),
        _ => false,
    }
}
