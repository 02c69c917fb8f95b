//! How much two statements may differ before it means anything: per lane, given by the caller.

use std::collections::BTreeMap;

use customs::terms::{Country, TransportMode};
use serde::{Deserialize, Serialize};

use super::Correlation;

/// What may differ on one lane without being a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tolerance {
    /// Quantity: parts per thousand of what they said.
    pub quantity: u32,
    /// Commodity code: digits compared at most. Six across countries; eight where both use one edition of the AHTN.
    pub hs_digits: usize,
    /// Arrival may stand this many days before departure (time zones, declarations ahead of arrival).
    pub early_days: i32,
    /// Two parties are told to be two below this likeness, in parts per thousand.
    pub party: u16,
    /// An open remainder below this share of the export, in parts per thousand, is a shortfall at once: nobody sends
    /// so little after.
    pub remainder: u32,
    /// Days after the last linked arrival in which the rest of a split load may still come.
    pub closing_days: i32,
    /// Days after departure by which goods have arrived and been declared, by mode (Recommendation 19 digit).
    pub transit_days: BTreeMap<TransportMode, i32>,
    /// The same where the mode is unknown or not in the list.
    pub transit_days_otherwise: i32,
}

impl Default for Tolerance {
    fn default() -> Self {
        let days = [("1", 45), ("2", 30), ("3", 15), ("4", 10), ("5", 45), ("8", 30)];
        Self {
            quantity: 5,
            hs_digits: 6,
            early_days: 2,
            party: 300,
            remainder: 50,
            closing_days: 15,
            transit_days: days.into_iter().map(|(mode, days)| (TransportMode::new(mode), days)).collect(),
            transit_days_otherwise: 45,
        }
    }
}

impl Tolerance {
    /// Days after departure by which goods of this mode have arrived.
    #[must_use]
    pub fn transit(&self, mode: Option<&TransportMode>) -> i32 {
        mode.and_then(|mode| self.transit_days.get(mode)).copied().unwrap_or(self.transit_days_otherwise)
    }
}

/// The tolerances of all lanes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tolerances {
    /// Where nothing else is said.
    pub otherwise: Tolerance,
    /// By exporting country: the importing one is our own.
    pub lanes: BTreeMap<Country, Tolerance>,
    /// Commodity codes that name the same goods in different editions.
    pub editions: Correlation,
}

impl Tolerances {
    /// The tolerance of the lane from this country.
    #[must_use]
    pub fn of(&self, exporter: &Country) -> &Tolerance {
        self.lanes.get(exporter).unwrap_or(&self.otherwise)
    }
}
