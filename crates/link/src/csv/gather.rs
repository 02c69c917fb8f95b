//! Puts rows of one declaration together that do not stand together in their file.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use kernel::{Finding, Findings, Place, Severity};

use super::read::Lodged;
use crate::doc::DocId;
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

/// Gathers documents as they are read, and holds none of them in full.
#[derive(Debug, Default)]
pub struct Gathering {
    inflow: Inflow,
    findings: Findings,
}

impl Gathering {
    /// Takes the next document of the file.
    pub fn take(&mut self, mut next: Lodged) {
        tidy(&mut next, &mut self.findings);
        self.inflow.take(next.doc);
    }

    /// All documents, each once, and what was said twice in them.
    #[must_use]
    pub fn end(mut self) -> (Inflow, Findings) {
        self.inflow.put_together().iter().for_each(|id| self.findings.push(twice(id)));
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
    use crate::{InTurn, Index, Settings};

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

    #[test]
    fn what_is_gathered_while_it_is_read_is_what_is_put_together_at_the_end() {
        let text = "declaration_no,item_no,importer_name,port,hs_code,quantity,unit,arrival_date\n\
                    I1,1,Minh Phat,VNSGN,400122,18,TNE,2026-05-03\nI2,2,Hoang Long,,8471,40,NMB,2026-05-09\n\
                    I1,2,,VNHPH,400129,7,CRATE,\nI2,1,,,9403,,,\nI1,2,,,8471,1,KGM,\nI3,1,,VNHPH,,,,\n";
        let read = |give: &mut dyn FnMut(Lodged)| {
            let mut reader = Reader::new(Side::Import);
            reader.take(text.as_bytes(), &mut *give);
            let _ = reader.end(give);
        };
        let (mut lodged, mut gathering) = (Vec::new(), Gathering::default());
        read(&mut |next| lodged.push(next));
        read(&mut |next| gathering.take(next));
        let (docs, _) = gather(lodged);
        let (inflow, findings) = gathering.end();
        assert_eq!((inflow.len(), inflow.last_day()), (3, docs[1].doc.day));
        assert_eq!(findings.iter().map(|found| found.code.as_ref()).collect::<Vec<_>>(), ["csv-item-twice"]);
        let mut index = Index::new(Settings::default());
        index.load_inflow(inflow, &InTurn);
        for mut known in docs.into_iter().map(|lodged| lodged.doc) {
            known.lines.sort_by_key(|line| line.item);
            assert_eq!(index.doc(&known.id), Some(known));
        }
    }
}
