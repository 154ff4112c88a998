//! Whether control can reach the end of a piece of code. `true` where that is not known.

use syn::visit::Visit;
use syn::{Block, Expr, Stmt};

use super::jumps::{self, JumpKind, label_name};

/// Whether the end of a block is reached.
pub(super) fn block(block: &Block) -> bool {
    block.stmts.iter().all(stmt)
}

/// Whether what follows a statement is reached.
pub(super) fn stmt(stmt: &Stmt) -> bool {
    if conditionally_compiled(stmt) {
        return true;
    }
    match stmt {
        Stmt::Local(local) => local.init.as_ref().is_none_or(|init| expr(&init.expr)),
        Stmt::Item(_) => true,
        Stmt::Expr(inner, _) => expr(inner),
        Stmt::Macro(mac) => !panics(&mac.mac),
    }
}

/// Whether the evaluation of an expression comes to an end in its place.
pub(super) fn expr(value: &Expr) -> bool {
    match value {
        Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => false,
        Expr::Paren(inner) => expr(&inner.expr),
        Expr::Group(inner) => expr(&inner.expr),
        Expr::Assign(assign) => expr(&assign.right),
        Expr::Unsafe(inner) => block(&inner.block),
        Expr::Block(inner) => {
            block(&inner.block)
                || inner.label.as_ref().is_some_and(|label| {
                    let name = label_name(&label.name);
                    jumps::in_block(&inner.block).escaping.iter().any(|jump| {
                        matches!(jump.kind, JumpKind::Break { .. })
                            && jump.label.as_ref() == Some(&name)
                    })
                })
        }
        Expr::If(conditional) => {
            expr(&conditional.cond)
                && (block(&conditional.then_branch)
                    || conditional.else_branch.as_ref().is_none_or(|(_, other)| expr(other)))
        }
        Expr::Match(matching) => {
            expr(&matching.expr)
                && (matching.arms.is_empty() || matching.arms.iter().any(|arm| expr(&arm.body)))
        }
        Expr::Loop(endless) => {
            let label = endless.label.as_ref().map(|label| label_name(&label.name));
            jumps::in_block(&endless.body).escaping.iter().any(|jump| jump.breaks(label.as_ref()))
        }
        Expr::Macro(mac) => !panics(&mac.mac),
        Expr::Call(call) => !crate::lower::ends_the_process(call),
        _ => true,
    }
}

/// `panic!` and its kin.
fn panics(mac: &syn::Macro) -> bool {
    const NAMES: [&str; 4] = ["panic", "unreachable", "todo", "unimplemented"];
    mac.path.segments.last().is_some_and(|last| NAMES.iter().any(|name| last.ident == name))
}

/// Whether a statement, or a part of it, may be absent when it is compiled.
pub(super) fn conditionally_compiled(stmt: &Stmt) -> bool {
    let mut conditional = Conditional(false);
    conditional.visit_stmt(stmt);
    conditional.0
}

struct Conditional(bool);

impl Visit<'_> for Conditional {
    fn visit_attribute(&mut self, attribute: &syn::Attribute) {
        let path = attribute.path();
        self.0 |= path.is_ident("cfg") || path.is_ident("cfg_attr");
    }

    fn visit_item(&mut self, _: &syn::Item) {}
}
