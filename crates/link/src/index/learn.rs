//! Learning weights from what is at hand, and again from verdicts.

use serde::{Deserialize, Serialize};

use super::Index;
use super::batch::Executor;
use super::sample::candidates;
use super::settings::Settings;
use super::shelf::{DocNo, LineNo};
use crate::doc::{LineRef, Side};
use crate::held::Held;
use crate::score::{Evidence, Habits, Judge, Model, Table, Taught, Valued, Way, expected, place_value};

/// What an officer said of two lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// They are about the same goods.
    One,
    /// They are not.
    Two,
}

/// Two lines and what an officer said of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// The export line.
    pub export: LineRef,
    /// The import line.
    pub import: LineRef,
    /// What was said.
    pub verdict: Verdict,
}

/// Import lines learnt from, about.
const SAMPLE: usize = 8_000;
/// Rounds until the weights settle.
const ROUNDS: u32 = 8;

impl Index {
    /// The weights the documents at hand speak for, and these lessons with them; the present ones where they are too few.
    /// Nobody needs to have judged anything.
    #[must_use]
    pub fn learnt(&mut self, lessons: &[Lesson], executor: &dyn Executor) -> Model {
        self.shelf.settle();
        let every = (self.shelf.lines() / 2 / SAMPLE).max(1);
        let docs = self.shelf.docs();
        let settings = Settings { model: self.counted(&docs, every), ..self.settings.clone() };
        let imports = docs.into_iter().filter(|doc| self.shelf.doc(*doc).side == Side::Import);
        let sample = imports.flat_map(|doc| self.shelf.lines_of(doc)).step_by(every).collect();
        let lines = candidates(&self.shelf, &settings, sample, executor);
        let mut taught = Taught { lines, ..Taught::default() };
        let mut judge = Judge::new(&settings);
        for lesson in lessons {
            let lines = self.line(&lesson.export).zip(self.line(&lesson.import));
            let Some(evidence) = lines.and_then(|lines| self.evidence(&mut judge, lines)) else {
                continue;
            };
            match lesson.verdict {
                Verdict::One => taught.one.push(evidence),
                Verdict::Two => taught.two.push(evidence),
            }
        }
        expected(&taught, &settings.model, ROUNDS)
    }

    /// The present weights with how common values are among one in so many documents, and with the ways goods go.
    fn counted(&self, docs: &[DocNo], every: usize) -> Model {
        let docs: Vec<&Held> = docs.iter().map(|no| self.shelf.doc(*no)).collect();
        let mut model = self.settings.model.clone();
        for valued in Valued::ALL {
            let side = docs.iter().copied().filter(|doc| doc.side == Side::Import).step_by(every);
            let stated: Vec<Vec<u64>> = side.flat_map(|doc| self.values(doc, valued)).collect();
            model.frequencies.set(valued, Table::of(&stated));
        }
        let terms = &self.shelf.terms;
        let exports = docs.iter().filter(|doc| doc.side == Side::Export).step_by(every);
        model.habits = Habits::of(exports.map(|doc| {
            let text = |code| terms.codes.text(code);
            Way::new(text(doc.country), text(doc.mode), text(doc.place))
        }));
        model
    }

    /// What a document states in a field, as numbers: the words of a name together, codes each by itself.
    fn values(&self, doc: &Held, valued: Valued) -> Vec<Vec<u64>> {
        let terms = &self.shelf.terms;
        let words = |party| vec![terms.parties.known(party).telling.to_vec()];
        match valued {
            Valued::Consignee => words(doc.receiver),
            Valued::Exporter => words(doc.sender),
            Valued::Heading => {
                let coded = doc.lines.iter().filter(|line| line.hs.len() >= 4);
                coded.map(|line| vec![line.hs.prefix(4)]).collect()
            }
            Valued::Place => {
                (!doc.place.is_none()).then(|| vec![place_value(terms, doc.place)]).into_iter().collect()
            }
        }
    }

    /// All evidence of an export and an import line as if they stood alone; `None` where the import quotes another export.
    fn evidence<'a>(&'a self, judge: &mut Judge<'a>, (export, import): (LineNo, LineNo)) -> Option<Evidence> {
        let quoted = self.shelf.quoted(export.doc, import)?;
        Some(judge.alone(&self.shelf.pair(export, import), quoted))
    }

    fn line(&self, line: &LineRef) -> Option<LineNo> {
        let doc = self.shelf.find(&line.doc)?;
        self.shelf.lines_of(doc).find(|no| self.shelf.line(*no).item == line.item)
    }
}
