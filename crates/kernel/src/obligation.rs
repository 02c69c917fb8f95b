//! Obligations: who owes what to whom by when, and from which source. One escalation engine, one board.
//!
//! Every promise with a clock, whatever the area, is a case of this one procedure. It is opened by the node because of
//! an event elsewhere, met by an event elsewhere, and escalates by itself; each step of the escalation fires once.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    CaseId, Effect, Facts, Field, Form, Limit, Named, NodeId, Offer, Procedure, Reference, Refusal, Role,
    Severity, Sort, Summary,
};

/// What is owed, by whom, to whom, by when, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// Who owes.
    pub by: NodeId,
    /// To whom.
    pub to: NodeId,
    /// What, as a code of the area that opened it, such as `answer-acdd`.
    pub what: String,
    /// The case it is about.
    pub about: CaseId,
    /// The term, warning or conclusion it comes from.
    pub source: String,
    /// By when.
    pub due: Timestamp,
    /// Who hears of it when it is not met: so long after it was due, this role. In order.
    pub escalation: Vec<(Limit, Role)>,
}

impl Owed {
    /// The obligation's case: one per thing owed about a case, so that the same cause never opens a second.
    #[must_use]
    pub fn case(&self) -> CaseId {
        Self::case_of(&self.what, &self.about)
    }

    /// The case of the obligation `what` about `about`.
    #[must_use]
    pub fn case_of(what: &str, about: &CaseId) -> CaseId {
        CaseId::of(Obligation::NAME, format_args!("{what}/{about}"))
    }

    /// The effect that opens it.
    #[must_use]
    pub fn open(self) -> Effect {
        Effect::act(self.case(), &Act::Open(Box::new(self)))
    }

    /// The effect that moves the moment of the obligation `what` about `about`, as both sides or the one who set it agreed.
    #[must_use]
    pub fn postpone(what: &str, about: &CaseId, due: Timestamp, reason: &str) -> Effect {
        Effect::act(Self::case_of(what, about), &Act::Postpone { due, reason: reason.to_owned() })
    }

    /// The effect that ends the obligation `what` about `about` because its cause is gone.
    #[must_use]
    pub fn lapse(what: &str, about: &CaseId, reason: &str) -> Effect {
        Effect::act(Self::case_of(what, about), &Act::Lapse { reason: reason.to_owned() })
    }

    /// The effect that meets the obligation `what` about `about`, with the case that is the evidence.
    #[must_use]
    pub fn meet(what: &str, about: &CaseId, evidence: CaseId) -> Effect {
        Effect::act(Self::case_of(what, about), &Act::Meet { evidence })
    }
}

/// One obligation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Obligation {
    stage: Option<Stage>,
    owed: Option<Owed>,
    /// How many steps of the escalation have fired.
    level: usize,
    evidence: Option<CaseId>,
    settled: Option<Timestamp>,
    reason: Option<String>,
}

/// Where an obligation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Not met, not late.
    Due,
    /// Not met, past its moment; somebody has been told.
    Late,
    /// Met in time.
    Met,
    /// Met, but late.
    MetLate,
    /// No longer owed, for a reason.
    Waived,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Something is owed from now on.
    Open(Box<Owed>),
    /// It was done; the evidence is a case.
    Meet {
        /// The case that shows it.
        evidence: CaseId,
    },
    /// Its moment, or the next step's, has come.
    Escalate {
        /// The step that fires, from 0.
        level: usize,
    },
    /// It is no longer owed.
    Waive {
        /// Why, as a person wrote it.
        reason: String,
    },
    /// It is owed by another moment from now on.
    Postpone {
        /// By when.
        due: Timestamp,
        /// Why.
        reason: String,
    },
    /// What it was owed for is gone: withdrawn, cancelled, ended.
    Lapse {
        /// Why, as a code.
        reason: String,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Open(_) => "open",
            Self::Meet { .. } => "meet",
            Self::Escalate { .. } => "escalate",
            Self::Waive { .. } => "waive",
            Self::Postpone { .. } => "postpone",
            Self::Lapse { .. } => "lapse",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Owed from now on.
    Opened(Box<Owed>),
    /// Done.
    Met {
        /// The case that shows it.
        evidence: CaseId,
        /// When.
        at: Timestamp,
    },
    /// Not done in time; this role hears of it.
    Escalated {
        /// The step that fired, from 0.
        level: usize,
        /// Who hears of it.
        role: Role,
    },
    /// Owed by another moment; the escalation begins anew.
    Postponed {
        /// By when.
        due: Timestamp,
        /// Why.
        reason: String,
    },
    /// No longer owed.
    Waived {
        /// Why.
        reason: String,
        /// When.
        at: Timestamp,
    },
}

const BASIS: &str = "the term the obligation names";
const GONE: &str = "what it was owed for was withdrawn, cancelled or ended";
const MOVED: &str = "a later moment was agreed where it was promised";
const NOTHING_OWED: &str = "doing what is not owed changes nothing";

impl Procedure for Obligation {
    const NAME: &'static str = "obligation";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("open", Role::NODE, BASIS),
        Offer::opening("meet", Role::NODE, NOTHING_OWED),
        Offer::at(Stage::Due, "meet", Role::NODE, BASIS),
        Offer::at(Stage::Due, "escalate", Role::NODE, BASIS),
        Offer::at(Stage::Due, "postpone", Role::NODE, MOVED),
        Offer::at(Stage::Due, "lapse", Role::NODE, GONE),
        Offer::at(Stage::Due, "waive", Role::named("exchange-officer"), "own practice, with a reason"),
        Offer::at(Stage::Late, "meet", Role::NODE, BASIS),
        Offer::at(Stage::Late, "escalate", Role::NODE, BASIS),
        Offer::at(Stage::Late, "postpone", Role::NODE, MOVED),
        Offer::at(Stage::Late, "lapse", Role::NODE, GONE),
        Offer::at(Stage::Late, "waive", Role::named("exchange-officer"), "own practice, with a reason"),
        Offer::at(Stage::Met, "meet", Role::NODE, NOTHING_OWED),
        Offer::at(Stage::MetLate, "meet", Role::NODE, NOTHING_OWED),
        Offer::at(Stage::Waived, "meet", Role::NODE, NOTHING_OWED),
        Offer::opening("lapse", Role::NODE, NOTHING_OWED),
        Offer::at(Stage::Met, "lapse", Role::NODE, NOTHING_OWED),
        Offer::at(Stage::MetLate, "lapse", Role::NODE, NOTHING_OWED),
        Offer::at(Stage::Waived, "lapse", Role::NODE, NOTHING_OWED),
    ];

    const FORMS: &'static [Form] = &[Form::of("waive", &[Field::needed("reason", Sort::Text(300))])];
    const READERS: &'static [Role] = &[
        Role::named("gate-officer"),
        Role::named("analyst"),
        Role::named("secretary"),
        Role::named("director"),
        Role::named("reviewer"),
    ];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Open(owed) => Ok(vec![Event::Opened(owed.clone())]),
            Act::Meet { .. } if !self.is_open() => Ok(Vec::new()),
            Act::Meet { evidence } => Ok(vec![Event::Met { evidence: evidence.clone(), at: facts.now }]),
            Act::Escalate { level } => self.escalated(*level, facts.now),
            Act::Waive { reason } if reason.trim().is_empty() => {
                Err(Refusal::new("reason-missing", "waive").remedy("reason"))
            }
            Act::Postpone { due, reason } => Ok(vec![Event::Postponed { due: *due, reason: reason.clone() }]),
            Act::Lapse { .. } if !self.is_open() => Ok(Vec::new()),
            Act::Waive { reason } | Act::Lapse { reason } => {
                Ok(vec![Event::Waived { reason: reason.clone(), at: facts.now }])
            }
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Opened(owed) => {
                self.stage = Some(Stage::Due);
                self.owed = Some((**owed).clone());
            }
            Event::Met { evidence, at } => {
                let in_time = self.owed.as_ref().is_some_and(|owed| *at <= owed.due);
                self.stage = Some(if in_time { Stage::Met } else { Stage::MetLate });
                self.evidence = Some(evidence.clone());
                self.settled = Some(*at);
            }
            Event::Escalated { level, .. } => {
                self.stage = Some(Stage::Late);
                self.level = level + 1;
            }
            Event::Postponed { due, reason } => {
                self.stage = Some(Stage::Due);
                self.level = 0;
                self.reason = Some(reason.clone());
                if let Some(owed) = &mut self.owed {
                    owed.due = *due;
                }
            }
            Event::Waived { reason, at } => {
                self.stage = Some(Stage::Waived);
                self.reason = Some(reason.clone());
                self.settled = Some(*at);
            }
        }
    }

    fn follow(&self, event: &Event, _facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Opened(_) | Event::Escalated { .. } | Event::Postponed { .. } => {
                self.next_step().into_iter().collect()
            }
            Event::Met { .. } | Event::Waived { .. } => vec![Effect::Rest { name: "escalate".into() }],
        }
    }

    fn summary(&self) -> Summary {
        let Some(owed) = &self.owed else { return Summary::default() };
        let stage = self.stage.unwrap_or(Stage::Due);
        let open = self.is_open();
        Summary {
            stage: stage.word().into(),
            title: owed.what.clone(),
            lane: format!("{}>{}", owed.by, owed.to),
            due: open.then_some(owed.due),
            severity: matches!(stage, Stage::Late | Stage::MetLate).then_some(Severity::Error),
            closed: !open,
            references: vec![Reference::new("about", owed.about.as_str())],
            shown: json!({
                "by": owed.by, "to": owed.to, "about": owed.about, "source": owed.source, "due": owed.due,
                "level": self.level, "evidence": self.evidence, "settled": self.settled, "reason": self.reason,
            }),
            ..Summary::default()
        }
    }
}

impl Stage {
    /// The stage's word in lists.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Late => "late",
            Self::Met => "met",
            Self::MetLate => "met-late",
            Self::Waived => "waived",
        }
    }
}

impl Obligation {
    fn is_open(&self) -> bool {
        matches!(self.stage, Some(Stage::Due | Stage::Late))
    }

    /// The step fires once, in its order, and not before its moment.
    fn escalated(&self, level: usize, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        let step = self.owed.as_ref().and_then(|owed| Some((owed, owed.escalation.get(level)?)));
        let Some((owed, (after, role))) = step.filter(|_| level == self.level) else {
            return Err(Refusal::new("step-not-next", level.to_string()).remedy(self.level.to_string()));
        };
        if now < after.after(owed.due) {
            return Err(
                Refusal::new("not-yet-due", now.to_string()).remedy(after.after(owed.due).to_string())
            );
        }
        Ok(vec![Event::Escalated { level, role: role.clone() }])
    }

    fn next_step(&self) -> Option<Effect> {
        let owed = self.owed.as_ref()?;
        let (after, _) = owed.escalation.get(self.level)?;
        Some(Effect::wake("escalate", after.after(owed.due), &Act::Escalate { level: self.level }))
    }
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::facts::NoBooks;
    use crate::{Actor, AnyEvent, Desk, Of, State, Taken};

    const DESK: Of<Obligation> = Of::new();

    fn moment(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    fn owed() -> Owed {
        Owed {
            by: NodeId::new("VN"),
            to: NodeId::new("TH"),
            what: "answer".into(),
            about: CaseId::of("item", "1"),
            source: "term 1".into(),
            due: moment("2026-11-22T10:00:00Z"),
            escalation: vec![
                (Limit::seconds(1), Role::named("exchange-officer")),
                (Limit::hours(4), Role::named("secretary")),
            ],
        }
    }

    fn take(state: Option<&State>, act: &Act, at: &str, role: Role) -> Result<Taken, Refusal> {
        let actor = Actor::new("a", role);
        let case = owed().case();
        let facts = Facts { now: moment(at), actor: &actor, case: &case, books: &NoBooks };
        DESK.take(state, &serde_json::to_value(act).expect("plain data").into(), &facts)
    }

    #[test]
    fn each_step_of_an_escalation_fires_once_and_in_order() {
        let opened =
            take(None, &Act::Open(Box::new(owed())), "2026-11-22T08:00:00Z", Role::NODE).expect("opens");
        let step = |state, level, at| take(Some(state), &Act::Escalate { level }, at, Role::NODE);
        let early = step(&opened.state, 0, "2026-11-22T10:00:00Z").expect_err("too early");
        assert_eq!(early.code, "not-yet-due");
        let first = step(&opened.state, 0, "2026-11-22T10:00:01Z").expect("fires");
        assert_eq!(first.summary.stage, "late");
        let again = step(&first.state, 0, "2026-11-22T10:00:02Z").expect_err("fires once");
        assert_eq!(again.code, "step-not-next");
        let second = step(&first.state, 1, "2026-11-22T14:00:00Z").expect("fires");
        assert_eq!(second.effects, [], "no step is left");
    }

    #[test]
    fn an_obligation_is_met_once() {
        let opened =
            take(None, &Act::Open(Box::new(owed())), "2026-11-22T08:00:00Z", Role::NODE).expect("opens");
        let meet = Act::Meet { evidence: CaseId::of("item", "2") };
        let met = take(Some(&opened.state), &meet, "2026-11-22T09:00:00Z", Role::NODE).expect("is met");
        assert_eq!(met.summary.stage, "met");
        assert_eq!(met.effects, [Effect::Rest { name: "escalate".into() }]);
        let again =
            take(Some(&met.state), &meet, "2026-11-22T09:30:00Z", Role::NODE).expect("changes nothing");
        assert_eq!((again.events, again.effects, again.state), (vec![], vec![], met.state));
    }

    #[test]
    fn doing_what_is_not_owed_opens_nothing() {
        let meet = Act::Meet { evidence: CaseId::of("item", "2") };
        assert_eq!(
            take(None, &meet, "2026-11-22T09:00:00Z", Role::NODE).expect("no refusal").events,
            [] as [AnyEvent; 0]
        );
    }

    #[test]
    fn an_obligation_met_past_its_moment_says_so() {
        let opened =
            take(None, &Act::Open(Box::new(owed())), "2026-11-22T08:00:00Z", Role::NODE).expect("opens");
        let meet = Act::Meet { evidence: CaseId::of("item", "2") };
        let met = take(Some(&opened.state), &meet, "2026-11-22T11:00:00Z", Role::NODE).expect("is met");
        assert_eq!(met.summary.stage, "met-late");
    }

    #[test]
    fn a_postponed_obligation_escalates_anew_from_its_new_moment() {
        let opened =
            take(None, &Act::Open(Box::new(owed())), "2026-11-22T08:00:00Z", Role::NODE).expect("opens");
        let late = take(Some(&opened.state), &Act::Escalate { level: 0 }, "2026-11-22T10:00:01Z", Role::NODE)
            .expect("fires");
        let due = moment("2026-12-01T10:00:00Z");
        let act = Act::Postpone { due, reason: "both sides agreed".into() };
        let moved = take(Some(&late.state), &act, "2026-11-22T11:00:00Z", Role::NODE).expect("moves");
        assert_eq!((moved.summary.stage.as_str(), moved.summary.due), ("due", Some(due)));
        let early = take(Some(&moved.state), &Act::Escalate { level: 0 }, "2026-11-30T10:00:00Z", Role::NODE);
        assert_eq!(early.expect_err("not before the new moment").code, "not-yet-due");
    }

    #[test]
    fn nobody_waives_without_a_reason_or_the_role() {
        let opened =
            take(None, &Act::Open(Box::new(owed())), "2026-11-22T08:00:00Z", Role::NODE).expect("opens");
        let waive = |reason: &str, role| {
            let act = Act::Waive { reason: reason.into() };
            take(Some(&opened.state), &act, "2026-11-22T09:00:00Z", role).map(|taken| taken.summary.stage)
        };
        let officer = Role::named("exchange-officer");
        assert_eq!(waive(" ", officer.clone()).expect_err("no reason").code, "reason-missing");
        assert_eq!(waive("sent twice", Role::NODE).expect_err("not the node's").code, "not-offered");
        assert_eq!(waive("sent twice", officer), Ok("waived".into()));
    }

    #[test]
    fn what_is_owed_lapses_with_its_cause_and_never_twice() {
        let opened =
            take(None, &Act::Open(Box::new(owed())), "2026-11-22T08:00:00Z", Role::NODE).expect("opens");
        let lapse = Act::Lapse { reason: "recalled".into() };
        let gone = take(Some(&opened.state), &lapse, "2026-11-22T09:00:00Z", Role::NODE).expect("lapses");
        assert_eq!((gone.summary.stage.as_str(), gone.effects.len()), ("waived", 1));
        let again = take(Some(&gone.state), &lapse, "2026-11-22T09:00:00Z", Role::NODE).expect("nothing");
        assert_eq!(again.events, [] as [AnyEvent; 0]);
    }

    #[test]
    fn replay_gives_the_state_the_acts_gave() {
        let opened =
            take(None, &Act::Open(Box::new(owed())), "2026-11-22T08:00:00Z", Role::NODE).expect("opens");
        let (state, summary) = DESK.replay(&opened.events).expect("replays");
        assert_eq!((State::from(state), summary), (opened.state, opened.summary));
    }
}
