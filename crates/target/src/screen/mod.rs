//! Screening: parties against watch lists, in any script, explained, and only against what has changed.
//!
//! Words of names are brought to plain letters; for every word of a query the words of the lists that are like it are
//! looked up once and remembered; the entries that share enough weight are laid beside the query word by word. Rare words
//! weigh more than common ones. Numbers are compared as they are.

mod difference;
mod hit;
mod index;
mod likewords;

pub use difference::{Difference, difference};
pub use hit::{Found, Query, Why};
pub use index::Watch;
