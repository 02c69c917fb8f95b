//! The messages between countries as documents of the catalogue: written in the standard's syntax and read from it.

use customs::transit::codes::{hide_codes, seal_codes};
use kernel::{Finding, Findings, Place, Severity};
use serde_json::{Map, Value};

use crate::papers::PaperFormat;
use crate::{Message, read};

use super::table::{Body, GroupId, Particle, SCHEMA};
use super::write_xml;

macro_rules! formats {
    ($($kind:literal $code:literal)*) => {
        /// Every kind with its syntax.
        pub const FORMATS: &[PaperFormat] = &[
            $(PaperFormat {
                kind: $kind,
                write: |content| written($code, content),
                read: |bytes| taken($code, bytes),
            },)*
        ];
    };
}

formats! {
    "cd001c" "CD001C" "cd002c" "CD002C" "cd003c" "CD003C" "cd006c" "CD006C" "cd010c" "CD010C" "cd018c" "CD018C"
    "cd024c" "CD024C" "cd027c" "CD027C" "cd038c" "CD038C" "cd049c" "CD049C" "cd050c" "CD050C" "cd059c" "CD059C"
    "cd063c" "CD063C" "cd094c" "CD094C" "cd095c" "CD095C" "cd114c" "CD114C" "cd115c" "CD115C" "cd118c" "CD118C"
    "cd142c" "CD142C" "cd143c" "CD143C" "cd150c" "CD150C" "cd151c" "CD151C" "cd152c" "CD152C" "cd180c" "CD180C"
    "cd181c" "CD181C" "cd200c" "CD200C" "cd201c" "CD201C" "cd203c" "CD203C" "cd204c" "CD204C" "cd205c" "CD205C"
    "cd209c" "CD209C"
}

fn written(code: &str, content: &Value) -> Vec<u8> {
    let mut content = content.clone();
    hide_codes(&mut content);
    // What is projected has a place for everything; were it not so, the receiver says that nothing is in it.
    write_xml(code, &project(code, &content)).unwrap_or_default()
}

fn taken(code: &'static str, bytes: &[u8]) -> (Option<Value>, Findings) {
    let crate::Received { messages, mut findings, kind, .. } = read(bytes);
    let mut found = messages.into_iter().find_map(|message| match message {
        Message::Transit(message) if message.code == code => Some(message.content),
        _ => None,
    });
    if let Some(content) = &mut found {
        seal_codes(content);
    }
    if found.is_none() && findings.is_acceptable() {
        let place = Place { line: 1, column: 1, ..Place::at("/") };
        findings.push(
            Finding::of(Severity::Error, "kind-not-as-enveloped", place).seen(kind.code()).expected(code),
        );
    }
    (found, hushed(&findings))
}

/// The findings, of which those on an access code do not repeat it.
fn hushed(findings: &Findings) -> Findings {
    let mut all = Findings::new();
    for finding in findings {
        let is_code = finding.place.path.contains("accessCode");
        let seen = if is_code { String::new() } else { finding.seen.clone() };
        all.push(Finding { seen, ..finding.clone() });
    }
    all.dropped += findings.dropped;
    all
}

/// Brings a content into the shape of a message: what has no place in it is left out, and what it must have and nobody
/// said is said to be unknown (`---`).
#[must_use]
pub fn project(code: &str, content: &Value) -> Value {
    let Some(kind) = SCHEMA.message(code) else { return content.clone() };
    let country =
        content.get("messageSender").and_then(Value::as_str).and_then(|name| name.get(4..6)).unwrap_or("XX");
    group(kind.group, content, country)
}

fn group(of: GroupId, content: &Value, country: &str) -> Value {
    let mut out = Map::new();
    for particle in SCHEMA.group(of) {
        let name = SCHEMA.name(particle.name);
        let held = content.get(name).filter(|held| !is_nothing(held));
        let value = match held {
            Some(Value::Array(list)) => {
                let each = list.iter().map(|one| element(particle, one, country)).collect::<Vec<_>>();
                Some(if particle.high > 1 {
                    Value::Array(each)
                } else {
                    each.into_iter().next().unwrap_or_default()
                })
            }
            Some(one) => Some(element(particle, one, country)),
            None if particle.low > 0 => unknown(particle, country),
            None => None,
        };
        if let Some(value) = value.filter(|value| !is_nothing(value)) {
            out.insert(name.to_owned(), value);
        }
    }
    Value::Object(out)
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

fn element(particle: &Particle, held: &Value, country: &str) -> Value {
    match particle.body {
        Body::Group(inner) => group(inner, held, country),
        Body::Leaf(..) => held.clone(),
    }
}

/// What an element that must stand holds where nobody said anything.
fn unknown(particle: &Particle, country: &str) -> Option<Value> {
    match &particle.body {
        Body::Group(inner) if SCHEMA.name(particle.name) == "Address" => {
            Some(group(*inner, &Value::Null, country))
        }
        Body::Leaf(picture, _) if SCHEMA.name(particle.name) == "country" && picture.fits(country) => {
            Some(Value::String(country.to_owned()))
        }
        Body::Leaf(picture, _) if picture.fits("---") => Some(Value::String("---".to_owned())),
        Body::Leaf(picture, _) if picture.fits("0") => Some(Value::String("0".to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_the_catalogue_has_its_syntax() {
        let listed: Vec<_> = customs::transit::papers::LETTERS.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(FORMATS.iter().map(|format| format.kind).collect::<Vec<_>>(), listed);
    }
}
