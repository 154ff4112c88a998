//! Formulas as JavaScript, for the page to compute again as inputs move.

use autodiff_runtime::graph::Formula;

/// An expression over the operands `v[0]`, `v[1]`, … and the node's own value `y`.
///
/// Every function is one of the page's object `F`, so that none is JavaScript's by accident.
pub(crate) fn expression(formula: &Formula) -> String {
    match formula {
        Formula::Number(number) if number.is_nan() => "NaN".to_owned(),
        Formula::Number(number) if number.is_infinite() => {
            (if *number > 0.0 { "Infinity" } else { "(-Infinity)" }).to_owned()
        }
        Formula::Number(number) => format!("({number:e})"),
        Formula::Operand(at) => format!("v[{at}]"),
        Formula::Value => "y".to_owned(),
        Formula::Call(name, args) => {
            let args: Vec<String> = args.iter().map(expression).collect();
            format!("F.{name}({})", args.join(","))
        }
    }
}
