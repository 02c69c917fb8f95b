//! The analyst's pages: links that wait for a decision, lanes as a whole, the mirror, parties, what was recomputed, give and get.

mod gather;
mod lane;
mod ledger;
mod matches;
mod mirror;
mod party;
mod recomputed;

pub(crate) use lane::lane;
pub(crate) use ledger::ledger;
pub(crate) use matches::{matches, waiting};
pub(crate) use mirror::{cell, mirror};
pub(crate) use party::parties;
pub(crate) use recomputed::recomputed;
