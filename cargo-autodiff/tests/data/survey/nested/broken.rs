fn broken(x: f64 -> f64 {
