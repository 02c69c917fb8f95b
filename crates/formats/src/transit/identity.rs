//! What makes a message the message it says it is: its type, its recipient, the number it goes by.
//!
//! These need no book and no state, so a message that fails them is refused wherever it is read.

use kernel::Severity;

use super::report::{Report, Told};
use super::table::MessageType;
use super::tree::{Id, ROOT, Tree};

/// Messages of traders that open or replace a record at an office: they go to the country of that office.
const ADDRESSED: [(&str, &str); 3] = [
    ("CC007C", "CustomsOfficeOfDestinationActual/referenceNumber"),
    ("CC013C", "CustomsOfficeOfDeparture/referenceNumber"),
    ("CC015C", "CustomsOfficeOfDeparture/referenceNumber"),
];

/// Tells what does not fit together.
pub(super) fn ask(kind: &MessageType, tree: &Tree<'_>, report: &mut Report<'_, '_>, severity: Severity) {
    let mut teller = Teller { kind, tree, report, severity };
    teller.of_type();
    teller.recipient();
    teller.local_number();
    teller.one_number();
}

struct Teller<'m, 'r, 'x, 't> {
    kind: &'m MessageType,
    tree: &'m Tree<'t>,
    report: &'m mut Report<'r, 'x>,
    severity: Severity,
}

impl Teller<'_, '_, '_, '_> {
    fn tell(&mut self, id: Id, code: &'static str, expected: &str) {
        let seen = self.tree.node(id).text.clone();
        let told = Told { code, seen: &seen, expected: expected.to_owned() };
        self.report.element(self.severity, self.tree, id, told);
    }

    fn of_type(&mut self) {
        for id in self.tree.find(ROOT, "messageType") {
            if self.tree.node(id).text != self.kind.code {
                self.tell(id, "transit-message-type", self.kind.code);
            }
        }
    }

    fn recipient(&mut self) {
        let Some((_, path)) = ADDRESSED.iter().find(|(code, _)| *code == self.kind.code) else { return };
        let Some(country) = self.tree.text(ROOT, path).get(..2) else { return };
        let wanted = format!("NTA.{country}");
        for id in self.tree.find(ROOT, "messageRecipient") {
            let to = &self.tree.node(id).text;
            if !to.is_empty() && *to != wanted {
                self.tell(id, "transit-recipient", &wanted);
            }
        }
    }

    fn local_number(&mut self) {
        if !["CC013C", "CC014C", "CC015C", "CC170C"].contains(&self.kind.code) {
            return;
        }
        for id in self.tree.find(ROOT, "TransitOperation/LRN") {
            if !is_local(&self.tree.node(id).text) {
                self.tell(id, "transit-lrn", "letters, digits, - _ / .");
            }
        }
    }

    /// An amendment says which declaration it replaces: by its MRN or, before it has one, by its LRN.
    fn one_number(&mut self) {
        if self.kind.code != "CC013C" {
            return;
        }
        let mrn = !self.tree.find(ROOT, "TransitOperation/MRN").is_empty();
        let lrn = self.tree.find(ROOT, "TransitOperation/LRN").first().copied();
        let wrong = match (mrn, lrn) {
            (true, Some(lrn)) => Some(lrn),
            (false, None) => self.tree.find(ROOT, "TransitOperation").first().copied(),
            _ => None,
        };
        if let Some(id) = wrong {
            self.tell(id, "transit-reference", "MRN or LRN");
        }
    }
}

/// The signs a local reference number is made of.
fn is_local(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || "-_/. ".contains(c))
}
