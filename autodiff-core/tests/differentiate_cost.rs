//! Float operations of value and gradient together, against code written by hand.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]
#![allow(clippy::format_push_string, clippy::cast_possible_truncation, reason = "a generator")]

mod harness;

use autodiff_core::differentiate::{Seed, adjoint};
use autodiff_core::ir::{Function, Kind, Region};
use autodiff_core::rules::Op;
use autodiff_core::simplify::simplify;
use harness::{gradient, lowered};

#[derive(Debug, Default, PartialEq)]
struct Cost {
    add: usize,
    mul: usize,
    div: usize,
    neg: usize,
    call: usize,
    guard: usize,
}

impl Cost {
    fn arithmetic(&self) -> usize {
        self.add + self.mul + self.div
    }
}

fn cost(region: &Region, total: &mut Cost) {
    for inst in &region.insts {
        match &inst.kind {
            Kind::Apply(Op::Add | Op::Sub, _) => total.add += 1,
            Kind::Apply(Op::Mul, _) => total.mul += 1,
            Kind::Apply(Op::Div, _) => total.div += 1,
            Kind::Apply(Op::Neg, _) => total.neg += 1,
            Kind::Apply(..) | Kind::Call(_) => total.call += 1,
            Kind::Scale { .. } => {
                total.mul += 1;
                total.guard += 1;
            }
            Kind::Select { .. } => total.guard += 1,
            _ => {}
        }
        inst.kind.regions().iter().for_each(|region| cost(region, total));
    }
}

fn of(function: &Function) -> Cost {
    let mut total = Cost::default();
    cost(&function.body, &mut total);
    total
}

/// Operators and methods in source text.
fn of_source(source: &str) -> Cost {
    struct Count(Cost);
    impl<'a> syn::visit::Visit<'a> for Count {
        fn visit_bin_op(&mut self, op: &'a syn::BinOp) {
            use syn::BinOp as B;
            match op {
                B::Add(_) | B::Sub(_) | B::AddAssign(_) | B::SubAssign(_) => self.0.add += 1,
                B::Mul(_) | B::MulAssign(_) => self.0.mul += 1,
                B::Div(_) | B::DivAssign(_) => self.0.div += 1,
                _ => {}
            }
        }
        fn visit_expr_unary(&mut self, unary: &'a syn::ExprUnary) {
            if matches!(unary.op, syn::UnOp::Neg(_)) && !matches!(*unary.expr, syn::Expr::Lit(_)) {
                self.0.neg += 1;
            }
            syn::visit::visit_expr_unary(self, unary);
        }
        fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
            self.0.call += 1;
            syn::visit::visit_expr_method_call(self, call);
        }
        fn visit_expr_call(&mut self, call: &'a syn::ExprCall) {
            self.0.call += 1;
            syn::visit::visit_expr_call(self, call);
        }
    }
    let mut count = Count(Cost::default());
    syn::visit::visit_item_fn(&mut count, &syn::parse_str(source).unwrap());
    count.0
}

/// Additions, products, quotients and signs of the function and its gradient.
fn both(primal: &str) -> Cost {
    of(&simplify(&adjoint(&lowered(primal), Seed::One)))
}

#[test]
fn no_more_operations_than_by_hand() {
    for (primal, hand) in [(BS, BS_HAND), (DET4, DET4_HAND), (SH3, SH3_HAND)] {
        let (ours, hand) = (both(primal), of_source(hand));
        assert!(ours.arithmetic() <= hand.arithmetic(), "{ours:?} {hand:?}");
        assert!(ours.div <= hand.div, "{ours:?} {hand:?}");
    }
}

#[test]
fn the_gradient_of_the_first_example_is_what_one_writes() {
    let gradient = gradient("fn f(x: f64, y: f64) -> f64 { x * y + x.sin() }");
    let mut total = Cost::default();
    cost(&gradient.body, &mut total);
    assert_eq!(total, Cost { add: 1, call: 1, ..Cost::default() }, "{gradient}");
    assert_eq!(gradient.body.yields.last(), gradient.params.first(), "{gradient}");
}

#[test]
fn an_arm_yields_its_partials_and_the_branch_is_not_taken_twice() {
    let function = simplify(&adjoint(&lowered(NORM), Seed::One));
    let branches = |from: usize, to: usize| {
        let insts = function.body.insts.iter().skip(from).take(to - from);
        insts.filter(|inst| matches!(inst.kind, Kind::Branch(_))).count()
    };
    let from = function.reverse_from.unwrap();
    assert_eq!(
        (branches(0, from), branches(from, function.body.insts.len())),
        (2, 1),
        "{function}"
    );
}

#[test]
fn doubling_forty_times_stays_linear() {
    let body = "t = t + t; ".repeat(40);
    let total = both(&format!("fn f(x: f64) -> f64 {{ let mut t = x; {body} t }}"));
    assert_eq!(total, Cost { add: 40, ..Cost::default() });
    let body = "t = t * t; ".repeat(300);
    let total = both(&format!("fn f(x: f64) -> f64 {{ let mut t = x; {body} t }}"));
    assert!(total.mul <= 3 * 300, "{total:?}");
}

const BS: &str = r"fn black_scholes(s: f64, k: f64, r: f64, v: f64, t: f64) -> f64 {
        let sd = v * t.sqrt();
        let d1 = ((s / k).ln() + (r + 0.5 * v * v) * t) / sd;
        let d2 = d1 - sd;
        s * norm_cdf(d1) - k * (-r * t).exp() * norm_cdf(d2)
    }";

const BS_HAND: &str = r"fn g(s: f64, k: f64, r: f64, v: f64, t: f64) -> f64 {let rt = t.sqrt();
        let sd = v * rt;
        let m = s / k;
        let ln = m.ln();
        let a = r + 0.5 * v * v;
        let d1 = (ln + a * t) / sd;
        let d2 = d1 - sd;
        let (n1, f1) = cdf(d1);
        let (n2, f2) = cdf(d2);
        let disc = (-r * t).exp();
        let y = s * n1 - k * disc * n2;
        let mut sb = n1;
        let kb = -disc * n2;
        let discb = -k * n2;
        let d2b = -k * disc * f2;
        let mut rb = -t * disc * discb;
        let mut tb = -r * disc * discb;
        let d1b = s * f1 + d2b;
        let mut sdb = -d2b;
        let numb = d1b / sd;
        sdb -= d1b * d1 / sd;
        tb += numb * a;
        let ab = numb * t;
        rb += ab;
        let mut vb = ab * v;
        let mb = numb / m;
        sb += mb / k;
        let kb = kb - mb * m / k;
        vb += sdb * rt;
        tb += sdb * v * (0.5 / rt);
        (y, (sb, kb, rb, vb, tb))
    }";

const DET4: &str = r"fn det4(m: &[[f64; 4]; 4]) -> f64 {
        let [a, b, c, d] = m;
        let s0 = a[0] * b[1] - a[1] * b[0];
        let s1 = a[0] * b[2] - a[2] * b[0];
        let s2 = a[0] * b[3] - a[3] * b[0];
        let s3 = a[1] * b[2] - a[2] * b[1];
        let s4 = a[1] * b[3] - a[3] * b[1];
        let s5 = a[2] * b[3] - a[3] * b[2];
        let c0 = c[0] * d[1] - c[1] * d[0];
        let c1 = c[0] * d[2] - c[2] * d[0];
        let c2 = c[0] * d[3] - c[3] * d[0];
        let c3 = c[1] * d[2] - c[2] * d[1];
        let c4 = c[1] * d[3] - c[3] * d[1];
        let c5 = c[2] * d[3] - c[3] * d[2];
        s0 * c5 - s1 * c4 + s2 * c3 + s3 * c2 - s4 * c1 + s5 * c0
    }";

const DET4_HAND: &str = r"fn det4_g(m: &[[f64; 4]; 4]) -> (f64, [[f64; 4]; 4]) {
        let [a, b, c, d] = m;
        let s0 = a[0] * b[1] - a[1] * b[0];
        let s1 = a[0] * b[2] - a[2] * b[0];
        let s2 = a[0] * b[3] - a[3] * b[0];
        let s3 = a[1] * b[2] - a[2] * b[1];
        let s4 = a[1] * b[3] - a[3] * b[1];
        let s5 = a[2] * b[3] - a[3] * b[2];
        let c0 = c[0] * d[1] - c[1] * d[0];
        let c1 = c[0] * d[2] - c[2] * d[0];
        let c2 = c[0] * d[3] - c[3] * d[0];
        let c3 = c[1] * d[2] - c[2] * d[1];
        let c4 = c[1] * d[3] - c[3] * d[1];
        let c5 = c[2] * d[3] - c[3] * d[2];
        let y = s0 * c5 - s1 * c4 + s2 * c3 + s3 * c2 - s4 * c1 + s5 * c0;
        let (s0b, s1b, s2b, s3b, s4b, s5b) = (c5, -c4, c3, c2, -c1, c0);
        let (c0b, c1b, c2b, c3b, c4b, c5b) = (s5, -s4, s3, s2, -s1, s0);
        let [mut ab, mut bb, mut cb, mut db] = [[0.0; 4]; 4];
        cb[2] += c5b * d[3];
        db[3] += c5b * c[2];
        cb[3] -= c5b * d[2];
        db[2] -= c5b * c[3];
        cb[1] += c4b * d[3];
        db[3] += c4b * c[1];
        cb[3] -= c4b * d[1];
        db[1] -= c4b * c[3];
        cb[1] += c3b * d[2];
        db[2] += c3b * c[1];
        cb[2] -= c3b * d[1];
        db[1] -= c3b * c[2];
        cb[0] += c2b * d[3];
        db[3] += c2b * c[0];
        cb[3] -= c2b * d[0];
        db[0] -= c2b * c[3];
        cb[0] += c1b * d[2];
        db[2] += c1b * c[0];
        cb[2] -= c1b * d[0];
        db[0] -= c1b * c[2];
        cb[0] += c0b * d[1];
        db[1] += c0b * c[0];
        cb[1] -= c0b * d[0];
        db[0] -= c0b * c[1];
        ab[2] += s5b * b[3];
        bb[3] += s5b * a[2];
        ab[3] -= s5b * b[2];
        bb[2] -= s5b * a[3];
        ab[1] += s4b * b[3];
        bb[3] += s4b * a[1];
        ab[3] -= s4b * b[1];
        bb[1] -= s4b * a[3];
        ab[1] += s3b * b[2];
        bb[2] += s3b * a[1];
        ab[2] -= s3b * b[1];
        bb[1] -= s3b * a[2];
        ab[0] += s2b * b[3];
        bb[3] += s2b * a[0];
        ab[3] -= s2b * b[0];
        bb[0] -= s2b * a[3];
        ab[0] += s1b * b[2];
        bb[2] += s1b * a[0];
        ab[2] -= s1b * b[0];
        bb[0] -= s1b * a[2];
        ab[0] += s0b * b[1];
        bb[1] += s0b * a[0];
        ab[1] -= s0b * b[0];
        bb[0] -= s0b * a[1];
        (y, [ab, bb, cb, db])
    }";

const SH3: &str = r"fn sh3(dir: &[f64; 3], c: &[f64; 16]) -> f64 {
        let [x, y, z] = *dir;
        let (xx, yy, zz, xy, yz, xz) = (x * x, y * y, z * z, x * y, y * z, x * z);
        SH[0] * c[0] - SH[1] * y * c[1] + SH[1] * z * c[2] - SH[1] * x * c[3] + SH[2] * xy * c[4] - SH[2] * yz * c[5]
            + SH[3] * (2.0 * zz - xx - yy) * c[6]
            - SH[2] * xz * c[7]
            + SH[4] * (xx - yy) * c[8]
            - SH[5] * y * (3.0 * xx - yy) * c[9]
            + SH[6] * xy * z * c[10]
            - SH[7] * y * (4.0 * zz - xx - yy) * c[11]
            + SH[8] * z * (2.0 * zz - 3.0 * xx - 3.0 * yy) * c[12]
            - SH[9] * x * (4.0 * zz - xx - yy) * c[13]
            + SH[10] * z * (xx - yy) * c[14]
            - SH[11] * x * (xx - 3.0 * yy) * c[15]
    }";

const SH3_HAND: &str = r"fn sh3_g(dir: &[f64; 3], c: &[f64; 16]) -> f64 {
        let [x, y, z] = *dir;
        let (xx, yy, zz, xy, yz, xz) = (x * x, y * y, z * z, x * y, y * z, x * z);
        let (p6, p8, p9, p11, p12, p15) = (
            2.0 * zz - xx - yy,
            xx - yy,
            3.0 * xx - yy,
            4.0 * zz - xx - yy,
            2.0 * zz - 3.0 * xx - 3.0 * yy,
            xx - 3.0 * yy,
        );
        let (b1, b2, b3, b4, b5, b6, b7, b8) = (
            SH[1] * y,
            SH[1] * z,
            SH[1] * x,
            SH[2] * xy,
            SH[2] * yz,
            SH[3] * p6,
            SH[2] * xz,
            SH[4] * p8,
        );
        let (b9, b10, b11, b12, b13, b14, b15) = (
            SH[5] * y * p9,
            SH[6] * xy * z,
            SH[7] * y * p11,
            SH[8] * z * p12,
            SH[9] * x * p11,
            SH[10] * z * p8,
            SH[11] * x * p15,
        );
        let v = SH[0] * c[0] - b1 * c[1] + b2 * c[2] - b3 * c[3] + b4 * c[4] - b5 * c[5] + b6 * c[6] - b7 * c[7] + b8 * c[8] - b9 * c[9]
            + b10 * c[10]
            - b11 * c[11]
            + b12 * c[12]
            - b13 * c[13]
            + b14 * c[14]
            - b15 * c[15];
        let b = [SH[0], -b1, b2, -b3, b4, -b5, b6, -b7, b8, -b9, b10, -b11, b12, -b13, b14, -b15];
        let (mut xb, mut yb, mut zb) = (-SH[1] * c[3], -SH[1] * c[1], SH[1] * c[2]);
        let (mut xxb, mut yyb, mut zzb, mut xyb) = (0.0, 0.0, 0.0, SH[2] * c[4]);
        let (yzb, xzb) = (-SH[2] * c[5], -SH[2] * c[7]);
        xb += -SH[11] * p15 * c[15];
        let p15b = -SH[11] * x * c[15];
        xxb += p15b;
        yyb -= 3.0 * p15b;
        zb += SH[10] * p8 * c[14];
        let mut p8b = SH[10] * z * c[14];
        xb += -SH[9] * p11 * c[13];
        let mut p11b = -SH[9] * x * c[13];
        zb += SH[8] * p12 * c[12];
        let p12b = SH[8] * z * c[12];
        zzb += 2.0 * p12b;
        xxb -= 3.0 * p12b;
        yyb -= 3.0 * p12b;
        yb += -SH[7] * p11 * c[11];
        p11b += -SH[7] * y * c[11];
        zzb += 4.0 * p11b;
        xxb -= p11b;
        yyb -= p11b;
        xyb += SH[6] * z * c[10];
        zb += SH[6] * xy * c[10];
        yb += -SH[5] * p9 * c[9];
        let p9b = -SH[5] * y * c[9];
        xxb += 3.0 * p9b;
        yyb -= p9b;
        p8b += SH[4] * c[8];
        xxb += p8b;
        yyb -= p8b;
        let p6b = SH[3] * c[6];
        zzb += 2.0 * p6b;
        xxb -= p6b;
        yyb -= p6b;
        xb += xzb * z;
        zb += xzb * x;
        yb += yzb * z;
        zb += yzb * y;
        xb += xyb * y;
        yb += xyb * x;
        zb += 2.0 * zzb * z;
        yb += 2.0 * yyb * y;
        xb += 2.0 * xxb * x;
        (v, ([xb, yb, zb], b))
    }";

const NORM: &str = r"fn norm_cdf(x: f64) -> f64 {
        
        let z = x.abs();
        let e = (-0.5 * z * z).exp();
        let tail = if z < 7.07106781186547 {
            let num = (((((HART_P[0] * z + HART_P[1]) * z + HART_P[2]) * z + HART_P[3]) * z + HART_P[4]) * z + HART_P[5]) * z + HART_P[6];
            let den = ((((((HART_Q[0] * z + HART_Q[1]) * z + HART_Q[2]) * z + HART_Q[3]) * z + HART_Q[4]) * z + HART_Q[5]) * z + HART_Q[6]) * z + HART_Q[7];
            e * num / den
        } else {
            e / (z + 1.0 / (z + 2.0 / (z + 3.0 / (z + 4.0 / (z + 0.65))))) / 2.506628274631
        };
        if x > 0.0 {
            1.0 - tail
        } else {
            tail
        }
    }";

/// The longest chain of operations from the function's value to a cotangent.
fn depth(function: &Function) -> usize {
    let mut depths = std::collections::HashMap::new();
    let mut longest = 0;
    let reverse = function.body.insts.iter().skip_while(|inst| inst.syntax.is_some());
    for inst in reverse {
        let mut before = 0;
        inst.kind.visit_operands(&mut |it| before = before.max(*depths.get(&it).unwrap_or(&0)));
        let is_step = matches!(&inst.kind, Kind::Apply(op, _) if *op != Op::Neg);
        let own = usize::from(is_step);
        inst.results.iter().for_each(|&result| _ = depths.insert(result, before + own));
        longest = longest.max(before + own);
    }
    longest
}

#[test]
fn what_does_not_wait_for_a_cotangent_is_computed_first() {
    // The cotangent of k is read by two products; that of the second, by two more.
    let source = "fn f(x: f64, y: f64, a: f64, b: f64) -> f64 {
        let k = a * x - b * x * y;
        k * k
    }";
    let function = simplify(&adjoint(&lowered(source), Seed::One));
    // k̄ = 2k; x̄ = k̄ (a − y b), b̄ = −k̄ y x
    assert_eq!(depth(&function), 3, "{function}");
}
