//! What each instruction of a function says of the types of its values.

use super::types::{Node, Relation, Spelling, Types};
use super::{Inside, Told};
use crate::ir::{Assignment, Call, CallForm, Inst, Kind, Member, Region, Role, Step, Ty, ValueId};
use crate::rules::Op;

impl Types<'_> {
    pub(super) fn region(&mut self, region: &Region) {
        for inst in &region.insts {
            inst.kind.regions().iter().for_each(|inner| self.region(inner));
            self.inst(inst);
        }
    }

    fn inst(&mut self, inst: &Inst) {
        match &inst.kind {
            Kind::Bind(parts) => self.same_all(&inst.results, parts),
            Kind::Block(region) => self.same_all(&inst.results, &region.yields),
            Kind::Branch(branch) => {
                for arm in &branch.arms {
                    for ((&result, role), &value) in
                        inst.results.iter().zip(&branch.roles).zip(&arm.yields)
                    {
                        if !matches!(role, Role::ArmNumber) && !self.is_never(value) {
                            self.same_values(result, value);
                        }
                    }
                }
            }
            Kind::Loop(of) => {
                self.same_all(&of.params, &of.init);
                self.same_all(&of.params, &of.body.yields);
                self.same_all(&inst.results, &of.params);
            }
            Kind::Update { of, path, by, value } => self.update((inst, *of), path, (*by, *value)),
            Kind::Call(call) => self.call(inst, call),
            kind => {
                if let [result] = inst.results.as_slice() {
                    self.made(*result, kind);
                }
            }
        }
    }

    /// An instruction with one result.
    fn made(&mut self, result: ValueId, kind: &Kind) {
        let node = self.value(result);
        match kind {
            Kind::Reborrow(of) | Kind::Wrap(of) | Kind::Payload(of) => {
                self.same_values(result, *of);
            }
            Kind::Slice(of, _) => self.same_values(result, *of),
            Kind::Field(of, member) => {
                let whole = self.value(*of);
                let part = self.inside(whole, Inside::Field(*member));
                self.same(node, part);
                // A position is one of a tuple, unless the type is known to be a struct.
                let is_struct = match self.function.values[*of].ty.behind_refs() {
                    Ty::Tuple(_) => false,
                    Ty::Unknown => !matches!(member, Member::Unnamed(_)),
                    _ => true,
                };
                self.tell(whole, Told::STRUCTURED);
                if is_struct {
                    self.tell(part, Told::FIELD);
                }
            }
            Kind::Index(of, index) => {
                let (whole, index) = (self.value(*of), self.value(*index));
                let part = self.inside(whole, Inside::Element);
                self.same(node, part);
                self.tell(whole, Told::STRUCTURED);
                self.tell(index, Told::INERT);
                if self.elements.contains(of) {
                    // `m[i][j]`: an element of a matrix, unless something else tells.
                    self.doubted.push(part);
                }
                self.elements.insert(result);
            }
            Kind::Struct { fields, base } => {
                for (member, value) in fields {
                    let (part, value) =
                        (self.inside(node, Inside::Field(*member)), self.value(*value));
                    self.same(part, value);
                }
                base.iter().for_each(|&base| self.same_values(result, base));
            }
            Kind::Tuple(parts) => {
                for (n, &part) in (0..).zip(parts) {
                    let (inside, part) =
                        (self.inside(node, Inside::Field(Member::Unnamed(n))), self.value(part));
                    self.same(inside, part);
                }
            }
            Kind::Array(parts) => parts.iter().for_each(|&part| self.element(node, part)),
            Kind::Repeat(part) | Kind::Filled(part, _) => self.element(node, *part),
            Kind::Sum(of) => {
                let whole = self.value(*of);
                let part = self.inside(whole, Inside::Element);
                self.relations.push(Relation::Alike(vec![node, part]));
            }
            Kind::Apply(op, args) => self.apply(*op, node, args),
            Kind::Const(_) | Kind::Opaque { .. } | Kind::Cast(..) => {
                self.typed(node, &self.function.values[result].ty, Spelling::Users);
            }
            _ => {}
        }
    }

    fn apply(&mut self, op: Op, result: Node, args: &[ValueId]) {
        let nodes: Vec<Node> = args.iter().map(|&arg| self.value(arg)).collect();
        if let Some(relation) = Relation::of(op.name(), result, &nodes) {
            self.relations.push(relation);
        } else {
            let floats = op.float_operands(&nodes).copied();
            self.called.push(std::iter::once(result).chain(floats).collect());
        }
    }

    fn update(
        &mut self,
        (inst, of): (&Inst, ValueId),
        path: &[Step],
        (by, value): (Assignment, ValueId),
    ) {
        let whole = self.value(of);
        inst.results.first().iter().for_each(|&&result| self.same_values(result, of));
        let part = self.part(whole, path);
        let value = self.value(value);
        match by {
            Assignment::Set => self.same(part, value),
            Assignment::Add | Assignment::Sub => {
                self.relations.push(Relation::Alike(vec![part, value]));
            }
            Assignment::Fill | Assignment::Append => {
                let element = self.inside(part, Inside::Element);
                self.same(element, value);
            }
            Assignment::RemoveLast
            | Assignment::Resize
            | Assignment::Swap(_)
            | Assignment::Reverse => {}
        }
    }

    /// A method says that its receiver has it; an operator relates its operands.
    fn call(&mut self, inst: &Inst, call: &Call) {
        if !matches!(call.form, CallForm::Primal) {
            return;
        }
        let args: Vec<Node> = call.args.iter().map(|&arg| self.value(arg)).collect();
        match &*call.callee {
            syn::Expr::MethodCall(_) if call.writes.is_empty() => {
                args.first().iter().for_each(|&&receiver| self.tell(receiver, Told::STRUCTURED));
            }
            syn::Expr::Path(path) if call.is_operator() => {
                let Some(&result) = inst.results.first() else { return };
                let node = self.value(result);
                let name = path.path.segments.last().map(|last| last.ident.to_string());
                let name = name.unwrap_or_default().to_lowercase();
                let nodes = if name == "neg" { args.get(..1) } else { args.get(..2) };
                let nodes = nodes.unwrap_or_default();
                if name.ends_with("assign") {
                    self.same(node, args.first().copied().unwrap_or(node));
                }
                let name = name.trim_end_matches("assign");
                self.relations.extend(Relation::of(name, node, nodes));
                self.operators.push((node, nodes.to_vec()));
            }
            _ => {}
        }
    }
}
