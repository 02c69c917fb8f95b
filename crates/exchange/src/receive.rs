//! Takes a message in: from bytes to a verified business message, one step and one type at a time.
//!
//! One tree is parsed, and header, signature and references are all read from it, so what was verified and what is read
//! cannot be two things.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::certificate::{Certificate, sha256};
use crate::ebms::{self, PartInfo, PartyId, Property, Reference, Unit, UserMessage};
use crate::identity::Identity;
use crate::mime::{self, Attachment, ContentType, Package};
use crate::names::ebms::{CHARACTER_SET, COMPRESSION_TYPE, GZIP, MIME_TYPE};
use crate::pack::{Payload, Wire, pack_signal};
use crate::payload::decompress;
use crate::profile::Suite;
use crate::trust::{Expected, Partner, Trust};
use crate::wss::{self, Opened, Place, Signature};
use crate::{Fault, Limits, Why, xml};

/// A body taken apart; nothing in it is believed yet.
#[derive(Debug)]
pub struct Received<'a> {
    package: Package<'a>,
    limits: Limits,
}

/// Takes a body apart.
///
/// # Errors
/// A MIME reason, or [`Why::Encoding`].
pub fn open<'a>(content_type: &str, body: &'a [u8], limits: &Limits) -> Result<Received<'a>, Fault> {
    let package = mime::read(content_type, body, limits)?;
    Ok(Received { package, limits: *limits })
}

/// A business message that was proved to come from a partner, whole and unchanged.
#[derive(Clone, Debug)]
pub struct Verified {
    message: UserMessage,
    payloads: Vec<Payload>,
    /// What each payload was compressed to.
    folded: Vec<Option<Vec<u8>>>,
    signer: Certificate,
    references: Vec<Reference>,
    pub(crate) is_sealed: bool,
}

impl Received<'_> {
    /// Verifies a business message: structure, header, signer, signature, coverage, every digest; decrypts before and
    /// unfolds after. The fault names the message as far as it could be read.
    ///
    /// # Errors
    /// Any reason but those of our own doing; [`Why::WrongKind`] for a receipt or an error.
    pub fn verify(&self, trust: &Trust, at: Timestamp) -> Result<Verified, Fault> {
        let document = xml::parse(&self.package.envelope, &self.limits)?;
        let place = Place::find(&document)?;
        let message = business_message(&place)?;
        let message_id = message.message_id.clone();
        self.verify_message(&place, message, trust, at).map_err(|fault| fault.about(&message_id))
    }

    fn verify_message(
        &self,
        place: &Place<'_, '_>,
        message: UserMessage,
        trust: &Trust,
        at: Timestamp,
    ) -> Result<Verified, Fault> {
        let (signature, signer, partner) = prove(&self.package, place, &message, trust, at)?;
        expect_sealing(place, partner, &message)?;
        let is_sealed = !wss::sealed_parts(place).is_empty();
        let opened = wss::open_parts(place, &self.package.attachments, trust.openers())?;
        let (payloads, folded) = self.payloads(&signature, &message, opened)?.into_iter().unzip();
        let verified = Verified::of(message, signer, signature.references);
        Ok(Verified { payloads, folded, is_sealed, ..verified })
    }

    /// Who says to have sent it, unproved: in whose suite a refusal is signed.
    #[must_use]
    pub fn claimed(&self) -> Option<PartyId> {
        let document = xml::parse(&self.package.envelope, &self.limits).ok()?;
        let place = Place::find(&document).ok()?;
        business_message(&place).ok().map(|message| message.from.id)
    }

    /// Checks the digest of every part and unfolds it, in the order of the header.
    fn payloads(
        &self,
        signature: &Signature<'_, '_>,
        message: &UserMessage,
        mut opened: Opened,
    ) -> Result<Vec<Unfolded>, Fault> {
        let signed = signature.parts()?;
        let mut room = self.limits.payloads_max;
        let mut payloads = Vec::with_capacity(message.parts.len());
        for part in &message.parts {
            let id = part.content_id.as_str();
            let attachment = self.package.attachments.iter().find(|attachment| attachment.content_id == id);
            let attachment = attachment.expect("header and parts were found to match");
            let reference = signed.get(id).expect("coverage was checked");
            let (content_type, body) = match opened.remove(id) {
                Some((content_type, body)) => (Cow::Owned(content_type), Cow::Owned(body)),
                None => (Cow::Borrowed(&attachment.content_type), Cow::Borrowed(attachment.body.as_ref())),
            };
            let octets = wss::signed_octets(&content_type, &body, &self.limits)?;
            if !wss::part_matches(reference, &octets) {
                return Err(Fault::new(Why::DigestMismatch, format!("part {id} is not what was signed")));
            }
            let unfolded = payload(part, &content_type, body, (room, &self.limits))?;
            room = room.saturating_sub(unfolded.0.bytes.len());
            payloads.push(unfolded);
        }
        Ok(payloads)
    }
}

/// The business message an envelope holds.
///
/// # Errors
/// A header reason, [`Why::WrongKind`] for a signal.
pub(crate) fn business_message(place: &Place<'_, '_>) -> Result<UserMessage, Fault> {
    match ebms::messaging_unit(place.messaging)? {
        Unit::User(message) => Ok(*message),
        Unit::Receipt { ids, .. } | Unit::Errors { ids, .. } => {
            Err(Fault::new(Why::WrongKind, "a signal where a message is expected").about(&ids.message_id))
        }
    }
}

/// Proves a message but for its parts: it is for us, header and body name the same parts, a partner signed all of it.
///
/// # Errors
/// As [`Received::verify`], without the reasons of parts.
pub(crate) fn prove<'a, 'i, 't>(
    package: &Package<'_>,
    place: &Place<'a, 'i>,
    message: &UserMessage,
    trust: &'t Trust,
    at: Timestamp,
) -> Result<(Signature<'a, 'i>, Certificate, &'t Partner), Fault> {
    place.expect_empty_body()?;
    if !trust.is_us(&message.to.id) {
        return Err(Fault::new(Why::NotForUs, format!("addressed to {}", message.to.id)));
    }
    expect_same_parts(&message.parts, &package.attachments)?;
    let signature = Signature::read(place)?;
    let partner = trust.partner(&message.from.id);
    let partner = partner.ok_or_else(|| Fault::new(Why::PartyUnknown, message.from.id.to_string()))?;
    let signer = verify_header(place, &signature, partner, at)?;
    signature.expect_coverage(place, message.parts.iter().map(|part| part.content_id.as_str()))?;
    Ok((signature, signer, partner))
}

/// Refuses a message that is encrypted where that was not agreed, or the other way round.
///
/// # Errors
/// [`Why::SealingMismatch`].
pub(crate) fn expect_sealing(
    place: &Place<'_, '_>,
    partner: &Partner,
    message: &UserMessage,
) -> Result<(), Fault> {
    let sealed = wss::sealed_parts(place).len();
    let (all, none) = (sealed == message.parts.len(), sealed == 0);
    let as_agreed = match partner.expected {
        Expected::Clear => none,
        Expected::Sealed => all,
        Expected::Either => all || none,
    };
    if as_agreed {
        return Ok(());
    }
    let seen =
        format!("{sealed} of {} parts are encrypted, agreed is {:?}", message.parts.len(), partner.expected);
    Err(Fault::new(Why::SealingMismatch, seen))
}

/// Verifies everything of a signature but the parts: who signed, how, the value, the digests of the elements.
pub(crate) fn verify_header(
    place: &Place<'_, '_>,
    signature: &Signature<'_, '_>,
    partner: &Partner,
    at: Timestamp,
) -> Result<Certificate, Fault> {
    if !partner.signs_by(signature.kind) {
        let seen = format!("{:?} where {:?} was agreed", signature.kind, partner.suite);
        return Err(Fault::new(Why::AlgorithmRefused, seen));
    }
    let signer = partner.signer(&signature.signer, at)?;
    signature.expect_value(&signer)?;
    match signature.elements(place)?.iter().find(|digested| !digested.matches()) {
        Some(wrong) => {
            Err(Fault::new(Why::DigestMismatch, format!("{} is not what was signed", wrong.reference.uri)))
        }
        None => Ok(signer),
    }
}

/// Header and body must name the same parts, each once.
fn expect_same_parts(named: &[PartInfo], carried: &[Attachment<'_>]) -> Result<(), Fault> {
    let mut named: Vec<&str> = named.iter().map(|part| part.content_id.as_str()).collect();
    let mut carried: Vec<&str> = carried.iter().map(|part| part.content_id.as_str()).collect();
    named.sort_unstable();
    carried.sort_unstable();
    if named == carried {
        return Ok(());
    }
    let odd = named
        .iter()
        .find(|id| !carried.contains(id))
        .or_else(|| carried.iter().find(|id| !named.contains(id)));
    Err(Fault::new(Why::PartMismatch, odd.map_or("a part is named twice", |id| *id)))
}

/// A payload in clear; and the gzip it was unfolded from, where it came compressed.
type Unfolded = (Payload, Option<Vec<u8>>);

/// Unfolds a part.
fn payload(
    part: &PartInfo,
    content_type: &ContentType,
    body: Cow<'_, [u8]>,
    (room, limits): (usize, &Limits),
) -> Result<Unfolded, Fault> {
    if let Some(charset) = part.property(CHARACTER_SET) {
        expect_character_set(charset)?;
    }
    let mime = part.property(MIME_TYPE).map(str::trim).filter(|mime| !mime.is_empty());
    let (mime, bytes, folded) = match part.property(COMPRESSION_TYPE) {
        Some(GZIP) => {
            let missing = || Fault::new(Why::MimeTypeMissing, format!("compressed part {}", part.content_id));
            let mime = mime.ok_or_else(missing)?.to_owned();
            (mime, decompress(&body, room, limits)?, Some(body.into_owned()))
        }
        Some(other) => return Err(Fault::new(Why::CompressionType, other)),
        None => (mime.unwrap_or(&content_type.media).to_owned(), body.into_owned(), None),
    };
    let own = |property: &&Property| ![MIME_TYPE, COMPRESSION_TYPE].contains(&property.name.as_str());
    let properties = part.properties.iter().filter(own).cloned().collect();
    Ok((Payload { content_id: part.content_id.clone(), mime, bytes, properties }, folded))
}

/// Names of character sets, as XML allows them to be written.
pub(crate) fn expect_character_set(name: &str) -> Result<(), Fault> {
    let first = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let rest = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    let known = CHARACTER_SETS.iter().any(|family| name.to_ascii_lowercase().starts_with(family));
    if first && rest && known { Ok(()) } else { Err(Fault::new(Why::CharacterSet, name)) }
}

/// The families of character sets registered with IANA that a customs document may come in.
const CHARACTER_SETS: &[&str] = &[
    "utf-8",
    "utf-16",
    "utf-32",
    "us-ascii",
    "iso-8859-",
    "iso-10646-",
    "iso-2022-",
    "windows-",
    "tis-620",
    "gb",
    "big5",
    "shift_jis",
    "euc-",
    "koi8-",
    "viscii",
    "ibm",
];

impl Verified {
    /// A message whose parts were proved elsewhere.
    pub(crate) const fn of(message: UserMessage, signer: Certificate, references: Vec<Reference>) -> Self {
        Self { message, payloads: Vec::new(), folded: Vec::new(), signer, references, is_sealed: false }
    }

    /// Whether its payloads came encrypted; a message that carries none did not.
    #[must_use]
    pub const fn is_sealed(&self) -> bool {
        self.is_sealed
    }

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

    /// The payloads in clear, in the order of the header.
    #[must_use]
    pub fn payloads(&self) -> &[Payload] {
        &self.payloads
    }

    /// Gives the payloads away, in the order of the header: each in clear, and as the gzip (RFC 1952) it came in, where it was compressed.
    pub fn take_payloads(&mut self) -> impl Iterator<Item = (Payload, Option<Vec<u8>>)> + use<> {
        let (payloads, folded) = (std::mem::take(&mut self.payloads), std::mem::take(&mut self.folded));
        payloads.into_iter().zip(folded)
    }

    /// The suite it came in, as the key that signed it tells.
    #[must_use]
    pub fn suite(&self) -> Suite {
        let mut all = Suite::STRONGEST_FIRST.into_iter();
        all.find(|suite| suite.signs_under(&self.signer)).unwrap_or_default()
    }

    /// The certificate it was signed under.
    #[must_use]
    pub const fn signer(&self) -> &Certificate {
        &self.signer
    }

    /// What was signed, as a receipt repeats it.
    #[must_use]
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// One digest for the whole message: equal for a retry of the same bytes, different where an id was used again
    /// with another content. SHA-256 over the references in the order of their URIs.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let mut lines: Vec<_> =
            self.references.iter().map(|each| format!("{} {}\n", each.uri, each.digest)).collect();
        lines.sort_unstable();
        sha256(lines.concat().as_bytes())
    }

    /// The signed non-repudiation receipt. Its meaning is that the message is kept and will be dealt with, so it is
    /// made only after the message is durable.
    ///
    /// # Errors
    /// [`Why::KeyFailed`] where our key refuses.
    pub fn receipt(&self, identity: &Identity, message_id: &str, at: Timestamp) -> Result<Wire, Fault> {
        let ref_to = &self.message.message_id;
        pack_signal(message_id, identity, |id| {
            ebms::receipt_signal((message_id, at), ref_to, &self.references, id)
        })
    }
}
