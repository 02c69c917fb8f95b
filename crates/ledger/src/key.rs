//! Keys that sign notes: a log's own (plain Ed25519) and a witness's (timestamped Ed25519 cosignature).

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

use crate::error::Error;
use crate::note::NoteSignature;

/// What a key signs. The same 32 bytes must not be used for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// The checkpoints of its own log: signature type 0x01, over the note's text.
    Log,
    /// Other logs' checkpoints, with the time they were seen: signature type 0x04.
    Witness,
}

/// A key that checks signatures: name, purpose and public key. Its text form is `name+id+base64`.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: u32,
    purpose: Purpose,
    key: VerifyingKey,
}

impl VerifierKey {
    /// The key of this name, purpose and 32 public bytes.
    ///
    /// # Errors
    /// [`Error::KeyMalformed`] where the name has spaces, `+` or control characters or is empty, or the bytes are no
    /// point of full order.
    pub fn new(name: &str, purpose: Purpose, public: [u8; 32]) -> Result<Self, Error> {
        if !is_key_name(name) {
            return Err(Error::KeyMalformed("name"));
        }
        let key = VerifyingKey::from_bytes(&public).map_err(|_| Error::KeyMalformed("public key"))?;
        if key.is_weak() {
            return Err(Error::KeyMalformed("public key of small order"));
        }
        let id = key_id(name, purpose, &public);
        Ok(Self { name: name.to_owned(), id, purpose, key })
    }

    /// The key's name; for a log it is the origin line of its checkpoints.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The four bytes that stand before each of its signatures.
    #[must_use]
    pub const fn id(&self) -> u32 {
        self.id
    }

    /// What it signs.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// Whether a signature claims to be by this key (name and id agree).
    #[must_use]
    pub fn is_named_by(&self, signature: &NoteSignature) -> bool {
        self.id == signature.id() && self.name == signature.name()
    }

    /// Checks one signature over a note's text, and returns the time in it (seconds since 1970) for a witness's.
    ///
    /// # Errors
    /// [`Error::SignatureWrong`] where it was not made by this key over this text.
    pub fn check(&self, text: &str, signature: &NoteSignature) -> Result<Option<u64>, Error> {
        let wrong = || Error::SignatureWrong { name: self.name.clone() };
        if !self.is_named_by(signature) {
            return Err(wrong());
        }
        let (time, bytes) = match self.purpose {
            Purpose::Log => (None, signature.bytes()),
            Purpose::Witness => {
                let (time, rest) = signature.bytes().split_first_chunk::<8>().ok_or_else(wrong)?;
                (Some(u64::from_be_bytes(*time)), rest)
            }
        };
        let made = Signature::from_slice(bytes).map_err(|_| wrong())?;
        let message = time.map_or_else(|| text.to_owned(), |time| cosigned_message(text, time));
        self.key.verify_strict(message.as_bytes(), &made).map_err(|_| wrong())?;
        if time.is_some_and(|time| time > TIME_MAX) { Err(wrong()) } else { Ok(time) }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let typed = typed_key(self.purpose, self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, self.id, STANDARD.encode(typed))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

impl FromStr for VerifierKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (name, id, purpose, public) = split_key(text)?;
        let key = Self::new(name, purpose, public)?;
        if format!("{:08x}", key.id) == id { Ok(key) } else { Err(Error::KeyMalformed("id")) }
    }
}

/// A key that signs. It is made from 32 random bytes of the caller; what it holds is wiped when it is dropped.
#[derive(Clone)]
pub struct Signer {
    public: VerifierKey,
    secret: SigningKey,
}

impl Signer {
    /// The key with this name and purpose from 32 random bytes.
    ///
    /// # Errors
    /// [`Error::KeyMalformed`] where the name is not allowed.
    pub fn generate(name: &str, purpose: Purpose, random: [u8; 32]) -> Result<Self, Error> {
        let secret = SigningKey::from_bytes(&random);
        let public = VerifierKey::new(name, purpose, secret.verifying_key().to_bytes())?;
        Ok(Self { public, secret })
    }

    /// The key that `PRIVATE+KEY+name+id+base64` writes.
    ///
    /// # Errors
    /// [`Error::KeyMalformed`] where the text is not of that form or the id belongs to another key.
    pub fn from_secret_text(text: &str) -> Result<Self, Error> {
        let key = text.strip_prefix("PRIVATE+KEY+").ok_or(Error::KeyMalformed("no private key"))?;
        let (name, id, purpose, random) = split_key(key)?;
        let signer = Self::generate(name, purpose, random)?;
        if format!("{:08x}", signer.public.id) == id { Ok(signer) } else { Err(Error::KeyMalformed("id")) }
    }

    /// The secret as text, for a key file only its owner may read.
    #[must_use]
    pub fn secret_text(&self) -> String {
        let typed = typed_key(self.public.purpose, self.secret.as_bytes());
        format!("PRIVATE+KEY+{}+{:08x}+{}", self.public.name, self.public.id, STANDARD.encode(typed))
    }

    /// The key that checks what this one signs.
    #[must_use]
    pub const fn verifier(&self) -> &VerifierKey {
        &self.public
    }

    /// Signs a note's text as its log.
    ///
    /// # Errors
    /// [`Error::KeyPurpose`] where this is a witness's key.
    pub fn sign(&self, text: &str) -> Result<NoteSignature, Error> {
        self.expect_purpose(Purpose::Log)?;
        self.signature(self.secret.sign(text.as_bytes()).to_bytes().to_vec())
    }

    /// Signs a checkpoint's text as a witness that saw it at `time` (seconds since 1970).
    ///
    /// Callers go through [`crate::Witness::cosign`], which first makes sure that the log has not been rewritten.
    pub(crate) fn sign_seen(&self, text: &str, time: u64) -> Result<NoteSignature, Error> {
        self.expect_purpose(Purpose::Witness)?;
        let made = self.secret.sign(cosigned_message(text, time).as_bytes());
        self.signature([time.to_be_bytes().as_slice(), made.to_bytes().as_slice()].concat())
    }

    fn signature(&self, bytes: Vec<u8>) -> Result<NoteSignature, Error> {
        NoteSignature::new(&self.public.name, self.public.id, bytes)
    }

    fn expect_purpose(&self, purpose: Purpose) -> Result<(), Error> {
        let fits = self.public.purpose == purpose;
        fits.then_some(()).ok_or_else(|| Error::KeyPurpose { name: self.public.name.clone() })
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.public)
    }
}

/// Whether a name may stand on a signature line: not empty, no white space, no `+`, no control characters.
pub(crate) fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

fn key_id(name: &str, purpose: Purpose, public: &[u8; 32]) -> u32 {
    let digest = Sha256::new().chain_update(name).chain_update("\n").chain_update(typed_key(purpose, public));
    let [a, b, c, d, ..]: [u8; 32] = digest.finalize().into();
    u32::from_be_bytes([a, b, c, d])
}

fn typed_key(purpose: Purpose, key: &[u8; 32]) -> [u8; 33] {
    let mut typed = [0; 33];
    typed[0] = match purpose {
        Purpose::Log => TYPE_ED25519,
        Purpose::Witness => TYPE_COSIGNATURE,
    };
    typed[1..].copy_from_slice(key);
    typed
}

fn split_key(text: &str) -> Result<(&str, &str, Purpose, [u8; 32]), Error> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(Error::KeyMalformed("parts"));
    };
    let typed = STANDARD.decode(key).map_err(|_| Error::KeyMalformed("base64"))?;
    let (purpose, bytes) = match typed.split_first() {
        Some((&TYPE_ED25519, bytes)) => (Purpose::Log, bytes),
        Some((&TYPE_COSIGNATURE, bytes)) => (Purpose::Witness, bytes),
        _ => return Err(Error::KeyMalformed("signature type")),
    };
    let bytes = bytes.try_into().map_err(|_| Error::KeyMalformed("length"))?;
    Ok((name, id, purpose, bytes))
}

fn cosigned_message(text: &str, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

/// The latest time a cosignature may carry, in seconds since 1970.
pub(crate) const TIME_MAX: u64 = i64::MAX as u64;

const TYPE_ED25519: u8 = 0x01;
const TYPE_COSIGNATURE: u8 = 0x04;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cosignature_whose_time_is_past_the_limit_is_wrong_though_its_key_made_it() -> Result<(), Error> {
        let signer = Signer::generate("a", Purpose::Witness, [1; 32])?;
        let check = |time| signer.verifier().check("text\n", &signer.sign_seen("text\n", time)?);
        assert_eq!(check(TIME_MAX)?, Some(TIME_MAX));
        assert_eq!(check(TIME_MAX + 1), Err(Error::SignatureWrong { name: "a".to_owned() }));
        Ok(())
    }
}
