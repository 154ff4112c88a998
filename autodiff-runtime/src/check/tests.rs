//! Right, wrong and doubtful gradients.
#![expect(clippy::unwrap_used, reason = "a panic is a failed test")]

use super::{Report, Verdict, assert_gradient, gradient, tangent};

fn scalar(f: impl Fn(f64) -> f64, x: f64, slope: f64) -> Result<Report, Report> {
    gradient(|x: &f64| f(*x), &x, &slope)
}

fn verdict(result: &Result<Report, Report>) -> Option<Verdict> {
    let report = match result {
        Ok(report) | Err(report) => report,
    };
    report.components().first().map(|c| c.verdict)
}

/// A name, a function and its derivative, and where.
type Case = (&'static str, fn(f64) -> f64, fn(f64) -> f64, f64);

#[test]
fn smooth_functions_agree_to_many_digits() {
    let cases: [Case; 12] = [
        ("exp", f64::exp, f64::exp, 1.0),
        ("exp far", f64::exp, f64::exp, 30.0),
        ("ln near 0", f64::ln, f64::recip, 1e-3),
        ("sqrt near 0", f64::sqrt, |x| 0.5 / x.sqrt(), 1e-4),
        ("sin", f64::sin, f64::cos, 100.0),
        ("fast", |x| (50.0 * x).sin(), |x| 50.0 * (50.0 * x).cos(), 1.0),
        ("constant", |_| 3.0, |_| 0.0, 1.0),
        ("zero", |_| 0.0, |_| 0.0, 1.0),
        ("extremum", f64::cos, |_| 0.0, 0.0),
        ("offset", |x| 1e6 + x * x, |x| 2.0 * x, 0.0),
        ("recip", f64::recip, |x| -1.0 / (x * x), -0.01),
        ("large", |x| 1e12 * x * x * x, |x| 3e12 * x * x, 1e3),
    ];
    for (name, f, slope, x) in cases {
        let result = scalar(f, x, slope(x));
        assert_eq!(verdict(&result), Some(Verdict::Agrees), "{name}: {result:?}");
        let report = result.unwrap_or_else(|report| report);
        for c in report.components() {
            let off = (c.numeric - c.given).abs();
            assert!(off <= 1e-9 * c.given.abs() + 1e-7, "{name}: {report}");
        }
    }
}

#[test]
fn wrong_slopes_differ() {
    for wrong in [1.0001, -1.0, 0.0, 2.0, f64::NAN, f64::INFINITY] {
        let result = scalar(f64::exp, 0.0, wrong);
        assert_eq!(verdict(&result), Some(Verdict::Differs), "{wrong}: {result:?}");
    }
    // Beyond the digits of a plain difference quotient.
    assert!(scalar(f64::sin, 1.0, 1.0_f64.cos() * (1.0 + 1e-7)).is_err());
}

#[test]
fn at_a_kink_all_between_the_slopes_is_accepted_and_marked() {
    for (slope, expected) in [
        (0.0, Verdict::Kink),
        (0.5, Verdict::Kink),
        (1.0, Verdict::Kink),
        (1.1, Verdict::Differs),
        (-0.1, Verdict::Differs),
    ] {
        let result = scalar(|x| x.max(0.0), 0.0, slope);
        assert_eq!(verdict(&result), Some(expected), "{slope}: {result:?}");
    }
    assert_eq!(verdict(&scalar(f64::abs, 0.0, 0.0)), Some(Verdict::Kink));
    assert_eq!(
        verdict(&scalar(|x| (x - 1.0).abs() + x.sin(), 1.0, 1.0_f64.cos())),
        Some(Verdict::Kink)
    );
}

#[test]
fn a_kink_nearby_does_not_disturb() {
    for distance in [1e-1, 1e-2, 1e-3] {
        let result = scalar(|x| (x - 1.0 - distance).abs(), 1.0, -1.0);
        assert_eq!(verdict(&result), Some(Verdict::Agrees), "{distance}: {result:?}");
        assert!(scalar(|x| (x - 1.0 - distance).abs(), 1.0, 1.0).is_err());
    }
}

#[test]
fn what_cannot_be_checked_is_not_called_right() {
    for (name, result) in [
        ("step", scalar(f64::floor, 2.0, 0.0)),
        ("edge", scalar(f64::sqrt, 0.0, f64::INFINITY)),
        ("pole", scalar(f64::recip, 0.0, f64::NEG_INFINITY)),
        ("outside", scalar(f64::ln, -1.0, -1.0)),
    ] {
        assert_eq!(verdict(&result), Some(Verdict::Unclear), "{name}: {result:?}");
        assert!(result.is_err(), "{name}");
    }
}

#[test]
fn single_precision_is_judged_by_its_own_precision() {
    let f = |&(x, y): &(f32, f32)| (x * y).sin() + x.exp();
    let (x, y) = (0.7_f32, 1.3_f32);
    let right = (y * (x * y).cos() + x.exp(), x * (x * y).cos());
    let report = gradient(f, &(x, y), &right);
    assert!(report.is_ok(), "{report:?}");
    assert!(gradient(f, &(x, y), &(right.0 * 1.02, right.1)).is_err());
}

#[test]
fn nested_points_with_inert_parts() {
    let f = |(rows, n, w): &(Vec<[f64; 2]>, usize, f64)| {
        rows.iter().take(*n).map(|[a, b]| w * a * b).sum::<f64>()
    };
    let point = (vec![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], 2, 0.5);
    let given = (vec![[1.0, 0.5], [2.0, 1.5], [0.0, 0.0]], 14.0);
    let report = gradient(f, &point, &given).unwrap_or_else(|report| report);
    assert!(report.passes(), "{report}");
    let labels: Vec<_> = report.components().iter().map(|c| c.label.as_str()).collect();
    assert_eq!(labels.first(), Some(&".0[0][0]"));
    assert_eq!(labels.last(), Some(&".2"));
}

#[test]
fn the_report_is_a_table() {
    let f = |(x, w): &(f64, [f64; 2])| x * w.iter().sum::<f64>();
    let report = gradient(f, &(3.0, [1.0, 0.5]), &(1.5, [3.0, 2.0])).unwrap_err();
    let text = report.named(&["x", "w"]).to_string();
    let lines: Vec<_> = text.lines().collect();
    let [head, x, w0, w1] = lines.as_slice() else { unreachable!("four lines: {text}") };
    assert!(head.starts_with("  component  given  numeric"), "{text}");
    assert!(x.starts_with("  x          1.5") && x.ends_with("agrees"), "{text}");
    assert!(w0.starts_with("  w[0]       3 ") && w0.ends_with("agrees"), "{text}");
    assert!(w1.starts_with("  w[1]       2 ") && w1.ends_with("differs  <--"), "{text}");
    let verdicts = lines.iter().map(|line| line.rfind("  agrees"));
    assert_eq!(verdicts.flatten().collect::<std::collections::BTreeSet<_>>().len(), 1, "{text}");
}

#[test]
fn the_number_of_components_must_agree() {
    let report = gradient(|x: &[f64; 3]| x.iter().sum::<f64>(), &[1.0; 3], &[1.0; 2]).unwrap_err();
    assert_eq!(report.to_string(), "  the gradient has 2 components where 3 are expected");
}

#[test]
fn a_gradient_is_that_of_one_float() {
    let report = gradient(|x: &f64| [*x, *x], &1.0, &1.0).unwrap_err();
    assert_eq!(report.to_string(), "  the result has 2 components where 1 is expected");
}

#[test]
fn tangents_of_any_shape() {
    let f = |x: &[f64]| (x.iter().product::<f64>(), x.iter().map(|x| x.exp()).collect::<Vec<_>>());
    let x = [0.5, 2.0];
    let y_dot = (0.3 * 2.0 - 0.1, vec![0.3 * 0.5_f64.exp(), -0.2 * 2.0_f64.exp()]);
    let report = tangent(f, x.as_slice(), &[0.3, -0.2], &y_dot);
    assert!(report.is_ok(), "{report:?}");
    assert!(tangent(f, x.as_slice(), &[0.3, 0.2], &y_dot).is_err());
    assert!(tangent(f, x.as_slice(), &[0.3], &y_dot).is_err());
    assert!(tangent(f, x.as_slice(), &[0.3, -0.2], &0.5).is_err());
}

#[test]
#[should_panic(expected = "the gradient of `area` is not confirmed:\n  component  given")]
fn the_assertion_names_the_function() {
    assert_gradient("area", &["a", "b"], |(a, b)| a * b, &(2.0_f64, 3.0_f64), &(3.0, 3.0));
}
