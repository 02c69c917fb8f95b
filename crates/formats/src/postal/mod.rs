//! Parcel lines as they come: a table with a header, JSON lines, and the customs form CN 22 or CN 23 (ITMATT) as JSON.

mod form;
mod json;
mod number;
mod table;

pub use form::read_form;
pub use json::read_json_line;
pub use number::thousandths;
pub use table::{Table, parcel};

/// The longest text of a field that is kept, in bytes; what is longer is cut.
pub const FIELD_BYTES_MAX: usize = 500;
