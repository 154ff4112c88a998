//! A model and its observations as a problem of least squares.

use levenberg_marquardt::LeastSquaresProblem;
use nalgebra::{DMatrix, DVector, Dyn, U1, VecStorage};

use crate::models::Model;

/// A model, rows of a response and predictors; residuals and Jacobian for the parameters `b`.
pub(crate) struct Fit {
    model: Model,
    rows: Vec<Vec<f64>>,
    pub(crate) b: DVector<f64>,
    residuals: DVector<f64>,
    jacobian: DMatrix<f64>,
}

impl Fit {
    pub(crate) fn new(model: Model, rows: Vec<Vec<f64>>, b: DVector<f64>) -> Self {
        let residuals = DVector::zeros(rows.len());
        let jacobian = DMatrix::zeros(rows.len(), b.len());
        let mut fit = Self { model, rows, b, residuals, jacobian };
        fit.set_params(&fit.b.clone());
        fit
    }
}

impl LeastSquaresProblem<f64, Dyn, Dyn> for Fit {
    type ResidualStorage = VecStorage<f64, Dyn, U1>;
    type JacobianStorage = VecStorage<f64, Dyn, Dyn>;
    type ParameterStorage = VecStorage<f64, Dyn, U1>;

    fn set_params(&mut self, b: &DVector<f64>) {
        let mut gradient = vec![0.0; b.len()];
        for (i, row) in self.rows.iter().enumerate() {
            self.residuals[i] = (self.model)(b.as_slice(), &row[1..], &mut gradient) - row[0];
            self.jacobian.row_mut(i).copy_from_slice(&gradient);
        }
        self.b.copy_from(b);
    }

    fn params(&self) -> DVector<f64> {
        self.b.clone()
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        Some(self.residuals.clone())
    }

    fn jacobian(&self) -> Option<DMatrix<f64>> {
        Some(self.jacobian.clone())
    }
}
