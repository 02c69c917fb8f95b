//! Which exports share keys with which imports: the sorted runs of both sides laid beside each other key by key, so that no
//! document has to look anything up. What it finds is the same as looked up one by one.

use super::batch::{Executor, gathered};
use super::keys::ENOUGH;
use super::postings::Entry;
use super::shelf::{BUCKET_MAX, DocNo, Shelf, possible_weeks};
use crate::doc::Side;

/// Where entries of one key and week begin and end in a run.
type Stretch = (u32, u32);

/// Entries of a run that are gone through at a time, about.
const PART: usize = 1 << 18;

/// For each import document, the stretches of the exports' run whose keys it shares.
pub(super) struct Shared<'a> {
    run: &'a [Entry],
    begin: Vec<u32>,
    stretches: Vec<Stretch>,
}

impl<'a> Shared<'a> {
    /// Of the import documents that are asked for.
    pub(super) fn of(shelf: &'a Shelf, asked: impl Fn(DocNo) -> bool, executor: &dyn Executor) -> Self {
        let (exports, imports) = (shelf.keyed(Side::Export).run(), shelf.keyed(Side::Import).run());
        let asked: Vec<bool> = (0..shelf.places()).map(|at| asked(DocNo::at(at))).collect();
        let parts = by_key(imports);
        let found = gathered(executor, parts.len(), |part| {
            let mut found = Vec::new();
            each_shared(shelf, (exports, parts[part]), &asked, |doc, stretch| found.push((doc, stretch)));
            found
        });
        Self::by_doc(exports, shelf.places() as usize, found)
    }

    fn by_doc(run: &'a [Entry], places: usize, found: Vec<Vec<(DocNo, Stretch)>>) -> Self {
        let mut begin = vec![0_u32; places + 1];
        found.iter().flatten().for_each(|(doc, _)| begin[doc.number() as usize + 1] += 1);
        for place in 1..begin.len() {
            begin[place] += begin[place - 1];
        }
        let mut stretches = vec![(0, 0); begin.last().map_or(0, |all| *all as usize)];
        let mut next = begin.clone();
        for (doc, stretch) in found.into_iter().flatten() {
            let at = &mut next[doc.number() as usize];
            stretches[*at as usize] = stretch;
            *at += 1;
        }
        Self { run, begin, stretches }
    }

    fn of_doc(&self, doc: DocNo) -> &[Stretch] {
        let at = doc.number() as usize;
        &self.stretches[self.begin[at] as usize..self.begin[at + 1] as usize]
    }
}

/// A run in parts that hold whole keys.
fn by_key(mut run: &[Entry]) -> Vec<&[Entry]> {
    let mut parts = Vec::new();
    while let Some(last) = run.get(PART) {
        let (part, rest) = run.split_at(run.partition_point(|entry| entry.key() <= last.key()));
        parts.push(part);
        run = rest;
    }
    parts.push(run);
    parts
}

/// Goes through both runs key by key, and gives for every import document the stretches of the exports' run that share
/// a key with it in a possible week and are not full.
fn each_shared(
    shelf: &Shelf,
    (exports, imports): (&[Entry], &[Entry]),
    asked: &[bool],
    mut give: impl FnMut(DocNo, Stretch),
) {
    let first = imports.first().map_or(0, |first| exports.partition_point(|entry| entry.key() < first.key()));
    let (mut at, mut weeks) = (first, Vec::new());
    for group in imports.chunk_by(|a, b| a.key() == b.key()) {
        let asks = |entry: &&Entry| asked[entry.doc().number() as usize];
        if !group.iter().any(|entry| asks(&entry)) {
            continue;
        }
        let key = group[0].key();
        while at < exports.len() && exports[at].key() < key {
            at += 1;
        }
        let end = at + exports[at..].iter().take_while(|entry| entry.key() == key).count();
        if end == at {
            continue;
        }
        runs(shelf, exports, (at, end), &mut weeks);
        for bucket in group.chunk_by(|a, b| a.bucket() == b.bucket()) {
            let standing = bucket.iter().filter(|entry| shelf.stands(entry.doc()));
            if standing.clone().count() > BUCKET_MAX {
                continue;
            }
            let standing = standing.filter(asks);
            for possible in possible_weeks(Side::Import, bucket[0].week()) {
                let open = weeks.iter().filter(|(week, _)| possible.contains(week));
                for stretch in joined(open.map(|(_, stretch)| *stretch)) {
                    standing.clone().for_each(|entry| give(entry.doc(), stretch));
                }
            }
        }
        at = end;
    }
}

/// Stretches that follow each other without a gap as one: weeks are told apart only where one between them is full.
fn joined(stretches: impl Iterator<Item = Stretch>) -> Vec<Stretch> {
    let mut joined: Vec<Stretch> = Vec::with_capacity(1);
    for (from, to) in stretches {
        match joined.last_mut() {
            Some(last) if last.1 == from => last.1 = to,
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// The weeks of one key in the exports' run that are not full, with where they stand.
fn runs(shelf: &Shelf, exports: &[Entry], (from, to): (usize, usize), weeks: &mut Vec<(i16, Stretch)>) {
    weeks.clear();
    let mut at = from;
    for run in exports[from..to].chunk_by(|a, b| a.bucket() == b.bucket()) {
        if run.iter().filter(|entry| shelf.stands(entry.doc())).count() <= BUCKET_MAX {
            weeks.push((run[0].week(), (at as u32, (at + run.len()) as u32)));
        }
        at += run.len();
    }
}

/// Counts how much the exports that share keys with an import say together.
pub(super) struct Counter<'a> {
    shelf: &'a Shelf,
    shared: &'a Shared<'a>,
    says: Vec<u8>,
    touched: Vec<DocNo>,
}

impl<'a> Counter<'a> {
    pub(super) fn new(shelf: &'a Shelf, shared: &'a Shared<'a>) -> Self {
        Self { shelf, shared, says: vec![0; shelf.places() as usize], touched: Vec::new() }
    }

    /// The exports that say enough.
    pub(super) fn enough(&mut self, import: DocNo) -> &[DocNo] {
        let Self { shelf, shared, says, touched } = self;
        touched.clear();
        for (from, to) in shared.of_doc(import) {
            for entry in &shared.run[*from as usize..*to as usize] {
                let said = &mut says[entry.doc().number() as usize];
                if *said == 0 {
                    touched.push(entry.doc());
                }
                *said = said.saturating_add(entry.key().says());
            }
        }
        touched
            .retain(|doc| std::mem::take(&mut says[doc.number() as usize]) >= ENOUGH && shelf.stands(*doc));
        touched
    }
}
