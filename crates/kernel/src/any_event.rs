//! An event, with its procedure's type hidden: the canonical text the record keeps, written once from the procedure's own data;
//! JSON for whoever reads it.

use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::canonical;

/// What happened to a case, as its procedure says it. It is read as the JSON it stands for.
#[derive(Clone)]
pub struct AnyEvent {
    /// At least one of the two is there from the beginning; where both are, they say the same.
    text: OnceLock<String>,
    json: OnceLock<Value>,
}

impl AnyEvent {
    /// A procedure's own event.
    ///
    /// # Panics
    /// Where it is no plain data.
    #[must_use]
    pub fn of(event: &impl Serialize) -> Self {
        let text = canonical::to_text(event).expect(PLAIN);
        debug_assert_eq!(serde_json::to_value(event).expect(PLAIN).to_string(), text);
        Self { text: OnceLock::from(text), json: OnceLock::new() }
    }

    /// The event as canonical JSON.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text.get_or_init(|| self.json.get().map_or_else(|| Value::Null.to_string(), Value::to_string))
    }
}

impl Deref for AnyEvent {
    type Target = Value;

    fn deref(&self) -> &Value {
        let read = || self.text.get().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        self.json.get_or_init(read)
    }
}

impl From<Value> for AnyEvent {
    fn from(json: Value) -> Self {
        Self { text: OnceLock::new(), json: OnceLock::from(json) }
    }
}

impl Serialize for AnyEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.text.get().map(|text| serde_json::from_str::<&RawValue>(text)) {
            Some(Ok(text)) => text.serialize(serializer),
            _ => (**self).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for AnyEvent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::from)
    }
}

impl PartialEq for AnyEvent {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Display for AnyEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl fmt::Debug for AnyEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// Why an event can always be written.
const PLAIN: &str = "an event is plain data";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ActId, Actor, CaseId, Entry, Happening};
    use jiff::Timestamp;

    #[derive(Serialize)]
    struct Own {
        to: &'static str,
        event: &'static str,
        lines: [u8; 2],
    }

    const OWN: Own = Own { to: "Lào Cai \"3\"", event: "moved", lines: [7, 1] };

    fn entry(event: AnyEvent) -> Entry {
        let what = Happening::Event { act: ActId::new("a"), name: "move".into(), event };
        Entry {
            at: Timestamp::UNIX_EPOCH,
            actor: Actor::node("TH"),
            case: CaseId::new("c/1"),
            what,
            blobs: Vec::new(),
        }
    }

    #[test]
    fn an_event_is_the_same_whether_it_comes_as_data_or_as_json() {
        let (own, read) = (AnyEvent::of(&OWN), AnyEvent::from(serde_json::to_value(OWN).expect("is plain")));
        assert_eq!(own.text(), r#"{"event":"moved","lines":[7,1],"to":"Lào Cai \"3\""}"#);
        assert_eq!((own.text(), &own), (read.text(), &read));
        assert_eq!(own["event"], "moved");
        let (own, read) = (entry(own), entry(read));
        assert_eq!(own.to_bytes(), read.to_bytes(), "an entry's bytes are the same");
        assert_eq!(
            serde_json::to_value(&own).expect("is plain"),
            serde_json::to_value(&read).expect("is plain")
        );
        assert_eq!(Entry::from_bytes(&own.to_bytes()).expect("is read back"), read);
    }
}
