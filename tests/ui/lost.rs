// errors: 9
use std::cell::Cell;

use autodiff::grad;

fn put(to: &mut f64, x: f64) -> bool {
    *to = x;
    true
}

fn put_in_cell(to: &Cell<f64>, x: f64) -> bool {
    to.set(x);
    true
}

#[grad]
fn found(y: f64, v: &[f64]) -> f64 {
    let mut sum = 0.0;
    let at = v.iter().position(|e| {
        sum += e;
        sum > 1.0
    });
    sum * y + at.map_or(0.0, |_| 1.0)
}

#[grad]
fn filtered(y: f64, v: &[f64]) -> f64 {
    let mut sum = 0.0;
    let rest: f64 = v.iter().filter(|e| {
        sum += **e * y;
        sum < 2.0
    }).map(|e| e * y).sum();
    sum + rest
}

#[grad]
fn lent(x: f64, y: f64) -> f64 {
    let mut kept = 0.0;
    if put(&mut kept, x) { kept * y } else { 0.0 }
}

#[grad]
fn asserted(x: f64, y: f64) -> f64 {
    let mut kept = 0.0;
    assert!(put(&mut kept, x));
    kept * y
}

#[grad]
fn asserted_block(x: f64, y: f64) -> f64 {
    let mut kept = 0.0;
    assert!({
        kept += x;
        true
    });
    kept * y
}

#[grad]
fn in_a_condition(x: f64, y: f64) -> f64 {
    let mut kept = 0.0;
    let large = x > 0.1 && {
        kept = x * x;
        kept > 0.2
    };
    if large { kept * y } else { y }
}

#[grad]
fn in_a_cell(x: f64, y: f64) -> f64 {
    let kept = Cell::new(0.0);
    if put_in_cell(&kept, x) { kept.get() * y } else { 0.0 }
}

#[grad]
fn as_bits(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & 0x7fff_ffff_ffff_ffff)
}

#[grad]
fn as_text(x: f64) -> f64 {
    let text = format!("{x}");
    let again: f64 = text.parse().unwrap_or(0.0);
    again * x
}

fn main() {}
