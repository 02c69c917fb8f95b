//! What must be known beside a rate before it is relied on.

use rust_decimal::Decimal;
use serde::Serialize;

use crate::terms::Country;

/// A warning with its values; the sentence is made where people read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "code")]
pub enum Warning {
    /// A later publication contradicts the rate of this line.
    StaleLine {
        /// The rate that publication implies, where one could be derived.
        #[serde(skip_serializing_if = "Option::is_none")]
        implied_percent: Option<Decimal>,
    },
    /// An act that changes these rates is not loaded.
    AmendmentNotLoaded {
        /// The act.
        act: String,
        /// It is known to touch this very line; otherwise its lines are not known.
        this_line: bool,
    },
    /// The scheme shuts some parties out line by line, and that column is not loaded.
    ExclusionsNotLoaded {
        /// The scheme.
        scheme: String,
    },
    /// The line is shut out from the scheme.
    Excluded {
        /// The scheme.
        scheme: String,
    },
    /// The scheme is loaded, but says nothing for this line. Not zero.
    NoRateLoaded {
        /// The scheme.
        scheme: String,
    },
    /// No rate of this country is loaded. Not zero.
    NoRatesOfCountry,
    /// The scheme is not loaded for this country, or not for this day.
    SchemeNotInForce {
        /// The scheme.
        scheme: String,
    },
    /// The origin is no party to the scheme.
    NotAParty {
        /// The scheme.
        scheme: String,
        /// The origin.
        origin: Country,
    },
    /// The goods come from the country itself: the preference is for its free zones, under further conditions.
    OwnOrigin {
        /// The scheme.
        scheme: String,
    },
    /// A preference was asked for without an origin.
    OriginNotGiven,
    /// The preference is not lower than the general rate.
    PreferenceNotLower,
    /// Only the year of the first day is known, and the day lies in it.
    StartDayUnknown {
        /// The column or nomenclature.
        of: String,
    },
    /// The source held the line in several rows; one rate was kept.
    SeveralRows {
        /// How many.
        rows: u32,
    },
    /// A text on the way to the line is in no source.
    ParentTextMissing,
    /// The rate stands under a condition that is not loaded.
    ConditionNotLoaded {
        /// As the source wrote it.
        raw: String,
    },
}
