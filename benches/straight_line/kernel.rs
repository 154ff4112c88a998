//! What a kernel is: a function, where it is evaluated, and its gradients by each way.

#[path = "../shared/random.rs"]
mod random;

use autodiff::check;

pub(crate) use random::Random;

/// A way to evaluate a kernel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Way {
    /// The function itself.
    Primal,
    /// The companion that `#[grad]` emits.
    Ours,
    /// Written by hand: the adjoint of each statement, last first, with the conventions of
    /// `autodiff` at singular points.
    Hand,
    /// The same without those conventions: a zero cotangent may become NaN.
    Plain,
    /// Written by hand with other algebra than the primal's, where that helps.
    Expert,
}

impl Way {
    pub(crate) const ALL: [Self; 5] =
        [Self::Primal, Self::Ours, Self::Hand, Self::Plain, Self::Expert];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Primal => "primal",
            Self::Ours => "ours",
            Self::Hand => "hand",
            Self::Plain => "plain",
            Self::Expert => "expert",
        }
    }
}

/// What a kernel is evaluated at: what it is differentiated by, and the rest.
pub(crate) type Input<K> = (<K as Kernel>::Point, <K as Kernel>::Data);
/// The value and the gradient.
pub(crate) type Both<K> = (f64, <K as Kernel>::Gradient);

/// A way to compute both.
pub(crate) type Gradient<K> = fn(&Input<K>) -> Both<K>;

pub(crate) trait Kernel: 'static {
    const NAME: &'static str;
    type Point: check::Point + Clone + 'static;
    type Data;
    type Gradient: check::Components;

    fn input(random: &mut Random) -> Input<Self>;
    fn primal(input: &Input<Self>) -> f64;
    fn ours(input: &Input<Self>) -> Both<Self>;
    fn hand(input: &Input<Self>) -> Both<Self>;

    /// Whether `plain` and `expert` are other than `hand`.
    const HAS_PLAIN: bool = false;
    const HAS_EXPERT: bool = false;

    #[inline]
    fn plain(input: &Input<Self>) -> Both<Self> {
        Self::hand(input)
    }

    #[inline]
    fn expert(input: &Input<Self>) -> Both<Self> {
        Self::plain(input)
    }
}

/// Whether a kernel has code of its own for a way.
pub(crate) fn has<K: Kernel>(way: Way) -> bool {
    match way {
        Way::Ours | Way::Hand | Way::Primal => true,
        Way::Plain => K::HAS_PLAIN,
        Way::Expert => K::HAS_EXPERT,
    }
}

/// How many points a kernel is evaluated at, in turn.
pub(crate) const POINTS: usize = 64;

/// The points at which a kernel is evaluated.
pub(crate) fn inputs<K: Kernel>() -> Vec<Input<K>> {
    let mut random = Random::new(1);
    (0..POINTS).map(|_| K::input(&mut random)).collect()
}

/// `product`, but a zero cotangent stays zero: what `autodiff` does at functions with a singular
/// point, if `CONVENTION`; nothing otherwise.
#[inline]
pub(crate) fn kept<const CONVENTION: bool>(cotangent: f64, product: f64) -> f64 {
    if CONVENTION && cotangent == 0.0 { 0.0 } else { product }
}

impl Random {
    pub(crate) fn array<const N: usize>(&mut self, low: f64, high: f64) -> [f64; N] {
        std::array::from_fn(|_| self.within(low, high))
    }
}
