//! Makes wire bytes. They are made once, stored, and sent again as they are: a retry never signs or compresses anew.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::certificate::sha256;
use crate::ebms::{self, AgreementRef, PartInfo, Party, PartyId, Property, Reference, Service, UserMessage};
use crate::identity::Identity;
use crate::mime::{self, ContentType, OutgoingPart};
use crate::names::ebms::{CHARACTER_SET, COMPRESSION_TYPE, GZIP, MIME_TYPE, PING_ACTION, PING_SERVICE};
use crate::payload::compress;
use crate::profile::{Compression, Profile, Sealing, Token};
use crate::stream::Head;
use crate::wss;
use crate::{Fault, Limits, Why};

/// A business message to be sent.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// `eb:MessageId`: unique for ever, such as a UUID with `@` and the sender's domain.
    pub message_id: String,
    /// What ties the messages of one matter together.
    pub conversation_id: String,
    /// The message this one answers.
    pub ref_to: Option<String>,
    /// The sender.
    pub from: Party,
    /// The receiver.
    pub to: Party,
    /// The service.
    pub service: Service,
    /// The action.
    pub action: String,
    /// The agreement.
    pub agreement_ref: Option<AgreementRef>,
    /// Message properties.
    pub properties: Vec<Property>,
    /// The payloads, the leading document first; none for a ping.
    pub payloads: Vec<Payload>,
    /// When the message was made.
    pub timestamp: Timestamp,
}

impl Outgoing {
    /// A ping: asks, under the same security as all else, whether the partner is there. It carries nothing.
    #[must_use]
    pub fn ping(from: PartyId, to: PartyId, message_id: String, timestamp: Timestamp) -> Self {
        Self {
            conversation_id: message_id.clone(),
            message_id,
            ref_to: None,
            from: Party::initiator(from),
            to: Party::responder(to),
            service: Service { value: PING_SERVICE.to_owned(), kind: None },
            action: PING_ACTION.to_owned(),
            agreement_ref: None,
            properties: Vec::new(),
            payloads: Vec::new(),
            timestamp,
        }
    }
}

/// One payload in clear, as the producer gave it or as the consumer gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// `Content-ID` without angle brackets: letters, digits and `@._-`.
    pub content_id: String,
    /// Media type.
    pub mime: String,
    /// The content.
    pub bytes: Vec<u8>,
    /// Further part properties, such as `CharacterSet`; media type and compression are not among them.
    pub properties: Vec<Property>,
}

/// A message as it goes over HTTP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wire {
    /// The `Content-Type` header.
    pub content_type: String,
    /// The body.
    pub body: Vec<u8>,
    /// What was signed in it.
    pub sent: SentDigests,
}

/// What a receipt has to acknowledge. Kept beside the wire bytes until it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentDigests {
    /// The message.
    pub message_id: String,
    /// Who has to acknowledge it; `None` for signals, which nobody does.
    pub to: Option<PartyId>,
    /// The digests.
    pub references: Vec<Reference>,
}

/// Makes the wire bytes of a business message: compress, sign, encrypt, in this order.
///
/// # Errors
/// [`Why::Unwritable`] for values that cannot be written, [`Why::KeyFailed`] where a key refuses,
/// [`Why::AlgorithmRefused`] where our key is not one of the suite.
pub fn pack(outgoing: &Outgoing, identity: &Identity, profile: &Profile) -> Result<Wire, Fault> {
    expect_suite(identity, profile)?;
    let seed = seed_of(&outgoing.message_id);
    let mut parts =
        outgoing.payloads.iter().map(|payload| part(payload, profile)).collect::<Result<Vec<_>, _>>()?;
    let header = header(outgoing, profile);
    let messaging = ebms::user_message(&header, &format!("messaging-{seed}"))?;
    let mut references = Vec::with_capacity(parts.len());
    for part in &parts {
        references.push(signed_part(part)?);
    }
    let to = Some(outgoing.to.id.clone());
    let mut signed = Signed::over(&messaging, references, identity, profile.token, &seed)?;
    if let Sealing::To(recipient) = &profile.sealing {
        let sealed = wss::seal(&mut parts, recipient, identity.entropy(), &seed)?;
        signed.security.insert_str(0, &sealed);
    }
    signed.wire(&messaging, &parts, &seed, (&outgoing.message_id, to))
}

fn expect_suite(identity: &Identity, profile: &Profile) -> Result<(), Fault> {
    match identity.key().signature_kind() == profile.suite.signature() {
        true => Ok(()),
        false => {
            let seen = format!("our key does not sign in {:?}", profile.suite);
            Err(Fault::new(Why::AlgorithmRefused, seen))
        }
    }
}

/// A message but for the content of its parts, which were compressed and digested before; the keys where they are to be
/// encrypted; and what was signed.
pub(crate) fn frame(
    outgoing: &Outgoing,
    heads: &[Head],
    identity: &Identity,
    profile: &Profile,
) -> Result<(mime::Frame, Option<wss::PartKeys>, SentDigests), Fault> {
    expect_suite(identity, profile)?;
    let outgoing = &Outgoing { payloads: heads.iter().map(Head::payload).collect(), ..outgoing.clone() };
    outgoing.payloads.iter().try_for_each(expect_writable)?;
    let profile = &Profile { compression: Compression::Gzip, ..profile.clone() };
    let seed = seed_of(&outgoing.message_id);
    let messaging = ebms::user_message(&header(outgoing, profile), &format!("messaging-{seed}"))?;
    let references =
        heads.iter().map(|head| wss::digested_part(&head.content_id, head.digest().to_owned())).collect();
    let mut signed = Signed::over(&messaging, references, identity, profile.token, &seed)?;
    let mut media = GZIP;
    let mut keys = None;
    if let Sealing::To(recipient) = &profile.sealing {
        let named = heads.iter().map(|head| (head.content_id.as_str(), GZIP));
        let (sealed, drawn) = wss::seal_keys(named, recipient, identity.entropy(), &seed)?;
        signed.security.insert_str(0, &sealed);
        (media, keys) = (wss::SEALED_MIME, Some(drawn));
    }
    let envelope = wss::envelope(&signed.security, &messaging, &signed.body)?;
    let named = heads.iter().map(|head| (head.content_id.as_str(), media));
    let (message_id, to) = (outgoing.message_id.clone(), Some(outgoing.to.id.clone()));
    let sent = SentDigests { message_id, to, references: signed.references };
    Ok((mime::frame(&envelope, named, &seed), keys, sent))
}

/// Makes the wire bytes of a signal around its `eb:Messaging`.
pub(crate) fn pack_signal(
    message_id: &str,
    identity: &Identity,
    messaging: impl FnOnce(&str) -> Result<String, Fault>,
) -> Result<Wire, Fault> {
    let seed = seed_of(message_id);
    let messaging = messaging(&format!("messaging-{seed}"))?;
    let signed = Signed::over(&messaging, Vec::new(), identity, Token::X509v3, &seed)?;
    signed.wire(&messaging, &[], &seed, (message_id, None))
}

/// The security header of a message and what it signs.
struct Signed {
    security: String,
    body: String,
    references: Vec<Reference>,
}

impl Signed {
    fn over(
        messaging: &str,
        parts: Vec<Reference>,
        identity: &Identity,
        token: Token,
        seed: &str,
    ) -> Result<Self, Fault> {
        let body_id = format!("body-{seed}");
        let body = ebms::body(&body_id)?;
        let messaging_id = format!("messaging-{seed}");
        let mut references =
            vec![wss::element_reference(&messaging_id, messaging), wss::element_reference(&body_id, &body)];
        references.extend(parts);
        let security = wss::signature(&references, identity, token, seed)?;
        Ok(Self { security, body, references })
    }

    fn wire(
        self,
        messaging: &str,
        parts: &[OutgoingPart],
        seed: &str,
        (message_id, to): (&str, Option<PartyId>),
    ) -> Result<Wire, Fault> {
        let envelope = wss::envelope(&self.security, messaging, &self.body)?;
        let (content_type, body) = mime::write(&envelope, parts, seed);
        let sent = SentDigests { message_id: message_id.to_owned(), to, references: self.references };
        Ok(Wire { content_type, body, sent })
    }
}

/// Ids inside one message follow from its message id, so that equal input gives equal bytes.
fn seed_of(message_id: &str) -> String {
    sha256(message_id.as_bytes())[..12].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn part(payload: &Payload, profile: &Profile) -> Result<OutgoingPart, Fault> {
    expect_writable(payload)?;
    let (content_type, body) = match profile.compression {
        Compression::Gzip => (GZIP.to_owned(), compress(&payload.bytes)),
        Compression::None => (payload.mime.clone(), payload.bytes.clone()),
    };
    Ok(OutgoingPart { content_id: payload.content_id.clone(), content_type, body })
}

/// Refuses ids, media types and properties that cannot be written.
fn expect_writable(payload: &Payload) -> Result<(), Fault> {
    let id = &payload.content_id;
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"@._-".contains(&byte)) {
        return Err(Fault::new(Why::Unwritable, format!("content id {id:?}")));
    }
    ContentType::parse(&payload.mime).map_err(|fault| Fault::new(Why::Unwritable, fault.detail))?;
    let reserved = [MIME_TYPE, COMPRESSION_TYPE];
    if let Some(taken) = payload.properties.iter().find(|property| reserved.contains(&property.name.as_str()))
    {
        return Err(Fault::new(
            Why::Unwritable,
            format!("part property {} is not the producer's", taken.name),
        ));
    }
    if let Some(charset) = payload.properties.iter().find(|property| property.name == CHARACTER_SET) {
        crate::receive::expect_character_set(&charset.value)
            .map_err(|fault| Fault::new(Why::Unwritable, fault.detail))?;
    }
    Ok(())
}

fn signed_part(part: &OutgoingPart) -> Result<Reference, Fault> {
    let content_type = ContentType::parse(&part.content_type)?;
    let octets = wss::signed_octets(&content_type, &part.body, &Limits::default());
    let octets = octets.map_err(|fault| Fault::new(Why::Unwritable, fault.detail))?;
    Ok(wss::part_reference(&part.content_id, &octets))
}

fn header(outgoing: &Outgoing, profile: &Profile) -> UserMessage {
    let parts = outgoing.payloads.iter().map(|payload| {
        let mut properties = vec![Property::new(MIME_TYPE, payload.mime.as_str())];
        properties.extend(payload.properties.iter().cloned());
        if profile.compression == Compression::Gzip {
            properties.push(Property::new(COMPRESSION_TYPE, GZIP));
        }
        PartInfo { content_id: payload.content_id.clone(), properties }
    });
    UserMessage {
        message_id: outgoing.message_id.clone(),
        timestamp: outgoing.timestamp,
        ref_to: outgoing.ref_to.clone(),
        from: outgoing.from.clone(),
        to: outgoing.to.clone(),
        agreement_ref: outgoing.agreement_ref.clone(),
        service: outgoing.service.clone(),
        action: outgoing.action.clone(),
        conversation_id: outgoing.conversation_id.clone(),
        properties: outgoing.properties.clone(),
        parts: parts.collect(),
    }
}
