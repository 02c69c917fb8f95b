//! What the world is told because of what happened to a movement at destination.

use jiff::Timestamp;
use kernel::{Effect, Facts, NodeId};
use serde_json::{Value, json};

use super::act::{ArrivalAct, ArrivalEvent};
use super::{Arrival, Stage};
use crate::transit::country_of;
use crate::transit::departure::{Answer, ControlCode};
use crate::transit::policy::Policy;
use crate::transit::wire::{self, Letter};

impl Arrival {
    pub(super) fn followed_by(&self, event: &ArrivalEvent, facts: &Facts<'_>) -> Vec<Effect> {
        let mrn = facts.case.key();
        let mut effects: Vec<_> = self
            .letters(event, mrn, facts)
            .into_iter()
            .flat_map(|(code, content)| {
                let office = match event {
                    ArrivalEvent::EnquiryAnswered { office, .. } => office,
                    _ => &self.office,
                };
                let us = NodeId::new(country_of(office));
                let letter = Letter { from: us, to: self.home(facts), code, content, answers: None };
                letter.send((mrn, self.sent), facts)
            })
            .collect();
        if let ArrivalEvent::Arrived { notification, at, .. } = event
            && notification.simplified == Answer::Yes
        {
            let policy = Policy::of(&NodeId::new(country_of(&self.office)), facts);
            let due = policy.after("unloading-permission", *at);
            effects.push(Effect::wake("unloading-permission", due, &ArrivalAct::PermitUnloading));
        }
        effects
    }

    fn letters(&self, event: &ArrivalEvent, mrn: &str, facts: &Facts<'_>) -> Vec<(&'static str, Value)> {
        let actual = json!({ "TransitOperation": { "MRN": mrn }, "CustomsOfficeOfDestinationActual": wire::office(&self.office) });
        match event {
            ArrivalEvent::RecordRequested { .. } => vec![("CD002C", actual)],
            ArrivalEvent::Arrived { .. } => vec![("CD006C", self.advice(mrn))],
            ArrivalEvent::Concluded { code, seals, text, at } => {
                vec![("CD018C", self.results(mrn, (*code, *seals, text), *at))]
            }
            // It is here, and the word of it was lost: it is told again.
            ArrivalEvent::Enquired { .. } if self.arrived.is_some() => {
                let mut letters = vec![("CD006C", self.advice(mrn))];
                if let Some((code, text)) = &self.result {
                    letters.push(("CD018C", self.results(mrn, (*code, None, text), facts.now)));
                }
                letters
            }
            ArrivalEvent::EnquiryAnswered { code, text, at, .. } => {
                vec![("CD143C", wire::enquiry_answer(mrn, self.asked(), (code, text), *at))]
            }
            _ => Vec::new(),
        }
    }

    fn advice(&self, mrn: &str) -> Value {
        json!({ "TransitOperation": { "MRN": mrn, "arrivalDateAndTimeActual": self.arrived.map(wire::moment) },
            "CustomsOfficeOfDeparture": wire::office(&self.departure),
            "CustomsOfficeOfDestinationActual": wire::office(&self.office) })
    }

    fn results(
        &self,
        mrn: &str,
        (code, seals, text): (ControlCode, Option<Answer>, &str),
        at: Timestamp,
    ) -> Value {
        let binding =
            self.record.pointer("/TransitOperation/bindingItinerary").cloned().unwrap_or_else(|| json!("0"));
        let mut operation = json!({ "MRN": mrn, "bindingItinerary": binding });
        let mut result = json!({ "code": code.code(), "date": wire::day(at) });
        if let Some(seals) = seals {
            result["stateOfSeals"] = json!(if seals == Answer::Yes { "1" } else { "0" });
        }
        let differs = matches!(code, ControlCode::A5 | ControlCode::B1);
        if differs {
            operation["otherThingsToReport"] = json!(if text.is_empty() { "---" } else { text });
        }
        if !text.is_empty() {
            result["text"] = json!(text);
        }
        let mut content = json!({ "TransitOperation": operation, "CustomsOfficeOfDeparture": wire::office(&self.departure),
            "CustomsOfficeOfDestinationActual": wire::office(&self.office), "ControlResult": result });
        let differences =
            self.remarks.as_ref().map(|remarks| &remarks.differences).filter(|it| !it.is_null());
        if let Some(differences) = differences.filter(|_| differs) {
            content["Consignment"] = differences.clone();
        }
        content
    }

    /// Remembers what the trader at destination is told.
    pub(super) fn note(&mut self, event: &ArrivalEvent) {
        let (code, at, body) = match event {
            ArrivalEvent::Denied { reason, at } => (
                "CC057C",
                *at,
                json!({ "of": "007", "faults":
                [{ "pointer": "/TransitOperation/MRN", "code": "90", "reason": reason, "seen": self.mrn }] }),
            ),
            ArrivalEvent::Rejected { of, faults, at } => {
                ("CC057C", *at, json!({ "of": of, "faults": faults }))
            }
            ArrivalEvent::UnloadingPermitted { again, at } => ("CC043C", *at, json!({ "again": again })),
            ArrivalEvent::Concluded { code, at, .. } => {
                ("CC025C", *at, json!({ "indicator": if *code == ControlCode::B1 { "4" } else { "1" } }))
            }
            ArrivalEvent::Resolved { solved: Answer::Yes, at } => {
                ("CC025C", *at, json!({ "indicator": "1" }))
            }
            _ => return,
        };
        self.notices.push((code.to_owned(), at, body));
    }

    /// A message to the trader at destination in full, as the writer takes it; `None` where there is no such message.
    #[must_use]
    pub fn message(&self, mrn: &str, index: usize) -> Option<(String, Value)> {
        let (code, at, body) = self.notices.get(index)?;
        let notified = self.notified.as_ref();
        let trader = notified.map(|it| it.trader.as_str()).filter(|it| !it.is_empty()).unwrap_or("---");
        let mut content = wire::header(&wire::Envelope {
            from: &wire::authority(&NodeId::new(country_of(&self.office))),
            to: trader,
            code,
            id: &format!("{mrn}-D{index}"),
            at: *at,
            answers: notified.map(|it| it.message.as_str()).filter(|it| !it.is_empty()).or(Some(mrn)),
        });
        let mut operation = json!({ "MRN": mrn });
        content["CustomsOfficeOfDestinationActual"] = wire::office(&self.office);
        content["TraderAtDestination"] = json!({ "identificationNumber": trader });
        match code.as_str() {
            "CC057C" => {
                operation["businessRejectionType"] = body["of"].clone();
                operation["rejectionDateAndTime"] = json!(wire::moment(*at));
                operation["rejectionCode"] = json!("12");
                content["FunctionalError"] = wire::faults(&body["faults"]);
            }
            "CC025C" => {
                operation["releaseDate"] = json!(wire::day(*at));
                operation["releaseIndicator"] = body["indicator"].clone();
            }
            _ => self.permission(body, &mut operation, &mut content),
        }
        content["TransitOperation"] = operation;
        Some((code.clone(), content))
    }

    fn permission(&self, body: &Value, operation: &mut Value, content: &mut Value) {
        for name in ["security", "reducedDatasetIndicator"] {
            operation[name] = self.record["TransitOperation"][name].clone();
        }
        if body["again"] == json!(Answer::Yes) {
            content["CTLControl"] = json!({ "continueUnloading": "1" });
            return;
        }
        for name in ["declarationType", "declarationAcceptanceDate"] {
            operation[name] = self.record["TransitOperation"][name].clone();
        }
        content["HolderOfTheTransitProcedure"] = self.record["HolderOfTheTransitProcedure"].clone();
        content["Consignment"] = self.record["Consignment"].clone();
        let told: Vec<&Value> =
            self.incidents.iter().flat_map(|it| it.as_array().into_iter().flatten()).collect();
        if !told.is_empty() {
            content["Consignment"]["Incident"] = json!(told);
        }
    }

    /// Whether the goods may still be notified here.
    #[must_use]
    pub const fn is_waited_for(&self) -> bool {
        matches!(self.stage, None | Some(Stage::Expected | Stage::Enquired))
    }
}
