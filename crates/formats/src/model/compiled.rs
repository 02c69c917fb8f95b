//! A message compiled for reading: every row knows its children by number.

use std::ops::Range;

use super::picture::date_time;
use super::row::{Choice, Content, List, MANY, Message, Row, Section};
use crate::xml::Namespace;

/// The element a date stands in.
static DATE_TIME: Row = Row {
    depth: 0,
    tag: "DateTimeString",
    id: "",
    min: 1,
    max: 1,
    choice: Choice::Own,
    content: Content::Value(date_time()),
    list: List::None,
    tded: 0,
    name: "Date or date and time",
};

/// A family of messages, ready to read.
#[derive(Debug)]
pub(crate) struct Model {
    message: &'static Message,
    rules: Vec<Rule>,
    kids: Vec<u16>,
    roots: Range<u32>,
}

/// One element at one place, or at several where a section is shared.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) row: &'static Row,
    pub(super) namespace: Namespace,
    kids: Range<u32>,
    /// Whether any child must stand.
    pub(super) demands: bool,
}

impl Model {
    /// Compiles a message; done once per family.
    ///
    /// # Panics
    /// Where the tables themselves are wrong (deeper than their parents, too many); tests compile them all.
    #[must_use]
    pub(crate) fn compile(message: &'static Message) -> Self {
        let mut compiler = Compiler { rules: Vec::new(), kids: Vec::new(), done: Vec::new() };
        let roots = compiler.section(message.roots);
        Self { message, rules: compiler.rules, kids: compiler.kids, roots }
    }

    /// The namespaces its messages tell apart.
    #[must_use]
    pub(crate) const fn namespaces(&self) -> &'static [&'static str] {
        self.message.namespaces
    }

    pub(super) fn rule(&self, number: u16) -> &Rule {
        &self.rules[usize::from(number)]
    }

    /// The children of a rule, or the roots, in the order they must stand.
    pub(super) fn kids(&self, parent: Option<u16>) -> &[u16] {
        let range = parent.map_or(&self.roots, |number| &self.rule(number).kids);
        &self.kids[range.start as usize..range.end as usize]
    }
}

struct Compiler {
    rules: Vec<Rule>,
    kids: Vec<u16>,
    done: Vec<(*const Section, Range<u32>)>,
}

impl Compiler {
    fn section(&mut self, section: &'static Section) -> Range<u32> {
        if let Some((_, kids)) = self.done.iter().find(|(known, _)| std::ptr::eq(*known, section)) {
            return kids.clone();
        }
        let kids = self.level(section, section.rows, 0);
        self.done.push((section, kids.clone()));
        kids
    }

    /// The rows of one depth in `rows`, each with the deeper rows that follow it.
    fn level(&mut self, section: &'static Section, rows: &'static [Row], depth: u8) -> Range<u32> {
        let mut numbers = Vec::new();
        let mut rest = rows;
        while let Some((row, after)) = rest.split_first() {
            assert_eq!(row.depth, depth, "{} stands deeper than its parent allows", row.tag);
            let inner = after.iter().position(|other| other.depth <= depth).unwrap_or(after.len());
            let (inside, next) = after.split_at(inner);
            numbers.push(self.rule(section, row, inside));
            rest = next;
        }
        self.group(&numbers)
    }

    fn rule(&mut self, section: &'static Section, row: &'static Row, inside: &'static [Row]) -> u16 {
        assert!(matches!(row.content, Content::Class) || inside.is_empty(), "{} cannot hold rows", row.tag);
        let (namespace, kids) = match row.content {
            Content::Class => (section.namespace, self.level(section, inside, row.depth + 1)),
            Content::Part(part) => (part.namespace, self.section(part)),
            Content::Value(_) => (section.namespace, 0..0),
            Content::Date => {
                let date = self.add(&DATE_TIME, section.dates, 0..0);
                (section.namespace, self.group(&[date]))
            }
        };
        self.add(row, namespace, kids)
    }

    fn add(&mut self, row: &'static Row, namespace: u8, kids: Range<u32>) -> u16 {
        let number = u16::try_from(self.rules.len()).expect("fewer than 65,536 elements");
        let demands = self.kids[kids.start as usize..kids.end as usize]
            .iter()
            .any(|kid| self.rules[usize::from(*kid)].row.min > 0);
        self.rules.push(Rule { row, namespace: Namespace::known(namespace), kids, demands });
        number
    }

    fn group(&mut self, numbers: &[u16]) -> Range<u32> {
        let start = self.kids.len() as u32;
        self.kids.extend_from_slice(numbers);
        start..self.kids.len() as u32
    }
}

impl Rule {
    /// The row's most times, as a number that counts can be compared with.
    pub(super) fn most(&self) -> u32 {
        if self.row.max == MANY { u32::MAX } else { u32::from(self.row.max) }
    }
}
