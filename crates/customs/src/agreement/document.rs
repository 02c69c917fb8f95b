//! A document that can go to a partner: one of the two with standards of their own, or any kind of the catalogue.

use std::borrow::Cow;

use kernel::{NodeId, Refusal, Written};
use serde::de::Error as _;
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::kind::{Kind, Nature, Outline};
use crate::catalogue;
use crate::declaration::{Acdd, Function, Response};
use crate::terms::Country;

/// A document that can go to a partner.
#[derive(Clone, Debug, PartialEq)]
pub enum Document {
    /// An extract of an export declaration.
    Acdd(Box<Acdd>),
    /// An answer or a result.
    CustomsResponse(Response),
    /// A document of any other kind.
    Paper(Paper),
}

/// A document of a kind the catalogue lists.
#[derive(Clone)]
pub struct Paper {
    kind: &'static dyn Kind,
    content: Value,
    outline: Outline,
}

/// A document as it is kept: its kind's name and its content.
#[derive(Deserialize)]
struct Kept {
    kind: String,
    document: Value,
}

impl Document {
    /// Reads a document of a kind from an area's own data.
    ///
    /// # Errors
    /// `document-unknown` for a kind that cannot leave, `document-unreadable` for data of another shape.
    pub fn read(kind: &str, document: Value) -> Result<Self, Refusal> {
        Self::of(kind, document)
    }

    /// A document of a kind from its content, whatever form that has.
    fn of<'d>(
        kind: &str,
        content: impl Deserializer<'d, Error = serde_json::Error>,
    ) -> Result<Self, Refusal> {
        let unreadable = |error: serde_json::Error| Refusal::new("document-unreadable", error.to_string());
        match kind {
            "acdd" => Box::deserialize(content).map(Self::Acdd).map_err(unreadable),
            "customs-response" => {
                Response::deserialize(content).map(Self::CustomsResponse).map_err(unreadable)
            }
            _ => {
                let content = Value::deserialize(content).map_err(unreadable)?;
                Paper::read(kind, content).map(Self::Paper)
            }
        }
    }

    /// The kind, as terms name it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Acdd(_) => "acdd",
            Self::CustomsResponse(_) => "customs-response",
            Self::Paper(paper) => paper.kind().name(),
        }
    }

    /// The sender's reference.
    #[must_use]
    pub fn reference(&self) -> &str {
        match self {
            Self::Acdd(acdd) => &acdd.reference,
            Self::CustomsResponse(response) => &response.reference,
            Self::Paper(paper) => &paper.outline.reference,
        }
    }

    /// What it is about: the declaration's number, or what the area says.
    #[must_use]
    pub fn number(&self) -> &str {
        match self {
            Self::Acdd(acdd) => &acdd.number,
            Self::CustomsResponse(response) => &response.number,
            Self::Paper(paper) => &paper.outline.number,
        }
    }

    /// The country the document names as its own and the one its envelope lets it name.
    #[must_use]
    pub fn speaker<'a>(&'a self, from: &'a NodeId, to: &'a NodeId) -> Option<(&'a Country, &'a NodeId)> {
        match self {
            Self::Acdd(acdd) => Some((&acdd.country, from)),
            Self::CustomsResponse(response) => Some((&response.country, to)),
            Self::Paper(paper) => paper.outline.giver.as_ref().map(|giver| (giver, from)),
        }
    }

    /// The content, as the area's own data.
    ///
    /// # Panics
    /// Never: documents are plain data.
    #[must_use]
    pub fn content(&self) -> Value {
        match self {
            Self::Acdd(acdd) => serde_json::to_value(acdd),
            Self::CustomsResponse(response) => serde_json::to_value(response),
            Self::Paper(paper) => Ok(paper.content.clone()),
        }
        .expect("a document is plain data")
    }

    /// Whether it is an answer, which is not answered.
    #[must_use]
    pub fn is_answer(&self) -> bool {
        is_answer(self.kind())
    }

    /// The export declaration it speaks of, where it does.
    #[must_use]
    pub const fn acdd(&self) -> Option<&Acdd> {
        match self {
            Self::Acdd(acdd) => Some(acdd),
            Self::CustomsResponse(_) | Self::Paper(_) => None,
        }
    }

    /// The version of the matter it speaks of, where its kind has versions.
    #[must_use]
    pub fn version(&self) -> Option<u32> {
        self.acdd().map(|acdd| acdd.version)
    }

    /// Whether somebody has to say what came of it.
    #[must_use]
    pub fn wants_result(&self) -> bool {
        match self {
            Self::Acdd(acdd) => matches!(acdd.function, Function::Original | Function::Replace),
            Self::CustomsResponse(_) => false,
            Self::Paper(paper) => paper.kind.nature() == Nature::Statement,
        }
    }

    pub(super) fn has_consent(&self) -> bool {
        match self {
            Self::Acdd(acdd) => acdd.consent.is_some(),
            Self::CustomsResponse(_) | Self::Paper(_) => true,
        }
    }
}

/// Whether documents of this kind are answers, which are not answered.
#[must_use]
pub fn is_answer(kind: &str) -> bool {
    kind == "customs-response" || catalogue::kind(kind).is_some_and(|kind| kind.nature() == Nature::Answer)
}

impl Paper {
    /// Reads a document of a kind of the catalogue.
    ///
    /// # Errors
    /// `document-unknown` for a kind it does not list, `document-unreadable` for data of another shape.
    pub fn read(kind: &str, content: Value) -> Result<Self, Refusal> {
        let kind = catalogue::kind(kind).ok_or_else(|| Refusal::new("document-unknown", kind))?;
        let outline = kind.outline(&content)?;
        Ok(Self { kind, content, outline })
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> &'static dyn Kind {
        self.kind
    }

    /// Whether it answers another document.
    #[must_use]
    pub fn is_answer(&self) -> bool {
        self.kind.nature() == Nature::Answer
    }

    /// Its content, as the area's own data.
    #[must_use]
    pub const fn content(&self) -> &Value {
        &self.content
    }
}

impl PartialEq for Paper {
    fn eq(&self, other: &Self) -> bool {
        self.kind.name() == other.kind.name() && self.content == other.content
    }
}

impl std::fmt::Debug for Paper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Paper").field("kind", &self.kind.name()).field("content", &self.content).finish()
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut kept = serializer.serialize_struct("Kept", 2)?;
        // In the order of canonical JSON, so that it need not be put in order.
        match self {
            Self::Acdd(acdd) => kept.serialize_field("document", acdd),
            Self::CustomsResponse(response) => kept.serialize_field("document", response),
            Self::Paper(paper) => kept.serialize_field("document", &paper.content),
        }?;
        kept.serialize_field("kind", self.kind())?;
        kept.end()
    }
}

/// A document as text has it: which kind it is stands behind it, so that it waits to be read.
#[derive(Deserialize)]
struct KeptText<'t> {
    #[serde(borrow)]
    kind: Cow<'t, str>,
    #[serde(borrow)]
    document: &'t RawValue,
}

/// A document in a case that is read from its text or from JSON values, at once as what its kind is and not by way of values; events
/// are read otherwise, and cannot have it.
pub(super) fn in_case<'de, D: Deserializer<'de>>(case: D) -> Result<Option<Written<Document>>, D::Error> {
    let Some(text) = Option::<Box<RawValue>>::deserialize(case)? else { return Ok(None) };
    let KeptText { kind, document } = serde_json::from_str(text.get()).map_err(D::Error::custom)?;
    let document = Document::of(&kind, document).map_err(|refusal| D::Error::custom(refusal.to_string()))?;
    Ok(Some(document.into()))
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Kept { kind, document } = Kept::deserialize(deserializer)?;
        Self::read(&kind, document).map_err(|refusal| D::Error::custom(refusal.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Case {
        #[serde(default, deserialize_with = "in_case")]
        document: Option<Written<Document>>,
    }

    #[test]
    fn a_document_in_a_case_is_the_one_that_was_kept_from_text_and_from_values() {
        let paper = json!({ "reference": "VN-Q-1", "set": "TH-SET-1" });
        for (kind, content) in [
            ("acdd", json!({ "reference": "R-1", "number": "TH-1 \"ữ\"", "lines": [{ "item_no": 7 }] })),
            ("customs-response", json!({ "reference": "R-2", "number": "TH-1" })),
            ("match-question", paper),
        ] {
            let document = Document::read(kind, content).expect("is one");
            let case = json!({ "document": document });
            let text: Case = serde_json::from_str(&case.to_string()).expect("is kept so");
            let values: Case = serde_json::from_value(case).expect("is kept so");
            for read in [text, values] {
                assert_eq!(read.document.as_deref(), Some(&document));
            }
        }
    }

    #[test]
    fn a_case_may_have_no_document_and_none_of_a_kind_nobody_knows() {
        for none in ["{}", r#"{"document":null}"#] {
            assert!(serde_json::from_str::<Case>(none).expect("is a case").document.is_none());
        }
        for wrong in [
            json!({ "kind": "nothing", "document": {} }),
            json!({ "kind": "acdd", "document": 7 }),
            json!({ "kind": "acdd" }),
        ] {
            let text = json!({ "document": wrong }).to_string();
            serde_json::from_str::<Case>(&text).expect_err(&text);
        }
    }
}
