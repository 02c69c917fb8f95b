//! Lines and columns of byte offsets, worked out only when a finding needs them.

use std::cell::OnceCell;

/// How many bytes lie between two noted positions.
const STRIDE: usize = 4096;

/// Turns byte offsets of one text into lines and columns in characters, both from 1.
///
/// The first question costs one pass over the text, every further one at most one stride of it, so that a thousand
/// findings in one long line stay cheap.
#[derive(Debug)]
pub struct Lines<'a> {
    text: &'a [u8],
    noted: OnceCell<Vec<Position>>,
}

/// A line and a column, both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl<'a> Lines<'a> {
    /// Lines of this text; nothing is counted yet.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), noted: OnceCell::new() }
    }

    /// The position of a byte offset; one past the end is the end.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let noted = self.noted.get_or_init(|| note(self.text));
        let block = offset / STRIDE;
        advance(noted[block], &self.text[block * STRIDE..offset])
    }
}

fn note(text: &[u8]) -> Vec<Position> {
    let mut noted = vec![Position { line: 1, column: 1 }];
    for block in text.chunks_exact(STRIDE) {
        noted.push(advance(noted[noted.len() - 1], block));
    }
    noted
}

fn advance(mut position: Position, bytes: &[u8]) -> Position {
    for byte in bytes {
        if *byte == b'\n' {
            position = Position { line: position.line + 1, column: 1 };
        } else if byte & 0xC0 != 0x80 {
            position.column += 1;
        }
    }
    position
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, offset: usize, line: u32, column: u32) {
        assert_eq!(Lines::new(text).position(offset), Position { line, column }, "{offset}");
    }

    #[test]
    fn columns_count_characters_and_lines_count_newlines() {
        check("abc", 0, 1, 1);
        check("a\nbc", 3, 2, 2);
        check("Việt\r\nNam", "Việt\r\nN".len(), 2, 2);
        check("Việt Nam", "Việt".len(), 1, 5);
        check("ab", 99, 1, 3);
    }

    #[test]
    fn a_position_past_many_strides_is_the_same_as_counting() {
        let text: String = (0..5000).map(|n| if n % 97 == 0 { "\n" } else { "ệx" }).collect();
        let lines = Lines::new(&text);
        for (offset, _) in text.char_indices().step_by(611) {
            let before = &text[..offset];
            let line = before.matches('\n').count() as u32 + 1;
            let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) as u32 + 1;
            assert_eq!(lines.position(offset), Position { line, column });
        }
    }
}
