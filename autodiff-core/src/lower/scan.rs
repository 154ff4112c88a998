//! Looking through what is passed as it is written: what it reads and writes, and whether
//! anything in it could carry a derivative away unseen.

mod calls;
mod visit;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::Expr;
use syn::visit::Visit;

use super::Lowerer;
use super::scope::Name;
use super::shadows::Shadows;
use crate::diagnostics::Refusal;
use crate::ir::{BindingId, Effect, Ty, ValueId};

/// What a passive expression or statement does.
pub(crate) struct Scan<'l, 'd> {
    lowerer: &'l Lowerer<'d>,
    pub(crate) reads: Vec<ValueId>,
    pub(crate) writes: Vec<BindingId>,
    /// An active variable is read.
    pub(crate) active: bool,
    /// And more of it than how long it is.
    flows: bool,
    /// An active variable is written.
    pub(crate) writes_active: bool,
    pub(crate) effect: Effect,
    /// What must be refused wherever it stands.
    pub(crate) refusal: Option<(Refusal, Span)>,
    /// Whether what is scanned is lowered, not passed through: a method of a user's type that is
    /// no statement reads its receiver only, which rustc checks.
    pub(crate) lowered: bool,
    /// The method call that is being entered is a statement.
    at_statement: bool,
    /// Loops and closures entered: `break` and `return` inside them stay inside.
    loops: usize,
    closures: usize,
    /// Comparisons entered: of what is inside, a yes or no is left.
    comparisons: usize,
    /// Methods of arrays entered that count or compare.
    counts: usize,
    shadows: Shadows,
}

impl<'d> Lowerer<'d> {
    /// Scans one node.
    pub(crate) fn scan(&self, visit: impl FnOnce(&mut Scan<'_, 'd>)) -> Scan<'_, 'd> {
        let mut scan = Scan {
            lowerer: self,
            reads: Vec::new(),
            writes: Vec::new(),
            active: false,
            flows: false,
            writes_active: false,
            effect: Effect::Pure,
            refusal: None,
            lowered: false,
            at_statement: false,
            loops: 0,
            closures: 0,
            comparisons: 0,
            counts: 0,
            shadows: Shadows::default(),
        };
        visit(&mut scan);
        scan
    }
}

impl Scan<'_, '_> {
    /// The variable from outside that a name means.
    fn find(&self, name: &Name) -> Option<BindingId> {
        self.lowerer.scopes.find(name).filter(|_| !self.shadows.hides(name))
    }

    fn add_effect(&mut self, effect: Effect) {
        self.effect = super::expr::worse(self.effect, effect);
    }

    fn refuse(&mut self, refusal: Refusal, span: Span) {
        self.refusal.get_or_insert((refusal, span));
    }

    fn read(&mut self, binding: BindingId) {
        if let Some((root, path)) = self.lowerer.aliases.get(&binding) {
            path.iter().for_each(|step| step.visit_operands(&mut |value| self.reads.push(value)));
            if *root != binding {
                return self.read(*root);
            }
        }
        if let Some(value) = self.lowerer.scopes.version(binding) {
            self.active |= self.lowerer.is_active(value);
            self.flows |= self.lowerer.is_active(value) && self.counts == 0;
            if !self.reads.contains(&value) {
                self.reads.push(value);
            }
        }
        // Whoever mentions a closure may call it.
        let lowerer = self.lowerer;
        if let Some(named) = lowerer.closures.get(&binding) {
            named.captures().for_each(|capture| self.read(capture));
            named.writes().iter().for_each(|&written| self.write(written));
        }
    }

    fn write(&mut self, binding: BindingId) {
        let binding = self.lowerer.aliased(binding);
        self.effect = Effect::Any;
        if let Some(value) = self.lowerer.scopes.version(binding) {
            self.writes_active |= self.lowerer.is_active(value);
        }
        if !self.writes.contains(&binding) {
            self.writes.push(binding);
        }
    }

    /// The variable at the root of a place.
    fn root(&self, place: &Expr) -> Option<BindingId> {
        match place {
            Expr::Path(path) => path.path.get_ident().and_then(|ident| self.find(&Name::of(ident))),
            Expr::Field(e) => self.root(&e.base),
            Expr::Index(e) => self.root(&e.expr),
            Expr::Paren(e) => self.root(&e.expr),
            Expr::Group(e) => self.root(&e.expr),
            Expr::Unary(e) => self.root(&e.expr),
            Expr::MethodCall(e) => self.root(&e.receiver),
            _ => None,
        }
    }

    fn write_root(&mut self, place: &Expr) {
        match place {
            Expr::Tuple(tuple) => tuple.elems.iter().for_each(|e| self.write_root(e)),
            Expr::Array(array) => array.elems.iter().for_each(|e| self.write_root(e)),
            _ => {
                self.effect = Effect::Any;
                if let Some(binding) = self.root(place) {
                    self.write(binding);
                }
            }
        }
    }

    /// What a macro that only reads evaluates: `assert!({ n += 1; n < 3 })`.
    fn macro_arguments(&mut self, mac: &syn::Macro) {
        let list = syn::punctuated::Punctuated::<Expr, syn::Token![,]>::parse_terminated;
        for argument in mac.parse_body_with(list).into_iter().flatten() {
            // `format!("{a}", a = x)` assigns nothing.
            let named = match &argument {
                Expr::Assign(named) => &*named.right,
                other => other,
            };
            let inner = self.lowerer.scan(|scan| {
                scan.shadows = self.shadows.clone();
                // What it gives is compared, or shown.
                scan.comparisons = 1;
                scan.visit_expr(named);
            });
            self.include(inner);
        }
    }

    /// Every variable that the tokens of a macro mention, format captures included.
    fn mentioned(&self, tokens: TokenStream) -> Vec<BindingId> {
        let named = |name: &Name| self.find(name);
        tokens
            .into_iter()
            .flat_map(|tree| match tree {
                TokenTree::Ident(ident) => named(&Name::of(&ident)).into_iter().collect(),
                TokenTree::Group(group) => self.mentioned(group.stream()),
                TokenTree::Literal(literal) => {
                    super::scope::format_captures(&literal).iter().filter_map(named).collect()
                }
                TokenTree::Punct(_) => Vec::new(),
            })
            .collect()
    }

    /// Whether an expression is known to be a float.
    fn is_float(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Lit(lit) => matches!(lit.lit, syn::Lit::Float(_)),
            Expr::Paren(e) => self.is_float(&e.expr),
            Expr::Group(e) => self.is_float(&e.expr),
            Expr::Unary(e) => self.is_float(&e.expr),
            Expr::Binary(e) => self.is_float(&e.left) || self.is_float(&e.right),
            Expr::MethodCall(e) => self.is_float(&e.receiver),
            Expr::Path(_) => self
                .root(expr)
                .and_then(|binding| self.lowerer.scopes.version(binding))
                .is_some_and(|v| matches!(self.lowerer.ty(v).behind_refs(), Ty::Float(_))),
            _ => false,
        }
    }

    fn is_active_expr(&self, expr: &Expr) -> bool {
        self.within(expr).active
    }

    /// Whether a derivative could be lost: something active is changed, or something active is
    /// read and a variable that may keep it is changed, in a way that is not followed.
    pub(crate) fn hides_derivative(&self) -> bool {
        let keeps = |&binding: &BindingId| {
            let version = self.lowerer.scopes.version(binding);
            version.is_some_and(|version| may_hold_float(self.lowerer.ty(version)))
        };
        self.writes_active || self.flows && self.writes.iter().any(keeps)
    }
}

/// Whether something of a type may hold floats, for all that is known of it.
fn may_hold_float(ty: &Ty) -> bool {
    match ty.behind_refs() {
        Ty::Float(_) | Ty::Named(_) | Ty::Unknown => true,
        Ty::Inert => false,
        Ty::Array(of, _) | Ty::Slice(of) | Ty::Vec(of) | Ty::Option(of) | Ty::Ref(of) => {
            may_hold_float(of)
        }
        Ty::Tuple(fields) => fields.iter().any(may_hold_float),
    }
}

impl<'l, 'd> Scan<'l, 'd> {
    /// Scans a part of what is being scanned on its own.
    fn within(&self, part: &Expr) -> Scan<'l, 'd> {
        let (lowerer, lowered) = (self.lowerer, self.lowered);
        lowerer.scan(|scan| {
            scan.lowered = lowered;
            scan.shadows = self.shadows.clone();
            scan.visit_expr(part);
        })
    }
}

impl Lowerer<'_> {
    /// Whether a method called on this variable could change what it holds.
    pub(crate) fn may_write_through(&self, binding: BindingId) -> bool {
        self.function.bindings[binding].mutable || self.is_mut_reference(binding)
    }

    /// Whether this variable is a cell or a map, which can be filled where it is not `mut`.
    fn is_container(&self, binding: BindingId) -> bool {
        let version = self.scopes.version(self.aliased(binding));
        version.is_some_and(|version| match self.ty(version).behind_refs() {
            Ty::Named(name) => super::receiver::is_container(&name.to_string()),
            _ => false,
        })
    }

    /// Whether this variable is a `&mut` reference, as far as its type is spelled.
    pub(crate) fn is_mut_reference(&self, binding: BindingId) -> bool {
        self.mut_references.contains(&binding) || self.aliases.contains_key(&binding)
    }
}
