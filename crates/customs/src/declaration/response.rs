//! The Customs Response: what the receiving side says of a document, and later what came of it (WCO class 07B).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::terms::Country;

/// What the receiving side says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Received and readable.
    #[default]
    Accepted,
    /// Received and not usable; the remarks say why.
    Rejected,
    /// Used in a decision; the remarks say with what result.
    Used,
    /// The cancellation or replacement was carried out.
    Cancelled,
}

/// The Customs Response.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    /// What is said.
    pub outcome: Outcome,
    /// The response's own reference (WCO D026).
    pub reference: String,
    /// When it was issued (WCO D029).
    pub issued: Option<Timestamp>,
    /// Exporting country of the document answered.
    pub country: Country,
    /// Declaration number of the document answered (WCO D014).
    pub number: String,
    /// The reference of the document answered (WCO D026).
    pub answers: String,
    /// Version of the document answered (WCO 383).
    pub version: Option<u32>,
    /// Errors, reasons, results.
    pub remarks: Vec<Remark>,
}

/// One error, reason or result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remark {
    /// Code: an error's (WCO 377) or a statement's (WCO 226), such as a finding's code or a verdict.
    pub code: String,
    /// Where, as a WCO pointer or an item number; empty for the whole document.
    pub pointer: String,
    /// The values, as a short datum (WCO 488, 225).
    pub text: String,
}
