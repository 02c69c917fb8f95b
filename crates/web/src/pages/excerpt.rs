//! A finding beside the received bytes it is about: the lines around its place, with the place marked.

use kernel::Finding;

use super::standing::Standing;
use crate::frame::Frame;

/// Lines shown before and after the place.
const AROUND: usize = 2;
/// Characters of a line shown before and after the place; documents often stand in one line.
const REACH: usize = 90;
/// The longest mark, in characters.
const MARK_MAX: usize = 60;

/// A finding with its place in the bytes.
#[derive(Debug)]
pub(super) struct Excerpt {
    /// Its code.
    pub code: String,
    /// What it is called.
    pub title: String,
    /// How much it weighs.
    pub standing: Standing,
    /// The path in the document's tree.
    pub path: String,
    /// The standard's pointer.
    pub pointer: String,
    /// `line 12, column 7`; empty where unknown.
    pub place: String,
    /// What was there.
    pub seen: String,
    /// What would have been right.
    pub expected: String,
    /// The lines around the place.
    pub lines: Vec<Shown>,
}

/// One line of the bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shown {
    /// Its number, from 1.
    pub number: usize,
    /// What stands before the mark.
    pub before: String,
    /// What is marked; empty on lines that only stand around.
    pub marked: String,
    /// What stands after.
    pub after: String,
}

/// A finding with the part of the bytes it is about.
#[must_use]
pub(super) fn of(frame: &Frame, finding: &Finding, bytes: &[u8]) -> Excerpt {
    let (line, column) = (finding.place.line as usize, finding.place.column as usize);
    let title = format!("code.{}.title", finding.code);
    let place = if line > 0 {
        let (line, column) = (line.to_string(), column.to_string());
        frame.language.say("finding.place", &[("line", &line), ("column", &column)])
    } else {
        String::new()
    };
    Excerpt {
        title: frame.language.find(&title).unwrap_or(&finding.code).to_owned(),
        code: finding.code.to_string(),
        standing: Standing::of_severity(frame, finding.severity),
        path: finding.place.path.clone(),
        pointer: finding.place.pointer.clone(),
        place,
        seen: finding.seen.clone(),
        expected: finding.expected.clone(),
        lines: lines(bytes, line, column),
    }
}

/// The lines around a place; line and column count from 1, columns in characters.
fn lines(bytes: &[u8], line: usize, column: usize) -> Vec<Shown> {
    if line == 0 {
        return Vec::new();
    }
    let first = line.saturating_sub(AROUND).max(1);
    let near = bytes.split(|byte| *byte == b'\n').enumerate().skip(first - 1).take(line + AROUND + 1 - first);
    near.map(|(place, bytes)| {
        let number = place + 1;
        if number == line { marked(number, bytes, column) } else { around(number, bytes) }
    })
    .collect()
}

fn around(number: usize, bytes: &[u8]) -> Shown {
    // Four bytes are the longest character; no line is read further than what can be shown of it.
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(REACH * 8)]);
    let text = text.trim_end_matches('\r');
    Shown { number, before: cut(text, 2 * REACH), marked: String::new(), after: String::new() }
}

fn marked(number: usize, bytes: &[u8], column: usize) -> Shown {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_end_matches('\r');
    let at = text.char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(at, _)| at);
    let (before, rest) = text.split_at(at);
    let end = end_of_mark(rest);
    let (marked, after) = rest.split_at(end);
    let skipped = before.chars().count().saturating_sub(REACH);
    let shown: String = before.chars().skip(skipped).collect();
    let before = if skipped > 0 { format!("…{shown}") } else { shown };
    Shown { number, before, marked: marked.to_owned(), after: cut(after, REACH) }
}

/// Where the marked thing ends: a tag with its `>`, a value before the next tag.
fn end_of_mark(rest: &str) -> usize {
    let tag = rest.starts_with('<');
    for (count, (at, c)) in rest.char_indices().enumerate() {
        match c {
            '>' if tag => return at + 1,
            '<' if at > 0 => return at,
            _ if count >= MARK_MAX => return at,
            _ => {}
        }
    }
    rest.len()
}

fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(shown: &Shown) -> (&str, &str, &str) {
        (&shown.before, &shown.marked, &shown.after)
    }

    #[test]
    fn the_place_of_a_finding_is_marked_in_its_line() {
        let bytes = "<a>\r\n  <b>Đà Nẵng</b>\r\n  <c/>\n</a>\n".as_bytes();
        let shown = lines(bytes, 2, 6);
        assert_eq!(shown.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(parts(&shown[1]), ("  <b>", "Đà Nẵng", "</b>"));
        assert_eq!(parts(&lines(bytes, 3, 3)[2]), ("  ", "<c/>", ""));
    }

    #[test]
    fn a_document_in_one_line_shows_only_what_stands_near() {
        let long = format!("{}<HERE>{}", "ệ".repeat(5_000), "y".repeat(5_000));
        let shown = lines(long.as_bytes(), 1, 5_001);
        assert_eq!(shown[0].marked, "<HERE>");
        assert_eq!(shown[0].before.chars().count(), REACH + 1);
        assert_eq!(shown[0].after.chars().count(), REACH + 1);
    }

    #[test]
    fn a_place_past_the_end_and_bytes_that_are_no_text_do_no_harm() {
        assert_eq!(lines(b"abc", 9, 9), []);
        assert_eq!(parts(&lines(b"ab\xff", 1, 99)[0]), ("ab\u{fffd}", "", ""));
        assert_eq!(lines(b"", 0, 0), []);
    }
}
