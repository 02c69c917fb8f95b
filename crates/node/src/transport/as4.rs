//! From node to node: AS4 messages by crate `exchange`, signed, encrypted where the term says so, receipted.

use std::collections::BTreeMap;
use std::sync::Arc;

use customs::agreement::{Algorithms, Protection, Schedule, Token as Carrying, Way};
use exchange::{
    AgreementRef, Certificate, ErrorSignal, Fault, Limits, Outgoing, Party, PartyId, Payload, Profile,
    Property, Sealing, Service, Signal, Suite, Token, Verified, Why, Wire,
};
use jiff::Timestamp;
use kernel::{Digest, NodeId, Refusal};
use store::{Blob, Failure};

use super::{Asked, Heard, Packed, Parcel, Posted, Transport};
use crate::admit::{Delivery, Suited};
use crate::ahead::ReadAhead;
use crate::content::{Attached, Content};
use crate::descriptor::Descriptor;
use crate::envelope::{RECORD_PART, SERVICE, digests, entity, host, media_of, party_of, split};
use crate::input::Retry;
use crate::keys::{SuiteKeys, Wallet};
use crate::partners::{Known, Partners};

/// Messages of this node to its partners.
pub struct As4 {
    us: NodeId,
    keys: Box<dyn KeysFor>,
    limits: Limits,
}

impl std::fmt::Debug for As4 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("As4").field("us", &self.us).finish_non_exhaustive()
    }
}

impl As4 {
    /// Messages of this node, signed and encrypted with what the wallet and the partner's descriptor share.
    pub(crate) fn new(us: NodeId, partners: Partners, limits: Limits) -> Self {
        Self { us, keys: Box::new(partners), limits }
    }

    /// Messages of this node for one partner, for tools that hold its keys and the partner's descriptor.
    #[must_use]
    pub fn between(us: NodeId, wallet: Wallet, partner: Descriptor) -> Self {
        let keys = Box::new(Pair { us: us.clone(), wallet, partner });
        Self { us, keys, limits: Limits::default() }
    }
}

/// Which keys a message to a partner is made with, and whom an answer is believed from.
trait KeysFor: Send + Sync {
    /// Ours in the suite a term asks for.
    fn ours(&self, to: &NodeId, algorithms: Algorithms) -> Option<SuiteKeys>;
    /// Its certificate to encrypt to.
    fn theirs(&self, to: &NodeId, suite: Suite, at: Timestamp) -> Option<Certificate>;
    /// Whom we believe now.
    fn known(&self) -> Arc<Known>;
}

impl KeysFor for Partners {
    fn ours(&self, to: &NodeId, algorithms: Algorithms) -> Option<SuiteKeys> {
        self.keys_for(to, algorithms)
    }

    fn theirs(&self, to: &NodeId, suite: Suite, at: Timestamp) -> Option<Certificate> {
        self.sealing_for(to, suite, at)
    }

    fn known(&self) -> Arc<Known> {
        self.now()
    }
}

struct Pair {
    us: NodeId,
    wallet: Wallet,
    partner: Descriptor,
}

impl KeysFor for Pair {
    fn ours(&self, _to: &NodeId, algorithms: Algorithms) -> Option<SuiteKeys> {
        self.wallet.shared_for(&self.partner, suite_of(algorithms)).cloned()
    }

    fn theirs(&self, _to: &NodeId, suite: Suite, at: Timestamp) -> Option<Certificate> {
        let mut theirs = self.partner.sealing_certificates().into_iter();
        theirs.find(|certificate| suite.seals_to(certificate) && certificate.is_valid_at(at))
    }

    fn known(&self) -> Arc<Known> {
        let known = BTreeMap::from([(self.partner.id.clone(), self.partner.clone())]);
        Arc::new(Known::of(&self.us, &self.wallet, None, known))
    }
}

impl Transport for As4 {
    fn refuses(&self, asked: Asked<'_>) -> Option<Refusal> {
        let Asked { to, delivery, at, .. } = asked;
        let Some(keys) = self.keys.ours(to, delivery.algorithms) else {
            return Some(Refusal::new("no-shared-suite", to.as_str()));
        };
        let sealed = delivery.protection == Protection::SignedAndEncrypted;
        let missing = sealed && self.keys.theirs(to, keys.suite, at).is_none();
        missing.then(|| Refusal::new("no-certificate-to-encrypt-to", to.as_str()))
    }

    fn pack(&self, parcel: &Parcel<'_>) -> Result<Packed, Failure> {
        let failed = |cause: String| Failure::Engine { doing: "pack a message", cause };
        let Parcel { to, delivery, .. } = *parcel;
        let keys = self.keys.ours(to, delivery.algorithms);
        let keys = keys.ok_or_else(|| failed("no shared suite".to_owned()))?;
        let theirs = self.keys.theirs(to, keys.suite, parcel.at);
        let profile = profile(delivery, keys.suite, theirs).ok_or_else(|| failed(NOBODY.to_owned()))?;
        let outgoing =
            Outgoing { ref_to: parcel.ref_to.map(ToOwned::to_owned), ..outgoing(&self.us, parcel) };
        let wire = exchange::pack(&outgoing, &keys.identity, &profile);
        Ok(packed(&wire.map_err(|fault| failed(fault.to_string()))?))
    }

    fn open(&self, entity: &[u8], at: Timestamp) -> Result<Delivery, String> {
        let (content_type, body) = split(entity).ok_or("no MIME entity")?;
        let known = self.keys.known();
        let proved = prove(&known, (content_type, body), &self.limits, at);
        let (_, delivery) = proved.map_err(|refused| refused.fault.to_string())?;
        delivery.ok_or_else(|| "a ping, which delivers nothing".to_owned())
    }

    fn hear(&self, posted: Posted<'_>, answer: &[u8], at: Timestamp) -> Heard {
        let lost = |cause: &str| Heard::Unclear {
            code: exchange::Ebms::Other.code().to_owned(),
            cause: cause.to_owned(),
        };
        let Some((content_type, body)) = split(answer) else { return lost("no MIME entity") };
        let Some(sent) = digests(posted.digests) else { return lost("the kept digests cannot be read") };
        let known = self.keys.known();
        let signal = exchange::read_signal(content_type, body, &known.trust, at, &self.limits);
        match signal {
            Ok(Signal::Receipt(receipt)) => match exchange::check_receipt(&sent, &receipt) {
                Ok(()) => Heard::Receipt(answer.to_vec()),
                Err(fault) => {
                    Heard::Unclear { code: fault.ebms().code().to_owned(), cause: fault.to_string() }
                }
            },
            Ok(Signal::Errors(errors)) => refused(&errors),
            Err(fault) => Heard::Unclear {
                code: Why::ReceiptMissing.ebms().code().to_owned(),
                cause: fault.to_string(),
            },
        }
    }
}

/// An error a partner reports. One nobody signed may come from anybody on the way, so it never ends the tries.
fn refused(errors: &ErrorSignal) -> Heard {
    let first = errors.errors.iter().find(|error| error.is_failure()).or_else(|| errors.errors.first());
    let code = first.map_or_else(|| Why::ReceiptMissing.ebms().code().to_owned(), |error| error.code.clone());
    let final_word = errors.is_refusal() && !errors.is_retryable() && errors.signer.is_some();
    let cause = first.and_then(|error| error.detail.clone().or_else(|| error.description.clone()));
    let retry = if final_word { Retry::Hopeless } else { Retry::MayHelp };
    Heard::Refused { code, retry, cause: cause.unwrap_or_default() }
}

/// The header of a message that carries a parcel.
fn outgoing(us: &NodeId, parcel: &Parcel<'_>) -> Outgoing {
    Outgoing {
        message_id: parcel.message_id.to_owned(),
        conversation_id: parcel.conversation.to_owned(),
        ref_to: None,
        from: Party::initiator(party_of(us)),
        to: Party::responder(party_of(parcel.to)),
        service: Service { value: SERVICE.to_owned(), kind: None },
        action: parcel.kind.to_owned(),
        agreement_ref: Some(AgreementRef { value: parcel.agreement.to_owned(), kind: None, pmode: None }),
        properties: properties(parcel.delivery),
        payloads: payloads(parcel),
        timestamp: parcel.at,
    }
}

/// The message properties a term asks for: the outer two of four corners.
pub(crate) fn properties(delivery: &Schedule) -> Vec<Property> {
    let Some(corners) = &delivery.corners else { return Vec::new() };
    vec![
        Property::new(ORIGINAL_SENDER, corners.original_sender.clone()),
        Property::new(FINAL_RECIPIENT, corners.final_recipient.clone()),
    ]
}

/// How a term has messages secured; `None` where they are to be encrypted and there is nobody to encrypt to.
pub(crate) fn profile(delivery: &Schedule, suite: Suite, theirs: Option<Certificate>) -> Option<Profile> {
    let sealing = match delivery.protection {
        Protection::Signed => Sealing::Clear,
        Protection::SignedAndEncrypted => Sealing::To(theirs?),
    };
    let token = match delivery.token {
        Carrying::Certificate => Token::X509v3,
        Carrying::Path => Token::PkiPath,
    };
    Some(Profile { suite, token, sealing, ..Profile::default() })
}

/// The suite a term asks for; `None` where the strongest is meant.
pub(crate) const fn suite_of(algorithms: Algorithms) -> Option<Suite> {
    match algorithms {
        Algorithms::Strongest => None,
        Algorithms::Edelivery115 => Some(Suite::Edelivery115),
        Algorithms::Edelivery2 => Some(Suite::Edelivery2),
        Algorithms::Edelivery2P256 => Some(Suite::Edelivery2P256),
    }
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

fn packed(wire: &Wire) -> Packed {
    let digests = serde_json::to_vec(&wire.sent).expect("digests are plain data");
    Packed { entity: entity(&wire.content_type, &wire.body), digests }
}

/// A message that was refused: why, and who says to have sent it.
pub(crate) struct Refused {
    pub(crate) fault: Fault,
    pub(crate) from: Option<PartyId>,
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self { fault, from: None }
    }
}

/// What the parts of a message come to: the document first.
pub(crate) struct Carried {
    pub(crate) document: Content,
    pub(crate) witness: Option<Vec<u8>>,
    pub(crate) attached: Vec<Attached>,
}

/// Proves a message that is in memory; no delivery where it only asks whether we are there.
pub(crate) fn prove(
    known: &Known,
    (content_type, body): (&str, &[u8]),
    limits: &Limits,
    at: Timestamp,
) -> Result<(Verified, Option<Delivery>), Refused> {
    let received = exchange::open(content_type, body, limits)?;
    let verified = received.verify(&known.trust, at);
    let mut verified = verified.map_err(|fault| Refused { fault, from: received.claimed() })?;
    let mut payloads = verified.take_payloads();
    let document = payloads.next().map(|(payload, folded)| content(payload.bytes, folded));
    let document = document.unwrap_or_else(|| Vec::new().into());
    let mut carried = Carried { document, witness: None, attached: Vec::new() };
    for (Payload { content_id, mime, bytes, .. }, folded) in payloads {
        if content_id.starts_with(RECORD_PART) {
            carried.witness = Some(bytes);
        } else {
            let content = content(bytes, folded);
            carried.attached.push(Attached { name: content_id, media: mime, content });
        }
    }
    let delivery = delivery(known, &verified, entity(content_type, body).into(), carried)?;
    Ok((verified, delivery))
}

/// A payload as it is kept: folded as it came.
fn content(bytes: Vec<u8>, folded: Option<Vec<u8>>) -> Content {
    Content::Bytes(match folded {
        Some(folded) => Blob::folded(bytes, folded),
        None => Blob::of(bytes),
    })
}

/// What a proved message is to the heart; nothing where it is a ping.
pub(crate) fn delivery(
    known: &Known,
    verified: &Verified,
    wire: Content,
    carried: Carried,
) -> Result<Option<Delivery>, Refused> {
    let message = verified.message();
    if message.is_ping() {
        return Ok(None);
    }
    let stranger = || Fault::new(Why::PartyUnknown, verified.from().to_string());
    let from = known.node_of(verified.from()).ok_or_else(stranger)?.clone();
    let usual = known.trust.partner(verified.from()).map(|partner| partner.suite);
    let protection = if verified.is_sealed() { Protection::SignedAndEncrypted } else { Protection::Signed };
    Ok(Some(Delivery {
        from,
        message_id: message.message_id.clone(),
        kind: kind_of(&message.service.value, &message.action),
        covered: Digest::from_bytes(verified.digest()),
        wire,
        payload: carried.document,
        attached: carried.attached,
        way: Way::Direct,
        protection,
        suited: usual.map(|usual| Suited { used: verified.suite(), usual }),
        witness: carried.witness,
        reading: ReadAhead::default(),
    }))
}

/// The document kind an envelope names; what is none of ours is called so, and no term lets it in.
fn kind_of(service: &str, action: &str) -> String {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let ours = service == SERVICE && (1..=40).contains(&action.len()) && action.chars().all(fits);
    if ours { action.to_owned() } else { "foreign".to_owned() }
}

/// The properties of four-corner networks.
const ORIGINAL_SENDER: &str = "originalSender";
const FINAL_RECIPIENT: &str = "finalRecipient";
const NOBODY: &str = "no certificate to encrypt to";
