//! The jumps of a piece of code: which there are, and which lead out of it.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Block, Expr, Lifetime, Stmt, Token};

use super::Unstructured;

/// A jump as it is written.
#[derive(Clone)]
pub(super) struct Jump {
    pub(super) kind: JumpKind,
    pub(super) label: Option<String>,
    pub(super) span: Span,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum JumpKind {
    Return { valued: bool },
    Break { valued: bool },
    Continue,
    Try,
}

impl Jump {
    pub(super) fn unstructured(&self) -> Unstructured {
        let keyword = match self.kind {
            JumpKind::Return { .. } => "return",
            JumpKind::Break { .. } => "break",
            JumpKind::Continue => "continue",
            JumpKind::Try => "?",
        };
        Unstructured { span: self.span, keyword }
    }

    /// Whether the jump, found escaping from the body of a loop, ends that loop.
    pub(super) fn breaks(&self, loop_label: Option<&String>) -> bool {
        matches!(self.kind, JumpKind::Break { .. })
            && (self.label.is_none() || self.label.as_ref() == loop_label)
    }
}

/// The name of a label, without the apostrophe.
pub(super) fn label_name(label: &Lifetime) -> String {
    label.ident.to_string()
}

/// What is found in a piece of code.
#[derive(Default)]
pub(super) struct Found {
    /// Jumps whose target is outside, in order.
    pub(super) escaping: Vec<Jump>,
    /// The place of the first jump, escaping or not, closures included.
    pub(super) first: Option<Span>,
    /// How many jumps there are, closures included.
    pub(super) count: usize,
    loops: usize,
    labels: Vec<String>,
}

/// The jumps in an expression.
pub(super) fn in_expr(expr: &Expr) -> Found {
    let mut found = Found::default();
    found.visit_expr(expr);
    found
}

/// The jumps in a statement.
pub(super) fn in_stmt(stmt: &Stmt) -> Found {
    let mut found = Found::default();
    found.visit_stmt(stmt);
    found
}

/// The jumps in a block.
pub(super) fn in_block(block: &Block) -> Found {
    let mut found = Found::default();
    found.visit_block(block);
    found
}

impl Found {
    fn note(&mut self, jump: Jump, escapes: bool) {
        self.first.get_or_insert(jump.span);
        self.count += 1;
        if escapes {
            self.escaping.push(jump);
        }
    }

    fn leaves(&self, label: Option<&Lifetime>) -> bool {
        label.map_or(self.loops == 0, |label| !self.labels.contains(&label_name(label)))
    }

    fn within(&mut self, label: Option<&syn::Label>, loops: usize, work: impl FnOnce(&mut Self)) {
        let kept = self.labels.len();
        self.labels.extend(label.map(|label| label_name(&label.name)));
        self.loops += loops;
        work(self);
        self.loops -= loops;
        self.labels.truncate(kept);
    }
}

impl Visit<'_> for Found {
    fn visit_expr_return(&mut self, exit: &syn::ExprReturn) {
        let kind = JumpKind::Return { valued: exit.expr.is_some() };
        self.note(Jump { kind, label: None, span: exit.return_token.span }, true);
        visit::visit_expr_return(self, exit);
    }

    fn visit_expr_break(&mut self, exit: &syn::ExprBreak) {
        let kind = JumpKind::Break { valued: exit.expr.is_some() };
        let label = exit.label.as_ref().map(label_name);
        let escapes = self.leaves(exit.label.as_ref());
        self.note(Jump { kind, label, span: exit.break_token.span }, escapes);
        visit::visit_expr_break(self, exit);
    }

    fn visit_expr_continue(&mut self, exit: &syn::ExprContinue) {
        let label = exit.label.as_ref().map(label_name);
        let escapes = self.leaves(exit.label.as_ref());
        self.note(
            Jump { kind: JumpKind::Continue, label, span: exit.continue_token.span },
            escapes,
        );
    }

    fn visit_expr_try(&mut self, exit: &syn::ExprTry) {
        self.note(Jump { kind: JumpKind::Try, label: None, span: exit.question_token.span }, true);
        visit::visit_expr_try(self, exit);
    }

    fn visit_expr_loop(&mut self, expr: &syn::ExprLoop) {
        self.within(expr.label.as_ref(), 1, |found| found.visit_block(&expr.body));
    }

    fn visit_expr_while(&mut self, expr: &syn::ExprWhile) {
        self.within(expr.label.as_ref(), 1, |found| {
            found.visit_expr(&expr.cond);
            found.visit_block(&expr.body);
        });
    }

    fn visit_expr_for_loop(&mut self, expr: &syn::ExprForLoop) {
        self.visit_expr(&expr.expr);
        self.within(expr.label.as_ref(), 1, |found| found.visit_block(&expr.body));
    }

    fn visit_expr_block(&mut self, expr: &syn::ExprBlock) {
        self.within(expr.label.as_ref(), 0, |found| found.visit_block(&expr.block));
    }

    /// A closure is a function of its own; one whose only exits are `?` stays as it is.
    fn visit_expr_closure(&mut self, closure: &syn::ExprClosure) {
        let inner = in_expr(&closure.body);
        let tries = inner.escaping.iter().filter(|jump| jump.kind == JumpKind::Try).count();
        if inner.count > tries {
            self.first = self.first.or(inner.first);
            self.count += inner.count;
        }
    }

    fn visit_expr_async(&mut self, _: &syn::ExprAsync) {}
    fn visit_expr_const(&mut self, _: &syn::ExprConst) {}
    fn visit_item(&mut self, _: &syn::Item) {}
    fn visit_pat(&mut self, pattern: &syn::Pat) {
        // Only the guard of an arm can hold an expression that runs.
        if let syn::Pat::Guard(guarded) = pattern {
            self.visit_expr(&guarded.guard);
        }
    }
    fn visit_type(&mut self, _: &syn::Type) {}
}

/// Jumps inside the tokens of a macro call: nobody can follow them.
pub(super) fn hidden(block: &Block) -> Vec<Unstructured> {
    let mut hidden = Hidden(Vec::new());
    hidden.visit_block(block);
    hidden.0
}

struct Hidden(Vec<Unstructured>);

impl Visit<'_> for Hidden {
    fn visit_macro(&mut self, mac: &syn::Macro) {
        let arguments = Punctuated::<Expr, Token![,]>::parse_terminated;
        if let Ok(arguments) = arguments.parse2(mac.tokens.clone()) {
            for argument in &arguments {
                self.0.extend(in_expr(argument).escaping.iter().map(Jump::unstructured));
                self.visit_expr(argument);
            }
        } else {
            self.scan(mac.tokens.clone());
        }
    }

    fn visit_item(&mut self, _: &syn::Item) {}
}

impl Hidden {
    fn scan(&mut self, tokens: TokenStream) {
        for tree in tokens {
            match tree {
                TokenTree::Group(group) => self.scan(group.stream()),
                TokenTree::Ident(ident) => {
                    let keyword = match ident.to_string().as_str() {
                        "return" => "return",
                        "break" => "break",
                        "continue" => "continue",
                        _ => continue,
                    };
                    self.0.push(Unstructured { span: ident.span(), keyword });
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}
