//! What is asked, and what is found.

use serde::Serialize;

/// A party, vessel or thing as a declaration names it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Query<'a> {
    /// The name.
    pub name: &'a str,
    /// Numbers: tax number, passport, IMO number, container, plate.
    pub numbers: &'a [&'a str],
    /// The country, by its letters or its name; empty where it is not known.
    pub country: &'a str,
    /// Year of birth; 0 where it is not known.
    pub born: u16,
    /// The address; empty where it is not known.
    pub address: &'a str,
}

/// A listed entry that may be meant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    /// The entry's place among all.
    pub entry: usize,
    /// The list.
    pub list: String,
    /// Its identifier there.
    pub id: String,
    /// The name that fits best.
    pub name: String,
    /// How well, in parts per thousand.
    pub likeness: u16,
    /// What speaks for and against it, the weightiest first.
    pub why: Vec<Why>,
}

/// What speaks for or against a match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "why")]
pub enum Why {
    /// A number is the same.
    SameNumber {
        /// The number.
        number: String,
    },
    /// Words agree.
    Words {
        /// The query's word.
        word: String,
        /// The entry's.
        listed: String,
        /// How alike, in parts per thousand.
        likeness: u16,
    },
    /// A word of the query has no fellow.
    OnlyAsked {
        /// The word.
        word: String,
    },
    /// A word of the entry has no fellow.
    OnlyListed {
        /// The word.
        word: String,
    },
    /// Born within a year of the entry's year.
    SameBirth,
    /// Born in another year than any the entry has.
    OtherBirth,
    /// The country is one of the entry's.
    SameCountry,
    /// The address shares words with one of the entry's.
    SameAddress,
}
