//! Checks a bundle with nothing but its bytes and, where the checker has it, the key of the record.

use exchange::doctor::{Examination, Verdict, examine};
use exchange::{Certificate, Limits};
use kernel::{Digest, Entry};
use ledger::{ProofDocument, VerifierKey};

use super::{Bundle, BundleFault, MESSAGE, OWN, PARTNER, PAYLOAD, PROOF, RECEIPT, REVOCATION};
use crate::descriptor::Descriptor;
use crate::envelope::split;

/// One thing that was held against another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A stable code, such as `receipt-repeats-digests`.
    pub code: &'static str,
    /// What was seen; empty where there is nothing to add.
    pub seen: String,
    /// Whether it holds.
    pub holds: Holds,
}

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// It does.
    Yes,
    /// It does not: the evidence is worth nothing.
    No,
    /// It is not there; the evidence is worth what the rest of it is.
    Absent,
}

/// What a check gave.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// Everything that was looked at.
    pub findings: Vec<Finding>,
    /// The key under which the record was believed.
    pub record_key: String,
}

impl Checked {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        !self.findings.is_empty() && self.findings.iter().all(|finding| finding.holds != Holds::No)
    }

    fn say(&mut self, code: &'static str, holds: bool, seen: impl Into<String>) {
        let holds = if holds { Holds::Yes } else { Holds::No };
        self.findings.push(Finding { code, seen: seen.into(), holds });
    }

    fn absent(&mut self, code: &'static str) {
        self.findings.push(Finding { code, seen: String::new(), holds: Holds::Absent });
    }
}

/// Checks a bundle. Without a key the record is believed under the key its own descriptor names; whether that is the
/// right node's is then for whoever checks.
///
/// # Errors
/// [`BundleFault`] where the file is not what its head says.
pub fn check(bytes: &[u8], key: Option<&VerifierKey>) -> Result<Checked, BundleFault> {
    let bundle = Bundle::from_bytes(bytes)?;
    let mut checked = Checked::default();
    let own = descriptor(&mut checked, &bundle, OWN, "own-descriptor-signed");
    let partner = descriptor(&mut checked, &bundle, PARTNER, "partner-descriptor-signed");
    let (Some(own), Some(partner)) = (own, partner) else { return Ok(checked) };
    checked.record_key.clone_from(&own.record);
    if let Some(key) = key {
        checked.say("record-key-as-told", key.to_string() == own.record, own.record.clone());
    }
    let (signs_message, signs_receipt) =
        if bundle.case.desk() == "sent" { (&own, &partner) } else { (&partner, &own) };
    let message = signed(&mut checked, &bundle, MESSAGE, signs_message);
    let receipt = signed(&mut checked, &bundle, RECEIPT, signs_receipt);
    if let (Some(message), Some(receipt)) = (&message, &receipt) {
        repeats(&mut checked, message, receipt);
    }
    record(&mut checked, &bundle, (&own, &partner));
    revocations(&mut checked, &bundle);
    Ok(checked)
}

/// A descriptor, signed by the record key it names.
fn descriptor(checked: &mut Checked, bundle: &Bundle, name: &str, code: &'static str) -> Option<Descriptor> {
    let note = bundle.section(name).and_then(|bytes| std::str::from_utf8(bytes).ok());
    match note.map(Descriptor::open) {
        Some(Ok(descriptor)) => {
            checked.say(code, true, descriptor.id.to_string());
            Some(descriptor)
        }
        Some(Err(fault)) => {
            checked.say(code, false, fault.to_string());
            None
        }
        None => {
            checked.say(code, false, "missing");
            None
        }
    }
}

/// A message or receipt whose signature is sound, under a certificate in the signer's descriptor.
fn signed(checked: &mut Checked, bundle: &Bundle, name: &str, by: &Descriptor) -> Option<Examination> {
    let (sound, pinned) = match name {
        MESSAGE => ("message-signature-sound", "message-signer-pinned"),
        _ => ("receipt-signature-sound", "receipt-signer-pinned"),
    };
    let Some(entity) = bundle.section(name) else {
        // A message without its receipt is still a message; a receipt without its message proves nothing.
        if name == MESSAGE {
            checked.say(sound, false, "missing");
        } else {
            checked.absent(sound);
        }
        return None;
    };
    if split(entity).is_none() {
        checked.say(sound, false, "no MIME entity");
        return None;
    }
    let seen = examine(entity, &Limits::default());
    let fault = seen.fault.as_ref().map(ToString::to_string).unwrap_or_default();
    checked.say(sound, seen.verdict == Verdict::Sound, fault);
    let signer = seen.signer.as_ref().map(|signer| signer.fingerprint.clone()).unwrap_or_default();
    let known = by.signing_certificates().iter().any(|known| Certificate::fingerprint_hex(known) == signer);
    checked.say(pinned, known, signer);
    Some(seen)
}

/// Lists of revoked certificates that can be read, one after the other.
fn revocations(checked: &mut Checked, bundle: &Bundle) {
    let lists: Vec<_> = bundle.sections().filter(|(name, _)| name.starts_with(REVOCATION)).collect();
    let in_order = lists.iter().enumerate().all(|(place, (name, _))| *name == format!("{REVOCATION}{place}"));
    if lists.is_empty() {
        checked.absent("revocation-known");
    } else {
        checked.say("revocation-known", in_order, lists.len().to_string());
    }
}

/// The receipt names the message and repeats every digest of its signature.
fn repeats(checked: &mut Checked, message: &Examination, receipt: &Examination) {
    let named = receipt.ref_to.is_some() && receipt.ref_to == message.message_id;
    checked.say("receipt-names-message", named, receipt.ref_to.clone().unwrap_or_default());
    let mut signed: Vec<(&str, &str)> = message
        .references
        .iter()
        .map(|each| (each.reference.uri.as_str(), each.reference.digest.as_str()))
        .collect();
    let mut repeated: Vec<(&str, &str)> =
        receipt.repeated.iter().map(|each| (each.uri.as_str(), each.digest.as_str())).collect();
    signed.sort_unstable();
    repeated.sort_unstable();
    checked.say(
        "receipt-repeats-digests",
        signed == repeated && !signed.is_empty(),
        signed.len().to_string(),
    );
}

/// The entries stand in the record, name these bytes, and their checkpoint is cosigned by the partner.
fn record(checked: &mut Checked, bundle: &Bundle, (own, partner): (&Descriptor, &Descriptor)) {
    let (Ok(key), Ok(witness)) = (own.record.parse::<VerifierKey>(), partner.witness.parse::<VerifierKey>())
    else {
        return checked.say("record-key-readable", false, own.record.clone());
    };
    let mut blobs: Vec<Digest> = Vec::new();
    let (mut proofs, mut cosigned) = (0_u32, 0_u32);
    for (name, bytes) in bundle.sections().filter(|(name, _)| name.starts_with(PROOF)) {
        proofs += 1;
        match proven(bundle, name, bytes, &key) {
            Ok((entry, signed)) => {
                blobs.extend(entry.blobs);
                let by = signed.witnesses(std::slice::from_ref(&witness));
                cosigned += u32::from(by.as_ref().is_ok_and(|seen| !seen.is_empty()));
                // Nobody else signs what a bundle carries: a line of an unknown key is a line somebody changed.
                let lines = by.as_ref().map_or(0, Vec::len) + 1;
                let known = by.is_ok() && signed.note().signatures().len() == lines;
                checked.say("cosignature-sound", known, name);
            }
            Err(why) => checked.say("entry-in-record", false, format!("{name}: {why}")),
        }
    }
    checked.say("entry-in-record", proofs > 0, proofs.to_string());
    if cosigned == proofs {
        checked.say("checkpoint-cosigned", true, partner.id.to_string());
    } else {
        checked.absent("checkpoint-cosigned");
    }
    // What we receipted ourselves stands under our own signature; what others did stands in our record.
    let ours = bundle.case.desk() == "sent";
    let kept = [(MESSAGE, true), (PAYLOAD, true), (RECEIPT, ours)];
    for (name, bytes) in
        kept.iter().filter(|(_, kept)| *kept).filter_map(|(name, _)| Some((name, bundle.section(name)?)))
    {
        checked.say("record-names-bytes", blobs.contains(&Digest::of(bytes)), *name);
    }
}

fn proven(
    bundle: &Bundle,
    name: &str,
    bytes: &[u8],
    key: &VerifierKey,
) -> Result<(Entry, ledger::SignedCheckpoint), String> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    let document: ProofDocument = text.parse().map_err(|error: ledger::Error| error.to_string())?;
    if document.to_string() != text || name != format!("{PROOF}{}", document.index) {
        return Err("not in its one form".to_owned());
    }
    let signed = document.verify(key).map_err(|error| error.to_string())?;
    let entry = Entry::from_bytes(document.entry.as_deref().unwrap_or_default())
        .map_err(|error| error.to_string())?;
    if entry.case == bundle.case { Ok((entry, signed)) } else { Err(format!("about {}", entry.case)) }
}
