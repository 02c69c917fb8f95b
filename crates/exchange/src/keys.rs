//! Private keys: making them, keeping them as PKCS#8, signing and unsealing with them.
//!
//! This is the one module of the crate that draws randomness by itself, inside the cryptographic library: for new
//! keys, for the padding of RSA-OAEP and for ECDSA. Everything else is a calculation over its arguments. A hardware
//! module takes the place of [`PrivateKey`] by implementing [`Sign`] and [`Unseal`].

mod at_rest;

use std::fmt;

use aws_lc_rs::agreement::{self, UnparsedPublicKey};
use aws_lc_rs::encoding::{AsBigEndian, AsDer, Curve25519SeedBin, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{self, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
};
use der::pem;
use zeroize::Zeroizing;

use crate::certificate::PublicKeyKind;
use crate::profile::SignatureKind;

pub use at_rest::{Locker, is_locked};

/// The kinds of key an AS4 node uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA of 2048 bits: signs and unseals in suite 1.15.
    Rsa2048,
    /// RSA of 3072 bits: signs and unseals in suite 1.15.
    Rsa3072,
    /// Ed25519: signs in suite 2.0.
    Ed25519,
    /// X25519: unseals in suite 2.0.
    X25519,
    /// NIST P-256: signs or unseals in the alternative suite 2.0, and serves TLS.
    P256,
}

/// A key that could not be made, read or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// The cryptographic library could not make a key.
    #[error("the key could not be made")]
    Generate,
    /// Not PKCS#8 of a kind this crate uses.
    #[error("not a private key of a known kind in PKCS#8")]
    Unreadable,
    /// The key does not do what was asked of it.
    #[error("the key is of another kind")]
    WrongKind,
    /// The passphrase is missing or does not open the secret.
    #[error("the passphrase is missing or is another")]
    Passphrase,
    /// The operation failed.
    #[error("the key refused the operation")]
    Refused,
}

/// Whatever can sign: a key in memory, or a hardware module.
pub trait Sign: Send + Sync {
    /// What kind of signature comes out.
    fn signature_kind(&self) -> SignatureKind;

    /// Signs the octets. ECDSA signatures are `r` and `s` side by side, never DER.
    ///
    /// # Errors
    /// [`KeyFault`] where the key cannot.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault>;

    /// Whether that takes so little time that nobody need give it a thread of its own.
    fn is_quick(&self) -> bool {
        false
    }
}

/// Whatever can open what was sealed to our certificate: a key in memory, or a hardware module.
pub trait Unseal: Send + Sync {
    /// Opens a content key sealed with RSA-OAEP, SHA-256 for both digest and mask.
    ///
    /// # Errors
    /// [`KeyFault`]; callers must not tell one cause from another to a peer.
    fn open_rsa_oaep(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyFault>;

    /// The secret shared with an ephemeral public key: 32 octets for X25519, an uncompressed point for P-256.
    ///
    /// # Errors
    /// [`KeyFault`]; callers must not tell one cause from another to a peer.
    fn agree(&self, public: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyFault>;
}

/// A private key in memory.
pub struct PrivateKey {
    kind: KeyKind,
    inner: Inner,
    pkcs8: Zeroizing<Vec<u8>>,
}

enum Inner {
    Rsa(Box<rsa::KeyPair>, OaepPrivateDecryptingKey),
    Ed25519(Ed25519KeyPair),
    X25519(agreement::PrivateKey),
    P256(EcdsaKeyPair, agreement::PrivateKey),
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl PrivateKey {
    /// Makes a new key from the system's randomness.
    ///
    /// # Errors
    /// [`KeyFault::Generate`] where the cryptographic library cannot.
    pub fn generate(kind: KeyKind) -> Result<Self, KeyFault> {
        let pkcs8 = new_pkcs8(kind).map_err(|_| KeyFault::Generate)?;
        Self::from_pkcs8(&pkcs8).map_err(|_| KeyFault::Generate)
    }

    /// Reads PKCS#8.
    ///
    /// # Errors
    /// [`KeyFault::Unreadable`] for anything but a key of a known kind.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyFault> {
        let unreadable = |_| KeyFault::Unreadable;
        let (kind, inner) = if let Ok(pair) = rsa::KeyPair::from_pkcs8(der) {
            let opener = PrivateDecryptingKey::from_pkcs8(der).map_err(unreadable)?;
            let opener = OaepPrivateDecryptingKey::new(opener).map_err(|_| KeyFault::Unreadable)?;
            let kind = if pair.public_modulus_len() < 384 { KeyKind::Rsa2048 } else { KeyKind::Rsa3072 };
            (kind, Inner::Rsa(Box::new(pair), opener))
        } else if let Ok(pair) = Ed25519KeyPair::from_pkcs8(der) {
            (KeyKind::Ed25519, Inner::Ed25519(pair))
        } else if let Some(seed) = der.strip_prefix(X25519_PKCS8) {
            let key =
                agreement::PrivateKey::from_private_key(&agreement::X25519, seed).map_err(unreadable)?;
            (KeyKind::X25519, Inner::X25519(key))
        } else {
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der).map_err(unreadable)?;
            let key = agreement::PrivateKey::from_private_key_der(&agreement::ECDH_P256, der)
                .map_err(unreadable)?;
            (KeyKind::P256, Inner::P256(pair, key))
        };
        Ok(Self { kind, inner, pkcs8: Zeroizing::new(der.to_vec()) })
    }

    /// Reads PKCS#8 in PEM, label `PRIVATE KEY`.
    ///
    /// # Errors
    /// [`KeyFault::Unreadable`] for anything else.
    pub fn from_pem(text: &str) -> Result<Self, KeyFault> {
        let (label, der) = pem::decode_vec(text.as_bytes()).map_err(|_| KeyFault::Unreadable)?;
        let der = Zeroizing::new(der);
        if label != PEM_LABEL {
            return Err(KeyFault::Unreadable);
        }
        Self::from_pkcs8(&der)
    }

    /// The key as PKCS#8 in PEM. The text is wiped when dropped.
    #[must_use]
    pub fn to_pem(&self) -> Zeroizing<String> {
        let text = pem::encode_string(PEM_LABEL, pem::LineEnding::LF, &self.pkcs8);
        Zeroizing::new(text.expect("a private key is far below the limits of PEM"))
    }

    /// The key as PKCS#8, such as a TLS stack takes it.
    #[must_use]
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// What kind of key it is.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The public key as `SubjectPublicKeyInfo` in DER.
    ///
    /// # Errors
    /// [`KeyFault::Refused`] where the cryptographic library cannot derive it.
    pub fn public_key_info(&self) -> Result<Vec<u8>, KeyFault> {
        Ok(match &self.inner {
            Inner::Rsa(pair, _) => {
                let der: PublicKeyX509Der<'_> = pair.public_key().as_der().map_err(|_| KeyFault::Refused)?;
                der.as_ref().to_vec()
            }
            Inner::Ed25519(pair) => [ED25519_INFO, pair.public_key().as_ref()].concat(),
            Inner::X25519(key) => {
                let public = key.compute_public_key().map_err(|_| KeyFault::Refused)?;
                [X25519_INFO, public.as_ref()].concat()
            }
            Inner::P256(pair, _) => [P256_INFO, pair.public_key().as_ref()].concat(),
        })
    }
}

fn new_pkcs8(kind: KeyKind) -> Result<Zeroizing<Vec<u8>>, aws_lc_rs::error::Unspecified> {
    let rsa = |size| -> Result<Vec<u8>, aws_lc_rs::error::Unspecified> {
        let der: Pkcs8V1Der<'_> = rsa::KeyPair::generate(size)?.as_der()?;
        Ok(der.as_ref().to_vec())
    };
    Ok(Zeroizing::new(match kind {
        KeyKind::Rsa2048 => rsa(rsa::KeySize::Rsa2048)?,
        KeyKind::Rsa3072 => rsa(rsa::KeySize::Rsa3072)?,
        KeyKind::Ed25519 => Ed25519KeyPair::generate()?.to_pkcs8v1()?.as_ref().to_vec(),
        KeyKind::X25519 => {
            let key = agreement::PrivateKey::generate(&agreement::X25519)?;
            let seed: Curve25519SeedBin<'_> = key.as_be_bytes()?;
            [X25519_PKCS8, seed.as_ref()].concat()
        }
        KeyKind::P256 => {
            let document =
                EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())?;
            document.as_ref().to_vec()
        }
    }))
}

impl Sign for PrivateKey {
    fn signature_kind(&self) -> SignatureKind {
        match self.kind {
            KeyKind::Rsa2048 | KeyKind::Rsa3072 => SignatureKind::RsaSha256,
            KeyKind::Ed25519 | KeyKind::X25519 => SignatureKind::Ed25519,
            KeyKind::P256 => SignatureKind::EcdsaSha256,
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        match &self.inner {
            Inner::Rsa(pair, _) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let signed = pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature);
                signed.map(|()| signature).map_err(|_| KeyFault::Refused)
            }
            Inner::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            Inner::P256(pair, _) => {
                let signature = pair.sign(&SystemRandom::new(), message).map_err(|_| KeyFault::Refused)?;
                Ok(signature.as_ref().to_vec())
            }
            Inner::X25519(_) => Err(KeyFault::WrongKind),
        }
    }

    /// On the curves; an operation of RSA takes fifty times as long.
    fn is_quick(&self) -> bool {
        !matches!(self.inner, Inner::Rsa(..))
    }
}

impl Unseal for PrivateKey {
    fn open_rsa_oaep(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        let Inner::Rsa(_, opener) = &self.inner else { return Err(KeyFault::WrongKind) };
        let mut room = Zeroizing::new(vec![0; opener.min_output_size()]);
        let opened = opener.decrypt(&OAEP_SHA256_MGF1SHA256, sealed, &mut room, None);
        opened.map(|plain| Zeroizing::new(plain.to_vec())).map_err(|_| KeyFault::Refused)
    }

    fn agree(&self, public: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        let (key, algorithm) = match &self.inner {
            Inner::X25519(key) => (key, &agreement::X25519),
            Inner::P256(_, key) => (key, &agreement::ECDH_P256),
            Inner::Rsa(..) | Inner::Ed25519(_) => return Err(KeyFault::WrongKind),
        };
        let peer = UnparsedPublicKey::new(algorithm, public);
        agreement::agree(key, peer, KeyFault::Refused, |secret| Ok(Zeroizing::new(secret.to_vec())))
    }
}

/// Where randomness for sealing comes from. The nonces, salts and keys it gives must never repeat.
pub trait Entropy: Send + Sync {
    /// Fills the room with fresh randomness.
    ///
    /// # Errors
    /// [`KeyFault::Generate`] where there is none.
    fn fill(&self, room: &mut [u8]) -> Result<(), KeyFault>;
}

/// The randomness of the system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, room: &mut [u8]) -> Result<(), KeyFault> {
        aws_lc_rs::rand::fill(room).map_err(|_| KeyFault::Generate)
    }
}

/// `SubjectPublicKeyInfo` of an ephemeral public key; `None` for kinds that do not agree.
pub(crate) fn ec_key_info(kind: PublicKeyKind, public: &[u8]) -> Option<Vec<u8>> {
    match kind {
        PublicKeyKind::X25519 => Some([X25519_INFO, public].concat()),
        PublicKeyKind::P256 => Some([P256_INFO, public].concat()),
        PublicKeyKind::Rsa | PublicKeyKind::Ed25519 | PublicKeyKind::Other => None,
    }
}

/// The public key's octets inside a `SubjectPublicKeyInfo` of a kind that agrees.
pub(crate) fn ec_point(info: &[u8]) -> Option<&[u8]> {
    info.strip_prefix(X25519_INFO).or_else(|| info.strip_prefix(P256_INFO))
}

const PEM_LABEL: &str = "PRIVATE KEY";

/// PKCS#8 of an X25519 key up to its 32 octets.
const X25519_PKCS8: &[u8] = &[0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20];
/// `SubjectPublicKeyInfo` of an Ed25519 key up to its 32 octets.
const ED25519_INFO: &[u8] = &[0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];
/// `SubjectPublicKeyInfo` of an X25519 key up to its 32 octets.
const X25519_INFO: &[u8] = &[0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 3, 0x21, 0];
/// `SubjectPublicKeyInfo` of a P-256 key up to its uncompressed point.
const P256_INFO: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3,
    1, 7, 3, 0x42, 0,
];

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [KeyKind; 4] = [KeyKind::Rsa2048, KeyKind::Ed25519, KeyKind::X25519, KeyKind::P256];

    #[test]
    fn every_kind_survives_pem() {
        for kind in KINDS {
            let key = PrivateKey::generate(kind).expect("a key is made");
            let again = PrivateKey::from_pem(&key.to_pem()).expect("our own PEM is readable");
            assert_eq!(again.kind(), kind);
            assert_eq!(again.public_key_info(), key.public_key_info());
            assert!(!format!("{key:?}").contains("pkcs8"), "a key does not print itself");
        }
    }

    #[test]
    fn keys_of_other_shapes_are_refused() {
        for text in ["", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"] {
            assert!(matches!(PrivateKey::from_pem(text), Err(KeyFault::Unreadable)));
        }
        assert!(matches!(PrivateKey::from_pkcs8(&[0x30, 0]), Err(KeyFault::Unreadable)));
    }

    #[test]
    fn a_key_refuses_what_its_kind_does_not_do() {
        let x25519 = PrivateKey::generate(KeyKind::X25519).expect("a key is made");
        assert_eq!(x25519.sign(b"x"), Err(KeyFault::WrongKind));
        assert_eq!(x25519.open_rsa_oaep(b"x"), Err(KeyFault::WrongKind));
        let ed25519 = PrivateKey::generate(KeyKind::Ed25519).expect("a key is made");
        assert_eq!(ed25519.agree(&[9; 32]), Err(KeyFault::WrongKind));
    }

    #[test]
    fn both_sides_of_an_agreement_find_the_same_secret() {
        for (kind, start) in [(KeyKind::X25519, X25519_INFO.len()), (KeyKind::P256, P256_INFO.len())] {
            let (ours, theirs) =
                (PrivateKey::generate(kind).expect("made"), PrivateKey::generate(kind).expect("made"));
            let public = |key: &PrivateKey| key.public_key_info().expect("public")[start..].to_vec();
            assert_eq!(ours.agree(&public(&theirs)), theirs.agree(&public(&ours)));
            assert_eq!(ours.agree(&[0; 5]), Err(KeyFault::Refused));
        }
    }
}
