//! What companions are printed from.

use super::{Higher, Matrices};
use crate::graph::Built;
use crate::ir::Function;

/// The derivatives that companions are printed from.
pub struct Derivatives {
    /// The function itself.
    pub primal: Function,
    /// Value and gradient, for a result of one float.
    pub value_and_gradient: Option<Function>,
    /// The gradient alone; `None` where it is read off value and gradient.
    pub gradient: Option<Function>,
    /// Value and pullback, seeded from outside; `None` where the gradient is scaled.
    pub pullback: Option<Function>,
    /// Value and tangent; `None` where it is the product with the gradient.
    pub pushforward: Option<Function>,
    /// What is asked for beyond the first derivative.
    pub beyond: Beyond,
}

/// What is asked for beyond the first derivative.
#[derive(Default)]
pub struct Beyond {
    /// What Hessian and Jacobian are printed from.
    pub matrices: Matrices,
    /// What callers need that are differentiated several times.
    pub higher: Option<Higher>,
    /// The computation graph.
    pub(crate) graph: Option<Built>,
}
