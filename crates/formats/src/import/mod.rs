//! Own import declarations from the clearance system: comma-separated values and JSON, with the same columns.

mod columns;
mod csv;
mod json;
mod record;

pub(crate) use columns::page;
pub use columns::{COLUMNS, Column, Level, Need};
pub(crate) use csv::{looks_like as looks_like_csv, read as read_csv};
pub(crate) use json::read as read_json;
