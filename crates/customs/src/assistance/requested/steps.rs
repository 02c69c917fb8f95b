//! The single steps of a partner's request: what is weighed before each, and what follows from each.

use jiff::Timestamp;
use kernel::{CaseId, Effect, Facts, NodeId, Owed, Procedure as _, Refusal};

use super::act::{Event, Report};
use super::{Given, Requested, Stage};
use crate::agreement::{Admission, Handling};
use crate::assistance::answering::Answer;
use crate::assistance::asking::Asking;
use crate::assistance::clocks::{self, Debt};
use crate::assistance::subtask::{self, Act as SubtaskAct};
use crate::assistance::words::{AnswerKind, RefusalReason};
use crate::assistance::{dossier, given};

impl Requested {
    /// The case of a partner's request of this number.
    #[must_use]
    pub fn case_of(from: &NodeId, reference: &str) -> CaseId {
        CaseId::of(Self::NAME, format_args!("{from}-{reference}"))
    }

    /// The first arrival counts; the same request in another item is noted and starts nothing again.
    pub(super) fn arrived(
        &self,
        asking: &Asking,
        item: &CaseId,
        admission: &Admission,
        facts: &Facts<'_>,
    ) -> Vec<Event> {
        if self.item.as_ref() == Some(item) {
            return Vec::new();
        }
        if self.item.is_some() {
            return vec![Event::CameAgain { item: item.clone() }];
        }
        vec![Event::Arrived {
            asking: Box::new(asking.clone()),
            item: item.clone(),
            admission: Box::new(admission.clone()),
            at: facts.now,
            us: NodeId::new(&facts.actor.name),
        }]
    }

    fn next_place(&self) -> u32 {
        u32::try_from(self.given.len() + 1).unwrap_or(u32::MAX)
    }

    fn blank(&self, kind: AnswerKind, facts: &Facts<'_>) -> Answer {
        Answer {
            reference: format!("{}-{}", facts.case.key(), self.given.len() + 1),
            answers: self.asking.reference.clone(),
            number: facts.case.key().to_owned(),
            place: self.next_place(),
            kind: Some(kind),
            handling: self.handling(),
            ..Answer::default()
        }
    }

    pub(super) fn said(&self, kind: AnswerKind, facts: &Facts<'_>) -> Event {
        let answer = Box::new(self.blank(kind, facts));
        Event::Said { answer, at: facts.now, by: facts.actor.name.clone() }
    }

    pub(super) fn postponed(
        &self,
        reasons: &[RefusalReason],
        until: Timestamp,
        text: &str,
        facts: &Facts<'_>,
    ) -> Result<Event, Refusal> {
        with_reason(reasons, "postpone")?;
        if until <= facts.now {
            return Err(Refusal::new("until-past", until.to_string()).remedy("until"));
        }
        let blank = self.blank(AnswerKind::Postponed, facts);
        let answer = Answer { reasons: reasons.to_vec(), until: Some(until), text: text.to_owned(), ..blank };
        Ok(Event::Said { answer: Box::new(answer), at: facts.now, by: facts.actor.name.clone() })
    }

    pub(super) fn refused(
        &self,
        reasons: &[RefusalReason],
        text: &str,
        facts: &Facts<'_>,
    ) -> Result<Event, Refusal> {
        with_reason(reasons, "refuse")?;
        let blank = self.blank(AnswerKind::Refused, facts);
        let answer = Answer { reasons: reasons.to_vec(), text: text.to_owned(), ..blank };
        Ok(Event::Said { answer: Box::new(answer), at: facts.now, by: facts.actor.name.clone() })
    }

    pub(super) fn assigned(
        &self,
        unit: &str,
        task: &str,
        due: Timestamp,
        facts: &Facts<'_>,
    ) -> Result<Event, Refusal> {
        if due <= facts.now {
            return Err(Refusal::new("until-past", due.to_string()).remedy("due"));
        }
        let subtask = subtask::case_of(facts.case, self.subtasks.len() + 1);
        Ok(Event::Assigned { subtask, unit: given("unit", unit)?, task: given("task", task)?, due })
    }

    pub(super) fn reported(&self, subtask: &CaseId, report: &Report) -> Vec<Event> {
        if self.subtasks.get(subtask) == Some(&Some(report.clone())) {
            return Vec::new();
        }
        vec![Event::Reported { subtask: subtask.clone(), report: report.clone() }]
    }

    /// An answer says something; one that holds back a part says why; a final one waits for the units that were asked.
    pub(super) fn drafted(&self, answer: &Answer, facts: &Facts<'_>) -> Result<Event, Refusal> {
        let kind = answer
            .kind
            .filter(|kind| kind.tells())
            .ok_or_else(|| Refusal::new("answer-kind-missing", "answer").remedy("interim, partial, final"))?;
        let says_nothing =
            answer.text.trim().is_empty() && answer.statements.is_empty() && answer.extracts.is_empty();
        if says_nothing {
            return Err(Refusal::new("answer-empty", kind.code()).remedy("text, statements"));
        }
        if kind == AnswerKind::Partial {
            with_reason(&answer.reasons, "partial")?;
        }
        let open = self.subtasks.values().filter(|report| report.is_none()).count();
        if kind == AnswerKind::Final && open > 0 {
            return Err(Refusal::new("subtasks-open", open.to_string()).remedy("interim, partial"));
        }
        let blank = self.blank(kind, facts);
        let handling = answer.handling.max(blank.handling);
        let answer = Answer {
            reference: blank.reference,
            answers: blank.answers,
            number: blank.number,
            place: blank.place,
            handling,
            ..answer.clone()
        };
        Ok(Event::Drafted { answer: Box::new(answer), by: facts.actor.name.clone() })
    }

    pub(super) fn cleared(&self, facts: &Facts<'_>) -> Result<Event, Refusal> {
        let by = facts.actor.name.clone();
        if by == self.drafted_by {
            return Err(Refusal::new("second-person-needed", by).remedy("exchange-officer, director"));
        }
        let answer = self.drafted.clone().ok_or_else(|| Refusal::new("answer-empty", "clear"))?;
        Ok(Event::Cleared { answer: Box::new(answer), by, at: facts.now })
    }

    pub(super) fn give(&mut self, answer: &Answer, by: &str, at: Timestamp) {
        let kind = answer.kind.unwrap_or(AnswerKind::Acknowledged);
        self.stage = Some(match kind {
            AnswerKind::Acknowledged => Stage::Acknowledged,
            AnswerKind::Accepted => Stage::Accepted,
            AnswerKind::Postponed => Stage::Postponed,
            AnswerKind::Partial | AnswerKind::Final if self.result.is_some() => Stage::ResultHeard,
            AnswerKind::Partial | AnswerKind::Final => Stage::Answered,
            AnswerKind::Interim if self.is_answered() => self.before.unwrap_or(Stage::Answered),
            AnswerKind::Interim => Stage::Interim,
            AnswerKind::Refused => Stage::Refused,
        });
        self.until = answer.until.or(self.until);
        self.given.push(Given { answer: answer.clone(), cleared_by: by.to_owned(), at });
    }

    /// The strictest of what the term and the request ask for.
    pub(super) fn handling(&self) -> Option<Handling> {
        let term = self.admission.as_ref().map(|admission| admission.term.handling);
        self.asking.handling.max(term)
    }

    /// Whether nothing more was to come after one of the answers.
    fn is_answered(&self) -> bool {
        self.given.iter().any(|given| given.answer.kind.is_some_and(AnswerKind::settles))
    }

    /// We owe: as long as the request stands, to its sender, under its term.
    fn debt<'a>(&'a self, about: &'a CaseId) -> Option<Debt<'a>> {
        let admission = self.admission.as_ref()?;
        Some(Debt { by: &self.us, to: &self.partner, about, admission })
    }

    pub(super) fn clocks_started(&self, facts: &Facts<'_>) -> Vec<Effect> {
        // A request that was withdrawn before it came starts nothing.
        let wanted = self.debt(facts.case).filter(|_| self.recalled.is_empty());
        let Some(debt) = wanted else { return Vec::new() };
        let mut effects = clocks::start(&debt, facts.now, self.asking.needed_by);
        effects.extend(dossier::mention(&self.asking.subjects, facts.case));
        effects
    }

    /// An answer goes out, and what it meets is met.
    pub(super) fn sent(&self, answer: &Answer, facts: &Facts<'_>) -> Vec<Effect> {
        let kind = answer.kind.unwrap_or(AnswerKind::Acknowledged);
        let mut effects =
            vec![Effect::send(self.partner.clone(), "assistance-answer", answer, facts.case.clone())];
        effects.extend(clocks::meet(kind, facts.case, facts.case));
        let Some(debt) = self.debt(facts.case) else { return effects };
        let kinds = self.given.iter().map(|given| given.answer.kind);
        effects.extend(answer.until.and_then(|until| clocks::postponed(kinds, &debt, until)));
        if kind.settles() && kind.tells() {
            let theirs = Debt { by: &self.partner, to: &self.us, ..debt };
            effects.extend(theirs.open("result", clocks::RESULT, facts.now));
        }
        effects
    }

    pub(super) fn subtask_opened(
        &self,
        subtask: &CaseId,
        (unit, task): (&str, &str),
        due: Timestamp,
        facts: &Facts<'_>,
    ) -> Vec<Effect> {
        let open = SubtaskAct::Open {
            parent: facts.case.clone(),
            unit: unit.to_owned(),
            task: task.to_owned(),
            due,
            subjects: self.asking.subjects.clone(),
            handling: self.handling(),
        };
        let mut effects = vec![Effect::act(subtask.clone(), &open)];
        if let Some(debt) = self.debt(subtask) {
            let within = Debt { by: &self.us, to: &self.us, ..debt };
            effects.push(within.owed(subtask::REPORT, due).open());
        }
        effects
    }

    pub(super) fn result_here(&self, item: &CaseId, facts: &Facts<'_>) -> Vec<Effect> {
        vec![Owed::meet(clocks::RESULT, facts.case, item.clone())]
    }

    /// Nobody owes anything any more, and the units at home are told.
    pub(super) fn after_recall(&self, facts: &Facts<'_>) -> Vec<Effect> {
        let mut effects = clocks::lapse(facts.case, "recalled");
        effects.push(Owed::lapse(clocks::RESULT, facts.case, "recalled"));
        for subtask in self.subtasks.keys() {
            effects.push(Effect::act(subtask.clone(), &SubtaskAct::CallOff));
        }
        effects
    }
}

/// Read access for pages and figures.
impl Requested {
    /// What is asked.
    #[must_use]
    pub const fn asking(&self) -> &Asking {
        &self.asking
    }

    /// Who asks.
    #[must_use]
    pub const fn partner(&self) -> &NodeId {
        &self.partner
    }

    /// The received item.
    #[must_use]
    pub const fn item(&self) -> Option<&CaseId> {
        self.item.as_ref()
    }

    /// What we answered, in order, with its moment.
    pub fn answers(&self) -> impl Iterator<Item = (&Answer, Timestamp)> {
        self.given.iter().map(|given| (&given.answer, given.at))
    }

    /// The answer that waits for a second person.
    #[must_use]
    pub const fn waiting(&self) -> Option<&Answer> {
        self.drafted.as_ref()
    }

    /// What units at home were asked, and what they reported.
    pub fn subtasks(&self) -> impl Iterator<Item = (&CaseId, Option<&Report>)> {
        self.subtasks.iter().map(|(case, report)| (case, report.as_ref()))
    }

    /// The other cases about the same subjects.
    #[must_use]
    pub fn parallel(&self) -> &[CaseId] {
        &self.parallel
    }
}

impl Stage {
    /// Whether we owe nothing more.
    pub(super) const fn is_settled(self) -> bool {
        matches!(self, Self::Answered | Self::Refused | Self::ResultHeard | Self::Recalled)
    }
}

fn with_reason(reasons: &[RefusalReason], act: &str) -> Result<(), Refusal> {
    if reasons.is_empty() {
        return Err(Refusal::new("reason-missing", act).remedy(RefusalReason::CODES.join(", ")));
    }
    Ok(())
}
