//! Linking: what an administration was told beside what it holds itself, with reasons and without a shared key.
//!
//! A library of its own: it knows goods, parties and places as `customs::terms` names them, and nothing of nodes,
//! messages or cases. Everything is a calculation; the day is an argument.
//!
//! * [`resolve`] tells whether two statements name one party.
//! * [`score`] weighs how far two lines agree.
//! * [`Index`] holds the documents of both sides, finds candidates, groups lines, and says what a change changed.
//! * [`compare`] sets a linked group beside each other and lists the differences.
//! * [`finding`] holds the calculations behind findings that no linked group shows.
//! * [`lane`] estimates how much of a lane is shared with us, and how good it is.
//! * [`mirror`] compares sums, by subheading, partner and month.
//! * [`csv`] reads and writes all of it as files.

pub mod compare;
pub mod csv;
pub mod finding;
pub mod lane;
pub mod mirror;
pub mod score;

mod assign;
mod doc;
mod held;
mod index;
mod matches;

pub use compare::{Correlation, Difference, DifferenceCode, Tolerance, Tolerances};
pub use doc::{Doc, DocId, DocLine, LineRef, Side};
pub use index::{Detail, Executor, InTurn, Index, Inflow, Lesson, Settings, Threads, Verdict};
pub use matches::{Affected, Class, Match, Rival};
pub use names as resolve;
pub use score::{Contribution, Field, Level, Model};
