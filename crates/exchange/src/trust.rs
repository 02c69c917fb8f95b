//! Whom we believe: partners by party id, with their pinned certificates or the authorities that may vouch for them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::certificate::{Certificate, OcspResponse, RevocationList, Status};
use crate::ebms::PartyId;
use crate::identity::Opener;
use crate::profile::{SignatureKind, Suite};
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
    /// What those authorities, or whoever they let answer, said online.
    pub answered: Vec<OcspResponse>,
    /// Whether a certificate of those authorities counts where nothing says that it was not revoked.
    pub revocation: Revocation,
    /// The suite that was agreed; nothing else is taken, stronger or weaker.
    pub suite: Suite,
    /// Others that single agreements ask for. Whether a message came under one of those is for whoever knows them.
    pub also: Vec<Suite>,
    /// Whether its payloads come encrypted.
    pub expected: Expected,
}

impl Partner {
    /// A partner with pinned certificates in suite 1.15 and nothing encrypted.
    #[must_use]
    pub const fn pinned(id: PartyId, certificates: Vec<Certificate>) -> Self {
        Self {
            id,
            pinned: certificates,
            authorities: Vec::new(),
            revoked: Vec::new(),
            answered: Vec::new(),
            revocation: Revocation::WhereKnown,
            suite: Suite::Edelivery115,
            also: Vec::new(),
            expected: Expected::Clear,
        }
    }

    /// Whether signatures of this kind are taken from it.
    pub(crate) fn signs_by(&self, kind: SignatureKind) -> bool {
        std::iter::once(&self.suite).chain(&self.also).any(|suite| suite.signature() == kind)
    }

    /// Whether a certificate, known without a message, is one of this partner's and in force now.
    ///
    /// # Errors
    /// [`Why::CertificateNotTrusted`], [`Why::CertificateOutOfDate`], [`Why::CertificateRevoked`] or
    /// [`Why::RevocationUnknown`].
    pub fn judge(&self, certificate: &Certificate, at: Timestamp) -> Result<(), Fault> {
        self.signer(&TokenRef::Certificate(certificate.der().to_vec()), at).map(|_| ())
    }

    /// The certificate a message is signed under, where it is one of this partner's and valid now.
    ///
    /// # Errors
    /// [`Why::CertificateNotTrusted`], [`Why::CertificateOutOfDate`], [`Why::CertificateRevoked`] or
    /// [`Why::CertificateUnreadable`].
    pub(crate) fn signer(&self, named: &TokenRef, at: Timestamp) -> Result<Certificate, Fault> {
        if let Some(certificate) = self.pinned.iter().find(|certificate| named.names(certificate)) {
            in_date(certificate, at)?;
            // A pinned certificate needs nobody to vouch for it; that it was revoked counts all the same.
            let issuer = self.authorities.iter().find(|authority| authority.issued(certificate));
            return match self.is_revoked(certificate, issuer, at) {
                true => Err(revoked(certificate)),
                false => Ok(certificate.clone()),
            };
        }
        let carried = named.certificates()?;
        let not_trusted =
            || Fault::new(Why::CertificateNotTrusted, format!("not a certificate of {}", self.id));
        let signer = carried.last().ok_or_else(not_trusted)?;
        if !signer.is_strong() {
            return Err(not_trusted());
        }
        let mut below = signer;
        let mut above = carried.iter().rev().skip(1);
        loop {
            if let Some(authority) = self.voucher_for(below) {
                in_date(authority, at)?;
                return self.in_force(below, authority, at).map(|()| signer.clone());
            }
            let issuer = above.next().filter(|issuer| issuer.is_authority() && issuer.issued(below));
            let issuer = issuer.ok_or_else(not_trusted)?;
            self.in_force(below, issuer, at)?;
            below = issuer;
        }
    }

    /// Refuses a certificate outside its validity, revoked, or, where that is asked for, one nobody says anything about.
    fn in_force(&self, certificate: &Certificate, issuer: &Certificate, at: Timestamp) -> Result<(), Fault> {
        in_date(certificate, at)?;
        if self.is_revoked(certificate, Some(issuer), at) {
            return Err(revoked(certificate));
        }
        match self.revocation == Revocation::Always && !self.is_cleared(certificate, issuer, at) {
            true => Err(Fault::new(Why::RevocationUnknown, certificate.subject())),
            false => Ok(()),
        }
    }

    fn is_revoked(&self, certificate: &Certificate, issuer: Option<&Certificate>, at: Timestamp) -> bool {
        let online = |issuer: &Certificate| {
            let mut said = self.answered.iter().filter_map(|answer| answer.status(certificate, issuer, at));
            said.any(|status| status == Status::Revoked)
        };
        self.revoked.iter().any(|list| list.revokes(certificate)) || issuer.is_some_and(online)
    }

    /// Whether a list or an answer that holds now says that it was not revoked.
    fn is_cleared(&self, certificate: &Certificate, issuer: &Certificate, at: Timestamp) -> bool {
        let listed = self.revoked.iter().any(|list| list.is_of(issuer) && !list.is_overdue_at(at));
        let mut said = self.answered.iter().filter_map(|answer| answer.status(certificate, issuer, at));
        listed || said.any(|status| status == Status::Good)
    }

    fn voucher_for(&self, certificate: &Certificate) -> Option<&Certificate> {
        self.authorities.iter().find(|authority| authority.is_authority() && authority.issued(certificate))
    }
}

fn revoked(certificate: &Certificate) -> Fault {
    Fault::new(Why::CertificateRevoked, certificate.subject())
}

/// Whether a certificate counts where nothing says that it was not revoked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Revocation {
    /// It counts unless something says that it was.
    #[default]
    WhereKnown,
    /// It counts only where a list or an answer that holds now says that it was not.
    Always,
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
