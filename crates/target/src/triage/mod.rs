//! A night of parcels: which group each is in, what it owes, what is wrong with what was said of it, who split an order,
//! and which few go to an officer.
//!
//! Two passes over the lines. The first takes keys and values only and finds who received what under how many spellings
//! ([`Splits`]); the second decides line by line ([`Desk`]). Both give the same on every run, so that a run that was
//! killed goes on where its record ends.

mod decide;
mod key;
mod matched;
mod quality;
mod rates;
mod split;
mod words;

pub use decide::{Decided, Desk, Rules};
pub use matched::three_way;
pub use quality::{Fault, Score, Scores};
pub use rates::Exchange;
pub use rates::Quoted;
pub use split::{Cluster, Receiver, Splits, Window};
pub use words::Vague;
