//! Checkpoints: a log's origin, size and root as the text of a signed note.

use std::fmt;

use crate::error::Error;
use crate::hash::Hash;
use crate::key::{Signer, VerifierKey};
use crate::note::{Note, NoteSignature};

/// What a log says of itself: whose it is, how many entries it has, and the root over them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
    extensions: Vec<String>,
}

impl Checkpoint {
    /// The checkpoint of the log `origin` with `size` entries under `root`.
    ///
    /// # Errors
    /// [`Error::CheckpointMalformed`] where the origin is empty or holds control characters, or the log is empty
    /// under another root than the empty tree's.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, Error> {
        if origin.is_empty() || origin.contains(char::is_control) {
            return Err(Error::CheckpointMalformed("origin"));
        }
        if size == 0 && root != Hash::of_empty_tree() {
            return Err(Error::CheckpointMalformed("root of an empty log"));
        }
        Ok(Self { origin: origin.to_owned(), size, root, extensions: Vec::new() })
    }

    /// Reads the text of a note as a checkpoint.
    ///
    /// # Errors
    /// [`Error::CheckpointMalformed`] with the line that is broken.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let lines = text.strip_suffix('\n').ok_or(Error::CheckpointMalformed("last line"))?;
        let mut lines = lines.split('\n');
        let origin = lines.next().ok_or(Error::CheckpointMalformed("origin"))?;
        let size = lines.next().and_then(parse_size).ok_or(Error::CheckpointMalformed("size"))?;
        let root = lines.next().and_then(Hash::from_base64).ok_or(Error::CheckpointMalformed("root"))?;
        let mut checkpoint = Self::new(origin, size, root)?;
        for line in lines {
            checkpoint = checkpoint.with_extension(line)?;
        }
        Ok(checkpoint)
    }

    /// The same checkpoint with one more line, which is signed but which no verifier of logs looks at.
    ///
    /// # Errors
    /// [`Error::CheckpointMalformed`] where the line is empty or holds control characters.
    pub fn with_extension(mut self, line: &str) -> Result<Self, Error> {
        if line.is_empty() || line.contains(char::is_control) {
            return Err(Error::CheckpointMalformed("extension line"));
        }
        self.extensions.push(line.to_owned());
        Ok(self)
    }

    /// Whose log it is.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How many entries the log has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The Merkle tree hash over them.
    #[must_use]
    pub const fn root(&self) -> Hash {
        self.root
    }

    /// The lines after the root.
    #[must_use]
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }

    /// Signs it as its log.
    ///
    /// # Errors
    /// [`Error::OriginForeign`] where the key bears another name than the origin, [`Error::KeyPurpose`] where it is
    /// a witness's.
    pub fn sign(self, signer: &Signer) -> Result<SignedCheckpoint, Error> {
        expect_origin(&self.origin, signer.verifier().name())?;
        let text = self.to_string();
        let signature = signer.sign(&text)?;
        Ok(SignedCheckpoint { checkpoint: self, note: Note::new(text)?.with(signature) })
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// A checkpoint whose log's signature was checked (or made here). Cosignatures on it are checked by
/// [`SignedCheckpoint::witnesses`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
}

impl SignedCheckpoint {
    /// Reads a checkpoint and checks that this log signed it.
    ///
    /// # Errors
    /// [`Error::NoteMalformed`], [`Error::CheckpointMalformed`], [`Error::OriginForeign`],
    /// [`Error::SignatureMissing`], [`Error::SignatureWrong`], in this order.
    pub fn open(bytes: &[u8], log: &VerifierKey) -> Result<Self, Error> {
        let note = Note::parse(bytes)?;
        let checkpoint = Checkpoint::parse(note.text())?;
        expect_origin(checkpoint.origin(), log.name())?;
        note.check(std::slice::from_ref(log))?;
        Ok(Self { checkpoint, note })
    }

    /// What is signed.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The note with all its signatures.
    #[must_use]
    pub const fn note(&self) -> &Note {
        &self.note
    }

    /// The bytes to store and send.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.note.to_string().into_bytes()
    }

    /// The same checkpoint with a partner's cosignature under it, once that is checked.
    ///
    /// # Errors
    /// [`Error::SignatureWrong`] where the partner's key did not make it over this checkpoint.
    pub fn with_cosignature(self, signature: NoteSignature, witness: &VerifierKey) -> Result<Self, Error> {
        witness.check(self.note.text(), &signature)?;
        Ok(Self { note: self.note.with(signature), ..self })
    }

    /// Which of these witnesses signed it, and when (seconds since 1970).
    ///
    /// # Errors
    /// [`Error::SignatureWrong`] where a line claims one of the keys and was not made by it.
    pub fn witnesses<'k>(
        &self,
        keys: &'k [VerifierKey],
    ) -> Result<Vec<(&'k VerifierKey, Option<u64>)>, Error> {
        match self.note.check(keys) {
            Err(Error::SignatureMissing) => Ok(Vec::new()),
            checked => checked,
        }
    }
}

fn expect_origin(seen: &str, expected: &str) -> Result<(), Error> {
    if seen == expected {
        return Ok(());
    }
    Err(Error::OriginForeign { seen: seen.to_owned(), expected: expected.to_owned() })
}

/// A size or index as ASCII digits without leading zeroes; nothing for any other spelling.
pub(crate) fn parse_size(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|size| size.to_string() == text)
}
