//! Signals: the error we answer with, and the receipts and errors we are answered with.

use jiff::Timestamp;

use crate::ebms::{self, ErrorSignal, PartyId, Receipt, Reference, SignalIds, Unit};
use crate::identity::Identity;
use crate::pack::{SentDigests, Wire, pack_signal};
use crate::receive::verify_header;
use crate::trust::Trust;
use crate::wss::{Place, Signature};
use crate::{Certificate, Fault, Limits, Why, mime, xml};

/// What a peer answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// It has the message. What exactly it acknowledges is for [`check_receipt`] to say.
    Receipt(Receipt),
    /// It refused the message, or warns.
    Errors(ErrorSignal),
}

/// A signed error signal that tells a peer why its message was refused.
///
/// # Errors
/// [`Why::KeyFailed`] where our key refuses.
pub fn fault_signal(
    fault: &Fault,
    identity: &Identity,
    message_id: &str,
    at: Timestamp,
) -> Result<Wire, Fault> {
    pack_signal(message_id, identity, |id| ebms::error_signal((message_id, at), fault, id))
}

/// Reads what a peer answered. The HTTP status says nothing certain, so only the body is looked at.
///
/// A receipt must be signed by a partner. An error may come unsigned, as some products send it; the result says so.
///
/// # Errors
/// Any reason of reading or of the signature; [`Why::WrongKind`] for a business message.
pub fn read_signal(
    content_type: &str,
    body: &[u8],
    trust: &Trust,
    at: Timestamp,
    limits: &Limits,
) -> Result<Signal, Fault> {
    let package = mime::read(content_type, body, limits)?;
    let document = xml::parse(&package.envelope, limits)?;
    let place = Place::find(&document)?;
    match ebms::messaging_unit(place.messaging)? {
        Unit::User(message) => {
            Err(Fault::new(Why::WrongKind, "a message where a signal is expected").about(&message.message_id))
        }
        Unit::Receipt { ids, references } => {
            place.expect_empty_body()?;
            let (signer, certificate) = verified_signer(&place, trust, at)?;
            receipt(ids, references, signer, &certificate).map(Signal::Receipt)
        }
        Unit::Errors { ids, errors } => {
            let signer = match verified_signer(&place, trust, at) {
                Ok((signer, _)) => Some(signer),
                Err(fault) if fault.why == Why::Unsigned => None,
                Err(fault) => return Err(fault),
            };
            let ref_to = ids.ref_to.or_else(|| errors.iter().find_map(|error| error.ref_to.clone()));
            let (message_id, timestamp) = (ids.message_id, ids.timestamp);
            Ok(Signal::Errors(ErrorSignal { message_id, timestamp, ref_to, errors, signer }))
        }
    }
}

/// The partner that signed the signal, its header and body covered and unchanged.
fn verified_signer(
    place: &Place<'_, '_>,
    trust: &Trust,
    at: Timestamp,
) -> Result<(PartyId, Certificate), Fault> {
    let signature = Signature::read(place)?;
    let (partner, _) = trust.signer_of_signal(&signature.signer, at)?;
    let certificate = verify_header(place, &signature, partner, at)?;
    signature.expect_coverage(place, std::iter::empty())?;
    Ok((partner.id.clone(), certificate))
}

fn receipt(
    ids: SignalIds,
    references: Vec<Reference>,
    signer: PartyId,
    certificate: &Certificate,
) -> Result<Receipt, Fault> {
    let ref_to = ids.ref_to.ok_or_else(|| Fault::new(Why::ReceiptWrong, "a receipt for no message"))?;
    let (message_id, timestamp, fingerprint) = (ids.message_id, ids.timestamp, certificate.fingerprint_hex());
    Ok(Receipt { message_id, timestamp, ref_to, references, signer, fingerprint })
}

/// Checks that a receipt acknowledges exactly what was sent: the message, its receiver, every digest and no other.
///
/// # Errors
/// [`Why::ReceiptWrong`].
pub fn check_receipt(sent: &SentDigests, receipt: &Receipt) -> Result<(), Fault> {
    let wrong = |detail: String| Err(Fault::new(Why::ReceiptWrong, detail).about(&sent.message_id));
    if receipt.ref_to != sent.message_id {
        return wrong(format!("it is for {}", receipt.ref_to));
    }
    if sent.to.as_ref() != Some(&receipt.signer) {
        return wrong(format!("it is signed by {}", receipt.signer));
    }
    let same =
        |a: &Reference, b: &Reference| (&a.uri, &a.method, &a.digest) == (&b.uri, &b.method, &b.digest);
    if let Some(missing) =
        sent.references.iter().find(|sent| !receipt.references.iter().any(|r| same(r, sent)))
    {
        return wrong(format!("{} is not acknowledged as it was sent", missing.uri));
    }
    match receipt.references.iter().find(|r| !sent.references.iter().any(|sent| same(r, sent))) {
        Some(odd) => wrong(format!("{} was never sent", odd.uri)),
        None => Ok(()),
    }
}
