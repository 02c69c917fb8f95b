//! An operator as its programme lists it: who, as what, since when, and every change of status with its own moment.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::Digest;
use serde::{Deserialize, Serialize};

use super::code::OperatorCode;
use crate::terms::{Country, Party};

/// One operator of a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Entry {
    /// Its code.
    pub code: OperatorCode,
    /// Name in Latin letters, address, and identifiers such as a trader identification number.
    pub party: Party,
    /// Name in its own script; empty where it is the same.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub local_name: String,
    /// As what it is authorised.
    pub roles: Vec<OperatorRole>,
    /// Its sites by UN/LOCODE, where the programme authorises sites.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<String>,
    /// Who answers questions about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub contact: String,
    /// First day.
    pub from: Date,
    /// Last day; open where the programme sets none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Every status with the moment it took effect, oldest first.
    pub history: Vec<StatusChange>,
}

/// As what an operator is authorised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OperatorRole {
    /// Importer.
    Importer,
    /// Exporter.
    Exporter,
    /// Manufacturer.
    Manufacturer,
    /// Customs broker.
    Broker,
    /// Carrier.
    Carrier,
    /// Warehouse keeper.
    Warehouse,
    /// Forwarder.
    Forwarder,
}

impl OperatorRole {
    /// All roles.
    pub const ALL: [Self; 7] = [
        Self::Importer,
        Self::Exporter,
        Self::Manufacturer,
        Self::Broker,
        Self::Carrier,
        Self::Warehouse,
        Self::Forwarder,
    ];

    /// One bit for each.
    #[must_use]
    pub const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// How an operator stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Its benefits run.
    Active,
    /// Its benefits rest.
    Suspended,
    /// It is out of the programme.
    Withdrawn,
}

/// A change of status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChange {
    /// To what.
    pub status: Status,
    /// From when, by the programme.
    pub at: Timestamp,
    /// Why, as a class: `own-request`, `non-compliance`, `security`, `merged`, `expired`, …
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

impl Entry {
    /// The status at a moment; `None` before the first.
    #[must_use]
    pub fn status_at(&self, at: Timestamp) -> Option<Status> {
        let before = self.history.iter().filter(|change| change.at <= at);
        before.max_by_key(|change| change.at).map(|change| change.status)
    }

    /// The status it was given last.
    #[must_use]
    pub fn current(&self) -> Option<&StatusChange> {
        self.history.iter().max_by_key(|change| change.at)
    }

    /// Whether the authorisation itself covers a day.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// Whether it is authorised as any of these.
    #[must_use]
    pub fn has_role(&self, wanted: &[OperatorRole]) -> bool {
        wanted.iter().any(|role| self.roles.contains(role))
    }

    /// The programme's country.
    #[must_use]
    pub fn country(&self) -> Country {
        self.code.country()
    }

    /// The digest of everything it says.
    ///
    /// # Panics
    /// Never: an entry is plain data.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&serde_json::to_vec(self).expect("an entry is plain data"))
    }
}

/// The fingerprint of a list: the same for the same entries in any order, and changed by one entry at a time.
///
/// It is the sum of the entries' digests modulo 2^256. It shows that two sides hold the same list; that nobody forged a
/// list is what the message's signature shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Of a whole list.
    #[must_use]
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        entries.into_iter().fold(Self::default(), |sum, entry| sum.with(&entry.digest()))
    }

    /// The list with one more.
    #[must_use]
    pub fn with(mut self, entry: &Digest) -> Self {
        let mut carry = 0_u16;
        for (sum, byte) in self.0.iter_mut().rev().zip(entry.as_bytes().iter().rev()) {
            let total = u16::from(*sum) + u16::from(*byte) + carry;
            *sum = total.to_le_bytes()[0];
            carry = total >> 8;
        }
        self
    }

    /// The list without this one.
    #[must_use]
    pub fn without(mut self, entry: &Digest) -> Self {
        let mut borrow = 0_i16;
        for (sum, byte) in self.0.iter_mut().rev().zip(entry.as_bytes().iter().rev()) {
            let total = i16::from(*sum) - i16::from(*byte) - borrow;
            *sum = total.to_le_bytes()[0];
            borrow = i16::from(total < 0);
        }
        self
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Digest::from_bytes(self.0))
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() {
            return Ok(Self::default());
        }
        let digest = Digest::parse(&text).ok_or_else(|| serde::de::Error::custom("64 hexadecimal digits"))?;
        Ok(Self(*digest.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_forgets_order_and_undoes_what_it_did() {
        let digests: Vec<Digest> = (0_u8..50).map(|n| Digest::of(&[n])).collect();
        let sum = |digests: &[Digest]| digests.iter().fold(Fingerprint::default(), |sum, one| sum.with(one));
        let mut turned = digests.clone();
        turned.reverse();
        assert_eq!(sum(&digests), sum(&turned));
        assert_eq!(sum(&digests).without(&digests[7]).with(&digests[7]), sum(&digests));
        assert_ne!(sum(&digests), sum(&digests[1..]));
        assert_eq!(digests.iter().fold(sum(&digests), |sum, one| sum.without(one)), Fingerprint::default());
    }
}
