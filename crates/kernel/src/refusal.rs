//! Refusals: why an act is not possible now, and what would help.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Why an act is not possible now. People read a page per code; the values say what was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Stable code with a page of its own in the manual, such as `no-live-term`.
    pub code: Cow<'static, str>,
    /// The values the decision stood on, as a short datum.
    pub reason: String,
    /// What would make the act possible, as a code or a short datum; empty where nothing would.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remedy: String,
}

impl Refusal {
    /// A refusal with its code and the values it stood on.
    #[must_use]
    pub fn new(code: &'static str, reason: impl Into<String>) -> Self {
        Self { code: Cow::Borrowed(code), reason: reason.into(), remedy: String::new() }
    }

    /// The same refusal with what would help.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.reason)?;
        if self.remedy.is_empty() { Ok(()) } else { write!(f, " (would help: {})", self.remedy) }
    }
}

impl std::error::Error for Refusal {}
