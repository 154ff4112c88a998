//! What is wrong with rules that the user gives.

use super::Refusal;

/// Message and help.
pub(super) fn catalogue(refusal: &Refusal) -> (String, String) {
    let (message, help) = match refusal {
        Refusal::RuleMethod => (
            "a rule is of a free function",
            "move the computation into a function, give that the rule, and call it",
        ),
        Refusal::RuleFunction(name) => {
            return (
                format!("this rule stands at the function `{name}`"),
                format!("write `{name}` here, as the function is called"),
            );
        }
        Refusal::RuleParameters(name, parameters) => {
            return (
                format!("the parameters of `{name}` are others"),
                format!("name them as in the signature: `{name}({parameters})`"),
            );
        }
        Refusal::RuleResult(name) => {
            return (
                format!("`{name}` is a parameter"),
                "give the result a name that no parameter has".to_owned(),
            );
        }
        Refusal::RulePartials(found, parameters) => return partials(*found, parameters),
        Refusal::RuleShape => (
            "a rule of partials is of one float by floats of the same type",
            "write the whole pullback and pushforward as functions, `rule(vjp = f_vjp, jvp = f_jvp)`, \
             or leave the parameter out with `constant(..)` after the rule",
        ),
        Refusal::RuleParameter => (
            "a function with a rule cannot take this",
            "take it by value or by `&`, with its type spelled out, and return what is written to it",
        ),
        Refusal::RuleFails => (
            "a function with a rule cannot return an `Option` or a `Result`",
            "give the rule to a function that takes what cannot fail, and check before the call",
        ),
        _ => (
            "this is not a rule",
            "write `rule(y = f(x, w) => [dy_dx, dy_dw])` with the function's name and parameters, or \
             `rule(vjp = f_vjp, jvp = f_jvp)`; options may follow",
        ),
    };
    (message.to_owned(), help.to_owned())
}

fn partials(found: usize, parameters: &[String]) -> (String, String) {
    let count = |n: usize, of: &str| format!("{n} {of}{}", if n == 1 { "" } else { "s" });
    (
        format!(
            "{} for {}",
            count(found, "partial"),
            count(parameters.len(), "differentiated parameter")
        ),
        format!("write one for each of {}, in this order", parameters.join(", ")),
    )
}
