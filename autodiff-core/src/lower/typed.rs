//! `array::from_fn` is told how long its array is, and `sum` that it counts, where a type outside says
//! so: that of the result or of a `let`, through branches, blocks, tuples, arrays and `Some`.

use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprCall, GenericArgument, PathArguments, ReturnType, Stmt, Type};

use super::generate::is_from_fn;

/// The body of a function with this result.
#[must_use]
pub fn typed(mut block: Block, output: &ReturnType) -> Block {
    let result = match output {
        ReturnType::Type(_, ty) => Some(&**ty),
        ReturnType::Default => None,
    };
    Typed { result }.visit_block_mut(&mut block);
    if let Some(result) = result {
        tail(&mut block, result);
    }
    block
}

/// Finds the places whose type is spelled.
struct Typed<'t> {
    result: Option<&'t Type>,
}

impl VisitMut for Typed<'_> {
    fn visit_expr_return_mut(&mut self, exit: &mut syn::ExprReturn) {
        if let (Some(expr), Some(ty)) = (&mut exit.expr, self.result) {
            tell(expr, ty);
        }
        visit_mut::visit_expr_return_mut(self, exit);
    }

    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        if let (syn::Pat::Type(typed), Some(init)) = (&local.pat, &mut local.init) {
            tell(&mut init.expr, &typed.ty);
        }
        visit_mut::visit_local_mut(self, local);
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut syn::ExprClosure) {
        let output = match &closure.output {
            ReturnType::Type(_, ty) => Some((**ty).clone()),
            ReturnType::Default => None,
        };
        if let Some(ty) = &output {
            tell(&mut closure.body, ty);
        }
        Typed { result: output.as_ref() }.visit_expr_mut(&mut closure.body);
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// Tells an expression its type.
fn tell(expr: &mut Expr, ty: &Type) {
    match (expr, ty) {
        (expr, Type::Paren(ty)) => tell(expr, &ty.elem),
        (Expr::Paren(of), ty) => tell(&mut of.expr, ty),
        (Expr::Group(of), ty) => tell(&mut of.expr, ty),
        (Expr::Block(of), ty) => tail(&mut of.block, ty),
        (Expr::If(of), ty) => {
            tail(&mut of.then_branch, ty);
            if let Some((_, other)) = &mut of.else_branch {
                tell(other, ty);
            }
        }
        (Expr::Match(of), ty) => of.arms.iter_mut().for_each(|arm| tell(&mut arm.body, ty)),
        (Expr::Tuple(of), Type::Tuple(ty)) => {
            of.elems.iter_mut().zip(&ty.elems).for_each(|(part, ty)| tell(part, ty));
        }
        (Expr::Array(of), Type::Array(ty)) => {
            of.elems.iter_mut().for_each(|part| tell(part, &ty.elem));
        }
        (Expr::Call(call), Type::Array(ty)) if is_from_fn(call) => made(call, ty),
        (Expr::Call(call), Type::Path(ty)) => wrapped(call, ty),
        (Expr::MethodCall(call), ty) if crate::chain::is_integer_type(ty) => counted(call, ty),
        _ => {}
    }
}

fn tail(block: &mut Block, ty: &Type) {
    if let Some(Stmt::Expr(last, None)) = block.stmts.last_mut() {
        tell(last, ty);
    }
}

/// `array::from_fn(f)` → `array::from_fn::<f64, 3, _>(f)`
fn made(call: &mut ExprCall, ty: &syn::TypeArray) {
    let (element, len) = (&*ty.elem, &ty.len);
    if let Some(Expr::Closure(closure)) = call.args.first_mut()
        && matches!(closure.output, ReturnType::Default)
    {
        tell(&mut closure.body, element);
    }
    let (Expr::Path(path), false) = (&mut *call.func, matches!(len, Expr::Infer(_))) else {
        return;
    };
    let Some(last) = path.path.segments.last_mut() else { return };
    if !matches!(last.arguments, PathArguments::None) {
        return;
    }
    let len: GenericArgument = match len {
        Expr::Lit(_) => syn::parse_quote!(#len),
        Expr::Path(path) if path.path.get_ident().is_some() => syn::parse_quote!(#len),
        _ => syn::parse_quote!({ #len }),
    };
    last.arguments = PathArguments::AngleBracketed(syn::parse_quote!(::<#element, #len, _>));
}

/// `xs.sum()` → `xs.sum::<usize>()`
fn counted(call: &mut syn::ExprMethodCall, ty: &Type) {
    let adds = call.method == "sum" || call.method == "product";
    if adds && call.args.is_empty() && call.turbofish.is_none() {
        call.turbofish = Some(syn::parse_quote!(::<#ty>));
    }
}

/// `Some(x)` and `Ok(x)` of a spelled `Option` or `Result`.
fn wrapped(call: &mut ExprCall, ty: &syn::TypePath) {
    let Expr::Path(path) = &*call.func else { return };
    let constructs =
        path.path.segments.last().is_some_and(|last| last.ident == "Some" || last.ident == "Ok");
    let Some(PathArguments::AngleBracketed(args)) =
        ty.path.segments.last().map(|last| &last.arguments)
    else {
        return;
    };
    if let (true, Some(inner), Some(GenericArgument::Type(ty))) =
        (constructs, call.args.first_mut(), args.args.first())
    {
        tell(inner, ty);
    }
}
