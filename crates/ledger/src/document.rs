//! One entry's proof as a text that anybody can check without any node: the C2SP tlog-proof format.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::{SignedCheckpoint, parse_size};
use crate::cosign::parse_hashes;
use crate::error::Error;
use crate::hash::{Hash, leaf_hash};
use crate::key::VerifierKey;
use crate::proof::InclusionProof;
use crate::reader::Reader;
use crate::source::Source;

/// A proof that stands alone: the entry, its index, the hashes up to the root, and the signed checkpoint.
///
/// The entry travels as the format's `extra` line. A document may come without it; then who checks must have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofDocument {
    /// The entry's bytes.
    pub entry: Option<Vec<u8>>,
    /// The entry's index, from 0.
    pub index: u64,
    /// From the leaf's sibling up to the child of the root.
    pub hashes: Vec<Hash>,
    /// The checkpoint, with all signatures it bore.
    pub checkpoint: Vec<u8>,
}

impl ProofDocument {
    /// The document for one entry under this checkpoint, made from the log's files and checked before it is returned.
    ///
    /// # Errors
    /// [`Error::OutOfRange`], what is wrong with a file, or [`Error::ProofWrong`] where the files do not lead to the
    /// checkpoint's root.
    pub fn of<S: Source + ?Sized>(source: &S, index: u64, signed: &SignedCheckpoint) -> Result<Self, Error> {
        let checkpoint = signed.checkpoint();
        let reader = Reader::new(source, checkpoint.size());
        let entry = reader.entry(index)?;
        let proof = reader.inclusion(index, checkpoint.size())?;
        proof.verify(&leaf_hash(&entry), &checkpoint.root())?;
        Ok(Self { entry: Some(entry), index, hashes: proof.hashes, checkpoint: signed.to_bytes() })
    }

    /// Checks the document with the entry it carries and returns the checkpoint it stands on.
    ///
    /// # Errors
    /// [`Error::ProofMalformed`] where it carries no entry; otherwise as [`ProofDocument::verify_entry`].
    pub fn verify(&self, log: &VerifierKey) -> Result<SignedCheckpoint, Error> {
        let entry = self.entry.as_deref().ok_or(Error::ProofMalformed("no entry"))?;
        self.verify_entry(entry, log)
    }

    /// Checks that this log signed a checkpoint that has these bytes as entry [`ProofDocument::index`].
    ///
    /// # Errors
    /// What is wrong with the checkpoint (as [`SignedCheckpoint::open`]), [`Error::OutOfRange`], [`Error::ProofWrong`].
    pub fn verify_entry(&self, entry: &[u8], log: &VerifierKey) -> Result<SignedCheckpoint, Error> {
        let signed = SignedCheckpoint::open(&self.checkpoint, log)?;
        let (size, root) = (signed.checkpoint().size(), signed.checkpoint().root());
        let proof = InclusionProof { index: self.index, size, hashes: self.hashes.clone() };
        proof.verify(&leaf_hash(entry), &root)?;
        Ok(signed)
    }
}

impl fmt::Display for ProofDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(entry) = &self.entry {
            writeln!(f, "extra {}", STANDARD.encode(entry))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.hashes.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", String::from_utf8_lossy(&self.checkpoint))
    }
}

impl FromStr for ProofDocument {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (head, checkpoint) = text.split_once("\n\n").ok_or(Error::ProofMalformed("no empty line"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(Error::ProofMalformed("first line"));
        }
        let extra = lines.peek().and_then(|line| line.strip_prefix("extra "));
        let entry = extra.map(|extra| STANDARD.decode(extra)).transpose();
        let entry = entry.map_err(|_| Error::ProofMalformed("extra line"))?;
        if entry.is_some() {
            lines.next();
        }
        let index = lines.next().and_then(|line| parse_size(line.strip_prefix("index ")?));
        let index = index.ok_or(Error::ProofMalformed("index line"))?;
        let hashes = parse_hashes(lines)?;
        Ok(Self { entry, index, hashes, checkpoint: checkpoint.as_bytes().to_vec() })
    }
}

const HEADER: &str = "c2sp.org/tlog-proof@v1";
