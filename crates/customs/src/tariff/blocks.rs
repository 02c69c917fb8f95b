//! Reading the compact editions: named blocks, each deflated on its own, inflated when first asked for.
//!
//! The form is written by `cargo xtask editions`: a line `sampan-blocks 1 <count>`, one line
//! `<name> <deflated> <inflated>` per block, then the deflated bytes.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::{LazyLock, OnceLock};

use flate2::read::DeflateDecoder;

/// A shipped edition.
pub(super) struct Blocks {
    blocks: BTreeMap<&'static str, Block>,
}

struct Block {
    deflated: &'static [u8],
    inflated: usize,
}

impl Blocks {
    /// Opens a shipped edition; `None` where the bytes are no edition.
    pub(super) fn open(bytes: &'static [u8]) -> Option<Self> {
        let (first, mut rest) = line(bytes)?;
        let count: usize = first.strip_prefix("sampan-blocks 1 ")?.parse().ok()?;
        let mut heads = Vec::new();
        for _ in 0..count {
            let (head, after) = line(rest)?;
            heads.push(head);
            rest = after;
        }
        let mut blocks = BTreeMap::new();
        for head in heads {
            let mut words = head.split(' ');
            let name = words.next()?;
            let (deflated, after) = rest.split_at_checked(words.next()?.parse().ok()?)?;
            blocks.insert(name, Block { deflated, inflated: words.next()?.parse().ok()? });
            rest = after;
        }
        rest.is_empty().then_some(Self { blocks })
    }

    /// The text of a block, inflated. Kept for the life of the program: what is shipped is read once.
    pub(super) fn text(&self, name: &str) -> Option<&'static str> {
        let block = self.blocks.get(name)?;
        let mut text = String::with_capacity(block.inflated);
        let read = DeflateDecoder::new(block.deflated).read_to_string(&mut text);
        read.is_ok_and(|length| length == block.inflated).then(|| &*text.leak())
    }

    /// The names of all blocks, sorted.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.blocks.keys().copied()
    }
}

fn line(bytes: &'static [u8]) -> Option<(&'static str, &'static [u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    Some((std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 1..]))
}

/// An edition cut by chapter, each chapter read when first asked for.
pub(super) struct Chapters<T: 'static> {
    blocks: LazyLock<Blocks>,
    chapters: [OnceLock<Option<T>>; 100],
    read: fn(&'static str) -> T,
}

impl<T> Chapters<T> {
    /// The edition in these bytes, whose chapters are read so.
    pub(super) const fn new(open: fn() -> Blocks, read: fn(&'static str) -> T) -> Self {
        Self { blocks: LazyLock::new(open), chapters: [const { OnceLock::new() }; 100], read }
    }

    /// The chapter a code lies in.
    pub(super) fn of(&self, code: &str) -> Option<&T> {
        let chapter = code.get(..2)?;
        let place: usize = chapter.parse().ok()?;
        self.chapters.get(place)?.get_or_init(|| self.blocks.text(chapter).map(self.read)).as_ref()
    }

    /// All chapters, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = &T> {
        self.blocks.names().filter_map(|name| self.of(name))
    }

    /// A block that is no chapter.
    pub(super) fn block(&self, name: &str) -> Option<&'static str> {
        self.blocks.text(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_edition_is_not_opened() {
        for bytes in
            [&b""[..], b"sampan-blocks 2 0\n", b"sampan-blocks 1 1\n01 9 9\n", b"sampan-blocks 1 0\nx"]
        {
            assert!(Blocks::open(bytes).is_none(), "{bytes:?}");
        }
        assert!(Blocks::open(b"sampan-blocks 1 0\n").is_some());
    }

    #[test]
    fn a_block_of_another_length_is_not_read() {
        let blocks = Blocks::open(b"sampan-blocks 1 1\n01 2 5\n\x03\x00").expect("well formed");
        assert_eq!(blocks.text("01"), None, "an empty stream is not five bytes");
    }
}
