//! The index: which words stand in which lines, subheadings and headings, and how much each word says there.

use super::fuzzy::Spelling;
use super::words::{Word, words};
use crate::tariff::{Line, Nomenclature, ahtn};

/// Everything a search looks at. Built once, from the shipped edition.
pub(super) struct Index {
    /// The lines, in the order of their codes.
    pub(super) lines: Vec<&'static Line>,
    /// For each line, the place of its subheading and of its heading.
    pub(super) above: Vec<(u32, u32)>,
    /// Lines, subheadings, headings.
    pub(super) levels: [Level; 3],
    /// Words that are near one another.
    pub(super) spelling: Spelling,
    terms: Terms,
}

impl Index {
    /// Reads the edition.
    pub(super) fn build() -> Self {
        let lines: Vec<&'static Line> = ahtn::lines().collect();
        let mut terms = Terms::default();
        let mut docs: [Vec<Doc>; 3] = Default::default();
        let mut above = Vec::with_capacity(lines.len());
        for (place, line) in lines.iter().enumerate() {
            let opens = |digits: usize| place == 0 || lines[place - 1].code[..digits] != line.code[..digits];
            if opens(4) {
                docs[2].push(terms.node(&line.code[..4]));
            }
            if opens(6) {
                let subheading = terms.node(&line.code[..6]);
                add(docs[2].last_mut(), &subheading);
                docs[1].push(subheading);
            }
            let own = terms.line(line);
            add(docs[1].last_mut(), &own);
            add(docs[2].last_mut(), &own);
            docs[0].push(own);
            above.push((last(&docs[1]), last(&docs[2])));
        }
        let levels = docs.map(|docs| Level::build(docs, terms.0.len()));
        let spelling = Spelling::of(terms.0.iter().map(|(term, number)| (&**term, *number)));
        Self { lines, above, levels, spelling, terms }
    }

    /// The number of a term that stands somewhere.
    pub(super) fn term(&self, term: &str) -> Option<u32> {
        self.terms.0.get(term).copied()
    }
}

fn last(docs: &[Doc]) -> u32 {
    u32::try_from(docs.len() - 1).expect("there are some ten thousand lines")
}

/// The terms of a text, as often as they stand there, in any order.
#[derive(Default)]
struct Doc(Vec<u32>);

impl Doc {
    /// Each term with how often it stands there, in the order of the terms.
    fn counted(mut self) -> Vec<(u32, u32)> {
        self.0.sort_unstable();
        let same = self.0.chunk_by(|a, b| a == b);
        same.map(|run| (run[0], u32::try_from(run.len()).unwrap_or(u32::MAX))).collect()
    }
}

fn add(to: Option<&mut Doc>, from: &Doc) {
    if let Some(to) = to {
        to.0.extend(&from.0);
    }
}

/// Numbers terms as they are met.
#[derive(Default)]
#[expect(
    clippy::disallowed_types,
    reason = "looked up a million times while building; its order is never used"
)]
struct Terms(std::collections::HashMap<Box<str>, u32>);

impl Terms {
    fn number(&mut self, term: &str) -> u32 {
        if let Some(known) = self.0.get(term) {
            return *known;
        }
        let number = u32::try_from(self.0.len()).expect("a vocabulary is some ten thousand words");
        self.0.insert(term.into(), number);
        number
    }

    fn text(&mut self, doc: &mut Doc, text: &str) {
        for term in terms_of(&words(text)) {
            doc.0.push(self.number(&term));
        }
    }

    fn line(&mut self, line: &Line) -> Doc {
        let mut doc = Doc::default();
        for text in [line.en, line.id, line.vi] {
            self.text(&mut doc, text);
        }
        doc
    }

    /// A subheading's or heading's own texts.
    fn node(&mut self, code: &str) -> Doc {
        let mut doc = Doc::default();
        let path = Nomenclature::Ahtn2022.path(code);
        let Some(node) = path.as_ref().and_then(|path| path.nodes.last()) else { return doc };
        let texts = [node.texts.en, node.texts.id, node.stands_alone];
        for text in texts.into_iter().flatten() {
            self.text(&mut doc, text);
        }
        doc
    }
}

/// What is looked up for words in a row: each word, each pair of neighbours, and a word with diacritics also as it
/// is written.
pub(super) fn terms_of(words: &[Word]) -> Vec<String> {
    let mut terms: Vec<String> = words.iter().map(|word| word.term.clone()).collect();
    terms.extend(words.windows(2).map(|pair| format!("{} {}", pair[0].term, pair[1].term)));
    terms.extend(
        words.iter().filter(|word| !word.written.is_ascii()).map(|word| format!("={}", word.written)),
    );
    terms
}

/// One level of the nomenclature: for each term, where it stands and how much it says there.
pub(super) struct Level {
    /// How many texts the level has.
    pub(super) size: usize,
    postings: Vec<Vec<(u32, u32)>>,
}

impl Level {
    fn build(docs: Vec<Doc>, terms: usize) -> Self {
        let mean = docs.iter().map(|doc| doc.0.len()).sum::<usize>() as f64 / docs.len().max(1) as f64;
        let docs: Vec<(f64, Vec<(u32, u32)>)> =
            docs.into_iter().map(|doc| (doc.0.len() as f64, doc.counted())).collect();
        let mut found: Vec<u32> = vec![0; terms];
        for (term, _) in docs.iter().flat_map(|(_, doc)| doc) {
            found[*term as usize] += 1;
        }
        let mut postings: Vec<Vec<(u32, u32)>> = vec![Vec::new(); terms];
        for (place, (length, doc)) in (0..).zip(&docs) {
            let norm = K1 * (1.0 - B + B * length / mean);
            for (term, count) in doc {
                let count = f64::from(*count);
                let rarity = rarity(f64::from(found[*term as usize]), docs.len() as f64);
                let says = rarity * count * (K1 + 1.0) / (count + norm);
                postings[*term as usize].push((place, (says * SCALE).round() as u32));
            }
        }
        Self { size: docs.len(), postings }
    }

    /// Where a term stands and how much it says there, in thousandths.
    pub(super) fn postings(&self, term: u32) -> &[(u32, u32)] {
        self.postings.get(term as usize).map_or(&[], Vec::as_slice)
    }
}

/// How much it says that a term stands in a text, when so many of all texts hold it.
fn rarity(found: f64, all: f64) -> f64 {
    (1.0 + (all - found + 0.5) / (found + 0.5)).ln()
}

/// How soon a repeated word stops saying more (Robertson, Zaragoza 2009).
const K1: f64 = 1.2;
/// How much a long text is held against its words.
const B: f64 = 0.75;
/// What a term says is kept as a whole number, so that sums do not depend on their order.
const SCALE: f64 = 1000.0;
