//! Rows of separated values (RFC 4180), by the names of their columns, a piece of the file at a time.

/// Rows of a table whose first row names its columns. Text is given in pieces that may end anywhere.
#[derive(Debug, Default)]
pub(super) struct Rows {
    separator: u8,
    columns: Vec<Option<usize>>,
    line: u32,
    /// Fields of the row at hand, one behind the other, and where each ends.
    text: String,
    ends: Vec<usize>,
}

/// How much of a text the next row takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// So many bytes; the row's fields are at hand.
    Row(usize),
    /// The row does not end in this text.
    Unfinished,
}

/// Whether more text follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum More {
    Follows,
    Ended,
}

impl Rows {
    /// Takes the row at hand as the head: columns may stand in any order and be spelled in capitals or with spaces;
    /// unknown ones are passed over.
    pub(super) fn head(&mut self, columns: &[&'static str]) {
        let names: Vec<String> = (0..self.ends.len()).map(|at| plain(self.at(at))).collect();
        let place = |column: &&str| names.iter().position(|name| name == column);
        self.columns = columns.iter().map(place).collect();
    }

    /// Whether the head names a column.
    pub(super) fn has(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(Option::is_some)
    }

    /// Chooses what parts the fields by what the head holds most of.
    pub(super) fn sniff(&mut self, text: &[u8]) {
        let end = text.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(text.len());
        let count = |separator: u8| text[..end].iter().filter(|byte| **byte == separator).count();
        let best = [b',', b';', b'\t', b'|'].into_iter().rev().max_by_key(|separator| count(*separator));
        self.separator = best.unwrap_or(b',');
    }

    /// Reads the row a text begins with.
    pub(super) fn read(&mut self, text: &[u8], more: More) -> Step {
        self.text.clear();
        self.ends.clear();
        let mut at = 0;
        loop {
            let Some(end) = self.field(text, at, more) else { return Step::Unfinished };
            self.ends.push(self.text.len());
            match text.get(end) {
                Some(byte) if *byte == self.separator => at = end + 1,
                Some(b'\r') if text.get(end + 1).is_none() && more == More::Follows => {
                    return Step::Unfinished;
                }
                Some(b'\r') if text.get(end + 1) == Some(&b'\n') => return self.done(end + 2),
                Some(_) => return self.done(end + 1),
                None => return self.done(end),
            }
        }
    }

    const fn done(&mut self, taken: usize) -> Step {
        self.line += 1;
        Step::Row(taken)
    }

    /// Takes one field and says where it ends; `None` where it does not end in this text.
    fn field(&mut self, text: &[u8], from: usize, more: More) -> Option<usize> {
        let rest = &text[from..];
        if rest.first() == Some(&b'"') {
            return self.quoted(rest, more).map(|taken| from + taken);
        }
        let separator = self.separator;
        let end = rest.iter().position(|byte| *byte == separator || matches!(byte, b'\n' | b'\r'));
        let end = match (end, more) {
            (Some(end), _) => end,
            (None, More::Ended) => rest.len(),
            (None, More::Follows) => return None,
        };
        self.take(&rest[..end]);
        Some(from + end)
    }

    fn quoted(&mut self, rest: &[u8], more: More) -> Option<usize> {
        let mut at = 1;
        loop {
            let close = rest[at..].iter().position(|byte| *byte == b'"').map(|close| at + close);
            let Some(close) = close else {
                self.take(&rest[at..]);
                return (more == More::Ended).then_some(rest.len());
            };
            self.take(&rest[at..close]);
            match rest.get(close + 1) {
                Some(b'"') => {
                    self.text.push('"');
                    at = close + 2;
                }
                None if more == More::Follows => return None,
                _ => {
                    let separator = self.separator;
                    let ends = |byte: &u8| *byte == separator || matches!(byte, b'\n' | b'\r');
                    let end = rest[close + 1..].iter().position(ends);
                    return match (end, more) {
                        (Some(end), _) => Some(close + 1 + end),
                        (None, More::Ended) => Some(rest.len()),
                        (None, More::Follows) => None,
                    };
                }
            }
        }
    }

    /// Takes bytes as text; what is no UTF-8 becomes the sign for it.
    fn take(&mut self, bytes: &[u8]) {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.text.push_str(text),
            Err(_) => self.text.push_str(&String::from_utf8_lossy(bytes)),
        }
    }

    /// Whether the row holds nothing.
    pub(super) const fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    /// The row's number, from 1; line feeds inside fields do not count.
    pub(super) const fn line(&self) -> u32 {
        self.line
    }

    /// The field of a column, by its place among the columns asked for; empty where the row or the table has none.
    pub(super) fn get(&self, column: usize) -> &str {
        self.columns[column].map_or("", |place| self.at(place))
    }

    fn at(&self, place: usize) -> &str {
        let Some(end) = self.ends.get(place) else { return "" };
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text[start..*end].trim()
    }
}

/// A column's name without what people change in it.
fn plain(name: &str) -> String {
    let name = name.trim_start_matches('\u{feff}').trim();
    name.chars()
        .map(|letter| if matches!(letter, ' ' | '-' | '.') { '_' } else { letter.to_ascii_lowercase() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, piece: usize) -> Vec<String> {
        let mut rows = Rows::default();
        rows.sniff(text.as_bytes());
        let (mut all, mut open, mut rest) = (Vec::new(), Vec::new(), text.as_bytes());
        loop {
            let more = if rest.is_empty() { More::Ended } else { More::Follows };
            match rows.read(&open, more) {
                _ if open.is_empty() && more == More::Ended => return all,
                Step::Row(taken) => {
                    open.drain(..taken);
                    if rows.line() == 1 {
                        rows.head(&["b", "a"]);
                    } else if !rows.is_blank() {
                        all.push(format!("{} {}|{}", rows.line(), rows.get(0), rows.get(1)));
                    }
                }
                Step::Unfinished => {
                    let (next, later) = rest.split_at(piece.min(rest.len()));
                    open.extend(next);
                    rest = later;
                }
            }
        }
    }

    #[test]
    fn rows_are_the_same_however_the_file_is_cut() {
        for piece in 1..30 {
            assert_eq!(all("a,b\n1,2\n", piece), ["2 2|1"]);
            assert_eq!(all("\u{feff}A,c,b\r\n1,x,2\r\n\r\n3", piece), ["2 2|1", "4 |3"]);
            assert_eq!(
                all("a,b\n\"x, y\",\"say \"\"no\"\"\"\n\"1\n2\",z", piece),
                ["2 say \"no\"|x, y", "3 z|1\n2"]
            );
            assert_eq!(all("a;b\n1,5;2\n", piece), ["2 2|1,5"]);
            assert_eq!(all("a,b\n\"open,1", piece), ["2 |open,1"]);
            assert_eq!(all("a,b\n\"x\"y,1", piece), ["2 1|x"]);
        }
    }

    #[test]
    fn bytes_that_are_no_text_do_not_stop_the_row() {
        let mut rows = Rows { separator: b',', ..Rows::default() };
        assert!(matches!(rows.read(b"a,b\n", More::Ended), Step::Row(4)));
        rows.head(&["a", "b"]);
        assert!(matches!(rows.read(b"\xff\xfe,2\n", More::Ended), Step::Row(5)));
        assert_eq!((rows.get(0), rows.get(1)), ("\u{fffd}\u{fffd}", "2"));
    }
}
