//! Signed notes: a text, an empty line, and one line per signature.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::Error;
use crate::key::{VerifierKey, is_key_name};

/// A text with the signatures that stand under it. Having one says nothing about who signed: see [`Note::check`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    /// The most bytes a note may have.
    pub const LENGTH_MAX: usize = 1_000_000;
    /// The most signatures a note may carry.
    pub const SIGNATURES_MAX: usize = 100;

    /// A note not signed yet. The text must end in a newline and hold no other control character.
    ///
    /// # Errors
    /// [`Error::NoteMalformed`] where the text is not of that form.
    pub fn new(text: String) -> Result<Self, Error> {
        if !text.ends_with('\n') {
            return Err(Error::NoteMalformed("text does not end its line"));
        }
        if text.bytes().any(is_foreign_control) {
            return Err(Error::NoteMalformed("control character"));
        }
        Ok(Self { text, signatures: Vec::new() })
    }

    /// Reads a note's outer form; checks no signature.
    ///
    /// # Errors
    /// [`Error::NoteMalformed`] with what is broken.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > Self::LENGTH_MAX {
            return Err(Error::NoteMalformed("too long"));
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| Error::NoteMalformed("not UTF-8"))?;
        let split = whole.rfind("\n\n").ok_or(Error::NoteMalformed("no empty line before the signatures"))?;
        let mut note = Self::new(whole[..=split].to_owned())?;
        let lines = whole[split + 2..].strip_suffix('\n').ok_or(Error::NoteMalformed("no signature line"))?;
        for line in lines.split('\n') {
            if note.signatures.len() == Self::SIGNATURES_MAX {
                return Err(Error::NoteMalformed("too many signatures"));
            }
            note.signatures.push(NoteSignature::parse(line)?);
        }
        Ok(note)
    }

    /// The text that is signed, with its last newline.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, whoever made them.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// The same note with one more signature; one of the same name and id is replaced in its place.
    #[must_use]
    pub fn with(mut self, signature: NoteSignature) -> Self {
        let same = |old: &&mut NoteSignature| old.id == signature.id && old.name == signature.name;
        match self.signatures.iter_mut().find(same) {
            Some(old) => *old = signature,
            None => self.signatures.push(signature),
        }
        self
    }

    /// Checks every signature that claims one of these keys, and returns the signers with the times of their
    /// cosignatures. Signatures of other keys are passed over, as the format demands.
    ///
    /// # Errors
    /// [`Error::SignatureWrong`] where one that claims a known key was not made by it, [`Error::SignatureMissing`]
    /// where none claims a known key.
    pub fn check<'k>(&self, keys: &'k [VerifierKey]) -> Result<Vec<(&'k VerifierKey, Option<u64>)>, Error> {
        let mut signers = Vec::new();
        for signature in &self.signatures {
            if let Some(key) = keys.iter().find(|key| key.is_named_by(signature)) {
                signers.push((key, key.check(&self.text, signature)?));
            }
        }
        if signers.is_empty() { Err(Error::SignatureMissing) } else { Ok(signers) }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

/// One signature line: the signer's name, its key id, and the bytes it made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    name: String,
    id: u32,
    bytes: Vec<u8>,
}

impl NoteSignature {
    /// A signature line of these parts.
    ///
    /// # Errors
    /// [`Error::NoteMalformed`] where the name is not allowed or there are no bytes.
    pub fn new(name: &str, id: u32, bytes: Vec<u8>) -> Result<Self, Error> {
        if !is_key_name(name) {
            return Err(Error::NoteMalformed("signer's name"));
        }
        if bytes.is_empty() {
            return Err(Error::NoteMalformed("empty signature"));
        }
        Ok(Self { name: name.to_owned(), id, bytes })
    }

    /// Reads one line, without its newline.
    ///
    /// # Errors
    /// [`Error::NoteMalformed`] where it is not a dash, a name and base64.
    pub fn parse(line: &str) -> Result<Self, Error> {
        let rest = line.strip_prefix("— ").ok_or(Error::NoteMalformed("signature line"))?;
        let (name, signature) = rest.split_once(' ').ok_or(Error::NoteMalformed("signature line"))?;
        let signature = STANDARD.decode(signature).map_err(|_| Error::NoteMalformed("signature's base64"))?;
        let (id, bytes) =
            signature.split_first_chunk::<4>().ok_or(Error::NoteMalformed("short signature"))?;
        Self::new(name, u32::from_be_bytes(*id), bytes.to_vec())
    }

    /// The signer's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The signer's key id.
    #[must_use]
    pub const fn id(&self) -> u32 {
        self.id
    }

    /// What was made, without the key id.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signature = [self.id.to_be_bytes().as_slice(), &self.bytes].concat();
        write!(f, "— {} {}", self.name, STANDARD.encode(signature))
    }
}

const fn is_foreign_control(byte: u8) -> bool {
    byte < 0x20 && byte != b'\n'
}
