//! The one way out: a document becomes `Released` only by a live term, field by field.

use jiff::civil::Date;
use kernel::{Books, NodeId, Refusal};
use serde_json::Value;

use super::disclosure::{Class, fields_of};
use super::{Admission, ConsentRule, Document, admit};

/// A document with the term that let it out. Only [`release`] makes one; what the term does not name is not in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Released<T = Document> {
    document: T,
    admission: Admission,
    withheld: Vec<&'static str>,
}

impl<T> Released<T> {
    /// The document, without the fields that may not go.
    #[must_use]
    pub const fn document(&self) -> &T {
        &self.document
    }

    /// The term that let it out.
    #[must_use]
    pub const fn admission(&self) -> &Admission {
        &self.admission
    }

    /// The fields that held something and stayed.
    #[must_use]
    pub fn withheld(&self) -> &[&'static str] {
        &self.withheld
    }
}

/// Releases a document from `from` to `to` on `day`, as far as the term in force allows.
///
/// # Errors
/// `no-live-term`, `lane-stopped`, `no-consent`, `document-unknown`.
pub fn release(
    books: &dyn Books,
    from: &NodeId,
    to: &NodeId,
    day: Date,
    document: &Document,
) -> Result<Released, Refusal> {
    let kind = document.kind();
    let admission = admit(books, kind, from, to, day)?;
    if admission.term.consent == ConsentRule::Needed && !document.has_consent() {
        return Err(Refusal::new("no-consent", document.number()).remedy("consent"));
    }
    let mut withheld = Vec::new();
    let mut tree = document.content();
    let content = tree.as_object_mut().expect("a document is an object");
    let fields = fields_of(kind).ok_or_else(|| Refusal::new("document-unknown", kind))?;
    content.retain(|name, value| {
        let Some(field) = fields.iter().find(|field| field.field == name) else { return false };
        let goes = field.class == Class::Key || admission.term.fields.iter().any(|allowed| allowed == name);
        if !goes && !is_blank(value) {
            withheld.push(field.field);
        }
        goes
    });
    let document = Document::read(kind, tree).expect("a document without some fields is a document");
    Ok(Released { document, admission, withheld })
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.values().all(is_blank),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
