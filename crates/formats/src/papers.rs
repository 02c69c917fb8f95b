//! Documents between nodes that have no response or standard of the first day: written and read by kind.
//!
//! A kind whose field has a standard syntax registers it in [`FORMATS`]; every other kind is written as JSON under a
//! small head, so that any node can say what it is before it reads it.

use kernel::{Finding, Findings, Place, Severity};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::text::{self, Limits};
use crate::transit;

/// The standard syntax of a kind.
#[derive(Clone, Copy, Debug)]
pub struct PaperFormat {
    /// The kind, as terms name it.
    pub kind: &'static str,
    /// The content in its standard bytes.
    pub write: fn(&Value) -> Vec<u8>,
    /// The content as far as it can be read, with everything wrong in the bytes.
    pub read: fn(&[u8]) -> (Option<Value>, Findings),
}

/// Every kind with a standard syntax.
pub const FORMATS: &[&[PaperFormat]] = &[
    transit::FORMATS,
    &[PaperFormat { kind: "ephyto", write: crate::sps::write_content, read: crate::sps::read_content }],
];

/// The document's bytes.
///
/// # Panics
/// Never: contents are plain data.
#[must_use]
pub fn write_paper(kind: &str, content: &Value) -> Vec<u8> {
    if let Some(format) = of(kind) {
        return (format.write)(content);
    }
    let paper = Written { sampan: HEAD, kind, document: content };
    serde_json::to_vec(&paper).expect("contents are plain data")
}

/// The content of a document of this kind, as far as it can be read, with everything wrong.
#[must_use]
pub fn read_paper(kind: &str, bytes: &[u8]) -> (Option<Value>, Findings) {
    if let Some(format) = of(kind) {
        return (format.read)(bytes);
    }
    let (paper, mut findings) = read_head(bytes);
    let Some(paper) = paper else { return (None, findings) };
    if paper.kind != kind {
        let finding = Finding::error("kind-not-as-enveloped", start("/kind"));
        findings.push(finding.seen(&paper.kind).expected(kind));
        return (None, findings);
    }
    (Some(paper.document), findings)
}

/// A paper of whatever kind it says it is.
#[must_use]
pub fn read_any(bytes: &[u8]) -> (Option<(String, Value)>, Findings) {
    let (paper, mut findings) = read_head(bytes);
    let Some(paper) = paper else { return (None, findings) };
    match customs::agreement::Document::read(&paper.kind, paper.document.clone()) {
        Ok(_) => (Some((paper.kind, paper.document)), findings),
        Err(refusal) => {
            let code =
                if refusal.code == "document-unknown" { "document-unknown" } else { "document-unreadable" };
            findings.push(Finding::error(code, start("/document")).seen(&refusal.reason));
            (None, findings)
        }
    }
}

/// Whether a JSON text says that it is a paper.
pub(crate) fn looks_like_paper(start: &str) -> bool {
    let head: String = start.chars().take(HEAD_CHARS).filter(|char| !char.is_whitespace()).collect();
    head.starts_with("{\"sampan\":")
}

fn of(kind: &str) -> Option<&'static PaperFormat> {
    FORMATS.iter().copied().flatten().find(|format| format.kind == kind)
}

fn read_head(bytes: &[u8]) -> (Option<Paper>, Findings) {
    let mut findings = Findings::new();
    let decoded = text::decode(bytes, &Limits::MESSAGE);
    if let Some(fault) = &decoded.fault {
        let finding = Finding::of(fault.severity, fault.code, start("/")).seen(&fault.seen);
        findings.push(finding.expected(fault.expected));
        return (None, findings);
    }
    match serde_json::from_str::<Paper>(&decoded.text) {
        Ok(paper) if paper.sampan == HEAD => (Some(paper), findings),
        Ok(paper) => {
            findings.push(
                Finding::error("paper-unreadable", start("/sampan")).seen(&paper.sampan).expected(HEAD),
            );
            (None, findings)
        }
        Err(error) => {
            let (line, column) = (small(error.line()).max(1), small(error.column()).max(1));
            let place = Place { line, column, ..Place::at("/") };
            findings.push(Finding::of(Severity::Fatal, "paper-unreadable", place).seen(&error.to_string()));
            (None, findings)
        }
    }
}

/// A place within the first line, where a value is known by its path alone.
fn start(path: &str) -> Place {
    Place { line: 1, column: 1, ..Place::at(path) }
}

/// Every kind with its fields, as a markdown table.
#[must_use]
pub(crate) fn page() -> String {
    let mut page = String::from("| kind | field | class | source |\n|---|---|---|---|\n");
    for kind in customs::catalogue::KINDS {
        for field in kind.fields() {
            let class = format!("{:?}", field.class).to_lowercase();
            page.push_str(&format!(
                "| `{}` | `{}` | {class} | {} |\n",
                kind.name(),
                field.field,
                field.source
            ));
        }
    }
    page
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[derive(Serialize)]
struct Written<'a> {
    sampan: &'static str,
    kind: &'a str,
    document: &'a Value,
}

#[derive(Deserialize)]
struct Paper {
    sampan: String,
    kind: String,
    document: Value,
}

/// What the head says.
const HEAD: &str = "paper";
/// How far into a text its head is looked for.
const HEAD_CHARS: usize = 40;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let content = json!({"answered": "warning", "reference": "VN-1", "remarks": []});
        let bytes = write_paper("document-response", &content);
        let (read, findings) = read_paper("document-response", &bytes);
        assert_eq!((read, findings.len()), (Some(content), 0));
    }

    #[test]
    fn what_is_wrong_has_a_code_and_a_place() {
        for (bytes, code) in [
            (&b"{\"sampan\":\"paper\",\"kind\":\"x\",\n \"document\":[}"[..], "paper-unreadable"),
            (b"{\"sampan\":\"letter\",\"kind\":\"x\",\"document\":1}", "paper-unreadable"),
            (b"{\"sampan\":\"paper\",\"kind\":\"y\",\"document\":{}}", "kind-not-as-enveloped"),
        ] {
            let (read, findings) = read_paper("x", bytes);
            assert!(read.is_none());
            assert_eq!(findings.iter().map(|finding| finding.code.to_string()).collect::<Vec<_>>(), [code]);
        }
    }
}
