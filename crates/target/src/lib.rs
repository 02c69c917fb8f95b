//! Which lines of a night are worth opening, and why.
//!
//! A library of its own: it knows goods and parties as `customs::terms` names them, and nothing of nodes, messages or
//! cases. Everything is a calculation; days, seeds and secrets are arguments.
//!
//! * [`batch`] holds goods lines as typed columns.
//! * [`select`] compiles profiles to a bitmap index, evaluates them, explains hits, finds conflicts and tries profiles.
//! * [`model`] learns from verdicts: a calibrated probability, an expected amount, and the reasons for both.
//! * [`screen`] asks watch lists for parties, vessels and things.
//! * [`triage`] decides parcels by the million and finds split orders.
//! * [`sample`] draws the control sample that tells the truth about the rest, and measures lift against it.

pub mod batch;
pub mod bench;
pub mod model;
pub mod sample;
pub mod screen;
pub mod select;
pub mod triage;
