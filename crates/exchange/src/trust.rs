//! Whom we believe: partners by party id, with their pinned certificates or the authorities that may vouch for them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::certificate::{Certificate, RevocationList};
use crate::ebms::PartyId;
use crate::identity::Opener;
use crate::profile::Suite;
use crate::wss::TokenRef;
use crate::{Fault, Why};

/// Whether a partner's payloads must come encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expected {
    /// Not encrypted.
    #[default]
    Clear,
    /// Encrypted, every part of them.
    Sealed,
    /// Either, such as during a change-over.
    Either,
}

/// What we hold of one partner.
#[derive(Clone, Debug)]
pub struct Partner {
    /// Who it is.
    pub id: PartyId,
    /// Its signing certificates: the current one, and the next while a rollover lasts.
    pub pinned: Vec<Certificate>,
    /// Authorities of its own: what they issue directly or down a carried path is believed as well.
    pub authorities: Vec<Certificate>,
    /// What those authorities revoked.
    pub revoked: Vec<RevocationList>,
    /// The suite that was agreed; nothing else is taken, stronger or weaker.
    pub suite: Suite,
    /// Whether its payloads come encrypted.
    pub expected: Expected,
}

impl Partner {
    /// A partner with pinned certificates in suite 1.15 and nothing encrypted.
    #[must_use]
    pub const fn pinned(id: PartyId, certificates: Vec<Certificate>) -> Self {
        let (suite, expected) = (Suite::Edelivery115, Expected::Clear);
        Self { id, pinned: certificates, authorities: Vec::new(), revoked: Vec::new(), suite, expected }
    }

    /// The certificate a message is signed under, where it is one of this partner's and valid now.
    ///
    /// # Errors
    /// [`Why::CertificateNotTrusted`], [`Why::CertificateOutOfDate`], [`Why::CertificateRevoked`] or
    /// [`Why::CertificateUnreadable`].
    pub(crate) fn signer(&self, named: &TokenRef, at: Timestamp) -> Result<Certificate, Fault> {
        if let Some(certificate) = self.pinned.iter().find(|certificate| named.names(certificate)) {
            return self.in_force(certificate, at).map(|()| certificate.clone());
        }
        let carried = named.certificates()?;
        let not_trusted =
            || Fault::new(Why::CertificateNotTrusted, format!("not a certificate of {}", self.id));
        let signer = carried.last().ok_or_else(not_trusted)?;
        let mut below = signer;
        for above in carried.iter().rev().skip(1) {
            if self.vouches_for(below) {
                break;
            }
            if !(above.is_authority() && above.issued(below)) {
                return Err(not_trusted());
            }
            self.in_force(above, at)?;
            below = above;
        }
        if !self.vouches_for(below) || !signer.is_strong() {
            return Err(not_trusted());
        }
        self.in_force(signer, at).map(|()| signer.clone())
    }

    /// Refuses a certificate outside its validity, or revoked.
    fn in_force(&self, certificate: &Certificate, at: Timestamp) -> Result<(), Fault> {
        in_date(certificate, at)?;
        match self.revoked.iter().any(|list| list.revokes(certificate)) {
            true => Err(Fault::new(Why::CertificateRevoked, certificate.subject())),
            false => Ok(()),
        }
    }

    fn vouches_for(&self, certificate: &Certificate) -> bool {
        self.authorities.iter().any(|authority| authority.is_authority() && authority.issued(certificate))
    }
}

fn in_date(certificate: &Certificate, at: Timestamp) -> Result<(), Fault> {
    if certificate.is_valid_at(at) {
        return Ok(());
    }
    let (from, to) = (certificate.not_before(), certificate.not_after());
    Err(Fault::new(
        Why::CertificateOutOfDate,
        format!("{} is valid from {from} to {to}", certificate.subject()),
    ))
}

/// Everything a received message is judged by.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    us: Vec<PartyId>,
    partners: BTreeMap<PartyId, Partner>,
    openers: Vec<Opener>,
}

impl Trust {
    /// Trust of a node that answers to these party ids.
    #[must_use]
    pub fn of(us: Vec<PartyId>) -> Self {
        Self { us, ..Self::default() }
    }

    /// The same trust with one more partner; one of the same id is replaced.
    #[must_use]
    pub fn with_partner(mut self, partner: Partner) -> Self {
        self.partners.insert(partner.id.clone(), partner);
        self
    }

    /// The same trust with one more key that opens what is sealed to us.
    #[must_use]
    pub fn with_opener(mut self, opener: Opener) -> Self {
        self.openers.push(opener);
        self
    }

    /// The partner with this id.
    #[must_use]
    pub fn partner(&self, id: &PartyId) -> Option<&Partner> {
        self.partners.get(id)
    }

    /// Whether we answer to this id.
    #[must_use]
    pub fn is_us(&self, id: &PartyId) -> bool {
        self.us.contains(id)
    }

    pub(crate) fn openers(&self) -> &[Opener] {
        &self.openers
    }

    /// The partner whose certificate signed a signal, which names no party by itself.
    ///
    /// # Errors
    /// [`Why::CertificateNotTrusted`] where it is nobody's, [`Why::CertificateOutOfDate`] where it is too old or new.
    pub(crate) fn signer_of_signal(
        &self,
        named: &TokenRef,
        at: Timestamp,
    ) -> Result<(&Partner, Certificate), Fault> {
        let mut reason = Fault::new(Why::CertificateNotTrusted, "not a certificate of any partner");
        for partner in self.partners.values() {
            match partner.signer(named, at) {
                Ok(certificate) => return Ok((partner, certificate)),
                Err(fault) if fault.why == Why::CertificateNotTrusted => {}
                Err(fault) => reason = fault,
            }
        }
        Err(reason)
    }
}
