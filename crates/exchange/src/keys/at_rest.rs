//! Secrets at rest: PKCS#8 `EncryptedPrivateKeyInfo` under a passphrase, as OpenSSL reads and writes it.
//!
//! PBES2 with PBKDF2-HMAC-SHA-256 and AES-256-CBC. Deriving the key from the passphrase is slow by design, so one
//! [`Locker`] is made and used for all secrets of a node: those it locks share a salt and differ in their vectors.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use aws_lc_rs::cipher::{
    AES_256, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey,
    UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::pbkdf2::{PBKDF2_HMAC_SHA256, derive};
use der::pem;
use zeroize::Zeroizing;

use super::KeyFault;
use crate::certificate::{Reader, tlv};

/// The salt and the rounds a key was derived with.
type Stretch = (Vec<u8>, u32);

/// Locks and unlocks secrets under one passphrase.
pub struct Locker {
    passphrase: Zeroizing<Vec<u8>>,
    /// The salt of what is locked here.
    salt: [u8; SALT],
    rounds: NonZeroU32,
    /// Keys that were derived already, by salt and rounds.
    derived: Mutex<BTreeMap<Stretch, Zeroizing<[u8; KEY]>>>,
}

impl fmt::Debug for Locker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Locker").field("rounds", &self.rounds).finish_non_exhaustive()
    }
}

impl Locker {
    /// A locker for a passphrase.
    ///
    /// # Errors
    /// [`KeyFault::Passphrase`] for an empty one, [`KeyFault::Generate`] where there is no randomness.
    pub fn new(passphrase: Zeroizing<Vec<u8>>) -> Result<Self, KeyFault> {
        if passphrase.is_empty() {
            return Err(KeyFault::Passphrase);
        }
        let mut salt = [0; SALT];
        aws_lc_rs::rand::fill(&mut salt).map_err(|_| KeyFault::Generate)?;
        Ok(Self { passphrase, salt, rounds: ROUNDS, derived: Mutex::default() })
    }

    /// The same locker with another number of rounds: fewer for tests, more where machines are fast.
    #[must_use]
    pub fn with_rounds(mut self, rounds: NonZeroU32) -> Self {
        self.rounds = rounds;
        self
    }

    /// A secret locked, in PEM with this label.
    ///
    /// # Errors
    /// [`KeyFault::Generate`] where there is no randomness.
    pub fn lock(&self, label: &str, secret: &[u8]) -> Result<String, KeyFault> {
        let key = self.key(&self.salt, self.rounds)?;
        let mut vector = [0; VECTOR];
        aws_lc_rs::rand::fill(&mut vector).map_err(|_| KeyFault::Generate)?;
        let cipher = UnboundCipherKey::new(&AES_256, key.as_ref()).map_err(|_| KeyFault::Refused)?;
        let cipher = PaddedBlockEncryptingKey::cbc_pkcs7(cipher).map_err(|_| KeyFault::Refused)?;
        let mut room = Zeroizing::new(secret.to_vec());
        let context = EncryptionContext::Iv128(FixedLength::from(&vector));
        cipher.less_safe_encrypt(&mut *room, context).map_err(|_| KeyFault::Refused)?;
        let der = written(&self.salt, self.rounds.get(), &vector, &room);
        pem::encode_string(label, pem::LineEnding::LF, &der).map_err(|_| KeyFault::Unreadable)
    }

    /// What a locked secret holds, with its label.
    ///
    /// # Errors
    /// [`KeyFault::Unreadable`] for anything but such a secret, [`KeyFault::Passphrase`] where the passphrase does not
    /// open it.
    pub fn unlock(&self, text: &str) -> Result<(String, Zeroizing<Vec<u8>>), KeyFault> {
        let (label, der) = pem::decode_vec(text.as_bytes()).map_err(|_| KeyFault::Unreadable)?;
        let Locked { salt, rounds, vector, sealed } = read(&der).ok_or(KeyFault::Unreadable)?;
        let key = self.key(salt, rounds)?;
        let cipher = UnboundCipherKey::new(&AES_256, key.as_ref()).map_err(|_| KeyFault::Refused)?;
        let cipher = PaddedBlockDecryptingKey::cbc_pkcs7(cipher).map_err(|_| KeyFault::Refused)?;
        let mut room = Zeroizing::new(sealed.to_vec());
        let context = DecryptionContext::Iv128(FixedLength::from(&vector));
        let plain = cipher.decrypt(&mut room, context).map_err(|_| KeyFault::Passphrase)?;
        Ok((label.to_owned(), Zeroizing::new(plain.to_vec())))
    }

    fn key(&self, salt: &[u8], rounds: NonZeroU32) -> Result<Zeroizing<[u8; KEY]>, KeyFault> {
        let name = (salt.to_vec(), rounds.get());
        let mut known = self.derived.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = known.get(&name) {
            return Ok(key.clone());
        }
        let mut key = Zeroizing::new([0; KEY]);
        derive(PBKDF2_HMAC_SHA256, rounds, salt, &self.passphrase, key.as_mut());
        known.insert(name, key.clone());
        Ok(key)
    }
}

/// Whether a text in PEM is a secret that was locked.
#[must_use]
pub fn is_locked(text: &str) -> bool {
    text.trim_start().lines().next().is_some_and(|line| line.contains("ENCRYPTED"))
}

struct Locked<'d> {
    salt: &'d [u8],
    rounds: NonZeroU32,
    vector: [u8; VECTOR],
    sealed: &'d [u8],
}

fn written(salt: &[u8], rounds: u32, vector: &[u8], sealed: &[u8]) -> Vec<u8> {
    let mut count = rounds.to_be_bytes().to_vec();
    while count.len() > 1 && count[0] == 0 && count[1] < 0x80 {
        count.remove(0);
    }
    if count[0] >= 0x80 {
        count.insert(0, 0);
    }
    let prf = tlv(SEQUENCE, &[HMAC_SHA256, &[5, 0]].concat());
    let kdf = tlv(SEQUENCE, &[tlv(OCTETS, salt), tlv(INTEGER, &count), prf].concat());
    let kdf = tlv(SEQUENCE, &[PBKDF2, &kdf].concat());
    let cipher = tlv(SEQUENCE, &[AES256_CBC, &tlv(OCTETS, vector)].concat());
    let scheme = tlv(SEQUENCE, &[PBES2, &tlv(SEQUENCE, &[kdf, cipher].concat())].concat());
    tlv(SEQUENCE, &[scheme, tlv(OCTETS, sealed)].concat())
}

fn read(der: &[u8]) -> Option<Locked<'_>> {
    let mut whole = Reader::of(der);
    let mut outer = whole.inside(SEQUENCE)?;
    let mut parameters = named(outer.next(SEQUENCE)?, PBES2)?.inside(SEQUENCE)?;
    let sealed = outer.next(OCTETS)?;
    let mut kdf = named(parameters.next(SEQUENCE)?, PBKDF2)?.inside(SEQUENCE)?;
    let mut cipher = named(parameters.next(SEQUENCE)?, AES256_CBC)?;
    let salt = kdf.next(OCTETS)?;
    let rounds = kdf.next(INTEGER)?;
    // The length of the key may stand here; the function must be named, since the standard's default is SHA-1.
    let _ = kdf.next(INTEGER);
    named(kdf.next(SEQUENCE)?, HMAC_SHA256)?;
    let rounds =
        rounds.iter().try_fold(0_u32, |sum, byte| sum.checked_mul(256)?.checked_add(u32::from(*byte)))?;
    let vector = cipher.next(OCTETS)?.try_into().ok()?;
    let fits = whole.rest().is_empty() && rounds <= ROUNDS_MAX;
    fits.then_some(Locked { salt, rounds: NonZeroU32::new(rounds)?, vector, sealed })
}

/// What stands behind this object identifier.
fn named<'d>(content: &'d [u8], id: &[u8]) -> Option<Reader<'d>> {
    content.strip_prefix(id).map(Reader::of)
}

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
/// Object identifiers with their tags.
const PBES2: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 13];
const PBKDF2: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 12];
const HMAC_SHA256: &[u8] = &[6, 8, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 9];
const AES256_CBC: &[u8] = &[6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 42];

const SALT: usize = 16;
const KEY: usize = 32;
const VECTOR: usize = 16;
/// What OWASP asks of PBKDF2 with HMAC-SHA-256.
const ROUNDS: NonZeroU32 = NonZeroU32::new(600_000).expect("not zero");
/// The most rounds a file may ask for, so that none can hold a start up for hours.
const ROUNDS_MAX: u32 = 10_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn locker(passphrase: &str) -> Locker {
        let locker = Locker::new(Zeroizing::new(passphrase.as_bytes().to_vec())).expect("a locker");
        locker.with_rounds(NonZeroU32::new(2_000).expect("not zero"))
    }

    #[test]
    fn a_secret_is_unlocked_by_its_passphrase_alone() {
        let text = locker("gao trang").lock("ENCRYPTED PRIVATE KEY", b"forty pallets").expect("locked");
        assert!(is_locked(&text) && !text.contains("pallets"));
        let (label, secret) = locker("gao trang").unlock(&text).expect("unlocked");
        assert_eq!((label.as_str(), secret.as_slice()), ("ENCRYPTED PRIVATE KEY", &b"forty pallets"[..]));
        let wrong = locker("gao nep").unlock(&text);
        // Once in 256 times the padding looks right by chance, and then the content is another.
        assert!(wrong.map_or_else(|fault| fault == KeyFault::Passphrase, |(_, seen)| seen != secret));
    }

    #[test]
    fn equal_secrets_do_not_look_alike_and_no_passphrase_is_no_locker() {
        let locker = locker("gao trang");
        let lock = || locker.lock("ENCRYPTED PRIVATE KEY", b"x").expect("locked");
        assert_ne!(lock(), lock());
        assert!(Locker::new(Zeroizing::new(Vec::new())).is_err());
    }

    #[test]
    fn what_is_not_such_a_secret_is_unreadable() {
        let locker = locker("gao trang");
        let whole = locker.lock("ENCRYPTED PRIVATE KEY", &[7; 200]).expect("locked");
        let (_, der) = pem::decode_vec(whole.as_bytes()).expect("PEM");
        for cut in [0, 1, 5, 30, 60, der.len() - 1] {
            let text = pem::encode_string("ENCRYPTED PRIVATE KEY", pem::LineEnding::LF, &der[..cut]);
            assert!(locker.unlock(&text.expect("PEM")).is_err(), "cut at {cut}");
        }
    }

    /// Made with `openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -iter 2048` from an Ed25519 key.
    #[test]
    fn openssl_writes_what_is_read_here() {
        let text = include_str!("../../tests/fixtures/openssl-ed25519.pem");
        let (_, der) = locker("gao trang").unlock(text).expect("unlocked");
        let key = super::super::PrivateKey::from_pkcs8(&der).expect("a key");
        assert_eq!(key.kind(), super::super::KeyKind::Ed25519);
    }
}
