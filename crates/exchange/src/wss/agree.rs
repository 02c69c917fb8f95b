//! Key agreement of suite 2.0: from a shared secret to the key that wraps the content key, and the wrapping itself.

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::key_wrap::{AES_128, AesKek, KeyWrap as _};
use zeroize::Zeroizing;

use crate::keys::KeyFault;

/// Octets of a content key and of a wrapping key.
pub(super) const KEY_LEN: usize = 16;
/// Octets of a wrapped content key.
const WRAPPED_LEN: usize = KEY_LEN + 8;

struct KeyLength;

impl KeyType for KeyLength {
    fn len(&self) -> usize {
        KEY_LEN
    }
}

/// HKDF with HMAC-SHA-256 over the shared secret, down to one AES-128 key.
pub(super) fn derive(secret: &[u8], salt: &[u8], info: &[u8]) -> Result<Zeroizing<[u8; KEY_LEN]>, KeyFault> {
    let mut key = Zeroizing::new([0; KEY_LEN]);
    let extracted = Salt::new(HKDF_SHA256, salt).extract(secret);
    let info = [info];
    let expanded = extracted.expand(&info, KeyLength).map_err(|_| KeyFault::Refused)?;
    expanded.fill(key.as_mut()).map_err(|_| KeyFault::Refused)?;
    Ok(key)
}

/// Wraps a content key, RFC 3394.
pub(super) fn wrap(wrapping: &[u8; KEY_LEN], content: &[u8; KEY_LEN]) -> Result<Vec<u8>, KeyFault> {
    let mut room = [0; WRAPPED_LEN];
    let wrapping = AesKek::new(&AES_128, wrapping).map_err(|_| KeyFault::Refused)?;
    wrapping.wrap(content, &mut room).map(|wrapped| wrapped.to_vec()).map_err(|_| KeyFault::Refused)
}

/// Unwraps a content key, RFC 3394.
pub(super) fn unwrap(wrapping: &[u8; KEY_LEN], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
    let mut room = Zeroizing::new([0; WRAPPED_LEN + 8]);
    let wrapping = AesKek::new(&AES_128, wrapping).map_err(|_| KeyFault::Refused)?;
    let content = wrapping.unwrap(wrapped, room.as_mut()).map_err(|_| KeyFault::Refused)?;
    Ok(Zeroizing::new(content.to_vec()))
}

/// Encrypts a part: nonce, ciphertext, tag.
pub(super) fn encrypt(
    key: &[u8; KEY_LEN],
    nonce: [u8; NONCE_LEN],
    plain: &[u8],
) -> Result<Vec<u8>, KeyFault> {
    let key = UnboundKey::new(&AES_128_GCM, key).map(LessSafeKey::new).map_err(|_| KeyFault::Refused)?;
    let mut out = Vec::with_capacity(NONCE_LEN + plain.len() + AES_128_GCM.tag_len());
    out.extend_from_slice(&nonce);
    out.extend_from_slice(plain);
    let nonce = Nonce::assume_unique_for_key(nonce);
    let tag = key.seal_in_place_separate_tag(nonce, Aad::empty(), &mut out[NONCE_LEN..]);
    out.extend_from_slice(tag.map_err(|_| KeyFault::Refused)?.as_ref());
    Ok(out)
}

/// Decrypts a part.
pub(super) fn decrypt(key: &[u8], sealed: &[u8]) -> Result<Vec<u8>, KeyFault> {
    let key = UnboundKey::new(&AES_128_GCM, key).map(LessSafeKey::new).map_err(|_| KeyFault::Refused)?;
    let (nonce, content) = sealed.split_at_checked(NONCE_LEN).ok_or(KeyFault::Refused)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| KeyFault::Refused)?;
    let mut room = content.to_vec();
    let length = key.open_in_place(nonce, Aad::empty(), &mut room).map_err(|_| KeyFault::Refused)?.len();
    room.truncate(length);
    Ok(room)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal"))
            .collect()
    }

    #[test]
    fn derivation_agrees_with_rfc_5869() {
        let key = derive(&[0x0b; 22], &hex("000102030405060708090a0b0c"), &hex("f0f1f2f3f4f5f6f7f8f9"));
        assert_eq!(key.expect("derived").as_slice(), &hex("3cb25f25faacd57a90434f64d0362f2a")[..]);
    }

    #[test]
    fn wrapping_agrees_with_rfc_3394() {
        let wrapping: [u8; 16] = hex("000102030405060708090A0B0C0D0E0F").try_into().expect("sixteen octets");
        let content: [u8; 16] = hex("00112233445566778899AABBCCDDEEFF").try_into().expect("sixteen octets");
        let wrapped = wrap(&wrapping, &content).expect("wrapped");
        assert_eq!(wrapped, hex("1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5"));
        assert_eq!(unwrap(&wrapping, &wrapped).expect("unwrapped").as_slice(), content);
        assert!(unwrap(&wrapping, &wrapped[1..]).is_err());
    }

    #[test]
    fn a_changed_octet_anywhere_is_not_decrypted() {
        let sealed = encrypt(&[7; 16], [9; 12], b"forty pallets").expect("encrypted");
        assert_eq!(decrypt(&[7; 16], &sealed).expect("decrypted"), b"forty pallets");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(decrypt(&[7; 16], &changed).is_err(), "octet {at}");
        }
        assert!(decrypt(&[7; 16], &sealed[..11]).is_err());
    }
}
