//! Rows: one line per element of a message, from which reader, writer, findings and documentation all follow.

use super::picture::Picture;

/// No bound on how often an element may stand.
pub(crate) const MANY: u16 = u16::MAX;

/// One element as a message declares it.
#[derive(Debug)]
pub(crate) struct Row {
    /// How deep below its section; children follow their parent and are one deeper.
    pub(crate) depth: u8,
    /// Element name.
    pub(crate) tag: &'static str,
    /// Number in the standard's dictionary, such as the WCO id `145` or, of a class, `68A`; empty where there is none.
    pub(crate) id: &'static str,
    /// Fewest times it must stand in its parent.
    pub(crate) min: u16,
    /// Most times it may, or [`MANY`].
    pub(crate) max: u16,
    /// Whether exactly one of its neighbours that say so too must stand.
    pub(crate) choice: Choice,
    /// What stands in it.
    pub(crate) content: Content,
    /// The open list its code is from.
    pub(crate) list: List,
    /// Number of the data element in the UN trade data elements directory, 0 where there is none.
    pub(crate) tded: u16,
    /// The standard's name for it.
    pub(crate) name: &'static str,
}

/// Whether an element stands for itself or excludes its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// It stands for itself.
    Own,
    /// It and its neighbours with the same mark exclude each other.
    Either,
}

/// What stands in an element.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Content {
    /// Other elements: the deeper rows that follow.
    Class,
    /// Other elements: those of this section.
    Part(&'static Section),
    /// Text.
    Value(Picture),
    /// A date, in a `DateTimeString` of the section's namespace for dates.
    Date,
}

/// Rows that share namespaces and stand in one place or several.
#[derive(Debug)]
pub(crate) struct Section {
    /// Index of its elements' namespace in the message's list.
    pub(crate) namespace: u8,
    /// Index of the namespace of its `DateTimeString`s.
    pub(crate) dates: u8,
    /// Its elements in the order they must stand.
    pub(crate) rows: &'static [Row],
}

/// A family of messages in the same namespaces.
#[derive(Debug)]
pub(crate) struct Message {
    /// Namespaces told apart; those of sections are indices into it.
    pub(crate) namespaces: &'static [&'static str],
    /// Elements that may be the root.
    pub(crate) roots: &'static Section,
}

/// The list a code is from. Lists are open: an unknown code is kept and warned of, never refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    /// No code at all.
    None,
    /// Codes that administrations give out themselves.
    User,
    /// Codes of the UN/EDIFACT or WCO list of the data element.
    Standard,
    /// ISO 3166-1 alpha-2.
    Country,
    /// ISO 4217.
    Currency,
    /// UN/ECE Recommendation 19.
    Mode,
    /// UN/ECE Recommendation 21.
    Package,
    /// UN/LOCODE, by its form.
    Place,
    /// ISO 6346 container numbers, by their check digit.
    Container,
}

/// An element with other elements or text in it.
#[expect(clippy::too_many_arguments, reason = "a line of a table: the columns are its point")]
pub(crate) const fn row(
    depth: u8,
    tag: &'static str,
    id: &'static str,
    min: u16,
    max: u16,
    content: Content,
    list: List,
    tded: u16,
    name: &'static str,
) -> Row {
    Row { depth, tag, id, min, max, choice: Choice::Own, content, list, tded, name }
}

/// The same row, excluding its neighbours that are marked so too.
pub(crate) const fn either(row: Row) -> Row {
    Row { choice: Choice::Either, ..row }
}

/// Text of this picture.
pub(crate) const fn v(picture: Picture) -> Content {
    Content::Value(picture)
}
