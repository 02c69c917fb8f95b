//! Bounded text: the standard's pictures (`an..35`) as types.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Text of at least one and at most `N` characters, without control characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Text<const N: usize>(String);

/// Why a text does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    /// Nothing but white space.
    #[error("the text is empty")]
    Empty,
    /// More characters than the picture allows.
    #[error("the text has {length} characters, {limit} are allowed")]
    TooLong {
        /// How many there are.
        length: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A control character stands in it.
    #[error("the text holds a control character")]
    Control,
}

impl<const N: usize> Text<N> {
    /// Takes the text without the white space around it.
    ///
    /// # Errors
    /// [`NotText`] where it is empty, too long, or holds a control character.
    pub fn new(value: &str) -> Result<Self, NotText> {
        let value = value.trim();
        let length = value.chars().count();
        match () {
            () if length == 0 => Err(NotText::Empty),
            () if length > N => Err(NotText::TooLong { length, limit: N }),
            () if value.chars().any(char::is_control) => Err(NotText::Control),
            () => Ok(Self(value.to_owned())),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const N: usize> fmt::Display for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de, const N: usize> Deserialize<'de> for Text<N> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_keeps_to_its_picture() {
        assert_eq!(Text::<3>::new(" ộng ").expect("three characters").as_str(), "ộng");
        assert_eq!(Text::<3>::new("  "), Err(NotText::Empty));
        assert_eq!(Text::<3>::new("abcd"), Err(NotText::TooLong { length: 4, limit: 3 }));
        assert_eq!(Text::<3>::new("a\u{7}b"), Err(NotText::Control));
    }
}
