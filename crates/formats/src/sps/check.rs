//! Where a certificate departs from its schema and from what live validators ask for.

use kernel::{Finding, Place, Severity};

use super::parts;
use super::schema::{ATTRIBUTES, CERTIFICATE, Must, Namespaces, Row, What};
use super::tree::Element;
use crate::codes;
use crate::tally::Tally;
use crate::text::Lines;

/// Checks a whole certificate.
pub(super) fn check(root: &Element, namespaces: &Namespaces, lines: &Lines<'_>, tally: &mut Tally) {
    let mut checker = Checker { lines, tally };
    let path = format!("/{}", root.local);
    match namespaces.release() {
        Some(17) => {}
        Some(other) => checker.tell(Severity::Note, "namespace-wrong", root, path.clone(), |finding| {
            finding.seen(&other.to_string()).expected("SPSCertificate:17")
        }),
        None => checker.tell(Severity::Warning, "namespace-missing", root, path.clone(), |finding| {
            finding.seen(&namespaces.certificate).expected("SPSCertificate:17")
        }),
    }
    checker.section(root, CERTIFICATE, &path);
    parts::check(root, &mut checker);
}

/// Tells findings with their places.
pub(super) struct Checker<'c, 'a> {
    pub(super) lines: &'c Lines<'a>,
    pub(super) tally: &'c mut Tally,
}

/// The place of an element.
pub(super) fn place(lines: &Lines<'_>, element: &Element, path: String) -> Place {
    let position = lines.position(element.at);
    Place { line: position.line, column: position.column, ..Place::at(path) }
}

impl Checker<'_, '_> {
    pub(super) fn tell(
        &mut self,
        severity: Severity,
        code: &'static str,
        element: &Element,
        path: String,
        more: impl FnOnce(Finding) -> Finding,
    ) {
        if self.tally.admits(severity) {
            let place = place(self.lines, element, path);
            self.tally.tell(more(Finding::of(severity, code, place)));
        }
    }

    fn section(&mut self, parent: &Element, rows: &'static [Row], path: &str) {
        let (mut counts, mut last, mut disordered) = (vec![0_usize; rows.len()], 0, false);
        for child in parent.elements() {
            let Some(index) = rows.iter().position(|row| row.name == child.local) else {
                let path = format!("{path}/{}", child.local);
                self.tell(Severity::Note, "element-unknown", child, path, |finding| {
                    finding.seen(&child.local)
                });
                continue;
            };
            counts[index] += 1;
            let row = &rows[index];
            let path = if row.most == 1 {
                format!("{path}/{}", row.name)
            } else {
                format!("{path}/{}[{}]", row.name, counts[index])
            };
            if counts[index] == row.most.saturating_add(1) {
                self.tell(Severity::Error, "element-too-many", child, path.clone(), |finding| {
                    finding.expected(row.most.to_string())
                });
            }
            if index < last && !disordered {
                disordered = true;
                self.tell(Severity::Note, "element-out-of-order", child, path.clone(), |finding| {
                    finding.expected(format!("before {}", rows[last].name))
                });
            }
            last = last.max(index);
            self.element(child, row, &path);
        }
        self.missing(parent, rows, &counts, path);
    }

    fn missing(&mut self, parent: &Element, rows: &[Row], counts: &[usize], path: &str) {
        for (row, _) in rows.iter().zip(counts).filter(|(row, count)| row.must != Must::No && **count == 0) {
            let path = format!("{path}/{}", row.name);
            self.tell(Severity::Error, "element-missing", parent, path, |finding| finding.expected(row.name));
        }
    }

    fn element(&mut self, element: &Element, row: &Row, path: &str) {
        for (name, value) in &element.attributes {
            let local = name.rsplit(':').next().unwrap_or(name);
            if !name.starts_with("xmlns") && !name.contains(':') && !ATTRIBUTES.contains(&local) {
                self.tell(
                    Severity::Note,
                    "attribute-unknown",
                    element,
                    format!("{path}/@{name}"),
                    |finding| finding.seen(value),
                );
            }
        }
        match &row.what {
            What::Part(rows) => {
                if !element.text().trim().is_empty() {
                    self.tell(Severity::Warning, "text-unexpected", element, path.to_owned(), |finding| {
                        finding.seen(element.text().trim())
                    });
                }
                self.section(element, rows, path);
            }
            what => self.value(element, row, what, path),
        }
    }

    fn value(&mut self, element: &Element, row: &Row, what: &What, path: &str) {
        let whole = if matches!(what, What::Moment) { element.moment() } else { element.text() };
        let text = whole.trim();
        if text.is_empty() {
            if row.must != Must::No {
                self.tell(Severity::Error, "value-empty", element, path.to_owned(), |finding| finding);
            }
            return;
        }
        if PLACEHOLDERS.iter().any(|word| text.eq_ignore_ascii_case(word)) && matches!(what, What::Text) {
            self.tell(Severity::Warning, "value-placeholder", element, path.to_owned(), |finding| {
                finding.seen(text)
            });
            return;
        }
        let wrong = wrong(what, text);
        if let Some((code, expected)) = wrong {
            let severity = if matches!(what, What::Base64) { Severity::Warning } else { Severity::Error };
            self.tell(severity, code, element, path.to_owned(), |finding| {
                finding.seen(text).expected(expected)
            });
        }
        if matches!(what, What::Measure) && element.attribute("unitCode").is_none_or(str::is_empty) {
            self.tell(
                Severity::Error,
                "attribute-missing",
                element,
                format!("{path}/@unitCode"),
                |finding| finding.expected("UN/ECE Rec 20"),
            );
        }
    }
}

/// What is wrong with a value, and what would have been right.
fn wrong(what: &What, text: &str) -> Option<(&'static str, String)> {
    let number = |text: &str| {
        text.parse::<rust_decimal::Decimal>().is_ok() || rust_decimal::Decimal::from_scientific(text).is_ok()
    };
    match what {
        What::Part(_) | What::Text => None,
        What::Int => (!text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| ("value-not-a-number", "digits".to_owned())),
        What::Number | What::Measure => {
            (!number(text)).then(|| ("value-not-a-number", "a decimal number".to_owned()))
        }
        What::Moment => customs::certificate::moment(text)
            .is_none()
            .then(|| ("date-wrong-form", "CCYY-MM-DD or CCYY-MM-DDThh:mm:ss+hh:mm".to_owned())),
        What::Country => {
            let letters = codes::countries().knows(text);
            (!letters).then(|| ("code-unknown", "ISO 3166-1 alpha-2".to_owned()))
        }
        What::Port => (!codes::is_place(text)).then(|| ("code-unknown", "UN/LOCODE".to_owned())),
        What::OneOf(values) => (!values.contains(&text)).then(|| ("value-not-in-list", values.join(", "))),
        What::Base64 => (!base64(text)).then(|| ("value-wrong-characters", "base64".to_owned())),
    }
}

fn base64(text: &str) -> bool {
    let signs = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
    let (mut count, mut padding) = (0_usize, 0_usize);
    for byte in signs {
        count += 1;
        match byte {
            b'=' => padding += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => {}
            _ => return false,
        }
    }
    count % 4 == 0 && padding <= 2
}

/// Words senders write where they have nothing to say.
const PLACEHOLDERS: &[&str] = &["NULL", "Ninguno", "Ninguna", "None", "N/A"];
