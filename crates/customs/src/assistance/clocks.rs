//! The clocks of a request, each from the agreement's term: acknowledgement, interim answer, the legal and the agreed clock
//! for the answer, and the operational clock the requester set by what is at stake. They run side by side.

use jiff::Timestamp;
use kernel::{CaseId, Effect, NodeId, Owed};

use super::words::AnswerKind;
use crate::agreement::Admission;

/// Who owes whom, about which case.
#[derive(Clone, Copy, Debug)]
pub struct Debt<'a> {
    /// Who owes.
    pub by: &'a NodeId,
    /// To whom.
    pub to: &'a NodeId,
    /// About which case.
    pub about: &'a CaseId,
    /// Under which term.
    pub admission: &'a Admission,
}

impl Debt<'_> {
    /// The obligation to do `what` by `due`.
    #[must_use]
    pub fn owed(&self, what: &str, due: Timestamp) -> Owed {
        Owed {
            by: self.by.clone(),
            to: self.to.clone(),
            what: what.to_owned(),
            about: self.about.clone(),
            source: self.admission.cite(),
            due,
            escalation: self.admission.term.steps(),
        }
    }

    /// The effect that opens the obligation `what` by the term's clock of this name from `start`; nothing where the term
    /// has no such clock.
    #[must_use]
    pub fn open(&self, clock: &str, what: &str, start: Timestamp) -> Option<Effect> {
        let due = self.admission.term.clock(clock)?.after(start);
        Some(self.owed(what, due).open())
    }
}

/// Opens every clock a request starts.
#[must_use]
pub(super) fn start(debt: &Debt<'_>, start: Timestamp, needed_by: Option<Timestamp>) -> Vec<Effect> {
    let mut effects: Vec<Effect> =
        CLOCKS.iter().filter_map(|(clock, what)| debt.open(clock, what, start)).collect();
    effects.extend(needed_by.map(|due| debt.owed(OPERATIONAL, due).open()));
    effects
}

/// What an answer of this kind meets.
#[must_use]
pub(super) fn meet(kind: AnswerKind, about: &CaseId, evidence: &CaseId) -> Vec<Effect> {
    let met: &[&str] = match kind {
        AnswerKind::Acknowledged | AnswerKind::Accepted => &[ACKNOWLEDGE],
        AnswerKind::Postponed | AnswerKind::Interim => &[ACKNOWLEDGE, INTERIM],
        AnswerKind::Partial | AnswerKind::Final | AnswerKind::Refused => &ALL,
    };
    met.iter().map(|what| Owed::meet(what, about, evidence.clone())).collect()
}

/// The day an answer was put off to, where the answer last given or heard does so: a first day is owed from now on, a
/// later one moves it. Nothing where the request was answered all the same.
#[must_use]
pub(super) fn postponed(
    kinds: impl Iterator<Item = Option<AnswerKind>>,
    debt: &Debt<'_>,
    until: Timestamp,
) -> Option<Effect> {
    let kinds: Vec<AnswerKind> = kinds.flatten().collect();
    let put_off = |kind: &&AnswerKind| **kind == AnswerKind::Postponed;
    if kinds.last() != Some(&AnswerKind::Postponed) || kinds.iter().any(|kind| kind.settles()) {
        return None;
    }
    Some(match kinds.iter().filter(put_off).count() {
        1 => debt.owed(POSTPONED, until).open(),
        _ => Owed::postpone(POSTPONED, debt.about, until, "postponed again"),
    })
}

/// Ends every clock of a request that is no longer wanted.
#[must_use]
pub(super) fn lapse(about: &CaseId, reason: &str) -> Vec<Effect> {
    ALL.iter().map(|what| Owed::lapse(what, about, reason)).collect()
}

/// The acknowledgement.
pub const ACKNOWLEDGE: &str = "acknowledge-request";
/// The first thing said of the matter.
pub const INTERIM: &str = "interim-reply";
/// The answer, by the agreement's own clock.
pub const LEGAL: &str = "reply-legal";
/// The answer, by the clock the focal points agreed.
pub const AGREED: &str = "reply-agreed";
/// The answer, by what is at stake.
pub const OPERATIONAL: &str = "reply-operational";
/// The answer, by the day its postponement named.
pub const POSTPONED: &str = "reply-postponed";
/// What came of an answer.
pub const RESULT: &str = "result-of-reply";

/// The destruction of what was told.
pub(super) const DESTROY: &str = "destroy-reply";

const CLOCKS: [(&str, &str); 4] =
    [("acknowledge", ACKNOWLEDGE), ("interim", INTERIM), ("reply", LEGAL), ("agreed", AGREED)];
const ALL: [&str; 6] = [ACKNOWLEDGE, INTERIM, LEGAL, AGREED, OPERATIONAL, POSTPONED];
