//! A case's or a paper's own JSON as people read it: labelled values, small tables, nothing as code.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Attachment, CaseId, Money, Quantity};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::sentences::{self, dotted};
use crate::areas;
use crate::fields::path_of;
use crate::frame::Frame;

/// One part of what is shown.
#[derive(Debug)]
pub(crate) enum Block {
    /// Labelled values under a heading; the heading is empty for the first ones.
    Facts(String, Vec<(String, Piece)>),
    /// Lines of the same shape.
    Table(String, Vec<String>, Vec<Vec<Piece>>),
}

/// One value, and where it leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Piece {
    /// What is read.
    pub text: String,
    /// The page it leads to; empty for none.
    pub href: String,
}

/// What a JSON object of a desk says.
#[derive(Debug)]
pub(in crate::pages) struct Reader<'a> {
    /// For whom.
    pub frame: &'a Frame,
    /// The desk or document kind it belongs to, for its words.
    pub of: &'a str,
    /// The case whose attachments can be had; `None` where none can.
    pub case: Option<&'a CaseId>,
}

impl Reader<'_> {
    /// All blocks of an object, plain values first.
    #[must_use]
    pub(in crate::pages) fn blocks(&self, whole: &Value) -> Vec<Block> {
        let Value::Object(fields) = whole else { return Vec::new() };
        let mut blocks = Vec::new();
        self.object("", fields, 0, &mut blocks);
        blocks
    }

    fn object(&self, title: &str, fields: &Map<String, Value>, depth: u8, blocks: &mut Vec<Block>) {
        let facts: Vec<_> = fields
            .iter()
            .filter_map(|(key, value)| Some((self.label(key), self.plain(key, value)?)))
            .filter(|(_, piece)| !piece.text.is_empty())
            .collect();
        if !facts.is_empty() {
            blocks.push(Block::Facts(title.to_owned(), facts));
        }
        for (key, value) in fields.iter().filter(|(key, value)| self.plain(key, value).is_none()) {
            match value {
                Value::Object(inner) if depth < DEPTH_MAX => {
                    self.object(&self.label(key), inner, depth + 1, blocks);
                }
                Value::Array(lines) => blocks.extend(self.table(key, lines)),
                _ => {}
            }
        }
    }

    /// Lines of objects as a table of the columns any of them has.
    fn table(&self, key: &str, lines: &[Value]) -> Option<Block> {
        let mut columns: Vec<&str> = Vec::new();
        for name in lines.iter().filter_map(Value::as_object).flat_map(Map::keys) {
            if !columns.contains(&name.as_str()) && columns.len() < COLUMNS_MAX {
                columns.push(name);
            }
        }
        let cell = |line: &Value, column: &str| {
            let value = line.get(column).unwrap_or(&Value::Null);
            self.plain(column, value).unwrap_or_else(|| Piece::text(self.inline(value)))
        };
        let rows: Vec<Vec<Piece>> = lines
            .iter()
            .take(LINES_MAX)
            .map(|line| columns.iter().map(|column| cell(line, column)).collect())
            .collect();
        let heads = columns.iter().map(|column| self.label(column)).collect();
        (!columns.is_empty()).then(|| Block::Table(self.label(key), heads, rows))
    }

    /// A value that stands in one line; `None` where it needs a block of its own.
    fn plain(&self, key: &str, value: &Value) -> Option<Piece> {
        match value {
            Value::Null => Some(Piece::default()),
            Value::Bool(yes) => {
                let word = if *yes { "value.yes" } else { "value.no" };
                Some(Piece::text(self.frame.t(word)))
            }
            Value::Number(number) => Some(Piece::text(self.number(&number.to_string()))),
            Value::String(text) => Some(self.string(key, text)),
            Value::Array(list) if list.iter().all(|one| !one.is_object() && !one.is_array()) => {
                let words = list.iter().filter_map(|one| self.plain(key, one)).map(|piece| piece.text);
                Some(Piece::text(words.collect::<Vec<_>>().join(", ")))
            }
            Value::Object(fields) => self.compound(value, fields),
            Value::Array(_) => None,
        }
    }

    /// Objects that are one value: money, a quantity, a file, a party known by its name.
    fn compound(&self, value: &Value, fields: &Map<String, Value>) -> Option<Piece> {
        if let Ok(money) = Money::deserialize(value) {
            return Some(Piece::text(sentences::money(self.frame, &money)));
        }
        if let Ok(quantity) = Quantity::deserialize(value) {
            return Some(Piece::text(sentences::quantity(self.frame, &quantity)));
        }
        if let Ok(file) = Attachment::deserialize(value) {
            let href = self.case.map_or_else(String::new, |case| {
                format!("/attachments/{}/{}", file.digest, path_of(case.as_str()))
            });
            return Some(Piece { text: format!("{} ({})", file.name, size(self.frame, file.bytes)), href });
        }
        let named = fields.len() == 1 && fields.contains_key("name");
        named.then(|| Piece::text(fields["name"].as_str().unwrap_or_default()))
    }

    fn string(&self, key: &str, text: &str) -> Piece {
        if let Some(word) = self.word(key, text) {
            return Piece::text(word);
        }
        if let Some((desk, rest)) = text.split_once('/')
            && self.frame.language.find(&format!("desk.{desk}")).is_some()
            && !rest.is_empty()
        {
            return Piece { text: rest.to_owned(), href: areas::page_of(&CaseId::new(text)) };
        }
        if text.len() == 10
            && let Ok(day) = text.parse::<Date>()
        {
            return Piece::text(self.frame.moments.day(day));
        }
        if let Some(moment) = text.parse::<Timestamp>().ok().filter(|_| text.contains('T')) {
            return Piece::text(self.frame.moments.full(moment));
        }
        if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Piece::text(format!("{}…", &text[..12]));
        }
        Piece::text(text)
    }

    /// The word of a code, by the name of the field it stands in.
    fn word(&self, key: &str, text: &str) -> Option<String> {
        let key = key.replace('_', "-");
        let family = match key.as_str() {
            "from" | "to" | "by" | "partner" | "country" | "giver" | "origin" | "destination" | "with"
            | "export-country" | "requested" | "requester" => "country",
            "reason" => "verdict-reason",
            "what" => "owed",
            "place" | "discharge" | "port" => "place-name",
            "hs" => return Some(dotted(text)).filter(|_| text.bytes().all(|byte| byte.is_ascii_digit())),
            other => other,
        };
        let own = format!("{family}.{}.{text}", self.of);
        let find = |key: &str| self.frame.language.find(key).map(str::to_owned);
        find(&own).or_else(|| find(&format!("{family}.{text}")))
    }

    fn number(&self, text: &str) -> String {
        text.parse().map_or_else(|_| text.to_owned(), |number| self.frame.language.decimal(number))
    }

    /// What does not fit a cell otherwise: its plain parts, one after the other.
    fn inline(&self, value: &Value) -> String {
        match value {
            Value::Object(fields) => {
                let parts = fields.iter().map(|(key, value)| {
                    self.plain(key, value).map_or_else(|| self.inline(value), |piece| piece.text)
                });
                parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
            }
            Value::Array(list) => list.iter().map(|one| self.inline(one)).collect::<Vec<_>>().join("; "),
            other => self.plain("", other).map_or_else(String::new, |piece| piece.text),
        }
    }

    /// What a field is called.
    fn label(&self, key: &str) -> String {
        let key = key.replace('_', "-");
        let find = |key: String| self.frame.language.find(&key).map(str::to_owned);
        find(format!("shown.{}.{key}", self.of))
            .or_else(|| find(format!("input.{}.{key}", self.of)))
            .or_else(|| find(format!("shown.{key}")))
            .or_else(|| find(format!("input.{key}")))
            .or_else(|| find(format!("field.{key}")))
            .unwrap_or_else(|| spaced(&key))
    }
}

impl Piece {
    /// A value that leads nowhere.
    fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), href: String::new() }
    }
}

/// A size in bytes as people read it.
pub(in crate::pages) fn size(frame: &Frame, bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{}\u{a0}B", frame.count(&bytes)),
        1_024..1_048_576 => format!("{}\u{a0}kB", frame.count(&bytes.div_ceil(1_024))),
        _ => format!("{}\u{a0}MB", frame.count(&bytes.div_ceil(1_048_576))),
    }
}

fn spaced(key: &str) -> String {
    let mut word = key.replace('-', " ");
    if let Some(first) = word.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    word
}

/// How deep objects in objects have blocks of their own.
const DEPTH_MAX: u8 = 4;
/// The most columns of a table, and the most lines shown of it; the record has them all.
const COLUMNS_MAX: usize = 9;
const LINES_MAX: usize = 200;
