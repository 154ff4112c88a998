//! What may be an `Option` or a `Result`, as only rustc knows, is made an `Option`.

/// Implemented by `Option` and `Result`.
pub trait Optional {
    /// What it holds.
    type Held;

    /// What it holds, if it does.
    fn held(self) -> Option<Self::Held>;
}

impl<T> Optional for Option<T> {
    type Held = T;

    #[inline]
    fn held(self) -> Option<T> {
        self
    }
}

impl<T, E> Optional for Result<T, E> {
    type Held = T;

    #[inline]
    fn held(self) -> Option<T> {
        self.ok()
    }
}

/// What an `Option` or a `Result` holds.
///
/// ```
/// # use autodiff_runtime::__private::optional;
/// assert_eq!(optional(Some(2.0)), Some(2.0));
/// assert_eq!(optional(Err::<f64, _>("negative")), None);
/// ```
#[inline]
#[must_use]
pub fn optional<T: Optional>(value: T) -> Option<T::Held> {
    value.held()
}
