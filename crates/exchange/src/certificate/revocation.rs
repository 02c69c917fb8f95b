//! Lists of revoked certificates (CRL), read once and checked to be the authority's own.

use std::collections::BTreeSet;
use std::fmt;

use der::Decode as _;
use der::oid::ObjectIdentifier;
use jiff::Timestamp;
use x509_cert::time::Time;

use super::Certificate;
use super::element::Reader;
use super::read::moment;
use crate::{Fault, Why};

/// What one authority revoked.
#[derive(Clone, PartialEq, Eq)]
pub struct RevocationList {
    issuer: Vec<u8>,
    serials: BTreeSet<Vec<u8>>,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
}

impl RevocationList {
    /// Reads DER and checks that the authority signed it.
    ///
    /// # Errors
    /// [`Why::CertificateUnreadable`] for anything but a list of this authority.
    pub fn from_der(der: &[u8], authority: &Certificate) -> Result<Self, Fault> {
        let unreadable = |detail: &str| Fault::new(Why::CertificateUnreadable, format!("list: {detail}"));
        let Parts { signed, issuer, algorithm, signature, serials, this_update, next_update } =
            Parts::read(der).ok_or_else(|| unreadable("not a list of revoked certificates"))?;
        let own = issuer == authority.subject_der() && authority.is_authority();
        if !own || !authority.signed(algorithm, signed, signature) {
            return Err(unreadable(&format!("not one of {}", authority.subject())));
        }
        Ok(Self { issuer: issuer.to_vec(), serials, this_update, next_update })
    }

    /// Whether the list is of this certificate's issuer and names it.
    #[must_use]
    pub fn revokes(&self, certificate: &Certificate) -> bool {
        self.issuer == certificate.issuer_der() && self.serials.contains(certificate.serial())
    }

    /// Whether it is a list of this authority.
    #[must_use]
    pub fn is_of(&self, authority: &Certificate) -> bool {
        self.issuer == authority.subject_der()
    }

    /// When the list was made.
    #[must_use]
    pub const fn this_update(&self) -> Timestamp {
        self.this_update
    }

    /// Whether a newer list should be there by now. An old list still revokes what it names.
    #[must_use]
    pub fn is_overdue_at(&self, at: Timestamp) -> bool {
        self.next_update.is_some_and(|next| next < at)
    }
}

/// A list in its parts. The version may be missing: lists of the first version have none.
struct Parts<'d> {
    signed: &'d [u8],
    issuer: &'d [u8],
    algorithm: ObjectIdentifier,
    signature: &'d [u8],
    serials: BTreeSet<Vec<u8>>,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
}

impl<'d> Parts<'d> {
    fn read(der: &'d [u8]) -> Option<Self> {
        let mut list = Reader::of(der).inside(SEQUENCE)?;
        let signed = list.whole(SEQUENCE)?;
        let mut algorithm = list.inside(SEQUENCE)?;
        let algorithm = ObjectIdentifier::from_bytes(algorithm.next(OID)?).ok()?;
        let signature = list.next(BITS)?.strip_prefix(&[0])?;
        let mut content = Reader::of(signed).inside(SEQUENCE)?;
        let _version = content.next(INTEGER);
        content.next(SEQUENCE)?;
        let issuer = content.whole(SEQUENCE)?;
        let this_update = time(&mut content)?;
        let next_update = time(&mut content);
        let mut serials = BTreeSet::new();
        if let Some(mut revoked) = content.inside(SEQUENCE) {
            while let Some(mut one) = revoked.inside(SEQUENCE) {
                serials.insert(one.next(INTEGER)?.to_vec());
            }
        }
        Some(Self { signed, issuer, algorithm, signature, serials, this_update, next_update })
    }
}

fn time(from: &mut Reader<'_>) -> Option<Timestamp> {
    let der = from.whole(UTC_TIME).or_else(|| from.whole(GENERALIZED_TIME))?;
    Time::from_der(der).ok().map(moment)
}

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BITS: u8 = 0x03;
const OID: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

impl fmt::Debug for RevocationList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RevocationList({} of {})", self.serials.len(), self.this_update)
    }
}
