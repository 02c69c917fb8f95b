//! A joint operation: set up, joined by its members, run by its days, closed with a debrief computed from items.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{
    CaseId, Effect, Facts, Field, Form, NodeId, Offer, Procedure, Refusal, Role, Severity, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::plan_item::{Joins, Plan, PlanAnswer, SituationReport};
use super::words::Pack;
use crate::assistance::given;
use crate::macros::{named, stages};
use crate::roles::{ANALYST, COORDINATOR, DIRECTOR, EXCHANGE, GATE, REVIEWER};

/// One joint operation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    stage: Option<Stage>,
    plan: Plan,
    /// Who invited us; empty where we set it up.
    from: NodeId,
    answers: Vec<Answered>,
    reports: Vec<Reported>,
    silences: Vec<Silent>,
    reason: String,
    started: Option<Timestamp>,
    closed: Option<Timestamp>,
}

/// A member's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Answered {
    from: NodeId,
    joins: Option<Joins>,
    contact: String,
    reason: String,
    at: Timestamp,
}

/// A report that came or went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Reported {
    from: NodeId,
    report: SituationReport,
}

/// A warning between two others that stayed without feedback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Silent {
    from: NodeId,
    warning: String,
    to: String,
    at: Timestamp,
}

stages! {
    /// Written, nobody invited yet.
    Planned = "planned",
    /// We are invited.
    Invited = "invited",
    /// We do not take part.
    Declined = "declined",
    /// Set up; its days have not begun.
    Ready = "ready",
    /// It runs.
    Running = "running",
    /// Its days are over; the debrief is computed.
    Closed = "closed",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// It is planned, or the plan changes.
    Plan {
        /// The plan.
        plan: Box<Plan>,
    },
    /// The members are invited.
    Invite,
    /// We are invited, or the plan changed.
    Arrive {
        /// The plan.
        plan: Box<Plan>,
        /// By whom.
        from: NodeId,
    },
    /// We take part.
    Join {
        /// Our national contact point.
        contact: String,
    },
    /// We do not.
    Decline {
        /// Why.
        reason: String,
    },
    /// A member answers.
    NoteMember {
        /// Which.
        from: NodeId,
        /// What.
        answer: PlanAnswer,
    },
    /// Its first day is here.
    Start,
    /// A warning between two others stayed without feedback.
    NoteSilence {
        /// Who warned.
        from: NodeId,
        /// The warning's number.
        warning: String,
        /// Who was warned.
        to: String,
    },
    /// A report of the day goes to the coordination unit, or from it to all members.
    Report {
        /// The report, its figures computed from items.
        report: Box<SituationReport>,
    },
    /// A report came.
    NoteReport {
        /// From whom.
        from: NodeId,
        /// What.
        report: Box<SituationReport>,
    },
    /// Its last day is over.
    Close,
}

named! {
    Plan = "plan", Invite = "invite", Arrive = "arrive", Join = "join", Decline = "decline",
    NoteMember = "note-member", Start = "start", NoteSilence = "note-silence", Report = "report",
    NoteReport = "note-report", Close = "close",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Planned.
    Planned {
        /// The plan.
        plan: Box<Plan>,
    },
    /// Members invited.
    Invited,
    /// We are invited.
    Arrived {
        /// The plan.
        plan: Box<Plan>,
        /// By whom.
        from: NodeId,
    },
    /// We take part.
    Joined {
        /// Our contact point.
        contact: String,
    },
    /// We do not.
    Declined {
        /// Why.
        reason: String,
    },
    /// A member answered.
    MemberNoted {
        /// Which.
        from: NodeId,
        /// What.
        answer: PlanAnswer,
        /// When.
        at: Timestamp,
    },
    /// It runs.
    Started {
        /// Since when.
        at: Timestamp,
    },
    /// A warning stayed without feedback.
    SilenceNoted {
        /// Who warned.
        from: NodeId,
        /// The warning.
        warning: String,
        /// Who was warned.
        to: String,
        /// When we heard.
        at: Timestamp,
    },
    /// A report went out.
    Reported {
        /// The report.
        report: Box<SituationReport>,
    },
    /// A report came.
    ReportNoted {
        /// From whom.
        from: NodeId,
        /// The report.
        report: Box<SituationReport>,
    },
    /// Over.
    Closed {
        /// When.
        at: Timestamp,
    },
}

const PLAN: &str = "the operation's plan";

impl Procedure for Operation {
    const NAME: &'static str = "operation";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("plan", COORDINATOR, PLAN),
        Offer::opening("arrive", Role::NODE, PLAN),
        Offer::at(Stage::Planned, "plan", COORDINATOR, PLAN),
        Offer::at(Stage::Planned, "invite", COORDINATOR, PLAN),
        Offer::at(Stage::Planned, "invite", DIRECTOR, PLAN),
        Offer::at(Stage::Invited, "arrive", Role::NODE, "the plan changed"),
        Offer::at(Stage::Invited, "join", COORDINATOR, PLAN),
        Offer::at(Stage::Invited, "join", DIRECTOR, PLAN),
        Offer::at(Stage::Invited, "decline", COORDINATOR, PLAN),
        Offer::at(Stage::Invited, "decline", DIRECTOR, PLAN),
        Offer::at(Stage::Ready, "arrive", Role::NODE, "the plan changed"),
        Offer::at(Stage::Ready, "note-member", Role::NODE, PLAN),
        Offer::at(Stage::Ready, "start", Role::NODE, PLAN),
        Offer::at(Stage::Ready, "start", COORDINATOR, PLAN),
        Offer::at(Stage::Ready, "note-silence", Role::NODE, PLAN),
        Offer::at(Stage::Running, "arrive", Role::NODE, "the plan changed"),
        Offer::at(Stage::Running, "note-member", Role::NODE, PLAN),
        Offer::at(Stage::Running, "note-silence", Role::NODE, PLAN),
        Offer::at(Stage::Running, "report", COORDINATOR, "the operation's plan: a report of every day"),
        Offer::at(Stage::Running, "note-report", Role::NODE, PLAN),
        Offer::at(Stage::Running, "close", Role::NODE, PLAN),
        Offer::at(Stage::Running, "close", COORDINATOR, PLAN),
        Offer::at(Stage::Closed, "report", COORDINATOR, "the last report follows the last day"),
        Offer::at(Stage::Closed, "note-report", Role::NODE, PLAN),
        Offer::at(Stage::Closed, "note-silence", Role::NODE, PLAN),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "plan",
            &[
                Field::needed("plan.name", Sort::Text(120)),
                Field::needed("plan.packs", Sort::Several("pack", Pack::CODES)),
                Field::needed("plan.scope", Sort::LongText(2_000)),
                Field::needed("plan.from", Sort::Day),
                Field::needed("plan.until", Sort::Day),
                Field::needed("plan.agreement", Sort::Text(60)),
                Field::needed("plan.unit", Sort::Text(12)),
                Field::needed("plan.members", Sort::Lines(MEMBER)),
                Field::optional("plan.text", Sort::LongText(8_000)),
            ],
        ),
        Form::of("join", &[Field::needed("contact", Sort::Text(200))]),
        Form::of("decline", &[Field::needed("reason", Sort::Text(300))]),
        Form::of(
            "report",
            &[
                Field::needed("report.day", Sort::Day),
                Field::needed("report.warnings.day", Sort::Whole(0, 1_000_000)),
                Field::needed("report.warnings.all", Sort::Whole(0, 1_000_000)),
                Field::needed("report.answered.day", Sort::Whole(0, 1_000_000)),
                Field::needed("report.answered.all", Sort::Whole(0, 1_000_000)),
                Field::needed("report.silent.day", Sort::Whole(0, 1_000_000)),
                Field::needed("report.silent.all", Sort::Whole(0, 1_000_000)),
                Field::needed("report.seizures.day", Sort::Whole(0, 1_000_000)),
                Field::needed("report.seizures.all", Sort::Whole(0, 1_000_000)),
                Field::optional("report.text", Sort::LongText(4_000)),
            ],
        ),
    ];
    const READERS: &'static [Role] = &[GATE, ANALYST, EXCHANGE, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        Ok(match act {
            Act::Plan { plan } => vec![Event::Planned { plan: self.whole(plan, facts)? }],
            Act::Invite => vec![Event::Invited],
            Act::Arrive { plan, .. } if self.stage.is_some() && plan.version <= self.plan.version => {
                Vec::new()
            }
            Act::Arrive { plan, from } => vec![Event::Arrived { plan: plan.clone(), from: from.clone() }],
            Act::Join { contact } => vec![Event::Joined { contact: given("contact", contact)? }],
            Act::Decline { reason } => vec![Event::Declined { reason: given("reason", reason)? }],
            Act::NoteMember { from, answer } => {
                vec![Event::MemberNoted { from: from.clone(), answer: answer.clone(), at: facts.now }]
            }
            Act::Start => vec![Event::Started { at: facts.now }],
            Act::NoteSilence { from, warning, .. } if self.knows_silence(from, warning) => Vec::new(),
            Act::NoteSilence { from, warning, to } => vec![Event::SilenceNoted {
                from: from.clone(),
                warning: warning.clone(),
                to: to.clone(),
                at: facts.now,
            }],
            Act::Report { report } => vec![Event::Reported { report: self.reported(report, facts)? }],
            Act::NoteReport { from, report } => {
                vec![Event::ReportNoted { from: from.clone(), report: report.clone() }]
            }
            Act::Close => vec![Event::Closed { at: facts.now }],
        })
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Planned { plan } => {
                self.stage = Some(Stage::Planned);
                self.plan = (**plan).clone();
            }
            Event::Invited => self.stage = Some(Stage::Ready),
            Event::Arrived { plan, from } => {
                self.stage.get_or_insert(Stage::Invited);
                self.plan = (**plan).clone();
                self.from = from.clone();
            }
            Event::Joined { .. } => self.stage = Some(Stage::Ready),
            Event::Declined { reason } => {
                self.stage = Some(Stage::Declined);
                self.reason.clone_from(reason);
            }
            Event::MemberNoted { from, answer, at } => {
                self.answers.retain(|answered| answered.from != *from);
                self.answers.push(Answered {
                    from: from.clone(),
                    joins: answer.joins,
                    contact: answer.contact.clone(),
                    reason: answer.reason.clone(),
                    at: *at,
                });
            }
            Event::Started { at } => {
                self.stage = Some(Stage::Running);
                self.started = Some(*at);
            }
            Event::SilenceNoted { from, warning, to, at } => self.silences.push(Silent {
                from: from.clone(),
                warning: warning.clone(),
                to: to.clone(),
                at: *at,
            }),
            Event::Reported { report } => {
                self.reports.push(Reported { from: NodeId::default(), report: (**report).clone() });
            }
            Event::ReportNoted { from, report } => {
                self.reports.push(Reported { from: from.clone(), report: (**report).clone() });
            }
            Event::Closed { at } => {
                self.stage = Some(Stage::Closed);
                self.closed = Some(*at);
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Invited => {
                let mut effects = self.invitations(facts);
                effects.extend(self.days(facts));
                effects
            }
            Event::Joined { contact } => {
                let mut effects = vec![self.answer(Joins::Joined, contact, "", facts)];
                effects.extend(self.days(facts));
                effects
            }
            Event::Declined { reason } => vec![self.answer(Joins::Declined, "", reason, facts)],
            Event::Reported { report } => self.report_sent(report, facts),
            Event::Planned { .. }
            | Event::Arrived { .. }
            | Event::MemberNoted { .. }
            | Event::Started { .. }
            | Event::SilenceNoted { .. }
            | Event::ReportNoted { .. } => Vec::new(),
            Event::Closed { .. } => vec![Effect::Rest { name: "close".into() }],
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let joined = self.answers.iter().filter(|answer| answer.joins == Some(Joins::Joined)).count();
        Summary {
            stage: stage.word().into(),
            title: self.plan.name.clone(),
            partner: self.from.to_string(),
            severity: (stage == Stage::Invited || !self.silences.is_empty()).then_some(Severity::Warning),
            closed: matches!(stage, Stage::Closed | Stage::Declined),
            shown: json!({
                "reference": self.plan.reference, "packs": self.plan.packs, "from": self.plan.from,
                "until": self.plan.until, "unit": self.plan.unit, "members": self.plan.members,
                "joined": joined, "silences": self.silences, "reports": self.reports.len(),
                "agreement": self.plan.agreement, "scope": self.plan.scope,
            }),
            ..Summary::default()
        }
    }
}

impl Operation {
    /// The plan.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The reports that came and went, in order; ours have no sender.
    pub fn reports(&self) -> impl Iterator<Item = (&NodeId, &SituationReport)> {
        self.reports.iter().map(|reported| (&reported.from, &reported.report))
    }

    /// The members that answered: whether they take part, and their contact points.
    pub fn members(&self) -> impl Iterator<Item = (&NodeId, Option<Joins>, &str)> {
        self.answers.iter().map(|answer| (&answer.from, answer.joins, answer.contact.as_str()))
    }

    fn whole(&self, plan: &Plan, facts: &Facts<'_>) -> Result<Box<Plan>, Refusal> {
        let mut plan = plan.clone();
        facts.case.key().clone_into(&mut plan.reference);
        plan.version = self.plan.version + 1;
        let missing: Vec<_> = [
            ("name", plan.name.trim().is_empty()),
            ("packs", plan.packs.is_empty()),
            ("from", plan.from.is_none()),
            ("until", plan.until.is_none()),
            ("agreement", plan.agreement.trim().is_empty()),
            ("unit", plan.unit.as_str().is_empty()),
            ("members", plan.members.is_empty()),
        ]
        .into_iter()
        .filter_map(|(name, missing)| missing.then_some(name))
        .collect();
        if !missing.is_empty() {
            return Err(Refusal::new("contents-missing", missing.join(", ")).remedy(missing[0]));
        }
        if plan.until < plan.from {
            return Err(
                Refusal::new("period-turned", format!("{:?} {:?}", plan.from, plan.until)).remedy("until")
            );
        }
        Ok(Box::new(plan))
    }

    fn knows_silence(&self, from: &NodeId, warning: &str) -> bool {
        self.silences.iter().any(|silent| silent.from == *from && silent.warning == warning)
    }

    fn reported(&self, report: &SituationReport, facts: &Facts<'_>) -> Result<Box<SituationReport>, Refusal> {
        let day = report.day.ok_or_else(|| Refusal::new("text-missing", "day").remedy("day"))?;
        let sent = self.reports.iter().filter(|sent| sent.from.as_str().is_empty());
        let count = sent.filter(|sent| sent.report.day == Some(day)).count();
        let mut report = report.clone();
        report.operation.clone_from(&self.plan.reference);
        report.reference = format!("{}-{day}-{}", facts.case.key(), count + 1);
        Ok(Box::new(report))
    }

    fn invitations(&self, facts: &Facts<'_>) -> Vec<Effect> {
        let members = self.plan.members.iter().filter(|member| member.node != self.plan.unit);
        members
            .map(|member| Effect::send(member.node.clone(), "operation-plan", &self.plan, facts.case.clone()))
            .collect()
    }

    /// The operation starts and closes by its days.
    fn days(&self, _facts: &Facts<'_>) -> Vec<Effect> {
        let start = self.plan.from.and_then(begins);
        let close = self.plan.until.and_then(|day| day.tomorrow().ok()).and_then(begins);
        let wakes = [
            start.map(|at| Effect::wake("start", at, &Act::Start)),
            close.map(|at| Effect::wake("close", at, &Act::Close)),
        ];
        wakes.into_iter().flatten().collect()
    }

    fn answer(&self, joins: Joins, contact: &str, reason: &str, facts: &Facts<'_>) -> Effect {
        let answer = PlanAnswer {
            reference: format!("{}-{}", facts.case.key(), self.plan.version),
            operation: self.plan.reference.clone(),
            joins: Some(joins),
            contact: contact.to_owned(),
            reason: reason.to_owned(),
        };
        Effect::send(self.from.clone(), "operation-answer", &answer, facts.case.clone())
    }

    /// A member reports to the coordination unit, the unit to its members.
    fn report_sent(&self, report: &SituationReport, facts: &Facts<'_>) -> Vec<Effect> {
        let to = |node: &NodeId| Effect::send(node.clone(), "situation-report", report, facts.case.clone());
        if self.from.as_str().is_empty() {
            let members = self.plan.members.iter().filter(|member| member.node != self.plan.unit);
            return members.map(|member| to(&member.node)).collect();
        }
        vec![to(&self.plan.unit)]
    }
}

/// When a day begins, in UTC.
fn begins(day: Date) -> Option<Timestamp> {
    day.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// The case of an operation of this number; one for all members.
#[must_use]
pub fn case_of(reference: &str) -> CaseId {
    CaseId::of(Operation::NAME, reference)
}

/// A member in a form.
const MEMBER: &[Field] =
    &[Field::needed("node", Sort::Text(12)), Field::optional("contact", Sort::Text(200))];
