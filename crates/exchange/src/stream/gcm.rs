//! AES-128 in Galois/counter mode a piece at a time: the counter mode of the cryptographic library, and GHASH beside it.
//!
//! The library's own Galois mode takes whole messages only. Nothing decrypted here may be used before [`Gcm::tag`] was
//! compared.

use aws_lc_rs::cipher::{AES_128, DecryptionContext, StreamingDecryptingKey, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use ghash::universal_hash::UniversalHash as _;
use ghash::{GHash, Key};
use zeroize::Zeroizing;

use crate::keys::KeyFault;

/// Octets of a block and of a tag.
pub(super) const BLOCK: usize = 16;
/// Octets of a nonce.
pub(super) const NONCE: usize = 12;

/// One part being encrypted or decrypted.
pub(super) struct Gcm {
    counter: StreamingDecryptingKey,
    hash: GHash,
    mask: [u8; BLOCK],
    /// Ciphertext that does not fill a block yet.
    rest: Vec<u8>,
    length: u64,
    room: Vec<u8>,
}

impl Gcm {
    pub(super) fn new(key: &[u8], nonce: &[u8; NONCE]) -> Result<Self, KeyFault> {
        let subkey = Zeroizing::new(keystream(&mut counter(key, &[0; BLOCK])?)?);
        let mut first = [0; BLOCK];
        first[..NONCE].copy_from_slice(nonce);
        first[BLOCK - 1] = 1;
        let mut counter = counter(key, &first)?;
        let mask = keystream(&mut counter)?;
        let hash = GHash::new(&Key::from(*subkey));
        Ok(Self { counter, hash, mask, rest: Vec::with_capacity(BLOCK), length: 0, room: Vec::new() })
    }

    /// Decrypts the next piece.
    pub(super) fn open(&mut self, sealed: &[u8]) -> Result<&[u8], KeyFault> {
        self.take(sealed)?;
        self.turn(sealed)
    }

    /// Encrypts the next piece.
    pub(super) fn seal(&mut self, plain: &[u8]) -> Result<&[u8], KeyFault> {
        let mut room = std::mem::take(&mut self.room);
        let length = turn(&mut self.counter, plain, &mut room)?;
        self.take(&room[..length])?;
        self.room = room;
        Ok(&self.room[..length])
    }

    fn turn(&mut self, input: &[u8]) -> Result<&[u8], KeyFault> {
        let length = turn(&mut self.counter, input, &mut self.room)?;
        Ok(&self.room[..length])
    }

    /// Takes ciphertext into the hash.
    fn take(&mut self, sealed: &[u8]) -> Result<(), KeyFault> {
        self.length += sealed.len() as u64;
        // The counter has 32 bits; past them it would repeat.
        if self.length > LENGTH_MAX {
            return Err(KeyFault::Refused);
        }
        let missing = (BLOCK - self.rest.len()) % BLOCK;
        let (head, sealed) = sealed.split_at(missing.min(sealed.len()));
        self.rest.extend_from_slice(head);
        if self.rest.len() == BLOCK {
            self.hash.update_padded(&self.rest);
            self.rest.clear();
        }
        let whole = sealed.len() / BLOCK * BLOCK;
        self.hash.update_padded(&sealed[..whole]);
        self.rest.extend_from_slice(&sealed[whole..]);
        Ok(())
    }

    /// The tag over everything that was taken.
    pub(super) fn tag(mut self) -> [u8; BLOCK] {
        self.hash.update_padded(&self.rest);
        let mut lengths = [0; BLOCK];
        lengths[8..].copy_from_slice(&(self.length * 8).to_be_bytes());
        self.hash.update_padded(&lengths);
        let mut tag: [u8; BLOCK] = self.hash.finalize().into();
        tag.iter_mut().zip(self.mask).for_each(|(byte, mask)| *byte ^= mask);
        tag
    }
}

/// Whether two tags are the same, in the same time whatever they are.
pub(super) fn same_tag(ours: &[u8; BLOCK], theirs: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(ours, theirs).is_ok()
}

fn counter(key: &[u8], first: &[u8; BLOCK]) -> Result<StreamingDecryptingKey, KeyFault> {
    let key = UnboundCipherKey::new(&AES_128, key).map_err(|_| KeyFault::Refused)?;
    let context = DecryptionContext::Iv128(FixedLength::from(first));
    StreamingDecryptingKey::ctr(key, context).map_err(|_| KeyFault::Refused)
}

fn keystream(counter: &mut StreamingDecryptingKey) -> Result<[u8; BLOCK], KeyFault> {
    let (mut room, mut block) = (Vec::new(), [0; BLOCK]);
    let length = turn(counter, &[0; BLOCK], &mut room)?;
    if length != BLOCK {
        return Err(KeyFault::Refused);
    }
    block.copy_from_slice(&room[..BLOCK]);
    Ok(block)
}

fn turn(counter: &mut StreamingDecryptingKey, input: &[u8], room: &mut Vec<u8>) -> Result<usize, KeyFault> {
    room.resize(input.len() + BLOCK, 0);
    let turned = counter.update(input, room).map_err(|_| KeyFault::Refused)?;
    Ok(turned.written().len())
}

/// Just below what the counter can tell apart.
const LENGTH_MAX: u64 = ((1 << 32) - 2) * BLOCK as u64;

#[cfg(test)]
mod tests {
    use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
    use proptest::prelude::*;

    use super::*;

    fn library(key: &[u8; 16], nonce: [u8; NONCE], plain: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, key).expect("a key"));
        let mut room = plain.to_vec();
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = key.seal_in_place_separate_tag(nonce, Aad::empty(), &mut room).expect("sealed");
        (room, tag.as_ref().to_vec())
    }

    proptest! {
        #[test]
        fn pieces_come_out_as_the_library_makes_the_whole(
            key: [u8; 16],
            nonce: [u8; 12],
            pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..70), 0..8),
        ) {
            let plain = pieces.concat();
            let (sealed, tag) = library(&key, nonce, &plain);
            let mut ours = Gcm::new(&key, &nonce).expect("a key");
            let mut out = Vec::new();
            for piece in &pieces {
                out.extend_from_slice(ours.seal(piece).expect("sealed"));
            }
            prop_assert_eq!(&out, &sealed);
            prop_assert!(same_tag(&ours.tag(), &tag));
            let mut back = Gcm::new(&key, &nonce).expect("a key");
            let mut again = Vec::new();
            for piece in sealed.chunks(13) {
                again.extend_from_slice(back.open(piece).expect("opened"));
            }
            prop_assert_eq!(again, plain);
            prop_assert!(same_tag(&back.tag(), &tag));
        }
    }
}
