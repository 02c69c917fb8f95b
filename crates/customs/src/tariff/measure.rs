//! A measure: a rate under an act, an annex and a scheme, for some days.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Which way the goods move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flow {
    /// Into the country.
    Import,
    /// Out of it.
    Export,
}

/// What is known of the first day of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// The day.
    Day,
    /// The year only.
    Year,
}

/// An act known to change a series whose rates are not in the edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amendment {
    /// The act.
    pub act: String,
    /// Its first day.
    pub from: Date,
    /// Its last day; open where none is stated.
    #[serde(default)]
    pub until: Option<Date>,
    /// The codes it touches; empty where they are not known.
    #[serde(default)]
    pub codes: Vec<String>,
}

/// A series of rates: one scheme under one act, for some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// The column of the source.
    pub column: String,
    /// The scheme: `MFN`, `ATIGA`, `VAT`, …
    pub scheme: String,
    /// Which way the goods move.
    pub flow: Flow,
    /// The act, where the source states one.
    #[serde(default)]
    pub act: Option<String>,
    /// The annex of the act: the same code stands in several with different rates.
    #[serde(default)]
    pub annex: Option<String>,
    /// First day.
    pub from: Date,
    /// What is known of the first day.
    pub start: Start,
    /// Last day; open where none is stated.
    #[serde(default)]
    pub until: Option<Date>,
    /// The proof of origin a preference asks for; none where the rate needs no proof.
    #[serde(default)]
    pub proof: Option<String>,
    /// The countries whose goods may take the rate; empty where all may.
    #[serde(default)]
    pub parties: Vec<String>,
    /// What is known to be missing from the whole series.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// Acts known to change it that are not loaded.
    #[serde(default)]
    pub amendments: Vec<Amendment>,
}

impl Series {
    /// Whether the series holds on this day.
    #[must_use]
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// The act with its annex or, where the source names only its column, the column's own name.
    #[must_use]
    pub fn source(&self) -> String {
        match (&self.act, &self.annex) {
            (Some(act), Some(annex)) => format!("{act}, {annex}"),
            (Some(act), None) => act.clone(),
            (None, _) => format!("column {}", self.column),
        }
    }
}

/// What a tariff says for a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Rate {
    /// So many hundredths of the value.
    Percent {
        /// The percentage.
        percent: Decimal,
    },
    /// So much money per unit.
    Specific {
        /// In the country's own currency.
        amount: Decimal,
        /// Per what, in the source's word.
        per: String,
    },
    /// Shut out from the preference. Not zero.
    Excluded,
    /// A number with a mark whose condition is not loaded.
    Conditional {
        /// As the source wrote it.
        raw: String,
    },
    /// Nothing is loaded. Not zero.
    NotLoaded,
}

impl Rate {
    /// Reads a cell as the sources write them: decimal commas, `*` for excluded, empty or `-` for nothing,
    /// `450,-/kg` for money per unit, `11*)` for a rate under a condition. What cannot be read is kept as
    /// [`Rate::Conditional`], never repaired.
    #[must_use]
    pub fn read(cell: &str) -> Self {
        match cell.trim() {
            "" | "-" => return Self::NotLoaded,
            "*" => return Self::Excluded,
            _ => {}
        }
        if let Some(percent) = decimal(cell, "") {
            return Self::Percent { percent };
        }
        let specific = cell.split_once(",-/").and_then(|(amount, per)| Some((decimal(amount, ".")?, per)));
        match specific {
            Some((amount, per)) => Self::Specific { amount, per: per.to_owned() },
            None => Self::Conditional { raw: cell.to_owned() },
        }
    }

    /// The percentage, where it is one.
    #[must_use]
    pub const fn percent(&self) -> Option<Decimal> {
        match self {
            Self::Percent { percent } => Some(*percent),
            Self::Specific { .. } | Self::Excluded | Self::Conditional { .. } | Self::NotLoaded => None,
        }
    }
}

/// A number of digits with at most one decimal comma or point; `grouping` signs are dropped.
fn decimal(cell: &str, grouping: &str) -> Option<Decimal> {
    let plain = if grouping.is_empty() { cell.to_owned() } else { cell.replace(grouping, "") };
    let plain = plain.trim().replace(',', ".");
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = match plain.split_once('.') {
        Some((whole, part)) => digits(whole) && digits(part),
        None => digits(&plain),
    };
    fits.then(|| plain.parse().ok()).flatten()
}

/// A rate for a line, with where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Measure {
    /// The line's eight digits.
    pub code: String,
    /// What it says.
    pub rate: Rate,
    /// The series it stands in.
    pub series: &'static Series,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_read_as_the_sources_write_it() {
        let percent = |text: &str| Rate::Percent { percent: text.parse().expect("a number") };
        let specific = |text: &str, per: &str| Rate::Specific {
            amount: text.parse().expect("a number"),
            per: per.to_owned(),
        };
        for (cell, expected) in [
            ("0", percent("0")),
            ("7,5", percent("7.5")),
            ("135", percent("135")),
            ("*", Rate::Excluded),
            ("", Rate::NotLoaded),
            ("-", Rate::NotLoaded),
            ("450,-/kg", specific("450", "kg")),
            ("14.000,-/liter", specific("14000", "liter")),
            ("11*)", Rate::Conditional { raw: "11*)".to_owned() }),
            ("1,2,3", Rate::Conditional { raw: "1,2,3".to_owned() }),
            ("1e3", Rate::Conditional { raw: "1e3".to_owned() }),
        ] {
            assert_eq!(Rate::read(cell), expected, "{cell:?}");
        }
    }
}
