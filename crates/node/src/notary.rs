//! The real record to vouch with: the log's files in the node's folder, the node's witness key, the partners' keys.

use std::sync::Arc;

use jiff::Timestamp;
use kernel::NodeId;
use ledger::{
    Cosigned, Error, Folder, NoteSignature, Reader, SignedCheckpoint, Signer, Submission, VerifierKey,
    Witness,
};
use store::Failure;

use crate::partners::Partners;
use crate::record::Published;
use crate::witness::{Countersigned, Record};

/// Vouches with the log in a node's folder.
pub(crate) struct Notary {
    pub(crate) folder: Folder,
    pub(crate) published: Arc<Published>,
    /// The key that checks our own log.
    pub(crate) own: VerifierKey,
    /// The key we sign partners' checkpoints with.
    pub(crate) signer: Signer,
    pub(crate) partners: Partners,
}

impl Notary {
    fn key_of(
        &self,
        partner: &NodeId,
        pick: fn(&crate::Descriptor) -> &String,
    ) -> Result<VerifierKey, Error> {
        let partners = self.partners.now();
        let descriptor = partners.descriptors.get(partner).ok_or(Error::SignatureMissing)?;
        pick(descriptor).parse()
    }
}

impl Record for Notary {
    fn offer(&self, since: u64) -> Result<Option<Submission>, Failure> {
        let newest = self.published.newest();
        let size = newest.checkpoint().size();
        if size <= since {
            return Ok(None);
        }
        let unreadable =
            |error: Error| Failure::Engine { doing: "prove how the log grew", cause: error.to_string() };
        let proof = Reader::new(&self.folder, size).consistency(since, size).map_err(unreadable)?;
        Ok(Some(Submission { old: since, hashes: proof.hashes, checkpoint: newest.to_bytes() }))
    }

    fn cosign(
        &self,
        partner: &NodeId,
        submission: &Submission,
        seen: Option<&str>,
        at: Timestamp,
    ) -> Result<Cosigned, Error> {
        let log = self.key_of(partner, |descriptor| &descriptor.record)?;
        let seen = seen.map(|note| SignedCheckpoint::open(note.as_bytes(), &log)).transpose()?;
        let time = u64::try_from(at.as_second()).unwrap_or_default();
        Witness { signer: &self.signer, log: &log }.cosign(submission, seen.as_ref(), time)
    }

    fn countersigned(&self, partner: &NodeId, own: &str, line: &str) -> Result<Countersigned, Error> {
        let witness = self.key_of(partner, |descriptor| &descriptor.witness)?;
        let own = SignedCheckpoint::open(own.as_bytes(), &self.own)?;
        let signed = own.with_cosignature(NoteSignature::parse(line)?, &witness)?;
        Ok(Countersigned {
            origin: signed.checkpoint().origin().to_owned(),
            size: signed.checkpoint().size(),
            note: signed.note().to_string(),
        })
    }
}
