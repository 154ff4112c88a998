//! A smaller program that fails in the same way.

use quote::ToTokens;
use syn::visit_mut::{VisitMut, visit_block_mut, visit_expr_mut};
use syn::{Block, Expr};

use super::check::{Verdict, check};
use super::programs::Program;

/// Leaves out one part after another, as long as the program fails in the same way.
pub fn shrunk(mut program: Program, seed: u64, mut why: String) -> (Program, String) {
    let mut part = 0;
    while let Some(smaller) = without(&program, part) {
        match check(&smaller, seed) {
            // The braces of an `else` come back.
            Verdict::Failed(found) if way(&found) == way(&why) && len(&smaller) < len(&program) => {
                (program, why) = (smaller, found);
            }
            Verdict::Passed | Verdict::Skipped | Verdict::Unfollowed | Verdict::Failed(_) => {
                part += 1;
            }
        }
    }
    (program, why)
}

fn len(program: &Program) -> usize {
    program.functions.iter().flat_map(|source| source.chars()).filter(|c| *c != ' ').count()
}

/// The first words of a failure say in which way it failed.
pub fn way(why: &str) -> String {
    why.chars().take_while(|c| !"%[\n".contains(*c)).collect()
}

/// The program without its part of this number; nothing if there are not that many.
fn without(program: &Program, part: usize) -> Option<Program> {
    let mut knife = Knife { left: part, done: false };
    let mut functions = Vec::new();
    for source in &program.functions {
        let mut item: syn::ItemFn = syn::parse_str(source).ok()?;
        knife.visit_block_mut(&mut item.block);
        functions.push(item.to_token_stream().to_string());
    }
    knife.done.then(|| Program { functions, ..program.clone() })
}

/// Cuts out one part: a statement, an operation around its first operand, a branch.
struct Knife {
    /// How many parts to leave before.
    left: usize,
    done: bool,
}

impl Knife {
    /// Whether this is the part to cut out.
    fn here(&mut self) -> bool {
        let here = !self.done && self.left == 0;
        self.left = self.left.saturating_sub(1);
        self.done |= here;
        here
    }
}

impl VisitMut for Knife {
    fn visit_block_mut(&mut self, block: &mut Block) {
        for at in 0..block.stmts.len() {
            if self.here() {
                block.stmts.remove(at);
                return;
            }
        }
        visit_block_mut(self, block);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        for inner in inside(expr) {
            if self.here() {
                *expr = inner;
                return;
            }
        }
        visit_expr_mut(self, expr);
    }
}

/// The parts of an expression that could stand in its place.
fn inside(expr: &Expr) -> Vec<Expr> {
    let block = |block: &Block| Expr::Block(syn::parse_quote!(#block));
    match expr {
        Expr::Binary(e) => vec![(*e.left).clone(), (*e.right).clone()],
        Expr::Unary(e) => vec![(*e.expr).clone()],
        Expr::Paren(e) => vec![(*e.expr).clone()],
        Expr::MethodCall(e) => vec![(*e.receiver).clone()],
        Expr::Call(e) => e.args.iter().cloned().collect(),
        Expr::If(e) => {
            let otherwise = e.else_branch.iter().map(|(_, branch)| (**branch).clone());
            std::iter::once(block(&e.then_branch)).chain(otherwise).collect()
        }
        Expr::Match(e) => e.arms.iter().map(|arm| (*arm.body).clone()).collect(),
        Expr::Block(e) => match e.block.stmts.as_slice() {
            [syn::Stmt::Expr(only, None)] => vec![only.clone()],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
