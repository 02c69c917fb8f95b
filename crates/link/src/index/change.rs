//! What a document's coming or going changes: which pairs are kept, and whose matches are others for it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::graph::{Graph, Group};
use super::settings::Settings;
use super::shelf::{BUCKET_MAX, Bucket, DocNo, LineNo, Shelf};
use super::solved::Solved;
use super::suitors::{Behind, Suitors};
use super::web::Web;
use crate::doc::{DocId, LineRef};

/// A document that comes or goes, while it stands on the shelf.
pub(super) struct Change<'a> {
    shelf: &'a Shelf,
    settings: &'a Settings,
    web: &'a mut Web,
    solved: &'a Solved,
    doc: DocNo,
    /// Lines that lost what they had chosen.
    bereft: BTreeSet<LineNo>,
}

impl<'a> Change<'a> {
    pub(super) const fn new(
        (shelf, settings): (&'a Shelf, &'a Settings),
        (web, solved): (&'a mut Web, &'a Solved),
        doc: DocNo,
    ) -> Self {
        Self { shelf, settings, web, solved, doc, bereft: BTreeSet::new() }
    }

    /// The document has come: the documents whose links are others with it.
    pub(super) fn arrived(mut self) -> BTreeSet<DocId> {
        let open = self.shelf.open_buckets(self.doc, None);
        let mut suitors = Suitors::new(self.shelf, self.settings, None).knowing(self.doc, &open);
        for line in self.quoting() {
            self.leave_unnamed(line);
        }
        for bucket in self.brimming(&open) {
            self.part_by(bucket);
        }
        self.offer(self.doc, &mut suitors);
        self.choose_anew(&mut suitors);
        self.told()
    }

    /// The document is about to go: the documents whose links are others without it.
    pub(super) fn leaving(mut self) -> BTreeSet<DocId> {
        let mut suitors = Suitors::new(self.shelf, self.settings, Some(self.doc));
        let brimming = self.brimming(&self.shelf.open_buckets(self.doc, None));
        for (own, other) in self.web.pairs_of(self.doc) {
            self.drop_pair(own, other);
        }
        let quoters: BTreeSet<DocNo> = self.quoting().into_iter().map(|line| line.doc).collect();
        let beside: BTreeSet<DocNo> =
            brimming.into_iter().flat_map(|bucket| self.others_in(bucket)).collect();
        for doc in quoters.union(&beside) {
            self.offer(*doc, &mut suitors);
        }
        self.bereft.retain(|line| line.doc != self.doc);
        self.choose_anew(&mut suitors);
        self.told()
    }

    /// The import lines that quote this document's number.
    fn quoting(&self) -> Vec<LineNo> {
        let quoters = self.shelf.quoters(self.doc, None).into_iter();
        let lines = quoters.flat_map(|doc| self.shelf.lines_of(doc));
        lines.filter(|line| self.shelf.quoted_by(*line, None).contains(&self.doc)).collect()
    }

    /// A line that quotes an export at hand belongs to no other.
    fn leave_unnamed(&mut self, line: LineNo) {
        let named = self.shelf.quoted_by(line, None);
        let unnamed = |(own, other): &(LineNo, LineNo)| *own == line && !named.contains(&other.doc);
        for (own, other) in self.web.pairs_of(line.doc).into_iter().filter(unnamed) {
            self.drop_pair(own, other);
        }
    }

    /// Those of its open buckets this document is one too many in: without it the others in them find more by that key.
    fn brimming(&self, open: &[Bucket]) -> Vec<Bucket> {
        let side = self.shelf.doc(self.doc).side;
        let is_brimming = |bucket: &&Bucket| self.shelf.standing_in(side, **bucket, None) == BUCKET_MAX + 1;
        open.iter().filter(is_brimming).copied().collect()
    }

    fn others_in(&self, bucket: Bucket) -> Vec<DocNo> {
        let side = self.shelf.doc(self.doc).side;
        self.shelf.bucket(side, bucket).filter(|doc| *doc != self.doc).collect()
    }

    /// Parts those of a bucket that was not full before from what they share too little with now. Only what they met by that very
    /// bucket can have become too little.
    fn part_by(&mut self, bucket: Bucket) {
        let met = self.shelf.met_by(self.shelf.doc(self.doc).side, bucket);
        for doc in self.others_in(bucket) {
            for (own, other) in self.web.pairs_of(doc) {
                if met.contains(&other.doc) && !self.are_candidates(own, other) {
                    self.drop_pair(own, other);
                }
            }
        }
    }

    /// Whether two lines are compared at all: one quotes the other's document, or their documents share enough.
    fn are_candidates(&self, own: LineNo, other: LineNo) -> bool {
        let quotes = |line: LineNo, doc| self.shelf.quoted_by(line, None).contains(&doc);
        let is_quoted = quotes(own, other.doc) || quotes(other, own.doc);
        is_quoted || self.shelf.share_enough(own.doc, other.doc)
    }

    fn drop_pair(&mut self, own: LineNo, other: LineNo) {
        let bereft = self.web.drop_pair([own, other]);
        self.bereft.extend(bereft);
    }

    /// Brings a document's lines and all they could belong to together; each chooses.
    fn offer(&mut self, doc: DocNo, suitors: &mut Suitors<'_>) {
        let lines: Vec<LineNo> = self.shelf.lines_of(doc).collect();
        let pairs = suitors.of(&lines, self.web, Behind::Both);
        let choosing = pairs.iter().flat_map(|pair| [pair.export, pair.import]).collect();
        self.web.take_in(self.shelf, &pairs, &choosing);
    }

    /// Lets lines that lost what they had chosen look around.
    fn choose_anew(&mut self, suitors: &mut Suitors<'_>) {
        for line in std::mem::take(&mut self.bereft) {
            let pairs = suitors.of(&[line], self.web, Behind::Own);
            self.web.take_in(self.shelf, &pairs, &BTreeSet::from([line]));
        }
    }

    /// The documents whose links are others than before, and the document itself. What was changed is solved anew, and
    /// remembered.
    fn told(self) -> BTreeSet<DocId> {
        let Self { shelf, settings, web, solved, doc, .. } = self;
        let (lines, before) = web.changed();
        let (old, new) = (Graph::new(shelf, settings, &before), Graph::new(shelf, settings, before.web()));
        let were = old.components(&lines).into_iter();
        let were =
            were.map(|component| solved.take(&component).unwrap_or_else(|| old.solve(&component).into()));
        let before = links(shelf, were);
        let are = new.components(&lines).into_iter();
        let after = links(shelf, are.map(|component| solved.note(&component, new.solve(&component))));
        let one_sided = before
            .iter()
            .filter(|(link, facts)| after.get(*link) != Some(*facts))
            .chain(after.iter().filter(|(link, facts)| before.get(*link) != Some(*facts)));
        let lines = one_sided.flat_map(|((exports, imports), _)| exports.iter().chain(imports));
        lines.map(|line| line.doc.clone()).chain([shelf.terms.id(shelf.doc(doc))]).collect()
    }
}

/// What is said of the groups, in lines and weights.
fn links(shelf: &Shelf, groups: impl Iterator<Item = Arc<[Group]>>) -> BTreeMap<Lines, Told> {
    let refs = |lines: &[LineNo]| lines.iter().map(|line| shelf.line_ref(*line)).collect::<Vec<_>>();
    let rivals = |group: &Group| {
        let rivals = group.rivals.iter();
        rivals.map(|(exports, imports, odds)| ((refs(exports), refs(imports)), *odds)).collect()
    };
    let told = |group: &Group| {
        ((refs(&group.exports), refs(&group.imports)), (group.weight, group.probability, rivals(group)))
    };
    groups.flat_map(|groups| groups.iter().map(told).collect::<Vec<_>>()).collect()
}

/// Lines of exports and of imports.
type Lines = (Vec<LineRef>, Vec<LineRef>);
/// A group's weight, its probability in thousandths, and its rivals with theirs.
type Told = (i32, u16, Vec<(Lines, u16)>);

#[cfg(test)]
mod tests {
    use customs::terms::{Country, HsCode, Party};
    use jiff::civil::Date;
    use kernel::Quantity;
    use proptest::prelude::*;

    use super::super::graph::Kept as _;
    use super::super::{Index, Settings};
    use crate::doc::{Doc, DocId, DocLine};

    const RECEIVERS: [&str; 3] = ["Minh Phat", "Minh Phát Co., Ltd", "Hoang Long"];

    /// A document of few kinds of goods and traders, so that buckets are full and many stand close to each other.
    fn any_doc() -> impl Strategy<Value = Doc> {
        let lines =
            prop::collection::vec((0_usize..2, 1_i64..5, prop::option::weighted(0.1, 0_u32..120)), 1..3);
        (any::<bool>(), 0_u32..120, 0_i8..7, 0_usize..3, lines).prop_map(
            |(export, number, day, receiver, lines)| {
                let number = format!("E{number}");
                let id = if export {
                    DocId::export(Country::new("TH"), &number)
                } else {
                    DocId::import(Country::new("VN"), &number)
                };
                let line = |(at, (hs, much, quoted)): (usize, (usize, i64, Option<u32>))| DocLine {
                    item: at as u32 + 1,
                    hs: HsCode::new(["400122", "847130"][hs]).ok(),
                    quantity: Some(Quantity::new((much * 100).into(), "KGM")),
                    origin: Some(Country::new("TH")),
                    quoted: quoted.filter(|_| !export).map(|number| format!("E{number}")),
                };
                Doc {
                    id,
                    sender: Party::named("Siam Rubber"),
                    receiver: Party::named(RECEIVERS[receiver]),
                    from: Some(Country::new("TH")),
                    day: Date::new(2026, 5, 1 + day).ok(),
                    mode: None,
                    place: None,
                    lines: lines.into_iter().enumerate().map(line).collect(),
                }
            },
        )
    }

    #[derive(Clone, Debug)]
    enum Step {
        Comes(Box<Doc>),
        Goes(prop::sample::Index),
    }

    fn any_step() -> impl Strategy<Value = Step> {
        prop_oneof![
            6 => any_doc().prop_map(|doc| Step::Comes(Box::new(doc))),
            1 => any::<prop::sample::Index>().prop_map(Step::Goes),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 100, ..ProptestConfig::default() })]

        /// Buckets fill and empty, quoted exports come and go, better pairs push worse ones out: what is kept is always what
        /// would be kept if all were loaded at once, and what is remembered of matches is what they are.
        #[test]
        fn what_is_kept_is_what_would_be_kept_at_once(
            first in prop::collection::vec(any_doc(), 0..200),
            steps in prop::collection::vec(any_step(), 1..90),
        ) {
            let mut index = Index::new(Settings::default());
            index.load(first);
            let last = steps.len() - 1;
            for (at, step) in steps.into_iter().enumerate() {
                match step {
                    Step::Comes(doc) => drop(index.insert(*doc)),
                    Step::Goes(which) => {
                        let ids: Vec<DocId> = index.ids().collect();
                        if !ids.is_empty() {
                            index.remove(which.get(&ids));
                        }
                    }
                }
                if at % 32 == 0 || at == last {
                    let mut anew = index.clone();
                    anew.forget();
                    for doc in index.shelf.standing() {
                        prop_assert_eq!(index.web().pairs_of(doc), anew.web().pairs_of(doc), "document {:?}", doc);
                    }
                    for line in index.shelf.standing().flat_map(|doc| index.shelf.lines_of(doc)) {
                        prop_assert_eq!(index.web().kept(line), anew.web().kept(line), "line {:?}", line);
                    }
                    for id in index.ids() {
                        let today = Date::new(2026, 5, 20).expect("is a day");
                        prop_assert_eq!(index.matches_for(&id, today), anew.matches_for(&id, today), "{}", id);
                    }
                }
            }
        }
    }
}
