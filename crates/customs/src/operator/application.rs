//! What an operator of ours applies with, and what its visits and the looks at it later say.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::entry::OperatorRole;
use crate::terms::Party;

/// What an operator applies for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Application {
    /// Who applies.
    pub party: Party,
    /// Its name in its own script.
    pub local_name: String,
    /// As what.
    pub roles: Vec<OperatorRole>,
    /// Its sites by UN/LOCODE.
    pub sites: Vec<String>,
    /// Whom to ask.
    pub contact: String,
}

/// A visit to the operator's sites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validation {
    /// When it is planned.
    pub planned: Date,
    /// Who goes.
    pub team: Vec<String>,
    /// How it came out; none before it took place.
    pub outcome: Option<Outcome>,
    /// What was seen.
    pub report: String,
}

/// How a validation came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All criteria are met.
    Met,
    /// They are met once something is mended.
    MetWithConditions,
    /// They are not met.
    NotMet,
}

/// A look at an authorised operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Monitoring {
    /// When.
    pub at: Timestamp,
    /// What was seen.
    pub note: String,
    /// By whom.
    pub by: String,
}
