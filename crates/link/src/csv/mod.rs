//! Declarations as comma-separated values, for administrations that keep files: `docs/formats/link-csv.md`.
//!
//! Rows of one declaration become one document; where they do not stand together, [`Gathering`] and [`gather`] put them
//! together. A value
//! that cannot be read is left out and found; the row stays. Spellings of dates, numbers, units, countries and modes that
//! leave no doubt are taken as what they mean.

mod columns;
mod gather;
mod read;
mod rows;
mod value;
mod write;

pub use columns::{EXPORT_COLUMNS, IMPORT_COLUMNS};
pub use gather::{Gathering, gather};
pub use read::{Goods, Lodged, Reader};
pub use write::{LINK_COLUMNS, Links, MIRROR_COLUMNS, MirrorRows};
