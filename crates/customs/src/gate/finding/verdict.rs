//! The verdict of an officer, the second person it needs where it dismisses what a partner said of money at stake,
//! and what the giver hears of it.

use kernel::{CaseId, Effect, Facts, Refusal, Severity};
use serde::{Deserialize, Serialize};

use super::{Event, Finding, Stage};
use crate::agreement::ReceivedAct;
use crate::declaration::Remark;
use crate::terms::Verdict;

/// The reason codes an officer picks from, by verdict; every screen and the command line offer these.
pub const REASONS: &[(Verdict, &[&str])] = &[
    (
        Verdict::Confirmed,
        &["counted-short", "counted-over", "other-goods", "false-origin", "other-consignee"],
    ),
    (Verdict::Mistake, &["keying-error", "unit-error", "code-chosen-wrongly"]),
    (Verdict::Innocent, &["split-lot", "measured-differently", "re-exported-part", "agreed-change"]),
    (Verdict::WrongLink, &["not-the-same-goods"]),
    (Verdict::Unresolved, &["no-access", "papers-missing"]),
];

/// All reason codes of all verdicts, as the form offers them.
pub(super) const REASON_CODES: &[&str] = &[
    "counted-short",
    "counted-over",
    "other-goods",
    "false-origin",
    "other-consignee",
    "keying-error",
    "unit-error",
    "code-chosen-wrongly",
    "split-lot",
    "measured-differently",
    "re-exported-part",
    "agreed-change",
    "not-the-same-goods",
    "no-access",
    "papers-missing",
];

/// A verdict that dismisses what a partner said of money at stake: it holds once a second person agrees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, as a code.
    pub reason: String,
    /// More, in words.
    pub note: String,
    /// Whose.
    pub by: String,
}

impl Finding {
    /// A verdict that dismisses a difference of money at stake waits for a second person; all others hold at once.
    pub(super) fn decided(
        &self,
        (verdict, reason, note): (Verdict, &str, &str),
        facts: &Facts<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        known_reason(verdict, reason)?;
        let (reason, note) = (reason.to_owned(), note.trim().to_owned());
        let grave = self.difference.as_ref().is_some_and(|difference| difference.severity >= Severity::Error);
        Ok(vec![if grave && dismisses(verdict) && self.stage != Some(Stage::Explained) {
            let by = facts.actor.name.clone();
            Event::Proposed { proposed: Proposed { verdict, reason, note, by } }
        } else {
            Event::Decided { verdict, reason, note }
        }])
    }

    pub(super) fn confirmed(&self, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let Proposed { verdict, reason, note, .. } = self.second(facts)?.clone();
        let by = facts.actor.name.clone();
        Ok(vec![Event::Confirmed { by }, Event::Decided { verdict, reason, note }])
    }

    /// What is proposed, where whoever acts is not the one who proposed it.
    pub(super) fn second(&self, facts: &Facts<'_>) -> Result<&Proposed, Refusal> {
        let proposed =
            self.proposed.as_ref().ok_or_else(|| Refusal::new("nothing-proposed", facts.case.as_str()))?;
        if proposed.by == facts.actor.name {
            return Err(
                Refusal::new("second-person-needed", proposed.by.clone()).remedy("gate-officer, analyst")
            );
        }
        Ok(proposed)
    }

    /// The giver is to hear the verdict.
    pub(super) fn result(&self, verdict: Verdict, reason: &str, item: &CaseId, facts: &Facts<'_>) -> Effect {
        let (code, item_no) = self
            .difference
            .as_ref()
            .map_or(("", 0), |difference| (difference.code.as_str(), difference.item_no));
        let remark = Remark {
            code: code.to_owned(),
            pointer: if item_no == 0 { String::new() } else { item_no.to_string() },
            text: format!("{verdict} {reason}"),
        };
        Effect::act(item.clone(), &ReceivedAct::ActOn { decision: facts.case.clone(), remarks: vec![remark] })
    }
}

/// Whether a verdict says that what the partner said needs no more attention.
const fn dismisses(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Mistake | Verdict::Innocent | Verdict::WrongLink)
}

fn known_reason(verdict: Verdict, reason: &str) -> Result<(), Refusal> {
    let known: Vec<_> =
        REASONS.iter().filter(|(of, _)| *of == verdict).flat_map(|(_, reasons)| reasons.iter()).collect();
    if !known.iter().any(|code| **code == reason) {
        let remedy: Vec<_> = known.into_iter().copied().collect();
        return Err(Refusal::new("reason-unknown", format!("{verdict} {reason}")).remedy(remedy.join(", ")));
    }
    Ok(())
}
