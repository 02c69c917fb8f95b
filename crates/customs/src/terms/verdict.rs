//! Purposes of use and officers' verdicts: the two short code lists every loop turns on.

use std::fmt;

use kernel::Sort;
use serde::{Deserialize, Serialize};

/// Why somebody reads or uses what a partner said. A term names the purposes it allows; all others are forbidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Choosing which consignments to control (ACDD: risk targeting and profiling).
    RiskAssessment,
    /// Deciding on a consignment at the border.
    BorderControl,
    /// Looking into an offence.
    Investigation,
    /// Post-clearance audit and recovery of duties.
    Audit,
    /// Counting.
    Statistics,
    /// Running the exchange itself: repair, replay, evidence.
    Exchange,
}

impl Purpose {
    /// All purposes there are.
    pub const ALL: [Self; 6] = [
        Self::RiskAssessment,
        Self::BorderControl,
        Self::Investigation,
        Self::Audit,
        Self::Statistics,
        Self::Exchange,
    ];

    /// The field of a form that asks for one.
    pub const SORT: Sort = Sort::Choice(
        "purpose",
        &["risk-assessment", "border-control", "investigation", "audit", "statistics", "exchange"],
    );

    /// The code in terms, records and addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::RiskAssessment => "risk-assessment",
            Self::BorderControl => "border-control",
            Self::Investigation => "investigation",
            Self::Audit => "audit",
            Self::Statistics => "statistics",
            Self::Exchange => "exchange",
        }
    }

    /// The purpose of this code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.code() == code)
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What an officer concluded about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The difference is real and an offence or a false declaration.
    Confirmed,
    /// The difference is real and an honest mistake.
    Mistake,
    /// There is an innocent explanation.
    Innocent,
    /// The two statements are not about the same consignment.
    WrongLink,
    /// Nothing could be established.
    Unresolved,
}

impl Verdict {
    /// All verdicts there are.
    pub const ALL: [Self; 5] =
        [Self::Confirmed, Self::Mistake, Self::Innocent, Self::WrongLink, Self::Unresolved];

    /// The field of a form that asks for one.
    pub const SORT: Sort =
        Sort::Choice("verdict", &["confirmed", "mistake", "innocent", "wrong-link", "unresolved"]);

    /// The code in records, messages and addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Mistake => "mistake",
            Self::Innocent => "innocent",
            Self::WrongLink => "wrong-link",
            Self::Unresolved => "unresolved",
        }
    }

    /// The verdict of this code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.code() == code)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
