//! A message proved but for its parts.

use jiff::Timestamp;

use super::intake::Lying;
use super::part::Part;
use crate::certificate::Certificate;
use crate::ebms::{PartyId, UserMessage};
use crate::mime::Package;
use crate::receive::{self, Verified};
use crate::trust::Trust;
use crate::wss::{Place, SealedWith, Signature};
use crate::{Fault, Limits, Why, ebms, xml};

/// A message proved but for its parts.
#[derive(Debug)]
pub struct Opening {
    message: UserMessage,
    signer: Certificate,
    references: Vec<ebms::Reference>,
    parts: Vec<Part>,
}

pub(super) fn open(
    package: &Package<'_>,
    lying: &[Lying],
    trust: &Trust,
    (at, limits): (Timestamp, &Limits),
) -> Result<Opening, Fault> {
    let document = xml::parse(&package.envelope, limits)?;
    let place = Place::find(&document)?;
    let message = receive::business_message(&place)?;
    let message_id = message.message_id.clone();
    let opened = || -> Result<Opening, Fault> {
        let (signature, signer, partner) = receive::prove(package, &place, &message, trust, at)?;
        receive::expect_sealing(&place, partner, &message)?;
        let sealed = SealedWith::read(&place, trust.openers())?;
        if let Some(sealed) = &sealed {
            sealed.expect_among(message.parts.iter().map(|part| part.content_id.as_str()))?;
        }
        let parts = parts(lying, &signature, (&message, sealed.as_ref()), limits)?;
        Ok(Opening { message: message.clone(), signer, references: signature.references, parts })
    };
    opened().map_err(|fault| fault.about(&message_id))
}

/// Sees that a partner signed an envelope that is addressed to us.
pub(super) fn vouch(envelope: &str, trust: &Trust, (at, limits): (Timestamp, &Limits)) -> Result<(), Fault> {
    let document = xml::parse(envelope, limits)?;
    let place = Place::find(&document)?;
    let message = receive::business_message(&place)?;
    let vouched = || {
        if !trust.is_us(&message.to.id) {
            return Err(Fault::new(Why::NotForUs, format!("addressed to {}", message.to.id)));
        }
        let signature = Signature::read(&place)?;
        let partner = trust.partner(&message.from.id);
        let partner = partner.ok_or_else(|| Fault::new(Why::PartyUnknown, message.from.id.to_string()))?;
        receive::verify_header(&place, &signature, partner, at).map(|_| ())
    };
    vouched().map_err(|fault| fault.about(&message.message_id))
}

/// Who says to have sent an envelope.
pub(super) fn claimed(envelope: &str, limits: &Limits) -> Option<PartyId> {
    let document = xml::parse(envelope, limits).ok()?;
    let place = Place::find(&document).ok()?;
    receive::business_message(&place).ok().map(|message| message.from.id)
}

/// How each part is to be proved, in the order of the header.
fn parts(
    lying: &[Lying],
    signature: &Signature<'_, '_>,
    (message, sealed): (&UserMessage, Option<&SealedWith>),
    limits: &Limits,
) -> Result<Vec<Part>, Fault> {
    let signed = signature.parts()?;
    let each = message.parts.iter().map(|info| {
        let lying = lying.iter().find(|part| part.content_id == info.content_id);
        let lying = lying.expect("header and parts were found to match");
        let reference = signed.get(&info.content_id).expect("coverage was checked");
        Part::new(info, lying, reference, (sealed, limits))
    });
    each.collect()
}

impl Opening {
    /// The header.
    #[must_use]
    pub const fn message(&self) -> &UserMessage {
        &self.message
    }

    /// The sender, as its certificate proves.
    #[must_use]
    pub const fn from(&self) -> &PartyId {
        &self.message.from.id
    }

    /// The parts in the order of the header, each to be proved.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The message proved whole. Every part's [`super::Proof`] must have come out right before; the payloads stay with
    /// whoever unfolded them.
    #[must_use]
    pub fn conclude(self) -> Verified {
        let mut verified = Verified::of(self.message, self.signer, self.references);
        verified.is_sealed = self.parts.iter().any(Part::is_sealed);
        verified
    }
}
