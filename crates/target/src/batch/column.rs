//! A column of texts, each kept once, and a column of bags of them.

use super::build::Words;

/// A column of texts: the distinct ones, and for every line which.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    names: Words,
    codes: Vec<u32>,
}

impl Texts {
    /// Adds the next line's text.
    pub(crate) fn push(&mut self, text: &str) {
        let code = self.names.code(text);
        self.codes.push(code);
    }

    /// For every line, which of the distinct texts it has.
    #[must_use]
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// The distinct texts in the order they were first seen.
    #[must_use]
    pub fn names(&self) -> &[String] {
        self.names.list()
    }

    /// The text of a line.
    #[must_use]
    pub fn of(&self, row: usize) -> &str {
        &self.names.list()[self.codes[row] as usize]
    }
}

/// A column of bags: the distinct values, and for every line which ones.
#[derive(Clone, Debug)]
pub struct Bags {
    names: Words,
    codes: Vec<u32>,
    ends: Vec<usize>,
}

impl Default for Bags {
    fn default() -> Self {
        Self { names: Words::default(), codes: Vec::new(), ends: vec![0] }
    }
}

impl Bags {
    /// Adds the next line's values.
    pub(crate) fn push<'a>(&mut self, values: impl IntoIterator<Item = &'a str>) {
        for value in values {
            let code = self.names.code(value);
            self.codes.push(code);
        }
        self.ends.push(self.codes.len());
    }

    /// The distinct values in the order they were first seen.
    #[must_use]
    pub fn names(&self) -> &[String] {
        self.names.list()
    }

    /// Which of the distinct values a line has.
    #[must_use]
    pub fn codes(&self, row: usize) -> &[u32] {
        &self.codes[self.ends[row]..self.ends[row + 1]]
    }

    /// The values of a line.
    pub fn of(&self, row: usize) -> impl Iterator<Item = &str> {
        self.codes(row).iter().map(|code| self.names.list()[*code as usize].as_str())
    }
}
