//! An agreement and its terms, as they are written down in a file and kept in the book `terms`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{Limit, NodeId, Role};
use serde::{Deserialize, Serialize};

use super::Schedule;
use crate::terms::Purpose;

/// A legal instrument between administrations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Agreement {
    /// Short name, unique: `ASW-ACDD-VN-TH`.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Who is bound.
    pub parties: Vec<NodeId>,
    /// How it came to bind them.
    pub route: LegalRoute,
    /// Where its text is found.
    pub source: String,
    /// First day in force.
    pub from: Date,
    /// Last day in force; open where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// What it permits.
    #[serde(rename = "term")]
    pub terms: Vec<Term>,
}

/// The legal routes an agreement can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LegalRoute {
    /// Government approval and authorisation to sign.
    Treaty,
    /// Approval within the ministry.
    Ministry,
    /// A memorandum between authorities of one country.
    Domestic,
}

/// One machine-readable permission: this document kind, this direction, these fields, for these purposes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Term {
    /// Number within its agreement, such as `1` or `3(b)`.
    pub id: String,
    /// Document kind: `acdd`, `customs-response`.
    pub kind: String,
    /// Who gives.
    pub from: NodeId,
    /// Who receives.
    pub to: NodeId,
    /// The state of the lane.
    pub lane: LaneState,
    /// The fields that may go, by the names of the document's disclosure table; all others stay.
    pub fields: Vec<String>,
    /// What the receiver may use it for; everything else is forbidden.
    pub purposes: Vec<Purpose>,
    /// How it must be handled.
    pub handling: Handling,
    /// Whether the trader must have agreed.
    pub consent: ConsentRule,
    /// Whether the receiver may pass it on.
    pub onward: Onward,
    /// How long the receiver may keep it.
    pub keep: Limit,
    /// How soon the receiver answers that it is readable or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_within: Option<Limit>,
    /// How soon the receiver tells what came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_within: Option<Limit>,
    /// The term's other clocks by name: `{ acknowledge = "3d", reply = "90d", feedback-before-eta = "4h" }`. Which names
    /// a document kind looks for stands with the kind; a clock that is not named does not run.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub clocks: BTreeMap<String, Limit>,
    /// How much of something the term allows, by name: `{ questions-a-day = 20, values-a-question = 100 }`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub quotas: BTreeMap<String, u32>,
    /// How delivery is tried.
    pub delivery: Schedule,
    /// Who hears of it when a clock of this term runs out.
    pub escalation: Vec<Escalation>,
}

/// The state of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LaneState {
    /// Documents run, decisions do not rest on them.
    Test,
    /// Documents run and count.
    Live,
    /// Nothing runs.
    Stopped,
}

/// How a document must be handled by whoever sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Handling {
    /// H0: within customs, no further condition.
    H0,
    /// H1: not as evidence in court without asking the giver.
    H1,
    /// H2: not beyond the unit that received it without asking the giver.
    H2,
    /// H3: other conditions, written in the document.
    H3,
}

/// Whether the trader must have agreed before a document goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentRule {
    /// Only with the exporter's recorded consent.
    Needed,
    /// By law, without.
    NotNeeded,
}

/// Whether the receiver may pass a document on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Onward {
    /// Never.
    Never,
    /// After asking the giver.
    Ask,
}

/// One step of an escalation: so long after the clock ran out, this role hears of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Escalation {
    /// How long after.
    pub after: Limit,
    /// Who hears of it.
    pub role: Role,
}

impl Term {
    /// The key of the book `terms`: kind and direction.
    #[must_use]
    pub fn key(&self) -> String {
        Self::key_of(&self.kind, &self.from, &self.to)
    }

    /// The key for a kind and a direction.
    #[must_use]
    pub fn key_of(kind: &str, from: &NodeId, to: &NodeId) -> String {
        format!("{kind}/{from}/{to}")
    }

    /// The lane's name on screens and in summaries: `TH-VN acdd`.
    #[must_use]
    pub fn lane_of(kind: &str, from: &NodeId, to: &NodeId) -> String {
        format!("{from}-{to} {kind}")
    }

    /// The escalation as obligations take it.
    #[must_use]
    pub fn steps(&self) -> Vec<(Limit, Role)> {
        self.escalation.iter().map(|step| (step.after, step.role.clone())).collect()
    }

    /// The clock of this name; `None` where the term has none.
    #[must_use]
    pub fn clock(&self, name: &str) -> Option<Limit> {
        self.clocks.get(name).copied()
    }

    /// The quota of this name; `None` where the term has none.
    #[must_use]
    pub fn quota(&self, name: &str) -> Option<u32> {
        self.quotas.get(name).copied()
    }

    /// Whether the receiver may use the document for this purpose.
    #[must_use]
    pub fn allows(&self, purpose: Purpose) -> bool {
        self.purposes.contains(&purpose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERM: &str = r#"{"id":"1","kind":"assistance-request","from":"VN","to":"TH","lane":"live","fields":[],
        "purposes":["investigation"],"handling":"h2","consent":"not-needed","onward":"ask","keep":"1095d",
        "delivery":{"waits":["30s"]},"escalation":[]"#;

    fn read(rest: &str) -> Term {
        serde_json::from_str(&format!("{TERM}{rest}}}")).expect("a term")
    }

    #[test]
    fn a_term_without_named_clocks_reads_and_writes_as_before() {
        let term = read("");
        assert_eq!((term.clock("reply"), term.quota("questions-a-day")), (None, None));
        assert!(!serde_json::to_string(&term).expect("plain data").contains("clocks"));
    }

    #[test]
    fn a_term_names_its_own_clocks_and_quotas() {
        let term = read(r#","clocks":{"reply":"90d"},"quotas":{"questions-a-day":20}"#);
        assert_eq!(term.clock("reply"), Some(Limit::hours(90 * 24)));
        assert_eq!((term.clock("interim"), term.quota("questions-a-day")), (None, Some(20)));
    }
}
