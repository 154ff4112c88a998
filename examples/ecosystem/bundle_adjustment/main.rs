//! Bundle adjustment: cameras and points from where the cameras see the points, by
//! Levenberg–Marquardt with the Jacobian of the reprojection. The first four points are surveyed,
//! which settles position, orientation and scale. `cargo run --example bundle_adjustment`;
//! with `-- generate` it writes the scene and its truth anew.

mod generate;
mod model;
mod scene;

use std::{error::Error, fs, path::Path};

use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt};
use model::{reproject, reproject_jacobian};
use nalgebra::{DMatrix, DVector, Dyn, U1, VecStorage};
use scene::Scene;

const SURVEYED: usize = 4;

impl LeastSquaresProblem<f64, Dyn, Dyn> for Scene {
    type ResidualStorage = VecStorage<f64, Dyn, U1>;
    type JacobianStorage = VecStorage<f64, Dyn, Dyn>;
    type ParameterStorage = VecStorage<f64, Dyn, U1>;

    fn set_params(&mut self, x: &DVector<f64>) {
        let cameras = self.cameras.as_flattened_mut();
        let (of_cameras, of_points) = x.as_slice().split_at(cameras.len());
        cameras.copy_from_slice(of_cameras);
        self.points[SURVEYED..].as_flattened_mut().copy_from_slice(of_points);
    }

    fn params(&self) -> DVector<f64> {
        let points = self.points[SURVEYED..].as_flattened();
        DVector::from_vec([self.cameras.as_flattened(), points].concat())
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        let residuals = self.observations.iter().flat_map(|&(c, p, seen)| {
            let [x, y] = reproject(&self.cameras[c], &self.points[p]);
            [x - seen[0], y - seen[1]]
        });
        Some(DVector::from_vec(residuals.collect()))
    }

    fn jacobian(&self) -> Option<DMatrix<f64>> {
        let unknowns = 9 * self.cameras.len() + 3 * (self.points.len() - SURVEYED);
        let mut jacobian = DMatrix::zeros(2 * self.observations.len(), unknowns);
        for (i, &(c, p, _)) in self.observations.iter().enumerate() {
            let (of_camera, of_point) = reproject_jacobian(&self.cameras[c], &self.points[p]);
            for row in 0..2 {
                let mut out = jacobian.row_mut(2 * i + row);
                out.columns_mut(9 * c, 9).copy_from_slice(&of_camera[row]);
                if p >= SURVEYED {
                    let column = 9 * self.cameras.len() + 3 * (p - SURVEYED);
                    out.columns_mut(column, 3).copy_from_slice(&of_point[row]);
                }
            }
        }
        Some(jacobian)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bundle_adjustment");
    if std::env::args().nth(1).as_deref() == Some("generate") {
        let truth = Scene::generated();
        fs::write(folder.join("truth.txt"), truth.write())?;
        fs::write(folder.join("scene.txt"), truth.disturbed(SURVEYED).write())?;
    }
    let read = |name| Scene::read(&fs::read_to_string(folder.join(name)).ok()?);
    let (scene, truth) = read("scene.txt").zip(read("truth.txt")).ok_or("no scene")?;
    let before = (scene.params() - truth.params()).amax();
    let (scene, report) = LevenbergMarquardt::new().minimize(scene);
    let after = (scene.params() - truth.params()).amax();
    let count = report.number_of_evaluations;
    println!("off by {before:.1e} at first, {after:.1e} after {count} evaluations");
    assert!(report.termination.was_successful() && before > 1.0);
    assert!(after < 1e-6, "a parameter is off by {after:e}");
    Ok(())
}
