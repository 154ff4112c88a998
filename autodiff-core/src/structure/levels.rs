//! What a jump can lead to: the end of the function, of a loop, of its body, of a labelled block.

use proc_macro2::{Ident, Span};
use syn::{Stmt, Type};

use super::Structurer;
use super::jumps::{Jump, JumpKind};
use super::syntax;

/// What a level is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Function,
    /// A loop: left by `break`.
    Loop,
    /// One run of the body of a loop: left by `continue`.
    Body,
    /// A labelled block.
    Block,
}

/// How a level relates to the one around it.
#[derive(Clone, Copy)]
pub(super) struct Level {
    /// Whether its end is also that of the level around it.
    pub(super) tail: bool,
    /// Whether it has a value.
    pub(super) wants: bool,
}

/// A level, its variables and what is known of them.
pub(super) struct Record {
    pub(super) place: Place,
    pub(super) label: Option<String>,
    pub(super) level: Level,
    /// Set once the level is being left.
    pub(super) flag: Ident,
    /// What it is left with.
    pub(super) value: Ident,
    /// The type of the value.
    pub(super) ty: Option<Type>,
    /// The jumps that set the flag.
    pub(super) setters: Vec<usize>,
    /// Whether the flag is read.
    pub(super) read: bool,
    /// The keyword whose value was stored first.
    pub(super) stored: Option<JumpKind>,
    /// Whether a jump leads through the level to one around it.
    pub(super) crossed: bool,
    /// The keyword of the first jump.
    pub(super) span: Span,
}

impl Structurer {
    /// Begins a level inside of those that are open.
    pub(super) fn enter(&mut self, place: Place, label: Option<String>, level: Level) {
        // The last names are given once it is known which of these are needed.
        let (flag, value) = (self.names.fresh("level"), self.names.fresh("level"));
        let ty = self.output.clone();
        self.levels.push(self.records.len());
        self.records.push(Record {
            place,
            label,
            level,
            flag,
            value,
            ty,
            setters: Vec::new(),
            read: false,
            stored: None,
            crossed: false,
            span: self.site,
        });
    }

    /// Ends the innermost level.
    pub(super) fn leave(&mut self) -> Option<&Record> {
        let index = self.levels.pop()?;
        self.records.get(index)
    }

    /// Ends the innermost level, whose statements these are; its variables are declared first.
    pub(super) fn leave_with(&mut self, stmts: Vec<Stmt>) -> Vec<Stmt> {
        let mut all = self.leave().map(Record::declarations).unwrap_or_default();
        all.extend(stmts);
        all
    }

    /// The record of an open level, counted from the outermost one.
    pub(super) fn record(&mut self, level: usize) -> Option<&mut Record> {
        let index = *self.levels.get(level)?;
        self.records.get_mut(index)
    }

    pub(super) fn innermost(&self) -> usize {
        self.levels.len().saturating_sub(1)
    }

    /// The level that a jump leads to. Where a level ends with the one around it, jumps to the
    /// outer one lead to the inner one.
    pub(super) fn target(&self, jump: &Jump) -> Option<usize> {
        let open = || self.levels.iter().filter_map(|&index| self.records.get(index));
        let labelled = |record: &Record| {
            jump.label.is_none() || (record.label.is_some() && record.label == jump.label)
        };
        let written = open().enumerate().filter(|(_, record)| match (jump.kind, record.place) {
            (JumpKind::Return { .. } | JumpKind::Try, Place::Function) => true,
            (JumpKind::Break { .. }, Place::Loop) | (JumpKind::Continue, Place::Body) => {
                labelled(record)
            }
            (JumpKind::Break { .. }, Place::Block) => jump.label.is_some() && labelled(record),
            _ => false,
        });
        let written = written.last()?.0;
        Some(written + open().skip(written + 1).take_while(|record| record.level.tail).count())
    }

    /// Whether a level has a value.
    pub(super) fn level_wants(&mut self, level: usize) -> bool {
        self.record(level).is_some_and(|record| record.level.wants)
    }

    /// A jump as assignments: what it carries, and that each level up to its target is left.
    pub(super) fn set(
        &mut self,
        target: usize,
        (kind, span): (JumpKind, Span),
        value: Option<syn::Expr>,
        end: super::continuation::End,
    ) -> Vec<Stmt> {
        let site = syntax::site(span);
        let innermost = self.innermost();
        let mut stmts = Vec::new();
        if let Some(record) = self.record(target)
            && record.level.wants
        {
            record.stored.get_or_insert(kind);
            let value = value.unwrap_or_else(|| syntax::unit(site));
            stmts.push(syntax::assignment(&located(&record.value, site), value, site));
        } else {
            stmts.extend(value.map(|value| syntax::discarded(value, site)));
        }
        self.jumps += 1;
        let number = self.jumps;
        for level in (target..=innermost).rev() {
            let Some(record) = self.record(level) else { continue };
            record.crossed |= level > target;
            // The end of the innermost level is reached anyway.
            if level == innermost && end.tail {
                continue;
            }
            if record.setters.is_empty() {
                record.span = site;
            }
            record.setters.push(number);
            let flag = located(&record.flag, site);
            stmts.push(syntax::assignment(&flag, syntax::truth(true, site), site));
        }
        if end.wants {
            stmts.push(Stmt::Expr(syntax::placeholder(site), None));
        }
        stmts
    }
}

impl Record {
    /// `let mut returned = …; let mut exit = false;`: those that are used.
    pub(super) fn declarations(&self) -> Vec<Stmt> {
        let span = self.span;
        let declare = |ident: &Ident, ty: Option<Type>, init| {
            syntax::declaration(located(ident, span), ty, init, span)
        };
        let mut stmts = Vec::new();
        if let Some(kind) = self.stored {
            let returned = matches!(kind, JumpKind::Return { .. } | JumpKind::Try);
            let ty = self.ty.clone().filter(|_| returned);
            let is_result = ty.as_ref().is_some_and(super::question::is_result);
            let init = match syntax::placeholder(span) {
                // A `Result` has no default: one of what it holds.
                value if is_result => {
                    let ok = syntax::core_path(&["result", "Result", "Ok"], span);
                    syntax::call(ok, Some(value), span)
                }
                value => value,
            };
            stmts.push(declare(&self.value, ty, init));
        }
        if !self.setters.is_empty() {
            stmts.push(declare(&self.flag, None, syntax::truth(false, span)));
        }
        stmts
    }
}

/// A name of ours, at a jump.
pub(super) fn located(ident: &Ident, site: Span) -> Ident {
    let mut ident = ident.clone();
    ident.set_span(site);
    ident
}
