//! Our own programme: an operator from its application over validation and monitoring to suspension and withdrawal.
//!
//! Basis: WCO SAFE Framework, pillar 2. Every change of status is published to all partners in the same step in which it
//! takes effect here.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use kernel::{
    CaseId, Effect, Facts, Field, Form, Named, Offer, Procedure, Reference, Refusal, Role, Severity, Sort,
    Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::application::{Application, Monitoring, Outcome, Validation};
use super::code::OperatorCode;
use super::entry::{Entry, Status, StatusChange};
use super::feed::{Act as FeedAct, Feed};
use crate::roles::{DIRECTOR, TRUSTED};

/// One operator of ours.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Operator {
    application: Option<Application>,
    stage: Option<Stage>,
    entry: Option<Entry>,
    validations: Vec<Validation>,
    monitoring: Vec<Monitoring>,
    reason: String,
}

/// Where an operator stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// It applied.
    Applied,
    /// Its sites are being looked at.
    Validating,
    /// The validation is done; somebody must decide.
    Validated,
    /// It is in the programme.
    Authorised,
    /// Its benefits rest.
    Suspended,
    /// It is out.
    Withdrawn,
    /// It was not taken in.
    Refused,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// An operator applies.
    Apply {
        /// For what.
        application: Box<Application>,
    },
    /// A visit is planned.
    PlanValidation {
        /// When.
        planned: Date,
        /// Who goes.
        team: Vec<String>,
    },
    /// What the visit saw.
    ReportValidation {
        /// How it came out.
        outcome: Outcome,
        /// What was seen.
        report: String,
    },
    /// It is taken in.
    Authorise {
        /// The code it gets.
        code: OperatorCode,
        /// First day.
        from: Date,
        /// Last day.
        #[serde(default)]
        until: Option<Date>,
    },
    /// It is not taken in.
    Refuse {
        /// Why.
        reason: String,
    },
    /// Somebody looked at how it does.
    Monitor {
        /// What was seen.
        note: String,
    },
    /// Its benefits rest, from now or from an earlier moment.
    Suspend {
        /// Why, as a class.
        reason: String,
        /// Since when; now where not said.
        #[serde(default)]
        at: Option<Timestamp>,
    },
    /// Its benefits run again.
    Reinstate {
        /// Why.
        reason: String,
    },
    /// It leaves the programme.
    Withdraw {
        /// Why, as a class.
        reason: String,
    },
    /// Its last day is over.
    Expire,
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Apply { .. } => "apply",
            Self::PlanValidation { .. } => "plan-validation",
            Self::ReportValidation { .. } => "report-validation",
            Self::Authorise { .. } => "authorise",
            Self::Refuse { .. } => "refuse",
            Self::Monitor { .. } => "monitor",
            Self::Suspend { .. } => "suspend",
            Self::Reinstate { .. } => "reinstate",
            Self::Withdraw { .. } => "withdraw",
            Self::Expire => "expire",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Applied.
    Applied {
        /// For what.
        application: Box<Application>,
    },
    /// Planned.
    ValidationPlanned {
        /// When.
        planned: Date,
        /// Who goes.
        team: Vec<String>,
    },
    /// Reported.
    ValidationReported {
        /// How it came out.
        outcome: Outcome,
        /// What was seen.
        report: String,
    },
    /// Taken in.
    Authorised {
        /// As listed from now on.
        entry: Box<Entry>,
    },
    /// Not taken in.
    Refused {
        /// Why.
        reason: String,
    },
    /// Looked at.
    Monitored {
        /// What was seen.
        monitoring: Monitoring,
    },
    /// Its status is another one.
    StatusChanged {
        /// The change.
        change: StatusChange,
    },
}

const SAFE: &str = "WCO SAFE Framework, pillar 2; the national programme";
const CRITERIA: &str = "WCO SAFE Framework, Annex IV, part 2: conditions and requirements";

impl Procedure for Operator {
    const NAME: &'static str = "operator";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("apply", TRUSTED, SAFE),
        Offer::at(Stage::Applied, "plan-validation", TRUSTED, CRITERIA),
        Offer::at(Stage::Applied, "refuse", DIRECTOR, SAFE),
        Offer::at(Stage::Validating, "report-validation", TRUSTED, CRITERIA),
        Offer::at(Stage::Validated, "plan-validation", TRUSTED, CRITERIA),
        Offer::at(Stage::Validated, "authorise", DIRECTOR, "two persons: who validates does not authorise"),
        Offer::at(Stage::Validated, "refuse", DIRECTOR, SAFE),
        Offer::at(Stage::Authorised, "monitor", TRUSTED, SAFE),
        Offer::at(Stage::Authorised, "plan-validation", TRUSTED, CRITERIA),
        Offer::at(Stage::Authorised, "report-validation", TRUSTED, CRITERIA),
        Offer::at(Stage::Authorised, "suspend", TRUSTED, SAFE),
        Offer::at(Stage::Authorised, "withdraw", DIRECTOR, SAFE),
        Offer::at(Stage::Authorised, "expire", Role::NODE, "the authorisation's last day"),
        Offer::at(Stage::Suspended, "monitor", TRUSTED, SAFE),
        Offer::at(Stage::Suspended, "reinstate", DIRECTOR, SAFE),
        Offer::at(Stage::Suspended, "withdraw", DIRECTOR, SAFE),
        Offer::at(Stage::Suspended, "expire", Role::NODE, "the authorisation's last day"),
        Offer::at(Stage::Withdrawn, "expire", Role::NODE, "what is out does not run out"),
        Offer::at(Stage::Refused, "apply", TRUSTED, "an operator may apply again"),
        Offer::at(Stage::Withdrawn, "apply", TRUSTED, "an operator may apply again"),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "apply",
            &[
                Field::needed("application.party.name", Sort::Text(256)),
                Field::optional("application.party.address.line", Sort::Text(256)),
                Field::optional("application.local_name", Sort::Text(256)),
                Field::needed("application.roles", Sort::Several("operator-role", ROLES)),
                Field::optional("application.sites", Sort::Words(50)),
                Field::optional("application.contact", Sort::Text(256)),
            ],
        ),
        Form::of(
            "plan-validation",
            &[Field::needed("planned", Sort::Day), Field::needed("team", Sort::Words(10))],
        ),
        Form::of(
            "report-validation",
            &[
                Field::needed(
                    "outcome",
                    Sort::Choice("validation-outcome", &["met", "met-with-conditions", "not-met"]),
                ),
                Field::needed("report", Sort::LongText(4_000)),
            ],
        ),
        Form::of(
            "authorise",
            &[
                Field::needed("code", Sort::Text(20)),
                Field::needed("from", Sort::Day),
                Field::optional("until", Sort::Day),
            ],
        ),
        Form::of("refuse", REASON),
        Form::of("monitor", &[Field::needed("note", Sort::LongText(2_000))]),
        Form::of("suspend", &[Field::needed("reason", Sort::Text(120)), Field::optional("at", Sort::Moment)]),
        Form::of("reinstate", REASON),
        Form::of("withdraw", REASON),
    ];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Apply { application } => applied(application),
            Act::PlanValidation { planned, team } if team.is_empty() => {
                Err(Refusal::new("value-missing", planned.to_string()).remedy("team"))
            }
            Act::PlanValidation { planned, team } => {
                Ok(vec![Event::ValidationPlanned { planned: *planned, team: team.clone() }])
            }
            Act::ReportValidation { report, .. } if report.trim().is_empty() => {
                Err(Refusal::new("result-missing", "report-validation").remedy("report"))
            }
            Act::ReportValidation { outcome, report } => {
                Ok(vec![Event::ValidationReported { outcome: *outcome, report: report.trim().to_owned() }])
            }
            Act::Authorise { code, from, until } => self.authorised(code, *from, *until, facts),
            Act::Refuse { reason } => {
                with_reason(reason, "refuse").map(|reason| vec![Event::Refused { reason }])
            }
            Act::Monitor { note } => with_reason(note, "monitor").map(|note| {
                let monitoring = Monitoring { at: facts.now, note, by: facts.actor.name.clone() };
                vec![Event::Monitored { monitoring }]
            }),
            Act::Suspend { reason, at } => self.changed(Status::Suspended, reason, *at, facts),
            Act::Reinstate { reason } => self.changed(Status::Active, reason, None, facts),
            Act::Withdraw { reason } => self.changed(Status::Withdrawn, reason, None, facts),
            Act::Expire if self.stage == Some(Stage::Withdrawn) => Ok(Vec::new()),
            Act::Expire => self.changed(Status::Withdrawn, "expired", None, facts),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Applied { application } => {
                *self = Self {
                    application: Some((**application).clone()),
                    stage: Some(Stage::Applied),
                    entry: self.entry.take(),
                    ..Self::default()
                };
            }
            Event::ValidationPlanned { planned, team } => {
                let validation = Validation {
                    planned: *planned,
                    team: team.clone(),
                    outcome: None,
                    report: String::new(),
                };
                self.validations.push(validation);
                if self.stage != Some(Stage::Authorised) {
                    self.stage = Some(Stage::Validating);
                }
            }
            Event::ValidationReported { outcome, report } => {
                if let Some(last) = self.validations.last_mut() {
                    last.outcome = Some(*outcome);
                    last.report.clone_from(report);
                }
                if self.stage != Some(Stage::Authorised) {
                    self.stage = Some(Stage::Validated);
                }
            }
            Event::Authorised { entry } => {
                self.entry = Some((**entry).clone());
                self.stage = Some(Stage::Authorised);
            }
            Event::Refused { reason } => {
                self.reason.clone_from(reason);
                self.stage = Some(Stage::Refused);
            }
            Event::Monitored { monitoring } => self.monitoring.push(monitoring.clone()),
            Event::StatusChanged { change } => {
                self.reason.clone_from(&change.reason);
                self.stage = Some(match change.status {
                    Status::Active => Stage::Authorised,
                    Status::Suspended => Stage::Suspended,
                    Status::Withdrawn => Stage::Withdrawn,
                });
                if let Some(entry) = &mut self.entry {
                    entry.history.push(change.clone());
                }
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let Some(entry) = &self.entry else { return Vec::new() };
        let publish = || {
            let feed = Feed::case_of(entry.country().as_str());
            Effect::act(feed, &FeedAct::Publish { entry: Box::new(entry.clone()) })
        };
        match event {
            Event::Authorised { .. } => {
                let mut effects = vec![publish()];
                let over = entry.until.and_then(|until| until.checked_add(1.day()).ok());
                let over = over.and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC).ok());
                effects.extend(over.map(|at| Effect::wake("expire", at.timestamp(), &Act::Expire)));
                effects
            }
            Event::StatusChanged { .. } => vec![publish()],
            Event::Applied { .. }
            | Event::ValidationPlanned { .. }
            | Event::ValidationReported { .. }
            | Event::Refused { .. }
            | Event::Monitored { .. } => {
                let _ = facts;
                Vec::new()
            }
        }
    }

    fn summary(&self) -> Summary {
        let (Some(application), Some(stage)) = (&self.application, self.stage) else {
            return Summary::default();
        };
        let code = self.entry.as_ref().map_or("", |entry| entry.code.as_str());
        Summary {
            stage: stage.word().into(),
            title: application.party.name.clone(),
            severity: (stage == Stage::Suspended).then_some(Severity::Warning),
            closed: matches!(stage, Stage::Withdrawn | Stage::Refused),
            references: vec![
                Reference::new("operator", code),
                Reference::new("party", application.party.name.clone()),
            ],
            shown: json!({
                "code": code, "roles": application.roles, "sites": application.sites,
                "from": self.entry.as_ref().map(|entry| entry.from),
                "until": self.entry.as_ref().and_then(|entry| entry.until),
                "validations": self.validations.len(), "monitoring": self.monitoring.len(), "reason": self.reason,
                "outcome": self.validations.last().and_then(|last| last.outcome),
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
            Self::Applied => "applied",
            Self::Validating => "validating",
            Self::Validated => "validated",
            Self::Authorised => "authorised",
            Self::Suspended => "suspended",
            Self::Withdrawn => "withdrawn",
            Self::Refused => "refused",
        }
    }
}

impl Operator {
    /// The case of an operator of ours, by a key its office chooses (a tax number, a file number).
    #[must_use]
    pub fn case_of(key: &str) -> CaseId {
        CaseId::of(Self::NAME, key)
    }

    /// As it is listed.
    #[must_use]
    pub const fn entry(&self) -> Option<&Entry> {
        self.entry.as_ref()
    }

    fn authorised(
        &self,
        code: &OperatorCode,
        from: Date,
        until: Option<Date>,
        facts: &Facts<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        let met = self.validations.last().and_then(|last| last.outcome);
        if !matches!(met, Some(Outcome::Met | Outcome::MetWithConditions)) {
            return Err(Refusal::new("validation-not-met", code.as_str()).remedy("report-validation"));
        }
        if until.is_some_and(|until| until < from) {
            return Err(Refusal::new("date-wrong-order", from.to_string()).remedy("until"));
        }
        let application = self.application.as_ref().expect("the table lets nobody in without an application");
        let start = from.to_zoned(jiff::tz::TimeZone::UTC).map_or(facts.now, |zoned| zoned.timestamp());
        let change =
            StatusChange { status: Status::Active, at: start.max(facts.now), reason: "authorised".into() };
        let entry = Entry {
            code: code.clone(),
            party: application.party.clone(),
            local_name: application.local_name.clone(),
            roles: application.roles.clone(),
            sites: application.sites.clone(),
            contact: application.contact.clone(),
            from,
            until,
            history: vec![change],
        };
        Ok(vec![Event::Authorised { entry: Box::new(entry) }])
    }

    fn changed(
        &self,
        status: Status,
        reason: &str,
        at: Option<Timestamp>,
        facts: &Facts<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        let reason = with_reason(reason, "status")?;
        let at = at.unwrap_or(facts.now);
        let last = self.entry.as_ref().and_then(Entry::current).map(|change| change.at);
        if at > facts.now || last.is_some_and(|last| at <= last && last <= facts.now) {
            return Err(Refusal::new("date-wrong-order", at.to_string()).remedy("at"));
        }
        Ok(vec![Event::StatusChanged { change: StatusChange { status, at, reason } }])
    }
}

fn applied(application: &Application) -> Result<Vec<Event>, Refusal> {
    if application.party.name.trim().is_empty() {
        return Err(Refusal::new("value-missing", "party").remedy("name"));
    }
    if application.roles.is_empty() {
        return Err(Refusal::new("value-missing", "roles").remedy("roles"));
    }
    Ok(vec![Event::Applied { application: Box::new(application.clone()) }])
}

fn with_reason(reason: &str, act: &str) -> Result<String, Refusal> {
    match reason.trim() {
        "" => Err(Refusal::new("reason-missing", act).remedy("reason")),
        reason => Ok(reason.to_owned()),
    }
}

const REASON: &[Field] = &[Field::needed("reason", Sort::Text(300))];
const ROLES: &[&str] =
    &["importer", "exporter", "manufacturer", "broker", "carrier", "warehouse", "forwarder"];
