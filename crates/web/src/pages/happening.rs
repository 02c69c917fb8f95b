//! Entries of the record as sentences: what happened, from the event's code and values.

use kernel::{Entry, Happening};
use serde_json::Value;

use super::sentences;
use crate::frame::{Frame, refused};

/// What an entry says, in one sentence.
#[must_use]
pub(crate) fn sentence(frame: &Frame, entry: &Entry) -> String {
    match &entry.what {
        Happening::Event { name, event, .. } => of_event(frame, entry.case.desk(), name, event),
        Happening::Refused { name, refusal, .. } => {
            let (name, why) = (frame.word("act", name), refused(frame.language, refusal).title);
            frame.language.say("event.refused", &[("act", &name), ("why", &why)])
        }
        Happening::Witnessed { origin, .. } => frame.say("event.witnessed", "origin", origin),
        Happening::Edition { book, edition, .. } => {
            frame.language.say("event.edition", &[("book", book), ("edition", edition)])
        }
    }
}

/// The tone of an entry: refusals stand out.
#[must_use]
pub(super) const fn tone(entry: &Entry) -> &'static str {
    match &entry.what {
        Happening::Refused { .. } => "bad",
        Happening::Event { .. } => "calm",
        Happening::Witnessed { .. } | Happening::Edition { .. } => "good",
    }
}

fn of_event(frame: &Frame, desk: &str, act: &str, event: &Value) -> String {
    let code = event["event"].as_str().unwrap_or(act);
    let key = format!("event.{desk}.{code}");
    if frame.language.find(&key).is_none() {
        let desk = frame.word("desk", desk);
        return format!("{desk}: {}", code.replace('-', " "));
    }
    let values = values(frame, event);
    let values: Vec<_> = values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();

    // What was left blank leaves no colon behind.
    frame.language.say(&key, &values).trim_end_matches([':', ' ', ',']).to_owned()
}

/// The values of an event at its top, as people read them.
fn values(frame: &Frame, event: &Value) -> Vec<(String, String)> {
    let fields = event.as_object().into_iter().flatten();
    let plain = fields.filter_map(|(name, value)| {
        let text = match value {
            Value::String(text) => worded(frame, name, text),
            Value::Number(number) => number.to_string(),
            Value::Object(inner) => inner_word(frame, inner),
            Value::Null | Value::Bool(_) | Value::Array(_) => return None,
        };
        Some((name.clone(), text))
    });
    plain.collect()
}

fn worded(frame: &Frame, name: &str, text: &str) -> String {
    match name {
        "verdict" => frame.word("verdict", text),
        "reason" => frame.word("verdict-reason", text),
        "purpose" => frame.word("purpose", text),
        "role" => frame.word("role", text),
        "what" => frame.owed(text),
        "with" => frame.word("country", text),
        "consignment" | "item" | "decision" | "evidence" | "by" if text.contains('/') => {
            text.split_once('/').map_or(text, |(_, key)| key).to_owned()
        }
        _ => text.to_owned(),
    }
}

/// The one word of an inner object that a sentence can use: a refusal's code, a difference, an outcome.
fn inner_word(frame: &Frame, inner: &serde_json::Map<String, Value>) -> String {
    let text = |name: &str| inner.get(name).and_then(Value::as_str);
    match (text("outcome"), text("code"), text("what"), text("export")) {
        (Some(outcome), ..) => frame.word("outcome", outcome),
        (None, Some(code), ..) => {
            let title = format!("code.{code}.title");
            frame.language.find(&title).map_or_else(|| frame.word("finding", code), str::to_owned)
        }
        (None, None, Some(what), _) => frame.owed(what),
        (None, None, None, Some(export)) => sentences::value(frame, export),
        (None, None, None, None) => String::new(),
    }
}
