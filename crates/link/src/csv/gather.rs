//! Puts rows of one declaration together that do not stand together in their file.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use kernel::{Finding, Findings, Place, Severity};

use super::read::Lodged;
use crate::doc::{Doc, DocId};
use crate::index::{Inflow, declaration};

/// One document for each declaration, in the order of their first rows; what is said twice of an item counts once.
#[must_use]
pub fn gather(lodged: Vec<Lodged>) -> (Vec<Lodged>, Findings) {
    let mut at: BTreeMap<DocId, usize> = BTreeMap::new();
    let mut gathered: Vec<Lodged> = Vec::with_capacity(lodged.len());
    let mut findings = Findings::new();
    for mut next in lodged {
        tidy(&mut next, &mut findings);
        match at.entry(declaration(next.doc.id.clone())) {
            Entry::Occupied(known) => join(&mut gathered[*known.get()], next, &mut findings),
            Entry::Vacant(place) => {
                place.insert(gathered.len());
                gathered.push(next);
            }
        }
    }
    (gathered, findings)
}

/// Gathers documents as they are read, and holds none of them in full but those of whose declaration rows stand apart.
#[derive(Debug, Default)]
pub struct Gathering {
    inflow: Inflow,
    /// The declarations met, as numbers.
    met: BTreeSet<u64>,
    apart: Vec<Doc>,
    findings: Findings,
}

impl Gathering {
    /// Takes the next document of the file.
    pub fn take(&mut self, mut next: Lodged) {
        tidy(&mut next, &mut self.findings);
        if self.met.insert(declaration(next.doc.id.clone()).key()) {
            self.inflow.take(next.doc);
        } else {
            self.apart.push(next.doc);
        }
    }

    /// All documents, each once, and what was said twice in them.
    #[must_use]
    pub fn end(mut self) -> (Inflow, Findings) {
        let said_twice = self.inflow.add_lines(self.apart);
        said_twice.iter().for_each(|id| self.findings.push(twice(id)));
        (self.inflow, self.findings)
    }
}

/// Drops lines whose item another line before them has.
fn tidy(lodged: &mut Lodged, findings: &mut Findings) {
    let items: Vec<u32> = lodged.doc.lines.iter().map(|line| line.item).collect();
    let mut first = items
        .iter()
        .enumerate()
        .map(|(at, item)| !items[..at].contains(item))
        .collect::<Vec<_>>()
        .into_iter();
    if items.len() < 2 || first.clone().all(|first| first) {
        return;
    }
    let mut also = first.clone();
    lodged.doc.lines.retain(|_| first.next().unwrap_or(true));
    lodged.goods.retain(|_| also.next().unwrap_or(true));
    findings.push(twice(&lodged.doc.id));
}

fn join(known: &mut Lodged, next: Lodged, findings: &mut Findings) {
    let mut dropped = false;
    for (line, goods) in next.doc.lines.into_iter().zip(next.goods) {
        if known.doc.lines.iter().any(|other| other.item == line.item) {
            dropped = true;
        } else {
            known.doc.lines.push(line);
            known.goods.push(goods);
        }
    }
    if dropped {
        findings.push(twice(&known.doc.id));
    }
}

fn twice(id: &DocId) -> Finding {
    Finding::of(Severity::Warning, "csv-item-twice", Place::at(id.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv::Reader;
    use crate::doc::Side;

    #[test]
    fn rows_in_any_order_are_one_document() {
        let text = "declaration_no,item_no,port\nI1,1,VNSGN\nI2,1,\nI1,2,VNHPH\nI2,1,\n";
        let mut lodged = Vec::new();
        let mut reader = Reader::new(Side::Import);
        reader.take(text.as_bytes(), |next| lodged.push(next));
        let _ = reader.end(|next| lodged.push(next));
        let (docs, findings) = gather(lodged);
        let told: Vec<(&str, usize)> =
            docs.iter().map(|doc| (doc.doc.id.number.as_str(), doc.doc.lines.len())).collect();
        assert_eq!(told, [("I1", 2), ("I2", 1)]);
        assert_eq!(
            findings.iter().map(|finding| finding.code.as_ref()).collect::<Vec<_>>(),
            ["csv-item-twice"]
        );
    }
}
