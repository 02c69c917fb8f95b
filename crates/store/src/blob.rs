//! Bytes on their way into the store: their digest is known before the one writer sees them, and where they came folded they are kept so.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use kernel::Digest;

/// Bytes to be kept, under their digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    digest: Digest,
    bytes: Vec<u8>,
    folded: Option<Vec<u8>>,
}

impl Blob {
    /// These bytes.
    #[must_use]
    pub fn of(bytes: Vec<u8>) -> Self {
        Self { digest: Digest::of(&bytes), bytes, folded: None }
    }

    /// These bytes, which somebody has folded (gzip, RFC 1952) already. They are kept folded where that is much shorter, and unfold to
    /// the same bytes; otherwise as they are.
    #[must_use]
    pub fn folded(bytes: Vec<u8>, folded: Vec<u8>) -> Self {
        let is_shorter = folded.len() < bytes.len() / 4 * 3;
        debug_assert!(!is_shorter || unfold(&folded, bytes.len()).is_some_and(|unfolded| unfolded == bytes));
        Self { folded: is_shorter.then_some(folded), ..Self::of(bytes) }
    }

    /// The digest of its bytes.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What is kept of it, and to how many bytes that unfolds where it is folded.
    #[must_use]
    pub fn to_keep(&self) -> (&[u8], Option<usize>) {
        match &self.folded {
            Some(folded) => (folded, Some(self.bytes.len())),
            None => (&self.bytes, None),
        }
    }
}

/// Unfolds to so many bytes; `None` where they are others or more.
pub(crate) fn unfold(folded: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(length);
    // One more than there should be tells that there are more.
    let mut bounded = MultiGzDecoder::new(folded).take(length as u64 + 1);
    bounded.read_to_end(&mut bytes).ok()?;
    (bytes.len() == length).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::gzip;

    #[test]
    fn what_came_folded_is_kept_folded_only_where_that_is_much_shorter() {
        let long = b"forty pallets of rubber, ".repeat(100);
        let blob = Blob::folded(long.clone(), gzip(&long));
        let (kept, unfolded) = blob.to_keep();
        assert_eq!((kept, unfolded), (&*gzip(&long), Some(long.len())));
        assert_eq!((blob.bytes(), blob.digest()), (&*long, Digest::of(&long)));
        let short = Blob::folded(b"forty pallets".to_vec(), gzip(b"forty pallets"));
        assert_eq!(short.to_keep(), (&b"forty pallets"[..], None));
    }

    #[test]
    fn nothing_unfolds_to_other_than_was_said() {
        let folded = gzip(&[7; 5_000]);
        assert_eq!(unfold(&folded, 5_000), Some(vec![7; 5_000]));
        for (folded, length) in [(&*folded, 4_999), (&folded, 5_001), (&folded[..20], 5_000), (b"", 0)] {
            assert_eq!(unfold(folded, length), None, "{length}");
        }
    }
}
