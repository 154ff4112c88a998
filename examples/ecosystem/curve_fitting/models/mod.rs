//! The models of the NIST problems: `b` are the parameters, `x` the predictors of an observation.

mod algebraic;
mod exponential;

/// Evaluates a model, and writes its gradient by the parameters.
pub(crate) type Model = fn(&[f64], &[f64], &mut [f64]) -> f64;

/// The model of each file.
pub(crate) const MODELS: [(&str, Model); 27] = [
    ("Bennett5", algebraic::bennett::value_and_grad_into),
    ("BoxBOD", exponential::saturation::value_and_grad_into),
    ("Chwirut1", exponential::chwirut::value_and_grad_into),
    ("Chwirut2", exponential::chwirut::value_and_grad_into),
    ("DanWood", algebraic::dan_wood::value_and_grad_into),
    ("ENSO", algebraic::enso::value_and_grad_into),
    ("Eckerle4", exponential::eckerle::value_and_grad_into),
    ("Gauss1", exponential::gauss::value_and_grad_into),
    ("Gauss2", exponential::gauss::value_and_grad_into),
    ("Gauss3", exponential::gauss::value_and_grad_into),
    ("Hahn1", algebraic::rational::value_and_grad_into),
    ("Kirby2", algebraic::rational::value_and_grad_into),
    ("Lanczos1", exponential::lanczos::value_and_grad_into),
    ("Lanczos2", exponential::lanczos::value_and_grad_into),
    ("Lanczos3", exponential::lanczos::value_and_grad_into),
    ("MGH09", algebraic::mgh09::value_and_grad_into),
    ("MGH10", exponential::mgh10::value_and_grad_into),
    ("MGH17", exponential::mgh17::value_and_grad_into),
    ("Misra1a", exponential::saturation::value_and_grad_into),
    ("Misra1b", algebraic::misra1b::value_and_grad_into),
    ("Misra1c", algebraic::misra1c::value_and_grad_into),
    ("Misra1d", algebraic::misra1d::value_and_grad_into),
    ("Nelson", exponential::nelson::value_and_grad_into),
    ("Rat42", exponential::rat42::value_and_grad_into),
    ("Rat43", exponential::rat43::value_and_grad_into),
    ("Roszman1", algebraic::roszman::value_and_grad_into),
    ("Thurber", algebraic::rational::value_and_grad_into),
];
