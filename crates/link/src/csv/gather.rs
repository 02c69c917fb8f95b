//! Puts rows of one declaration together that do not stand together in their file.

use std::collections::BTreeMap;

use kernel::{Finding, Findings, Place, Severity};

use super::read::Lodged;
use crate::doc::{DocId, Side};

/// One document for each declaration, in the order of their first rows; what is said twice of an item counts once.
#[must_use]
pub fn gather(lodged: Vec<Lodged>) -> (Vec<Lodged>, Findings) {
    let mut at: BTreeMap<DocId, usize> = BTreeMap::new();
    let mut gathered: Vec<Lodged> = Vec::with_capacity(lodged.len());
    let mut findings = Findings::new();
    for mut next in lodged {
        tidy(&mut next, &mut findings);
        match at.get(&key(&next.doc.id)) {
            Some(known) => join(&mut gathered[*known], next, &mut findings),
            None => {
                at.insert(key(&next.doc.id), gathered.len());
                gathered.push(next);
            }
        }
    }
    (gathered, findings)
}

/// Imports of a file are of one administration, whatever port each row names.
fn key(id: &DocId) -> DocId {
    match id.side {
        Side::Export => id.clone(),
        Side::Import => DocId { country: customs::terms::Country::new(""), ..id.clone() },
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
