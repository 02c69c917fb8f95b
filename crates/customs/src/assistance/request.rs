//! Our request to a partner, from the need noticed to the answer destroyed.

mod act;
mod steps;

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, NodeId, Offer, Owed, Procedure, Reference, Refusal, Role, Severity,
    Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::asking::Asking;
use super::ending::{KEEP, KEEP_OVER};
use super::forms::{ASKING, EXTRACT};
use super::words::{Matter, SUBJECT, Subject, Usefulness};
use super::{alert, dossier, given};
use crate::macros::stages;
use crate::roles::{ANALYST, DIRECTOR, EXCHANGE, REVIEWER};
use crate::terms::Purpose;

pub use act::{Act, Event, Heard, Sent, Use};

/// One request of ours.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Request {
    stage: Option<Stage>,
    partner: NodeId,
    born_of: Option<CaseId>,
    need: String,
    noticed_by: String,
    asking: Asking,
    drafted_by: String,
    cleared_by: String,
    sent: Option<Sent>,
    refused_to_go: Option<Refusal>,
    delivery: Option<CaseId>,
    heard: Vec<Heard>,
    until: Option<Timestamp>,
    usefulness: Option<Usefulness>,
    note: String,
    uses: Vec<Use>,
    extracts: u32,
    result: String,
    parallel: Vec<CaseId>,
    keep_until: Option<Timestamp>,
    reason: String,
}

stages! {
    /// Somebody sees that only the partner can tell.
    Need = "need",
    /// Our own checks are done and written down.
    Checked = "checked",
    /// The text stands.
    Drafted = "drafted",
    /// A second person let it go.
    Cleared = "cleared",
    /// No live term lets it go; it waits.
    Kept = "kept",
    /// On its way, or there.
    Sent = "sent",
    /// The partner has a number for it.
    Acknowledged = "acknowledged",
    /// The partner will answer.
    Accepted = "accepted",
    /// The partner will answer later.
    Postponed = "postponed",
    /// Part of the answer is here.
    Interim = "interim",
    /// The answer is here.
    Answered = "answered",
    /// The partner refuses.
    Refused = "refused",
    /// We said how useful it was.
    Judged = "judged",
    /// The partner knows what came of it.
    Told = "told",
    /// We no longer want it.
    Recalled = "recalled",
    /// What was answered is gone.
    Destroyed = "destroyed",
}

const OWN: &str = "own practice: the need, then our own checks";
const TFA: &str = "WTO TFA 12.3, 12.4: own verification and contents of a request";
const SECOND: &str = "own practice: disclosure is cleared by a second person";
const DOOR: &str = "the term for its kind, direction and day; none, no exit";
const EXECUTION: &str = "model bilateral agreement, execution of requests";
const USE: &str = "model bilateral agreement, use of information: the stated purpose only, each use logged";

impl Procedure for Request {
    const NAME: &'static str = "request";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("notice", ANALYST, OWN),
        Offer::opening("notice", EXCHANGE, OWN),
        Offer::opening("notice", Role::NODE, "a finding asks for it"),
        Offer::at(Stage::Need, "check", ANALYST, TFA),
        Offer::at(Stage::Need, "check", EXCHANGE, TFA),
        Offer::at(Stage::Need, "recall", EXCHANGE, OWN),
        Offer::at(Stage::Checked, "draft", EXCHANGE, TFA),
        Offer::at(Stage::Checked, "recall", EXCHANGE, OWN),
        Offer::at(Stage::Drafted, "draft", EXCHANGE, TFA),
        Offer::at(Stage::Drafted, "clear", EXCHANGE, SECOND),
        Offer::at(Stage::Drafted, "clear", DIRECTOR, SECOND),
        Offer::at(Stage::Drafted, "return", EXCHANGE, SECOND),
        Offer::at(Stage::Drafted, "return", DIRECTOR, SECOND),
        Offer::at(Stage::Drafted, "recall", EXCHANGE, OWN),
        Offer::at(Stage::Cleared, "dispatch", Role::NODE, DOOR),
        Offer::at(Stage::Kept, "dispatch", Role::NODE, DOOR),
        Offer::at(Stage::Kept, "retry", EXCHANGE, DOOR),
        Offer::at(Stage::Kept, "recall", EXCHANGE, OWN),
        Offer::at(Stage::Sent, "deliver", Role::NODE, "the partner's signed receipt"),
        Offer::at(Stage::Sent, "fail", Role::NODE, "the term's delivery schedule"),
        Offer::at(Stage::Sent, "hear", Role::NODE, EXECUTION),
        Offer::at(Stage::Sent, "recall", EXCHANGE, OWN),
        Offer::at(Stage::Acknowledged, "deliver", Role::NODE, "the partner's signed receipt"),
        Offer::at(Stage::Acknowledged, "hear", Role::NODE, EXECUTION),
        Offer::at(Stage::Acknowledged, "recall", EXCHANGE, OWN),
        Offer::at(Stage::Accepted, "hear", Role::NODE, EXECUTION),
        Offer::at(Stage::Accepted, "recall", EXCHANGE, OWN),
        Offer::at(Stage::Postponed, "hear", Role::NODE, EXECUTION),
        Offer::at(Stage::Postponed, "recall", EXCHANGE, OWN),
        Offer::at(Stage::Postponed, "keep-over", Role::NODE, KEEP),
        Offer::at(Stage::Postponed, "destroy", EXCHANGE, KEEP),
        Offer::at(Stage::Interim, "hear", Role::NODE, EXECUTION),
        Offer::at(Stage::Interim, "use", EXCHANGE, USE),
        Offer::at(Stage::Interim, "use", ANALYST, USE),
        Offer::at(
            Stage::Interim,
            "extract",
            EXCHANGE,
            "own practice: the gate hears what to look for, not from whom",
        ),
        Offer::at(Stage::Interim, "recall", EXCHANGE, OWN),
        Offer::at(Stage::Interim, "keep-over", Role::NODE, KEEP),
        Offer::at(Stage::Interim, "destroy", EXCHANGE, KEEP),
        Offer::at(Stage::Answered, "hear", Role::NODE, EXECUTION),
        Offer::at(Stage::Answered, "use", EXCHANGE, USE),
        Offer::at(Stage::Answered, "use", ANALYST, USE),
        Offer::at(
            Stage::Answered,
            "extract",
            EXCHANGE,
            "own practice: the gate hears what to look for, not from whom",
        ),
        Offer::at(Stage::Answered, "judge", EXCHANGE, USE),
        Offer::at(Stage::Answered, "judge", ANALYST, USE),
        Offer::at(Stage::Answered, "keep-over", Role::NODE, KEEP),
        Offer::at(Stage::Answered, "destroy", EXCHANGE, KEEP),
        Offer::at(Stage::Refused, "hear", Role::NODE, EXECUTION),
        Offer::at(Stage::Judged, "use", EXCHANGE, USE),
        Offer::at(Stage::Judged, "use", ANALYST, USE),
        Offer::at(
            Stage::Judged,
            "extract",
            EXCHANGE,
            "own practice: the gate hears what to look for, not from whom",
        ),
        Offer::at(Stage::Judged, "judge", EXCHANGE, USE),
        Offer::at(Stage::Judged, "hear", Role::NODE, EXECUTION),
        Offer::at(Stage::Judged, "tell-result", EXCHANGE, "the giver is told on request what was decided"),
        Offer::at(Stage::Judged, "keep-over", Role::NODE, KEEP),
        Offer::at(Stage::Judged, "destroy", EXCHANGE, KEEP),
        Offer::at(Stage::Told, "use", EXCHANGE, USE),
        Offer::at(Stage::Told, "use", ANALYST, USE),
        Offer::at(
            Stage::Told,
            "extract",
            EXCHANGE,
            "own practice: the gate hears what to look for, not from whom",
        ),
        Offer::at(Stage::Told, "tell-result", EXCHANGE, "the giver is told on request what was decided"),
        Offer::at(Stage::Told, "hear", Role::NODE, EXECUTION),
        Offer::at(Stage::Told, "keep-over", Role::NODE, KEEP),
        Offer::at(Stage::Told, "destroy", EXCHANGE, KEEP),
        Offer::at(Stage::Recalled, "hear", Role::NODE, "an answer that crossed the withdrawal is kept"),
        Offer::at(Stage::Recalled, "keep-over", Role::NODE, KEEP),
        Offer::at(Stage::Recalled, "destroy", EXCHANGE, KEEP),
        Offer::at(Stage::Refused, "keep-over", Role::NODE, KEEP),
        Offer::at(Stage::Refused, "destroy", EXCHANGE, KEEP),
        Offer::at(
            Stage::Destroyed,
            "hear",
            Role::NODE,
            "an answer that came after is kept, and destroyed in its turn",
        ),
        Offer::at(Stage::Destroyed, "keep-over", Role::NODE, KEEP),
        Offer::at(Stage::Destroyed, "destroy", EXCHANGE, KEEP),
        Offer::at(Stage::Need, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Checked, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Drafted, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Cleared, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Kept, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Sent, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Acknowledged, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Accepted, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Postponed, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Interim, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Answered, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Judged, "note-parallel", Role::NODE, dossier::BASIS),
    ];

    const FORMS: &'static [Form] = &[
        Form::of(
            "notice",
            &[
                Field::needed("partner", Sort::Partner),
                Field::needed("need", Sort::LongText(2_000)),
                Field::needed("asking.matter", Sort::Choice("matter", Matter::CODES)),
                Field::optional("asking.subjects", Sort::Lines(SUBJECT)),
            ],
        ),
        Form::of("check", &[Field::needed("own_checks", Sort::LongText(4_000))]),
        Form::of("draft", ASKING),
        Form::of("return", &[Field::needed("reason", Sort::Text(300))]),
        Form::of("use", &[Field::needed("purpose", Purpose::SORT), Field::needed("what", Sort::Text(300))]),
        Form::of("extract", EXTRACT),
        Form::of(
            "judge",
            &[
                Field::needed("usefulness", Sort::Choice("usefulness", Usefulness::CODES)),
                Field::optional("note", Sort::LongText(1_000)),
            ],
        ),
        Form::of("tell-result", &[Field::needed("result", Sort::LongText(2_000))]),
        Form::of("recall", &[Field::needed("reason", Sort::Text(300))]),
        Form::of("destroy", &[Field::needed("protocol", Sort::LongText(1_000))]),
    ];
    const READERS: &'static [Role] = &[REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let by = || facts.actor.name.clone();
        Ok(match act {
            Act::Notice { partner, born_of, need, asking } => {
                let (partner, born_of, asking) = (partner.clone(), born_of.clone(), asking.clone());
                vec![Event::Noticed { partner, born_of, need: given("need", need)?, asking, by: by() }]
            }
            Act::Check { own_checks } => {
                vec![Event::Checked { own_checks: given("own-checks", own_checks)? }]
            }
            Act::Draft { asking } => vec![Event::Drafted { asking: self.drafted(asking, facts)?, by: by() }],
            Act::Clear => vec![self.cleared(by())?],
            Act::Return { reason } => vec![Event::Returned { reason: given("reason", reason)? }],
            Act::Dispatch | Act::Retry => vec![self.dispatched(facts)],
            Act::Deliver { .. } if self.delivery.is_some() => Vec::new(),
            Act::Deliver { evidence } => vec![Event::Delivered { evidence: evidence.clone() }],
            Act::Fail { evidence } => vec![Event::Undelivered { evidence: evidence.clone() }],
            Act::Hear { item, .. } if self.heard.iter().any(|heard| heard.item == *item) => Vec::new(),
            Act::Hear { answer, item, from, admission } => {
                vec![self.heard(
                    Heard { answer: (**answer).clone(), item: item.clone(), at: facts.now },
                    from,
                    admission,
                )?]
            }
            Act::Use { purpose, what } => vec![self.used(*purpose, what, facts)?],
            Act::Extract { subject, text, until } => {
                let alert = alert::case_of(facts.case, self.extracts + 1);
                let (subject, text) = (subject.clone(), given("text", text)?);
                vec![Event::Extracted { alert, subject, text, until: *until }]
            }
            Act::Judge { usefulness, note } => {
                vec![Event::Judged { usefulness: *usefulness, note: note.clone() }]
            }
            Act::TellResult { result } => vec![Event::ResultTold { result: given("result", result)? }],
            Act::Recall { reason } => vec![Event::Recalled { reason: given("reason", reason)? }],
            Act::NoteParallel { cases } => dossier::noted(&self.parallel, cases)
                .map(|cases| Event::ParallelNoted { cases })
                .into_iter()
                .collect(),
            Act::KeepOver => vec![Event::KeepEnded],
            Act::Destroy { protocol } => {
                let protocol = given("protocol", protocol)?;
                vec![Event::Destroyed { protocol, by: by(), at: facts.now }]
            }
        })
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Noticed { partner, born_of, need, asking, by } => {
                self.stage = Some(Stage::Need);
                self.partner = partner.clone();
                self.born_of.clone_from(born_of);
                self.need.clone_from(need);
                self.asking = (**asking).clone();
                self.noticed_by.clone_from(by);
            }
            Event::Checked { own_checks } => {
                self.stage = Some(Stage::Checked);
                self.asking.own_checks.clone_from(own_checks);
            }
            Event::Drafted { asking, by } => {
                self.stage = Some(Stage::Drafted);
                self.asking = (**asking).clone();
                self.drafted_by.clone_from(by);
            }
            Event::Cleared { by } => {
                self.stage = Some(Stage::Cleared);
                self.cleared_by.clone_from(by);
            }
            Event::Returned { reason } => {
                self.stage = Some(Stage::Checked);
                self.reason.clone_from(reason);
            }
            Event::Dispatched { sent } => {
                self.stage = Some(Stage::Sent);
                self.sent = Some((**sent).clone());
                self.refused_to_go = None;
            }
            Event::HeldBack { refusal } => {
                self.stage = Some(Stage::Kept);
                self.refused_to_go = Some(refusal.clone());
            }
            Event::Delivered { evidence } => self.delivery = Some(evidence.clone()),
            Event::Undelivered { evidence } => self.note = evidence.to_string(),
            Event::AnswerHeard { heard, keep_until } => {
                self.until = heard.answer.until.or(self.until);
                self.keep_until = Some(*keep_until);
                self.keep((**heard).clone());
                self.stage = self.stage_after_answer();
            }
            Event::Used { used } => self.uses.push(used.clone()),
            Event::Extracted { .. } => self.extracts += 1,
            Event::Judged { usefulness, note } => {
                self.stage = Some(Stage::Judged);
                self.usefulness = Some(*usefulness);
                self.note.clone_from(note);
            }
            Event::ResultTold { result } => {
                self.stage = Some(Stage::Told);
                self.result.clone_from(result);
            }
            Event::Recalled { reason } => {
                self.stage = Some(Stage::Recalled);
                self.reason.clone_from(reason);
            }
            Event::ParallelNoted { cases } => self.parallel.extend(cases.iter().cloned()),
            Event::KeepEnded => {}
            Event::Destroyed { .. } => {
                // Where more is awaited, what came so far is gone and the wait goes on.
                if !self.stage.is_some_and(Stage::waits) {
                    self.stage = Some(Stage::Destroyed);
                }
                self.heard.iter_mut().for_each(|heard| heard.answer = steps::stripped(&heard.answer));
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Noticed { asking, .. } => dossier::mention(&asking.subjects, facts.case),
            Event::Drafted { asking, .. } => dossier::mention(&asking.subjects, facts.case),
            Event::Cleared { .. } => vec![Effect::act(facts.case.clone(), &Act::Dispatch)],
            Event::Dispatched { sent } => self.on_the_way(sent, facts),
            Event::AnswerHeard { heard, keep_until } => self.after_answer(heard, *keep_until, facts),
            Event::Used { used } => self.told_used(used, facts),
            Event::Extracted { alert, subject, text, until } => {
                vec![alert::open(alert, facts.case, self.handling(), (subject, text), *until)]
            }
            Event::ResultTold { result } => self.result_told(result, None, facts),
            Event::Recalled { reason } => self.after_recall(reason, facts),
            Event::KeepEnded => {
                self.ours(facts).and_then(|debt| debt.destruction(facts.now)).into_iter().collect()
            }
            Event::Destroyed { protocol, by, at } => {
                let mut effects = self.result_told(&self.result, Some(*at), facts);
                effects.extend(self.orders(protocol, by, facts));
                effects.push(Owed::meet(super::clocks::DESTROY, facts.case, facts.case.clone()));
                effects.push(Effect::Rest { name: KEEP_OVER.into() });
                effects
            }
            Event::Checked { .. }
            | Event::Returned { .. }
            | Event::HeldBack { .. }
            | Event::Delivered { .. }
            | Event::Undelivered { .. }
            | Event::Judged { .. }
            | Event::ParallelNoted { .. } => Vec::new(),
        }
    }

    fn spared(event: &Event) -> Option<Event> {
        let Event::AnswerHeard { heard, keep_until } = event else { return None };
        let heard = Heard { answer: steps::stripped(&heard.answer), ..(**heard).clone() };
        Some(Event::AnswerHeard { heard: Box::new(heard), keep_until: *keep_until })
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let last = self.heard.last();
        let mut references: Vec<_> = self.asking.subjects.iter().map(Subject::reference).collect();
        references.extend(self.born_of.iter().map(|case| Reference::new("about", case.as_str())));
        references.extend(self.heard.iter().map(|heard| Reference::new("item", heard.item.as_str())));
        Summary {
            stage: stage.word().into(),
            title: if self.asking.title().is_empty() {
                self.need.clone()
            } else {
                self.asking.title().to_owned()
            },
            partner: self.partner.to_string(),
            due: self.asking.needed_by.filter(|_| stage.waits()),
            severity: matches!(stage, Stage::Kept | Stage::Refused).then_some(Severity::Warning),
            closed: matches!(stage, Stage::Told | Stage::Recalled | Stage::Destroyed | Stage::Refused),
            references,
            shown: json!({
                "matter": self.asking.matter().code(), "need": self.need, "urgency": self.asking.urgency,
                "basis": self.asking.basis, "term": self.sent.as_ref().map(|sent| sent.admission.cite()),
                "agreement": self.sent.as_ref().map(|sent| &sent.admission.agreement),
                "sent": self.sent.as_ref().map(|sent| sent.at), "answered": last.map(|heard| heard.at),
                "settled": self.settled(), "answer": last.and_then(|heard| heard.answer.kind),
                "reasons": last.map(|heard| &heard.answer.reasons), "until": self.until,
                "usefulness": self.usefulness, "uses": self.uses.len(), "result": self.result,
                "handling": self.handling(), "grade": last.and_then(|heard| heard.answer.grade).map(|grade| grade.to_string()),
                "keep_until": self.keep_until, "parallel": self.parallel, "held_back": self.refused_to_go,
                "reason": self.reason,
            }),
            ..Summary::default()
        }
    }
}
