//! Parties: who exports, imports, carries, declares.

use serde::{Deserialize, Serialize};

use super::Country;

/// A party as one statement names it. Two statements about the same party stay two values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Party {
    /// The name as it stood (WCO R031, R014, R037 …).
    pub name: String,
    /// Identifiers, each with its issuing scheme.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    /// Where it is (WCO class 04A).
    #[serde(skip_serializing_if = "Address::is_empty")]
    pub address: Address,
}

impl Party {
    /// A party known by name alone.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Whether nothing is known of it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.name.is_empty() && self.identifiers.is_empty() && self.address.is_empty()
    }

    /// The first identifier's value; empty where there is none.
    #[must_use]
    pub fn id(&self) -> &str {
        self.identifiers.first().map_or("", |identifier| identifier.value.as_str())
    }
}

/// An identifier and who issued it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identifier {
    /// The issuing scheme, such as `SG-UEN`, `VN-MST`; the country's letters where no more is known.
    pub scheme: String,
    /// The identifier as it stood.
    pub value: String,
}

/// An address (WCO class 04A). Countries that keep free text put everything in `line`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// Street and number, or the whole address (WCO 239).
    pub line: String,
    /// City (WCO 241).
    pub city: String,
    /// Subdivision name or code (WCO 243, 244).
    pub subdivision: String,
    /// Postcode (WCO 245).
    pub postcode: String,
    /// Country (WCO 242).
    pub country: Option<Country>,
}

impl Address {
    /// Whether nothing is known of it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
