//! Which dirt a name or address really suffered.

use std::fmt;

/// One thing that was done to a name or an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Mark {
    /// Written in Latin letters, where its own script is another.
    Latin,
    /// A word transliterated another way.
    Spelling,
    /// Another form of the legal form, or none.
    Form,
    /// Words in another order.
    Order,
    /// A word of the business abbreviated, or left out.
    Abbreviated,
    /// A letter wrong, missing, doubled or exchanged.
    Typo,
    /// Marks on letters lost.
    Unmarked,
    /// Everything in capitals.
    Capitals,
    /// Words joined or parted.
    Joined,
    /// Cut off.
    Cut,
}

impl Mark {
    /// All marks there are.
    pub const ALL: [Self; 10] = [
        Self::Latin,
        Self::Spelling,
        Self::Form,
        Self::Order,
        Self::Abbreviated,
        Self::Typo,
        Self::Unmarked,
        Self::Capitals,
        Self::Joined,
        Self::Cut,
    ];

    /// The mark's code in the truth file.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Latin => "latin",
            Self::Spelling => "spelling",
            Self::Form => "form",
            Self::Order => "order",
            Self::Abbreviated => "abbreviated",
            Self::Typo => "typo",
            Self::Unmarked => "unmarked",
            Self::Capitals => "capitals",
            Self::Joined => "joined",
            Self::Cut => "cut",
        }
    }
}

/// A set of marks.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks(u16);

impl Marks {
    /// Whether this is among them.
    #[must_use]
    pub const fn has(self, mark: Mark) -> bool {
        self.0 & (1 << mark as u8) != 0
    }

    /// The marks, in the order of [`Mark::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Mark> {
        Mark::ALL.into_iter().filter(move |mark| self.has(*mark))
    }

    pub(crate) const fn put(&mut self, mark: Mark) {
        self.0 |= 1 << mark as u8;
    }

    pub(crate) const fn join(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl fmt::Debug for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
