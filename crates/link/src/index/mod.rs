//! The online index: documents come and go in any order, and every change says whose matches it changed.
//!
//! What an index answers follows from the documents at hand and its settings alone: neither the order in which they
//! came nor documents that have left again can be seen in a result.

mod batch;
mod beside;
mod bests;
mod change;
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
mod solved;
mod suitors;
mod threads;
mod web;

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use crate::doc::{Doc, DocId, Side};
use crate::held::word_hash;
use crate::matches::{Affected, Match};
use crate::resolve::Directory;
pub use batch::{Detail, Executor, InTurn};
use change::Change;
use edges::Edges;
use graph::{Graph, Group};
pub use inflow::Inflow;
pub(crate) use inflow::declaration;
pub use learn::{Lesson, Verdict};
pub use settings::Settings;
use shelf::{DocNo, LineNo, Shelf};
use solved::Solved;
pub use threads::Threads;
use web::Web;

/// Documents of both sides and the links between them.
#[derive(Clone, Debug, Default)]
pub struct Index {
    shelf: Shelf,
    settings: Settings,
    /// What is kept, as long as that is known.
    web: OnceLock<Web>,
    solved: Solved,
}

impl Index {
    /// An empty index.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { shelf: Shelf::default(), settings, web: OnceLock::new(), solved: Solved::default() }
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
        self.ready(&InTurn);
        let mut affected = match self.shelf.find(&doc.id) {
            Some(old) => self.take(old),
            None => BTreeSet::new(),
        };
        let no = self.shelf.put(doc);
        affected.extend(self.change(no).into_iter().flat_map(Change::arrived));
        Affected { docs: affected.into_iter().collect() }
    }

    /// Lets a document go and says whose matches that changed; nobody's where it is not at hand.
    pub fn remove(&mut self, id: &DocId) -> Affected {
        let affected = self.shelf.find(id).map_or_else(BTreeSet::new, |no| self.take(no));
        Affected { docs: affected.into_iter().filter(|doc| doc != id).collect() }
    }

    /// Takes many documents in without saying whose matches that changed.
    pub fn load(&mut self, docs: impl IntoIterator<Item = Doc>) {
        self.load_with(docs.into_iter().collect(), &InTurn);
    }

    /// Goes by these names from now on: in each group those one party is known by, learnt from confirmed links. Says whose
    /// matches that changed.
    pub fn go_by(&mut self, aliases: &[Vec<String>]) -> Affected {
        let directory = directory(aliases);
        let named = self.named_otherwise(&directory);
        let docs: Vec<Doc> = named.iter().map(|no| self.shelf.terms.doc(self.shelf.doc(*no))).collect();
        let mut affected: BTreeSet<DocId> = named.into_iter().flat_map(|no| self.take(no)).collect();
        self.shelf.terms.parties.go_by(directory);
        affected.extend(docs.into_iter().flat_map(|doc| self.insert(doc).docs));
        Affected { docs: affected.into_iter().collect() }
    }

    /// The same without saying whose matches that changed.
    pub fn know(&mut self, aliases: &[Vec<String>], executor: &dyn Executor) {
        let directory = directory(aliases);
        let named = self.named_otherwise(&directory);
        let docs: Vec<Doc> = named.iter().map(|no| self.shelf.terms.doc(self.shelf.doc(*no))).collect();
        named.into_iter().for_each(|no| self.shelf.take(no));
        self.shelf.terms.parties.go_by(directory);
        if !docs.is_empty() {
            self.load_with(docs, executor);
        }
    }

    /// The documents one of whose parties is known by other names in this directory.
    fn named_otherwise(&self, directory: &Directory) -> Vec<DocNo> {
        let parties = self.shelf.terms.parties.changed_by(directory);
        let names = |no: &DocNo| {
            let doc = self.shelf.doc(*no);
            parties.contains(&doc.sender) || parties.contains(&doc.receiver)
        };
        self.shelf.docs().into_iter().filter(names).collect()
    }

    /// Works by other settings from now on, such as weights learnt from what is at hand.
    pub fn work_by(&mut self, settings: Settings) {
        if self.settings != settings {
            self.settings = settings;
            self.forget();
        }
    }

    /// The matches a document's lines take part in on this day, in the order of its lines.
    ///
    /// Every line of an export has at least one, [`Class::Awaited`](crate::Class::Awaited) or
    /// [`Class::Overdue`](crate::Class::Overdue) while nothing is linked to it. A line of an import has none where
    /// nothing is linked to it, unless it quotes an export that is not at hand.
    #[must_use]
    pub fn matches_for(&self, id: &DocId, today: Date) -> Vec<Match> {
        let Some(no) = self.shelf.find(id) else { return Vec::new() };
        let graph = Graph::new(&self.shelf, &self.settings, self.web());
        let mut matches = Vec::new();
        let mut told: BTreeSet<LineNo> = BTreeSet::new();
        for line in self.shelf.lines_of(no) {
            if told.contains(&line) {
                continue;
            }
            let groups = self.groups_around(&graph, line);
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

    fn groups_around(&self, graph: &Graph<'_>, line: LineNo) -> Arc<[Group]> {
        self.solved.of(line).unwrap_or_else(|| {
            let component = graph.reach([line]);
            self.solved.note(&component, graph.solve(&component))
        })
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
        self.ready(&InTurn);
        let affected = self.change(no).map_or_else(BTreeSet::new, Change::leaving);
        self.shelf.take(no);
        affected
    }

    /// What a document that stands here changes by coming or going.
    fn change(&mut self, no: DocNo) -> Option<Change<'_>> {
        let web = self.web.get_mut()?;
        Some(Change::new((&self.shelf, &self.settings), (web, &self.solved), no))
    }

    /// Works out what is kept of all that is at hand, where that is not known yet; otherwise the first question does. From
    /// then on every document that comes or goes changes only what it touches.
    pub fn ready(&mut self, executor: &dyn Executor) {
        if self.web.get().is_none() {
            self.shelf.settle();
            self.web = OnceLock::from(self.worked_out(executor));
        }
    }

    fn web(&self) -> &Web {
        // It is forgotten only together with a settling of the shelf.
        self.web.get_or_init(|| self.worked_out(&InTurn))
    }

    fn worked_out(&self, executor: &dyn Executor) -> Web {
        Web::of(&self.shelf, &Edges::of(&self.shelf, &self.settings, executor))
    }

    /// Forgets what is kept, since all of it may be other now.
    fn forget(&mut self) {
        self.shelf.settle();
        self.web = OnceLock::new();
        self.solved.forget();
    }
}

/// The names of each group, known as one party's.
fn directory(aliases: &[Vec<String>]) -> Directory {
    let mut directory = Directory::default();
    for names in aliases {
        let owner = names.iter().min().map_or(0, |name| word_hash(name));
        names.iter().for_each(|name| directory.learn(owner, name));
    }
    directory
}
