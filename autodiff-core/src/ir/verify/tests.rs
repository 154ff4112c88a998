//! One broken function per invariant.

use proc_macro2::Span;

use super::verify;
use crate::ir::{
    Active, Arena, Branch, Decision, FloatTy, Function, Inst, Kind, Literal, Output, Place, Region,
    Role, Ty, ValueId, Var,
};
use crate::rules::Op;

/// `fn f(x: f64)` without a body, and `x`.
fn function() -> (Function, ValueId) {
    let mut function = Function {
        name: "f".to_owned(),
        values: Arena::default(),
        vars: Arena::default(),
        bindings: Arena::default(),
        params: Vec::new(),
        body: Region::default(),
        outputs: Vec::new(),
        reverse_from: None,
    };
    let x = value(&mut function, Active::Yes);
    function.params.push(x);
    (function, x)
}

fn value(function: &mut Function, active: Active) -> ValueId {
    function.new_value(Ty::Float(FloatTy::F64), "v", Span::call_site(), active)
}

fn inst(results: &[ValueId], kind: Kind) -> Inst {
    Inst { results: results.to_vec(), kind, syntax: None, span: Span::call_site() }
}

fn one() -> Kind {
    Kind::Const(Literal::Number(1.0))
}

fn rejected(function: &Function, because: &str) {
    let violation = verify(function).err().unwrap_or_else(|| "accepted".to_owned());
    assert!(violation.contains(because), "{violation}\n{function}");
}

#[test]
fn a_sound_function_is_accepted() {
    let (mut f, x) = function();
    let sine = value(&mut f, Active::Yes);
    f.body.insts.push(inst(&[sine], Kind::Apply(Op::Sin, [x].into())));
    f.body.yields.push(sine);
    f.outputs.push(Output::Value);
    assert_eq!(verify(&f), Ok(()));
}

#[test]
fn a_value_is_defined_once() {
    let (mut f, x) = function();
    f.body.insts.push(inst(&[x], Kind::Apply(Op::Sin, [x].into())));
    rejected(&f, "%0 is defined twice");
}

#[test]
fn a_definition_comes_before_its_uses() {
    let (mut f, x) = function();
    let (sine, twice) = (value(&mut f, Active::Yes), value(&mut f, Active::Yes));
    f.body.insts.push(inst(&[twice], Kind::Apply(Op::Add, [sine, x].into())));
    f.body.insts.push(inst(&[sine], Kind::Apply(Op::Sin, [x].into())));
    rejected(&f, "%1 is used where it is not defined");
}

/// `let a = if c { let b = 1.0; b } else { 1.0 };` and `b` after it.
#[test]
fn the_values_of_an_arm_are_visible_in_it_only() {
    let (mut f, _) = function();
    let [cond, inner, other, result] = [(); 4].map(|()| value(&mut f, Active::No));
    let arm = |v| Region { insts: vec![inst(&[v], one())], yields: vec![v] };
    let branch = Branch {
        decision: Decision::If(cond),
        arms: vec![arm(inner), arm(other)],
        roles: vec![Role::Value],
    };
    f.body.insts.push(inst(&[cond], one()));
    f.body.insts.push(inst(&[result], Kind::from(branch)));
    assert_eq!(verify(&f), Ok(()));
    f.body.yields.push(inner);
    f.outputs.push(Output::Value);
    rejected(&f, "%2 is used where it is not visible");
}

#[test]
fn the_values_of_a_block_are_visible_after_it() {
    let (mut f, _) = function();
    let [inner, result] = [(); 2].map(|()| value(&mut f, Active::No));
    let block = Region { insts: vec![inst(&[inner], one())], yields: vec![inner] };
    f.body.insts.push(inst(&[result], Kind::Block(block)));
    f.body.yields.push(inner);
    f.outputs.push(Output::Value);
    assert_eq!(verify(&f), Ok(()));
}

fn branch_of(arms: Vec<Region>, roles: Vec<Role>, results: usize) -> Function {
    let (mut f, _) = function();
    let number = value(&mut f, Active::No);
    let results: Vec<ValueId> = (0..results).map(|_| value(&mut f, Active::No)).collect();
    f.body.insts.push(inst(&[number], one()));
    let branch = Branch { decision: Decision::Number(number), arms, roles };
    f.body.insts.push(inst(&results, Kind::from(branch)));
    f
}

#[test]
fn an_arm_yields_what_its_branch_defines() {
    rejected(&branch_of(vec![Region::default()], vec![Role::Value], 1), "an arm yields 0 values");
}

#[test]
fn a_branch_has_a_role_for_each_result() {
    rejected(&branch_of(vec![Region::default()], Vec::new(), 1), "0 roles for 1 results");
}

#[test]
fn a_branch_has_arms() {
    rejected(&branch_of(Vec::new(), Vec::new(), 0), "a branch without arms");
}

#[test]
fn a_block_yields_what_it_defines() {
    let (mut f, _) = function();
    let result = value(&mut f, Active::No);
    f.body.insts.push(inst(&[result], Kind::Block(Region::default())));
    rejected(&f, "a block yields 0 values for 1 results");
}

#[test]
fn a_variable_is_allocated_before_it_is_used() {
    let (mut f, x) = function();
    let var = f.vars.push(Var { ty: Ty::Float(FloatTy::F64), hint: "v_bar".to_owned() });
    let place = Place { var, path: Vec::new() };
    f.body.insts.push(inst(&[], Kind::AddTo(place, x)));
    rejected(&f, "$0 is used before its allocation");
    f.body.insts.insert(0, inst(&[], Kind::Zero { var, like: x, len: None }));
    assert_eq!(verify(&f), Ok(()));
    f.body.insts.insert(0, inst(&[], Kind::Zero { var, like: x, len: None }));
    rejected(&f, "$0 is allocated twice");
}

#[test]
fn an_operation_has_its_operands_and_one_result() {
    let (mut f, x) = function();
    let result = value(&mut f, Active::Yes);
    f.body.insts.push(inst(&[result], Kind::Apply(Op::Mul, [x].into())));
    rejected(&f, "`mul` of 1 operands");
    f.body.insts = vec![inst(&[], Kind::Apply(Op::Sin, [x].into()))];
    rejected(&f, "0 results where 1 are due");
}

#[test]
fn a_binding_has_a_result_for_each_operand() {
    let (mut f, x) = function();
    let result = value(&mut f, Active::Yes);
    f.body.insts.push(inst(&[result], Kind::Bind(vec![x, x])));
    rejected(&f, "1 results where 2 are due");
}

#[test]
fn a_function_labels_its_outputs() {
    let (mut f, x) = function();
    f.body.yields.push(x);
    rejected(&f, "1 yields for 0 outputs");
}

#[test]
fn an_active_value_is_made_from_one() {
    let (mut f, _) = function();
    let (constant, sine) = (value(&mut f, Active::No), value(&mut f, Active::Yes));
    f.body.insts.push(inst(&[constant], one()));
    f.body.insts.push(inst(&[sine], Kind::Apply(Op::Sin, [constant].into())));
    rejected(&f, "%2 is active, but nothing that it is made from");
}
