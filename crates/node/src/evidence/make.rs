//! Puts a message's evidence together from the store, the log's files and the descriptors.

use std::path::Path;

use customs::agreement::{Received, Sent};
use kernel::{CaseId, Digest, Entry, Happening};
use ledger::{Folder, ProofDocument, SignedCheckpoint, VerifierKey};
use store::journal::folder_of;
use store::{CaseRow, Failure, Look};

use super::{Bundle, MESSAGE, OWN, PARTNER, PAYLOAD, PROOF, RECEIPT, REVOCATION};
use crate::descriptor::{self, Descriptor};
use crate::destroy::{Destroyed, destroyed};

/// Why there is no evidence of a message.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceFault {
    /// The case is not one of a message, or there is none.
    #[error("{0} is no message")]
    NoMessage(CaseId),
    /// A part of it is not there.
    #[error("missing: {0}")]
    Missing(&'static str),
    /// A part of it was destroyed when its term ended.
    #[error("{0}")]
    Destroyed(Destroyed),
    /// A descriptor cannot be used.
    #[error(transparent)]
    Descriptor(#[from] descriptor::DescriptorFault),
    /// A key or a proof cannot be used.
    #[error("the record: {0}")]
    Record(#[from] ledger::Error),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] Failure),
}

/// What of a case stands in the store.
struct Parts {
    wire: Digest,
    payload: Option<Digest>,
    receipt: Option<Digest>,
}

/// The evidence of one message, from a node's folder and a view of its store; the node may run or not.
///
/// # Errors
/// [`EvidenceFault`].
pub fn make(folder: &Path, look: &dyn Look, case: &CaseId) -> Result<Bundle, EvidenceFault> {
    let row = look.case(case)?.ok_or_else(|| EvidenceFault::NoMessage(case.clone()))?;
    let parts = parts(look, &row)?;
    let blob =
        |digest: Digest| match look.blob(&digest)? {
            Some(bytes) => Ok(bytes),
            None => Err(destroyed(look, &digest)?
                .map_or(EvidenceFault::Missing("a kept blob"), EvidenceFault::Destroyed)),
        };
    let mut bundle = Bundle::about(case.clone());
    bundle.put(MESSAGE, blob(parts.wire)?);
    if let Some(receipt) = parts.receipt {
        bundle.put(RECEIPT, blob(receipt)?);
    }
    if let Some(payload) = parts.payload {
        bundle.put(PAYLOAD, blob(payload)?);
    }
    let (own_note, own) = read(&folder.join(descriptor::OWN))?;
    let file = format!("{}.descriptor", row.summary.partner);
    let (partner_note, partner) = read(&folder.join(descriptor::FOLDER).join(file))?;
    bundle.put(OWN, own_note);
    bundle.put(PARTNER, partner_note);
    prove(&mut bundle, folder, look, (&own, &partner))?;
    for (number, list) in revocations(folder, &partner).into_iter().enumerate() {
        bundle.put(format!("{REVOCATION}{number}"), list);
    }
    Ok(bundle)
}

fn parts(look: &dyn Look, row: &CaseRow) -> Result<Parts, EvidenceFault> {
    let nothing = || EvidenceFault::NoMessage(row.id.clone());
    match row.id.desk() {
        "sent" => {
            let sent = row.state.read::<Sent>().map_err(|_| nothing())?;
            let outgoing = sent.outgoing().ok_or_else(nothing)?;
            let receipt = serde_json::from_value(row.summary.shown["receipt"].clone()).ok().flatten();
            // The third blob of the entry that queued it is the document in clear.
            let payload = look.history(&row.id)?.first().and_then(|(_, entry)| entry.blobs.get(2).copied());
            Ok(Parts { wire: outgoing.wire, payload, receipt })
        }
        "received" => {
            let received = row.state.read::<Received>().map_err(|_| nothing())?;
            let arrival = received.arrival().ok_or_else(nothing)?;
            let known = look.message(arrival.from.as_str(), &arrival.message_id)?;
            let receipt = known.and_then(|state| state.answer);
            Ok(Parts { wire: arrival.wire, payload: Some(arrival.payload), receipt })
        }
        _ => Err(nothing()),
    }
}

fn read(path: &Path) -> Result<(Vec<u8>, Descriptor), EvidenceFault> {
    let file = |cause| descriptor::DescriptorFault::File { path: path.to_owned(), cause };
    let note = std::fs::read_to_string(path).map_err(file)?;
    let descriptor = Descriptor::open(&note)?;
    Ok((note.into_bytes(), descriptor))
}

/// Proves the entries that name the message and its receipt, under a checkpoint the partner cosigned where there is one.
fn prove(
    bundle: &mut Bundle,
    folder: &Path,
    look: &dyn Look,
    (own, partner): (&Descriptor, &Descriptor),
) -> Result<(), EvidenceFault> {
    let key: VerifierKey = own.record.parse()?;
    let history = look.history(&bundle.case)?;
    let told: Vec<u64> =
        history.iter().filter(|(_, entry)| is_told(entry)).map(|(number, _)| *number).collect();
    let last = *told.last().ok_or(EvidenceFault::Missing("an entry"))?;
    let log = Folder::new(folder_of(folder));
    let checkpoint = match cosigned(look, &key, partner, last)? {
        Some(checkpoint) => Some(checkpoint),
        None => log.newest(&key)?,
    };
    let checkpoint = checkpoint.ok_or(EvidenceFault::Missing("a checkpoint"))?;
    for number in told {
        let proof = ProofDocument::of(&log, number, &checkpoint)?;
        bundle.put(format!("{PROOF}{number}"), proof.to_string().into_bytes());
    }
    Ok(())
}

/// Whether an entry says that the message was queued, came, or was receipted.
fn is_told(entry: &Entry) -> bool {
    let Happening::Event { name, .. } = &entry.what else { return false };
    matches!(name.as_str(), "queue" | "arrive" | "receipt")
}

/// The first checkpoint past an entry that the partner cosigned.
fn cosigned(
    look: &dyn Look,
    key: &VerifierKey,
    partner: &Descriptor,
    entry: u64,
) -> Result<Option<SignedCheckpoint>, EvidenceFault> {
    let witness: VerifierKey = partner.witness.parse()?;
    for (_, witnessed) in look.history(&CaseId::of("record", key.name()))? {
        let Happening::Witnessed { note, .. } = &witnessed.what else { continue };
        let Ok(signed) = SignedCheckpoint::open(note.as_bytes(), key) else { continue };
        let by_partner = signed.witnesses(std::slice::from_ref(&witness)).is_ok_and(|seen| !seen.is_empty());
        if by_partner && signed.checkpoint().size() > entry {
            return Ok(Some(signed));
        }
    }
    Ok(None)
}

/// What the node holds of revoked certificates of a partner's authorities: the files beside its descriptor.
fn revocations(folder: &Path, partner: &Descriptor) -> Vec<Vec<u8>> {
    let place = folder.join(descriptor::FOLDER).join(format!("{}.revoked", partner.id));
    let Ok(files) = std::fs::read_dir(place) else { return Vec::new() };
    let mut paths: Vec<_> = files.filter_map(Result::ok).map(|file| file.path()).collect();
    paths.sort();
    paths.iter().take(REVOCATIONS_MAX).filter_map(|path| std::fs::read(path).ok()).collect()
}

/// The most revocation files put in.
const REVOCATIONS_MAX: usize = 16;
