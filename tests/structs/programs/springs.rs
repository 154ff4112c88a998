//! A network of springs that swings, with nodes in a `Vec` and springs that name them by index.

use std::ops::{Add, AddAssign, Mul, Neg, Sub};

use autodiff::{Differentiable, grad};

use crate::{confirmed, numbers};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Vec2 {
    x: f64,
    y: f64,
}

#[grad]
impl Add for Vec2 {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { x: self.x + other.x, y: self.y + other.y }
    }
}

#[grad]
impl Sub for Vec2 {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { x: self.x - other.x, y: self.y - other.y }
    }
}

#[grad]
impl Mul<f64> for Vec2 {
    type Output = Self;

    fn mul(self, k: f64) -> Self {
        Self { x: self.x * k, y: self.y * k }
    }
}

#[grad]
impl Neg for Vec2 {
    type Output = Self;

    fn neg(self) -> Self {
        Self { x: -self.x, y: -self.y }
    }
}

#[grad]
impl AddAssign for Vec2 {
    fn add_assign(&mut self, other: Self) {
        self.x += other.x;
        self.y += other.y;
    }
}

#[grad]
impl Vec2 {
    fn norm(self) -> f64 {
        self.x.hypot(self.y)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Node {
    at: Vec2,
    speed: Vec2,
    mass: f64,
    fixed: bool,
}

#[grad]
impl Node {
    fn new(x: f64, y: f64, mass: f64, fixed: bool) -> Self {
        Self { at: Vec2 { x, y }, speed: Vec2 { x: 0.0, y: 0.0 }, mass, fixed }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Spring {
    from: usize,
    to: usize,
    stiffness: f64,
    length: f64,
    damping: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Network {
    nodes: Vec<Node>,
    springs: Vec<Spring>,
}

#[grad]
impl Network {
    fn energy(&self) -> f64 {
        let mut energy = 0.0;
        for spring in &self.springs {
            let stretch =
                (self.nodes[spring.to].at - self.nodes[spring.from].at).norm() - spring.length;
            energy += 0.5 * spring.stiffness * stretch * stretch;
        }
        for node in self.nodes.iter().filter(|node| !node.fixed) {
            energy += 0.5 * node.mass * node.speed.norm().powi(2) + 9.81 * node.mass * node.at.y;
        }
        energy
    }

    fn step(&mut self, dt: f64) {
        let mut forces = vec![Vec2 { x: 0.0, y: 0.0 }; self.nodes.len()];
        for spring in &self.springs {
            let (a, b) = (self.nodes[spring.from], self.nodes[spring.to]);
            let between = b.at - a.at;
            let length = between.norm();
            let mut pull = spring.stiffness * (length - spring.length) / length;
            if let Some(damping) = spring.damping {
                pull += damping * (b.speed - a.speed).norm();
            }
            forces[spring.from] += between * pull;
            forces[spring.to] += -(between * pull);
        }
        for (node, force) in self.nodes.iter_mut().zip(&forces) {
            if node.fixed {
                continue;
            }
            let pull = *force * (1.0 / node.mass);
            node.speed += pull * dt;
            node.at += node.speed * dt;
        }
    }
}

#[grad(jvp)]
fn swing(p: &[f64]) -> f64 {
    let nodes = vec![
        Node::new(0.0, 0.0, 1.0, true),
        Node::new(1.0, p[0], p[1], false),
        Node::new(2.0, 0.3, p[0], false),
    ];
    let springs = vec![
        Spring { from: 0, to: 1, stiffness: p[2], length: 1.0, damping: None },
        Spring { from: 1, to: 2, stiffness: 2.0, length: p[0], damping: Some(p[1] * 0.1) },
    ];
    let mut network = Network { nodes, springs };
    for _ in 0..4 {
        network.step(0.05);
    }
    network.energy()
}
confirmed!(a_network_swings: swing at numbers(3));
