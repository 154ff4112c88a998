//! Functions with derivatives as problems of [`argmin`].
//!
//! argmin asks for a trait per derivative. [`Objective`] and [`Residuals`] implement them from
//! what `#[grad]` emits, for points that are `Vec<f64>` or, with feature `nalgebra`, `DVector`s:
//!
//! ```
//! use argmin::core::{CostFunction, Gradient, Hessian};
//! use autodiff::grad;
//! use autodiff_argmin::Objective;
//!
//! #[grad(hessian)]
//! fn bowl(x: &[f64]) -> f64 {
//!     x[0] * x[0] + 3.0 * x[1] * x[1]
//! }
//!
//! let problem = Objective::new(bowl, bowl_grad).with_hessian(bowl_hessian);
//! let at = vec![1.0, 2.0];
//! assert_eq!(problem.cost(&at)?, 13.0);
//! assert_eq!(problem.gradient(&at)?, [2.0, 12.0]);
//! assert_eq!(problem.hessian(&at)?, [[2.0, 0.0], [0.0, 6.0]]);
//! # Ok::<(), argmin::core::Error>(())
//! ```
//!
//! It is a crate of its own and not a feature of `autodiff`, whose versions and lock file would
//! then depend on those of argmin. Nor does it depend on `autodiff`: functions are all it takes,
//! and closures hand over the data.

use std::marker::PhantomData;

use argmin::core::{CostFunction, Error, Gradient, Hessian, Jacobian, Operator};

/// A vector that argmin's solvers move, with the matrix that goes with it.
pub trait Point: AsRef<[f64]> + From<Vec<f64>> {
    /// Hessians and Jacobians.
    type Matrix;

    /// The matrix with these rows.
    fn matrix(rows: Vec<Vec<f64>>) -> Self::Matrix;
}

impl Point for Vec<f64> {
    type Matrix = Vec<Vec<f64>>;

    fn matrix(rows: Vec<Vec<f64>>) -> Self::Matrix {
        rows
    }
}

#[cfg(feature = "nalgebra")]
impl Point for nalgebra::DVector<f64> {
    type Matrix = nalgebra::DMatrix<f64>;

    fn matrix(rows: Vec<Vec<f64>>) -> Self::Matrix {
        let columns = rows.first().map_or(0, Vec::len);
        nalgebra::DMatrix::from_row_iterator(rows.len(), columns, rows.iter().flatten().copied())
    }
}

/// A function to minimise, with its gradient and perhaps its Hessian.
#[derive(Clone, Debug)]
pub struct Objective<P, F, G, H = ()> {
    function: F,
    gradient: G,
    hessian: H,
    point: PhantomData<fn(P)>,
}

impl<P, F: Fn(&[f64]) -> f64, G: Fn(&[f64]) -> Vec<f64>> Objective<P, F, G> {
    /// The function `f` with `f_grad`.
    pub fn new(function: F, gradient: G) -> Self {
        Self { function, gradient, hessian: (), point: PhantomData }
    }

    /// The same with `f_hessian`, by rows.
    pub fn with_hessian<H>(self, hessian: H) -> Objective<P, F, G, H>
    where
        H: Fn(&[f64]) -> Vec<Vec<f64>>,
    {
        let Self { function, gradient, hessian: (), point } = self;
        Objective { function, gradient, hessian, point }
    }
}

impl<P: Point, F: Fn(&[f64]) -> f64, G, H> CostFunction for Objective<P, F, G, H> {
    type Param = P;
    type Output = f64;

    fn cost(&self, at: &P) -> Result<f64, Error> {
        Ok((self.function)(at.as_ref()))
    }
}

impl<P: Point, F, G: Fn(&[f64]) -> Vec<f64>, H> Gradient for Objective<P, F, G, H> {
    type Param = P;
    type Gradient = P;

    fn gradient(&self, at: &P) -> Result<P, Error> {
        Ok((self.gradient)(at.as_ref()).into())
    }
}

impl<P: Point, F, G, H: Fn(&[f64]) -> Vec<Vec<f64>>> Hessian for Objective<P, F, G, H> {
    type Param = P;
    type Hessian = P::Matrix;

    fn hessian(&self, at: &P) -> Result<P::Matrix, Error> {
        Ok(P::matrix((self.hessian)(at.as_ref())))
    }
}

/// Residuals, the sum of whose squares is to be minimised, with their Jacobian.
#[derive(Clone, Debug)]
pub struct Residuals<P, R, J> {
    function: R,
    jacobian: J,
    point: PhantomData<fn(P)>,
}

impl<P, R: Fn(&[f64]) -> Vec<f64>, J: Fn(&[f64]) -> Vec<Vec<f64>>> Residuals<P, R, J> {
    /// The function `r` with `r_jacobian`.
    pub fn new(residuals: R, jacobian: J) -> Self {
        Self { function: residuals, jacobian, point: PhantomData }
    }
}

impl<P: Point, R: Fn(&[f64]) -> Vec<f64>, J> Operator for Residuals<P, R, J> {
    type Param = P;
    type Output = P;

    fn apply(&self, at: &P) -> Result<P, Error> {
        Ok((self.function)(at.as_ref()).into())
    }
}

impl<P: Point, R, J: Fn(&[f64]) -> Vec<Vec<f64>>> Jacobian for Residuals<P, R, J> {
    type Param = P;
    type Jacobian = P::Matrix;

    fn jacobian(&self, at: &P) -> Result<P::Matrix, Error> {
        Ok(P::matrix((self.jacobian)(at.as_ref())))
    }
}
