//! The parts of an ebMS header as types. Values are open: what the standard does not list survives reading and writing.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::fault::Ebms;
use crate::names::ebms::{INITIATOR, PING_ACTION, PING_SERVICE, RESPONDER, UNREGISTERED};

/// Who sends or receives: an identifier and the register it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PartyId {
    /// The identifier.
    pub value: String,
    /// The register, `eb:PartyId/@type`; `None` where the identifier is a URI of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

impl PartyId {
    /// An identifier of no register, as two partners agree on it.
    #[must_use]
    pub fn unregistered(value: impl Into<String>) -> Self {
        Self { value: value.into(), kind: Some(UNREGISTERED.to_owned()) }
    }
}

impl fmt::Display for PartyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.value)
    }
}

/// A party in its role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Who.
    pub id: PartyId,
    /// As what.
    pub role: String,
}

impl Party {
    /// The party that starts an exchange.
    #[must_use]
    pub fn initiator(id: PartyId) -> Self {
        Self { id, role: INITIATOR.to_owned() }
    }

    /// The party that is addressed.
    #[must_use]
    pub fn responder(id: PartyId) -> Self {
        Self { id, role: RESPONDER.to_owned() }
    }
}

/// What is asked of the receiver, coarsely; the action says it finely.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// The service.
    pub value: String,
    /// The scheme it is named in; `None` where the value is a URI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// The agreement an exchange stands under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementRef {
    /// The agreement.
    pub value: String,
    /// The scheme it is named in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The processing mode, where the peer names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pmode: Option<String>,
}

/// A named value on a message or on one of its parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Property {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
    /// The scheme of the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

impl Property {
    /// A property of no scheme.
    #[must_use]
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into(), kind: None }
    }
}

/// One payload as the header names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartInfo {
    /// `Content-ID` of the part, without `cid:`.
    pub content_id: String,
    /// Its properties as they stand in the header.
    pub properties: Vec<Property>,
}

impl PartInfo {
    /// The value of a property.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|property| property.name == name).map(|property| property.value.as_str())
    }
}

/// The header of a business message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserMessage {
    /// `eb:MessageId`: unique, without angle brackets.
    pub message_id: String,
    /// When the sender made it.
    pub timestamp: Timestamp,
    /// The message this one answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ref_to: Option<String>,
    /// The sender.
    pub from: Party,
    /// The receiver.
    pub to: Party,
    /// The agreement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement_ref: Option<AgreementRef>,
    /// The service.
    pub service: Service,
    /// The action.
    pub action: String,
    /// What ties the messages of one matter together; may be empty.
    pub conversation_id: String,
    /// Message properties.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Property>,
    /// The payloads; the first is the leading document, and the order matters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartInfo>,
}

impl UserMessage {
    /// Whether it only asks whether we are there. It is receipted like any message and never delivered.
    #[must_use]
    pub fn is_ping(&self) -> bool {
        self.service.value == PING_SERVICE && self.action == PING_ACTION
    }

    /// The value of a message property.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|property| property.name == name).map(|property| property.value.as_str())
    }
}

/// One digest of a signature or a receipt: what it is over, how it was computed, what came out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reference {
    /// `#id` of an element or `cid:` of a part.
    pub uri: String,
    /// What was done before digesting, in order.
    pub transforms: Vec<Transform>,
    /// The digest algorithm's identifier.
    pub method: String,
    /// The digest in base64 without white space.
    pub digest: String,
}

/// One step before digesting.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Transform {
    /// The algorithm's identifier.
    pub algorithm: String,
    /// The inclusive prefix list of exclusive canonicalisation, as it stood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefixes: Option<String>,
}

/// A receipt whose signature was verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Its own id.
    pub message_id: String,
    /// When the receiver made it.
    pub timestamp: Timestamp,
    /// The message it is for.
    pub ref_to: String,
    /// The digests it acknowledges.
    pub references: Vec<Reference>,
    /// The partner whose pinned certificate signed it.
    pub signer: PartyId,
    /// SHA-256 of that certificate, in hexadecimal.
    pub fingerprint: String,
}

/// An error signal. Some products do not sign them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorSignal {
    /// Its own id.
    pub message_id: String,
    /// When the receiver made it.
    pub timestamp: Timestamp,
    /// The message it is about, where the receiver could read that.
    pub ref_to: Option<String>,
    /// At least one.
    pub errors: Vec<PeerError>,
    /// The partner whose pinned certificate signed it; `None` where it came unsigned.
    pub signer: Option<PartyId>,
}

impl ErrorSignal {
    /// Whether anything in it refuses the message; warnings alone do not.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.errors.iter().any(PeerError::is_failure)
    }

    /// Whether sending the same bytes again may help: every refusal in it is of a passing kind.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let mut failures = self.errors.iter().filter(|error| error.is_failure()).peekable();
        failures.peek().is_some() && failures.all(|error| error.known().is_some_and(Ebms::is_retryable))
    }
}

/// One error a peer reports. Codes are open: other specifications have their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerError {
    /// Such as `EBMS:0101`.
    pub code: String,
    /// `failure` or `warning`, as it stood.
    pub severity: String,
    /// A few words of the standard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short: Option<String>,
    /// The category of the standard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The message in error as the error itself names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ref_to: Option<String>,
    /// A sentence for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// More for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl PeerError {
    /// The error of the standard, where the code is one of its.
    #[must_use]
    pub fn known(&self) -> Option<Ebms> {
        Ebms::from_code(&self.code)
    }

    /// Whether it refuses the message.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        !self.severity.eq_ignore_ascii_case("warning")
    }
}
