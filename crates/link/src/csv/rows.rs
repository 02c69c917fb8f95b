//! Rows of comma-separated values (RFC 4180), by the names of their columns.

use std::borrow::Cow;

/// Rows of a table whose first row names its columns.
pub(super) struct Rows<'a> {
    rest: &'a str,
    columns: Vec<Option<usize>>,
    line: u32,
    fields: Vec<Cow<'a, str>>,
}

/// A column that must be there and is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Missing(pub(super) &'static str);

impl<'a> Rows<'a> {
    /// Reads the head. Columns may stand in any order; unknown ones are passed over.
    pub(super) fn new(text: &'a str, columns: &[&'static str], needed: &[&'static str]) -> Result<Self, Missing> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut rows = Self { rest: text, columns: Vec::new(), line: 0, fields: Vec::new() };
        rows.advance();
        let place = |column: &&str| rows.fields.iter().position(|field| field.trim() == **column);
        if let Some(missing) = needed.iter().find(|column| place(column).is_none()) {
            return Err(Missing(missing));
        }
        rows.columns = columns.iter().map(place).collect();
        Ok(rows)
    }

    /// Goes to the next row that is not empty; `false` at the end.
    pub(super) fn advance(&mut self) -> bool {
        loop {
            self.fields.clear();
            if self.rest.is_empty() {
                return false;
            }
            self.line += 1;
            self.read_row();
            if self.fields.len() > 1 || !self.fields[0].is_empty() {
                return true;
            }
        }
    }

    /// The line the row begins on, from 1; line feeds inside fields do not count.
    pub(super) const fn line(&self) -> u32 {
        self.line
    }

    /// The field of a column, by its place among the columns asked for; empty where the row or the table has none.
    pub(super) fn field(&self, column: usize) -> &str {
        let place = self.columns[column];
        place.and_then(|place| self.fields.get(place)).map_or("", |field| field.trim())
    }

    fn read_row(&mut self) {
        loop {
            let (field, end) = read_field(self.rest);
            self.fields.push(field);
            let bytes = self.rest.as_bytes();
            let next = bytes.get(end).copied();
            let step = end + 1 + usize::from(next == Some(b'\r') && bytes.get(end + 1) == Some(&b'\n'));
            self.rest = self.rest.get(step..).unwrap_or("");
            if next != Some(b',') {
                return;
            }
        }
    }
}

/// The field at the start of a text, and where it ends: at a comma, a line end or the end of the text.
fn read_field(text: &str) -> (Cow<'_, str>, usize) {
    let bytes = text.as_bytes();
    if bytes.first() == Some(&b'"') {
        return read_quoted(text);
    }
    let end = bytes.iter().position(|byte| matches!(byte, b',' | b'\n' | b'\r')).unwrap_or(bytes.len());
    (Cow::Borrowed(&text[..end]), end)
}

fn read_quoted(text: &str) -> (Cow<'_, str>, usize) {
    let bytes = text.as_bytes();
    let mut at = 1;
    let mut doubled = false;
    let close = loop {
        match bytes.get(at) {
            None => break at,
            Some(b'"') if bytes.get(at + 1) == Some(&b'"') => {
                doubled = true;
                at += 2;
            }
            Some(b'"') => break at,
            Some(_) => at += 1,
        }
    };
    let inner = &text[1..close];
    let field = if doubled { Cow::Owned(inner.replace("\"\"", "\"")) } else { Cow::Borrowed(inner) };
    let after = (close + 1).min(bytes.len());
    let rest = bytes[after..].iter().position(|byte| matches!(byte, b',' | b'\n' | b'\r'));
    (field, rest.map_or(bytes.len(), |rest| after + rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut rows = Rows::new(text, &["b", "a"], &["a"]).expect("a head");
        let mut all = Vec::new();
        while rows.advance() {
            all.push(format!("{} {}|{}", rows.line(), rows.field(0), rows.field(1)));
        }
        all
    }

    #[test]
    fn rows_are_read_by_the_names_of_their_columns() {
        assert_eq!(all("a,b\n1,2\n"), ["2 2|1"]);
        assert_eq!(all("\u{feff}a,c,b\r\n1,x,2\r\n\r\n3"), ["2 2|1", "4 |3"]);
    }

    #[test]
    fn quotes_hold_commas_quotes_and_line_feeds() {
        assert_eq!(all("a,b\n\"x, y\",\"say \"\"no\"\"\"\n\"1\n2\",z"), ["2 say \"no\"|x, y", "3 z|1\n2"]);
    }

    #[test]
    fn broken_quotes_end_with_the_text() {
        assert_eq!(all("a,b\n\"open,1"), ["2 |open,1"]);
        assert_eq!(all("a,b\n\"x\"y,1"), ["2 1|x"]);
        assert_eq!(all("a,b\n\""), ["2 |"]);
    }

    #[test]
    fn a_missing_column_is_named() {
        assert_eq!(Rows::new("b\n1", &["a", "b"], &["a"]).err(), Some(Missing("a")));
        assert_eq!(Rows::new("", &["a"], &["a"]).err(), Some(Missing("a")));
    }
}
