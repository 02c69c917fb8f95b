//! The answer to "what do these goods owe": the rate asked for, the rate without proof, and what to beware of.

use std::fmt;

use jiff::civil::Date;
use serde::Serialize;

use super::{Measure, Nomenclature, Path, Rate, Start, Warning, rates};
use crate::terms::{Country, HsCode};

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// Whose tariff.
    pub country: Country,
    /// The line: eight digits.
    pub code: HsCode,
    /// The origin of the goods, where it is known.
    pub origin: Option<Country>,
    /// The day the duty becomes due.
    pub day: Date,
    /// The scheme, such as `ACFTA`; the general one where none is named.
    pub scheme: Option<String>,
}

/// What is owed, as far as it is loaded.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// What the goods are called.
    pub path: Path,
    /// The measure that answers: under the scheme asked for or, where that does not apply, the general one.
    pub applies: Option<Measure>,
    /// Where a preference applies: what is owed without its proof.
    pub otherwise: Option<Measure>,
    /// Further measures on the line, such as value-added tax; not part of the duty.
    pub beside: Vec<Measure>,
    /// What to beware of.
    pub warnings: Vec<Warning>,
}

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// No nomenclature of that day is loaded.
    NoNomenclature,
    /// The nomenclature of that day is loaded to fewer digits than a rate needs.
    TooShallow(Nomenclature),
    /// The code is not one of the nomenclature's lines.
    UnknownCode(Nomenclature),
}

impl Unanswered {
    /// The code scripts rely on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoNomenclature => "no-nomenclature",
            Self::TooShallow(_) => "no-rates-of-that-day",
            Self::UnknownCode(_) => "unknown-code",
        }
    }
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoNomenclature => f.write_str("no-nomenclature: none is loaded for that day"),
            Self::TooShallow(nomenclature) => {
                write!(f, "no-rates-of-that-day: only {} is loaded for it", nomenclature.name())
            }
            Self::UnknownCode(nomenclature) => {
                write!(f, "unknown-code: no line of {}", nomenclature.name())
            }
        }
    }
}

impl std::error::Error for Unanswered {}

/// Answers a question from the shipped editions.
///
/// # Errors
/// [`Unanswered`] where no nomenclature of that day knows the line. A line without a rate is no error: the answer
/// says that nothing is loaded.
pub fn answer(question: &Question) -> Result<Answer, Unanswered> {
    let in_force =
        Nomenclature::in_force(&question.country, question.day).ok_or(Unanswered::NoNomenclature)?;
    let nomenclature = in_force.nomenclature;
    if nomenclature != Nomenclature::Ahtn2022 {
        return Err(Unanswered::TooShallow(nomenclature));
    }
    let code = question.code.as_str();
    let path = nomenclature.path(code).filter(|_| code.len() == nomenclature.digits());
    let path = path.ok_or(Unanswered::UnknownCode(nomenclature))?;
    let mut answer =
        Answer { path, applies: None, otherwise: None, beside: Vec::new(), warnings: Vec::new() };
    if answer.path.parent_missing {
        answer.warnings.push(Warning::ParentTextMissing);
    }
    if in_force.start_unknown {
        answer.warnings.push(Warning::StartDayUnknown { of: nomenclature.name().to_owned() });
    }
    weigh(question, &mut answer);
    Ok(answer)
}

/// Sorts the measures of the line into what applies, what applies otherwise, and what stands beside.
fn weigh(question: &Question, answer: &mut Answer) {
    let found = rates::measures(question.country.as_str(), question.code.as_str(), question.day);
    let Some(measures) = found else {
        answer.warnings.push(Warning::NoRatesOfCountry);
        return;
    };
    let named = |scheme: &str| measures.iter().find(|measure| measure.series.scheme == scheme).cloned();
    let general = named(GENERAL);
    let scheme = question.scheme.as_deref().unwrap_or(GENERAL);
    answer.beside.extend(named("VAT").filter(|_| scheme != "VAT"));
    let asked = named(scheme);
    if asked.is_none() {
        answer.warnings.push(Warning::SchemeNotInForce { scheme: scheme.to_owned() });
    }
    let asked = asked.filter(|measure| open(question, measure, &mut answer.warnings));
    match asked {
        Some(measure) if measure.series.scheme != GENERAL && measure.series.proof.is_some() => {
            answer.applies = Some(measure);
            answer.otherwise = general;
        }
        Some(measure) => answer.applies = Some(measure),
        // A preference that does not apply leaves the general rate; any other scheme leaves nothing.
        None if preferential(question, scheme) => answer.applies = general,
        None => {}
    }
    warn(question, answer);
}

fn preferential(question: &Question, scheme: &str) -> bool {
    let series = rates::series(question.country.as_str());
    series.iter().any(|series| series.scheme == scheme && series.proof.is_some())
}

/// Whether the goods may take the measure at all; says why not.
fn open(question: &Question, measure: &Measure, warnings: &mut Vec<Warning>) -> bool {
    let scheme = || measure.series.scheme.clone();
    match &measure.rate {
        Rate::Excluded => {
            warnings.push(Warning::Excluded { scheme: scheme() });
            return false;
        }
        Rate::NotLoaded => {
            warnings.push(Warning::NoRateLoaded { scheme: scheme() });
            return false;
        }
        Rate::Percent { .. } | Rate::Specific { .. } | Rate::Conditional { .. } => {}
    }
    match &question.origin {
        _ if measure.series.parties.is_empty() => true,
        // The acts let goods of the country's own free zones take the rate, under conditions of their own.
        Some(origin) if *origin == question.country => {
            warnings.push(Warning::OwnOrigin { scheme: scheme() });
            true
        }
        Some(origin) if measure.series.parties.iter().any(|party| party == origin.as_str()) => true,
        Some(origin) => {
            warnings.push(Warning::NotAParty { scheme: scheme(), origin: origin.clone() });
            false
        }
        None => {
            warnings.push(Warning::OriginNotGiven);
            true
        }
    }
}

/// What is known against the measures of an answer.
fn warn(question: &Question, answer: &mut Answer) {
    let measures: Vec<Measure> = answer.applies.iter().chain(&answer.otherwise).cloned().collect();
    for measure in &measures {
        warn_of(question, measure, &mut answer.warnings);
    }
    if let [preference, general] = &measures[..]
        && let (Some(with), Some(without)) = (preference.rate.percent(), general.rate.percent())
        && with >= without
    {
        answer.warnings.push(Warning::PreferenceNotLower);
    }
}

fn warn_of(question: &Question, measure: &Measure, warnings: &mut Vec<Warning>) {
    let (country, series) = (question.country.as_str(), measure.series);
    if let Some(implied_percent) = rates::stale(country, &measure.code, &series.scheme) {
        warnings.push(Warning::StaleLine { implied_percent });
    }
    if let Some(rows) = rates::several(country, &measure.code, &series.scheme) {
        warnings.push(Warning::SeveralRows { rows });
    }
    if series.warnings.iter().any(|warning| warning == "exclusions-not-loaded") {
        warnings.push(Warning::ExclusionsNotLoaded { scheme: series.scheme.clone() });
    }
    if series.start == Start::Year && series.from.year() == question.day.year() {
        warnings.push(Warning::StartDayUnknown { of: series.column.clone() });
    }
    if let Rate::Conditional { raw } = &measure.rate {
        warnings.push(Warning::ConditionNotLoaded { raw: raw.clone() });
    }
    if measure.rate == Rate::NotLoaded {
        warnings.push(Warning::NoRateLoaded { scheme: series.scheme.clone() });
    }
    for amendment in &series.amendments {
        let since =
            amendment.from <= question.day && amendment.until.is_none_or(|until| question.day <= until);
        let this_line = amendment.codes.contains(&measure.code);
        if since && (this_line || amendment.codes.is_empty()) {
            warnings.push(Warning::AmendmentNotLoaded { act: amendment.act.clone(), this_line });
        }
    }
}

/// The scheme that needs no proof: most favoured nation.
const GENERAL: &str = "MFN";
