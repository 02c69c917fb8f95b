//! The examination: every digest computed anew, the signature value checked, everything said that was seen.

use jiff::Timestamp;
use roxmltree::Document;

use super::{Cause, capture, cause};
use crate::ebms::{self, Reference, Unit};
use crate::mime::{self, Package};
use crate::wss::{self, Place, Signature, base64, part_matches, signed_octets};
use crate::{Certificate, Fault, Limits, Why, certificate, xml};

/// What an examination comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The signature is sound: value, digests and coverage.
    Sound,
    /// It is not, or there is none, or the message breaks the profile.
    Refused,
    /// No AS4 message could be found in it.
    Unreadable,
}

impl Verdict {
    /// The exit code of the command line.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Sound => 0,
            Self::Refused => 1,
            Self::Unreadable => 2,
        }
    }
}

/// Everything that was seen.
#[derive(Clone, Debug)]
pub struct Examination {
    /// What it comes to.
    pub verdict: Verdict,
    /// Why it is not sound.
    pub fault: Option<Fault>,
    /// What a node would refuse it for although it is sound.
    pub remark: Option<Fault>,
    /// `user-message`, `receipt`, `errors` or `other`.
    pub kind: &'static str,
    /// Its id, where it could be read.
    pub message_id: Option<String>,
    /// The message a signal is about.
    pub ref_to: Option<String>,
    /// What a receipt repeats of the message it is about.
    pub repeated: Vec<Reference>,
    /// Who signed, as the message says; not whether that is to be trusted.
    pub signer: Option<SignerFacts>,
    /// Each signed thing.
    pub references: Vec<ReferenceState>,
    /// The octets the signature value is over.
    pub signed_info: Vec<u8>,
}

/// Facts about the signer's certificate, for a person to judge.
#[derive(Clone, Debug)]
pub struct SignerFacts {
    /// Whom it names.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// SHA-256 of it, in hexadecimal.
    pub fingerprint: String,
    /// The first moment of validity.
    pub not_before: Timestamp,
    /// The last moment of validity.
    pub not_after: Timestamp,
    /// Whether the key is strong enough for traffic.
    pub is_strong: bool,
}

/// One signed thing, digested anew.
#[derive(Clone, Debug)]
pub struct ReferenceState {
    /// What the signature says.
    pub reference: Reference,
    /// What was found.
    pub state: DigestState,
}

/// How a digest came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DigestState {
    /// As signed.
    Right,
    /// Not as signed.
    Wrong {
        /// The digest now, in base64.
        actual: String,
        /// The exact octets that were digested.
        octets: Vec<u8>,
        /// What most likely happened.
        cause: Cause,
    },
    /// Encrypted, and no key is at hand.
    Encrypted,
    /// The capture holds the envelope only.
    NotCaptured,
}

impl Examination {
    fn unreadable(fault: Fault) -> Self {
        Self {
            verdict: Verdict::Unreadable,
            message_id: fault.message_id.clone(),
            ref_to: None,
            repeated: Vec::new(),
            fault: Some(fault),
            remark: None,
            kind: "other",
            signer: None,
            references: Vec::new(),
            signed_info: Vec::new(),
        }
    }

    fn refuse(&mut self, fault: Fault) {
        self.verdict = Verdict::Refused;
        self.fault.get_or_insert(fault);
    }
}

/// Examines a capture: a message or a signal, with its HTTP header or without.
#[must_use]
pub fn examine(bytes: &[u8], limits: &Limits) -> Examination {
    let (content_type, body) = capture::split(bytes);
    let read = mime::read(&content_type, &body, limits);
    let package = match read {
        Ok(package) => package,
        Err(fault) => return Examination::unreadable(fault),
    };
    let document = match xml::parse(&package.envelope, limits) {
        Ok(document) => document,
        Err(fault) => return Examination::unreadable(fault),
    };
    examine_document(&document, &package, limits)
}

fn examine_document(document: &Document<'_>, package: &Package<'_>, limits: &Limits) -> Examination {
    let mut seen = Examination {
        verdict: Verdict::Sound,
        fault: None,
        remark: None,
        kind: "other",
        message_id: None,
        ref_to: None,
        repeated: Vec::new(),
        signer: None,
        references: Vec::new(),
        signed_info: Vec::new(),
    };
    let place = match Place::find(document) {
        Ok(place) => place,
        Err(fault) if matches!(fault.why, Why::NotSoap | Why::NotEbms) => {
            return Examination::unreadable(fault);
        }
        Err(fault) => {
            seen.refuse(fault);
            return seen;
        }
    };
    let parts = examine_unit(&mut seen, &place, package);
    if let Err(fault) = examine_signature(&mut seen, &place, package, &parts, limits) {
        seen.refuse(fault);
    }
    seen
}

/// Reads the message unit and returns the parts its header names.
fn examine_unit(seen: &mut Examination, place: &Place<'_, '_>, package: &Package<'_>) -> Vec<String> {
    match ebms::messaging_unit(place.messaging) {
        Ok(Unit::User(message)) => {
            (seen.kind, seen.message_id) = ("user-message", Some(message.message_id));
            let parts: Vec<String> = message.parts.into_iter().map(|part| part.content_id).collect();
            let has_part =
                |id: &String| package.attachments.iter().any(|attachment| attachment.content_id == *id);
            if let Some(missing) = parts.iter().find(|id| !package.attachments.is_empty() && !has_part(id)) {
                seen.refuse(Fault::new(Why::PartMismatch, missing));
            }
            if let Err(fault) = place.expect_empty_body() {
                seen.refuse(fault);
            }
            return parts;
        }
        Ok(Unit::Receipt { ids, references }) => {
            (seen.kind, seen.message_id) = ("receipt", Some(ids.message_id));
            (seen.ref_to, seen.repeated) = (ids.ref_to, references);
        }
        Ok(Unit::Errors { ids, .. }) => {
            (seen.kind, seen.message_id, seen.ref_to) = ("errors", Some(ids.message_id), ids.ref_to);
        }
        // A pull request is well made and may be well signed; that no node here serves it is said, not held against it.
        Err(fault) if fault.why == Why::NotServed => seen.remark = Some(fault),
        Err(fault) => seen.refuse(fault),
    }
    Vec::new()
}

fn examine_signature(
    seen: &mut Examination,
    place: &Place<'_, '_>,
    package: &Package<'_>,
    parts: &[String],
    limits: &Limits,
) -> Result<(), Fault> {
    let signature = Signature::read(place)?;
    seen.signed_info = signature.signed_octets();
    let certificate = signature.signer.certificates()?.pop();
    let certificate = certificate.ok_or_else(|| {
        Fault::new(Why::CertificateUnreadable, "the certificate is only pointed to and not in the message")
    })?;
    seen.signer = Some(facts(&certificate));
    examine_elements(seen, &signature, place)?;
    examine_parts(seen, &signature, place, package, limits)?;
    if let Some(wrong) = seen.references.iter().find(|each| matches!(each.state, DigestState::Wrong { .. })) {
        let fault =
            Fault::new(Why::DigestMismatch, format!("{} is not what was signed", wrong.reference.uri));
        seen.refuse(fault);
    }
    if !signature.has_value_of(&certificate) {
        return Err(Fault::new(
            Why::SignatureWrong,
            "the signature does not verify with the key in the message",
        ));
    }
    signature.expect_coverage(place, parts.iter().map(String::as_str))
}

fn facts(certificate: &Certificate) -> SignerFacts {
    SignerFacts {
        subject: certificate.subject(),
        issuer: certificate.issuer(),
        fingerprint: certificate.fingerprint_hex(),
        not_before: certificate.not_before(),
        not_after: certificate.not_after(),
        is_strong: certificate.is_strong(),
    }
}

fn examine_elements<'a, 'i>(
    seen: &mut Examination,
    signature: &Signature<'a, 'i>,
    place: &Place<'a, 'i>,
) -> Result<(), Fault> {
    for digested in signature.elements(place)? {
        let state = if digested.matches() {
            DigestState::Right
        } else {
            let cause = cause::of_element(&digested.reference.digest, digested.written, &digested.octets);
            DigestState::Wrong { actual: digested.actual, octets: digested.octets, cause }
        };
        seen.references.push(ReferenceState { reference: digested.reference.clone(), state });
    }
    Ok(())
}

fn examine_parts(
    seen: &mut Examination,
    signature: &Signature<'_, '_>,
    place: &Place<'_, '_>,
    package: &Package<'_>,
    limits: &Limits,
) -> Result<(), Fault> {
    let sealed = wss::sealed_parts(place);
    for (id, reference) in signature.parts()? {
        let attachment = package.attachments.iter().find(|attachment| attachment.content_id == id);
        let state = match attachment {
            None if package.attachments.is_empty() => DigestState::NotCaptured,
            None => return Err(Fault::new(Why::PartMismatch, id)),
            Some(part) if sealed.contains(&id) => {
                // Without the key only one wrong order can be told: a signature over the ciphertext.
                match part_matches(reference, &part.body) {
                    true => wrong(&part.body, Cause::SignedAfterEncrypting),
                    false => DigestState::Encrypted,
                }
            }
            Some(part) => match signed_octets(&part.content_type, &part.body, limits) {
                Ok(octets) if part_matches(reference, &octets) => DigestState::Right,
                _ => wrong(&part.body, cause::of_part(&reference.digest, &part.content_type, &part.body)),
            },
        };
        seen.references.push(ReferenceState { reference: reference.clone(), state });
    }
    Ok(())
}

fn wrong(octets: &[u8], cause: Cause) -> DigestState {
    let actual = base64(&certificate::sha256(octets));
    DigestState::Wrong { actual, octets: octets.to_vec(), cause }
}
