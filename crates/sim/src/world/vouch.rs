//! Records that vouch for each other: what a node's messages carry of its log, and its signature under others' logs.

use jiff::Timestamp;
use kernel::NodeId;
use ledger::{
    CHECKPOINT, Checkpoint, Cosigned, Error, Folder, Hash, NoteSignature, Purpose, Reader, SignedCheckpoint,
    Signer, Source as _, Submission, VerifierKey, Witness,
};
use node::{Countersigned, Record};
use store::Failure;

/// Vouches with the log in a machine's folder.
pub(crate) struct Vouch {
    us: NodeId,
    folder: Folder,
    history: History,
}

/// Which history a node shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum History {
    /// The one it keeps.
    Kept,
    /// Another.
    Invented,
}

impl Vouch {
    pub(crate) const fn new(us: NodeId, folder: Folder, history: History) -> Self {
        Self { us, folder, history }
    }

    /// A checkpoint of a log nobody keeps, of the same size.
    fn invented(&self, newest: &SignedCheckpoint) -> Result<Submission, Error> {
        let (name, size) = (origin(&self.us), newest.checkpoint().size());
        let invented = Checkpoint::new(&name, size, Hash::from_bytes([1; Hash::LENGTH]))?;
        let signed = invented.sign(&signer(&self.us, Purpose::Log)?)?;
        Ok(Submission { old: 0, hashes: Vec::new(), checkpoint: signed.to_bytes() })
    }

    fn newest(&self) -> Result<SignedCheckpoint, Error> {
        let bytes = self.folder.file(CHECKPOINT)?.ok_or(Error::CheckpointMissing)?;
        SignedCheckpoint::open(&bytes, &key_of(&self.us, Purpose::Log)?)
    }

    fn submission(&self, since: u64) -> Result<Option<Submission>, Error> {
        let newest = self.newest()?;
        let size = newest.checkpoint().size();
        if size <= since {
            return Ok(None);
        }
        if self.history == History::Invented {
            return self.invented(&newest).map(Some);
        }
        let proof = Reader::new(&self.folder, size).consistency(since, size)?;
        Ok(Some(Submission { old: since, hashes: proof.hashes, checkpoint: newest.to_bytes() }))
    }
}

impl Record for Vouch {
    fn offer(&self, since: u64) -> Result<Option<Submission>, Failure> {
        let unreadable =
            |error: Error| Failure::Engine { doing: "prove how the log grew", cause: error.to_string() };
        self.submission(since).map_err(unreadable)
    }

    fn cosign(
        &self,
        partner: &NodeId,
        submission: &Submission,
        seen: Option<&str>,
        at: Timestamp,
    ) -> Result<Cosigned, Error> {
        let log = key_of(partner, Purpose::Log)?;
        let seen = seen.map(|note| SignedCheckpoint::open(note.as_bytes(), &log)).transpose()?;
        let signer = signer(&self.us, Purpose::Witness)?;
        let time = u64::try_from(at.as_second()).unwrap_or_default();
        Witness { signer: &signer, log: &log }.cosign(submission, seen.as_ref(), time)
    }

    fn countersigned(&self, partner: &NodeId, own: &str, line: &str) -> Result<Countersigned, Error> {
        let own = SignedCheckpoint::open(own.as_bytes(), &key_of(&self.us, Purpose::Log)?)?;
        let line = NoteSignature::parse(line)?;
        let signed = own.with_cosignature(line, &key_of(partner, Purpose::Witness)?)?;
        Ok(Countersigned {
            origin: signed.checkpoint().origin().to_owned(),
            size: signed.checkpoint().size(),
            note: signed.note().to_string(),
        })
    }
}

/// A node's key: in this world it follows from its name.
pub(crate) fn signer(node: &NodeId, purpose: Purpose) -> Result<Signer, Error> {
    let mut secret = [if purpose == Purpose::Log { 7 } else { 8 }; 32];
    for (byte, letter) in secret.iter_mut().zip(node.as_str().bytes()) {
        *byte = letter;
    }
    Signer::generate(&origin(node), purpose, secret)
}

/// The name of a node's log.
pub(crate) fn origin(node: &NodeId) -> String {
    format!("{}.sampan.example", node.as_str().to_ascii_lowercase())
}

fn key_of(node: &NodeId, purpose: Purpose) -> Result<VerifierKey, Error> {
    signer(node, purpose).map(|signer| signer.verifier().clone())
}
