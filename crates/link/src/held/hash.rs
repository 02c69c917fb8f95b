//! Texts as numbers, the same on every machine and in every version.

/// FNV-1a over the parts, each closed by a separator.
pub(crate) fn hash(parts: &[&str]) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    parts.iter().fold(0xcbf2_9ce4_8422_2325, |hash, part| step(part.bytes().fold(hash, step), 0x1f))
}

/// A word as a small number.
pub(crate) fn word_hash(word: &str) -> u32 {
    let hash = hash(&[word]);
    (hash ^ (hash >> 32)) as u32
}

/// Two numbers as one.
pub(crate) const fn mix(left: u64, right: u64) -> u64 {
    let mixed = (left ^ right.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ (mixed >> 32)
}
