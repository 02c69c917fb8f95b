//! Search: by code, by words in three languages, by a description. Ranks candidates and shows what speaks for each.
//!
//! Words are looked up without case, diacritics and plurals; a word written wrongly finds its nearest known words; a
//! word of the shop finds words of the trade. A line is weighed together with its subheading and heading, because
//! most lines say little by themselves. A candidate is no classification: a person decides.

mod evidence;
mod fuzzy;
mod index;
mod query;
mod rank;
mod thesaurus;
mod words;

pub use evidence::{Evidence, Place};
pub use query::How;
pub use rank::{Candidate, search};
