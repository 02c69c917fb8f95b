//! Everything people read, in Vietnamese and English. One table per language; both have the same keys.

mod moments;
mod numbers;
mod table;

pub(crate) use moments::Moments;
pub use table::Language;
