//! What a document says, as labelled values in the order of its own parameters.

use customs::agreement::{DocumentResponse, Paper};
use customs::declaration::{Acdd, AcddLine, Response};
use serde::{Deserialize as _, Serialize};
use serde_json::Value;

use super::sentences::{self, dotted};
use crate::frame::Frame;

/// A labelled value, or a heading where the value is empty.
#[derive(Debug)]
pub(super) struct Line {
    /// What it is.
    pub name: String,
    /// Its value; empty for a heading.
    pub value: String,
}

/// The parameters of an ACDD.
#[must_use]
pub(super) fn of_acdd(frame: &Frame, acdd: &Acdd) -> Vec<Line> {
    let consent = acdd.consent.as_ref().map_or_else(String::new, |consent| {
        let since = frame.moments.day(consent.since);
        frame.language.say("field.consent-since", &[("reference", &consent.reference), ("since", &since)])
    });
    let mut lines = labelled(
        frame,
        vec![
            ("field.function", frame.word("function", &code(&acdd.function))),
            ("field.version", acdd.version.to_string()),
            ("field.export-number", acdd.number.clone()),
            ("field.exporter", sentences::party(&acdd.exporter)),
            ("field.consignee", sentences::party(&acdd.consignee)),
            ("field.address", sentences::address(&acdd.consignee.address)),
            ("field.agent", sentences::party(&acdd.agent)),
            ("field.departs", acdd.departs.map_or_else(String::new, |day| frame.moments.day(day))),
            (
                "field.mode",
                acdd.mode.as_ref().map_or_else(String::new, |mode| frame.word("mode", mode.as_str())),
            ),
            (
                "field.discharge",
                acdd.discharge
                    .as_ref()
                    .map_or_else(String::new, |place| frame.word("place-name", place.as_str())),
            ),
            ("field.consent", consent),
            ("field.reason", acdd.reason.clone()),
        ],
    );
    acdd.lines.iter().for_each(|line| lines.extend(of_line(frame, line)));
    lines
}

fn of_line(frame: &Frame, line: &AcddLine) -> Vec<Line> {
    let heading =
        Line { name: frame.say("finding.line", "line", &line.item_no.to_string()), value: String::new() };
    let quantity =
        line.quantity.as_ref().map_or_else(String::new, |quantity| sentences::quantity(frame, quantity));
    let origin =
        line.origin.as_ref().map_or_else(String::new, |origin| frame.word("country", origin.as_str()));
    let values = labelled(
        frame,
        vec![
            ("field.hs", line.hs.as_ref().map_or_else(String::new, |hs| dotted(hs.as_str()))),
            ("field.quantity", quantity),
            ("field.origin", origin),
        ],
    );
    std::iter::once(heading).chain(values).collect()
}

/// What a Customs Response says.
#[must_use]
pub(super) fn of_response(frame: &Frame, response: &Response) -> Vec<Line> {
    let mut lines = labelled(
        frame,
        vec![
            ("field.outcome", frame.word("outcome", &code(&response.outcome))),
            ("field.export-number", response.number.clone()),
            ("field.answers", response.answers.clone()),
            ("field.version", response.version.map_or_else(String::new, |version| version.to_string())),
            ("field.issued", response.issued.map_or_else(String::new, |at| frame.exact(&at))),
        ],
    );
    let remark = |remark: &customs::declaration::Remark| Line {
        name: remark_name(frame, &remark.code),
        value: [worded(frame, &remark.text), remark.pointer.clone()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
    };
    lines.extend(response.remarks.iter().map(remark));
    lines
}

/// What a document of any kind says, field by field; groups and lists stand under headings.
#[must_use]
pub(super) fn of_paper(frame: &Frame, paper: &Paper) -> Vec<Line> {
    if let Some(answer) = DocumentResponse::deserialize(paper.content()).ok().filter(|_| paper.is_answer()) {
        return of_response(frame, &answer.response);
    }
    let mut lines = Vec::new();
    spread(frame, paper.content(), &mut lines);
    lines
}

fn spread(frame: &Frame, value: &Value, lines: &mut Vec<Line>) {
    let Value::Object(fields) = value else { return };
    for (name, value) in fields {
        let name = frame.word("released-field", name);
        match value {
            Value::Object(_) => {
                lines.push(Line { name, value: String::new() });
                spread(frame, value, lines);
            }
            Value::Array(items) if items.iter().any(Value::is_object) => {
                for (place, item) in items.iter().enumerate() {
                    lines.push(Line { name: format!("{name} {}", place + 1), value: String::new() });
                    spread(frame, item, lines);
                }
            }
            _ => lines.extend(
                Some(scalar(value)).filter(|text| !text.is_empty()).map(|value| Line { name, value }),
            ),
        }
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::Null | Value::Object(_) => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(scalar).collect::<Vec<_>>().join(", "),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

fn remark_name(frame: &Frame, code: &str) -> String {
    let title = format!("code.{code}.title");
    frame.language.find(&title).map_or_else(|| frame.word("finding", code), str::to_owned)
}

/// A remark's text is `verdict reason` in codes where it is a verdict.
fn worded(frame: &Frame, text: &str) -> String {
    match text.split_once(' ') {
        Some((verdict, reason)) if customs::terms::Verdict::of(verdict).is_some() => {
            format!("{} · {}", frame.word("verdict", verdict), frame.word("verdict-reason", reason))
        }
        Some(_) | None => text.to_owned(),
    }
}

/// The code of a value as its JSON has it.
fn code(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn labelled(frame: &Frame, values: Vec<(&str, String)>) -> Vec<Line> {
    let values = values.into_iter().filter(|(_, value)| !value.is_empty());
    values.map(|(key, value)| Line { name: frame.t(key).to_owned(), value }).collect()
}
