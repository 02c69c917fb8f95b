//! What a principal is told, as messages of the standard, and the record other countries get.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::act::{Answer, ControlCode, Record};
use super::event::{DepartureEvent, Fault};
use super::{Departure, Stage};
use crate::transit::codes::hide_codes;
use crate::transit::enquiry::Opened;
use crate::transit::wire;

/// One message to a principal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Its code, such as `CC029C`.
    pub code: String,
    /// When it was told.
    pub at: Timestamp,
    /// What it says beyond what the movement itself says.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub body: Value,
}

impl Departure {
    /// What the principal is told because of an event that was just taken in.
    pub(super) fn notices_of(&self, event: &DepartureEvent) -> Vec<Notice> {
        let one = |code: &str, at: Timestamp, body: Value| vec![Notice { code: code.to_owned(), at, body }];
        match event {
            DepartureEvent::Lodged { at, .. } => one("CC928C", *at, Value::Null),
            DepartureEvent::Rejected { of, faults, at, .. } => {
                one("CC056C", *at, json!({ "of": of, "faults": faults, "at": wire::moment(*at) }))
            }
            DepartureEvent::Accepted { at } => one("CC028C", *at, Value::Null),
            DepartureEvent::Amended { at, .. } => one("CC004C", *at, Value::Null),
            DepartureEvent::AmendmentAsked { text, at } => one("CC022C", *at, json!({ "text": text })),
            DepartureEvent::ControlNotified { notice, kinds, documents, at } => {
                one("CC060C", *at, json!({ "notice": notice, "kinds": kinds, "documents": documents }))
            }
            DepartureEvent::GuaranteeInvalid { at } => {
                let reasons: Vec<_> = self
                    .guarantees
                    .iter()
                    .filter(|(_, it)| it.as_ref().is_some_and(|it| !it.is_empty()))
                    .collect();
                one("CC055C", *at, json!({ "guarantees": reasons }))
            }
            DepartureEvent::Released { at, .. } => one("CC029C", *at, Value::Null),
            DepartureEvent::NotReleased { reason, at } => one("CC051C", *at, json!({ "reason": reason })),
            DepartureEvent::Invalidated { justification, asked, at } => {
                one("CC009C", *at, json!({ "decision": "1", "justification": justification, "asked": asked }))
            }
            DepartureEvent::KeptValid { justification, at } => one(
                "CC009C",
                *at,
                json!({ "decision": "0", "justification": justification, "asked": Answer::Yes }),
            ),
            DepartureEvent::IncidentTold { office, at, incidents } => {
                one("CC182C", *at, json!({ "office": office, "incidents": incidents }))
            }
            DepartureEvent::DiscrepanciesFound { at } => one("CC019C", *at, Value::Null),
            DepartureEvent::RecoveryBegun { at } => one("CC035C", *at, Value::Null),
            DepartureEvent::WrittenOff { at } => one("CC045C", *at, Value::Null),
            _ => Vec::new(),
        }
    }

    /// A message to the principal in full, as the writer takes it; `None` where there is no such message.
    #[must_use]
    pub fn message(&self, index: usize) -> Option<(String, Value)> {
        let notice = self.notices.get(index)?;
        let answers = Some(self.lodging.message.as_str()).filter(|it| !it.is_empty());
        let content = wire::headed(
            self.body(notice),
            &wire::Envelope {
                from: &wire::authority(&self.country()),
                to: self.trader(),
                code: &notice.code,
                id: &format!("{}-{index}", self.mrn),
                at: notice.at,
                answers: answers.or(Some(&self.lodging.declaration.operation.lrn)),
            },
        );
        Some((notice.code.clone(), content))
    }

    fn trader(&self) -> &str {
        &self.lodging.declaration.holder.identification_number
    }

    /// Its number: the movement's once there is one, else the principal's own.
    fn numbered(&self) -> Value {
        if self.accepted.is_some() {
            json!({ "MRN": self.mrn })
        } else {
            json!({ "LRN": self.lodging.declaration.operation.lrn })
        }
    }

    fn body(&self, notice: &Notice) -> Value {
        let declaration = &self.lodging.declaration;
        let accepted = self.accepted.map(wire::day);
        let mut content = json!({
            "CustomsOfficeOfDeparture": wire::office(&declaration.departure.reference_number),
            "HolderOfTheTransitProcedure": declaration.holder,
        });
        let mut operation = json!({ "MRN": self.mrn });
        let at = wire::moment(notice.at);
        match notice.code.as_str() {
            "CC928C" => operation = json!({ "LRN": declaration.operation.lrn }),
            "CC028C" => {
                operation["LRN"] = json!(declaration.operation.lrn);
                operation["declarationAcceptanceDate"] = json!(accepted);
            }
            "CC004C" => {
                operation = self.numbered();
                operation["amendmentSubmissionDateAndTime"] = json!(at);
                operation["amendmentAcceptanceDateAndTime"] = json!(at);
            }
            "CC029C" => return self.release_message(content),
            "CC045C" => operation["writeOffDate"] = json!(wire::day(notice.at)),
            "CC019C" => {
                operation["discrepanciesNotificationDate"] = json!(wire::day(notice.at));
                if let Some((_, text)) = self.results.as_ref().filter(|(_, text)| !text.is_empty()) {
                    operation["discrepanciesNotificationText"] = json!(text);
                }
            }
            "CC055C" => {
                operation["declarationAcceptanceDate"] = json!(accepted);
                content["GuaranteeReference"] = guarantee_reasons(&notice.body);
            }
            _ => self.told(notice, &mut operation, &mut content),
        }
        content["TransitOperation"] = operation;
        content
    }

    /// What tells more than the movement itself.
    fn told(&self, notice: &Notice, operation: &mut Value, content: &mut Value) {
        let (body, at) = (&notice.body, wire::moment(notice.at));
        match notice.code.as_str() {
            "CC056C" => {
                *operation = self.numbered();
                operation["businessRejectionType"] = body["of"].clone();
                operation["rejectionDateAndTime"] = json!(at);
                operation["rejectionCode"] = json!("12");
                content["FunctionalError"] = wire::faults(&body["faults"]);
            }
            "CC060C" => {
                *operation = self.numbered();
                operation["controlNotificationDateAndTime"] = json!(at);
                operation["notificationType"] = body["notice"].clone();
                content["TypeOfControls"] = numbered(
                    &body["kinds"],
                    "type",
                    if body["notice"] == "0" { Needed::Yes } else { Needed::No },
                );
                content["RequestedDocument"] = numbered(&body["documents"], "documentType", Needed::No);
            }
            "CC022C" => {
                operation["amendmentNotificationDateAndTime"] = json!(at);
                content["FunctionalError"] = json!([{ "sequenceNumber": "1", "errorPointer": "/", "errorCode": "14",
                    "originalAttributeValue": body["text"] }]);
            }
            "CC051C" => {
                operation["declarationSubmissionDateAndTime"] = json!(self.lodged.map(wire::moment));
                operation["noReleaseMotivationCode"] = json!("ZZ");
                let reason = body["reason"].as_str().filter(|it| !it.is_empty()).unwrap_or("---");
                operation["noReleaseMotivationText"] = json!(reason);
            }
            "CC009C" => {
                *operation = self.numbered();
                let by_customs = body["asked"] != json!(Answer::Yes);
                content["Invalidation"] = json!({ "decisionDateAndTime": at, "decision": body["decision"],
                    "initiatedByCustoms": if by_customs { "1" } else { "0" }, "justification": body["justification"] });
                if !by_customs {
                    content["Invalidation"]["requestDateAndTime"] = json!(at);
                }
            }
            "CC182C" => {
                operation["incidentNotificationDateAndTime"] = json!(at);
                content["CustomsOfficeOfIncidentRegistration"] =
                    wire::office(body["office"].as_str().unwrap_or_default());
                content["Consignment"] = json!({ "Incident": body["incidents"] });
            }
            "CC035C" => {
                operation["declarationAcceptanceDate"] = json!(self.accepted.map(wire::day));
                let (amount, currency) = self.claimed();
                content["RecoveryNotification"] = json!({ "recoveryNotificationDate": wire::day(notice.at),
                    "amountClaimed": amount, "currency": currency });
                content["CustomsOfficeOfRecoveryAtDeparture"] = content["CustomsOfficeOfDeparture"].clone();
            }
            _ => {}
        }
    }

    /// What is claimed when the movement is not discharged: what its guarantees cover.
    pub(super) fn claimed(&self) -> (String, String) {
        let references = self.references();
        let total =
            references.iter().filter_map(|(_, it)| it.amount_to_be_covered).sum::<rust_decimal::Decimal>();
        let amount = self.worked.as_ref().map_or(total, |worked| worked.amount.amount.max(total));
        let currency = references.first().map(|(_, it)| it.currency.clone()).unwrap_or_default();
        (amount.normalize().to_string(), currency)
    }

    fn control_result(&self) -> Value {
        let (code, text) = self.control.clone().unwrap_or((ControlCode::A2, String::new()));
        let mut result =
            json!({ "code": code.code(), "date": self.released.map(wire::day), "controlledBy": self.by });
        if !text.is_empty() {
            result["text"] = json!(text);
        }
        result
    }

    fn operation(&self) -> Value {
        let mut operation = serde_json::to_value(&self.lodging.declaration.operation).unwrap_or_default();
        if let Some(operation) = operation.as_object_mut() {
            operation.remove("limitDate");
            operation.remove("amendmentTypeFlag");
            operation.remove("presentationOfTheGoodsDateAndTime");
            operation.insert("MRN".into(), json!(self.mrn));
            operation.insert("declarationAcceptanceDate".into(), json!(self.accepted.map(wire::day)));
            operation.insert("releaseDate".into(), json!(self.released.map(wire::day)));
        }
        operation
    }

    /// The release: the whole declaration as it was released. The transit accompanying document is printed from it.
    fn release_message(&self, mut content: Value) -> Value {
        let declaration = &self.lodging.declaration;
        wire::put(&mut content, serde_json::to_value(declaration).unwrap_or_default());
        content["TransitOperation"] = self.operation();
        content["ControlResult"] = self.control_result();
        hide_codes(&mut content);
        content
    }

    /// The record other countries get: the movement without guarantees, authorisations, representative, location.
    /// For an answer, which, and the office that asked.
    pub(super) fn record(&self, answer: Option<(Record, &str)>) -> Value {
        let declaration = &self.lodging.declaration;
        let mut content = serde_json::to_value(declaration).unwrap_or_default();
        content["TransitOperation"] = self.operation();
        content["ControlResult"] = self.control_result();
        for name in ["Guarantee", "Authorisation", "Representative", "LRN"] {
            wire::drop_member(&mut content, name);
        }
        wire::drop_member(&mut content["TransitOperation"], "LRN");
        wire::drop_member(&mut content["TransitOperation"], "additionalDeclarationType");
        if let Some((record, office)) = answer {
            let name = record.office();
            content[name] = wire::office(office);
            if record == Record::Passage {
                content[name]["guaranteeNotValidForCountry"] = json!("0");
            }
            if record == Record::Query {
                content["TransitOperation"]["status"] = json!(self.stage.map(wire::status));
            }
            let incidents: Vec<&Value> =
                self.incidents.iter().flat_map(|it| it.as_array().into_iter().flatten()).collect();
            if !incidents.is_empty() {
                content["Consignment"]["Incident"] = json!(incidents);
            }
        }
        content
    }

    /// What the enquiry is opened with.
    pub(super) fn enquiry(&self, at: Timestamp) -> Opened {
        let declaration = &self.lodging.declaration;
        let (amount, currency) = self.claimed();
        Opened {
            mrn: self.mrn.clone(),
            departure: declaration.departure.reference_number.clone(),
            destination: declaration.destination.reference_number.clone(),
            transit: declaration.transit.iter().map(|office| office.reference_number.clone()).collect(),
            crossed: self.crossings.iter().map(|(office, _)| office.clone()).collect(),
            holder: self.trader().to_owned(),
            by: self.by.clone(),
            limit: self.limit.unwrap_or_default(),
            accepted: self.accepted.map(wire::day).unwrap_or_default(),
            guarantees: self.guarantees.keys().cloned().collect(),
            amount,
            currency,
            at,
        }
    }
}

/// Whether a list must hold something.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needed {
    Yes,
    No,
}

/// Repeated groups of one value each, numbered; where none is given and one is needed, documents are controlled.
fn numbered(values: &Value, name: &str, needed: Needed) -> Value {
    let listed = values.as_array().cloned().unwrap_or_default();
    let listed = if listed.is_empty() && needed == Needed::Yes { vec![json!("10")] } else { listed };
    let each = listed
        .iter()
        .enumerate()
        .map(|(at, value)| json!({ "sequenceNumber": (at + 1).to_string(), name: value }));
    Value::Array(each.collect())
}

fn guarantee_reasons(body: &Value) -> Value {
    let guarantees = body["guarantees"].as_array().cloned().unwrap_or_default();
    let each = guarantees.iter().enumerate().map(|(at, pair)| {
        json!({ "sequenceNumber": (at + 1).to_string(), "GRN": pair[0],
            "InvalidGuaranteeReason": numbered(&pair[1], "code", Needed::No) })
    });
    Value::Array(each.collect())
}

impl Fault {
    /// Where a movement stands too far for what was asked.
    #[must_use]
    pub fn is_out_of_sequence(&self) -> bool {
        self.code == "92"
    }
}

/// Whether a stage is one in which the accompanying document may be printed.
#[must_use]
pub const fn is_printable(stage: Stage) -> bool {
    matches!(stage, Stage::Released | Stage::Arrived | Stage::Discrepancies | Stage::UnderEnquiry)
}
