//! Lists of revoked certificates (CRL), read once and checked to be the authority's own.

use std::collections::BTreeSet;
use std::fmt;

use der::{Decode as _, Encode as _};
use jiff::Timestamp;
use x509_cert::certificate::Rfc5280;
use x509_cert::crl::CertificateList;

use super::Certificate;
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
        let unreadable = |detail: String| Fault::new(Why::CertificateUnreadable, detail);
        let list =
            CertificateList::<Rfc5280>::from_der(der).map_err(|error| unreadable(error.to_string()))?;
        let content = list.tbs_cert_list.to_der().map_err(|error| unreadable(error.to_string()))?;
        let issuer = list.tbs_cert_list.issuer.to_der().map_err(|error| unreadable(error.to_string()))?;
        let signature = list.signature.as_bytes().unwrap_or_default();
        let own = issuer == authority.subject_der() && authority.is_authority();
        if !own || !authority.signed(list.signature_algorithm.oid, &content, signature) {
            return Err(unreadable(format!("not a list of {}", authority.subject())));
        }
        let entries = list.tbs_cert_list.revoked_certificates.unwrap_or_default();
        Ok(Self {
            issuer,
            serials: entries.iter().map(|entry| entry.serial_number.as_bytes().to_vec()).collect(),
            this_update: moment(list.tbs_cert_list.this_update),
            next_update: list.tbs_cert_list.next_update.map(moment),
        })
    }

    /// Whether the list is of this certificate's issuer and names it.
    #[must_use]
    pub fn revokes(&self, certificate: &Certificate) -> bool {
        self.issuer == certificate.issuer_der() && self.serials.contains(certificate.serial())
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

impl fmt::Debug for RevocationList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RevocationList({} of {})", self.serials.len(), self.this_update)
    }
}
