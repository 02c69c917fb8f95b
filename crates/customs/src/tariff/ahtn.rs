//! The ASEAN nomenclature of 2022: 11,414 lines of eight digits, and the parents that carry a code.

use super::blocks::Chapters;
use super::manifest;

/// A line of eight digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The eight digits.
    pub code: &'static str,
    /// How deep it hangs under its heading.
    pub dashes: u8,
    /// A parent between the subheading and this line carries no code, and its text is in no source: the line's
    /// own text cannot be read alone.
    pub parent_missing: bool,
    /// English text.
    pub en: &'static str,
    /// Indonesian text.
    pub id: &'static str,
    /// Vietnamese text.
    pub vi: &'static str,
}

/// A heading or subheading that is split further, with its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parent {
    pub(super) code: &'static str,
    pub(super) en: &'static str,
    pub(super) id: &'static str,
}

/// All lines, in the order of their codes. Inflates the whole edition.
pub fn lines() -> impl Iterator<Item = &'static Line> {
    EDITION.all().flat_map(|chapter| &chapter.lines)
}

/// The line of this code.
pub(super) fn line(code: &str) -> Option<&'static Line> {
    let lines = &EDITION.of(code)?.lines;
    lines.binary_search_by(|line| line.code.cmp(code)).ok().map(|place| &lines[place])
}

/// The lines whose code begins with these digits (two at least).
pub(super) fn under(prefix: &str) -> &'static [Line] {
    let Some(chapter) = EDITION.of(prefix) else { return &[] };
    let from = chapter.lines.partition_point(|line| line.code < prefix);
    let length = chapter.lines[from..].partition_point(|line| line.code.starts_with(prefix));
    &chapter.lines[from..from + length]
}

/// The coded parent of this code: a heading or a subheading.
pub(super) fn parent(code: &str) -> Option<&'static Parent> {
    let parents = &EDITION.of(code)?.parents;
    parents.binary_search_by(|parent| parent.code.cmp(code)).ok().map(|place| &parents[place])
}

struct Chapter {
    parents: Vec<Parent>,
    lines: Vec<Line>,
}

impl Chapter {
    fn read(text: &'static str) -> Self {
        let mut chapter = Self { parents: Vec::new(), lines: Vec::new() };
        for row in text.lines() {
            let cells: Vec<&'static str> = row.split('\t').collect();
            match cells[..] {
                ["P", code, en, id] => chapter.parents.push(Parent { code, en, id }),
                ["L", code, dashes, missing, en, id, vi] => {
                    let dashes = dashes.parse().unwrap_or_default();
                    chapter.lines.push(Line { code, dashes, parent_missing: missing == "1", en, id, vi });
                }
                _ => {}
            }
        }
        chapter.parents.sort_unstable_by_key(|parent| parent.code);
        chapter.lines.sort_unstable_by_key(|line| line.code);
        chapter
    }
}

static EDITION: Chapters<Chapter> = Chapters::new(|| manifest::open("ahtn-2022"), Chapter::read);
