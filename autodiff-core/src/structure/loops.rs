//! Loops and labelled blocks: what jumps lead to.

use proc_macro2::Ident;
use syn::{Block, Expr, ExprBlock, Label, Stmt};

use super::Structurer;
use super::continuation::{Cont, End, Use};
use super::exits::terminate;
use super::jumps::{self, Jump, JumpKind, label_name};
use super::levels::{Level, Place, Record, located};
use super::list::taken;
use super::{falls, syntax};

/// What is known of a level once its statements are written.
struct Finished {
    declarations: Vec<Stmt>,
    flag: Ident,
    /// The variable of its value, if it has one.
    value: Option<Expr>,
    /// Whether a jump leaves it, and whether one leads further out.
    left: bool,
    crossed: bool,
}

impl Structurer {
    pub(super) fn looped(&mut self, mut expr: Expr, next: Cont) -> Vec<Stmt> {
        let falls = falls::expr(&expr);
        let next = if falls { next } else { Cont::End(next.end()) };
        if !self.loop_head(&mut expr) {
            return Vec::new();
        }
        let Some((label, body)) = parts(&mut expr) else {
            return self.apply(expr, next);
        };
        let exits = jumps::in_block(body).escaping;
        if exits.is_empty() || (exits.len() == 1 && ends_canonically(body)) {
            let last = body.stmts.pop_if(|_| !exits.is_empty());
            let stmts = std::mem::take(&mut body.stmts);
            body.stmts = self.list(stmts, Cont::End(End { tail: false, wants: false }));
            body.stmts.extend(last);
            return self.after_unit(expr, falls, next);
        }
        let name = label.as_ref().map(|label| label_name(&label.name));
        if !name.as_ref().is_some_and(|name| self.labels.contains(name)) {
            *label = None;
        }
        let valued = exits.iter().any(|exit| is_valued(exit) && exit.breaks(name.as_ref()));
        let stmts = std::mem::take(&mut body.stmts);
        self.enter(Place::Loop, name.clone(), level(&next, valued));
        self.enter(Place::Body, name, Level { tail: false, wants: false });
        let stmts = self.list(stmts, Cont::End(End { tail: true, wants: false }));
        let mut stmts = self.leave_with(stmts);
        let Some(finished) = self.finished() else {
            return Vec::new();
        };
        if finished.left {
            terminate(&mut stmts, &Use::Unit, self.site);
            stmts.push(syntax::break_if(&located(&finished.flag, self.site), self.site));
        }
        if let Some((_, body)) = parts(&mut expr) {
            body.stmts = stmts;
        }
        if finished.left {
            self.after_exits(expr, finished, next)
        } else {
            self.after_unit(expr, falls, next)
        }
    }

    /// A loop that no jump of ours leaves, and what comes after.
    fn after_unit(&mut self, expr: Expr, falls: bool, next: Cont) -> Vec<Stmt> {
        let mut stmts = vec![Stmt::Expr(expr, None)];
        if falls {
            stmts.extend(self.follow(next));
        }
        stmts
    }

    /// A loop that a flag leaves, and what comes after.
    fn after_exits(&mut self, expr: Expr, finished: Finished, next: Cont) -> Vec<Stmt> {
        let site = self.site;
        let mut stmts = finished.declarations;
        stmts.push(Stmt::Expr(expr, None));
        match (next, finished.value) {
            (Cont::End(_), Some(value)) => stmts.push(Stmt::Expr(value, None)),
            (Cont::End(end), None) if end.wants => {
                stmts.push(Stmt::Expr(syntax::placeholder(site), None));
            }
            (Cont::End(_), None) => {}
            (next, value) => {
                let end = next.end();
                let rest = match value {
                    Some(value) => self.apply(value, next),
                    None => self.follow(next),
                };
                self.site = site;
                stmts.extend(if finished.crossed { self.guarded(rest, end) } else { rest });
            }
        }
        stmts
    }

    /// What is evaluated outside of the body: no jump may be in it. Whether that is so.
    fn loop_head(&mut self, expr: &mut Expr) -> bool {
        let head = match expr {
            Expr::While(repeated) => &mut *repeated.cond,
            Expr::ForLoop(counted) => &mut *counted.expr,
            _ => return true,
        };
        if self.refuse_inside(head) {
            return false;
        }
        *head = self.nested(std::mem::replace(head, taken()));
        true
    }

    pub(super) fn labelled(&mut self, block: ExprBlock, next: Cont) -> Vec<Stmt> {
        let expr = Expr::Block(block);
        let next = if falls::expr(&expr) { next } else { Cont::End(next.end()) };
        let Expr::Block(ExprBlock { attrs, label, mut block }) = expr else {
            return Vec::new();
        };
        let name = label.map(|label| label_name(&label.name));
        let to_here = |exit: &Jump| exit.label.is_some() && exit.label == name;
        let exits = jumps::in_block(&block).escaping;
        let valued = exits.iter().any(|exit| is_valued(exit) && to_here(exit));
        let level = level(&next, valued || self.wants(&next));
        self.enter(Place::Block, name, level);
        let end = End { tail: true, wants: level.wants };
        let stmts = self.list(std::mem::take(&mut block.stmts), Cont::End(end));
        let Some(finished) = self.finished() else {
            return Vec::new();
        };
        block.stmts = finished.declarations;
        block.stmts.extend(stmts);
        let inner = ExprBlock { attrs, label: None, block };
        let value = Expr::Block(inner);
        let site = self.site;
        match next {
            Cont::Then(then) if finished.crossed => {
                self.join(*then, |_, _| vec![Stmt::Expr(value, None)])
            }
            Cont::Jump(..) if finished.crossed => {
                let (kept, end) = (self.names.fresh("kept"), next.end());
                let pattern = syntax::pattern(kept.clone(), None);
                let mut stmts = vec![syntax::binding(pattern, None, value, site)];
                let rest = self.apply(syntax::variable(&kept), next);
                stmts.extend(self.guarded(rest, end));
                stmts
            }
            next => self.apply(value, next),
        }
    }

    /// Whether a continuation needs a value.
    fn wants(&mut self, next: &Cont) -> bool {
        match next {
            Cont::End(end) => end.wants,
            Cont::Jump(target, ..) => self.level_wants(*target),
            Cont::Then(then) => then.binding.wants(),
        }
    }

    /// Ends the innermost level.
    fn finished(&mut self) -> Option<Finished> {
        let site = self.site;
        let record: &Record = self.leave()?;
        let value = record.level.wants.then(|| syntax::variable(&located(&record.value, site)));
        Some(Finished {
            declarations: record.declarations(),
            flag: record.flag.clone(),
            value,
            left: !record.setters.is_empty(),
            crossed: record.crossed,
        })
    }
}

/// A level whose value, if it has one, is used by `next`.
fn level(next: &Cont, valued: bool) -> Level {
    match next {
        Cont::End(end) => Level { tail: end.tail, wants: valued || (end.tail && end.wants) },
        Cont::Jump(..) | Cont::Then(_) => Level { tail: false, wants: valued },
    }
}

fn is_valued(exit: &Jump) -> bool {
    exit.kind == JumpKind::Break { valued: true }
}

/// The label and the body of a loop.
fn parts(expr: &mut Expr) -> Option<(&mut Option<Label>, &mut Block)> {
    match expr {
        Expr::Loop(endless) => Some((&mut endless.label, &mut endless.body)),
        Expr::While(repeated) => Some((&mut repeated.label, &mut repeated.body)),
        Expr::ForLoop(counted) => Some((&mut counted.label, &mut counted.body)),
        _ => None,
    }
}

/// Whether a body ends with `if flag { break; }` as it is.
fn ends_canonically(body: &Block) -> bool {
    let Some(Stmt::Expr(Expr::If(last), _)) = body.stmts.last() else {
        return false;
    };
    let exits = match last.then_branch.stmts.as_slice() {
        [Stmt::Expr(Expr::Break(exit), _)] => exit.label.is_none() && exit.expr.is_none(),
        _ => false,
    };
    let plain = matches!(&*last.cond, Expr::Path(path) if path.path.get_ident().is_some());
    exits && plain && last.else_branch.is_none() && last.attrs.is_empty()
}
