//! Second derivatives through methods that change their receiver, and through what else is lent.

use autodiff::{Differentiable, grad};

use crate::twice_and_inline;

twice_and_inline! {
    receivers: of_a_method as of_a_method_inline at [0.5, 0.8, -0.3], [1.5, -0.25, 0.7];
    fields: of_fields as of_fields_inline at [0.5, 0.8, -0.3], [1.5, -0.25, 0.7];
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Oscillator {
    at: f64,
    speed: f64,
    history: Vec<f64>,
}

impl Oscillator {
    #[grad(order = 2)]
    fn step(&mut self, k: f64, dt: f64) {
        self.speed -= dt * k * self.at.sin();
        self.at += dt * self.speed;
        self.history.push(self.at * self.speed);
    }

    #[grad(order = 2)]
    fn energy(&self, k: f64) -> f64 {
        self.speed * self.speed + k * self.at * self.at
    }

    /// Calls a method that changes it, too.
    #[grad(order = 2)]
    fn run(&mut self, k: f64, n: usize) {
        for _ in 0..n {
            self.step(k, 0.25);
            self.step(k * self.at, 0.125);
        }
    }

    #[grad(order = 2, associated)]
    fn damp(it: &mut Oscillator, by: f64) -> f64 {
        let before = it.speed;
        it.speed *= by;
        before * by
    }
}

#[grad(hvp, hessian)]
fn of_a_method(x: &[f64]) -> f64 {
    let mut it = Oscillator { at: x[0], speed: x[1], history: Vec::new() };
    let mut sum = 0.0;
    for _ in 0..2 {
        it.run(x[2], 2);
        sum += it.energy(x[1]);
        sum += Oscillator::damp(&mut it, x[0]);
    }
    it.step(sum, 0.5);
    for h in &it.history {
        sum += h * h;
    }
    sum
}

#[grad(hvp, hessian)]
fn of_a_method_inline(x: &[f64]) -> f64 {
    let (mut at, mut speed) = (x[0], x[1]);
    let mut squares = 0.0;
    let mut sum = 0.0;
    for _ in 0..2 {
        for n in 0..4 {
            let (k, dt) = if n % 2 == 0 { (x[2], 0.25) } else { (x[2] * at, 0.125) };
            speed -= dt * k * at.sin();
            at += dt * speed;
            squares += at * speed * at * speed;
        }
        sum += speed * speed + x[1] * at * at;
        sum += speed * x[0];
        speed *= x[0];
    }
    speed -= 0.5 * sum * at.sin();
    at += 0.5 * speed;
    sum + squares + at * speed * at * speed
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Rotor {
    at: f64,
    speed: f64,
}

impl Rotor {
    #[grad(order = 2)]
    fn turn(&mut self, k: f64) {
        self.speed -= 0.5 * k * self.at.sin();
        self.at += 0.5 * self.speed;
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Machine {
    left: Rotor,
    right: [Rotor; 2],
}

#[grad(hvp, hessian)]
fn of_fields(x: &[f64]) -> f64 {
    let first = Rotor { at: x[0], speed: x[1] };
    let mut machine = Machine { left: first, right: [first, Rotor { at: x[2], speed: x[0] }] };
    for i in 0..2 {
        machine.right[i].turn(x[i]);
        machine.left.turn(x[2]);
    }
    machine.left.at * machine.right[0].speed * machine.right[1].at
}

#[grad(hvp, hessian)]
fn of_fields_inline(x: &[f64]) -> f64 {
    let (mut at, mut speed) = ([x[0], x[0], x[2]], [x[1], x[1], x[0]]);
    for i in 0..2 {
        for (n, k) in [(i + 1, x[i]), (0, x[2])] {
            speed[n] -= 0.5 * k * at[n].sin();
            at[n] += 0.5 * speed[n];
        }
    }
    at[0] * speed[1] * at[2]
}
