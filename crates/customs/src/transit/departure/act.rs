//! What may be wanted of a movement at its office of departure.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{CaseId, Findings, Named, NodeId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::abroad::Told;
use crate::gate::{Awaits, Tie};
use crate::transit::amount::Valued;
use crate::transit::declaration::Declaration;
use crate::transit::guarantee::Reason;

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// What a control found, by the codes of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ControlCode {
    /// Satisfactory after looking at the goods.
    A1,
    /// Considered satisfactory.
    A2,
    /// Simplified procedure, not looked at by the office.
    A3,
    /// Minor differences.
    A5,
    /// Not satisfactory.
    B1,
}

impl ControlCode {
    /// The code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::A1 => "A1",
            Self::A2 => "A2",
            Self::A3 => "A3",
            Self::A5 => "A5",
            Self::B1 => "B1",
        }
    }
}

/// A declaration as it was lodged.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lodging {
    /// What it says.
    pub declaration: Declaration,
    /// What the reader saw wrong with it.
    #[serde(default)]
    pub findings: Findings,
    /// The customs values of its lines, where the guarantee is to be worked out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Valued>,
    /// The message's own id.
    #[serde(default)]
    pub message: String,
    /// Lodged on paper while the system was down, and entered afterwards: the day it was stamped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_paper: Option<Date>,
}

/// Which record of the movement another country asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Record {
    /// For an arrival where it was not declared (002, answered by 003).
    Arrival,
    /// For a passage where it was not declared (114, answered by 115).
    Passage,
    /// For any other need (027, answered by 038).
    Query,
}

impl Record {
    /// The group in which the office that asks stands.
    #[must_use]
    pub const fn office(self) -> &'static str {
        match self {
            Self::Arrival => "CustomsOfficeOfDestinationActual",
            Self::Passage => "CustomsOfficeOfTransitActual",
            Self::Query => "CustomsOfficeOfRequest",
        }
    }
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum DepartureAct {
    /// The principal declares (015).
    Declare(Box<Lodging>),
    /// The goods of a declaration lodged in advance are there (170).
    Present {
        /// What it says anew of the consignment.
        #[serde(default)]
        consignment: Value,
        /// What the reader saw wrong with it.
        #[serde(default)]
        findings: Findings,
    },
    /// The principal amends (013).
    Amend(Box<Lodging>),
    /// The principal asks for invalidation (014).
    AskInvalidation {
        /// Why.
        justification: String,
    },
    /// The principal answers whether the goods are to go as they were found (054).
    AnswerRelease {
        /// Yes or no.
        release: Answer,
    },
    /// The office accepts (028).
    Accept,
    /// The office asks for a correction (022).
    AskAmendment {
        /// What is to be corrected.
        text: String,
    },
    /// The office announces a control (060).
    Control {
        /// 0 it will control, 1 it asks for documents, 2 it intends to control.
        notice: String,
        /// The kinds of control.
        #[serde(default)]
        kinds: Vec<String>,
        /// The documents asked for.
        #[serde(default)]
        documents: Vec<String>,
    },
    /// The office concludes, and unless it found too much wrong, the guarantee is asked.
    Conclude {
        /// What it found.
        code: ControlCode,
        /// In words.
        #[serde(default)]
        text: String,
        /// By when the goods must arrive, where the office sets another day than its country's clock gives.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<Date>,
    },
    /// The office does not release (051).
    Refuse {
        /// Why.
        reason: String,
    },
    /// The office invalidates (009, and 010 after release).
    Invalidate {
        /// Why.
        justification: String,
    },
    /// The office refuses the invalidation that was asked for (009).
    KeepValid {
        /// Why.
        justification: String,
    },
    /// A guarantee answers.
    GuaranteeAnswered {
        /// Its number.
        grn: String,
        /// What speaks against; nothing where it is reserved.
        reasons: Vec<Reason>,
        /// What another country says with it (205); none where it is kept here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        told: Option<Box<Told>>,
    },
    /// The office wants to know whether the guarantees would cover the movement (200).
    CheckGuarantees,
    /// A guarantee that was checked answers; nothing is reserved.
    GuaranteeChecked {
        /// Its number.
        grn: String,
        /// What would speak against.
        reasons: Vec<Reason>,
        /// What another country says with it (201); none where it is kept here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        told: Option<Box<Told>>,
    },
    /// The goods crossed a frontier (118).
    Crossed {
        /// The office.
        office: String,
        /// The day.
        day: Date,
    },
    /// The goods arrived (006).
    Arrived {
        /// The office.
        office: String,
        /// When.
        at: Timestamp,
    },
    /// The office of destination tells its results (018).
    Results {
        /// The office.
        office: String,
        /// What it found.
        code: ControlCode,
        /// The state of the seals, where there were any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seals: Option<Answer>,
        /// What differs, in words.
        #[serde(default)]
        text: String,
        /// What differs, as data.
        #[serde(default)]
        differences: Value,
    },
    /// Something happened on the way (180).
    Incident {
        /// The office that registered it.
        office: String,
        /// When it was told.
        at: Timestamp,
        /// The incidents, as the message has them.
        incidents: Value,
    },
    /// Another country asks for the record (002, 114, 027).
    RecordAsked {
        /// Which.
        record: Record,
        /// Who.
        by: NodeId,
        /// For which office.
        office: String,
        /// The message that asks.
        message: String,
    },
    /// Another country asks how the movement stands (094).
    StatusAsked {
        /// Who.
        by: NodeId,
        /// The message that asks.
        message: String,
    },
    /// The office says whether what differed was solved (049).
    Solve {
        /// Yes or no.
        solved: Answer,
    },
    /// The enquiry opens because the goods did not arrive.
    OpenEnquiry,
    /// The enquiry ended without finding them.
    Recover,
    /// What was owed is paid, or nothing is owed.
    Settle {
        /// Why.
        reason: String,
    },
    /// An export declaration the goods come from, held against the movement.
    Link {
        /// Why they belong together, and where they differ.
        tie: Box<Tie>,
    },
    /// It does not belong to the movement any more.
    Unlink {
        /// The declaration.
        item: CaseId,
        /// Why.
        reason: String,
    },
    /// A finding on the movement was decided, or opened again.
    NoteFinding {
        /// The finding.
        finding: CaseId,
        /// Whether it awaits a verdict.
        awaits: Awaits,
    },
    /// A clock ran out.
    Expire {
        /// Which.
        clock: String,
    },
}

impl Named for DepartureAct {
    fn name(&self) -> &'static str {
        match self {
            Self::Declare(_) => "declare",
            Self::Present { .. } => "present",
            Self::Amend(_) => "amend",
            Self::AskInvalidation { .. } => "ask-invalidation",
            Self::AnswerRelease { .. } => "answer-release",
            Self::Accept => "accept",
            Self::AskAmendment { .. } => "ask-amendment",
            Self::Control { .. } => "control",
            Self::Conclude { .. } => "conclude",
            Self::Refuse { .. } => "refuse",
            Self::Invalidate { .. } => "invalidate",
            Self::KeepValid { .. } => "keep-valid",
            Self::GuaranteeAnswered { .. } => "guarantee-answered",
            Self::CheckGuarantees => "check-guarantees",
            Self::GuaranteeChecked { .. } => "guarantee-checked",
            Self::Crossed { .. } => "crossed",
            Self::Arrived { .. } => "arrived",
            Self::Results { .. } => "results",
            Self::Incident { .. } => "incident",
            Self::RecordAsked { .. } => "record-asked",
            Self::StatusAsked { .. } => "status-asked",
            Self::Solve { .. } => "solve",
            Self::OpenEnquiry => "open-enquiry",
            Self::Recover => "recover",
            Self::Settle { .. } => "settle",
            Self::Link { .. } => "link",
            Self::Unlink { .. } => "unlink",
            Self::NoteFinding { .. } => "note-finding",
            Self::Expire { .. } => "expire",
        }
    }
}
