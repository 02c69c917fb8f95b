//! Entry bundles: entries one after the other, each behind its length as two big-endian bytes.

/// The longest entry in bytes: what two bytes of length can say.
pub const ENTRY_LENGTH_MAX: usize = u16::MAX as usize;

/// Writes one more entry to a bundle. The length must have been checked against [`ENTRY_LENGTH_MAX`].
pub(crate) fn put(bundle: &mut Vec<u8>, entry: &[u8]) {
    let length = u16::try_from(entry.len()).expect("append refuses entries longer than the prefix can say");
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
}

/// The first entry of these bytes and what follows it; nothing where they end before it does.
pub(crate) fn split_first(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (prefix, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*prefix)))
}

/// The length in bytes of the first `count` entries, prefixes included; nothing where there are fewer.
pub(crate) fn length_of(bytes: &[u8], count: u64) -> Option<usize> {
    let mut rest = bytes;
    for _ in 0..count {
        rest = split_first(rest)?.1;
    }
    Some(bytes.len() - rest.len())
}
