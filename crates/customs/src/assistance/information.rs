//! Spontaneous information: what one administration tells another without being asked.

use jiff::Timestamp;
use kernel::{Effect, Facts};
use serde::{Deserialize, Serialize};

use super::spontaneous_in::{Act as InAct, SpontaneousIn};
use super::spontaneous_out::Act as OutAct;
use super::words::{Evidence, Grade, Statement, Subject};
use crate::agreement::{Arrived, Class, Dispatched, Ending, FieldClass, Handling, Writing, field};
use crate::terms::Purpose;

/// Information given without being asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Information {
    /// The giver's own number.
    pub reference: String,
    /// What it is about.
    pub subjects: Vec<Subject>,
    /// What is told.
    pub text: String,
    /// Statement by statement.
    pub statements: Vec<Statement>,
    /// What it may be used for.
    pub purpose: Option<Purpose>,
    /// How source and content are graded.
    pub grade: Option<Grade>,
    /// How it must be handled.
    pub handling: Option<Handling>,
    /// Until when it is of use.
    pub of_use_until: Option<Timestamp>,
    /// What goes with it.
    pub evidence: Vec<Evidence>,
}

impl Writing for Information {
    const KIND: &'static str = "spontaneous-information";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "Nairobi Convention, annex I"),
        field("subjects", Class::Trader, "Nairobi Convention, annex I"),
        field("text", Class::Conclusion, "Nairobi Convention, annex I"),
        field("statements", Class::Conclusion, "own records"),
        field("purpose", Class::Key, "model bilateral agreement, use of information"),
        field("grade", Class::Key, "Europol 4x4"),
        field("handling", Class::Key, "Europol handling codes"),
        field("of_use_until", Class::Key, "operational clock"),
        field("evidence", Class::Conclusion, "own records"),
    ];
    const ENDING: Ending = Ending::Destroyed;

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        self.subjects.first().map_or(self.reference.as_str(), |subject| subject.value.as_str())
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let case = SpontaneousIn::case_of(&item.arrival.from, &self.reference);
        let act = InAct::Arrive {
            information: Box::new(self.clone()),
            item: item.case.clone(),
            admission: Box::new(item.admission.clone()),
        };
        item.moves(case, &act)
    }

    fn receipted(&self, sent: &Dispatched<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        vec![Effect::act(sent.about.clone(), &OutAct::Deliver { evidence: sent.case.clone() })]
    }
}
