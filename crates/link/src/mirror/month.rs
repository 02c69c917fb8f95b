//! A month of a year.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A month of a year, written `2026-05`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Month {
    year: i16,
    month: i8,
}

/// A text is no month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAMonth;

impl Month {
    /// The month a day lies in.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> Date {
        Date::new(self.year, self.month, 1).unwrap_or(Date::MIN)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl fmt::Display for NotAMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a month is written YYYY-MM")
    }
}

impl std::error::Error for NotAMonth {}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

impl TryFrom<String> for Month {
    type Error = NotAMonth;

    fn try_from(text: String) -> Result<Self, NotAMonth> {
        format!("{text}-01").parse().map(Self::of).map_err(|_| NotAMonth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_read_as_it_is_written() {
        let month = Month::of(Date::constant(2026, 5, 31));
        assert_eq!(month.to_string(), "2026-05");
        assert_eq!(Month::try_from("2026-05".to_owned()), Ok(month));
        assert_eq!(month.first_day(), Date::constant(2026, 5, 1));
        assert!(Month::try_from("May".to_owned()).is_err());
    }
}
