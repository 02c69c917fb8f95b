//! The messages of the transit procedure: phase 5 of the common domain and of the traders' domain, and their rules.
//!
//! Everything follows from one table: the reader with its findings, the writer, the JSON notation and the manual. A
//! message's content is an object: elements are members, repeats are arrays, every value is text.

mod codes;
mod identity;
mod intake;
mod json;
mod lists;
mod located;
mod papers;
mod picture;
mod read;
mod report;
mod rules;
mod table;
mod tree;
mod write;

use kernel::Severity;
use serde_json::Value;

use crate::model::Source;
use crate::tally::Tally;
use crate::text::{Fault, Limits, Lines};
use crate::xml;

pub use intake::{Intake, NotTaken, intake};
pub use papers::{FORMATS, project};
use report::Report;
pub use rules::{Said, all as rules, says};
pub use table::MessageType;
use table::SCHEMA;
use tree::Tree;
pub use write::{Unwritable, write_json, write_xml};

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Its code, such as `CC015C`.
    pub code: &'static str,
    /// What it holds.
    pub content: Value,
}

impl Message {
    /// How many goods items it has.
    #[must_use]
    pub fn items(&self) -> usize {
        let houses = self.content.pointer("/Consignment/HouseConsignment").and_then(Value::as_array);
        let items =
            |house: &Value| house.get("ConsignmentItem").and_then(Value::as_array).map_or(0, Vec::len);
        houses.map_or(0, |houses| houses.iter().map(items).sum())
    }
}

/// Every kind of message, by code.
pub fn messages() -> impl Iterator<Item = &'static MessageType> {
    SCHEMA.messages()
}

/// The kind of message of this code.
#[must_use]
pub fn message(code: &str) -> Option<&'static MessageType> {
    SCHEMA.message(code)
}

/// Judges a message's content as the writer would put it on the wire: structure, code lists, conditions and rules,
/// each broken one an error.
#[must_use]
pub fn judge_content(code: &str, content: &Value) -> kernel::Findings {
    let mut tally = Tally::default();
    let text = content.to_string();
    if let (Some(kind), Some(held)) = (SCHEMA.message(code), located::read(&text)) {
        let mut report = Report {
            code: kind.code,
            tally: &mut tally,
            lines: None,
            rules: Severity::Error,
            shapes: Severity::Error,
        };
        let tree = json::read(kind, &held, &mut report);
        ask(kind, &tree, &mut report);
    }
    tally.finish()
}

/// The kind of message the XML document that begins here is; `None` where its outermost element is none of theirs.
pub(crate) fn kind(text: &str, begin: usize, limits: Limits) -> Option<&'static MessageType> {
    xml::outermost(text, begin, limits).and_then(|(name, _)| SCHEMA.message(name))
}

/// What came of one document.
pub(crate) struct Document {
    pub(crate) message: Option<Message>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) next: Option<usize>,
}

/// Reads one XML document as a message of this kind.
pub(crate) fn document(
    kind: &'static MessageType,
    source: &Source<'_>,
    begin: usize,
    tally: &mut Tally,
    rules: Severity,
) -> Document {
    let mut report =
        Report { code: kind.code, tally, lines: Some(&source.lines), rules, shapes: Severity::Error };
    let reading = read::read(source.text, begin, source.limits, kind, &mut report);
    let whole = reading.faults.iter().all(|fault| fault.severity != Severity::Fatal);
    let message = reading.tree.filter(|_| whole).map(|tree| {
        ask(kind, &tree, &mut report);
        Message { code: kind.code, content: write::content(&tree) }
    });
    Document { message, faults: reading.faults, next: reading.next }
}

/// Whether some JSON begins like a message: one member named as a root element.
pub(crate) fn looks_like_json(text: &str) -> bool {
    let inside = text.trim_ascii_start().strip_prefix('{').map(str::trim_ascii_start);
    let name = inside.and_then(|inside| inside.strip_prefix('"')).and_then(|rest| rest.split_once('"'));
    name.is_some_and(|(name, _)| SCHEMA.message(name.rsplit(':').next().unwrap_or(name)).is_some())
}

/// Reads JSON as a message; `None` where it is none.
pub(crate) fn from_json(
    text: &str,
    lines: &Lines<'_>,
    tally: &mut Tally,
    rules: Severity,
) -> Option<Message> {
    let value = located::read(text)?;
    let (kind, held) = json::message(&value)?;
    let mut report = Report { code: kind.code, tally, lines: Some(lines), rules, shapes: rules };
    let tree = json::read(kind, held, &mut report);
    ask(kind, &tree, &mut report);
    Some(Message { code: kind.code, content: write::content(&tree) })
}

/// Everything the standard asks of a message beyond its structure.
fn ask(kind: &MessageType, tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    // What the structure refuses is refused for that alone; the rest is said beside it.
    let sound = !report.tally.has_errors();
    identity::ask(kind, tree, report, if sound { Severity::Error } else { report.rules });
    codes::ask(tree, report);
    rules::ask(kind, tree, report);
}

/// All conditions and rules that are checked, with their examples, as the manual shows them.
#[must_use]
pub fn rules_page() -> String {
    let mut out = String::from(
        "# Conditions and rules of the transit messages\n\nPrinted from the code. Each example is a test: `keeps` keeps \
         the rule, `breaks` breaks it.\n",
    );
    for said in rules() {
        out.push_str(&format!("\n## {}\n\n{}\n\n", said.id, said.says));
        said.good.iter().for_each(|text| out.push_str(&format!("    keeps   {text}\n")));
        said.bad.iter().for_each(|text| out.push_str(&format!("    breaks  {text}\n")));
    }
    let written: Vec<_> = rules().iter().map(|said| said.id).collect();
    let mut others: Vec<_> =
        messages().flat_map(|kind| &kind.rules).filter(|id| !written.contains(id)).copied().collect();
    others.sort_unstable();
    others.dedup();
    out.push_str(&format!(
        "\n## Named by the standard and not checked on a single message\n\n{}\n",
        others.join(" ")
    ));
    out
}

/// The elements of a message as a markdown table, one row an element.
#[must_use]
pub fn page(code: &str) -> Option<String> {
    let kind = SCHEMA.message(code)?;
    let mut out = "| element | times | value | list |\n|---|---|---|---|\n".to_owned();
    rows(kind.group, "", &mut out);
    Some(out)
}

fn rows(group: table::GroupId, above: &str, out: &mut String) {
    for particle in SCHEMA.group(group) {
        let name = format!("{above}/{}", SCHEMA.name(particle.name));
        let times = match (particle.low, particle.high) {
            (1, 1) => "1".to_owned(),
            (low, high) => format!("{low}..{high}"),
        };
        let (value, list) = match &particle.body {
            table::Body::Leaf(picture, list) => (picture.text, list.unwrap_or_default()),
            table::Body::Group(_) => ("", ""),
        };
        out.push_str(&format!("| `{name}` | {times} | {value} | {list} |\n"));
        if let table::Body::Group(inner) = particle.body {
            rows(inner, &name, out);
        }
    }
}
