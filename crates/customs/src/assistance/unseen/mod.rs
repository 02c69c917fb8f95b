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
//! A question asks which of its values are in the set, or only how many (`Wants`): the term says which by the fields it lets
//! go, `tags` and `evaluated` for the one, `points` and `reordered` for the other.
//!
//! The calculation is crate `blind`'s (RFC 9497) and is done by the node, outside the heart, since it takes long. What is
//! decided, counted and recorded is here. Whoever may ask without end can try every number there is, so a term without
//! quotas lets no question go or come, and both sides count.
//!
//! Documents, acts and events are short however many values there are: tags, points and proofs lie beside them ([`Beside`]),
//! and so do own values that come as a file and what both sides hold where it is much.

mod beside;
mod papers;
mod question;
mod set;

use kernel::{Attachment, Facts, NodeId, Refusal, Sort};

use super::quota::{Asked, AskedAct};
use super::words::{Subject, SubjectKind};
use crate::agreement::{Writing as _, admit};
use crate::macros::codes;

pub use beside::{Beside, POINT_BYTES, PROOF_BYTES, TAG_BYTES};
pub use papers::{MatchAnswer, MatchQuestionPaper, MatchSetPaper};
pub use question::{Act as MatchQuestionAct, Found, MatchQuestion, Stage as MatchQuestionStage};
pub use set::{Act as MatchSetAct, MatchSet, Stage as MatchSetStage};

/// A partner's question that shows nothing.
pub type MatchAsked = Asked<MatchQuestionPaper>;
/// What parties may want of one.
pub type MatchAskedAct = AskedAct<MatchQuestionPaper>;

codes! {
    /// What a question wants to know.
    Wants:
    /// Which of its values are in the set.
    Which = "which",
    /// How many of them, and not which.
    HowMany = "how-many",
}

impl Wants {
    /// The field of a published set that such questions need.
    #[must_use]
    pub const fn set_field(self) -> &'static str {
        match self {
            Self::Which => "tags",
            Self::HowMany => "points",
        }
    }

    /// The field of an answer that says it.
    #[must_use]
    pub const fn answer_field(self) -> &'static str {
        match self {
            Self::Which => "evaluated",
            Self::HowMany => "reordered",
        }
    }

    /// The most values a set published for such questions has: 80 MB of tags, 32 MB of points.
    #[must_use]
    pub const fn set_max(self) -> u64 {
        match self {
            Self::Which => 10_000_000,
            Self::HowMany => 1_000_000,
        }
    }

    /// The fewest values such a question has: of fewer, how many would say which.
    #[must_use]
    pub const fn least(self) -> u64 {
        match self {
            Self::Which => 1,
            Self::HowMany => 10,
        }
    }
}

/// Whether the term for answers from `holder` to `asker` lets go what such a question wants.
///
/// # Errors
/// `no-live-term`, `variant-not-allowed`.
fn is_told(wants: Wants, (holder, asker): (&NodeId, &NodeId), facts: &Facts<'_>) -> Result<(), Refusal> {
    let admission = admit(facts.books, MatchAnswer::KIND, holder, asker, facts.day())?;
    if admission.term.fields.iter().any(|field| field == wants.answer_field()) {
        return Ok(());
    }
    Err(Refusal::new("variant-not-allowed", wants.code()).remedy(admission.cite()))
}

/// The kinds of thing that can be asked about.
const KINDS: Sort = Sort::Choice("subject-kind", &["party", "container", "certificate"]);

/// The form in which both sides put a value before it is asked about or published.
#[must_use]
pub fn asked_form(kind: SubjectKind, value: &str) -> String {
    Subject::new(kind, value).key()
}

/// A question asks about no fewer values than tell nothing more than it wants, and about no more than any has.
///
/// # Errors
/// `values-too-few`, `values-too-many`.
fn fits(count: u64, wants: Wants) -> Result<(), Refusal> {
    if count < wants.least() {
        return Err(Refusal::new("values-too-few", count.to_string()).remedy(wants.least().to_string()));
    }
    at_most(count, QUESTION_MAX)
}

/// Own values are not too many to be typed, and their file is no longer than any may be; how many values that has, the node
/// finds out.
///
/// # Errors
/// `values-too-many`, `values-file-too-long`.
fn bounded(typed: &[String], file: Option<&Attachment>) -> Result<(), Refusal> {
    at_most(typed.len() as u64, TYPED_MAX as u64)?;
    match file {
        Some(file) if file.bytes > VALUES_FILE_MAX => {
            let refusal = Refusal::new("values-file-too-long", file.bytes.to_string());
            Err(refusal.remedy(VALUES_FILE_MAX.to_string()))
        }
        Some(_) | None => Ok(()),
    }
}

fn at_most(count: u64, most: u64) -> Result<(), Refusal> {
    if count <= most {
        return Ok(());
    }
    Err(Refusal::new("values-too-many", count.to_string()).remedy(most.to_string()))
}

/// The most values one question has, whatever a term says.
pub const QUESTION_MAX: u64 = 1_000_000;
/// The most values that are typed; more come as a file.
pub const TYPED_MAX: usize = 10_000;
/// The longest file of own values, in bytes: ten million of 25 bytes each.
pub const VALUES_FILE_MAX: u64 = 250_000_000;
/// The longest line of such a file, in bytes.
pub const VALUE_BYTES_MAX: usize = 1_000;
/// How many of the values both sides hold are shown; where there are more, all are in a file.
pub const HITS_SHOWN: usize = 100;
/// What a question wants to know, as forms offer it.
const WANTS: Sort = Sort::Choice("wants", Wants::CODES);
