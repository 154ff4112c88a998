//! A two-layer network learns to tell the species of Fisher's irises. Its gradient is a network,
//! too; indicatif shows the progress, and plotters draws the loss.
//! `cargo run --example network -- loss.svg`

mod model;

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use autodiff::Tangent;
use autodiff_ecosystem::irises;
use indicatif::ProgressBar;
use model::{Network, accuracy, loss_grad, loss_value_and_grad};
use plotters::prelude::*;

/// The picture: how the loss falls.
fn draw(losses: &[f64], path: &Path) -> Result<(), Box<dyn Error>> {
    let area = SVGBackend::new(path, (640, 400)).into_drawing_area();
    let epochs = losses.len() as f64;
    let mut chart = ChartBuilder::on(&area)
        .margin(20)
        .set_left_and_bottom_label_area_size(50)
        .build_cartesian_2d(0.0..epochs, 0.0..1.2)?;
    chart.configure_mesh().x_desc("epochs").y_desc("loss").draw()?;
    let points = losses.iter().enumerate().map(|(epoch, loss)| (epoch as f64, *loss));
    chart.draw_series(LineSeries::new(points, &BLUE))?;
    area.present()?;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    // Every fifth flower is kept to judge by.
    let (judge, learn): (Vec<_>, Vec<_>) =
        irises()?.into_iter().enumerate().partition(|(i, _)| i % 5 == 4);
    let [judge, learn] =
        [judge, learn].map(|part| part.into_iter().map(|it| it.1).collect::<Vec<_>>());

    let weight = |i: usize, j: usize| 0.3 * (7.3 * i as f64 + 3.1 * j as f64 + 1.0).sin();
    let mut network = Network {
        hidden: std::array::from_fn(|i| std::array::from_fn(|j| weight(i, j))),
        output: std::array::from_fn(|i| std::array::from_fn(|j| weight(i + 6, j))),
    };
    let progress = ProgressBar::new(3000);
    let mut losses = vec![];
    let mut velocity = loss_grad(&network, &learn);
    for _ in 0..3000 {
        let (value, mut step) = loss_value_and_grad(&network, &learn);
        step.scale(-0.05);
        velocity.scale(0.9);
        velocity.add_assign(&step);
        network.add_assign(&velocity);
        losses.push(value);
        progress.inc(1);
    }
    progress.finish();
    let path = std::env::args().nth(1).map(PathBuf::from);
    let path = path.unwrap_or_else(|| std::env::temp_dir().join("iris_loss.svg"));
    draw(&losses, &path)?;
    assert!(fs::read_to_string(&path)?.contains("<polyline"), "no curve in {}", path.display());

    let (learnt, judged) = (accuracy(&network, &learn), accuracy(&network, &judge));
    println!("right: {learnt:.3} of the learnt, {judged:.3} of the others; {}", path.display());
    assert!(learnt >= 0.975 && judged >= 0.96);
    assert!(losses[2999] < 0.06 && losses[0] > 1.0);
    Ok(())
}
