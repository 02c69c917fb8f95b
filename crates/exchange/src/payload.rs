//! Compression of payloads, with limits on what a received one may unfold to.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;

use crate::{Fault, Limits, Why};

/// Compresses. Equal octets give equal octets: the gzip header carries no time and no name.
pub(crate) fn compress(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4 + 64), Compression::fast());
    encoder.write_all(plain).and_then(|()| encoder.finish()).expect("writing to memory does not fail")
}

/// Unfolds. `room` is what all payloads of the message may still take up.
///
/// # Errors
/// [`Why::Gzip`] for damaged content, [`Why::GzipTooLarge`] past a limit; no more than the limit is ever held.
pub(crate) fn decompress(packed: &[u8], room: usize, limits: &Limits) -> Result<Vec<u8>, Fault> {
    let by_ratio = packed.len().saturating_mul(limits.ratio_max).max(limits.ratio_from);
    let most = room.min(by_ratio);
    let mut plain = Vec::with_capacity(said(packed).min(packed.len().saturating_mul(USUAL_RATIO)).min(most));
    let mut bounded = MultiGzDecoder::new(packed).take(most as u64 + 1);
    bounded.read_to_end(&mut plain).map_err(|error| Fault::new(Why::Gzip, error.to_string()))?;
    if plain.len() > most {
        return Err(Fault::new(
            Why::GzipTooLarge,
            format!("{} bytes unfold to more than {most}", packed.len()),
        ));
    }
    Ok(plain)
}

/// How many bytes the end of a gzip says it unfolds to: good for setting room aside and no more.
fn said(packed: &[u8]) -> usize {
    packed.last_chunk::<4>().map_or(0, |length| u32::from_le_bytes(*length) as usize)
}

/// How many times as long as its gzip a document is at most, as a rule.
const USUAL_RATIO: usize = 16;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn compression_loses_nothing_and_repeats_itself(plain in proptest::collection::vec(any::<u8>(), 0..2_000)) {
            let packed = compress(&plain);
            prop_assert_eq!(&packed, &compress(&plain));
            let limits = Limits::default();
            prop_assert_eq!(decompress(&packed, limits.payloads_max, &limits).expect("our own gzip"), plain);
        }
    }

    #[test]
    fn a_bomb_is_refused_at_the_limit_and_damage_at_once() {
        let limits = Limits { ratio_from: 1 << 10, ratio_max: 10, ..Limits::default() };
        let verdict =
            |packed: &[u8], room| decompress(packed, room, &limits).map(|p| p.len()).map_err(|f| f.why);
        let bomb = compress(&vec![0; 1 << 20]);
        assert_eq!(verdict(&bomb, usize::MAX), Err(Why::GzipTooLarge), "by ratio");
        assert_eq!(verdict(&compress(&[1; 900]), 800), Err(Why::GzipTooLarge), "by room");
        assert_eq!(verdict(&compress(&[1; 900]), 900), Ok(900));
        let whole = compress(b"forty pallets");
        assert_eq!(verdict(&whole[..whole.len() - 3], 900), Err(Why::Gzip), "cut off");
        assert_eq!(verdict(b"plain", 900), Err(Why::Gzip), "never compressed");
        assert_eq!(verdict(b"", 900), Err(Why::Gzip), "nothing at all");
    }
}
