//! The last names of the invented variables: levels that the same jumps leave share one flag, and
//! flags that nobody reads are not there.

use proc_macro2::{Ident, Span};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Pat, Stmt};

use super::jumps::JumpKind;
use super::levels::{Place, Record};
use super::mentions::mentioned;
use super::syntax;
use crate::emit::names::Names;
use crate::hash::HashMap;

/// The block with every invented variable resolved.
pub(super) fn resolved(mut block: Block, records: &[Record], names: Names) -> Block {
    Resolver::new(records, names).visit_block_mut(&mut block);
    block
}

/// What becomes of a provisional name.
#[derive(Clone)]
enum Fate {
    Variable(String),
    /// Assigned for an outer level already: only the reads remain.
    Shared(String),
    /// Never read.
    Unused,
    /// Never assigned.
    Unset,
}

struct Resolver {
    fates: HashMap<String, Fate>,
}

impl Resolver {
    fn new(records: &[Record], mut names: Names) -> Self {
        let mut fates = HashMap::default();
        let mut owners: Vec<(&[usize], String)> = Vec::new();
        for record in records {
            let read = record.read || record.place == Place::Loop;
            let owner = owners.iter().find(|(setters, _)| *setters == record.setters);
            let flag = if !read || record.setters.is_empty() {
                Fate::Unused
            } else if let Some((_, name)) = owner {
                // The same jumps: the outer level is left whenever this one is.
                Fate::Shared(name.clone())
            } else {
                let name = names.fresh("exit").to_string();
                owners.push((&record.setters, name.clone()));
                Fate::Variable(name)
            };
            let value = match record.stored {
                None => Fate::Unset,
                Some(JumpKind::Return { .. } | JumpKind::Try) => {
                    Fate::Variable(names.fresh("returned").to_string())
                }
                Some(JumpKind::Break { .. } | JumpKind::Continue) => {
                    Fate::Variable(names.fresh("broken").to_string())
                }
            };
            fates.insert(record.flag.to_string(), flag);
            fates.insert(record.value.to_string(), value);
        }
        Self { fates }
    }

    fn fate(&self, ident: &Ident) -> Option<&Fate> {
        self.fates.get(&ident.to_string())
    }

    /// Whether a statement declares or assigns a flag that is not there.
    fn is_void(&self, stmt: &Stmt) -> bool {
        let target = declared(stmt).or_else(|| assigned(stmt));
        let fate = target.and_then(|ident| self.fate(ident));
        matches!(fate, Some(Fate::Shared(_) | Fate::Unused))
    }

    /// Declarations move to the first statement that needs them.
    fn settle(&self, stmts: Vec<Stmt>) -> Vec<Stmt> {
        let ours = |stmt: &Stmt| declared(stmt).is_some_and(|ident| self.fate(ident).is_some());
        let (declarations, mut settled): (Vec<Stmt>, Vec<Stmt>) = stmts.into_iter().partition(ours);
        for declaration in declarations.into_iter().rev() {
            let Some(name) = declared(&declaration).map(ToString::to_string) else { continue };
            let first = settled.iter().position(|stmt| mentioned(stmt).contains(&name));
            settled.insert(first.unwrap_or_default(), declaration);
        }
        settled
    }
}

/// The variable that a `let` declares.
fn declared(stmt: &Stmt) -> Option<&Ident> {
    let Stmt::Local(local) = stmt else {
        return None;
    };
    let pattern = match &local.pat {
        Pat::Type(typed) => &*typed.pat,
        pattern => pattern,
    };
    match pattern {
        Pat::Ident(ident) => Some(&ident.ident),
        _ => None,
    }
}

/// The variable that a statement assigns.
fn assigned(stmt: &Stmt) -> Option<&Ident> {
    match stmt {
        Stmt::Expr(Expr::Assign(assign), _) => read(&assign.left),
        _ => None,
    }
}

fn read(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    }
}

impl VisitMut for Resolver {
    fn visit_block_mut(&mut self, block: &mut Block) {
        block.stmts.retain(|stmt| !self.is_void(stmt));
        let stmts = std::mem::take(&mut block.stmts);
        block.stmts = self.settle(stmts);
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Some(ident) = read(expr)
            && let Some(Fate::Unset) = self.fate(ident)
        {
            let span: Span = ident.span();
            *expr = syntax::placeholder(span);
            return;
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_ident_mut(&mut self, ident: &mut Ident) {
        if let Some(Fate::Variable(name) | Fate::Shared(name)) = self.fate(ident) {
            *ident = Ident::new(name, ident.span());
        }
    }
}
