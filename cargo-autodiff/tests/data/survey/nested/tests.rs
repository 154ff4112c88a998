//! What `--no-tests` leaves out, and an attribute that is there already.

#[grad(constant(y))]
fn annotated(x: f64, y: f64) -> f64 {
    x * y
}

#[cfg(test)]
mod tests {
    fn helper(x: f64) -> f64 {
        x.opaque()
    }

    #[test]
    fn checks() {
        fn inside(x: f64) -> f64 {
            x
        }
        assert_eq!(inside(1.0), 1.0);
    }
}
