//! Two records vouch for each other: with its messages each node shows the other how its record grew, and signs what it
//! was shown. Afterwards neither can rewrite what passed between them without the other holding the proof.
//!
//! What is remembered of a partner's record is kept beside the record, not in it; the signed checkpoints themselves are
//! entries.

use jiff::{SignedDuration, Timestamp};
use kernel::{CaseId, Happening, NodeId, Refusal};
use ledger::{Cosigned, Error, Submission};
use serde::{Deserialize, Serialize};
use store::Failure;

use crate::act::Turn;
use crate::input::Declined;

/// What the heart needs of the record's public form to vouch with it.
pub trait Record: Send {
    /// Our newest checkpoint with the proof that it grew out of the one of this size; `None` where nothing was added.
    ///
    /// # Errors
    /// Where the log's files cannot be read.
    fn offer(&self, since: u64) -> Result<Option<Submission>, Failure>;

    /// Signs a partner's checkpoint where it grew out of the one seen last (a note; `None` where none was seen).
    ///
    /// # Errors
    /// As [`ledger::Witness::cosign`]; [`Error::SignatureMissing`] also where the partner is not known.
    fn cosign(
        &self,
        partner: &NodeId,
        submission: &Submission,
        seen: Option<&str>,
        at: Timestamp,
    ) -> Result<Cosigned, Error>;

    /// Our own checkpoint (a note) with a partner's signature line under it, once that is checked.
    ///
    /// # Errors
    /// Where the line is not the partner's over this checkpoint.
    fn countersigned(&self, partner: &NodeId, own: &str, line: &str) -> Result<Countersigned, Error>;
}

/// Our own checkpoint with a partner's signature under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Countersigned {
    /// Our log's origin.
    pub origin: String,
    /// How many entries it covers.
    pub size: u64,
    /// The note with both signatures.
    pub note: String,
}

/// What one message carries of its sender's record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    /// The sender's newest checkpoint, as the C2SP witness protocol's `add-checkpoint` has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    submission: Option<String>,
    /// The sender's signature line over the receiver's checkpoint it saw last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cosignature: Option<String>,
}

/// What is remembered between two nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Memory {
    /// Their checkpoint seen last, with our signature: a note.
    seen: Option<String>,
    /// Our signature line under it.
    line: Option<String>,
    /// Our checkpoint offered last: a note.
    offered: Option<String>,
    /// When it was offered.
    offered_at: Option<Timestamp>,
    /// How many of our entries they vouched for.
    vouched: u64,
}

impl Turn<'_> {
    /// What the next message to a partner carries of our record; nothing where it has heard everything lately.
    pub(crate) fn witness_for(&mut self, to: &NodeId) -> Result<Option<Vec<u8>>, Failure> {
        let Some(record) = self.transport.record() else { return Ok(None) };
        let mut memory = self.memory_of(to)?;
        let rested = memory.offered_at.is_none_or(|at| self.now.duration_since(at) >= OFFER_EVERY);
        let submission = if rested { record.offer(memory.vouched)? } else { None };
        if let Some(submission) = &submission {
            memory.offered = Some(String::from_utf8_lossy(&submission.checkpoint).into_owned());
            memory.offered_at = Some(self.now);
            self.remember(to, &memory)?;
        }
        let part = Part { submission: submission.map(|one| one.to_string()), cosignature: memory.line };
        Ok((part != Part::default()).then(|| serde_json::to_vec(&part).expect("plain data")))
    }

    /// Takes in what a partner's message carried of its record. Whatever is wrong with it, the message itself stands.
    pub(crate) fn take_witness(&mut self, from: &NodeId, witness: &[u8]) -> Result<(), Failure> {
        let Ok(part) = serde_json::from_slice::<Part>(witness) else {
            self.doubt(from, "witness-unreadable", String::new());
            return Ok(());
        };
        if let Some(submission) = part.submission {
            self.take_submission(from, &submission)?;
        }
        if let Some(line) = part.cosignature {
            self.take_cosignature(from, &line)?;
        }
        Ok(())
    }

    fn take_submission(&mut self, from: &NodeId, text: &str) -> Result<(), Failure> {
        let Some(record) = self.transport.record() else { return Ok(()) };
        let mut memory = self.memory_of(from)?;
        let signed = text
            .parse::<Submission>()
            .and_then(|submission| record.cosign(from, &submission, memory.seen.as_deref(), self.now));
        match signed {
            Ok(Cosigned { checkpoint, signature }) => {
                let note = checkpoint.note().to_string();
                self.witnessed(checkpoint.checkpoint().origin(), &note)?;
                memory.seen = Some(note);
                memory.line = Some(signature.to_string());
                self.remember(from, &memory)
            }
            // It started where we are not any more, or is older than what we saw: messages crossed or overtook each
            // other. The next one starts right.
            Err(Error::StartForeign { .. } | Error::RolledBack { .. }) => Ok(()),
            Err(error @ (Error::Forked { .. } | Error::NotAnExtension { .. })) => {
                let blob = self.change.keep_blob(text.as_bytes())?;
                self.doubt(from, "record-rewritten", format!("{error} {blob}"));
                self.change.keep(&format!("dispute/{from}"), Some(text.as_bytes()))
            }
            Err(error) => {
                self.doubt(from, "witness-unreadable", error.to_string());
                Ok(())
            }
        }
    }

    fn take_cosignature(&mut self, from: &NodeId, line: &str) -> Result<(), Failure> {
        let Some(record) = self.transport.record() else { return Ok(()) };
        let mut memory = self.memory_of(from)?;
        let Some(own) = memory.offered.as_deref() else { return Ok(()) };
        // A line that does not fit is one over an earlier offer, which a newer one has overtaken.
        let Ok(countersigned) = record.countersigned(from, own, line) else { return Ok(()) };
        if countersigned.size > memory.vouched {
            self.witnessed(&countersigned.origin, &countersigned.note)?;
            memory.vouched = countersigned.size;
            self.remember(from, &memory)?;
        }
        Ok(())
    }

    fn witnessed(&mut self, origin: &str, note: &str) -> Result<(), Failure> {
        let what = Happening::Witnessed { origin: origin.to_owned(), note: note.to_owned() };
        let entry = self.entry(&self.node(), &CaseId::of("record", origin), what, &[]);
        self.append(entry).map(|_| ())
    }

    fn doubt(&mut self, from: &NodeId, code: &'static str, reason: String) {
        let case = CaseId::of("record", from);
        let act = "witness".to_owned();
        self.outputs.declined.push(Declined { case, act, refusal: Refusal::new(code, reason) });
    }

    fn memory_of(&self, partner: &NodeId) -> Result<Memory, Failure> {
        let kept = self.change.kept(&key(partner))?;
        Ok(kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
    }

    fn remember(&mut self, partner: &NodeId, memory: &Memory) -> Result<(), Failure> {
        let bytes = serde_json::to_vec(memory).expect("plain data");
        self.change.keep(&key(partner), Some(&bytes))
    }
}

fn key(partner: &NodeId) -> String {
    format!("witness/{partner}")
}

/// How long a partner is not shown our record again.
const OFFER_EVERY: SignedDuration = SignedDuration::from_secs(10);
