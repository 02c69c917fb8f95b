//! The online answer whether a certificate was revoked (OCSP, RFC 6960): the question, and the answer read and checked.

use std::fmt;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use der::Decode as _;
use der::asn1::GeneralizedTime;
use der::oid::ObjectIdentifier;
use jiff::{SignedDuration, Timestamp};

use super::Certificate;
use super::element::{Reader, tlv};
use crate::{Fault, Why};

/// What an authority says of one certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It was not revoked.
    Good,
    /// It was.
    Revoked,
    /// The authority does not know it.
    Unknown,
}

/// The signed answer of an authority, or of whoever it lets answer.
#[derive(Clone, PartialEq, Eq)]
pub struct OcspResponse {
    singles: Vec<Single>,
}

/// What it says of one certificate.
#[derive(Clone, PartialEq, Eq)]
struct Single {
    id: CertId,
    status: Status,
    since: Timestamp,
    until: Timestamp,
}

/// How OCSP names a certificate.
#[derive(Clone, PartialEq, Eq)]
struct CertId {
    algorithm: ObjectIdentifier,
    name_hash: Vec<u8>,
    key_hash: Vec<u8>,
    serial: Vec<u8>,
}

impl OcspResponse {
    /// Reads DER and checks that the authority signed it, or a certificate the authority issued for answering.
    ///
    /// # Errors
    /// [`Why::CertificateUnreadable`] for anything but a successful answer of this authority.
    pub fn from_der(der: &[u8], authority: &Certificate, at: Timestamp) -> Result<Self, Fault> {
        let wrong = |what: &str| Fault::new(Why::CertificateUnreadable, format!("OCSP: {what}"));
        let basic = successful(der).ok_or_else(|| wrong("not a successful answer"))?;
        let parts = Basic::read(basic).ok_or_else(|| wrong("not a basic answer"))?;
        let is_delegate = |each: &Certificate| {
            authority.issued(each) && each.answers_for_its_issuer() && each.is_valid_at(at)
        };
        let carried = parts.certificates.iter().filter_map(|der| Certificate::from_der(der).ok());
        let signer = carried
            .filter(is_delegate)
            .chain(std::iter::once(authority.clone()))
            .find(|each| each.signed(parts.algorithm, parts.signed, parts.signature));
        if signer.is_none() || !authority.is_authority() {
            return Err(wrong(&format!("not an answer of {}", authority.subject())));
        }
        let singles = singles(parts.responses).ok_or_else(|| wrong("an answer that cannot be read"))?;
        Ok(Self { singles })
    }

    /// What it says of a certificate of this authority at a moment; `None` where it says nothing, or nothing that holds
    /// then. That something was revoked holds for ever.
    #[must_use]
    pub fn status(
        &self,
        certificate: &Certificate,
        authority: &Certificate,
        at: Timestamp,
    ) -> Option<Status> {
        let about = |single: &&Single| {
            let id = CertId::of(certificate, authority, single.id.algorithm);
            id.as_ref() == Some(&single.id)
        };
        let holds = |single: &&Single| {
            single.status == Status::Revoked
                || (single.since <= at.saturating_add(CLOCKS).unwrap_or(at) && at <= single.until)
        };
        self.singles.iter().filter(about).filter(holds).map(|single| single.status).max_by_key(|status| {
            match status {
                Status::Revoked => 2,
                Status::Good => 1,
                Status::Unknown => 0,
            }
        })
    }
}

impl fmt::Debug for OcspResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OcspResponse({})", self.singles.len())
    }
}

/// The question about one certificate, in DER, as it is posted to a responder.
#[must_use]
pub fn ocsp_request(certificate: &Certificate, authority: &Certificate) -> Vec<u8> {
    // Responders know certificates by SHA-1 alone, most of them; as a name it need not withstand anybody.
    let id = CertId::of(certificate, authority, SHA1).map(|id| id.to_der()).unwrap_or_default();
    let list = tlv(SEQUENCE, &tlv(SEQUENCE, &id));
    tlv(SEQUENCE, &tlv(SEQUENCE, &list))
}

impl CertId {
    fn of(certificate: &Certificate, authority: &Certificate, algorithm: ObjectIdentifier) -> Option<Self> {
        let algorithm_of = match algorithm {
            SHA1 => &SHA1_FOR_LEGACY_USE_ONLY,
            SHA256_ID => &SHA256,
            _ => return None,
        };
        let hash = |bytes: &[u8]| digest(algorithm_of, bytes).as_ref().to_vec();
        Some(Self {
            algorithm,
            name_hash: hash(&authority.subject_der()),
            key_hash: hash(authority.public_key()),
            serial: certificate.serial().to_vec(),
        })
    }

    fn to_der(&self) -> Vec<u8> {
        let algorithm = tlv(SEQUENCE, &[tlv(OID, self.algorithm.as_bytes()), vec![5, 0]].concat());
        let hashes = [tlv(OCTETS, &self.name_hash), tlv(OCTETS, &self.key_hash)].concat();
        tlv(SEQUENCE, &[algorithm, hashes, tlv(INTEGER, &self.serial)].concat())
    }

    fn read(mut id: Reader<'_>) -> Option<Self> {
        let mut algorithm = id.inside(SEQUENCE)?;
        Some(Self {
            algorithm: ObjectIdentifier::from_bytes(algorithm.next(OID)?).ok()?,
            name_hash: id.next(OCTETS)?.to_vec(),
            key_hash: id.next(OCTETS)?.to_vec(),
            serial: id.next(INTEGER)?.to_vec(),
        })
    }
}

/// The basic answer inside a successful one.
fn successful(der: &[u8]) -> Option<&[u8]> {
    let mut outer = Reader::of(der).inside(SEQUENCE)?;
    if outer.next(ENUMERATED)? != [0] {
        return None;
    }
    let mut bytes = outer.inside(CONTEXT)?.inside(SEQUENCE)?;
    let kind = ObjectIdentifier::from_bytes(bytes.next(OID)?).ok()?;
    (kind == BASIC).then(|| bytes.next(OCTETS)).flatten()
}

struct Basic<'d> {
    signed: &'d [u8],
    responses: Reader<'d>,
    algorithm: ObjectIdentifier,
    signature: &'d [u8],
    certificates: Vec<&'d [u8]>,
}

impl<'d> Basic<'d> {
    fn read(der: &'d [u8]) -> Option<Self> {
        let mut basic = Reader::of(der).inside(SEQUENCE)?;
        let signed = basic.whole(SEQUENCE)?;
        let mut inner = Reader::of(signed).inside(SEQUENCE)?;
        // The version may stand here, then who answers, by name or by key, then when.
        let _ = inner.next(CONTEXT);
        inner.next(CONTEXT + 1).or_else(|| inner.next(CONTEXT + 2))?;
        inner.next(GENERALIZED_TIME)?;
        let responses = inner.inside(SEQUENCE)?;
        let mut algorithm = basic.inside(SEQUENCE)?;
        let algorithm = ObjectIdentifier::from_bytes(algorithm.next(OID)?).ok()?;
        let signature = basic.next(BITS)?.strip_prefix(&[0])?;
        let mut certificates = Vec::new();
        if let Some(mut carried) = basic.inside(CONTEXT).and_then(|mut all| all.inside(SEQUENCE)) {
            while let Some(one) = carried.whole(SEQUENCE).filter(|_| certificates.len() < CARRIED_MAX) {
                certificates.push(one);
            }
        }
        Some(Self { signed, responses, algorithm, signature, certificates })
    }
}

fn singles(mut responses: Reader<'_>) -> Option<Vec<Single>> {
    let mut all = Vec::new();
    while let Some(mut single) = responses.inside(SEQUENCE) {
        let id = CertId::read(single.inside(SEQUENCE)?)?;
        let status = if single.next(CONTEXT_PRIMITIVE).is_some() {
            Status::Good
        } else if single.next(CONTEXT + 1).is_some() {
            Status::Revoked
        } else {
            single.next(CONTEXT_PRIMITIVE + 2)?;
            Status::Unknown
        };
        let since = moment(single.whole(GENERALIZED_TIME)?)?;
        let until = match single.inside(CONTEXT) {
            Some(mut next) => moment(next.whole(GENERALIZED_TIME)?)?,
            None => since.saturating_add(WITHOUT_END).ok()?,
        };
        all.push(Single { id, status, since, until });
        if all.len() > SINGLES_MAX {
            return None;
        }
    }
    Some(all)
}

fn moment(der: &[u8]) -> Option<Timestamp> {
    let time = GeneralizedTime::from_der(der).ok()?;
    Timestamp::from_second(i64::try_from(time.to_unix_duration().as_secs()).ok()?).ok()
}

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BITS: u8 = 0x03;
const OCTETS: u8 = 0x04;
const OID: u8 = 0x06;
const ENUMERATED: u8 = 0x0a;
const GENERALIZED_TIME: u8 = 0x18;
const CONTEXT: u8 = 0xa0;
const CONTEXT_PRIMITIVE: u8 = 0x80;
const BASIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");
const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA256_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
/// How long an answer without an end holds.
const WITHOUT_END: SignedDuration = SignedDuration::from_hours(24);
/// How far a responder's clock may be ahead of ours.
const CLOCKS: SignedDuration = SignedDuration::from_mins(5);
/// The most certificates and the most answers that are read from one response.
const CARRIED_MAX: usize = 8;
const SINGLES_MAX: usize = 64;
