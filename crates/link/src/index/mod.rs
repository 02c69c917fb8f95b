//! The online index: documents come and go in any order, and every change says whose matches it changed.
//!
//! What an index answers follows from the documents at hand and its settings alone: neither the order in which they
//! came nor documents that have left again can be seen in a result.

mod batch;
mod beside;
mod bests;
mod court;
mod desks;
mod distinct;
mod edges;
mod explain;
mod graph;
mod inflow;
mod intake;
mod keys;
mod learn;
mod numbering;
mod pairing;
mod postings;
mod rows;
mod sample;
mod settings;
mod shared;
mod shelf;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::doc::{Doc, DocId, LineRef, Side};
use crate::held::word_hash;
use crate::matches::{Affected, Match};
use crate::resolve::Directory;
pub use batch::{Detail, Executor, InTurn};
use graph::{Graph, Group};
pub use inflow::Inflow;
pub(crate) use inflow::declaration;
pub use learn::{Lesson, Verdict};
pub use settings::Settings;
use shelf::{DocNo, LineNo, Shelf};

/// Documents of both sides and the links between them.
#[derive(Clone, Debug, Default)]
pub struct Index {
    shelf: Shelf,
    settings: Settings,
}

impl Index {
    /// An empty index.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { shelf: Shelf::default(), settings }
    }

    /// What it works by.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How many documents are at hand.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shelf.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shelf.len() == 0
    }

    /// How many lines are at hand.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.shelf.lines()
    }

    /// The natural keys of all documents at hand, in order.
    pub fn ids(&self) -> impl Iterator<Item = DocId> + '_ {
        self.shelf.docs().into_iter().map(|no| self.shelf.terms.id(self.shelf.doc(no)))
    }

    /// A document at hand, as it came.
    #[must_use]
    pub fn doc(&self, id: &DocId) -> Option<Doc> {
        Some(self.shelf.terms.doc(self.shelf.doc(self.shelf.find(id)?)))
    }

    /// Takes a document in, in the place of an earlier one of the same key, and says whose matches that changed.
    pub fn insert(&mut self, doc: Doc) -> Affected {
        let mut affected = match self.shelf.find(&doc.id) {
            Some(old) => self.take(old),
            None => BTreeSet::new(),
        };
        let no = self.shelf.put(doc);
        affected.extend(self.changed_by(no));
        Affected { docs: affected.into_iter().collect() }
    }

    /// Lets a document go and says whose matches that changed; nobody's where it is not at hand.
    pub fn remove(&mut self, id: &DocId) -> Affected {
        let affected = self.shelf.find(id).map_or_else(BTreeSet::new, |no| self.take(no));
        Affected { docs: affected.into_iter().filter(|doc| doc != id).collect() }
    }

    /// Takes many documents in without saying whose matches that changed.
    pub fn load(&mut self, docs: impl IntoIterator<Item = Doc>) {
        self.shelf.load(docs.into_iter().collect(), &InTurn);
    }

    /// Goes by these names from now on: in each group those one party is known by, learnt from confirmed links. Says whose
    /// matches that changed.
    pub fn go_by(&mut self, aliases: &[Vec<String>]) -> Affected {
        let mut directory = Directory::default();
        for names in aliases {
            let owner = names.iter().min().map_or(0, |name| word_hash(name));
            names.iter().for_each(|name| directory.learn(owner, name));
        }
        let parties = self.shelf.terms.parties.changed_by(&directory);
        let names = |no: &DocNo| {
            let doc = self.shelf.doc(*no);
            parties.contains(&doc.sender) || parties.contains(&doc.receiver)
        };
        let named: Vec<DocNo> = self.shelf.docs().into_iter().filter(names).collect();
        let docs: Vec<Doc> = named.iter().map(|no| self.shelf.terms.doc(self.shelf.doc(*no))).collect();
        let mut affected: BTreeSet<DocId> = named.into_iter().flat_map(|no| self.take(no)).collect();
        self.shelf.terms.parties.go_by(directory);
        affected.extend(docs.into_iter().flat_map(|doc| self.insert(doc).docs));
        Affected { docs: affected.into_iter().collect() }
    }

    /// Works by other settings from now on, such as weights learnt from what is at hand.
    pub fn work_by(&mut self, settings: Settings) {
        self.settings = settings;
    }

    /// The matches a document's lines take part in on this day, in the order of its lines.
    ///
    /// Every line of an export has at least one, [`Class::Awaited`](crate::Class::Awaited) or
    /// [`Class::Overdue`](crate::Class::Overdue) while nothing is linked to it. A line of an import has none where
    /// nothing is linked to it, unless it quotes an export that is not at hand.
    #[must_use]
    pub fn matches_for(&self, id: &DocId, today: Date) -> Vec<Match> {
        let Some(no) = self.shelf.find(id) else { return Vec::new() };
        let mut graph = Graph::new(&self.shelf, &self.settings, None);
        let reached = graph.reach(self.shelf.lines_of(no));
        let groups = graph.groups(&reached);
        let mut matches = Vec::new();
        let mut told: BTreeSet<LineNo> = BTreeSet::new();
        for line in self.shelf.lines_of(no) {
            if told.contains(&line) {
                continue;
            }
            match groups.iter().find(|group| group.lines().any(|other| other == line)) {
                Some(group) => {
                    told.extend(group.lines());
                    matches.push(graph.told(group, today));
                }
                None => matches.extend(self.unlinked(&graph, line, today)),
            }
        }
        matches
    }

    fn unlinked(&self, graph: &Graph<'_>, line: LineNo, today: Date) -> Option<Match> {
        match self.shelf.doc(line.doc).side {
            Side::Export => Some(graph.alone(line, today)),
            Side::Import => {
                let quotes = self.shelf.line(line).quoted.is_some();
                (quotes && self.shelf.quoted_by(line, None).is_empty()).then(|| graph.quoting(line))
            }
        }
    }

    fn take(&mut self, no: DocNo) -> BTreeSet<DocId> {
        let affected = self.changed_by(no);
        self.shelf.take(no);
        affected
    }

    /// The documents whose links are others with this document at hand than without it.
    fn changed_by(&self, no: DocNo) -> BTreeSet<DocId> {
        let mut with = Graph::new(&self.shelf, &self.settings, None);
        let mut without = Graph::new(&self.shelf, &self.settings, Some(no));
        let own: Vec<LineNo> = self.shelf.lines_of(no).collect();
        let beside = with.beside(own.iter().copied());
        let brim = with.at_the_brim(own.first().copied());
        let mut reached = with.reach(own.into_iter().chain(beside).chain(brim));
        reached.extend(without.reach(reached.iter().copied()));
        reached.extend(with.reach(reached.iter().copied()));
        let before =
            self.links(&without.groups(&reached.iter().copied().filter(|line| line.doc != no).collect()));
        let after = self.links(&with.groups(&reached));
        let one_sided = before
            .iter()
            .filter(|(link, facts)| after.get(*link) != Some(*facts))
            .chain(after.iter().filter(|(link, facts)| before.get(*link) != Some(*facts)));
        let mut changed: BTreeSet<DocId> = one_sided
            .flat_map(|((exports, imports), _)| exports.iter().chain(imports))
            .map(|line| line.doc.clone())
            .collect();
        changed.insert(self.shelf.terms.id(self.shelf.doc(no)));
        changed
    }

    /// What is said of the groups, in lines and weights.
    fn links(&self, groups: &[Group]) -> BTreeMap<Lines, Told> {
        let refs = |lines: &[LineNo]| lines.iter().map(|line| self.shelf.line_ref(*line)).collect::<Vec<_>>();
        let rivals = |group: &Group| {
            group
                .rivals
                .iter()
                .map(|(exports, imports, odds)| ((refs(exports), refs(imports)), *odds))
                .collect()
        };
        let told = |group: &Group| {
            ((refs(&group.exports), refs(&group.imports)), (group.weight, group.probability, rivals(group)))
        };
        groups.iter().map(told).collect()
    }
}

/// Lines of exports and of imports.
type Lines = (Vec<LineRef>, Vec<LineRef>);
/// A group's weight, its probability in thousandths, and its rivals with theirs.
type Told = (i32, u16, Vec<(Lines, u16)>);
