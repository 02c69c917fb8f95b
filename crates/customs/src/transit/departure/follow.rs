//! What the world is owed because of what happened to a movement at departure: records to other countries, clocks,
//! promises; its guarantees stand in `cover.rs`.

use std::borrow::Cow;

use jiff::Timestamp;
use kernel::{Effect, Facts, NodeId, Owed};
use serde_json::{Value, json};

use super::act::{Answer, DepartureAct, Record};
use super::event::DepartureEvent;
use super::{Departure, Stage};
use crate::transit::enquiry::{Enquiry, EnquiryAct};
use crate::transit::policy::Policy;
use crate::transit::wire::{self, Letter};

impl Departure {
    pub(super) fn followed_by(&self, event: &DepartureEvent, facts: &Facts<'_>) -> Vec<Effect> {
        let policy = Policy::of(&self.country(), facts);
        let mut effects = self.clocks(event, facts, &policy);
        effects.extend(self.covered(event, facts));
        effects.extend(self.letters(event, facts));
        effects.extend(self.answer_owed(event, facts, &policy));
        effects.extend(self.promises(event, facts, &policy));
        effects.extend(self.ends_followed(event, facts));
        effects
    }

    fn clock(&self, name: &'static str, from: Timestamp, policy: &Policy) -> Effect {
        let act = DepartureAct::Expire { clock: name.to_owned() };
        Effect::wake(name, policy.after(name, from), &act)
    }

    fn clocks(&self, event: &DepartureEvent, facts: &Facts<'_>, policy: &Policy) -> Vec<Effect> {
        let rest = |name: &'static str| Effect::Rest { name: Cow::Borrowed(name) };
        match event {
            DepartureEvent::Lodged { at, .. } if self.stage == Some(Stage::Prelodged) => {
                vec![self.clock("pre-lodged", *at, policy)]
            }
            DepartureEvent::Presented { .. } => vec![rest("pre-lodged")],
            DepartureEvent::Accepted { at } if self.lodging.declaration.has("C521") => {
                vec![self.clock("automatic-release", *at, policy)]
            }
            DepartureEvent::ControlNotified { .. } => vec![rest("automatic-release")],
            DepartureEvent::GuaranteeInvalid { at } => vec![self.clock("guarantee-amendment", *at, policy)],
            DepartureEvent::Released { .. } => {
                self.limit.and_then(crate::transit::end_of_day).map_or_else(Vec::new, |end| {
                    vec![rest("guarantee-amendment"), self.clock("enquiry-start", end, policy)]
                })
            }
            DepartureEvent::Arrived { .. } => {
                vec![rest("enquiry-start"), self.clock("control-results", facts.now, policy)]
            }
            DepartureEvent::ResultsTold { .. } => vec![rest("control-results")],
            DepartureEvent::ResultsLate => vec![self.clock("control-results", facts.now, policy)],
            DepartureEvent::DiscrepanciesFound { at } => vec![self.clock("discrepancies", *at, policy)],
            DepartureEvent::Solved { .. } => vec![rest("discrepancies")],
            DepartureEvent::Invalidated { .. } | DepartureEvent::NotReleased { .. } => {
                ["pre-lodged", "automatic-release", "guarantee-amendment", "enquiry-start"].map(rest).into()
            }
            _ => Vec::new(),
        }
    }

    fn letters(&self, event: &DepartureEvent, facts: &Facts<'_>) -> Vec<Effect> {
        let to =
            |country: NodeId, code: &'static str, content: Value| self.letter(country, code, content, facts);
        let declaration = &self.lodging.declaration;
        let destination = declaration.destination.country();
        match event {
            DepartureEvent::Released { .. } => {
                let mut effects = to(destination, "CD001C", self.record(None));
                for country in declaration.passages() {
                    effects.extend(to(country, "CD050C", self.record(None)));
                }
                effects
            }
            DepartureEvent::RecordGiven { record, to: by, office, message } => {
                self.answered(by.clone(), *record, (office, message), facts)
            }
            DepartureEvent::StatusGiven { to: by, message } => {
                let status = json!({ "TransitOperation": { "MRN": self.mrn, "status": self.stage.map(wire::status) },
                    "CustomsOfficeOfDeparture": wire::office(&declaration.departure.reference_number) });
                self.reply(by.clone(), "CD095C", status, message, facts)
            }
            DepartureEvent::Arrived { office, at } => self.forward_arrival(office, *at, facts),
            DepartureEvent::IncidentTold { office, at, incidents } => {
                self.forward_incident((office, *at, incidents), facts)
            }
            DepartureEvent::Invalidated { at, .. } if self.released.is_some() => {
                let content = self.on_the_way(json!({ "TransitOperation": { "MRN": self.mrn },
                    "Invalidation": { "decisionDateAndTime": wire::moment(*at) },
                    "CustomsOfficeOfDeparture": wire::office(&declaration.departure.reference_number),
                    "CustomsOfficeOfDestinationDeclared": wire::office(&declaration.destination.reference_number) }));
                let countries = std::iter::once(destination).chain(self.unpassed());
                countries.flat_map(|country| to(country, "CD010C", content.clone())).collect()
            }
            DepartureEvent::Solved { solved, at } => self.tell_solved(*solved, *at, facts),
            _ => Vec::new(),
        }
    }

    /// The countries of transit the goods have not crossed into yet.
    fn unpassed(&self) -> Vec<NodeId> {
        let crossed = |country: &NodeId| {
            self.crossings.iter().any(|(office, _)| crate::transit::country_of(office) == country.as_str())
        };
        self.lodging.declaration.passages().into_iter().filter(|country| !crossed(country)).collect()
    }

    /// Arrived elsewhere than declared, or by another way: those who still wait close their record.
    fn forward_arrival(&self, office: &str, at: Timestamp, facts: &Facts<'_>) -> Vec<Effect> {
        let declaration = &self.lodging.declaration;
        let declared = &declaration.destination.reference_number;
        let content = self.on_the_way(
            json!({ "TransitOperation": { "MRN": self.mrn, "arrivalDateAndTimeActual": wire::moment(at) },
            "CustomsOfficeOfDeparture": wire::office(&declaration.departure.reference_number),
            "CustomsOfficeOfDestinationDeclared": wire::office(declared),
            "CustomsOfficeOfDestinationActual": wire::office(office) }),
        );
        let mut countries = self.unpassed();
        if declared != office && !countries.contains(&declaration.destination.country()) {
            countries.push(declaration.destination.country());
        }
        countries
            .retain(|country| country.as_str() != crate::transit::country_of(office) || declared != office);
        let mut effects: Vec<_> = countries
            .into_iter()
            .flat_map(|country| self.letter(country, "CD024C", content.clone(), facts))
            .collect();
        if self.enquired {
            effects.push(Effect::act(Enquiry::case_of(&self.mrn), &EnquiryAct::Found));
        }
        effects
    }

    fn forward_incident(
        &self,
        (office, at, incidents): (&str, Timestamp, &Value),
        facts: &Facts<'_>,
    ) -> Vec<Effect> {
        let declaration = &self.lodging.declaration;
        let content = self.on_the_way(json!({ "TransitOperation": { "MRN": self.mrn, "incidentNotificationDateAndTime": wire::moment(at) },
            "CustomsOfficeOfDeparture": wire::office(&declaration.departure.reference_number),
            "CustomsOfficeOfDestinationDeclared": wire::office(&declaration.destination.reference_number),
            "CustomsOfficeOfIncidentRegistration": wire::office(office),
            "Consignment": { "Incident": incidents } }));
        let mut countries = self.unpassed();
        countries.push(declaration.destination.country());
        countries.retain(|country| country.as_str() != crate::transit::country_of(office));
        countries.dedup();
        countries
            .into_iter()
            .flat_map(|country| self.letter(country, "CD181C", content.clone(), facts))
            .collect()
    }

    fn tell_solved(&self, solved: Answer, at: Timestamp, facts: &Facts<'_>) -> Vec<Effect> {
        let Some((office, _)) = &self.arrival else { return Vec::new() };
        let mut operation = json!({ "MRN": self.mrn, "discrepanciesResolved": if solved == Answer::Yes { "1" } else { "0" } });
        if solved == Answer::Yes {
            operation["writeOffDate"] = json!(wire::day(at));
        }
        let content = json!({ "TransitOperation": operation,
            "CustomsOfficeOfDeparture": wire::office(&self.lodging.declaration.departure.reference_number),
            "CustomsOfficeOfDestinationActual": wire::office(office) });
        self.letter(NodeId::new(crate::transit::country_of(office)), "CD049C", content, facts)
    }

    /// The answer to a request for the record: the movement, or why not.
    fn answered(
        &self,
        to: NodeId,
        record: Record,
        (office, message): (&str, &str),
        facts: &Facts<'_>,
    ) -> Vec<Effect> {
        let code = match record {
            Record::Arrival => "CD003C",
            Record::Passage => "CD115C",
            Record::Query => "CD038C",
        };
        let arrived = self.arrival.is_some() && record != Record::Query;
        let reason = if arrived {
            Some("1")
        } else if self.released.is_none() || self.stage == Some(Stage::Invalidated) {
            Some("2")
        } else {
            None
        };
        let content = match reason {
            Some(reason) => wire::refused(
                record,
                &self.mrn,
                (office, &self.lodging.declaration.departure.reference_number),
                reason,
            ),
            None => self.record(Some((record, office))),
        };
        self.reply(to, code, content, message, facts)
    }

    /// The offices of transit as a group, so that every receiver knows which of its roles a word is for.
    fn on_the_way(&self, mut content: Value) -> Value {
        let offices = self.lodging.declaration.transit.iter().map(|office| office.reference_number.as_str());
        content["CustomsOfficeOfTransitDeclared"] = wire::offices(offices);
        content
    }

    fn letter(&self, to: NodeId, code: &'static str, content: Value, facts: &Facts<'_>) -> Vec<Effect> {
        self.send(Letter { from: self.country(), to, code, content, answers: None }, facts)
    }

    fn reply(
        &self,
        to: NodeId,
        code: &'static str,
        content: Value,
        message: &str,
        facts: &Facts<'_>,
    ) -> Vec<Effect> {
        self.send(
            Letter { from: self.country(), to, code, content, answers: Some(message.to_owned()) },
            facts,
        )
    }

    fn send(&self, letter: Letter, facts: &Facts<'_>) -> Vec<Effect> {
        letter.send((&self.mrn, self.sent), facts)
    }

    /// The country of a guarantee owes an answer, once a movement: who is asked anew has had the promise.
    fn answer_owed(&self, event: &DepartureEvent, facts: &Facts<'_>, policy: &Policy) -> Option<Effect> {
        let case = Self::case_of(&self.mrn);
        match event {
            DepartureEvent::Concluded { .. } | DepartureEvent::Amended { .. } => {
                let keeper = self.first_keeper_abroad()?;
                let due = policy.after("guarantee-answer", facts.now);
                Some(policy.owed("guarantee-answer", (&keeper, &self.country()), &case, due).open())
            }
            DepartureEvent::AnsweredAbroad { .. } if !self.awaits_abroad() => {
                Some(Owed::meet("transit-guarantee-answer", &case, case.clone()))
            }
            _ => None,
        }
    }

    /// What others owe us: the arrival by its limit, the results by theirs.
    fn promises(&self, event: &DepartureEvent, facts: &Facts<'_>, policy: &Policy) -> Vec<Effect> {
        let case = Self::case_of(&self.mrn);
        let us = self.country();
        let destination = self.lodging.declaration.destination.country();
        let meet = |name: &str| Owed::meet(&format!("transit-{name}"), &case, case.clone());
        match event {
            DepartureEvent::Released { .. } => {
                let due = self.limit.and_then(crate::transit::end_of_day).unwrap_or(Timestamp::MAX);
                vec![policy.owed("reach-destination", (&destination, &us), &case, due).open()]
            }
            DepartureEvent::Arrived { office, .. } => {
                let due = policy.after("control-results", facts.now);
                let by = NodeId::new(crate::transit::country_of(office));
                vec![meet("reach-destination"), policy.owed("control-results", (&by, &us), &case, due).open()]
            }
            DepartureEvent::ResultsTold { .. } => vec![meet("control-results")],
            DepartureEvent::DiscrepanciesFound { at } => {
                let due = policy.after("discrepancies", *at);
                vec![policy.owed("discrepancies", (&us, &destination), &case, due).open()]
            }
            DepartureEvent::Solved { .. } => vec![meet("discrepancies")],
            DepartureEvent::Invalidated { .. } if self.released.is_some() => vec![meet("reach-destination")],
            DepartureEvent::EnquiryOpened { at } => {
                let act = EnquiryAct::Open(Box::new(self.enquiry(*at)));
                vec![Effect::act(Enquiry::case_of(&self.mrn), &act)]
            }
            DepartureEvent::WrittenOff { .. } if self.enquired => {
                vec![Effect::act(Enquiry::case_of(&self.mrn), &EnquiryAct::Found)]
            }
            _ => Vec::new(),
        }
    }
}
