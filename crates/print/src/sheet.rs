//! What is to be printed, as plain data.

use crate::Mark;

/// A paper.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// What stands at its head.
    pub head: Head,
    /// Machine-readable codes beside the head, at most one bar code and one square.
    pub marks: Vec<Mark>,
    /// What it says, in order.
    pub parts: Vec<Part>,
    /// The words the paper itself needs.
    pub words: Words,
}

/// The head of a paper.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// Whose paper it is.
    pub office: String,
    /// What it is called.
    pub title: String,
    /// What it is about; empty for nothing.
    pub subtitle: String,
    /// Its number, repeated at the foot of every page.
    pub number: String,
    /// Its language (BCP 47).
    pub language: String,
}

/// The words the paper itself needs, in its language.
#[derive(Clone, Debug)]
pub struct Words {
    /// `{page}` and `{pages}` stand for numbers.
    pub page: String,
    /// Heads the list of sources.
    pub sources: String,
    /// Says that a table goes on.
    pub goes_on: String,
}

impl Default for Words {
    fn default() -> Self {
        Self { page: "{page} / {pages}".into(), sources: "Sources".into(), goes_on: "(…)".into() }
    }
}

/// One part of a paper.
#[derive(Clone, Debug)]
pub enum Part {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Paragraph(Text),
    /// Small print.
    Small(Text),
    /// Labelled values, two beside each other.
    Pairs(Vec<(String, Text)>),
    /// A form: rows of boxes, each with its label.
    Boxes(Vec<Vec<Box>>),
    /// A table; its head is repeated on every page.
    Table(Table),
    /// What follows begins a new page.
    NewPage,
}

/// One box of a form.
#[derive(Clone, Debug, Default)]
pub struct Box {
    /// What it is, small.
    pub label: String,
    /// What stands in it.
    pub value: Text,
    /// Its share of the row's width.
    pub share: f32,
    /// How many lines of text it has room for at least.
    pub lines: u8,
}

/// A table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows; a cell that is missing stays empty.
    pub rows: Vec<Vec<Text>>,
}

/// A column of a table.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// What stands in it.
    pub head: String,
    /// Its share of the width.
    pub share: f32,
    /// Whether it holds numbers, which stand at its right edge.
    pub is_number: bool,
}

/// A text of several runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(pub Vec<Run>);

/// A run of text in one weight, which may name the source it stands on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The text.
    pub text: String,
    /// Whether it is bold.
    pub is_bold: bool,
    /// What it stands on; the paper numbers it and lists it at its end. The same source has one number.
    pub source: Option<String>,
}

impl Text {
    /// The same text followed by a bold one.
    #[must_use]
    pub fn bold(mut self, text: impl Into<String>) -> Self {
        self.0.push(Run { text: text.into(), is_bold: true, source: None });
        self
    }

    /// The same text followed by a plain one.
    #[must_use]
    pub fn then(mut self, text: impl Into<String>) -> Self {
        self.0.push(Run { text: text.into(), ..Run::default() });
        self
    }

    /// The same text followed by a figure and the source it stands on.
    #[must_use]
    pub fn figure(mut self, text: impl Into<String>, source: impl Into<String>) -> Self {
        self.0.push(Run { text: text.into(), is_bold: true, source: Some(source.into()) });
        self
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::default().then(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::default().then(text)
    }
}
