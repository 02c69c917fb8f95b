//! Canonical JSON: no space between, the members of an object sorted by their names, of two with one name the later. These are
//! the bytes [`serde_json::Value`] writes, made without making one.

use std::borrow::Cow;
use std::ops::Range;

use serde::Serialize;

/// Plain data as canonical JSON.
///
/// # Errors
/// Where it is not plain data: a map whose keys are no text, say.
pub fn to_text(value: &impl Serialize) -> Result<String, serde_json::Error> {
    Ok(sorted(&serde_json::to_string(value)?))
}

/// The same JSON with the members of its objects sorted; it must be whole and without space between.
fn sorted(text: &str) -> String {
    let (out, scratch) = (String::with_capacity(text.len()), String::new());
    let mut sorter = Sorter { text, at: 0, out, copied: 0, members: Vec::new(), scratch };
    sorter.value();
    sorter.catch_up();
    sorter.out
}

/// What was read of a text, and what was written of it. What stands as it stood is copied only when something has to be moved, all at
/// once.
struct Sorter<'t> {
    text: &'t str,
    at: usize,
    out: String,
    /// How far the text is in `out`.
    copied: usize,
    /// The members of all objects that are open, those of the innermost behind.
    members: Vec<Member<'t>>,
    /// Room for the members of one object while they are put in order.
    scratch: String,
}

/// A member of an object: its name, and where it stands in what was written.
struct Member<'t> {
    name: Cow<'t, str>,
    written: Range<usize>,
}

impl<'t> Sorter<'t> {
    fn value(&mut self) {
        match self.next() {
            b'{' => self.object(),
            b'[' => self.array(),
            b'"' => drop(self.string()),
            _ => self.scalar(),
        }
    }

    fn object(&mut self) {
        let first = self.members.len();
        self.copy(1);
        let start = self.written();
        while self.next() != b'}' {
            if self.next() == b',' {
                self.copy(1);
            }
            let begin = self.written();
            let name = self.string();
            self.copy(1);
            self.value();
            self.members.push(Member { name: unescaped(name), written: begin..self.written() });
        }
        self.put_in_order(first, start);
        self.copy(1);
    }

    /// Puts the members of the innermost object in order, where they are not.
    fn put_in_order(&mut self, first: usize, start: usize) {
        if self.members[first..].is_sorted_by(|one, next| one.name < next.name) {
            return self.members.truncate(first);
        }
        self.catch_up();
        let members = &mut self.members[first..];
        self.scratch.clear();
        self.scratch.push_str(&self.out[start..]);
        self.out.truncate(start);
        members.sort_by(|one, other| one.name.cmp(&other.name));
        for (place, member) in members.iter().enumerate() {
            if members.get(place + 1).is_some_and(|next| next.name == member.name) {
                continue;
            }
            if self.out.len() > start {
                self.out.push(',');
            }
            self.out.push_str(&self.scratch[member.written.start - start..member.written.end - start]);
        }
        self.members.truncate(first);
    }

    fn array(&mut self) {
        self.copy(1);
        while self.next() != b']' {
            if self.next() == b',' {
                self.copy(1);
            }
            self.value();
        }
        self.copy(1);
    }

    /// Copies a string; gives it with its quotes.
    fn string(&mut self) -> &'t str {
        let bytes = &self.text.as_bytes()[self.at..];
        let mut length = 1;
        while bytes[length] != b'"' {
            length += if bytes[length] == b'\\' { 2 } else { 1 };
        }
        self.copy(length + 1)
    }

    fn scalar(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        let length = rest.iter().position(|byte| b",]}".contains(byte)).unwrap_or(rest.len());
        self.copy(length);
    }

    fn next(&self) -> u8 {
        self.text.as_bytes()[self.at]
    }

    /// Takes so much over as it stands.
    fn copy(&mut self, length: usize) -> &'t str {
        let begin = self.at;
        self.at += length;
        &self.text[begin..self.at]
    }

    /// How long what was written is, with what is still to be copied.
    const fn written(&self) -> usize {
        self.out.len() + self.at - self.copied
    }

    fn catch_up(&mut self) {
        self.out.push_str(&self.text[self.copied..self.at]);
        self.copied = self.at;
    }
}

/// The text a string stands for, as names are compared by it.
fn unescaped(string: &str) -> Cow<'_, str> {
    if string.contains('\\') {
        Cow::Owned(serde_json::from_str(string).expect("it was just written"))
    } else {
        Cow::Borrowed(&string[1..string.len() - 1])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde_json::{Map, Value};

    use super::*;

    /// Fields in no order, one of them flattened, as procedures have them.
    #[derive(Clone, Debug, Serialize)]
    struct Plain {
        zeal: Option<i64>,
        #[serde(rename = "a\"b")]
        quoted: String,
        nested: Vec<Kind>,
        #[serde(flatten)]
        rest: Map<String, Value>,
    }

    #[derive(Clone, Debug, Serialize)]
    #[serde(tag = "kind", rename_all = "kebab-case")]
    enum Kind {
        Named { name: String, by_number: BTreeMap<u8, bool> },
        Counted(BTreeMap<String, u64>),
        Nothing,
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(".*", inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    fn kind() -> impl Strategy<Value = Kind> {
        prop_oneof![
            (".*", any::<BTreeMap<u8, bool>>()).prop_map(|(name, by_number)| Kind::Named { name, by_number }),
            any::<BTreeMap<String, u64>>().prop_map(Kind::Counted),
            Just(Kind::Nothing),
        ]
    }

    prop_compose! {
        fn plain()(
            zeal in any::<Option<i64>>(),
            quoted in ".*",
            nested in prop::collection::vec(kind(), 0..4),
            rest in prop::collection::btree_map("zeal|nested|[a-z\"\\\\é]*", value(), 0..5),
        ) -> Plain {
            Plain { zeal, quoted, nested, rest: rest.into_iter().collect() }
        }
    }

    proptest! {
        #[test]
        fn it_writes_what_a_value_of_the_same_data_writes(plain in plain(), any in value()) {
            for expected in [serde_json::to_value(&plain).expect("is plain"), any] {
                prop_assert_eq!(to_text(&expected).expect("is plain"), expected.to_string());
            }
            let expected = serde_json::to_value(&plain).expect("is plain").to_string();
            prop_assert_eq!(to_text(&plain).expect("is plain"), expected);
        }
    }

    #[test]
    fn what_is_no_plain_data_is_an_error() {
        assert!(to_text(&BTreeMap::from([((1, 2), 3)])).is_err());
    }
}
