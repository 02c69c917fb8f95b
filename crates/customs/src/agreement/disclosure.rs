//! Every field of every document that can leave, with its class. A field that is not classified here fails a test.

use serde::Serialize;

use super::Kind;
use crate::catalogue;

/// What a field says about whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Keys and protocol values without which the document means nothing; always released with the document.
    Key,
    /// About a trader.
    Trader,
    /// About the goods.
    Goods,
    /// About transport and places.
    Transport,
    /// What an administration concluded.
    Conclusion,
}

/// A field and its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FieldClass {
    /// The field's name in the document's own data.
    pub field: &'static str,
    /// Its class.
    pub class: Class,
    /// Its letter among the fifteen ACDD parameters, or its WCO id.
    pub source: &'static str,
}

/// A field of a document with its class and where it comes from.
#[must_use]
pub const fn field(field: &'static str, class: Class, source: &'static str) -> FieldClass {
    FieldClass { field, class, source }
}

const ACDD: &[FieldClass] = &[
    field("function", Class::Key, "WCO 017"),
    field("version", Class::Key, "WCO 383"),
    field("reference", Class::Key, "WCO D026"),
    field("country", Class::Key, "envelope"),
    field("number", Class::Key, "o"),
    field("exporter", Class::Trader, "a b"),
    field("consignee", Class::Trader, "c d"),
    field("agent", Class::Trader, "e f"),
    field("departs", Class::Transport, "g"),
    field("mode", Class::Transport, "l"),
    field("discharge", Class::Transport, "m"),
    field("lines", Class::Goods, "h i j k n"),
    field("consent", Class::Key, "consent record"),
    field("reason", Class::Key, "WCO 225"),
];

const RESPONSE: &[FieldClass] = &[
    field("outcome", Class::Key, "WCO 017"),
    field("reference", Class::Key, "WCO D026"),
    field("issued", Class::Key, "WCO D029"),
    field("country", Class::Key, "envelope"),
    field("number", Class::Key, "WCO D014"),
    field("answers", Class::Key, "WCO D026"),
    field("version", Class::Key, "WCO 383"),
    field("remarks", Class::Conclusion, "WCO 226 225 377 488"),
];

/// The classified fields of a document kind; `None` for a kind that cannot leave.
#[must_use]
pub fn fields_of(kind: &str) -> Option<&'static [FieldClass]> {
    match kind {
        "acdd" => Some(ACDD),
        "customs-response" => Some(RESPONSE),
        _ => catalogue::kind(kind).map(Kind::fields),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::declaration::{Acdd, Response};

    fn names(document: &impl Serialize) -> Vec<String> {
        match serde_json::to_value(document) {
            Ok(Value::Object(fields)) => fields.into_iter().map(|(name, _)| name).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn every_field_of_every_document_that_can_leave_is_classified() {
        let standard = [("acdd", names(&Acdd::default())), ("customs-response", names(&Response::default()))];
        let listed = catalogue::KINDS.iter().map(|kind| (kind.name(), names(&kind.blank())));
        for (kind, mut fields) in standard.into_iter().chain(listed) {
            let mut classified: Vec<_> =
                fields_of(kind).into_iter().flatten().map(|field| field.field.to_owned()).collect();
            fields.sort();
            classified.sort();
            assert_eq!(fields, classified, "{kind}");
        }
    }
}
