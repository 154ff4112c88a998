//! The syntax that is invented: every token of it at a given place.

use proc_macro2::{Ident, Span};
use syn::punctuated::Punctuated;
use syn::{Block, Expr, ExprIf, Local, LocalInit, Pat, Path, Stmt, Token, Type, UnOp};

/// The place of a token of ours that stands for the user's at `span`.
pub(super) fn site(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

/// A variable of ours, or of the user's.
pub(super) fn variable(ident: &Ident) -> Expr {
    path_expr(ident.clone().into())
}

/// `::core::…`
pub(super) fn core_path(segments: &[&str], span: Span) -> Path {
    let names = std::iter::once(&"core").chain(segments);
    Path {
        leading_colon: Some(Token![::](span)),
        segments: names.map(|name| syn::PathSegment::from(Ident::new(name, span))).collect(),
    }
}

/// A path as an expression.
pub(super) fn path_expr(path: Path) -> Expr {
    Expr::Path(syn::ExprPath { attrs: Vec::new(), qself: None, path })
}

/// `path(argument)`
pub(super) fn call(path: Path, argument: Option<Expr>, span: Span) -> Expr {
    let func = Box::new(path_expr(path));
    let args: Punctuated<Expr, Token![,]> = argument.into_iter().collect();
    let paren_token = syn::token::Paren(span);
    Expr::Call(syn::ExprCall { attrs: Vec::new(), func, paren_token, args })
}

/// `::core::default::Default::default()`: a value that nobody looks at.
pub(super) fn placeholder(span: Span) -> Expr {
    call(core_path(&["default", "Default", "default"], span), None, span)
}

/// `()`
pub(super) fn unit(span: Span) -> Expr {
    tuple(Vec::new(), span)
}

/// `(a, b)`, or `a` where there is one.
pub(super) fn tuple(mut elems: Vec<Expr>, span: Span) -> Expr {
    if elems.len() == 1
        && let Some(single) = elems.pop()
    {
        return single;
    }
    let paren_token = syn::token::Paren(span);
    let elems = elems.into_iter().collect();
    Expr::Tuple(syn::ExprTuple { attrs: Vec::new(), paren_token, elems })
}

/// The pattern of such a tuple.
pub(super) fn tuple_pattern(mut elems: Vec<Pat>, span: Span) -> Pat {
    if elems.len() == 1
        && let Some(single) = elems.pop()
    {
        return single;
    }
    let paren_token = syn::token::Paren(span);
    let elems = elems.into_iter().collect();
    Pat::Tuple(syn::PatTuple { attrs: Vec::new(), paren_token, elems })
}

/// `false` or `true`.
pub(super) fn truth(value: bool, span: Span) -> Expr {
    let lit = syn::Lit::Bool(syn::LitBool { value, span });
    Expr::Lit(syn::ExprLit { attrs: Vec::new(), lit })
}

/// `!flag`
pub(super) fn not(expr: Expr, span: Span) -> Expr {
    let op = UnOp::Not(Token![!](span));
    Expr::Unary(syn::ExprUnary { attrs: Vec::new(), op, expr: Box::new(expr) })
}

/// The pattern of a variable.
pub(super) fn pattern(ident: Ident, mutability: Option<Token![mut]>) -> Pat {
    let attrs = Vec::new();
    Pat::Ident(syn::PatIdent { attrs, by_ref: None, mutability, ident, subpat: None })
}

/// `path` or `path(variable)`
pub(super) fn variant_pattern(path: Path, variable: Option<Ident>, span: Span) -> Pat {
    let (attrs, qself) = (Vec::new(), None);
    match variable {
        None => Pat::Path(syn::PatPath { attrs, qself, path }),
        Some(variable) => Pat::TupleStruct(syn::PatTupleStruct {
            attrs,
            qself,
            path,
            paren_token: syn::token::Paren(span),
            elems: std::iter::once(pattern(variable, None)).collect(),
        }),
    }
}

/// `let pattern: ty = init;`
pub(super) fn binding(pat: Pat, ty: Option<Type>, init: Expr, span: Span) -> Stmt {
    let pat = match ty {
        None => pat,
        Some(ty) => Pat::Type(syn::PatType {
            attrs: Vec::new(),
            pat: Box::new(pat),
            colon_token: Token![:](span),
            ty: Box::new(ty),
        }),
    };
    Stmt::Local(Local {
        attrs: Vec::new(),
        let_token: Token![let](span),
        modifiers: syn::LocalModifiers::default(),
        pat,
        init: Some(LocalInit { eq_token: Token![=](span), expr: Box::new(init), diverge: None }),
        semi_token: Token![;](span),
    })
}

/// `let mut ident: ty = init;`
pub(super) fn declaration(ident: Ident, ty: Option<Type>, init: Expr, span: Span) -> Stmt {
    binding(pattern(ident, Some(Token![mut](span))), ty, init, span)
}

/// `ident = value;`
pub(super) fn assignment(ident: &Ident, value: Expr, span: Span) -> Stmt {
    let assign = syn::ExprAssign {
        attrs: Vec::new(),
        left: Box::new(variable(ident)),
        eq_token: Token![=](span),
        right: Box::new(value),
    };
    Stmt::Expr(Expr::Assign(assign), Some(Token![;](span)))
}

/// `{ stmts }`
pub(super) fn block(stmts: Vec<Stmt>, span: Span) -> Block {
    Block { brace_token: syn::token::Brace(span), stmts }
}

/// `{ stmts }` as an expression.
pub(super) fn block_expr(stmts: Vec<Stmt>, span: Span) -> Expr {
    let block = block(stmts, span);
    Expr::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block })
}

/// `if cond { then } else { otherwise }`; a missing `else` is an empty one.
pub(super) fn conditional(cond: Expr, then: Vec<Stmt>, otherwise: Vec<Stmt>, span: Span) -> Expr {
    Expr::If(ExprIf {
        attrs: Vec::new(),
        if_token: Token![if](span),
        cond: Box::new(cond),
        then_branch: block(then, span),
        else_branch: else_branch(otherwise, span),
    })
}

/// `else { stmts }`, as `else if …` where that is all.
pub(super) fn else_branch(stmts: Vec<Stmt>, span: Span) -> Option<(Token![else], Box<Expr>)> {
    if stmts.is_empty() {
        return None;
    }
    let other = match <[Stmt; 1]>::try_from(stmts) {
        Ok([Stmt::Expr(inner @ Expr::If(_), None)]) => inner,
        Ok(single) => block_expr(single.into(), span),
        Err(stmts) => block_expr(stmts, span),
    };
    Some((Token![else](span), Box::new(other)))
}

/// `if let pat = expr { then } else { otherwise }`
pub(super) fn if_let(
    (pat, expr): (Pat, Expr),
    then: Vec<Stmt>,
    otherwise: Vec<Stmt>,
    span: Span,
) -> Expr {
    // A struct literal would be taken for the block.
    let expr = if matches!(expr, Expr::Struct(_)) { parenthesised(expr, span) } else { expr };
    let cond = Expr::Let(syn::ExprLet {
        attrs: Vec::new(),
        let_token: Token![let](span),
        pat: Box::new(pat),
        eq_token: Token![=](span),
        expr: Box::new(expr),
    });
    conditional(cond, then, otherwise, span)
}

/// `match expr { … }`
pub(super) fn matching(expr: Expr, arms: Vec<(Pat, Vec<Stmt>)>, span: Span) -> Expr {
    let arm = |(pat, stmts): (Pat, Vec<Stmt>)| syn::Arm {
        attrs: Vec::new(),
        pat,
        fat_arrow_token: Token![=>](span),
        body: Box::new(value_of(stmts, span)),
        comma: Some(Token![,](span)),
    };
    Expr::Match(syn::ExprMatch {
        attrs: Vec::new(),
        match_token: Token![match](span),
        expr: Box::new(expr),
        brace_token: syn::token::Brace(span),
        arms: arms.into_iter().map(arm).collect(),
    })
}

/// `if flag { break; }`
pub(super) fn break_if(flag: &Ident, span: Span) -> Stmt {
    let exit = Expr::Break(syn::ExprBreak {
        attrs: Vec::new(),
        break_token: Token![break](span),
        label: None,
        expr: None,
    });
    let stmts = vec![Stmt::Expr(exit, Some(Token![;](span)))];
    Stmt::Expr(conditional(variable(flag), stmts, Vec::new(), span), None)
}

/// Statements as one expression: the last of them if there is no other.
pub(super) fn value_of(stmts: Vec<Stmt>, span: Span) -> Expr {
    match <[Stmt; 1]>::try_from(stmts) {
        Ok([Stmt::Expr(expr, None)]) => expr,
        Ok(single) => block_expr(single.into(), span),
        Err(stmts) => block_expr(stmts, span),
    }
}

/// An expression at the end of a block.
pub(super) fn tail(expr: Expr, span: Span) -> Stmt {
    let expr = if leads_with_block(&expr) { parenthesised(expr, span) } else { expr };
    Stmt::Expr(expr, None)
}

/// `expr;`
pub(super) fn discarded(expr: Expr, span: Span) -> Stmt {
    let expr = if leads_with_block(&expr) { parenthesised(expr, span) } else { expr };
    Stmt::Expr(expr, Some(Token![;](span)))
}

fn parenthesised(expr: Expr, span: Span) -> Expr {
    let paren_token = syn::token::Paren(span);
    Expr::Paren(syn::ExprParen { attrs: Vec::new(), paren_token, expr: Box::new(expr) })
}

/// Whether an expression ends a statement with its brace.
pub(super) fn is_block_like(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::If(_)
            | Expr::Match(_)
            | Expr::Block(_)
            | Expr::Unsafe(_)
            | Expr::Loop(_)
            | Expr::While(_)
            | Expr::ForLoop(_)
            | Expr::Const(_)
    )
}

/// Whether an expression that begins a statement would be taken for two: `match … {} - 1.0`.
fn leads_with_block(expr: &Expr) -> bool {
    let first = match expr {
        Expr::Binary(inner) => &inner.left,
        Expr::Assign(inner) => &inner.left,
        Expr::Call(inner) => &inner.func,
        Expr::Cast(inner) => &inner.expr,
        Expr::Index(inner) => &inner.expr,
        Expr::Range(inner) => match &inner.start {
            Some(start) => start,
            None => return false,
        },
        // `match … {}.sin()` and `match … {}?` are one expression.
        Expr::MethodCall(inner) => return leads_with_block(&inner.receiver),
        Expr::Field(inner) => return leads_with_block(&inner.base),
        Expr::Try(inner) => return leads_with_block(&inner.expr),
        _ => return false,
    };
    is_block_like(first) || leads_with_block(first)
}
