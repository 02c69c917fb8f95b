//! The documents at hand and the keys under which their lines find each other.

use std::collections::{BTreeMap, BTreeSet};

use super::keys::{Key, keys, number_key};
use crate::doc::{Doc, DocId, LineRef, Side};
use crate::held::{Held, HeldLine, Terms};
use crate::resolve::plain;

/// A document by its place on the shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DocNo(u32);

/// A line by its document and its place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LineNo {
    pub(super) doc: DocNo,
    at: u16,
}

/// A key in a week; lines in it stand for each other's candidates.
pub(super) type Bucket = (Key, i16);

/// A bucket with more lines than this tells nothing apart and is not looked into.
pub(super) const BUCKET_MAX: usize = 200;

/// Weeks before and after which an import may follow its export.
const WEEKS: std::ops::RangeInclusive<i16> = -2..=20;

/// The documents at hand. Where a document stands follows from the order of arrival and must never show in a result.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf {
    pub(super) terms: Terms,
    docs: Vec<Option<Held>>,
    free: Vec<DocNo>,
    ids: BTreeMap<DocId, DocNo>,
    keyed: [BTreeSet<(Key, i16, LineNo)>; 2],
    /// Export documents by their number, import lines by the number they quote.
    numbered: BTreeSet<(Key, LineNo)>,
    quoting: BTreeSet<(Key, LineNo)>,
    lines: usize,
}

impl Shelf {
    pub(super) fn find(&self, id: &DocId) -> Option<DocNo> {
        self.ids.get(id).copied()
    }

    pub(super) fn doc(&self, no: DocNo) -> &Held {
        self.docs[no.0 as usize].as_ref().expect("a document's number is given out while it stands here")
    }

    pub(super) fn line(&self, no: LineNo) -> &HeldLine {
        &self.doc(no.doc).lines[usize::from(no.at)]
    }

    pub(super) fn line_ref(&self, no: LineNo) -> LineRef {
        LineRef { doc: self.doc(no.doc).id.clone(), item: self.line(no).item }
    }

    /// The order lines have in every result: by document and item, never by place on the shelf.
    pub(super) fn order(&self, a: LineNo, b: LineNo) -> std::cmp::Ordering {
        let key = |no: LineNo| (&self.doc(no.doc).id, self.line(no).item);
        key(a).cmp(&key(b))
    }

    pub(super) fn lines_of(&self, doc: DocNo) -> impl Iterator<Item = LineNo> + use<> {
        (0..self.doc(doc).lines.len()).map(move |at| LineNo { doc, at: at as u16 })
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &DocId> {
        self.ids.keys()
    }

    /// The documents at hand in the order of their keys.
    pub(super) fn docs(&self) -> impl Iterator<Item = DocNo> + '_ {
        self.ids.values().copied()
    }

    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(super) fn lines(&self) -> usize {
        self.lines
    }

    pub(super) fn put(&mut self, mut doc: Doc) -> DocNo {
        doc.lines.truncate(usize::from(u16::MAX));
        let held = self.terms.hold(doc);
        let no = self.free.pop().unwrap_or_else(|| {
            self.docs.push(None);
            DocNo(u32::try_from(self.docs.len() - 1).expect("there are fewer documents than numbers"))
        });
        self.ids.insert(held.id.clone(), no);
        self.docs[no.0 as usize] = Some(held);
        for line in self.lines_of(no) {
            self.key_line(line);
        }
        no
    }

    pub(super) fn take(&mut self, no: DocNo) {
        for line in self.lines_of(no) {
            self.unkey_line(line);
        }
        let held = self.docs[no.0 as usize].take().expect("it stands here until now");
        self.terms.release(&held);
        self.ids.remove(&held.id);
        self.free.push(no);
    }

    fn key_line(&mut self, no: LineNo) {
        let (side, buckets, numbers) = self.entries(no);
        self.keyed[side as usize].extend(buckets.into_iter().map(|(key, week)| (key, week, no)));
        let set = if side == Side::Export { &mut self.numbered } else { &mut self.quoting };
        set.extend(numbers.map(|key| (key, no)));
        self.lines += 1;
    }

    fn unkey_line(&mut self, no: LineNo) {
        let (side, buckets, numbers) = self.entries(no);
        for (key, week) in buckets {
            self.keyed[side as usize].remove(&(key, week, no));
        }
        let set = if side == Side::Export { &mut self.numbered } else { &mut self.quoting };
        if let Some(key) = numbers {
            set.remove(&(key, no));
        }
        self.lines -= 1;
    }

    fn entries(&self, no: LineNo) -> (Side, Vec<Bucket>, Option<Key>) {
        let (doc, line) = (self.doc(no.doc), self.line(no));
        let week = doc.day.week();
        let buckets = keys(&self.terms, doc, line).into_iter().map(|key| (key, week)).collect();
        (doc.id.side, buckets, self.number_key_of(doc, line))
    }

    /// The key of the number an export bears or an import line quotes.
    fn number_key_of(&self, doc: &Held, line: &HeldLine) -> Option<Key> {
        match doc.id.side {
            Side::Export => Some(number_key(doc.id.country.as_str(), &doc.id.number)),
            Side::Import => {
                let from = if doc.from.is_none() { line.origin } else { doc.from };
                Some(number_key(self.terms.codes.text(from), line.quoted.as_deref()?))
            }
        }
    }

    /// The buckets a line stands in.
    pub(super) fn buckets(&self, no: LineNo) -> Vec<Bucket> {
        self.entries(no).1
    }

    /// The lines of one side in a bucket, `hidden`'s left out, or `None` where there are too many.
    pub(super) fn bucket(&self, side: Side, bucket: Bucket, hidden: Option<DocNo>) -> Option<Vec<LineNo>> {
        let (key, week) = bucket;
        let lines = self.span(side, key, week..=week).map(|(_, line)| line);
        let lines: Vec<LineNo> = lines.filter(|line| Some(line.doc) != hidden).take(BUCKET_MAX + 1).collect();
        (lines.len() <= BUCKET_MAX).then_some(lines)
    }

    /// Whether a bucket has too many lines to tell anything apart.
    fn is_full(&self, side: Side, (key, week): Bucket, hidden: Option<DocNo>) -> bool {
        let lines = self.span(side, key, week..=week).filter(|(_, line)| Some(line.doc) != hidden);
        lines.take(BUCKET_MAX + 1).count() > BUCKET_MAX
    }

    fn span(
        &self,
        side: Side,
        key: Key,
        weeks: std::ops::RangeInclusive<i16>,
    ) -> impl Iterator<Item = (i16, LineNo)> + '_ {
        let first = LineNo { doc: DocNo(0), at: 0 };
        let last = LineNo { doc: DocNo(u32::MAX), at: u16::MAX };
        self.keyed[side as usize]
            .range((key, *weeks.start(), first)..=(key, *weeks.end(), last))
            .map(|(_, week, line)| (*week, *line))
    }

    /// The documents of the other side with a line that shares a key with this one in a possible time.
    pub(super) fn sharing(&self, no: LineNo, hidden: Option<DocNo>, found: &mut BTreeSet<DocNo>) {
        let side = self.doc(no.doc).id.side;
        for bucket in self.buckets(no) {
            if self.is_full(side, bucket, hidden) {
                continue;
            }
            for weeks in possible_weeks(side, bucket.1) {
                self.collect(other(side), bucket.0, weeks, hidden, found);
            }
        }
    }

    fn collect(
        &self,
        side: Side,
        key: Key,
        weeks: std::ops::RangeInclusive<i16>,
        hidden: Option<DocNo>,
        found: &mut BTreeSet<DocNo>,
    ) {
        let mut run: Vec<DocNo> = Vec::new();
        let mut run_week = None;
        let lines = self.span(side, key, weeks).filter(|(_, line)| Some(line.doc) != hidden);
        for (week, line) in lines {
            if run_week != Some(week) {
                keep_run(&mut run, found);
                run_week = Some(week);
            }
            if run.len() <= BUCKET_MAX {
                run.push(line.doc);
            }
        }
        keep_run(&mut run, found);
    }

    /// The export documents that bear the number an import line quotes.
    pub(super) fn quoted_by(&self, no: LineNo, hidden: Option<DocNo>) -> Vec<DocNo> {
        let (doc, line) = (self.doc(no.doc), self.line(no));
        let (Some(key), Some(quoted)) = (self.number_key_of(doc, line), line.quoted.as_deref()) else {
            return Vec::new();
        };
        let quoted = plain(quoted);
        let mut docs: Vec<DocNo> = self.with_key(&self.numbered, key).map(|line| line.doc).collect();
        docs.dedup();
        docs.retain(|doc| Some(*doc) != hidden && plain(&self.doc(*doc).id.number) == quoted);
        docs
    }

    /// The import lines that quote this export's number.
    pub(super) fn quoters(&self, no: LineNo, hidden: Option<DocNo>) -> Vec<LineNo> {
        let doc = self.doc(no.doc);
        let Some(key) = self.number_key_of(doc, self.line(no)) else { return Vec::new() };
        let number = plain(&doc.id.number);
        let quotes = |line: &LineNo| self.line(*line).quoted.as_deref().map(plain) == Some(number.clone());
        self.with_key(&self.quoting, key).filter(|line| Some(line.doc) != hidden && quotes(line)).collect()
    }

    fn with_key<'a>(
        &self,
        set: &'a BTreeSet<(Key, LineNo)>,
        key: Key,
    ) -> impl Iterator<Item = LineNo> + use<'a> {
        let first = LineNo { doc: DocNo(0), at: 0 };
        let last = LineNo { doc: DocNo(u32::MAX), at: u16::MAX };
        set.range((key, first)..=(key, last)).map(|(_, line)| *line)
    }
}

fn keep_run(run: &mut Vec<DocNo>, found: &mut BTreeSet<DocNo>) {
    if run.len() <= BUCKET_MAX {
        found.extend(run.iter());
    }
    run.clear();
}

pub(super) const fn other(side: Side) -> Side {
    match side {
        Side::Export => Side::Import,
        Side::Import => Side::Export,
    }
}

/// The weeks the other side may stand in; a document without a day may stand anywhere.
fn possible_weeks(side: Side, week: i16) -> Vec<std::ops::RangeInclusive<i16>> {
    let (first, last) = (*WEEKS.start(), *WEEKS.end());
    match (side, week) {
        (_, i16::MIN) => vec![i16::MIN..=i16::MAX],
        (Side::Export, week) => {
            vec![i16::MIN..=i16::MIN, week.saturating_add(first)..=week.saturating_add(last)]
        }
        (Side::Import, week) => {
            vec![i16::MIN..=i16::MIN, week.saturating_sub(last)..=week.saturating_sub(first)]
        }
    }
}
