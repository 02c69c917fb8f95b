//! What may be wanted of a movement at destination, what happened, and how it is weighed and taken in.

use jiff::Timestamp;
use kernel::{CaseId, Facts, Findings, Named, Refusal, Severity};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Arrival, Follower, Stage};
use crate::roles::PRINCIPAL;
use crate::transit::departure::{Answer, ControlCode, Fault, fault};

/// An arrival, as the trader at destination notifies it (007).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notification {
    /// The office where the goods are.
    pub office: String,
    /// The trader.
    #[serde(default)]
    pub trader: String,
    /// Whether at own premises, by the simplified procedure.
    #[serde(default = "no")]
    pub simplified: Answer,
    /// Incidents on the way that nobody registered before.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub incidents: Value,
    /// What the reader saw wrong with the message.
    #[serde(default)]
    pub findings: Findings,
    /// The message's own id.
    #[serde(default)]
    pub message: String,
}

/// What the trader found when unloading (044).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remarks {
    /// Whether everything is as declared.
    pub conform: Answer,
    /// Whether everything is unloaded.
    pub complete: Answer,
    /// Whether the seals were good, where there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seals: Option<Answer>,
    /// In words.
    #[serde(default)]
    pub text: String,
    /// What differs, as the message has it.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub differences: Value,
    /// What the reader saw wrong with the message.
    #[serde(default)]
    pub findings: Findings,
}

fn no() -> Answer {
    Answer::No
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum ArrivalAct {
    /// The record came, unasked (001) or asked for (003).
    Expect {
        /// The movement.
        record: Value,
    },
    /// The record is refused (003).
    Deny {
        /// The standard's reason.
        reason: String,
    },
    /// The trader notifies the arrival (007).
    Notify(Box<Notification>),
    /// Unloading is permitted (043).
    PermitUnloading,
    /// The trader tells what unloading showed (044).
    Remark(Box<Remarks>),
    /// The office looks at the goods.
    Control,
    /// The office concludes (018, 025).
    Conclude {
        /// What it found.
        code: ControlCode,
        /// Whether the seals were good.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seals: Option<Answer>,
        /// In words.
        #[serde(default)]
        text: String,
    },
    /// The office of departure says whether the discrepancies are solved (049).
    Resolve {
        /// Yes or no.
        solved: Answer,
    },
    /// An incident registered on the way (181).
    Incident {
        /// The incidents.
        incidents: Value,
    },
    /// Invalidated (010).
    Cancel,
    /// Arrived elsewhere (024).
    Divert,
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
        /// The standard's code.
        code: String,
        /// In words.
        #[serde(default)]
        text: String,
    },
    /// Recovery has begun (063).
    CloseForRecovery,
    /// An import declaration follows the movement.
    Link {
        /// Its consignment.
        consignment: CaseId,
    },
    /// It follows no more.
    Unlink {
        /// Its consignment.
        consignment: CaseId,
    },
    /// The gate decided on goods that follow it, and nothing differed.
    ActOn {
        /// What decided.
        decision: CaseId,
    },
}

impl Named for ArrivalAct {
    fn name(&self) -> &'static str {
        match self {
            Self::Expect { .. } => "expect",
            Self::Deny { .. } => "deny",
            Self::Notify(_) => "notify",
            Self::PermitUnloading => "permit-unloading",
            Self::Remark(_) => "remark",
            Self::Control => "control",
            Self::Conclude { .. } => "conclude",
            Self::Resolve { .. } => "resolve",
            Self::Incident { .. } => "incident",
            Self::Cancel => "cancel",
            Self::Divert => "divert",
            Self::Enquire { .. } => "enquire",
            Self::AnswerEnquiry { .. } => "answer-enquiry",
            Self::CloseForRecovery => "close-for-recovery",
            Self::Link { .. } => "link",
            Self::Unlink { .. } => "unlink",
            Self::ActOn { .. } => "act-on",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum ArrivalEvent {
    /// The record came.
    Expected {
        /// The movement.
        record: Value,
    },
    /// The arrival was notified and the record is not here (002).
    RecordRequested {
        /// What was notified.
        notification: Box<Notification>,
        /// By which account.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// The record was refused (057).
    Denied {
        /// Why.
        reason: String,
        /// When.
        at: Timestamp,
    },
    /// What the trader sent is rejected (057).
    Rejected {
        /// The message, by its number.
        of: String,
        /// Why.
        faults: Vec<Fault>,
        /// When.
        at: Timestamp,
    },
    /// Arrived (006).
    Arrived {
        /// What was notified.
        notification: Box<Notification>,
        /// By which account.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// Unloading is permitted (043).
    UnloadingPermitted {
        /// Whether to go on where it stopped.
        again: Answer,
        /// When.
        at: Timestamp,
    },
    /// Unloading showed this.
    Remarked {
        /// What.
        remarks: Box<Remarks>,
        /// When.
        at: Timestamp,
    },
    /// The office looks at the goods.
    ControlBegun,
    /// The office concluded (018, 025).
    Concluded {
        /// What it found.
        code: ControlCode,
        /// Whether the seals were good.
        seals: Option<Answer>,
        /// In words.
        text: String,
        /// When.
        at: Timestamp,
    },
    /// The discrepancies were solved, or not.
    Resolved {
        /// Yes or no.
        solved: Answer,
        /// When.
        at: Timestamp,
    },
    /// An incident.
    IncidentTold {
        /// What.
        incidents: Value,
    },
    /// Invalidated.
    Cancelled,
    /// Arrived elsewhere.
    Diverted,
    /// Looked for; where it arrived, that is told again.
    Enquired {
        /// The office that asks.
        office: String,
        /// The message that asks.
        message: String,
    },
    /// The enquiry was answered (143).
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
    /// An import declaration follows it.
    Followed {
        /// Its consignment.
        consignment: CaseId,
    },
    /// It follows no more.
    Unfollowed {
        /// Its consignment.
        consignment: CaseId,
    },
    /// The gate let goods go that follow it, and nothing differed.
    FollowerReleased {
        /// The consignment.
        consignment: CaseId,
    },
}

type Weighed = Result<Vec<ArrivalEvent>, Refusal>;

impl Arrival {
    pub(super) fn weigh(&self, act: &ArrivalAct, facts: &Facts<'_>) -> Weighed {
        let at = facts.now;
        let stage = self.stage.unwrap_or(Stage::Expected);
        let waiting =
            matches!(self.stage, None | Some(Stage::Expected | Stage::RecordRequested | Stage::Enquired));
        Ok(match act {
            ArrivalAct::Notify(notification) => return self.notify(notification, facts),
            ArrivalAct::Remark(remarks) => return self.remark(remarks, facts),
            ArrivalAct::Expect { record } => self.expect(record, at),
            ArrivalAct::Deny { reason } if stage == Stage::RecordRequested => {
                vec![ArrivalEvent::Denied { reason: reason.clone(), at }]
            }
            ArrivalAct::PermitUnloading
                if matches!(stage, Stage::Arrived | Stage::UnderControl | Stage::Unloading) =>
            {
                vec![ArrivalEvent::UnloadingPermitted { again: Answer::No, at }]
            }
            ArrivalAct::Control => vec![ArrivalEvent::ControlBegun],
            ArrivalAct::Conclude { code, seals, text } => {
                let explained = !text.trim().is_empty()
                    || self.remarks.as_ref().is_some_and(|it| !it.differences.is_null());
                if matches!(code, ControlCode::A5 | ControlCode::B1) && !explained {
                    return Err(Refusal::new("result-missing", code.code()).remedy("text"));
                }
                vec![self.concluded(*code, *seals, text, at)]
            }
            ArrivalAct::Resolve { solved } if stage == Stage::WaitingForResolution => {
                vec![ArrivalEvent::Resolved { solved: *solved, at }]
            }
            ArrivalAct::Incident { incidents } if self.stage.is_some() => {
                vec![ArrivalEvent::IncidentTold { incidents: incidents.clone() }]
            }
            ArrivalAct::Cancel if waiting => vec![ArrivalEvent::Cancelled],
            ArrivalAct::Divert if waiting => vec![ArrivalEvent::Diverted],
            ArrivalAct::Enquire { office, message } if self.stage.is_some() => {
                vec![ArrivalEvent::Enquired { office: office.clone(), message: message.clone() }]
            }
            ArrivalAct::AnswerEnquiry { office, code, text } => vec![ArrivalEvent::EnquiryAnswered {
                office: office.clone(),
                code: code.clone(),
                text: text.clone(),
                at,
            }],
            ArrivalAct::CloseForRecovery if waiting => vec![ArrivalEvent::ClosedForRecovery],
            ArrivalAct::Link { .. } | ArrivalAct::Unlink { .. } | ArrivalAct::ActOn { .. } => {
                self.followed(act)
            }
            _ => Vec::new(),
        })
    }

    /// What the import declarations behind it say; what is known already is no news.
    fn followed(&self, act: &ArrivalAct) -> Vec<ArrivalEvent> {
        let event = match act {
            ArrivalAct::Link { consignment } if !self.imports.contains_key(consignment) => {
                ArrivalEvent::Followed { consignment: consignment.clone() }
            }
            ArrivalAct::Unlink { consignment } if self.imports.contains_key(consignment) => {
                ArrivalEvent::Unfollowed { consignment: consignment.clone() }
            }
            ArrivalAct::ActOn { decision } if self.imports.get(decision) == Some(&Follower::Open) => {
                ArrivalEvent::FollowerReleased { consignment: decision.clone() }
            }
            _ => return Vec::new(),
        };
        vec![event]
    }

    fn notify(&self, notification: &Notification, facts: &Facts<'_>) -> Weighed {
        let at = facts.now;
        let faults: Vec<_> =
            notification.findings.iter().filter(|it| it.severity >= Severity::Error).map(fault).collect();
        let open = matches!(
            self.stage,
            None | Some(Stage::Expected | Stage::Enquired | Stage::Rejected | Stage::Diverted)
        );
        if !faults.is_empty() || !open {
            let faults =
                if faults.is_empty() { self.faults(self.stage.unwrap_or(Stage::Expected)) } else { faults };
            return Ok(vec![ArrivalEvent::Rejected { of: "007".into(), faults, at }]);
        }
        let (notification, by) = (Box::new(notification.clone()), facts.actor.name.clone());
        let known = !self.record.is_null() && self.stage != Some(Stage::Diverted);
        if !known {
            return Ok(vec![ArrivalEvent::RecordRequested { notification, by, at }]);
        }
        Ok(vec![ArrivalEvent::Arrived { notification, by, at }])
    }

    /// The record; where the goods wait for it, they have arrived now.
    fn expect(&self, record: &Value, at: Timestamp) -> Vec<ArrivalEvent> {
        let expected = ArrivalEvent::Expected { record: record.clone() };
        match (self.stage, &self.notified) {
            (None | Some(Stage::Enquired), _) if self.record.is_null() => vec![expected],
            (Some(Stage::RecordRequested), Some(notified)) => {
                let arrived = ArrivalEvent::Arrived {
                    notification: Box::new(notified.clone()),
                    by: self.by.clone(),
                    at: self.arrived.unwrap_or(at),
                };
                vec![expected, arrived]
            }
            _ => Vec::new(),
        }
    }

    /// Conform and complete is the result; not complete goes on; what differs is the office's to weigh, but for a trader
    /// whose office takes minor differences as told.
    fn remark(&self, remarks: &Remarks, facts: &Facts<'_>) -> Weighed {
        let at = facts.now;
        if facts.actor.role == PRINCIPAL && self.stage.is_some() && facts.actor.name != self.by {
            return Err(Refusal::new("not-yours", self.mrn.clone()));
        }
        let faults: Vec<_> =
            remarks.findings.iter().filter(|it| it.severity >= Severity::Error).map(fault).collect();
        if !faults.is_empty() || self.stage != Some(Stage::Unloading) {
            let faults =
                if faults.is_empty() { self.faults(self.stage.unwrap_or(Stage::Expected)) } else { faults };
            return Ok(vec![ArrivalEvent::Rejected { of: "044".into(), faults, at }]);
        }
        let remarked = ArrivalEvent::Remarked { remarks: Box::new(remarks.clone()), at };
        let next = match (remarks.complete, remarks.conform) {
            (Answer::No, _) => ArrivalEvent::UnloadingPermitted { again: Answer::Yes, at },
            (Answer::Yes, Answer::Yes) if remarks.seals != Some(Answer::No) => {
                self.concluded(ControlCode::A2, remarks.seals, "", at)
            }
            (Answer::Yes, _) => ArrivalEvent::ControlBegun,
        };
        Ok(vec![remarked, next])
    }

    /// Broken seals are never quite satisfactory.
    fn concluded(&self, code: ControlCode, seals: Option<Answer>, text: &str, at: Timestamp) -> ArrivalEvent {
        let seals = seals.or_else(|| self.remarks.as_ref().and_then(|remarks| remarks.seals));
        let expected = self.expects_seals() == Answer::Yes;
        let seals = seals.or_else(|| expected.then_some(Answer::Yes));
        let code = match (code, seals) {
            (ControlCode::A1 | ControlCode::A2 | ControlCode::A3, Some(Answer::No)) => ControlCode::A5,
            (code, _) => code,
        };
        let said = self.remarks.as_ref().map(|remarks| remarks.text.as_str()).unwrap_or_default();
        let text = if text.is_empty() { said } else { text };
        ArrivalEvent::Concluded { code, seals, text: text.to_owned(), at }
    }

    pub(super) fn take_in(&mut self, event: &ArrivalEvent) {
        match event {
            ArrivalEvent::Expected { record } => self.take_record(record),
            ArrivalEvent::RecordRequested { notification, by, at } => {
                (self.stage, self.by) = (Some(Stage::RecordRequested), by.clone());
                (self.notified, self.arrived) = (Some((**notification).clone()), Some(*at));
                self.office.clone_from(&notification.office);
            }
            ArrivalEvent::Denied { reason, .. } => {
                (self.stage, self.arrived, self.why) = (Some(Stage::Rejected), None, reason.clone());
            }
            ArrivalEvent::Rejected { .. } if self.stage.is_none() => self.stage = Some(Stage::Rejected),
            ArrivalEvent::Arrived { notification, by, at } => {
                (self.stage, self.by) = (Some(Stage::Arrived), by.clone());
                (self.notified, self.arrived) = (Some((**notification).clone()), Some(*at));
                self.office.clone_from(&notification.office);
                if !notification.incidents.is_null() {
                    self.incidents.push(notification.incidents.clone());
                }
            }
            ArrivalEvent::UnloadingPermitted { .. } => self.stage = Some(Stage::Unloading),
            ArrivalEvent::Remarked { remarks, .. } => self.remarks = Some((**remarks).clone()),
            ArrivalEvent::ControlBegun => self.stage = Some(Stage::UnderControl),
            ArrivalEvent::Concluded { code, seals, text, .. } => {
                self.sealed = *seals;
                self.result = Some((*code, text.clone()));
                let waits = *code == ControlCode::B1;
                self.stage = Some(if waits { Stage::WaitingForResolution } else { Stage::Closed });
            }
            ArrivalEvent::Resolved { solved, .. } => {
                self.stage =
                    Some(if *solved == Answer::Yes { Stage::Closed } else { Stage::ClosedForRecovery });
            }
            ArrivalEvent::IncidentTold { incidents } => self.incidents.push(incidents.clone()),
            ArrivalEvent::Cancelled => self.stage = Some(Stage::Cancelled),
            ArrivalEvent::Diverted => self.stage = Some(Stage::Diverted),
            ArrivalEvent::Enquired { office, message } => {
                self.enquiry = Some((office.clone(), message.clone()));
                if self.arrived.is_none() {
                    self.stage = Some(Stage::Enquired);
                }
            }
            ArrivalEvent::EnquiryAnswered { .. } => {
                self.stage = Some(Stage::Expected);
            }
            ArrivalEvent::ClosedForRecovery => self.stage = Some(Stage::ClosedForRecovery),
            ArrivalEvent::Followed { consignment } => {
                self.imports.insert(consignment.clone(), Follower::Open);
            }
            ArrivalEvent::Unfollowed { consignment } => drop(self.imports.remove(consignment)),
            ArrivalEvent::FollowerReleased { consignment } => {
                self.imports.insert(consignment.clone(), Follower::Released);
            }
            ArrivalEvent::Rejected { .. } => {}
        }
        self.note(event);
    }

    fn take_record(&mut self, record: &Value) {
        let text = |path: &str| record.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        self.mrn = text("/TransitOperation/MRN");
        self.departure = text("/CustomsOfficeOfDeparture/referenceNumber");
        if self.stage.is_none() {
            self.office = text("/CustomsOfficeOfDestinationDeclared/referenceNumber");
            self.stage = Some(Stage::Expected);
        }
        self.record = record.clone();
    }

    /// Where the goods are not here and nobody says where they are.
    pub(super) fn asked(&self) -> &str {
        self.enquiry.as_ref().map_or("", |(office, _)| office)
    }
}
