//! What the body of a function tells of its variables by the way it uses them: which are structures, and
//! which are changed by something else than their methods.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Expr, Member, Stmt, UnOp};

use crate::hash::HashSet;
use crate::structure::mentions::bound_by;

/// By name, as far as names go: two variables of one name are taken for one.
#[derive(Default)]
pub(crate) struct Evidence {
    /// The types of structures that are built or taken apart, and the places that have fields with
    /// names.
    structures: HashSet<String>,
    /// Variables that hold text, and what it is made of.
    texts: Vec<(HashSet<String>, TokenStream)>,
    /// The variables that the statement which is being read gives a value.
    given: HashSet<String>,
    /// The variables that are assigned to, borrowed mutably, or changed by a call that is a statement.
    changed: HashSet<String>,
}

impl Evidence {
    pub(super) fn of(body: &syn::Block) -> Self {
        let mut found = Self::default();
        found.visit_block(body);
        found
    }

    /// Whether a place, of a type of this name, is a structure.
    pub(super) fn is_structure(&self, place: &Expr, ty: &str) -> bool {
        self.structures.contains(ty)
            || known_by(place).is_some_and(|place| self.structures.contains(&place))
    }

    /// Whether something else than a method in an expression changes the variable of a place.
    pub(super) fn is_changed(&self, place: &Expr) -> bool {
        root(place).is_none_or(|root| self.changed.contains(&root))
    }

    /// What the text in one of these variables is made of.
    pub(super) fn texts_in(&self, names: &HashSet<String>) -> impl Iterator<Item = &TokenStream> {
        let holds = |holders: &HashSet<String>| holders.iter().any(|name| names.contains(name));
        self.texts.iter().filter(move |(holders, _)| holds(holders)).map(|(_, of)| of)
    }

    fn change(&mut self, place: &Expr) {
        match place {
            Expr::Tuple(of) => of.elems.iter().for_each(|part| self.change(part)),
            Expr::Array(of) => of.elems.iter().for_each(|part| self.change(part)),
            place => self.changed.extend(root(place)),
        }
    }
}

fn is_name(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Ident(ident) if *ident != "mut")
}

/// A place as a name: `a[]` for all elements of `a`.
fn known_by(place: &Expr) -> Option<String> {
    match place {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        Expr::Paren(of) => known_by(&of.expr),
        Expr::Unary(of) if matches!(of.op, UnOp::Deref(_)) => known_by(&of.expr),
        Expr::Index(of) => Some(known_by(&of.expr)? + "[]"),
        Expr::Field(of) => Some(format!("{}.{}", known_by(&of.base)?, of.member.to_token_stream())),
        _ => None,
    }
}

/// The name of the variable of a place.
fn root(place: &Expr) -> Option<String> {
    match place {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        Expr::Paren(of) => root(&of.expr),
        Expr::Unary(of) => root(&of.expr),
        Expr::Index(of) => root(&of.expr),
        Expr::Field(of) => root(&of.base),
        Expr::MethodCall(of) => root(&of.receiver),
        _ => None,
    }
}

impl<'ast> Visit<'ast> for Evidence {
    fn visit_expr_struct(&mut self, of: &'ast syn::ExprStruct) {
        self.structures.insert(of.path.to_token_stream().to_string());
        visit::visit_expr_struct(self, of);
    }

    fn visit_pat_struct(&mut self, of: &'ast syn::PatStruct) {
        self.structures.insert(of.path.to_token_stream().to_string());
        visit::visit_pat_struct(self, of);
    }

    fn visit_expr_field(&mut self, of: &'ast syn::ExprField) {
        if let (Member::Named(_), Some(place)) = (&of.member, known_by(&of.base)) {
            self.structures.insert(place);
        }
        visit::visit_expr_field(self, of);
    }

    fn visit_expr_assign(&mut self, of: &'ast syn::ExprAssign) {
        self.change(&of.left);
        visit::visit_expr_assign(self, of);
    }

    fn visit_expr_binary(&mut self, of: &'ast syn::ExprBinary) {
        if super::is_compound(&of.op) {
            self.change(&of.left);
        }
        visit::visit_expr_binary(self, of);
    }

    fn visit_expr_reference(&mut self, of: &'ast syn::ExprReference) {
        if of.mutability.is_some() {
            self.change(&of.expr);
        }
        visit::visit_expr_reference(self, of);
    }

    fn visit_expr_method_call(&mut self, of: &'ast syn::ExprMethodCall) {
        if super::changes_receiver(&of.method.to_string()) {
            self.change(&of.receiver);
        }
        visit::visit_expr_method_call(self, of);
    }

    fn visit_stmt(&mut self, stmt: &'ast Stmt) {
        self.given = match stmt {
            Stmt::Local(local) => bound_by(&local.pat)
                .into_iter()
                .map(|(name, _)| crate::lower::plain_name(&name))
                .collect(),
            Stmt::Expr(Expr::Assign(of), _) => root(&of.left).into_iter().collect(),
            Stmt::Expr(Expr::Binary(of), _) => root(&of.left).into_iter().collect(),
            Stmt::Expr(Expr::MethodCall(of), _) => root(&of.receiver).into_iter().collect(),
            _ => HashSet::default(),
        };
        if let Stmt::Expr(Expr::MethodCall(of), Some(_)) = stmt {
            self.change(&of.receiver);
        }
        visit::visit_stmt(self, stmt);
    }

    /// What a macro does to a variable that it names is not looked into.
    fn visit_macro(&mut self, of: &'ast syn::Macro) {
        self.changed.extend(crate::structure::mentions::mentioned(&of.tokens));
        let name = of.path.segments.last().map(|last| last.ident.to_string());
        if matches!(name.as_deref(), Some("format" | "format_args" | "write" | "writeln")) {
            let mut holders = self.given.clone();
            if let (Some("write" | "writeln"), Some(TokenTree::Ident(to))) =
                (name.as_deref(), of.tokens.clone().into_iter().find(is_name))
            {
                holders.insert(to.to_string());
            }
            self.texts.push((holders, of.tokens.clone()));
        }
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}
