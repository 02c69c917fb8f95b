//! Undoes the padding of RSA-OAEP with SHA-256 in both places and no label (RFC 8017, section 7.1.2), for modules that know
//! it with SHA-1 alone. Every fault looks the same and takes the same way.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use zeroize::Zeroizing;

/// What was padded; `None` where it was not padded so.
pub(crate) fn unpadded(encoded: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (first, rest) = encoded.split_first()?;
    let (masked_seed, masked_block) = rest.split_at_checked(HASH)?;
    let seed = Zeroizing::new(xored(masked_seed, &mask(masked_block, HASH)));
    let block = Zeroizing::new(xored(masked_block, &mask(&seed, masked_block.len())));
    let (label, content) = block.split_at_checked(HASH)?;
    // The whole block is gone through whatever stands in it.
    let (mut start, mut found, mut wrong) = (0_usize, 0_u8, 0_u8);
    for (at, byte) in content.iter().enumerate() {
        let is_one = equal(*byte, 1);
        let is_zero = equal(*byte, 0);
        let first_one = is_one & !found;
        start |= (at + 1) & usize::from(first_one & 1).wrapping_neg();
        wrong |= !found & !is_one & !is_zero;
        found |= is_one;
    }
    let label_right = verify_slices_are_equal(label, digest(&SHA256, b"").as_ref()).is_ok();
    let right = label_right & (*first == 0) & (found == 0xff) & (wrong == 0);
    right.then(|| Zeroizing::new(content[start..].to_vec()))
}

/// All bits where two octets are the same, none where they differ.
const fn equal(a: u8, b: u8) -> u8 {
    let differ = (a ^ b) as u16;
    ((differ.wrapping_sub(1) >> 8) & 0xff) as u8
}

/// MGF1 with SHA-256.
fn mask(seed: &[u8], length: usize) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(length + HASH));
    for counter in 0_u32.. {
        if out.len() >= length {
            break;
        }
        out.extend_from_slice(digest(&SHA256, &[seed, &counter.to_be_bytes()].concat()).as_ref());
    }
    out.truncate(length);
    out
}

fn xored(a: &[u8], b: &[u8]) -> Vec<u8> {
    a.iter().zip(b).map(|(a, b)| a ^ b).collect()
}

const HASH: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    fn padded(content: &[u8], length: usize) -> Vec<u8> {
        let mut block = digest(&SHA256, b"").as_ref().to_vec();
        block.resize(length - HASH - 1 - content.len() - 1, 0);
        block.push(1);
        block.extend_from_slice(content);
        let seed = [7; HASH];
        let block = xored(&block, &mask(&seed, block.len()));
        let seed = xored(&seed, &mask(&block, HASH));
        [&[0][..], &seed, &block].concat()
    }

    #[test]
    fn content_of_every_length_is_found_and_changed_octets_are_not() {
        for length in [0, 1, 16, 190] {
            let content = vec![1; length];
            let encoded = padded(&content, 256);
            assert_eq!(unpadded(&encoded).as_deref(), Some(&content), "{length}");
        }
        let encoded = padded(&[9; 16], 256);
        for at in 0..encoded.len() {
            let mut changed = encoded.clone();
            changed[at] ^= 0x80;
            // An octet of the content itself is not protected by the padding.
            assert!(unpadded(&changed).is_none_or(|seen| at >= 240 && seen.len() == 16), "octet {at}");
        }
        assert!(unpadded(&[]).is_none() && unpadded(&[0; 40]).is_none());
    }
}
