//! Faults: what a reader saw wrong, known by its byte offset only; the place is worked out when it is told.

use kernel::Severity;

/// One fault of the text itself, before any message is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Stable code, such as `xml-not-well-formed`.
    pub code: &'static str,
    /// Fatal where nothing after it could be read.
    pub severity: Severity,
    /// Byte offset in the decoded text.
    pub at: usize,
    /// What stood there.
    pub seen: String,
    /// What would have been right.
    pub expected: &'static str,
}

impl Fault {
    /// A fault after which the document cannot be read further.
    #[must_use]
    pub fn fatal(code: &'static str, at: usize) -> Self {
        Self { code, severity: Severity::Fatal, at, seen: String::new(), expected: "" }
    }

    /// A fault that reading goes on after.
    #[must_use]
    pub fn error(code: &'static str, at: usize) -> Self {
        Self { severity: Severity::Error, ..Self::fatal(code, at) }
    }

    /// The same fault with the text it looked at; the finding cuts it to length.
    #[must_use]
    pub fn seen(mut self, value: &str) -> Self {
        self.seen = value.chars().take(kernel::Finding::SEEN_MAX + 1).collect();
        self
    }

    /// The same fault with what would have been right.
    #[must_use]
    pub const fn expected(mut self, value: &'static str) -> Self {
        self.expected = value;
        self
    }
}
