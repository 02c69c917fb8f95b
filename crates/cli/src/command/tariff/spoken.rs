//! Rates and warnings as sentences.

use customs::tariff::{Measure, Rate, Start, Warning};

/// A rate as a person reads it.
pub(super) fn rate(rate: &Rate) -> String {
    match rate {
        Rate::Percent { percent } => format!("{} %", percent.normalize()),
        Rate::Specific { amount, per } => format!("{} per {per}", amount.normalize()),
        Rate::Excluded => "excluded (not zero)".to_owned(),
        Rate::Conditional { raw } => format!("{raw:?}, under a condition that is not loaded"),
        Rate::NotLoaded => "no rate loaded (not zero)".to_owned(),
    }
}

/// A measure with its source and days.
pub(super) fn measure(measure: &Measure) -> String {
    let series = measure.series;
    let until = series.until.map_or_else(|| "open".to_owned(), |until| until.to_string());
    let from = match series.start {
        Start::Day => series.from.to_string(),
        Start::Year => format!("{} (day not stated)", series.from.year()),
    };
    let proof = series.proof.as_ref().map_or_else(String::new, |proof| format!(" with {proof}"));
    let said = rate(&measure.rate);
    format!("{} {said}{proof}; {}; {from} to {until}", series.scheme, series.source())
}

/// A warning as a person reads it.
pub(super) fn warning(warning: &Warning) -> String {
    match warning {
        Warning::StaleLine { implied_percent: Some(percent) } => format!(
            "stale-line: a later publication implies {} % for this line; verify before use",
            percent.normalize()
        ),
        Warning::StaleLine { implied_percent: None } => {
            "stale-line: a later publication contradicts the rate of this line; verify before use".to_owned()
        }
        Warning::AmendmentNotLoaded { act, this_line: true } => {
            format!("amendment-not-loaded: {act} changes this line on that day and is not loaded")
        }
        Warning::AmendmentNotLoaded { act, this_line: false } => {
            format!("amendment-not-loaded: {act} changes lines of this tariff; which ones is not loaded")
        }
        Warning::ExclusionsNotLoaded { scheme } => format!(
            "exclusions-not-loaded: {scheme} shuts some origins out line by line, and that column is not loaded"
        ),
        Warning::Excluded { scheme } => {
            format!("excluded: the line is shut out from {scheme}; that is not zero")
        }
        Warning::NoRateLoaded { scheme } => {
            format!("no-rate-loaded: {scheme} says nothing for this line; that is not zero")
        }
        Warning::NoRatesOfCountry => "no-rates-of-country: none is loaded; that is not zero".to_owned(),
        Warning::SchemeNotInForce { scheme } => {
            format!("scheme-not-in-force: {scheme} is not loaded for this country on that day")
        }
        Warning::NotAParty { scheme, origin } => {
            format!("not-a-party: goods of {origin} may not take {scheme}")
        }
        Warning::OwnOrigin { scheme } => {
            format!("own-origin: {scheme} takes own goods only from free zones, under further conditions")
        }
        Warning::OriginNotGiven => {
            "origin-not-given: whether the preference is open was not checked".to_owned()
        }
        Warning::PreferenceNotLower => "preference-not-lower: the general rate is as low or lower".to_owned(),
        Warning::StartDayUnknown { of } => {
            format!("start-day-unknown: of {of} only the first year is stated")
        }
        Warning::SeveralRows { rows } => {
            format!("several-rows: the source holds this line in {rows} rows; one rate was kept")
        }
        Warning::ParentTextMissing => {
            "parent-text-missing: a text above this line carries no code and is in no source".to_owned()
        }
        Warning::ConditionNotLoaded { raw } => {
            format!("condition-not-loaded: the source says {raw:?}; the condition is not loaded")
        }
    }
}
