//! A published set: the tags of its values, sorted.

/// How many bytes of the function's output a tag keeps. Of 64-bit tags, one value in `2^64 / n` is taken for a member of a
/// set of `n` by chance: 100 values against ten million err once in 18 thousand million questions.
pub const TAG_BYTES: usize = 8;

/// The tag of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(pub [u8; TAG_BYTES]);

impl Tag {
    /// The tag of the function's output.
    pub(crate) fn of(output: &[u8]) -> Self {
        let mut tag = [0; TAG_BYTES];
        tag.copy_from_slice(&output[..TAG_BYTES]);
        Self(tag)
    }
}

/// The tags of a set, sorted, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    tags: Vec<Tag>,
}

impl Published {
    /// The set of these tags.
    #[must_use]
    pub fn new(mut tags: Vec<Tag>) -> Self {
        tags.sort_unstable();
        tags.dedup();
        Self { tags }
    }

    /// Reads a set from its bytes; `None` where they are no whole number of tags.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (tags, rest) = bytes.as_chunks::<TAG_BYTES>();
        rest.is_empty().then(|| Self::new(tags.iter().copied().map(Tag).collect()))
    }

    /// The set's bytes: its tags, one after the other.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.tags.iter().flat_map(|tag| tag.0).collect()
    }

    /// Whether the set has a value of this tag.
    #[must_use]
    pub fn holds(&self, tag: &Tag) -> bool {
        self.tags.binary_search(tag).is_ok()
    }

    /// How many values it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tags.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }
}
