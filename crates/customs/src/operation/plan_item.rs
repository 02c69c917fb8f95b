//! A joint operation's plan and a member's answer to it, as they pass between nodes.

use jiff::civil::Date;
use kernel::{Effect, Facts, NodeId};
use serde::{Deserialize, Serialize};

use super::operation::{Act, case_of};
use super::words::Pack;
use crate::agreement::{Arrived, Class, FieldClass, Writing, field};

/// The plan of a joint operation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Plan {
    /// The operation's number, one for all members.
    pub reference: String,
    /// Counts up with every change.
    pub version: u32,
    /// What it is called.
    pub name: String,
    /// The kinds of goods it is about.
    pub packs: Vec<Pack>,
    /// Scope in words: goods, routes, modes.
    pub scope: String,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// The agreement it rests on.
    pub agreement: String,
    /// The node of the coordination unit.
    pub unit: NodeId,
    /// The members.
    pub members: Vec<Member>,
    /// The plan in words: phases, indicators, reports.
    pub text: String,
}

/// One member of an operation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Member {
    /// Its node.
    pub node: NodeId,
    /// Its national contact point.
    pub contact: String,
}

impl Writing for Plan {
    const KIND: &'static str = "operation-plan";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "operation plan"),
        field("version", Class::Key, "operation plan"),
        field("name", Class::Key, "operation plan"),
        field("packs", Class::Key, "operation plan"),
        field("scope", Class::Conclusion, "operation plan"),
        field("from", Class::Key, "operation plan"),
        field("until", Class::Key, "operation plan"),
        field("agreement", Class::Key, "operation plan"),
        field("unit", Class::Key, "operation plan"),
        field("members", Class::Key, "operation plan"),
        field("text", Class::Conclusion, "operation plan"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.name
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let case = case_of(&self.reference);
        let act = Act::Arrive { plan: Box::new(self.clone()), from: item.arrival.from.clone() };
        item.moves(case, &act)
    }
}

/// A member's answer to a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanAnswer {
    /// Its own number.
    pub reference: String,
    /// The operation.
    pub operation: String,
    /// Whether it takes part.
    pub joins: Option<Joins>,
    /// Its national contact point.
    pub contact: String,
    /// Why not.
    pub reason: String,
}

/// Whether a member takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Joins {
    /// It does.
    Joined,
    /// It does not.
    Declined,
}

impl Writing for PlanAnswer {
    const KIND: &'static str = "operation-answer";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "operation plan"),
        field("operation", Class::Key, "operation plan"),
        field("joins", Class::Key, "operation plan"),
        field("contact", Class::Key, "operation plan"),
        field("reason", Class::Key, "operation plan"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.operation
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let act = Act::NoteMember { from: item.arrival.from.clone(), answer: self.clone() };
        vec![Effect::act(case_of(&self.operation), &act)]
    }
}

/// A member's or the coordination unit's report of a day, computed from items.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SituationReport {
    /// Its own number: operation, node, day.
    pub reference: String,
    /// The operation.
    pub operation: String,
    /// The day.
    pub day: Option<Date>,
    /// Warnings sent that day and so far.
    pub warnings: Count,
    /// Of these, answered.
    pub answered: Count,
    /// Of these, silent past their moment.
    pub silent: Count,
    /// Seizures of that day and so far.
    pub seizures: Count,
    /// More, in words.
    pub text: String,
}

/// How many on the day, and so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Count {
    /// On the day.
    pub day: u32,
    /// Since the first day.
    pub all: u32,
}

impl Writing for SituationReport {
    const KIND: &'static str = "situation-report";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "operation plan"),
        field("operation", Class::Key, "operation plan"),
        field("day", Class::Key, "operation plan"),
        field("warnings", Class::Conclusion, "operation plan"),
        field("answered", Class::Conclusion, "operation plan"),
        field("silent", Class::Conclusion, "operation plan"),
        field("seizures", Class::Conclusion, "operation plan"),
        field("text", Class::Conclusion, "operation plan"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.operation
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let act = Act::NoteReport { from: item.arrival.from.clone(), report: Box::new(self.clone()) };
        vec![Effect::act(case_of(&self.operation), &act)]
    }
}
