//! What the elements of a certificate must be to one another: the coded notes and the rules between them.

use kernel::Severity;

use super::check::Checker;
use super::tree::Element;

/// Checks what no single element shows.
pub(super) fn check(root: &Element, checker: &mut Checker<'_, '_>) {
    let document = root.first("SPSExchangedDocument");
    let re_export = document
        .and_then(|document| document.first("TypeCode"))
        .is_some_and(|kind| kind.text().trim() == "657");
    if let Some(document) = document {
        replacement(document, checker);
    }
    let items = root.all("SPSConsignment").flat_map(|one| one.all("IncludedSPSConsignmentItem"));
    for (number, line) in (1..).zip(items.flat_map(|item| item.all("IncludedSPSTradeLineItem"))) {
        let path = format!(
            "/SPSCertificate/SPSConsignment/IncludedSPSConsignmentItem/IncludedSPSTradeLineItem[{number}]"
        );
        packages(line, &path, checker);
        booleans(line, &path, checker);
        if re_export && note(line, "RPCST").is_none() {
            checker.tell(Severity::Warning, "note-missing", line, path, |finding| finding.expected("RPCST"));
        }
    }
}

/// A replacement names what it replaces (ADRP 4 with ADRPN).
fn replacement(document: &Element, checker: &mut Checker<'_, '_>) {
    let replaces = note(document, "ADRP").is_some();
    if replaces && note(document, "ADRPN").is_none() {
        let path = "/SPSCertificate/SPSExchangedDocument/IncludedSPSNote".to_owned();
        checker.tell(Severity::Error, "note-missing", document, path, |finding| finding.expected("ADRPN"));
    }
}

/// Packages are coded or described, never both.
fn packages(line: &Element, path: &str, checker: &mut Checker<'_, '_>) {
    let coded = line.first("PhysicalSPSPackage").filter(|package| !blank(package));
    if let (Some(package), Some(_)) = (coded, note(line, "OPTND")) {
        let path = format!("{path}/PhysicalSPSPackage");
        checker.tell(Severity::Warning, "element-excluded", package, path, |finding| {
            finding.expected("either this or OPTND")
        });
    }
}

/// Re-export statements are `True` or `False`.
fn booleans(line: &Element, path: &str, checker: &mut Checker<'_, '_>) {
    for found in line.all("AdditionalInformationSPSNote") {
        let subject = text(found, "Subject");
        let content = text(found, "Content");
        if BOOLEAN.contains(&subject.as_str()) && !matches!(content.as_str(), "True" | "False") {
            let path = format!("{path}/AdditionalInformationSPSNote");
            checker.tell(Severity::Warning, "value-not-in-list", found, path, |finding| {
                finding.seen(&content).expected("True, False")
            });
        }
    }
}

fn blank(element: &Element) -> bool {
    element.text().trim().is_empty() && element.elements().all(blank)
}

fn text(element: &Element, local: &str) -> String {
    element.first(local).map(|found| found.text().trim().to_owned()).unwrap_or_default()
}

fn note<'a>(parent: &'a Element, subject: &str) -> Option<&'a Element> {
    let notes = parent.all("IncludedSPSNote").chain(parent.all("AdditionalInformationSPSNote"));
    notes.into_iter().find(|note| text(note, "Subject") == subject)
}

const BOOLEAN: &[&str] = &["RPCOR", "RPCTC", "RPCPK", "RPCRP", "RPCOC", "RPCNC", "RPCPC", "RPCAI"];
