//! Pages packed with Snappy.

use snap::raw::{Decoder, decompress_len};

use super::{PAGE_BYTES_MAX, ParquetFault};

/// What was packed. A page that says it unfolds to more than it can, or than a page may, is refused before it is given
/// room.
pub(super) fn unpack(bytes: &[u8]) -> Result<Vec<u8>, ParquetFault> {
    let length = decompress_len(bytes).map_err(|_| DAMAGED)?;
    if length > PAGE_BYTES_MAX || length > bytes.len().saturating_mul(GROWS_MAX) {
        return Err(DAMAGED);
    }
    Decoder::new().decompress_vec(bytes).map_err(|_| DAMAGED)
}

/// Three bytes stand for 64 at the most.
const GROWS_MAX: usize = 64 / 3 + 1;

const DAMAGED: ParquetFault = ParquetFault::Damaged("Snappy");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_unfolds_and_one_that_lies_about_its_length_does_not() {
        // "ab", then eight from two before: a copy that reaches into itself.
        assert_eq!(unpack(&[10, 1 << 2, b'a', b'b', (8 - 4) << 2 | 1, 2]).as_deref(), Ok(&b"ababababab"[..]));
        let longest = snap::raw::Encoder::new().compress_vec(&[7; 100_000]).expect("packs");
        assert_eq!(unpack(&longest), Ok(vec![7; 100_000]));
        for damaged in [
            &[][..],
            &[5, 0, b'a'],
            &[1, 1, 0],
            &[1, 1, 9],
            &[3, 1 << 2, b'a'],
            // Says 16 MB, and 4 GB.
            &[128, 128, 128, 8, 0, b'a'],
            &[255, 255, 255, 255, 15, 0, b'a'],
        ] {
            assert_eq!(unpack(damaged), Err(DAMAGED), "{damaged:?}");
        }
    }
}
