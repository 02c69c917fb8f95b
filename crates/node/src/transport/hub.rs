//! Through the IPPC ePhyto hub: certificates in the hub's envelopes. The hub keeps one until the receiver has fetched it;
//! that it did, the hub says by a tracking state, which is the receipt. Nobody signs here but the hub's own connection.

use customs::agreement::{Protection, Way};
use customs::certificate::EPhyto;
use exchange::hub::{Answer, Call, Envelope, Header, Request, Tracking, answer, request};
use jiff::Timestamp;
use kernel::{Digest, NodeId, Refusal};
use serde::{Deserialize as _, Serialize};
use store::Failure;

use super::{Asked, Heard, Packed, Parcel, Posted, Transport};
use crate::admit::Delivery;
use crate::ahead::ReadAhead;
use crate::envelope::{entity, split};
use crate::input::Retry;

/// Certificates of this node at the hub.
#[derive(Clone, Debug)]
pub(crate) struct HubWay {
    us: NodeId,
}

impl HubWay {
    pub(crate) const fn new(us: NodeId) -> Self {
        Self { us }
    }

    /// An envelope as it came from the hub, as bytes that can be kept.
    pub(crate) fn kept(envelope: &Envelope) -> Vec<u8> {
        entity(ENVELOPE, &serde_json::to_vec(envelope).expect("an envelope is plain data"))
    }

    /// Whether kept bytes are an envelope from the hub.
    pub(crate) fn is_envelope(entity: &[u8]) -> bool {
        split(entity).is_some_and(|(content_type, _)| content_type == ENVELOPE)
    }

    /// The head of a certificate that was packed.
    pub(crate) fn head(digests: &[u8]) -> Option<Header> {
        serde_json::from_slice(digests).ok()
    }

    /// What a header from the hub says of a certificate of ours.
    pub(crate) fn judge(ours: &Header, said: &Header) -> Heard {
        if ours.identity() != said.identity() && said.state() != Some(Tracking::EnvelopeNotExists) {
            let cause = format!("it speaks of {} of {}", said.number, said.from);
            return Heard::Unclear { code: OTHER.to_owned(), cause };
        }
        let cause = said.error.clone().unwrap_or_default();
        let hopeless = |code: &str| Heard::Refused {
            code: code.to_owned(),
            retry: Retry::Hopeless,
            cause: cause.clone(),
        };
        match (said.state(), &said.delivery) {
            (Some(Tracking::Delivered | Tracking::DeliveredWithWarnings), _) => Heard::Receipt(receipt(said)),
            (Some(Tracking::DeliveredNotReadable), _) => hopeless(NOT_READABLE),
            (Some(Tracking::FailedDelivery), _) => hopeless(FAILED),
            (Some(Tracking::EnvelopeNotExists), _) => {
                Heard::Unclear { code: NOT_THERE.to_owned(), cause: "the hub knows nothing of it".to_owned() }
            }
            (Some(Tracking::PendingDelivery) | None, Some(ticket)) => {
                let state = said.tracking.clone();
                let state = state.unwrap_or_else(|| Tracking::PendingDelivery.word().to_owned());
                Heard::Waits { ticket: ticket.clone(), state }
            }
            (Some(Tracking::PendingDelivery) | None, None) => {
                Heard::Unclear { code: OTHER.to_owned(), cause: "the hub gave no number".to_owned() }
            }
        }
    }
}

impl Transport for HubWay {
    fn refuses(&self, asked: Asked<'_>) -> Option<Refusal> {
        (asked.kind != KIND).then(|| Refusal::new("kind-not-by-hub", asked.kind))
    }

    fn pack(&self, parcel: &Parcel<'_>) -> Result<Packed, Failure> {
        let failed = |cause: String| Failure::Engine { doing: "pack a certificate", cause };
        let content =
            String::from_utf8(parcel.payload.to_vec()).map_err(|error| failed(error.to_string()))?;
        let (certificate, _) = formats::read_paper(parcel.kind, parcel.payload);
        let certificate = certificate.map(EPhyto::deserialize).and_then(Result::ok);
        let certificate = certificate.ok_or_else(|| failed("no certificate".to_owned()))?.certificate;
        let number = |text: &str| text.parse::<i32>().map_err(|error| failed(format!("{text}: {error}")));
        let header = Header {
            from: self.us.to_string(),
            to: parcel.to.to_string(),
            certificate_type: number(&certificate.kind)?,
            certificate_status: number(&certificate.status)?,
            number: certificate.number,
            ..Header::default()
        };
        let digests = plain(&header);
        let asked = request(&Call::Deliver(Envelope { header, content }));
        let asked = asked.map_err(|fault| failed(fault.to_string()))?;
        Ok(Packed { entity: entity(Request::CONTENT_TYPE, &asked.body), digests })
    }

    fn open(&self, entity: &[u8], _at: Timestamp) -> Result<Delivery, String> {
        let (content_type, body) = split(entity).ok_or("no MIME entity")?;
        if content_type != ENVELOPE {
            return Err(format!("{content_type} is no envelope"));
        }
        let envelope: Envelope = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        let payload = envelope.document().ok_or("neither XML nor base64 of it")?;
        let header = &envelope.header;
        Ok(Delivery {
            from: NodeId::new(header.from.trim()),
            message_id: format!("{}@hub", &Digest::of(header.identity().as_bytes()).to_string()[..32]),
            kind: KIND.to_owned(),
            covered: Digest::of(&payload),
            wire: entity.to_vec().into(),
            payload: payload.into(),
            attached: Vec::new(),
            way: Way::Hub,
            protection: Protection::Signed,
            suited: None,
            witness: None,
            reading: ReadAhead::default(),
        })
    }

    fn hear(&self, posted: Posted<'_>, said: &[u8], _at: Timestamp) -> Heard {
        let unclear = |cause: String| Heard::Unclear { code: OTHER.to_owned(), cause };
        let Some((_, body)) = split(said) else { return unclear("no MIME entity".to_owned()) };
        let Some(ours) = Self::head(posted.digests) else { return unclear("no header was kept".to_owned()) };
        match answer(&Call::Deliver(Envelope::default()), 200, body) {
            Ok(Answer::Header(header)) => Self::judge(&ours, &header),
            Ok(other) => unclear(format!("an answer to another question: {other:?}")),
            Err(fault) if fault.may_pass() => unclear(fault.to_string()),
            Err(fault) => {
                Heard::Refused { code: REFUSED.to_owned(), retry: Retry::Hopeless, cause: fault.to_string() }
            }
        }
    }
}

/// What is kept as the receipt: the hub's header as it stood then.
fn receipt(said: &Header) -> Vec<u8> {
    entity("application/json", &plain(said))
}

fn plain(what: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(what).expect("a header is plain data")
}

/// The one kind of document that goes through the hub.
const KIND: &str = "ephyto";
/// The media type of an envelope as it is kept here.
const ENVELOPE: &str = "application/vnd.sampan.hub-envelope+json";
/// The receiver has it and cannot read it.
pub(crate) const NOT_READABLE: &str = "hub-not-readable";
/// The receiver did not take it.
pub(crate) const FAILED: &str = "hub-failed-delivery";
/// The hub refused it.
pub(crate) const REFUSED: &str = "hub-refused";
/// The hub knows nothing of it any more.
pub(crate) const NOT_THERE: &str = "hub-unknown-there";
/// The hub's answer says nothing about it.
pub(crate) const OTHER: &str = "hub-answer-unclear";
