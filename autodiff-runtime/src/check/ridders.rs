//! Derivatives of a curve at 0 by extrapolated central differences, with an error estimate.

/// How often the step is halved.
const LEVELS: i32 = 14;

/// A numeric derivative, and how far it may be off.
#[derive(Clone, Copy, Debug)]
pub(super) struct Estimate {
    pub(super) value: f64,
    pub(super) error: f64,
    /// The slope of the right side minus that of the left, where the curve has a kink.
    pub(super) jump: Option<f64>,
    /// The size of the curve's values over the first step: errors are small against this or not.
    pub(super) scale: f64,
}

/// Nothing is known.
impl Default for Estimate {
    fn default() -> Self {
        Self { value: f64::NAN, error: f64::INFINITY, jump: None, scale: 0.0 }
    }
}

/// The difference quotients of one component of the curve for one step.
#[derive(Clone, Copy)]
struct Level {
    step: f64,
    central: f64,
    /// The quotient of the right side minus that of the left.
    gap: f64,
    /// What the rounding of the curve's values may add to the quotients.
    noise: f64,
}

/// The derivatives of a curve's components at 0, starting with the given step.
///
/// `curve(t)` returns the argument that it really took (an `f32` cannot follow every t), and
/// the values there, which are exact up to the factor `epsilon`.
pub(super) fn derivative(
    step: f64,
    epsilon: f64,
    curve: impl Fn(f64) -> (f64, Vec<f64>),
) -> Vec<Estimate> {
    let (_, center) = curve(0.0);
    let mut levels = vec![Vec::new(); center.len()];
    for step in (0..LEVELS).map(|k| step * 0.5_f64.powi(k)) {
        let ((right, above), (left, below)) = (curve(step), curve(-step));
        let values = above.into_iter().zip(below).zip(&center);
        for (levels, ((above, below), center)) in levels.iter_mut().zip(values) {
            let level = Level::new((right, above), (-left, below), *center, epsilon);
            // What is not finite is too far from the point, together with all that is farther.
            if level.central.is_finite() && level.gap.is_finite() {
                levels.push(level);
            } else {
                levels.clear();
            }
        }
    }
    levels.iter().map(|levels| estimate(levels, epsilon)).collect()
}

impl Level {
    fn new(right: (f64, f64), left: (f64, f64), center: f64, epsilon: f64) -> Self {
        let ((right, above), (left, below)) = (right, left);
        let step = 0.5 * (right + left);
        Self {
            step,
            central: (above - below) / (right + left),
            gap: (above - center) / right - (center - below) / left,
            noise: epsilon * (above.abs() + below.abs() + center.abs()) / step,
        }
    }
}

fn estimate(levels: &[Level], epsilon: f64) -> Estimate {
    let mut best = extrapolate(levels);
    if let Some(first) = levels.first() {
        best.scale = first.noise / epsilon;
    }
    best.jump = jump(levels);
    if let Some(jump) = best.jump {
        best.error = best.error.max(0.5 * jump.abs());
    }
    best
}

/// Neville's scheme in step²: of all extrapolations the one that differs least from the two
/// that it was made of.
fn extrapolate(levels: &[Level]) -> Estimate {
    let mut best = Estimate::default();
    let mut previous: Vec<f64> = Vec::new();
    for (i, level) in levels.iter().enumerate() {
        let mut finer = level.central;
        let mut row = vec![finer];
        for (coarse, coarser) in levels.iter().take(i).rev().zip(previous) {
            let ratio = (coarse.step / level.step).powi(2);
            let value = finer + (finer - coarser) / (ratio - 1.0);
            let error = (value - finer).abs().max((value - coarser).abs()) + level.noise;
            if error < best.error {
                best = Estimate { value, error, ..best };
            }
            row.push(value);
            finer = value;
        }
        previous = row;
    }
    best
}

/// The limit of the gap, if it has one other than 0.
///
/// Where the curve is smooth the gap shrinks with the step; at a jump of the curve it grows.
fn jump(levels: &[Level]) -> Option<f64> {
    let limits = levels.iter().zip(levels.iter().skip(1)).map(|(coarse, fine)| {
        let change = fine.gap - coarse.gap;
        (fine.gap + change, change, 4.0 * (fine.noise + coarse.noise), fine.central)
    });
    // The best known is the one that moved least.
    let (limit, change, noise, central) =
        limits.min_by(|a, b| (a.1.abs() + a.2).total_cmp(&(b.1.abs() + b.2)))?;
    let significant = limit.abs() > 10.0 * noise + 1e-4 * (central.abs() + limit.abs());
    (significant && change.abs() < 0.25 * limit.abs()).then_some(limit)
}
