//! Limits: how much of a document is looked at before the rest is refused.

/// Bounds that keep memory and time in hand whatever arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole input; at most `u32::MAX`.
    pub bytes: usize,
    /// Elements open at once.
    pub depth: usize,
    /// Bytes of one run of text or one attribute value.
    pub text: usize,
    /// Attributes of one element.
    pub attributes: usize,
    /// Namespace prefixes bound at once.
    pub prefixes: usize,
    /// Elements in the whole input.
    pub elements: usize,
    /// Rows of a table, or items of a JSON file.
    pub rows: usize,
    /// Documents in one file.
    pub documents: usize,
}

impl Limits {
    /// What a declaration with 999 goods items needs, many times over.
    pub const MESSAGE: Self = Self {
        bytes: 64 << 20,
        depth: 256,
        text: 1 << 20,
        attributes: 64,
        prefixes: 256,
        elements: 1_000_000,
        rows: 200_000,
        documents: 100,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::MESSAGE
    }
}
