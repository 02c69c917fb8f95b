//! The single steps of our request: what is weighed before each, and what follows from each.

use jiff::Timestamp;
use kernel::{CaseId, Effect, Facts, NodeId, Owed, Refusal};

use super::act::{Act, Event, Heard, Sent, Use};
use super::{Request, Stage};
use crate::agreement::{Admission, Handling, ReceivedAct, admit};
use crate::assistance::answering::{Answer, On, Recall, ResultTold};
use crate::assistance::asking::{self, Asking};
use crate::assistance::clocks::{self, Debt};
use crate::assistance::ending::{Ended, KEEP_OVER};
use crate::assistance::given;
use crate::assistance::words::AnswerKind;
use crate::declaration::Remark;
use crate::terms::Purpose;

impl Request {
    /// The text as it would go: our own number is the case's key, own checks stay where they were written down.
    pub(super) fn drafted(&self, asking: &Asking, facts: &Facts<'_>) -> Result<Box<Asking>, Refusal> {
        let mut asking = asking.clone();
        asking.reference = facts.case.key().to_owned();
        if asking.own_checks.trim().is_empty() {
            asking.own_checks.clone_from(&self.asking.own_checks);
        }
        if asking.subjects.is_empty() {
            asking.subjects.clone_from(&self.asking.subjects);
        }
        if asking.statements.is_empty() {
            asking.statements.clone_from(&self.asking.statements);
        }
        if asking.evidence.is_empty() {
            asking.evidence.clone_from(&self.asking.evidence);
        }
        let missing = asking.missing();
        if !missing.is_empty() {
            return Err(Refusal::new("contents-missing", missing.join(", ")).remedy(missing[0]));
        }
        if asking.needed_by.is_some_and(|by| by <= facts.now) {
            return Err(Refusal::new("needed-by-past", facts.now.to_string()).remedy("needed-by"));
        }
        Ok(Box::new(asking))
    }

    pub(super) fn cleared(&self, by: String) -> Result<Event, Refusal> {
        if by == self.drafted_by {
            return Err(Refusal::new("second-person-needed", by).remedy("exchange-officer, director"));
        }
        Ok(Event::Cleared { by })
    }

    /// Out, where a live term lets it; else kept, with the reason.
    pub(super) fn dispatched(&self, facts: &Facts<'_>) -> Event {
        let us = NodeId::new(&facts.actor.name);
        match admit(facts.books, self.asking.matter().kind(), &us, &self.partner, facts.day()) {
            Ok(admission) => Event::Dispatched { sent: Box::new(Sent { us, admission, at: facts.now }) },
            Err(refusal) => Event::HeldBack { refusal },
        }
    }

    pub(super) fn heard(&self, heard: Heard, from: &NodeId, admission: &Admission) -> Result<Event, Refusal> {
        if *from != self.partner {
            return Err(Refusal::new("not-the-partner-asked", from.as_str()).remedy(self.partner.as_str()));
        }
        let keep_until = admission.term.keep.after(heard.at);
        Ok(Event::AnswerHeard { heard: Box::new(heard), keep_until })
    }

    /// An answer is used for what the request said it would be, and no other purpose.
    pub(super) fn used(&self, purpose: Purpose, what: &str, facts: &Facts<'_>) -> Result<Event, Refusal> {
        if self.asking.purpose != Some(purpose) {
            let asked = self.asking.purpose.map_or("", Purpose::code);
            return Err(Refusal::new("purpose-not-allowed", purpose.code()).remedy(asked));
        }
        let what = given("what", what)?;
        Ok(Event::Used { used: Use { purpose, what, by: facts.actor.name.clone(), at: facts.now } })
    }

    /// Keeps an answer in its place among the others: answers may overtake each other on their way.
    pub(super) fn keep(&mut self, mut heard: Heard) {
        if heard.answer.place == 0 {
            heard.answer.place = self.heard.last().map_or(0, |last| last.answer.place) + 1;
        }
        let after = |known: &Heard| known.answer.place <= heard.answer.place;
        let place = self.heard.partition_point(after);
        self.heard.insert(place, heard);
    }

    /// Where the answers leave the case, taken in the order they were given: one that comes late or again moves it back
    /// nowhere.
    pub(super) fn stage_after_answer(&self) -> Option<Stage> {
        let ended = [Stage::Judged, Stage::Told, Stage::Recalled, Stage::Destroyed];
        if self.stage.is_some_and(|stage| ended.contains(&stage)) {
            return self.stage;
        }
        let last = |of: fn(AnswerKind) -> bool| {
            self.heard.iter().filter_map(|heard| heard.answer.kind).rfind(|kind| of(*kind))
        };
        // An acknowledgement or acceptance comes before all else, whenever it gets here.
        let said = |kind| matches!(kind, AnswerKind::Postponed | AnswerKind::Interim);
        let kind = last(AnswerKind::settles)
            .or_else(|| last(said))
            .or_else(|| last(|kind| kind == AnswerKind::Accepted))
            .or_else(|| last(|_| true));
        kind.map(Stage::after).or(self.stage)
    }

    /// When the request was settled: by the first answer after which nothing more was to come.
    pub(super) fn settled(&self) -> Option<Timestamp> {
        let settling = |heard: &&Heard| heard.answer.kind.is_some_and(AnswerKind::settles);
        self.heard.iter().filter(settling).map(|heard| heard.at).min()
    }

    /// The strictest handling anything in the case asks for.
    pub(super) fn handling(&self) -> Option<Handling> {
        let answers = self.heard.iter().filter_map(|heard| heard.answer.handling);
        let term = self.sent.as_ref().map(|sent| sent.admission.term.handling);
        answers.chain(self.asking.handling).chain(term).max()
    }

    pub(super) fn on_the_way(&self, sent: &Sent, facts: &Facts<'_>) -> Vec<Effect> {
        let debt = Debt { by: &self.partner, to: &sent.us, about: facts.case, admission: &sent.admission };
        let mut effects = vec![asking::send(&self.asking, &self.partner, facts.case)];
        effects.extend(clocks::start(&debt, sent.at, self.asking.needed_by));
        effects
    }

    pub(super) fn after_answer(
        &self,
        heard: &Heard,
        keep_until: Timestamp,
        facts: &Facts<'_>,
    ) -> Vec<Effect> {
        let Some(sent) = &self.sent else { return Vec::new() };
        let kind = heard.answer.kind.unwrap_or(AnswerKind::Acknowledged);
        let mut effects = clocks::meet(kind, facts.case, &heard.item);
        if kind.tells() {
            effects.push(Effect::wake(KEEP_OVER, keep_until, &Act::KeepOver));
        }
        let theirs = Debt { by: &self.partner, to: &sent.us, about: facts.case, admission: &sent.admission };
        let kinds = self.heard.iter().map(|heard| heard.answer.kind);
        effects.extend(heard.answer.until.and_then(|until| clocks::postponed(kinds, &theirs, until)));
        if kind.settles() && kind.tells() && self.stage != Some(Stage::Recalled) {
            let ours = Debt { by: &sent.us, to: &self.partner, ..theirs };
            effects.extend(ours.open("result", clocks::RESULT, heard.at));
        }
        effects
    }

    /// The giver's item climbs: a decision rested on what it says.
    pub(super) fn told_used(&self, used: &Use, facts: &Facts<'_>) -> Vec<Effect> {
        let last = self.heard.iter().rev().find(|heard| heard.answer.kind.is_some_and(AnswerKind::tells));
        let remark =
            Remark { code: "used".into(), pointer: String::new(), text: used.purpose.code().to_owned() };
        let act = ReceivedAct::ActOn { decision: facts.case.clone(), remarks: vec![remark] };
        last.map(|heard| Effect::act(heard.item.clone(), &act)).into_iter().collect()
    }

    pub(super) fn result_told(
        &self,
        result: &str,
        destroyed: Option<Timestamp>,
        facts: &Facts<'_>,
    ) -> Vec<Effect> {
        let key = facts.case.key();
        let told = ResultTold {
            reference: format!("{key}-{}", if destroyed.is_some() { "destroyed" } else { "result" }),
            of: key.to_owned(),
            on: On::Request,
            usefulness: self.usefulness,
            result: result.to_owned(),
            uses: u32::try_from(self.uses.len()).unwrap_or(u32::MAX),
            destroyed,
        };
        vec![
            Effect::send(self.partner.clone(), "assistance-result", &told, facts.case.clone()),
            Owed::meet(clocks::RESULT, facts.case, facts.case.clone()),
        ]
    }

    /// What was on its way is called back, and nobody waits any more.
    pub(super) fn after_recall(&self, reason: &str, facts: &Facts<'_>) -> Vec<Effect> {
        if self.sent.is_none() {
            return Vec::new();
        }
        let key = facts.case.key();
        let recall =
            Recall { reference: format!("{key}-recall"), recalls: key.to_owned(), reason: reason.to_owned() };
        let mut effects = clocks::lapse(facts.case, "recalled");
        effects.push(Effect::send(self.partner.clone(), "assistance-recall", &recall, facts.case.clone()));
        effects
    }

    /// The bytes of every answer that told something go.
    pub(super) fn orders(&self, protocol: &str, by: &str, facts: &Facts<'_>) -> Vec<Effect> {
        let Some(debt) = self.ours(facts) else { return Vec::new() };
        let told = self.heard.iter().filter(|heard| heard.answer.kind.is_some_and(AnswerKind::tells));
        let ended = |heard: &Heard| {
            debt.destroy(&Ended { item: &heard.item, reference: &heard.answer.reference, protocol, by })
        };
        told.map(ended).collect()
    }

    /// What we owe them under the term the request went by; `None` before it went.
    pub(super) fn ours<'a>(&'a self, facts: &Facts<'a>) -> Option<Debt<'a>> {
        let sent = self.sent.as_ref()?;
        Some(Debt { by: &sent.us, to: &self.partner, about: facts.case, admission: &sent.admission })
    }
}

/// What stays of an answer when it is destroyed: which it was, what kind, and how it had to be handled.
pub(super) fn stripped(answer: &Answer) -> Answer {
    Answer {
        statements: Vec::new(),
        extracts: Vec::new(),
        text: String::new(),
        conditions: String::new(),
        evidence: Vec::new(),
        ..answer.clone()
    }
}

impl Stage {
    /// Where an answer of this kind leaves a request.
    const fn after(kind: AnswerKind) -> Self {
        match kind {
            AnswerKind::Acknowledged => Self::Acknowledged,
            AnswerKind::Accepted => Self::Accepted,
            AnswerKind::Postponed => Self::Postponed,
            AnswerKind::Interim => Self::Interim,
            AnswerKind::Partial | AnswerKind::Final => Self::Answered,
            AnswerKind::Refused => Self::Refused,
        }
    }

    /// Whether the partner's answer is still waited for.
    pub(super) const fn waits(self) -> bool {
        matches!(self, Self::Sent | Self::Acknowledged | Self::Accepted | Self::Postponed | Self::Interim)
    }
}

/// Read access for pages and figures.
impl Request {
    /// What is asked.
    #[must_use]
    pub const fn asking(&self) -> &Asking {
        &self.asking
    }

    /// The partner asked.
    #[must_use]
    pub const fn partner(&self) -> &NodeId {
        &self.partner
    }

    /// What came back.
    #[must_use]
    pub fn answers(&self) -> &[Heard] {
        &self.heard
    }

    /// How it went out; `None` before.
    #[must_use]
    pub const fn sent(&self) -> Option<&Sent> {
        self.sent.as_ref()
    }

    /// The uses made of what was answered.
    #[must_use]
    pub fn uses(&self) -> &[Use] {
        &self.uses
    }

    /// The case it is born of.
    #[must_use]
    pub const fn born_of(&self) -> Option<&CaseId> {
        self.born_of.as_ref()
    }

    /// The other cases about the same subjects.
    #[must_use]
    pub fn parallel(&self) -> &[CaseId] {
        &self.parallel
    }
}
