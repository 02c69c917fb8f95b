//! The question every incoming item answers first: is there a live term for this kind, direction and day?

use jiff::civil::Date;
use kernel::{Books, NodeId, Refusal};
use serde::{Deserialize, Serialize};

use super::book::{Standing, term_in_force};
use super::{LaneState, Term};

/// An item was let in: the term that allows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// The agreement's short name.
    pub agreement: String,
    /// The term, as it stood on the day.
    pub term: Term,
}

impl Admission {
    /// How a record cites the term.
    #[must_use]
    pub fn cite(&self) -> String {
        format!("{} {}", self.agreement, self.term.id)
    }
}

/// Looks for the live term that lets a document of `kind` from `from` in to `to` on `day`.
///
/// # Errors
/// `no-live-term` where none is in force, `lane-stopped` where it is stopped.
pub fn admit(
    books: &dyn Books,
    kind: &str,
    from: &NodeId,
    to: &NodeId,
    day: Date,
) -> Result<Admission, Refusal> {
    let lane = Term::lane_of(kind, from, to);
    let Some(standing) = term_in_force(books, kind, from, to, day) else {
        return Err(Refusal::new("no-live-term", format!("{lane} {day}")).remedy("agreement"));
    };
    let Standing { agreement, term } = &*standing;
    if term.lane == LaneState::Stopped {
        return Err(Refusal::new("lane-stopped", format!("{lane} {day}")).remedy(agreement.clone()));
    }
    Ok(Admission { agreement: agreement.clone(), term: term.clone() })
}
