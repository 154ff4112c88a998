//! Functions that are refused, and those that no attribute can be meant for.

fn opaque(x: f64) -> f64 {
    macros::twice!(x) + x.lift()
}

fn dotted(x: f64) -> f64 {
    x.lift() + x.push_up()
}

fn larger(x: f64, y: f64) -> bool {
    x > y
}

async fn later(x: f64) -> f64 {
    x
}

unsafe fn raw(x: f64) -> f64 {
    x
}

extern "C" fn foreign(x: f64) -> f64 {
    x
}

fn generic<T: num_traits::Float>(x: T) -> T {
    x * x
}

fn generic_later<T>(x: &[T]) -> T
where
    T: Real,
{
    x[0]
}

fn never(x: f64) -> f64 {
    todo!()
}

trait Provides {
    fn twice(&self, x: f64) -> f64 {
        2.0 * x
    }

    fn required(&self, x: f64) -> f64;
}
