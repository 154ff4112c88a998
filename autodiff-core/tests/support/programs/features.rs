//! What programs may contain beyond straight lines and branches.

/// A kind of statement or expression that can be switched on alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// `for i in 0..n`, also without any iteration.
    Ranges,
    /// `..=`, `.rev()` and `.step_by(k)`, of ranges.
    Steps,
    /// Loops in loops.
    Nesting,
    /// `while x < 0.5 && k < 4`
    Whiles,
    /// `loop`
    Loops,
    /// `let y = loop { … break x; }`
    BreakValues,
    /// `break` in the middle of a loop.
    Breaks,
    /// `continue`
    Continues,
    /// `break` and `continue` of outer loops.
    Labels,
    /// Early `return`.
    Returns,
    /// `let y = if c { continue } else { x };`
    ChosenExits,
    /// Integer variables that change in loops.
    Counters,
    /// Mutable arrays, and parameters `[f64; 4]`.
    Arrays,
    /// `Vec`s
    Vecs,
    /// `Vec`s that grow.
    Pushes,
    /// Elements that are read and written by several indices: `a[i] += a[j] * a[2]`.
    Aliases,
    /// `a.swap(i, j)`, `(x, y) = (y, x)`
    Swaps,
    /// `for x in &a`
    Elements,
    /// `for x in a.iter_mut()`
    ElementsMut,
    /// `for (i, x) in a.iter().enumerate()`
    Enumerations,
    /// `let row = &mut a[1..3];`
    Parts,
    /// `let r = &mut a[i];`
    References,
    /// Parameters `&mut [f64]`.
    MutParams,
    /// Calls with arguments `&mut a`.
    MutCalls,
}

/// Every feature by its name, in order.
const NAMES: [(&str, Feature); 24] = [
    ("ranges", Feature::Ranges),
    ("steps", Feature::Steps),
    ("nesting", Feature::Nesting),
    ("whiles", Feature::Whiles),
    ("loops", Feature::Loops),
    ("break-values", Feature::BreakValues),
    ("breaks", Feature::Breaks),
    ("continues", Feature::Continues),
    ("labels", Feature::Labels),
    ("returns", Feature::Returns),
    ("chosen-exits", Feature::ChosenExits),
    ("counters", Feature::Counters),
    ("arrays", Feature::Arrays),
    ("vecs", Feature::Vecs),
    ("pushes", Feature::Pushes),
    ("aliases", Feature::Aliases),
    ("swaps", Feature::Swaps),
    ("elements", Feature::Elements),
    ("elements-mut", Feature::ElementsMut),
    ("enumerations", Feature::Enumerations),
    ("parts", Feature::Parts),
    ("references", Feature::References),
    ("mut-params", Feature::MutParams),
    ("mut-calls", Feature::MutCalls),
];

/// A set of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Features(u32);

impl Features {
    pub const NONE: Self = Self(0);
    pub const ALL: Self = Self((1 << NAMES.len()) - 1);

    #[must_use]
    pub const fn with(self, feature: Feature) -> Self {
        Self(self.0 | 1 << feature as u32)
    }

    #[must_use]
    pub const fn without(self, feature: Feature) -> Self {
        Self(self.0 & !(1 << feature as u32))
    }

    pub const fn has(self, feature: Feature) -> bool {
        self.0 & 1 << feature as u32 != 0
    }

    /// `all`, `none`, or names with commas between them; a name after `-` is left out:
    /// `all,-swaps`.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.split(',').try_fold(Self::NONE, |features, word| {
            let (name, leave_out) = match word.trim().strip_prefix('-') {
                Some(name) => (name, true),
                None => (word.trim(), false),
            };
            if let ("all" | "none", false) = (name, leave_out) {
                return Ok(if name == "all" { Self::ALL } else { Self::NONE });
            }
            let known = NAMES.iter().find(|(known, _)| *known == name);
            let (_, feature) = known.ok_or_else(|| format!("no feature `{name}`"))?;
            Ok(if leave_out { features.without(*feature) } else { features.with(*feature) })
        })
    }
}

impl std::fmt::Display for Features {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = NAMES.iter().filter(|(_, feature)| self.has(*feature)).map(|(name, _)| *name);
        let names: Vec<&str> = names.collect();
        f.write_str(if names.is_empty() { "none" } else { "" })?;
        f.write_str(&names.join(","))
    }
}
