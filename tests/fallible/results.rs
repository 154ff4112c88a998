//! `Result`: `?`, early returns, errors that are converted.

use std::num::ParseIntError;

use autodiff::grad;

use crate::{confirmed, numbers};

#[derive(Clone, Debug, PartialEq)]
enum Failure {
    Negative(String),
    Parse(ParseIntError),
    TooLarge,
    Overflow,
}

impl From<ParseIntError> for Failure {
    fn from(error: ParseIntError) -> Self {
        Self::Parse(error)
    }
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self::Negative(text)
    }
}

#[grad(jvp, vjp)]
fn root(x: f64, scale: &str) -> Result<f64, Failure> {
    let k: i32 = scale.parse()?;
    let k = f64::from(k);
    if x < 0.0 {
        return Err(Failure::Negative(format!("{x}")));
    }
    Ok(x.sqrt() * k)
}

#[grad(jvp)]
fn of_text(x: f64) -> Result<f64, String> {
    if x > 2.0 {
        return Err("too large".into());
    }
    Ok(x.exp())
}

#[grad(jvp)]
fn inert_question(p: &[f64]) -> Result<f64, Failure> {
    let text = if p.len() > 5 { "x" } else { "1" };
    let n: usize = text.parse()?;
    let quarter = p.len() / 4;
    let m = n.checked_sub(quarter).ok_or(Failure::Overflow)?;
    let k = i32::try_from(m).map_err(|_| Failure::TooLarge)?;
    Ok(p[n] * p[0].powi(k + 2))
}
confirmed!(a_question_on_what_is_inert: inert_question at numbers(3), numbers(6), numbers(4));

#[grad(jvp)]
fn active_question(p: &[f64]) -> Result<f64, Failure> {
    let a = root(p[0] * p[1], "3")?;
    let b = root(a - p[2], "2")?;
    let c = of_text(b)?;
    Ok(a * b * c)
}
confirmed!(a_question_on_an_active_payload: active_question at numbers(3), [0.2, 0.1, 3.0], [-1.0, 1.0, 1.0], [9.0, 9.0, 1.0]);

#[grad(jvp)]
fn in_loops(p: &[f64]) -> Result<f64, Failure> {
    let mut s = 1.0;
    for (i, &x) in p.iter().enumerate() {
        if i % 2 == 0 {
            s = root(s * x, "2")?;
        } else {
            let t = of_text(x * s * 0.3)?;
            s += t * x;
        }
        if s > 8.0 {
            return Err(Failure::TooLarge);
        }
        for j in 0..i {
            if x * p[j] < -2.0 {
                return Ok(s * p[j]);
            }
            s += root(p[j].abs(), "1")? * 0.1;
        }
    }
    Ok(s * s)
}
confirmed!(a_question_in_loops: in_loops at numbers(4), numbers(6), [1.0, 2.0, -3.0], [1.0, 9.0], [9.0, 1.0, 7.0, 9.0], [0.5, 0.3, 2.0, -3.0]);

#[grad(jvp)]
fn matched(p: &[f64]) -> f64 {
    let a = match root(p[0], "2") {
        Ok(v) if v > 1.0 => v * p[1],
        Ok(v) => v - p[1],
        Err(Failure::Negative(text)) => p[1] * text.len() as f64,
        Err(_) => 0.0,
    };
    let b = if let Ok(v) = of_text(a) { v * p[0] } else { p[2] * a };
    a * b
}
confirmed!(results_are_matched: matched at numbers(3), [0.01, 1.0, 2.0], [-0.5, 1.0, 2.0], [9.0, 3.0, 1.0]);

#[grad(jvp)]
fn in_the_middle(p: &[f64]) -> Result<f64, Failure> {
    let x = p[0];
    let y = x * root(p[1], "2")? + of_text(root(x, "1")? * p[2])?.sin();
    Ok(y * root(y.abs(), "3")?)
}
confirmed!(a_question_in_the_middle_of_an_expression: in_the_middle at numbers(3), [1.0, -1.0, 1.0], [-1.0, 1.0, 1.0], [1.0, 1.0, 3.0]);

#[grad(jvp)]
fn converted(p: &[f64]) -> Result<f64, Failure> {
    let a = root(p[0], "2").map_err(|_| Failure::Overflow)?;
    let b = of_text(p[1] * a).ok().ok_or(Failure::TooLarge)?;
    let c = of_text(b * 0.1).unwrap();
    let d = of_text(c * 0.3).expect("it is small");
    Ok(a * b * c * d)
}
confirmed!(errors_are_converted: converted at numbers(2), [-1.0, 1.0], [1.0, 3.0]);

#[grad(jvp)]
fn nested(p: &[f64]) -> Result<f64, String> {
    let x = {
        let y = if p[0] > 1.0 { of_text(p[0])? } else { p[1] * p[0] };
        match p.len() {
            2 => of_text(y * 0.5)?,
            3 => return Ok(y * p[2]),
            _ => return Err(format!("{} numbers", p.len())),
        }
    };
    Ok(x * x)
}
confirmed!(a_question_in_nested_blocks: nested at [1.2, 0.4], [0.9, 0.4], [3.0, 1.0], [1.2, 0.3, 0.8], [0.1; 4]);

#[test]
fn a_boxed_error() {
    #[grad(jvp)]
    fn boxed(x: f64, text: &str) -> Result<f64, Box<dyn std::error::Error>> {
        let n: i32 = text.parse()?;
        if n < 0 {
            return Err("negative".into());
        }
        Ok(x.powi(n))
    }
    assert_eq!(boxed_value_and_grad(2.0, "3").unwrap(), (8.0, 12.0));
    assert_eq!(boxed_jvp(2.0, "3", 0.5).unwrap(), (8.0, 6.0));
    assert_eq!(boxed_grad(2.0, "-3").unwrap_err().to_string(), "negative");
    assert!(boxed_grad(2.0, "three").is_err());
}
