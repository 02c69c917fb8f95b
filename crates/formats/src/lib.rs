//! Bytes into messages and messages into bytes: readers that keep going and tell everything they saw, canonical writers.
//!
//! [`read`] takes whatever arrived and gives the messages in it with all findings; [`check`] gives the findings alone.
//! Messages are declared once, as tables of elements ([`model`]); reader, writer, findings and the manual follow.

pub mod acdd;
mod calendar;
pub mod catalogue;
mod check;
pub mod codes;
mod delegates;
pub mod faults;
pub mod import;
mod model;
pub mod operation;
mod origin_rules;
pub mod papers;
pub mod parquet;
pub mod postal;
mod read;
pub mod sps;
mod tally;
mod terms;
pub mod text;
pub mod transit;
pub mod watchlist;
pub mod wco;
pub mod xml;

pub use acdd::{write_acdd, write_response};
pub use calendar::{Calendar, CalendarEntry, EntryState, write_calendar};
pub use catalogue::Kind;
pub use check::{Checked, Verdict, check, judge};
pub use delegates::read_delegates;
pub use operation::{write_cen, write_ionics};
pub use origin_rules::read_origin_rules;
pub use papers::{PaperFormat, read_paper, write_paper};
pub use read::{Message, Received, Summary, read, read_strictly, read_within};
