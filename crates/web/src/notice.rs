//! What the next page tells somebody about what they just did: done, or refused and why.

use std::borrow::Cow;

use kernel::Refusal;

/// What the next page says at its top.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// It was done.
    Done {
        /// The key of the sentence.
        key: Cow<'static, str>,
        /// The values in it.
        values: Vec<(&'static str, String)>,
    },
    /// It was refused.
    Refused(Refusal),
    /// We or the machine failed; trying again is right.
    Failed,
}

impl Notice {
    /// It was done, without values.
    #[must_use]
    pub const fn done(key: &'static str) -> Self {
        Self::Done { key: Cow::Borrowed(key), values: Vec::new() }
    }

    /// The same notice with a value for its sentence.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Done { values, .. } = &mut self {
            values.push((name, value.into()));
        }
        self
    }
}
