//! The words of mutual assistance: subjects, matters, urgency, grading, reasons, statements.

use jiff::Timestamp;
use kernel::{Digest, Field, Reference, Sort};
use serde::{Deserialize, Serialize};

use crate::macros::codes;

codes! {
    /// What kind of thing a request, an item of information or a warning is about.
    SubjectKind:
    /// A firm or a person, by name or identifier.
    Party = "party",
    /// A container, by its number (ISO 6346).
    Container = "container",
    /// A transport document, by its number.
    Bill = "bill",
    /// A vehicle, vessel or flight, by plate, IMO number or flight number.
    Vehicle = "vehicle",
    /// A declaration, by its number.
    Declaration = "declaration",
    /// A certificate, by its number.
    Certificate = "certificate",
    /// Goods, by commodity code or description.
    Goods = "goods",
}

/// The thing something is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Subject {
    /// What kind of thing.
    pub kind: SubjectKind,
    /// Its name or number as it stood.
    pub value: String,
    /// What else identifies it: address, seal, identifier and its issuer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub more: String,
}

impl Subject {
    /// A subject by kind and value.
    #[must_use]
    pub fn new(kind: SubjectKind, value: impl Into<String>) -> Self {
        Self { kind, value: value.into(), more: String::new() }
    }

    /// The key two mentions of one subject share: kind and value without white space and signs, in capitals.
    #[must_use]
    pub fn key(&self) -> String {
        let value: String =
            self.value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
        format!("{}:{value}", self.kind.code())
    }

    /// The reference its cases are found by.
    #[must_use]
    pub fn reference(&self) -> Reference {
        Reference::new("subject", self.key())
    }
}

codes! {
    /// The form of help asked for.
    Matter:
    /// Information and documents (Nairobi Convention annexes I to V; model bilateral agreement, articles on assistance).
    Information = "information",
    /// Verification of a certificate of origin.
    Origin = "origin-verification",
    /// Goods let pass under watch (model bilateral agreement, controlled delivery).
    ControlledDelivery = "controlled-delivery",
    /// Where seized goods came from, step by step backwards.
    BackTracking = "back-tracking",
    /// Service of a decision on somebody in the other country.
    Notification = "notification",
    /// Watch on persons, goods, places or means of transport.
    Surveillance = "surveillance",
    /// Presence of our officers at an enquiry abroad.
    Presence = "presence",
}

impl Matter {
    /// The document kind a request in this matter goes as; each has a term, and so clocks, of its own.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Origin => "origin-verification",
            Self::ControlledDelivery => "controlled-delivery",
            Self::BackTracking => "back-tracking",
            Self::Information | Self::Notification | Self::Surveillance | Self::Presence => {
                "assistance-request"
            }
        }
    }
}

codes! {
    /// How urgent a request is.
    Urgency:
    /// By the agreement's own clocks.
    Normal = "normal",
    /// As soon as possible; the operational clock says by when.
    Urgent = "urgent",
    /// Asked by word of mouth first; this confirms it in writing.
    OralConfirmed = "oral-confirmed",
}

codes! {
    /// How far the source is to be trusted (European police grading).
    SourceGrade:
    /// No doubt.
    A = "a",
    /// Mostly reliable.
    B = "b",
    /// Mostly not reliable.
    C = "c",
    /// Cannot be judged.
    X = "x",
}

codes! {
    /// How far the content is to be trusted (European police grading).
    ContentGrade:
    /// Known to be true.
    One = "1",
    /// Known to the source, not to us.
    Two = "2",
    /// Not known to the source, supported by other information.
    Three = "3",
    /// Cannot be judged.
    Four = "4",
}

/// Source and content graded together: `B2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grade {
    /// The source.
    pub source: SourceGrade,
    /// The content.
    pub content: ContentGrade,
}

impl std::fmt::Display for Grade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.source.code().to_uppercase(), self.content.code())
    }
}

codes! {
    /// Why a request is refused in whole or part, or put off (model bilateral agreement; WTO TFA article 12).
    RefusalReason:
    /// Sovereignty, security, public policy.
    Sovereignty = "sovereignty",
    /// Business or professional secrets.
    TradeSecret = "trade-secret",
    /// It would disturb an enquiry or proceedings that run.
    RunningEnquiry = "running-enquiry",
    /// The requester could not do the same and did not say so.
    NoReciprocity = "no-reciprocity",
    /// No agreement covers it.
    NoBasis = "no-basis",
    /// The requester's own checks are not shown.
    OwnChecksMissing = "own-checks-missing",
    /// More than the documents filed with us.
    BeyondDocuments = "beyond-documents",
    /// Nothing is kept so far back.
    NotKept = "not-kept",
    /// The subject cannot be told from what was given.
    NotIdentified = "not-identified",
    /// Out of proportion to what could come of it.
    Burden = "burden",
}

codes! {
    /// What an answer to a request is.
    AnswerKind:
    /// The request is here and has a number with us.
    Acknowledged = "acknowledged",
    /// It will be answered.
    Accepted = "accepted",
    /// It will be answered later, for a reason.
    Postponed = "postponed",
    /// Part of the answer, the rest later.
    Interim = "interim",
    /// Part of the answer; the rest is refused, for a reason.
    Partial = "partial",
    /// The whole answer.
    Final = "final",
    /// No answer, for a reason.
    Refused = "refused",
}

impl AnswerKind {
    /// Whether nothing more is to come.
    #[must_use]
    pub const fn settles(self) -> bool {
        matches!(self, Self::Partial | Self::Final | Self::Refused)
    }

    /// Whether it says something of the matter itself.
    #[must_use]
    pub const fn tells(self) -> bool {
        matches!(self, Self::Interim | Self::Partial | Self::Final)
    }
}

codes! {
    /// How useful an answer was.
    Usefulness:
    /// It decided or advanced the case.
    Useful = "useful",
    /// Part of it did.
    PartlyUseful = "partly-useful",
    /// It did not.
    NotUseful = "not-useful",
}

codes! {
    /// Whether the giver verified what it says.
    Verified:
    /// It did.
    Verified = "verified",
    /// It did not; then it must not be the deciding factor.
    Unverified = "unverified",
}

/// One thing one party says of one subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Of what.
    pub subject: Subject,
    /// What is said of it, as a code: `quantity`, `value`, `hs`, `origin`, `consignee`, `exported`, `issued`.
    pub what: String,
    /// What it is.
    pub value: String,
    /// Whether the giver verified it.
    pub verified: Verified,
    /// The number of the question it answers, where it answers one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<u32>,
    /// As of when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
}

/// A document that belongs to a matter: its name and the digest of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it is called.
    pub name: String,
    /// Its bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
}

/// The fields of a subject in a form.
pub const SUBJECT: &[Field] = &[
    Field::needed("kind", Sort::Choice("subject-kind", SubjectKind::CODES)),
    Field::needed("value", Sort::Text(120)),
    Field::optional("more", Sort::Text(200)),
];

/// The fields of a statement in a form.
pub(super) const STATEMENT: &[Field] = &[
    Field::needed("subject.kind", Sort::Choice("subject-kind", SubjectKind::CODES)),
    Field::needed("subject.value", Sort::Text(120)),
    Field::needed("what", Sort::Choice("statement", WHAT)),
    Field::needed("value", Sort::Text(200)),
    Field::needed("verified", Sort::Choice("verified", Verified::CODES)),
    Field::optional("question", Sort::Whole(1, 99)),
];

/// What can be said of a subject, as forms offer it; other codes of partners survive.
pub(super) const WHAT: &[&str] = &[
    "exported",
    "imported",
    "quantity",
    "value",
    "gross-mass",
    "hs",
    "origin",
    "consignee",
    "exporter",
    "issued",
    "not-issued",
    "produced",
    "capacity",
    "known",
    "not-known",
    "route",
    "seal",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spellings_of_one_number_are_one_subject() {
        let one = Subject::new(SubjectKind::Container, "TEMU 123456-5");
        let other = Subject::new(SubjectKind::Container, "temu1234565");
        assert_eq!(one.key(), other.key());
        assert_ne!(one.key(), Subject::new(SubjectKind::Bill, "TEMU1234565").key());
    }

    #[test]
    fn only_what_settles_settles() {
        let settling: Vec<_> = AnswerKind::ALL.iter().filter(|kind| kind.settles()).collect();
        assert_eq!(settling, [&AnswerKind::Partial, &AnswerKind::Final, &AnswerKind::Refused]);
    }
}
