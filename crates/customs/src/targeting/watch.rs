//! Watch lists as editions: who and what is listed.

use kernel::Digest;
use serde::{Deserialize, Serialize};

/// What an entry is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListedKind {
    /// A person.
    Person,
    /// A firm, group or body.
    #[default]
    Entity,
    /// A ship.
    Vessel,
    /// An aircraft.
    Aircraft,
    /// A container, vehicle or anything else known by a number.
    Thing,
}

/// One entry of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Listed {
    /// The list: `ofac-sdn`, `un`, or a partner's own.
    pub list: String,
    /// The entry's identifier on it.
    pub id: String,
    /// What it is.
    pub kind: ListedKind,
    /// All names, the main one first.
    pub names: Vec<String>,
    /// Numbers it is known by: passports, registrations, IMO numbers, container numbers, plates.
    pub numbers: Vec<String>,
    /// Addresses, as they stood.
    pub addresses: Vec<String>,
    /// Countries, as they stood.
    pub countries: Vec<String>,
    /// Years of birth.
    pub births: Vec<u16>,
    /// The programme or regime it is listed under.
    pub programme: String,
}

impl Listed {
    /// The digest of all it says: another one is another entry, and is screened anew.
    ///
    /// # Panics
    /// Never: an entry is plain data.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&serde_json::to_vec(self).expect("an entry is plain data"))
    }
}
