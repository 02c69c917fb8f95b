//! A warning and the feedback to it, as they pass between nodes (the fields of the CENcomm templates).

use jiff::Timestamp;
use kernel::{Effect, Facts};
use serde::{Deserialize, Serialize};

use super::warned::{Act as WarnedAct, Warned};
use super::warning::{Act as WarningAct, Warning};
use super::words::{Carriage, FeedbackOutcome, Method, Pack, Route, Seized};
use crate::agreement::{Arrived, Class, Dispatched, FieldClass, Handling, Writing, field};
use crate::assistance::{Evidence, Grade, Subject, SubjectKind, Urgency};
use crate::terms::Party;

/// The profile of a shipment to be checked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WarningItem {
    /// The sender's number.
    pub reference: String,
    /// The operation it belongs to.
    pub operation: String,
    /// How urgent.
    pub urgency: Option<Urgency>,
    /// The kind of goods.
    pub pack: Option<Pack>,
    /// The goods.
    pub goods: Vec<Seized>,
    /// How they move, and when they are expected.
    pub carriage: Carriage,
    /// Their way.
    pub route: Route,
    /// Who has to do with them.
    pub parties: Vec<Party>,
    /// What makes them suspect.
    pub indicators: Vec<String>,
    /// More, in words.
    pub text: String,
    /// How it must be handled.
    pub handling: Option<Handling>,
    /// How source and content are graded.
    pub grade: Option<Grade>,
    /// Pictures and papers.
    pub evidence: Vec<Evidence>,
}

impl WarningItem {
    /// Everything it names, as subjects.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        let known = |kind: SubjectKind, value: &str| {
            (!value.trim().is_empty()).then(|| Subject::new(kind, value.trim()))
        };
        let carried = [
            known(SubjectKind::Container, &self.carriage.container),
            known(SubjectKind::Bill, &self.carriage.bill),
            known(SubjectKind::Vehicle, &self.carriage.vehicle),
        ];
        let parties = self.parties.iter().filter_map(|party| known(SubjectKind::Party, &party.name));
        carried.into_iter().flatten().chain(parties).collect()
    }

    /// What lists call it: container, bill, vehicle or first goods.
    #[must_use]
    pub fn title(&self) -> &str {
        let carriage = &self.carriage;
        [&carriage.container, &carriage.bill, &carriage.vehicle]
            .into_iter()
            .map(String::as_str)
            .chain(self.goods.first().map(|goods| goods.what.as_str()))
            .find(|text| !text.is_empty())
            .unwrap_or(&self.reference)
    }
}

impl Writing for WarningItem {
    const KIND: &'static str = "warning";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "CENcomm warning"),
        field("operation", Class::Key, "CENcomm warning"),
        field("urgency", Class::Key, "CENcomm warning"),
        field("pack", Class::Key, "operation plan"),
        field("goods", Class::Goods, "CENcomm warning"),
        field("carriage", Class::Transport, "CENcomm warning"),
        field("route", Class::Transport, "CENcomm warning"),
        field("parties", Class::Trader, "CENcomm warning"),
        field("indicators", Class::Conclusion, "CENcomm warning"),
        field("text", Class::Conclusion, "CENcomm warning"),
        field("handling", Class::Key, "Europol handling codes"),
        field("grade", Class::Key, "Europol 4x4"),
        field("evidence", Class::Conclusion, "CENcomm warning"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        self.title()
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let case = Warned::case_of(&item.arrival.from, &self.reference);
        let act = WarnedAct::Arrive {
            warning: Box::new(self.clone()),
            item: item.case.clone(),
            admission: Box::new(item.admission.clone()),
        };
        item.moves(case, &act)
    }

    fn receipted(&self, sent: &Dispatched<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        vec![Effect::act(sent.about.clone(), &WarningAct::Deliver { evidence: sent.case.clone() })]
    }
}

/// What was done about a warning.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Feedback {
    /// Its own number.
    pub reference: String,
    /// The warning's number with its sender.
    pub warning: String,
    /// The operation.
    pub operation: String,
    /// What came of it; compulsory.
    pub outcome: Option<FeedbackOutcome>,
    /// How it was looked at.
    pub method: Option<Method>,
    /// What was found.
    pub result: String,
    /// Why it was not looked at.
    pub why_not: String,
    /// The seizure it led to, by its number.
    pub seizure: String,
    /// When it was looked at.
    pub at: Option<Timestamp>,
}

impl Writing for Feedback {
    const KIND: &'static str = "feedback";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "CENcomm feedback"),
        field("warning", Class::Key, "CENcomm feedback"),
        field("operation", Class::Key, "CENcomm feedback"),
        field("outcome", Class::Key, "CENcomm feedback"),
        field("method", Class::Conclusion, "CENcomm feedback"),
        field("result", Class::Conclusion, "CENcomm feedback"),
        field("why_not", Class::Conclusion, "CENcomm feedback"),
        field("seizure", Class::Conclusion, "CENcomm feedback"),
        field("at", Class::Key, "CENcomm feedback"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.warning
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let case = Warning::case_of(&self.warning);
        let act = WarningAct::Hear {
            feedback: Box::new(self.clone()),
            item: item.case.clone(),
            from: item.arrival.from.clone(),
        };
        item.moves(case, &act)
    }
}

/// A warning stayed without feedback: told to the coordination unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Silence {
    /// Its own number.
    pub reference: String,
    /// The operation.
    pub operation: String,
    /// The warning's number.
    pub warning: String,
    /// Who was warned.
    pub to: String,
    /// When the goods are expected.
    pub eta: Option<Timestamp>,
}

impl Writing for Silence {
    const KIND: &'static str = "silence-notice";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "operation plan"),
        field("operation", Class::Key, "operation plan"),
        field("warning", Class::Key, "operation plan"),
        field("to", Class::Key, "operation plan"),
        field("eta", Class::Key, "operation plan"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.warning
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let act = super::operation::Act::NoteSilence {
            from: item.arrival.from.clone(),
            warning: self.warning.clone(),
            to: self.to.clone(),
        };
        vec![Effect::act(super::operation::case_of(&self.operation), &act)]
    }
}
