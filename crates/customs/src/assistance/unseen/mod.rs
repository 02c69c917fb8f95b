//! Asking without showing: two administrations find out whether they hold the same party, container or certificate before either
//! shows it, under a term that says how much may be asked.
//!
//! ```text
//! holder: set gathered -> tags calculated -> published (match-set)
//! asker:  question -> counted against the quota -> blinded -> out (match-question)
//! holder: arrived -> counted against the same quota -> evaluated -> back (match-answer)
//! asker:  opened: which of its own values are in the set, and nothing else
//! ```
//!
//! The calculation is crate `blind`'s (RFC 9497) and is done by the node, outside the heart, since it takes long. What is
//! decided, counted and recorded is here. Whoever may ask without end can try every number there is, so a term without
//! quotas lets no question go or come, and both sides count.

mod asked;
mod meter;
mod papers;
mod question;
mod set;

use kernel::Sort;

use super::words::{Subject, SubjectKind};

pub use asked::{Act as MatchAskedAct, MatchAsked, Stage as MatchAskedStage};
pub use meter::{Act as MatchMeterAct, MatchMeter};

pub use papers::{MatchAnswer, MatchQuestionPaper, MatchSetPaper};
pub use question::{Act as MatchQuestionAct, MatchQuestion, Stage as MatchQuestionStage};
pub use set::{Act as MatchSetAct, MatchSet, Stage as MatchSetStage};

/// The kinds of thing that can be asked about.
const KINDS: Sort = Sort::Choice("subject-kind", &["party", "container", "certificate"]);

/// The form in which both sides put a value before it is asked about or published.
#[must_use]
pub fn asked_form(kind: SubjectKind, value: &str) -> String {
    Subject::new(kind, value).key()
}

/// The most values one question has, whatever a term says.
pub const QUESTION_MAX: usize = 10_000;
/// The most values a published set has: its tags are one document.
pub const SET_MAX: usize = 500_000;
