//! What happened to a movement at its office of departure.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{CaseId, NodeId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::act::{Answer, ControlCode, Lodging, Record};
use crate::gate::{Awaits, Tie};
use crate::transit::amount::Worked;
use crate::transit::guarantee::{Reason, UsageState};

/// One functional error of a rejection: where, which kind, which rule, what was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The place.
    pub pointer: String,
    /// 12 code list, 13 missing, 14 rule, 15 not allowed, 26 duplicate, 92 out of sequence and on.
    pub code: String,
    /// The rule or list.
    pub reason: String,
    /// What stood there.
    pub seen: String,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum DepartureEvent {
    /// Lodged and sound; also in advance (928).
    Lodged {
        /// What.
        lodging: Box<Lodging>,
        /// By which account.
        by: String,
        /// When.
        at: Timestamp,
        /// What the guarantee must cover, where values were given.
        worked: Option<Box<Worked>>,
    },
    /// Something a party asked is rejected (056).
    Rejected {
        /// The message that is rejected, by its number.
        of: String,
        /// Why.
        faults: Vec<Fault>,
        /// By which account it was lodged, and its number; for a declaration only.
        lodging: Option<Box<(String, Lodging)>>,
        /// When.
        at: Timestamp,
    },
    /// The goods of a declaration lodged in advance are there.
    Presented {
        /// The consignment as it is now.
        consignment: Value,
        /// When.
        at: Timestamp,
    },
    /// Accepted (028).
    Accepted {
        /// When.
        at: Timestamp,
    },
    /// Amended (004).
    Amended {
        /// As it is now.
        lodging: Box<Lodging>,
        /// What the guarantee must cover now.
        worked: Option<Box<Worked>>,
        /// When.
        at: Timestamp,
    },
    /// A correction is asked for (022).
    AmendmentAsked {
        /// What.
        text: String,
        /// When.
        at: Timestamp,
    },
    /// A control is announced (060).
    ControlNotified {
        /// 0, 1 or 2.
        notice: String,
        /// The kinds.
        kinds: Vec<String>,
        /// The documents.
        documents: Vec<String>,
        /// When.
        at: Timestamp,
    },
    /// The principal asked for invalidation.
    InvalidationAsked {
        /// Why.
        justification: String,
        /// When.
        at: Timestamp,
    },
    /// The office set the day by which the goods must arrive.
    LimitSet {
        /// The day.
        limit: Date,
    },
    /// The office concluded; the guarantee is asked.
    Concluded {
        /// What it found.
        code: ControlCode,
        /// In words.
        text: String,
        /// When.
        at: Timestamp,
    },
    /// Minor differences: the principal is to say whether the goods go so.
    ReleaseQuestioned {
        /// In words.
        text: String,
        /// When.
        at: Timestamp,
    },
    /// A guarantee answered.
    GuaranteeTold {
        /// Its number.
        grn: String,
        /// What speaks against.
        reasons: Vec<Reason>,
    },
    /// A guarantee of another country was asked (203).
    UseAsked {
        /// Its number.
        grn: String,
        /// The moment the message bears.
        at: Timestamp,
    },
    /// The country of a guarantee answered (205).
    AnsweredAbroad {
        /// Its number.
        grn: String,
        /// The office that keeps it; empty where there is none.
        office: String,
        /// What speaks against.
        reasons: Vec<Reason>,
    },
    /// What was bound in another country was given back: cancelled (204), or credited after discharge (209).
    ReturnedAbroad {
        /// The guarantee's number.
        grn: String,
        /// The office that keeps it.
        office: String,
        /// Why.
        why: UsageState,
        /// The moment the message bears.
        at: Timestamp,
    },
    /// A guarantee was asked whether it would cover the movement (200).
    CheckAsked {
        /// Its number.
        grn: String,
        /// When.
        at: Timestamp,
    },
    /// It answered (201).
    CheckTold {
        /// Its number.
        grn: String,
        /// What would speak against.
        reasons: Vec<Reason>,
    },
    /// A guarantee does not cover the movement (055).
    GuaranteeInvalid {
        /// When.
        at: Timestamp,
    },
    /// Released (029, 001, 050).
    Released {
        /// When.
        at: Timestamp,
        /// By when the goods must arrive.
        limit: Date,
    },
    /// Not released (051).
    NotReleased {
        /// Why.
        reason: String,
        /// When.
        at: Timestamp,
    },
    /// Invalidated (009; 010 after release).
    Invalidated {
        /// Why.
        justification: String,
        /// Whether the principal asked.
        asked: Answer,
        /// When.
        at: Timestamp,
    },
    /// The invalidation that was asked for is refused (009).
    KeptValid {
        /// Why.
        justification: String,
        /// When.
        at: Timestamp,
    },
    /// A frontier was crossed.
    Crossed {
        /// The office.
        office: String,
        /// The day.
        day: Date,
    },
    /// Arrived (024 to the others).
    Arrived {
        /// The office.
        office: String,
        /// When.
        at: Timestamp,
    },
    /// The results of the destination are here.
    ResultsTold {
        /// The office.
        office: String,
        /// What it found.
        code: ControlCode,
        /// The state of the seals.
        seals: Option<Answer>,
        /// In words.
        text: String,
        /// As data.
        differences: Value,
        /// When.
        at: Timestamp,
    },
    /// Major discrepancies are open (019).
    DiscrepanciesFound {
        /// When.
        at: Timestamp,
    },
    /// The discrepancies were solved, or not (049).
    Solved {
        /// Yes or no.
        solved: Answer,
        /// When.
        at: Timestamp,
    },
    /// Something happened on the way (181, 182).
    IncidentTold {
        /// The office.
        office: String,
        /// When.
        at: Timestamp,
        /// What.
        incidents: Value,
    },
    /// The record was asked for and is answered (003, 115, 038).
    RecordGiven {
        /// Which.
        record: Record,
        /// To whom.
        to: NodeId,
        /// For which office.
        office: String,
        /// The message that asked.
        message: String,
    },
    /// The status was asked for and is answered (095).
    StatusGiven {
        /// To whom.
        to: NodeId,
        /// The message that asked.
        message: String,
    },
    /// The results are late; the destination is asked.
    ResultsLate,
    /// The enquiry is open.
    EnquiryOpened {
        /// When.
        at: Timestamp,
    },
    /// The debt is being recovered.
    RecoveryBegun {
        /// When.
        at: Timestamp,
    },
    /// An export declaration, or what the destination told, was held against the movement.
    Linked {
        /// Why they belong together, and where they differ.
        tie: Box<Tie>,
        /// Findings that stood on an earlier look and stand no more.
        gone: Vec<CaseId>,
    },
    /// An export declaration does not belong to the movement any more.
    Unlinked {
        /// The declaration.
        item: CaseId,
        /// Why.
        reason: String,
        /// Findings that stood on it.
        gone: Vec<CaseId>,
    },
    /// A finding on the movement changed.
    FindingNoted {
        /// The finding.
        finding: CaseId,
        /// Whether it awaits a verdict.
        awaits: Awaits,
    },
    /// Written off (045).
    WrittenOff {
        /// When.
        at: Timestamp,
    },
}
