//! What passes between the state that found waste and the one it came from: the notice and its answer.

use jiff::Timestamp;
use kernel::{CaseId, Effect, Facts, Money, Procedure as _, Quantity};
use serde::{Deserialize, Serialize};

use super::take_back::{Act, TakeBack};
use crate::agreement::{Arrived, Class, FieldClass, Writing, field};
use crate::assistance::{Subject, SubjectKind};
use crate::macros::codes;

codes! {
    /// What the state of export says.
    Says:
    /// It takes it back.
    Accepts = "accepts",
    /// It says it is no waste of its own.
    Contests = "contests",
    /// It is back.
    IsBack = "is-back",
}

/// The notice, as it goes to the state of export.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TakeBackNotice {
    /// Its own number.
    pub reference: String,
    /// The operation it was found in.
    pub operation: String,
    /// The container.
    pub container: String,
    /// Transport document.
    pub bill: String,
    /// What it was declared as.
    pub declared_as: String,
    /// Commodity code.
    pub hs: String,
    /// Waste code, by its papers or as found.
    pub code: String,
    /// The number of the notification or consent on its papers.
    pub consent: String,
    /// Gross mass.
    pub gross: Option<Quantity>,
    /// Declared value.
    pub value: Option<Money>,
    /// Who sent it.
    pub exporter: String,
    /// What the sender is.
    pub sender: String,
    /// Places on its way.
    pub route: Vec<String>,
    /// What makes it illegal traffic, as codes.
    pub grounds: Vec<String>,
    /// More, in words.
    pub text: String,
}

/// The answer of the state of export.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TakeBackAnswer {
    /// Its own number.
    pub reference: String,
    /// The notice's number.
    pub answers: String,
    /// What it says.
    pub says: Option<Says>,
    /// When it will be, or was, taken back.
    pub at: Option<Timestamp>,
    /// Why not, or how.
    pub text: String,
}

impl TakeBackNotice {
    /// The things it names, for dossiers and for those who set it beside their own.
    pub(super) fn subjects(&self) -> Vec<Subject> {
        let known = |kind: SubjectKind, value: &str| {
            (!value.trim().is_empty()).then(|| Subject::new(kind, value.trim()))
        };
        [
            known(SubjectKind::Container, &self.container),
            known(SubjectKind::Bill, &self.bill),
            known(SubjectKind::Party, &self.exporter),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl Writing for TakeBackNotice {
    const KIND: &'static str = "take-back-notice";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "Basel Convention, article 9"),
        field("operation", Class::Key, "operation plan"),
        field("container", Class::Transport, "Basel Convention, article 9"),
        field("bill", Class::Transport, "Basel Convention, article 9"),
        field("declared_as", Class::Goods, "Basel Convention, article 9"),
        field("hs", Class::Goods, "Basel Convention, article 9"),
        field("code", Class::Goods, "Basel Convention, annexes"),
        field("consent", Class::Key, "Basel Convention, article 6"),
        field("gross", Class::Goods, "Basel Convention, article 9"),
        field("value", Class::Goods, "Basel Convention, article 9"),
        field("exporter", Class::Trader, "Basel Convention, article 9"),
        field("sender", Class::Conclusion, "own records"),
        field("route", Class::Transport, "Basel Convention, article 9"),
        field("grounds", Class::Key, "Basel Convention, article 9"),
        field("text", Class::Conclusion, "Basel Convention, article 9"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.container
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let case = CaseId::of(TakeBack::NAME, format_args!("{}-{}", item.arrival.from, self.reference));
        let act = Act::Arrive {
            notice: Box::new(self.clone()),
            item: item.case.clone(),
            admission: Box::new(item.admission.clone()),
        };
        item.moves(case, &act)
    }
}

impl Writing for TakeBackAnswer {
    const KIND: &'static str = "take-back-answer";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "Basel Convention, article 9"),
        field("answers", Class::Key, "Basel Convention, article 9"),
        field("says", Class::Key, "Basel Convention, article 9"),
        field("at", Class::Key, "Basel Convention, article 9"),
        field("text", Class::Conclusion, "Basel Convention, article 9"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.answers
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let act = Act::Hear { answer: self.clone(), item: item.case.clone() };
        vec![Effect::act(CaseId::of(TakeBack::NAME, &self.answers), &act)]
    }
}
