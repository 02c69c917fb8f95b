//! The documents at hand and the keys under which they find each other.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::batch::InTurn;
use super::keys::{ENOUGH, Key, keys, number_key};
use super::postings::{Entry, Postings};
use crate::doc::{Doc, DocId, LineRef, Side};
use crate::held::{Held, HeldLine, Terms};
use crate::resolve::plain;

/// A document by its place on the shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DocNo(u32);

impl DocNo {
    pub(super) const fn at(number: u32) -> Self {
        Self(number)
    }

    pub(super) const fn number(self) -> u32 {
        self.0
    }
}

/// A line by its document and its place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LineNo {
    pub(super) doc: DocNo,
    pub(super) at: u16,
}

/// A key in a week; documents in it may stand for each other's candidates.
pub(super) type Bucket = (Key, i16);

/// A bucket with more documents than this tells nothing apart and is not looked into.
pub(super) const BUCKET_MAX: usize = 40;

/// Weeks before and after which an import may follow its export.
pub(super) const WEEKS: RangeInclusive<i16> = -2..=20;

/// The documents at hand. Where a document stands follows from the order of arrival and must never show in a result.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf {
    pub(super) terms: Terms,
    pub(super) docs: Vec<Option<Held>>,
    pub(super) free: Vec<DocNo>,
    /// Documents below this number stand in the sorted runs; their numbers are not given out again before a load.
    pub(super) loaded: u32,
    pub(super) ids: BTreeSet<(u64, DocNo)>,
    pub(super) keyed: [Postings; 2],
    /// Export documents by their number, import documents by the numbers they quote.
    pub(super) numbered: BTreeSet<(Key, DocNo)>,
    pub(super) quoting: BTreeSet<(Key, DocNo)>,
    count: usize,
    lines: usize,
}

impl Shelf {
    pub(super) fn find(&self, id: &DocId) -> Option<DocNo> {
        let key = id.key();
        let same = self.ids.range((key, DocNo(0))..=(key, DocNo(u32::MAX))).map(|(_, no)| *no);
        same.into_iter().find(|no| self.terms.id(self.doc(*no)) == *id)
    }

    pub(super) fn doc(&self, no: DocNo) -> &Held {
        self.docs[no.0 as usize].as_ref().expect("a document's number is given out while it stands here")
    }

    pub(super) fn line(&self, no: LineNo) -> &HeldLine {
        &self.doc(no.doc).lines[usize::from(no.at)]
    }

    pub(super) fn line_ref(&self, no: LineNo) -> LineRef {
        LineRef { doc: self.terms.id(self.doc(no.doc)), item: self.line(no).item }
    }

    /// The order lines have in every result: by document and item, never by place on the shelf.
    pub(super) fn order(&self, a: LineNo, b: LineNo) -> std::cmp::Ordering {
        let docs = || self.terms.order(self.doc(a.doc), self.doc(b.doc));
        if a.doc == b.doc { a.at.cmp(&b.at) } else { docs() }
    }

    pub(super) fn lines_of(&self, doc: DocNo) -> impl Iterator<Item = LineNo> + use<> {
        (0..self.doc(doc).lines.len()).map(move |at| LineNo { doc, at: at as u16 })
    }

    /// The documents at hand in the order of their keys.
    pub(super) fn docs(&self) -> Vec<DocNo> {
        // What a number begins with stands in the list itself, since nearly all of them part there.
        let key = |no| {
            let doc = self.doc(no);
            (doc.side, self.terms.codes.text(doc.country), beginning(&doc.number), no)
        };
        let mut docs: Vec<(Side, &str, u128, DocNo)> = self.standing().map(key).collect();
        docs.sort_unstable_by(|a, b| {
            (a.0, a.1, a.2)
                .cmp(&(b.0, b.1, b.2))
                .then_with(|| self.doc(a.3).number.cmp(&self.doc(b.3).number))
        });
        docs.into_iter().map(|(.., no)| no).collect()
    }

    /// The documents at hand, as they stand.
    pub(super) fn standing(&self) -> impl Iterator<Item = DocNo> + '_ {
        (0..self.places()).map(DocNo).filter(|no| self.stands(*no))
    }

    /// How many numbers were given out.
    pub(super) fn places(&self) -> u32 {
        u32::try_from(self.docs.len()).unwrap_or(u32::MAX)
    }

    /// How many lines stand at a place; none where no document does.
    pub(super) fn lines_at(&self, no: DocNo) -> u32 {
        self.docs[no.0 as usize].as_ref().map_or(0, |doc| doc.lines.len() as u32)
    }

    /// Brings what came one by one into the sorted runs.
    pub(super) fn settle(&mut self) {
        if !self.keyed.iter().all(Postings::is_settled) {
            self.load(Vec::new(), &InTurn);
        }
    }

    /// Whether a document stands here.
    pub(super) fn stands(&self, no: DocNo) -> bool {
        self.docs[no.0 as usize].is_some()
    }

    pub(super) const fn len(&self) -> usize {
        self.count
    }

    pub(super) const fn lines(&self) -> usize {
        self.lines
    }

    pub(super) fn keyed(&self, side: Side) -> &Postings {
        &self.keyed[side as usize]
    }

    pub(super) fn put(&mut self, doc: Doc) -> DocNo {
        let key = doc.id.key();
        let held = self.terms.hold(doc);
        let no = self.place(held);
        self.ids.insert((key, no));
        let side = self.doc(no).side;
        for key in self.number_keys(no) {
            self.numbers(side).insert((key, no));
        }
        let entries = self.entries(no);
        self.keyed[side as usize].insert(&entries);
        no
    }

    /// Gives a document a place, where nothing finds it yet.
    pub(super) fn place(&mut self, held: Held) -> DocNo {
        self.count += 1;
        self.lines += held.lines.len();
        let no = self.free.pop().unwrap_or_else(|| {
            self.docs.push(None);
            DocNo(u32::try_from(self.docs.len() - 1).expect("there are fewer documents than numbers"))
        });
        self.docs[no.0 as usize] = Some(held);
        no
    }

    fn numbers(&mut self, side: Side) -> &mut BTreeSet<(Key, DocNo)> {
        if side == Side::Export { &mut self.numbered } else { &mut self.quoting }
    }

    pub(super) fn take(&mut self, no: DocNo) {
        let side = self.doc(no).side;
        if no.0 >= self.loaded {
            for entry in self.entries(no) {
                self.keyed[side as usize].remove(entry);
            }
            self.free.push(no);
        }
        for key in self.number_keys(no) {
            self.numbers(side).remove(&(key, no));
        }
        let key = self.terms.id(self.doc(no)).key();
        self.ids.remove(&(key, no));
        let held = self.docs[no.0 as usize].take().expect("it stands here until now");
        self.count -= 1;
        self.lines -= held.lines.len();
        self.terms.release(&held);
    }

    fn entries(&self, no: DocNo) -> Vec<Entry> {
        let doc = self.doc(no);
        let week = doc.day.week();
        keys(&self.terms, doc).into_iter().map(|key| Entry::new(key, week, no)).collect()
    }

    /// The key of the number an export bears, or of those an import quotes.
    pub(super) fn number_keys(&self, no: DocNo) -> Vec<Key> {
        let doc = self.doc(no);
        match doc.side {
            Side::Export => vec![self.own_number(doc)],
            Side::Import => doc.lines.iter().filter_map(|line| self.quoted_number(doc, line)).collect(),
        }
    }

    fn own_number(&self, doc: &Held) -> Key {
        number_key(self.terms.codes.text(doc.country), &doc.number)
    }

    fn quoted_number(&self, doc: &Held, line: &HeldLine) -> Option<Key> {
        let from = if doc.from.is_none() { line.origin } else { doc.from };
        Some(number_key(self.terms.codes.text(from), line.quoted.as_deref()?))
    }

    /// The buckets a document stands in.
    fn buckets(&self, no: DocNo) -> Vec<Bucket> {
        self.entries(no).into_iter().map(|entry| (entry.key(), entry.week())).collect()
    }

    /// The buckets of a document under whose keys anything of the other side stands in a possible time, `hidden` left out. By the
    /// others it can find nothing and hide nothing.
    pub(super) fn open_buckets(&self, no: DocNo, hidden: Option<DocNo>) -> Vec<Bucket> {
        let side = self.doc(no).side;
        let is_met = |(key, week): &Bucket| {
            let mut weeks = possible_weeks(side, *week).into_iter();
            weeks.any(|weeks| self.span(other(side), *key, weeks, hidden).next().is_some())
        };
        self.buckets(no).into_iter().filter(is_met).collect()
    }

    /// How many documents of one side stand in a bucket, `hidden` left out; counted up to two more than tell anything apart.
    pub(super) fn standing_in(&self, side: Side, (key, week): Bucket, hidden: Option<DocNo>) -> usize {
        self.span(side, key, week..=week, hidden).take(BUCKET_MAX + 2).count()
    }

    /// The documents of one side in a bucket.
    pub(super) fn bucket(&self, side: Side, (key, week): Bucket) -> impl Iterator<Item = DocNo> + '_ {
        self.span(side, key, week..=week, None).map(Entry::doc)
    }

    fn span(
        &self,
        side: Side,
        key: Key,
        weeks: RangeInclusive<i16>,
        hidden: Option<DocNo>,
    ) -> impl Iterator<Item = Entry> + '_ {
        let at_hand = move |entry: &Entry| Some(entry.doc()) != hidden && self.stands(entry.doc());
        self.keyed[side as usize].span(key, weeks).filter(at_hand)
    }

    /// The documents of the other side that share enough keys with this one in a possible time.
    pub(super) fn sharing(&self, no: DocNo, hidden: Option<DocNo>) -> Vec<DocNo> {
        self.sharing_in(self.doc(no).side, &self.open_buckets(no, hidden), hidden)
    }

    /// The same of a document of this side, by the buckets in which it can meet anybody.
    pub(super) fn sharing_in(&self, side: Side, open: &[Bucket], hidden: Option<DocNo>) -> Vec<DocNo> {
        let mut shared: Vec<(DocNo, u8)> = Vec::new();
        for &(key, week) in open {
            if self.standing_in(side, (key, week), hidden) > BUCKET_MAX {
                continue;
            }
            for weeks in possible_weeks(side, week) {
                self.count_shared(other(side), (key, weeks), hidden, &mut shared);
            }
        }
        shared.sort_unstable();
        let says = |same: &[(DocNo, u8)]| same.iter().fold(0_u8, |all, (_, says)| all.saturating_add(*says));
        let enough = shared.chunk_by(|a, b| a.0 == b.0).filter(|same| says(same) >= ENOUGH);
        enough.map(|same| same[0].0).collect()
    }

    /// The documents of the other side that those of a bucket of this side meet by its key, as long as it is not full.
    pub(super) fn met_by(&self, side: Side, (key, week): Bucket) -> BTreeSet<DocNo> {
        let mut met = Vec::new();
        for weeks in possible_weeks(side, week) {
            self.count_shared(other(side), (key, weeks), None, &mut met);
        }
        met.into_iter().map(|(doc, _)| doc).collect()
    }

    /// Whether two documents of either side share enough keys in a possible time.
    pub(super) fn share_enough(&self, one: DocNo, another: DocNo) -> bool {
        let (one, another) = (self.entries(one), self.entries(another));
        let mut says = 0_u8;
        for entry in &one {
            let at = another.partition_point(|other| other.key() < entry.key());
            let other = another.get(at).filter(|other| other.key() == entry.key());
            if other.is_some_and(|other| self.are_met(*entry, *other)) {
                says = says.saturating_add(entry.key().says());
            }
            if says >= ENOUGH {
                return true;
            }
        }
        false
    }

    /// Whether two documents meet by a key they share: in a possible time, and where neither's bucket is full.
    fn are_met(&self, one: Entry, another: Entry) -> bool {
        let side = self.doc(one.doc()).side;
        let is_open =
            |side, entry: Entry| self.standing_in(side, (entry.key(), entry.week()), None) <= BUCKET_MAX;
        possible_weeks(side, one.week()).iter().any(|weeks| weeks.contains(&another.week()))
            && is_open(side, one)
            && is_open(other(side), another)
    }

    fn count_shared(
        &self,
        side: Side,
        (key, weeks): (Key, RangeInclusive<i16>),
        hidden: Option<DocNo>,
        shared: &mut Vec<(DocNo, u8)>,
    ) {
        let mut run: Vec<Entry> = Vec::new();
        let mut close = |run: &mut Vec<Entry>| {
            if run.len() <= BUCKET_MAX {
                shared.extend(run.iter().map(|entry| (entry.doc(), key.says())));
            }
            run.clear();
        };
        for entry in self.span(side, key, weeks, hidden) {
            if run.first().is_some_and(|first| first.week() != entry.week()) {
                close(&mut run);
            }
            run.push(entry);
        }
        close(&mut run);
    }

    /// The export documents that bear the number an import line quotes.
    pub(super) fn quoted_by(&self, no: LineNo, hidden: Option<DocNo>) -> Vec<DocNo> {
        let (doc, line) = (self.doc(no.doc), self.line(no));
        let (Some(key), Some(quoted)) = (self.quoted_number(doc, line), line.quoted.as_deref()) else {
            return Vec::new();
        };
        let quoted = plain(quoted);
        let docs = with_key(&self.numbered, key);
        docs.filter(|doc| Some(*doc) != hidden && plain(&self.doc(*doc).number) == quoted).collect()
    }

    /// The import documents with a line that quotes this export's number.
    pub(super) fn quoters(&self, no: DocNo, hidden: Option<DocNo>) -> Vec<DocNo> {
        let doc = self.doc(no);
        let key = self.own_number(doc);
        let number = plain(&doc.number);
        let quotes = |line: &HeldLine| line.quoted.as_deref().map(plain).as_ref() == Some(&number);
        let docs = with_key(&self.quoting, key);
        docs.filter(|other| Some(*other) != hidden && self.doc(*other).lines.iter().any(quotes)).collect()
    }
}

fn with_key(set: &BTreeSet<(Key, DocNo)>, key: Key) -> impl Iterator<Item = DocNo> + '_ {
    set.range((key, DocNo(0))..=(key, DocNo(u32::MAX))).map(|(_, doc)| *doc)
}

/// The first bytes of a text as a number of the same order.
fn beginning(text: &str) -> u128 {
    let mut bytes = [0; 16];
    let length = text.len().min(bytes.len());
    bytes[..length].copy_from_slice(&text.as_bytes()[..length]);
    u128::from_be_bytes(bytes)
}

pub(super) const fn other(side: Side) -> Side {
    match side {
        Side::Export => Side::Import,
        Side::Import => Side::Export,
    }
}

/// The weeks the other side may stand in: that of documents without a day, and those near this one. A document without a day may
/// stand anywhere.
pub(super) const fn possible_weeks(side: Side, week: i16) -> [RangeInclusive<i16>; 2] {
    let (first, last) = (*WEEKS.start(), *WEEKS.end());
    let dayless = i16::MIN..=i16::MIN;
    match (side, week) {
        (_, i16::MIN) => [dayless, i16::MIN + 1..=i16::MAX],
        (Side::Export, week) => [dayless, week.saturating_add(first)..=week.saturating_add(last)],
        (Side::Import, week) => [dayless, week.saturating_sub(last)..=week.saturating_sub(first)],
    }
}
