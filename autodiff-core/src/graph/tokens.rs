//! What the user's tokens without a derivative are in a graph, and the places that they name.

use autodiff_runtime::graph::{Formula, Node, NodeId};

use super::build::Builder;
use super::meaning::Meaning;
use super::opaque::{self, Sort};
use super::spell;
use super::term::Term;
use crate::ir::{FloatTy, Inst, Member, Ty, ValueId};

impl Builder<'_> {
    /// The user's tokens without a derivative.
    pub(super) fn opaque(&mut self, inst: &Inst, expr: &syn::Expr, reads: &[ValueId]) {
        let text = spell::tidy(expr);
        for (at, &result) in inst.results.iter().enumerate() {
            self.texts.insert(result, text.clone());
            let mut nodes: Vec<NodeId> = Vec::new();
            let read = match at {
                0 => opaque::read(expr, &mut |of| self.leaf(of, reads, &mut nodes)),
                // New versions of what the tokens write.
                _ => None,
            };
            let meaning = match read {
                Some((Term(Formula::Number(number)), sort)) if sort != Sort::Condition => {
                    Meaning::Number(self.width(result, number))
                }
                _ if !self.is_needed(result) => Meaning::Hidden,
                Some((Term(Formula::Operand(at)), _)) if nodes.get(at).is_some() => {
                    nodes.get(at).map_or(Meaning::Hidden, |id| Meaning::Node(*id))
                }
                Some((term, sort)) => {
                    let name = if sort == Sort::Condition {
                        &text
                    } else {
                        &self.function.values[result].hint
                    };
                    let node = Node::apply("", &term.0.to_string()).named(name);
                    let node = nodes.iter().fold(node, |node, id| node.operand(*id, ""));
                    Meaning::Node(self.place_at(node, inst.span, false))
                }
                None => self.unknown(inst, result),
            };
            self.meanings.insert(result, meaning);
        }
    }

    /// What a variable in the user's tokens stands for, or a part of one.
    fn leaf(
        &self,
        expr: &syn::Expr,
        reads: &[ValueId],
        nodes: &mut Vec<NodeId>,
    ) -> Option<opaque::Read> {
        let (meaning, ty, is_parameter) = self.part(expr, reads)?;
        let sort = match ty.behind_refs() {
            Ty::Float(FloatTy::F32) => Sort::Single,
            Ty::Float(_) => Sort::Float,
            // A parameter that is an integer or a `bool`, or an integer that is known.
            Ty::Inert if is_parameter || matches!(meaning, Meaning::Number(_)) => Sort::Integer,
            _ => return None,
        };
        match meaning {
            Meaning::Number(number) => Some((Term::number(number), sort)),
            Meaning::Node(id) => {
                let at = nodes.iter().position(|known| *known == id).unwrap_or(nodes.len());
                if at == nodes.len() {
                    nodes.push(id);
                }
                Some((Term(Formula::Operand(at)), sort))
            }
            Meaning::Parts(_) | Meaning::Fields(_) | Meaning::Hidden => None,
        }
    }

    /// A place in the user's tokens, its type, and whether it is a parameter as a whole.
    fn part(&self, expr: &syn::Expr, reads: &[ValueId]) -> Option<(Meaning, Ty, bool)> {
        match expr {
            syn::Expr::Path(path) => {
                let value = self.read(path.path.get_ident()?, reads)?;
                let is_parameter = self.function.params.contains(&value);
                Some((self.meaning(value), self.function.values[value].ty.clone(), is_parameter))
            }
            syn::Expr::Index(of) => {
                let (whole, ty, _) = self.part(&of.expr, reads)?;
                let (Ty::Array(element, _) | Ty::Slice(element) | Ty::Vec(element)) =
                    ty.behind_refs().clone()
                else {
                    return None;
                };
                let (index, _) = opaque::read(&of.index, &mut |_| None)?;
                let Formula::Number(index) = index.0 else { return None };
                Some((whole.element(&Meaning::Number(index))?.clone(), *element, false))
            }
            syn::Expr::Field(of) => {
                let (whole, ty, _) = self.part(&of.base, reads)?;
                let (Ty::Tuple(fields), syn::Member::Unnamed(at)) = (ty.behind_refs(), &of.member)
                else {
                    return None;
                };
                let member = Member::Unnamed(at.index);
                Some((whole.field(member)?.clone(), fields.get(at.index as usize)?.clone(), false))
            }
            syn::Expr::Paren(of) => self.part(&of.expr, reads),
            _ => None,
        }
    }

    /// The version of a variable that tokens read.
    fn read(&self, ident: &syn::Ident, reads: &[ValueId]) -> Option<ValueId> {
        let function = self.function;
        let reads_it = |value: &ValueId| {
            function.values[*value].home.as_ref().is_some_and(|home| {
                home.fields.is_empty() && function.bindings[home.binding].ident == *ident
            })
        };
        reads.iter().copied().find(reads_it)
    }
}
