//! An import declaration that names a movement under which its goods are said to have come, and which did not come here.

use jiff::civil::Date;
use kernel::{CaseId, Severity};

use super::{Share, difference, tie};
use crate::declaration::Declaration;
use crate::gate::Tie;

/// Where a movement is that did not come here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// Nobody told us of it.
    Unknown,
    /// Its record is here, or was asked for; it is not.
    Awaited,
    /// It is looked for.
    Enquired,
    /// It arrived elsewhere.
    Diverted,
    /// It was invalidated where it was to begin.
    Invalidated,
    /// The country it is said to come from does not vouch for it.
    Rejected,
}

impl Whereabouts {
    /// The code of the difference that says so.
    const fn difference(self) -> &'static str {
        match self {
            Self::Unknown | Self::Awaited | Self::Enquired => "movement-not-arrived",
            Self::Diverted => "movement-diverted",
            Self::Invalidated | Self::Rejected => "movement-invalidated",
        }
    }

    /// Whether it can still come: a declaration may be lodged before the goods are here.
    const fn can_come(self) -> bool {
        matches!(self, Self::Unknown | Self::Awaited)
    }
}

/// The tie of a declaration to a movement that did not come, with the one difference that says so; nothing as long as it
/// can come and the day the declaration says the goods came is not over.
#[must_use]
pub fn missing(
    whereabouts: Whereabouts,
    (item, movement): (&CaseId, &str),
    declared: &Declaration,
    today: Date,
) -> Option<Tie> {
    let over = declared.arrives.is_some_and(|day| day < today);
    if whereabouts.can_come() && !over {
        return None;
    }
    let mut tie = tie(item, movement, Share::ALONE);
    let day = declared.arrives.map_or_else(|| "-".to_owned(), |day| day.to_string());
    let number = tie.export.split_once(':').map_or("", |(_, number)| number).to_owned();
    tie.differences.push(difference(whereabouts.difference(), 0, (&number, &day), Severity::Warning));
    Some(tie)
}
