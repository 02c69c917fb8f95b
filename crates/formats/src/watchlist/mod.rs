//! Watch lists as they are published: the United States' OFAC files, the United Nations' XML, and plain CSV.
//!
//! What cannot be read is a finding with its line; what can be read is kept.

mod csv;
mod ofac;
mod un;

pub use self::csv::read_csv;
pub use ofac::{Ofac, read_ofac};
pub use un::read_un;

/// The most entries one list may have.
pub const ENTRIES_MAX: usize = 2_000_000;
