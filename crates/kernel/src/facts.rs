//! What is known from outside when an act is weighed.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Said;

/// What a party is to a case, such as `gate-officer` or `node`. The roles there are, are the tables' business.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Role(Cow<'static, str>);

impl Role {
    /// The node itself, following rules; never a person.
    pub const NODE: Self = Self::named("node");

    /// A role known when the program is written.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// A role read from outside.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self(Cow::Owned(name.into()))
    }

    /// The role's name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who acts. There is no default: every entry has one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The account's or the node's name.
    pub name: String,
    /// As what they act.
    pub role: Role,
}

impl Actor {
    /// Somebody in a role.
    #[must_use]
    pub fn new(name: impl Into<String>, role: Role) -> Self {
        Self { name: name.into(), role }
    }

    /// The node itself.
    #[must_use]
    pub fn node(name: impl Into<String>) -> Self {
        Self::new(name, Role::NODE)
    }
}

/// The books that hold on a date; a lookup never goes without one.
pub trait Books {
    /// What the row of `book` under `key` that holds on `day` says.
    fn at(&self, book: &str, key: &str, day: Date) -> Option<Said<'_>>;

    /// Whether it is known without looking that a book never had a row under this key; `false` where nobody here can tell.
    fn lacks(&self, _book: &str, _key: &str) -> bool {
        false
    }

    /// How likely two names over languages and scripts name one party, in thousandths; `None` where nobody here can tell, and
    /// whoever asks has to compare them for itself.
    fn likeness(&self, _one: &str, _other: &str) -> Option<u16> {
        None
    }
}

/// No books at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoBooks;

impl Books for NoBooks {
    fn at(&self, _book: &str, _key: &str, _day: Date) -> Option<Said<'_>> {
        None
    }
}

/// What is known from outside when an act is weighed.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The moment of the act.
    pub now: Timestamp,
    /// Who acts, as what.
    pub actor: &'a Actor,
    /// The case the act is taken on.
    pub case: &'a crate::CaseId,
    /// The books in force.
    pub books: &'a dyn Books,
}

impl Facts<'_> {
    /// The day of the act in UTC, for lookups in books.
    #[must_use]
    pub fn day(&self) -> Date {
        jiff::tz::TimeZone::UTC.to_datetime(self.now).date()
    }
}

impl fmt::Debug for Facts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Facts").field("now", &self.now).field("actor", &self.actor).finish_non_exhaustive()
    }
}
