//! The functions that formulas call, on `f64`: those of the rule table, by name, and conditions.

/// The value of a function; `None` where there is none of that name and number of arguments.
#[allow(clippy::float_cmp, reason = "a formula compares exactly")]
pub(super) fn call(name: &str, args: &[f64]) -> Option<f64> {
    match *args {
        [x] => unary(name, x),
        [a, b] => binary(name, a, b).or_else(|| condition(name, a, b).map(truth)),
        [a, b, c] => match name {
            "mul_add" => Some(a.mul_add(b, c)),
            // `clamp` of std panics where the bounds are none; so does the program.
            "clamp" if b <= c => Some(a.clamp(b, c)),
            "when" => Some(if a == 0.0 { c } else { b }),
            _ => None,
        },
        _ => None,
    }
}

fn unary(name: &str, x: f64) -> Option<f64> {
    Some(match name {
        "neg" => -x,
        "not" => truth(!holds(x)),
        "recip" => x.recip(),
        "sin" => x.sin(),
        "cos" => x.cos(),
        "tan" => x.tan(),
        "asin" => x.asin(),
        "acos" => x.acos(),
        "atan" => x.atan(),
        "to_degrees" => x.to_degrees(),
        "to_radians" => x.to_radians(),
        "sinh" => x.sinh(),
        "cosh" => x.cosh(),
        "tanh" => x.tanh(),
        "asinh" => x.asinh(),
        "acosh" => x.acosh(),
        "atanh" => x.atanh(),
        "exp" => x.exp(),
        "exp2" => x.exp2(),
        "exp_m1" => x.exp_m1(),
        "ln" => x.ln(),
        "ln_1p" => x.ln_1p(),
        "log2" => x.log2(),
        "log10" => x.log10(),
        "sqrt" => x.sqrt(),
        "cbrt" => x.cbrt(),
        "abs" => x.abs(),
        "signum" => x.signum(),
        "floor" => x.floor(),
        "ceil" => x.ceil(),
        "round" => x.round(),
        "trunc" => x.trunc(),
        "fract" => x.fract(),
        "round_ties_even" => x.round_ties_even(),
        // An exponent is an integer already.
        "from_int" => x,
        "decrement" => (x - 1.0).max(f64::from(i32::MIN)),
        _ => return None,
    })
}

#[allow(clippy::cast_possible_truncation, reason = "an exponent is an integer already")]
fn binary(name: &str, a: f64, b: f64) -> Option<f64> {
    Some(match name {
        "add" => a + b,
        "sub" => a - b,
        "mul" => a * b,
        "div" => a / b,
        "rem" => a % b,
        "rem_euclid" => a.rem_euclid(b),
        "div_euclid" => a.div_euclid(b),
        "atan2" => a.atan2(b),
        "log" => a.log(b),
        "hypot" => a.hypot(b),
        "powi" => a.powi(b as i32),
        "powf" => a.powf(b),
        "copysign" => a.copysign(b),
        "max" => a.max(b),
        "min" => a.min(b),
        _ => return None,
    })
}

#[allow(clippy::float_cmp, reason = "a formula compares exactly")]
fn condition(name: &str, a: f64, b: f64) -> Option<bool> {
    match name {
        "lt" => Some(a < b),
        "le" => Some(a <= b),
        "eq" => Some(a == b),
        "and" => Some(holds(a) && holds(b)),
        "or" => Some(holds(a) || holds(b)),
        _ => None,
    }
}

/// A condition as a number.
fn truth(condition: bool) -> f64 {
    f64::from(u8::from(condition))
}

/// A number as a condition.
pub(super) fn holds(condition: f64) -> bool {
    condition != 0.0
}
