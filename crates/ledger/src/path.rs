//! Names of tiles and entry bundles: `tile/<level>/<index>[.p/<width>]` and `tile/entries/<index>[.p/<width>]`.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;

/// How many hashes or entries a full tile or bundle holds.
pub(crate) const TILE_WIDTH: u64 = 256;
/// How many levels of the tree lie in one tile, as a shift.
pub(crate) const TILE_HEIGHT: u32 = 8;

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileKind {
    /// Entries with their length prefixes.
    Entries,
    /// Hashes; level 0 are leaf hashes, each hash of level L+1 is the root of a full tile of level L.
    Hashes(u8),
}

/// The place of one tile or bundle in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TilePath {
    /// What it holds.
    pub kind: TileKind,
    /// Its index in its level, from 0.
    pub index: u64,
    /// How many hashes or entries it holds: 256 when full, 1 to 255 when partial.
    pub width: u16,
}

impl TilePath {
    /// Entries in a full bundle and hashes in a full tile.
    pub const FULL: u16 = TILE_WIDTH as u16;

    /// The tile that holds hash (or entry) number `position` of a level, as wide as a log of `size` entries makes it.
    ///
    /// The position must exist in a log of that size.
    pub(crate) fn holding(kind: TileKind, position: u64, size: u64) -> Self {
        let present = kind.present(size);
        let index = position / TILE_WIDTH;
        let width = (present - index * TILE_WIDTH).min(TILE_WIDTH);
        Self { kind, index, width: width as u16 }
    }

    /// The same place as a full tile.
    #[must_use]
    pub const fn full(self) -> Self {
        Self { width: Self::FULL, ..self }
    }

    /// Whether it is as wide as a tile gets, and so never changes again.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.width == Self::FULL
    }

    /// How many entries a log has at least when this tile exists; `u64::MAX` where no log can be that large.
    #[must_use]
    pub fn size_least(&self) -> u64 {
        let present = u128::from(self.index) * u128::from(TILE_WIDTH) + u128::from(self.width);
        let least = if self.kind.level() < 8 {
            present << (TILE_HEIGHT * u32::from(self.kind.level()))
        } else {
            u128::MAX
        };
        u64::try_from(least).unwrap_or(u64::MAX)
    }

    /// The folder that holds the partial forms of this place.
    #[must_use]
    pub fn partials(&self) -> String {
        format!("{}.p", self.full())
    }
}

impl TileKind {
    /// The level of its items in steps of 256; entries lie beside the leaf hashes.
    pub(crate) const fn level(self) -> u8 {
        match self {
            Self::Entries => 0,
            Self::Hashes(level) => level,
        }
    }

    /// How many hashes of this level (or entries) a log of `size` entries has.
    pub(crate) const fn present(self, size: u64) -> u64 {
        match size.checked_shr(TILE_HEIGHT * self.level() as u32) {
            Some(present) => present,
            None => 0,
        }
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Entries => f.write_str("tile/entries/")?,
            TileKind::Hashes(level) => write!(f, "tile/{level}/")?,
        }
        let mut groups = vec![self.index % 1000];
        let mut above = self.index / 1000;
        while above > 0 {
            groups.push(above % 1000);
            above /= 1000;
        }
        for group in groups[1..].iter().rev() {
            write!(f, "x{group:03}/")?;
        }
        write!(f, "{:03}", groups[0])?;
        if !self.is_full() {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

impl FromStr for TilePath {
    type Err = Error;

    /// Reads exactly what `Display` writes and nothing else.
    fn from_str(text: &str) -> Result<Self, Error> {
        let read = parse(text).filter(|path| path.to_string() == text);
        read.ok_or_else(|| Error::FileDamaged(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<TilePath> {
    let (kind, index) = text.strip_prefix("tile/")?.split_once('/')?;
    let kind = match kind {
        "entries" => TileKind::Entries,
        level => TileKind::Hashes(level.parse().ok().filter(|level| *level < 64)?),
    };
    let (index, width) = match index.split_once(".p/") {
        Some((index, width)) => (index, width.parse().ok().filter(|width| (1..256).contains(width))?),
        None => (index, TilePath::FULL),
    };
    let digits = index.split('/').map(|group| group.trim_start_matches('x'));
    let index = digits
        .map(|group| group.parse::<u64>().ok().filter(|n| *n < 1000))
        .try_fold(0_u64, |sum, n| sum.checked_mul(1000)?.checked_add(n?))?;
    Some(TilePath { kind, index, width })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: TileKind, index: u64, width: u16, text: &str) {
        let path = TilePath { kind, index, width };
        assert_eq!(path.to_string(), text);
        assert_eq!(text.parse(), Ok(path));
    }

    #[test]
    fn a_path_is_written_in_groups_of_three_digits_and_read_back() {
        check(TileKind::Hashes(0), 0, 256, "tile/0/000");
        check(TileKind::Hashes(1), 1_234_067, 256, "tile/1/x001/x234/067");
        check(TileKind::Entries, 999, 255, "tile/entries/999.p/255");
        check(TileKind::Entries, 1000, 1, "tile/entries/x001/000.p/1");
        check(TileKind::Hashes(63), u64::MAX, 256, "tile/63/x018/x446/x744/x073/x709/x551/615");
    }

    #[test]
    fn another_spelling_of_a_path_is_refused() {
        for text in [
            "",
            "tile",
            "tile/0",
            "tile/0/",
            "tile/00/000",
            "tile/64/000",
            "tile/0/0",
            "tile/0/0000",
            "tile/0/x000/000",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/001/000",
            "tile/entries/xx01/000",
            "tile/0/+01",
            "tile/0/x018/x446/x744/x073/x709/x551/616",
            "tile/0/000/",
            "/tile/0/000",
            "tile/-1/000",
        ] {
            assert!(text.parse::<TilePath>().is_err(), "{text}");
        }
    }

    #[test]
    fn tiles_of_seventy_thousand_entries_have_the_widths_the_format_describes() {
        let width = |kind, position| TilePath::holding(kind, position, 70_000).width;
        assert_eq!(width(TileKind::Hashes(0), 69_999), 112);
        assert_eq!(width(TileKind::Hashes(0), 69_887), 256);
        assert_eq!(width(TileKind::Hashes(1), 255), 256);
        assert_eq!(width(TileKind::Hashes(1), 272), 17);
        assert_eq!(width(TileKind::Hashes(2), 0), 1);
    }
}
