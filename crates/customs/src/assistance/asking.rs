//! What a request says, whatever its matter, and the four document kinds it goes as.
//!
//! Required contents: WCO model bilateral agreement, article on form and substance of requests; WTO Trade Facilitation
//! Agreement, article 12.4 (own verification, number of the declaration, purpose, protection of the information).

use jiff::Timestamp;
use kernel::{Effect, Facts};
use serde::{Deserialize, Serialize};

use super::request::{Act as RequestAct, Request};
use super::requested::{Act as RequestedAct, Requested};
use super::words::{Evidence, Grade, Matter, Statement, Subject, Urgency};
use crate::agreement::{Arrived, Class, Dispatched, FieldClass, Handling, Writing, field};
use crate::terms::Purpose;

/// What a request says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asking {
    /// The requester's own number.
    pub reference: String,
    /// The form of help.
    pub matter: Option<Matter>,
    /// The agreement and article it rests on.
    pub basis: String,
    /// The requesting authority and unit.
    pub authority: String,
    /// The measure wanted.
    pub measure: String,
    /// Object of and reason for the request.
    pub reason: String,
    /// The laws concerned.
    pub laws: Vec<String>,
    /// What the answer is to be used for.
    pub purpose: Option<Purpose>,
    /// More on the intended use: which proceedings.
    pub intended_use: String,
    /// How urgent.
    pub urgency: Option<Urgency>,
    /// The moment by which an answer is still of use, where there is one: the operational clock.
    pub needed_by: Option<Timestamp>,
    /// Whom and what it is about, as exactly as possible.
    pub subjects: Vec<Subject>,
    /// Summary of the facts.
    pub facts: String,
    /// The enquiries made already; without them nothing is asked.
    pub own_checks: String,
    /// The questions, numbered by their place from 1.
    pub questions: Vec<String>,
    /// The number of the export declaration, where known.
    pub declaration: String,
    /// The domestic law that protects what is answered.
    pub protection: String,
    /// Whether we could do the same; where not, the requester must say so.
    pub reciprocity: Option<Reciprocity>,
    /// How it must be handled.
    pub handling: Option<Handling>,
    /// How its own source and content are graded.
    pub grade: Option<Grade>,
    /// What our records say of the subjects.
    pub statements: Vec<Statement>,
    /// What goes with it.
    pub evidence: Vec<Evidence>,
}

/// Whether the requester could give the same help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reciprocity {
    /// It could.
    Could,
    /// It could not, and says so.
    CouldNot,
}

impl Asking {
    /// The required contents that are missing, by their names; empty where the request is whole.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let blank = |text: &str| text.trim().is_empty();
        let certificate = self.subjects.iter().any(|subject| subject.kind == super::SubjectKind::Certificate);
        let urgent = matches!(self.urgency, Some(Urgency::Urgent | Urgency::OralConfirmed));
        [
            ("matter", self.matter.is_none()),
            ("basis", blank(&self.basis)),
            ("authority", blank(&self.authority)),
            ("measure", blank(&self.measure)),
            ("reason", blank(&self.reason)),
            ("laws", self.laws.iter().all(|law| blank(law))),
            ("purpose", self.purpose.is_none()),
            ("urgency", self.urgency.is_none()),
            ("needed-by", urgent && self.needed_by.is_none()),
            ("subjects", self.subjects.is_empty()),
            ("certificate", self.matter == Some(Matter::Origin) && !certificate),
            ("facts", blank(&self.facts)),
            ("own-checks", blank(&self.own_checks)),
            ("reciprocity", self.reciprocity.is_none()),
        ]
        .into_iter()
        .filter_map(|(name, missing)| missing.then_some(name))
        .collect()
    }

    /// Its matter; information where it does not say.
    #[must_use]
    pub fn matter(&self) -> Matter {
        self.matter.unwrap_or(Matter::Information)
    }

    /// What it is about, in one word: its first subject.
    #[must_use]
    pub fn title(&self) -> &str {
        self.subjects.first().map_or(self.reference.as_str(), |subject| subject.value.as_str())
    }
}

/// Every field a request can carry.
const FIELDS: &[FieldClass] = &[
    field("reference", Class::Key, "model bilateral agreement, requests"),
    field("matter", Class::Key, "model bilateral agreement, requests"),
    field("basis", Class::Key, "model bilateral agreement, requests"),
    field("authority", Class::Key, "model bilateral agreement, requests"),
    field("measure", Class::Key, "model bilateral agreement, requests"),
    field("reason", Class::Key, "model bilateral agreement, requests"),
    field("laws", Class::Key, "model bilateral agreement, requests"),
    field("purpose", Class::Key, "TFA 12.4"),
    field("intended_use", Class::Conclusion, "TFA 12.4"),
    field("urgency", Class::Key, "model bilateral agreement, requests"),
    field("needed_by", Class::Key, "operational clock"),
    field("subjects", Class::Trader, "TFA 12.4"),
    field("facts", Class::Conclusion, "model bilateral agreement, requests"),
    field("own_checks", Class::Conclusion, "TFA 12.3"),
    field("questions", Class::Key, "model bilateral agreement, requests"),
    field("declaration", Class::Goods, "TFA 12.4"),
    field("protection", Class::Key, "TFA 12.5"),
    field("reciprocity", Class::Key, "TFA 12.8"),
    field("handling", Class::Key, "Europol handling codes"),
    field("grade", Class::Key, "Europol 4x4"),
    field("statements", Class::Conclusion, "own records"),
    field("evidence", Class::Conclusion, "own records"),
];

/// One document kind a request goes as.
macro_rules! asking_kind {
    ($(#[$doc:meta])+ $name:ident = $kind:literal) => {
        $(#[$doc])+
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Asking);

        impl Writing for $name {
            const KIND: &'static str = $kind;
            const FIELDS: &'static [FieldClass] = FIELDS;

            fn reference(&self) -> &str {
                &self.0.reference
            }

            fn number(&self) -> &str {
                self.0.title()
            }

            fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
                arrived(&self.0, item)
            }

            fn receipted(&self, sent: &Dispatched<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
                vec![Effect::act(sent.about.clone(), &RequestAct::Deliver { evidence: sent.case.clone() })]
            }

            fn failed(&self, sent: &Dispatched<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
                vec![Effect::act(sent.about.clone(), &RequestAct::Fail { evidence: sent.case.clone() })]
            }
        }
    };
}

asking_kind! {
    /// A request for information, documents, notification, surveillance or presence.
    AssistanceRequest = "assistance-request"
}
asking_kind! {
    /// A request to verify a certificate of origin; its term has the origin protocol's clock.
    OriginVerification = "origin-verification"
}
asking_kind! {
    /// A request to let goods pass under watch.
    ControlledDelivery = "controlled-delivery"
}
asking_kind! {
    /// A request to trace seized goods backwards.
    BackTracking = "back-tracking"
}

/// A request that came opens the case of what we owe.
fn arrived(asking: &Asking, item: &Arrived<'_>) -> Vec<Effect> {
    let case = Requested::case_of(&item.arrival.from, &asking.reference);
    let act = RequestedAct::Arrive {
        asking: Box::new(asking.clone()),
        item: item.case.clone(),
        admission: Box::new(item.admission.clone()),
    };
    let seen = crate::agreement::ReceivedAct::Link { consignment: case.clone() };
    vec![Effect::act(case, &act), Effect::act(item.case.clone(), &seen)]
}

/// The effect that sends a request as the kind its matter goes as.
pub(super) fn send(asking: &Asking, to: &kernel::NodeId, about: &kernel::CaseId) -> Effect {
    Effect::send(to.clone(), asking.matter().kind(), asking, about.clone())
}

/// The case of our own request of this reference.
#[must_use]
pub fn case_of(reference: &str) -> kernel::CaseId {
    kernel::CaseId::of(<Request as kernel::Procedure>::NAME, reference)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assistance::SubjectKind;

    #[test]
    fn a_request_without_its_contents_names_all_that_is_missing() {
        let empty = Asking::default().missing();
        for name in ["matter", "basis", "laws", "own-checks", "subjects", "reciprocity"] {
            assert!(empty.contains(&name), "{name}");
        }
    }

    #[test]
    fn an_urgent_request_says_by_when_and_an_origin_request_names_the_certificate() {
        let asking = Asking {
            matter: Some(Matter::Origin),
            urgency: Some(Urgency::Urgent),
            subjects: vec![Subject::new(SubjectKind::Party, "A")],
            ..Asking::default()
        };
        let missing = asking.missing();
        assert!(missing.contains(&"needed-by") && missing.contains(&"certificate"), "{missing:?}");
    }
}
