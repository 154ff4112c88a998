//! Curve fitting by Levenberg–Marquardt, the Jacobian by `#[grad]`: the 27 problems of NIST's
//! reference datasets from both starting points, checked against their certified parameters.
//! `cargo run --example curve_fitting`

mod fit;
mod models;

use std::{error::Error, fs, path::Path};

use fit::Fit;
use levenberg_marquardt::LevenbergMarquardt;
use models::MODELS;
use nalgebra::DVector;

fn numbers(line: &str) -> Vec<f64> {
    line.split_whitespace().filter_map(|n| n.parse().ok()).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("curve_fitting/data");
    for (name, model) in MODELS {
        let text = fs::read_to_string(folder.join(name).with_extension("dat"))?;
        let (head, data) = text.rsplit_once("Data:").ok_or("no data")?;
        // Both starts, the certified value and its standard deviation, of each parameter.
        let table = head.lines().filter(|l| l.trim_start().starts_with('b')).map(numbers);
        let table: Vec<_> = table.filter(|row| row.len() == 4).collect();
        let mut rows: Vec<_> = data.lines().skip(1).map(numbers).collect();
        rows.retain(|row| !row.is_empty());
        if name == "Nelson" {
            rows.iter_mut().for_each(|row| row[0] = row[0].ln());
        }
        for start in 0..2 {
            let b = DVector::from_iterator(table.len(), table.iter().map(|row| row[start]));
            // A first step of 100 times the parameters, the default, takes BoxBOD onto a plateau.
            let solver = LevenbergMarquardt::new().with_stepbound(10.0).with_patience(1000);
            let (fit, report) = solver.minimize(Fit::new(model, rows.clone(), b));
            let errors = fit.b.iter().zip(&table).map(|(b, row)| (b / row[2] - 1.0).abs());
            let error = errors.fold(0.0, f64::max);
            println!(
                "{name:8} {} {:3} evaluations, off by {error:.0e}",
                start + 1,
                report.number_of_evaluations
            );
            assert!(error < 1e-6, "{name} is off by {error:e}");
        }
    }
    Ok(())
}
