//! The real envelopes: AS4 messages by crate `exchange`, as MIME entities that can be kept and read again by themselves.

use customs::agreement::Protection;
use exchange::{
    AgreementRef, Certificate, Outgoing, Party, PartyId, Payload, Profile, Sealing, SentDigests, Service,
    Suite, Wire,
};
use jiff::Timestamp;
use kernel::{NodeId, Refusal};
use store::Failure;

use crate::descriptor::Descriptor;
use crate::keys::{SuiteKeys, Wallet};
use crate::partners::Partners;
use crate::seal::{Packed, Parcel, Seal};
use crate::witness::Record;

/// The service every document of ours goes under; its kind is the action.
pub const SERVICE: &str = "urn:sampan:customs-cooperation:1";
/// The property that marks a part as what the sender's record says of itself.
pub(crate) const RECORD_PART: &str = "record";

/// Packs documents into AS4 messages signed by this node.
pub struct As4 {
    us: NodeId,
    keys: Box<dyn KeysFor>,
    record: Option<Box<dyn Record>>,
}

impl std::fmt::Debug for As4 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("As4").field("us", &self.us).finish_non_exhaustive()
    }
}

impl As4 {
    /// Envelopes of this node, signed and encrypted with what the wallet and the partner's descriptor share.
    pub(crate) fn new(us: NodeId, partners: Partners) -> Self {
        Self { us, keys: Box::new(partners), record: None }
    }

    /// Envelopes of this node for one partner, for tools that hold its keys and the partner's descriptor.
    #[must_use]
    pub fn between(us: NodeId, wallet: Wallet, partner: Descriptor) -> Self {
        Self { us, keys: Box::new(Pair { wallet, partner }), record: None }
    }

    /// The same envelopes, with a record that vouches with them.
    #[must_use]
    pub fn with_record(mut self, record: Box<dyn Record>) -> Self {
        self.record = Some(record);
        self
    }
}

/// Which keys a message to a partner is made with.
trait KeysFor: Send {
    /// Ours in the suite shared with it.
    fn ours(&self, to: &NodeId) -> Option<SuiteKeys>;
    /// Its certificate to encrypt to.
    fn theirs(&self, to: &NodeId, suite: Suite, at: Timestamp) -> Option<Certificate>;
}

impl KeysFor for Partners {
    fn ours(&self, to: &NodeId) -> Option<SuiteKeys> {
        self.keys_for(to)
    }

    fn theirs(&self, to: &NodeId, suite: Suite, at: Timestamp) -> Option<Certificate> {
        self.sealing_for(to, suite, at)
    }
}

struct Pair {
    wallet: Wallet,
    partner: Descriptor,
}

impl KeysFor for Pair {
    fn ours(&self, _to: &NodeId) -> Option<SuiteKeys> {
        self.wallet.shared_with(&self.partner).cloned()
    }

    fn theirs(&self, _to: &NodeId, suite: Suite, at: Timestamp) -> Option<Certificate> {
        let mut theirs = self.partner.sealing_certificates().into_iter();
        theirs.find(|certificate| suite.seals_to(certificate) && certificate.is_valid_at(at))
    }
}

impl Seal for As4 {
    fn refuses(&self, to: &NodeId, protection: Protection, at: Timestamp) -> Option<Refusal> {
        let Some(keys) = self.keys.ours(to) else {
            return Some(Refusal::new("no-shared-suite", to.as_str()));
        };
        let sealed = protection == Protection::SignedAndEncrypted;
        let missing = sealed && self.keys.theirs(to, keys.suite, at).is_none();
        missing.then(|| Refusal::new("no-certificate-to-encrypt-to", to.as_str()))
    }

    fn pack(&self, parcel: &Parcel<'_>) -> Result<Packed, Failure> {
        let outgoing = Outgoing {
            message_id: parcel.message_id.to_owned(),
            conversation_id: parcel.conversation.to_owned(),
            ref_to: parcel.ref_to.map(ToOwned::to_owned),
            from: Party::initiator(party_of(&self.us)),
            to: Party::responder(party_of(parcel.to)),
            service: Service { value: SERVICE.to_owned(), kind: None },
            action: parcel.kind.to_owned(),
            agreement_ref: Some(AgreementRef { value: parcel.agreement.to_owned(), kind: None, pmode: None }),
            properties: Vec::new(),
            payloads: payloads(parcel),
            timestamp: parcel.at,
        };
        let failed = |cause: String| Failure::Engine { doing: "pack a message", cause };
        let keys = self.keys.ours(parcel.to).ok_or_else(|| failed("no shared suite".to_owned()))?;
        let sealing = match parcel.protection {
            Protection::Signed => Sealing::Clear,
            Protection::SignedAndEncrypted => {
                let theirs = self.keys.theirs(parcel.to, keys.suite, parcel.at);
                Sealing::To(theirs.ok_or_else(|| failed("no certificate to encrypt to".to_owned()))?)
            }
        };
        let profile = Profile { suite: keys.suite, sealing, ..Profile::default() };
        let wire = exchange::pack(&outgoing, &keys.identity, &profile);
        Ok(packed(&wire.map_err(|fault| failed(fault.to_string()))?))
    }

    fn record(&self) -> Option<&dyn Record> {
        self.record.as_deref()
    }
}

/// The party id of a node: its short name, in no register.
#[must_use]
pub fn party_of(node: &NodeId) -> PartyId {
    PartyId::unregistered(node.as_str())
}

fn payloads(parcel: &Parcel<'_>) -> Vec<Payload> {
    let document = Payload {
        content_id: format!("document@{}", host(parcel.message_id)),
        mime: media_of(parcel.payload).to_owned(),
        bytes: parcel.payload.to_vec(),
        properties: Vec::new(),
    };
    let record = parcel.witness.map(|witness| Payload {
        content_id: format!("{RECORD_PART}@{}", host(parcel.message_id)),
        mime: "application/json".to_owned(),
        bytes: witness.to_vec(),
        properties: Vec::new(),
    });
    std::iter::once(document).chain(record).collect()
}

/// The media type of a document, by how its bytes begin.
pub(crate) fn media_of(bytes: &[u8]) -> &'static str {
    match bytes.trim_ascii_start().first() {
        Some(b'<') => "application/xml",
        Some(b'{' | b'[') => "application/json",
        _ => "application/octet-stream",
    }
}

/// What stands behind the `@` of a message's id.
pub(crate) fn host(message_id: &str) -> &str {
    message_id.rsplit_once('@').map_or("sampan", |(_, host)| host)
}

fn packed(wire: &Wire) -> Packed {
    let digests = serde_json::to_vec(&wire.sent).expect("digests are plain data");
    Packed { entity: entity(&wire.content_type, &wire.body), digests }
}

/// A body with its media type as one MIME entity.
#[must_use]
pub fn entity(content_type: &str, body: &[u8]) -> Vec<u8> {
    let mut entity = Vec::with_capacity(FIELD.len() + content_type.len() + 4 + body.len());
    entity.extend_from_slice(FIELD.as_bytes());
    // A header value cannot hold a line break; one that came with a folded line keeps its meaning without it.
    entity.extend(content_type.bytes().map(|byte| if matches!(byte, b'\r' | b'\n') { b' ' } else { byte }));
    entity.extend_from_slice(b"\r\n\r\n");
    entity.extend_from_slice(body);
    entity
}

/// The media type and the body of a kept MIME entity; `None` where the bytes are none of ours.
#[must_use]
pub fn split(entity: &[u8]) -> Option<(&str, &[u8])> {
    let rest = entity.strip_prefix(FIELD.as_bytes())?;
    let end = rest.windows(4).position(|window| window == b"\r\n\r\n")?;
    Some((std::str::from_utf8(&rest[..end]).ok()?, &rest[end + 4..]))
}

/// What was signed in a message that was kept beside it.
pub(crate) fn digests(kept: &[u8]) -> Option<SentDigests> {
    serde_json::from_slice(kept).ok()
}

const FIELD: &str = "Content-Type: ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entity_comes_apart_as_it_was_put_together() {
        let whole = entity("multipart/related; boundary=\"x\"", b"--x\r\n\r\nbody");
        assert_eq!(split(&whole), Some(("multipart/related; boundary=\"x\"", &b"--x\r\n\r\nbody"[..])));
        assert_eq!(split(b"anything"), None);
        assert_eq!(split(&entity("a\r\nb", b"")), Some(("a  b", &b""[..])));
    }
}
