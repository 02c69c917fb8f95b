//! What is known of a lane as a whole: how much of the trade on it is shared with us, and how good what is shared is.
//!
//! Sending is voluntary, so an export that is absent proves nothing until the lane's coverage is known. [`Census`]
//! counts what is seen of both sides; [`Coverage`] is what follows from it, with an interval.

mod census;
mod quality;
mod share;

pub use census::{Census, Coverage, ExportOutcome, Recall, Undeclared};
pub use quality::{Quality, QualityCount};
pub use share::Share;
