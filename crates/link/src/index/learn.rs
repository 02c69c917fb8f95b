//! Learning weights from what is at hand, and again from verdicts.

use serde::{Deserialize, Serialize};

use super::Index;
use super::batch::Executor;
use super::edges::sampled;
use super::graph::Graph;
use super::shelf::LineNo;
use crate::doc::LineRef;
use crate::score::{Model, Taught, expected};

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
        let mut taught =
            Taught { lines: sampled(&self.shelf, &self.settings, every, executor), ..Taught::default() };
        let mut graph = Graph::new(&self.shelf, &self.settings, None);
        for lesson in lessons {
            let lines = self.line(&lesson.export).zip(self.line(&lesson.import));
            let Some(evidence) = lines.and_then(|(export, import)| graph.evidence(export, import)) else {
                continue;
            };
            match lesson.verdict {
                Verdict::One => taught.one.push(evidence),
                Verdict::Two => taught.two.push(evidence),
            }
        }
        expected(&taught, &self.settings.model, ROUNDS)
    }

    fn line(&self, line: &LineRef) -> Option<LineNo> {
        let doc = self.shelf.find(&line.doc)?;
        self.shelf.lines_of(doc).find(|no| self.shelf.line(*no).item == line.item)
    }
}
