//! A figure that opens: a number that says what it counts, what it divides by, and in which period.

use jiff::Timestamp;
use kernel::CaseId;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A period: from a moment, up to and without another. Open ends are open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// From when.
    pub from: Option<Timestamp>,
    /// Until when, not included.
    pub until: Option<Timestamp>,
}

impl Period {
    /// Whether a moment is in it.
    #[must_use]
    pub fn has(&self, moment: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= moment) && self.until.is_none_or(|until| moment < until)
    }
}

/// A share: so many of so many, each by its case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// What it says, as a code.
    pub code: String,
    /// The cases counted.
    pub of: Vec<CaseId>,
    /// The cases it divides by.
    pub among: Vec<CaseId>,
    /// The period both are taken from.
    pub period: Period,
}

impl Figure {
    /// A figure: among the cases `all` says something of, those for which it is true.
    #[must_use]
    pub fn share<'a>(code: &str, period: Period, all: impl IntoIterator<Item = (&'a CaseId, bool)>) -> Self {
        let mut figure = Self { code: code.to_owned(), period, ..Self::default() };
        for (case, counts) in all {
            figure.among.push(case.clone());
            if counts {
                figure.of.push(case.clone());
            }
        }
        figure
    }

    /// The share in percent with one decimal; `None` where it divides by nothing.
    #[must_use]
    pub fn percent(&self) -> Option<Decimal> {
        let among = Decimal::from(self.among.len());
        let of = Decimal::from(self.of.len());
        of.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(among).map(|percent| percent.round_dp(1))
    }
}

/// The middle of some spans, in seconds: half of them were no longer. `None` where there are none.
#[must_use]
pub fn median(mut spans: Vec<u64>) -> Option<u64> {
    spans.sort_unstable();
    let middle = spans.len().checked_sub(1)? / 2;
    spans.get(middle).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_over_nothing_has_no_percentage() {
        assert_eq!(Figure::default().percent(), None);
        let cases = [CaseId::of("a", 1), CaseId::of("a", 2), CaseId::of("a", 3)];
        let figure =
            Figure::share("x", Period::default(), cases.iter().map(|case| (case, case.key() != "1")));
        assert_eq!((figure.of.len(), figure.among.len()), (2, 3));
        assert_eq!(figure.percent(), Some(Decimal::new(667, 1)));
    }

    #[test]
    fn the_middle_of_an_even_number_of_spans_is_one_that_was_measured() {
        assert_eq!(median(vec![4, 1, 3, 2]), Some(2));
        assert_eq!(median(Vec::new()), None);
    }
}
