//! Import declarations as JSON: an object, an array of them, or an object with `declarations`.
//!
//! Members carry the names of the columns; objects inside are taken apart, so that `importer.name` and
//! `importer_name` are the same. Numbers may stand bare or in quotes; both are exact.

use std::borrow::Cow;
use std::fmt;

use customs::declaration::Declaration;
use kernel::{Finding, Place, Severity};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::columns::named;
use super::record::{Gather, Record};
use crate::tally::Tally;
use crate::text::{Limits, Lines};

/// Reads declarations; text that is no JSON gives none and one fatal finding.
pub(crate) fn read(text: &str, lines: &Lines<'_>, limits: &Limits, tally: &mut Tally) -> Vec<Declaration> {
    let raw: &RawValue = match serde_json::from_str(text) {
        Ok(raw) => raw,
        Err(error) => {
            tally.tell(malformed(&error, text, lines));
            return Vec::new();
        }
    };
    let mut objects = Objects { text, gather: Gather { lines, tally } };
    let list = objects.list(raw);
    let mut read = Vec::new();
    let mut room = limits.rows;
    for (path, raw) in &list {
        let declaration = objects.declaration(path, raw, room);
        room = room.saturating_sub(1 + declaration.as_ref().map_or(0, |it| it.lines.len()));
        read.extend(declaration);
        if room == 0 {
            objects.gather.tell_rest(path, objects.offset(raw));
            break;
        }
    }
    read
}

fn malformed(error: &serde_json::Error, text: &str, lines: &Lines<'_>) -> Finding {
    // serde_json counts columns in bytes and from the line's end where the error is a missing next line.
    let line: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let position = lines.position(line + error.column().saturating_sub(1));
    let place = Place { line: position.line, column: position.column, ..Place::at("/") };
    let code = if error.is_eof() { "json-truncated" } else { "json-not-well-formed" };
    Finding::of(Severity::Fatal, code, place)
}

/// The members of an object in the order they stood.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(name) = map.next_key::<Cow<'de, str>>()? {
                    members.push((name, map.next_value()?));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Visit)
    }
}

struct Objects<'g, 'a> {
    text: &'a str,
    gather: Gather<'g, 'a>,
}

impl<'a> Objects<'_, 'a> {
    /// The declarations and their paths.
    fn list(&self, raw: &'a RawValue) -> Vec<(String, &'a RawValue)> {
        if let Some(items) = array(raw) {
            return numbered("/", &items);
        }
        let members = object(raw);
        let listed = members.as_ref().and_then(|members| member(members, "declarations")).and_then(array);
        match listed {
            Some(items) => numbered("/declarations", &items),
            None => vec![(String::new(), raw)],
        }
    }

    /// One declaration, with at most `room` of its items.
    fn declaration(&mut self, path: &str, raw: &'a RawValue, room: usize) -> Option<Declaration> {
        if object(raw).is_none() {
            self.tell_no_object(path, raw);
            return None;
        }
        let record = self.record(path, raw);
        let mut declaration = self.gather.head(&record);
        let items = object(raw).and_then(|members| member(&members, "items").and_then(array));
        if items.is_none() {
            let finding = Finding::error("value-missing", self.place(&format!("{path}/items"), raw));
            self.gather.tell(finding.expected("an array of items"));
        }
        let items = items.unwrap_or_default();
        for (path, item) in numbered(&format!("{path}/items"), &items[..items.len().min(room)]) {
            if object(item).is_some() {
                let record = self.record(&path, item);
                declaration.lines.push(self.gather.line(&record));
            } else {
                self.tell_no_object(&path, item);
            }
        }
        Some(declaration)
    }

    fn record(&mut self, path: &str, raw: &'a RawValue) -> Record<'a> {
        let mut record =
            Record { path: path.to_owned(), at: self.offset(raw), cells: Vec::new(), told: Vec::new() };
        if let Some(members) = object(raw) {
            self.cells("", &members, &mut record);
        }
        record
    }

    fn tell_no_object(&mut self, path: &str, raw: &RawValue) {
        let finding = Finding::error("value-not-an-object", self.place(path, raw));
        self.gather.tell(finding.seen(raw.get()).expected("an object"));
    }

    /// Takes members in as cells; an object's members carry its name before theirs.
    fn cells(&mut self, prefix: &str, members: &Members<'a>, record: &mut Record<'a>) {
        for (name, raw) in &members.0 {
            let name = if prefix.is_empty() { name.to_string() } else { format!("{prefix}_{name}") };
            match (object(raw), named(&name)) {
                (Some(inner), _) if prefix.is_empty() => self.cells(&name, &inner, record),
                (_, Some(column)) => self.cell(column.name, raw, record),
                (_, None) if name == "items" => {}
                (_, None) => {
                    let place = self.place(&format!("{}/{name}", record.path), raw);
                    self.gather.tell(Finding::of(Severity::Note, "json-member-unknown", place).seen(&name));
                }
            }
        }
    }

    fn cell(&mut self, column: &'static str, raw: &'a RawValue, record: &mut Record<'a>) {
        let path = format!("{}/{column}", record.path);
        if record.cells.iter().any(|(name, ..)| *name == column) {
            let finding = Finding::error("json-member-twice", self.place(&path, raw));
            self.gather.tell(finding.seen(raw.get()));
            return;
        }
        let text = match raw.get().as_bytes().first() {
            Some(b'"') => {
                serde_json::from_str::<String>(raw.get()).ok().map(|text| Cow::Owned(text.trim().to_owned()))
            }
            Some(b'-' | b'0'..=b'9') => Some(Cow::Borrowed(raw.get())),
            Some(b'n') => Some(Cow::Borrowed("")),
            _ => None,
        };
        if text.is_none() {
            let finding = Finding::error("value-wrong-type", self.place(&path, raw));
            self.gather.tell(finding.seen(raw.get()).expected("a string or a number"));
            record.told.push(column);
        }
        record.cells.push((column, text.unwrap_or_default(), self.offset(raw)));
    }

    fn offset(&self, raw: &RawValue) -> usize {
        (raw.get().as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize)
    }

    fn place(&self, path: &str, raw: &RawValue) -> Place {
        let position = self.gather.lines.position(self.offset(raw));
        Place { line: position.line, column: position.column, ..Place::at(path) }
    }
}

fn array(raw: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(raw.get()).ok()
}

fn object(raw: &RawValue) -> Option<Members<'_>> {
    serde_json::from_str(raw.get()).ok()
}

fn member<'a>(members: &Members<'a>, name: &str) -> Option<&'a RawValue> {
    members.0.iter().find(|(known, _)| known == name).map(|(_, raw)| *raw)
}

fn numbered<'a>(path: &str, items: &[&'a RawValue]) -> Vec<(String, &'a RawValue)> {
    items.iter().zip(1..).map(|(raw, number)| (format!("{path}[{number}]"), *raw)).collect()
}
