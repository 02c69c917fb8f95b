//! Waste that must not be here: looked at, notified to the state it came from, taken back under a clock.
//!
//! Basel Convention, article 9: illegal traffic is taken back by the state of export within the days its own article or the
//! agreement names; that clock is the term's `take-back`.

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, NodeId, Offer, Owed, Procedure, Reference, Refusal, Role, Severity,
    Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::pack::{Shipment, check_waste};
use super::take_back_item::{Says, TakeBackAnswer, TakeBackNotice};
use crate::agreement::{Admission, Writing as _, admit};
use crate::assistance::{Debt, Subject, dossier, given};
use crate::macros::{named, stages};
use crate::roles::{ANALYST, COORDINATOR, DIRECTOR, EXCHANGE, GATE, REVIEWER};

/// One shipment of waste, found here or sent from here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TakeBack {
    stage: Option<Stage>,
    us: NodeId,
    partner: NodeId,
    notice: TakeBackNotice,
    findings: Vec<Seen>,
    by: String,
    admission: Option<Admission>,
    notified: Option<Timestamp>,
    due: Option<Timestamp>,
    held_back: Option<Refusal>,
    answer: Option<TakeBackAnswer>,
    reason: String,
    parallel: Vec<CaseId>,
}

/// One thing seen in a shipment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    code: String,
    severity: Severity,
    value: String,
}

stages! {
    /// Looked at by us, and nothing is wrong.
    Clean = "clean",
    /// Looked at by us, and it must not be here.
    Found = "found",
    /// No live term lets the notice go.
    Kept = "kept",
    /// The state of export is told; its clock runs.
    Notified = "notified",
    /// A partner tells us that ours must come back.
    ToTakeBack = "to-take-back",
    /// It will be taken back, by the day named.
    Accepted = "accepted",
    /// The state of export says it is no waste of its own.
    Contested = "contested",
    /// It is gone, back where it came from.
    TakenBack = "taken-back",
    /// It was dealt with otherwise.
    Ended = "ended",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A shipment is looked at.
    Check {
        /// The state it came from, by its node.
        partner: NodeId,
        /// What is known of it.
        shipment: Box<TakeBackNotice>,
    },
    /// The state of export is to be told.
    Notify {
        /// More, in words.
        #[serde(default)]
        text: String,
    },
    /// The notice goes, if a live term lets it.
    Dispatch,
    /// A partner tells us that ours must come back.
    Arrive {
        /// The notice.
        notice: Box<TakeBackNotice>,
        /// The item it came in.
        item: CaseId,
        /// The term that let it in.
        admission: Box<Admission>,
    },
    /// We answer.
    Answer {
        /// What.
        says: Says,
        /// When it will be, or was, taken back.
        #[serde(default)]
        at: Option<Timestamp>,
        /// Why not, or how.
        #[serde(default)]
        text: String,
    },
    /// The state of export answers.
    Hear {
        /// What.
        answer: TakeBackAnswer,
        /// The item it came in.
        item: CaseId,
    },
    /// We saw it leave.
    ConfirmGone {
        /// On what, with which seal.
        how: String,
    },
    /// It was dealt with otherwise.
    End {
        /// How.
        reason: String,
    },
    /// Another case about the same subject is open.
    NoteParallel {
        /// The others.
        cases: Vec<CaseId>,
    },
}

named! {
    Check = "check", Notify = "notify", Dispatch = "dispatch", Arrive = "arrive", Answer = "answer", Hear = "hear",
    ConfirmGone = "confirm-gone", End = "end", NoteParallel = "note-parallel",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Looked at.
    Checked {
        /// The state it came from.
        partner: NodeId,
        /// What is known of it.
        shipment: Box<TakeBackNotice>,
        /// What was seen: code, weight, value.
        findings: Vec<(String, Severity, String)>,
        /// By whom.
        by: String,
    },
    /// To be told.
    NoticeWanted {
        /// More.
        text: String,
    },
    /// Told; the clock runs.
    Dispatched {
        /// Under which term.
        admission: Box<Admission>,
        /// Who we are.
        us: NodeId,
        /// When.
        at: Timestamp,
    },
    /// Not told.
    HeldBack {
        /// Why.
        refusal: Refusal,
    },
    /// We are told.
    Arrived {
        /// The notice.
        notice: Box<TakeBackNotice>,
        /// The item it came in.
        item: CaseId,
        /// The term that let it in.
        admission: Box<Admission>,
        /// Who we are.
        us: NodeId,
        /// When.
        at: Timestamp,
    },
    /// We answered.
    Answered {
        /// What.
        answer: TakeBackAnswer,
    },
    /// The state of export answered.
    Heard {
        /// What.
        answer: TakeBackAnswer,
        /// The item it came in.
        item: CaseId,
    },
    /// Gone.
    ConfirmedGone {
        /// How.
        how: String,
    },
    /// Dealt with otherwise.
    Ended {
        /// How.
        reason: String,
    },
    /// Others are about the same.
    ParallelNoted {
        /// Which.
        cases: Vec<CaseId>,
    },
}

const BASEL: &str = "Basel Convention, article 9: illegal traffic is taken back";
const CONSENT: &str = "Basel Convention, article 6: notification and consent";

impl Procedure for TakeBack {
    const NAME: &'static str = "take-back";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("check", GATE, CONSENT),
        Offer::opening("check", ANALYST, CONSENT),
        Offer::opening("check", COORDINATOR, CONSENT),
        Offer::opening("arrive", Role::NODE, BASEL),
        Offer::at(Stage::Clean, "check", ANALYST, CONSENT),
        Offer::at(Stage::Clean, "check", COORDINATOR, CONSENT),
        Offer::at(Stage::Clean, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Found, "check", ANALYST, CONSENT),
        Offer::at(Stage::Found, "check", COORDINATOR, CONSENT),
        Offer::at(Stage::Found, "notify", COORDINATOR, BASEL),
        Offer::at(Stage::Found, "notify", EXCHANGE, BASEL),
        Offer::at(Stage::Found, "dispatch", Role::NODE, BASEL),
        Offer::at(Stage::Found, "end", COORDINATOR, BASEL),
        Offer::at(Stage::Found, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Kept, "notify", COORDINATOR, BASEL),
        Offer::at(Stage::Kept, "notify", EXCHANGE, BASEL),
        Offer::at(Stage::Kept, "dispatch", Role::NODE, BASEL),
        Offer::at(Stage::Kept, "end", COORDINATOR, BASEL),
        Offer::at(Stage::Notified, "hear", Role::NODE, BASEL),
        Offer::at(Stage::Notified, "confirm-gone", GATE, BASEL),
        Offer::at(Stage::Notified, "confirm-gone", COORDINATOR, BASEL),
        Offer::at(Stage::Notified, "end", COORDINATOR, BASEL),
        Offer::at(Stage::Notified, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::ToTakeBack, "arrive", Role::NODE, "the same notice again"),
        Offer::at(Stage::ToTakeBack, "answer", EXCHANGE, BASEL),
        Offer::at(Stage::ToTakeBack, "answer", DIRECTOR, BASEL),
        Offer::at(Stage::ToTakeBack, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Accepted, "arrive", Role::NODE, "the same notice again"),
        Offer::at(Stage::Accepted, "answer", EXCHANGE, BASEL),
        Offer::at(Stage::Accepted, "hear", Role::NODE, BASEL),
        Offer::at(Stage::Accepted, "confirm-gone", GATE, BASEL),
        Offer::at(Stage::Accepted, "confirm-gone", COORDINATOR, BASEL),
        Offer::at(Stage::Contested, "answer", EXCHANGE, BASEL),
        Offer::at(Stage::Contested, "hear", Role::NODE, BASEL),
        Offer::at(Stage::Contested, "confirm-gone", COORDINATOR, BASEL),
        Offer::at(Stage::Contested, "end", COORDINATOR, BASEL),
        Offer::at(Stage::TakenBack, "hear", Role::NODE, "the same answer again"),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "check",
            &[
                Field::needed("partner", Sort::Partner),
                Field::optional("shipment.operation", Sort::Text(60)),
                Field::needed("shipment.container", Sort::Text(20)),
                Field::optional("shipment.bill", Sort::Text(40)),
                Field::needed("shipment.declared_as", Sort::Text(200)),
                Field::needed("shipment.hs", Sort::Text(14)),
                Field::optional("shipment.code", Sort::Text(8)),
                Field::optional("shipment.consent", Sort::Text(40)),
                Field::optional("shipment.gross", Sort::Quantity),
                Field::optional("shipment.value", Sort::Money),
                Field::optional("shipment.exporter", Sort::Text(200)),
                Field::needed(
                    "shipment.sender",
                    Sort::Choice("waste-sender", &["producer", "trader", "unknown"]),
                ),
                Field::optional("shipment.route", Sort::Words(12)),
            ],
        ),
        Form::of("notify", &[Field::optional("text", Sort::LongText(2_000))]),
        Form::of(
            "answer",
            &[
                Field::needed("says", Sort::Choice("take-back-says", Says::CODES)),
                Field::optional("at", Sort::Moment),
                Field::optional("text", Sort::LongText(2_000)),
            ],
        ),
        Form::of("confirm-gone", &[Field::needed("how", Sort::Text(300))]),
        Form::of("end", &[Field::needed("reason", Sort::Text(300))]),
    ];
    const READERS: &'static [Role] = &[DIRECTOR, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        Ok(match act {
            Act::Check { partner, shipment } => vec![checked(partner, shipment, facts)],
            Act::Notify { text } => vec![Event::NoticeWanted { text: text.clone() }],
            Act::Dispatch => vec![self.dispatched(facts)],
            Act::Arrive { .. } if self.stage.is_some() => Vec::new(),
            Act::Arrive { notice, item, admission } => vec![Event::Arrived {
                notice: notice.clone(),
                item: item.clone(),
                admission: admission.clone(),
                us: NodeId::new(&facts.actor.name),
                at: facts.now,
            }],
            Act::Answer { says, at, text } => vec![self.answered(*says, *at, text, facts)?],
            Act::Hear { answer, .. } if self.answer.as_ref() == Some(answer) => Vec::new(),
            Act::Hear { answer, item } => vec![Event::Heard { answer: answer.clone(), item: item.clone() }],
            Act::ConfirmGone { how } => vec![Event::ConfirmedGone { how: given("how", how)? }],
            Act::End { reason } => vec![Event::Ended { reason: given("reason", reason)? }],
            Act::NoteParallel { cases } => dossier::noted(&self.parallel, cases)
                .map(|cases| Event::ParallelNoted { cases })
                .into_iter()
                .collect(),
        })
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Checked { partner, shipment, findings, by } => {
                let seen = |(code, severity, value): &(String, Severity, String)| Seen {
                    code: code.clone(),
                    severity: *severity,
                    value: value.clone(),
                };
                let wrong = findings.iter().any(|(_, severity, _)| *severity >= Severity::Error);
                self.stage = Some(if wrong { Stage::Found } else { Stage::Clean });
                self.partner = partner.clone();
                self.notice = (**shipment).clone();
                self.findings = findings.iter().map(seen).collect();
                self.by.clone_from(by);
            }
            Event::NoticeWanted { text } => {
                self.stage = Some(Stage::Found);
                self.notice.text.clone_from(text);
            }
            Event::Dispatched { admission, us, at } => {
                self.stage = Some(Stage::Notified);
                self.us = us.clone();
                self.due = admission.term.clock(CLOCK).map(|limit| limit.after(*at));
                self.admission = Some((**admission).clone());
                self.notified = Some(*at);
                self.held_back = None;
            }
            Event::HeldBack { refusal } => {
                self.stage = Some(Stage::Kept);
                self.held_back = Some(refusal.clone());
            }
            Event::Arrived { notice, admission, us, at, .. } => {
                self.stage = Some(Stage::ToTakeBack);
                self.us = us.clone();
                self.partner = admission.term.from.clone();
                self.notice = (**notice).clone();
                self.due = admission.term.clock(CLOCK).map(|limit| limit.after(*at));
                self.admission = Some((**admission).clone());
                self.notified = Some(*at);
            }
            Event::Answered { answer } | Event::Heard { answer, .. } => {
                self.stage = Some(match answer.says.unwrap_or(Says::Contests) {
                    Says::Accepts => Stage::Accepted,
                    Says::Contests => Stage::Contested,
                    Says::IsBack => Stage::TakenBack,
                });
                self.answer = Some(answer.clone());
            }
            Event::ConfirmedGone { how } => {
                self.stage = Some(Stage::TakenBack);
                self.reason.clone_from(how);
            }
            Event::Ended { reason } => {
                self.stage = Some(Stage::Ended);
                self.reason.clone_from(reason);
            }
            Event::ParallelNoted { cases } => self.parallel.extend(cases.iter().cloned()),
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Checked { shipment, .. } => dossier::mention(&shipment.subjects(), facts.case),
            Event::NoticeWanted { .. } => vec![Effect::act(facts.case.clone(), &Act::Dispatch)],
            Event::Dispatched { admission, us, at } => {
                let debt = Debt { by: &self.partner, to: us, about: facts.case, admission };
                let kind = TakeBackNotice::KIND;
                let mut effects =
                    vec![Effect::send(self.partner.clone(), kind, &self.notice, facts.case.clone())];
                effects.extend(debt.open("reply", ANSWER, *at));
                effects.extend(debt.open(CLOCK, OWED, *at));
                effects
            }
            Event::Arrived { notice, admission, us, at, .. } => {
                let debt = Debt { by: us, to: &self.partner, about: facts.case, admission };
                let mut effects: Vec<_> = debt.open("reply", ANSWER, *at).into_iter().collect();
                effects.extend(debt.open(CLOCK, OWED, *at));
                effects.extend(dossier::mention(&notice.subjects(), facts.case));
                effects
            }
            Event::Answered { answer } => {
                let kind = TakeBackAnswer::KIND;
                let mut effects = vec![Effect::send(self.partner.clone(), kind, answer, facts.case.clone())];
                effects.extend(met(answer, facts.case, facts.case));
                effects
            }
            Event::Heard { answer, item } => met(answer, facts.case, item),
            Event::ConfirmedGone { .. } => {
                let case = facts.case;
                vec![Owed::meet(ANSWER, case, case.clone()), Owed::meet(OWED, case, case.clone())]
            }
            Event::Ended { .. } => {
                vec![Owed::lapse(ANSWER, facts.case, "ended"), Owed::lapse(OWED, facts.case, "ended")]
            }
            Event::HeldBack { .. } | Event::ParallelNoted { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let closed = matches!(stage, Stage::Clean | Stage::TakenBack | Stage::Ended);
        let mut references: Vec<_> = self.notice.subjects().iter().map(Subject::reference).collect();
        if !self.notice.operation.is_empty() {
            references.push(Reference::new("operation", self.notice.operation.clone()));
        }
        Summary {
            stage: stage.word().into(),
            title: self.notice.container.clone(),
            partner: self.partner.to_string(),
            due: self.due.filter(|_| !closed),
            severity: (!closed).then_some(Severity::Error),
            closed,
            references,
            shown: json!({
                "declared_as": self.notice.declared_as, "hs": self.notice.hs, "code": self.notice.code,
                "consent": self.notice.consent, "findings": self.findings, "operation": self.notice.operation,
                "notified": self.notified, "due": self.due, "held_back": self.held_back, "reason": self.reason,
                "says": self.answer.as_ref().and_then(|answer| answer.says), "gross": self.notice.gross,
                "term": self.admission.as_ref().map(Admission::cite), "parallel": self.parallel,
            }),
            ..Summary::default()
        }
    }
}

/// The shipment as the waste rules see it, and what they say.
fn checked(partner: &NodeId, shipment: &TakeBackNotice, facts: &Facts<'_>) -> Event {
    let seen = check_waste(&Shipment {
        declared_as: shipment.declared_as.clone(),
        hs: shipment.hs.clone(),
        code: shipment.code.clone(),
        consent: shipment.consent.clone(),
        gross: shipment.gross.clone(),
        value: shipment.value.clone(),
        sender: shipment.sender.clone(),
        route: shipment.route.clone(),
    });
    let wrong = seen.iter().filter(|finding| finding.severity >= Severity::Error);
    let mut shipment = shipment.clone();
    shipment.grounds = wrong.map(|finding| finding.code.to_string()).collect();
    facts.case.key().clone_into(&mut shipment.reference);
    let findings =
        seen.iter().map(|finding| (finding.code.to_string(), finding.severity, finding.seen.clone()));
    Event::Checked {
        partner: partner.clone(),
        shipment: Box::new(shipment),
        findings: findings.collect(),
        by: facts.actor.name.clone(),
    }
}

impl TakeBack {
    fn dispatched(&self, facts: &Facts<'_>) -> Event {
        let us = NodeId::new(&facts.actor.name);
        match admit(facts.books, TakeBackNotice::KIND, &us, &self.partner, facts.day()) {
            Ok(admission) => Event::Dispatched { admission: Box::new(admission), us, at: facts.now },
            Err(refusal) => Event::HeldBack { refusal },
        }
    }

    /// Who accepts says by when; who contests says why.
    fn answered(
        &self,
        says: Says,
        at: Option<Timestamp>,
        text: &str,
        facts: &Facts<'_>,
    ) -> Result<Event, Refusal> {
        if says == Says::Contests {
            given("text", text)?;
        } else if at.is_none() {
            return Err(Refusal::new("text-missing", "at").remedy("at"));
        }
        let count = if self.answer.is_some() { "-more" } else { "" };
        Ok(Event::Answered {
            answer: TakeBackAnswer {
                reference: format!("{}-{}{count}", facts.case.key(), says.code()),
                answers: self.notice.reference.clone(),
                says: Some(says),
                at,
                text: text.to_owned(),
            },
        })
    }
}

/// Any answer meets the duty to answer; only waste that is back meets the duty to take it back.
fn met(answer: &TakeBackAnswer, about: &CaseId, evidence: &CaseId) -> Vec<Effect> {
    let mut effects = vec![Owed::meet(ANSWER, about, evidence.clone())];
    if answer.says == Some(Says::IsBack) {
        effects.push(Owed::meet(OWED, about, evidence.clone()));
    }
    effects
}

/// The term's clock for taking back.
const CLOCK: &str = "take-back";
/// What the state of export owes.
pub(super) const OWED: &str = "take-back";
/// What it owes first.
pub(super) const ANSWER: &str = "answer-take-back";
