//! Plain data that several hold and several write, such as a received document: in an act, in the event it leads to, in the case that
//! event leaves.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::canonical;

/// Shared plain data that is written at most once: its canonical JSON stays with it. Clones are one and the same.
pub struct Written<T>(Arc<Inner<T>>);

struct Inner<T> {
    data: T,
    text: OnceLock<Box<RawValue>>,
}

impl<T: Serialize> Written<T> {
    /// The data, written now, so that nobody who needs its text later waits for that.
    ///
    /// # Panics
    /// Where it is no plain data.
    #[must_use]
    pub fn now(data: T) -> Self {
        let written = Self::from(data);
        written.text();
        written
    }

    fn text(&self) -> &RawValue {
        self.0.text.get_or_init(|| {
            let text = canonical::to_text(&self.0.data).expect(PLAIN);
            RawValue::from_string(text).expect(PLAIN)
        })
    }
}

impl<T> From<T> for Written<T> {
    fn from(data: T) -> Self {
        Self(Arc::new(Inner { data, text: OnceLock::new() }))
    }
}

impl<T> Clone for Written<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for Written<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.data
    }
}

impl<T: PartialEq> PartialEq for Written<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || **self == **other
    }
}

impl<T: fmt::Debug> fmt::Debug for Written<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.data.fmt(f)
    }
}

impl<T: Serialize> Serialize for Written<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Written<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::from)
    }
}

/// Why it can always be written.
const PLAIN: &str = "it is plain data";

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use serde_json::json;

    use super::*;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    struct Own {
        to: String,
        lines: Vec<u8>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "event", rename_all = "kebab-case")]
    enum Event {
        Read { document: Written<Own>, first: bool },
    }

    /// Counts how often it is written.
    struct Counted<'c>(&'c Cell<u32>);

    impl Serialize for Counted<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.0.set(self.0.get() + 1);
            serializer.serialize_str("here")
        }
    }

    #[test]
    fn it_is_written_as_its_data_is_and_read_back() {
        let own = || Own { to: "Lào Cai \"3\"".into(), lines: vec![7, 1] };
        let event = Event::Read { document: own().into(), first: true };
        let text = canonical::to_text(&event).expect("is plain");
        assert_eq!(text, r#"{"document":{"lines":[7,1],"to":"Lào Cai \"3\""},"event":"read","first":true}"#);
        assert_eq!(serde_json::to_value(&event).expect("is plain").to_string(), text);
        assert_eq!(serde_json::from_str::<Event>(&text).expect("is one"), event);
        let json = json!({ "event": "read", "first": true, "document": own() });
        assert_eq!(serde_json::from_value::<Event>(json).expect("is one"), event);
    }

    #[test]
    fn it_is_written_once_however_many_hold_it() {
        let times = Cell::new(0);
        let one = Written::from(Counted(&times));
        let other = one.clone();
        for each in [&one, &other, &one] {
            assert_eq!(serde_json::to_string(each).expect("is plain"), "\"here\"");
        }
        assert_eq!(times.get(), 1);
    }
}
