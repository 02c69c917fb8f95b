//! A movement at the offices of transit of a country it crosses: expected, controlled, passed.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{
    CaseId, Effect, Facts, Field, Form, Named, NodeId, Offer, Procedure, Reference, Refusal, Role, Severity,
    Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::declaration::seals;
use super::wire::{self, Letter};
use crate::roles::{ANALYST, DIRECTOR, EXCHANGE, GATE};

/// One movement in a country it crosses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    stage: Option<Stage>,
    mrn: String,
    departure: String,
    /// The movement as the country of departure tells it.
    record: Value,
    office: String,
    passed: Option<Date>,
    incidents: Vec<Value>,
    enquiry: Option<(String, String)>,
    refused: String,
    sent: u32,
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Presented, and its record asked for.
    Requested,
    /// Not to go on: the country of departure does not vouch for it.
    Refused,
    /// Its record is here.
    Expected,
    /// Over the frontier.
    Passed,
    /// Held at the frontier.
    Stopped,
    /// Invalidated at departure.
    Cancelled,
    /// Arrived elsewhere; it never passed here.
    NotPassed,
    /// Looked for.
    Enquired,
    /// Its debt is being recovered.
    RecoveryClosed,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum PassageAct {
    /// The record came, unasked (050) or asked for (115).
    Expect {
        /// The movement.
        record: Value,
    },
    /// The record is refused (115).
    Deny {
        /// The standard's reason.
        reason: String,
    },
    /// The vehicle is at an office.
    Present {
        /// The office.
        office: String,
    },
    /// It passes.
    Pass {
        /// The office.
        office: String,
    },
    /// It is held.
    Stop {
        /// Why.
        reason: String,
    },
    /// Something happened on the way and is registered here.
    RegisterIncident {
        /// The office.
        office: String,
        /// The incidents, as the message has them.
        incidents: Value,
    },
    /// An incident registered elsewhere (181).
    Incident {
        /// The incidents.
        incidents: Value,
    },
    /// Invalidated (010).
    Cancel,
    /// Arrived elsewhere (024).
    Close,
    /// Looked for (142).
    Enquire {
        /// The office that asks.
        office: String,
        /// The message that asks.
        message: String,
    },
    /// The enquiry is answered (143).
    AnswerEnquiry {
        /// The office that answers.
        office: String,
        /// 1 unknown here, 2 other, 3 papers returned, 4 other with text.
        code: String,
        /// In words.
        #[serde(default)]
        text: String,
    },
    /// Recovery has begun (063).
    CloseForRecovery,
}

impl Named for PassageAct {
    fn name(&self) -> &'static str {
        match self {
            Self::Expect { .. } => "expect",
            Self::Deny { .. } => "deny",
            Self::Present { .. } => "present",
            Self::Pass { .. } => "pass",
            Self::Stop { .. } => "stop",
            Self::RegisterIncident { .. } => "register-incident",
            Self::Incident { .. } => "incident",
            Self::Cancel => "cancel",
            Self::Close => "close",
            Self::Enquire { .. } => "enquire",
            Self::AnswerEnquiry { .. } => "answer-enquiry",
            Self::CloseForRecovery => "close-for-recovery",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum PassageEvent {
    /// The record came.
    Expected {
        /// The movement.
        record: Value,
    },
    /// The record was asked for (114).
    Requested {
        /// For this office.
        office: String,
    },
    /// The record was refused.
    Denied {
        /// Why.
        reason: String,
    },
    /// Passed (118).
    Passed {
        /// The office.
        office: String,
        /// The day.
        day: Date,
    },
    /// Held.
    Stopped {
        /// Why.
        reason: String,
    },
    /// An incident was registered here (180).
    IncidentRegistered {
        /// The office.
        office: String,
        /// The incidents.
        incidents: Value,
        /// When.
        at: Timestamp,
    },
    /// An incident registered elsewhere.
    IncidentTold {
        /// The incidents.
        incidents: Value,
    },
    /// Invalidated.
    Cancelled,
    /// Arrived elsewhere.
    Closed,
    /// Looked for.
    Enquired {
        /// The office that asks.
        office: String,
        /// The message that asks.
        message: String,
    },
    /// The enquiry was answered (143; a passage that was missing is told again, 118).
    EnquiryAnswered {
        /// The office that answered.
        office: String,
        /// The code.
        code: String,
        /// In words.
        text: String,
        /// When.
        at: Timestamp,
    },
    /// Recovery has begun.
    ClosedForRecovery,
}

const OFFICE: &str = "Protocol 7 of AFAFGIT, Technical Appendix: the office of transit";
const WIRE: &str = "the term with the country of departure";

macro_rules! table {
    ($($stage:ident: $($act:literal),*);+ $(;)?) => {
        &[
            Offer::opening("expect", Role::NODE, WIRE),
            Offer::opening("present", GATE, OFFICE),
            Offer::opening("enquire", Role::NODE, WIRE),
            Offer::opening("cancel", Role::NODE, "word that comes before its record is kept"),
            Offer::opening("close", Role::NODE, "word that comes before its record is kept"),
            Offer::opening("incident", Role::NODE, "word of what is not expected here changes nothing"),
            Offer::opening("close-for-recovery", Role::NODE, WIRE),
            $($(Offer::at(Stage::$stage, $act, GATE, OFFICE),)*
            Offer::at(Stage::$stage, "expect", Role::NODE, WIRE),
            Offer::at(Stage::$stage, "deny", Role::NODE, WIRE),
            Offer::at(Stage::$stage, "cancel", Role::NODE, WIRE),
            Offer::at(Stage::$stage, "close", Role::NODE, WIRE),
            Offer::at(Stage::$stage, "incident", Role::NODE, WIRE),
            Offer::at(Stage::$stage, "enquire", Role::NODE, WIRE),
            Offer::at(Stage::$stage, "close-for-recovery", Role::NODE, WIRE),
            )+
        ]
    };
}

impl Procedure for Passage {
    const NAME: &'static str = "transit-passage";
    // Word from other countries comes late, twice and out of order; it is taken at every stage and changes what it may.
    const TABLE: &'static [Offer<Stage>] = table! {
        Requested: "present";
        Refused: "present", "stop";
        Expected: "present", "pass", "stop", "register-incident";
        Passed: "register-incident";
        Stopped: "pass", "register-incident";
        Cancelled: "stop";
        NotPassed: ;
        Enquired: "answer-enquiry", "pass";
        RecoveryClosed: ;
    };
    const FORMS: &'static [Form] = &[
        Form::of("present", &[Field::needed("office", Sort::Text(8))]),
        Form::of("pass", &[Field::needed("office", Sort::Text(8))]),
        Form::of("stop", &[Field::needed("reason", Sort::Text(300))]),
        Form::of(
            "register-incident",
            &[Field::needed("office", Sort::Text(8)), Field::needed("incidents", Sort::Json)],
        ),
        Form::of(
            "answer-enquiry",
            &[
                Field::needed("office", Sort::Text(8)),
                Field::needed("code", Sort::Choice("enquiry-code", &["1", "2", "3", "4"])),
                Field::optional("text", Sort::Text(512)),
            ],
        ),
    ];
    const READERS: &'static [Role] = &[ANALYST, EXCHANGE, DIRECTOR];

    type Stage = Stage;
    type Act = PassageAct;
    type Event = PassageEvent;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &PassageAct, facts: &Facts<'_>) -> Result<Vec<PassageEvent>, Refusal> {
        let open = matches!(
            self.stage,
            None | Some(Stage::Expected | Stage::Requested | Stage::Stopped | Stage::Enquired)
        );
        Ok(match act {
            PassageAct::Expect { record } => {
                let wanted = matches!(self.stage, None | Some(Stage::Requested));
                wanted.then(|| PassageEvent::Expected { record: record.clone() }).into_iter().collect()
            }
            PassageAct::Deny { reason } if self.stage == Some(Stage::Requested) => {
                vec![PassageEvent::Denied { reason: reason.clone() }]
            }
            PassageAct::Present { office } if self.stage == Some(Stage::Expected) => {
                let _ = office;
                Vec::new()
            }
            PassageAct::Present { office } => vec![PassageEvent::Requested { office: office.clone() }],
            PassageAct::Pass { office } => {
                vec![PassageEvent::Passed { office: office.clone(), day: facts.day() }]
            }
            PassageAct::Stop { reason } if reason.trim().is_empty() => {
                return Err(Refusal::new("reason-missing", "stop").remedy("reason"));
            }
            PassageAct::Stop { reason } => vec![PassageEvent::Stopped { reason: reason.clone() }],
            PassageAct::RegisterIncident { office, incidents } => vec![PassageEvent::IncidentRegistered {
                office: office.clone(),
                incidents: incidents.clone(),
                at: facts.now,
            }],
            PassageAct::Incident { incidents } if self.stage.is_some() => {
                vec![PassageEvent::IncidentTold { incidents: incidents.clone() }]
            }
            PassageAct::Cancel if open => vec![PassageEvent::Cancelled],
            PassageAct::Close if open => vec![PassageEvent::Closed],
            PassageAct::Enquire { office, message } if self.stage.is_some() => {
                vec![PassageEvent::Enquired { office: office.clone(), message: message.clone() }]
            }
            PassageAct::AnswerEnquiry { office, code, text } => vec![PassageEvent::EnquiryAnswered {
                office: office.clone(),
                code: code.clone(),
                text: text.clone(),
                at: facts.now,
            }],
            PassageAct::CloseForRecovery if self.passed.is_none() => {
                vec![PassageEvent::ClosedForRecovery]
            }
            _ => Vec::new(),
        })
    }

    fn apply(&mut self, event: &PassageEvent) {
        self.sent += 1;
        match event {
            PassageEvent::Expected { record } => self.expected(record),
            PassageEvent::Requested { office } => {
                (self.stage, self.office) = (Some(Stage::Requested), office.clone());
            }
            PassageEvent::Denied { reason } => {
                (self.stage, self.refused) = (Some(Stage::Refused), reason.clone());
            }
            PassageEvent::Passed { office, day } => {
                (self.stage, self.office, self.passed) = (Some(Stage::Passed), office.clone(), Some(*day));
            }
            PassageEvent::Stopped { reason } => {
                (self.stage, self.refused) = (Some(Stage::Stopped), reason.clone());
            }
            PassageEvent::IncidentRegistered { incidents, .. } | PassageEvent::IncidentTold { incidents } => {
                self.incidents.push(incidents.clone());
            }
            PassageEvent::Cancelled => self.stage = Some(Stage::Cancelled),
            PassageEvent::Closed => self.stage = Some(Stage::NotPassed),
            PassageEvent::Enquired { office, message } => {
                self.enquiry = Some((office.clone(), message.clone()));
                if self.passed.is_none() {
                    self.stage = Some(Stage::Enquired);
                }
            }
            PassageEvent::EnquiryAnswered { .. } => {
                self.stage = Some(if self.passed.is_some() { Stage::Passed } else { Stage::Expected });
            }
            PassageEvent::ClosedForRecovery => self.stage = Some(Stage::RecoveryClosed),
        }
    }

    fn follow(&self, event: &PassageEvent, facts: &Facts<'_>) -> Vec<Effect> {
        let mrn = facts.case.key();
        let from = |office: &str| NodeId::new(super::country_of(office));
        let home = NodeId::new(super::country_of(&mrn[2..]));
        let letter = |code: &'static str, us: NodeId, content: Value, answers: Option<String>| {
            let letter = Letter { from: us, to: home.clone(), code, content, answers };
            letter.send((mrn, self.sent), facts)
        };
        let named = |office: &str| json!({ "TransitOperation": { "MRN": mrn }, "CustomsOfficeOfTransitActual": wire::office(office) });
        match event {
            PassageEvent::Requested { office } => letter("CD114C", from(office), named(office), None),
            PassageEvent::Passed { office, day } => {
                letter("CD118C", from(office), self.crossing(mrn, office, *day), None)
            }
            PassageEvent::IncidentRegistered { office, incidents, at } => {
                let content = json!({ "TransitOperation": { "MRN": mrn, "incidentNotificationDateAndTime": wire::moment(*at) },
                    "CustomsOfficeOfDeparture": wire::office(&self.departure),
                    "CustomsOfficeOfIncidentRegistration": wire::office(office), "Consignment": { "Incident": incidents } });
                letter("CD180C", from(office), content, None)
            }
            // It passed, and the word of it was lost: it is told again.
            PassageEvent::Enquired { .. } if self.passed.is_some() => {
                let day = self.passed.unwrap_or_default();
                letter("CD118C", from(&self.office), self.crossing(mrn, &self.office, day), None)
            }
            PassageEvent::EnquiryAnswered { office, code, text, at } => letter(
                "CD143C",
                from(office),
                wire::enquiry_answer(mrn, self.asked(), (code, text), *at),
                None,
            ),
            _ => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let open = matches!(stage, Stage::Requested | Stage::Expected | Stage::Stopped | Stage::Enquired);
        let seals = seals(&self.record["Consignment"]);
        let mut references = vec![Reference::new("mrn", self.mrn.clone())];
        references.extend(seals.iter().take(50).map(|seal| Reference::new("seal", seal.clone())));
        Summary {
            stage: stage.word().into(),
            title: self.mrn.clone(),
            partner: super::country_of(&self.departure).to_owned(),
            severity: matches!(stage, Stage::Stopped | Stage::Refused | Stage::Enquired)
                .then_some(Severity::Error),
            closed: !open,
            references,
            shown: json!({
                "mrn": self.mrn, "departure": self.departure, "office": self.office, "passed": self.passed,
                "incidents": self.incidents.len(), "seals": seals, "why": self.refused,
                "destination": self.record["CustomsOfficeOfDestinationDeclared"]["referenceNumber"],
            }),
            ..Summary::default()
        }
    }
}

impl Stage {
    const fn word(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Refused => "refused",
            Self::Expected => "expected",
            Self::Passed => "passed",
            Self::Stopped => "stopped",
            Self::Cancelled => "cancelled",
            Self::NotPassed => "not-passed",
            Self::Enquired => "enquired",
            Self::RecoveryClosed => "recovery-closed",
        }
    }
}

impl Passage {
    /// The case of a movement.
    #[must_use]
    pub fn case_of(mrn: &str) -> CaseId {
        CaseId::of(Self::NAME, mrn)
    }

    /// The day it passed; `None` where it has not.
    #[must_use]
    pub const fn passed(&self) -> Option<Date> {
        self.passed
    }

    fn expected(&mut self, record: &Value) {
        let text = |path: &str| record.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        self.stage = Some(Stage::Expected);
        self.mrn = text("/TransitOperation/MRN");
        self.departure = text("/CustomsOfficeOfDeparture/referenceNumber");
        self.record = record.clone();
    }

    fn asked(&self) -> &str {
        self.enquiry.as_ref().map_or("", |(office, _)| office)
    }

    fn crossing(&self, mrn: &str, office: &str, day: Date) -> Value {
        json!({ "TransitOperation": { "MRN": mrn, "passageDate": day }, "CustomsOfficeOfDeparture": wire::office(&self.departure),
            "CustomsOfficeOfTransitActual": wire::office(office) })
    }
}
